"""Rows that add up those above them."""

from __future__ import annotations

import re

from prevention_app.catalogue.values import fold
from prevention_app.exchange.sheet_view import SheetView
from prevention_app.exchange.understood import RowRole

_TOTAL = re.compile(
    r"(?:(?:sous|ss|s)?\s*[-/.]?\s*total|totaux|nombre total|moyenne|grand total|cumul)\b"
)
_SUBTOTAL = re.compile(r"(?:sous|ss|s)\s*[-/.]?\s*total")


def total_role(view: SheetView, row: int, width: int) -> RowRole | None:
    """Whether a row of a table of some width is a total or a sub-total, None when it is neither.

    A row that is filled like a record is none, whatever its first word.
    """
    filled = view.filled(row)
    if len(filled) > 3 and len(filled) * 3 > width * 2:
        return None
    texts = list(view.texts(row))
    for column in [*filled[:3], *(texts if len(texts) == 1 else [])]:
        value = view.value(row, column)
        if isinstance(value, str) and _TOTAL.match(said := fold(value)):
            return RowRole.SUBTOTAL if _SUBTOTAL.match(said) else RowRole.TOTAL
    return None
