"""Native charts of the tables they stand beside; the writer puts their data into the file too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import Chart, ChartKind, Column, Series
from prevention_app.exchange.workbook_styles import CLARET, EDGE, FONT, HAIRLINE, INK, NAVY, NOTE

WIDTH = 640
"""In pixels."""

_KINDS: dict[ChartKind, dict[str, str]] = {
    ChartKind.COLUMNS: {"type": "column"},
    ChartKind.STACKED_COLUMNS: {"type": "column", "subtype": "stacked"},
    ChartKind.BARS: {"type": "bar"},
    ChartKind.STACKED_BARS: {"type": "bar", "subtype": "stacked"},
    ChartKind.SHARES: {"type": "bar", "subtype": "percent_stacked"},
}
_ACROSS = (ChartKind.BARS, ChartKind.STACKED_BARS, ChartKind.SHARES)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the table of a chart lies, in rows and columns counted from 0."""

    sheet: str
    columns: tuple[Column, ...]
    first_row: int
    last_row: int
    first_column: int

    def cells(self, column: int) -> list[Any]:
        """The range of a column, counted from 1."""
        place = self.first_column + column - 1
        return [self.sheet, self.first_row, place, self.last_row, place]


def add_chart(
    book: Any, sheet: Any, chart: Chart, source: Source, row: int, column: int, width: int = WIDTH
) -> None:
    """Draw a chart with its upper left corner in a cell."""
    drawn = book.add_chart(_KINDS[chart.kind])
    lines = [each for each in chart.series if each.line]
    for each in chart.series:
        if not each.line:
            drawn.add_series(_series(chart, each, source))
    if lines:
        over = book.add_chart({"type": "line"})
        for each in lines:
            over.add_series(_line_series(each, source))
        over.set_y2_axis(
            _axis(chart.right_axis) | {"min": 0, "major_gridlines": {"visible": False}}
        )
        drawn.combine(over)
    _dress(drawn, chart)
    drawn.set_size({"width": width, "height": chart.height})
    sheet.insert_chart(
        row,
        column,
        drawn,
        {
            "description": typeset(chart.description),
            "object_position": 1,
            "x_offset": 2,
            "y_offset": 4,
        },
    )


def _series(chart: Chart, each: Series, source: Source) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": typeset(each.name) or source.columns[each.column - 1].heading,
        "categories": source.cells(1),
        "values": source.cells(each.column),
        "border": {"color": EDGE, "width": 0.5},
        "gap": 55 if chart.kind in _ACROSS else 70,
    }
    if each.hatched:
        made["pattern"] = {
            "pattern": "wide_upward_diagonal",
            "fg_color": EDGE,
            "bg_color": "#FFFFFF",
        }
    else:
        made["fill"] = {"color": each.fill}
    if "subtype" in _KINDS[chart.kind]:
        made["overlap"] = 100
    if each.labels:
        # Zero is left out: it would stand on its neighbour.
        colour = each.label_colour or INK
        made["data_labels"] = {
            "value": True,
            "num_format": "#,##0;-#,##0;",
            "font": {"name": FONT, "size": 8, "bold": True, "color": colour},
        }
    return made


def _line_series(each: Series, source: Source) -> dict[str, Any]:
    return {
        "name": typeset(each.name) or source.columns[each.column - 1].heading,
        "categories": source.cells(1),
        "values": source.cells(each.column),
        "y2_axis": True,
        "line": {"color": each.fill, "width": 2, "dash_type": "dash"},
        "marker": {
            "type": "diamond",
            "size": 8,
            "fill": {"color": each.fill},
            "border": {"color": each.fill},
        },
        "data_labels": {
            "value": True,
            "position": "above",
            "num_format": "0.00",
            "font": {"name": FONT, "size": 8, "bold": True, "color": CLARET},
        },
    }


def _axis(title: str) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "num_font": {"name": FONT, "size": 8, "color": INK},
        "line": {"color": EDGE},
    }
    if title:
        axis["name"] = title
        axis["name_font"] = {"name": FONT, "size": 8, "bold": False, "color": NOTE}
    return axis


def _dress(drawn: Any, chart: Chart) -> None:
    font = {"name": FONT, "size": 11, "bold": True, "color": NAVY}
    drawn.set_title({"name": chart.title, "name_font": font, "overlay": False})
    grid = {"visible": True, "line": {"color": HAIRLINE, "width": 0.5}}
    values = _axis(chart.axis) | {"min": 0, "major_gridlines": grid}
    if chart.kind is not ChartKind.SHARES:
        values |= {"num_format": "#,##0"}
    if chart.kind in _ACROSS:
        # The first line of the table on top; the axis of values stays at the bottom.
        drawn.set_y_axis(_axis("") | {"reverse": True})
        plain = {"label_position": "high", "line": {"none": True}, "major_tick_mark": "none"}
        drawn.set_x_axis(values | plain)
    else:
        drawn.set_x_axis(_axis(""))
        drawn.set_y_axis(values)
    if len(chart.series) > 1:
        drawn.set_legend({"position": "bottom", "font": {"name": FONT, "size": 8, "color": INK}})
    else:
        drawn.set_legend({"none": True})
    drawn.set_chartarea({"border": {"color": HAIRLINE}})
    drawn.show_blanks_as("gap")
