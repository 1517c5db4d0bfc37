"""A form of few fields for something new, beside what it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Entity, Value
from prevention_app.catalogue.values import Unreadable
from prevention_app.storage.work import CheckFailed
from prevention_app.ui import drafts, style
from prevention_app.ui.drafts import Draft
from prevention_app.ui.field_box import FieldBox, typed_in
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys

_DRAFT_MS: Final = 600


class ShortForm(QWidget):
    """Asks for some fields of a new record; what is typed is kept as a draft."""

    given = Signal(dict)
    """The values, to be written."""
    closed = Signal()

    def __init__(
        self, session: Session, entity: Entity, keys: Sequence[str], verb: str, parent: QWidget
    ) -> None:
        """These fields of a register; `verb` is on the button: « Ajouter l’action »."""
        super().__init__(parent)
        self._session = session
        self._entity = entity
        self._given: dict[str, Value] = {}
        self._touched: set[str] = set()
        self._timer = QTimer(self, singleShot=True, interval=_DRAFT_MS)
        self._timer.timeout.connect(self._keep_soon)
        self.title = QLabel()
        self.title.setWordWrap(True)
        style.mark(self.title, "look", "section")
        self._under = QLabel()
        self._under.setWordWrap(True)
        style.mark(self._under, "look", "secondary")
        scroll = QScrollArea(self)
        content = QWidget(scroll)
        content.setObjectName("form_content")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(content)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self._under)
        self.boxes = {key: FieldBox(entity.by_key[key], session, content) for key in keys}
        for key, box in self.boxes.items():
            box.editor.changed.connect(lambda key=key: self._on_changed(key))
            column.addWidget(box)
        column.addStretch(1)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(self._make_foot(verb))

    def _make_foot(self, verb: str) -> QWidget:
        foot = QWidget()
        foot.setObjectName("footer")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.close_button = button("Abandonner")
        self.close_button.clicked.connect(self._abandon)
        self.save_button = button(verb)
        self.save_button.clicked.connect(self.give)
        row = QHBoxLayout(foot)
        row.setContentsMargins(18, 9, 18, 9)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.save_button)
        on_keys("Escape", self, self._close, inside=True)
        on_keys("Ctrl+S", self, self.give, inside=True)
        return foot

    def ask(
        self, title: str, under: str, values: Mapping[str, Value], belongs: Mapping[str, Value]
    ) -> None:
        """Ask for the fields, with these values to start with.

        `belongs` is given as well and not shown: what was typed before and not saved is there
        again where it belongs to the same.
        """
        self.keep_draft()
        self._given = dict(belongs)
        self.title.setText(title)
        self._under.setText(under)
        self._under.setVisible(bool(under))
        kept = drafts.find(self._session.folder, self._entity, drafts.NEW)
        if kept is None or any(kept.values.get(key) != each for key, each in belongs.items()):
            kept = Draft({})
        shown = {**values, **kept.values}
        blank = self._entity.new()
        for key, box in self.boxes.items():
            box.show_problem("")
            box.editor.show_value(shown.get(key, getattr(blank, key, None)))
            if key in kept.texts:
                box.editor.show_typed(kept.texts[key])
        self._touched = {*kept.values, *kept.texts} & set(self.boxes)
        first = next(
            (box for key, box in self.boxes.items() if shown.get(key) is None),
            next(iter(self.boxes.values())),
        )
        first.editor.setFocus()

    def _on_changed(self, key: str) -> None:
        self._touched.add(key)
        self.boxes[key].show_problem("")
        if not self._timer.isActive():
            self._timer.start()

    def _draft(self) -> Draft:
        """What was typed, as it stands now."""
        values, texts = typed_in(self.boxes, self._touched)
        return Draft({**self._given, **values}, texts)

    def _keep_soon(self) -> None:
        drafts.keep_soon(self._session.folder, self._entity, drafts.NEW, self._draft())

    def keep_draft(self) -> None:
        """Write what was typed into the workspace's drafts, before anything else happens."""
        self._timer.stop()
        if self._touched:
            drafts.keep(self._session.folder, self._entity, drafts.NEW, self._draft())

    def _close(self) -> None:
        self.keep_draft()
        self.closed.emit()

    def _abandon(self) -> None:
        self.forget()
        self.closed.emit()

    def forget(self) -> None:
        """What was typed is written, or no longer wanted."""
        self._timer.stop()
        if self._touched:
            self._touched.clear()
            drafts.drop(self._session.folder, self._entity, drafts.NEW)

    def give(self) -> None:
        """Hand the values over, or say at each field what is wrong with it."""
        values: dict[str, Value] = {}
        problems: dict[str, str] = {}
        for key, box in self.boxes.items():
            try:
                values[key] = box.editor.value()
            except Unreadable as error:
                problems[key] = str(error)
        if problems:
            self._show_problems(problems)
        else:
            self.given.emit({key: each for key, each in values.items() if each is not None})

    def complain(self, error: CheckFailed) -> None:
        """Say at each field what is wrong with it."""
        self._show_problems(dict(error.problems))

    def _show_problems(self, problems: Mapping[str, str]) -> None:
        for key, box in self.boxes.items():
            box.show_problem(problems.get(key, ""))
        wrong = [box for box in self.boxes.values() if box.problem]
        for box in wrong[:1]:
            box.editor.setFocus()
