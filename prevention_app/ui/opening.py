"""From the window to the open workspace, or to the page that says what one can do instead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from prevention_app import paths
from prevention_app.errors import Damaged, PassphraseNeeded, PreventionError
from prevention_app.ui import failures, words
from prevention_app.ui.desktop import open_place
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.places import PURPOSES, SETTINGS

if TYPE_CHECKING:
    from prevention_app.storage.automatic_backup import Copy
    from prevention_app.ui.first_opening import ClosedWorkspace, FirstOpening
    from prevention_app.ui.waiting_page import WaitingPage
    from prevention_app.ui.work_process import Work

    _Offering = FirstOpening | ClosedWorkspace | WaitingPage

# Nothing above may import SQLAlchemy, openpyxl, pandas or numpy: the window shows itself first.


class Opening(QObject):
    """Opens a workspace in the frame of the window."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        """Prepare the frame; nothing is read yet."""
        super().__init__(window)
        window.fill()
        self._window = window
        self._folder = folder
        self._files: list[Path] = []
        self._up_to_date = False
        self._endings: list[failures.Ending] = []
        # Registers follow once they are read: declaring them all takes longer than a first paint.
        first = (each for each in PURPOSES if each.key != SETTINGS and not each.group)
        window.sidebar.navigation.pages.show(first)

    def begin(self) -> None:
        """Open the workspace once the window has been painted with its parts."""
        failures.start_log()
        failures.catch(self._tell_failure)
        presence = failures.Presence()
        self._endings = presence.begin()
        self._window.closing.connect(presence.end)
        QTimer.singleShot(0, self.open)

    def _tell_failure(self, text: str, report: Path | None) -> None:
        acts = [("Lire le rapport", lambda: open_place(report))] if report else []
        self._window.notify(words.sentence(text), "bad", acts)

    def open(self) -> None:
        """Open the workspace, or offer to make one."""
        if not self._folder.exists():
            self._offer()
            return
        from prevention_app import bootstrap
        from prevention_app.services import safety
        from prevention_app.ui import restart
        from prevention_app.ui.daily_backup import DailyBackup
        from prevention_app.ui.workspace import Workspace

        folder = self._folder
        try:
            if not (self._up_to_date or bootstrap.opens_at_once(folder)):
                bootstrap.try_key(folder)  # the process that does it can ask nobody
                self._bring_up_to_date()
                return
            store = bootstrap.open_workspace(folder)
        except PreventionError as error:
            self._explain(error)
            return
        opened = Workspace(self._window, store, lambda: bootstrap.open_workspace(folder))
        restart.tell(self._endings, opened.session, opened.open_record, opened.new_record)
        self._endings = []
        DailyBackup(opened.session, opened.end_with_window)
        against = safety.warning(store)
        if against:
            opened.session.say(against, "info")
        if self._files:
            opened.import_files(files=self._files)
            self._files = []

    def _bring_up_to_date(self) -> None:
        """Another version of the program wrote here last: what that takes lasts, elsewhere."""
        from prevention_app.ui import long_work
        from prevention_app.ui.waiting_page import WaitingPage

        self._up_to_date = True
        page = WaitingPage("Mise à jour de l’espace de travail…")
        self._window.show_page(page)
        self._work(page, "Mise à jour", long_work.bring_up_to_date, self._folder)

    # -- nothing there yet -----------------------------------------------------------------

    def _offer(self) -> None:
        from prevention_app.ui.first_opening import FirstOpening

        page = FirstOpening()
        page.files_given.connect(self._keep_files)
        page.create_asked.connect(lambda *given: self._create(page, *given))
        page.demo_asked.connect(lambda: self._make_demo(page))
        self._window.show_page(page)

    def _keep_files(self, files: list[Path]) -> None:
        self._files = files

    def _create(self, page: FirstOpening, department: str, name: str, person: str) -> None:
        from prevention_app import bootstrap

        try:
            bootstrap.create_workspace(
                self._folder, department=department, name=name, person=person
            ).close()
        except PreventionError as error:
            page.refuse(words.sentence(str(error)))
            return
        self.open()

    # -- there, but it does not open -------------------------------------------------------

    def _explain(self, error: PreventionError) -> None:
        from prevention_app.ui.first_opening import ClosedWorkspace

        page = ClosedWorkspace(error, self._folder, _newest_backup(error, self._folder))
        page.retry_asked.connect(self.open)
        page.demo_asked.connect(lambda: self._make_demo(page))
        page.copy_given.connect(lambda file: self._put_in_place(page, file))
        self._window.show_page(page)
        if isinstance(error, PassphraseNeeded):
            self._ask_passphrase(error)

    def _ask_passphrase(self, error: PassphraseNeeded) -> None:
        """Ask for what opens the key, in a dialog over the page that says so."""
        from prevention_app.ui.passphrase_dialog import PassphraseDialog, forget

        forget()
        dialog = PassphraseDialog(error, self._window)
        dialog.accepted.connect(self.open)
        dialog.open()

    def _put_in_place(self, page: ClosedWorkspace, file: Path) -> None:
        from prevention_app.ui import file_work

        self._work(page, "Reprise de la copie", file_work.put_copy_in_place, self._folder, file)

    # -- both ------------------------------------------------------------------------------

    def _make_demo(self, page: FirstOpening | ClosedWorkspace) -> None:
        from prevention_app.ui import long_work

        place = paths.data_folder() / "demonstration"
        self._work(page, "Espace de démonstration", long_work.make_demo, place)

    def _work(self, page: _Offering, name: str, work: Work, *arguments: Any) -> None:
        """Do long work that ends with a workspace, then open it."""
        from prevention_app.ui.operations import Operation
        from prevention_app.ui.work_bar import WorkBar

        page.setEnabled(False)
        operation = Operation(name, work, *arguments, parent=self._window)
        operation.finished.connect(self._open_other)
        operation.failed.connect(lambda text: page.refuse(words.sentence(text)))
        operation.ended.connect(lambda: page.setEnabled(True))
        self._window.closing.connect(operation.end)
        self._window.work_place.addWidget(WorkBar(operation))

    def _open_other(self, workspace: Path) -> None:
        self._folder = workspace
        self.open()


def _newest_backup(error: PreventionError, folder: Path) -> Copy | None:
    """What a damaged workspace can be brought back from."""
    if not isinstance(error, Damaged):
        return None
    from prevention_app.services import backups

    return backups.newest(folder)
