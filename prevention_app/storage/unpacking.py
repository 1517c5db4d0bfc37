"""Taking in a package: verified whole before anything changes, then applied slice by slice.

Two readings of the same parts. The first changes nothing: every entry must follow from what is
here, every signature be right, every leaf be the one that its head names; what cannot be taken in
yet, because its causes are missing, waits. The second applies what the first found right, each
slice in one transaction: each leads to a state that stands by itself, so that whoever is
interrupted goes on by beginning again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from prevention_app.domain.package_parts import (
    FileAnnounced,
    FileData,
    LateLeaves,
    Manifest,
    PackedEntry,
    Part,
    Run,
    Slice,
)
from prevention_app.errors import NewerFormat, Refused
from prevention_app.storage import (
    arrivals,
    attachments,
    brought,
    entries,
    erased_files,
    journal,
    keys,
    peers,
    station_keys,
    well_formed,
)
from prevention_app.storage.brought import Standing
from prevention_app.storage.engine import Connection, writing
from prevention_app.storage.entries import Entry
from prevention_app.storage.packing import ATTACHMENT_CODE, digest_in, files_of
from prevention_app.storage.station_keys import STATION_CODE
from prevention_app.storage.store import Store

_NOTHING: Final = "Rien n’a été changé."
_NO_RUNS: Final[Mapping[int, bytes]] = {}
_CHANGED: Final = (
    "Ce fichier d’échange a changé pendant qu’il était lu : reprenez-le. Ce qui en a été reçu "
    "jusque-là était juste et reste."
)


class Fork(Refused):
    """Another history was signed under the identity of a station that is known here."""

    def __init__(self, station: str, name: str) -> None:
        """Say which station, in a sentence."""
        self.station = station
        super().__init__(
            f"L’ordinateur {name} a deux suites d’écritures différentes : la copie d’un espace de "
            f"travail a sans doute servi deux fois. {_NOTHING} Une alerte a été notée ; "
            "prévenez la personne qui administre les ordinateurs."
        )


@dataclass(slots=True)
class Plan:
    """What the first reading found: who sent it, and what of each slice can be applied."""

    manifest: Manifest
    new: int = 0
    known: int = 0
    waiting: int = 0
    leaves: int = 0
    files: int = 0
    runs: list[dict[int, bytes]] = field(default_factory=list)
    """Per slice: the places of the runs to apply, with what their chains end in."""
    wanted: set[str] = field(default_factory=set)
    """Digests of the attachments that what will be applied names."""

    @property
    def entries(self) -> int:
        """How many entries the package holds."""
        return self.new + self.known + self.waiting


@dataclass(frozen=True, slots=True)
class Applied:
    """What a package did."""

    sender: str
    name: str
    new: int
    known: int
    waiting: int
    kept_aside: int
    conflicts: int
    registers: Mapping[str, int]
    """Code of a register → how many of its records were touched."""


# -- the first reading -------------------------------------------------------------------------


def verify(store: Store, parts: Iterator[Part]) -> Plan:
    """Read a package to its end and say what would be applied; changes nothing.

    Raises Refused with the reason, NewerFormat, or Fork, of which an alarm is kept.
    """
    try:
        with store.reading() as read:
            return _Verifier(read.connection, parts).plan
    except Fork as fork:
        with store.connecting() as connection, writing(connection):
            arrivals.alarm(connection, arrivals.FORK, fork.station, str(fork))
        raise


@dataclass(frozen=True, slots=True, eq=False)
class _Examined:
    """A run whose chain was computed."""

    run: Run
    heads: Sequence[Mapping[str, Any]]
    hashes: Sequence[bytes]
    known: int
    """How many of its entries are here."""
    gap: bool
    """Entries before it are missing."""


class _Verifier:
    """The first reading."""

    def __init__(self, connection: Connection, parts: Iterator[Part]) -> None:
        self._connection = connection
        self._stations = station_keys.known(connection)
        self._public = {each: known.public for each, known in self._stations.items()}
        self._here = journal.position(connection)
        self._held = dict(self._here)
        self._hash: dict[str, bytes] = {}
        self._accepted: dict[tuple[str, int], bytes] = {}
        """Leaf tables of the last slice: what it left for later comes behind it."""
        self._tables: dict[tuple[str, int], bytes] = {}
        self._brought: set[str] = set()
        self._digest = hashlib.sha256()
        self._open: FileAnnounced | None = None
        self._left = 0
        first = next(parts)
        assert isinstance(first, Manifest)  # noqa: S101  (the reader sees to it)
        self.plan = Plan(first)
        for part in parts:
            self._take(part)
        self._end_of_file()
        self._refuse_unnamed()
        self._refuse_unknown_sender(first)

    def _take(self, part: Part) -> None:
        if not isinstance(part, FileData):
            self._end_of_file()
        match part:
            case Slice():
                self._slice(part)
            case LateLeaves():
                self._late(part)
            case FileAnnounced():
                self._announce(part)
            case FileData():
                self._data(part)
            case Manifest():
                raise Refused(f"Ce fichier d’échange est mal formé. {_NOTHING}")

    def _refuse_unknown_sender(self, manifest: Manifest) -> None:
        public = self._public.get(manifest.sender)
        if public is None:
            raise Refused(
                f"Ce fichier d’échange vient d’un ordinateur inconnu ici (« {manifest.name} »). "
                f"{_NOTHING}"
            )
        if not keys.verify(public, manifest.signed, manifest.signature):
            raise Refused(
                f"Ce fichier d’échange n’a pas été écrit par l’ordinateur qu’il nomme "
                f"(« {manifest.name} »). {_NOTHING}"
            )

    # -- slices --

    def _slice(self, part: Slice) -> None:
        self._accepted.clear()
        examined: list[_Examined] = []
        for run in part.runs:
            if any(each.run.station == run.station for each in examined):
                raise _altered(self._name(run.station))
            examined.append(self._examine(run))
        ready = _ready([each for each in examined if not each.gap], self._held)
        places: dict[int, bytes] = {}
        named: set[str] = set()
        for place, each in enumerate(examined):
            count = len(each.run.entries)
            self.plan.leaves += sum(len(entry.leaves) for entry in each.run.entries)
            self.plan.known += each.known
            named |= set(files_of(each.run))
            if each in ready:
                places[place] = each.hashes[-1]
                self._accept(each)
            else:
                self.plan.waiting += count - each.known
        self._name_files(named)
        self.plan.runs.append(places)

    def _examine(self, run: Run) -> _Examined:
        heads = [
            self._head(run, number, each) for number, each in enumerate(run.entries, run.first)
        ]
        gap = run.first > self._held.get(run.station, 0) + 1
        public = self._public.get(run.station) or (_key_told(run) if run.first == 1 else "")
        if not public:
            if gap:  # the entry that tells the key is missing too
                return _Examined(run, heads, (), 0, gap)
            raise Refused(
                "Ce fichier d’échange contient des écritures d’un ordinateur dont la clé n’est pas "
                f"connue ici : elles ne peuvent pas être vérifiées. {_NOTHING}"
            )
        hashes = _hashes(run)
        if not keys.verify(public, hashes[-1], run.signature):
            raise _altered(self._name(run.station))
        self._public.setdefault(run.station, public)
        if gap:
            return _Examined(run, heads, hashes, 0, gap)
        known = self._compare(run, hashes)
        return _Examined(run, heads, hashes, known, gap)

    def _compare(self, run: Run, hashes: Sequence[bytes]) -> int:
        """How many entries of a run are here; raises Fork where they are others."""
        if run.first <= self._held.get(run.station, 0) and run.station in self._hash:
            raise _altered(self._name(run.station))  # twice in one package
        before = self._hash.get(run.station) or _hash_at(
            self._connection, run.station, run.first - 1
        )
        if before != run.before:
            raise Fork(run.station, self._name(run.station))
        held = self._connection.exec_driver_sql(
            "SELECT hash FROM head WHERE station = ? AND number BETWEEN ? AND ? ORDER BY number",
            (run.station, run.first, run.last),
        ).scalars()
        known = 0
        for here, there in zip(held, hashes, strict=False):
            if bytes(here) != there:
                raise Fork(run.station, self._name(run.station))
            known += 1
        return known

    def _accept(self, each: _Examined) -> None:
        run = each.run
        self.plan.new += len(run.entries) - each.known
        self.plan.wanted |= set(files_of(run))
        if run.last > self._held.get(run.station, 0):
            self._held[run.station] = run.last
            self._hash[run.station] = each.hashes[-1]
        for number, entry in enumerate(run.entries, run.first):
            self._accepted[run.station, number] = entry.table

    def _head(self, run: Run, number: int, entry: PackedEntry) -> dict[str, Any]:
        told = well_formed.head_in(entry.head)
        if told is not None and told["f"] > entries.FORMAT:
            raise NewerFormat(
                "Ces écritures viennent d’une version plus récente du programme. Mettez le "
                f"programme à jour, puis reprenez ce fichier. {_NOTHING}"
            )
        if told is None or (told["s"], told["n"]) != (run.station, number):
            raise _malformed(self._name(run.station))
        try:
            rows = entries.read_table(entry.table)
        except ValueError as error:
            raise _malformed(self._name(run.station)) from error
        for at, (_, body) in entry.leaves.items():
            if well_formed.leaf_in(body, rows[at]) is None:
                raise _malformed(self._name(run.station))
        return told

    def _name(self, station: str) -> str:
        known = self._stations.get(station)
        return f"« {known.name} » ({known.code})" if known else f"« {station[:8]} »"

    # -- late leaves --

    def _late(self, part: LateLeaves) -> None:
        named: set[str] = set()
        for leaf in part.leaves:
            table = self._table_of(leaf.station, leaf.number)
            self.plan.leaves += 1
            if table is None:
                named |= {digest_in(leaf.body)}
                continue  # its head is missing, or waits
            row = _row_at(table, leaf.position)
            digest = entries.leaf_digest(leaf.salt, leaf.body)
            if row is None or row.digest != digest or not well_formed.leaf_in(leaf.body, row):
                raise _altered(self._name(leaf.station))
            if row.register == ATTACHMENT_CODE and (file := digest_in(leaf.body)):
                named.add(file)
                self.plan.wanted.add(file)
        self._name_files(named)

    def _table_of(self, station: str, number: int) -> bytes | None:
        if (station, number) in self._accepted:
            return self._accepted[station, number]
        if (station, number) not in self._tables:
            table = self._connection.exec_driver_sql(
                "SELECT leaf_table FROM head WHERE station = ? AND number = ?", (station, number)
            ).scalar()
            if table is None:
                return None
            if len(self._tables) > 100:
                self._tables.clear()
            self._tables[station, number] = bytes(table)
        return self._tables[station, number]

    # -- attachments --

    def _announce(self, part: FileAnnounced) -> None:
        self._open, self._left = part, part.size
        self._digest = hashlib.sha256()

    def _data(self, part: FileData) -> None:
        self._left -= len(part.chunk)
        if self._open is None or self._left < 0:
            raise _wrong_file()
        self._digest.update(part.chunk)

    def _end_of_file(self) -> None:
        if self._open is None:
            return
        if self._left or self._digest.hexdigest() != self._open.digest:
            raise _wrong_file()
        self._brought.add(self._open.digest)
        self.plan.files += 1
        self._open = None

    def _name_files(self, named: set[str]) -> None:
        self._brought -= named
        self._refuse_unnamed()

    def _refuse_unnamed(self) -> None:
        if self._brought:
            raise Refused(
                "Ce fichier d’échange contient une pièce jointe qu’aucune fiche ne nomme : il est "
                f"refusé. {_NOTHING}"
            )


def _altered(name: str) -> Refused:
    return Refused(
        f"Des écritures de l’ordinateur {name} ont été altérées en chemin : leur signature ne "
        f"correspond pas. {_NOTHING}"
    )


def _malformed(name: str) -> Refused:
    return Refused(f"Des écritures de l’ordinateur {name} sont mal formées. {_NOTHING}")


def _wrong_file() -> Refused:
    return Refused(
        f"Une pièce jointe de ce fichier d’échange ne correspond pas à son empreinte. {_NOTHING}"
    )


def _hashes(run: Run) -> list[bytes]:
    found: list[bytes] = []
    last = run.before
    for entry in run.entries:
        last = entries.chain_hash(last, entry.head, entry.table)
        found.append(last)
    return found


def _hash_at(connection: Connection, station: str, number: int) -> bytes:
    if not number:
        return entries.FIRST_HASH
    return bytes(
        connection.exec_driver_sql(
            "SELECT hash FROM head WHERE station = ? AND number = ?", (station, number)
        ).scalar_one()
    )


def _row_at(table: bytes, position: int) -> entries.Row | None:
    row = table[position * entries.ROW : (position + 1) * entries.ROW]
    return entries.read_table(row)[0] if len(row) == entries.ROW else None


def _key_told(run: Run) -> str:
    """The key that the beginning of a chain tells of its own station."""
    code = STATION_CODE.encode().ljust(8, b"\0")
    for entry in run.entries:
        if code in entry.table:
            for _, body in entry.leaves.values():
                public = station_keys.key_in(journal.content_of(body), run.station)
                if public:
                    return public
    return ""


def _ready(examined: list[_Examined], held: Mapping[str, int]) -> list[_Examined]:
    """The runs that can be applied whole: all that their writers knew is here or among them."""
    while True:
        left = dict(_in_order(examined, held))
        whole = [each for each in examined if left.get(each.run.station) == each.run.last]
        if len(whole) == len(examined):
            return whole
        examined = whole


def _in_order(examined: Sequence[_Examined], held: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """(station, number) of the entries in an order in which each finds its causes."""
    have = dict(held)
    at = [0] * len(examined)
    moving = True
    while moving:
        moving = False
        for place, each in enumerate(examined):
            station, first = each.run.station, each.run.first
            while at[place] < len(each.heads):
                told = each.heads[at[place]].get("v", {})
                if any(have.get(other, 0) < number for other, number in told.items()):
                    break
                number = first + at[place]
                have[station] = max(have.get(station, 0), number)
                at[place] += 1
                moving = True
                yield station, number


# -- the second reading ------------------------------------------------------------------------


def apply(store: Store, plan: Plan, parts: Iterator[Part], source: str) -> Applied:
    """Apply what `verify` found right; `source` is what the arrival is noted under.

    Where reading the parts ends early, what was applied by then stays, and the rest comes when the
    same package is applied again.
    """
    return _Applier(store, plan).apply(parts, source)


class _Applier:
    """The second reading."""

    def __init__(self, store: Store, plan: Plan) -> None:
        self._store = store
        self._plan = plan
        self._slices: Iterator[Mapping[int, bytes]] = iter(plan.runs)
        self._new = 0
        self._came = False
        self._came_of: set[str] = set()
        self._file: attachments.Arriving | None = None
        self._keeping = False
        with store.reading() as read:
            self._erased = erased_files.digests(read.connection, read.catalogue)

    def apply(self, parts: Iterator[Part], source: str) -> Applied:
        with self._store.connecting() as connection:
            before = Standing.of(connection)
        try:
            for part in parts:
                self._take(part)
        finally:
            if self._file is not None:
                self._file.drop()
        with self._store.connecting() as connection, writing(connection):
            return self._conclude(connection, before, source)

    def _take(self, part: Part) -> None:
        match part:
            case Slice():
                self._receive(list(self._entries_of(part, next(self._slices, _NO_RUNS))))
            case LateLeaves():
                self._receive(self._late_entries(part))
            case FileAnnounced():
                self._keeping = part.digest in self._plan.wanted - self._erased
                if self._keeping:
                    self._file = attachments.Arriving(self._store, part.digest, part.size)
            case FileData():
                if self._keeping and self._file is not None:
                    self._file.add(part.chunk)
            case Manifest():
                pass

    def _receive(self, incoming: Sequence[Entry]) -> None:
        if incoming:
            done = self._store.receive(incoming)
            self._new += done.new
            self._came = self._came or bool(done.new or done.touched)

    def _entries_of(self, part: Slice, places: Mapping[int, bytes]) -> Iterator[Entry]:
        runs = [part.runs[place] for place in places if place < len(part.runs)]
        self._came_of |= {run.station for run in runs}
        if [_hashes(run)[-1] for run in runs] != [*places.values()]:
            raise Refused(_CHANGED)
        examined = [
            _Examined(run, [_head_of(each) for each in run.entries], (), 0, gap=False)
            for run in runs
        ]
        by_station = {run.station: run for run in runs}
        with self._store.reading() as read:
            held = read.at.vector
            lacking = {run.station: _lacking(read.connection, run) for run in runs}
        # Each entry of this station is signed here.
        own = by_station.get(self._store.station)
        signatures = [self._store.key.sign(each) for each in _hashes(own)] if own else []
        for station, number in _in_order(examined, held):
            run = by_station[station]
            entry = run.entries[number - run.first]
            leaves = entry.leaves
            if number <= held.get(station, 0):
                lacked = lacking[station].get(number, ())
                leaves = {at: leaf for at, leaf in leaves.items() if at in lacked}
                if not leaves:
                    continue
            signature = run.signature if number == run.last else None
            if run is own:
                signature = signatures[number - run.first]
            yield Entry(entry.head, entry.table, signature, leaves)

    def _late_entries(self, part: LateLeaves) -> list[Entry]:
        with self._store.reading() as read:
            return brought.late_entries(
                read.connection,
                ((e.station, e.number, e.position, e.salt, e.body) for e in part.leaves),
            )

    def _conclude(self, connection: Connection, before: Standing, source: str) -> Applied:
        manifest, plan = self._plan.manifest, self._plan
        came = brought.since(connection, before, self._came_of)
        if manifest.sender != self._store.station:
            peers.told(connection, manifest.sender, manifest.vector, manifest.absent, manifest.at)
        if self._came:
            summary = came.summary(
                manifest.name, new=self._new, waiting=plan.waiting, attachments=len(plan.wanted)
            )
            arrivals.note(connection, source, manifest.sender, summary)
        return Applied(
            manifest.sender,
            manifest.name,
            self._new,
            plan.entries - plan.waiting - self._new,
            plan.waiting,
            came.kept_aside,
            came.conflicts,
            came.registers,
        )


def _lacking(connection: Connection, run: Run) -> dict[int, set[int]]:
    """Number → positions of the leaves that are absent here of entries that are here."""
    found: dict[int, set[int]] = {}
    rows = connection.exec_driver_sql(
        "SELECT number, position FROM leaf WHERE station = ? AND number BETWEEN ? AND ? "
        "AND body IS NULL AND erased IS NULL",
        (run.station, run.first, run.last),
    )
    for number, position in rows:
        found.setdefault(int(number), set()).add(int(position))
    return found


def _head_of(entry: PackedEntry) -> Mapping[str, Any]:
    return journal.content_of(entry.head) or {}
