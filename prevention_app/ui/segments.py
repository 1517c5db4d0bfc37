"""A few choices side by side, one of which holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton

from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.ui import icons, style


class Segments(QFrame):
    """« Tous · Stop 2 · Prudence 2 · Utilisables 34 »; arrows go from one to the next."""

    chosen = Signal(str)
    """A person chose another value."""

    def __init__(self, name: str) -> None:
        """Nothing to choose from before `offer`."""
        super().__init__()
        self.setObjectName("segments")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._words: dict[str, str] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(2)

    def offer(
        self, choices: Iterable[tuple[str, str]], marks: Mapping[str, str] | None = None
    ) -> None:
        """Offer these values under these words, the first of which holds; `marks` are icons."""
        for each in self._buttons.values():
            self._group.removeButton(each)
            self._row.removeWidget(each)
            each.hide()
            each.deleteLater()
        self._words = dict(choices)
        self._buttons = {value: self._make(value) for value in self._words}
        for value, icon in (marks or {}).items():
            self._buttons[value].setIcon(icons.icon(icon))
        for each in list(self._buttons.values())[:1]:
            each.setChecked(True)
        self.count({})

    def _make(self, value: str) -> QPushButton:
        made = QPushButton()
        made.setCheckable(True)
        style.mark(made, "look", "segment")
        made.clicked.connect(partial(self.chosen.emit, value))
        self._group.addButton(made)
        self._row.addWidget(made)
        return made

    @property
    def value(self) -> str:
        """The value that holds; empty where there is none to choose."""
        return next((value for value, each in self._buttons.items() if each.isChecked()), "")

    def show_value(self, value: str) -> None:
        """Let a value hold; says nothing to listeners. One that is not offered changes nothing."""
        if value in self._buttons:
            self._buttons[value].setChecked(True)

    def take_focus(self) -> None:
        """Put the focus on the value that holds."""
        if self.value:
            self._buttons[self.value].setFocus()

    def choose(self, value: str) -> None:
        """Choose a value as a person does."""
        self._buttons[value].click()

    def count(self, numbers: Mapping[str, int]) -> None:
        """Show how many there are of each; a value without a number shows none."""
        for value, made in self._buttons.items():
            text = self._words[value]
            if value in numbers:
                text += f"{NO_BREAK}{number_text(numbers[value])}"
            made.setText(text if made.icon().isNull() else f"{NO_BREAK}{text}")
            made.setAccessibleName(text)
