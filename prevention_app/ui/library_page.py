"""« Bibliothèque et métiers »: typical risks, what changed in them, jobs and headcounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.i18n import number_text
from prevention_app.services import risk_templates
from prevention_app.ui import library_work, user_file, words
from prevention_app.ui.jobs_pane import JobsPane
from prevention_app.ui.library_pane import LibraryPane
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed, Keys, Page
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session
from prevention_app.ui.updates_pane import UpdatesPane

LIBRARY, UPDATES, JOBS = "library", "updates", "jobs"
_PARTS: Final = {
    LIBRARY: "Risques types",
    UPDATES: "Modèles modifiés",
    JOBS: "Métiers et effectifs",
}
_READ: Final = {
    "risk", "library_unit", "library_risk", "library_measure", "existing_measure", "job",
    "unit_job", "work_unit", "org_unit", "hazard_family",
}  # fmt: skip


class LibraryPage(Page):
    """One part at a time."""

    title = "Bibliothèque et métiers"

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is read before it is shown; `start_work` starts what is done beside it."""
        super().__init__()
        self.session = session
        self._start_work = start_work
        self._stale = True
        self.segments = Segments("Partie de la page")
        self.segments.offer(_PARTS.items())
        self.library = LibraryPane(session)
        self.updates = UpdatesPane(session)
        self.jobs = JobsPane(session)
        self._parts: dict[str, LibraryPane | UpdatesPane | JobsPane] = {
            LIBRARY: self.library,
            UPDATES: self.updates,
            JOBS: self.jobs,
        }
        self._stack = QStackedWidget()
        for each in self._parts.values():
            self._stack.addWidget(each)
            each.open_asked.connect(self.open_asked)
        self._lay_out()
        self.segments.chosen.connect(self.show_part)
        self.updates.counted.connect(self._count)
        self.jobs.export_asked.connect(self.export)
        session.changed.connect(self.refresh)
        session.owners_changed.connect(self._renew)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 10)
        head.addWidget(self.segments)
        head.addStretch(1)
        line = QFrame()
        line.setObjectName("hairline")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(line)
        column.addWidget(self._stack, 1)

    # -- reading ---------------------------------------------------------------------------

    def refresh(self, registers: set[str] | None) -> None:
        """Read again when what it shows was written; at once only while it is looked at."""
        if registers is None or registers & _READ:
            self._renew()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was written while another page was shown."""
        super().showEvent(event)
        if self._stale:
            self._renew()

    def _renew(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        self.part.read()
        if self.part is not self.updates:
            owners = self.session.owners(self.session.store.catalogue["risk"])
            with self.session.store.reading() as read:
                self._count(len(risk_templates.changed(read, owners)))

    def _count(self, number: int) -> None:
        self.segments.count({UPDATES: number} if number else {})
        told = words.count(
            number, "risque dont le modèle a changé", "risques dont le modèle a changé"
        )
        self.tell(told if number else "Tous les modèles sont à jour")

    @property
    def part(self) -> LibraryPane | UpdatesPane | JobsPane:
        """The part that is shown."""
        return self._parts[self.segments.value or LIBRARY]

    def show_part(self, key: str) -> None:
        """Show another part."""
        self.segments.show_value(key)
        self._stack.setCurrentWidget(self.part)
        self._renew()
        self.focus_main()

    # -- doing -----------------------------------------------------------------------------

    def export(self) -> None:
        """Ask where the sheet of jobs is written."""
        dialog = QFileDialog(self, "Exporter les métiers et les effectifs")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Classeur (*.xlsx)")
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile("metiers_et_effectifs.xlsx")
        dialog.fileSelected.connect(lambda path: self.write_to(Path(path)))
        QTimer.singleShot(0, dialog, dialog.open)

    def write_to(self, out: Path) -> None:
        """Write the sheet of jobs into a file, in a process."""
        user_file.write(out, self._write, self.session.say)

    def _write(self, out: Path) -> None:
        operation = self._start_work(
            "Métiers et effectifs",
            library_work.write_jobs,
            self.session.folder,
            self.session.owner,
            out,
            writes=False,
        )
        operation.finished.connect(
            lambda number: self.session.say(
                f"{out.name}\u00a0: {number_text(number)} effectifs, et les risques types.", "good"
            )
        )

    # -- as a page -------------------------------------------------------------------------

    def deeds(self) -> Sequence[Deed]:
        """The parts, and the sheet of jobs."""
        return (
            *(
                Deed(f"library_{key}", text, "", partial(self.show_part, key))
                for key, text in _PARTS.items()
            ),
            Deed("export_jobs", "Exporter les métiers et les effectifs…", "Ctrl+P", self.export),
        )

    def keys(self) -> Keys:
        """The keys of the part shown."""
        if self.part is self.library:
            return (("F6", "Volet suivant"), ("Espace", "Cocher"), ("Tab", "Suivant"))
        if self.part is self.updates:
            return (("Ctrl A", "Tout choisir"), ("Entrée", "Ouvrir le risque"))
        return (("Entrée", "Compter"), ("Tab", "Suivant"))

    def panes(self) -> Sequence[QWidget]:
        """What F6 walks through in the part shown."""
        if self.part is self.library:
            return (self.library.shelves, self.library.risks.list, self.library.units.list)
        if self.part is self.updates:
            listed = self.updates.stack.currentIndex() == 0
            return (self.updates.table if listed else self.updates.empty,)
        return (self.jobs.table, *([self.jobs.form] if self.jobs.form.isVisible() else []))

    def focus_main(self) -> None:
        """What is chosen first has the focus."""
        self.panes()[0].setFocus()

    def keep_drafts(self) -> None:
        """Write what was typed."""
        self.jobs.form.keep_draft()
