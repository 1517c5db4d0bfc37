"""First step of an import: which files, what they hold, whose their lines are."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from prevention_app.services.import_plan import ALL
from prevention_app.ui import file_choice, style, words
from prevention_app.ui.import_entries import Entry
from prevention_app.ui.import_offers import ImportOffers
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_WIDE = 620


class DropPlace(QFrame):
    """Where files are dropped; they may be anywhere on the window too."""

    dropped = Signal(list)

    def __init__(self) -> None:
        """Say so."""
        super().__init__()
        self.setObjectName("drop")
        self.setAcceptDrops(True)
        self.choose_button = button("Choisir des fichiers…", "folder-open")
        self._title = QLabel("Déposez vos classeurs ici")
        style.mark(self._title, "look", "section")
        self._hint = QLabel("Excel, LibreOffice, CSV, tels qu’ils sont\u00a0: plusieurs à la fois.")
        style.mark(self._hint, "look", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(8)
        for each in (self._title, self._hint, self.choose_button):
            column.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome."""
        if file_choice.files_of(event.mimeData()):
            style.mark(self, "over", "true")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        style.mark(self, "over", "false")
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        style.mark(self, "over", "false")
        self.dropped.emit(file_choice.files_of(event.mimeData()))


class ImportFile(QWidget):
    """Chooses files; for the one under review, its kind and its department."""

    files_chosen = Signal(list)
    kind_chosen = Signal(str)
    department_chosen = Signal(str)

    def __init__(self, session: Session, kinds: Mapping[str, str]) -> None:
        """No file yet."""
        super().__init__()
        self._session = session
        self.drop = DropPlace()
        self.drop.dropped.connect(self.files_chosen)
        self.drop.choose_button.clicked.connect(self._choose)
        self.offers = ImportOffers()
        self._name = QLabel()
        style.mark(self._name, "look", "section")
        self._name.setWordWrap(True)
        self.said = QLabel()
        self.said.setWordWrap(True)
        style.mark(self.said, "look", "secondary")
        self.kind = QComboBox()
        self.kind.setAccessibleName("Nature du fichier")
        self.department = QComboBox()
        self.department.setAccessibleName("Département des lignes qui n’en nomment pas")
        self.kind.activated.connect(lambda: self.kind_chosen.emit(self.kind.currentData()))
        self.department.activated.connect(
            lambda: self.department_chosen.emit(self.department.currentData())
        )
        self._offer(kinds)
        self._lay_out()

    def _offer(self, kinds: Mapping[str, str]) -> None:
        self.kind.addItem("Choisissez ce que contient le fichier", "")
        for key, label in kinds.items():
            self.kind.addItem(label, key)
        for number in self._session.departments:
            self.department.addItem(f"{number}  {self._session.department_name(number)}", number)
        if len(self._session.departments) > 1:
            self.department.addItem("Selon les lignes", ALL)

    def _lay_out(self) -> None:
        self._form = QFrame()
        self._form.setObjectName("card")
        grid = QGridLayout(self._form)
        grid.setContentsMargins(18, 14, 18, 16)
        grid.setSpacing(8)
        grid.addWidget(self._name, 0, 0, 1, 2)
        grid.addWidget(self.said, 1, 0, 1, 2)
        for at, (text, box) in enumerate(
            (("Ce que contient le fichier", self.kind), ("Département", self.department)), 2
        ):
            label = QLabel(text)
            style.mark(label, "look", "label")
            label.setBuddy(box)
            grid.addWidget(label, at, 0)
            grid.addWidget(box, at, 1)
        grid.setColumnStretch(1, 1)
        middle = QVBoxLayout()
        middle.setSpacing(14)
        middle.addStretch(1)
        middle.addWidget(self.drop)
        middle.addWidget(self._form)
        middle.addWidget(self.offers)
        middle.addStretch(2)
        for each in (self.drop, self._form, self.offers):
            each.setMaximumWidth(_WIDE)
            each.setMinimumWidth(360)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 20, 14)
        row.addStretch(1)
        row.addLayout(middle, 8)
        row.addStretch(1)

    def show_entry(self, entry: Entry | None, said: str) -> None:
        """Show the file under review and what is missing before it can be read."""
        self._form.setVisible(entry is not None)
        self.said.setText(words.sentence(said))
        self.said.setVisible(bool(said))
        if entry is None:
            return
        self.offers.hide()
        self._name.setText(entry.name)
        self.kind.setCurrentIndex(max(self.kind.findData(entry.kind), 0))
        self.department.setCurrentIndex(max(self.department.findData(entry.department), 0))

    def focus_first(self) -> None:
        """Put the focus on what is missing."""
        if self._form.isHidden():
            self.drop.choose_button.setFocus()
        else:
            self.kind.setFocus()

    def _choose(self) -> None:
        file_choice.choose_files(self, "Choisir des fichiers", self.files_chosen.emit)
