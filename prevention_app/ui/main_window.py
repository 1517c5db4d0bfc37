"""The frame of the window: sidebar, page bar, pages, notices, status bar. It knows no data."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QStatusBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from prevention_app.ui import icons, layouts, settings, style, theme, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.page import Page
from prevention_app.ui.sidebar import Sidebar

_NOTICE_MS = 6000
_ALT_S = 0.5
_WIDE = 1280
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
        """A frame without pages."""
        super().__init__()
        self.setWindowTitle("Prévention")
        self.setMinimumSize(*theme.tokens()["width"]["min_window"])
        self.setAcceptDrops(True)
        self.sidebar = Sidebar()
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        self.page: Page | None = None
        self._was_painted = False
        self._alt_since = 0.0
        self._lay_out()
        self._restore()

    def _lay_out(self) -> None:
        shell = QWidget()
        shell.setObjectName("shell")
        row = QHBoxLayout(shell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._make_bar())
        column.addWidget(self.pages, 1)
        column.addWidget(self._make_notice())
        self.work_place = QVBoxLayout()
        column.addLayout(self.work_place)
        column.addWidget(self._make_status())
        row.addLayout(column, 1)
        self.setCentralWidget(shell)
        self.menuBar().setNativeMenuBar(False)
        self.menuBar().hide()

    def _make_bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("page_bar")
        style.fix_height(bar, "page_bar")
        self._crumb = QLabel()
        style.mark(self._crumb, "look", "crumb")
        self._arrow = IconLabel("chevron-right", "text_tertiary", 14)
        self._title = ElidingLabel()
        style.mark(self._title, "look", "page_title")
        self._tag = QLabel()
        style.mark(self._tag, "look", "tag")
        style.fix_height(self._tag, "state_chip")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        row = QHBoxLayout(bar)
        row.setContentsMargins(20, 0, 16, 0)
        row.setSpacing(8)
        for each in (self._crumb, self._arrow, self._title, self._tag):
            row.addWidget(each)
        row.addStretch(1)
        row.addLayout(self._buttons)
        return bar

    def _make_notice(self) -> QFrame:
        self._notice = QFrame()
        self._notice_text = QLabel()
        self._notice_text.setWordWrap(True)
        self._notice_text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setIcon(icons.icon("x"))
        close.setAccessibleName("Fermer le message")
        close.clicked.connect(self._notice.hide)
        row = QHBoxLayout(self._notice)
        row.setContentsMargins(20, 6, 12, 6)
        self._acts = QHBoxLayout()
        row.addWidget(self._notice_text, 1)
        row.addLayout(self._acts)
        row.addWidget(close)
        self._notice.hide()
        self._notice_end = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._notice_end.timeout.connect(self._notice.hide)
        return self._notice

    def _make_status(self) -> QStatusBar:
        bar = QStatusBar()
        bar.setSizeGripEnabled(False)
        style.fix_height(bar, "status_bar")
        self._said = QLabel()
        self._keys = QWidget()
        self._keys_row = QHBoxLayout(self._keys)
        self._keys_row.setContentsMargins(0, 0, 0, 0)
        self._keys_row.setSpacing(6)
        self._saved = QLabel()
        bar.addWidget(self._said, 1)
        bar.addPermanentWidget(self._keys)
        bar.addPermanentWidget(self._saved)
        self._said.setContentsMargins(18, 0, 0, 0)
        self._saved.setObjectName("saved")
        return bar

    # -- pages -----------------------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        """Show a page, its title and its buttons."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        if self.page is not None:
            self.page.keep_drafts()
            self.page.told.disconnect(self._say)
        self.page = page
        self.pages.setCurrentWidget(page)
        page.told.connect(self._say)
        self._said.setText(page.status)
        self._crumb.setText(page.crumb)
        self._crumb.setVisible(bool(page.crumb))
        self._arrow.setVisible(bool(page.crumb))
        self._title.setText(page.title)
        self._tag.setText(page.tag)
        self._tag.setVisible(bool(page.tag))
        self._show_buttons(page)
        self._show_keys(page.keys())
        self.setWindowTitle(f"{page.title} – Prévention")
        page.focus_main()
        self.page_shown.emit(page)

    def _say(self, text: str) -> None:
        self._said.setText(text)

    def _show_buttons(self, page: Page) -> None:
        layouts.empty(self._buttons, keep=True)
        before: QWidget = self.sidebar.foot
        for each in page.buttons:
            self._buttons.addWidget(each)
            each.show()
            # Tab goes as the eye does: the pages, the bar, then the page.
            self.setTabOrder(before, each)
            before = each

    def _show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        layouts.empty(self._keys_row)
        for key, label in keys:
            for text, look in ((key, "key"), (label, "secondary")):
                made = QLabel(text)
                style.mark(made, "look", look)
                self._keys_row.addWidget(made)
            self._keys_row.addSpacing(8)

    # -- what it says ----------------------------------------------------------------------

    def notify(
        self, text: str, look: str, acts: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """Say something at the foot, with buttons; what went wrong stays until it is closed."""
        self._notice.setObjectName(f"notice_{look}")
        style.mark(self._notice, "shown", look)
        self._notice_text.setText(text)
        self._notice.setAccessibleName(text)
        layouts.empty(self._acts)
        for label, act in acts:
            made = QPushButton(label)
            style.mark(made, "look", "link")
            made.clicked.connect(lambda _=False, act=act: act())
            self._acts.addWidget(made)
        self._notice.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._notice, text))
        if look == "bad" or acts:
            self._notice_end.stop()
        else:
            self._notice_end.start()

    @property
    def notice(self) -> str:
        """What is said at the foot now."""
        return self._notice_text.text() if self._notice.isVisible() else ""

    def show_saved(self, moment: datetime | None) -> None:
        """Say when something was last written here."""
        self._saved.setText(f"Enregistré à {words.hour(moment)}" if moment else "")

    # -- as a window -----------------------------------------------------------------------

    def _restore(self) -> None:
        kept = settings.remembered("window/geometry")
        if isinstance(kept, QByteArray) and not kept.isEmpty():
            self.restoreGeometry(kept)
        else:
            self.resize(1440, 900)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell, once, that the window has been painted."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window shows icons for its pages, and no keys at its foot."""
        super().resizeEvent(event)
        was, wide = event.oldSize().width() >= _WIDE, self.width() >= _WIDE
        if was != wide or event.oldSize().width() < 0:
            self._keys.setVisible(wide)
            self.sidebar.turn_narrow(not wide)

    def turn_sidebar(self) -> None:
        """Words beside the icons, or icons alone, until the window becomes wide or narrow."""
        self.sidebar.turn_narrow(not self.sidebar.narrow)

    def next_pane(self, step: int) -> None:
        """Put the focus into the next pane: the pages, then those of the page shown."""
        panes = [self.sidebar.navigation, *(self.page.panes() if self.page else ())]
        panes = [each for each in panes if each.isVisible() and each.isEnabled()]
        focus = QApplication.focusWidget()
        here = [
            at for at, each in enumerate(panes) if each is focus or each.isAncestorOf(focus or self)
        ]
        at = (here[-1] + step) % len(panes) if here else min(1, len(panes) - 1)
        panes[at].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remember that Alt went down, alone."""
        alone = event.key() == Qt.Key.Key_Alt and not event.isAutoRepeat()
        self._alt_since = time.monotonic() if alone else 0.0
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Alt let go at once asks for the menu bar."""
        quick = time.monotonic() - self._alt_since < _ALT_S
        if event.key() == Qt.Key.Key_Alt and quick:
            self.menu_asked.emit()
        super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files that were dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed and where the window stood."""
        if self.page is not None:
            self.page.keep_drafts()
        settings.remember("window/geometry", self.saveGeometry())
        self.closing.emit()
        super().closeEvent(event)
