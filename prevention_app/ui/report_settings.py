"""What a report is to hold, and where its file goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.description import Field, Kind
from prevention_app.catalogue.organisation import Person
from prevention_app.catalogue.values import Unreadable
from prevention_app.storage.work import SHARED
from prevention_app.ui import file_choice, settings, style, words
from prevention_app.ui.editors import DateEditor
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.page import button
from prevention_app.ui.report_choice import Report
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

ALL: Final = "all"
_FOLDER: Final = "folder/export"
_FORBIDDEN: Final = '<>:"/\\|?*'
"""Signs that Windows allows in no name of a file."""
_NO_NAMES: Final = (
    "Aucun nom de personne ne figure dans ce fichier, et aucun effectif de moins de cinq personnes."
)
_ORGANISED_ON: Final = Field(
    "organised_on", "Dans l’organisation du", "In the organisation of", Kind.DATE
)
_NAMES: Final = "Ce fichier contient des noms de personnes\u00a0: il reste dans le service."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report with its settings: what the preview and the file are made from."""

    report: Report
    department: str
    """Its number, or ALL."""
    registers: tuple[str, ...] = ()
    masked: bool = True
    organised_on: date | None = None
    """The day whose directions are shown; the present ones when None."""

    @property
    def owners(self) -> tuple[str, ...]:
        """Whose records: of one department with what is shared, or all."""
        return () if self.department == ALL else (self.department, SHARED)


class ReportSettings(QWidget):
    """The settings of the report that is chosen."""

    changed = Signal()
    """The preview is to be counted anew."""

    def __init__(self, session: Session) -> None:
        """Propose the department looked at, today, the folder used last."""
        super().__init__()
        self.setObjectName("settings_pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._report = Report.DEPARTMENT
        self.department = Segments("Département")
        self.register = QComboBox()
        self.register.setAccessibleName("Registre")
        self.register.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.register.setMinimumContentsLength(12)
        self.organised_on = DateEditor(_ORGANISED_ON)
        self.organised_on.line.setPlaceholderText("d’aujourd’hui")
        self.registers = QListWidget()
        self.registers.setAccessibleName("Feuilles")
        self.masked = QCheckBox("Masquer les noms")
        self.name = QLineEdit()
        self.name.setAccessibleName("Nom du fichier")
        self._folder = Path(str(settings.remembered(_FOLDER, Path.home())))
        self._lay_out()
        self._fill()
        self.follow_department()
        self.department.chosen.connect(self._change)
        self.register.activated.connect(self._change)
        self.registers.itemChanged.connect(self._change)
        self.masked.toggled.connect(self._change)
        self.organised_on.changed.connect(self._change)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(4)
        self._department_label = _label(column, "Département", self.department)
        column.addWidget(self.department)
        column.addSpacing(10)
        _label(column, "Données")
        self._day = QLabel()
        self._day.setWordWrap(True)
        column.addWidget(self._day)
        column.addSpacing(10)
        self._organised_label = _label(column, _ORGANISED_ON.label_fr, self.organised_on)
        column.addWidget(self.organised_on)
        column.addSpacing(10)
        self._register_label = _label(column, "Registre", self.register)
        column.addWidget(self.register)
        self._registers_label = _label(column, "Feuilles", self.registers)
        column.addWidget(self.registers, 1)
        column.addSpacing(10)
        _label(column, "Données personnelles")
        column.addWidget(self.masked)
        self._persons = QLabel()
        self._persons.setWordWrap(True)
        style.mark(self._persons, "look", "secondary")
        column.addWidget(self._persons)
        column.addSpacing(10)
        _label(column, "Nom du fichier", self.name)
        column.addWidget(self.name)
        column.addSpacing(10)
        _label(column, "Dossier")
        self._folder_label = ElidingLabel()
        choose = button("Choisir…", "folder-open")
        choose.setAccessibleName("Choisir le dossier")
        choose.clicked.connect(self._choose_folder)
        self._folder_label.setText(str(self._folder))
        column.addWidget(self._folder_label)
        row = QHBoxLayout()
        row.addWidget(choose)
        row.addStretch(1)
        column.addLayout(row)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        style.mark(self._problem, "look", "problem")
        column.addWidget(self._problem)
        column.addStretch(0)
        self._column = column

    def _fill(self) -> None:
        catalogue = self._session.store.catalogue
        people = catalogue.of(Person)
        for entity in catalogue.registers:
            self.register.addItem(entity.label_fr, entity.key)
            if entity is not people:
                item = QListWidgetItem(entity.label_fr, self.registers)
                item.setData(Qt.ItemDataRole.UserRole, entity.key)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Unchecked)
        if self.registers.count():
            self.registers.item(0).setCheckState(Qt.CheckState.Checked)

    def follow_department(self) -> None:
        """Propose the department that the window looks at."""
        numbers = [(number, number) for number in self._session.departments]
        if self._report in (Report.REGISTERS, Report.CSV) and len(numbers) > 1:
            numbers.append((ALL, "Tous"))
        self.department.offer(numbers)
        self.department.show_value(self._session.owner or ALL)
        self.propose_name()

    # -- what is asked for -----------------------------------------------------------------

    def show_report(self, report: Report) -> None:
        """Show the settings of another report."""
        self._report = report
        single, several = report is Report.CSV, report is Report.REGISTERS
        kept = self.department.value
        self.follow_department()
        self.department.show_value(kept)
        for shown, widgets in (
            (report is not Report.TOGETHER, (self._department_label, self.department)),
            (single, (self._register_label, self.register, self.masked)),
            (several, (self._registers_label, self.registers)),
            (not single, (self._organised_label, self.organised_on)),
        ):
            for widget in widgets:
                widget.setVisible(shown)
        self._column.setStretch(self._column.count() - 1, 0 if several else 1)
        self._change()

    def choose_register(self, register: str) -> None:
        """Propose a register, alone."""
        self.register.setCurrentIndex(max(self.register.findData(register), 0))
        self.registers.blockSignals(True)
        for at in range(self.registers.count()):
            item = self.registers.item(at)
            on = item.data(Qt.ItemDataRole.UserRole) == register
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.registers.blockSignals(False)
        self._change()

    @property
    def wanted(self) -> Wanted:
        """The report and its settings as they stand."""
        organised_on = None if self._report is Report.CSV else self._organisation()
        if self._report is Report.TOGETHER:
            return Wanted(self._report, ALL, organised_on=organised_on)
        registers: tuple[str, ...] = ()
        if self._report is Report.CSV:
            registers = (str(self.register.currentData()),)
        elif self._report is Report.REGISTERS:
            registers = tuple(self._checked())
        masked = self._report is not Report.CSV or self.masked.isChecked()
        return Wanted(self._report, str(self.department.value), registers, masked, organised_on)

    def _organisation(self) -> date | None:
        """The day whose organisation is wanted; None while what is typed is no day."""
        try:
            day = self.organised_on.value()
        except Unreadable:
            day = None
        return day if isinstance(day, date) else None

    def _checked(self) -> list[str]:
        items = [self.registers.item(at) for at in range(self.registers.count())]
        checked = [each for each in items if each.checkState() is Qt.CheckState.Checked]
        return [str(each.data(Qt.ItemDataRole.UserRole)) for each in checked]

    def _change(self) -> None:
        wanted = self.wanted
        self._persons.setText(_NO_NAMES if wanted.masked else _NAMES)
        today = self._session.store.today()
        self._day.setText(f"Arrêtées au {words.day_in_full(today)}")
        count = len(wanted.registers)
        self._registers_label.setText(f"Feuilles, {count} sur {self.registers.count()}")
        self._problem.clear()
        self.propose_name()
        self.changed.emit()

    # -- the file --------------------------------------------------------------------------

    def propose_name(self) -> None:
        """A name after what the file holds and the day, that no file of the folder has."""
        wanted = self.wanted
        number = "tous" if wanted.department == ALL else wanted.department
        start = {
            Report.CSV: "".join(wanted.registers),
            Report.REGISTERS: "registres",
        }.get(wanted.report, "prevention")
        end = "csv" if wanted.report is Report.CSV else "xlsx"
        stem = f"{start}_{number}_{self._session.store.today().isoformat()}"
        name, times = f"{stem}.{end}", 1
        while (self._folder / name).exists():
            times += 1
            name = f"{stem}_{times}.{end}"
        self.name.setText(name)
        self.name.setCursorPosition(0)

    def _choose_folder(self) -> None:
        file_choice.choose_folder(self, "Choisir un dossier", self.use_folder)

    def use_folder(self, folder: Path) -> None:
        """Write files there from now on."""
        self._folder = folder
        settings.remember(_FOLDER, str(folder))
        self._folder_label.setText(str(folder))
        self._problem.clear()
        self.propose_name()

    def file(self) -> Path | None:
        """Where the file goes; None, and why, where it cannot be written."""
        name = self.name.text().strip()
        problem = ""
        if self.organised_on.typed() and self._organisation() is None:
            problem = "Le jour de l’organisation n’est pas une date. Écrivez-la jj/mm/aaaa."
        elif not self._folder.is_dir():
            problem = "Ce dossier n’existe pas. Choisissez-en un autre."
        elif not name or any(mark in name for mark in _FORBIDDEN):
            marks = " ".join(_FORBIDDEN)
            problem = f"Donnez un nom de fichier sans aucun de ces signes\u00a0: {marks}"
        elif self._report is Report.REGISTERS and not self.wanted.registers:
            problem = "Cochez au moins une feuille."
        self._problem.setText(problem)
        return None if problem else self._folder / name

    @property
    def problem(self) -> str:
        """Why the file cannot be written, as it is shown."""
        return self._problem.text()


def _label(column: QVBoxLayout, text: str, field: QWidget | None = None) -> QLabel:
    label = QLabel(text)
    style.mark(label, "look", "label")
    if field is not None:
        label.setBuddy(field)
    column.addWidget(label)
    return label
