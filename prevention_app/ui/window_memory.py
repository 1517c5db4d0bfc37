"""Where the window stood: page, department, record and sizes, so that it comes back there.

It is noted while people work, not only when they close: a window that is killed comes back too.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import SIGNAL, QByteArray, QObject, QTimer
from PySide6.QtWidgets import QSplitter

from prevention_app.ui import settings
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.page import Page
from prevention_app.ui.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from prevention_app.ui.record_page import RecordPage

_EVERY_MS: Final = 1500
_NEW: Final = "new"
_SHOWN: Final = "shown"
_MOVED: Final = SIGNAL("splitterMoved(int,int)")
_FOLLOWED: Final = "sizes_followed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone works in a workspace; all texts, as they are kept."""

    page: str
    """Key of the page."""
    department: str
    """Its number; empty for all."""
    record: str = ""
    """Id of the record chosen, « new » for one that is not saved yet."""
    form: str = ""
    """« shown » where the record was open in the form."""


def place_key(folder: Path) -> str:
    """Setting under which the place in a workspace is kept."""
    digest = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()
    return f"place/{digest[:12]}"


class WindowMemory(QObject):
    """Notes where the window stands; tells where it stood."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        """Remember from now on."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._page = ""
        self._name = place_key(session.folder)
        kept = settings.remembered_list(self._name)
        self.last = self._noted = Place(*kept) if len(kept) == 4 else None
        """Where someone worked when this workspace was last open; None the first time."""
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.note)
        self._timer.start()
        window.closing.connect(self.note)

    def come_back(self, page: Page, place: Place) -> None:
        """Choose on a page the record that was chosen, in its form where that was shown."""
        shown = _as_record_page(page)
        if shown is None or not place.record:
            return
        if place.record == _NEW:
            shown.new_record()
        elif place.form:
            shown.open_record(place.record)
        else:
            shown.table.select(place.record)

    def follow(self, key: str, page: Page) -> None:
        """A page is shown: its splitters take the sizes that they had when it was last seen."""
        self._page = key
        if not page.property(_FOLLOWED):
            page.setProperty(_FOLLOWED, True)
            for number, each in enumerate(page.findChildren(QSplitter)):
                if not each.receivers(_MOVED):  # else the page keeps its sizes by itself
                    _follow_splitter(f"splitters/{key}/{number}", each)
        self.note()

    def note(self) -> None:
        """Note where the window stands, where that has changed."""
        if not self._page:
            return
        place = Place(self._page, self._session.owner, *_record_of(self._window.page))
        if place != self._noted:
            self._noted = place
            settings.remember(self._name, list(astuple(place)))
            settings.remember("window/geometry", self._window.saveGeometry())


def _record_of(page: Page | None) -> tuple[str, str]:
    shown = _as_record_page(page)
    if shown is None:
        return "", ""
    if not shown.form.isHidden():
        return (shown.form.record.id if shown.form.record else _NEW), _SHOWN
    chosen = shown.table.current()
    return (chosen.id if chosen else ""), ""


def _as_record_page(page: Page | None) -> RecordPage | None:
    """The page where it is that of a register; nothing is loaded for the sake of asking."""
    module = sys.modules.get("prevention_app.ui.record_page")
    asked: Any = page
    return asked if module is not None and isinstance(asked, module.RecordPage) else None


def _follow_splitter(name: str, splitter: QSplitter) -> None:
    kept = settings.remembered(name)
    if isinstance(kept, QByteArray):
        splitter.restoreState(kept)
    splitter.splitterMoved.connect(lambda: settings.remember(name, splitter.saveState()))
