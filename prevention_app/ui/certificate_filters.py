"""The chips above the certificates: state, type, place, and the day before which they end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from prevention_app.catalogue.credentials import CredentialType
from prevention_app.catalogue.description import Field, Kind, Option
from prevention_app.catalogue.values import Unreadable
from prevention_app.domain.certificates import CertificateState, season_start
from prevention_app.domain.periods import add_months
from prevention_app.services.certificates import CertificatesWanted, Kinds
from prevention_app.ui import settings, words
from prevention_app.ui.editors import editor_for
from prevention_app.ui.filter_chip import Filter, FilterChip, Kept
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_STATES: Final = tuple(
    Option(each.value, each.label_fr, each.label_en) for each in CertificateState
)
_MONTHS: Final = ("3", "6")
_SEASON: Final = "season"
_KEPT: Final = "plant_protection/filters"


class EndChip(FilterChip):
    """« Fin avant… »: the season, some months from now, or a day."""

    def _fill_dates(self) -> None:
        day = words.short_day(season_start(self._today()), self._today())
        for before, label in (
            (_SEASON, f"La saison ({day})"),
            *((each, f"{each} mois") for each in _MONTHS),
        ):
            self._menu.addAction(label, partial(self.restore, {"before": before}))
        self._menu.addSeparator()
        chosen = _OneDay(self.field, self._session)
        chosen.chosen.connect(self._take_day)
        self._add_widget(chosen)

    def _take_day(self, day: date) -> None:
        self._menu.close()
        self.restore({"before": day.isoformat()})

    def _from_kept(self, kept: Kept) -> Filter | None:
        """What holds on the day itself does not end before it."""
        before, today = str(kept.get("before", "")), self._today()
        if before == _SEASON:
            label, day = "la saison", season_start(today)
        elif before in _MONTHS:
            label, day = f"{before} mois", add_months(today, int(before))
        else:
            try:
                day = date.fromisoformat(before)
            except ValueError:
                return None
            label = f"le {words.short_day(day, today)}"
        return Filter(label, self._between(None, day - timedelta(days=1)), kept)


class _OneDay(QWidget):
    """A day to type or to pick."""

    chosen = Signal(object)

    def __init__(self, field: Field, session: Session) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel("le"))
        self._editor = editor_for(field, session)
        self._editor.setFixedWidth(150)
        self._editor.inner.setAccessibleName("Fin avant le")
        row.addWidget(self._editor)
        go = QPushButton("Filtrer")
        go.clicked.connect(self._choose)
        row.addWidget(go)

    def _choose(self) -> None:
        try:
            day = self._editor.value()
        except Unreadable:
            day = None
        self._editor.mark_problem(day is None)
        if day is not None:
            self.chosen.emit(day)


class CertificateFilters(QWidget):
    """What is wanted of the certificates; says when it changes."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        """Nothing is filtered."""
        super().__init__()
        person = session.store.catalogue["person"]
        with session.store.reading() as read:
            types = _options(Kinds(read).all)
        state = Field("state", "État", "State", Kind.CHOICE, required=True, options=_STATES)
        kind = Field("kind", "Catégorie", "Kind", Kind.CHOICE, required=True, options=types)
        end = Field("end", "Fin avant", "Ends before", Kind.DATE, required=True)
        today = session.store.today
        self.end = EndChip(end, session, today)
        self.state = FilterChip(state, session, today)
        self.kind = FilterChip(kind, session, today)
        self.site = FilterChip(replace(person.by_key["site"], required=True), session, today)
        service = replace(person.by_key["org_unit"], label_fr="Service", required=True)
        self.unit = FilterChip(service, session, today)
        self._chips = (self.end, self.state, self.kind, self.site, self.unit)
        self._restore()
        flow = FlowLayout(self)
        for chip in self._chips:
            chip.changed.connect(self._on_change)
            flow.addWidget(chip)
        self._clear = button("Retirer les filtres", "x", "quiet")
        self._clear.setObjectName("more_filters")
        self._clear.clicked.connect(self.clear)
        flow.addWidget(self._clear)
        self._show_clear()

    def offer_kinds(self, kinds: Sequence[CredentialType]) -> None:
        """Let these types be chosen."""
        self.kind.field = replace(self.kind.field, options=_options(kinds))

    @property
    def active(self) -> int:
        """How many filters are in force."""
        return sum(each.active is not None for each in self._chips)

    def clear(self) -> None:
        """Take all filters away."""
        for chip in self._chips:
            if chip.active:
                chip.clear()

    def wanted(self, owners: tuple[str, ...], order: str) -> CertificatesWanted:
        """What the chips ask for."""
        return CertificatesWanted(
            owners,
            kinds=tuple(_held(self.kind.active, ())),
            states=tuple(CertificateState(each) for each in _held(self.state.active, ())),
            site=_held(self.site.active, ""),
            unit=_held(self.unit.active, ""),
            until=_held(self.end.active, None),
            order=order,
        )

    def _restore(self) -> None:
        """Filter as when this page was left."""
        try:
            kept = json.loads(str(settings.remembered(_KEPT, "{}")))
            for chip in self._chips:
                if chip.field.key in kept:
                    chip.restore(kept[chip.field.key])
        except (ValueError, TypeError, AttributeError):
            return

    def _on_change(self) -> None:
        kept = {each.field.key: dict(each.active.kept) for each in self._chips if each.active}
        settings.remember(_KEPT, json.dumps(kept))
        self._show_clear()
        self.changed.emit()

    def _show_clear(self) -> None:
        self._clear.setVisible(self.active > 0)


def _options(kinds: Sequence[CredentialType]) -> tuple[Option, ...]:
    return tuple(Option(each.id, each.name, each.name) for each in kinds)


def _held(active: Filter | None, otherwise: Any) -> Any:
    return active.conditions[0].value if active else otherwise
