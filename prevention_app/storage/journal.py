"""The append-only journal: chains of signed heads, and the leaves that hold the writes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from prevention_app.domain.merging import ERASED_IN_PLACE, Leaf
from prevention_app.storage import entries
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import Entry, NewLeaf
from prevention_app.storage.keys import StationKey

Vector = dict[str, int]
"""Station → number of its last entry held."""

_DAY: Final = 86_400_000 << 16
_LEAF_COLUMNS: Final = (
    "l.station, l.number, l.position, l.owner, l.register, l.kind, l.record, l.body, l.erased, "
    "h.clock, h.vector, h.author, h.message"
)


@dataclass(frozen=True, slots=True)
class Written:
    """One leaf as it stands in the journal."""

    leaf: Leaf
    owner: str
    register: str
    kind: str
    position: int
    record: str
    author: str
    body: Mapping[str, Any]
    """Empty when the leaf was erased."""


def position(connection: Connection) -> Vector:
    """Where the journal stands: the last number held of every station."""
    return {
        str(station): int(last)
        for station, last in connection.exec_driver_sql("SELECT station, last FROM chain")
    }


def now_clock(connection: Connection) -> int:
    """The next reading of the hybrid logical clock (milliseconds × 65,536, then ticks)."""
    held = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'clock'").scalar()
    return max(time.time_ns() // 1_000_000 << 16, int(held or 0) + 1)


def clock_time(clock: int) -> float:
    """The wall time of a clock reading, in seconds since 1970."""
    return (clock >> 16) / 1000


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Keep one fact about this workspace."""
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def get_meta(connection: Connection, key: str) -> str:
    """One fact about this workspace; empty where it was never set."""
    return str(
        connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (key,)).scalar() or ""
    )


def start_chain(connection: Connection, station: str) -> None:
    """Begin the chain of a station."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO chain VALUES (?, 0, ?, '{}')", (station, entries.FIRST_HASH)
    )


def append(
    connection: Connection,
    *,
    station: str,
    key: StationKey,
    author: str,
    leaves: Sequence[NewLeaf],
    message: str,
    undoes: int | None = None,
) -> tuple[int, int]:
    """Write one entry of this station's own; returns its number and clock."""
    last, previous, vector = connection.exec_driver_sql(
        "SELECT last, hash, vector FROM chain WHERE station = ?", (station,)
    ).one()
    had: Vector = json.loads(vector)
    has = position(connection)
    has.pop(station, None)
    moved = {other: number for other, number in has.items() if number != had.get(other, 0)}
    number, clock = int(last) + 1, now_clock(connection)
    head = entries.make_head(
        station=station, number=number, clock=clock, author=author, moved=moved
    )
    encoded = [(leaf, entries.to_bytes(leaf.body)) for leaf in leaves]
    table = entries.make_table(encoded)
    digest = entries.chain_hash(previous, head, table)
    full = json.dumps(has, sort_keys=True)
    connection.exec_driver_sql(
        "INSERT INTO head VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            station,
            number,
            head,
            table,
            digest,
            key.sign(digest),
            clock,
            author,
            full,
            message,
            undoes,
        ),
    )
    insert_leaves(
        connection,
        [
            (
                station,
                number,
                at,
                leaf.owner,
                leaf.register,
                leaf.kind,
                leaf.body["r"],
                leaf.salt,
                body,
                None,
            )
            for at, (leaf, body) in enumerate(encoded)
        ],
    )
    connection.exec_driver_sql(
        "UPDATE chain SET last = ?, hash = ?, vector = ? WHERE station = ?",
        (number, digest, full, station),
    )
    set_meta(connection, "clock", str(clock))
    return number, clock


def insert_leaves(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Add leaf rows in the order of the table's columns."""
    if rows:
        connection.exec_driver_sql("INSERT INTO leaf VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def follow_clock(connection: Connection, clock: int) -> None:
    """Follow another station's clock, unless it is more than a day ahead of ours."""
    ours = now_clock(connection)
    if ours < clock <= ours + _DAY:
        set_meta(connection, "clock", str(clock))


def leaves_of(connection: Connection, record: str) -> list[Written]:
    """All leaves of a record that are held or erased, oldest first."""
    rows = connection.exec_driver_sql(
        f"SELECT {_LEAF_COLUMNS} FROM leaf l JOIN head h USING (station, number) "  # noqa: S608
        "WHERE l.record = ? ORDER BY h.clock, l.station, l.number, l.position",
        (record,),
    )
    return [_written(row) for row in rows]


def chunks(items: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """The items in pieces that fit one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def leaves_of_many(connection: Connection, records: Iterable[str]) -> dict[str, list[Written]]:
    """The leaves of several records, each oldest first."""
    found: dict[str, list[Written]] = {}
    for chunk in chunks(list(records)):
        marks = ", ".join("?" * len(chunk))
        rows = connection.exec_driver_sql(
            f"SELECT {_LEAF_COLUMNS} FROM leaf l JOIN head h USING (station, number) "  # noqa: S608
            f"WHERE l.record IN ({marks}) "
            "ORDER BY h.clock, l.station, l.number, l.position",
            tuple(chunk),
        )
        for row in rows:
            written = _written(row)
            found.setdefault(written.record, []).append(written)
    return found


def has_absent(connection: Connection) -> bool:
    """Whether any leaf is absent here; where none is, nothing can be withheld."""
    return bool(
        connection.exec_driver_sql(
            "SELECT EXISTS (SELECT 1 FROM leaf WHERE body IS NULL AND erased IS NULL)"
        ).scalar()
    )


def leaves_of_entry(connection: Connection, station: str, number: int) -> list[Written]:
    """The held leaves of one entry, in their order."""
    rows = connection.exec_driver_sql(
        f"SELECT {_LEAF_COLUMNS} FROM leaf l JOIN head h USING (station, number) "  # noqa: S608
        "WHERE l.station = ? AND l.number = ? AND l.record IS NOT NULL ORDER BY l.position",
        (station, number),
    )
    return [_written(row) for row in rows]


def all_leaves(connection: Connection) -> Iterator[list[Written]]:
    """All held leaves, record by record."""
    rows = connection.execution_options(yield_per=2000).exec_driver_sql(
        f"SELECT {_LEAF_COLUMNS} FROM leaf l JOIN head h USING (station, number) "  # noqa: S608
        "WHERE l.record IS NOT NULL ORDER BY l.record, h.clock, l.station, l.number, l.position"
    )
    group: list[Written] = []
    for row in rows:
        written = _written(row)
        if group and group[0].record != written.record:
            yield group
            group = []
        group.append(written)
    if group:
        yield group


def _written(row: Sequence[Any]) -> Written:
    station, number, at, owner, register, kind, record = row[:7]
    body, erased, clock, vector, author, message = row[7:]
    content: dict[str, Any] = json.loads(body) if body is not None else {}
    if body is None:
        kept: dict[str, Any] = json.loads(erased)
        writes: dict[str, Any] = dict.fromkeys(kept["w"], ERASED_IN_PLACE)
        exceptions = kept.get("x", ())
    else:
        writes, exceptions = content.get("w", {}), content.get("x", ())
    leaf = Leaf(
        station=station,
        number=number,
        clock=clock,
        vector=json.loads(vector),
        writes=writes,
        exceptions=tuple(
            (each[0], each[1], each[2], tuple(each[3]) if len(each) > 3 else None)
            for each in exceptions
        ),
        erasure="e" in content,
        message=message,
    )
    return Written(leaf, owner, register, kind, at, record, author, content)


def own_entries(
    connection: Connection, station: str, before: int | None = None
) -> Iterator[tuple[int, str, str, int | None]]:
    """(number, message, author, undone number) of a station's entries, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT number, message, author, undoes FROM head WHERE station = ? AND number < ? "
        "ORDER BY number DESC",
        (station, before or 1 << 62),
    )
    for number, message, author, undoes in rows:
        yield int(number), str(message), str(author), None if undoes is None else int(undoes)


def entries_after(connection: Connection, known: Mapping[str, int]) -> list[Entry]:
    """The entries that a receiver with this vector lacks, with all leaves held here."""
    found = []
    for station, last in sorted(position(connection).items()):
        rows = connection.exec_driver_sql(
            "SELECT number, head, leaf_table, signature FROM head "
            "WHERE station = ? AND number > ? AND number <= ? ORDER BY number",
            (station, known.get(station, 0), last),
        )
        found += [
            Entry(head, table, signature, held_leaves(connection, station, number))
            for number, head, table, signature in rows
        ]
    return found


def held_leaves(
    connection: Connection, station: str, number: int
) -> dict[int, tuple[bytes, bytes]]:
    """The leaves of an entry whose bytes are here, by position."""
    rows = connection.exec_driver_sql(
        "SELECT position, salt, body FROM leaf "
        "WHERE station = ? AND number = ? AND body IS NOT NULL",
        (station, number),
    )
    return {int(at): (salt, body) for at, salt, body in rows}


def absent(
    connection: Connection, register: str, owner: str, kind: str
) -> list[tuple[str, int, int]]:
    """(station, number, position) of absent leaves of a class."""
    rows = connection.exec_driver_sql(
        "SELECT station, number, position FROM leaf WHERE body IS NULL AND erased IS NULL "
        "AND register = ? AND owner = ? AND kind = ? ORDER BY station, number",
        (register, owner, kind),
    )
    return [(str(station), int(number), int(at)) for station, number, at in rows]


def concerned_kinds(connection: Connection, leaves: Iterable[Written]) -> str:
    """The kinds of which an absent leaf is known to concern the record of these leaves.

    Rows of one record stand together in a leaf table after its plain one.
    """
    kinds = set()
    for written in leaves:
        if written.kind != "p":
            continue
        rows = connection.exec_driver_sql(
            "SELECT kind FROM leaf l WHERE station = :s AND number = :n AND position > :at "
            "AND position <= :at + 2 AND body IS NULL AND erased IS NULL "
            "AND owner = :owner AND register = :register AND NOT EXISTS ("
            "SELECT 1 FROM leaf p WHERE p.station = :s AND p.number = :n AND p.kind = 'p' "
            "AND p.position > :at AND p.position <= l.position)",
            {
                "s": written.leaf.station,
                "n": written.leaf.number,
                "at": written.position,
                "owner": written.owner,
                "register": written.register,
            },
        )
        kinds.update(str(kind) for kind in rows.scalars())
    return "".join(sorted(kinds))
