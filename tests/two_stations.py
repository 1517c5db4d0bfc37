"""Two stations of one department that write without knowing of each other, then tell each other."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from tests.workspaces import NewWorkspaces

TODAY = date(2026, 11, 24)


class TwoStations:
    """« Poste A » of Claire Marchand is `here`, « Poste B » of Sophie Nogueira is `there`."""

    def __init__(self, folder: Path, new_workspace: NewWorkspaces) -> None:
        """Two workspaces beside each other in a folder."""

        def opened(letter: str, user: str) -> Store:
            place = new_workspace(
                folder / f"{letter}.prevention",
                name=f"Poste {letter}",
                user=user,
                departments=("45",),
            )
            return Store(place, declared_catalogue(), lambda: TODAY)

        self.here = opened("A", "Claire Marchand")
        self.there = opened("B", "Sophie Nogueira")

    def close(self) -> None:
        """Let go of both."""
        self.here.close()
        self.there.close()

    def exchange(self) -> None:
        """Each learns all that the other one wrote."""
        for sender, receiver in ((self.here, self.there), (self.there, self.here)):
            receiver.receive(sender.entries_after(receiver.position()))

    def both(self, register: str, **values: Any) -> Record:
        """A record that both know."""
        with self.here.change("Ajouter") as work:
            made = work.new(register, **values)
        self.exchange()
        return made

    def differ(self, register: str, record: Record, **values: tuple[Any, Any]) -> None:
        """Each writes its own value in these fields, then they tell each other."""
        for at, store in enumerate((self.here, self.there)):
            own = {key: each[at] for key, each in values.items()}
            self.write(store, register, record, **own)
        self.exchange()

    @staticmethod
    def write(store: Store, register: str, record: Record, **values: Any) -> None:
        """Write over a record as it stands at a station."""
        with store.change("Modifier") as work:
            work.amend(register, TwoStations.read(store, register, record), **values)

    @staticmethod
    def delete(store: Store, register: str, record: Record) -> None:
        """Delete a record as it stands at a station."""
        with store.change("Supprimer") as work:
            work.delete(register, TwoStations.read(store, register, record))

    @staticmethod
    def read(store: Store, register: str, record: Record) -> Record:
        """A record itself as it stands at a station, deleted or joined as it may be."""
        with store.reading() as read:
            return read.records(Query(register, ids=(record.id,), with_deleted=True))[0]
