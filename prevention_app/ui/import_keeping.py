"""Keeps the import under review as it goes on, so that it is there again after a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from prevention_app.errors import Refused
from prevention_app.exchange.mapping import Mapping as ColumnMapping
from prevention_app.services.binding.matcher import Outcome
from prevention_app.ui import import_drafts, kept_files
from prevention_app.ui.import_drafts import ImportDraft
from prevention_app.ui.import_entries import Entry
from prevention_app.ui.session import Session

_PAUSE_MS: Final = 250


class ImportKeeping(QObject):
    """One import at a time; the others that were begun wait on the disk."""

    def __init__(
        self, session: Session, entries: Callable[[], Sequence[Entry]], parent: QObject
    ) -> None:
        """`entries` tells where the files stand now."""
        super().__init__(parent)
        self._folder = session.folder
        self._entries = entries
        self._key = import_drafts.new_key()
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._keep)

    def note(self) -> None:
        """Something may have been decided: it is kept in a moment."""
        if self._entries() and not self._timer.isActive():
            self._timer.start()

    def _keep(self) -> None:
        import_drafts.keep_soon(self._folder, self._key, unfinished(self._entries()))

    def keep_now(self) -> None:
        """Have it on the disk before anything else happens."""
        self._timer.stop()
        if self._entries():
            self._keep()
            kept_files.flush()

    def take_up(self, draft: ImportDraft) -> list[Entry]:
        """Go on with an import that was begun earlier; the one under review waits meanwhile.

        Raises Refused where what was kept of it cannot be read.
        """
        try:
            taken_up = [entry_of(each) for each in draft.entries]
        except (ValueError, KeyError, TypeError) as error:
            raise Refused("Ce qui a été gardé de cet import ne peut pas être lu.") from error
        self.keep_now()
        self._key = draft.key
        return taken_up

    def forget(self) -> None:
        """The import is over or was given up; the next one is another."""
        self._timer.stop()
        self.drop(self._key)
        self._key = import_drafts.new_key()

    def drop(self, key: str) -> None:
        """Forget an import that waits."""
        import_drafts.keep_soon(self._folder, key, ())

    def find(self, key: str) -> ImportDraft | None:
        """An import that waits to be taken up."""
        return next((each for each in self.waiting() if each.key == key), None)

    def waiting(self) -> list[ImportDraft]:
        """The imports that were begun and wait to be taken up, but for the one under review."""
        return [each for each in import_drafts.waiting(self._folder) if each.key != self._key]


def unfinished(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """What is to be kept of files that are not applied yet."""
    return [_body(each) for each in entries if each.applied is None]


def _body(entry: Entry) -> dict[str, Any]:
    return {
        "files": [str(each.absolute()) for each in entry.files],
        "kind": entry.kind,
        "department": entry.department,
        "mapping": entry.mapping.to_json() if entry.mapping else "",
        "corrections": [[*place, text] for place, text in entry.corrections.items()],
        "originals": [[*place, text] for place, text in entry.originals.items()],
        "left_out": [[*place, outcome.value] for place, outcome in entry.left_out.items()],
        "digests": entry.digests,
    }


def entry_of(body: Mapping[str, Any]) -> Entry:
    """A file as it was kept; raises ValueError, KeyError, TypeError or Refused for anything else.

    Its review is not kept: the file is read again, and compared with what is stored by then.
    """
    return Entry(
        tuple(Path(each) for each in body["files"]),
        str(body["kind"]),
        str(body["department"]),
        ColumnMapping.from_json(body["mapping"]) if body["mapping"] else None,
        {(file, sheet, cell): str(text) for file, sheet, cell, text in body["corrections"]},
        {(file, sheet, cell): str(text) for file, sheet, cell, text in body["originals"]},
        {(file, sheet, int(row)): Outcome(out) for file, sheet, row, out in body["left_out"]},
        kept_digests=dict(body["digests"]),
    )
