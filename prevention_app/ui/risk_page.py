"""The document unique: which risks stay too strong, where, and what is done about them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.i18n import number_text
from prevention_app.services import risk_document
from prevention_app.services.risk_index import PlacedRisk, RiskIndex
from prevention_app.services.risk_order import RiskOrder, in_order
from prevention_app.services.unit_tree import NodeKind, add_unplaced, unit_tree
from prevention_app.storage.query import Query
from prevention_app.ui import keys, settings, style, theme, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button, listen
from prevention_app.ui.risk_filters import RiskFilters
from prevention_app.ui.risk_reader import RiskReader
from prevention_app.ui.risk_side import RiskSide
from prevention_app.ui.risk_table import RiskTable
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys
from prevention_app.ui.unit_pane import UnitPane, search_line

_PAUSE_MS: Final = 150
_MANY: Final = 20
_FEW_TOUCHED: Final = 300
_ROOM_FOR_ALL: Final = 900
_SHOWN_HERE: Final = {
    "risk", "rating", "planned_action", "existing_measure", "hazard_family", "org_unit",
    "work_unit",
}  # fmt: skip
_PLACES: Final = {"org_unit", "work_unit"}
_SIZES, _DETAIL = "risk_document/sizes", "risk_document/detail"
_ORDER: Final = "risk_document/order"
_ORDERS: Final = {
    RiskOrder.RESIDUAL: "niveau résiduel",
    RiskOrder.INITIAL: "niveau brut",
    RiskOrder.ACTIONS: "prochaine action",
    RiskOrder.FAMILY: "famille de dangers",
    RiskOrder.SITUATION: "situation dangereuse",
    RiskOrder.NUMBER: "numéro",
}


class RiskPage(Page):
    """The tree of work units, the risks of the branch chosen, and one risk."""

    title = "Document unique"

    def __init__(self, session: Session) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.session = session
        self.entity = session.store.catalogue["risk"]
        self.index: RiskIndex | None = None
        self._reader = RiskReader(session, self)
        self._stale = True
        self._wanted_risk = ""
        """The id of a risk that the cursor is to go to."""
        kept = str(settings.remembered(_ORDER, RiskOrder.RESIDUAL.value))
        self._backwards = kept.startswith("-")
        self._order = RiskOrder(kept.removeprefix("-"))
        self._ordered: list[PlacedRisk] | None = None
        """The risks of the branch in their order, before they are filtered."""
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.units = UnitPane(self._splitter)
        self._list_pane = QWidget(self._splitter)
        self.side = RiskSide(session, self._splitter)
        self._stack = QStackedWidget(self._list_pane)
        self.table = RiskTable(session, self._stack)
        self.table.show_order(self._order, backwards=self._backwards)
        self.empty = EmptyState()
        self._deeds = self._make_deeds()
        self._make_buttons()
        self._lay_out()
        self._connect()

    # -- what it is made of ----------------------------------------------------------------

    def _make_buttons(self) -> None:
        importing = button("Importer…", "upload")
        importing.clicked.connect(lambda: self.import_asked.emit("duerp"))
        exporting = button("Exporter…", "download")
        exporting.clicked.connect(lambda: self.export_asked.emit("risk"))
        self.new_button = button("Nouveau risque", "plus", "primary")
        self.new_button.setToolTip("Nouveau risque (N)")
        self.new_button.clicked.connect(self.new_risk)
        self.buttons = [importing, exporting, self.new_button]

    def _lay_out(self) -> None:
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.splitterMoved.connect(
            lambda: settings.remember(_SIZES, [str(each) for each in self._splitter.sizes()])
        )
        self._list_pane.setMinimumWidth(320)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._make_empty())
        column = QVBoxLayout(self._list_pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addWidget(self._make_chips())
        column.addWidget(self._stack, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._splitter)
        self.side.setVisible(self._wants_side())

    def _make_head(self) -> QHBoxLayout:
        self._branch = ElidingLabel()
        style.mark(self._branch, "look", "pane_title")
        self._count = QLabel()
        style.mark(self._count, "look", "secondary")
        self.line = search_line("Filtrer les risques")
        self.line.setMinimumWidth(130)
        self.line.setMaximumWidth(190)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._show_risks)
        self.line.textChanged.connect(self._pause.start)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(10)
        head.addWidget(self._branch)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.line)
        return head

    def _make_chips(self) -> RiskFilters:
        with self.session.store.reading() as read:
            families = read.records(Query("hazard_family"))
        held = {
            each.id: (str(getattr(each, "name", "")), str(getattr(each, "family_code", "")))
            for each in families
        }
        self.table.risks.know_families(held)
        names = {key: name for key, (name, _) in held.items()}
        self.chips = RiskFilters(self.session, names, self._list_pane)
        self.chips.changed.connect(self._show_risks)
        return self.chips

    def _make_empty(self) -> EmptyState:
        self._clear_button = button("Retirer les filtres", "x")
        self._clear_button.clicked.connect(self.clear_filters)
        self._first_button = button("Nouveau risque", "plus")
        self._first_button.clicked.connect(self.new_risk)
        self._bring_button = button("Importer un document unique…", "upload")
        self._bring_button.clicked.connect(lambda: self.import_asked.emit("duerp"))
        for each in (self._clear_button, self._first_button, self._bring_button):
            self.empty.add_button(each)
        return self.empty

    def _connect(self) -> None:
        self._reader.read.connect(self._take_index)
        self.units.chosen.connect(self._show_branch)
        self.table.moved.connect(self._show_detail)
        self.table.opened.connect(lambda risk: self.open_asked.emit("risk", risk))
        self.table.order_asked.connect(self.order_by)
        self.table.selectionModel().selectionChanged.connect(self._tell)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.side.rate_asked.connect(self.rate)
        self.side.action_asked.connect(self.add_action)
        self.side.open_asked.connect(self.open_asked)
        self.side.hide_asked.connect(self.turn_detail)
        self.side.left.connect(self._come_back)
        self.side.added.connect(self.open_risk)
        self.session.owners_changed.connect(self.reload)
        self.session.changed.connect(self.refresh)
        listen(self._deeds, self.table)
        listen([each for each in self._deeds if each.key == "new"], self.empty)
        here = Qt.ShortcutContext.WidgetShortcut
        on_keys("Escape", self.table, partial(self._mark_cut, ()))
        QShortcut(QKeySequence("/"), self.table, self.focus_filter, context=here)
        QShortcut(QKeySequence("Down"), self.line, self.focus_main, context=here)

    # -- reading ---------------------------------------------------------------------------

    def reload(self) -> None:
        """Read everything again, a slice at a time; what is shown stays until it is done."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        self._read_tree()
        self._reader.start()
        if self.index is None:
            self._stack.setCurrentWidget(self.empty)
            self._offer(clear=False, first=False)
            self.empty.show_waiting("Lecture des risques…")

    def _read_tree(self) -> None:
        store = self.session.store
        owners = self.session.owners(store.catalogue["work_unit"])
        with store.reading() as read:
            root = unit_tree(read, self.session.names, store.today(), owners)
        if self.index is not None:
            add_unplaced(root, self.index.units)
        self.units.show_tree(root, self.index)

    def _take_index(self, index: RiskIndex) -> None:
        self.index = index
        self.table.risks.forget()
        self._show_again()

    def refresh(self, registers: set[str] | None) -> None:
        """Read again what was written: those risks alone where they are known and few."""
        if registers is not None and not registers & _SHOWN_HERE:
            return
        touched = self.session.touched
        known = registers is not None and 0 < len(touched) <= _FEW_TOUCHED
        if self.index is None or self._reader.busy or not known or not self.isVisible():
            self.reload()
            return
        with self.session.store.reading() as read:
            risks = risk_document.risks_of(read, touched)
            self.index.renew(read, risks)
        self.table.risks.forget(risks)
        if registers and registers & _PLACES:
            self._read_tree()
        self._show_again()

    def _show_again(self) -> None:
        """What the index holds was changed: figures and order are others."""
        if self.index is not None:
            add_unplaced(self.units.root, self.index.units)
        self.units.show_tree(self.units.root, self.index)
        self._show_branch()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was written while another page was shown."""
        super().showEvent(event)
        if self._stale:
            self.reload()

    # -- the risks -------------------------------------------------------------------------

    @property
    def filters(self) -> int:
        """How many filters are in force."""
        return self.chips.active + bool(self.line.text().strip())

    def clear_filters(self) -> None:
        """Take all filters away."""
        self.line.clear()
        self.chips.clear()
        self._show_risks()

    def _show_branch(self) -> None:
        self._ordered = None
        self._show_risks()

    def _show_risks(self) -> None:
        self._pause.stop()
        if self.index is None:
            return
        node = self.units.node
        if self._ordered is None:
            found = self.index.select(None if node.parent is None else node.units)
            names = self.table.risks.family_names
            self._ordered = in_order(found, self._order, names, backwards=self._backwards)
        risks = self.chips.wanted(self.line.text()).among(self._ordered)
        current = self._wanted_risk or self.table.current_id()
        moved = bool(self._wanted_risk)
        self._wanted_risk = ""
        self.table.show_risks(risks, self.index.get(current), moved=moved)
        self._branch.setText(node.name)
        filtered = f" sur {number_text(len(self._ordered))}" if self.filters else ""
        self._count.setText(words.count(len(risks), "risque") + filtered)
        self._stack.setCurrentWidget(self.table if risks else self.empty)
        if not risks:
            self._explain_empty()
        self._tell()

    def order_by(self, order: RiskOrder) -> None:
        """Read the risks in this order; in the one they are in, the other way round."""
        self._backwards = order is self._order and not self._backwards
        self._order = order
        settings.remember(_ORDER, f"-{order.value}" if self._backwards else order.value)
        self.table.show_order(order, backwards=self._backwards)
        self._show_branch()

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
        self._clear_button.setVisible(clear)
        self._first_button.setVisible(first and self._may_write())
        self._bring_button.setVisible(first)

    def _may_write(self) -> bool:
        return self.session.may_write(self.entity)

    def _tell(self) -> None:
        shown = number_text(len(self.table.risks.risks))
        chosen = len(self.table.selectionModel().selectedRows())
        many = "risques sur" if chosen > 1 else "risque sur"
        ending = "sélectionnés" if chosen > 1 else "sélectionné"
        none = words.count(len(self.table.risks.risks), "risque")
        self.tell(f"{number_text(chosen)} {many} {shown} {ending}" if chosen else none)

    # -- one risk --------------------------------------------------------------------------

    def _wants_side(self) -> bool:
        return settings.remembered_flag(_DETAIL, True)

    def _show_detail(self, risk: str) -> None:
        if risk and self.index is not None and self.side.isVisible():
            self.side.show_risk(risk, self.index.joined_with(risk))
        elif not risk:
            self.side.setEnabled(self.side.entering)

    def _come_back(self) -> None:
        self._show_detail(self.table.current_id())
        self.focus_main()

    def turn_detail(self) -> None:
        """Show or hide the pane of one risk."""
        shown = not self.side.isVisible()
        settings.remember_flag(_DETAIL, shown)
        self.side.keep_drafts()
        self.side.setVisible(shown)
        self._come_back()

    def open_risk(self, risk: str) -> None:
        """Show a risk in the branch where it is, whatever was filtered."""
        self._wanted_risk = risk
        placed = self.index.get(risk) if self.index else None
        if placed is None:
            return  # it is gone to when everything is read
        if self.table.risks.place_of(placed) < 0:
            self.line.clear()
            self.chips.clear()
            self.units.choose_unit(placed.unit)
        self._wanted_risk = placed.id
        self._show_risks()

    # -- deeds -----------------------------------------------------------------------------

    def _make_deeds(self) -> tuple[Deed, ...]:
        some, one = self._has_some, self._has_one
        return (
            Deed("new", "Nouveau risque", "N", self.new_risk, self._may_write),
            Deed("rate", "Recoter…", "E", self.rate, one),
            Deed("add_action", "Ajouter une action…", "M", self.add_action, one),
            Deed("duplicate", "Dupliquer dans d’autres unités…", "Ctrl+D", self.duplicate, some),
            Deed("cut", "Déplacer vers une autre unité", "Ctrl+X", self.cut, some),
            Deed("paste", "Déplacer ici", "Ctrl+V", self.paste, self._may_paste),
            Deed("delete", "Supprimer les risques choisis", "Delete", self.remove, some),
            Deed("detail", "Montrer ou cacher le détail", "Space", self.turn_detail),
            *(
                Deed(f"order_{order}", f"Trier par {name}", "", partial(self.order_by, order))
                for order, name in _ORDERS.items()
            ),
        )

    def _has_one(self) -> bool:
        return bool(self.table.current_id()) and self._may_write()

    def _has_some(self) -> bool:
        return self.table.selectionModel().hasSelection() and self._may_write()

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for deed in self._deeds:
            action = QAction(f"{deed.words}\t{keys.in_words(deed.keys)}", menu)
            action.setEnabled(deed.possible())
            action.triggered.connect(deed.act)
            menu.addAction(action)
        row = self.table.visualRect(self.table.currentIndex())
        menu.popup(self.table.viewport().mapToGlobal(row.bottomLeft()))

    def new_risk(self) -> None:
        """Ask what a new risk of the unit chosen is."""
        node = self.units.node
        if self._may_write():
            self.side.ask_risk(node.key if node.kind is NodeKind.WORK_UNIT else None)

    def rate(self) -> None:
        """Open the scales of the risk under the cursor."""
        self.side.show_detail()
        self._show_detail(self.table.current_id())
        self.side.rate()

    def add_action(self) -> None:
        """Ask what is to be done about the risk under the cursor."""
        self.side.show_detail()
        self._show_detail(self.table.current_id())
        self.side.ask_action()

    def duplicate(self) -> None:
        """Ask for the units to which the risks selected are to be copied."""
        risks = self.table.selected_ids()
        if risks and self.index is not None:
            placed = [self.index.get(each) for each in risks]
            units = {each.unit for each in placed if each}
            self.side.ask_units(risks, units if len(units) == 1 else ())

    def cut(self) -> None:
        """Mark the risks selected: they are moved to the unit where they are pasted."""
        self._mark_cut(self.table.selected_ids())
        number = len(self.table.risks.cut)
        what = words.count(number, "risque à déplacer", "risques à déplacer")
        whose = "son" if number == 1 else "leur"
        told = f"{what}\u00a0: choisissez {whose} unité, puis Ctrl V. Échap y renonce."
        self.session.say(told, "info")

    def _mark_cut(self, risks: Sequence[str]) -> None:
        self.table.risks.mark_cut(risks)

    def _may_paste(self) -> bool:
        return bool(self.table.risks.cut) and self._may_write()

    def paste(self) -> None:
        """Move the risks that were marked to the unit chosen."""
        node = self.units.node
        if node.kind is not NodeKind.WORK_UNIT:
            self.session.say("Choisissez dans l’arbre l’unité où déplacer ces risques.", "info")
            return
        risks = sorted(self.table.risks.cut)
        self._wanted_risk = risks[0]
        if self.side.move_to(risks, node.key, node.name):
            self._mark_cut(())
        else:
            self._wanted_risk = ""

    def remove(self) -> None:
        """Delete the risks selected; asks first only when they are many."""
        risks = self.table.selected_ids()
        if len(risks) <= _MANY:
            self.side.remove(risks)
            return
        many = words.count(len(risks), "risque")
        ask = QMessageBox(self)
        ask.setWindowTitle("Supprimer")
        ask.setText(words.sentence(f"Supprimer {many}\u202f?"))
        ask.setInformativeText("Ils quittent le document unique\u202f; Ctrl Z les fait revenir.")
        go = ask.addButton(f"Supprimer {many}", QMessageBox.ButtonRole.AcceptRole)
        ask.addButton("Garder", QMessageBox.ButtonRole.RejectRole)
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        go.clicked.connect(lambda: self.side.remove(risks))
        ask.open()

    # -- as a page -------------------------------------------------------------------------

    def deeds(self) -> Sequence[Deed]:
        """What one can do with risks."""
        return self._deeds

    def keys(self) -> Keys:
        """The keys of the table."""
        return (
            ("F6", "Volet suivant"),
            ("E", "Recoter"),
            ("M", "Action"),
            ("N", "Nouveau"),
            ("Espace", "Détail"),
        )

    def panes(self) -> Sequence[QWidget]:
        """Tree, table, detail."""
        listed = self.table if self._stack.currentWidget() is self.table else self.empty
        return (self.units.tree, listed, self.side.currentWidget() or self.side)

    def focus_main(self) -> None:
        """The table has the focus, or what stands in its place."""
        self.panes()[1].setFocus()

    def focus_filter(self) -> None:
        """The line that filters what has the focus: the units, or else the risks."""
        line = self.units.line if self.units.tree.hasFocus() else self.line
        line.setFocus()
        line.selectAll()

    def keep_drafts(self) -> None:
        """Write what was typed."""
        self.side.keep_drafts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The detail leaves its place to the table where the window is narrow."""
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self._share_width()
        if not self.side.entering:
            self.side.setVisible(self.width() >= _ROOM_FOR_ALL and self._wants_side())

    def _share_width(self) -> None:
        """Give the panes their kept widths, or narrower ones than usual where there is less."""
        kept = [int(each) for each in settings.remembered_list(_SIZES)]
        tree, side = theme.width("tree_pane"), theme.width("detail_pane")
        if len(kept) == len(self._splitter.sizes()):
            tree, _, side = kept
        tree, side = min(tree, round(self.width() * 0.22)), min(side, round(self.width() * 0.29))
        self._splitter.setSizes([tree, self.width() - tree - side, side])
