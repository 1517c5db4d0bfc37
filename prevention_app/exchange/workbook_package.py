"""The finished file: what XlsxWriter made, with the rows of the registers put into its sheets."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from prevention_app.errors import PreventionError

MANY_ROWS = 5_000
"""From here on a sheet is packed for speed, below for size."""

_FAST, _SMALL = 1, 6
_LARGEST_PART = 2**31 - 2**24
"""In bytes: beyond, the file would need a form of zip that Excel warns of."""
_STRINGS = "xl/sharedStrings.xml"
_CELL = re.compile(r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?')
_DIMENSION = re.compile(r'<dimension ref="([A-Z]+\d+)(?::([A-Z]+)(\d+))?"/>')
_TABLE_PART = re.compile(r'Target="\.\./(tables/table\d+\.xml)"')


@dataclass(frozen=True, slots=True)
class Insertion:
    """Rows that take the place of one sample row."""

    sample_row: int
    count: int
    rows: Iterable[bytes]
    """XML of `count` rows, the first of which is the sample row's place."""


class Package:
    """The file that XlsxWriter made, being read."""

    def __init__(self, made: IO[bytes]) -> None:
        """Open it."""
        self._parts = zipfile.ZipFile(made)

    def styles_of(self, sheet: int, row: int) -> list[int]:
        """The format indexes of a row of a sheet (counted from 1), cell by cell."""
        found = _row(self._text(_sheet_part(sheet)), row)
        return [int(style or 0) for _, style in _CELL.findall(found.group())]

    def write(self, out: IO[bytes], insertions: Mapping[int, Insertion]) -> None:
        """Write the file with the rows in their sheets (by number, counted from 1)."""
        sheets = {_sheet_part(sheet): each for sheet, each in insertions.items()}
        tables = {self._table_of(sheet): each.count - 1 for sheet, each in insertions.items()}
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in self._parts.namelist():
                if part in sheets:
                    self._write_sheet(archive, part, sheets[part])
                    continue
                content = self._parts.read(part)
                if part in tables:
                    content = _longer_table(content.decode(), tables[part]).encode()
                elif part == _STRINGS:
                    content = self._counted_strings(content)
                archive.compresslevel = _SMALL
                archive.writestr(part, content, zipfile.ZIP_DEFLATED)

    def _text(self, part: str) -> str:
        return self._parts.read(part).decode()

    def _counted_strings(self, content: bytes) -> bytes:
        """The shared strings with the number of their uses: a cell written twice counts once."""
        sheets = (part for part in self._parts.namelist() if part.startswith("xl/worksheets/sheet"))
        uses = sum(self._parts.read(part).count(b' t="s"') for part in sheets)
        return re.sub(rb' count="\d+"', b' count="%d"' % uses, content, count=1)

    def _table_of(self, sheet: int) -> str:
        rels = self._text(f"xl/worksheets/_rels/sheet{sheet}.xml.rels")
        found = _TABLE_PART.search(rels)
        if found is None:
            raise ValueError(f"sheet {sheet} has no table")
        return f"xl/{found.group(1)}"

    def _write_sheet(self, archive: zipfile.ZipFile, part: str, inserted: Insertion) -> None:
        text = self._text(part)
        sample = _row(text, inserted.sample_row)
        more = inserted.count - 1
        end = text.index("</sheetData>")
        with _packing(archive, part, fast=inserted.count > MANY_ROWS) as member:
            member.write(_longer_dimension(text[: sample.start()], inserted).encode())
            written = 0
            for each in inserted.rows:
                written += len(each)
                if written > _LARGEST_PART:
                    raise PreventionError(
                        "Ce registre est trop volumineux pour un classeur : exportez-le en CSV."
                    )
                member.write(each)
            member.write(_moved_down(text[sample.end() : end], more).encode())
            member.write(text[end:].encode())


def _sheet_part(sheet: int) -> str:
    return f"xl/worksheets/sheet{sheet}.xml"


def _row(text: str, row: int) -> re.Match[str]:
    found = re.search(rf'<row r="{row}"[^>]*>.*?</row>', text, re.DOTALL)
    if found is None:
        raise ValueError(f"no row {row}")
    return found


def _longer_dimension(head: str, inserted: Insertion) -> str:
    def longer(found: re.Match[str]) -> str:
        first, column, last = found.groups()
        return f'<dimension ref="{first}:{column}{int(last) + inserted.count - 1}"/>'

    return _DIMENSION.sub(longer, head, count=1)


def _longer_table(text: str, more: int) -> str:
    """The table with so many rows more: in its range and in that of its filter."""
    return re.sub(
        r' ref="([A-Z]+\d+:[A-Z]+)(\d+)"',
        lambda found: f' ref="{found.group(1)}{int(found.group(2)) + more}"',
        text,
    )


def _moved_down(rows: str, more: int) -> str:
    """Rows below the sample: the total."""
    return re.sub(
        r'( r="[A-Z]*)(\d+)"', lambda found: f'{found.group(1)}{int(found.group(2)) + more}"', rows
    )


@contextmanager
def _packing(archive: zipfile.ZipFile, part: str, *, fast: bool) -> Iterator[IO[bytes]]:
    """A part that is written piece by piece; a large one with isal where it is installed."""
    archive.compresslevel = _FAST if fast else _SMALL
    with archive.open(part, "w") as member:
        if fast:
            _use_isal(member)
        yield member


def _use_isal(member: Any) -> None:
    try:
        from isal import isal_zlib
    except ImportError:
        return
    packer: Any = isal_zlib
    # zipfile has no public way to pack with another library; the stream is plain deflate.
    member._compressor = packer.compressobj(_FAST, packer.DEFLATED, -packer.MAX_WBITS)  # noqa: SLF001
