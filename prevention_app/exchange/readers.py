"""Reading a file from outside, whatever it is: the one door to `exchange.reading`."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.archive import Archive
from prevention_app.exchange.reading.file_kind import (
    ENDINGS,
    FileKind,
    is_zip,
    recognise,
    recognise_archive,
)
from prevention_app.exchange.reading.grid import holds_something
from prevention_app.exchange.sheets import Sheet, SourceFile
from prevention_app.exchange.typography import typeset

MAX_FILE = 100_000_000
"""Bytes on disk; a document unique of 1,000 risks has some 100,000."""


def read_source(path: Path) -> SourceFile:
    """Read a workbook or text table (.xlsx, .xlsm, .xls, .ods, .csv), known by its content.

    Nothing is written, no other file is opened, no address is looked up. Memory stays below 1 GiB.

    Raises:
        UnreadableFile: the file cannot be read; the message names it, says why and what to do.
    """
    name = _shown_name(path)
    try:
        content = _content(path)
        sheets, remarks = _sheets(path, content)
        if not any(holds_something(sheet) for sheet in sheets):
            raise UnreadableFile(refusals.NO_DATA)
    except UnreadableFile as error:
        raise _refusal(name, str(error)) from error
    except MemoryError as error:
        raise _refusal(name, refusals.TOO_DEEP) from error
    except Exception as error:
        # What strangers put into files knows no end; a user gets a sentence all the same.
        raise _refusal(name, str(refusals.damaged("contenu incompréhensible"))) from error
    return SourceFile(
        path=path,
        name=name,
        digest=hashlib.sha256(content).hexdigest(),
        sheets=sheets,
        remarks=[typeset(remark) for remark in remarks],
    )


def _refusal(name: str, reason: str) -> UnreadableFile:
    return UnreadableFile(typeset(f"« {name} » n’a pas été lu. {reason}"))


def _shown_name(path: Path) -> str:
    """The file's name as text that any screen and any encoding can take."""
    text = path.name.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", text)


def _content(path: Path) -> bytes:
    if path.name.startswith("~$"):
        raise UnreadableFile(
            "C’est le fichier de verrouillage d’Excel. "
            "Choisissez le classeur du même nom, sans « ~$ »."
        )
    try:
        if path.is_dir():
            raise UnreadableFile("C’est un dossier : choisissez un fichier.")
        if not path.exists():
            raise UnreadableFile("Le fichier est introuvable : il a été déplacé ou renommé.")
        if not path.is_file():
            raise UnreadableFile("Ce n’est pas un fichier ordinaire.")
        _check_size(path.stat().st_size)
        return path.read_bytes()
    except PermissionError as error:
        raise UnreadableFile(
            "Le fichier ne peut pas être ouvert : un autre programme le tient ouvert, "
            "ou vous n’avez pas le droit de le lire. Fermez-le partout, puis recommencez."
        ) from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            "Le fichier ne peut pas être lu sur le disque. Copiez-le ailleurs, puis recommencez."
        ) from error


def _check_size(size: int) -> None:
    if not size:
        raise UnreadableFile("Le fichier est vide (0 octet).")
    if size > MAX_FILE:
        raise refusals.too_large("plus de 100 Mo")


def _sheets(path: Path, content: bytes) -> tuple[list[Sheet], list[str]]:
    if is_zip(content):
        archive = Archive(content)
        kind = recognise_archive(archive)
        sheets, remarks = _read_archive(kind, archive)
    else:
        kind = recognise(content)
        sheets, remarks = _read_plain(kind, path, content)
    return sheets, [*_name_remarks(path, kind), *remarks]


def _read_archive(kind: FileKind, archive: Archive) -> tuple[list[Sheet], list[str]]:
    if kind is FileKind.ODS:
        from prevention_app.exchange.reading.ods import read_ods

        sheets, remarks = read_ods(archive)
    else:
        from prevention_app.exchange.reading.xlsx import read_xlsx

        sheets, remarks = read_xlsx(archive)
    if archive.suspicious_paths:
        remarks.append("L’archive contient des chemins suspects (« ../ ») : ils sont ignorés.")
    return sheets, remarks


def _read_plain(kind: FileKind, path: Path, content: bytes) -> tuple[list[Sheet], list[str]]:
    if kind is FileKind.XLS:
        from prevention_app.exchange.reading.xls import read_xls

        return read_xls(content)
    from prevention_app.exchange.reading.delimited import read_delimited

    return read_delimited(path.stem, content)


def _name_remarks(path: Path, kind: FileKind) -> list[str]:
    ending = path.suffix.lower()
    if not ending or ending in ENDINGS[kind]:
        return []
    what = "un texte à séparateurs (.csv)" if kind is FileKind.DELIMITED else f"un {kind.value}"
    return [f"Le nom du fichier finit par « {ending} », mais c’est {what} : lu comme tel."]
