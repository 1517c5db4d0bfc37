"""Imports that were begun and are not applied yet: to be taken up, or forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from prevention_app.ui import layouts, style, words
from prevention_app.ui.import_drafts import ImportDraft
from prevention_app.ui.page import button
from prevention_app.ui.side_row import SideRow


class ImportOffers(QFrame):
    """One row an import; hidden where there is none."""

    taken_up = Signal(str)
    """The key of an import that is to go on."""
    forgotten = Signal(str)

    def __init__(self) -> None:
        """None yet."""
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("Imports commencés")
        heading = QLabel("Imports commencés")
        style.mark(heading, "look", "section")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(4)
        column.addWidget(heading)
        column.addLayout(self._rows)
        self.hide()

    def show_drafts(self, drafts: Sequence[ImportDraft], today: date) -> None:
        """Offer these."""
        layouts.empty(self._rows)
        for each in drafts:
            self._rows.addWidget(self._row(each, today))
        self.setVisible(bool(drafts))

    def _row(self, draft: ImportDraft, today: date) -> QWidget:
        when = words.moment_text(draft.kept_at, today)
        detail = " · ".join(part for part in (when, draft.done) if part)
        forget = button("Oublier", look="link")
        forget.setAccessibleName(words.sentence(f"Oublier\u00a0: {draft.title}, {detail}"))
        forget.clicked.connect(partial(self.forgotten.emit, draft.key))
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        take_up = partial(self.taken_up.emit, draft.key)
        row.addWidget(SideRow("file-spreadsheet", draft.title, detail, "Reprendre", take_up), 1)
        row.addWidget(forget)
        return made
