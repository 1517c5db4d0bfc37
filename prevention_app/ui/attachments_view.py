"""The files of one record: listed, opened in their programs, added, taken away."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Entity, Record
from prevention_app.catalogue.workspace import Attachment
from prevention_app.errors import PreventionError
from prevention_app.i18n import number_text
from prevention_app.services import attachments
from prevention_app.services.attachments import KeptFile
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes
from prevention_app.ui import file_choice
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.desktop import open_place
from prevention_app.ui.page import EmptyState, button
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys


class AttachmentsView(QWidget):
    """Shows them; files may be dropped on it, and an image pasted."""

    counted = Signal(int)

    def __init__(self, session: Session, entity: Entity) -> None:
        """No record yet."""
        super().__init__()
        self._session = session
        self._entity = entity
        self._record: Record | None = None
        self._writable = False
        self.files: list[Attachment] = []
        self._waiting: list[Path] = []
        """Chosen files whose bytes are not kept yet."""
        self._kept: list[KeptFile] = []
        self.setAcceptDrops(True)
        self.table = CellTable("Pièces jointes", ("Fichier", "Taille"), (0, 90), "row_standard")
        self.table.opened.connect(lambda _at: self.open_current())
        self.table.selectionModel().currentRowChanged.connect(self._show_possible)
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.open_button = button("Ouvrir")
        self.open_button.clicked.connect(self.open_current)
        self.remove_button = button("Retirer")
        self.remove_button.clicked.connect(self.remove_current)
        self.add_button = button("Joindre un fichier…", "plus")
        self.add_button.clicked.connect(self._choose)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 6, 18, 10)
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        foot.addWidget(self.remove_button)
        foot.addWidget(self.open_button)
        session.changed.connect(self._on_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
        on_keys("Delete", self.table, self.remove_current)

    # -- showing ---------------------------------------------------------------------------

    def show_record(self, record: Record | None, *, writable: bool) -> None:
        """Show the files of a record."""
        self._record, self._writable = record, writable
        self.files = []
        if record is not None:
            with self._session.store.reading() as read:
                self.files = attachments.of_record(read, self._entity.key, record.id)
        self.table.show_lines(
            [(Cell(each.name), Cell(_size(each.size), right=True)) for each in self.files]
        )
        self._stack.setCurrentIndex(0 if self.files else 1)
        hint = "Déposez ici un fichier, ou collez une image (Ctrl V)." if writable else ""
        self.empty.show_text("Aucune pièce jointe.", hint)
        if self.files:
            self.table.selectRow(0)
        self.add_button.setVisible(writable)
        self.remove_button.setVisible(writable)
        self._show_possible()
        self.counted.emit(len(self.files))

    def _on_changed(self, registers: set[str] | None) -> None:
        if registers is None or "attachment" in registers:
            self.show_record(self._record, writable=self._writable)

    def _show_possible(self) -> None:
        chosen = self._current() is not None
        self.open_button.setEnabled(chosen)
        self.remove_button.setEnabled(chosen and self._writable)

    def _current(self) -> Attachment | None:
        at = self.table.currentIndex().row()
        return self.files[at] if 0 <= at < len(self.files) else None

    # -- opening ---------------------------------------------------------------------------

    @cached_property
    def _opened(self) -> Path:
        """Where copies lie that other programs read; gone with this window."""
        folder = Path(tempfile.mkdtemp(prefix="prevention-"))
        weakref.finalize(self, attachments.remove_copies, folder)
        return folder

    def open_current(self) -> None:
        """Open the chosen file in the program made for it."""
        chosen = self._current()
        if chosen is None:
            return
        try:
            open_place(attachments.copy_for_reading(self._session.store, chosen, self._opened))
        except PreventionError as error:
            self._session.say(str(error), "bad")

    # -- adding, taking away ---------------------------------------------------------------

    def _choose(self) -> None:
        endings = " ".join(f"*{each}" for each in attachments.ENDINGS)
        file_choice.choose_files(
            self, "Joindre un fichier", self.add, f"Documents et images ({endings})"
        )

    def add(self, files: Sequence[Path]) -> None:
        """Join files to the record shown: the bytes of one after the other are kept, then told."""
        if self._record is not None and self._writable:
            self._waiting, self._kept = list(files), []
            self._keep_next(self._record)

    def _keep_next(self, record: Record) -> None:
        if self._waiting:
            try:
                self._kept.append(attachments.keep(self._session.store, self._waiting.pop(0)))
            except PreventionError as error:
                self._session.say(str(error), "bad")
                return
            QTimer.singleShot(0, self, partial(self._keep_next, record))
        elif self._kept:
            kept, register = tuple(self._kept), self._entity.key
            said = "Fichier joint." if len(kept) == 1 else "Fichiers joints."
            self._write(lambda store: attachments.attach(store, register, record, kept), said)

    def remove_current(self) -> None:
        """Take the chosen file away from the record; it can be undone."""
        chosen = self._current()
        if chosen is not None and self._writable:
            said = f"«\u00a0{chosen.name}\u00a0» retiré."
            self._write(lambda store: attachments.detach(store, chosen), said)

    def _write(self, change: Callable[[Store], Changes], said: str) -> None:
        def write() -> None:
            self._session.tell(change(self._session.store))
            self._session.say(f"{said} Annuler (Ctrl Z)")

        self._session.write_or_tell(write)

    def paste(self) -> None:
        """Join the image, or the files, that lie on the clipboard."""
        held = QApplication.clipboard().mimeData()
        if held.hasUrls():
            self.add(file_choice.files_of(held))
        elif held.hasImage():
            moment = datetime.now()  # noqa: DTZ005  (as the wall clock shows it)
            place = self._opened / f"Image du {moment:%Y-%m-%d à %H h %M min %S}.png"
            QApplication.clipboard().image().save(str(place))
            self.add([place])
        else:
            self._session.say("Le presse-papiers ne contient ni image ni fichier.", "info")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome where the record may be written."""
        if event.mimeData().hasUrls() and self._writable and self._record is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Join the files that were dropped."""
        event.acceptProposedAction()
        self.add(file_choice.files_of(event.mimeData()))


def _size(number: int) -> str:
    """« 240 Ko », « 1,8 Mo »."""
    if number < 1_000_000:
        return f"{number_text(max(round(number / 1000), 1))}\u00a0Ko"
    return f"{number / 1_000_000:.1f}\u00a0Mo".replace(".", ",")
