"""Finding records by words as people type them: in any order, without accents, misspelt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from prevention_app.catalogue.description import Entity, Record
from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.catalogue.values import fold
from prevention_app.domain.spelling import sound, words_of
from prevention_app.errors import NotFound
from prevention_app.services.spelling import SHORTEST, meant_by
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.search import Hit, Within
from prevention_app.storage.work import SHARED

ENOUGH: Final = 9
"""Where fewer records hold the words as they are typed, those that hold similar ones are shown."""
_MOST: Final = 200
_PLACES: Final = (
    "person", "site", "work_unit", "org_unit", "store_room", "equipment", "risk",
)  # fmt: skip
"""Where or with whom a record is: the first of these that it refers to."""
_FEWEST, _SPELLINGS = 3, 5
"""How many words one misspelt word is taken for: so many where there are, no more than that."""
_NUMBER: Final = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for."""

    words: str
    owners: tuple[str, ...] = ()
    """Departments whose records are wanted; empty means all."""
    registers: tuple[str, ...] = ()
    """Registers that are wanted; empty means all."""
    limit: int = _MOST
    near_below: int = ENOUGH
    """Similar words are looked for where fewer records hold the words as they are typed."""
    scanned: int | None = None
    """How many texts to look at, at most: what is asked for while typing must be quick."""
    by_number: bool = False
    """The words are the number of a record, or a part of its reference."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found, as lists show it."""

    register: str
    id: str
    reference: str
    department: str
    title: str
    kind: str
    """What it is: « Vérification »."""
    place: str
    """Where it is or who holds it; may be empty."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: by the words as they were typed, then by words that are like them."""

    exact: Sequence[tuple[str, str]] = ()
    """(register, id)."""
    near: Sequence[tuple[str, str]] = ()
    words: Sequence[str] = ()
    """The folded words looked for."""
    near_words: Sequence[str] = ()
    """The words that were taken for misspelt ones."""

    @property
    def all(self) -> list[tuple[str, str]]:
        """All of them, in the order in which they are shown."""
        return [*self.exact, *self.near]


def find(read: Reader, wanted: Wanted) -> Findings:
    """The records that hold all the words, or that bear the reference typed."""
    if wanted.by_number:
        return _find_number(read, wanted)
    try:
        entity, record = read.find(wanted.words)
    except NotFound:
        return _find_words(read, wanted)
    return Findings(exact=[(entity.key, record.id)])


def _find_words(read: Reader, wanted: Wanted) -> Findings:
    terms = fold(wanted.words).split()
    if not terms:
        return Findings()
    exact = _ranked(read, _hits(read, wanted, terms, [[term] for term in terms]), terms)
    exact = exact[: wanted.limit]
    if len(exact) >= wanted.near_below:
        return Findings(exact, words=terms)
    spelt = _spellings(read, terms)
    if not spelt:
        return Findings(exact, words=terms)
    names = [each for spellings in spelt for each in spellings]
    near = _ranked(read, _hits(read, wanted, names, spelt), names)
    new = [each for each in near if each not in set(exact)]
    return Findings(exact, new[: wanted.limit - len(exact)], terms, names)


def _hits(
    read: Reader, wanted: Wanted, names: Sequence[str], terms: Sequence[Sequence[str]]
) -> list[Hit]:
    """Texts with all the terms: the newest, and what is named so where these are too many."""
    if wanted.registers:
        return read.search_among(terms, _within(wanted, wanted.registers))
    every = [each.key for each in read.catalogue.registers]
    newest = read.search(terms, _within(wanted, every))
    if len(newest) < wanted.limit:
        return newest
    kept = [each.key for each in read.catalogue.registers if not each.reference_set]
    if any(hit.register not in kept for hit in newest):
        # A published catalogue brings thousands of texts at once: they do not hide what is kept.
        newest = read.search(terms, _within(wanted, kept)) + newest
    return read.search_named(names, terms, replace(_within(wanted, kept), limit=ENOUGH)) + newest


def _within(wanted: Wanted, registers: Sequence[str]) -> Within:
    return Within(wanted.limit, wanted.owners, registers, wanted.scanned)


def _find_number(read: Reader, wanted: Wanted) -> Findings:
    """By « 12 », « RSST 12 », « K7Q-12 » or the whole reference."""
    *parts, counter = [each for each in _NUMBER.split(wanted.words.strip()) if each] or [""]
    if not counter:
        return Findings()
    codes = {part.upper() for part in parts}
    registers = [each.key for code, each in read.catalogue.by_code.items() if code in codes]
    numbers = {SHARED, *DEPARTMENT_NUMBERS} & codes
    stations = codes - set(read.catalogue.by_code) - numbers
    within = Within(wanted.limit, tuple(numbers) or wanted.owners, tuple(registers))
    found: dict[tuple[str, str], None] = {}
    for each in dict.fromkeys((counter, counter.upper())):
        found |= dict.fromkeys(read.numbered(each, within, tuple(stations)))
    return Findings(list(found), words=[fold(counter)])


def _spellings(read: Reader, terms: Sequence[str]) -> list[list[str]]:
    """For each word typed what may be meant by it; nothing where no other word is like one of them.

    What has figures in it, or is too short to be told from others, stays as it is.
    """
    parts = [
        word
        for term in terms
        for word in (([] if any(map(str.isdigit, term)) else words_of(term)) or [term])
    ]
    near = [_similar(read, each) if len(each) >= SHORTEST else [] for each in parts]
    if len(parts) == 1 or not any(near):
        return [each for each in near if each]
    return [[part, *each] for part, each in zip(parts, near, strict=True)]


def _similar(read: Reader, word: str) -> list[str]:
    """The likeliest of the words that may be meant by one; what holds it is found anyway.

    What sounds the same comes first, then what occurs most; rare words follow where these do not
    fill a list by themselves.
    """
    words = {each: its for each, its in read.words_near(word).items() if word not in each}
    near = meant_by(word, words)
    counts, told = read.occurrences(near), sound(word)
    near.sort(key=lambda each: (words[each] != told, -counts[each]))
    filled = accumulate(counts[each] for each in near)
    enough = next((at for at, count in enumerate(filled, 1) if count >= ENOUGH), len(near))
    return near[: min(max(enough, _FEWEST), _SPELLINGS)]


def _ranked(read: Reader, hits: Sequence[Hit], terms: Sequence[str]) -> list[tuple[str, str]]:
    """What is called by the words, what has them as words, then what has them in words."""

    def rank(hit: Hit) -> tuple[int, bool, int]:
        begun = sum(f" {term}" in f" {hit.text}" for term in terms)
        named = any(hit.text.startswith(term) for term in terms)
        published = bool(read.catalogue[hit.register].reference_set)
        return -begun - named, published, len(hit.text) if named else 0

    return list(dict.fromkeys((hit.register, hit.record) for hit in sorted(hits, key=rank)))


def describe(read: Reader, wanted: Sequence[tuple[str, str]]) -> list[Found]:
    """These records as lists show them, in this order; what is deleted or joined is left out."""
    ids: dict[str, list[str]] = {}
    for register, record in wanted:
        ids.setdefault(register, []).append(record)
    found: dict[tuple[str, str], Found] = {}
    for register, each in ids.items():
        entity = read.catalogue.by_key.get(register)
        if entity is not None and not entity.system:
            records = read.records(Query(register, ids=tuple(each), order=("reference",)))
            found |= {(register, one.id): one for one in _described(read, entity, records)}
    return [found[each] for each in dict.fromkeys(wanted) if each in found]


def _described(read: Reader, entity: Entity, records: Sequence[Record]) -> list[Found]:
    titles = read.titles_of(entity, records)
    places = _places(read, entity, records)
    kind = entity.item_fr or entity.short_fr or entity.label_fr
    return [
        Found(
            entity.key,
            each.id,
            each.reference,
            each.owner,
            " ".join(titles[each.id].split()),
            kind,
            places.get(each.id, ""),
        )
        for each in records
    ]


def _places(read: Reader, entity: Entity, records: Sequence[Record]) -> Mapping[str, str]:
    """Record → where it is or who holds it, unless its title says so."""
    fields = [
        each
        for target in _PLACES
        for each in entity.fields
        if each.target == target and each.key not in entity.title
    ]
    held = {
        record.id: (each.target, str(getattr(record, each.key)))
        for record in records
        for each in reversed(fields)
        if each.target and getattr(record, each.key)
    }
    titles = {
        target: read.titles(target, [place for other, place in held.values() if other == target])
        for target in {target for target, _ in held.values()}
    }
    return {record: titles[target].get(place, "") for record, (target, place) in held.items()}


def referred_to(read: Reader, register: str, record: str) -> list[tuple[str, Found]]:
    """What a record refers to, with the label of the field: its site, its holder."""
    entity = read.catalogue[register]
    held = read.get(register, record)
    links = [
        (each.label_fr, (each.target, str(value)))
        for each in entity.fields
        if each.target and (value := getattr(held, each.key))
    ]
    found = {(each.register, each.id): each for each in describe(read, [one for _, one in links])}
    return [(label, found[one]) for label, one in links if one in found]
