"""What several annexes of the document unique read: units, risks, measures, names to mask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, TypeVar

from prevention_app.catalogue.description import DECLARED, Kind, Record, Value
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import ExistingMeasure, HazardFamily, Risk
from prevention_app.catalogue.values import fold, shown
from prevention_app.domain.document_content import IDENTIFIER, Column, Row, Table
from prevention_app.exchange.names import NameMask
from prevention_app.services.lookup import Lookup
from prevention_app.services.name_masks import name_mask
from prevention_app.services.organisation import org_path
from prevention_app.storage.query import Reader

R = TypeVar("R", bound=Record)

FEW: Final = "Nombres non communiqués en partie : moins de cinq personnes se reconnaîtraient."
UNIT_ID: Final = Column("unit_id", "Identifiant (Unité de travail)", Kind.TEXT)
ID: Final = Column(IDENTIFIER, "Identifiant", Kind.TEXT, "Ne change jamais.")
UNIT: Final = Column("unit", "Unité de travail", Kind.TEXT)
REFERENCE: Final = Column(
    "reference", "N°", Kind.TEXT, "La fiche ; vide pour ce qui est déduit d’autres registres."
)
NOTE: Final = Column("note", "À noter", Kind.TEXT, "Ce qui manque, ou pourquoi un chiffre se tait.")
_AS_TEXT: Final = {Kind.REFERENCE: Kind.TEXT, Kind.CHOICE: Kind.TEXT, Kind.LONG_TEXT: Kind.TEXT}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that an annex misses, and the record in which it is to be written."""

    annex: str
    text: str
    """A finished French sentence."""
    unit_id: str = ""
    unit: str = ""
    register: str = ""
    values: Mapping[str, Value] | None = None
    """What a new record starts with; None where the record of `reference` is to be filled in."""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex as it leaves, and what it misses."""

    table: Table
    gaps: tuple[Gap, ...]


class Source:
    """Reads once what the annexes of a department need."""

    def __init__(self, read: Reader, department: str, as_at: date) -> None:
        """The state read is the present one; units that are closed at the date are left out."""
        self.read = read
        self.department = department
        self.owners = (department,)
        self.as_at = as_at
        self.paths = org_path(read)
        units = self.paths.work_units.live(self.owners)
        self.units: Sequence[WorkUnit] = sorted(
            (each for each in units if _is_open(each, as_at)),
            key=lambda each: (fold(" ".join(self.paths.of(each).path)), fold(each.name), each.id),
        )

    @cached_property
    def mask(self) -> NameMask:
        """Takes the names of persons out of texts (P7)."""
        return name_mask(self.read)

    @cached_property
    def families(self) -> dict[str, str]:
        """Id of a family of hazards → its code."""
        return {each.id: each.family_code for each in Lookup(self.read, HazardFamily).live()}

    @cached_property
    def risks(self) -> Lookup[Risk]:
        """All risks."""
        return Lookup(self.read, Risk)

    @cached_property
    def risks_by_unit(self) -> dict[str, list[Risk]]:
        """The risks of each open unit, in the order of the document."""
        found: dict[str, list[Risk]] = {each.id: [] for each in self.units}
        for risk in sorted(self.risks.live(self.owners), key=lambda each: each.id):
            unit = self.paths.work_units.get(risk.work_unit)
            if unit is not None and unit.id in found:
                found[unit.id].append(risk)
        return found

    @cached_property
    def measures(self) -> dict[str, list[str]]:
        """Id of a risk → what already protects from it."""
        found: dict[str, list[str]] = {}
        for each in Lookup(self.read, ExistingMeasure).live(self.owners):
            risk = self.risks.get(each.risk)
            if risk is not None:
                found.setdefault(risk.id, []).append(each.title)
        return found

    def family_of(self, risk: Risk) -> str:
        """The code of a risk's family; empty where it has none."""
        return self.families.get(risk.hazard_family or "", "")

    def of_units(self, record_class: type[R]) -> dict[str, list[R]]:
        """The records of a class by the open unit that they belong to."""
        found: dict[str, list[R]] = {each.id: [] for each in self.units}
        for record in Lookup(self.read, record_class).live(self.owners):
            unit = self.paths.work_units.get(getattr(record, "work_unit", None))
            if unit is not None and unit.id in found:
                found[unit.id].append(record)
        return found

    def told(self, record: Record, keys: Iterable[str]) -> dict[str, Value]:
        """Values of a record as they leave: choices in words, no names in texts."""
        fields = DECLARED[type(record)].by_key
        return {key: self._told(fields[key], getattr(record, key)) for key in keys}

    def _told(self, field: object, value: Value) -> Value:
        if getattr(field, "kind", None) is Kind.CHOICE:
            return shown(field, value) or None  # pyright: ignore[reportArgumentType]
        return self.mask(value) if isinstance(value, str) else value


def _is_open(unit: WorkUnit, day: date) -> bool:
    begun = unit.valid_from is None or unit.valid_from <= day
    return begun and (unit.valid_until is None or unit.valid_until >= day)


def columns_of(record_class: type[Record], keys: Iterable[str]) -> tuple[Column, ...]:
    """Declared fields as columns of an annex."""
    fields = DECLARED[record_class].by_key
    return tuple(
        Column(
            key, fields[key].label_fr, _AS_TEXT.get(fields[key].kind, fields[key].kind),
            fields[key].help,
        )
        for key in keys
    )  # fmt: skip


def table(
    key: str, title: str, explanation: str, columns: Sequence[Column], rows: Iterable[Row]
) -> Table:
    """A table whose rows hold every column."""
    empty: dict[str, Value] = dict.fromkeys(each.key for each in columns)
    kept = tuple({**empty, **{k: v for k, v in each.items() if k in empty}} for each in rows)
    return Table(key, title, explanation, tuple(columns), kept)


def note(*parts: str) -> str | None:
    """What is to be noted, as one text; None for nothing."""
    return " ".join(dict.fromkeys(each for each in parts if each)) or None
