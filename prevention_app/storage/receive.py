"""Taking in entries written elsewhere: verified whole, in causal order, harmless to repeat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prevention_app.errors import NewerFormat, Refused
from prevention_app.storage import entries, journal
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import Entry


@dataclass(slots=True)
class Received:
    """What taking in some entries did."""

    new: int = 0
    known: int = 0
    waiting: int = 0
    touched: set[str] = field(default_factory=set)
    """Records with a leaf that arrived or was erased."""


def receive(connection: Connection, incoming: Iterable[Entry]) -> Received:
    """Add entries to the journal, each only when all that its writer knew is here.

    The caller recomputes the touched records in the same transaction. Raises Refused for an entry
    that does not fit its chain or a leaf that is not the one its head names.
    """
    done = Received()
    pending = list(incoming)
    while pending:
        left = [entry for entry in pending if not _take(connection, entry, done)]
        if len(left) == len(pending):
            done.waiting = len(left)
            break
        pending = left
    return done


def _take(connection: Connection, entry: Entry, done: Received) -> bool:
    head: dict[str, Any] = json.loads(entry.head)
    if int(head["f"]) > entries.FORMAT:
        raise NewerFormat(
            "Ces écritures viennent d’une version plus récente du programme. "
            "Mettez le programme à jour ; rien n’a été changé."
        )
    station, number = str(head["s"]), int(head["n"])
    journal.start_chain(connection, station)
    last, previous, vector = connection.exec_driver_sql(
        "SELECT last, hash, vector FROM chain WHERE station = ?", (station,)
    ).one()
    if number <= last:
        _compare(connection, station, number, entry)
        done.known += 1
    elif number == last + 1 and _all_here(connection, head):
        full = json.loads(vector) | head.get("v", {})
        _add(connection, entry, head, previous, full)
        done.new += 1
    else:
        return False
    _deliver(connection, station, number, entry, done)
    return True


def _all_here(connection: Connection, head: Mapping[str, Any]) -> bool:
    held = journal.position(connection)
    return all(held.get(other, 0) >= known for other, known in head.get("v", {}).items())


def _compare(connection: Connection, station: str, number: int, entry: Entry) -> None:
    held = connection.exec_driver_sql(
        "SELECT head, leaf_table FROM head WHERE station = ? AND number = ?", (station, number)
    ).one()
    if (held[0], held[1]) != (entry.head, entry.table):
        raise Refused(
            "Deux suites différentes portent la même signature d’ordinateur : la copie d’un "
            "espace de travail a sans doute servi deux fois. Rien n’a été changé."
        )


def _add(
    connection: Connection,
    entry: Entry,
    head: Mapping[str, Any],
    previous: bytes,
    full: Mapping[str, int],
) -> None:
    station, number, clock = str(head["s"]), int(head["n"]), int(head["t"])
    digest = entries.chain_hash(previous, entry.head, entry.table)
    vector = json.dumps(full, sort_keys=True)
    connection.exec_driver_sql(
        "INSERT INTO head VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', NULL)",
        (
            station,
            number,
            entry.head,
            entry.table,
            digest,
            entry.signature,
            clock,
            str(head["a"]),
            vector,
        ),
    )
    rows = entries.read_table(entry.table)
    journal.insert_leaves(
        connection,
        [
            (station, number, at, row.owner, row.register, row.kind, None, None, None, None)
            for at, row in enumerate(rows)
        ],
    )
    connection.exec_driver_sql(
        "UPDATE chain SET last = ?, hash = ?, vector = ? WHERE station = ?",
        (number, digest, vector, station),
    )
    journal.follow_clock(connection, clock)


def _deliver(
    connection: Connection, station: str, number: int, entry: Entry, done: Received
) -> None:
    rows = entries.read_table(entry.table)
    for at, (salt, body) in sorted(entry.leaves.items()):
        row = rows[at]
        if entries.leaf_digest(salt, body) != row.digest:
            raise Refused("Une écriture reçue ne correspond pas à son empreinte : refusée.")
        content: dict[str, Any] = json.loads(body)
        record = str(content["r"])
        keeps = connection.exec_driver_sql(
            "SELECT keeps FROM erasure "
            "WHERE station = ? AND number = ? AND record = ? AND kind = ?",
            (station, number, record, row.kind),
        ).scalar()
        changed = connection.exec_driver_sql(
            "UPDATE leaf SET record = ?, salt = ?, body = ?, erased = ? WHERE station = ? "
            "AND number = ? AND position = ? AND body IS NULL AND erased IS NULL",
            (
                record,
                None if keeps else salt,
                None if keeps else body,
                keeps,
                station,
                number,
                at,
            ),
        ).rowcount
        if changed:
            done.touched.add(record)
            note_message(connection, station, number, content)
            done.touched |= erase_named(connection, content, row.kind)


def note_message(
    connection: Connection, station: str, number: int, content: Mapping[str, Any]
) -> None:
    """Keep the name of the change beside its head once a plain leaf that tells it is here."""
    if "m" in content:
        connection.exec_driver_sql(
            "UPDATE head SET message = ?, undoes = ? WHERE station = ? AND number = ?",
            (content["m"], content.get("u"), station, number),
        )


def erase_named(connection: Connection, content: Mapping[str, Any], kind: str) -> set[str]:
    """Take away the bytes of the leaves that an erasure names, now and on later arrival."""
    record = str(content["r"])
    for station, number, keeps in content.get("e", ()):
        kept = json.dumps(keeps, sort_keys=True)
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO erasure VALUES (?, ?, ?, ?, ?)",
            (station, number, record, kind, kept),
        )
        connection.exec_driver_sql(
            "UPDATE leaf SET salt = NULL, body = NULL, erased = ? WHERE station = ? "
            "AND number = ? AND record = ? AND kind = ? AND erased IS NULL",
            (kept, station, number, record, kind),
        )
    return {record} if content.get("e") else set()
