"""Editing a cell in its place, as in a spreadsheet: F2 or typing, Tab and Entrée, Échap."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QTableView,
)
from shiboken6 import isValid

from prevention_app.catalogue.description import Field, Kind, Value
from prevention_app.catalogue.values import Unreadable, shown, to_stored
from prevention_app.errors import PreventionError
from prevention_app.services import bulk_edit
from prevention_app.services.records import Row
from prevention_app.storage.work import CheckFailed
from prevention_app.ui import drafts, kept_files, style, theme, words
from prevention_app.ui.draft_timer import DraftTimer
from prevention_app.ui.drafts import Draft
from prevention_app.ui.editor import Editor
from prevention_app.ui.editors import editor_for
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.record_model import RecordModel
from prevention_app.ui.session import Session

_LEAST_WIDTH: Final = {
    Kind.LONG_TEXT: 380,
    Kind.REFERENCE: 280,
    Kind.PERSON: 280,
    Kind.CHOICE: 200,
    Kind.DATE: 150,
    Kind.DATETIME: 170,
    Kind.TEXT: 200,
    Kind.COLOUR: 150,
}
_SAVES_ITSELF: Final = "La cellule est gardée en brouillon et s’enregistrera d’elle-même."
_IN_DRAFT: Final = "La saisie est gardée en brouillon dans la fiche."
_PROBLEM_WIDTH: Final = 340
_LONG_HEIGHT: Final = 150
_STEPS: Final = {
    Qt.Key.Key_Return: (1, 0),
    Qt.Key.Key_Enter: (1, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
}


class CellEditing(QObject):
    """The one cell of a table that is being edited."""

    left = Signal(str, str, int, int)
    """It is over: id of the record, key of the column, rows down, columns to the right."""

    def __init__(self, session: Session, table: QTableView, model: RecordModel) -> None:
        """No cell is edited yet."""
        super().__init__(table)
        self._session = session
        self._table = table
        self._model = model
        self.editor: Editor | None = None
        self._row: Row | None = None
        self._index = QPersistentModelIndex()
        self._older: Draft | None = None
        """The draft of the record as it was before this cell was edited."""
        self._drafted = False
        self._draft_timer = DraftTimer(self._keep_soon, self)
        self._walking = False
        """The arrows walk through a closed list: nothing is chosen by them yet."""
        self._problem = _Problem(table)
        table.horizontalHeader().sectionResized.connect(self.follow)
        table.horizontalHeader().geometriesChanged.connect(self.follow)

    @property
    def active(self) -> bool:
        """Whether a cell is being edited."""
        return self.editor is not None

    @property
    def problem(self) -> str:
        """What is wrong with what was typed."""
        return self._problem.text if self._problem.isVisible() else ""

    def why_not(self, index: QModelIndex) -> str:
        """Why a cell cannot be edited here, as a French sentence; empty where it can."""
        row = self._model.row(index.row())
        if row is None:
            return "Cette ligne n’est pas une fiche."
        entity = self._model.entity
        reason = bulk_edit.unwritable(entity, self._model.columns[index.column()].key, row.record)
        if not reason and not self._session.may_write(entity, row.record):
            reason = words.sentence(self._session.store.why_no_role(row.record.owner))
        return reason

    def start(self, index: QModelIndex, typed: QKeyEvent | None = None) -> bool:
        """Edit a cell; a key that was typed is its first letter. Returns whether it can be."""
        if self.active and not self.commit():
            return False
        row, field = self._model.row(index.row()), self._model.columns[index.column()].field
        reason = self.why_not(index)
        if row is None or field is None or reason:
            self._session.say(reason, "info")
            return False
        self._table.scrollTo(index)
        editor = editor_for(field, self._session)
        editor.setParent(self._table.viewport())
        editor.setAutoFillBackground(True)
        editor.show_value(*self._standing(row, field))
        self._older = drafts.find(self._session.folder, self._model.entity, row.id)
        self.editor, self._row = editor, row
        self._index = QPersistentModelIndex(index)
        self.follow()
        editor.inner.installEventFilter(self)
        editor.changed.connect(self._problem.hide)
        editor.changed.connect(self._draft_timer.typed)
        if isinstance(editor.inner, QComboBox):
            editor.inner.activated.connect(self._on_chosen)
        editor.show()
        editor.setFocus()
        self._begin_with(editor, typed)
        return True

    def _standing(self, row: Row, field: Field) -> tuple[Value, str]:
        """What stands in a cell: it may still wait to be written."""
        pending = self._model.pending(row.id, field.key)
        return pending or (getattr(row.record, field.key, None), row.texts[field.key])

    # -- drafts ----------------------------------------------------------------------------

    def _keep_soon(self) -> None:
        """What is typed is a draft of its record, beside what was typed into its form."""
        if self.editor is None or self._row is None:
            return
        key = self.editor.field.key
        values: dict[str, Value] = {}
        texts: dict[str, str] = {}
        try:
            values[key] = self.editor.value_at_hand()
        except Unreadable:
            texts[key] = self.editor.typed()
        draft = Draft(values, texts, self._row.record.read_at)
        if self._older is not None:
            draft = draft.over(self._older)
        drafts.keep_soon(self._session.folder, self._model.entity, self._row.id, draft)
        self._drafted = True

    def keep_draft(self) -> None:
        """Write what is being typed into the drafts before anything else happens."""
        if self._draft_timer.isActive():
            self._draft_timer.stop()
            self._keep_soon()
            kept_files.flush()

    def _drop_draft(self) -> None:
        """The cell is left as it was: so is the draft of its record."""
        self._draft_timer.stop()
        if self._drafted and self._row is not None:
            folder, entity = self._session.folder, self._model.entity
            if self._older is not None:
                drafts.keep(folder, entity, self._row.id, self._older)
            else:
                drafts.drop(folder, entity, self._row.id)
        self._drafted = False

    # -- where it stands -------------------------------------------------------------------

    def follow(self) -> None:
        """Stay over the cell when it moves."""
        if self.editor is not None and self._index.isValid():
            index = self._model.index(self._index.row(), self._index.column())
            place = self._place(index, self.editor.field, self.editor)
            self.editor.setGeometry(place)
            self._problem.follow(place)

    def _place(self, index: QModelIndex, field: Field, editor: Editor) -> QRect:
        cell, room = self._table.visualRect(index), self._table.viewport().rect()
        wide = min(max(cell.width(), _LEAST_WIDTH.get(field.kind, 120)), room.width())
        high = max(cell.height() - 1, editor.sizeHint().height())
        if field.kind is Kind.LONG_TEXT:
            high = max(high, theme.scaled(_LONG_HEIGHT))
        left = min(cell.left(), room.right() + 1 - wide)
        top = max(min(cell.top(), room.bottom() + 1 - high), 0)
        return QRect(max(left, 0), top, wide, high)

    @staticmethod
    def _begin_with(editor: Editor, typed: QKeyEvent | None) -> None:
        inner: Any = editor.inner
        if hasattr(inner, "selectAll"):
            inner.selectAll()
        if typed is None:
            if isinstance(inner, QComboBox):
                inner.showPopup()
        else:
            again = QKeyEvent(typed.type(), typed.key(), typed.modifiers(), typed.text())
            QApplication.sendEvent(inner, again)

    # -- leaving it ------------------------------------------------------------------------

    def commit(self) -> bool:
        """Write what was typed; returns False, with a message at the cell, where it cannot be."""
        editor, row = self.editor, self._row
        if editor is None or row is None:
            return True
        field = editor.field
        try:
            value = editor.value()
            if to_stored(field, value) != to_stored(field, self._standing(row, field)[0]):
                self._give(row, field, value, editor)
        except (Unreadable, PreventionError) as error:
            self._complain(editor, row, _sentence(error, field))
            self._draft_timer.typed()
            return False
        self.cancel()
        return True

    def _give(self, row: Row, field: Field, value: Value, editor: Editor) -> None:
        """Have a value written, now or when it is its turn; it is a draft until then."""
        # Gone first: what is written is read again at once, and by the form as well.
        self._hide()
        key = ("cell", self._model.entity.key, row.id, field.key)
        write = partial(self._write, row, field, value)
        failed = partial(self._tell_failed, row, field)
        if not self._session.in_turn(key, write, _SAVES_ITSELF, failed):
            self._keep_soon()
            text = editor.typed() or shown(field, value)
            self._model.show_pending(row.id, field.key, (value, text))
        self._draft_timer.stop()
        self._drafted = False

    def _write(self, row: Row, field: Field, value: Value) -> None:
        entity = self._model.entity
        old = getattr(row.record, field.key, None)
        if to_stored(field, value) != to_stored(field, old):
            self._session.save(entity, row.record, {field.key: value})
        drafts.drop_field(self._session.folder, entity, row.id, field.key)
        self._show_written(row, field)

    def _tell_failed(self, row: Row, field: Field, error: PreventionError) -> None:
        """What waited is refused; it stays in the draft of its record."""
        self._show_written(row, field)
        self._session.say(f"{_sentence(error, field)} {_IN_DRAFT}", "bad")

    def _show_written(self, row: Row, field: Field) -> None:
        if isValid(self._table) and self._model.pending(row.id, field.key) is not None:
            self._model.show_pending(row.id, field.key, None)

    def cancel(self) -> None:
        """Leave the cell as it was."""
        editor = self.editor
        self._drop_draft()
        self._hide()
        self.editor = self._row = None
        if editor is not None:
            editor.deleteLater()

    def _hide(self) -> None:
        self._problem.hide()
        if self.editor is not None:
            self.editor.inner.removeEventFilter(self)
            held = self.editor.inner.hasFocus()
            self.editor.hide()
            if held:
                self._table.setFocus()

    def _complain(self, editor: Editor, row: Row, sentence: str) -> None:
        self.editor, self._row = editor, row
        editor.inner.removeEventFilter(self)
        editor.inner.installEventFilter(self)
        editor.mark_problem(True)
        editor.show()
        editor.raise_()
        editor.setFocus()
        editor.inner.setAccessibleDescription(sentence)
        self._problem.show_under(editor.geometry(), words.sentence(sentence))

    def _leave(self, down: int, right: int) -> None:
        row, editor = self._row, self.editor
        if row is None or editor is None:
            return
        place = self._table.currentIndex().row()
        below = self._model.row(place + down) if down else row
        if self.commit():
            self.left.emit((below or row).id, editor.field.key, down, right)

    def _on_chosen(self) -> None:
        if not self._walking:
            self._leave(0, 0)
        self._walking = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """The keys that leave a cell; clicking elsewhere writes it."""
        if event.type() == QEvent.Type.ShortcutOverride and _leaves(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        if event.type() == QEvent.Type.FocusOut:
            reason: Any = event
            if reason.reason() in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason):
                self.commit()
        return False

    def _press(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return True
        self._walking = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        inner = self.editor.inner if self.editor else None
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt and event.key() == Qt.Key.Key_Return and isinstance(inner, QPlainTextEdit):
            inner.insertPlainText("\n")
            return True
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
        )
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not plain:
            return False
        back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and step[0]
        self._leave(-1 if back else step[0], step[1])
        return True


def _leaves(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() in (*_STEPS, Qt.Key.Key_Escape)


def _sentence(error: Exception, field: Field) -> str:
    if isinstance(error, CheckFailed):
        of_field = [sentence for key, sentence in error.problems if key == field.key]
        return " ".join(of_field) or str(error)
    return str(error)


class _Problem(QFrame):
    """The message under a cell that cannot be written."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table.viewport())
        self._room = table.viewport()
        self.setObjectName("banner_bad")
        self._label = QLabel()
        self._label.setWordWrap(True)
        style.mark(self._label, "look", "problem")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 10, 7)
        row.addWidget(IconLabel("circle-alert", "bad", 14), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def show_under(self, editor: QRect, sentence: str) -> None:
        """Say it under an editor, or above where there is no room."""
        self._label.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
        self.follow(editor)
        self.raise_()

    def follow(self, editor: QRect) -> None:
        """Stay under an editor that moves."""
        wide = min(_PROBLEM_WIDTH, self._room.width())
        high = self.heightForWidth(wide)
        left = max(min(editor.left(), self._room.width() - wide), 0)
        under = editor.bottom() + 4 + high <= self._room.height()
        top = editor.bottom() + 4 if under else max(editor.top() - 4 - high, 0)
        self.setGeometry(left, top, wide, high)
