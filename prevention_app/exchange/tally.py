"""Counts and sums over a table of the workbook: the formula and its value, made from one thing.

What is written beside a formula must be what the spreadsheet makes of it; so the value is counted
here from the very rows that the table holds, by the rules of COUNTIFS and SUMIFS (no case; a text
is compared whole).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from prevention_app.exchange.workbook_model import Column, Formula, Plain

Criteria = Mapping[str, str | int]
"""Heading → the value that its cells must have."""

_ESCAPED_IN_HEADING = str.maketrans({mark: f"'{mark}" for mark in "'[]#@"})
_ESCAPED_IN_CRITERION = str.maketrans({mark: f"~{mark}" for mark in "~*?"})


def column_of(table: str, heading: str) -> str:
    """A column of a native table as formulas name it."""
    return f"{table}[{heading.translate(_ESCAPED_IN_HEADING)}]"


@dataclass(slots=True)
class Tally:
    """A table whose rows are counted."""

    table: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Plain]]
    _places: dict[str, int] = field(init=False)
    _groups: dict[tuple[str, ...], dict[tuple[object, ...], list[int]]] = field(init=False)

    def __post_init__(self) -> None:
        """Remember where each heading stands."""
        self._places = {each.heading: place for place, each in enumerate(self.columns)}
        self._groups = {}

    def count(self, *wanted: Criteria, name: str = "") -> Formula:
        """How many rows meet one of these sets of criteria (which exclude each other)."""
        text = "+".join(f"COUNTIFS({self._conditions(each)})" for each in wanted)
        return Formula(f"={text}", sum(len(self._found(each)) for each in wanted), name)

    def total(self, heading: str, *wanted: Criteria, name: str = "") -> Formula:
        """The sum of a column over the rows that meet one of these sets of criteria."""
        summed = column_of(self.table, heading)
        text = "+".join(f"SUMIFS({summed},{self._conditions(each)})" for each in wanted)
        place = self._places[heading]
        cells = (self.rows[row][place] for each in wanted for row in self._found(each))
        return Formula(f"={text}", _sum(cells), name)

    def numbers(self, heading: str, wanted: Criteria) -> Formula:
        """How many rows have a number in a column, 0 or more, and meet the criteria."""
        conditions = f'{column_of(self.table, heading)},">=0"'
        if wanted:
            conditions += f",{self._conditions(wanted)}"
        place = self._places[heading]
        number = sum(_is_counted(self.rows[row][place]) for row in self._rows(wanted))
        return Formula(f"=COUNTIFS({conditions})", number)

    def between(
        self, heading: str, first: date, last: date, wanted: Criteria | None = None, name: str = ""
    ) -> Formula:
        """How many rows have a day of this span in a column, and meet the criteria."""
        column = column_of(self.table, heading)
        conditions = f'{column},">="&{_day(first)},{column},"<="&{_day(last)}'
        if wanted:
            conditions += f",{self._conditions(wanted)}"
        place = self._places[heading]
        days = (self.rows[row][place] for row in self._rows(wanted or {}))
        number = sum(isinstance(day, date) and first <= day <= last for day in days)
        return Formula(f"=COUNTIFS({conditions})", number, name)

    def _rows(self, wanted: Criteria) -> Sequence[int]:
        return self._found(wanted) if wanted else range(len(self.rows))

    def _conditions(self, wanted: Criteria) -> str:
        return ",".join(
            f"{column_of(self.table, heading)},{_criterion(value)}"
            for heading, value in wanted.items()
        )

    def _found(self, wanted: Criteria) -> list[int]:
        headings = tuple(wanted)
        if headings not in self._groups:
            self._groups[headings] = self._grouped(headings)
        return self._groups[headings].get(tuple(map(_compared, wanted.values())), [])

    def _grouped(self, headings: tuple[str, ...]) -> dict[tuple[object, ...], list[int]]:
        places = [self._places[each] for each in headings]
        groups: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        for at, row in enumerate(self.rows):
            groups[tuple(_compared(row[place]) for place in places)].append(at)
        return groups


def _compared(value: Plain) -> object:
    return value.casefold() if isinstance(value, str) else value


def _is_counted(value: Plain) -> bool:
    return isinstance(value, (int, float, Decimal)) and value >= 0


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _criterion(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    text = value.translate(_ESCAPED_IN_CRITERION).replace('"', '""')
    text = text.replace("{", '"&CHAR(123)&"')  # a brace would be taken for a place in the line
    # An equals sign in front keeps a text that begins with < or > from being a comparison.
    return f'"={text}"' if value[:1] in "<>=" else f'"{text}"'


def _sum(cells: Iterable[Plain]) -> float:
    total = Decimal(0)
    for each in cells:
        if isinstance(each, (int, float, Decimal)):
            total += Decimal(str(each))
    return float(total)
