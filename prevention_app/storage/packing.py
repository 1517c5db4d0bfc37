"""What goes into a package: all that its receivers lack and may see, for all that they told us."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from prevention_app.domain.package_parts import (
    FileAnnounced,
    FileData,
    LateLeaf,
    LateLeaves,
    Manifest,
    PackedEntry,
    Part,
    Run,
    Slice,
)
from prevention_app.storage import entries, journal, peers
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import ROW
from prevention_app.storage.file_digests import is_digest
from prevention_app.storage.station_keys import STATION_CODE

Sees = Callable[[str, str, str], bool]
"""Whether a station may see the leaves of an owner, a register (its code) and a kind."""
Places = dict[str, list[tuple[int, int]]]

ATTACHMENT_CODE: Final = "PJ"
_MOST_ABSENT: Final = 300_000
"""Gaps told in one package; what is more is told once these are filled."""
_CHUNK: Final = 256 << 10


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much goes into one slice, so that neither side holds more than that at once."""

    entries: int = 2_000
    leaves: int = 20_000
    size: int = 8 << 20


BOUNDS: Final = Bounds()


@dataclass(frozen=True, slots=True)
class Group:
    """Stations that may see the same, and what all of them hold."""

    stations: tuple[str, ...]
    sees: Sees
    vector: Mapping[str, int]
    absent: Places


@dataclass(slots=True)
class Packed:
    """What was put into a section."""

    entries: int = 0
    leaves: int = 0
    files: set[str] = field(default_factory=set)


def groups(
    connection: Connection, stations: Iterable[str], sees_of: Callable[[str], Sees]
) -> list[Group]:
    """The stations by what they may see of the classes that there are."""
    classes = sorted(
        (str(owner), str(register), str(kind))
        for owner, register, kind in connection.exec_driver_sql(
            "SELECT DISTINCT owner, register, kind FROM leaf"
        )
    )
    by_sight: dict[tuple[bool, ...], list[tuple[str, Sees]]] = {}
    for station in stations:
        sees = sees_of(station)
        by_sight.setdefault(tuple(sees(*each) for each in classes), []).append((station, sees))
    return [_group(connection, members) for members in by_sight.values()]


def _group(connection: Connection, members: Sequence[tuple[str, Sees]]) -> Group:
    told = [peers.known(connection, station) for station, _ in members]
    here = journal.position(connection)
    vector = {
        each: min(last, *(vector.get(each, 0) for vector, _ in told)) for each, last in here.items()
    }
    lacking: dict[str, set[tuple[int, int]]] = {}
    for _, absent in told:
        for station, places in absent.items():
            known = vector.get(station, 0)
            lacking.setdefault(station, set()).update(each for each in places if each[0] <= known)
    absent = {station: sorted(places) for station, places in lacking.items() if places}
    return Group(tuple(station for station, _ in members), members[0][1], vector, absent)


def manifest(
    connection: Connection, station: str, name: str, at: str, place: Callable[[str], Path]
) -> Manifest:
    """What this station tells of itself in every package.

    Where it lacks the file of an attachment, it says that it lacks the leaf that names it: what
    brings the one brings the other.
    """
    absent: Places = {}
    rows = connection.exec_driver_sql(
        "SELECT station, number, position FROM leaf WHERE body IS NULL AND erased IS NULL "
        "ORDER BY station, number, position LIMIT ?",
        (_MOST_ABSENT,),
    )
    for other, number, position in rows:
        absent.setdefault(str(other), []).append((int(number), int(position)))
    for other, number, position in _without_file(connection, place):
        absent[other] = sorted({*absent.get(other, ()), (number, position)})
    return Manifest(station, name, at, journal.position(connection), absent)


def _without_file(
    connection: Connection, place: Callable[[str], Path]
) -> Iterator[tuple[str, int, int]]:
    """The leaves that name files which are not here, of attachments that still count."""
    rows = connection.exec_driver_sql(
        "SELECT l.station, l.number, l.position, a.digest FROM r_attachment a "
        "JOIN leaf l ON l.record = a._id WHERE a._deleted = 0 AND l.kind = 'p' "
        "AND l.body IS NOT NULL AND a._id NOT IN (SELECT record FROM erasure) "
        "ORDER BY l.station, l.number, l.position LIMIT ?",
        (_MOST_ABSENT,),
    )
    for station, number, position, digest in rows:
        if is_digest(str(digest)) and not place(str(digest)).is_file():
            yield str(station), int(number), int(position)


def parts(
    connection: Connection,
    group: Group,
    place: Callable[[str], Path],
    packed: Packed,
    bounds: Bounds = BOUNDS,
) -> Iterator[Part]:
    """All that a group lacks, in the order in which it is to be taken in.

    `place` tells where the bytes of an attachment lie; `packed` counts what goes.
    """
    for each in _late_parts(connection, group, bounds):
        yield from _with_files(connection, each, place, packed)
    chains = _Chains(connection, group, bounds)
    for slice_, rest in chains.slices():
        packed.entries += sum(len(run.entries) for run in slice_.runs)
        yield from _with_files(connection, slice_, place, packed)
        for station, number, first in rest:
            for late in _rest_of(connection, group, (station, number, first), bounds):
                yield from _with_files(connection, late, place, packed)


# -- leaves whose heads the receivers hold -----------------------------------------------------


def _late_parts(connection: Connection, group: Group, bounds: Bounds) -> Iterator[LateLeaves]:
    wanted = (
        (station, number, position)
        for station, places in group.absent.items()
        for number, position in places
    )
    yield from _parcels(_held(connection, group, wanted), bounds)


def _held(
    connection: Connection, group: Group, wanted: Iterable[tuple[str, int, int]]
) -> Iterator[LateLeaf]:
    for station, number, position in wanted:
        row = connection.exec_driver_sql(
            "SELECT owner, register, kind, salt, body FROM leaf "
            "WHERE station = ? AND number = ? AND position = ? AND body IS NOT NULL",
            (station, number, position),
        ).one_or_none()
        if row is not None and _goes(group.sees, *row[:3]):
            yield LateLeaf(station, number, position, row[3], row[4])


def _rest_of(
    connection: Connection, group: Group, begin: tuple[str, int, int], bounds: Bounds
) -> Iterator[LateLeaves]:
    """The leaves of a very large entry that its slice left for later."""
    station, number, _ = begin
    rows = connection.exec_driver_sql(
        "SELECT position, owner, register, kind, salt, body FROM leaf "
        "WHERE station = ? AND number = ? AND position >= ? AND body IS NOT NULL "
        "ORDER BY position",
        begin,
        execution_options={"yield_per": 500},
    )
    leaves = (
        LateLeaf(station, number, int(at), salt, body)
        for at, owner, register, kind, salt, body in rows
        if _goes(group.sees, owner, register, kind)
    )
    yield from _parcels(leaves, bounds)


def _parcels(leaves: Iterable[LateLeaf], bounds: Bounds) -> Iterator[LateLeaves]:
    """Leaves in parcels of bounded size, all of one record in the same one where they adjoin."""
    held: list[LateLeaf] = []
    size = 0
    for leaf in leaves:
        full = len(held) >= bounds.leaves or size >= bounds.size
        if full and not _adjoin(held[-1], leaf):
            yield LateLeaves(held)
            held, size = [], 0
        held.append(leaf)
        size += len(leaf.body)
    if held:
        yield LateLeaves(held)


def _adjoin(one: LateLeaf, other: LateLeaf) -> bool:
    same_entry = (one.station, one.number) == (other.station, other.number)
    return same_entry and _record_of(one.body) == _record_of(other.body)


def _record_of(body: bytes) -> object:
    return (journal.content_of(body) or {}).get("r")


def _goes(sees: Sees, owner: str, register: str, kind: str) -> bool:
    """Stations are known to all: nobody could verify anything without their keys."""
    return (register == STATION_CODE and kind == "p") or sees(owner, register, kind)


# -- entries -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Head:
    """An entry about to go."""

    number: int
    clock: int
    head: bytes
    table: bytes
    signature: bytes | None
    hash: bytes
    moved: Mapping[str, int]
    size: int
    """Bytes, its leaves included."""


@dataclass(slots=True)
class _Chain:
    """One station's chain, as far as it was packed."""

    station: str
    rows: Iterator[_Head]
    held: int
    hash: bytes
    next: _Head | None = None
    run: list[_Head] = field(default_factory=list)
    before: bytes = entries.FIRST_HASH

    def take(self) -> _Head:
        """Add the next entry to the run."""
        head = self.next
        assert head is not None  # noqa: S101  (asked only where there is one)
        if not self.run:
            self.before = self.hash
        self.run.append(head)
        self.held, self.hash = head.number, head.hash
        self.next = next(self.rows, None)
        return head

    @property
    def may_end(self) -> bool:
        """Whether what was taken is vouched for by a signature."""
        return not self.run or self.run[-1].signature is not None


class _Chains:
    """Takes entries from all chains in the order of their causes, slice by slice."""

    def __init__(self, connection: Connection, group: Group, bounds: Bounds) -> None:
        self._connection = connection
        self._sees = group.sees
        self._bounds = bounds
        ends = _ends(connection)
        self._chains = {
            station: self._chain(station, group.vector.get(station, 0), end)
            for station, end in sorted(ends.items())
        }

    def _chain(self, station: str, known: int, end: int) -> _Chain:
        digest = self._connection.exec_driver_sql(
            "SELECT hash FROM head WHERE station = ? AND number = ?", (station, known)
        ).scalar()
        chain = _Chain(
            station, _heads(self._connection, station, known, end), known, digest or bytes(32)
        )
        chain.next = next(chain.rows, None)
        return chain

    def slices(self) -> Iterator[tuple[Slice, list[tuple[str, int, int]]]]:
        """Slices, each with the leaves that it leaves out: station, number, first position."""
        while any(chain.next for chain in self._chains.values()):
            self._gather()
            rest: list[tuple[str, int, int]] = []
            runs = [self._run(chain, rest) for chain in self._chains.values() if chain.run]
            yield Slice(runs), rest
            for chain in self._chains.values():
                chain.run = []

    def _gather(self) -> None:
        """Take entries until a slice is full and all its runs may end."""
        count = rows = size = 0
        while True:
            bounds = self._bounds
            full = count >= bounds.entries or rows >= bounds.leaves or size >= bounds.size
            wanted = [
                chain
                for chain in self._chains.values()
                if chain.next is not None and not (full and chain.may_end)
            ]
            if not wanted:
                return
            chain = self._ready(min(wanted, key=_age))
            head = chain.take()
            count, rows = count + 1, rows + len(head.table) // ROW
            size += head.size

    def _ready(self, chain: _Chain) -> _Chain:
        """The chain whose next entry comes before that of this one, all its causes being there."""
        while True:
            head = chain.next
            assert head is not None  # noqa: S101  (all ends are states that stand by themselves)
            cause = next(
                (
                    other
                    for other, number in head.moved.items()
                    if self._chains[other].held < number
                ),
                None,
            )
            if cause is None:
                return chain
            chain = self._chains[cause]

    def _run(self, chain: _Chain, rest: list[tuple[str, int, int]]) -> Run:
        packed = [self._entry(chain.station, head, rest) for head in chain.run]
        signature = chain.run[-1].signature or b""
        return Run(chain.station, chain.run[0].number, chain.before, packed, signature)

    def _entry(self, station: str, head: _Head, rest: list[tuple[str, int, int]]) -> PackedEntry:
        """An entry with its leaves, or with the first of very many: records are not torn apart."""
        rows = self._connection.exec_driver_sql(
            "SELECT position, owner, register, kind, salt, body FROM leaf "
            "WHERE station = ? AND number = ? AND body IS NOT NULL ORDER BY position",
            (station, head.number),
            execution_options={"yield_per": 500},
        )
        leaves: dict[int, tuple[bytes, bytes]] = {}
        size = 0
        for at, owner, register, kind, salt, body in rows:
            full = len(leaves) >= self._bounds.leaves or size >= self._bounds.size
            if full and kind == "p":
                rest.append((station, head.number, int(at)))
                rows.close()
                break
            if _goes(self._sees, owner, register, kind):
                leaves[int(at)] = (bytes(salt), bytes(body))
                size += len(body)
        return PackedEntry(head.head, head.table, leaves)


def _age(chain: _Chain) -> tuple[int, str]:
    return (chain.next.clock if chain.next else 0, chain.station)


def _heads(connection: Connection, station: str, known: int, end: int) -> Iterator[_Head]:
    rows = connection.exec_driver_sql(
        "SELECT number, clock, head, leaf_table, signature, hash, length(leaf_table) + "
        "(SELECT coalesce(sum(length(body)), 0) FROM leaf l "
        "WHERE l.station = head.station AND l.number = head.number) "
        "FROM head WHERE station = ? AND number > ? AND number <= ? ORDER BY number",
        (station, known, end),
        execution_options={"yield_per": 10},
    )
    for number, clock, head, table, signature, digest, size in rows:
        told: dict[str, Any] = json.loads(head)
        yield _Head(number, clock, head, table, signature, digest, told.get("v", {}), int(size))


def _ends(connection: Connection) -> dict[str, int]:
    """The last entry of each chain that can be handed on: signed, and so are all that it knew."""
    ends = {station: _signed(connection, station, 1 << 62) for station in _stations(connection)}
    changed = True
    while changed:
        changed = False
        for station, end in ends.items():
            vector = connection.exec_driver_sql(
                "SELECT vector FROM head WHERE station = ? AND number = ?", (station, end)
            ).scalar()
            knew: dict[str, int] = json.loads(vector) if vector else {}
            if any(ends.get(other, 0) < number for other, number in knew.items()):
                ends[station] = _signed(connection, station, end)
                changed = True
    return ends


def _stations(connection: Connection) -> list[str]:
    return sorted(journal.position(connection))


def _signed(connection: Connection, station: str, before: int) -> int:
    return int(
        connection.exec_driver_sql(
            "SELECT max(number) FROM head "
            "WHERE station = ? AND number < ? AND signature IS NOT NULL",
            (station, before),
        ).scalar()
        or 0
    )


# -- attachments -------------------------------------------------------------------------------


def _with_files(
    connection: Connection,
    part: Slice | LateLeaves,
    place: Callable[[str], Path],
    packed: Packed,
) -> Iterator[Part]:
    """A part, the attachments that its leaves name before it."""
    if isinstance(part, LateLeaves):
        packed.leaves += len(part.leaves)
        named = _named_late(connection, part)
    else:
        packed.leaves += sum(len(each.leaves) for run in part.runs for each in run.entries)
        named = {digest for run in part.runs for digest in files_of(run)}
    for digest in sorted(named - packed.files):
        file = place(digest)
        if not file.is_file():
            continue  # not at this station either
        packed.files.add(digest)
        yield FileAnnounced(digest, file.stat().st_size)
        with file.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                yield FileData(chunk)
    yield part


def _named_late(connection: Connection, part: LateLeaves) -> set[str]:
    return {
        digest
        for leaf in part.leaves
        if (digest := digest_in(leaf.body))
        and connection.exec_driver_sql(
            "SELECT register FROM leaf WHERE station = ? AND number = ? AND position = ?",
            (leaf.station, leaf.number, leaf.position),
        ).scalar()
        == ATTACHMENT_CODE
    }


def files_of(run: Run) -> Iterator[str]:
    """Digests of the attachments that the records of a run name."""
    code = ATTACHMENT_CODE.encode().ljust(8, b"\0")
    for entry in run.entries:
        if code in entry.table:
            for at, (_, body) in entry.leaves.items():
                if entry.table[at * ROW + 3 : at * ROW + 11] == code and (found := digest_in(body)):
                    yield found


def digest_in(body: bytes) -> str:
    """The digest that a leaf names; empty where it names none."""
    if b'"digest":"' not in body:
        return ""
    writes: Any = (journal.content_of(body) or {}).get("w")
    digest: Any = cast("dict[str, Any]", writes).get("digest") if isinstance(writes, dict) else None
    return digest if isinstance(digest, str) and is_digest(digest) else ""
