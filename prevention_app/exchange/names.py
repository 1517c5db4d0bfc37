"""Takes the names of persons out of free text before it leaves the service (P7)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from prevention_app.catalogue.values import fold

NAME_MARK = "[nom]"
"""What stands where a person was named."""

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BETWEEN_NAMES = re.compile(r"[\s,.]{1,3}")
_POLITE = frozenset(
    "mr mme mmes mlle mlles monsieur messieurs madame mesdames mademoiselle docteur dr".split()
)
_POLITE_WITH_DOT = frozenset({"m", "mm"})
_MOST_WORDS = 5
_SHORTEST_SURNAME = 4
_SHORTEST_NUMBER = 4


class NameMask:
    """Replaces the names it knows, and any name after « M. » or « Mme »."""

    def __init__(
        self, people: Iterable[tuple[str, str]], written: Iterable[str], numbers: Iterable[str]
    ) -> None:
        """Learn the names.

        Args:
            people: surname and first name of each; the first name may be empty.
            written: names as someone typed them, in any order.
            numbers: staff numbers.
        """
        self._names: set[str] = set()
        self._surnames: set[str] = set()
        for last, first in people:
            if first:
                self._names |= {_folded(f"{last} {first}"), _folded(f"{first} {last}")}
            self._surnames.add(_folded(last))
        for name in written:
            words = _folded(name)
            self._names |= {words, " ".join(reversed(words.split()))} if " " in words else set()
        self._starts = {each.partition(" ")[0] for each in self._names if each}
        self._numbers = {fold(each) for each in numbers if len(each) >= _SHORTEST_NUMBER}
        self._known: dict[str, str] = {}

    def __call__(self, text: str | None) -> str | None:
        """The text with [nom] in the place of each name; None and "" stay."""
        if not text:
            return text
        if text not in self._known:
            self._known[text] = self._without_names(text)
        return self._known[text]

    def _without_names(self, text: str) -> str:
        words = list(_WORD.finditer(text))
        folded = [fold(each.group()) for each in words]
        kept: list[str] = []
        at, place = 0, 0
        while place < len(words):
            first, last = self._name_at(text, words, folded, place)
            if last > first:
                kept += [text[at : words[first].start()], NAME_MARK]
                at = words[last - 1].end()
                place = last
            else:
                place += 1
        return "".join([*kept, text[at:]])

    def _name_at(
        self, text: str, words: list[re.Match[str]], folded: list[str], place: int
    ) -> tuple[int, int]:
        """The words from … to (exclusive) that name somebody, when one begins here."""
        if folded[place] in self._numbers:
            return place, place + 1
        if folded[place] in self._starts:
            for count in range(min(_MOST_WORDS, len(words) - place), 1, -1):
                named = " ".join(folded[place : place + count])
                if named in self._names and _together(text, words[place : place + count]):
                    return place, place + count
        after = text[words[place].end() : words[place].end() + 1]
        if folded[place] in _POLITE or (folded[place] in _POLITE_WITH_DOT and after == "."):
            return place + 1, _end_of_name(text, words, place + 1)
        word = words[place].group()
        if len(word) == 1 and word.isupper() and after == ".":
            last = _end_of_name(text, words, place + 1)
            known = last > place + 1 and folded[last - 1] in self._surnames
            return place, last if known else place
        if len(word) >= _SHORTEST_SURNAME and word.isupper() and folded[place] in self._surnames:
            return (place, place + 1) if not text.isupper() else (place, place)
        return place, place


def _together(text: str, words: list[re.Match[str]]) -> bool:
    gaps = itertools.pairwise(words)
    return all(_BETWEEN_NAMES.fullmatch(text[one.end() : two.start()]) for one, two in gaps)


def _end_of_name(text: str, words: list[re.Match[str]], place: int) -> int:
    """The end of at most three capitalised words that follow each other from here."""
    last = place
    while last < min(place + 3, len(words)):
        gap = text[words[last - 1].end() : words[last].start()]
        initial = len(words[last - 1].group()) == 1
        allowed = r"[\s\u00a0]"
        if last == place:
            allowed = r"\.?[\s\u00a0]{1,2}"
        elif initial:
            allowed = r"\.?[\s\u00a0-]{0,2}"
        if not words[last].group()[0].isupper() or not re.fullmatch(allowed, gap):
            break
        last += 1
    return last


def _folded(name: str) -> str:
    return " ".join(fold(each) for each in _WORD.findall(name))
