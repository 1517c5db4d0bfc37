"""Finding what a row names among what is here, and writing what differs.

A record is recognised by the declared natural key, texts compared without case, accents or
spacing. An empty cell says nothing: it never clears a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from prevention_app.catalogue.description import Entity, Record, Value
from prevention_app.catalogue.values import Stored, fold, to_stored
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import SHARED
from prevention_app.storage.work import Work


class Outcome(StrEnum):
    """What became of a row of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Difference(NamedTuple):
    """A field of a record that was here, and what a row writes over it."""

    label: str
    old: str
    new: str
    field: str


@dataclass(slots=True)
class RowResult:
    """What one record of a file does to the workspace."""

    outcome: Outcome = Outcome.UNCHANGED
    register: str = ""
    record_id: str = ""
    title: str = ""
    differences: list[Difference] = field(default_factory=list)
    """What changes in records that were here."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """(import field key, French sentence) for what is not allowed."""
    fatal: bool = False
    """The record itself is refused, not only a value of it."""

    def touch(self, outcome: Outcome) -> None:
        """A part of the row was made or changed."""
        if self.outcome is Outcome.UNCHANGED and outcome is not Outcome.UNCHANGED:
            self.outcome = Outcome.CHANGED


Key = tuple[object, ...]
_Before = tuple[dict[str, Stored], dict[str, Value]]
"""What a change held of a record and what the record showed, before a row amended it."""

REMARKS = "import_remarks"
"""The field that keeps what was typed in a file and has no place elsewhere."""


def key_part(value: object) -> object:
    """A value as keys compare it."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return " ".join(fold(value).replace("-", " ").split())
    return value


class Matcher:
    """The workspace as an import sees it: what is here, and what the import is about to write."""

    def __init__(self, read: Reader, work: Work, today: date, *, strict: bool = False) -> None:
        """Look up among what `read` shows; write into `work`."""
        self.read = read
        self.work = work
        self.today = today
        self.strict = strict
        self.file = ""
        """Name of the file that the rows are from."""
        self.created: dict[str, int] = {}
        self._indexes: dict[tuple[str, tuple[str, ...]], dict[tuple[str, Key], list[Record]]] = {}
        self.said_of: dict[str, str] = {}
        """Record → the name that this import has given it so far."""
        self._titles: dict[str, dict[tuple[str, object], list[str]]] = {}
        self._made: list[Record] = []
        self._amended: list[tuple[str, _Before | None]] = []
        self._fresh: set[str] = set()
        self._taken: set[str] = set()

    def entity(self, register: str) -> Entity:
        """The declaration of a register."""
        return self.read.catalogue[register]

    def find(self, register: str, owner: str, wanted: Mapping[str, object]) -> list[Record]:
        """Records whose fields have these values, compared as keys are."""
        fields = tuple(sorted(wanted))
        index = self._index(register, fields)
        owner = SHARED if self.entity(register).shared else owner
        return index.get((owner, tuple(key_part(wanted[each]) for each in fields)), [])

    def titled(self, register: str, owner: str, text: str) -> list[str]:
        """Ids of records with this title, of this owner or shared."""
        if register not in self._titles:
            entity = self.entity(register)
            held = self.read.records(Query(register, order=("reference",)))
            titles = self.read.titles_of(entity, held)
            made: dict[tuple[str, object], list[str]] = {}
            for record in held:
                made.setdefault((record.owner, key_part(titles[record.id])), []).append(record.id)
            self._titles[register] = made
        index = self._titles[register]
        found = index.get((owner, key_part(text)), [])
        return found or index.get((SHARED, key_part(text)), [])

    def _index(self, register: str, fields: tuple[str, ...]) -> dict[tuple[str, Key], list[Record]]:
        index = self._indexes.get((register, fields))
        if index is None:
            index = self._indexes[register, fields] = {}
            for record in self._all(register):
                index.setdefault(self._key(record, fields), []).append(record)
        return index

    def _all(self, register: str) -> list[Record]:
        held = self.read.records(Query(register))
        touched = [
            each.record
            for each in self.work.touched.values()
            if each.entity.key == register and each.created
        ]
        return held + touched

    @staticmethod
    def _key(record: Record, fields: tuple[str, ...]) -> tuple[str, Key]:
        return (record.owner, tuple(key_part(getattr(record, each, None)) for each in fields))

    def upsert(
        self,
        register: str,
        owner: str,
        values: Mapping[str, Value],
        result: RowResult,
        *,
        key: Iterable[str] = (),
        main: bool = False,
        once: bool = False,
    ) -> Record | None:
        """Write a record: over the one with the same key, else as a new one.

        `main` says that the row is about this record: it is refused as a whole when a value is
        not allowed. In any other record such a value goes to the remarks and is reported.
        `once` says that two rows of one file are two things, however alike: the first row with a
        key is the first record with it, the second the second.
        """
        fields = tuple(key) or self.entity(register).natural_key
        found = self.find(register, owner, {each: values.get(each) for each in fields})
        free = [each for each in found if not (once and each.id in self._taken)]
        if free:
            written = self.amend(register, free[0], values, result, main=main)
        else:
            written = self.create(register, owner, values, result, main=main)
        if once and written is not None:
            self._taken.add(written.id)
        return written

    def create(
        self,
        register: str,
        owner: str,
        values: Mapping[str, Value],
        result: RowResult,
        *,
        main: bool = False,
    ) -> Record | None:
        """Write a new record, unless its values are not allowed."""
        entity = self.entity(register)
        given = {each: value for each, value in values.items() if value not in (None, "")}
        allowed = self._allowed(entity, entity.new(**given), given, result, main=main)
        if allowed is None:
            return None
        record = self.work.new(register, owner=owner, **allowed)
        self._made.append(record)
        self._fresh.add(record.id)
        self.created[register] = self.created.get(register, 0) + 1
        for (name, fields), index in self._indexes.items():
            if name == register:
                index.setdefault(self._key(record, fields), []).append(record)
        if main:
            result.outcome = Outcome.NEW
            result.register, result.record_id = register, record.id
        else:
            result.touch(Outcome.NEW)
        return record

    def amend(
        self,
        register: str,
        record: Record,
        values: Mapping[str, Value],
        result: RowResult,
        *,
        main: bool = False,
    ) -> Record | None:
        """Write what differs over a record that is here."""
        entity = self.entity(register)
        touched = self.work.touched.get(record.id)
        current = touched.record if touched else record
        if main:
            result.register, result.record_id = register, record.id
        differing = self._differing(entity, current, values)
        if not differing:
            return current
        would_be = entity.new(**{**entity.values(current), **differing})
        allowed = self._allowed(entity, would_be, differing, result, main=main)
        if allowed is None:
            return None
        # A value that was moved to the remarks at an earlier import differs every time.
        allowed = self._differing(entity, current, allowed)
        if not allowed:
            return current
        before = (dict(touched.values), entity.values(touched.record)) if touched else None
        self._amended.append((record.id, before))
        if record.id in self._fresh:
            self.work.complete(current, allowed)
            return current
        self._note_differences(entity, current, allowed, result)
        self.work.write_over(register, record, allowed)
        result.touch(Outcome.CHANGED)
        return self.work.touched[record.id].record

    @staticmethod
    def _differing(
        entity: Entity, current: Record, values: Mapping[str, Value]
    ) -> dict[str, Value]:
        return {
            key: value
            for key, value in values.items()
            if value not in (None, "")
            and key not in current.withheld
            and to_stored(entity.by_key[key], value)
            != to_stored(entity.by_key[key], getattr(current, key))
        }

    def next_file(self, name: str) -> None:
        """Another file begins: its rows may be about the records of the one before."""
        self.file = name
        self._taken.clear()

    def mark(self) -> tuple[int, int]:
        """How much is being written so far; see `back_to`."""
        return len(self._made), len(self._amended)

    def back_to(self, mark: tuple[int, int]) -> None:
        """Take back what was written since a mark: a refused row leaves nothing behind."""
        made, amended = mark
        for record_id, before in reversed(self._amended[amended:]):
            if before is None:
                del self.work.touched[record_id]
            else:
                touched = self.work.touched[record_id]
                touched.values, values = before
                for key, value in values.items():
                    setattr(touched.record, key, value)
        del self._amended[amended:]
        for record in self._made[made:]:
            touched = self.work.touched.pop(record.id)
            register = touched.entity.key
            self.created[register] -= 1
            self._taken.discard(record.id)
            for (name, fields), index in self._indexes.items():
                if name == register:
                    index[self._key(record, fields)].remove(record)
        del self._made[made:]

    def _note_differences(
        self,
        entity: Entity,
        current: Record,
        differing: Mapping[str, Value],
        result: RowResult,
    ) -> None:
        for key, value in differing.items():
            each = entity.by_key[key]
            result.differences.append(
                Difference(
                    each.label_fr,
                    self._shown(each.target, getattr(current, key)),
                    self._shown(each.target, value),
                    key,
                )
            )

    def _shown(self, target: str | None, value: Value) -> str:
        if value is None:
            return ""
        if target:
            return self.title(target, str(value))
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)

    def record(self, register: str, record_id: str) -> Record:
        """A record by its id, as this import is about to leave it."""
        touched = self.work.touched.get(record_id)
        return touched.record if touched else self.read.get(register, record_id)

    def title(self, register: str, record_id: str) -> str:
        """What a record is called, one being written too."""
        touched = self.work.touched.get(record_id)
        if touched:
            first = getattr(touched.record, self.entity(register).title[0], "")
            return str(first or "")
        return self.read.titles(register, [record_id]).get(record_id, record_id)

    def _allowed(
        self,
        entity: Entity,
        record: Record,
        given: Mapping[str, Value],
        result: RowResult,
        *,
        main: bool,
    ) -> dict[str, Value] | None:
        """The given values that the declaration allows; None when the record is refused."""
        allowed = dict(given)
        moved: list[str] = []
        for key, sentence in entity.problems(record, self.today):
            if key not in given and not entity.by_key[key].required:
                continue
            label = entity.by_key[key].label_fr
            result.problems.append(
                (key, sentence if label in sentence else f"{label} : {sentence}")
            )
            if main or entity.by_key[key].required or REMARKS not in entity.by_key:
                result.fatal = result.fatal or main
                return None
            moved.append(f"{label} : {allowed.pop(key)}")
        if moved:
            earlier = str(allowed.get(REMARKS) or getattr(record, REMARKS, None) or "")
            lines = dict.fromkeys([*earlier.splitlines(), *moved])
            allowed[REMARKS] = "\n".join(each for each in lines if each)
        return allowed

    def named(
        self,
        register: str,
        owner: str,
        values: Mapping[str, Value],
        result: RowResult,
        *,
        ways: Iterable[tuple[str, ...]],
        field_key: str,
        fits: Callable[[Record], bool] = lambda _: True,
        fill: Callable[[Record], Mapping[str, Value]] | None = None,
    ) -> Record | None:
        """What a row names: found in one of several ways, or made where the workspace lacks it.

        `ways` are sets of fields, the surest first; a way counts when it finds exactly one that
        `fits` what else the row says.
        Strict imports refuse instead of making. `fill` gives values that complete what is found.
        """
        for way in ways:
            if any(values.get(each) in (None, "") for each in way[:1]):
                continue
            found = [
                each
                for each in self.find(register, owner, {key: values.get(key) for key in way})
                if fits(each)
            ]
            if len(found) == 1:
                extra: Mapping[str, Value] = fill(found[0]) if fill else {}
                if extra:
                    return self.amend(register, found[0], extra, result)
                return found[0]
        if self.strict:
            first = next((str(value) for value in values.values() if value), "")
            entity = self.entity(register)
            result.problems.append(
                (field_key, f"« {first} » n’existe pas dans « {entity.label_fr} ».")
            )
            result.fatal = True
            return None
        return self.create(register, owner, values, result)
