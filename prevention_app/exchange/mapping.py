"""Corrections made by hand to what was understood of a file, saved under a name and found again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import cast

from prevention_app.catalogue.values import fold
from prevention_app.errors import Refused


@dataclass(slots=True)
class TableMapping:
    """What a person said about one table: which row holds its headings, which column is what."""

    columns: dict[int, str | None] = field(default_factory=dict[int, str | None])
    """Column number to import field; None sets the column aside."""
    header: tuple[int, int] | None = None
    """First and last row of the headings, where they were pointed out by hand."""
    sheet: str = ""
    """The sheet it was made for; any sheet with the same headings takes it too."""
    signature: str = ""
    """Digest of the headings it was made for; empty: only that sheet."""
    fixed: dict[str, str] = field(default_factory=dict[str, str])
    """Import field to the text that holds for every row, where the file does not say it."""


@dataclass(slots=True)
class Mapping:
    """A named set of corrections for one kind of import."""

    kind: str
    name: str = ""
    tables: list[TableMapping] = field(default_factory=list[TableMapping])
    without: list[str] = field(default_factory=list[str])
    """Sheets that are not to be read."""
    everywhere: dict[str, str] = field(default_factory=dict[str, str])
    """Import field to the text that holds for every row of all tables."""

    def for_table(self, sheet: str, signature: str) -> TableMapping | None:
        """The corrections for a table: made for these headings, else for this sheet alone."""
        for table in self.tables:
            if table.signature and table.signature == signature:
                return table
        return next(
            (each for each in self.tables if not each.signature and each.sheet == sheet), None
        )

    def header_of(self, sheet: str) -> tuple[int, int] | None:
        """The rows of headings that were pointed out by hand for a sheet."""
        return next(
            (each.header for each in self.tables if each.sheet == sheet and each.header), None
        )

    def table_said(self, sheet: str, signature: str) -> TableMapping:
        """The corrections for a table, begun where there are none yet."""
        held = self.for_table(sheet, signature)
        if held is None:
            held = TableMapping(sheet=sheet, signature=signature)
            self.tables.append(held)
        return held

    def point_out(self, sheet: str, first: int, last: int) -> None:
        """Say which rows of a sheet hold the headings; what was said of its columns is void."""
        self.tables = [each for each in self.tables if each.sheet != sheet]
        self.tables.append(TableMapping(header=(first, last), sheet=sheet))
        self.without = [each for each in self.without if each != sheet]

    @property
    def signatures(self) -> set[str]:
        """The headings that it was made for."""
        return {table.signature for table in self.tables if table.signature}

    def knows(self, signatures: Iterable[str]) -> bool:
        """Whether it was made for a file with one of these headings: it is then proposed again."""
        return not self.signatures.isdisjoint(signatures)

    def to_json(self) -> str:
        """The mapping as text to keep."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """The mapping that `to_json` wrote.

        Raises `Refused` when the text is something else.
        """
        try:
            read = json.loads(text)
            tables = [_table_from(each) for each in read["tables"]]
            without = [str(each) for each in read.get("without", [])]
            everywhere = _texts(read.get("everywhere", {}))
            return cls(str(read["kind"]), str(read["name"]), tables, without, everywhere)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise Refused("Ce modèle d’import ne peut pas être lu.") from error


def _table_from(read: dict[str, object]) -> TableMapping:
    columns = _object(read["columns"])
    header = cast("list[int] | None", read["header"])
    return TableMapping(
        columns={int(key): None if to is None else str(to) for key, to in columns.items()},
        header=(int(header[0]), int(header[1])) if header else None,
        sheet=str(read["sheet"]),
        signature=str(read["signature"]),
        fixed=_texts(read.get("fixed", {})),
    )


def _texts(read: object) -> dict[str, str]:
    return {str(key): str(value) for key, value in _object(read).items()}


def _object(read: object) -> dict[str, object]:
    if not isinstance(read, dict):
        raise TypeError
    return cast("dict[str, object]", read)


REASON, LINE = "Motif du refus", "Ligne d’origine"
"""Headings of what is written beside refused lines; they say nothing of the lines themselves."""
_OURS = frozenset(fold(each) for each in (REASON, LINE))


def is_ours(heading: str) -> bool:
    """Whether a column was added when refused lines were written out."""
    return " ".join(fold(heading).split()) in _OURS


def signature_of(headings: Iterable[str]) -> str:
    """The digest of a row of headings, whatever their accents, case and spaces.

    The same for refused lines that were written out as for the file that they come from.
    """
    kept = (heading for heading in headings if not is_ours(heading))
    folded = "|".join(" ".join(fold(heading).split()) for heading in kept)
    return sha256(folded.encode()).hexdigest()[:16]
