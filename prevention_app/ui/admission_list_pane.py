"""« Admettre une liste »: fifty people at once, from a workbook and a folder of requests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QGridLayout, QLabel, QStackedWidget, QWidget

from prevention_app.errors import PreventionError
from prevention_app.services import enrolment
from prevention_app.services.enrolment import Foreseen
from prevention_app.services.enrolment import Line as Answer
from prevention_app.ui import circle_work, file_choice, style, user_file, words
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import CirclePane, StartWork, row_of
from prevention_app.ui.desktop import open_place
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.page import EmptyState, button
from prevention_app.ui.session import Session
from prevention_app.ui.states import GO, STOP

_MODEL: Final = "liste-a-admettre.xlsx"
_ANSWERS: Final = "reponses-a-remettre.xlsx"
_NONE: Final = "aucun choix"
_HOW: Final = (
    "Chaque personne écrit sa demande depuis ses Réglages et vous la remet. La liste dit le rôle, "
    "le site et la durée de chacun. Rien n’est écrit avant que vous ayez relu."
)


class AdmissionListPane(CirclePane):
    """A list, a folder; what will happen, line by line; then the answers with their codes."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is chosen yet."""
        super().__init__(session, start_work)
        self._listing: Path | None = None
        self._requests: Path | None = None
        self._answers: Sequence[Answer] = ()
        self._out: Path | None = None
        self._ready = 0
        self.list_button = button("Choisir la liste…", "file-spreadsheet")
        self.model_button = button("Écrire une liste vide…")
        style.mark(self.model_button, "look", "link")
        self.folder_button = button("Choisir le dossier…", "folder-open")
        self.preview = CellTable(
            "Ce qui va se passer",
            ("Ligne", "Ce qui va se passer", "Site", "Rôle", "Jusqu’au", "Code à entendre"),
            (56, 0, 140, 180, 124, 130), "row_two_lines",
        )  # fmt: skip
        self.answers = CellTable(
            "Réponses à remettre",
            ("Ligne", "Fichier à remettre", "Rôle", "Code de la demande", "Code à lire"),
            (56, 0, 210, 160, 130), "row_two_lines",
        )  # fmt: skip
        self.empty = EmptyState()
        self.admit_button = button("Admettre…", "badge-check", "primary")
        self.save_button = button("Enregistrer ce tableau…", "save")
        self.show_button = button("Ouvrir le dossier des réponses", "folder-open")
        self._list_name, self._folder_name = ElidingLabel(), ElidingLabel()
        self._lay_out()
        self._connect()
        self.forget()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for row, (number, name, choose) in enumerate(
            (("1", self._list_name, self.list_button), ("2", self._folder_name, self.folder_button))
        ):
            badge = QLabel(number)
            style.mark(badge, "look", "number_badge")
            badge.setFixedSize(26, 26)
            badge.setIndent(8)
            grid.addWidget(badge, row, 0)
            grid.addWidget(choose, row, 1)
            grid.addWidget(name, row, 2)
        grid.addWidget(self.model_button, 0, 3)
        grid.setColumnStretch(2, 1)
        self._stack = QStackedWidget()
        for each in (self.empty, self.preview, self.answers):
            self._stack.addWidget(each)
        self.column.addLayout(grid)
        self.column.addWidget(self.banner)
        self.column.addWidget(self._stack, 1)
        self.column.addLayout(row_of(self.admit_button, self.save_button, self.show_button))

    def _connect(self) -> None:
        self.list_button.clicked.connect(
            lambda: file_choice.choose_files(self, "La liste", lambda found: self.take(found[0]))
        )
        self.folder_button.clicked.connect(
            lambda: file_choice.choose_folder(self, "Le dossier des demandes", self.look_in)
        )
        self.model_button.clicked.connect(
            lambda: file_choice.choose_folder(self, "Où écrire la liste vide", self.write_model)
        )
        self.admit_button.clicked.connect(
            lambda: file_choice.choose_folder(self, "Où écrire les réponses", self.admit)
        )
        self.save_button.clicked.connect(
            lambda: file_choice.choose_folder(self, "Où enregistrer le tableau", self.save)
        )
        self.show_button.clicked.connect(lambda: self._out and open_place(self._out))

    def forget(self) -> None:
        """Nothing is chosen."""
        self._listing = self._requests = self._out = None
        self._answers, self._ready = (), 0
        self.empty.show_text("Choisissez la liste, puis le dossier des demandes.", _HOW)
        self._stack.setCurrentWidget(self.empty)
        self._show_chosen()

    def main(self) -> QWidget:
        """The list comes first."""
        return self.list_button

    def let(self, *, enabled: bool) -> None:
        """One thing at a time."""
        for each in (self.list_button, self.folder_button, self.admit_button):
            each.setEnabled(enabled)

    def _show_chosen(self) -> None:
        for label, what, chosen in (
            (self._list_name, "Liste", self._listing),
            (self._folder_name, "Dossier des demandes", self._requests),
        ):
            label.setText(f"{what}\u00a0: {chosen.name if chosen else _NONE}")
            label.setToolTip(str(chosen or ""))
        answered = bool(self._answers)
        self.admit_button.setVisible(bool(self._ready) and not answered)
        self.save_button.setVisible(answered)
        self.show_button.setVisible(answered)

    # -- before ----------------------------------------------------------------------------

    def write_model(self, folder: Path) -> None:
        """Write an empty list into a folder."""

        def write(out: Path) -> None:
            enrolment.write_model_list(self.session.store, out)
            act = ("Ouvrir", lambda: open_place(out))
            self.session.say(f"Liste vide écrite\u00a0: {out.name}", "good", (act,))

        user_file.write(folder / _MODEL, write, self.session.say)

    def take(self, file: Path) -> None:
        """Use this list."""
        self._listing = file
        self._foresee()

    def look_in(self, folder: Path) -> None:
        """Use the requests of this folder."""
        self._requests = folder
        self._foresee()

    def _foresee(self) -> None:
        self._answers, self._ready = (), 0
        self._show_chosen()
        if self._listing is not None and self._requests is not None:
            self.work(
                "Lecture de la liste",
                circle_work.foresee,
                self._listing,
                self._requests,
                then=self._show_foreseen,
                writes=False,
            )

    def _show_foreseen(self, found: Sequence[Foreseen]) -> None:
        self._ready = sum(not each.problem for each in found)
        today = self.session.store.today()
        self.preview.show_lines(
            [
                [
                    Cell(str(each.row or ""), right=True),
                    _outcome(each.name, each.problem, "sera admis"),
                    Cell(each.site, quiet=True),
                    Cell(each.role.label_fr if each.role else "", quiet=True, wrapped=True),
                    Cell(words.short_day(each.until, today) if each.until else "", quiet=True),
                    Cell(each.code, strong=True),
                ]
                for each in found
            ]
        )
        wrong = len(found) - self._ready
        self._stack.setCurrentWidget(self.preview)
        people = words.count(self._ready, "personne")
        self.admit_button.setText(f"\u00a0Admettre {people}…")
        self.admit_button.setAccessibleName(f"Admettre {people}…")
        self._show_chosen()
        if wrong:
            self.banner.inform(
                f"{people} à admettre, {words.count(wrong, 'ligne')} à revoir.",
                "Corrigez la liste et choisissez-la de nouveau, ou admettez les autres.",
            )
        (self.admit_button if self._ready else self.list_button).setFocus()

    # -- doing, after ----------------------------------------------------------------------

    def admit(self, out: Path) -> None:
        """Admit them; their answers go into a folder."""
        self._out = out
        self.work(
            f"Admission de {words.count(self._ready, 'personne')}",
            circle_work.admit_many,
            self._listing,
            self._requests,
            out,
            then=self._show_answers,
        )

    def _show_answers(self, found: Sequence[Answer]) -> None:
        self._answers = found
        self.answers.show_lines([_answer(each) for each in found])
        self._stack.setCurrentWidget(self.answers)
        self._show_chosen()
        done = sum(each.admitted is not None for each in found)
        self.banner.inform(
            f"{words.count(done, 'réponse écrite', 'réponses écrites')}.",
            "Remettez à chacun son fichier, et lisez-lui son code quand il le reçoit.",
        )
        self.answers.setFocus()

    def save(self, folder: Path) -> None:
        """Write the table of answers into a folder."""
        user_file.write(folder / _ANSWERS, partial(self._save, self._answers), self.session.say)

    def _save(self, lines: Sequence[Answer], out: Path) -> None:
        try:
            enrolment.write_answers(lines, out)
        except PreventionError as error:
            self.complain(str(error))
            return
        act = ("Ouvrir", lambda: open_place(out))
        self.session.say(f"Tableau enregistré\u00a0: {out.name}", "good", (act,))


def _outcome(name: str, problem: str, good: str) -> Cell:
    """A person, and below what becomes of them."""
    if problem:
        return Cell(name, second=words.sentence(problem), second_colours=STOP.colours)
    return Cell(name, second=good, second_colours=GO.colours)


def _answer(line: Answer) -> Line:
    admitted = line.admitted
    return [
        Cell(str(line.row or ""), right=True),
        _outcome(line.name, line.problem, line.file.name if line.file else ""),
        Cell(enrolment.role_names(admitted.roles) if admitted else "", quiet=True, wrapped=True),
        Cell(admitted.request_code if admitted else "", quiet=True),
        Cell(admitted.code if admitted else "", strong=True),
    ]
