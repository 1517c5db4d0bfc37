"""Which words may be meant by a typed one: an error of typing is forgiven, and a like sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from prevention_app.domain.spelling import sound

SHORTEST: Final = 4
"""A word of fewer letters is too like others for an error to be told."""


def meant_by(typed: str, words: Mapping[str, str]) -> list[str]:
    """Those of the folded words, given with their sounds, that may be meant by a folded one.

    They are those that sound the same or have one letter missing, added, changed or exchanged with
    its neighbour; where there is none of these, those that begin with such a word.
    """
    given = list(words)
    forms = [
        (wanted, held)
        for wanted, held in ((typed, given), (sound(typed), list(words.values())))
        if len(wanted) >= SHORTEST
    ]
    places: set[int] = set()
    for wanted, held in forms:
        places |= _one_error(wanted, held)
    for wanted, held in [] if places else forms:
        for size in (len(wanted), len(wanted) + 1) if len(wanted) > SHORTEST else ():
            places |= _one_error(wanted, [each[:size] for each in held])
    return [given[at] for at in sorted(places)]


def _one_error(typed: str, words: Sequence[str]) -> set[int]:
    """Places of the words that differ from a typed one by one error of typing at most."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extract(typed, words, scorer=OSA.distance, score_cutoff=1, limit=None)
    return {at for _, _, at in found}


def prepare() -> None:
    """Load what comparing needs: the first comparison would wait for it."""
    _one_error("", ())
