"""Short words for what the tests of storage do again and again."""

from __future__ import annotations

from datetime import date
from typing import Any

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.values import fold
from prevention_app.storage import journal
from prevention_app.storage.journal import Written
from prevention_app.storage.query import Query
from prevention_app.storage.search import Within
from prevention_app.storage.store import Store


def add(store: Store, register: str, **values: Any) -> Record:
    """A new record, as it reads afterwards."""
    with store.change("Ajouter") as work:
        made = work.new(register, **values)
    return get(store, register, made.id)


def add_accident(store: Store, **values: Any) -> Record:
    """A new accident with the one field that must be filled."""
    return add(store, "accident", **{"happened_on": date(2025, 1, 1), **values})


def amend(store: Store, register: str, record: Record, **values: Any) -> Record:
    """An edit of a record as it was read; returns it as it reads afterwards."""
    with store.change("Modifier") as work:
        work.amend(register, record, **values)
    return get(store, register, record.id)


def delete(store: Store, register: str, record: Record) -> None:
    """The deletion of a record as it was read."""
    with store.change("Supprimer") as work:
        work.delete(register, record)


def get(store: Store, register: str, record_id: str) -> Record:
    """A record itself, deleted or joined to another as it may be."""
    with store.reading() as read:
        (found,) = read.records(Query(register, ids=(record_id,), with_deleted=True))
    return found


def listed(store: Store, register: str, **wanted: Any) -> list[Record]:
    """What a list of a register shows."""
    with store.reading() as read:
        return read.records(Query(register, **wanted))


def search(store: Store, words: str) -> set[str]:
    """Ids of the records found by these words."""
    with store.reading() as read:
        terms = [[term] for term in fold(words).split()]
        found = read.search(terms, Within(limit=200)) if terms else []
    return {hit.record for hit in found}


def leaves_of(store: Store, record: Record) -> list[Written]:
    """The leaves of a record in the journal."""
    with store.reading() as read:
        return journal.leaves_of(read.connection, record.id)


def tell(sender: Store, receiver: Store) -> None:
    """Hand on all that the receiver lacks."""
    receiver.receive(sender.entries_after(receiver.position()))


def conflicts(store: Store) -> set[tuple[str, str]]:
    """(record, field) of values to settle."""
    with store.reading() as read:
        rows = read.connection.exec_driver_sql("SELECT record, field FROM conflict")
        return {(record, field) for record, field in rows}
