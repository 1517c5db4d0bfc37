"""The notice to pin up: where and how the document unique can be looked into."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from prevention_app.catalogue.organisation import Department
from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.exchange.sealed_notice import Notice, notice_docx
from prevention_app.services import document_versions as held
from prevention_app.services.lookup import Lookup
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store

HOW: Final = "Sur demande, aux heures d’ouverture du service, sur papier ou à l’écran."
CONTACT: Final = "Le service prévention, ou l’assistant de prévention du site."


def write_notice(
    store: Store, department: str, out: Path, *, place: str, how: str = "", contact: str = ""
) -> None:
    """Write the notice as a Word file; raises PreventionError where it cannot be written."""
    refuse_locked(out)
    with store.reading() as read:
        notice = Notice(
            _employer(read, department or store.department),
            _version(read, department or store.department),
            place,
            how or HOW,
            contact or CONTACT,
        )
    with replacing(out) as file:
        file.write(notice_docx(notice))


def _employer(read: Reader, department: str) -> str:
    for each in Lookup(read, Department).live():
        if each.number == department:
            return each.employer or f"Département {each.name}"
    return department


def _version(read: Reader, department: str) -> str:
    """The version in force, if there is one: no other is announced as such."""
    for each in held.versions(read, department):
        if each.in_force:
            day = each.record.elaborated_on
            return f"Version en vigueur : {each.name}, élaborée le {day:%d/%m/%Y}"
    return ""
