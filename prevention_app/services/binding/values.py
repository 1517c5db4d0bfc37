"""Values of an imported row as the fields of a record want them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import cast

from prevention_app.catalogue.values import format_decimal
from prevention_app.exchange.understood import ImportedRow


def whole(row: ImportedRow, key: str) -> int | None:
    """A count; None where the file holds none."""
    value = row.values.get(key)
    return int(value) if isinstance(value, int | float | Decimal) else None


def items(row: ImportedRow, key: str) -> list[object]:
    """A list; empty where the file holds none."""
    value = row.values.get(key)
    return list(cast("list[object]", value)) if isinstance(value, list) else []


def number(value: object) -> Decimal | None:
    """A quantity or amount; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(format_decimal(Decimal(str(value))))


def day(value: object) -> date | None:
    """A date; None where there is none."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def said(value: object) -> str:
    """A text, with its line breaks; empty where there is none."""
    return str(value).strip() if value is not None else ""


def remarks(row: ImportedRow) -> str:
    """What was typed and has no field, one remark a line."""
    return "\n".join(row.remarks)
