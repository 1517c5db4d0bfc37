"""Writing files: the consolidated workbook, or a register as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from prevention_app.storage.work import SHARED
from prevention_app.ui import file_choice, long_work, settings, style
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_ALL: Final = "all"
_FORBIDDEN: Final = '<>:"/\\|?*'
"""Signs that Windows allows in no name of a file."""


class ExportDialog(QDialog):
    """Asks what to write and where; the window then writes it in the background."""

    wanted = Signal(str, object, tuple)
    """Name of the work, the work, its arguments."""

    def __init__(self, session: Session, parent: QWidget | None = None, register: str = "") -> None:
        """Propose the workbook, or the register of the page from which it was asked."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Exporter")
        self.setMinimumWidth(560)
        self._session = session
        self.workbook = QRadioButton("Classeur consolidé (Excel)")
        self.csv = QRadioButton("Un registre (CSV)")
        self.department = QComboBox()
        self.register = QComboBox()
        self.name = QLineEdit()
        self.folder = QLineEdit(str(settings.remembered("folder/export", Path.home())))
        self.write_button = button("Créer le classeur", look="primary")
        self._fill()
        self._lay_out()
        (self.csv if register else self.workbook).setChecked(True)
        self.register.setCurrentIndex(max(self.register.findData(register), 0))
        for radio in (self.workbook, self.csv):
            radio.toggled.connect(self._propose_name)
        self.department.activated.connect(self._propose_name)
        self.register.activated.connect(self._propose_name)
        self.write_button.clicked.connect(self._write)
        self._propose_name()

    def _fill(self) -> None:
        names = self._session.departments
        for number in names:
            label = f"{number}  {self._session.department_name(number)}"
            self.department.addItem(label, number)
        if len(names) > 1:
            self.department.addItem("Tous les départements", _ALL)
        owner = self._session.owner or _ALL
        self.department.setCurrentIndex(max(self.department.findData(owner), 0))
        for entity in self._session.store.catalogue.registers:
            self.register.addItem(entity.label_fr, entity.key)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        column.addWidget(self.workbook)
        column.addWidget(self.csv)
        self._register_label = _labelled(column, "Registre", self.register)
        _labelled(column, "Département", self.department)
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        choose = button("Choisir…", "folder-open")
        choose.clicked.connect(self._choose)
        row.addWidget(choose)
        _labelled(column, "Dossier", self.folder, row)
        _labelled(column, "Nom du fichier", self.name)
        self._said = QLabel()
        self._said.setWordWrap(True)
        style.mark(self._said, "look", "problem")
        column.addWidget(self._said)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        leave = button("Annuler")
        leave.clicked.connect(self.reject)
        buttons.addWidget(leave)
        buttons.addWidget(self.write_button)
        column.addLayout(buttons)
        self.write_button.setDefault(True)

    def _choose(self) -> None:
        file_choice.choose_folder(self, "Choisir un dossier", lambda f: self.folder.setText(str(f)))

    def _propose_name(self) -> None:
        today = self._session.store.today().isoformat()
        workbook = self.workbook.isChecked()
        self.register.setVisible(not workbook)
        self._register_label.setVisible(not workbook)
        self.write_button.setText("Créer le classeur" if workbook else "Créer le fichier")
        owner = self.department.currentData()
        number = "tous" if owner == _ALL else owner
        if workbook:
            self.name.setText(f"prevention_{number}_{today}.xlsx")
        else:
            self.name.setText(f"{self.register.currentData()}_{number}_{today}.csv")

    def _write(self) -> None:
        folder, name = Path(self.folder.text().strip()), self.name.text().strip()
        if not folder.is_dir():
            self._said.setText("Ce dossier n’existe pas. Choisissez-en un autre.")
            return
        if not name or any(mark in name for mark in _FORBIDDEN):
            self._said.setText(
                f"Donnez un nom de fichier sans aucun de ces signes : {' '.join(_FORBIDDEN)}"
            )
            return
        settings.remember("folder/export", str(folder))
        out = folder / name
        owner = str(self.department.currentData())
        if self.workbook.isChecked():
            arguments = (self._session.folder, owner, out)
            self.wanted.emit(f"Classeur « {name} »", long_work.write_workbook, arguments)
        else:
            owners = () if owner == _ALL else (owner, SHARED)
            arguments = (self._session.folder, str(self.register.currentData()), owners, out)
            self.wanted.emit(f"Registre « {name} »", long_work.write_csv, arguments)
        self.accept()


def _labelled(
    column: QVBoxLayout, text: str, field: QWidget, row: QHBoxLayout | None = None
) -> QLabel:
    label = QLabel(text)
    label.setBuddy(field)
    field.setAccessibleName(text)
    style.mark(label, "look", "label")
    box = QVBoxLayout()
    box.setSpacing(4)
    box.addWidget(label)
    if row is None:
        box.addWidget(field)
    else:
        box.addLayout(row)
    column.addLayout(box)
    return label
