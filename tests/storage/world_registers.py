"""The registers in which the random schedules write, as the tests know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from prevention_app.catalogue.description import Catalogue
from prevention_app.catalogue.registers import declared_catalogue
from tests.storage.oracle import Stored

SAME_AS = "same_as"
DEPARTMENTS = ("41", "45", "28")
SYSTEM_CODES = ("ORDI", "UTIL", "DROI", "RACI", "REVO", "LEVE", "ADMI")


@dataclass(frozen=True)
class Register:
    """What the tests know of a register, written here by hand and not read from its declaration."""

    key: str
    code: str
    fields: Mapping[str, tuple[str, tuple[Any, ...]]]
    """Field → kind of its leaf, and values to choose from; « … » stands for a word never used."""
    created: Mapping[str, Any] = field(default_factory=dict)
    """Values of every new record."""
    defaults: Mapping[str, Stored] = field(default_factory=dict)
    shared: bool = False
    shipped: bool = False

    def kind(self, name: str) -> str:
        return self.fields[name][0] if name in self.fields else "p"


TEXTS = (None, "a", "b", ...)
REGISTERS = {
    each.key: each
    for each in (
        Register(
            "accident",
            "ACCI",
            {
                "activity": ("p", TEXTS),
                "stoppage": ("p", (None, True, False)),
                "days_lost": ("p", (None, 0, 12)),
                "circumstances": ("t", TEXTS),
                "import_remarks": ("t", TEXTS),
                "person_name": ("n", TEXTS),
                "sex": ("n", (None, "F", "H")),
                "happened_on": ("p", (date(2025, 1, 1),)),
                "kind": ("p", ("service", "mission")),
            },
            created={"happened_on": date(2025, 1, 1)},
            defaults={"kind": "service"},
        ),
        Register(
            "person",
            "AGEN",
            {
                "last_name": ("n", ("a", "b", ...)),
                "first_name": ("n", TEXTS),
                "left_on": ("n", (None, date(2024, 12, 31))),
            },
            created={"last_name": "Zoé"},
        ),
        Register(
            "job",
            "METI",
            {"name": ("p", ("a", "b", ...)), "description": ("p", TEXTS)},
            created={"name": "a"},
            shared=True,
        ),
        Register(
            "hazard_family",
            "FAMI",
            {"name": ("p", ("a", "b")), "origin": ("p", TEXTS), "rank": ("p", (None, 1, 2))},
            shared=True,
            shipped=True,
        ),
    )
}
SEARCHED = {
    "accident": ("circumstances", "person_name"),
    "person": ("last_name", "first_name"),
    "job": ("name",),
    "hazard_family": ("name",),
}


NEEDED = {
    *REGISTERS,
    *("org_unit", "site", "work_unit", "department", "inspection_type", "credential_type"),
    *(
        "register_definition",
        "field_definition",
        "station",
        "user",
        "attachment",
        "reference_edition",
    ),
    *("department_root", "grant", "revocation", "revocation_lift", "admission"),
    *("role_rule", "outflow"),
}


def small_catalogue() -> Catalogue:
    """The registers that the tests write in and what these need: quicker to open and to rebuild."""
    return Catalogue(each for each in declared_catalogue() if each.key in NEEDED)


def stored(value: Any) -> Stored:
    """A value as the journal writes it."""
    if value is None or isinstance(value, bool | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
