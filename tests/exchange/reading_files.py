"""Files made for the tests of reading, as small as they can be."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "style": "style",
        "table": "table",
        "text": "text",
        "draw": "drawing",
    }.items()
) + (
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def worksheet(rows: str, after: str = "", before: str = "") -> str:
    """The XML of a sheet with those `<row>` elements."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def write_xlsx(path: Path, *sheets: str, workbook: str = "", **parts: str | bytes) -> Path:
    """A workbook of those sheets; parts are named with `__` for `/` and `_` for the last dot.

    Args:
        path: where to write.
        sheets: XML of each worksheet; they are called S1, S2…
        workbook: what stands in `workbook.xml` before the list of sheets.
        parts: further parts below `xl/`, such as styles_xml or comments1_xml; known ones are
            related to the workbook, comments to the first sheet.
    """
    listed = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="s{n}"/>' for n in range(1, len(sheets) + 1)
    )
    relations = [(f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    named = {key.rpartition("_")[0].replace("__", "/") + "." + key.rpartition("_")[2]: text for key, text in parts.items()}
    relations += [
        (kind, kind, f"{kind}.xml") for kind in ("styles", "sharedStrings") if f"{kind}.xml" in named
    ]
    if "theme/theme1.xml" in named:
        relations.append(("theme", "theme", "theme/theme1.xml"))
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", relationships([("b", "officeDocument", "xl/workbook.xml")]))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook}<sheets>{listed}</sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", relationships(relations))
        for n, sheet in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", sheet)
        for name, text in named.items():
            archive.writestr(f"xl/{name}", text)
    return path


def relationships(relations: list[tuple[str, str, str]]) -> str:
    """The XML of a `.rels` part: identifier, kind, target."""
    return f'<Relationships xmlns="{PACKAGE}">' + "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, kind, target in relations
    ) + "</Relationships>"


def write_ods(path: Path, tables: str, styles: str = "") -> Path:
    """An OpenDocument spreadsheet of those `<table:table>` elements."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {ODF}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def lying_zip(path: Path, content: bytes, declared: int) -> Path:
    """A workbook whose sheet says that it inflates to less than it does."""
    write_xlsx(path, content.decode())
    data = bytearray(path.read_bytes())
    checksum = zlib.crc32(content[:declared])
    for mark, sizes in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        place = 0
        while (place := data.find(mark, place)) >= 0:
            crc, packed, inflated = struct.unpack_from("<III", data, place + sizes)
            if inflated == len(content) and crc == zlib.crc32(content):
                struct.pack_into("<III", data, place + sizes, checksum, packed, declared)
            place += 4
    path.write_bytes(data)
    return path
