"""The organisation: directions, services and work units, sites, with their people and risks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.values import fold
from prevention_app.i18n import NO_BREAK
from prevention_app.services.organisation_tree import (
    ORG_UNIT,
    SITE,
    WORK_UNIT,
    Node,
    Organisation,
    organisation,
)
from prevention_app.storage.query import Reader
from prevention_app.storage.work import SHARED
from prevention_app.ui import icons, style, theme, words
from prevention_app.ui.operations import Operation
from prevention_app.ui.organisation_detail import OrganisationDetail
from prevention_app.ui.organisation_view import OrganisationView
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button
from prevention_app.ui.readings import Readings
from prevention_app.ui.reorganise_pane import ReorganisePane
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys

_TYPING_MS = 120
_TREES = (("units", "Directions et services"), ("sites", "Sites et locaux"))
_NEW = {
    ORG_UNIT: "Nouvelle direction ou service",
    WORK_UNIT: "Nouvelle unité de travail",
    SITE: "Nouveau site",
}
_READ = frozenset({ORG_UNIT, WORK_UNIT, SITE, "person", "risk"})
_KIND = "organisation"
"""What an import of the whole tree is called."""


class OrganisationPage(Page):
    """Who works where, and what hangs on each place."""

    title = "Organisation"
    part_shown = Signal()
    """The trees or the assistant are shown now."""

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is read before it is shown; `start_work` starts work that the window shows."""
        super().__init__()
        self.session = session
        self._start_work = start_work
        self._readings = Readings(session, self)
        self._organisation = Organisation()
        self._stale = True
        self.trees = Segments("Ce qui est montré")
        self.trees.offer(_TREES)
        self.line = QLineEdit()
        self.view = OrganisationView()
        self.detail = OrganisationDetail()
        self.empty = EmptyState()
        self._typed = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._make_buttons()
        self._lay_out()
        self._connect()

    def _make_buttons(self) -> None:
        bring = button("Importer un organigramme…", "import")
        bring.clicked.connect(lambda: self.import_asked.emit(_KIND))
        add = button("Ajouter", "plus", "primary")
        menu = QMenu(add)
        for register, name in _NEW.items():
            menu.addAction(icons.icon("plus"), name, partial(self._new, register))
        add.setMenu(menu)
        self.reorganise_button = button("Réorganiser…", "git-merge")
        self.reorganise_button.clicked.connect(self.reorganise)
        self.buttons = [self.reorganise_button, bring, add]

    def _lay_out(self) -> None:
        self.line.setPlaceholderText("Filtrer")
        self.line.setAccessibleName("Filtrer l’organisation")
        self.line.setClearButtonEnabled(True)
        self.line.setMaximumWidth(280)
        self.line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        bar = QHBoxLayout()
        bar.setSpacing(12)
        bar.addWidget(self.line, 1)
        bar.addWidget(self.trees)
        bar.addStretch(1)
        for register, label in (("person", "Agents"), ("job", "Métiers")):
            link = button(label)
            style.mark(link, "look", "link")
            link.setAccessibleName(f"Ouvrir le registre{NO_BREAK}: {label}")
            link.clicked.connect(partial(self.page_asked.emit, register))
            bar.addWidget(link)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        bring = button("Importer un organigramme…", "import", "primary")
        bring.clicked.connect(lambda: self.import_asked.emit(_KIND))
        self.empty.add_button(bring)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(20, 14, 12, 0)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addWidget(self._stack, 1)
        splitter = QSplitter()
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([900, theme.width("detail_pane")])
        self._parts = QStackedWidget()
        self._parts.addWidget(splitter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._parts)

    @cached_property
    def assistant(self) -> ReorganisePane:
        """The assistant that reorganises, made when it is first asked for."""
        made = ReorganisePane(self.session, self._start_work)
        made.closed.connect(self._show_trees)
        self._parts.addWidget(made)
        return made

    @property
    def reorganising(self) -> bool:
        """Whether the assistant is shown in the place of the trees."""
        return self._parts.currentIndex() > 0

    def _connect(self) -> None:
        self.trees.chosen.connect(self._show)
        self.line.textChanged.connect(self._typed.start)
        self._typed.timeout.connect(self._show)
        self.view.chosen.connect(self._show_detail)
        self.view.opened.connect(self._open)
        self.detail.open_asked.connect(self.open_asked)
        self.detail.choose_asked.connect(self._choose)
        self.session.changed.connect(self.refresh)
        self.session.owners_changed.connect(self._renew)
        on_keys("/", self.view, self.line.setFocus)
        on_keys("Down", self.line, self.view.setFocus)

    # -- reading ---------------------------------------------------------------------------

    def refresh(self, registers: set[str] | None) -> None:
        """Read again when what it shows was written; at once only while it is looked at."""
        if registers is None or registers & _READ:
            self._renew()
            if self.reorganising and not self.assistant.busy:
                self.assistant.read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was written while another page was shown."""
        super().showEvent(event)
        if self._stale:
            self._renew()

    def _renew(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        owners = (self.session.owner, SHARED) if self.session.owner else ()
        today = self.session.store.today()

        def read(reader: Reader) -> Organisation:
            return organisation(reader, today, owners)

        self._readings.ask(read, self._hear)

    def _hear(self, found: Organisation) -> None:
        self._organisation = found
        self._show()

    # -- showing ---------------------------------------------------------------------------

    def _show(self) -> None:
        found = self._organisation
        sites = self.trees.value == "sites"
        tree = found.sites if sites else found.below
        kept = self._kept(sites=sites)
        chosen = self.view.current_node()
        unfolded = [key for key in tree if self.view.isExpanded(self.view.rows.index_of(key))]
        self.view.rows.show(found.nodes, tree, kept)
        self.view.setColumnHidden(3, bool(self.session.owner))
        if kept is not None and len(kept) < 300:
            self.view.expandAll()
        for key in unfolded:
            self.view.expand(self.view.rows.index_of(key))
        if chosen is None or not self.view.choose(chosen.id):
            self.view.setCurrentIndex(self.view.rows.index(0, 0))
        self._stack.setCurrentIndex(0 if self.view.rows.rowCount() else 1)
        self._say_empty(filtered=kept is not None)
        self._show_detail()
        shown = [each for each in found.nodes.values() if (each.register == SITE) == sites]
        self.tell(self._status(shown, sites=sites))

    def _kept(self, *, sites: bool) -> set[str] | None:
        """The nodes that the filter finds, with all above them; None without a filter."""
        asked = fold(self.line.text()).split()
        if not asked:
            return None
        nodes = self._organisation.nodes
        kept: set[str] = set()
        for each in nodes.values():
            text = f"{each.order} {fold(each.detail)}"
            if (each.register == SITE) == sites and all(word in text for word in asked):
                above: Node | None = each
                while above is not None and above.id not in kept:
                    kept.add(above.id)
                    above = nodes.get(above.parent)
        return kept

    def _say_empty(self, *, filtered: bool) -> None:
        if filtered:
            self.empty.show_text("Rien ne correspond à ce filtre.")
            return
        self.empty.show_text(
            "L’organisation n’est pas encore décrite.",
            "Directions, services, unités de travail et sites se reprennent d’un classeur, "
            "ou s’ajoutent un à un.",
        )

    def _status(self, shown: Sequence[Node], *, sites: bool) -> str:
        if sites:
            return words.count(len(shown), "site")
        units = sum(each.register == WORK_UNIT for each in shown)
        above = words.count(len(shown) - units, "direction ou service", "directions et services")
        return f"{above}, {words.count(units, 'unité de travail', 'unités de travail')}"

    def _show_detail(self) -> None:
        self.detail.show_node(self.view.current_node(), self._organisation, self.session)

    def _choose(self, key: str) -> None:
        node = self._organisation.nodes[key]
        self.line.clear()
        self.trees.show_value("sites" if node.register == SITE else "units")
        self._show()
        self.view.choose(key)
        self.view.setFocus()

    # -- doing -----------------------------------------------------------------------------

    def _open(self) -> None:
        node = self.view.current_node()
        if node is not None:
            self.open_asked.emit(node.register, node.id)

    def _new(self, register: str) -> None:
        self.new_asked.emit(register)

    def reorganise(self) -> None:
        """Show the assistant, for the department looked at; the current node is proposed."""
        node = self.view.current_node()
        department = self.session.owner_of_new
        if not department and node is not None and node.owner in self.session.departments:
            department = node.owner
        assistant = self.assistant
        self._parts.setCurrentWidget(assistant)
        self.reorganise_button.hide()
        assistant.begin(department or self.session.store.department, node.id if node else "")
        assistant.form.unit.setFocus()
        self.part_shown.emit()

    def _show_trees(self) -> None:
        self._parts.setCurrentIndex(0)
        self.reorganise_button.show()
        self._renew()
        self.view.setFocus()
        self.part_shown.emit()

    def keys(self) -> Keys:
        """The keys of the tree, or of the plan."""
        if self.reorganising:
            return (
                ("Espace", "Retenir ou non"),
                ("Suppr", "Retirer"),
                ("F6", "Volet suivant"),
            )
        return (
            ("↑ ↓", "Parcourir"),
            ("← →", "Plier"),
            ("Entrée", "Ouvrir la fiche"),
            ("Ctrl N", "Ajouter"),
        )

    def deeds(self) -> Sequence[Deed]:
        """What one can do here."""

        def chosen() -> bool:
            return self.view.current_node() is not None

        def add() -> None:
            self._new(SITE if self.trees.value == "sites" else ORG_UNIT)

        return (
            Deed("open_node", "Ouvrir la fiche", "Return", self._open, chosen),
            Deed("new_node", "Ajouter une direction, un service ou un site", "Ctrl+N", add),
            Deed(
                "new_unit",
                "Ajouter une unité de travail",
                "Ctrl+Shift+N",
                partial(self._new, WORK_UNIT),
            ),
            Deed("reorganise", "Réorganiser…", "Ctrl+R", self.reorganise),
            Deed("unfold_all", "Tout déplier", "Ctrl+Shift+Down", self.view.expandAll),
            Deed("fold_all", "Tout plier", "Ctrl+Shift+Up", self.view.collapseAll),
        )

    def panes(self) -> Sequence[QWidget]:
        """The tree and the detail; of the assistant, its form and the plan."""
        if self.reorganising:
            return (self.assistant.form.act, self.assistant.table)
        return (self.view, self.detail.open_button)

    def focus_main(self) -> None:
        """The tree has the focus, or the plan that is under way."""
        (self.assistant.table if self.reorganising else self.view).setFocus()

    def focus_filter(self) -> None:
        """The filter line has the focus."""
        self.line.setFocus()
        self.line.selectAll()
