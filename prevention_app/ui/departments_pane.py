"""« Autres départements »: those that ours recognises, and the files by which they come to."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from prevention_app.errors import PreventionError
from prevention_app.services import recognition
from prevention_app.services.recognition import Accepted, Offered
from prevention_app.ui import circle_work, file_choice, words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import CirclePane, StartWork, Step, explanation, row_of
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

INVITATION: Final = "prevention-invitation"
ANSWER: Final = "prevention-reconnaissance"
_FILES: Final = f"Invitations et réponses (*.{INVITATION} *.{ANSWER});;Tous les fichiers (*)"
_ABOUT: Final = (
    "Deux départements se reconnaissent une fois, par deux petits fichiers et deux codes lus au "
    "téléphone\u00a0: l’un invite, l’autre répond. Leurs ordinateurs se font alors confiance. Ce "
    "qui est à chacun reste chez lui tant qu’il ne décide pas de le communiquer."
)


class DepartmentsPane(CirclePane):
    """Who is recognised; an invitation to write, a file to read."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read yet."""
        super().__init__(session, start_work)
        self._file = Path()
        self._offered: Offered | None = None
        self.table = CellTable(
            "Départements reconnus", ("Département", "Repère de sa clé"), (0, 220), "row_standard"
        )
        self.step = Step()
        self.invite_button = button("Écrire une invitation…", "upload")
        self.read_button = button("Recevoir une invitation ou une réponse…", "arrow-down-to-line")
        self.column.addWidget(explanation(_ABOUT))
        self.column.addWidget(self.banner)
        self.column.addLayout(row_of(self.invite_button, self.read_button))
        self.column.addWidget(self.step)
        self.column.addWidget(self.table, 1)
        self.invite_button.clicked.connect(
            lambda: file_choice.choose_folder(self, "Où écrire l’invitation", self.invite)
        )
        self.read_button.clicked.connect(
            lambda: file_choice.choose_files(
                self, "Invitation ou réponse", lambda found: self.open_file(found[0]), _FILES
            )
        )
        self.step.agreed.connect(self._go_on)

    def forget(self) -> None:
        """Nothing is asked any more."""
        self.step.hide()

    def show_now(self) -> None:
        """The departments that are recognised now."""
        found = recognition.recognised(self.session.store, self.department)
        self.table.show_lines(
            [
                [
                    Cell(f"{each.department}  {self.session.department_name(each.department)}"),
                    Cell(each.mark, quiet=True),
                ]
                for each in found
            ]
        )
        self.table.setVisible(bool(found))

    def main(self) -> QWidget:
        """An invitation comes first."""
        return self.invite_button

    def let(self, *, enabled: bool) -> None:
        """One thing at a time."""
        for each in (self.invite_button, self.read_button):
            each.setEnabled(enabled)

    def invite(self, folder: Path) -> None:
        """Write the invitation, and say what to read aloud."""
        file = folder / f"departement-{self.department}.{INVITATION}"
        try:
            code = recognition.invite(self.session.store, file, self.department)
        except PreventionError as error:
            self.complain(str(error))
            return
        self.banner.inform(
            words.sentence(
                f"Invitation écrite\u00a0: «\u00a0{file.name}\u00a0». "
                f"Code à lire au téléphone\u00a0: {code}."
            ),
            "Remettez-la à l’administrateur de l’autre département, puis recevez sa réponse ici.",
        )

    def open_file(self, file: Path) -> None:
        """Say what a file offers, so that a person compares its code before following it."""
        self.banner.clear()
        self.step.hide()
        try:
            offered = recognition.read_offer(file)
        except PreventionError as error:
            self.complain(str(error))
            return
        self._file, self._offered = file, offered
        what = "L’invitation" if offered.to_answer else "La réponse"
        name = self.session.department_name(offered.department)
        self.step.ask(
            f"{what} vient du département {offered.department} ({name}), "
            f"de «\u00a0{offered.by}\u00a0» "
            f"({offered.user}). Cette personne vous lit le code {offered.code}.",
            "C’est ce code\u00a0: reconnaître, et répondre…"
            if offered.to_answer
            else "C’est ce code\u00a0: reconnaître",
        )

    def _go_on(self) -> None:
        if self._offered is None:
            return
        if self._offered.to_answer:
            file_choice.choose_folder(self, "Où écrire la réponse", self.accept)
        else:
            self.accept(None)

    def accept(self, folder: Path | None) -> None:
        """Recognise the department; an invitation is answered into a folder."""
        assert self._offered is not None  # noqa: S101  (the step shows only then)
        out = folder / f"departement-{self.department}.{ANSWER}" if folder else None
        self.work(
            f"Reconnaissance du département {self._offered.department}",
            circle_work.accept,
            self._file,
            out,
            self.department,
            self._offered.code,
            then=self._on_accepted,
        )

    def _on_accepted(self, accepted: Accepted) -> None:
        said = f"Le département {accepted.department} est reconnu."
        if accepted.answer_code:
            self.banner.inform(
                words.sentence(
                    f"{said} Code de votre réponse, à lire\u00a0: {accepted.answer_code}."
                ),
                f"Remettez-lui le fichier «\u00a0departement-{self.department}.{ANSWER}\u00a0».",
            )
        else:
            self.banner.inform(words.sentence(said))
