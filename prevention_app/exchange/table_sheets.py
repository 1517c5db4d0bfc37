"""Tables of the content of a document unique as sheets of a workbook, with their contents page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from prevention_app.catalogue.description import Kind
from prevention_app.domain.document_content import IDENTIFIER
from prevention_app.domain.document_content import Column as ContentColumn
from prevention_app.domain.document_content import Table as ContentTable
from prevention_app.exchange.consolidated import sheet_name
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import (
    Column,
    GridSheet,
    Line,
    Link,
    Look,
    Paper,
    RegisterSheet,
    Tab,
    Table,
)
from prevention_app.exchange.workbook_writer import CONTENTS, MOST_ROWS

_LOOKS: Final = {
    Kind.INTEGER: Look.INTEGER,
    Kind.DECIMAL: Look.NUMBER,
    Kind.MONEY: Look.MONEY,
    Kind.DATE: Look.DATE,
    Kind.DATETIME: Look.DATETIME,
    Kind.YES_NO: Look.CENTRED,
}
_NARROWEST, _WIDEST = 11.0, 44.0
_LARGE_PAPER_FROM: Final = 190


def table_sheets(tables: Sequence[ContentTable]) -> list[GridSheet | RegisterSheet]:
    """One sheet for each table, and before them a page that leads to each."""
    taken = {CONTENTS.casefold()}
    sheets = [_sheet(each, sheet_name(each.title_fr, taken)) for each in tables]
    return [_contents(sheets), *sheets]


def _sheet(table: ContentTable, name: str) -> RegisterSheet:
    columns = tuple(_column(table, each) for each in table.columns)
    keys = [each.key for each in table.columns]
    rows = [tuple(row.get(key) for key in keys) for row in table.rows[:MOST_ROWS]]
    width = sum(each.width for each in columns if not each.hidden)
    return RegisterSheet(
        name=name,
        title=table.title_fr,
        explanation=table.explanation_fr,
        tab=Tab.REGISTER,
        paper=Paper.A3 if width > _LARGE_PAPER_FROM else Paper.A4,
        table=Table("T_" + re.sub(r"\W", "_", table.key), columns, rows, len(rows)),
        content=table.title_fr,
    )


def _column(table: ContentTable, column: ContentColumn) -> Column:
    look = _LOOKS.get(column.kind, Look.WRAPPED)
    joins = column.key == IDENTIFIER or column.key.endswith("_id")
    width = _NARROWEST
    if look is Look.WRAPPED:
        longest = max((len(str(row.get(column.key) or "")) for row in table.rows), default=0)
        width = min(max(longest, len(column.label_fr), _NARROWEST), _WIDEST)
    return Column(column.label_fr, look, width, column.key, hidden=joins)


def _contents(sheets: Sequence[RegisterSheet]) -> GridSheet:
    lines = [
        Line((Link(each.name, each.name), typeset(each.title), each.table.count)) for each in sheets
    ]
    return GridSheet(
        name=CONTENTS,
        title=CONTENTS,
        explanation="Cliquez sur le nom d’une feuille pour l’ouvrir.",
        columns=(
            Column("Feuille", Look.LINK, 34),
            Column("Contenu", Look.WRAPPED, 72),
            Column("Lignes", Look.INTEGER, 10),
        ),
        lines=tuple(lines),
        one_page=True,
    )
