"""The rows of a published table as typed values; what cannot be read is reported, line by line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from prevention_app.catalogue.description import Field, Kind, Value
from prevention_app.catalogue.values import Unreadable, parse
from prevention_app.exchange.ephy_files import PUBLISHED_NUMBER, RANK, EphyFile, Layout
from prevention_app.exchange.ephy_sources import EphySource
from prevention_app.exchange.ephy_text import Line, Survey, read_lines, split_rows

_USE_CODE = re.compile(r"\d{6,10}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100

Row = dict[str, Value]
"""Values by field key, one for each field of the entity."""


@dataclass(frozen=True, slots=True)
class EphyProblem:
    """What could not be read, for the report of the import."""

    file: str
    line: int
    """Counted from 1; 0 when the whole file is meant."""
    message: str
    """A finished French sentence."""
    refused: bool = False
    """The row did not land; otherwise it did, with that cell empty or read in another way."""


@dataclass
class EphyTable:
    """One table of an edition; iterating reads the file again, row after row."""

    source: EphySource
    survey: Survey
    layout: Layout
    problems: list[EphyProblem] = field(default_factory=list[EphyProblem])
    """Filled while iterating; complete once the last row came."""
    rows_read: int = 0
    rows_refused: int = 0
    other_lines: int = 0
    """Headings and blank lines."""

    @property
    def file(self) -> EphyFile:
        """Which of the ten it is."""
        return self.layout.file

    @property
    def published(self) -> date:
        """The day of this file."""
        return self.source.published

    def __iter__(self) -> Iterator[Row]:
        """The rows as typed values; every line is either yielded, counted or reported."""
        self.problems = list(_heading_problems(self.source.name, self.layout))
        self.rows_read = self.rows_refused = self.other_lines = 0
        reader = _RowReader(self.source.name, self.layout, self.problems)
        rows = split_rows(read_lines(self.source, self.survey), self.layout.separator)
        for line, cells in rows:
            if line.number <= self.layout.heading_line or not any(map(str.strip, cells)):
                self.other_lines += 1
                continue
            self.rows_read += 1
            row = reader.read(line, cells)
            if row is None:
                self.rows_refused += 1
            else:
                yield row


def _heading_problems(name: str, layout: Layout) -> Iterator[EphyProblem]:
    for heading in layout.unknown:
        sentence = f"Colonne « {heading} » inconnue : elle n’est pas reprise."
        yield EphyProblem(name, layout.heading_line, sentence)
    for heading, taken in layout.guessed:
        sentence = f"Titre « {heading} » lu comme « {taken} »."
        yield EphyProblem(name, layout.heading_line, sentence)


class _RowReader:
    """Turns the cells of one file into rows; knows the keys that it has seen."""

    def __init__(self, name: str, layout: Layout, problems: list[EphyProblem]) -> None:
        self.name = name
        self.layout = layout
        self.problems = problems
        self.empty: Row = dict.fromkeys(layout.file.entity.by_key)
        self.cells = [(at, each, _converter(each)) for at, each in layout.fields]
        keys = {each.key for _, each in layout.fields}
        self.has_use_code = {"use", "use_code"} <= keys
        self.ranked = RANK in self.empty
        self.key_fields = [each for each in layout.file.key_fields if each != RANK]
        self.seen: dict[int, int] = {}
        """By hash of the key, to stay small: its last rank, or the line that holds it."""

    def read(self, line: Line, cells: list[str]) -> Row | None:
        """The row's values, or None when it is refused; both say so in the problems."""
        refusal = self._shape_problem(line, cells)
        if refusal:
            return self._refuse(line, refusal)
        if line.foreign:
            sentence = "Caractères dans un autre encodage que le reste du fichier : lus comme tels."
            self.problems.append(EphyProblem(self.name, line.number, sentence))
        row = dict(self.empty)
        for column, each, convert in self.cells:
            try:
                row[each.key] = convert(cells[column])
            except Unreadable as unreadable:
                if each.required:
                    return self._refuse(line, str(unreadable))
                sentence = f"{unreadable} La valeur est laissée vide."
                self.problems.append(EphyProblem(self.name, line.number, sentence))
        self._complete(row, cells)
        missing = next(
            (each for _, each, _ in self.cells if each.required and not row[each.key]), None
        )
        if missing is not None:
            return self._refuse(line, f"« {missing.label_fr} » est vide.")
        return self._with_rank(line, row)

    def _complete(self, row: Row, cells: list[str]) -> None:
        if PUBLISHED_NUMBER in row:
            column = next(at for at, each, _ in self.cells if each.key == "amm")
            row[PUBLISHED_NUMBER] = cells[column]
        if self.has_use_code:
            # The published headings of code and label are swapped; their shapes are not.
            code, label = str(row["use_code"] or ""), str(row["use"] or "")
            if "*" in code and _USE_CODE.fullmatch(label):
                row["use_code"], row["use"] = label, code

    def _shape_problem(self, line: Line, cells: list[str]) -> str:
        if "\0" in line.text:
            return "La ligne contient des octets nuls : le fichier est abîmé."
        width = self.layout.width
        if len(cells) < width:
            return f"La ligne compte {len(cells)} valeurs pour {width} colonnes : elle est coupée."
        if any(map(str.strip, cells[width:])):
            return f"La ligne compte {len(cells)} valeurs pour {width} colonnes."
        return ""

    def _with_rank(self, line: Line, row: Row) -> Row | None:
        key = hash(tuple(row[each] for each in self.key_fields))
        before = self.seen.get(key, 0)
        if self.ranked:
            row[RANK] = self.seen[key] = before + 1
        elif before:
            label = self.layout.file.entity.by_key[self.key_fields[0]].label_fr
            return self._refuse(line, f"« {label} » est déjà à la ligne {before}.")
        else:
            self.seen[key] = line.number
        return row

    def _refuse(self, line: Line, reason: str) -> None:
        self.problems.append(EphyProblem(self.name, line.number, reason, refused=True))


def _converter(each: Field) -> Callable[[str], Value]:
    if each.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return _text

    @lru_cache(maxsize=4096)
    def convert(cell: str) -> Value:
        text = _text(cell)
        if text is None:
            return None
        value = parse(each, text.replace("_", " ") if each.kind is Kind.CHOICE else text)
        if isinstance(value, date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise Unreadable(f"« {each.label_fr} » : « {text} » n’est pas une date possible.")
        return value

    return convert


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def _text(cell: str) -> str | None:
    """The cell without blanks around it and without control characters; None when empty."""
    text = cell.strip()
    if text.isascii() and text.isprintable():
        return text or None
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text.replace("\t", " ")).strip()
    return unicodedata.normalize("NFC", text) or None
