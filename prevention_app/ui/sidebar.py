"""The left of the window: whose records are shown, the way to everything, the pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout

from prevention_app.ui import icons, style, theme
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.navigation import NavigationView

_ALL: Final = "Tous les départements"
_ASK: Final = "Rechercher, agir"


class Sidebar(QFrame):
    """Wide with words, or narrow with icons alone."""

    department_chosen = Signal(str)
    palette_asked = Signal()
    settings_asked = Signal()

    def __init__(self) -> None:
        """Without a workspace yet."""
        super().__init__()
        self.setObjectName("sidebar")
        self.navigation = NavigationView()
        self.ask = self._make_ask()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._make_department())
        inner = QHBoxLayout()
        inner.setContentsMargins(12, 0, 12, 4)
        inner.addWidget(self.ask)
        column.addLayout(inner)
        column.addWidget(self.navigation, 1)
        column.addWidget(self._make_foot())
        self.narrow = False
        self.turn_narrow(False)
        self.setEnabled(False)

    def turn_narrow(self, on: bool) -> None:
        """Show icons alone, with their words as tooltips, or icons and words."""
        self.narrow = on
        self.setFixedWidth(theme.width("sidebar_icons_only" if on else "sidebar"))
        self.navigation.turn_narrow(on)
        for each in (self._name, self._under, self._arrows, self._station, self._key):
            each.setVisible(not on)
        self.ask.setText("" if on else f"\u00a0{_ASK}")
        style.mark(self.ask, "narrow", str(on).lower())

    def _make_department(self) -> QPushButton:
        self.department = QPushButton()
        self.department.setObjectName("department")
        self.department.setMinimumHeight(44)
        self.department.setMenu(QMenu(self.department))
        self._number = QLabel()
        self._number.setFixedSize(32, 32)
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        style.mark(self._number, "look", "department")
        self._number.hide()
        self._name = QLabel("Prévention")
        style.mark(self._name, "look", "strong")
        self._under = QLabel("Service prévention")
        style.mark(self._under, "look", "secondary")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(self._name)
        texts.addWidget(self._under)
        texts.addStretch(1)
        self._arrows = IconLabel("chevrons-up-down")
        row = QHBoxLayout(self.department)
        row.setContentsMargins(12, 0, 10, 0)
        row.setSpacing(10)
        row.addWidget(self._number)
        row.addLayout(texts, 1)
        row.addWidget(self._arrows)
        for each in (self._number, self._name, self._under):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return self.department

    def _make_ask(self) -> QPushButton:
        ask = QPushButton()
        ask.setObjectName("ask")
        ask.setIcon(icons.icon("search"))
        ask.setIconSize(QSize(16, 16))
        ask.setAccessibleName("Rechercher une fiche, une page ou une action")
        ask.setToolTip("Rechercher une fiche, une page ou une action (Ctrl K)")
        ask.clicked.connect(self.palette_asked)
        self._key = QLabel("Ctrl K")
        style.mark(self._key, "look", "key")
        self._key.setFixedHeight(20)
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(ask)
        row.setContentsMargins(0, 0, 8, 0)
        row.addStretch(1)
        row.addWidget(self._key)
        return ask

    def _make_foot(self) -> QPushButton:
        """Which computer this is; its settings are behind it."""
        self.foot = QPushButton()
        self.foot.setObjectName("foot")
        self.foot.setMinimumHeight(40)
        self.foot.clicked.connect(self.settings_asked)
        self._station = ElidingLabel()
        style.mark(self._station, "look", "secondary")
        self._station.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(18, 0, 18, 0)
        row.addWidget(IconLabel("settings"))
        row.addWidget(self._station, 1)
        return self.foot

    def show_departments(self, names: Mapping[str, str], chosen: str, station: str) -> None:
        """Show which department is looked at, and those among which one may choose."""
        self.setEnabled(True)
        self._number.show()
        self._number.setText(chosen or "3D")
        self._name.setText(names.get(chosen, _ALL))
        self.department.setAccessibleName(f"Département\u00a0: {self._name.text()}")
        where = f"Ordinateur\u00a0: {station}" if station else ""
        self._station.setText(where)
        self.foot.setToolTip(f"Réglages · {where}" if where else "Réglages")
        self.foot.setAccessibleName(self.foot.toolTip())
        menu = self.department.menu()
        menu.clear()
        for number, name in (*names.items(), ("", _ALL)):
            label = f"{number}  {name}" if number else name
            action = menu.addAction(label, partial(self.department_chosen.emit, number))
            action.setCheckable(True)
            action.setChecked(number == chosen)
