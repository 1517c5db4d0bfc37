"""The risks of the branch chosen: their number, the filters above them, and the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.i18n import number_text
from prevention_app.services import risk_groups
from prevention_app.services.risk_index import PlacedRisk, RiskIndex
from prevention_app.services.risk_order import RiskOrder, in_order
from prevention_app.services.unit_tree import TreeNode
from prevention_app.storage.query import Query
from prevention_app.ui import settings, style, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.page import EmptyState, button
from prevention_app.ui.reason_strip import ReasonStrip
from prevention_app.ui.risk_filters import RiskFilters
from prevention_app.ui.risk_table import RiskTable
from prevention_app.ui.session import Session
from prevention_app.ui.unit_pane import search_line

_PAUSE_MS: Final = 150
_ORDER: Final = "risk_document/order"


class RiskList(QWidget):
    """Filters and orders the risks of a branch; tells what is left of them."""

    listed = Signal()
    """Other risks are listed, or in another order."""
    new_asked = Signal()
    import_asked = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        """No risks yet."""
        super().__init__(parent)
        self._session = session
        self.index: RiskIndex | None = None
        self.wanted_risk = ""
        """The id of a risk that the cursor is to go to."""
        self.node: TreeNode | None = None
        kept = str(settings.remembered(_ORDER, RiskOrder.RESIDUAL.value))
        self._backwards = kept.startswith("-")
        self._order = RiskOrder(kept.removeprefix("-"))
        self._ordered: list[PlacedRisk] | None = None
        """The risks of the branch in their order, before they are filtered."""
        self.risks: list[PlacedRisk] = []
        """Those that the filters leave."""
        self.setMinimumWidth(320)
        self.stack = QStackedWidget(self)
        self.table = RiskTable(session, self.stack)
        self.shown_in: QWidget = self.table
        """What shows the risks: the table, or another view of them in the stack."""
        self.table.show_order(self._order, backwards=self._backwards)
        self.table.order_asked.connect(self.order_by)
        self.empty = EmptyState()
        self.reason = ReasonStrip()
        self._lay_out()
        here = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence("/"), self.table, self.focus_filter, context=here)
        QShortcut(QKeySequence("Down"), self.line, self.focus_list, context=here)

    # -- what it is made of ----------------------------------------------------------------

    def _lay_out(self) -> None:
        self.stack.addWidget(self.table)
        self.stack.addWidget(self._make_empty())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addWidget(self._make_chips())
        column.addWidget(self.reason)
        column.addWidget(self.stack, 1)

    def _make_head(self) -> QHBoxLayout:
        self._branch = ElidingLabel()
        style.mark(self._branch, "look", "pane_title")
        self.count = QLabel()
        style.mark(self.count, "look", "secondary")
        self.line = search_line("Filtrer les risques")
        self.line.setMinimumWidth(130)
        self.line.setMaximumWidth(190)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.show_risks)
        self.line.textChanged.connect(self._pause.start)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(10)
        head.addWidget(self._branch)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.line)
        return head

    def _make_chips(self) -> RiskFilters:
        with self._session.store.reading() as read:
            families = read.records(Query("hazard_family"))
        held = {
            each.id: (str(getattr(each, "name", "")), str(getattr(each, "family_code", "")))
            for each in families
        }
        self.table.risks.know_families(held)
        self.chips = RiskFilters(self._session, self.family_names, self)
        self.chips.changed.connect(self.show_risks)
        return self.chips

    def _make_empty(self) -> EmptyState:
        self._clear_button = button("Retirer les filtres", "x")
        self._clear_button.clicked.connect(self.clear_filters)
        self._first_button = button("Nouveau risque", "plus")
        self._first_button.clicked.connect(self.new_asked)
        self._bring_button = button("Importer un document unique…", "upload")
        self._bring_button.clicked.connect(self.import_asked)
        for each in (self._clear_button, self._first_button, self._bring_button):
            self.empty.add_button(each)
        return self.empty

    @property
    def family_names(self) -> Mapping[str, str]:
        """Names of the families of hazards, by id."""
        return self.table.risks.family_names

    # -- what it lists ---------------------------------------------------------------------

    def show_waiting(self) -> None:
        """Say that the risks are being read."""
        self.stack.setCurrentWidget(self.empty)
        self._offer(clear=False, first=False)
        self.empty.show_waiting("Lecture des risques…")

    def show_branch(self, node: TreeNode, index: RiskIndex | None) -> None:
        """List the risks of a branch."""
        self.node, self.index = node, index
        self._ordered = None
        self.show_risks()

    @property
    def filters(self) -> int:
        """How many filters are in force."""
        return self.chips.active + bool(self.line.text().strip())

    def clear_filters(self) -> None:
        """Take all filters away."""
        self.line.clear()
        self.chips.clear()
        self.show_risks()

    def show_risks(self) -> None:
        """List those of the branch that the filters leave."""
        self._pause.stop()
        node = self.node
        if self.index is None or node is None:
            return
        if self._ordered is None:
            found = risk_groups.risks_of(node, self.index)
            self._ordered = in_order(
                found, self._order, self.family_names, backwards=self._backwards
            )
        risks = self.risks = self.chips.among(self.line.text(), self._ordered)
        current = self.wanted_risk or self.table.current_id()
        moved = bool(self.wanted_risk)
        self.wanted_risk = ""
        self.table.show_risks(risks, self.index.get(current), moved=moved)
        self._branch.setText(node.name)
        filtered = f" sur {number_text(len(self._ordered))}" if self.filters else ""
        self.count.setText(words.count(len(risks), "risque") + filtered)
        self.stack.setCurrentWidget(self.shown_in if risks else self.empty)
        if not risks:
            self._explain_empty()
        self.listed.emit()

    def order_by(self, order: RiskOrder) -> None:
        """Read the risks in this order; in the one they are in, the other way round."""
        self._backwards = order is self._order and not self._backwards
        self._order = order
        settings.remember(_ORDER, f"-{order.value}" if self._backwards else order.value)
        self.table.show_order(order, backwards=self._backwards)
        self._ordered = None
        self.show_risks()

    def _explain_empty(self) -> None:
        self._offer(clear=bool(self.filters), first=not self.filters)
        if self.filters:
            chosen = "ce filtre" if self.filters == 1 else f"ces {self.filters} filtres"
            self.empty.show_text(f"Aucun risque ne correspond à {chosen}.")
        else:
            self.empty.show_text(
                "Aucun risque ici pour l’instant.",
                "Ajoutez-en un, ou importez le document unique que vous avez.",
            )

    def _offer(self, *, clear: bool, first: bool) -> None:
        writable = self._session.may_write(self._session.store.catalogue["risk"])
        self._clear_button.setVisible(clear)
        self._first_button.setVisible(first and writable)
        self._bring_button.setVisible(first)

    def show_in(self, view: QWidget) -> None:
        """Show the risks in the table, or in another widget of the stack."""
        self.shown_in = view
        self.show_risks()

    # -- hands on it -----------------------------------------------------------------------

    def focus_list(self) -> None:
        """The table has the focus, or what stands in its place."""
        (self.stack.currentWidget() or self.stack).setFocus()

    def focus_filter(self) -> None:
        """The line that filters the risks has the focus."""
        self.line.setFocus()
        self.line.selectAll()
