"""What a kind of import expects of a file: its fields, the headings and looks that tell them.

A kind is data plus a few small functions; `prevention_app.exchange.kinds` holds one module for
each. Nothing here knows a database: the services turn what was understood into changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from prevention_app.exchange.french_numbers import read_number
from prevention_app.exchange.sheets import Scalar
from prevention_app.exchange.understood import ImportedRow, TableUnderstood


@dataclass(frozen=True, eq=False)
class Legend:
    """What a file's own legend says of a scale."""

    words: Mapping[str, int]
    """Plain words (`headings.plain_words`) to the figure beside them."""
    inverted: bool = False
    """Its figures run against ours: 1 stands for the worst."""


@dataclass(frozen=True, eq=False)
class ColumnFacts:
    """What the cells of one column have in common, taken together; compared by identity."""

    values: tuple[Scalar, ...]
    """The values of its data rows that are filled, cleaned, in order."""
    rows: int
    """How many data rows the table has."""
    fills: tuple[str, ...] = ()
    """The distinct fill colours of its data cells, RRGGBB."""
    heading: str = ""
    empty_but_filled: int = 0
    """How many of its data cells carry a colour and no value."""
    legend: Legend | None = None
    """What a legend of the same file says of the words and figures of this column."""

    @cached_property
    def texts(self) -> list[str]:
        """The values that are text."""
        return [value for value in self.values if isinstance(value, str)]

    @cached_property
    def numbers(self) -> list[float]:
        """The values that are numbers, in number cells or as text."""
        read = (read_number(value) for value in self.values)
        return [float(number) for number in read if number is not None]

    @cached_property
    def dates(self) -> list[date]:
        """The values that are dates."""
        return [value for value in self.values if isinstance(value, date | datetime)]


@dataclass(frozen=True, slots=True)
class CellRead:
    """One cell as a parser receives it."""

    value: Scalar
    """Cleaned of surrounding spaces and normalised to NFC; None when nothing stands there."""
    facts: ColumnFacts
    fill: str | None = None
    struck: bool = False

    @property
    def text(self) -> str:
        """The value as text, with the breaks that were typed."""
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser made of a cell."""

    value: object = None
    extras: Mapping[str, object] = field(default_factory=dict[str, object])
    """Further values: a key that starts with "_" is added to the field's own key
    (``_text``, ``_precision``); any other is a field of its own."""
    problem: str = ""
    """What is wrong and what was expected, as the end of a French sentence."""
    fatal: bool = False
    remark: str = ""
    """What was typed and is not in the value."""


Parse = Callable[[CellRead], Parsed]
Look = Callable[[ColumnFacts], float]
"""How well the values fit a field: 1 fits, 0 no opinion, -1 contradicts."""


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A field that a file may hold and how it is recognised and read.

    A key with a dot is a field of a child: ``planned_actions.due`` is the due date of each action;
    the children of a record are lined up item by item over its cells and rows. The first column of
    a child that is declared names it: without it there is no child.
    """

    key: str
    label: str
    synonyms: tuple[str, ...]
    """Headings that mean this field; accents, case, plural, brackets do not matter."""
    parse: Parse
    weak: tuple[str, ...] = ()
    """Headings that may mean it when the values agree."""
    looks: Look | None = None
    required: bool = False
    many: bool = False
    """A list: several items in a cell, or one on each row of the record."""
    carried: bool = False
    """A blank or merged cell takes what stands above it; declared from the widest to the
    narrowest: a new direction ends the unit that was carried."""
    context: bool = False
    """May stand in the title block above the table, for all its rows."""
    by_look: bool = False
    """Values of this look are enough, whatever the heading says."""
    total: bool = False
    """One figure for several children is their sum: it goes to ``CHILDREN_FIELD_total``."""
    reads_fill: bool = False
    """A cell without a value may still say something by its colour."""
    only_looks: bool = False
    """Values of another look rule it out, whatever the heading says."""
    repeated: bool = False
    """May stand in any number of columns, like the cells of a matrix: the kind's `split` reads
    them. With `by_look`, so do those columns to the right of the first that look the same."""
    recognises: Callable[[str], float] | None = None
    """How surely a full heading means it, beside its synonyms; 0 is not at all."""
    private: bool = False
    """What is typed there is never kept beyond its value: no remark repeats it."""
    tells: Callable[[ColumnFacts], str] | None = None
    """What the report should say of the column as a whole, an empty text for nothing."""

    @property
    def child(self) -> str:
        """The list of children that it belongs to, or an empty text."""
        return self.key.rpartition(".")[0]

    @property
    def leaf(self) -> str:
        """Its key within the child, or its key."""
        return self.key.rpartition(".")[2]

    @property
    def is_list(self) -> bool:
        """Whether the further rows of a record may add to it."""
        return self.many or bool(self.child)


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of one record, for kinds that read whole rows themselves."""

    table: TableUnderstood
    rows: tuple[int, ...]
    values: Mapping[int, CellRead]
    """The cells of its first row by column number, carried values filled in."""


@dataclass(frozen=True, slots=True)
class Preset:
    """What the headings and the values of a table together say, before columns are matched."""

    columns: Mapping[int, str] = field(default_factory=dict[int, str])
    """Column number → field."""
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    """Fields that hold for every row."""
    note: str = ""
    """What the report says of it, as the end of a sentence."""
    question: str = ""
    """What only a person can tell, as a finished sentence, and the field that answers it."""
    asks: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    """What to choose from, in words and as the field is kept."""


MakePreset = Callable[[Mapping[int, str], Mapping[int, ColumnFacts]], Preset | None]
Refit = Callable[[Mapping[str, object], ImportColumn], ImportColumn]
Finish = Callable[[ImportedRow, TableUnderstood], None]
Split = Callable[[ImportedRow, TableRows], list[ImportedRow]]
MakeSplit = Callable[[TableUnderstood, Mapping[int, ColumnFacts]], Split]


@dataclass(frozen=True, eq=False)
class ImportKind:
    """A kind of file that can be imported; compared by identity."""

    key: str
    of_what: str
    """As in « aucune colonne du document unique » : « du document unique »."""
    columns: tuple[ImportColumn, ...]
    identity: tuple[str, ...]
    """A row with a value of its own in one of these starts a record; a table without any of
    these columns holds no record."""
    scales: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    """The fields that are scales, with the words known for their levels: legends explain them."""
    enough: int = 3
    """How many columns must be recognised for a row to be taken for headings."""
    not_taken: tuple[str, ...] = ()
    """Headings that come near those of a field and mean another thing: set aside."""
    keeps_unknown: bool = True
    """Unknown columns go to the remarks; False for personal data: they are listed, never kept."""
    preset: MakePreset | None = None
    """Tells from all headings and values of a table what no single column does."""
    refit: Refit | None = None
    """A column as the rows of a table are read by it, given what holds for all of them."""
    finish: Finish | None = None
    """Completes a record once its cells are read (what is computed, what the sheet's name says)."""
    split: MakeSplit | None = None
    """Makes, once for a table, what makes several records of one row (one for each cell of a
    matrix)."""
    sheet_field: str = ""
    """The field that a line alone among the rows, the sheet's name or the title above the table
    gives when nothing else does."""
    names: Callable[[str], bool] | None = None
    """Whether a sheet's name or a title says that field, rather than « Feuil1 » or « DUERP »."""
    section_field: Callable[[str], str] | None = None
    """The field that a line alone among the rows gives, where its words tell; a key without a
    column for a title that says nothing of the rows (« Janvier »)."""
    guess_identity: bool = False
    """A column of long texts may stand for the identity when no heading tells it."""

    @cached_property
    def by_key(self) -> dict[str, ImportColumn]:
        """The columns by their key."""
        return {column.key: column for column in self.columns}

    def column(self, key: str) -> ImportColumn | None:
        """The column declared under a key."""
        return self.by_key.get(key)

    def children_of(self, child: str) -> Sequence[ImportColumn]:
        """The columns of a list of children, the one that names them first."""
        return [column for column in self.columns if column.child == child]

    @cached_property
    def children(self) -> tuple[str, ...]:
        """The lists of children, in the declared order."""
        return tuple(dict.fromkeys(column.child for column in self.columns if column.child))
