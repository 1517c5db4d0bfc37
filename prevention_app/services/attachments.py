"""Files that belong to a record: photographs, reports, letters; read, added and taken away."""

from __future__ import annotations

import contextlib
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.workspace import Attachment
from prevention_app.errors import Refused
from prevention_app.exchange.file_names import accepted
from prevention_app.services import records
from prevention_app.storage import attachments as stored
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

ATTACH, DETACH = "Joindre un fichier", "Retirer une pièce jointe"
"""Names of the changes made here, as undo and history call them."""
MOST_BYTES: Final = 25_000_000
_MEDIA: Final = {
    ".csv": "text/csv",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".eml": "message/rfc822",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".msg": "application/vnd.ms-outlook",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".rtf": "application/rtf",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Ending → media type of what may be joined: nothing that a double click would run."""
ENDINGS: Final = tuple(_MEDIA)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are kept, and that belongs to no record yet."""

    name: str
    digest: str
    size: int


def of_record(read: Reader, register: str, record_id: str) -> list[Attachment]:
    """The files of a record, by their name."""
    where = (Condition("of_record", Op.IS, record_id), Condition("of_register", Op.IS, register))
    return [cast("Attachment", each) for each in read.records(Query("attachment", where))]


def keep(store: Store, file: Path) -> KeptFile:
    """Keep the bytes of a file in the workspace; raises Refused for one that may not be joined."""
    if file.suffix.lower() not in _MEDIA:
        raise Refused(
            f"« {file.name} » n’est pas d’un type qui se joint : "
            "document bureautique, PDF, image, message ou texte."
        )
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise Refused(f"« {file.name} » dépasse {MOST_BYTES // 1_000_000} Mo.")
        return KeptFile(file.name, stored.put(store, file), size)
    except OSError as error:
        raise Refused(f"« {file.name} » ne peut pas être lu : rien n’est joint.") from error


def attach(store: Store, register: str, record: Record, files: Sequence[KeptFile]) -> Changes:
    """Say that kept files belong to a record; raises Refused where all of them did already."""
    with store.reading() as read:
        held = {each.digest for each in of_record(read, register, record.id)}
    new = {each.digest: each for each in files if each.digest not in held}
    if not new:
        raise Refused("Ce fichier est déjà joint à cette fiche.")
    with store.change(ATTACH) as work:
        attach_to(work, register, record, list(new.values()))
    return records.written(work)


def attach_to(work: Work, register: str, record: Record, files: Sequence[KeptFile]) -> None:
    """Say within a change that kept files belong to a record."""
    for each in files:
        work.new(
            "attachment",
            owner=record.owner,
            of_register=register,
            of_record=record.id,
            name=each.name,
            media_type=_MEDIA[Path(each.name).suffix.lower()],
            size=each.size,
            digest=each.digest,
        )


def detach(store: Store, attachment: Attachment) -> Changes:
    """Say that a file belongs to its record no longer; its bytes stay, so that it may come back."""
    with store.change(DETACH) as work:
        work.delete("attachment", attachment)
    return records.written(work)


def copy_for_reading(store: Store, attachment: Attachment, folder: Path) -> Path:
    """A copy that its program can open, in a folder; what is written into it changes nothing.

    Raises Refused where the bytes are not at this station, or for what a double click would run.
    """
    name = accepted(attachment.name)
    if Path(name).suffix.lower() not in _MEDIA:
        raise Refused(f"« {attachment.name} » n’est pas d’un type qui s’ouvre d’ici.")
    kept = stored.place(store, attachment.digest)
    place = folder / attachment.digest[:16] / name
    if place.exists():
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, place)
    except FileNotFoundError as error:
        raise Refused(f"« {attachment.name} » n’est pas sur cet ordinateur.") from error
    except OSError as error:
        raise Refused(f"« {attachment.name} » ne peut pas être copié pour être lu.") from error
    place.chmod(stat.S_IREAD)
    return place


def remove_copies(folder: Path) -> None:
    """Remove what was copied for reading; what another program still holds open stays."""
    for each in folder.rglob("*"):
        if each.is_file():
            with contextlib.suppress(OSError):
                each.chmod(stat.S_IREAD | stat.S_IWRITE)
    shutil.rmtree(folder, ignore_errors=True)
