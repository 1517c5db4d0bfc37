"""Files of the campaign, in and out: folders are asked for, the work is done beside the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from prevention_app.services.collecting_read import FileOutcome, FileState
from prevention_app.ui import campaign_work, desktop, file_choice, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.campaign_work import Written
from prevention_app.ui.operations import Operation
from prevention_app.ui.session import Session
from prevention_app.ui.work_process import Work

StartWork = Callable[..., Operation]
_SHEETS = "Fiches de collecte (*.xlsx *.xlsm *.xls *.ods);;Tous les fichiers (*)"
_MOST_TOLD = 10
_CLOSE = "Fermer"


class CampaignFiles:
    """One piece of work at a time; files that were not read stand in the banner of the page."""

    def __init__(self, session: Session, start: StartWork, banner: Banner, page: QWidget) -> None:
        """Nothing is under way."""
        self._session = session
        self._start = start
        self._banner = banner
        self._page = page
        self.working = False
        banner.asked.connect(banner.clear)

    def ask_to_send(self, owner: str, units: Sequence[str]) -> None:
        """Ask for a folder, and write the sheets of these units there, or of all."""
        file_choice.choose_folder(
            self._page, "Dossier des fiches à envoyer", lambda out: self.send(owner, out, units)
        )

    def send(self, owner: str, out: Path, units: Sequence[str]) -> None:
        """Write the sheets into a folder."""
        self._work(
            "Préparation des fiches", campaign_work.send, owner, out, tuple(units),
            then=self._on_written,
        )  # fmt: skip

    def ask_to_send_actions(self, owner: str) -> None:
        """Ask for a folder, and write the workbooks of the pilots there."""
        file_choice.choose_folder(
            self._page,
            "Dossier des classeurs des pilotes",
            lambda out: self._work(
                "Préparation des classeurs des pilotes",
                campaign_work.send_actions,
                owner,
                out,
                then=self._on_written,
            ),
        )

    def ask_to_remind(self, owner: str) -> None:
        """Ask for a folder, and write draft mails there."""
        file_choice.choose_folder(
            self._page, "Dossier des relances", lambda out: self.remind(owner, out)
        )

    def remind(self, owner: str, out: Path) -> None:
        """Write draft mails into a folder."""
        self._work(
            "Préparation des relances", campaign_work.remind, owner, out, then=self._on_reminded
        )

    def ask_to_read(self) -> None:
        """Ask for returned files."""
        file_choice.choose_files(self._page, "Fiches revenues", self.read, _SHEETS)

    def read(self, paths: Sequence[Path]) -> None:
        """Take in returned sheets."""
        self._work("Relevé des réponses", campaign_work.read, tuple(paths), then=self._on_read)

    def _work(self, name: str, act: Work, *given: object, then: Callable[..., None]) -> None:
        if self.working:
            self._session.say("Un travail sur les fiches est déjà en cours.", "info")
            return
        self.working = True
        self._banner.clear()
        operation = self._start(name, act, self._session.folder, *given, writes=True)
        operation.finished.connect(then)
        operation.ended.connect(self._on_ended)

    def _on_ended(self) -> None:
        self.working = False

    def _on_written(self, made: Written) -> None:
        remark = f" ({made.remark})" if made.remark else ""
        self._say(f"{words.count(made.files, 'fichier')} à envoyer{remark}.", made.folder)

    def _on_reminded(self, made: Written) -> None:
        remark = f", {made.remark}" if made.remark else ""
        self._say(
            f"{words.count(made.files, 'courriel')} à relire et à envoyer par vous{remark}.",
            made.folder,
        )

    def _say(self, text: str, folder: Path) -> None:
        self._session.say(text, acts=(("Ouvrir le dossier", lambda: desktop.open_place(folder)),))

    def _on_read(self, files: Sequence[FileOutcome]) -> None:
        """Say what became of the files: those that were not taken in by name and reason."""
        refused = [each for each in files if each.state is FileState.REFUSED]
        proposals = sum(each.proposals for each in files)
        read = sum(each.state is FileState.READ for each in files)
        said = (
            f"{words.count(read, 'fiche relevée', 'fiches relevées')}, "
            f"{words.count(proposals, 'proposition')} à examiner."
        )
        aside = [each for each in files if each.state is not FileState.READ and each not in refused]
        told = [
            *(each.said for each in refused),
            *(f"{each.file}\u00a0: {each.said}" for each in aside),
        ]
        shown = told[:_MOST_TOLD]
        if len(told) > _MOST_TOLD:
            others = [each.file for each in (*refused, *aside)][_MOST_TOLD:]
            shown.append(f"De même, sans le détail\u00a0: {', '.join(others)}")
        detail = "\n".join(words.sentence(each) for each in shown)
        if refused:
            left_out = words.count(len(refused), "fichier non lu", "fichiers non lus")
            self._banner.complain(words.sentence(f"{said} {left_out}."), detail, _CLOSE)
        elif told:
            self._banner.inform(words.sentence(said), detail, _CLOSE)
        else:
            self._session.say(said)
