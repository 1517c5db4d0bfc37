"""The frame of the window: sidebar, page bar, pages, notices, status bar. It knows no data.

It is painted before it has any of them: what they are made of is loaded after that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QMainWindow

from prevention_app.ui import settings

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import (
        QCloseEvent,
        QDragEnterEvent,
        QDropEvent,
        QKeyEvent,
        QPaintEvent,
        QResizeEvent,
    )
    from PySide6.QtWidgets import QWidget

    from prevention_app.ui.page import Page

GROUND: Final = "window/ground"
"""Setting: the colour of the empty window, as in the theme of the last time."""
_ALT_S = 0.5
_WIDE = 1360
"""Below this width the sidebar shows icons alone."""


class MainWindow(QMainWindow):
    """Shows one page at a time between the sidebar and the status bar."""

    painted = Signal()
    """It has been seen for the first time."""
    closing = Signal()
    menu_asked = Signal()
    """Alt alone was pressed and let go."""
    dropped = Signal(list)
    """Paths of files dropped on the window."""
    page_shown = Signal(object)

    def __init__(self) -> None:
        """An empty window where the last one stood."""
        super().__init__()
        self.setWindowTitle("Prévention")
        self.page: Page | None = None
        self._is_filled = False
        self._was_painted = False
        self._alt_since = 0.0
        ground = str(settings.remembered(GROUND, ""))
        if ground:
            palette = self.palette()
            palette.setColor(QPalette.ColorRole.Window, QColor(ground))
            self.setPalette(palette)
        kept = settings.remembered("window/geometry")
        if isinstance(kept, QByteArray) and not kept.isEmpty():
            self.restoreGeometry(kept)
        else:
            self.resize(1440, 900)

    def fill(self) -> None:
        """Give the window its parts, once; there is no page yet."""
        if self._is_filled:
            return
        self._is_filled = True
        from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

        from prevention_app.ui import theme
        from prevention_app.ui.notice_bar import NoticeBar
        from prevention_app.ui.page_bar import PageBar
        from prevention_app.ui.sidebar import Sidebar
        from prevention_app.ui.status_line import StatusLine

        self.setPalette(QApplication.palette())
        self.setMinimumSize(*theme.tokens()["width"]["min_window"])
        self.setAcceptDrops(True)
        self.sidebar = Sidebar()
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        self._bar, self._notice, self._status = PageBar(), NoticeBar(), StatusLine()
        self.work_place = QVBoxLayout()
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.pages, 1)
        column.addWidget(self._notice)
        column.addLayout(self.work_place)
        column.addWidget(self._status)
        shell = QWidget()
        shell.setObjectName("shell")
        row = QHBoxLayout(shell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(column, 1)
        self.setCentralWidget(shell)
        self.menuBar().setNativeMenuBar(False)
        self.menuBar().hide()
        self._make_room()

    # -- pages -----------------------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        """Show a page, its title and its buttons."""
        self.fill()
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        if self.page is not None:
            self.page.keep_drafts()
            self.page.told.disconnect(self._status.say)
        self.page = page
        self.pages.setCurrentWidget(page)
        page.told.connect(self._status.say)
        self._status.say(page.status)
        self._bar.show_page(page)
        self.show_keys()
        self.setWindowTitle(f"{page.title} – Prévention")
        page.focus_main()
        self.page_shown.emit(page)

    def show_keys(self) -> None:
        """Show the keys of the page as they are now."""
        if self.page is not None:
            self._status.show_keys(self.page.keys())

    # -- what it says ----------------------------------------------------------------------

    def notify(
        self, text: str, look: str, acts: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """Say something at the foot, with buttons; what went wrong stays until it is closed."""
        self._notice.say(text, look, acts)

    @property
    def notice(self) -> str:
        """What is said at the foot now."""
        return self._notice.text

    def show_at_foot(self, widget: QWidget) -> None:
        """Show something more in the status bar."""
        self._status.add(widget)

    def show_saved(self, moment: datetime | None) -> None:
        """Say when something was last written here."""
        self._status.show_saved(moment)

    # -- as a window -----------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell, once, that the window has been painted."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A window may have become wide or narrow."""
        super().resizeEvent(event)
        if self._is_filled and (event.oldSize().width() >= _WIDE) != (self.width() >= _WIDE):
            self._make_room()

    def _make_room(self) -> None:
        """A narrow window shows icons alone for its pages."""
        self.sidebar.turn_narrow(self.width() < _WIDE)

    def turn_sidebar(self) -> None:
        """Words beside the icons, or icons alone, until the window becomes wide or narrow."""
        self.sidebar.turn_narrow(not self.sidebar.narrow)

    def next_pane(self, step: int) -> None:
        """Put the focus into the next pane: the pages, then those of the page shown."""
        from PySide6.QtCore import Qt

        panes = [self.sidebar.navigation, *(self.page.panes() if self.page else ())]
        panes = [each for each in panes if each.isVisible() and each.isEnabled()]
        focus = QApplication.focusWidget()
        here = [
            at for at, each in enumerate(panes) if each is focus or each.isAncestorOf(focus or self)
        ]
        at = (here[-1] + step) % len(panes) if here else min(1, len(panes) - 1)
        panes[at].setFocus(Qt.FocusReason.TabFocusReason)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  (as Qt names it)
        """Tab goes as one reads, whatever was made first."""
        from prevention_app.ui import reading_order

        shell, here = self.centralWidget(), QApplication.focusWidget()
        moved = shell is not None and reading_order.go_on(shell, here, forwards=next)
        return moved or super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remember that Alt went down, alone."""
        alone = _is_alt(event) and not event.isAutoRepeat()
        self._alt_since = time.monotonic() if alone else 0.0
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Alt let go at once asks for the menu bar."""
        if _is_alt(event) and time.monotonic() - self._alt_since < _ALT_S:
            self.menu_asked.emit()
        super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files that were dropped."""
        from prevention_app.ui.file_choice import files_of

        files = files_of(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed and where the window stood."""
        if self.page is not None:
            self.page.keep_drafts()
        settings.remember("window/geometry", self.saveGeometry())
        settings.remember(GROUND, QApplication.palette().color(QPalette.ColorRole.Window).name())
        self.closing.emit()
        super().closeEvent(event)


def _is_alt(event: QKeyEvent) -> bool:
    from PySide6.QtCore import Qt  # a long list of names, and nothing else here wants it

    return event.key() == Qt.Key.Key_Alt
