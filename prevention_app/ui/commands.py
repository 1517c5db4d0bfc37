"""Every command of the window: its words, its keys, its place in the menus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from prevention_app.ui import settings
from prevention_app.ui.main_window import MainWindow

_KEPT: Final = "menu_bar/kept"


class Commands(QObject):
    """The menu bar and its actions; hidden until Alt unless the user keeps it."""

    def __init__(self, window: MainWindow) -> None:
        """An empty menu bar."""
        super().__init__(window)
        self._window = window
        self.actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        window.menuBar().setVisible(self.kept)
        window.menu_asked.connect(self._turn)

    @property
    def kept(self) -> bool:
        """Whether the menu bar always stays."""
        return str(settings.remembered(_KEPT, "false")) == "true"

    def keep(self, on: bool) -> None:
        """Keep the menu bar, or hide it until Alt."""
        settings.remember(_KEPT, "true" if on else "false")
        self._window.menuBar().setVisible(on)

    def menu(self, name: str) -> QMenu:
        """A menu of the bar, made when it is first asked for."""
        if name not in self._menus:
            self._menus[name] = self._window.menuBar().addMenu(name)
        return self._menus[name]

    def add(
        self, menu: str, key: str, text: str, act: Callable[[], object], keys: str = ""
    ) -> QAction:
        """A command: the name that code calls it by, its words, what it does, its keys."""
        action = QAction(text, self._window)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _on=False: act())
        self.menu(menu).addAction(action)
        # In the window too: a shortcut of a hidden menu bar would be dead.
        self._window.addAction(action)
        self.actions[key] = action
        return action

    def say_keys(self, key: str, text: str) -> None:
        """Name in the menu a key that a list listens to by itself."""
        self.actions[key].setText(f"{self.actions[key].text()}\t{text}")

    def _turn(self) -> None:
        if not self.kept:
            bar = self._window.menuBar()
            bar.setVisible(not bar.isVisible())
