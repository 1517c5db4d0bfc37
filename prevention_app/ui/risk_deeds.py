"""What one does with risks of the document unique: by letters, from the menu, by the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from prevention_app.services.risk_index import COMMON
from prevention_app.services.risk_order import RiskOrder
from prevention_app.services.unit_tree import NodeKind, TreeNode
from prevention_app.ui import keys, words
from prevention_app.ui.library_dialog import ask_library
from prevention_app.ui.page import Deed, listen
from prevention_app.ui.risk_list import RiskList
from prevention_app.ui.risk_side import RiskSide
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys
from prevention_app.ui.unit_pane import UnitPane

_ORDERS: Final = {
    RiskOrder.RESIDUAL: "niveau résiduel",
    RiskOrder.INITIAL: "niveau brut",
    RiskOrder.ACTIONS: "prochaine action",
    RiskOrder.FAMILY: "famille de dangers",
    RiskOrder.SITUATION: "situation dangereuse",
    RiskOrder.NUMBER: "numéro",
}


class RiskDeeds(QObject):
    """Acts on the risks selected in the table, or on the one under the cursor."""

    def __init__(
        self,
        session: Session,
        units: UnitPane,
        listing: RiskList,
        side: RiskSide,
        show_detail: Callable[[str], object],
    ) -> None:
        """Listens to the letters of the table; `show_detail` shows a risk beside it, by its id."""
        super().__init__(listing)
        self._session = session
        self._entity = session.store.catalogue["risk"]
        self._units = units
        self._listing = listing
        self._table = listing.table
        self._side = side
        self._show_detail = show_detail
        self.all = self._make()
        listen(self.all, self._table)
        listen([each for each in self.all if each.key == "new"], listing.empty)
        on_keys("Escape", self._table, partial(self._mark_cut, ()))
        on_keys("F2", self._table, lambda: self._has_some() and self.edit())
        units.tree.dropped.connect(self.drop)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self.open_menu)

    def _make(self) -> tuple[Deed, ...]:
        some, one = self._has_some, self._has_one
        return (
            Deed("new", "Nouveau risque", "N", self.new_risk, self.may_write),
            Deed(
                "library", "Ajouter depuis la bibliothèque…", "B", self.from_library, self.may_write
            ),
            Deed("rate", "Recoter…", "E", self.rate, one),
            Deed("confirm", "Confirmer sur place…", "C", self.confirm, some),
            Deed("add_measure", "Ajouter une mesure existante…", "P", self.add_measure, one),
            Deed("add_action", "Ajouter une action…", "M", self.add_action, one),
            Deed("duplicate", "Dupliquer dans d’autres unités…", "Ctrl+D", self.duplicate, some),
            Deed(
                "copy_branch",
                "Créer d’autres unités comme celle-ci…",
                "Ctrl+Shift+D",
                self.copy_branch,
                self._has_branch,
            ),
            Deed("edit", "Modifier les risques choisis…", "F2", self.edit, some),
            Deed("cut", "Déplacer vers une autre unité", "Ctrl+X", self.cut, some),
            Deed("paste", "Déplacer ici", "Ctrl+V", self.paste, self.may_paste),
            Deed("delete", "Supprimer les risques choisis", "Delete", self.remove, some),
            *(
                Deed(f"order_{order}", f"Trier par {name}", "", partial(self._order_by, order))
                for order, name in _ORDERS.items()
            ),
        )

    def may_write(self) -> bool:
        """Whether one may write risks here."""
        return self._session.may_write(self._entity)

    def _has_one(self) -> bool:
        return bool(self._table.current_id()) and self.may_write()

    def _has_some(self) -> bool:
        return self._table.selectionModel().hasSelection() and self.may_write()

    def _order_by(self, order: RiskOrder) -> None:
        self._listing.order_by(order)

    def open_menu(self) -> None:
        """Offer all that is possible at the row of the cursor."""
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for deed in self.all:
            action = QAction(f"{deed.words}\t{keys.in_words(deed.keys)}", menu)
            action.setEnabled(deed.possible())
            action.triggered.connect(deed.act)
            menu.addAction(action)
        row = self._table.visualRect(self._table.currentIndex())
        menu.popup(self._table.viewport().mapToGlobal(row.bottomLeft()))

    # -- one risk --------------------------------------------------------------------------

    def new_risk(self) -> None:
        """Ask what a new risk of the unit chosen is."""
        node = self._units.node
        if self.may_write():
            self._side.ask_risk(node.key if node.kind is NodeKind.WORK_UNIT else None)

    def from_library(self) -> None:
        """Open the library, the unit chosen ticked."""
        ask_library(self._session, self._units.node, self._table)

    def rate(self) -> None:
        """Open the scales of the risk under the cursor."""
        self._side.show_detail()
        self._show_detail(self._table.current_id())
        self._side.rate()

    def add_action(self) -> None:
        """Ask what is to be done about the risk under the cursor."""
        self._side.show_detail()
        self._show_detail(self._table.current_id())
        self._side.ask_action()

    def add_measure(self) -> None:
        """Ask for a measure in place against the risk under the cursor."""
        self._side.show_detail()
        self._show_detail(self._table.current_id())
        self._side.add_measure()

    # -- several ---------------------------------------------------------------------------

    def duplicate(self) -> None:
        """Ask for the units to which the risks selected are to be copied."""
        risks = self._table.selected()
        if risks:
            units = {each.unit for each in risks}
            self._side.ask_units([each.id for each in risks], units if len(units) == 1 else ())

    def confirm(self) -> None:
        """Confirm the ratings taken from elsewhere of the risks selected."""
        self._side.show_detail()
        self._show_detail(self._table.current_id())
        risks = self._table.selected()
        seen_at = {each.id: each.unit for each in risks if each.marks & COMMON}
        self._side.confirm([each.id for each in risks], seen_at)

    def _has_branch(self) -> bool:
        kinds = (NodeKind.WORK_UNIT, NodeKind.ORG_UNIT)
        return self._units.node.kind in kinds and self.may_write()

    def copy_branch(self) -> None:
        """Ask for the names of new units like the one chosen in the tree, with its risks."""
        self._side.show_detail()
        node, index = self._units.node, self._listing.index
        number = sum(index.counts(node.units).values()) if index else 0
        self._side.ask_names(node, number)

    def cut(self) -> None:
        """Mark the risks selected: they are moved to the unit where they are pasted."""
        self._mark_cut(self._table.selected_ids())
        number = len(self._table.risks.cut)
        what = words.count(number, "risque à déplacer", "risques à déplacer")
        whose = "son" if number == 1 else "leur"
        told = f"{what}\u00a0: choisissez {whose} unité, puis Ctrl V. Échap y renonce."
        self._session.say(told, "info")

    def _mark_cut(self, risks: Sequence[str]) -> None:
        self._table.risks.mark_cut(risks)

    def may_paste(self) -> bool:
        """Whether risks wait for the unit that they are to be moved to."""
        return bool(self._table.risks.cut) and self.may_write()

    def paste(self) -> None:
        """Move the risks that were marked to the unit chosen."""
        node = self._units.node
        if node.kind is not NodeKind.WORK_UNIT:
            self._session.say("Choisissez dans l’arbre l’unité où déplacer ces risques.", "info")
            return
        risks = sorted(self._table.risks.cut)
        self._listing.wanted_risk = risks[0]
        if self._side.move_to(risks, node.key, node.name):
            self._mark_cut(())
        else:
            self._listing.wanted_risk = ""

    def remove(self) -> None:
        """Ask why the risks selected are to be deleted, and delete them."""
        risks = self._table.selected_ids()
        if risks:
            many = words.count(len(risks), "risque")
            self._listing.reason.ask(
                f"Supprimer {many}\u202f?",
                f"Supprimer {many}",
                partial(self._side.remove, risks),
                self._listing.focus_list,
            )

    def edit(self) -> None:
        """Ask what the risks selected are to have in common."""
        risks = self._table.selected_ids()
        if risks:
            self._side.ask_values(risks)

    def drop(self, risks: Sequence[str], node: TreeNode) -> None:
        """Move risks that were dragged onto a unit of the tree."""
        if self.may_write():
            self._listing.wanted_risk = ""
            self._side.move_to(risks, node.key, node.name)
