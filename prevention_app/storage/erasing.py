"""Taking away all names and texts of records, whatever they hold; after a restore too."""

from __future__ import annotations

from collections.abc import Sequence

from prevention_app.catalogue.description import Record
from prevention_app.errors import PreventionError
from prevention_app.storage import acts, erasure_notes, journal
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Work

_DECIDE = ("adviser", "administrator")
AGAIN = "Effacer de nouveau après une restauration"


def decides(store: Store, department: str) -> bool:
    """Whether this station is adviser or administrator of a whole department."""
    with store.connecting() as connection:
        standing = acts.evaluate(connection)
    if (department, store.station) in standing.limits:
        return False
    grants = standing.grants.get((department, store.station), ())
    return any(each.whole and each.role in _DECIDE for each in grants)


def with_bytes(read: Reader, records: Sequence[Record]) -> dict[str, list[journal.Written]]:
    """Record → its leaves of names and texts that can be erased; records without any are not in."""
    held = journal.leaves_of_many(read.connection, [each.id for each in records])
    found = {
        record: [each for each in leaves if each.kind in "tn" and _can_go(each)]
        for record, leaves in held.items()
    }
    return {record: leaves for record, leaves in found.items() if leaves}


def _can_go(written: journal.Written) -> bool:
    return bool(written.body) and not written.leaf.erasure


def erase_all(read: Reader, work: Work, register: str, records: Sequence[Record]) -> int:
    """Let a change take away all names and texts of records; returns of how many there were any."""
    going = with_bytes(read, records)
    for record in records:
        if record.id in going:
            work.erase(register, record, going[record.id])
    return len(going)


def repeat_after_restore(store: Store) -> int:
    """Erase again what a restored backup brought back; returns how many records were concerned.

    Where this station has no right to (yet), the note stays: its peers bring the erasure.
    """
    notes = erasure_notes.read(store.folder)
    if not notes.leaves:
        return 0
    named: dict[str, set[str]] = {}
    for register, record, *_ in notes.leaves:
        named.setdefault(register, set()).add(record)
    work, count = store.draft(), 0
    with store.reading() as read:
        for code in sorted(set(named) & set(read.catalogue.by_code)):
            entity = read.catalogue.by_code[code]
            for ids in journal.chunks(sorted(named[code])):
                records = read.records(Query(entity.key, ids=tuple(ids), with_deleted=True))
                for record, leaves in with_bytes(read, records).items():
                    again = [
                        each
                        for each in leaves
                        if (code, record, each.kind, each.leaf.station, each.leaf.number)
                        in notes.leaves
                    ]
                    if again:
                        found = next(each for each in records if each.id == record)
                        work.erase(entity.key, found, again)
                        count += 1
                for each in records:
                    if each.id in notes.eliminated and not each.deleted:
                        work.mark_deleted(entity.key, each, deleted=True)
    try:
        store.write(work, AGAIN)
    except PreventionError:
        return 0
    erasure_notes.forget(store.folder)
    return count
