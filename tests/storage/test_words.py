"""The words that misspelt ones are compared with follow the texts, however these change."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from prevention_app.domain.spelling import sound
from prevention_app.storage import search
from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, amend, delete


def known(store: Store, word: str) -> dict[str, int]:
    with store.reading() as read:
        return read.occurrences([word])


def test_words_are_counted_over_edits_deletions_undo_and_rebuild(store: Store) -> None:
    first, second = add(store, "job", name="Brouette"), add(store, "job", name="Une brouette")
    assert known(store, "brouette") == {"brouette": 2}
    amend(store, "job", first, name="Transpalette")
    assert known(store, "brouette") == {"brouette": 1}
    delete(store, "job", second)
    assert known(store, "brouette") == {}
    store.undo()
    assert known(store, "brouette") == {"brouette": 1}
    store.rebuild()
    assert known(store, "brouette") == {"brouette": 1}
    assert check(store) == []


def test_words_that_do_not_fit_the_texts_are_found_and_made_again(store: Store) -> None:
    add(store, "job", name="Brouette")
    for statement in (
        "DELETE FROM search_word WHERE word = 'brouette'",
        "UPDATE search_word SET count = 7 WHERE word = 'brouette'",
        "UPDATE search_word SET sound = 'x' WHERE word = 'brouette'",
        "INSERT INTO search_word VALUES ('reste', 'reste', 'etser', 1)",
    ):
        with store.connecting() as connection, writing(connection):
            connection.exec_driver_sql(statement)
        assert any("mots de l’index" in each for each in check(store)), statement
        store.rebuild()
        assert check(store) == []


LETTERS = st.text(alphabet="abcdefhilnoprstuy", min_size=5, max_size=10)


@settings(deadline=None, max_examples=300)
@given(word=LETTERS, chance=st.randoms(use_true_random=False))
def test_a_word_that_sounds_the_same_but_for_one_error_is_always_near(
    word: str, chance: random.Random
) -> None:
    typed = one_error(word, chance)
    heard, told = sound(word), sound(typed)
    if OSA.distance(heard, told) > 1 or len(told) < 3:
        return
    start, end = search.ends_of(told)
    assert heard.startswith(start) or heard.endswith(end)


def one_error(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    letter = chance.choice("abcdefghinorst")
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
