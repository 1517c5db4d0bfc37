"""Which kind of file a person most likely wants to bring in: from the page, or the file's name."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from prevention_app.catalogue.values import fold

_OF_REGISTER: Final = {
    "risk": "duerp",
    "rating": "duerp",
    "existing_measure": "duerp",
    "planned_action": "duerp",
    "person": "people",
    "credential": "credentials",
    "equipment": "inspections",
    "inspection": "inspections",
    "accident": "accidents",
    "store_room": "phyto-stock",
    "stock_line": "phyto-stock",
    "org_unit": "organisation",
    "site": "organisation",
    "work_unit": "organisation",
}
"""Registers that a kind of file with several registers in it fills."""

_SHOWN: Final = {
    "duerp": "risk",
    "people": "person",
    "credentials": "credential",
    "inspections": "equipment",
    "accidents": "accident",
    "phyto-stock": "stock_line",
    "organisation": "work_unit",
    "ephy": "plant_protection_product",
}
"""Where the records of a kind of file are looked at."""

_IN_NAMES: Final = (
    ("duerp", "duerp"),
    ("document unique", "duerp"),
    ("verif", "inspections"),
    ("vgp", "inspections"),
    ("controle", "inspections"),
    ("habilit", "credentials"),
    ("certiphyto", "credentials"),
    ("caces", "credentials"),
    ("accident", "accidents"),
    ("phyto", "phyto-stock"),
    ("stock", "phyto-stock"),
    ("agent", "people"),
    ("effectif", "people"),
    ("organigramme", "organisation"),
    ("organisation", "organisation"),
    ("rsst", "health_safety_entry"),
    ("decisionamm", "ephy"),
    ("ephy", "ephy"),
)


def kind_of_register(register: str, known: Collection[str]) -> str:
    """The kind of import that fills a register; empty when none does."""
    kind = _OF_REGISTER.get(register, register)
    if register.startswith(("plant_protection", "ephy")):
        kind = "ephy"
    return kind if kind in known else ""


def kind_of_file(file: Path, known: Collection[str]) -> str:
    """The kind that a file's name speaks of; empty when it says nothing."""
    name = fold(file.stem).replace("_", " ").replace("-", " ")
    found = next((kind for word, kind in _IN_NAMES if word in name), "")
    return found if found in known else ""


def register_of_kind(kind: str) -> str:
    """The register whose page shows what a file of this kind brought in."""
    return _SHOWN.get(kind, kind)
