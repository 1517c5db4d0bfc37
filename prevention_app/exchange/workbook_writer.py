"""Writes a workbook: decorated sheets by XlsxWriter, the rows of registers by our own stream."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.exchange.sheet_stream import RowStream, StreamedColumn
from prevention_app.exchange.workbook_cover import cover_sheet
from prevention_app.exchange.workbook_model import (
    BlockSheet,
    CoverSheet,
    CutText,
    GridSheet,
    RegisterSheet,
    Sheet,
    Table,
    Watcher,
    Workbook,
    Written,
)
from prevention_app.exchange.workbook_package import Insertion, Package
from prevention_app.exchange.workbook_page import Page, letters
from prevention_app.exchange.workbook_sheets import (
    SAMPLE_ROW,
    block_sheet,
    grid_sheet,
    list_sheet,
    register_sheet,
)
from prevention_app.exchange.workbook_styles import LINE_FACTOR, Styles, is_wrapped

MOST_ROWS = 1_048_576 - SAMPLE_ROW
"""Rows of a table that a sheet holds, its total included."""
CONTENTS = "Sommaire"
LISTS, META = "_listes", "_meta"


def write_workbook(workbook: Workbook, out: Path, watcher: Watcher) -> Written:
    """Write the file; an earlier one of that name is replaced when all is written, or stays.

    Raises:
        PreventionError: the file is open in another program, or its folder cannot be written.
        Cancelled: the watcher said so.
        ValueError: a table does not yield the number of rows that it announces.
    """
    refuse_locked(out)
    package = Package(_made_by_xlsxwriter(workbook))
    registers = {
        number: each
        for number, each in enumerate(workbook.sheets, 1)
        if isinstance(each, RegisterSheet)
    }
    streams = {
        number: RowStream(_streamed(package, number, each.table), SAMPLE_ROW)
        for number, each in registers.items()
    }
    rows = _Rows(registers, streams, watcher)
    with replacing(out) as file:
        package.write(file, {number: rows.insertion(number) for number in registers})
    return Written(
        {each.name: streams[number].count for number, each in registers.items()},
        tuple(
            CutText(each.name, row, each.table.columns[place].heading)
            for number, each in registers.items()
            for row, place in streams[number].cut
        ),
    )


class _Rows:
    """The rows of all registers, reported on while they are written."""

    def __init__(
        self,
        registers: dict[int, RegisterSheet],
        streams: dict[int, RowStream],
        watcher: Watcher,
    ) -> None:
        self._registers = registers
        self._streams = streams
        self._watcher = watcher
        self._done = 0
        self._all = sum(each.table.count for each in registers.values())

    def insertion(self, number: int) -> Insertion:
        """What takes the place of the sample row; a table without rows has an empty one."""
        count = self._registers[number].table.count
        return Insertion(SAMPLE_ROW, max(count, 1), self._blocks(number))

    def _blocks(self, number: int) -> Iterator[bytes]:
        sheet, stream = self._registers[number], self._streams[number]
        table, before = sheet.table, self._done
        self._watcher.check_cancelled()
        if table.count == 0:
            blank = RowStream(stream.columns, stream.first_row)
            yield from blank.blocks([(None,) * len(table.columns)])
        for block in stream.blocks(table.rows):
            yield block
            self._done = before + stream.count
            self._watcher.step(self._done, self._all, f"Feuille « {sheet.name} »")
            self._watcher.check_cancelled()
        if stream.count != table.count:
            raise ValueError(f"{sheet.name}: {stream.count} rows instead of {table.count}")


def _streamed(package: Package, number: int, table: Table) -> list[StreamedColumn]:
    styles = package.styles_of(number, SAMPLE_ROW)
    return [
        StreamedColumn(
            letters(place),
            style,
            column.width * LINE_FACTOR if is_wrapped(column.look) else 0,
        )
        for place, (style, column) in enumerate(zip(styles, table.columns, strict=True))
    ]


# -- what XlsxWriter makes ----------------------------------------------------------------------


def _made_by_xlsxwriter(workbook: Workbook) -> io.BytesIO:
    import xlsxwriter

    made = io.BytesIO()
    book: Any = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_size(2400, 1500)
    _describe(book, workbook)
    styles = Styles(book)
    for each in workbook.sheets:
        _lay_out(Page(book, styles, workbook, each), each)
    if workbook.lists:
        list_sheet(Page(book, styles, workbook, Sheet(name=LISTS, title=LISTS)), workbook.lists)
    if workbook.meta:
        _meta_sheet(Page(book, styles, workbook, Sheet(name=META, title=META)), workbook)
    book.close()
    made.seek(0)
    return made


def _lay_out(page: Page, spec: Sheet) -> None:
    match spec:
        case CoverSheet():
            cover_sheet(page, spec)
        case RegisterSheet():
            if spec.table.count + bool(spec.table.totals) > MOST_ROWS:
                raise ValueError(f"{spec.name}: more rows than a sheet holds")
            register_sheet(page, spec, CONTENTS)
        case GridSheet():
            grid_sheet(page, spec, CONTENTS)
        case BlockSheet():
            block_sheet(page, spec, CONTENTS)
        case _:
            raise TypeError(f"no layout for {type(spec).__name__}")


def _describe(book: Any, workbook: Workbook) -> None:
    book.set_properties(
        {
            "title": workbook.title,
            "subject": workbook.subject,
            "company": workbook.company,
            "author": workbook.author,
            "category": "Prévention",
            "keywords": workbook.keywords,
            "created": datetime.now().astimezone().replace(tzinfo=None),
        }
    )
    for key, value in workbook.properties.items():
        book.set_custom_property(key, value, "text")


_META_HEADS = (
    "Feuille",
    "Tableau",
    "Registre",
    "Champ",
    "Entête",
    "Colonne",
    "Modifiable",
    "Genre",
)


def _meta_sheet(page: Page, workbook: Workbook) -> None:
    """By what an edited workbook is read back: keys and values, every column of every table."""
    style = page.styles.make()
    for row, (key, value) in enumerate(workbook.meta.items()):
        page.put(row, 0, key, style)
        page.put(row, 1, value, style)
    lines = [
        (
            each.name,
            each.table.name,
            each.register,
            column.key,
            column.heading,
            place,
            "oui" if column.editable else "non",
            column.look.value,
        )
        for each in workbook.sheets
        if isinstance(each, RegisterSheet)
        for place, column in enumerate(each.table.columns, 1)
    ]
    first = len(workbook.meta) + 1
    heads = [{"header": each} for each in _META_HEADS]
    page.sheet.add_table(
        first,
        0,
        first + max(len(lines), 1),
        len(_META_HEADS) - 1,
        {"name": "T_meta", "style": None, "columns": heads},
    )
    for row, line in enumerate(lines, first + 1):
        for at, value in enumerate(line):
            page.put(row, at, value, style)
    page.sheet.very_hidden()
