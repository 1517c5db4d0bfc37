"""« Certiphyto et produits »: who may apply, and what may be used here today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.credentials import CredentialType
from prevention_app.domain.certificates import CertificateState
from prevention_app.domain.reasons import Weight
from prevention_app.services import certificates, plant_protection
from prevention_app.services.certificates import Certificate, CertificatesWanted
from prevention_app.services.plant_protection import StockJudge
from prevention_app.storage.credential_ends import CredentialEnds
from prevention_app.storage.query import Reader
from prevention_app.storage.work import SHARED
from prevention_app.ui import reading_order, settings, style, theme, words
from prevention_app.ui.catalogue_line import CatalogueLine
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.certificate_filters import CertificateFilters
from prevention_app.ui.certificate_table import CertificateTable
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button, listen
from prevention_app.ui.paged_cells import PAGE, PagedCells
from prevention_app.ui.readings import Reading, Readings
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session
from prevention_app.ui.stock_judging import StockJudging
from prevention_app.ui.stock_table import StockTable
from prevention_app.ui.why_panel import WhyPanel

T = TypeVar("T")

CREDENTIAL: Final = "credential"
STOCK: Final = "stock_line"
EPHY: Final = "ephy"
_SEGMENTS: Final = {
    "all": ("Tous", "", None),
    "stop": ("Stop", "octagon-x", Weight.STOP),
    "caution": ("Prudence", "triangle-alert", Weight.CAUTION),
    "go": ("Utilisables", "circle-check", Weight.GO),
}
_SPLIT: Final = "plant_protection/split"
_OF_CERTIFICATES: Final = {CREDENTIAL, "credential_type", "person", "site", "org_unit"}
_OF_STOCK: Final = {STOCK, "store_room", "reference_edition", *_OF_CERTIFICATES}


@dataclass(frozen=True, slots=True)
class _CertificatesRead:
    ends: CredentialEnds
    kinds: Sequence[CredentialType]


class PlantProtectionPage(Page):
    """Certificates above, the store below, and why at the right when it is asked."""

    title = "Certiphyto et produits"
    crumb = "Registres"

    def __init__(self, session: Session) -> None:
        """Nothing is read before the page is shown."""
        super().__init__()
        self.session = session
        self._readings = Readings(session, self)
        self._under_way: dict[str, Reading | None] = {}
        self._stale = {CREDENTIAL, STOCK}
        self._today = session.store.today()
        self.judging = StockJudging(session, self)
        self.filters = CertificateFilters(session)
        self.certificates = CertificateTable(self._read_certificates, lambda: self._today)
        self.stock = StockTable(self.judging.read)
        self.segments = Segments("Décisions")
        self.segments.offer(
            [(key, text) for key, (text, _, _) in _SEGMENTS.items()],
            {key: icon for key, (_, icon, _) in _SEGMENTS.items() if icon},
        )
        self.why = WhyPanel()
        self.catalogue = CatalogueLine()
        self._asked_by: CellTable = self.certificates
        self._make_buttons()
        self._lay_out()
        self._connect()

    # -- what it is made of ----------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.new_button = button("Nouveau certificat", "plus", "primary")
        self.new_button.setToolTip("Nouveau certificat (N)")
        self.new_button.clicked.connect(lambda: self.new_asked.emit(CREDENTIAL))
        exporting = button("Exporter…", "download")
        exporting.clicked.connect(self._export)
        self.buttons = [self.catalogue, exporting, self.new_button]

    def _lay_out(self) -> None:
        self._tables = QSplitter(Qt.Orientation.Vertical)
        self._tables.setChildrenCollapsible(False)
        self._tables.setHandleWidth(1)
        self._tables.addWidget(self._certificates_pane())
        self._tables.addWidget(self._stock_pane())
        self._tables.splitterMoved.connect(
            lambda: settings.remember(_SPLIT, self._tables.saveState())
        )
        kept = settings.remembered(_SPLIT)
        if kept is not None:
            self._tables.restoreState(kept)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.setChildrenCollapsible(False)
        across.setHandleWidth(1)
        across.addWidget(self._tables)
        across.addWidget(self.why)
        across.setStretchFactor(0, 1)
        across.setSizes([800, theme.width("detail_pane")])
        self.why.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(across)
        reading_order.put_after(self.certificates, self.stock)

    def _certificates_pane(self) -> QWidget:
        self._certificates_said = ElidingLabel()
        bringing = button("Importer…", "upload")
        bringing.setAccessibleName("Importer des certificats…")
        bringing.clicked.connect(lambda: self.import_asked.emit(CREDENTIAL))
        self._no_certificates = EmptyState()
        self._clear = button("Retirer les filtres", "x")
        self._clear.clicked.connect(self.filters.clear)
        first = button("Nouveau certificat", "plus")
        first.clicked.connect(lambda: self.new_asked.emit(CREDENTIAL))
        files = button("Importer un fichier…", "upload")
        files.clicked.connect(lambda: self.import_asked.emit(CREDENTIAL))
        self._first_certificates = (first, files)
        for each in (self._clear, first, files):
            self._no_certificates.add_button(each)
        head = _head("Certificats individuels", self._certificates_said, bringing)
        self._certificates_stack = _stack(self.certificates, self._no_certificates)
        return _pane((head, self.filters, self._certificates_stack), 14)

    def _stock_pane(self) -> QWidget:
        self._stock_said = ElidingLabel()
        self._no_stock = EmptyState()
        self._show_all = button("Montrer tous les produits", "x")
        self._show_all.clicked.connect(lambda: self.segments.choose("all"))
        first = button("Ajouter un produit", "plus")
        first.clicked.connect(lambda: self.new_asked.emit(STOCK))
        files = button("Importer un stock…", "upload")
        files.clicked.connect(lambda: self.import_asked.emit(STOCK))
        self._first_stock = (first, files)
        for each in (self._show_all, first, files):
            self._no_stock.add_button(each)
        head = _head("Stock de produits", self._stock_said, self.segments)
        self._stock_stack = _stack(self.stock, self._no_stock)
        return _pane((head, self._stock_stack), 10)

    def _connect(self) -> None:
        self.filters.changed.connect(self._list_certificates)
        self.certificates.order_asked.connect(self._list_certificates)
        self.segments.chosen.connect(self._choose_decision)
        self.judging.advanced.connect(self._show_stock)
        self.catalogue.update_asked.connect(self._update)
        self.why.closed.connect(self.close_why)
        for table, register in ((self.certificates, CREDENTIAL), (self.stock, STOCK)):
            table.opened.connect(lambda at, table=table: self._open(table, at))
            table.selectionModel().currentRowChanged.connect(self._on_moved)
            table.installEventFilter(self)
            listen(self._deeds_of(register), table)
        for empty, register in (
            (self._no_certificates, CREDENTIAL),
            (self._no_stock, STOCK),
        ):
            listen(self._deeds_of(register)[:1], empty)
        self.session.owners_changed.connect(self.refresh)
        self.session.changed.connect(self.refresh)

    # -- reading ---------------------------------------------------------------------------

    def refresh(self, registers: set[str] | None = None) -> None:
        """Read again what was written, now or when the page is next shown."""
        for key, concerned in ((CREDENTIAL, _OF_CERTIFICATES), (STOCK, _OF_STOCK)):
            if registers is None or registers & concerned:
                self._stale.add(key)
        if self.isVisible():
            self._read_stale()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was written while another page was shown, or since yesterday."""
        super().showEvent(event)
        if self.session.store.today() != self._today:
            self._stale = {CREDENTIAL, STOCK}
        self._read_stale()

    def _read_stale(self) -> None:
        self._today = self.session.store.today()
        stale, self._stale = self._stale, set()
        if CREDENTIAL in stale:
            self._list_certificates()
        if STOCK in stale:
            self._read_stock()

    @property
    def _owners(self) -> tuple[str, ...]:
        return (self.session.owner, SHARED) if self.session.owner else ()

    def _list_certificates(self) -> None:
        wanted = self.filters.wanted(self._owners, self.certificates.order)
        today = self._today
        self._ask(CREDENTIAL, lambda read: _list(read, today, wanted), self._show_certificates)
        if self._under_way[CREDENTIAL]:
            self._certificates_said.setText("Lecture en cours…")

    def _read_stock(self) -> None:
        owners, today = self._owners, self._today
        self._ask(
            STOCK,
            lambda read: (
                StockJudge(read, today, owners),
                plant_protection.stock_ids(read, owners),
            ),
            self._judge_stock,
        )

    def _ask(self, key: str, work: Callable[[Reader], T], hear: Callable[[T], None]) -> None:
        before = self._under_way.get(key)
        if before is not None:
            before.give_up()
        self._under_way[key] = self._readings.ask(work, hear)

    def _read_certificates(self, ids: Sequence[str]) -> Sequence[Certificate]:
        with self.session.store.reading() as read:
            return certificates.read_certificates(read, self._today, ids)

    # -- showing ---------------------------------------------------------------------------

    def _show_certificates(self, found: _CertificatesRead) -> None:
        self.filters.offer_kinds(found.kinds)
        _show_ids(self.certificates, self.certificates.certificates, found.ends.ids)
        self._certificates_said.setText(self._in_words(found.ends))
        self._certificates_stack.setCurrentIndex(0 if found.ends.ids else 1)
        if not found.ends.ids:
            self._explain_no_certificate()
        self._tell()
        self._explain()

    def _in_words(self, ends: CredentialEnds) -> str:
        expired = ends.states[CertificateState.EXPIRED]
        asked = ends.states[CertificateState.TO_ASK]
        parts = [words.count(ends.people, "agent")]
        if self.filters.active:
            parts.insert(0, words.count(len(ends.ids), "certificat"))
        if expired:
            parts.append(words.count(expired, "expiré"))
        if asked:
            parts.append(f"{words.count(asked, 'à demander', 'à demander')}")
        return " · ".join(parts)

    def _explain_no_certificate(self) -> None:
        filtered = self.filters.active
        self._clear.setVisible(filtered > 0)
        for each in self._first_certificates:
            each.setVisible(not filtered)
        if filtered:
            chosen = "ce filtre" if filtered == 1 else f"ces {filtered} filtres"
            self._no_certificates.show_text(f"Aucun certificat ne correspond à {chosen}.")
            return
        self._no_certificates.show_text(
            words.sentence(f"Aucun certificat{self._where()}."),
            "Ici se lisent les Certiphyto et certibiocides, leur fin et le moment de demander.",
        )

    def _where(self) -> str:
        owner = self.session.owner
        return f" pour «\u00a0{self.session.department_name(owner)}\u00a0»" if owner else ""

    def _judge_stock(self, found: tuple[StockJudge, Sequence[str]]) -> None:
        judge, ids = found
        self.catalogue.show_catalogue(judge.catalogue, self._today)
        self.judging.begin(judge, ids)

    def _choose_decision(self) -> None:
        self.stock.lines.show_ids(())
        self._show_stock()

    def _show_stock(self) -> None:
        """Show what is judged; a long store is shown in its order once all of it is."""
        counts = self.judging.counts()
        total = sum(counts.values()) + self.judging.left
        numbers = {key: counts[weight] for key, (_, _, weight) in _SEGMENTS.items() if weight}
        self.segments.count(numbers)
        parts = [words.count(total, "produit")]
        if self.judging.left:
            parts.append(words.count(total - self.judging.left, "jugé"))
        self._stock_said.setText(" · ".join(parts))
        judged = total - self.judging.left
        if self.judging.left and (judged < PAGE or self.stock.lines.ids):
            return
        ids = self.judging.ids(_SEGMENTS[self.segments.value][2])
        _show_ids(self.stock, self.stock.lines, ids)
        self._stock_stack.setCurrentIndex(0 if ids or self.judging.left else 1)
        if not ids:
            self._explain_no_stock(total)
        self._tell()
        self._explain()

    def _explain_no_stock(self, total: int) -> None:
        self._show_all.setVisible(total > 0)
        for each in self._first_stock:
            each.setVisible(not total)
        if total:
            self._no_stock.show_text("Aucun produit dans cette décision.")
            return
        self._no_stock.show_text(
            words.sentence(f"Aucun produit en stock{self._where()}."),
            "Ici se lit ce que l’on peut employer aujourd’hui, ce qu’il faut isoler, et pourquoi.",
        )

    def _tell(self) -> None:
        certificates_here = words.count(len(self.certificates.certificates.ids), "certificat")
        products = words.count(len(self.stock.lines.ids), "produit")
        text = f"{certificates_here} · {products}"
        if self.filters.active:
            text += f" · {words.count(self.filters.active, 'filtre')}"
        self.tell(text)

    # -- the row under the cursor ----------------------------------------------------------

    def _current_id(self, table: CellTable) -> str:
        cells = self.certificates.certificates if table is self.certificates else self.stock.lines
        at = table.currentIndex().row()
        return cells.ids[at] if 0 <= at < len(cells.ids) else ""

    def _open(self, table: CellTable, at: int) -> None:
        del at
        record_id = self._current_id(table)
        if record_id:
            register = CREDENTIAL if table is self.certificates else STOCK
            self.open_asked.emit(register, record_id)

    def toggle_why(self) -> None:
        """Show why the row under the cursor is as it is, or hide that."""
        if self.why.isVisible():
            self.close_why()
        else:
            self.why.show()
            self._explain()

    def close_why(self) -> None:
        """Hide the reasons; the table has the focus again."""
        self.why.hide()
        self._asked_by.setFocus()

    def _on_moved(self) -> None:
        self._explain()

    def _explain(self) -> None:
        if not self.why.isVisibleTo(self):
            return
        at = self._asked_by.currentIndex().row()
        if self._asked_by is self.certificates:
            held = self.certificates.certificates.item(at)
            if held is not None:
                state = held.standing.state.label_fr
                reasons = certificates.explain(held, self._today)
                self.why.explain(held.person, f"{held.kind.name}, {state.lower()}", reasons)
                return
        else:
            judged = self.stock.lines.item(at)
            if judged is not None:
                decision = judged.decision
                title = judged.line.name_as_written
                self.why.explain(title, f"{decision.label}\u00a0: {decision.why}", decision.reasons)
                return
        self.why.explain("Aucune ligne choisie", "", ())

    # -- as a page -------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is explained and exported follows the table that has the focus."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, CellTable):
            self._asked_by = watched
            self._explain()
        return super().eventFilter(watched, event)

    def _export(self) -> None:
        self.export_asked.emit(CREDENTIAL if self._asked_by is self.certificates else STOCK)

    def _deeds_of(self, register: str) -> list[Deed]:
        entity = self.session.store.catalogue[register]
        text = "Nouveau certificat" if register == CREDENTIAL else "Ajouter un produit"
        return [
            Deed(
                f"new_{register}",
                text,
                "N",
                lambda: self.new_asked.emit(register),
                lambda: self.session.may_write(entity),
            ),
            Deed("why", "Expliquer la décision", "?", self.toggle_why),
        ]

    def deeds(self) -> Sequence[Deed]:
        """What one can do here."""
        return [
            *self._deeds_of(CREDENTIAL),
            *self._deeds_of(STOCK)[:1],
            Deed("update_ephy", "Mettre à jour le catalogue E-Phy…", "", self._update),
            Deed(
                "clear_filters",
                "Retirer les filtres",
                "",
                self.filters.clear,
                lambda: self.filters.active > 0,
            ),
        ]

    def _update(self) -> None:
        self.import_asked.emit(EPHY)

    def keys(self) -> Keys:
        """The keys of the two tables."""
        return (
            ("Tab", "Certificats, stock"),
            ("Entrée", "Fiche"),
            ("?", "Pourquoi"),
            ("N", "Nouveau"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The two tables, the chips, and the reasons when they are shown."""
        shown: list[QWidget] = [self.certificates, self.stock, self.filters.end]
        return [*shown, self.why.area] if self.why.isVisible() else shown

    def focus_main(self) -> None:
        """The certificates have the focus, or what stands in their place."""
        here = self._certificates_stack.currentIndex() == 0
        (self.certificates if here else self._no_certificates).setFocus()

    def focus_filter(self) -> None:
        """The first chip has the focus."""
        self.filters.end.setFocus()


def _list(read: Reader, today: date, wanted: CertificatesWanted) -> _CertificatesRead:
    ends = certificates.list_certificates(read, today, wanted)
    return _CertificatesRead(ends, certificates.Kinds(read).all)


def _show_ids(table: CellTable, cells: PagedCells[Any], ids: Sequence[str]) -> None:
    """List these; the cursor stays on its record, or goes to the first one."""
    at = table.currentIndex().row()
    current = cells.ids[at] if 0 <= at < len(cells.ids) else ""
    place = ids.index(current) if current in ids else 0
    cells.show_ids(ids, place)
    if ids:
        table.selectRow(place)


def _head(title: str, said: ElidingLabel, *controls: QWidget) -> QWidget:
    name = QLabel(title)
    style.mark(name, "look", "section")
    style.mark(said, "look", "crumb")
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    row.addWidget(name)
    row.addWidget(said, 1)
    for each in controls:
        row.addWidget(each)
    return made


def _stack(table: QWidget, empty: QWidget) -> QStackedWidget:
    made = QStackedWidget()
    made.addWidget(table)
    made.addWidget(empty)
    return made


def _pane(parts: Sequence[QWidget], top: int) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    margin = theme.tokens()["space"]["page_margin"]
    column.setContentsMargins(margin, top, margin, 0)
    column.setSpacing(8)
    for each in parts:
        column.addWidget(each, isinstance(each, QStackedWidget))
    return made
