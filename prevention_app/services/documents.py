"""Word and PDF files of the document unique: of a department, of an org unit, of a work unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.organisation import Department, OrgUnit, WorkUnit
from prevention_app.domain.document_content import UNITS, DocumentContent
from prevention_app.errors import Refused
from prevention_app.exchange.printed_document import Form, Heading
from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.services import attachments
from prevention_app.services.document_content import content_of
from prevention_app.services.lookup import Lookup
from prevention_app.services.progress import Progress
from prevention_app.storage import attachments as stored
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store

WORD, PDF = ".docx", ".pdf"
_STEPS: Final = 3
_PICTURES: Final = ("image/png", "image/jpeg")
NOT_SEALED: Final = "Document de travail, non figé"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be printed: of a whole department, where no place is named."""

    department: str
    place: Record | None = None
    """An org unit, with all below it, or a work unit."""
    form: Form = Form.DOCUMENT


def export_document(
    store: Store, wanted: Wanted, out: Path, progress: Progress, template: Path | None = None
) -> int:
    """Write the document or the sheets; returns how many units are in it.

    The ending of the file says which: .docx from a template (the program's own where none is
    given), .pdf from the program's own pages, or by LibreOffice from a template.

    Raises:
        Refused: another ending, no unit to print, a PDF of a template without LibreOffice.
        UnreadableFile: the template is none.
    """
    ending = out.suffix.lower()
    if ending not in (WORD, PDF):
        raise Refused(f"« {out.name} » : un document s’écrit en {WORD} ou en {PDF}.")
    refuse_locked(out)
    progress.step(0, _STEPS, "Lecture du document unique")
    with store.reading() as read:
        scope = () if wanted.place is None else tuple(_units_of(read, wanted.place))
        if wanted.place is not None and not scope:
            raise Refused("Ce service n’a pas d’unité de travail : rien à imprimer.")
        content = content_of(read, wanted.department, store.today(), scope)
        heading = _heading(read, wanted)
        logo = logo_of(store, read, wanted.department)
    progress.check_cancelled()
    progress.step(1, _STEPS, "Mise en pages")
    made = _made(content, heading, wanted.form, logo, template, ending)
    progress.check_cancelled()
    progress.step(2, _STEPS, "Écriture du fichier")
    with replacing(out) as file:
        file.write(made)
    return len(content[UNITS].rows)


def _made(
    content: DocumentContent,
    heading: Heading,
    form: Form,
    logo: bytes,
    template: Path | None,
    ending: str,
) -> bytes:
    from prevention_app.exchange import pdf_document, word_document

    if ending == PDF and template is None:
        return pdf_document.document_pdf(content, heading, form, logo)
    if ending == PDF:
        word_document.converter()  # before the work, not after it
    made = word_document.document_docx(content, heading, form, logo, template)
    return word_document.as_pdf(made) if ending == PDF else made


def write_template(form: Form, out: Path) -> None:
    """A copy of the program's own template, to be changed."""
    from prevention_app.exchange.word_document import template_of

    refuse_locked(out)
    with replacing(out) as file:
        file.write(template_of(form).read_bytes())


def logo_of(store: Store, read: Reader, department: str) -> bytes:
    """The department's logo: the picture joined to its record; of several, the one so named."""
    held = [each for each in Lookup(read, Department).live() if each.number == department]
    found = [
        each
        for one in held
        for each in attachments.of_record(read, "department", one.id)
        if each.media_type in _PICTURES
    ]
    found.sort(key=lambda each: "logo" not in each.name.lower())
    for each in found:
        kept = stored.place(store, each.digest)
        if kept.exists():
            return kept.read_bytes()
    return b""


def _units_of(read: Reader, place: Record) -> Iterator[str]:
    """The work units at a place, or the one that it is."""
    if isinstance(place, WorkUnit):
        yield place.id
        return
    units = Lookup(read, OrgUnit)
    below = {place.id}
    waiting = [place.id]
    children: dict[str, list[str]] = {}
    for each in units.live():
        parent = units.get(each.parent)
        if parent is not None:
            children.setdefault(parent.id, []).append(each.id)
    while waiting:
        for each in children.get(waiting.pop(), ()):
            if each not in below:
                below.add(each)
                waiting.append(each)
    for unit in Lookup(read, WorkUnit).live((place.owner,)):
        held = units.get(unit.org_unit)
        if held is not None and held.id in below:
            yield unit.id


def _heading(read: Reader, wanted: Wanted) -> Heading:
    named = [
        each.name for each in Lookup(read, Department).live() if each.number == wanted.department
    ]
    whose = str(getattr(wanted.place, "name", "")) or next(iter(named), wanted.department)
    if wanted.form is Form.SHEET:
        return Heading(f"Fiche d’unité de travail – {whose}", (NOT_SEALED,))
    return Heading(f"Document unique – {whose}", (NOT_SEALED,))
