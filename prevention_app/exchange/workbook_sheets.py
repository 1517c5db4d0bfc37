"""The kinds of sheet as they are laid out: registers, grids, indicators, hidden lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prevention_app.exchange.tally import column_of
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_charts import Source, add_chart
from prevention_app.exchange.workbook_model import (
    HEADER_ROW,
    Block,
    BlockSheet,
    Cell,
    Column,
    Formula,
    GridSheet,
    Line,
    LineKind,
    Look,
    RegisterSheet,
    ValueList,
)
from prevention_app.exchange.workbook_page import Lines, Page, amount_of, letters, storable
from prevention_app.exchange.workbook_styles import (
    BAND,
    HAIRLINE,
    NAVY,
    SUN,
    TEAL,
    WHITE,
    lay_paints,
)

SAMPLE_ROW = HEADER_ROW + 1
"""The row that shows the formats of a register's columns, in whose place its rows are streamed."""

_CHART_COLUMNS = 8
_TABLE_COLUMN = _CHART_COLUMNS + 1
_TABLE_WIDTHS = (30, *[10] * 8)
_BLOCK_ROWS = 18
_ROW_PIXELS = 20
_PAGE_SCALE = 68
_GRID_CHART_COLUMNS = 9


def register_sheet(page: Page, spec: RegisterSheet, contents: str) -> None:
    """Everything of a register but its rows: one sample row stands for them."""
    table, sheet = spec.table, page.sheet
    header, sample = HEADER_ROW - 1, SAMPLE_ROW - 1
    last = sample + max(table.count, 1) - 1
    page.title(back_to=contents)
    if spec.remark:
        page.put(2, 2, typeset(spec.remark), page.styles.note())
    page.widths(table.columns)
    sheet.set_row(header, 32)
    formats = [page.styles.cell(each.look) for each in table.columns]
    _native_table(page, table.name, table.columns, (header, sample), totals=table.totals)
    for at, each in enumerate(table.columns):
        page.put(sample, at, None, formats[at])
        cells = f"{letters(at)}{SAMPLE_ROW}:{letters(at)}{last + 1}"
        lay_paints(sheet, page.styles, each, cells)
        if each.choices:
            _choose(sheet, cells, each.choices)
    visible = [at for at, each in enumerate(table.columns) if not each.hidden]
    area = f"A{SAMPLE_ROW}:{letters(len(table.columns) - 1)}{last + 1}"
    sheet.ignore_errors({"number_stored_as_text": area})
    sheet.freeze_panes(HEADER_ROW, spec.frozen)
    sheet.set_zoom(90)
    sheet.repeat_rows(header)
    sheet.print_area(0, 0, last + bool(table.totals), max(visible))
    page.one_page_wide()


def _choose(sheet: Any, cells: str, name: str) -> None:
    sheet.data_validation(
        cells,
        {
            "validate": "list",
            "source": f"={name}",
            "error_type": "warning",
            "error_title": "Hors de la liste",
            "error_message": typeset("Cette valeur n’est pas dans la liste : elle sera refusée."),
        },
    )


def _native_table(
    page: Page,
    name: str,
    columns: Sequence[Column],
    rows: tuple[int, int],
    totals: Any = None,
) -> None:
    first, last = rows
    heads = [
        {
            "header": storable(each.heading),
            "header_format": page.styles.heading(each),
            "format": page.styles.cell(each.look),
        }
        for each in columns
    ]
    if totals:
        heads[0]["total_string"] = "Total"
        for head, each in zip(heads, columns, strict=True):
            if each.heading in totals:
                head |= {"total_function": "sum", "total_value": totals[each.heading]}
    options: dict[str, Any] = {"name": name, "style": None, "columns": heads}
    if totals:
        options["total_row"] = True
    page.sheet.add_table(first, 0, last + bool(totals), len(columns) - 1, options)
    if totals:
        for at, each in enumerate(columns):
            style = page.styles.cell(each.look, bold=True, bg_color=BAND, top=1, top_color=NAVY)
            cell: Cell = "Total" if at == 0 else None
            if each.heading in totals:
                total = f"=SUBTOTAL(109,{column_of(name, each.heading)})"
                cell = Formula(total, totals[each.heading])
            page.put(last + 1, at, cell, style)


# -- grids --------------------------------------------------------------------------------------


def grid_sheet(page: Page, spec: GridSheet, contents: str) -> None:
    """A table of known size, with bands above, notes and charts below."""
    page.title(back_to="" if spec.name == contents else contents)
    page.widths(spec.columns)
    header = HEADER_ROW - 1
    if spec.bands:
        _bands(page, spec, header)
        header += 1
    body = Lines(header + 1, header + sum(each.kind is not LineKind.TOTAL for each in spec.lines))
    if spec.table:
        page.sheet.set_row(header, 32)
        _native_table(page, spec.table, spec.columns, (header, body.last))
    else:
        page.headings(header, spec.columns)
    row = body.first
    for line in spec.lines:
        _grid_line(page, spec, row, line, body)
        row += 1
    for at, column in enumerate(spec.columns):
        lay_paints(page.sheet, page.styles, column, _span(at, body))
        if column.heading in spec.worst_three:
            _set_off_worst(page, _span(at, body), low=spec.worst_three[column.heading])
    row = _notes(page, row + 1, 0, spec.notes)
    _grid_charts(page, spec, Source(spec.name, spec.columns, body.first, body.last, 0), row + 1)
    page.sheet.freeze_panes(header + 1, spec.frozen)
    page.sheet.repeat_rows(header)
    page.one_page_wide(pages_tall=1 if spec.one_page else 0)


def _span(column: int, lines: Lines) -> str:
    return f"{letters(column)}{lines.first + 1}:{letters(column)}{lines.last + 1}"


def _bands(page: Page, spec: GridSheet, row: int) -> None:
    at = 0
    for band in spec.bands:
        for place in range(band.columns):
            edge = {"left": 1, "left_color": WHITE} if place == 0 else {}
            style = page.styles.make(
                bold=True, font_color=WHITE, bg_color=TEAL, indent=1, align="left", **edge
            )
            text = band.text if place == 0 else None
            page.put(row, at + place, text, style if band.text else page.styles.make())
        at += band.columns
    page.sheet.set_row(row, 18)


def _grid_line(page: Page, spec: GridSheet, row: int, line: Line, body: Lines) -> None:
    looks: dict[str, Any] = {}
    if line.kind is LineKind.TOTAL:
        looks = {"bold": True, "bg_color": BAND, "top": 1, "top_color": NAVY}
    elif line.kind is LineKind.SECTION:
        looks = {"bold": True, "bg_color": BAND, "font_color": NAVY, "font_size": 10}
    cells: tuple[Cell, ...] = line.cells + (None,) * (len(spec.columns) - len(line.cells))
    for at, (cell, column) in enumerate(zip(cells, spec.columns, strict=True)):
        look = Look.TEXT if line.kind is LineKind.SECTION else line.looks.get(at, column.look)
        bold = {"bold": True} if line.bold_first and at == 0 else {}
        page.put(row, at, cell, page.styles.cell(look, **looks, **bold), body)
    least = 18.0 if line.kind is LineKind.SECTION else 15.2
    page.fit_height(row, line.cells, spec.columns, least)


def _set_off_worst(page: Page, cells: str, *, low: bool) -> None:
    page.sheet.conditional_format(
        cells,
        {
            "type": "bottom" if low else "top",
            "value": 3,
            "format": page.book.add_format({"bold": True, "bg_color": SUN}),
        },
    )


def _notes(page: Page, row: int, column: int, notes: Sequence[str]) -> int:
    for each in notes:
        page.put(row, column, typeset(each), page.styles.note())
        row += 1
    return row


def _grid_charts(page: Page, spec: GridSheet, source: Source, row: int) -> None:
    for at, chart in enumerate(spec.charts):
        add_chart(page.book, page.sheet, chart, source, row, at * _GRID_CHART_COLUMNS)


# -- indicators ---------------------------------------------------------------------------------


def block_sheet(page: Page, spec: BlockSheet, contents: str) -> None:
    """Indicators one below the other: chart on the left, its figures on the right."""
    page.title(back_to=contents)
    page.sheet.set_column(0, _CHART_COLUMNS - 1, 10.6)
    page.sheet.set_column(_CHART_COLUMNS, _CHART_COLUMNS, 1.5)
    for at, width in enumerate(_TABLE_WIDTHS, _TABLE_COLUMN):
        page.sheet.set_column(at, at, width)
    row, breaks = HEADER_ROW, list[int]()
    for block in spec.blocks:
        if block.new_page:
            breaks.append(row)
        row = _block(page, spec, block, row)
    page.sheet.set_h_pagebreaks(breaks)
    page.sheet.repeat_rows(0)
    page.sheet.set_print_scale(_PAGE_SCALE)
    page.sheet.print_area(0, 0, row - 1, _TABLE_COLUMN + len(_TABLE_WIDTHS) - 2)


def _block(page: Page, spec: BlockSheet, block: Block, row: int) -> int:
    """Write a block from this row on; returns the row after it."""
    rule = page.styles.make(font_size=13, bold=True, font_color=NAVY, bottom=2, bottom_color=TEAL)
    page.sheet.set_row(row, 20)
    for at in range(_TABLE_COLUMN + len(_TABLE_WIDTHS) - 1):
        page.put(row, at, typeset(block.heading) if at == 0 else None, rule)
    header = row + 1
    page.headings(header, block.columns, _TABLE_COLUMN)
    body = Lines(header + 1, header + len(block.lines), _TABLE_COLUMN)
    at = body.first
    for cells in block.lines:
        _block_line(page, block, at, cells, body)
        at += 1
    if block.total:
        _block_line(page, block, at, block.total, body, total=True)
        at += 1
    for cells in block.after_total:
        _block_line(page, block, at, cells, body)
        at += 1
    at = _notes(page, at, _TABLE_COLUMN, block.notes)
    rows = 0
    if block.chart and _has_something(block):
        source = Source(spec.name, block.columns, body.first, body.last, _TABLE_COLUMN)
        add_chart(page.book, page.sheet, block.chart, source, header, 0)
        rows = max(_BLOCK_ROWS, block.chart.height // _ROW_PIXELS + 2)
    return max(row + rows, at + 1) + 1


def _has_something(block: Block) -> bool:
    """Whether the chart of a block would show anything."""
    shown = [each.column - 1 for each in block.chart.series] if block.chart else []
    cells = (line[column] for line in block.lines for column in shown)
    return any(amount_of(each) for each in cells)


def _block_line(
    page: Page,
    block: Block,
    row: int,
    cells: Sequence[Cell],
    body: Lines,
    *,
    total: bool = False,
) -> None:
    looks = {"bold": True, "bg_color": BAND, "top": 1, "top_color": NAVY} if total else {}
    for at, (cell, column) in enumerate(zip(cells, block.columns, strict=True)):
        page.put(row, _TABLE_COLUMN + at, cell, page.styles.cell(column.look, **looks), body)


# -- hidden sheets ------------------------------------------------------------------------------


def list_sheet(page: Page, lists: Sequence[ValueList]) -> None:
    """The closed lists, one a column, each with its defined name."""
    style = page.styles.make(bold=True, bottom=1, bottom_color=HAIRLINE)
    for at, each in enumerate(lists):
        page.put(0, at, each.heading, style)
        for row, value in enumerate(each.values, 1):
            page.put(row, at, value, page.styles.make())
        column = letters(at)
        span = f"${column}$2:${column}${len(each.values) + 1}"
        page.book.define_name(each.name, f"='{page.spec.name}'!{span}")
    page.sheet.set_column(0, max(len(lists) - 1, 0), 28)
    page.sheet.hide()
