"""« Versions »: the versions of the document unique, from the project to the one that is sealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.catalogue.document_versions import VersionMotive, VersionState
from prevention_app.services import document_versions as held
from prevention_app.services.document_versions import Version
from prevention_app.ui import file_choice, settings, versions_work, words
from prevention_app.ui.desktop import open_place
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button, listen
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys
from prevention_app.ui.versions_asks import Asks
from prevention_app.ui.versions_compare import ComparePane
from prevention_app.ui.versions_seal_dialog import SealDialog
from prevention_app.ui.versions_side import VersionSide
from prevention_app.ui.versions_table import VersionTable
from prevention_app.ui.versions_work import Verified

_WIDTH: Final = "versions/list"
_READS: Final = frozenset(
    {
        held.REGISTER,
        held.SEALS,
        "committee_opinion",
        "committee_vote",
        "version_adoption",
        "version_consultation",
        "version_transmission",
        "attachment",
    }
)
_NONE: Final = (
    "Soumettez un projet à la F3SCT, figez l’état présent, ou déposez les documents des années "
    "passées\u00a0: chacun est gardé quarante ans."
)


class VersionsPage(Page):
    """The list at the left, the current version at the right; comparing takes the whole page."""

    title = "Versions"
    part_shown = Signal()
    """Other keys matter now."""

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is read before it is shown; `start_work` starts long work."""
        super().__init__()
        self.session = session
        self._start_work = start_work
        self._sealing: Operation | None = None
        self.versions: Sequence[Version] = ()
        self.dialog: SealDialog | None = None
        self.asks = Asks(session, self)
        self.table = VersionTable()
        self.side = VersionSide(session)
        self.empty = EmptyState()
        self.compare = ComparePane(session, start_work)
        self.project_button = button("Soumettre un projet…", "upload")
        self.seal_button = button("Figer la version…", "layers", "primary")
        self.buttons = [self.project_button, self.seal_button]
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        deposit = button("Déposer une version antérieure…", "inbox")
        deposit.clicked.connect(self.deposit)
        self.empty.add_button(deposit)
        self._lists = QStackedWidget()
        self._lists.addWidget(self.table)
        self._lists.addWidget(self.empty)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self._lists)
        self._split.addWidget(self.side)
        self._split.setStretchFactor(0, 1)
        self._split.setSizes([10_000, int(settings.remembered(_WIDTH, 400))])
        self._split.splitterMoved.connect(lambda: settings.remember(_WIDTH, self._split.sizes()[1]))
        self._lists.setMinimumWidth(330)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._split)
        self._stack.addWidget(self.compare)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _connect(self) -> None:
        self.project_button.clicked.connect(self.start_project)
        self.seal_button.clicked.connect(self.ask_to_seal)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.table.opened.connect(lambda _at: self.compare_current())
        self.side.opinion_asked.connect(lambda: self._with_current(self.asks.opinion))
        self.side.answer_asked.connect(lambda: self._with_current(self.asks.answer))
        self.side.adoption_asked.connect(lambda: self._with_current(self.asks.adoption))
        self.side.transmission_asked.connect(lambda: self._with_current(self.asks.transmission))
        self.side.consultation_asked.connect(lambda: self._with_current(self.asks.consultation))
        self.side.seal_asked.connect(self.ask_to_seal)
        self.compare.told.connect(self.tell)
        self.compare.left.connect(self.leave_comparison)
        self.session.changed.connect(self.refresh)
        self.session.owners_changed.connect(self.read)
        listen(self.deeds(), self.table)
        on_keys("Esc", self.compare, self.leave_comparison, inside=True)

    # -- reading ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read what there is."""
        super().showEvent(event)
        self.read()

    def refresh(self, registers: set[str] | None) -> None:
        """Read again where a version may have changed and somebody looks."""
        if self.isVisible() and (registers is None or registers & _READS):
            self.read()

    def read(self) -> None:
        """Show the versions; the current one stays current."""
        if not self.isVisible():
            return
        kept = self.current
        with self.session.store.reading() as read:
            self.versions = held.versions(read, self.session.owner)
        self.table.show_versions(self.versions, several=not self.session.owner)
        ids = [each.record.id for each in self.versions]
        if ids:
            self._lists.setCurrentWidget(self.table)
            self.table.selectRow(ids.index(kept.record.id) if kept and kept.record.id in ids else 0)
        else:
            self.empty.show_text("Aucune version du document unique.", _NONE)
            self._lists.setCurrentWidget(self.empty)
        self._show_current()
        self.tell(words.count(len(ids), "version"))

    @property
    def current(self) -> Version | None:
        """The version of the current line."""
        at = self.table.currentIndex().row()
        return self.versions[at] if 0 <= at < len(self.versions) else None

    @property
    def department(self) -> str:
        """Whose versions are made here."""
        return self.session.owner_of_new or self.session.store.department

    def _show_current(self) -> None:
        self.side.show_version(self.current)
        self._show_possible()

    def _show_possible(self) -> None:
        self.seal_button.setEnabled(self._sealing is None)
        waiting = any(
            each.state is VersionState.PROJECT and each.record.owner == self.department
            for each in self.versions
        )
        self.project_button.setEnabled(not waiting)
        told = "Un projet attend déjà d’être figé" if waiting else ""
        self.project_button.setToolTip(told)

    def _with_current(self, act: Callable[[Version], object]) -> None:
        if self.current is not None:
            act(self.current)

    # -- project, seal ---------------------------------------------------------------------

    def start_project(self) -> None:
        """Ask for the motive and the scope of a project, then freeze and number it."""
        if self.project_button.isEnabled():
            self.asks.project(self.department, self._begin_project)

    def _begin_project(self, motive: VersionMotive | None, scope: tuple[str, ...]) -> None:
        operation = self._start_work(
            "Projet du document unique",
            versions_work.start_project,
            self.session.folder,
            self.department,
            motive,
            scope,
        )
        operation.finished.connect(
            lambda name: self.session.say(
                f"Projet {name}\u00a0: figé et numéroté. Enregistrez l’avis quand il est rendu."
            )
        )

    def ask_to_seal(self) -> None:
        """Show what is missing and what will be written, then seal."""
        if self._sealing is not None:
            return
        self.dialog = SealDialog(self.session, self.department, self)
        self.dialog.agreed.connect(self.seal)
        self.dialog.open()

    def seal(self, out: Path, motive: VersionMotive | None, scope: tuple[str, ...]) -> None:
        """Write the version, in the background; one can leave the page."""
        self._sealing = self._start_work(
            "Figer la version",
            versions_work.seal,
            self.session.folder,
            self.department,
            out,
            motive,
            scope,
        )
        self._sealing.finished.connect(self._on_sealed)
        self._sealing.ended.connect(self._on_ended)
        self._show_possible()

    def _on_sealed(self, sealed: tuple[str, str, Path]) -> None:
        name, status, folder = sealed
        acts = (("Ouvrir le dossier", partial(open_place, folder)),)
        self.session.say(f"{name}\u00a0: {status}.", "good", acts)

    def _on_ended(self) -> None:
        self._sealing = None
        self._show_possible()

    # -- comparing -------------------------------------------------------------------------

    def compare_current(self) -> None:
        """Compare the current version with the present state; the one before a sealed one."""
        current = self.current
        if current is None:
            return
        names = [
            each.name
            for each in self.versions
            if each.state is not VersionState.DEPOSITED
            and each.record.owner == current.record.owner
        ]
        if current.name not in names:
            self.session.say(
                f"{current.name} est un document déposé\u00a0: son contenu ne se compare pas.",
                "info",
            )
            return
        self._stack.setCurrentWidget(self.compare)
        self.compare.offer(names, current.name)
        self.compare.before.setFocus()
        self.part_shown.emit()

    def leave_comparison(self) -> None:
        """Back to the list."""
        self._stack.setCurrentWidget(self._split)
        self.table.setFocus()
        self.read()
        self.part_shown.emit()

    # -- other deeds -----------------------------------------------------------------------

    def deposit(self) -> None:
        """Take in the document of an earlier year."""
        self.asks.deposit(self.department)

    def notice(self) -> None:
        """Write the notice to pin up."""
        self.asks.notice(self.department)

    def ask_to_verify(self) -> None:
        """Choose a folder of sealed versions to verify."""
        file_choice.choose_folder(self, "Dossier de versions figées à vérifier", self.verify)

    def verify(self, sealed: Path) -> None:
        """Verify the versions of a folder."""
        operation = self._start_work(
            "Vérification des versions figées",
            versions_work.verify,
            self.session.folder,
            sealed,
            writes=False,
        )
        operation.finished.connect(self._on_verified)

    def _on_verified(self, found: Verified) -> None:
        if not found.faults:
            notes = " ".join(found.notes)
            number = words.count(len(found.versions), "version intacte", "versions intactes")
            self.session.say(f"{number}. {notes}".strip())
            return
        more = len(found.faults) - 1
        told = f" Et {words.count(more, 'autre défaut', 'autres défauts')}." if more else ""
        self.session.say(f"{found.faults[0]}{told}", "bad")

    # -- as a page -------------------------------------------------------------------------

    def keys(self) -> Keys:
        """The keys of the page."""
        if self._stack.currentWidget() is self.compare:
            return (("Échap", "Revenir aux versions"), ("F6", "Volet suivant"))
        return (
            ("Entrée", "Comparer"),
            ("P", "Projet"),
            ("F", "Figer"),
            ("F6", "Volet suivant"),
        )

    def deeds(self) -> Sequence[Deed]:
        """What one can do here."""
        return (
            Deed("seal_version", "Figer la version…", "F", self.ask_to_seal, self._is_free),
            Deed("start_project", "Soumettre un projet…", "P", self.start_project, self._may_begin),
            Deed(
                "record_opinion",
                "Enregistrer l’avis de la F3SCT…",
                "A",
                partial(self._with_current, self.asks.opinion),
                self._on_project,
            ),
            Deed(
                "answer_opinion",
                "Répondre à l’avis de la F3SCT…",
                "R",
                partial(self._with_current, self.asks.answer),
                self._has_opinion,
            ),
            Deed(
                "adopt_version",
                "Enregistrer l’adoption…",
                "D",
                partial(self._with_current, self.asks.adoption),
                self._on_project,
            ),
            Deed("compare_versions", "Comparer…", "C", self.compare_current, self._has_current),
            Deed(
                "transmit_version",
                "Noter une transmission…",
                "T",
                partial(self._with_current, self.asks.transmission),
                self._is_living,
            ),
            Deed(
                "consult_version",
                "Noter une consultation…",
                "N",
                partial(self._with_current, self.asks.consultation),
                self._is_living,
            ),
            Deed("deposit_version", "Déposer une version antérieure…", "", self.deposit),
            Deed("notice_version", "Avis d’accès à afficher…", "", self.notice),
            Deed("verify_versions", "Vérifier des versions figées…", "", self.ask_to_verify),
            Deed(
                "void_version",
                "Annuler la version…",
                "",
                partial(self._with_current, self.asks.void),
                self._is_living,
            ),
        )

    def _is_free(self) -> bool:
        return self._sealing is None

    def _may_begin(self) -> bool:
        return self.project_button.isEnabled()

    def _has_current(self) -> bool:
        return self.current is not None

    def _on_project(self) -> bool:
        return self.current is not None and self.current.state is VersionState.PROJECT

    def _has_opinion(self) -> bool:
        return self._is_living() and bool(self.current and self.current.opinions)

    def _is_living(self) -> bool:
        return self.current is not None and self.current.state is not VersionState.VOID

    def panes(self) -> Sequence[QWidget]:
        """The list and the version, or the comparison."""
        if self._stack.currentWidget() is self.compare:
            return (self.compare.table, self.compare.before)
        return (self.table, self.side)

    def focus_main(self) -> None:
        """Put the focus where work goes on."""
        self.panes()[0].setFocus()
