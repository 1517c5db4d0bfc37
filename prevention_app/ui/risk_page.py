"""The document unique: which risks stay too strong, where, and what is done about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from prevention_app.i18n import number_text
from prevention_app.services import risk_document
from prevention_app.services.risk_groups import Grouping, group_tree
from prevention_app.services.risk_index import COMMON, RiskIndex
from prevention_app.services.unit_tree import TreeNode, add_unplaced
from prevention_app.ui import settings, theme, words
from prevention_app.ui.document_dialog import ask_document
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed, Keys, Page, button, listen
from prevention_app.ui.risk_deeds import RiskDeeds
from prevention_app.ui.risk_list import RiskList
from prevention_app.ui.risk_reader import RiskReader
from prevention_app.ui.risk_side import RiskSide
from prevention_app.ui.risk_views import MATRIX, TABLE, RiskViews
from prevention_app.ui.session import Session
from prevention_app.ui.unit_pane import UnitPane

_FEW_TOUCHED: Final = 300
_ROOM_FOR_ALL: Final = 900
_SHOWN_HERE: Final = {
    "risk", "rating", "planned_action", "existing_measure", "hazard_family", "org_unit",
    "work_unit", "not_applicable",
}  # fmt: skip
_PLACES: Final = {"org_unit", "work_unit"}
_SIZES, _DETAIL = "risk_document/sizes", "risk_document/detail"


class RiskPage(Page):
    """The tree of work units, the risks of the branch chosen, and one risk."""

    title = "Document unique"
    part_shown = Signal()
    """Another way of looking at the risks is shown: its keys are others."""

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is read before it is shown; `start_work` starts what is done beside it."""
        super().__init__()
        self.session = session
        self._start_work = start_work
        self.index: RiskIndex | None = None
        self._reader = RiskReader(session, self)
        self._stale = True
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.units = UnitPane(self._splitter)
        self.listing = RiskList(session, self._splitter)
        self.table = self.listing.table
        self.side = RiskSide(session, self._splitter)
        self.hands = RiskDeeds(session, self.units, self.listing, self.side, self._show_detail)
        self.views = RiskViews(session, self.listing)
        self._deeds = self._make_deeds()
        self._make_buttons()
        self._lay_out()
        self._connect()

    # -- what it is made of ----------------------------------------------------------------

    def _make_buttons(self) -> None:
        importing = button("Importer…", "upload")
        importing.clicked.connect(lambda: self.import_asked.emit("duerp"))
        exporting = button("Exporter…", "download")
        menu = QMenu(exporting)
        menu.addAction("En Word ou en PDF…", self.write_document)
        menu.addAction("En tableau…", lambda: self.export_asked.emit("risk"))
        exporting.setMenu(menu)
        self.new_button = button("Nouveau risque", "plus", "primary")
        self.new_button.setToolTip("Nouveau risque (N)")
        self.new_button.clicked.connect(self.hands.new_risk)
        self.buttons = [self.views.segments, importing, exporting, self.new_button]

    def _lay_out(self) -> None:
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.splitterMoved.connect(
            lambda: settings.remember(_SIZES, [str(each) for each in self._splitter.sizes()])
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._splitter)
        self.side.setVisible(self._wants_side())

    def _connect(self) -> None:
        self._reader.read.connect(self._take_index)
        self.units.chosen.connect(self._show_branch)
        self.units.regrouped.connect(self._regroup)
        self.listing.listed.connect(self._tell)
        self.listing.new_asked.connect(self.hands.new_risk)
        self.listing.import_asked.connect(lambda: self.import_asked.emit("duerp"))
        self.table.moved.connect(self._show_detail)
        self.table.opened.connect(lambda risk: self.open_asked.emit("risk", risk))
        self.table.selectionModel().selectionChanged.connect(self._tell)
        self.views.changed.connect(self._place_side)
        self.views.changed.connect(self._tell)
        self.views.changed.connect(self.part_shown)
        self.views.matrix.grid.chosen.connect(self._tell)
        self.views.matrix.opened.connect(lambda risk: self.open_asked.emit("risk", risk))
        self.side.rate_asked.connect(self.hands.rate)
        self.side.confirm_asked.connect(self.hands.confirm)
        self.side.action_asked.connect(self.hands.add_action)
        self.side.open_asked.connect(self.open_asked)
        self.side.hide_asked.connect(self.turn_detail)
        self.side.left.connect(self._come_back)
        self.side.added.connect(self.open_risk)
        self.session.owners_changed.connect(self.reload)
        self.session.changed.connect(self.refresh)

    def write_document(self) -> None:
        """Ask what of the branch chosen is written in Word or PDF."""
        ask_document(self.session, self._start_work, self.units.node, self)

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
            self.listing.show_waiting()

    def _read_tree(self) -> None:
        store = self.session.store
        owners = self.session.owners(store.catalogue["work_unit"])
        with store.reading() as read:
            root = group_tree(read, self.units.grouping, self.session.names, store.today(), owners)
        self._add_unplaced(root)
        self.units.show_tree(root, self.index)

    def _add_unplaced(self, root: TreeNode) -> None:
        if self.index is not None and self.units.grouping is Grouping.ORGANISATION:
            add_unplaced(root, self.index.units)

    def _regroup(self) -> None:
        self._read_tree()
        self._show_branch()

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
            self._add_unplaced(self.units.root)
            self.views.show_index(self.index)
        self.units.show_tree(self.units.root, self.index)
        self._show_branch()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was written while another page was shown."""
        super().showEvent(event)
        if self._stale:
            self.reload()

    def _show_branch(self) -> None:
        self.listing.show_branch(self.units.node, self.index)

    def _tell(self) -> None:
        number = len(self.table.risks.risks)
        if self.views.current == MATRIX:
            inside = words.count(len(self.views.matrix.table.risks.risks), "risque")
            self.tell(f"{inside} sur {number_text(number)} dans la cellule")
            return
        chosen = len(self.table.selectionModel().selectedRows())
        many = "risques sur" if chosen > 1 else "risque sur"
        ending = "sélectionnés" if chosen > 1 else "sélectionné"
        some = f"{number_text(chosen)} {many} {number_text(number)} {ending}"
        self.tell(some if chosen else words.count(number, "risque"))

    # -- one risk --------------------------------------------------------------------------

    def _wants_side(self) -> bool:
        return settings.remembered_flag(_DETAIL, True)

    def _show_detail(self, risk: str) -> None:
        if risk and self.index is not None and self.side.isVisible():
            placed = self.table.current()
            common = placed is not None and placed.id == risk and placed.marks & COMMON
            variant = placed.unit if placed is not None and common else ""
            self.side.show_risk(risk, self.index.joined_with(risk), variant)
        elif not risk:
            self.side.setEnabled(self.side.entering)

    def _come_back(self) -> None:
        self._place_side()
        self._show_detail(self.table.current_id())
        self.focus_main()

    def turn_detail(self) -> None:
        """Show or hide the pane of one risk."""
        shown = not self.side.isVisible()
        settings.remember_flag(_DETAIL, shown)
        self.side.keep_drafts()
        self.side.setVisible(shown)
        self._show_detail(self.table.current_id())
        self.focus_main()

    def open_risk(self, risk: str) -> None:
        """Show a risk in the branch where it is, whatever was filtered."""
        self.listing.wanted_risk = risk
        placed = self.index.get(risk) if self.index else None
        if placed is None:
            return  # it is gone to when everything is read
        if self.table.risks.place_of(placed) < 0:
            self.listing.clear_filters()
            self.units.choose_unit(placed.unit)
        self.listing.wanted_risk = placed.id
        self.listing.show_risks()

    # -- as a page -------------------------------------------------------------------------

    def _make_deeds(self) -> tuple[Deed, ...]:
        own = (Deed("detail", "Montrer ou cacher le détail", "Space", self.turn_detail),)
        listen(own, self.table)
        written = Deed("document", "Écrire en Word ou en PDF…", "Ctrl+P", self.write_document)
        return (*self.hands.all, *own, written, *self.views.deeds)

    def deeds(self) -> Sequence[Deed]:
        """What one can do with risks."""
        return self._deeds

    def keys(self) -> Keys:
        """The keys of what is shown."""
        if self.views.current == MATRIX:
            return (
                ("F6", "Volet suivant"),
                ("← ↑ ↓ →", "Cellule"),
                ("Entrée", "Ses risques"),
                ("T", "Tableau"),
            )
        return (
            ("F6", "Volet suivant"),
            ("E", "Recoter"),
            ("C", "Confirmer"),
            ("M", "Action"),
            ("N", "Nouveau"),
            ("Espace", "Détail"),
        )

    def panes(self) -> Sequence[QWidget]:
        """Tree, what shows the risks, detail."""
        side = [self.side.currentWidget() or self.side] if self.side.isVisible() else []
        return (self.units.tree, *self.views.panes(), *side)

    def focus_main(self) -> None:
        """The table has the focus, or what stands in its place."""
        self.panes()[1].setFocus()

    def focus_filter(self) -> None:
        """The line that filters what has the focus: the units, or else the risks."""
        if self.units.tree.hasFocus():
            self.units.line.setFocus()
            self.units.line.selectAll()
        else:
            self.listing.focus_filter()

    def keep_drafts(self) -> None:
        """Write what was typed."""
        self.side.keep_drafts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The detail leaves its place to the table where the window is narrow."""
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self._share_width()
        self._place_side()

    def _place_side(self) -> None:
        """One risk stands beside the table alone, where there is room for it."""
        if not self.side.entering:
            room = self.width() >= _ROOM_FOR_ALL and self.views.current == TABLE
            self.side.setVisible(room and self._wants_side())

    def _share_width(self) -> None:
        """Give the panes their kept widths, or narrower ones than usual where there is less."""
        kept = [int(each) for each in settings.remembered_list(_SIZES)]
        tree, side = theme.width("tree_pane"), theme.width("detail_pane")
        if len(kept) == len(self._splitter.sizes()):
            tree, _, side = kept
        tree, side = min(tree, round(self.width() * 0.22)), min(side, round(self.width() * 0.29))
        self._splitter.setSizes([tree, self.width() - tree - side, side])
