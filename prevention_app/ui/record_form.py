"""The form of any record, made from its declaration: fields, messages, draft, history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property, partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from prevention_app.catalogue.description import Entity, Record, Value
from prevention_app.catalogue.values import Unreadable, to_stored
from prevention_app.errors import Busy, PreventionError, reason_of
from prevention_app.services import proposals
from prevention_app.services.records import WITHHELD, Row
from prevention_app.storage.work import CheckFailed
from prevention_app.ui import drafts, icons, kept_files, style, words
from prevention_app.ui.attachments_view import AttachmentsView
from prevention_app.ui.banner import Banner
from prevention_app.ui.discussion import Discussion
from prevention_app.ui.draft_timer import DraftTimer
from prevention_app.ui.drafts import Draft
from prevention_app.ui.field_box import FieldBox, typed_in
from prevention_app.ui.history_view import HistoryView
from prevention_app.ui.session import Session
from prevention_app.ui.turn import WAITS

_LOOK_MS: Final = 40
_SAVES_ITSELF: Final = "La fiche est gardée en brouillon et s’enregistrera d’elle-même."


class RecordForm(QWidget):
    """Shows and edits one record of a register, or a new one."""

    saved = Signal(str)
    """The id of the record that was written."""
    closed = Signal()
    settle_asked = Signal(str)
    """The values of this record that are in discussion are to be settled."""

    def __init__(self, session: Session, entity: Entity) -> None:
        """A form without a record."""
        super().__init__()
        self.setObjectName("detail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._entity = entity
        self.record: Record | None = None
        self._row: Row | None = None
        self._texts: Mapping[str, str] = {}
        self._touched: set[str] = set()
        self._draft_timer = DraftTimer(self._keep_soon, self)
        self._written_timer = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._written_timer.timeout.connect(self._say_kept)
        self._turn_key = f"form {id(self)}"
        self.destroyed.connect(lambda *_, key=self._turn_key: session.turn.leave(key))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addWidget(self._make_tabs(), 1)
        column.addWidget(self._make_foot())
        self._make_keys()

    # -- what it is made of ----------------------------------------------------------------

    def _make_head(self) -> QHBoxLayout:
        self._title = QLabel()
        self._title.setWordWrap(True)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        style.mark(self._title, "look", "page_title")
        self._subtitle = QLabel()
        self._subtitle.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        style.mark(self._subtitle, "look", "secondary")
        close = QToolButton()
        close.setIcon(icons.icon("x"))
        close.setToolTip("Fermer la fiche (Échap)")
        close.setAccessibleName("Fermer la fiche")
        close.clicked.connect(self.closed)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self._title)
        titles.addWidget(self._subtitle)
        row = QHBoxLayout()
        row.setContentsMargins(18, 12, 12, 6)
        row.addLayout(titles, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _make_tabs(self) -> QTabWidget:
        self.tabs = QTabWidget()
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName("Parties de la fiche")
        self.tabs.setObjectName("form_tabs")
        self.history = HistoryView(self._session, self._entity)
        self.history.wanted.connect(self._go_back)
        self.tabs.addTab(self._make_fields(), "Fiche")
        self.attachments = AttachmentsView(self._session, self._entity)
        self.attachments.counted.connect(self._count_attachments)
        self.tabs.addTab(self.history, "Historique")
        if not self._entity.reference_set and not self._entity.system:
            self.tabs.addTab(self.attachments, "Pièces jointes")
        self.tabs.currentChanged.connect(self._on_tab)
        return self.tabs

    def _make_fields(self) -> QScrollArea:
        content = self._content = QWidget()
        content.setObjectName("form_content")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(content)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        self.banner = Banner()
        self.banner.asked.connect(self.go_to_problem)
        column.addWidget(self.banner)
        self.discussion = Discussion(self._session)
        self.discussion.asked.connect(self._ask_to_settle)
        column.addWidget(self.discussion)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(12)
        for at in (0, 1):
            self._grid.setColumnStretch(at, 1)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(content)
        return self._scroll

    @cached_property
    def boxes(self) -> dict[str, FieldBox]:
        """The fields by their key: short ones two by two, in the declared order.

        Made when a record is first shown, in their place: Qt dresses a widget and all that is in
        it anew each time that it is put into another one.
        """
        boxes: dict[str, FieldBox] = {}
        line = column = 0
        for field in self._entity.fields:
            box = FieldBox(field, self._session, self._content)
            boxes[field.key] = box
            for part in box.findChildren(QWidget):
                part.ensurePolished()  # else it is given the height that it had undressed
            box.editor.changed.connect(lambda key=field.key: self._on_changed(key))
            box.editor.left.connect(lambda key=field.key: self._look_at(key))
            if box.editor.wide:
                line += column
                self._grid.addWidget(box, line, 0, 1, 2)
                line, column = line + 1, 0
            else:
                self._grid.addWidget(box, line, column)
                line, column = (line, 1) if column == 0 else (line + 1, 0)
        return boxes

    def _make_foot(self) -> QWidget:
        self._foot = QWidget()
        self._foot.setObjectName("footer")
        self._foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._draft_said = QLabel()
        style.mark(self._draft_said, "look", "secondary")
        self.abandon_button = QPushButton("Abandonner")
        self.abandon_button.clicked.connect(self.abandon)
        self.save_button = QPushButton("Enregistrer")
        self.save_button.clicked.connect(self.save)
        style.mark(self.save_button, "look", "primary")
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(18, 9, 18, 9)
        row.addWidget(self._draft_said, 1)
        row.addWidget(self.abandon_button)
        row.addWidget(self.save_button)
        return self._foot

    def _make_keys(self) -> None:
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, act in (
            ("Escape", self.closed.emit),
            ("F8", self.go_to_problem),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, context=inside)
            shortcut.activated.connect(act)

    # -- showing a record ------------------------------------------------------------------

    def show_row(self, row: Row) -> None:
        """Show a record as it was read, with its draft where one is kept."""
        self._leave()
        self._row = row
        self.record = row.record
        self._texts = row.texts
        self.discussion.show_record(self._entity, row.id)
        self._title.setText(" ".join(row.title.split())[:160])
        owner = self._session.department_name(row.department)
        self._subtitle.setText(
            row.reference if row.reference.startswith("3D") else f"{row.reference} · {owner}"
        )
        self._show_values()
        self._take_draft()
        self.attachments.show_record(self.record, writable=self.writable)
        if self.tabs.currentIndex() == 1:
            self._on_tab(1)

    def show_new(self) -> None:
        """Show an empty form, with the draft of a new record where one is kept.

        Where and when the record before it was are proposed; they are nothing that was typed.
        """
        self._leave()
        self._row = None
        self.record = None
        self._texts = {}
        self.discussion.clear()
        name = self._entity.item_fr or self._entity.label_fr
        self._title.setText(f"{name} : nouvelle fiche")
        self._subtitle.setText("Pas encore enregistrée")
        self._show_values()
        self._propose()
        self._take_draft()
        self.attachments.show_record(None, writable=False)
        self.tabs.setCurrentIndex(0)
        self.focus_first()

    def _propose(self) -> None:
        last = self._session.last_added.get(self._entity.key)
        proposed = proposals.like_the_last(self._entity, last) if last else {}
        for key, value in proposed.items():
            self.boxes[key].editor.show_value(value)
        if proposed:
            names = " et ".join(self._entity.by_key[key].label_fr.lower() for key in proposed)
            said = f"Pas encore enregistrée · comme la fiche précédente\u00a0: {names}"
            self._subtitle.setText(words.sentence(said))

    @property
    def writable(self) -> bool:
        """Whether this station may write the record shown."""
        return self._session.may_write(self._entity, self.record)

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return bool(self._touched)

    def is_written_in(self, record: Record) -> bool:
        """Whether all that was typed stands in the record by now: a cell may have written it."""
        values, texts = typed_in(self.boxes, self._touched)
        return not texts and not any(self._differs(record, *each) for each in values.items())

    def focus_first(self) -> None:
        """Put the cursor into the first field that can be filled."""
        for box in self.boxes.values():
            if box.editor.inner.isEnabled():
                box.editor.setFocus()
                return

    def _show_values(self) -> None:
        shown = self.record or self._entity.new()
        withheld = self.record.withheld if self.record else frozenset()
        writable = self.writable
        for key, box in self.boxes.items():
            box.show_problem("")
            box.editor.unlock()
            if key in withheld:
                box.editor.lock(WITHHELD)
            else:
                box.editor.show_value(getattr(shown, key, None), self._texts.get(key, ""))
                box.editor.freeze(not writable)
        self._touched.clear()
        self.banner.clear()
        self._foot.setVisible(writable)
        if not writable:
            self.banner.inform(self._why_read_only(shown))
        self._show_state()

    def _why_read_only(self, record: Record) -> str:
        if self._entity.reference_set:
            return "Catalogue national publié : il se lit, il ne se modifie pas ici."
        if self._entity.system:
            return "Tenu par le programme lui-même : il se lit, il ne se modifie pas ici."
        reason = self._session.store.why_no_role(record.owner)
        return words.sentence(f"{reason} La fiche se lit seulement.")

    def _show_state(self) -> None:
        self.abandon_button.setEnabled(self.dirty)
        self.save_button.setText("Enregistrer" if self.record else "Ajouter la fiche")
        if not self.dirty:
            self._draft_said.setText("")
        count = len(self.history.events) if self.record else 0
        self.tabs.setTabEnabled(1, self.record is not None)
        self.tabs.setTabText(1, f"Historique {count}" if count else "Historique")
        self.tabs.setTabEnabled(2, self.record is not None)

    def _count_attachments(self, number: int) -> None:
        name = "Pièces jointes"
        self.tabs.setTabText(2, f"{name} {number}" if number else name)

    # -- drafts ----------------------------------------------------------------------------

    def _on_changed(self, key: str) -> None:
        self._touched.add(key)
        if self.boxes[key].problem:
            self._look_at(key)
        self._show_state()
        self._draft_timer.typed()

    def _id(self) -> str:
        return self.record.id if self.record else drafts.NEW

    def _draft(self) -> Draft:
        """What was typed, as it stands now."""
        values, texts = typed_in(self.boxes, self._touched)
        return Draft(values, texts, self.record.read_at if self.record else None)

    def _keep_soon(self) -> None:
        drafts.keep_soon(self._session.folder, self._entity, self._id(), self._draft())
        self._written_timer.start()

    def keep_draft(self) -> None:
        """Write what was typed into the workspace's drafts, before anything else happens."""
        self._draft_timer.stop()
        if self.dirty:
            drafts.keep(self._session.folder, self._entity, self._id(), self._draft())
            self._say_kept()

    def _say_kept(self) -> None:
        """Tell when the draft was kept, once it lies on the disk."""
        if not self.dirty:
            return
        if kept_files.under_way():
            self._written_timer.start()
            return
        trouble = drafts.trouble(self._session.folder, self._entity, self._id())
        if trouble is None:
            self._draft_said.setText(f"Brouillon gardé à {words.hour(datetime.now())}")  # noqa: DTZ005
        else:
            self._draft_said.setText(f"Brouillon pas encore gardé : {reason_of(trouble)}")

    def _take_draft(self) -> None:
        draft = drafts.find(self._session.folder, self._entity, self._id())
        if draft is None or not self.writable:
            return
        values = draft.values
        if self.record is not None:  # what it says may be written by now
            record = self.record
            values = {key: each for key, each in values.items() if self._differs(record, key, each)}
        if self.record is not None and not values and not draft.texts:
            drafts.drop(self._session.folder, self._entity, self.record.id)
            return
        for key, value in values.items():
            self.boxes[key].editor.show_value(value)
        for key, text in draft.texts.items():
            self.boxes[key].editor.show_typed(text)
        self._touched.update(values, draft.texts)
        if self.record is not None and draft.read_at is not None:
            self.record.read_at = draft.read_at
        when = words.moment_text(draft.kept_at, self._session.store.today())
        self._draft_said.setText(f"Brouillon du {when} repris")
        self._show_state()

    def _leave(self) -> None:
        if self._session.turn.leave(self._turn_key):
            self._session.say(
                "La fiche n’est pas enregistrée\u00a0: elle est gardée en brouillon.", "info"
            )
        if self._draft_timer.isActive():
            self.keep_draft()

    def abandon(self) -> None:
        """Forget what was typed and show the record as it is; a notice offers to undo that."""
        self._draft_timer.stop()
        self._session.turn.leave(self._turn_key)
        if self.dirty:
            take_up = partial(self._take_up, self._row, self._draft())
            self._session.say("Saisie abandonnée.", "info", (("Reprendre la saisie", take_up),))
        drafts.drop(self._session.folder, self._entity, self._id())
        self._show_values()
        if self.record is None:
            self.closed.emit()

    def _take_up(self, row: Row | None, draft: Draft) -> None:
        """Undo an abandonment: what was typed is there again, under what was typed since."""
        here = isValid(self)  # else the page was made anew, and shows the draft when it is opened
        if here:
            self._leave()
        folder, record_id = self._session.folder, row.id if row else drafts.NEW
        newer = drafts.find(folder, self._entity, record_id)
        drafts.keep(folder, self._entity, record_id, newer.over(draft) if newer else draft)
        self._session.say("Saisie reprise.")
        if not here:
            return
        self._touched.clear()
        self.show()
        self.show_row(row) if row else self.show_new()

    # -- saving ----------------------------------------------------------------------------

    def save(self) -> bool:
        """Write what was typed; where something is wrong, say so and lead to the first field.

        While another process writes, what was typed is a draft that saves itself afterwards.
        """
        self._draft_timer.stop()
        self._session.turn.leave(self._turn_key)
        if not self.writable or (self.record is not None and not self.dirty):
            return True
        values, problems = self._read_editors()
        if problems:
            self.show_problems(problems)
            return False
        if self._session.store.is_being_written():
            self._wait_for_turn()
            return False
        try:
            written = self._write(values)
        except CheckFailed as error:
            self.show_problems(dict(error.problems))
            return False
        except Busy:  # another one was quicker
            self._wait_for_turn()
            return False
        except PreventionError as error:
            self.keep_draft()
            self.banner.complain(words.sentence(str(error)))
            return False
        drafts.drop(self._session.folder, self._entity, self._id())
        self._touched.clear()
        self.saved.emit(written)
        return True

    def _wait_for_turn(self) -> None:
        self.keep_draft()
        self.banner.inform(f"{WAITS} {_SAVES_ITSELF}")
        self._session.turn.wait(self._turn_key, self.save)

    def _read_editors(self) -> tuple[dict[str, Value], dict[str, str]]:
        values: dict[str, Value] = {}
        problems: dict[str, str] = {}
        withheld = self.record.withheld if self.record else frozenset()
        for key, box in self.boxes.items():
            if key in withheld or (self.record is not None and key not in self._touched):
                continue
            try:
                values[key] = box.editor.value()
            except Unreadable as error:
                problems[key] = str(error)
        return values, problems

    def _write(self, values: Mapping[str, Value]) -> str:
        if self.record is None:
            return self._session.add(self._entity, values).id
        differing = {
            key: value for key, value in values.items() if self._differs(self.record, key, value)
        }
        if differing:
            settles = not self.discussion.fields.isdisjoint(differing)
            self._session.save(self._entity, self.record, differing, settles=settles)
        return self.record.id

    def _differs(self, record: Record, key: str, value: Value) -> bool:
        field = self._entity.by_key[key]
        return to_stored(field, value) != to_stored(field, getattr(record, key))

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Put each message under its field, count them above, and go to the first."""
        self.keep_draft()
        for key, box in self.boxes.items():
            box.show_problem(problems.get(key, ""))
        self._count_problems()
        self.tabs.setCurrentIndex(0)
        self._go_to(self._wrong()[0])

    def _count_problems(self) -> None:
        wrong = len(self._wrong())
        if wrong:
            subject = "Un champ est" if wrong == 1 else f"{wrong} champs sont"
            kept = "Le reste est gardé en brouillon."
            self.banner.complain(
                f"{subject} à corriger avant d’enregistrer", kept, link="Aller au champ"
            )
        elif self.banner.bad:
            self.banner.clear()

    def go_to_problem(self) -> None:
        """Put the cursor into the next field that is to be corrected."""
        wrong = self._wrong()
        at = next((i for i, box in enumerate(wrong) if box.editor.inner.hasFocus()), -1)
        if wrong:
            self._go_to(wrong[(at + 1) % len(wrong)])

    def _wrong(self) -> list[FieldBox]:
        return [box for box in self.boxes.values() if box.problem]

    def _go_to(self, box: FieldBox) -> None:
        box.editor.setFocus()
        self._scroll.ensureWidgetVisible(box, 0, 40)

    def _look_at(self, key: str) -> None:
        """What is wrong with one field as it stands; an empty one is only told when saving."""
        box = self.boxes[key]
        if key not in self._touched and not box.problem:
            return
        try:
            value = box.editor.value()
        except Unreadable as error:
            box.show_problem(str(error))
        else:
            box.show_problem(
                "" if value is None and not box.problem else self._problem_of(key, value)
            )
        self._count_problems()

    def _problem_of(self, key: str, value: Value) -> str:
        candidate = self._entity.new(**{**self._standing(), key: value})
        if self.record is not None:
            candidate.withheld = self.record.withheld
        found = self._entity.problems(candidate, self._session.store.today())
        return next((sentence for where, sentence in found if where == key), "")

    def _standing(self) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key, box in self.boxes.items():
            try:
                values[key] = box.editor.value()
            except Unreadable:
                values[key] = None
        return values

    def _ask_to_settle(self) -> None:
        if self.record is not None:
            self.settle_asked.emit(self.record.id)

    # -- history ---------------------------------------------------------------------------

    def _on_tab(self, at: int) -> None:
        if at == 1:
            self.history.show_record(self.record, writable=self.writable)
            self._show_state()

    def _go_back(self, key: str, value: Value) -> None:
        """Write an earlier value again: a new change, never an erasure."""
        record = self.record
        if record is None:
            return

        def write() -> None:
            self._session.save(self._entity, record, {key: value})
            if isValid(self):
                self.saved.emit(record.id)

        try:
            self._session.in_turn(
                ("back", record.id, key), write, "La valeur reviendra d’elle-même."
            )
        except PreventionError as error:
            self._session.say(str(error), "bad")
