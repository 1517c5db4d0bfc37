"""Entries as columns: what is alike stands together, so that it compresses; written back exactly.

Whatever can be told from what stands before is left out: numbers that follow, digests of leaves
that travel, ids written as text. An entry whose bytes would not come back exactly is kept as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from prevention_app.domain.package_parts import LateLeaf, LateLeaves, PackedEntry, Run, Slice
from prevention_app.errors import UnreadableFile

MOST_BYTES: Final = 32 << 20
"""What one frame may hold when unpacked."""
_MOST_NUMBERS: Final = 4 << 20
"""What one column of numbers may hold: as many numbers at most."""
_MOST_ENTRIES: Final = 50_000
_MOST_RUNS: Final = 5_000

_ROW: Final = 44
_CLASS: Final = 12
_SALT: Final = 16
_DIGEST: Final = 32
_SIGNATURE: Final = 64
_MARK: Final = b"\x01"
"""Stands in a body where an id stood; JSON holds no such byte."""
_ID: Final = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KINDS: Final = (b"p", b"t", b"n")
_COUNTED: Final = ("runs", "heads", "clocks", "ticks", "moved", "rows", "lengths", "named")
_BYTES: Final = ("classes", "raw", *(f"bodies_{kind.decode()}" for kind in _KINDS))
_PLANES: Final = ("ids",)
_STORED: Final = ("chance",)
_COLUMNS: Final = (*_COUNTED, *_BYTES, *_PLANES, *_STORED)


_EXPECTED: Final = (
    b'{"_deleted":true,"_deleted":false,"_reason":"","same_as":"\x01","comment":"","remarks":"",'
    b'"status":"open","due_on":"202","done_on":"202","site":"\x01","org_unit":"\x01",'
    b'"work_unit":"\x01","last_name":"","first_name":"","description":"","observation":"",'
    b'"m":"undo","o":{"s":"\x01","u":"\x01"},"r":"\x01","u":,"w":{"m":"Supprimer","w":{}}'
    b'{"c":1,"m":"Ajouter","o":{"u":"\x01"},"r":"\x01","w":{"name":"'
    b'{"o":{"s":"\x01","u":"\x01"},"r":"\x01","w":{"'
    b'{"m":"Modifier","o":{"s":"\x01"},"r":"\x01","w":{}}'
    b'{"m":"Modifier","r":"\x01","w":{"name":"'
)
"""How bodies are likely to look; part of the format."""


def encode_slice(part: Slice, stations: Sequence[str]) -> bytes:
    """A slice as columns; `stations` are those that it may name, in an order both sides know."""
    writer = _Writer(stations)
    for run in part.runs:
        writer.run(run)
    return writer.packed()


def decode_slice(packed: bytes, stations: Sequence[str]) -> Slice:
    """A slice as it was; raises UnreadableFile for what cannot have been written by us."""
    reader = _Reader(packed, stations)
    count = reader.next("runs")
    if count > _MOST_RUNS:
        raise too_much()
    runs = [reader.run() for _ in range(count)]
    reader.at_end()
    return Slice(runs)


def encode_late(part: LateLeaves, stations: Sequence[str]) -> bytes:
    """Leaves that come after their heads, as columns."""
    writer = _Writer(stations)
    writer.late(part.leaves)
    return writer.packed()


def decode_late(packed: bytes, stations: Sequence[str]) -> LateLeaves:
    """Late leaves as they were."""
    reader = _Reader(packed, stations)
    leaves = reader.late()
    reader.at_end()
    return LateLeaves(leaves)


# -- writing -----------------------------------------------------------------------------------


class _Writer:
    """Gathers the columns of one frame."""

    def __init__(self, stations: Sequence[str]) -> None:
        self._places = {station: place for place, station in enumerate(stations)}
        self._columns = {name: bytearray() for name in _COLUMNS}
        self._ids: dict[bytes, int] = {}
        self._classes: dict[bytes, int] = {}
        self._seen: dict[str, int] = {}
        self._runs = 0
        self._late = 0

    def run(self, run: Run) -> None:
        self._runs += 1
        self._count("heads", self._places[run.station])
        self._count("heads", run.first)
        self._count("heads", len(run.entries))
        if run.first > 1:
            self._columns["chance"] += run.before
        self._columns["chance"] += run.signature
        clock = 0
        for number, entry in enumerate(run.entries, run.first):
            clock = self._head(run.station, number, entry.head, clock)
            self._leaf_table(entry)

    def late(self, leaves: Sequence[LateLeaf]) -> None:
        """Leaves with their places, in order."""
        number = 0
        for leaf in leaves:
            self._late += 1
            self._count("heads", self._places[leaf.station])
            self._count("clocks", _zigzag(leaf.number - number))
            self._count("rows", leaf.position)
            number = leaf.number
            self._leaf(b"p", leaf.salt, leaf.body)

    def packed(self) -> bytes:
        """All columns, each compressed apart where that makes it shorter."""
        count = bytearray()
        _put(count, self._runs or self._late)
        self._columns["runs"] = count
        ids = b"".join(self._ids)
        self._columns["ids"] = bytearray(b"".join(ids[at::16] for at in range(16)))
        out = bytearray()
        for name in _COLUMNS:
            plain = bytes(self._columns[name])
            deflated = b"" if name in _STORED else deflate(plain, _expected(name))
            short = bool(deflated) and len(deflated) < len(plain)
            _put(out, (len(deflated if short else plain) << 1) | short)
            out += deflated if short else plain
        return bytes(out)

    def _count(self, column: str, value: int) -> None:
        _put(self._columns[column], value)

    def _head(self, station: str, number: int, head: bytes, clock: int) -> int:
        told = _told(head)
        if told is None or not self._is_plain(station, number, head, told):
            self._count("moved", 1)
            self._count("lengths", len(head))
            self._columns["raw"] += head
            return clock
        moved: dict[str, int] = told.get("v", {})
        self._count("moved", (len(moved) + 1) << 1)
        self._id(told["a"].encode())
        now = int(told["t"])
        self._count("clocks", _zigzag((now >> 16) - clock))
        self._count("ticks", now & 0xFFFF)
        for other, known in moved.items():
            self._count("moved", self._places[other])
            self._count("moved", _zigzag(known - self._seen.get(other, 0)))
            self._seen[other] = known
        return now >> 16

    def _is_plain(self, station: str, number: int, head: bytes, told: Mapping[str, Any]) -> bool:
        """Whether the head comes back byte for byte from what is kept of it."""
        try:
            author, clock = str(told["a"]), int(told["t"])
            moved = {str(other): int(known) for other, known in told.get("v", {}).items()}
        except (KeyError, TypeError, ValueError, AttributeError):
            return False
        return (
            0 <= clock < 1 << 63
            and _ID.fullmatch(author.encode()) is not None
            and all(other in self._places and abs(n) < 1 << 53 for other, n in moved.items())
            and _head_of(station, number, author, clock, moved) == head
        )

    def _leaf_table(self, entry: PackedEntry) -> None:
        rows = len(entry.table) // _ROW
        self._count("lengths", rows)
        for at in range(rows):
            row = entry.table[at * _ROW : (at + 1) * _ROW]
            kept = row[:_CLASS]
            place = self._classes.get(kept)
            if place is None:
                place = self._classes[kept] = len(self._classes)
                self._columns["classes"] += kept
            leaf = entry.leaves.get(at)
            self._count("rows", (place << 1) | (leaf is not None))
            if leaf is None:
                self._columns["chance"] += row[_CLASS:]
            else:
                self._leaf(kept[-1:], *leaf)

    def _leaf(self, kind: bytes, salt: bytes, body: bytes) -> None:
        self._columns["chance"] += salt
        column = f"bodies_{kind.decode()}"
        pieces: list[bytes] = []
        done = 0
        for found in _ID.finditer(body):
            pieces += (body[done : found.start()], _MARK)
            self._id(found[0])
            done = found.end()
        pieces.append(body[done:])
        cut = b"".join(pieces)
        self._count("lengths", len(cut))
        self._columns[column] += cut

    def _id(self, text: bytes) -> None:
        raw = bytes.fromhex(text.replace(b"-", b"").decode())
        place = self._ids.get(raw)
        self._count("named", 0 if place is None else place + 1)
        if place is None:
            self._ids[raw] = len(self._ids)


def _expected(column: str) -> bytes:
    return _EXPECTED if column.startswith("bodies") else b""


def _told(head: bytes) -> dict[str, Any] | None:
    try:
        told: Any = json.loads(head)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", told) if isinstance(told, dict) else None


def _head_of(station: str, number: int, author: str, clock: int, moved: Mapping[str, int]) -> bytes:
    """The bytes of a head of format 1."""
    head: dict[str, Any] = {"s": station, "n": number, "t": str(clock), "f": 1, "a": author}
    if moved:
        head["v"] = dict(moved)
    return json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# -- reading -----------------------------------------------------------------------------------


class _Reader:
    """Takes the columns of one frame apart, believing nothing."""

    def __init__(self, packed: bytes, stations: Sequence[str]) -> None:
        self._stations = stations
        self._columns: dict[str, memoryview] = {}
        self._at = dict.fromkeys(_COLUMNS, 0)
        self._ids: list[str] = []
        self._named = 0
        self._seen: dict[str, int] = {}
        self._entries = 0
        self._split(packed)

    def _split(self, packed: bytes) -> None:
        at = total = 0
        for name in _COLUMNS:
            told, at = _take(packed, at)
            size, short = told >> 1, told & 1
            column = packed[at : at + size]
            if len(column) != size:
                raise unreadable()
            at += size
            most = MOST_BYTES - total
            if name in _COUNTED:
                most = min(most, _MOST_NUMBERS)
            if short and name in _STORED:
                raise unreadable()
            plain = inflate(column, most, _expected(name)) if short else column
            if len(plain) > most:
                raise too_much()
            total += len(plain)
            self._columns[name] = memoryview(plain)
        if at != len(packed):
            raise unreadable()
        planes = len(self._columns["ids"])
        if planes % 16:
            raise unreadable()
        self._id_count = planes // 16
        self._at["ids"] = planes

    def next(self, column: str) -> int:
        """The next number of a column."""
        value, self._at[column] = _take(self._columns[column], self._at[column])
        return value

    def run(self) -> Run:
        """The next run."""
        station = self._station("heads")
        first, count = self.next("heads"), self.next("heads")
        self._entries += count
        if not 0 < first < 1 << 53 or not count:
            raise unreadable()
        if self._entries > _MOST_ENTRIES:
            raise too_much()
        before = self._bytes("chance", _DIGEST) if first > 1 else bytes(_DIGEST)
        signature = self._bytes("chance", _SIGNATURE)
        found: list[PackedEntry] = []
        clock = 0
        for number in range(first, first + count):
            head, clock = self._head(station, number, clock)
            table, leaves = self._leaf_table()
            found.append(PackedEntry(head, table, leaves))
        return Run(station, first, before, found, signature)

    def late(self) -> list[LateLeaf]:
        """All late leaves of the frame."""
        found: list[LateLeaf] = []
        number = 0
        for _ in range(self.next("runs")):
            station = self._station("heads")
            number += _unzigzag(self.next("clocks"))
            position = self.next("rows")
            salt, body = self._leaf(b"p")
            found.append(LateLeaf(station, number, position, salt, body))
        return found

    def at_end(self) -> None:
        """Refuse what holds more than was told."""
        if self._named != self._id_count or any(
            self._at[name] != len(column) for name, column in self._columns.items()
        ):
            raise unreadable()

    def _head(self, station: str, number: int, clock: int) -> tuple[bytes, int]:
        form = self.next("moved")
        if form == 1:
            return self._bytes("raw", self.next("lengths")), clock
        if form & 1 or not form:
            raise unreadable()
        author = self._id()
        clock += _unzigzag(self.next("clocks"))
        now = (clock << 16) | self.next("ticks")
        moved: dict[str, int] = {}
        for _ in range((form >> 1) - 1):
            other = self._station("moved")
            moved[other] = self._seen.get(other, 0) + _unzigzag(self.next("moved"))
            self._seen[other] = moved[other]
        return _head_of(station, number, author, now, moved), clock

    def _leaf_table(self) -> tuple[bytes, dict[int, tuple[bytes, bytes]]]:
        rows = self.next("lengths")
        table = bytearray()
        leaves: dict[int, tuple[bytes, bytes]] = {}
        for at in range(rows):
            told = self.next("rows")
            kept = self._class(told >> 1)
            if told & 1:
                leaves[at] = self._leaf(kept[-1:])
                table += kept + hashlib.sha256(b"".join(leaves[at])).digest()
            else:
                table += kept + self._bytes("chance", _DIGEST)
        return bytes(table), leaves

    def _class(self, place: int) -> bytes:
        kept = bytes(self._columns["classes"][place * _CLASS : (place + 1) * _CLASS])
        if len(kept) != _CLASS or kept[-1:] not in _KINDS or not kept.isascii():
            raise unreadable()
        self._at["classes"] = max(self._at["classes"], (place + 1) * _CLASS)
        return kept

    def _leaf(self, kind: bytes) -> tuple[bytes, bytes]:
        salt = self._bytes("chance", _SALT)
        cut = self._bytes(f"bodies_{kind.decode()}", self.next("lengths"))
        first, *rest = cut.split(_MARK)
        pieces = [first]
        for each in rest:
            pieces += (self._id().encode(), each)
        return salt, b"".join(pieces)

    def _id(self) -> str:
        place = self.next("named")
        if not place:
            place = self._named = self._named + 1
        if place > self._named or place > self._id_count:
            raise unreadable()
        if place > len(self._ids):
            text = bytes(self._columns["ids"][place - 1 :: self._id_count]).hex()
            self._ids.append("-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:])))
        return self._ids[place - 1]

    def _station(self, column: str) -> str:
        place = self.next(column)
        if place >= len(self._stations):
            raise unreadable()
        return self._stations[place]

    def _bytes(self, column: str, size: int) -> bytes:
        at = self._at[column]
        found = bytes(self._columns[column][at : at + size])
        if len(found) != size:
            raise unreadable()
        self._at[column] = at + size
        return found


def unreadable() -> UnreadableFile:
    """What is said of bytes that we did not write."""
    return UnreadableFile(
        "Ce fichier d’échange est abîmé ou n’a pas été écrit par ce programme. "
        "Rien n’a été changé ; demandez qu’on vous l’envoie à nouveau."
    )


def too_much() -> UnreadableFile:
    """What is said of bytes that unpack to more than we ever write."""
    return UnreadableFile(
        "Ce fichier d’échange gonfle démesurément quand on l’ouvre : il est refusé. "
        "Rien n’a été changé."
    )


# -- numbers and compression -------------------------------------------------------------------


def _put(out: bytearray, value: int) -> None:
    """A number in as few bytes as it needs, seven bits in each."""
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _take(column: bytes | memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(column) and shift < 70:
        byte = column[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise unreadable()


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _unzigzag(value: int) -> int:
    return -((value + 1) >> 1) if value & 1 else value >> 1


def deflate(plain: bytes, expected: bytes = b"") -> bytes:
    """Bytes made shorter, without the marks that a file of its own would need.

    What is `expected` in them costs next to nothing; whoever unpacks must expect the same.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=expected)
    return packer.compress(plain) + packer.flush()


def inflate(packed: bytes, most: int, expected: bytes = b"") -> bytes:
    """What was deflated, refused as soon as it grows beyond `most` bytes."""
    opener = zlib.decompressobj(-15, zdict=expected)
    try:
        plain = opener.decompress(packed, most + 1)
    except zlib.error as error:
        raise unreadable() from error
    if len(plain) > most:
        raise too_much()
    if not opener.eof or opener.unused_data or opener.unconsumed_tail:
        raise unreadable()
    return plain
