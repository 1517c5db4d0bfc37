"""The ways of looking at the risks of a branch: table, matrix, change over the years."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from prevention_app.services import risk_matrix, risk_trend
from prevention_app.services.risk_groups import families_of
from prevention_app.services.risk_index import RiskIndex
from prevention_app.services.risk_trend import RatingHistory
from prevention_app.storage.query import Reader
from prevention_app.ui import settings
from prevention_app.ui.page import Deed, listen
from prevention_app.ui.readings import Readings
from prevention_app.ui.risk_list import RiskList
from prevention_app.ui.risk_matrix_view import RiskMatrixView
from prevention_app.ui.risk_trend_view import RiskTrendView
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

TABLE, MATRIX, TREND = "table", "matrix", "trend"
_VIEW: Final = "risk_document/view"
_WORDS: Final = {TABLE: "Tableau", MATRIX: "Matrice", TREND: "Évolution"}
_ICONS: Final = {TABLE: "table", MATRIX: "grid-3x3", TREND: "chart-column"}


class RiskViews(QObject):
    """Shows the branch and the filters of a list in one of three ways."""

    changed = Signal()
    """Another way was chosen."""

    def __init__(self, session: Session, listing: RiskList) -> None:
        """As it was looked at the last time."""
        super().__init__(listing)
        self._session = session
        self._listing = listing
        self._readings = Readings(session, self)
        self._index: RiskIndex | None = None
        self._history: RatingHistory | None = None
        self._offered: Sequence[risk_matrix.Axes] = ()
        self._wanted = str(settings.remembered(_VIEW, TABLE))
        self.matrix = RiskMatrixView(session, listing.stack)
        self.trend = RiskTrendView(listing.stack)
        self.segments = Segments("Façon de voir les risques")
        self.segments.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        for each in (self.matrix, self.trend):
            listing.stack.addWidget(each)
        self.matrix.table.risks.know_families(listing.table.risks.families)
        self.deeds = self._make_deeds()
        self._offer_views()
        self._connect()

    def _connect(self) -> None:
        self.segments.chosen.connect(self.show)
        self.matrix.table_asked.connect(self.open_in_table)
        self._listing.listed.connect(self._fill)
        for each in (
            self._listing.table,
            self._listing.empty,
            self.matrix.grid,
            self.matrix.table,
            self.trend.bars,
            self.trend.table,
        ):
            listen(self.deeds, each)

    def _make_deeds(self) -> tuple[Deed, ...]:
        return (
            Deed("table", "Voir le tableau", "T", partial(self.go, TABLE)),
            Deed("matrix", "Voir la matrice", "Shift+T", partial(self.go, MATRIX), self.has_matrix),
            Deed("trend", "Voir l’évolution", "", partial(self.go, TREND)),
        )

    # -- which one -------------------------------------------------------------------------

    def has_matrix(self) -> bool:
        """Whether there is a method with two axes to draw."""
        return bool(self._offered)

    @property
    def current(self) -> str:
        """The way that is shown now."""
        return TABLE if self._wanted == MATRIX and not self.has_matrix() else self._wanted

    def _offer_views(self) -> None:
        offered = [each for each in _WORDS if each != MATRIX or self.has_matrix()]
        self.segments.offer(
            [(each, _WORDS[each]) for each in offered], {each: _ICONS[each] for each in offered}
        )
        self.segments.show_value(self.current)
        self._listing.shown_in = self._widget()

    def _widget(self) -> QWidget:
        widgets = {TABLE: self._listing.table, MATRIX: self.matrix, TREND: self.trend}
        return widgets[self.current]

    def show(self, view: str) -> None:
        """Show the risks this way; cells that the table is filtered by are chosen in the matrix."""
        self._wanted = view
        settings.remember(_VIEW, view)
        self.segments.show_value(self.current)
        cells = self._listing.chips.cells
        if self.current == MATRIX and cells:
            self._listing.chips.filter_cells(())
        self._listing.show_in(self._widget())
        if self.current == MATRIX and cells:
            self.matrix.choose(cells)
        self.changed.emit()

    def go(self, view: str) -> None:
        """Show the risks this way and go on there."""
        self.show(view)
        self.panes()[0].setFocus()

    def open_in_table(self, cells: Sequence[str]) -> None:
        """Show the risks of some cells in the table."""
        self._listing.chips.filter_cells(cells)
        self.go(TABLE)

    def panes(self) -> Sequence[QWidget]:
        """What F6 walks through."""
        shown = self._listing.stack.currentWidget()
        if shown is self.matrix:
            return (self.matrix.grid, self.matrix.table)
        if shown is self.trend:
            return (self.trend.bars, self.trend.table)
        return (shown or self._listing.stack,)

    # -- what they show --------------------------------------------------------------------

    def show_index(self, index: RiskIndex) -> None:
        """Risks were read or written: other matrices may be worth showing, the past is another."""
        self._index, self._history = index, None
        session = self._session
        owners = [session.owner] if session.owner else list(session.departments)
        with session.store.reading() as read:
            offered, known = risk_matrix.offered(read, index, owners)
        before, self._offered = self.has_matrix(), offered
        self.matrix.offer(offered, known)
        self._listing.chips.offer_cells(offered)
        if before != self.has_matrix():
            self._offer_views()

    def _fill(self) -> None:
        if self.current == MATRIX:
            self.matrix.show_risks(self._listing.risks)
        elif self.current == TREND:
            self._show_trend()

    def _show_trend(self) -> None:
        index, session = self._index, self._session
        if self._history is not None:
            node = self._listing.node
            own = families_of(node) if node is not None else frozenset[str]()
            whole = node is None or node.parent is None or own
            units = None if whole or node is None else node.units
            families = own or self._listing.chips.wanted("").families
            self.trend.show_counts(self._history.counts(units, families))
        elif index is not None:
            self.trend.show_waiting()
            risks, variants = index.placed, index.variants
            joined = index.leads
            owners = session.owners(session.store.catalogue["risk"])

            def work(read: Reader) -> RatingHistory:
                return risk_trend.history(session.store, read, risks, joined, variants, owners)

            self._readings.ask(work, partial(self._take_history, index))

    def _take_history(self, index: RiskIndex, history: RatingHistory) -> None:
        if index is self._index:
            self._history = history
            self._show_trend()
