"""A valid record of any register, built from its description and from nothing else."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from prevention_app.catalogue.description import Entity, Field, Kind, Record, Value
from prevention_app.storage.store import Store

TEXTS = (
    "Été à l’œuvre",
    "14:05",
    "=1+1",
    "  « quoted » \"and\" 'so' ; on\\",
    "ligne une\nligne deux\tet demie",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ✓ ﬁn",
    "12",
    "x" * 5000,
    "exemple",
    "EXEM",
)
DAYS = (date(2025, 1, 31), date(2024, 2, 29), date(1899, 12, 31), date(2026, 11, 23), date(1, 1, 1))
CANDIDATES: dict[Kind, tuple[Value, ...]] = {
    Kind.TEXT: TEXTS,
    Kind.LONG_TEXT: TEXTS,
    Kind.INTEGER: (3, 1, 0, 2000, -7, 2**53 + 1),
    Kind.DECIMAL: (Decimal("1.5"), Decimal(3), Decimal("0.001"), Decimal(0), Decimal("-2.25")),
    Kind.MONEY: (Decimal("1250.4"), Decimal(0), Decimal("999999999.99"), Decimal("-0.01")),
    Kind.DATE: DAYS,
    Kind.DATETIME: tuple(datetime.combine(each, time(7, 5)) for each in DAYS),
    Kind.YES_NO: (True, False),
    Kind.COLOUR: ("#00AAFF", "#FFFFFF"),
}


def allowed(store: Store, each: Field) -> list[Value]:
    """Values of its kind that a field's checks let through, the plainest first."""
    if each.target:
        return [reference(store, each.target)]
    if each.options:
        return [option.code for option in each.options]
    today, blank = store.today(), Record()
    return [
        value
        for value in CANDIDATES[each.kind]
        if not any(check(value, blank, today) for check in each.checks)
    ]


def reference(store: Store, register: str) -> str:
    """The id of some record to refer to; of a published catalogue, a row's own key."""
    if store.catalogue[register].reference_set:
        return "2000001"
    with store.change("Ajouter de quoi renvoyer") as work:
        made = work.new(register, **values(store, store.catalogue[register], full=False))
    return made.id


def values(store: Store, entity: Entity, *, full: bool = True, turn: int = 0) -> dict[str, Value]:
    """A value for every field, or only where one must be; another `turn` takes other ones."""
    found: dict[str, Value] = {}
    for each in entity.fields:
        if full or each.required:
            choice = allowed(store, each)
            found[each.key] = choice[turn % len(choice)]
    return found


def turns(store: Store, entity: Entity) -> int:
    """How many turns it takes until every field has held every value."""
    return max(len(allowed(store, each)) if not each.target else 1 for each in entity.fields)
