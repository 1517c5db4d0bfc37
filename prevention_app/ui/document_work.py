"""Writing documents in a process of its own; nothing here knows a widget."""

from __future__ import annotations

from pathlib import Path

from prevention_app import bootstrap
from prevention_app.exchange.printed_document import Form
from prevention_app.services.progress import Progress


def write_document(
    folder: Path,
    department: str,
    place: tuple[str, str] | None,
    form: Form,
    out: Path,
    template: Path | None,
    progress: Progress,
) -> Path:
    """Write the document of a department, or of a place (register and id) in it."""
    from prevention_app.services import documents

    store = bootstrap.open_workspace(folder)
    with store.reading() as read:
        record = read.get(*place) if place else None
    wanted = documents.Wanted(department, record, form)
    documents.export_document(store, wanted, out, progress, template)
    return out
