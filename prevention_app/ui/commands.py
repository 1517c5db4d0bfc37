"""Every command of the window: its words, its keys, its place in the menus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from prevention_app.ui import keys, settings
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.page import Deed

_KEPT: Final = "menu_bar/kept"


def menu_bar_kept() -> bool:
    """Whether the menu bar always stays."""
    return settings.remembered_flag(_KEPT, False)


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done now, as the palette lists it."""

    words: str
    keys: str
    """As on the keyboard: « Ctrl D »."""
    act: Callable[[], object]


class Commands(QObject):
    """The menu bar and its actions; hidden until Alt unless the user keeps it."""

    def __init__(self, window: MainWindow) -> None:
        """An empty menu bar."""
        super().__init__(window)
        self._window = window
        self.actions: dict[str, QAction] = {}
        self._bar = window.menuBar()
        self._menus: dict[str, QMenu] = {}
        self._deeds: Sequence[Deed] = ()
        self._offered: list[QAction] | None = None
        """The actions of those deeds; None until there were any."""
        window.menuBar().setVisible(menu_bar_kept())
        window.menu_asked.connect(self._turn)

    def keep(self, on: bool) -> None:
        """Keep the menu bar, or hide it until Alt."""
        settings.remember_flag(_KEPT, on)
        self._window.menuBar().setVisible(on)

    def menu(self, name: str) -> QMenu:
        """A menu of the bar, made when it is first asked for."""
        if name not in self._menus:
            # Held by us: what addMenu(name) itself makes goes when its wrapper does.
            self._menus[name] = QMenu(name, self._bar)
            self._bar.addMenu(self._menus[name])
        return self._menus[name]

    def add(
        self, menu: str, key: str, text: str, act: Callable[[], object], shortcut: str = ""
    ) -> QAction:
        """A command: the name that code calls it by, its words, what it does, its keys."""
        action = QAction(text, self._window)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _on=False: act())
        self.menu(menu).addAction(action)
        # In the window too: a shortcut of a hidden menu bar would be dead.
        self._window.addAction(action)
        self.actions[key] = action
        return action

    def show_deeds(self, menu: str, deeds: Sequence[Deed]) -> None:
        """Offer in a menu what can be done on the page that is shown now."""
        place = self.menu(menu)
        if self._offered is None:
            place.aboutToShow.connect(lambda: self._allow(open_now=True))
            place.aboutToHide.connect(lambda: self._allow(open_now=False))
        for action in self._offered or ():
            self._window.removeAction(action)
            place.removeAction(action)
            action.deleteLater()
        self._deeds, self._offered = deeds, []
        for deed in deeds:
            action = QAction(deed.words, place)
            if deed.letter:
                # The list that has the focus listens to it, not the window.
                action.setText(f"{deed.words}\t{keys.in_words(deed.keys)}")
            else:
                action.setShortcut(QKeySequence(deed.keys))
            action.triggered.connect(lambda _on=False, deed=deed: deed.possible() and deed.act())
            place.addAction(action)
            self._window.addAction(action)
            self._offered.append(action)
        place.menuAction().setVisible(bool(deeds))

    def _allow(self, *, open_now: bool) -> None:
        """Grey what cannot be done; a closed menu greys nothing, or its shortcuts would be dead."""
        for action, deed in zip(self._offered or (), self._deeds, strict=True):
            action.setEnabled(not open_now or deed.possible())

    def everything(self) -> list[Command]:
        """All that can be done now, what the page offers first: for the palette."""
        found = [
            Command(each.words, keys.in_words(each.keys), each.act)
            for each in self._deeds
            if each.possible()
        ]
        for action in self.actions.values():
            if action.isEnabled() and action.text() and not action.isCheckable():
                pressed = action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
                found.append(Command(action.text(), keys.in_words(pressed), action.trigger))
        return found

    def _turn(self) -> None:
        if not menu_bar_kept():
            bar = self._window.menuBar()
            bar.setVisible(not bar.isVisible())
