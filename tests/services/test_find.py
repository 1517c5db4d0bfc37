from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from prevention_app.services import find
from prevention_app.services.find import Found, Wanted
from prevention_app.storage.store import Store


def add(store: Store, register: str, **values: Any) -> str:
    with store.change("Ajouter") as work:
        made = work.new(register, **values)
    return made.id


def titles(store: Store, words: str, **wanted: Any) -> tuple[list[str], list[str]]:
    """Titles of what is found as typed, and of what only resembles it."""
    with store.reading() as read:
        found = find.find(read, Wanted(words, **wanted))
        return (
            [each.title for each in find.describe(read, found.exact)],
            [each.title for each in find.describe(read, found.near)],
        )


def described(store: Store, words: str) -> Sequence[Found]:
    with store.reading() as read:
        return find.describe(read, find.find(read, Wanted(words)).all)


@pytest.mark.parametrize(
    "typed",
    [
        "Lemiare", "lemaire", "LEMAIRE", "lemare", "lemaiire", "lemoire", "emaire", "lemair",
        "mlemaire", "lmeaire", "lemaier", "lemmaire", "lemayre", "lemai", "lemia",
    ],
)  # fmt: skip
def test_a_person_is_found_though_one_letter_is_wrong(store: Store, typed: str) -> None:
    add(store, "person", last_name="Lemaire", first_name="Zoé", staff_number="4512")
    add(store, "person", last_name="Durand", first_name="Paul", staff_number="4513")
    exact, near = titles(store, typed)
    assert [*exact, *near] == ["Lemaire Zoé"]


def test_what_sounds_the_same_is_found_however_it_is_written(store: Store) -> None:
    add(store, "site", name="École de la Philharmonie")
    for typed in ("certifito", "certiphito", "certyphyto", "certifitto"):
        exact, near = titles(store, typed)
        assert exact == []
        assert near
        assert all("Certiphyto" in each for each in near)
    assert titles(store, "filarmonie") == ([], ["École de la Philharmonie"])


def test_each_of_several_words_may_be_misspelt(store: Store) -> None:
    add(store, "site", name="Collège Octave-Lemarié")
    add(store, "site", name="Collège de la Forêt")
    add(store, "site", name="Brouetterie Octave-Lemarié")
    assert titles(store, "colege lemaire") == ([], ["Collège Octave-Lemarié"])
    assert titles(store, "college octave-lemarei") == ([], ["Collège Octave-Lemarié"])


def test_two_errors_in_a_word_and_errors_in_numbers_are_not_forgiven(store: Store) -> None:
    add(store, "site", name="Montargis 4512")
    assert titles(store, "mantragis") == ([], [])
    assert titles(store, "montargis 4513") == ([], [])
    assert titles(store, "xyl") == ([], [])
    add(store, "site", name="Xylo")
    assert titles(store, "xyl") == (["Xylo"], [])
    assert titles(store, "xly") == ([], [])


def test_similar_words_come_after_exact_ones_and_only_where_these_are_few(store: Store) -> None:
    add(store, "site", name="Brouete neuve")
    for number in range(3):
        add(store, "site", name=f"Brouette {number}")
    exact, near = titles(store, "brouete")
    assert exact == ["Brouete neuve"]
    assert sorted(near) == ["Brouette 0", "Brouette 1", "Brouette 2"]
    assert titles(store, "brouete", near_below=1) == (["Brouete neuve"], [])


def test_what_bears_the_name_comes_before_what_only_mentions_it(store: Store) -> None:
    add(store, "site", name="Gien")
    for number in range(30):
        add(store, "job", name=f"Agent {number} de Gien")
    add(store, "job", name="Agienniste")
    exact, _ = titles(store, "gien", limit=10)
    assert exact[0] == "Gien"
    assert len(exact) == 10
    exact, _ = titles(store, "gien", registers=("site", "job"))
    # What is shipped comes after it all: the hygiene of schools.
    own = exact[:32]
    assert (own[0], own[-1]) == ("Gien", "Agienniste")


def test_departments_registers_and_deletions_narrow_what_is_found(store: Store) -> None:
    add(store, "site", name="Brouetterie du Loiret")
    add(store, "site", name="Brouetterie du Loir-et-Cher", owner="41")
    add(store, "org_unit", name="Brouetterie central")
    gone = add(store, "site", name="Brouetterie fermé")
    with store.reading() as read:
        record = read.get("site", gone)
    with store.change("Supprimer") as work:
        work.delete("site", record)
    assert set(titles(store, "brouetterie")[0]) == {
        "Brouetterie du Loiret", "Brouetterie du Loir-et-Cher", "Brouetterie central",
    }  # fmt: skip
    assert set(titles(store, "brouetterie", owners=("45", "3D"))[0]) == {
        "Brouetterie du Loiret", "Brouetterie central",
    }  # fmt: skip
    assert titles(store, "brouetterie", registers=("org_unit",))[0] == ["Brouetterie central"]
    assert titles(store, "brouettreie", registers=("org_unit",))[1] == ["Brouetterie central"]
    store.undo()
    assert "Brouetterie fermé" in titles(store, "brouetterie")[0]


def test_a_record_is_found_by_its_number_or_a_part_of_its_reference(store: Store) -> None:
    first = add(store, "site", name="A")
    second = add(store, "site", name="B")
    add(store, "job", name="C")
    with store.reading() as read:
        reference = read.get("site", second).reference
    owner, _, code, number = reference.split("-")
    for typed in (
        "2",
        f"SITE {number}",
        f"site-{number}",
        f"{code}-2",
        reference,
        f"{owner} site 2",
    ):
        assert titles(store, typed, by_number=True)[0] == ["B"], typed
    assert set(titles(store, "1", by_number=True)[0]) >= {"A", "C"}
    assert titles(store, "41 site 2", by_number=True) == ([], [])
    assert titles(store, "", by_number=True) == titles(store, "ZZZ-2", by_number=True) == ([], [])
    assert titles(store, reference)[0] == ["B"]
    assert first


def test_what_is_found_says_what_it_is_and_where(store: Store) -> None:
    site = add(store, "site", name="CER de Gien")
    unit = add(store, "work_unit", name="Xylothèque", site=site)
    (found,) = described(store, "xylotheque")
    assert (found.id, found.title, found.place) == (unit, "Xylothèque", "CER de Gien")
    assert found.kind == "Unité de travail"
    with store.reading() as read:
        links = find.referred_to(read, "work_unit", unit)
    assert [(label, each.id) for label, each in links] == [("Site", site)]


def test_erased_and_replaced_words_are_not_proposed(store: Store) -> None:
    with store.change("Ajouter") as work:
        made = work.new(
            "accident", happened_on=date(2025, 1, 1), circumstances="Chute de la brouette"
        )
    assert titles(store, "bruoette")[1] != []
    with store.reading() as read:
        record = read.get("accident", made.id)
    with store.change("Modifier") as work:
        work.amend("accident", record, circumstances="Chute")
    with store.reading() as read:
        assert "brouette" not in read.words_near("bruoette")
    assert titles(store, "bruoette") == ([], [])
