"""Bringing files in, in four steps: the file, its columns, its lines, then one undoable change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from prevention_app.catalogue.description import Catalogue
from prevention_app.errors import PreventionError
from prevention_app.services import imports
from prevention_app.services.import_plan import ALL, ImportRequest
from prevention_app.services.import_review import Applied, Review
from prevention_app.ui import (
    file_choice,
    import_drafts,
    import_guess,
    import_keeping,
    import_truth,
    import_work,
    style,
    words,
)
from prevention_app.ui.banner import Banner
from prevention_app.ui.desktop import open_place
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.import_account import ImportAccount
from prevention_app.ui.import_entries import Entry, entries_of, in_order
from prevention_app.ui.import_file import ImportFile
from prevention_app.ui.import_files import ImportFiles
from prevention_app.ui.import_keeping import ImportKeeping
from prevention_app.ui.import_review_pane import ImportReview
from prevention_app.ui.import_runner import ImportRunner, StartWork
from prevention_app.ui.import_steps import APPLY, COLUMNS, FILE, LINES, ImportSteps
from prevention_app.ui.import_understood import ImportUnderstood
from prevention_app.ui.page import Deed, Keys, Page, button
from prevention_app.ui.places import IMPORT
from prevention_app.ui.session import Session

_PAUSE_MS: Final = 700
_MANY: Final = 20_000
"""Lines from which a comparison is made again only when it is asked for."""


class ImportPage(Page):
    """Reviews files one after the other; nothing is written before the last step of each."""

    done = Signal()
    """The import is over or was given up: there is nothing to review any more."""
    undo_asked = Signal()
    title = "Importer"

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """No file yet."""
        super().__init__()
        self._session = session
        self.runner = ImportRunner(session, start_work, self)
        self.kinds = imports.kinds_of(session.store)
        self.entries: list[Entry] = []
        self.kept = ImportKeeping(session, lambda: self.entries, self)
        self.step = FILE
        self._at = 0
        self._wanted = ""
        """The kind of the page one comes from, for files that do not tell theirs."""
        self._held: tuple[Entry, ImportRequest, Review] | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._compare_again)
        self.steps = ImportSteps()
        self.steps.chosen.connect(self.go_back)
        self.buttons = [self.steps]
        self.banner = Banner()
        self.files = ImportFiles()
        self.file = ImportFile(session, self.kinds)
        self.review = ImportReview()
        self.understood = ImportUnderstood(session, self.review)
        self.account = ImportAccount()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._open(0)

    # -- what it is made of ----------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.skip_button = button("Passer ce fichier")
        self.skip_button.clicked.connect(self._next_file)
        self.cancel_button = button("Annuler l’import")
        self.cancel_button.clicked.connect(self.cancel)
        self.next_button = button("Lire le fichier", look="primary")
        self.next_button.clicked.connect(self.forward)

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        for each in (self.file, self.review, self.account):
            self.stack.addWidget(each)
        column = QVBoxLayout()
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(20, 10, 20, 0)
        head.addWidget(self.banner)
        column.addLayout(head)
        column.addWidget(self.stack, 1)
        column.addWidget(self._make_foot())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.files)
        row.addLayout(column, 1)

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("footer")
        self._foot_icon = IconLabel("info")
        self._foot_said = ElidingLabel()
        style.mark(self._foot_said, "look", "secondary")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 9, 16, 9)
        row.setSpacing(8)
        row.addWidget(self._foot_icon)
        row.addWidget(self._foot_said, 1)
        for each in (self.skip_button, self.cancel_button, self.next_button):
            row.addWidget(each)
        return foot

    def _connect(self) -> None:
        self.files.chosen.connect(self._open)
        self.file.files_chosen.connect(lambda files: self.prepare(self._wanted, files))
        self.file.offers.taken_up.connect(self.take_up)
        self.file.offers.forgotten.connect(self._forget)
        self.file.kind_chosen.connect(self._take_kind)
        self.file.department_chosen.connect(self._take_department)
        self.runner.turned.connect(self._show_truth)
        self.runner.idle.connect(self._read_waiting)
        self.runner.failed.connect(self._fail)
        self.review.card.file_asked.connect(self._view_file)
        self.understood.decided.connect(self._on_changed)
        self.understood.complained.connect(self.banner.complain)
        lines = self.review.lines
        lines.changed.connect(self._on_changed)
        lines.decided.connect(self._show_truth)
        lines.export_asked.connect(self.export_refusals)
        lines.table.apply_asked.connect(self.forward)
        lines.table.edited.connect(self._show_held)
        self.account.undo_asked.connect(self._undo)
        self.account.records_asked.connect(self._show_records)

    # -- as a page -------------------------------------------------------------------------

    def deeds(self) -> Sequence[Deed]:
        """What can be done with the lines; Entrée, Espace and F8 act while they have the focus."""
        table = self.review.lines.table
        on_lines = self._on_lines
        return (
            Deed("apply", "Appliquer", "Ctrl+Return", self.forward, self.next_button.isEnabled),
            Deed("next_refused", "Refus suivant", "F8", partial(self._go_to_refused, 1), on_lines),
            Deed(
                "previous_refused",
                "Refus précédent",
                "Shift+F8",
                partial(self._go_to_refused, -1),
                on_lines,
            ),
            Deed("correct", "Corriger la cellule", "Return", table.edit_current, on_lines),
            Deed("leave", "Prendre ou laisser la ligne", "Space", table.turn_selected, on_lines),
            Deed("refusals", "Exporter les refus", "Ctrl+Shift+R", self.export_refusals, on_lines),
            Deed("cancel_import", "Annuler l’import", "", self.cancel, lambda: bool(self.entries)),
        )

    def keys(self) -> Keys:
        """The keys of the lines."""
        return (
            ("F8", "Refus suivant"),
            ("Entrée", "Corriger"),
            ("Espace", "Prendre ou laisser"),
            ("Ctrl Entrée", "Appliquer"),
        )

    def panes(self) -> Sequence[QWidget]:
        """Files, columns, lines."""
        return (self.files, self.review.columns.table, self.review.lines.table)

    def focus_main(self) -> None:
        """The lines, the columns, or what is missing of the file."""
        if self.step == LINES:
            self.review.lines.table.setFocus()
        elif self.step == COLUMNS:
            self.review.columns.table.setFocus()
        elif self.step == FILE:
            self.file.focus_first()
        else:
            self.next_button.setFocus()

    def _on_lines(self) -> bool:
        return self.step == LINES

    # -- files -----------------------------------------------------------------------------

    @property
    def entry(self) -> Entry | None:
        """The file under review."""
        return self.entries[self._at] if self._at < len(self.entries) else None

    def prepare(self, kind: str, files: Sequence[Path]) -> None:
        """Begin with files, and with the kind (or the register) of the page one comes from.

        Files that come while others are under review wait behind them.
        """
        self.kinds = imports.kinds_of(self._session.store)
        self._wanted = kind
        waiting = [each for each in self.entries if each.applied is None]
        if not waiting:
            self._forget_all()
        held = {path for each in waiting for path in each.files}
        added = entries_of(
            [each for each in files if each not in held],
            self._session.owner or ALL,
            self._guess,
        )
        self.entries += added
        unknown = [each.files[0] for each in added if not each.kind]
        if unknown and not self.busy:
            self.runner.start(
                "Reconnaissance", import_work.guess_kinds, self._take_guesses, unknown
            )
        self._open(self._at)

    def take_up(self, key: str) -> None:
        """Go on with an import that was begun earlier; the one under review waits meanwhile."""
        draft = self.kept.find(key)
        if draft is None or self.busy:
            return
        try:
            entries = self.kept.take_up(draft)
        except PreventionError as error:
            self._session.say(str(error), "bad")
            return
        self._pause.stop()
        self.kinds = imports.kinds_of(self._session.store)
        self.entries = entries
        for each in entries:
            if each.kind not in self.kinds:
                each.kind = ""
        self._open(0)

    def _forget(self, key: str) -> None:
        draft = self.kept.find(key)
        if draft is not None:
            self.kept.drop(key)
            self._offer_back("Import oublié.", key, draft.entries)
        self._show_files()

    def _offer_back(self, said: str, key: str, entries: Sequence[Mapping[str, Any]]) -> None:
        """What was given up with a click comes back with another one."""
        back = partial(self._bring_back, key, entries)
        self._session.say(said, "info", (("Reprendre l’import", back),))

    def _bring_back(self, key: str, entries: Sequence[Mapping[str, Any]]) -> None:
        import_drafts.keep_soon(self._session.folder, key, entries)
        if isValid(self):  # else the page was made anew, and offers it
            self.page_asked.emit(IMPORT)
            self.take_up(key)

    def _guess(self, path: Path) -> str:
        """What the name says; else the columns are asked, and last the page one comes from."""
        return import_guess.kind_of_file(path, self.kinds)

    def _take_guesses(self, found: dict[Path, str]) -> None:
        wanted = import_guess.kind_of_register(self._wanted, self.kinds)
        for each in self.entries:
            each.kind = each.kind or found.get(each.files[0], "") or wanted
        if not any(each.applied for each in self.entries):
            self.entries = in_order(self.entries)
        self._open(self._at)

    def _open(self, at: int) -> None:
        """Review a file: from where it stands."""
        self._at = at
        self._held = None
        self.banner.clear()
        self._show_files()
        entry = self.entry
        if entry is None:
            self._show_step(FILE)
        elif entry.applied is not None:
            self._show_step(APPLY)
        elif entry.review is not None:
            self._show_review(anew=True)
        else:
            self._show_step(FILE)
            if entry.kind and not self.busy:
                self.read()

    def _show_files(self) -> None:
        self.files.show_entries(self.entries, self._at)
        entry = self.entry
        said = ""
        if entry is None:
            self.tell("")
            self.file.offers.show_drafts(self.kept.waiting(), self._session.store.today())
        elif self.busy:
            said = "Lecture en cours…"
        elif entry.problem:
            said = entry.problem
        elif not entry.kind:
            said = "Dites ce que contient le fichier."
        self.file.show_entry(entry, said)

    def _take_kind(self, kind: str) -> None:
        if self.entry is not None:
            self.entry.kind = kind
            self.entry.forget()
            self._show_files()
            self._show_truth()
            if kind:
                self.read()

    def _take_department(self, department: str) -> None:
        if self.entry is not None:
            self.entry.department = department
            self._on_changed()

    def _view_file(self) -> None:
        if self.entry is not None:
            open_place(self.entry.files[0])

    # -- reading and comparing -------------------------------------------------------------

    def read(self) -> None:
        """Understand and compare the file under review."""
        entry = self.entry
        if entry is None or not entry.kind or self.busy:
            return
        request = entry.to_review()
        order = [(each.field, each.nth) for each in entry.review.columns] if entry.review else []
        take = partial(self._take_review, entry, request)
        name = f"Lecture de «\u00a0{entry.name}\u00a0»"
        self.runner.start(name, import_work.review_import, take, request, order)
        self._show_files()

    def _take_review(self, entry: Entry, request: ImportRequest, review: Review) -> None:
        if entry.kind != request.kind or self._is_of_another_file(entry, review):
            return
        if entry is not self.entry:
            entry.review, entry.reviewed, entry.problem = review, request, review.refusal
            self._show_files()
            return
        if self.review.lines.table.editing:
            self._held = (entry, request, review)
            return
        first = entry.review is None
        entry.review, entry.reviewed, entry.problem = review, request, review.refusal
        self._show_review(anew=first)

    def _is_of_another_file(self, entry: Entry, review: Review) -> bool:
        """Whether a file was changed since it was reviewed, before a restart; it is read again."""
        changed = entry.has_changed(review)
        entry.kept_digests = {}
        if changed:
            entry.forget_lines()
            said = f"«\u00a0{entry.name}\u00a0» a changé depuis\u00a0: vos corrections de cellules "
            self._session.say(said + "et les lignes laissées ne sont pas reprises.", "info")
            QTimer.singleShot(0, self.read)
        return changed

    def _show_held(self) -> None:
        """A comparison arrived while a cell was being edited."""
        if self._held is not None and not self.review.lines.table.editing:
            held, self._held = self._held, None
            QTimer.singleShot(0, partial(self._take_review, *held))

    def _show_review(self, *, anew: bool) -> None:
        entry = self.entry
        assert entry is not None  # noqa: S101  (its review has just come)
        assert entry.review is not None  # noqa: S101
        self._show_files()
        self.understood.show_entry(entry)
        self.review.lines.show_entry(entry, anew=anew)
        if entry.review.refusal:
            self.banner.complain(
                words.sentence(f"«\u00a0{entry.name}\u00a0»\u00a0: {entry.review.refusal}")
            )
        else:
            self.banner.clear()
        if not entry.review.compared:
            self._show_step(COLUMNS)
        elif anew:
            self._show_step(COLUMNS if entry.doubts() else LINES)
        else:
            self._show_step(self.step if self.step in (COLUMNS, LINES) else LINES)

    def _on_changed(self) -> None:
        """Something was decided that the comparison does not know yet."""
        self._show_truth()
        entry = self.entry
        if entry is not None and entry.review and len(entry.review.lines) <= _MANY:
            self._pause.start()

    def _compare_again(self) -> None:
        entry = self.entry
        if entry is None or not entry.stale or entry.review is None or entry.applied:
            return
        if self.busy or self.review.lines.table.editing:
            self._pause.start()
        else:
            self.read()

    # -- steps -----------------------------------------------------------------------------

    def _show_step(self, step: int) -> None:
        self.step = step
        applied = self.entry is not None and self.entry.applied is not None
        self.steps.show_step(step, can_go_back=step != FILE and not applied)
        self.stack.setCurrentIndex({FILE: 0, COLUMNS: 1, LINES: 1, APPLY: 2}[step])
        self.review.show_lines(shown=step == LINES)
        if step == APPLY:
            written = [each for each in self.entries if each.applied is not None]
            can_undo = bool(written) and import_truth.can_be_undone(self._catalogue, written[-1])
            self.account.show_entries(self.entries, can_undo=can_undo)
        self._show_truth()
        if self.isVisible():
            self.focus_main()

    def go_back(self, step: int) -> None:
        """Go back to an earlier step: nothing is written, nothing decided is lost."""
        if self.entry is not None and self.entry.applied is None and not self.busy:
            self._show_files()
            self._show_step(step)

    def forward(self) -> None:
        """What the primary button does."""
        entry = self.entry
        if not self.next_button.isEnabled():
            return
        if self.step == APPLY:
            self._leave()
        elif entry is None:
            return
        elif entry.review is None or entry.review.refusal or (entry.stale and self.step != FILE):
            self.read()
        elif self.step == FILE:
            self._show_review(anew=True)
        elif self.step == COLUMNS:
            self._show_step(LINES)
        else:
            self._apply(entry)

    def _show_truth(self) -> None:
        """Let the primary button say what it will do, and how much of it."""
        entry, step = self.entry, self.step
        text, can = import_truth.primary(entry, step)
        self.next_button.setText(text)
        self.next_button.setAccessibleName(text)
        self.next_button.setEnabled(can and not self.busy)
        several = len(self.entries) > 1
        self.skip_button.setVisible(several and step != APPLY)
        self.cancel_button.setVisible(bool(self.entries) and step != APPLY)
        self._foot_icon.setVisible(step != APPLY)
        self._foot_said.setText(import_truth.at_foot(self._catalogue, entry, step))
        self.tell(import_truth.status(self.entries, self._at, busy=self.busy))
        self.kept.note()

    @property
    def _catalogue(self) -> Catalogue:
        return self._session.store.catalogue

    def _go_to_refused(self, step: int) -> None:
        self.review.lines.table.setFocus()
        if not self.review.lines.go_to_refused(step):
            self.tell("Plus de refus à corriger dans ce sens.")

    # -- writing ---------------------------------------------------------------------------

    def _apply(self, entry: Entry) -> None:
        if entry.to_write or (entry.review and entry.review.editions):
            self._pause.stop()
            self.runner.start(
                f"Reprise de «\u00a0{entry.name}\u00a0»",
                import_work.apply_import,
                partial(self._take_applied, entry),
                entry.to_apply(),
                writes=True,
            )

    def _take_applied(self, entry: Entry, applied: Applied) -> None:
        entry.applied = applied
        can_undo = import_truth.can_be_undone(self._catalogue, entry)
        undo = (("Annuler (Ctrl Z)", self.undo_asked.emit),) if can_undo else ()
        self._session.say(import_truth.applied_text(entry, applied), "good", undo)
        self.kept.keep_now()
        self._next_file()

    def _next_file(self) -> None:
        """The next file that is not applied; after the last one, the account."""
        if self.busy:
            return
        following = [at for at in range(self._at + 1, len(self.entries))
                     if self.entries[at].applied is None]  # fmt: skip
        if following:
            self._open(following[0])
        elif any(each.applied for each in self.entries):
            self._show_files()
            self._show_step(APPLY)
        else:
            self.cancel()

    def _undo(self) -> None:
        self.account.show_undone()
        self.undo_asked.emit()

    def _show_records(self) -> None:
        written = [each for each in self.entries if each.applied is not None]
        register = import_guess.register_of_kind(written[-1].kind)
        self._leave()
        self.page_asked.emit(register)

    def export_refusals(self) -> None:
        """Write the refused lines into a workbook that can come back."""
        entry = self.entry
        if entry is None or not entry.refused or self.busy:
            return
        file_choice.choose_folder(self, "Où écrire les refus", self.write_refusals)

    def write_refusals(self, folder: Path) -> None:
        """Write them into this folder, under a name that is free."""
        entry = self.entry
        if entry is None:
            return
        out = _free_name(folder, f"{entry.files[0].stem} - refus")
        self.runner.start(
            f"Refus de «\u00a0{entry.name}\u00a0»",
            import_work.export_refusals,
            self._tell_written,
            entry.to_review(),
            out,
        )

    def _tell_written(self, out: Path) -> None:
        open_it = ("Ouvrir le fichier", lambda: open_place(out))
        self._session.say(
            f"«\u00a0{out.name}\u00a0» est écrit\u00a0: corrigez, puis reprenez-le.",
            "good",
            (open_it,),
        )

    # -- long work -------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something is being read, compared or written."""
        return self.runner.operation is not None

    def _read_waiting(self) -> None:
        """Read the file that was opened while another one was being read."""
        entry = self.entry
        if entry and entry.kind and entry.review is None and not (entry.problem or entry.applied):
            self.read()

    def _fail(self, sentence: str, stopped: bool) -> None:
        if self.entry is not None and self.entry.review is None:
            self.entry.problem = sentence
        elif self.entry is not None:
            # What it was compared with may be gone: the truth is to be told anew.
            self.entry.reviewed = None
        self._show_truth()
        if stopped:
            self.banner.inform(sentence)
        else:
            self.banner.complain(sentence)
        self._show_files()

    # -- leaving ---------------------------------------------------------------------------

    def cancel(self) -> None:
        """Give the import up: what is under way stops, nothing half done stays."""
        decided = any(each.decided for each in self.entries if each.applied is None)
        unfinished = import_keeping.unfinished(self.entries)
        self._leave()
        if decided:
            self._offer_back("Import abandonné.", import_drafts.new_key(), unfinished)

    def _leave(self) -> None:
        self._forget_all()
        self._open(0)
        self.done.emit()

    def keep_drafts(self) -> None:
        """What was decided is on the disk before the page is left or closed."""
        self.kept.keep_now()

    def showEvent(self, event: QShowEvent) -> None:
        """Offer what was begun meanwhile, in another window perhaps."""
        super().showEvent(event)
        if not self.entries:
            self._show_files()

    def _forget_all(self) -> None:
        self.kept.forget()
        self._pause.stop()
        self.runner.cancel()
        self.entries = []
        self._at = 0


def _free_name(folder: Path, stem: str) -> Path:
    """A workbook of this name that is not there yet."""
    out, count = folder / f"{stem}.xlsx", 1
    while out.exists():
        count += 1
        out = folder / f"{stem} ({count}).xlsx"
    return out
