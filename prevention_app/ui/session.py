"""The workspace as the window holds it: which department is looked at, what was changed, undo."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from prevention_app.catalogue.description import Entity, Record, Value
from prevention_app.errors import PreventionError
from prevention_app.services import (
    attachments,
    bulk_edit,
    conflicts,
    due_deeds,
    existing_measures,
    records,
    risk_copies,
    risk_document,
    risk_rating,
    type_units,
    unit_jobs,
)
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.work import SHARED, Changes
from prevention_app.ui import words
from prevention_app.ui.turn import WAITS, Act, Failed, Turn

_PATIENCE_S = 2.0
"""How long the window waits for its turn to write before it says that it cannot now."""
_SAVES_ITSELF = "Ce changement s’enregistrera de lui-même."
_DEFINITIONS = {"register_definition", "field_definition"}
_SMALL = {
    *(records.ADD, records.AMEND, records.DELETE, records.RESTORE, records.DUPLICATE),
    *(due_deeds.POSTPONE, due_deeds.MARK_DONE, due_deeds.REASSIGN),
    *(risk_document.RATE, risk_document.ADD_ACTION, risk_copies.COPY, risk_rating.CONFIRM),
    *(risk_document.MOVE, risk_document.REMOVE),
    *(existing_measures.ADD, existing_measures.AMEND, existing_measures.REMOVE),
    *(type_units.NOT_HERE, type_units.AGAIN_HERE, type_units.AS_COMMON),
    *(unit_jobs.COUNT, unit_jobs.FORGET),
    *(attachments.ATTACH, attachments.DETACH),
    conflicts.SETTLED,
}
"""Changes that touch few records: taken back at once, all others in a process of their own."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the window says for a while at its foot."""

    text: str
    look: str = "good"
    """good, info or bad: bad stays until it is closed."""
    acts: tuple[tuple[str, Callable[[], object]], ...] = ()
    """Words and deeds of its buttons."""


class Session(QObject):
    """One open workspace, shared by all pages of the window."""

    changed = Signal(object)
    """Keys of the registers that were written (a set), or None when it may be any."""
    owners_changed = Signal()
    catalogue_changed = Signal()
    noticed = Signal(Notice)

    def __init__(
        self, store: Store, reopen: Callable[[], Store], parent: QObject | None = None
    ) -> None:
        """Look at what the station's own department holds; `reopen` opens the same workspace."""
        super().__init__(parent)
        self.store = store
        self.store.patience_s = _PATIENCE_S
        self._reopen = reopen
        self.turn = Turn(self._is_being_written, self)
        self.turn.failed.connect(lambda text: self.say(text, "bad"))
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.turn.finish)
        self.owner = store.department
        self.last_added: dict[str, Record] = {}
        """Register → the record that was written last in it, since the window was opened."""
        self.saved_at: datetime | None = None
        self.touched: tuple[tuple[str, str], ...] = ()
        """(register, id) of what was written last, while `changed` tells of it; none if unknown."""
        self._read_names()

    def _is_being_written(self) -> bool:
        return self.store.is_being_written()  # of the store as it is opened by then

    def _read_names(self) -> None:
        self.departments = self.store.departments
        with self.store.reading() as read:
            self.names: dict[str, str] = {
                str(getattr(each, "number", "")): str(getattr(each, "name", ""))
                for each in read.records(Query("department"))
            }
            stations = read.records(Query("station"))
        self.station = next(
            (
                str(getattr(each, "name", ""))
                for each in stations
                if getattr(each, "station_id", "") == self.store.station
            ),
            "",
        )

    @property
    def folder(self) -> Path:
        """Where the workspace lies."""
        return self.store.folder

    def department_name(self, number: str) -> str:
        """« Loiret » for 45; « Commun aux départements » for what is shared."""
        return "Commun aux départements" if number == SHARED else self.names.get(number, number)

    def owners(self, entity: Entity) -> tuple[str, ...]:
        """Whose records of a register are shown now; empty for all."""
        return () if entity.shared or entity.reference_set else self.owners_shown

    @property
    def owners_shown(self) -> tuple[str, ...]:
        """Departments whose records are shown now, whatever the register; empty for all."""
        return (self.owner, SHARED) if self.owner else ()

    def look_at(self, owner: str) -> None:
        """Show the records of one department, or of all with an empty text."""
        if owner != self.owner:
            self.owner = owner
            self.owners_changed.emit()

    def may_write(self, entity: Entity, record: Record | None = None) -> bool:
        """Whether this station may change a record, or make one, in a register."""
        if entity.reference_set or entity.system:
            return False
        return record is None or record.owner in {*self.departments, SHARED}

    # -- writing ---------------------------------------------------------------------------

    def in_turn(
        self, key: Hashable, act: Act, said: str = _SAVES_ITSELF, failed: Failed | None = None
    ) -> bool:
        """Write something now, or when other processes have written; returns whether it is done.

        `said` is told where it waits: « La cotation s’enregistrera d’elle-même. » See Turn.take.
        """
        done = self.turn.take(key, act, failed)
        if not done:
            self.say(f"{WAITS} {said}", "info")
        return done

    def write_or_tell(self, act: Act) -> bool:
        """Write something that is no draft, now or in its turn; False where refused, and told."""
        try:
            self.in_turn(object(), act)
        except PreventionError as error:
            self.say(str(error), "bad")
            return False
        return True

    def add(self, entity: Entity, values: Mapping[str, Value]) -> Record:
        """Write a new record; raises CheckFailed with what is wrong at which field."""
        record, done = records.create(self.store, entity.key, values, owner=self.owner_of_new)
        self.last_added[entity.key] = record
        self.tell(done)
        return record

    @property
    def owner_of_new(self) -> str:
        """The department that new records belong to; the station's own when empty."""
        return self.owner if self.owner in self.departments else ""

    def duplicate(self, entity: Entity, record: Record) -> Record:
        """Write a new record that holds what another one holds; raises CheckFailed or Refused."""
        made, done = records.duplicate(self.store, entity.key, record)
        self.tell(done)
        return made

    def save(
        self,
        entity: Entity,
        record: Record,
        values: Mapping[str, Value],
        *,
        settles: bool = False,
    ) -> Record:
        """Write values over a record as it was read; raises CheckFailed or Refused.

        `settles`: all values that disagree were shown beside the fields that are written.
        """
        self.tell(records.save(self.store, entity.key, record, values, settles=settles))
        return records.find_again(self.store, entity.key, record.id)

    def delete(self, entity: Entity, found: Iterable[Record]) -> None:
        """Delete records as one change; raises Refused."""
        self.tell(records.delete(self.store, entity.key, found))

    def tell(self, done: Changes | None) -> None:
        """Let pages know what was written here."""
        if done is not None:
            self.touched = done.records
            self._written({register for register, _ in done.records})

    def refresh(self) -> None:
        """Read everything again: another process may have written."""
        self.store.close()
        self.store = self._reopen()
        self.store.patience_s = _PATIENCE_S
        self._read_names()
        self.catalogue_changed.emit()
        self.touched = ()
        self._written(None)

    def _written(self, registers: set[str] | None) -> None:
        self.saved_at = datetime.now()  # noqa: DTZ005  (as the wall clock shows it)
        if registers and registers & _DEFINITIONS:
            self.catalogue_changed.emit()
        self.changed.emit(registers)

    # -- undo ------------------------------------------------------------------------------

    def undoable(self) -> str:
        """What undo would take back, as people call it; empty when there is nothing."""
        return records.change_name(self.store.undoable())

    def redoable(self) -> str:
        """What redo would bring back; empty when there is nothing."""
        return records.change_name(self.store.redoable())

    @staticmethod
    def is_small(name: str) -> bool:
        """Whether a change of this name touches few records."""
        return name in _SMALL or bulk_edit.touches_few(name)

    def undo(self) -> None:
        """Take back the last change at this station; raises Refused with the reason."""
        self.in_turn("undo", self._undo, "L’annulation se fera d’elle-même.")

    def _undo(self) -> None:
        done, name = self.store.undo()
        self.tell(done)
        self.say(f"Annulé : {name}. Rétablir (Ctrl Y)")

    def redo(self) -> None:
        """Bring back what was undone last; raises Refused with the reason."""
        self.in_turn("redo", self._redo, "Le rétablissement se fera de lui-même.")

    def _redo(self) -> None:
        done, name = self.store.redo()
        self.tell(done)
        self.say(f"Rétabli : {name}. Annuler (Ctrl Z)")

    def say(
        self, text: str, look: str = "good", acts: tuple[tuple[str, Callable[[], object]], ...] = ()
    ) -> None:
        """Show a notice at the foot of the window."""
        self.noticed.emit(Notice(words.sentence(text), look, acts))
