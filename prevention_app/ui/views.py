"""Saved views of a register: a name for filters, columns, order, groups and density together."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget, QWidgetAction

from prevention_app.ui import icons, settings, style
from prevention_app.ui.filter_chip import Kept
from prevention_app.ui.words import sentence

EVERYTHING: Final = "Toutes les fiches"
"""The view that every register has: as declared, without a filter."""


@dataclass(frozen=True, slots=True)
class View:
    """How a table is looked at."""

    filters: Mapping[str, Kept] = field(default_factory=dict[str, Kept])
    columns: tuple[str, ...] = ()
    """Keys in their order; none for those of the declaration."""
    order: tuple[str, ...] = ()
    group: str = ""
    density: str = ""
    """The height of rows by its token; empty to leave it as it is."""


def read_view(held: Mapping[str, Any]) -> View:
    """A view as settings hold it; raises TypeError or ValueError for what is none."""
    made = View(**held)
    return View(
        dict(made.filters),
        tuple(map(str, made.columns)),
        tuple(map(str, made.order)),
        str(made.group),
        str(made.density),
    )


class Views:
    """The views that are kept for one register, at this computer."""

    def __init__(self, register: str) -> None:
        """Read what is kept; what cannot be understood is left out."""
        self._key = f"views/{register}"
        self._first_key = f"first_view/{register}"
        self.by_name: dict[str, View] = {}
        try:
            kept = json.loads(str(settings.remembered(self._key, "{}")))
            for name, held in kept.items():
                self.by_name[str(name)] = read_view(held)
        except (ValueError, TypeError, AttributeError):
            self.by_name = {}

    @property
    def first(self) -> str:
        """The view that the register opens with."""
        name = str(settings.remembered(self._first_key, EVERYTHING))
        return name if name in self.by_name else EVERYTHING

    def open_with(self, name: str) -> None:
        """Let the register open with a view."""
        settings.remember(self._first_key, name)

    def get(self, name: str) -> View:
        """A view by its name."""
        return self.by_name.get(name, View())

    def keep(self, name: str, view: View) -> None:
        """Keep a view under a name, in the place of the one that had it."""
        self.by_name[name] = view
        self._write()

    def rename(self, name: str, to: str) -> None:
        """Give a view another name, in its place."""
        first = self.first == name
        self.by_name = {to if each == name else each: view for each, view in self.by_name.items()}
        self._write()
        if first:
            self.open_with(to)

    def delete(self, name: str) -> View:
        """Keep a view no longer; returns it, so that it can come back."""
        deleted = self.by_name.pop(name)
        self._write()
        return deleted

    def _write(self) -> None:
        held = {name: asdict(view) for name, view in self.by_name.items()}
        settings.remember(self._key, json.dumps(held, ensure_ascii=False))


class ViewButton(QPushButton):
    """« Vue : … »: the menu of the views, and what can be done with them."""

    chosen = Signal(str)
    """A view is to be shown."""
    deleted = Signal(str, object)
    """A view was deleted: its name, and itself."""

    def __init__(self, views: Views, current: Callable[[], View]) -> None:
        """Show the view that the register opens with; `current` is how it is looked at now."""
        super().__init__()
        self._views = views
        self._current = current
        self.name = views.first
        style.mark(self, "look", "quiet")
        self.setIcon(icons.icon("list-checks"))
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.show_name(self.name)

    def show_name(self, name: str) -> None:
        """Say which view is shown, and whether it is looked at as it was kept."""
        self.name = name
        changed = self._current() != self._views.get(name)
        label = sentence(f"Vue\u00a0: {name}{' (modifiée)' if changed else ''}")
        self.setText(f"\u00a0{label}")
        self.setAccessibleName(label)

    def refresh(self) -> None:
        """Say it again: something is looked at otherwise."""
        self.show_name(self.name)

    # -- the menu --------------------------------------------------------------------------

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        exclusive = QActionGroup(menu)
        for name in (EVERYTHING, *self._views.by_name):
            action = menu.addAction(name, partial(self.chosen.emit, name))
            action.setCheckable(True)
            action.setChecked(name == self.name)
            exclusive.addAction(action)
        menu.addSeparator()
        own = self.name in self._views.by_name
        save = menu.addAction("Enregistrer la vue", self._save)
        save.setEnabled(own and self._current() != self._views.get(self.name))
        self._add_naming(menu.addMenu("Enregistrer comme nouvelle vue"), "", self.save_as)
        renaming = menu.addMenu("Renommer la vue")
        renaming.setEnabled(own)
        self._add_naming(renaming, self.name, self.rename)
        menu.addAction("Supprimer la vue", self.delete).setEnabled(own)
        first = menu.addAction("Ouvrir le registre avec cette vue", self._open_with)
        first.setCheckable(True)
        first.setChecked(self._views.first == self.name)

    def _add_naming(self, menu: QMenu, name: str, act: Callable[[str], None]) -> None:
        line = QLineEdit(name)
        line.setMinimumWidth(220)
        line.setPlaceholderText("Nom de la vue")
        line.setAccessibleName("Nom de la vue")
        line.returnPressed.connect(lambda: self._named(line.text(), act))
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(10, 6, 10, 6)
        column.addWidget(line)
        action = QWidgetAction(menu)
        action.setDefaultWidget(frame)
        menu.addAction(action)
        menu.aboutToShow.connect(lambda: QTimer.singleShot(0, line, line.setFocus))

    def _named(self, name: str, act: Callable[[str], None]) -> None:
        name = " ".join(name.split())
        if name and name != EVERYTHING:
            self._menu.close()
            act(name)

    def _save(self) -> None:
        self.save_as(self.name)

    def save_as(self, name: str) -> None:
        """Keep how the table is looked at now under a name."""
        self._views.keep(name, self._current())
        self.show_name(name)

    def rename(self, name: str) -> None:
        """Give the view another name."""
        self._views.rename(self.name, name)
        self.show_name(name)

    def delete(self) -> None:
        """Keep the view no longer; the table stays as it is."""
        name = self.name
        view = self._views.delete(name)
        self.show_name(EVERYTHING)
        self.deleted.emit(name, view)

    def bring_back(self, name: str, view: View) -> None:
        """Keep a view again that was deleted."""
        self._views.keep(name, view)
        self.show_name(name)

    def _open_with(self) -> None:
        self._views.open_with(self.name)
