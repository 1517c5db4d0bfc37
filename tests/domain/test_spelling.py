from __future__ import annotations

from prevention_app.domain.spelling import sound, words_of


def test_words_are_letters_alone() -> None:
    assert words_of("l'ecole saint-jean 45-rsst ab pemp4 oeuvre") == [
        "ecole", "saint", "jean", "rsst", "pemp", "oeuvre",
    ]  # fmt: skip


def test_what_is_often_confused_sounds_the_same() -> None:
    for word, other in (
        ("certiphyto", "certifito"), ("nacelle", "nacele"), ("hache", "ache"),
        ("quai", "cai"), ("kinesitherapeute", "cinesiterapeute"), ("wagon", "vagon"),
    ):  # fmt: skip
        assert sound(word) == sound(other), word
    assert sound("dupont") != sound("durand")
    assert sound("hhh") == "hhh"
