"""« Échanges »: what came from other computers, how far they are, and the files between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.i18n import number_text
from prevention_app.services import inbox, kept_aside, packages
from prevention_app.services.inbox import Alert, Delivery, Neighbour
from prevention_app.services.kept_aside import Held
from prevention_app.services.packages import Applied, Made
from prevention_app.services.shared_folder import SUFFIX
from prevention_app.storage.query import Reader
from prevention_app.ui import exchange_work, file_choice, style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import Step
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.folder_exchange import folder_exchange_of
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button, listen
from prevention_app.ui.places import CONFLICTS
from prevention_app.ui.readings import Readings
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session
from prevention_app.ui.states import STOP, State

_CAME, _OTHERS, _ASIDE = "came", "others", "aside"
_KINDS: Final = f"Fichiers d’échange (*{SUFFIX});;Tous les fichiers (*)"
_MOST_ASIDE: Final = 500
_Read = tuple[Sequence[Delivery], Sequence[Neighbour], Sequence[Held], Sequence[Alert]]
_NEEDS: Final = State("warn", "triangle-alert")
_WAITS: Final = State("info", "clock")


class ExchangePage(Page):
    """Deliveries like the messages of an inbox, the current one in full; then the computers."""

    title = "Échanges"
    counted = Signal(int)
    """How many deliveries and alerts nobody has looked at yet."""

    def __init__(self, session: Session, start: Callable[..., Operation]) -> None:
        """Nothing is read before the page is shown; `start` starts long work."""
        super().__init__()
        self.session = session
        self._start = start
        self._folder = folder_exchange_of(session)
        self._readings = Readings(session, self)
        self._deliveries: Sequence[Delivery] = ()
        self._neighbours: Sequence[Neighbour] = ()
        self._held: Sequence[Held] = ()
        self._alerts: Sequence[Alert] = ()
        self._looked: set[int] = set()
        """Deliveries that somebody looked at here; noting it may still wait for its turn."""
        self._placing = False
        """Whether a row becomes current by itself: that is nobody's reading it."""
        self._asked = ""
        """Id of what is kept aside, whose admission is asked about."""
        self.alert = Banner()
        self.segments = Segments("Ce qui est montré")
        self.table = CellTable("Arrivées", ("De", "Reçu le"), (0, 150), "row_two_lines")
        self.computers = CellTable(
            "Autres ordinateurs", ("Ordinateur", "Dernières nouvelles", "Ce qui lui manque"),
            (0, 200, 200), "row_two_lines",
        )  # fmt: skip
        self.aside = CellTable(
            "Écritures mises de côté", ("De", "Ce qu’elle dirait", "Pourquoi"),
            (240, 0, 300), "row_two_lines",
        )  # fmt: skip
        self.admit_button = button("Admettre quand même…", "badge-check")
        self.step = Step()
        self.detail = _Delivered()
        self.empty = EmptyState()
        self.take_button = button("Recevoir un fichier…", "arrow-down-to-line")
        self.send_button = button("Préparer un fichier d’échange…", "arrow-left-right", "primary")
        self.folder_button = button("Choisir…", "folder-open")
        self.none_button = button("Ne plus s’en servir")
        self.buttons = [self.take_button, self.send_button]
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.segments.offer(
            ((_CAME, "Arrivées"), (_OTHERS, "Ordinateurs"), (_ASIDE, "Mises de côté"))
        )
        self._where = ElidingLabel()
        self._said = ElidingLabel()
        style.mark(self._said, "look", "secondary")
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 10)
        head.setSpacing(10)
        head.addWidget(self.segments)
        head.addStretch(1)
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addWidget(self._where)
        told.addWidget(self._said)
        head.addLayout(told, 3)
        head.addWidget(self.folder_button)
        head.addWidget(self.none_button)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self.table)
        self._split.addWidget(self.detail)
        self.table.setMinimumWidth(300)
        self.detail.setMinimumWidth(320)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([460, 10_000])
        self._stack = QStackedWidget()
        for each in (self._split, self.computers, self._aside_pane(), self.empty):
            self._stack.addWidget(each)
        line = QFrame()
        line.setObjectName("hairline")
        above = QVBoxLayout()
        above.setContentsMargins(20, 12, 20, 0)
        above.addWidget(self.alert)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addLayout(head)
        column.addWidget(line)
        column.addWidget(self._stack, 1)

    def _aside_pane(self) -> QWidget:
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 10)
        asked = QVBoxLayout()
        asked.setContentsMargins(20, 10, 20, 0)
        asked.addWidget(self.step)
        column.addLayout(asked)
        column.addWidget(self.aside, 1)
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 0)
        row.addWidget(self.admit_button)
        row.addStretch(1)
        column.addLayout(row)
        return pane

    def _connect(self) -> None:
        self.alert.asked.connect(self.mark_alert_seen)
        self.admit_button.clicked.connect(self._ask_to_admit)
        self.step.agreed.connect(self.admit)
        self.aside.selectionModel().currentRowChanged.connect(self._show_admissible)
        self.segments.chosen.connect(lambda _: self._show_part())
        self.take_button.clicked.connect(self.choose_files)
        self.send_button.clicked.connect(self.prepare_for_all)
        self.folder_button.clicked.connect(self._choose_folder)
        self.none_button.clicked.connect(lambda: self._folder.choose(None))
        self._folder.passed.connect(self._on_passed)
        self.table.selectionModel().currentRowChanged.connect(self._show_current)
        self.table.clicked.connect(self._note_read)
        self.table.opened.connect(self._note_read)
        self.computers.opened.connect(self._prepare_for)
        self.detail.settle_asked.connect(partial(self.page_asked.emit, CONFLICTS))
        listen(self.deeds(), self.table)
        listen(self.deeds(), self.computers)

    # -- reading ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read what came since."""
        super().showEvent(event)
        self.refresh(None)

    def refresh(self, registers: set[str] | None) -> None:  # noqa: ARG002
        """Read again what came and how far the others are."""
        if self.isVisible():
            station = self.session.store.station

            def work(read: Reader) -> _Read:
                return (
                    inbox.deliveries(read),
                    inbox.neighbours(read, station),
                    kept_aside.listed(read)[:_MOST_ASIDE],
                    inbox.alerts(read),
                )

            self._readings.ask(work, self._show)

    def _show(self, found: _Read) -> None:
        at = max(self.table.currentIndex().row(), 0)
        held = self._current_held()
        came, self._neighbours, self._held, self._alerts = found
        self._deliveries = [
            replace(each, seen=True) if each.id in self._looked else each for each in came
        ]
        today = self.session.store.today()
        self._placing = True
        self.table.show_lines([_line(each, today) for each in self._deliveries])
        self.computers.show_lines([_computer(each, today) for each in self._neighbours])
        if self._deliveries:
            self.table.selectRow(min(at, len(self._deliveries) - 1))
        self._placing = False
        self.send_button.setEnabled(self._has_receivers())
        self._show_alert()
        self._show_folder()
        self._show_part()
        self._show_aside(held)
        self._tell_counts()

    def _show_alert(self) -> None:
        if not self._alerts:
            self.alert.clear()
            return
        first, many = self._alerts[0], len(self._alerts)
        when = words.moment_text(first.when, self.session.store.today())
        more = (
            f" Encore {words.count(many - 1, 'autre alerte', 'autres alertes')}."
            if many > 1
            else ""
        )
        self.alert.complain(
            words.sentence(first.what),
            f"Constaté\u00a0: {when}. {words.sentence(first.advice)}{more}",
            "Vu",
        )

    def mark_alert_seen(self) -> None:
        """The alert that is shown has been seen: the next one comes."""
        if self._alerts:
            seen, *self._alerts = self._alerts
            self.session.turn.take(
                ("alert", seen.id), partial(inbox.mark_alert_seen, self.session.store, seen.id)
            )
            self._show_alert()
            self.counted.emit(self._unseen())

    def _show_aside(self, current: Held | None) -> None:
        today = self.session.store.today()
        self.aside.show_lines([_held_line(each, today) for each in self._held])
        self.segments.count({_ASIDE: len(self._held)})
        ids = [each.id for each in self._held]
        if ids:
            self.aside.selectRow(ids.index(current.id) if current and current.id in ids else 0)
        self._show_admissible()

    def _current_held(self) -> Held | None:
        at = self.aside.currentIndex().row()
        return self._held[at] if 0 <= at < len(self._held) else None

    def _show_admissible(self) -> None:
        held = self._current_held()
        self.admit_button.setEnabled(held is not None and held.admissible)
        self.admit_button.setToolTip(
            "" if held is None or held.admissible else "Un droit ne s’admet pas\u00a0: donnez-le."
        )
        if held is None or held.id != self._asked:
            self.step.hide()

    def _ask_to_admit(self) -> None:
        held = self._current_held()
        if held is not None:
            self._asked = held.id
            self.step.ask(
                f"Faire compter ce que «\u00a0{held.station}\u00a0» a écrit dans "
                f"«\u00a0{held.register}\u00a0»\u00a0?",
                "Admettre",
                "Admettre ne se reprend pas. L’écriture comptera sur tous les "
                "ordinateurs\u00a0; ce "
                "qu’elle dit se corrige ensuite dans la fiche.",
            )

    def admit(self) -> None:
        """Let what was asked about count all the same."""
        work = self._start(
            "Admission d’une écriture", exchange_work.admit, self.session.folder, self._asked
        )
        self.step.hide()
        self.admit_button.setEnabled(False)
        work.finished.connect(self._on_admitted)
        work.ended.connect(self._read_again)

    def _on_admitted(self) -> None:
        self.session.say("L’écriture mise de côté compte maintenant.")

    def _show_part(self) -> None:
        part = self.segments.value
        if part == _OTHERS or (part == _ASIDE and self._held):
            self._stack.setCurrentIndex(1 if part == _OTHERS else 2)
            return
        if part == _ASIDE:
            self.empty.show_text("Rien n’est mis de côté.")
            self._stack.setCurrentIndex(3)
            return
        self.empty.show_text(
            "Rien n’est arrivé d’un autre ordinateur.",
            "Recevez un fichier d’échange, déposez-le sur cette fenêtre, ou choisissez le dossier "
            "d’une clé ou d’un partage, qui sera relu chaque minute.",
        )
        self._stack.setCurrentIndex(0 if self._deliveries else 3)

    def _show_folder(self) -> None:
        folder = self._folder.folder
        self._where.setText(
            f"Dossier d’échange\u00a0: {folder}" if folder else "Dossier d’échange\u00a0: aucun"
        )
        self._said.setText(self._folder.said if folder else "Une clé USB, un partage du réseau…")
        self.none_button.setVisible(folder is not None)

    def _show_current(self) -> None:
        at = self.table.currentIndex().row()
        if not 0 <= at < len(self._deliveries):
            return
        delivery = self._deliveries[at]
        self.detail.show_delivery(delivery, self.session.store.today())
        if not self._placing:
            self._note_read()

    def _note_read(self) -> None:
        """Somebody reads the current delivery."""
        at = self.table.currentIndex().row()
        if not 0 <= at < len(self._deliveries) or self._deliveries[at].seen:
            return
        seen = replace(self._deliveries[at], seen=True)
        self._looked.add(seen.id)
        # Reading waits for nobody who writes: that it was read is noted in its turn.
        self.session.turn.take(
            ("delivery", seen.id), partial(inbox.mark_seen, self.session.store, seen.id)
        )
        self._deliveries = [*self._deliveries[:at], seen, *self._deliveries[at + 1 :]]
        self.table.cells.show_line(at, _line(seen, self.session.store.today()))
        self.counted.emit(self._unseen())

    def _unseen(self) -> int:
        return sum(not each.seen for each in self._deliveries) + len(self._alerts)

    def _tell_counts(self) -> None:
        came = words.count(len(self._deliveries), "arrivée", "arrivées")
        others = words.count(len(self._neighbours), "autre ordinateur", "autres ordinateurs")
        self.tell(f"{came}, {others}")
        self.counted.emit(self._unseen())

    # -- deeds -----------------------------------------------------------------------------

    def deeds(self) -> Sequence[Deed]:
        """What one can do here."""
        return (
            Deed("take", "Recevoir un fichier d’échange…", "R", self.choose_files),
            Deed("send", "Préparer un fichier d’échange…", "P", self.prepare_for_all,
                 self._has_receivers),
            Deed("pass", "Relire le dossier d’échange", "D", self._folder.pass_by,
                 lambda: self._folder.folder is not None),
        )  # fmt: skip

    def _has_receivers(self) -> bool:
        return any(each.admitted for each in self._neighbours)

    def keys(self) -> Keys:
        """The keys of the lists."""
        return (("↑ ↓", "Parcourir"), ("R", "Recevoir"), ("P", "Préparer"), ("D", "Relire"))

    def panes(self) -> Sequence[QWidget]:
        """The list, and what is said of its current line."""
        return (self._focused_list(), self.detail)

    def focus_main(self) -> None:
        """The list has the focus."""
        self._focused_list().setFocus()

    def _focused_list(self) -> CellTable:
        return {_CAME: self.table, _OTHERS: self.computers, _ASIDE: self.aside}[self.segments.value]

    def choose_files(self) -> None:
        """Ask which files to take in."""
        file_choice.choose_files(self, "Recevoir un fichier d’échange", self.take_in, _KINDS)

    def take_in(self, files: Sequence[Path]) -> None:
        """Take in these files, one after the other."""
        for file in files:
            work = self._start(
                f"Réception de «\u00a0{file.name}\u00a0»",
                exchange_work.take_in,
                self.session.folder,
                file,
            )
            work.finished.connect(self._on_taken)
            work.ended.connect(self._read_again)

    def _read_again(self) -> None:
        self.refresh(None)

    def _on_taken(self, applied: Applied) -> None:
        new = words.count(applied.new, "écriture nouvelle", "écritures nouvelles")
        brought = new if applied.new else "rien de nouveau"
        said = f"Reçu de «\u00a0{applied.name}\u00a0»\u00a0: {brought}"
        acts: tuple[tuple[str, Callable[[], object]], ...] = ()
        if applied.conflicts:
            acts = (("Départager", partial(self.page_asked.emit, CONFLICTS)),)
        self.session.say(said, "good", acts)

    def prepare_for_all(self) -> None:
        """Write a file for all other computers of one's departments."""
        self._ask_where((packages.ALL,), "tous")

    def _prepare_for(self, at: int) -> None:
        chosen = self._neighbours[at]
        self._ask_where((chosen.station,), chosen.name)

    def _ask_where(self, receivers: tuple[str, ...], called: str) -> None:
        def write(folder: Path) -> None:
            day = self.session.store.today().isoformat()
            out = folder / f"prevention-{self.session.station or 'poste'}-{day}{SUFFIX}"
            work = self._start(
                f"Fichier d’échange pour {called}",
                exchange_work.prepare,
                self.session.folder,
                receivers,
                out,
                writes=False,
            )
            work.finished.connect(self._on_made)

        file_choice.choose_folder(self, "Où écrire le fichier d’échange", write)

    def _on_made(self, made: Made) -> None:
        count = words.count(made.entries, "écriture", "écritures")
        said = f"Fichier d’échange écrit\u00a0: {made.file.name} ({count})."
        again = f" {packages.SENT_AGAIN}" if made.entries else ""
        self.session.say(words.sentence(said + again))

    def _choose_folder(self) -> None:
        file_choice.choose_folder(self, "Dossier d’échange", self._folder.choose)

    def _on_passed(self) -> None:
        self._show_folder()
        self.refresh(None)


class _Delivered(QScrollArea):
    """One delivery in full."""

    settle_asked = Signal()

    def __init__(self) -> None:
        """Nothing chosen yet."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("L’arrivée choisie")
        self._title = QLabel()
        style.mark(self._title, "look", "section")
        self._when = QLabel()
        style.mark(self._when, "look", "secondary")
        self._needs = QLabel()
        self.settle_button = button("Départager les valeurs…", "git-merge")
        self.settle_button.clicked.connect(self.settle_asked)
        self._brought = QLabel()
        for each in (self._title, self._when, self._needs, self._brought):
            each.setWordWrap(True)
        inner = QWidget()
        inner.setObjectName("form_content")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._when)
        column.addWidget(self._needs)
        column.addWidget(self.settle_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        column.addWidget(self._brought)
        column.addStretch(1)
        self.setWidget(inner)
        self.settle_button.hide()

    def show_delivery(self, delivery: Delivery, today: date) -> None:
        """Say what came, from whom, and what needs a person."""
        self._title.setText(f"De «\u00a0{delivery.sender}\u00a0»")
        self._when.setText(f"{words.moment_text(delivery.when, today)} · {delivery.source}")
        needs = [
            f"{words.count(count, one, many)}."
            for count, one, many in (
                (delivery.conflicts, "valeur à départager", "valeurs à départager"),
                (
                    delivery.kept_aside,
                    "écriture mise de côté\u00a0: son auteur n’en avait pas le droit",
                    "écritures mises de côté\u00a0: leur auteur n’en avait pas le droit",
                ),
                (
                    delivery.waiting,
                    "écriture attend un autre fichier d’échange",
                    "écritures attendent un autre fichier d’échange",
                ),
            )
            if count
        ]
        self._needs.setText("\n".join(needs) or "Rien ne demande votre décision.")
        self.settle_button.setVisible(bool(delivery.conflicts))
        lines = [f"{label}\u00a0: {number_text(count)}" for label, count in delivery.registers]
        if delivery.attachments:
            lines.append(words.count(delivery.attachments, "pièce jointe", "pièces jointes"))
        self._brought.setText("\n".join(["Fiches touchées", *lines] if lines else []))


def _line(delivery: Delivery, today: date) -> Line:
    new = words.count(delivery.new, "écriture nouvelle", "écritures nouvelles")
    second = new if delivery.new else "rien de nouveau"
    if delivery.needs_you:
        second += " · à regarder"
    elif delivery.waiting:
        second += " · en attente"
    if not delivery.seen:
        second = f"Non lu · {second}"
    state = _NEEDS if delivery.needs_you else _WAITS if delivery.waiting else None
    return [
        Cell(
            delivery.sender,
            second=second,
            strong=not delivery.seen,
            second_colours="" if delivery.seen else "info",
            icon=state.icon if state else "",
        ),
        Cell(words.moment_text(delivery.when, today), quiet=delivery.seen),
    ]


def _held_line(held: Held, today: date) -> Line:
    said = ", ".join(f"{label}\u00a0: {value}" for label, value in held.values)
    when = words.moment_text(held.when, today)
    return [
        Cell(held.station, second=f"{held.user} · {when}" if held.user else when),
        Cell(held.register, second=said or "rien de lisible ici"),
        Cell(held.why, wrapped=True),
    ]


def _computer(neighbour: Neighbour, today: date) -> Line:
    told = words.moment_text(neighbour.told, today) if neighbour.told else "jamais"
    lacks = words.count(neighbour.lacks, "écriture", "écritures") if neighbour.lacks else "à jour"
    return [
        Cell(f"{neighbour.name}  {neighbour.code}"),
        Cell(told, quiet=neighbour.told is None),
        Cell("Droits retirés", chip=STOP)
        if neighbour.revoked
        else Cell(lacks if neighbour.admitted else "pas admis ici", quiet=not neighbour.lacks),
    ]
