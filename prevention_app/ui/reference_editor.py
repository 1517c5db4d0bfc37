"""Choosing another record by typing a part of its title; candidates come from SQL."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QStringListModel, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from prevention_app.catalogue.description import Field, Value
from prevention_app.catalogue.values import Unreadable, fold
from prevention_app.services import records
from prevention_app.services.records import Row
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.ui import icons
from prevention_app.ui.editor import Editor
from prevention_app.ui.session import Session

MOST: Final = 20
_PAUSE_MS: Final = 120


class ReferenceEditor(Editor):
    """A line in which typing finds records of the register that the field refers to."""

    def __init__(self, field: Field, session: Session) -> None:
        """An empty choice."""
        self.line = QLineEdit()
        super().__init__(field, self.line)
        self._session = session
        self._id: str | None = None
        self._title = ""
        self._found: list[Row] = []
        self.line.setPlaceholderText("Tapez une partie du nom")
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self.line)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(10)
        self._completer.setWidget(self.line)
        self._popup = QListView()
        self._completer.setPopup(self._popup)
        self._completer.activated[QModelIndex].connect(self._take)  # pyright: ignore[reportIndexIssue]
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.propose)
        self.line.textEdited.connect(self._on_typed)
        unfold = QAction(icons.icon("chevron-down"), "Voir les choix", self.line)
        unfold.triggered.connect(self._propose_all)
        self.line.addAction(unfold, QLineEdit.ActionPosition.TrailingPosition)

    def value(self) -> Value:
        """The id of the record chosen; a title or reference typed in full is found again."""
        text = self.line.text().strip()
        if not text:
            return None
        if self._id is not None and text == self._title:
            return self._id
        with self._session.store.reading() as read:
            return records.resolve(read, self.field, text)

    def value_at_hand(self) -> Value:
        """The record that was chosen; a name that was only typed is none yet."""
        text = self.line.text().strip()
        if text and (self._id is None or text != self._title):
            raise Unreadable("")
        return self._id if text else None

    def show_value(self, value: Value, text: str = "") -> None:
        """Show the record of this id by its title."""
        self._id = str(value) if value else None
        if self._id and not text:
            with self._session.store.reading() as read:
                text = read.titles(self.field.target or "", [self._id]).get(self._id, "")
        self._title = (text or self._id or "") if self._id else ""
        self.line.setText(self._title)
        self.line.setCursorPosition(0)

    def propose(self) -> None:
        """Show the records whose title holds the words typed."""
        with self._session.store.reading() as read:
            self._found = _candidates(read, self._session, self.field, self.line.text())
        titles = [each.title for each in self._found]
        names = [
            f"{each.title} ({each.reference})" if titles.count(each.title) > 1 else each.title
            for each in self._found
        ]
        self._names.setStringList(names)
        if names and self.line.hasFocus():
            self._completer.complete()

    def _propose_all(self) -> None:
        self.line.setFocus()
        if self.line.text() == self._title:
            self.line.selectAll()
            with self._session.store.reading() as read:
                self._found = _candidates(read, self._session, self.field, "")
            self._names.setStringList([each.title for each in self._found])
            self._completer.complete()
        else:
            self.propose()

    def _on_typed(self) -> None:
        self._id = None
        self._pause.start()
        self.changed.emit()

    def _take(self, index: QModelIndex) -> None:
        row = self._found[index.row()]
        self._id, self._title = row.id, row.title
        self.line.setText(row.title)
        self._pause.stop()
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↓ opens the choices; leaving with one clear match takes it."""
        down = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down
        if down and event.type() == QEvent.Type.KeyPress and not self._popup.isVisible():
            self._propose_all()
            return True
        if event.type() == QEvent.Type.FocusOut and not self._popup.isVisible():
            self._take_match()
        return super().eventFilter(watched, event)

    def _take_match(self) -> None:
        text = fold(self.line.text())
        if self._id is not None or not text or self.line.isReadOnly():
            return
        try:
            found = str(self.value())
        except Unreadable:
            return
        self.show_value(found)
        self.changed.emit()


def _candidates(read: Reader, session: Session, field: Field, text: str) -> list[Row]:
    target = read.catalogue[field.target or ""]
    owners = session.owners(target)
    searchable = any(each.search for each in target.fields)
    first = target.by_key[target.title[0]]
    where: tuple[Condition, ...] = ()
    if text.strip() and not searchable and not first.target:
        where = (Condition(first.key, Op.CONTAINS, text.strip()),)
    query = Query(target.key, where, owners, text=text if searchable else "")
    return records.rows(read, query, 0, MOST)
