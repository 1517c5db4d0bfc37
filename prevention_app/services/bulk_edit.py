"""Many cells of a register written as one change: pasted from a spreadsheet, filled down, emptied.

What is written is first planned, cell by cell, with the checks of an import and of a form; a cell
that is refused stays as it is and says why, the others are written together or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from prevention_app.catalogue.description import Entity, Field, Kind, Record, Value
from prevention_app.catalogue.values import Unreadable, parse, to_stored
from prevention_app.domain.programme import with_day_done
from prevention_app.errors import Refused
from prevention_app.exchange.french_dates import ImpossibleDate, read_date
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services import record_checks, records
from prevention_app.services.progress import Progress
from prevention_app.services.records import WITHHELD, Row
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, CheckFailed

REFERENCE: Final = "reference"
"""The column that every register has and nobody writes."""
PASTE, FILL, CLEAR, CHANGE = "Coller", "Recopier", "Vider", "Modifier"
"""What is done with many cells, as its change is named: « Coller 20 valeurs »."""
_TOGETHER: Final = 200
_FEW: Final = 100
_NUMBER: Final = re.compile(r"\d[\d\u202f]*")
_COMPUTED: Final = "Cette colonne se calcule : elle ne se modifie pas."
_NO_REFERENCE: Final = "La référence est donnée par le programme : elle ne se modifie pas."


@dataclass(frozen=True, slots=True)
class Block:
    """Texts to be written into a rectangle of a table."""

    register: str
    fields: tuple[str, ...]
    """Key of the field of each column, or `REFERENCE`."""
    ids: tuple[str, ...]
    """Id of the record of each row; empty where a new one is to be made."""
    texts: tuple[tuple[str, ...], ...]
    """One row of texts for each id, one text for each field."""
    owner: str = ""
    """The department that new records belong to; the station's own when empty."""


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell that is not written, and why."""

    row: int
    """Its row in the block, from 0."""
    where: str
    """Its record and column, as people call them."""
    text: str
    reason: str
    """A finished French sentence that says what is expected."""


@dataclass(frozen=True, slots=True)
class RecordEdit:
    """Values to be written over a record as it was read."""

    record: Record
    values: Mapping[str, Value]


@dataclass(slots=True)
class Plan:
    """What writing a block would do."""

    register: str
    verb: str
    owner: str = ""
    edits: list[RecordEdit] = field(default_factory=list[RecordEdit])
    new: list[dict[str, Value]] = field(default_factory=list[dict[str, Value]])
    refused: list[RefusedCell] = field(default_factory=list[RefusedCell])
    unchanged: int = 0
    """How many cells already hold what is to be written."""

    @property
    def cells(self) -> int:
        """How many cells of records that exist would change."""
        return sum(len(each.values) for each in self.edits)

    @property
    def emptied(self) -> int:
        """How many of them would lose their value."""
        return sum(value is None for each in self.edits for value in each.values.values())

    @property
    def name(self) -> str:
        """What undo and history call it."""
        parts = [
            f"{number_text(number)}{NO_BREAK}{many if number > 1 else one}"
            for number, one, many in (
                (self.cells, "valeur", "valeurs"),
                (len(self.new), "fiche", "fiches"),
            )
            if number
        ]
        return f"{self.verb} {' et '.join(parts)}"


def plan_block(store: Store, block: Block, progress: Progress | None = None) -> Plan:
    """What pasting a block would do; nothing is written."""
    entity = _writable(store, block.register)
    plan = Plan(entity.key, PASTE, block.owner)
    told = progress or Progress()
    with store.reading() as read:
        planner = _Planner(store, read, entity, plan)
        for start in range(0, len(block.ids), _TOGETHER):
            told.check_cancelled()
            told.step(start, len(block.ids), "Vérification des cellules")
            ids = block.ids[start : start + _TOGETHER]
            rows = _rows_by_id(read, entity, ids)
            for at, record_id in enumerate(ids, start):
                texts = dict(zip(block.fields, block.texts[at], strict=True))
                if record_id:
                    planner.paste_over(at, rows.get(record_id), texts)
                else:
                    planner.paste_new(at, texts)
    return plan


def plan_values(
    store: Store, register: str, verb: str, ids: Sequence[str], values: Mapping[str, Value]
) -> Plan:
    """What writing the same values over many records would do (filling down, emptying)."""
    entity = _writable(store, register)
    plan = Plan(entity.key, verb)
    with store.reading() as read:
        planner = _Planner(store, read, entity, plan)
        for start in range(0, len(ids), _TOGETHER):
            part = ids[start : start + _TOGETHER]
            rows = _rows_by_id(read, entity, part)
            for at, record_id in enumerate(part, start):
                planner.write_over(at, rows.get(record_id), values)
    return plan


def apply(store: Store, plan: Plan) -> Changes:
    """Write what was planned as one change; raises Refused where nothing of it is left."""
    if not plan.edits and not plan.new:
        raise Refused("Rien à écrire : aucune de ces valeurs ne change.")
    with store.change(plan.name) as work:
        for each in plan.edits:
            given = with_day_done(each.record, each.values, store.today())
            work.write_over(plan.register, each.record, given)
        for values in plan.new:
            work.new(plan.register, owner=plan.owner, **values)
    if work.done is None:
        raise Refused("Rien à écrire : aucune de ces valeurs ne change.")
    return work.done


def touches_few(name: str) -> bool:
    """Whether a change of this name, which tells how many, touches few records."""
    verb, _, rest = name.partition(" ")
    told = [int("".join(filter(str.isdigit, each))) for each in _NUMBER.findall(rest)]
    return verb in (PASTE, FILL, CLEAR, CHANGE, records.DELETE) and bool(told) and sum(told) <= _FEW


def unwritable(entity: Entity, key: str, record: Record | None = None) -> str:
    """Why nobody may write a cell, as a French sentence; empty where one may."""
    each = entity.by_key.get(key)
    if each is None:
        return _NO_REFERENCE if key == REFERENCE else _COMPUTED
    if entity.reference_set:
        return f"« {entity.label_fr} » est un catalogue publié : il ne se modifie pas."
    if entity.system:
        return f"« {entity.label_fr} » est tenu par le programme : il ne se modifie pas."
    if each.kind is Kind.ATTACHMENT:
        return f"« {each.label_fr} » : une pièce se joint dans la fiche."
    if record is not None and key in record.withheld:
        return f"« {each.label_fr} » n’a pas été communiqué à cet ordinateur."
    return ""


def _writable(store: Store, register: str) -> Entity:
    entity = store.catalogue[register]
    if entity.reference_set or entity.system:
        raise Refused(unwritable(entity, entity.fields[0].key))
    return entity


def _rows_by_id(read: Reader, entity: Entity, ids: Sequence[str]) -> dict[str, Row]:
    wanted = tuple(each for each in ids if each)
    query = Query(entity.key, ids=wanted, order=(REFERENCE,))
    return {row.id: row for row in records.rows(read, query)} if wanted else {}


class _Planner:
    """Judges cells one record at a time, on one state of the data."""

    def __init__(self, store: Store, read: Reader, entity: Entity, plan: Plan) -> None:
        self._read = read
        self._entity = entity
        self._plan = plan
        self._today = store.today()
        self._work = store.draft()
        self._known: dict[tuple[str, str], Value | Unreadable] = {}

    # -- texts -----------------------------------------------------------------------------

    def paste_over(self, at: int, row: Row | None, texts: Mapping[str, str]) -> None:
        """Judge texts for a record that exists."""
        if row is None:
            self._refuse(at, "", "", "", "Cette fiche n’est plus dans la liste.")
            return
        values: dict[str, Value] = {}
        for key, text in texts.items():
            if text.strip() == _shown(row, key).strip():
                self._plan.unchanged += 1
                continue
            reason = unwritable(self._entity, key, row.record)
            if not reason:
                try:
                    values[key] = self._value(self._entity.by_key[key], text)
                    continue
                except Unreadable as error:
                    reason = str(error)
            self._refuse(at, row.reference, key, text, reason)
        self._keep(at, row, values, texts)

    def paste_new(self, at: int, texts: Mapping[str, str]) -> None:
        """Judge texts for a record that is to be made."""
        if not any(text.strip() for text in texts.values()):
            return
        values: dict[str, Value] = {}
        problems: list[tuple[str, str]] = []
        for key, text in texts.items():
            if key == REFERENCE or not text.strip():
                continue
            reason = unwritable(self._entity, key)
            if not reason:
                try:
                    values[key] = self._value(self._entity.by_key[key], text)
                    continue
                except Unreadable as error:
                    reason = str(error)
            problems.append((key, reason))
        problems = problems or self._problems_of_new(values)
        for key, reason in problems:
            self._refuse(at, "Nouvelle fiche", key, texts.get(key, ""), reason)
        if not problems:
            self._plan.new.append(values)

    def _value(self, each: Field, text: str) -> Value:
        """What a text means for a field; the same text is looked up once."""
        known = self._known.get((each.key, text))
        if known is None and text.strip():
            try:
                known = self._meant(each, text)
            except Unreadable as error:
                known = error
            self._known[each.key, text] = known
        if isinstance(known, Unreadable):
            raise known
        return known

    def _meant(self, each: Field, text: str) -> Value:
        if each.target:
            return records.resolve(self._read, each, text)
        try:
            return parse(each, text)
        except Unreadable:
            if each.kind is not Kind.DATE:
                raise
            return _written_day(each, text)

    # -- values ----------------------------------------------------------------------------

    def write_over(self, at: int, row: Row | None, values: Mapping[str, Value]) -> None:
        """Judge values for a record that exists."""
        if row is None:
            self._refuse(at, "", "", "", "Cette fiche n’est plus dans la liste.")
            return
        allowed: dict[str, Value] = {}
        for key, value in values.items():
            reason = unwritable(self._entity, key, row.record)
            if reason:
                self._refuse(at, row.reference, key, "", reason)
            else:
                allowed[key] = value
        self._keep(at, row, allowed, {})

    def _keep(
        self, at: int, row: Row, values: Mapping[str, Value], texts: Mapping[str, str]
    ) -> None:
        """Plan what differs and passes all checks; a cell that fails takes no other with it."""
        left = {
            key: value for key, value in values.items() if self._differs(row.record, key, value)
        }
        self._plan.unchanged += len(values) - len(left)
        while left:
            problems = self._problems(row.record, left)
            if not problems:
                self._plan.edits.append(RecordEdit(row.record, left))
                return
            named = {key: reason for key, reason in problems if key in left}
            for key, reason in (named or dict.fromkeys(left, problems[0][1])).items():
                del left[key]
                self._refuse(at, row.reference, key, texts.get(key, ""), reason)

    def _differs(self, record: Record, key: str, value: Value) -> bool:
        each = self._entity.by_key[key]
        return to_stored(each, value) != to_stored(each, getattr(record, key, None))

    def _problems(self, record: Record, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        """What saving these values in a form would refuse."""
        self._work.touched.clear()
        try:
            record_checks.refuse_unfit(self._read, self._entity, values, record)
            self._work.write_over(self._entity.key, record, values)
            self._work.check(self._today)
        except CheckFailed as error:
            return error.problems
        except Refused as error:
            return [("", str(error))]
        return []

    def _problems_of_new(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        self._work.touched.clear()
        try:
            record_checks.refuse_unfit(self._read, self._entity, values)
            self._work.new(self._entity.key, owner=self._plan.owner, **values)
            self._work.check(self._today)
        except CheckFailed as error:
            return error.problems
        except Refused as error:
            return [("", str(error))]
        return []

    def _refuse(self, at: int, reference: str, key: str, text: str, reason: str) -> None:
        each = self._entity.by_key.get(key)
        label = each.label_fr if each else "Référence" if key == REFERENCE else ""
        where = " · ".join(part for part in (reference, label) if part)
        told = reason.removeprefix(f"« {label} » : ")
        self._plan.refused.append(RefusedCell(at, where, " ".join(text.split()), told))


def _shown(row: Row, key: str) -> str:
    if key == REFERENCE:
        return row.reference
    text = row.texts.get(key, "")
    return "" if text == WITHHELD else text


def _written_day(each: Field, text: str) -> Value:
    """A day as spreadsheets show it: 9-nov-26, 09/11/26."""
    try:
        found = read_date(text)
    except ImpossibleDate:
        found = None
    if found is None or found.precision != "day":
        raise Unreadable(
            f"« {each.label_fr} » : « {text.strip()} » n’est pas une date (attendu : 31/12/2026)."
        )
    return found.day
