"""An adviser at the desk: what is clicked and typed goes through Qt's events, and is counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QListView,
    QMenu,
    QWidget,
)

from prevention_app.catalogue.description import Record
from prevention_app.storage.query import Query
from prevention_app.ui.cells import CELL
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.opening import Opening
from prevention_app.ui.workspace import Workspace

PATIENCE_S = 100
"""For machines that do many other things meanwhile."""
IN_THE_DIALOG = 2
"""Choosing a file in the system's dialog: the file, then « Ouvrir »."""
Take = Callable[[list[Path]], object]


def plain(text: str) -> str:
    """A text with ordinary spaces, without the marks of a menu's letters."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


class Desk:
    """The whole window on one workspace; only what a person can do is done through it."""

    def __init__(self, qtbot, folder: Path) -> None:
        """The program is started."""
        self.clicks = 0
        self.keys = 0
        self.files: list[Path] = []
        """What the person chooses when a dialog asks for files."""
        self._wait = qtbot.waitUntil
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(1440, 900)
        opening = Opening(self.window, folder)
        self.window.painted.connect(lambda: QTimer.singleShot(0, opening.open))
        self.window.show()
        self.window.activateWindow()
        self.wait(lambda: self.window.page is not None)
        self.wait(self.window.isActiveWindow)

    def leave(self) -> None:
        """The window is closed."""
        self.window.close()
        workspace = self.window.findChild(Workspace)
        if workspace is not None:
            workspace.session.store.close()

    # -- what is seen ----------------------------------------------------------------------

    def wait(self, seen: Callable[[], object], at_most: int = PATIENCE_S) -> None:
        """Wait until something is seen, for so many seconds at most."""
        self._wait(lambda: bool(seen()), timeout=at_most * 1000)

    @property
    def page(self):
        """The page that is shown."""
        return self.window.page

    @property
    def title(self) -> str:
        """What stands at the head of the page."""
        return self.window.page.title if self.window.page else ""

    @property
    def notice(self) -> str:
        """What is said at the foot."""
        return plain(self.window.notice)

    @property
    def at_work(self) -> list[str]:
        """What is being done in the background."""
        return [each.name for each in self.window.findChild(Workspace).operations]

    def button(self, words: str) -> QAbstractButton:
        """The button that says this."""
        (found,) = self._buttons(words)
        return found

    def sees_button(self, words: str) -> bool:
        """Whether there is one that can be pressed."""
        return any(each.isEnabled() for each in self._buttons(words))

    def _buttons(self, words: str) -> list[QAbstractButton]:
        return [
            each
            for each in self.window.findChildren(QAbstractButton)
            if each.isVisible() and plain(each.text()).startswith(words)
        ]

    def shown_in(self, table: QAbstractItemView) -> list[list[str]]:
        """The texts of a table's cells, row by row."""
        model = table.model()
        return [
            [_text(model.index(row, column)) for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    def stored(self, register: str) -> list[Record]:
        """What lies in a register, as another window would read it."""
        store = self.window.findChild(Workspace).session.store
        with store.reading() as read:
            return read.records(Query(register))

    # -- the mouse -------------------------------------------------------------------------

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Click where a person can see and reach it."""
        at = widget.rect().center() if place is None else place
        top = widget.window()
        under = top.childAt(widget.mapTo(top, at)) or top
        assert widget.isVisible(), widget
        assert widget.isEnabled(), widget
        assert under is widget or widget.isAncestorOf(under), (widget, under)
        self.clicks += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)

    def press_button(self, words: str, at_most: int = PATIENCE_S) -> None:
        """Click on the button that says this, once it can be pressed."""
        self.wait(lambda: self.sees_button(words), at_most)
        self.click(self.button(words))

    def click_cell(self, table: QAbstractItemView, row: int, column: int) -> None:
        """Click into a cell."""
        index = table.model().index(row, column)
        table.scrollTo(index)
        self.click(table.viewport(), table.visualRect(index).center())

    def go_to(self, label: str) -> None:
        """Click on a page at the left."""
        pages: QListView = self.window.sidebar.navigation
        rows = range(pages.model().rowCount())
        at = next(row for row in rows if pages.model().index(row, 0).data() == label)
        self.click_cell(pages, at, 0)

    def choose(self, words: str) -> None:
        """Click on a line of the menu that is open."""
        self.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        (action,) = [each for each in menu.actions() if plain(each.text()).startswith(words)]
        assert action.isEnabled()
        self.click(menu, menu.actionGeometry(action).center())

    def choose_files(self, _parent: QWidget, _title: str, take: Take) -> None:
        """The system's dialog, with a person before it."""
        assert self.files
        self.clicks += IN_THE_DIALOG
        QTimer.singleShot(0, self.window, lambda: take(self.files))

    # -- the keyboard ----------------------------------------------------------------------

    def press(self, keys: str) -> None:
        """Press keys as menus name them, one after the other: « G, F », « Ctrl+K »."""
        for pressed in QKeySequence(keys):
            self.keys += 1
            QTest.keyClick(self._focus(), pressed.key(), pressed.keyboardModifiers())
            QApplication.processEvents()

    def type(self, text: str) -> None:
        """Type a text where the cursor is."""
        for letter in text:
            self.keys += 1
            if letter.isascii():
                QTest.keyClick(self._focus(), letter)
            else:  # QTest aborts on a letter with an accent
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                    QApplication.sendEvent(self._focus(), event)
            QApplication.processEvents()  # no hand is so quick that the window has no turn

    def _focus(self) -> QWidget:
        return QApplication.activePopupWidget() or QApplication.focusWidget() or self.window

    def find(self, words: str) -> None:
        """Open the palette, type, and take what comes first."""
        self.press("Ctrl+K")
        self.type(words)
        self.press("Return")


def _text(index: QModelIndex) -> str:
    cell = index.data(CELL)
    return plain(cell.plain if hasattr(cell, "plain") else str(index.data() or ""))
