"""One exchange with the hub: what each side lacks goes over, in slices that stand by themselves.

Nothing is marked as sent here. What the hub lacks is what its chains do not hold when it is asked:
so a cut connection, a push made twice, a hub put back to yesterday or a second hub lose nothing.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from prevention_app.catalogue.description import Catalogue
from prevention_app.errors import Refused
from prevention_app.storage import (
    arrivals,
    attachments,
    brought,
    erased_files,
    handed_out,
    hub_rights,
    journal,
    peers,
    station_keys,
    tables,
)
from prevention_app.storage.brought import Standing
from prevention_app.storage.engine import Connection, writing
from prevention_app.storage.entries import Entry
from prevention_app.storage.hub import (
    Class,
    End,
    Hub,
    Member,
    NamedBytes,
    NotTaken,
    NumberedEntry,
    Place,
    PlacedLeaf,
)
from prevention_app.storage.store import Store
from prevention_app.storage.verification import Verifier

SLICE: Final = 500
"""Entries of one transaction: whoever saves something here waits for no longer than that takes."""
SLICE_BYTES: Final = 8_000_000
_NAME: Final = "Base commune"
_MOST_TOLD: Final = 10_000
"""Absent leaves told to the hub: more say no more."""
LARGEST: Final = 64 << 20
"""Attachments that are larger stay where they are."""

Step = Callable[[int, int, str], None]
_Forked = dict[str, str]
"""Station → a sentence that says what is wrong with its chain."""


@dataclass(slots=True)
class Synced:
    """What one exchange did."""

    pulled: int = 0
    pushed: int = 0
    leaves_in: int = 0
    """Leaves that came after their entry."""
    leaves_out: int = 0
    kept_aside: int = 0
    """Entries of which something came that its writer had no right to write."""
    conflicts: int = 0
    """Values to settle that are new."""
    attachments_in: int = 0
    attachments_out: int = 0
    erased: int = 0
    """Leaves and attachments erased at the hub."""
    waiting: int = 0
    """Entries that wait for others that their writers knew."""
    wrong: list[str] = field(default_factory=list)
    """Sentences about chains that were not taken."""
    came_of: set[str] = field(default_factory=set)
    """Stations of whose chains something came."""
    stands: journal.Vector = field(default_factory=dict)
    """Where the workspace stood when it was pushed: what is written later is for the next time."""

    @property
    def changed_here(self) -> bool:
        """Whether anything came that a window would show."""
        return bool(self.pulled or self.leaves_in or self.attachments_in)


@dataclass(slots=True)
class HubSync:
    """The exchange of one workspace with one hub, over one connection."""

    store: Store
    hub: Hub
    step: Step
    settled: set[NamedBytes] = field(default_factory=set)
    """Attachments known to be on both sides since this connection was made."""
    _erases: bool = False
    """Whether this is an administrator's station, which lets erasures act at the hub."""

    def exchange(self) -> Synced:
        """Pull, push, and tell where this station stands."""
        done = Synced()
        me = self.hub.refuse_stranger()
        self._erases = bool(me.administers)
        with self.store.connecting() as connection:
            before = Standing.of(connection)
        ends = self.hub.ends()
        forked = self._forked(ends)
        forks = frozenset(forked)
        self._pull(ends, forked, done)
        self._push(self.hub.ends(), forked, done)
        classes = self.hub.classes(me.db_role)
        self._pull_leaves(classes, done)
        self._push_leaves(done)
        self._erase(done)
        self._exchange_attachments(done)
        hub_rights.tell_rights(self.store, self.hub, me)
        self._tell_state(me, classes)
        self._conclude(before, forked, forks, done)
        return done

    def _conclude(
        self, before: Standing, forked: _Forked, forks: Collection[str], done: Synced
    ) -> None:
        """Note at this station what came, and what is wrong."""
        names = {station: self._name_of(station) for station in forked}
        done.wrong += [f"{names[station]} : {why}" for station, why in forked.items()]
        states = self.hub.states()
        with self.store.connecting() as connection:
            came = brought.since(connection, before, done.came_of)
            done.conflicts, done.kept_aside = came.conflicts, came.kept_aside
            news = {
                station: state
                for station, state in states.items()
                if station != self.store.station
                and peers.known(connection, station) != (state.vector, state.absent)
            }
            if not (news or forked or done.changed_here):
                return
            with writing(connection):
                for station, why in forked.items():
                    kind = arrivals.FORK if station in forks else arrivals.CHAIN
                    arrivals.alarm(connection, kind, station, f"{names[station]} : {why}")
                for station, state in news.items():
                    peers.told(connection, station, state.vector, state.absent, state.told_at)
                if done.changed_here:
                    summary = came.summary(
                        _NAME,
                        new=done.pulled,
                        waiting=done.waiting,
                        attachments=done.attachments_in,
                    )
                    arrivals.note(connection, _NAME, "", summary)

    def _name_of(self, station: str) -> str:
        with self.store.reading() as read:
            known = station_keys.known(read.connection).get(station)
        return (
            f"Ordinateur « {known.name} » ({known.code})" if known else f"Ordinateur {station[:8]}"
        )

    # -- entries ---------------------------------------------------------------------------

    def _forked(self, ends: Mapping[str, End]) -> _Forked:
        """Chains that do not agree as far as both sides hold them."""
        found: _Forked = {}
        with self.store.reading() as read:
            for station, last in journal.position(read.connection).items():
                if station not in ends:
                    continue
                number = min(last, ends[station].last)
                here = read.connection.exec_driver_sql(
                    "SELECT hash FROM head WHERE station = ? AND number = ?", (station, number)
                ).scalar_one()
                there = (
                    ends[station].hash
                    if number == ends[station].last
                    else self.hub.hash_at(station, number)
                )
                if bytes(here) != there:
                    found[station] = (
                        "la base commune en tient une autre suite. La copie d’un espace de "
                        "travail a sans doute servi deux fois ; elle n’est pas échangée."
                    )
        return found

    def _pull(self, ends: Mapping[str, End], forked: _Forked, done: Synced) -> None:
        held = self.store.position()
        lacking = {
            station: held.get(station, 0)
            for station, end in ends.items()
            if end.last > held.get(station, 0) and station not in forked
        }
        done.came_of |= set(lacking)
        total = sum(ends[station].last - last for station, last in lacking.items())
        with self.store.reading() as read:
            verifier = Verifier(read.connection, lacking)
        # What waits for an entry of a later slice: clocks that run far ahead mix up the order.
        waiting: list[Entry] = []
        for some in self.hub.entries_after(lacking, SLICE, SLICE_BYTES):
            ready = waiting + [
                covered for each in some for covered in verifier.add(each.station, each.entry)
            ]
            received = self.store.receive(ready)
            done.pulled += received.new
            waiting = self._not_taken(ready) if received.waiting else []
            self.step(done.pulled, total, "Réception")
        done.waiting = len(waiting)
        for station, error in verifier.wrong.items():
            forked[station] = f"ses écritures n’ont pas été reprises. {error}"

    def _not_taken(self, ready: Sequence[Entry]) -> list[Entry]:
        position = self.store.position()
        return [
            each
            for each, head in ((each, json.loads(each.head)) for each in ready)
            if head["n"] > position.get(head["s"], 0)
        ]

    def _push(self, ends: Mapping[str, End], forked: _Forked, done: Synced) -> None:
        with self.store.reading() as read:
            connection = read.connection
            done.stands = journal.position(connection)
            handed_out.note(connection)
            ranges = {
                station: (ends[station].last if station in ends else 0, signed)
                for station, signed in _signed_ends(connection).items()
                if station not in forked
            }
            total = sum(max(0, until - after) for after, until in ranges.values())
            chains = [
                chain_entries(connection, station, after, until)
                for station, (after, until) in ranges.items()
                if until > after
            ]
            in_order = map(itemgetter(1), heapq.merge(*chains, key=itemgetter(0)))
            for some in _slices(in_order):
                done.pushed += self._push_slice(
                    [each for each in some if each.station not in forked], forked
                )
                self.step(done.pushed, total, "Envoi")

    def _push_slice(self, some: Sequence[NumberedEntry], forked: _Forked) -> int:
        """Push a slice; a chain that the hub does not take holds up no other.

        Returns how many entries were taken.
        """
        if not some:
            return 0
        try:
            with self.hub.transaction():
                self.hub.push(some)
        except NotTaken as error:
            chains = {
                each.station: [one for one in some if one.station == each.station] for each in some
            }
            if len(chains) > 1:
                return sum(self._push_slice(each, forked) for each in chains.values())
            forked[some[0].station] = f"ses écritures n’ont pas été remises. {error}"
            return 0
        return len(some)

    # -- leaves that come after their entry ------------------------------------------------

    def _pull_leaves(self, classes: set[Class], done: Synced) -> None:
        with self.store.reading() as read:
            places = self._absent(read.connection, classes)
        for some in _pieces(places):
            asked = set(some)
            found = [each for each in self.hub.leaves_at(some) if each[:3] in asked]
            if found:
                with self.store.reading() as read:
                    late = brought.late_entries(read.connection, found)
                self._receive_late(late, done)

    def _receive_late(self, late: Sequence[Entry], done: Synced) -> None:
        """Take in leaves that came after their entry; what is wrong in one holds up no other."""
        try:
            self.store.receive(late)
        except Refused as error:
            if len(late) > 1:
                for each in late:
                    self._receive_late([each], done)
            else:
                done.wrong.append(str(error))
        else:
            done.leaves_in += sum(len(each.leaves) for each in late)

    def _push_leaves(self, done: Synced) -> None:
        for some in _pieces(self.hub.gaps()):
            with self.store.reading() as read:
                found, gone = _leaves_here(read.connection, some)
            done.leaves_out += self.hub.push_leaves(found)
            for erased in gone if self._erases else ():
                self._erase_at_hub(erased, done)

    # -- erasures --------------------------------------------------------------------------

    def _erase(self, done: Synced) -> None:
        """What is erased here is erased there: a hub put back to yesterday may have it again."""
        if not self._erases:
            return
        with self.store.reading() as read:
            rows = read.connection.exec_driver_sql(
                "SELECT l.station, l.number, l.position FROM erasure e JOIN leaf l "
                "ON l.record = e.record AND l.kind = e.kind "
                "AND l.station = e.station AND l.number = e.number WHERE l.body IS NULL"
            )
            erased = [(str(station), int(number), int(at)) for station, number, at in rows]
        for some in _pieces(erased):
            for leaf in self.hub.leaves_at(some):
                self._erase_at_hub(leaf[:3], done)

    def _erase_at_hub(self, erased: Place, done: Synced) -> None:
        with self.store.reading() as read:
            eraser = _eraser_of(read.connection, erased)
        if eraser is not None:
            # Not allowed, or the erasure is not there yet: whoever may, or later.
            with contextlib.suppress(Refused):
                self.hub.erase(eraser, erased)
                done.erased += 1

    # -- attachments -----------------------------------------------------------------------

    def _exchange_attachments(self, done: Synced) -> None:
        with self.store.reading() as read:
            named = named_attachments(read.connection, self.store.catalogue) - self.settled
            erased = erased_files.digests(read.connection, self.store.catalogue)
        if erased:
            done.erased += self.hub.forget_attachments(sorted(erased))
            named = {each for each in named if each.digest not in erased}
        here = [each for each in named if attachments.place(self.store, each.digest).exists()]
        missing = sorted(named.difference(here), key=lambda each: each.digest)
        for each in self.hub.lacking_attachments(here):
            content = attachments.place(self.store, each.digest).read_bytes()
            if len(content) <= LARGEST:
                self.hub.push_attachment(each, content)
                done.attachments_out += 1
        self.settled.update(here)
        for each, size in self.hub.attachments_among(missing):
            if not 0 <= size <= LARGEST:
                continue
            arriving = attachments.Arriving(self.store, each.digest, size)
            try:
                for chunk in self.hub.attachment(each):
                    arriving.add(chunk)
                if not attachments.place(self.store, each.digest).exists():
                    raise Refused("Une pièce jointe de la base commune n’est pas entière.")
            except Refused as error:  # it is asked for again the next time
                done.wrong.append(str(error))
            else:
                done.attachments_in += 1
            finally:
                arriving.drop()

    # -- telling ---------------------------------------------------------------------------

    def _tell_state(self, me: Member, classes: set[Class]) -> None:
        if me.station != self.store.station:
            return
        absent: dict[str, list[tuple[int, int]]] = {}
        with self.store.reading() as read:
            for station, number, position in self._absent(read.connection, classes)[:_MOST_TOLD]:
                absent.setdefault(station, []).append((number, position))
            self.hub.tell_state(journal.position(read.connection), absent)

    @staticmethod
    def _absent(connection: Connection, classes: set[Class]) -> list[Place]:
        """Leaves that this station may see and lacks."""
        return [
            place
            for register, owner, kind in _absent_classes(connection)
            if (owner, register, kind) in classes
            for place in journal.absent(connection, register, owner, kind)
        ]


def named_attachments(connection: Connection, catalogue: Catalogue) -> set[NamedBytes]:
    """The files that records name, each in the class of the leaves of the record it belongs to.

    Where a register knows personal data, what is joined to its records counts as such.
    """
    found: set[NamedBytes] = set()
    rows = connection.exec_driver_sql(
        f'SELECT digest, _owner, of_register FROM "{tables.table_name(catalogue["attachment"])}" '
        "WHERE _deleted = 0 AND digest IS NOT NULL"
    )
    for digest, owner, key in rows:
        if key in catalogue:
            of = catalogue[key]
            kind = "n" if any(each.leaf == "n" for each in of.fields) else "p"
            found.add(NamedBytes(str(digest), str(owner), of.code, kind))
    edition = catalogue["reference_edition"]
    rows = connection.exec_driver_sql(
        f'SELECT digest, _owner FROM "{tables.table_name(edition)}" '
        "WHERE _deleted = 0 AND digest IS NOT NULL"
    )
    return found | {
        NamedBytes(str(digest), str(owner), edition.code, "p") for digest, owner in rows
    }


def chain_entries(
    connection: Connection, station: str, after: int, until: int
) -> Iterator[tuple[int, NumberedEntry]]:
    """(clock, entry) of a part of a chain, with all leaves held here."""
    heads = connection.execution_options(yield_per=100).exec_driver_sql(
        "SELECT number, clock, hash, head, leaf_table, signature FROM head "
        "WHERE station = ? AND number > ? AND number <= ? ORDER BY number",
        (station, after, until),
    )
    leaves = connection.execution_options(yield_per=SLICE).exec_driver_sql(
        "SELECT number, position, salt, body FROM leaf WHERE station = ? AND number > ? "
        "AND number <= ? AND body IS NOT NULL ORDER BY number, position",
        (station, after, until),
    )
    groups = itertools.groupby(leaves, key=itemgetter(0))
    group = next(groups, None)
    for number, clock, digest, head, table, signature in heads:
        held: dict[int, tuple[bytes, bytes]] = {}
        if group is not None and group[0] == number:
            held = {int(at): (salt, body) for _, at, salt, body in group[1]}
            group = next(groups, None)
        entry = Entry(head, table, signature, held)
        yield int(clock), NumberedEntry(station, number, digest, entry)


def _signed_ends(connection: Connection) -> dict[str, int]:
    """The last signed entry of each chain: up to there it may be handed on."""
    found = {
        station: connection.exec_driver_sql(
            "SELECT number FROM head WHERE station = ? AND signature IS NOT NULL "
            "ORDER BY number DESC LIMIT 1",
            (station,),
        ).scalar()
        for station in journal.position(connection)
    }
    return {station: int(number) for station, number in found.items() if number is not None}


def _slices(entries: Iterator[NumberedEntry]) -> Iterator[list[NumberedEntry]]:
    """Slices in which the last entry of each chain is signed."""
    taken: list[NumberedEntry] = []
    size = 0
    for each in entries:
        taken.append(each)
        size += len(each.entry.table) + sum(len(body) for _, body in each.entry.leaves.values())
        if len(taken) >= SLICE or size >= SLICE_BYTES:
            covered, taken = _covered(taken)
            size = 0
            if covered:
                yield covered
    if taken:
        yield taken


def _covered(
    entries: Sequence[NumberedEntry],
) -> tuple[list[NumberedEntry], list[NumberedEntry]]:
    """Those that a signature of their chain covers, and the rest."""
    signed = {each.station: each.number for each in entries if each.entry.signature is not None}
    covered = [each for each in entries if each.number <= signed.get(each.station, 0)]
    return covered, [each for each in entries if each.number > signed.get(each.station, 0)]


def _pieces(places: Sequence[Place]) -> Iterator[Sequence[Place]]:
    for start in range(0, len(places), SLICE):
        yield places[start : start + SLICE]


def _absent_classes(connection: Connection) -> list[tuple[str, str, str]]:
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT register, owner, kind FROM leaf WHERE body IS NULL AND erased IS NULL"
    )
    return [(str(register), str(owner), str(kind)) for register, owner, kind in rows]


def _leaves_here(
    connection: Connection, places: Sequence[Place]
) -> tuple[list[PlacedLeaf], list[Place]]:
    """Which of these leaves are here, and which were erased here."""
    found: list[PlacedLeaf] = []
    gone: list[Place] = []
    for place in places:
        row = connection.exec_driver_sql(
            "SELECT salt, body, erased FROM leaf WHERE station = ? AND number = ? AND position = ?",
            place,
        ).one_or_none()
        if row is not None and row[1] is not None:
            found.append(PlacedLeaf(*place, row[0], row[1]))
        elif row is not None and row[2] is not None:
            gone.append(place)
    return found, gone


def _eraser_of(connection: Connection, erased: Place) -> Place | None:
    """The erasure here that names this leaf."""
    rows = connection.exec_driver_sql(
        "SELECT e.station, e.number, e.position, e.body FROM leaf l "
        "JOIN leaf e ON e.record = l.record AND e.kind = l.kind "
        "WHERE l.station = ? AND l.number = ? AND l.position = ? AND e.body IS NOT NULL",
        erased,
    )
    for station, number, position, body in rows:
        content = journal.content_of(body) or {}
        if any((each[0], each[1]) == erased[:2] for each in content.get("e", ())):
            return str(station), int(number), int(position)
    return None
