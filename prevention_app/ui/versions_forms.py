"""The forms of versions: a few plain fields, what they are for, and a verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.description import Field, Value
from prevention_app.catalogue.document_versions import Vote
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.values import Unreadable, fold
from prevention_app.errors import PreventionError
from prevention_app.services.lookup import Lookup
from prevention_app.storage.work import CheckFailed
from prevention_app.ui import file_choice, icons, style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.field_box import FieldBox
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

Values = Mapping[str, Value]
_WIDTH: Final = 560
_ID: Final = Qt.ItemDataRole.UserRole
_SIGNED: Final = "Acte signé (*.pdf *.png *.jpg *.docx);;Tous les fichiers (*)"
EARLIER: Final = "Documents (*.pdf *.doc *.docx *.odt *.xls *.xlsx *.ods)"


class StepDialog(QDialog):
    """One page: fields, perhaps something of its own below them, and what is done with them."""

    def __init__(
        self,
        session: Session,
        title: str,
        about: str,
        fields: Sequence[Field],
        verb: str,
        act: Callable[[Values], None],
        parent: QWidget,
        *,
        values: Values | None = None,
        more: QWidget | None = None,
    ) -> None:
        """`act` gets the values; what it raises is said in the form, which stays open then."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(_WIDTH, 520)
        self._act = act
        self.more = more
        self.banner = Banner()
        self.boxes = {each.key: FieldBox(each, session, self) for each in fields}
        for key, value in (values or {}).items():
            self.boxes[key].editor.show_value(value)
        self.do_button = button(verb, look="primary")
        self.do_button.setDefault(True)
        self.do_button.clicked.connect(self.give)
        self.close_button = button("Abandonner")
        self.close_button.clicked.connect(self.reject)
        self._lay_out(title, about)
        first = next(iter(self.boxes.values()), None)
        if first is not None:
            first.editor.setFocus()

    def _lay_out(self, title: str, about: str) -> None:
        head, under = QLabel(title), QLabel(words.sentence(about))
        style.mark(head, "look", "section")
        style.mark(under, "look", "secondary")
        under.setWordWrap(True)
        inner = QWidget()
        inner.setObjectName("form_content")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inner)
        column.setContentsMargins(22, 18, 22, 12)
        column.setSpacing(12)
        for each in (head, under, self.banner, *self.boxes.values()):
            column.addWidget(each)
        if self.more is not None:
            column.addWidget(self.more)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scrolled(inner), 1)
        outer.addWidget(foot_of(self.close_button, self.do_button))

    def give(self) -> None:
        """Do it with what is typed, or say at each field what is wrong with it."""
        values, problems = self._typed()
        if problems:
            self._show_problems(problems)
            return
        try:
            self._act(values)
        except CheckFailed as error:
            at_fields = {key: each for key, each in error.problems if key in self.boxes}
            self._show_problems(at_fields)
            if not at_fields:
                self.banner.complain(words.sentence(str(error)))
        except PreventionError as error:
            self.banner.complain(words.sentence(str(error)))
        else:
            self.accept()

    def _typed(self) -> tuple[dict[str, Value], dict[str, str]]:
        values: dict[str, Value] = {}
        problems: dict[str, str] = {}
        for key, box in self.boxes.items():
            try:
                values[key] = box.editor.value()
            except Unreadable as error:
                problems[key] = str(error)
                continue
            if box.field.required and values[key] in (None, ""):
                problems[key] = f"«\u00a0{box.field.label_fr}\u00a0» est à remplir."
        return values, problems

    def _show_problems(self, problems: Mapping[str, str]) -> None:
        for key, box in self.boxes.items():
            box.show_problem(problems.get(key, ""))
        wrong = [box for box in self.boxes.values() if box.problem]
        for box in wrong[:1]:
            box.editor.setFocus()


def scrolled(inner: QWidget) -> QScrollArea:
    """What may be higher than the screen."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area


def foot_of(*parts: QWidget) -> QWidget:
    """The foot of a form: its buttons at the right, a text before them takes the room."""
    foot = QWidget()
    foot.setObjectName("footer")
    foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(foot)
    row.setContentsMargins(22, 10, 22, 10)
    texts = [each for each in parts if isinstance(each, QLabel)]
    if not texts:
        row.addStretch(1)
    for each in parts:
        row.addWidget(each, int(each in texts))
    return foot


def text_of(value: Value) -> str:
    """A text as typed; empty where nothing was."""
    return str(value or "")


def day_of(value: Value) -> date:
    """The day of a field that must be filled."""
    assert isinstance(value, date)  # noqa: S101  (the field is required)
    return value


class Votes(QWidget):
    """One line for each organisation: its name and its vote."""

    def __init__(self, organisations: Sequence[tuple[str, Vote | None]]) -> None:
        """Those that voted before stand there already, with no vote yet where they have none."""
        super().__init__()
        self.lines: list[tuple[QLineEdit, QComboBox]] = []
        label = QLabel("Votes par organisation")
        style.mark(label, "look", "label")
        self.add_button = button("Ajouter une organisation", "plus", "link")
        self.add_button.clicked.connect(lambda: self.add("", None).setFocus())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(label)
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        for name, vote in organisations or (("", None),):
            self.add(name, vote)

    def add(self, name: str, vote: Vote | None) -> QLineEdit:
        """One line more; returns where its name is typed."""
        line, choice = QLineEdit(name), QComboBox()
        line.setPlaceholderText("Organisation")
        line.setAccessibleName(f"Organisation {len(self.lines) + 1}")
        choice.setAccessibleName(f"Vote {len(self.lines) + 1}")
        choice.addItem("Vote…", None)
        for each in Vote:
            choice.addItem(each.label_fr, each.value)
        choice.setCurrentIndex(max(0, choice.findData(vote.value if vote else None)))
        row = QHBoxLayout()
        row.addWidget(line, 3)
        row.addWidget(choice, 2)
        self._column.insertLayout(self._column.count() - 1, row)
        self.lines.append((line, choice))
        return line

    @property
    def given(self) -> dict[str, Vote]:
        """The votes of the organisations that have one."""
        return {
            line.text().strip(): Vote(choice.currentData())
            for line, choice in self.lines
            if line.text().strip() and choice.currentData()
        }


class FileRow(QWidget):
    """A file to be chosen."""

    def __init__(self, label: str, title: str, kinds: str = _SIGNED) -> None:
        """No file yet."""
        super().__init__()
        self.file: Path | None = None
        head = QLabel(label)
        style.mark(head, "look", "label")
        self.name = QLabel("Aucun fichier choisi")
        style.mark(self.name, "look", "secondary")
        self.choose_button = button("Choisir…", "folder-open")
        self.choose_button.clicked.connect(
            lambda: file_choice.choose_files(self, title, lambda found: self.take(found[0]), kinds)
        )
        row = QHBoxLayout()
        row.addWidget(self.choose_button)
        row.addWidget(self.name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(head)
        column.addLayout(row)

    def take(self, file: Path) -> None:
        """Choose a file."""
        self.file = file
        self.name.setText(file.name)


class UnitTicks(QWidget):
    """All of the department, or units to tick, found by typing."""

    def __init__(self, session: Session, department: str) -> None:
        """Nothing is ticked: all of it."""
        super().__init__()
        self.whole = QComboBox()
        self.whole.setAccessibleName("Périmètre")
        self.whole.addItem("Tout le département")
        self.whole.addItem("Certaines unités seulement, le reste repris de la version précédente")
        self.whole.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.line = QLineEdit()
        self.line.setPlaceholderText("Filtrer les unités")
        self.line.setAccessibleName("Filtrer les unités")
        self.line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.list = QListWidget()
        self.list.setObjectName("tick_list")
        self.list.setAccessibleName("Unités de travail")
        self.list.setMinimumHeight(150)
        with session.store.reading() as read:
            units = Lookup(read, WorkUnit).live((department,))
        for unit in sorted(units, key=lambda each: fold(each.name)):
            item = QListWidgetItem(unit.name, self.list)
            item.setData(_ID, unit.reference or unit.id)
            item.setCheckState(Qt.CheckState.Unchecked)
        label = QLabel("Périmètre")
        style.mark(label, "look", "label")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for each in (label, self.whole, self.line, self.list):
            column.addWidget(each)
        self.whole.currentIndexChanged.connect(lambda _: self._show())
        self.line.textChanged.connect(self._filter)
        self._show()

    @property
    def chosen(self) -> tuple[str, ...]:
        """References of the units that are ticked; empty for all of the department."""
        if not self.whole.currentIndex():
            return ()
        items = [self.list.item(at) for at in range(self.list.count())]
        return tuple(
            str(each.data(_ID)) for each in items if each.checkState() is Qt.CheckState.Checked
        )

    @property
    def problem(self) -> str:
        """What is wrong with what is ticked; empty for nothing."""
        if self.whole.currentIndex() and not self.chosen:
            return "Cochez au moins une unité, ou choisissez tout le département."
        return ""

    def _show(self) -> None:
        for each in (self.line, self.list):
            each.setVisible(self.whole.currentIndex() == 1)

    def _filter(self, text: str) -> None:
        for at in range(self.list.count()):
            item = self.list.item(at)
            item.setHidden(fold(text) not in fold(item.text()))
