"""The right of the first page: the month, unfinished work, what others changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from prevention_app.errors import NotFound
from prevention_app.services import recent
from prevention_app.services.recent import Recent
from prevention_app.ui import drafts, import_drafts, layouts, places, settings, style, words
from prevention_app.ui.import_drafts import ImportDraft
from prevention_app.ui.month_view import MonthView
from prevention_app.ui.session import Session
from prevention_app.ui.side_row import SideRow

_MOST_UNFINISHED: Final = 5
_MOST_CHANGES: Final = 5


class HomeSide(QScrollArea):
    """What is worth knowing beside the list; each part is there only if it has something."""

    day_chosen = Signal(object)
    draft_asked = Signal(str, str)
    """Register, and id of the record; no id for one that was never saved."""
    import_asked = Signal(str)
    """Key of an import that was begun, to be taken up."""
    open_asked = Signal(str, str)

    def __init__(self, session: Session) -> None:
        """Nothing is read before the window is free."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._session = session
        self._seen: dict[str, int] | None = None
        """Where the journal stood at the last visit; None before it was read from the settings."""
        self.month = MonthView(session.store.today())
        self.month.chosen.connect(self.day_chosen)
        self.unfinished = _Part("Travail inachevé")
        self.changes = _Part("Depuis votre dernière visite")
        inner = QWidget()
        inner.setObjectName("page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 12, 18, 18)
        column.setSpacing(14)
        column.addWidget(self.month)
        column.addWidget(self.unfinished)
        column.addWidget(self.changes)
        column.addStretch(1)
        self.setWidget(inner)

    def refresh(self) -> None:
        """Look again at the drafts and at what others wrote."""
        QTimer.singleShot(0, self, self._read)

    def _read(self) -> None:
        self._show_unfinished()
        self._show_changes()

    # -- unfinished work -------------------------------------------------------------------

    def _show_unfinished(self) -> None:
        store = self._session.store
        begun = import_drafts.waiting(store.folder)
        typed = drafts.waiting(store.folder, store.catalogue)
        newest = sorted((*begun, *typed), key=lambda each: each.kept_at, reverse=True)
        self.unfinished.show_rows(
            [
                self._import_row(each) if isinstance(each, ImportDraft) else self._draft_row(each)
                for each in newest[:_MOST_UNFINISHED]
            ]
        )

    def _import_row(self, draft: ImportDraft) -> SideRow:
        when = words.moment_text(draft.kept_at, self._session.store.today())
        ask = partial(self.import_asked.emit, draft.key)
        return SideRow("import", draft.title, when, "Reprendre", ask)

    def _draft_row(self, draft: drafts.Waiting) -> SideRow:
        store = self._session.store
        entity = store.catalogue[draft.register]
        item = entity.item_fr or entity.label_fr
        detail = words.moment_text(draft.kept_at, store.today())
        title = f"Brouillon, {item.lower()}"
        if draft.record_id:
            try:
                with store.reading() as read:
                    record = read.get(entity.key, draft.record_id)
                    title = read.titles_of(entity, [record])[record.id]
                detail = f"{item} · {detail}"
            except NotFound:
                title = f"Brouillon, {item.lower()} inconnue ici"
        ask = partial(self.draft_asked.emit, draft.register, draft.record_id)
        return SideRow("pencil", title, detail, "Reprendre", ask)

    # -- what others changed ---------------------------------------------------------------

    @property
    def _key(self) -> str:
        return f"home/seen/{self._session.store.station}"

    def _last_visit(self) -> dict[str, int] | None:
        """Where the journal stood then; None at the first visit."""
        try:
            held = json.loads(str(settings.remembered(self._key, "")))
            return {str(station): int(number) for station, number in held.items()}
        except (ValueError, AttributeError, TypeError):
            return None

    def _show_changes(self) -> None:
        store = self._session.store
        with store.reading() as read:
            if self._seen is None:
                self._seen = self._last_visit()
            if self._seen is None:
                self._seen = read.at.vector
                self.keep_visit()
            found = recent.by_others(read, self._seen, store.station, _MOST_CHANGES)
        self.changes.show_rows([self._change_row(each) for each in found])

    def _change_row(self, change: Recent) -> SideRow:
        today = self._session.store.today()
        who = change.who or (
            f"Ordinateur {change.station}" if change.station else "Autre ordinateur"
        )
        several = "plus de 999 fiches"
        if change.records < 1000:
            several = words.count(change.records, "fiche")
        what = change.reference if change.records == 1 and change.reference else several
        detail = f"{what} · {_when(change.when, today)}"
        act = None
        if change.reference:
            act = partial(self.open_asked.emit, change.register, change.record_id)
        icon = places.icon_of(change.register) if change.register else "monitor"
        return SideRow(icon, words.sentence(f"{who}\u00a0: {change.name}"), detail, "Voir", act)

    def keep_visit(self) -> None:
        """Remember that all that is here now has been seen."""
        settings.remember(self._key, json.dumps(self._session.store.position()))


def _when(moment: datetime, today: date) -> str:
    days = (today - moment.date()).days
    if days == 0:
        return f"aujourd’hui, {words.hour(moment)}"
    return "hier" if days == 1 else words.short_day(moment.date(), today)


class _Part(QWidget):
    """A heading with rows under it; hidden while there are none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        heading = QLabel(title)
        style.mark(heading, "look", "strong")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading)
        column.addLayout(self.rows)
        self.setAccessibleName(title)
        self.hide()

    def show_rows(self, rows: Sequence[SideRow]) -> None:
        layouts.empty(self.rows)
        for each in rows:
            self.rows.addWidget(each)
        self.setVisible(bool(rows))
