"""What a file is by what it holds; its name may say anything."""

from __future__ import annotations

import re
from enum import Enum

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.archive import Archive
from prevention_app.exchange.reading.compound_file import SIGNATURE

_AS_XLSX = "Ouvrez-le dans Excel et enregistrez-le au format .xlsx."
_EXPORT = "Demandez le tableau lui-même (.xlsx, .xls, .ods ou .csv)."


class FileKind(Enum):
    """The kinds that can be read, by the ending that their names should have."""

    XLSX = ".xlsx"
    XLS = ".xls"
    ODS = ".ods"
    DELIMITED = ".csv"


ENDINGS = {
    FileKind.XLSX: (".xlsx", ".xlsm", ".xltx", ".xltm"),
    FileKind.XLS: (".xls", ".xlt"),
    FileKind.ODS: (".ods", ".ots"),
    FileKind.DELIMITED: (".csv", ".txt", ".tsv", ".tab"),
}
"""Endings that fit what a file holds."""

_ZIP = b"PK"
_OLD_EXCEL = tuple(
    bytes.fromhex(each) for each in ("09000400", "09020600", "09040600", "09080800", "09081000")
)

_FOREIGN_STARTS = (
    (b"%PDF", f"C’est un document PDF, pas un classeur. {_EXPORT}"),
    (b"\x89PNG", f"C’est une image, pas un classeur. {_EXPORT}"),
    (b"\xff\xd8\xff", f"C’est une photo, pas un classeur. {_EXPORT}"),
    (b"GIF8", f"C’est une image, pas un classeur. {_EXPORT}"),
    (b"II*\x00", f"C’est une image, pas un classeur. {_EXPORT}"),
    (b"MM\x00*", f"C’est une image, pas un classeur. {_EXPORT}"),
    (b"RIFF", f"C’est une image ou un son, pas un classeur. {_EXPORT}"),
    (b"{\\rtf", f"C’est un document de texte (.rtf), pas un classeur. {_EXPORT}"),
    (
        b"7z\xbc\xaf",
        "C’est une archive (.7z) : ouvrez-la et choisissez le classeur qu’elle contient.",
    ),
    (b"Rar!", "C’est une archive (.rar) : ouvrez-la et choisissez le classeur qu’elle contient."),
    (
        b"\x1f\x8b",
        "C’est une archive (.gz) : ouvrez-la et choisissez le classeur qu’elle contient.",
    ),
    (b"MZ", f"C’est un programme, pas un classeur. {_EXPORT}"),
    (b"\x7fELF", f"C’est un programme, pas un classeur. {_EXPORT}"),
    (b"SQLite format 3", f"C’est une base de données, pas un classeur. {_EXPORT}"),
    (b"ID;P", f"C’est un ancien format de tableau (.slk). {_AS_XLSX}"),
)
_WEB_PAGE = (
    "Ce n’est pas un classeur Excel mais une page web. "
    "Ouvrez-la dans Excel et enregistrez-la au format .xlsx."
)
_WEB = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_MIME_WEB = re.compile(rb"(?:MIME-Version|From|Content-Type):[^\n]*\n", re.IGNORECASE)
_XML = re.compile(rb"\s*<(?:\?xml\b|[A-Za-z_][\w.:-]*\s[^>]*xmlns)")
_JSON = re.compile(rb"\s*(?:\{\s*\"|\[\s*[\[{])")


def recognise(content: bytes) -> FileKind:
    """The kind of a file that is no zip archive, by its content.

    Raises:
        UnreadableFile: it is something that cannot be read as a table, which is named.
    """
    for start, reason in _FOREIGN_STARTS:
        if content.startswith(start):
            raise UnreadableFile(reason)
    if content.startswith(SIGNATURE):
        return _ole_kind(content)
    if content.startswith(_OLD_EXCEL):
        return FileKind.XLS
    _refuse_markup(_first_characters(content))
    return FileKind.DELIMITED


def _first_characters(content: bytes) -> bytes:
    """The beginning as single-byte text, whichever Unicode encoding it is in."""
    return content[:8192].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"")


def is_zip(content: bytes) -> bool:
    """Whether it is an archive, as .xlsx and .ods files are."""
    return content.startswith(_ZIP) and content[2:4] in (b"\x03\x04", b"\x05\x06", b"\x07\x08")


def recognise_archive(archive: Archive) -> FileKind:
    """The kind of a zip archive, by its parts.

    Raises:
        UnreadableFile: it is no workbook, or one of a kind that cannot be read.
    """
    paths = set(archive.paths)
    if "mimetype" in paths:
        return _open_document_kind(archive.whole("mimetype").decode("ascii", "replace"))
    if "xl/workbook.bin" in paths:
        raise UnreadableFile(f"Le format .xlsb n’est pas lu. {_AS_XLSX}")
    if any(path.startswith("word/") for path in paths):
        raise UnreadableFile(f"C’est un document Word, pas un classeur. {_EXPORT}")
    if any(path.startswith("ppt/") for path in paths):
        raise UnreadableFile(f"C’est une présentation PowerPoint, pas un classeur. {_EXPORT}")
    if any(path.endswith(".iwa") or path == "index.zip" for path in paths):
        raise UnreadableFile(
            "C’est un fichier Numbers (Mac). Exportez-le au format Excel (.xlsx) depuis Numbers."
        )
    if "[content_types].xml" in paths or any(path.startswith("xl/") for path in paths):
        return FileKind.XLSX
    if "content.xml" in paths:
        return FileKind.ODS
    raise UnreadableFile(
        "C’est une archive (.zip) sans classeur Excel : "
        "ouvrez-la et choisissez le fichier qu’elle contient."
    )


def _open_document_kind(mimetype: str) -> FileKind:
    if "opendocument.spreadsheet" in mimetype:
        return FileKind.ODS
    if "sun.xml.calc" in mimetype:
        raise UnreadableFile(
            "Ancien format OpenOffice (.sxc). "
            "Ouvrez-le dans LibreOffice et enregistrez-le au format .ods ou .xlsx."
        )
    raise UnreadableFile(f"C’est un document, pas un classeur. {_EXPORT}")


def _ole_kind(content: bytes) -> FileKind:
    """Which program wrote a compound file: its directory names streams in UTF-16."""
    if _names_stream(content, "Workbook") or _names_stream(content, "Book"):
        return FileKind.XLS
    if _names_stream(content, "EncryptedPackage") or _names_stream(content, "EncryptionInfo"):
        raise UnreadableFile(refusals.PROTECTED)
    if _names_stream(content, "WordDocument"):
        raise UnreadableFile(f"C’est un document Word, pas un classeur. {_EXPORT}")
    if _names_stream(content, "PowerPoint Document"):
        raise UnreadableFile(f"C’est une présentation PowerPoint, pas un classeur. {_EXPORT}")
    if _names_stream(content, "__properties_version1.0"):
        raise UnreadableFile("C’est un courriel (.msg) : enregistrez d’abord sa pièce jointe.")
    raise refusals.damaged("classeur .xls illisible")


def _names_stream(content: bytes, name: str) -> bool:
    """Whether a directory entry, 128 bytes on a multiple of 128, begins with that name."""
    sought = (name + "\0").encode("utf-16-le")
    place = content.find(sought)
    while place >= 0 and place % 128:
        place = content.find(sought, place + 1)
    return place >= 0


def _refuse_markup(start: bytes) -> None:
    if _WEB.match(start) or (_MIME_WEB.match(start) and b"html" in start.lower()):
        raise UnreadableFile(_WEB_PAGE)
    if _XML.match(start):
        if b"<html" in start.lower():
            raise UnreadableFile(_WEB_PAGE)
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
            raise UnreadableFile(f"C’est un classeur au format « XML 2003 ». {_AS_XLSX}")
        raise UnreadableFile(f"C’est un fichier XML, pas un classeur. {_EXPORT}")
    if _JSON.match(start):
        raise UnreadableFile(f"C’est un fichier de données JSON, pas un classeur. {_EXPORT}")
