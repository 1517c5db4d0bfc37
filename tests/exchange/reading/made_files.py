"""Files made for the tests of reading, as small as they can be."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

_NAMES = {"office": "office", "style": "style", "table": "table", "text": "text", "draw": "drawing"}
_ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in _NAMES.items()
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def worksheet(rows: str, *, before: str = "", after: str = "") -> str:
    """The XML of a sheet with those `<row>` elements."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def relationships(*relations: tuple[str, str]) -> str:
    """The XML of a `.rels` part; each relation is a kind and a target, and named r0, r1…"""
    return (
        f'<Relationships xmlns="{PACKAGE}">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
            for n, (kind, target) in enumerate(relations)
        )
        + "</Relationships>"
    )


def write_xlsx(
    path: Path,
    *sheets: str | bytes,
    before_sheets: str = "",
    after_sheets: str = "",
    parts: dict[str, str] | None = None,
) -> Path:
    """A workbook of those sheets' XML, called S0, S1…; parts below `xl/` are related to it."""
    parts = parts or {}
    listed = "".join(
        f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in range(len(sheets))
    )
    relations = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(len(sheets))]
    relations += [(name.split("/")[-1].removesuffix(".xml"), name) for name in parts]
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", relationships(("officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before_sheets}'
            f"<sheets>{listed}</sheets>{after_sheets}</workbook>",
        )
        archive.writestr("xl/_rels/workbook.xml.rels", relationships(*relations))
        for n, sheet in enumerate(sheets):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", sheet)
        for name, text in parts.items():
            archive.writestr(f"xl/{name}", text)
    return path


def write_ods(path: Path, tables: str, *, styles: str = "") -> Path:
    """An OpenDocument spreadsheet of those `<table:table>` elements."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {_ODF} {_CALC}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def write_zip(path: Path, parts: dict[str, str]) -> Path:
    """An archive with those parts."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def write_lying_xlsx(path: Path, sheet: bytes, declared: int) -> Path:
    """A workbook whose sheet says, with the right checksum, that it inflates to less."""
    write_xlsx(path, sheet)
    content = bytearray(path.read_bytes())
    for mark, place_of_sizes in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            crc, packed, inflated = struct.unpack_from("<III", content, start + place_of_sizes)
            if (crc, inflated) == (zlib.crc32(sheet), len(sheet)):
                lie = zlib.crc32(sheet[:declared]), packed, declared
                struct.pack_into("<III", content, start + place_of_sizes, *lie)
            start += 4
    path.write_bytes(content)
    return path
