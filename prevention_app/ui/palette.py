"""The palette (Ctrl K): go somewhere, find something, do something, without looking for where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from prevention_app.services import find, spelling
from prevention_app.services.find import Findings, Found
from prevention_app.storage.query import Reader
from prevention_app.ui import palette_rows, recent, words
from prevention_app.ui.asked import ACTIONS, NUMBER, Asked, read_typed
from prevention_app.ui.commands import Command
from prevention_app.ui.palette_frame import ASK, STEPS, PaletteFrame
from prevention_app.ui.palette_rows import MOST, Kind, Row, Ways
from prevention_app.ui.places import Place
from prevention_app.ui.readings import Reading, Readings
from prevention_app.ui.session import Session

_PAUSE_MS: Final = 80
"""So long after the last key records are looked for."""
_FOUND, _SCANNED = 100, 8000
"""How many records are counted, and how many texts are looked at, while typing."""
_RECENT, _USEFUL = 5, 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for what was typed."""

    asked: Asked
    findings: Findings
    records: Sequence[Found]


class Palette(PaletteFrame):
    """Lies over the window while it is open; the page behind stays as it is."""

    open_asked = Signal(str, str)
    """Register and id of a record to open."""
    page_asked = Signal(str)
    """Key of a page to go to."""
    everything_asked = Signal(str)
    """Words for which all results are to be shown."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        commands: Callable[[], Sequence[Command]],
        pages: Callable[[], Sequence[Place]],
    ) -> None:
        """Closed; `commands` and `pages` are asked for what there is whenever it opens."""
        super().__init__(window)
        self._session = session
        self._commands = commands
        self._pages = pages
        self._readings = Readings(session, self)
        self._reading: Reading | None = None
        self._answer: Answer | None = None
        self._do_when_found = False
        self._about: Found | None = None
        self._kept_text = ""
        self._now: tuple[Sequence[Command], Sequence[Place]] = ((), ())
        self._recent: Sequence[Found] = ()
        self._links: Sequence[tuple[str, Found]] = ()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.line.textEdited.connect(self._typed)
        self.list.chosen.connect(self._do)
        self.hide()

    # -- opening and closing ---------------------------------------------------------------

    def summon(self, text: str = "") -> None:
        """Open over the window, with a text to go on from."""
        self._now = (self._commands(), self._pages())
        self.scope.setText(self._session.department_name(self._session.owner) or "Tous")
        self._about = None
        self._answer = None
        self.line.setPlaceholderText(ASK)
        self.line.setText(text)
        self._read_recent()
        self._show_rows()
        self.open_over()
        if text:
            self._typed()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look for nothing any more."""
        self._pause.stop()
        self._do_when_found = False
        self._give_up()
        super().hideEvent(event)

    def _give_up(self) -> None:
        if self._reading is not None:
            self._reading.give_up()
        self._reading = None

    # -- keys ------------------------------------------------------------------------------

    def pressed(self, event: QKeyEvent) -> bool:
        """Move, do, open the actions of a record, or close what is innermost."""
        key = event.key()
        if key in STEPS:
            self.list.step(STEPS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._show_everything()
            else:
                self._enter()
        elif key == Qt.Key.Key_Tab:
            self._enter_about()
        elif key == Qt.Key.Key_Escape or (key == Qt.Key.Key_Backspace and self._is_to_leave()):
            self._leave()
        else:
            return key == Qt.Key.Key_Backtab
        return True

    def _is_to_leave(self) -> bool:
        """Whether nothing is left to take away but the record whose actions are listed."""
        return self._about is not None and not self.line.text()

    def waiting(self) -> bool:
        """Whether records are still being looked for."""
        reading = self._reading
        return self._pause.isActive() or (
            reading is not None and not (reading.ended.is_set() and reading.told.empty())
        )

    def _enter(self) -> None:
        if self.waiting():
            self._do_when_found = True
            if self._pause.isActive():
                self._pause.stop()
                self._look()
            return
        row = self.list.row()
        if row is not None:
            self._do(row)

    def _do(self, row: Row) -> None:
        if row.act is None:
            return
        if row.kind is Kind.ACTION and self._about is None:
            recent.note_done(row.text)
        self.dismiss()
        row.act()

    def _leave(self) -> None:
        if self._about is None:
            self.dismiss()
            return
        self._about = None
        self.line.setPlaceholderText(ASK)
        self.line.setText(self._kept_text)
        self._show_rows()

    def _show_everything(self) -> None:
        text = self.line.text().strip()
        if read_typed(text).records and self._about is None:
            self.dismiss()
            self.everything_asked.emit(text)

    # -- what is listed --------------------------------------------------------------------

    def _typed(self) -> None:
        if self._about is None:
            if read_typed(self.line.text()).records:
                self._pause.start()
            else:
                self._pause.stop()
                self._give_up()
                self._answer = None
        self._show_rows()

    def _look(self) -> None:
        """Ask for the records; what was asked before is given up."""
        asked = read_typed(self.line.text())
        wanted = asked.wanted(self._session, _FOUND, _SCANNED)
        self._give_up()

        def look(read: Reader, tell: Callable[[Answer], None]) -> None:
            findings = find.find(read, wanted)
            tell(Answer(asked, findings, find.describe(read, findings.all[:MOST])))

        self._reading = self._readings.later(look, self._show_answer)

    def _show_answer(self, answer: Answer) -> None:
        self._reading = None
        self._answer = answer
        self._show_rows()
        if self._do_when_found:
            self._do_when_found = False
            self._enter()

    def _show_rows(self) -> None:
        keep = self.list.row() if self.line.text() else None
        self.list.show_rows(self._rows(), keep)
        self.place()
        self.say_row()

    def _rows(self) -> list[Row]:
        asked = read_typed(self.line.text())
        if self._about is not None:
            heading = words.sentence(f"Actions sur «\u00a0{self._about.title}\u00a0»")
            rows = palette_rows.answering(self.line.text(), self._rows_about(self._about))
            return palette_rows.arrange([(heading, rows)])
        commands, pages = self._now
        if asked.prefix == ACTIONS:
            actions = palette_rows.action_rows(asked.words, commands)
            return self._or_nothing(asked, [("Actions", actions)])
        if not asked.words:
            return palette_rows.arrange(self._first_parts(asked))
        exact, near = self._record_parts()
        parts = [("Fiches", exact), ("Fiches proches", near)]
        more = self._more(len(exact) + len(near))
        if asked.prefix:
            return self._or_nothing(asked, [*parts, ("Actions", more)])
        # What only goes to a page is listed once, as the page.
        names = {each.label for each in pages}
        others = [each for each in commands if each.words not in names]
        actions = palette_rows.action_rows(asked.words, others)
        places = palette_rows.page_rows(asked.words, pages, self.page_asked.emit)
        return self._or_nothing(asked, [*parts, ("Actions", more + actions), ("Pages", places)])

    def _or_nothing(self, asked: Asked, parts: Sequence[tuple[str, Sequence[Row]]]) -> list[Row]:
        rows = palette_rows.arrange(parts)
        return rows if rows or self.waiting() else [palette_rows.nothing_row(asked)]

    def _first_parts(self, asked: Asked) -> list[tuple[str, Sequence[Row]]]:
        """What is offered before anything is typed."""
        if asked.prefix:
            return []
        opened = [self._record_row(each, ()) for each in self._recent]
        commands, _ = self._now
        last = recent.done()
        useful = sorted(
            palette_rows.action_rows("", commands),
            key=lambda row: last.index(row.text) if row.text in last else len(last),
        )
        return [("Ouvertes récemment", opened), ("Actions", useful[:_USEFUL])]

    def _record_parts(self) -> tuple[list[Row], list[Row]]:
        """The records found, those that only resemble what was typed apart."""
        if self._answer is None:
            return [], []
        findings = self._answer.findings
        exact = set(findings.exact)
        rows: tuple[list[Row], list[Row]] = ([], [])
        for each in self._answer.records:
            same = (each.register, each.id) in exact
            marked = findings.words if same else findings.near_words
            rows[0 if same else 1].append(self._record_row(each, marked))
        return rows

    def _record_row(self, found: Found, marked: Sequence[str]) -> Row:
        by_number = self._answer is not None and self._answer.asked.prefix == NUMBER
        return palette_rows.record_row(
            found,
            () if by_number else marked,
            partial(self.open_asked.emit, found.register, found.id),
            found.reference if by_number else "",
        )

    def _more(self, listed: int) -> list[Row]:
        found = len(self._answer.findings.all) if self._answer is not None else 0
        if found <= listed or self._answer is None:
            return []
        asked = self._answer.asked
        act = partial(self.everything_asked.emit, asked.prefix + asked.words)
        return [palette_rows.more_row(found, _FOUND, act)]

    def _read_recent(self) -> None:
        wanted = recent.opened(self._session)

        def look(read: Reader, tell: Callable[[Sequence[Found]], None]) -> None:
            tell(find.describe(read, wanted)[:_RECENT])
            spelling.prepare()

        self._recent = ()
        self._readings.later(look, self._show_recent)

    def _show_recent(self, found: Sequence[Found]) -> None:
        self._recent = found
        if not self.line.text() and self._about is None:
            self._show_rows()

    # -- one record ------------------------------------------------------------------------

    def _enter_about(self) -> None:
        """List what can be done with the record that is chosen."""
        row = self.list.row()
        if row is None or row.record is None:
            return
        about = row.record
        self._about, self._links = about, ()
        self._kept_text = self.line.text()
        self.line.clear()
        self.line.setPlaceholderText(words.sentence(f"Actions sur «\u00a0{about.title}\u00a0»"))
        self._show_rows()

        def hear(links: Sequence[tuple[str, Found]]) -> None:
            if self._about is about:
                self._links = links
                self._show_rows()

        self._readings.ask(lambda read: find.referred_to(read, about.register, about.id), hear)

    def _rows_about(self, about: Found) -> list[Row]:
        register = self._session.store.catalogue[about.register]
        ways = Ways(
            self.open_asked.emit,
            self.page_asked.emit,
            self.everything_asked.emit,
            self._open_and_act,
        )
        label = register.short_fr or register.label_fr
        return palette_rows.about_rows(about, label, self._links, ways)

    def _open_and_act(self, about: Found) -> None:
        self.open_asked.emit(about.register, about.id)
        QTimer.singleShot(0, partial(self.summon, ACTIONS))
