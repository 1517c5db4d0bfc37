"""What is to be written in a workbook: sheets, tables, cells, charts, and nothing of Excel.

Plain data between those who know what a workbook says (`consolidated`) and the writer, which knows
how it is written and looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

HEADER_ROW = 4
"""Row of the headings of every register sheet, counted from 1; its data begin below."""


class Watcher(Protocol):
    """What long work reports to, and learns from that it is to stop."""

    def step(self, done: int, total: int, words: str) -> None:
        """So much of so much is done, in a few French words."""
        ...

    def check_cancelled(self) -> None:
        """Raise Cancelled when the user wants it to stop."""
        ...


class Look(StrEnum):
    """How the cells of a column are shown."""

    TEXT = "text"
    WRAPPED = "wrapped"
    CENTRED = "centred"
    INTEGER = "integer"
    NUMBER = "number"
    """As many decimals as it has."""
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    TENTHS = "tenths"
    """A percentage with one decimal."""
    HUNDREDTHS = "hundredths"
    """A number with two decimals."""
    OF_HUNDRED = "of_hundred"
    """A percentage held as 0 to 100."""
    YEAR = "year"
    DATE = "date"
    MONTH = "month"
    DATETIME = "datetime"
    STRONG = "strong"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and what it makes: right where nothing is calculated (Protected View, a phone).

    In the text, ``{2}`` stands for the cell of the second column in the same line, ``{2:}`` for
    that column over all lines above the total.
    """

    text: str
    value: str | float
    name: str = ""
    """The defined name of its cell, for formulas of other sheets."""


@dataclass(frozen=True, slots=True)
class Named:
    """A plain value whose cell carries a defined name."""

    value: Plain
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to the first cell of a sheet."""

    text: str
    sheet: str


Plain = str | int | float | Decimal | date | datetime | bool | None
Cell = Plain | Formula | Named | Link


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of cells that hold a word; the word is always written, colour comes second."""

    word: str
    fill: str
    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    heading: str
    look: Look = Look.TEXT
    width: float = 12
    key: str = ""
    """The declared field that it shows, or what its values are known by."""
    paints: tuple[Paint, ...] = ()
    bar: bool = False
    """Whether a bar shows how much of 100 it is."""
    hidden: bool = False
    editable: bool = False
    """Whether what is typed there is taken back by the program."""
    choices: str = ""
    """Defined name of the list that its cells are chosen from."""
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A native table. `rows` is read once, while it is written, and yields `count` rows."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Plain]]
    count: int
    totals: Mapping[str, float] = field(default_factory=dict[str, float])
    """The sums of the columns to be summed, by heading; a total row is written when there are."""


class Paper(StrEnum):
    """The paper of a sheet, always across."""

    A4 = "A4"
    A3 = "A3"


class Tab(StrEnum):
    """What kind of sheet it is, shown by the colour of its tab."""

    SYNTHESIS = "synthesis"
    INDICATORS = "indicators"
    DUE = "due"
    REGISTER = "register"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What every sheet has."""

    name: str
    """At most 31 characters."""
    title: str
    explanation: str = ""
    tab: Tab = Tab.SYNTHESIS
    paper: Paper = Paper.A4
    content: str = ""
    """What the table of contents says of it; its title where empty."""
    section: str = ""
    """Under which heading the table of contents lists it."""
    pages: str = ""
    """Its length on paper, where it is known: « 1 page »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSheet(Sheet):
    """One table, streamed: rows may be many."""

    table: Table
    register: str = ""
    """Key of the register whose records it lists."""
    frozen: int = 1
    """Columns that stay in sight."""
    remark: str = ""


class ChartKind(StrEnum):
    """The charts in use; none of them is a pie or in perspective."""

    COLUMNS = "columns"
    STACKED_COLUMNS = "stacked_columns"
    BARS = "bars"
    STACKED_BARS = "stacked_bars"
    SHARES = "shares"
    """Stacked bars of 100 %."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: a column of the block's table, counted from 1."""

    column: int
    fill: str
    name: str = ""
    """What the legend says; the column's heading where empty."""
    line: bool = False
    """A dashed line on the right-hand axis."""
    hatched: bool = False
    labels: bool = True
    label_colour: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart of the table that it stands beside."""

    kind: ChartKind
    title: str
    description: str
    """What a screen reader says."""
    series: tuple[Series, ...]
    axis: str = ""
    right_axis: str = ""
    height: int = 335
    """In pixels."""


@dataclass(frozen=True, slots=True)
class Block:
    """An indicator: its table, the chart beside it, and notes."""

    heading: str
    columns: tuple[Column, ...]
    lines: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    after_total: tuple[tuple[Cell, ...], ...] = ()
    chart: Chart | None = None
    notes: tuple[str, ...] = ()
    new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSheet(Sheet):
    """Indicators one below the other."""

    blocks: tuple[Block, ...]


class LineKind(StrEnum):
    """What a line of a grid is."""

    LINE = "line"
    SECTION = "section"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a grid; a section has one cell."""

    cells: tuple[Cell, ...]
    kind: LineKind = LineKind.LINE
    bold_first: bool = False
    looks: Mapping[int, Look] = field(default_factory=dict[int, Look])
    """Looks of cells that differ from their column's, by place from 0."""


@dataclass(frozen=True, slots=True)
class Band:
    """A heading over several columns of a grid."""

    text: str
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSheet(Sheet):
    """A table of a size known beforehand, with sections, a total, notes and charts below."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    table: str = ""
    """Name of the native table; a grid with sections has none."""
    bands: tuple[Band, ...] = ()
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    worst_three: Mapping[str, bool] = field(default_factory=dict[str, bool])
    """Headings of rates whose three least favourable are set off: True where these are low."""
    frozen: int = 1
    one_page: bool = False


class Tone(StrEnum):
    """What a card asks of its reader."""

    PLAIN = "plain"
    WATCH = "watch"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the words around it, shown in one cell that holds the number."""

    formula: Formula
    look: Look = Look.INTEGER
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure of the cover."""

    label: str
    figure: Figure
    details: tuple[Figure | str, ...] = ()
    """At most two lines; the last one in the colour of the tone."""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Point:
    """What calls for a decision: how many, of what, what is proposed, where to look."""

    count: Formula
    finding: str
    decision: str
    sheet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSheet(Sheet):
    """The first page: what there is to know and to decide."""

    subtitle: str
    readers: str
    contents: str
    """Name of the sheet that lists the others."""
    cards: tuple[Card, ...] = ()
    heads: tuple[str, ...] = ()
    """Instead of cards: a table of key figures, its headings and lines."""
    figures: tuple[tuple[str | Figure, ...], ...] = ()
    points_title: str = ""
    points: tuple[Point, ...] = ()
    no_points: str = ""
    """What is said where there are none."""
    strip_title: str = ""
    strip: tuple[Figure, ...] = ()
    """Small figures at the foot, four in a row."""
    note: str = ""
    organised: str = ""
    """In which organisation the directions are told, where it is not the present one."""


@dataclass(frozen=True, slots=True)
class ValueList:
    """A closed list, in a column of a hidden sheet, with its defined name."""

    name: str
    heading: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """A whole workbook."""

    title: str
    subject: str
    company: str
    author: str
    """A service, never a person."""
    keywords: str
    properties: Mapping[str, str]
    """Custom properties: how the program recognises the file."""
    header: tuple[str, str]
    """What stands above each page, left and right; the sheet's name is between them."""
    footer: tuple[str, str]
    sheets: tuple[Sheet, ...]
    lists: tuple[ValueList, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict[str, str])
    """Keys and values of the very hidden sheet by which an edited workbook is read back."""


@dataclass(frozen=True, slots=True)
class CutText:
    """A text that was longer than a cell may hold."""

    sheet: str
    row: int
    heading: str


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a workbook."""

    rows: Mapping[str, int]
    """Rows by sheet name, of the streamed tables."""
    cut_texts: tuple[CutText, ...] = ()
