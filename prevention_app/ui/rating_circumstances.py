"""When, with whom and how a rating is made: what stands beside its figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from prevention_app.catalogue.description import Value
from prevention_app.catalogue.values import Unreadable
from prevention_app.ui import style, theme
from prevention_app.ui.editor import Editor
from prevention_app.ui.editors import editor_for
from prevention_app.ui.session import Session

KEYS: Final = ("rated_on", "participants")
_DATE_WIDTH: Final = 128


class CircumstancesBox(QWidget):
    """The day on which the work was looked at, and who took part."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        """Today, nobody named."""
        super().__init__(parent)
        self._session = session
        entity = session.store.catalogue["rating"]
        self._editors: dict[str, Editor] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for at, key in enumerate(KEYS):
            each = entity.by_key[key]
            editor = self._editors[key] = editor_for(each, session)
            editor.changed.connect(self.changed)
            label = QLabel(each.label_fr)
            label.setBuddy(editor.inner)
            style.mark(label, "look", "label")
            grid.addWidget(label, 0, at)
            grid.addWidget(editor, 1, at)
        self._editors["rated_on"].setFixedWidth(theme.scaled(_DATE_WIDTH))
        grid.setColumnStretch(1, 1)
        self._editors["participants"].inner.setToolTip("Des fonctions plutôt que des noms")
        self.show_values({})

    @property
    def day(self) -> date:
        """The day that is given; raises Unreadable, with a sentence, for what is none."""
        editor = self._editors["rated_on"]
        try:
            held = editor.value()
        except Unreadable:
            editor.mark_problem(True)
            raise
        editor.mark_problem(False)
        return held if isinstance(held, date) else self._session.store.today()

    @property
    def participants(self) -> str:
        """Who took part, as functions."""
        return str(self._editors["participants"].value() or "")

    def show_values(self, values: Mapping[str, Value]) -> None:
        """Show what was given before; the day is today where none was."""
        held = {"rated_on": self._session.store.today(), **values}
        for key, editor in self._editors.items():
            editor.mark_problem(False)
            editor.show_value(held.get(key))

    def values(self) -> dict[str, Value]:
        """What stands in it, as drafts keep it; half a day is not kept."""
        found: dict[str, Value] = {}
        for key, editor in self._editors.items():
            try:
                found[key] = editor.value_at_hand()
            except Unreadable:
                continue
        return found
