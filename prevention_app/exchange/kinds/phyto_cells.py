"""What the cells of an inventory of products say: quantities, units, numbers, dates."""

from __future__ import annotations

import re

from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers
from prevention_app.exchange.french_numbers import read_number
from prevention_app.exchange.french_quantities import Quantity, read_quantity, read_unit
from prevention_app.exchange.import_kinds import CellRead, Parsed
from prevention_app.exchange.sheets import Scalar

# How much


def quantity(cell: CellRead) -> Parsed:
    """The quantity with its unit and containers, and always the words as written."""
    if cell_parsers.says_nothing(cell):
        return Parsed()
    written = str(cell_parsers.text(cell).value)
    found = read_quantity(cell.value)
    if found is None:
        return Parsed(
            extras={"_text": written},
            problem=f"« {cell.text} » n’est pas une quantité ; « 2 bidons de 5 L » ou « 3 kg » "
            "est attendu.",
        )
    unit = found.unit or (_unit_of_heading(cell.facts.heading) if found.number else None)
    return Parsed(found.number, {"_text": written} | _details(found, unit))


_HEADED = re.compile(r"(?:\(|\ben\s+)\s*(kg|kilos?|l|litres?|g|ml)\s*(?:\)|$)")


def _unit_of_heading(heading: str) -> str | None:
    match = _HEADED.search(fold(heading))
    found = read_unit(match[1]) if match else None
    return found[0] if found and found[1] == 1 else None


def _details(found: Quantity, unit: str | None) -> dict[str, object]:
    details: dict[str, object] = {
        "own_unit": unit,
        "containers": found.containers,
        "container_size": found.container_size,
        "approximate": found.approximate or None,
        "opened": found.opened or None,
    }
    return {key: value for key, value in details.items() if value is not None}


def size(cell: CellRead) -> Parsed:
    """How much one container holds; « 4 x 5 L » says how many there are too."""
    if cell_parsers.says_nothing(cell):
        return Parsed()
    found = read_quantity(cell.value)
    if found is None or (found.number is None and found.container_size is None):
        return Parsed(remark=cell.text)
    extras: dict[str, object] = {"size_unit": found.unit} if found.unit else {}
    if found.containers and found.container_size is not None:
        extras["packed"] = found.containers
        return Parsed(found.container_size, extras)
    return Parsed(found.number, extras)


def unit(cell: CellRead) -> Parsed:
    """The unit of the figures beside it, as kg or L, with what it is worth of it."""
    if cell_parsers.says_nothing(cell):
        return Parsed()
    found = read_unit(cell.text)
    if found is None:
        return Parsed(remark=cell.text)
    unit, times = found
    return Parsed(unit, {"unit_times": times})


def is_unit(value: Scalar) -> bool:
    """A unit of mass or volume."""
    return isinstance(value, str) and read_unit(value) is not None


def is_quantity(value: Scalar) -> bool:
    """A quantity in figures or words."""
    return isinstance(value, str | int | float) and read_quantity(value) is not None


# What it is

_AMM = re.compile(r"(?:amm)?\s*(?:n\s*°?|:)?\s*'?\d[\d\s.]{5,10}\d")


def is_amm(value: Scalar) -> bool:
    """Seven digits, however they are written."""
    number = read_number(value)
    if number is not None:
        return 1_000_000 <= number <= 9_999_999
    return isinstance(value, str) and bool(_AMM.fullmatch(fold(value)))


# When


def purchased(cell: CellRead) -> Parsed:
    """When it was bought: the day, the month or the year, with the precision always said."""
    parsed = _dated(cell)
    if parsed.value is None:
        return parsed
    return Parsed(parsed.value, {"_precision": "day"} | dict(parsed.extras))


def expires(cell: CellRead) -> Parsed:
    """The use-by date: the last day of its month or year when it says no day."""
    parsed = _dated(cell)
    return Parsed(parsed.value, {}, parsed.problem, parsed.fatal, parsed.remark)


def _dated(cell: CellRead) -> Parsed:
    if isinstance(cell.value, str) and not re.search(r"\d", cell.value):
        return Parsed(remark="" if cell_parsers.says_nothing(cell) else cell.text)
    return cell_parsers.dated(cell)
