"""The append-only journal: chains of signed heads, and the leaves that hold the writes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Final, cast

from prevention_app.domain.merging import ERASED_IN_PLACE, Leaf
from prevention_app.storage import entries
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import Entry, NewLeaf
from prevention_app.storage.keys import StationKey

Vector = dict[str, int]
"""Station → number of its last entry held."""

_DAY: Final = 86_400_000 << 16
NOWHERE: Final = -1
_LEAVES: Final = (
    "SELECT l.station, l.number, l.position, l.owner, l.register, l.kind, l.record, l.body, "
    "l.erased, l.arrived, h.clock, h.vector, h.author, h.message "
    "FROM leaf l JOIN head h USING (station, number)"
)
_NAMED: Final = (
    f"SELECT e.station, e.number, {NOWHERE}, e.owner, e.register, e.kind, e.record, NULL, "
    "e.keeps, e.arrived, h.clock, h.vector, h.author, h.message "
    "FROM erasure e JOIN head h USING (station, number) WHERE NOT EXISTS ("
    "SELECT 1 FROM leaf l WHERE l.record = e.record AND l.kind = e.kind "
    "AND l.station = e.station AND l.number = e.number)"
)
"""Leaves known only because an erasure named them."""
_NAMED_ASIDE: Final = "named_aside"
"""Names in the workspace those of them that do not count."""
_COUNTS: Final = (
    "NOT EXISTS (SELECT 1 FROM aside a WHERE a.station = l.station AND a.number = l.number "
    "AND a.position = l.position)"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the journal stood when something was read."""

    vector: Vector
    deliveries: int
    """How many deliveries had come: a leaf may come later than its head."""


@dataclass(frozen=True, slots=True)
class Written:
    """One leaf as it stands in the journal."""

    leaf: Leaf
    owner: str
    register: str
    kind: str
    position: int
    """Its row in the leaf table; NOWHERE when it is known only by an erasure that named it."""
    record: str
    author: str
    body: Mapping[str, Any]
    """Empty when the leaf was erased."""
    arrived: int = 0
    """Which delivery brought it after its head; 0 when they came together."""

    def known_at(self, moment: Moment) -> bool:
        """Whether it was here at that moment."""
        known = moment.vector.get(self.leaf.station, 0)
        return self.leaf.number <= known and self.arrived <= moment.deliveries


def position(connection: Connection) -> Vector:
    """Where the journal stands: the last number held of every station."""
    return {
        str(station): int(last)
        for station, last in connection.exec_driver_sql(
            "SELECT station, last FROM chain WHERE last > 0"
        )
    }


def moment(connection: Connection) -> Moment:
    """Where the journal stands, to compare with when a form is saved."""
    return Moment(position(connection), int(get_meta(connection, "deliveries") or 0))


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
        "INSERT INTO head (station, number, head, leaf_table, hash, signature, clock, author, "
        "vector, message, undoes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                0,
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
        connection.exec_driver_sql(
            "INSERT INTO leaf VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )


class ClockFollower:
    """Follows the clocks of other stations, but for those more than a day ahead of ours."""

    def __init__(self, connection: Connection) -> None:
        """Begin with our own."""
        self._connection = connection
        self._ours = now_clock(connection)
        self._moved = False

    def follow(self, clock: int) -> None:
        """Hear of another clock."""
        if self._ours < clock <= self._ours + _DAY:
            self._ours, self._moved = clock, True

    def keep(self) -> None:
        """Go on from the greatest that was followed."""
        if self._moved:
            set_meta(self._connection, "clock", str(self._ours))


def leaves_of(connection: Connection, record: str) -> list[Written]:
    """All leaves of a record that are held or erased, and count; oldest first."""
    return leaves_of_many(connection, [record]).get(record, [])


def chunks(items: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """The items in pieces that fit one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def has_aside(connection: Connection) -> bool:
    """Whether any leaf is kept aside, because its writer had no right to write it."""
    return bool(connection.exec_driver_sql("SELECT EXISTS (SELECT 1 FROM aside)").scalar())


def named_aside(connection: Connection) -> set[tuple[str, str, str, int]]:
    """(record, kind, station, number) of leaves known only by an erasure that do not count."""
    return {
        (str(record), str(kind), str(station), int(number))
        for record, kind, station, number in json.loads(get_meta(connection, _NAMED_ASIDE) or "[]")
    }


def set_named_aside(connection: Connection, found: Iterable[tuple[str, str, str, int]]) -> None:
    """Keep which leaves known only by an erasure do not count."""
    set_meta(connection, _NAMED_ASIDE, json.dumps(sorted(found)))


def named_only(
    connection: Connection,
) -> list[tuple[str, str, str, int, str, str, dict[str, Any]]]:
    """Record, kind, station, number, owner, register, scope of what only an erasure tells of."""
    return [
        (
            *(str(row[6]), str(row[5]), str(row[0]), int(row[1]), str(row[3]), str(row[4])),
            (content_of(row[8]) or {}).get("o", {}),
        )
        for row in connection.exec_driver_sql(_NAMED)
    ]


def _named(rows: Iterable[Sequence[Any]], aside: set[tuple[str, str, str, int]]) -> list[Written]:
    """Those that count of the leaves known only by an erasure."""
    found = map(_written, rows)
    return [
        each
        for each in found
        if not aside or (each.record, each.kind, each.leaf.station, each.leaf.number) not in aside
    ]


def _counted(connection: Connection) -> str:
    """The condition that leaves out what is kept aside; it costs nothing where nothing is."""
    return _COUNTS if has_aside(connection) else "1"


def leaves_of_many(connection: Connection, records: Iterable[str]) -> dict[str, list[Written]]:
    """The leaves of several records that count, each oldest first."""
    found: dict[str, list[Written]] = {}
    counted = _counted(connection)
    aside = named_aside(connection)
    for chunk in chunks(list(records)):
        marks = ", ".join("?" * len(chunk))
        held = connection.exec_driver_sql(
            f"{_LEAVES} WHERE l.record IN ({marks}) AND {counted}", tuple(chunk)
        )
        named = connection.exec_driver_sql(f"{_NAMED} AND e.record IN ({marks})", tuple(chunk))
        for written in (*map(_written, held), *_named(named, aside)):
            found.setdefault(written.record, []).append(written)
    for leaves in found.values():
        leaves.sort(key=_age)
    return found


def _age(written: Written) -> tuple[int, str, int, int]:
    return (*written.leaf.rank, written.position)


def has_absent(connection: Connection) -> bool:
    """Whether any leaf is absent here; where none is, nothing can be withheld."""
    return bool(
        connection.exec_driver_sql(
            "SELECT EXISTS (SELECT 1 FROM leaf WHERE body IS NULL AND erased IS NULL)"
        ).scalar()
    )


def aside_of(connection: Connection, record: str) -> list[tuple[str, int, str]]:
    """(station, number, kind) of the leaves of a record that are kept aside."""
    rows = connection.exec_driver_sql(
        "SELECT l.station, l.number, l.kind FROM leaf l "
        "JOIN aside USING (station, number, position) WHERE l.record = ?",
        (record,),
    )
    return [(str(station), int(number), str(kind)) for station, number, kind in rows]


def leaves_of_entry(connection: Connection, station: str, number: int) -> list[Written]:
    """The held leaves of one entry that count, in their order."""
    rows = connection.exec_driver_sql(
        f"{_LEAVES} WHERE l.station = ? AND l.number = ? AND l.record IS NOT NULL "
        f"AND {_counted(connection)} ORDER BY l.position",
        (station, number),
    )
    return [_written(row) for row in rows]


def all_leaves(connection: Connection) -> Iterator[list[Written]]:
    """All leaves that are held or erased, and count; record by record, each oldest first."""
    named: dict[str, list[Written]] = {}
    for written in _named(connection.exec_driver_sql(_NAMED), named_aside(connection)):
        named.setdefault(written.record, []).append(written)
    rows = connection.execution_options(yield_per=2000).exec_driver_sql(
        f"{_LEAVES} WHERE l.record IS NOT NULL AND {_counted(connection)} ORDER BY l.record"
    )
    for record, group in groupby(map(_written, rows), key=lambda written: written.record):
        yield sorted([*group, *named.get(record, ())], key=_age)


def content_of(stored: bytes | str | None) -> dict[str, Any] | None:
    """The JSON object that was stored; None where there is none to be read.

    What is damaged counts as never written, so that the rest stays readable; `verify` tells.
    """
    try:
        # As text: from bytes, the encoding would be guessed at each of a million leaves.
        text = stored.decode() if isinstance(stored, bytes) else stored
        content: Any = json.loads(text or "")
    except ValueError:
        return None
    return cast("dict[str, Any]", content) if isinstance(content, dict) else None


@lru_cache(maxsize=1024)
def _vector_of(stored: str) -> Mapping[str, int]:
    """The vector of a head, which all leaves of its entry share."""
    return content_of(stored) or {}


def _written(row: Sequence[Any]) -> Written:
    station, number, at, owner, register, kind, record = row[:7]
    body, erased, arrived, clock, vector, author, message = row[7:]
    content: dict[str, Any] = content_of(body) or {}
    if body is None:
        kept = content_of(erased) or {}
        writes: dict[str, Any] = dict.fromkeys(kept.get("w", ()), ERASED_IN_PLACE)
        exceptions = kept.get("x", ())
    else:
        writes, exceptions = content.get("w", {}), content.get("x", ())
    leaf = Leaf(
        station=station,
        number=number,
        clock=clock,
        vector=_vector_of(vector),
        writes=writes,
        exceptions=tuple(
            (each[0], each[1], each[2], tuple(each[3]) if len(each) > 3 else None)
            for each in exceptions
        ),
        erasure="e" in content,
        message=message,
    )
    return Written(leaf, owner, register, kind, at, record, author, content, arrived)


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
    found: list[Entry] = []
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


def concerned_kinds(connection: Connection, leaves: Sequence[Written]) -> str:
    """The kinds of which an absent leaf is known to concern the record of these leaves.

    The leaves of one record stand together in a leaf table, behind its plain one.
    """
    named = {
        (str(station), int(number), str(kind))
        for station, number, kind in connection.exec_driver_sql(
            "SELECT station, number, kind FROM erasure WHERE record = ?", (leaves[0].record,)
        )
    }
    kinds = {
        kind
        for written in leaves
        if written.position != NOWHERE
        for kind in _absent_beside(connection, written)
        if (written.leaf.station, written.leaf.number, kind) not in named
    }
    return "".join(sorted(kinds))


def _absent_beside(connection: Connection, written: Written) -> list[str]:
    """The kinds of the absent leaves of the same record in the same entry."""
    rows = {
        int(at): (str(kind), bool(absent))
        for at, kind, absent in connection.exec_driver_sql(
            "SELECT position, kind, body IS NULL AND erased IS NULL FROM leaf "
            "WHERE station = ? AND number = ? AND position BETWEEN ? AND ?",
            (
                written.leaf.station,
                written.leaf.number,
                written.position - 2,
                written.position + 2,
            ),
        )
    }
    first = written.position
    while first in rows and rows[first][0] != "p":
        first -= 1
    if first not in rows:
        return []  # an erasure: without a plain leaf, its neighbours may belong to others
    found: list[str] = []
    for at in range(first, first + 3):
        kind, absent = rows.get(at, ("p", False))
        if at > first and kind == "p":
            break
        if absent:
            found.append(kind)
    return found
