"""Taking in entries written elsewhere: verified whole, in causal order, harmless to repeat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prevention_app.errors import NewerFormat, Refused
from prevention_app.storage import entries, journal
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import Entry, NewLeaf, Row


@dataclass(slots=True)
class Received:
    """What taking in some entries did."""

    new: int = 0
    known: int = 0
    waiting: int = 0
    touched: set[str] = field(default_factory=set)
    """Records with a leaf that arrived or was erased."""
    registers: set[str] = field(default_factory=set)
    """Codes of their registers."""
    erased: bool = False
    """Bytes were taken away."""


def receive(connection: Connection, incoming: Iterable[Entry]) -> Received:
    """Add entries to the journal, each only when all that its writer knew is here.

    The caller recomputes the touched records in the same transaction. Raises Refused for an entry
    that does not fit its chain or a leaf that is not the one its head names.
    """
    done = Received()
    delivery = journal.moment(connection).deliveries + 1
    pending = list(incoming)
    while pending:
        left = [entry for entry in pending if not _take(connection, entry, delivery, done)]
        if len(left) == len(pending):
            done.waiting = len(left)
            break
        pending = left
    if done.touched:
        journal.set_meta(connection, "deliveries", str(delivery))
    return done


def _take(connection: Connection, entry: Entry, delivery: int, done: Received) -> bool:
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
    late = number <= last
    if late:
        _compare(connection, station, number, entry)
        done.known += 1
    elif number == last + 1 and _all_here(connection, head):
        full = json.loads(vector) | head.get("v", {})
        _add(connection, entry, head, previous, full)
        done.new += 1
    else:
        return False
    rows = entries.read_table(entry.table)
    for at, (salt, body) in sorted(entry.leaves.items()):
        leaf = _Delivered(station, number, at, rows[at], salt, body, late)
        _deliver(connection, leaf, delivery, done)
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
        "INSERT INTO head (station, number, head, leaf_table, hash, signature, clock, author, "
        "vector, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
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
            (station, number, at, row.owner, row.register, row.kind, None, None, None, None, 0)
            for at, row in enumerate(rows)
        ],
    )
    connection.exec_driver_sql(
        "UPDATE chain SET last = ?, hash = ?, vector = ? WHERE station = ?",
        (number, digest, vector, station),
    )
    journal.follow_clock(connection, clock)


@dataclass(frozen=True, slots=True)
class _Delivered:
    """A leaf that came, and where it belongs."""

    station: str
    number: int
    position: int
    row: Row
    salt: bytes
    body: bytes
    late: bool
    """Its head was here before."""


def _deliver(connection: Connection, leaf: _Delivered, delivery: int, done: Received) -> None:
    """Keep the bytes of a leaf, unless they are here or an erasure named them."""
    if entries.leaf_digest(leaf.salt, leaf.body) != leaf.row.digest:
        raise Refused("Une écriture reçue ne correspond pas à son empreinte : refusée.")
    content: dict[str, Any] = json.loads(leaf.body)
    record = str(content["r"])
    keeps, arrived = connection.exec_driver_sql(
        "SELECT keeps, arrived FROM erasure "
        "WHERE record = ? AND kind = ? AND station = ? AND number = ?",
        (record, leaf.row.kind, leaf.station, leaf.number),
    ).one_or_none() or (None, delivery if leaf.late else 0)
    changed = connection.exec_driver_sql(
        "UPDATE leaf SET record = ?, salt = ?, body = ?, erased = ?, arrived = ? "
        "WHERE station = ? AND number = ? AND position = ? AND body IS NULL AND erased IS NULL",
        (
            record,
            None if keeps else leaf.salt,
            None if keeps else leaf.body,
            keeps,
            arrived,
            leaf.station,
            leaf.number,
            leaf.position,
        ),
    ).rowcount
    if changed:
        done.touched.add(record)
        done.registers.add(leaf.row.register)
        note_message(connection, leaf.station, leaf.number, content)
        done.erased |= erase_named(connection, leaf.row, content, delivery)


def note_message(
    connection: Connection, station: str, number: int, content: Mapping[str, Any]
) -> None:
    """Keep the name of the change beside its head once a plain leaf that tells it is here."""
    if "m" in content:
        connection.exec_driver_sql(
            "UPDATE head SET message = ?, undoes = ? WHERE station = ? AND number = ?",
            (content["m"], content.get("u"), station, number),
        )


def erase_named(
    connection: Connection, leaf: Row | NewLeaf, content: Mapping[str, Any], arrived: int = 0
) -> bool:
    """Take away the bytes of the leaves that an erasure names, now and on later arrival.

    Returns whether the leaf with this content is an erasure.
    """
    record = str(content["r"])
    for station, number, keeps in content.get("e", ()):
        kept = json.dumps(keeps, sort_keys=True)
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO erasure VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (record, leaf.kind, station, number, leaf.owner, leaf.register, kept, arrived),
        )
        connection.exec_driver_sql(
            "UPDATE leaf SET salt = NULL, body = NULL, erased = ? WHERE station = ? "
            "AND number = ? AND record = ? AND kind = ? AND erased IS NULL",
            (kept, station, number, record, leaf.kind),
        )
    return "e" in content
