"""Bringing files in: what was understood, what will happen row by row, then one undoable change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.errors import PreventionError
from prevention_app.exchange.sheets import SourceFile
from prevention_app.exchange.understood import Understanding
from prevention_app.services import imports
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.imports import ALL, ImportRequest
from prevention_app.services.reference_sets import EPHY
from prevention_app.ui import file_choice, import_guess, long_work, style, theme, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.import_columns import ImportColumns
from prevention_app.ui.import_rows import ImportRows
from prevention_app.ui.long_work import FileRead, Foreseen
from prevention_app.ui.operations import Operation, Work
from prevention_app.ui.page import EmptyState, button
from prevention_app.ui.session import Session
from prevention_app.ui.work_bar import WorkBar

_STEPS: Final = ("Colonnes", "Lignes", "Appliquer")
COLUMNS, ROWS, DONE = range(3)


class ImportDialog(QDialog):
    """Three steps; one can go back, and nothing is written before the last."""

    applied = Signal()
    """Something may have been written."""
    undo_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """No file yet."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Importer")
        self.setAcceptDrops(True)
        self.resize(1180, 740)
        self._session = session
        self.files: list[Path] = []
        self.operation: Operation | None = None
        self.foreseen: Foreseen | None = None
        self.columns = ImportColumns()
        self.rows = ImportRows(session.store.catalogue)
        self.account = EmptyState()
        self.banner = Banner()
        self._make_choices()
        self._make_buttons()
        self._lay_out()
        self.columns.read_again.connect(self._read_with_corrections)
        self.columns.save_asked.connect(self._save_mapping)
        self._go(COLUMNS)

    # -- what it is made of ----------------------------------------------------------------

    def _make_choices(self) -> None:
        self.kind = QComboBox()
        self.kind.setAccessibleName("Nature du fichier")
        self.kind.setMinimumWidth(300)
        self.kinds = imports.kinds_of(self._session.store)
        self.kind.addItem("Choisissez ce que contient le fichier", "")
        for key, label in self.kinds.items():
            self.kind.addItem(label, key)
        self.kind.activated.connect(self._on_kind)
        self.department = QComboBox()
        self.department.setAccessibleName("Département des lignes qui n’en nomment pas")
        for number in self._session.departments:
            self.department.addItem(f"{number}  {self._session.department_name(number)}", number)
        if len(self._session.departments) > 1:
            self.department.addItem("Selon les lignes", ALL)
        at = self.department.findData(self._session.owner)
        self.department.setCurrentIndex(max(at, 0))
        self.choose_button = button("Choisir des fichiers…", "folder-open")
        self.choose_button.clicked.connect(self._choose)

    def _make_buttons(self) -> None:
        self.back_button = button("Revenir aux colonnes")
        self.back_button.clicked.connect(lambda: self._go(COLUMNS))
        self.close_button = button("Annuler l’import")
        self.close_button.clicked.connect(self.reject)
        self.next_button = button("Voir les lignes", look="primary")
        self.next_button.clicked.connect(self._forward)
        self.undo_button = button("Annuler cette reprise", "undo-2")
        self.undo_button.clicked.connect(self._undo)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        body = QFrame()
        body.setObjectName("page")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(20, 14, 20, 12)
        inner.setSpacing(10)
        inner.addWidget(self.banner)
        self.stack = QStackedWidget()
        for each in (self.columns, self.rows, self.account):
            self.stack.addWidget(each)
        inner.addWidget(self.stack, 1)
        column.addWidget(body, 1)
        self._work_place = QVBoxLayout()
        column.addLayout(self._work_place)
        column.addWidget(self._make_foot())

    def _make_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("page_bar")
        self._files_said = QLabel("Aucun fichier choisi")
        style.mark(self._files_said, "look", "strong")
        self._steps = QLabel()
        self._steps.setTextFormat(Qt.TextFormat.RichText)
        top = QHBoxLayout()
        top.addWidget(self._files_said, 1)
        top.addWidget(self._steps)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.choose_button)
        row.addWidget(self.kind, 1)
        row.addWidget(QLabel("Département"))
        row.addWidget(self.department)
        column = QVBoxLayout(head)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(10)
        column.addLayout(top)
        column.addLayout(row)
        return head

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("footer")
        self._foot_said = QLabel()
        style.mark(self._foot_said, "look", "secondary")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 16, 10)
        row.setSpacing(8)
        row.addWidget(self._foot_said, 1)
        for each in (self.back_button, self.undo_button, self.close_button, self.next_button):
            each.setAutoDefault(False)
            row.addWidget(each)
        return foot

    # -- steps -----------------------------------------------------------------------------

    def _go(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        current = theme.current()
        marks = [
            f'<span style="color:{current["accent" if at == step else "text_tertiary"]};'
            f'font-weight:{600 if at == step else 400}">{at + 1}. {name}</span>'
            for at, name in enumerate(_STEPS)
        ]
        self._steps.setText(" &nbsp;—&nbsp; ".join(marks))
        self._steps.setAccessibleName(f"Étape {step + 1} sur 3, {_STEPS[step]}")
        self.back_button.setVisible(step == ROWS)
        self.undo_button.setVisible(False)
        self.close_button.setVisible(step != DONE)
        for each in (self.kind, self.department, self.choose_button):
            each.setEnabled(step == COLUMNS)
        nothing = "Rien n’est encore écrit. Tout s’annule ensuite en une fois (Ctrl Z)."
        self._foot_said.setText("" if step == DONE else nothing)
        if step == COLUMNS:
            self.next_button.setText("Voir les lignes")
            self.next_button.setEnabled(self._readable())
        elif step == ROWS and self.foreseen is not None:
            self._tell_truth(self.foreseen)
        else:
            self.next_button.setText("Fermer")
            self.next_button.setEnabled(True)

    def _tell_truth(self, foreseen: Foreseen) -> None:
        applied = foreseen.counts[Outcome.NEW] + foreseen.counts[Outcome.CHANGED]
        refused = foreseen.counts[Outcome.REFUSED]
        if foreseen.editions:
            applied = sum(each["rows"] for each in foreseen.editions.values())
        text = f"Appliquer {words.count(applied, 'ligne')}" if applied else "Rien à appliquer"
        if refused:
            text += f", laisser {words.count(refused, 'refus', 'refus')}"
        self.next_button.setText(text)
        self.next_button.setEnabled(applied > 0)

    def _readable(self) -> bool:
        if self.kind.currentData() == EPHY:
            return bool(self.files)
        found = self.columns.files
        return any(each.tables and not each.obstacle for each in found)

    def _forward(self) -> None:
        step = self.stack.currentIndex()
        if step == DONE:
            self.accept()
        elif step == COLUMNS:
            self._start("Comparaison", long_work.try_import, self._foresee, self._request())
        else:
            self._start("Enregistrement", long_work.apply_import, self._tell_done, self._request())

    def _request(self) -> ImportRequest:
        kind = str(self.kind.currentData())
        return ImportRequest(
            kind,
            tuple(self.files),
            str(self.department.currentData()),
            mapping=self.columns.mapping(kind),
        )

    # -- files -----------------------------------------------------------------------------

    def prepare(self, kind: str, files: Sequence[Path]) -> None:
        """Begin with a kind (or a register) and files, where they are known."""
        self.files = list(files)
        guessed = import_guess.kind_of_file(files[0], self.kinds) if files else ""
        guessed = guessed or import_guess.kind_of_register(kind, self.kinds)
        self.kind.setCurrentIndex(max(self.kind.findData(guessed), 0))
        self.read()

    def _on_kind(self) -> None:
        self.read()

    def _choose(self) -> None:
        file_choice.choose_files(self, "Choisir des fichiers", self._take)

    def _take(self, files: list[Path]) -> None:
        self.files = files
        if self.kind.currentData():
            self.read()
        else:
            self.prepare("", files)

    def dragEnterEvent(self, event: Any) -> None:
        """Files may be dropped."""
        if event.mimeData().hasUrls() and self.stack.currentIndex() == COLUMNS:
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Take the files that were dropped."""
        self._take([Path(each.toLocalFile()) for each in event.mimeData().urls()])

    def read(self) -> None:
        """Understand the files, once both they and their kind are known."""
        names = ", ".join(each.name for each in self.files)
        self._files_said.setText(names or "Aucun fichier choisi")
        self.columns.show_files((), {})
        self.columns.setVisible(self.kind.currentData() != EPHY)
        self.banner.clear()
        kind = str(self.kind.currentData())
        if not self.files:
            self.banner.inform("Choisissez des fichiers, ou déposez-les ici.")
        elif not kind:
            self.banner.inform("Dites ce que contient le fichier.")
        elif kind == EPHY:
            self.banner.inform("Catalogue national : ses colonnes sont connues, rien à confirmer.")
        else:
            self._start("Lecture", long_work.read_files, self._show_read, kind, self.files, None)
        self.next_button.setEnabled(self._readable())

    def _read_with_corrections(self) -> None:
        kind = str(self.kind.currentData())
        mapping = self.columns.mapping(kind)
        self._start("Lecture", long_work.read_files, self._show_read, kind, self.files, mapping)

    def _show_read(self, found: list[FileRead]) -> None:
        kind = imports.kind_of(self._session.store, str(self.kind.currentData()))
        self.columns.show_files(found, {each.key: each.label for each in kind.columns})
        obstacles = [f"« {each.name} » : {each.obstacle}" for each in found if each.obstacle]
        if obstacles:
            self.banner.complain(words.sentence(" ".join(obstacles)))
        self.next_button.setEnabled(self._readable())

    def _save_mapping(self, name: str) -> None:
        kind = str(self.kind.currentData())
        mapping = self.columns.mapping(kind, name)
        try:
            if mapping is None or not name:
                self.banner.complain("Donnez un nom à ce modèle de reprise.")
                return
            imports.save_mapping(self._session.store, mapping, self._understanding(kind))
        except PreventionError as error:
            self.banner.complain(words.sentence(str(error)))
            return
        self.applied.emit()
        self.banner.inform(words.sentence(f"Modèle « {name} » enregistré : il sera reconnu."))

    def _understanding(self, kind: str) -> Understanding:
        """The headings that the mapping is to be recognised by."""
        tables = [table for each in self.columns.files for table in each.tables]
        return Understanding(kind, SourceFile(self.files[0], self.files[0].name, "", []), tables)

    # -- long work -------------------------------------------------------------------------

    def _start(self, name: str, work: Work, then: Any, *arguments: Any) -> None:
        if self.operation is not None:
            self.operation.end()
            self._on_ended(self.operation)
        self.banner.clear()
        operation = Operation(name, work, self._session.folder, *arguments, parent=self)
        self.operation = operation
        self._bar = WorkBar(operation)
        self._work_place.addWidget(self._bar)
        self.next_button.setEnabled(False)
        self.back_button.setEnabled(False)
        operation.finished.connect(then)
        operation.failed.connect(self._fail)
        operation.ended.connect(lambda: self._on_ended(operation))

    def _on_ended(self, operation: Operation) -> None:
        if self.operation is operation:
            self.operation = None
            self.back_button.setEnabled(True)
            self._bar.deleteLater()

    def _fail(self, sentence: str) -> None:
        stopped = self.operation is not None and self.operation.stopping
        if stopped:
            self.banner.inform(words.sentence(sentence))
        else:
            self.banner.complain(words.sentence(sentence))
        self.applied.emit()
        self._go(self.stack.currentIndex())

    def _foresee(self, foreseen: Foreseen) -> None:
        self.foreseen = foreseen
        self.rows.show_foreseen(foreseen)
        self._go(ROWS)

    def _tell_done(self, foreseen: Foreseen) -> None:
        self.applied.emit()
        counts = foreseen.counts
        parts = [
            words.count(counts[outcome], one, many)
            for outcome, one, many in (
                (Outcome.NEW, "ligne nouvelle", "lignes nouvelles"),
                (Outcome.CHANGED, "modifiée", "modifiées"),
                (Outcome.UNCHANGED, "identique", "identiques"),
                (Outcome.REFUSED, "refusée", "refusées"),
            )
        ]
        self.account.show_text("Import appliqué", ", ".join(parts) + ".")
        self._go(DONE)
        self.undo_button.setVisible(not foreseen.editions)
        self.next_button.setFocus()

    def _undo(self) -> None:
        self.undo_asked.emit()
        self.accept()

    def done(self, result: int) -> None:
        """Closing stops what is under way."""
        if self.operation is not None:
            self.operation.end()
            self.operation = None
        super().done(result)
