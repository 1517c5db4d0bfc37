"""The CSV files of a published E-Phy edition, wherever they lie: a zip, a folder, loose files.

Nothing is ever unpacked: members of an archive are read as streams, so that a name in it cannot
make us write anywhere, and what it unfolds into is bounded before the first byte is read.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from prevention_app.errors import UnreadableFile

MEGABYTE = 1_000_000
LARGEST_FILE = 200 * MEGABYTE
"""Bytes once unfolded; the largest published file has 11.5 MB."""
LARGEST_ARCHIVE = 400 * MEGABYTE
"""Bytes once unfolded; the ten published files have 36 MB together."""
MOST_MEMBERS = 500
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class EphySource:
    """One file of the edition: where it lies, what to call it, of which day it is."""

    path: Path
    member: str
    """Its name inside the archive; empty for a loose file."""
    name: str
    """Its name as shown to people."""
    published: date
    dated_by_name: bool
    """The day stands in a name; otherwise it is when the file was written, here or there."""

    @contextmanager
    def open(self) -> Generator[IO[bytes], None, None]:
        """Its bytes, from the start; raises `UnreadableFile` where the archive is damaged."""
        try:
            if self.member:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                    yield stream
            else:
                with self.path.open("rb") as stream:
                    yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise _damaged(self.path) from error
        except OSError as error:
            raise UnreadableFile(f"Le fichier « {self.name} » ne peut pas être lu.") from error


def find_sources(paths: Sequence[Path], today: date) -> tuple[list[EphySource], list[str]]:
    """The CSV files under these paths, and the names of what lies there and is not read.

    A folder gives its CSV files, or those of its subfolders, or else its one archive.
    Raises `UnreadableFile` for what is missing, empty, damaged, locked or dangerous.
    """
    found: list[EphySource] = []
    left: list[str] = []
    for path in paths:
        if path.is_dir():
            _from_folder(path, today, found, left)
        else:
            _from_file(path, today, found, left)
    return found, left


def _from_folder(folder: Path, today: date, found: list[EphySource], left: list[str]) -> None:
    try:
        inside = sorted(each for each in folder.iterdir() if each.is_file())
    except OSError as error:
        raise UnreadableFile(f"Le dossier « {folder.name} » ne peut pas être lu.") from error
    loose = [each for each in inside if each.suffix.lower() == ".csv"] or sorted(
        folder.glob("*/*.[cC][sS][vV]")
    )
    archives = [each for each in inside if each.suffix.lower() == ".zip"]
    if loose:
        for path in loose:
            _from_file(path, today, found, left)
        left.extend(each.name for each in archives)
    elif len(archives) == 1:
        _from_file(archives[0], today, found, left)
    elif archives:
        names = ", ".join(f"« {each.name} »" for each in archives)
        raise UnreadableFile(
            f"Le dossier « {folder.name} » contient plusieurs archives ({names}) : "
            "indiquez celle à lire."
        )
    else:
        raise UnreadableFile(
            f"Le dossier « {folder.name} » ne contient ni fichier CSV ni archive ZIP."
        )


def _from_file(path: Path, today: date, found: list[EphySource], left: list[str]) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise UnreadableFile(f"Le fichier « {path.name} » est introuvable ou illisible.") from error
    if not size:
        raise UnreadableFile(f"Le fichier « {path.name} » est vide (0 octet).")
    if start.startswith(b"PK"):
        _from_archive(path, today, found, left)
        return
    if size > LARGEST_FILE:
        raise _too_large(path.name, LARGEST_FILE)
    said = day_in_name(path.name) or day_in_name(path.parent.name)
    found.append(EphySource(path, "", path.name, said or _file_day(path, today), said is not None))


def _from_archive(path: Path, today: date, found: list[EphySource], left: list[str]) -> None:
    members = _safe_members(path)
    tables = [each for each in members if each.filename.lower().endswith(".csv")]
    if not tables:
        raise UnreadableFile(
            f"« {path.name} » ne contient aucun fichier CSV : ce n’est pas une édition d’E-Phy. "
            "Choisissez l’archive ZIP publiée sur data.gouv.fr."
        )
    for each in tables:
        name = PurePosixPath(each.filename.replace("\\", "/")).name
        said = day_in_name(name) or day_in_name(path.name)
        day = said or _member_day(each, path, today)
        found.append(EphySource(path, each.filename, name, day, said is not None))
    left.extend(each.filename for each in members if each not in tables)


def _safe_members(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(path) from error
    members = [each for each in members if not each.filename.startswith("__MACOSX/")]
    if any(each.flag_bits & _ENCRYPTED for each in members):
        raise UnreadableFile(
            f"L’archive « {path.name} » est protégée par un mot de passe. "
            "Choisissez l’archive telle que publiée sur data.gouv.fr."
        )
    if len(members) > MOST_MEMBERS:
        raise UnreadableFile(
            f"L’archive « {path.name} » contient plus de {MOST_MEMBERS} fichiers : "
            "refusée par sécurité."
        )
    if any(each.file_size > LARGEST_FILE for each in members):
        raise _too_large(path.name, LARGEST_FILE)
    if sum(each.file_size for each in members) > LARGEST_ARCHIVE:
        raise _too_large(path.name, LARGEST_ARCHIVE)
    if any(each.compress_type not in _READABLE for each in members):
        raise UnreadableFile(
            f"L’archive « {path.name} » utilise une compression inhabituelle. "
            "Dépliez-la dans un dossier, puis choisissez ce dossier."
        )
    return members


def day_in_name(name: str) -> date | None:
    """The day that a file's name says, as in « …-csv-20250923-windows-1252.zip »."""
    for year, month, day in _DAY_IN_NAME.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _file_day(path: Path, today: date) -> date:
    return min(datetime.fromtimestamp(path.stat().st_mtime).date(), today)


def _member_day(member: zipfile.ZipInfo, path: Path, today: date) -> date:
    try:
        written = date(*member.date_time[:3])
    except ValueError:
        return _file_day(path, today)
    # 1980 is what an archive says when its maker gave no date.
    return min(written, today) if written.year > 1980 else _file_day(path, today)


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(
        f"L’archive « {path.name} » est incomplète ou abîmée. Téléchargez-la à nouveau."
    )


def _too_large(name: str, bound: int) -> UnreadableFile:
    return UnreadableFile(
        f"« {name} » se déploie en plus de {bound // MEGABYTE} Mo : refusé par sécurité."
    )
