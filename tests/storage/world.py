"""Several stations that write and tell each other, each beside what the oracle says it holds.

Every act is done twice: with a real workspace, and in sets of explicit facts (`oracle.py`). What
the workspace then shows must be what the oracle makes of the facts.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from prevention_app import paths
from prevention_app.catalogue.description import Record
from prevention_app.catalogue.values import fold
from prevention_app.errors import Refused
from prevention_app.services import backups
from prevention_app.storage import journal
from prevention_app.storage.entries import Entry
from prevention_app.storage.query import Query
from prevention_app.storage.search import Within
from prevention_app.storage.store import Store
from prevention_app.storage.verify import verify_chains, verify_replay
from tests import circle
from tests.storage import oracle
from tests.storage.oracle import DELETED, ERASED, REASON, Copy, Fact, Key, Place
from tests.storage.rights_facts import SHARED, RightsFacts
from tests.storage.stored_bytes import check_chains, dump, keys_of, place_of, read_table
from tests.storage.world_registers import (
    REGISTERS,
    SAME_AS,
    SEARCHED,
    SYSTEM_CODES,
    TEXTS,
    Register,
    Stored,
    small_catalogue,
    stored,
)

YEAR_MS = 31_557_600_000
START_MS = 1_790_000_000_000


@dataclass
class Form:
    """A record as it was read, with what was on the screen."""

    record: Record
    screen: frozenset[Key]
    shown: Mapping[str, Stored]
    withheld: frozenset[str]


@dataclass
class Draft:
    """What one leaf of a change about to be written should hold."""

    values: dict[str, Stored] = field(default_factory=dict)
    seen: dict[str, frozenset[Place]] = field(default_factory=dict)
    creates: bool = False
    erases: frozenset[Place] = frozenset()


Drafts = dict[tuple[str, str], Draft]
"""(record, kind) → the leaf expected."""


@dataclass
class Station:
    """A workspace, and the explicit sets of what it holds."""

    store: Store
    departments: tuple[str, ...]
    clock_offset: int = 0
    entries: dict[str, int] = field(default_factory=dict)
    delivered: set[Key] = field(default_factory=set)
    forms: list[Form] = field(default_factory=list)
    undoes: dict[int, int | None] = field(default_factory=dict)
    undos: set[int] = field(default_factory=set)
    code: str = ""
    alone: bool = False
    """It follows a key of its own still, and so counts all that it wrote."""
    named: frozenset[Key] = frozenset()
    """Leaves that an erasure which counts here names."""
    state: dict[Key, Copy] = field(default_factory=dict)
    """What counts here: what is shown follows from it."""

    @property
    def id(self) -> str:
        return self.store.station


@dataclass
class Parcel:
    """An entry as it was handed on: which of its leaves came along."""

    place: Place
    entry: Entry


class World:
    """The stations, and every leaf that any of them wrote."""

    def __init__(self, folder: Path, chance: Random) -> None:
        self.folder = folder / "ordinateurs"
        self.post = folder / "fichiers"
        for each in (self.folder, self.post):
            each.mkdir()
        self.chance = chance
        self.stations: list[Station] = []
        self.facts: dict[Key, Fact] = {}
        self.knew: dict[Place, dict[str, int]] = {}
        self.undone: dict[Place, int | None] = {}
        self.entries: dict[Place, Entry] = {}
        """Every entry as its writer signed it."""
        self.rights = RightsFacts()
        self.owners: dict[str, tuple[Register, str]] = {}
        self.shipped: dict[str, dict[str, Stored]] = {}
        self.enough = chance.randint(4, 9)
        """Records at most: on few of them, stations cross each other often."""
        self.words = 0
        self.now_ms = START_MS
        self.offset = 0
        self.posted: list[Any] = []
        """Files on their way."""
        self.late_parcels: list[tuple[Station, list[Parcel]]] = []
        for each in REGISTERS.values():
            if each.shipped:
                file = paths.resource("reference") / f"{each.key}.json"
                for row in json.loads(file.read_text(encoding="utf-8"))["records"][:2]:
                    self.owners[row["id"]] = (each, "3D")
                    self.shipped[row["id"]] = row["values"]

    @contextlib.contextmanager
    def clock(self) -> Iterator[None]:
        """Keeps the stations' clocks as the tests want them; backups have tests of their own."""
        told = SimpleNamespace(time_ns=lambda: (self.now_ms + self.offset) * 1_000_000)
        with patch.object(journal, "time", told), patch.object(backups, "before_apply"):
            yield

    # -- stations --------------------------------------------------------------------------

    def add_station(self, departments: tuple[str, ...]) -> Station:
        """A station to which the keys of its departments give its roles."""
        with circle.one_circle():
            station = self._made(departments)
        self.rights.founders[station.id] = departments
        circle.trust_all(station.store)
        return station

    def add_lone_station(self, departments: tuple[str, ...]) -> Station:
        """A station that founded its departments for itself; `enter` brings it to the others."""
        station = self._made(departments)
        station.alone = True
        return station

    def enter(self, station: Station) -> None:
        """It trusts the keys of the others; what it wrote counts as far as it is given a role."""
        station.alone = False
        circle.trust_all(station.store)
        self.refresh(station)

    def _made(self, departments: tuple[str, ...]) -> Station:
        number = len(list(self.folder.iterdir()))
        store = Store.create(
            self.folder / f"{number}.prevention",
            small_catalogue(),
            department=departments[0],
            departments=departments[1:],
            name=f"Poste {number}",
            user=f"Personne {number}",
        )
        station = Station(store, departments)
        self.written(station)
        with store.connecting() as connection:
            station.code = connection.exec_driver_sql(
                "SELECT code FROM station_code WHERE station = ?", (store.station,)
            ).scalar_one()
        self.stations.append(station)
        return station

    def written(self, station: Station, undoes: int | None = None) -> Entry:
        """Note the one entry that a station just wrote."""
        place = (station.id, station.entries.get(station.id, 0) + 1)
        (entry,) = station.store.entries_after({**station.entries, station.id: place[1] - 1})
        assert place_of(entry) == place
        self.knew[place] = dict(station.entries)
        self.entries[place] = entry
        self.undone[place] = undoes
        station.entries[station.id] = place[1]
        station.undoes[place[1]] = undoes
        return entry

    # -- what counts -----------------------------------------------------------------------

    def counts(self, station: Station, key: Key) -> bool:
        """Whether a leaf counts at a station."""
        if station.alone:
            return True
        register, owner = self.owners[key.record]
        leaf = (key.record, register.code, key.kind)
        return self.rights.counts(station.entries, key.place, owner, leaf)

    def refresh(self, station: Station) -> None:
        """Know again what counts at a station, after something came or was written.

        Where an erasure no longer counts, what it took away is missing until somebody gives it.
        """
        counting = {key for key in station.delivered if self.counts(station, key)}
        named = frozenset(
            Key(*place, key.record, key.kind)
            for key in counting
            for place in self.facts[key].erases
        )
        station.delivered -= station.named - named
        station.named = named
        counting = {key for key in {*station.delivered, *named} if self.counts(station, key)}
        state = {key: Copy(self.facts[key], key in named) for key in counting}
        for form in station.forms:  # who has it open did not see what came back
            form.screen -= state.keys() - station.state.keys()
        station.state = state

    def copies(self, station: Station) -> dict[Key, Copy]:
        """The leaves that count at a station."""
        return station.state

    def held(self, station: Station) -> dict[Key, Copy]:
        """All leaves at a station, whether they count or not."""
        return {
            key: Copy(self.facts[key], key in station.named)
            for key in {*station.delivered, *station.named}
        }

    def aside(self, station: Station) -> set[Key]:
        """The leaves at a station that do not count."""
        return station.delivered - station.state.keys()

    def may(self, station: Station) -> list[str]:
        """The departments in which a station may write at all."""
        if station.alone:
            return list(station.departments)
        return self.rights.departments(station.entries, station.id)

    def may_write(self, station: Station, record: str, kind: str) -> bool:
        """Whether the next entry of a station may have such a leaf of a record."""
        owner = self.owners[record][1]
        if station.alone:
            return owner in (*station.departments, SHARED)
        if owner != SHARED and owner not in self.may(station):
            return False
        return self.counts(station, Key(station.id, station.entries[station.id] + 1, record, kind))

    def known(self, station: Station) -> list[str]:
        """Records of which the station has a leaf, and those shipped with the program."""
        return sorted({key.record for key in self.copies(station)} | set(self.shipped))

    # -- what should be shown --------------------------------------------------------------

    def withheld_kinds(self, station: Station, record: str) -> set[str]:
        """Kinds of which a leaf of the record is known to be missing.

        A leaf that is held tells of its neighbours, since a record's leaves stand together behind
        its plain one; an erasure has no plain one and tells nothing.
        """
        counting, held = self.copies(station), self.held(station)
        told = {
            key.place
            for key in counting
            if key.record == record
            and key in station.delivered
            and Key(*key.place, record, "p") in self.facts
        }
        return {
            kind
            for place in told
            for kind in "ptn"
            if Key(*place, record, kind) in self.facts and Key(*place, record, kind) not in held
        }

    def expected(self, station: Station, record: str) -> tuple[dict[str, Stored], frozenset[str]]:
        """The values that a record should show, and the fields that are not communicated."""
        register, _ = self.owners[record]
        held = self.copies(station).values()
        missing = self.withheld_kinds(station, record)
        shown: dict[str, Stored] = {}
        for name in (*register.fields, DELETED, SAME_AS):
            kind = register.kind(name)
            found = oracle.outcome(oracle.of(held, record, kind), name)
            if found.standing:
                shown[name] = found.shown
            elif record in self.shipped:
                shown[name] = self.shipped[record].get(name)
            else:
                shown[name] = None if kind in missing else register.defaults.get(name)
            if shown[name] == ERASED:
                text = register.fields[name][1] == TEXTS or "a" in register.fields[name][1]
                shown[name] = "effacé" if text else None
        shown[DELETED] = shown[DELETED] is True
        return shown, frozenset(
            name
            for name in register.fields
            if register.kind(name) in missing and shown[name] is None
        )

    def expected_conflicts(self, station: Station) -> set[tuple[str, str, str]]:
        held = list(self.copies(station).values())
        found = set()
        for record in {each.fact.key.record for each in held}:
            for kind in "ptn":
                mine = oracle.of(held, record, kind)
                found |= {
                    (record, kind, name)
                    for name in {name for each in mine for name in each.fact.values} - {REASON}
                    if oracle.outcome(mine, name).conflict
                }
            if oracle.deletion_crossed_edit(oracle.of(held, record, "p")):
                found.add((record, "p", DELETED))
        return found

    # -- reading ---------------------------------------------------------------------------

    def read_form(self, station: Station, record: str) -> Form:
        """A record put on the screen, to be saved now or much later."""
        register, _ = self.owners[record]
        with station.store.reading() as read:
            (found,) = read.records(Query(register.key, ids=(record,), with_deleted=True))
        shown, withheld = self.expected(station, record)
        screen = frozenset(key for key in self.copies(station) if key.record == record)
        return Form(found, screen, shown, withheld)

    def seen(
        self, station: Station, screen: Collection[Key], kind: str, name: str, *, settles: bool
    ) -> frozenset[Place]:
        """What a writer with this screen had seen of a field.

        The leaves on the screen, and what the writers of those that write the field had seen; a
        writer who does not settle a conflict has seen only the value shown.
        """
        held = self.copies(station)
        on_screen = [held[key] for key in screen if key.kind == kind and key in held]
        seen = {each.fact.key.place for each in on_screen}
        for each in on_screen:
            seen |= each.fact.seen.get(name, frozenset())
        found = oracle.outcome(on_screen, name)
        if found.conflict and not settles:
            seen -= {
                each.fact.key.place
                for each in found.standing
                if each.fact.values[name] != found.shown
            }
        return frozenset(seen)

    # -- writing ---------------------------------------------------------------------------

    def word(self) -> str:
        """A word that occurs nowhere else, found as bytes where it was kept."""
        self.words += 1
        return f"mot{self.words:05d}ꙮ"

    def some_value(self, register: Register, name: str) -> Any:
        value = self.chance.choice(register.fields[name][1])
        return self.word() if value is ... else value

    def some_values(self, register: Register) -> dict[str, Any]:
        names = sorted(register.fields)
        names = self.chance.sample(names, self.chance.randint(1, min(3, len(names))))
        return {name: self.some_value(register, name) for name in names}

    def draft(
        self,
        drafts: Drafts,
        station: Station,
        record: str,
        values: Mapping[str, Stored],
        screen: Collection[Key],
        *,
        settles: bool,
        creates: bool = False,
    ) -> None:
        """Expect leaves that write these values; every edit carries a plain one."""
        register, _ = self.owners[record]
        drafts.setdefault((record, "p"), Draft()).creates |= creates
        for name, value in values.items():
            kind = register.kind(name)
            leaf = drafts.setdefault((record, kind), Draft())
            leaf.values[name] = value
            leaf.seen[name] = self.seen(station, screen, kind, name, settles=settles)

    def with_reason(self, drafts: Drafts, reason: str) -> None:
        if reason:
            for record in {record for record, _ in drafts}:
                drafts.setdefault((record, "t"), Draft()).values[REASON] = reason

    @dataclasses.dataclass
    class Acts:
        """One change, gathered from several acts."""

        work: Any
        drafts: Drafts
        typed: dict[str, dict[str, Stored]]
        """Record → what is written in it, but for what an erasure writes; not of new records."""

    def change(self, station: Station, fill: Callable[[Acts], None], reason: str = "") -> None:
        """Write one change and expect exactly the leaves that its acts announced."""
        acts = World.Acts(station.store.draft(), {}, {})
        fill(acts)
        self.with_reason(acts.drafts, reason)
        refused = any(self.takes_no_edit(station, *each) for each in acts.typed.items())
        refused |= not all(self.may_write(station, *leaf) for leaf in acts.drafts)
        if refused:
            with pytest.raises(Refused):
                station.store.write(acts.work, "Modifier", reason=reason)
            acts.drafts.clear()
        else:
            station.store.write(acts.work, "Modifier", reason=reason)
        self.wrote(station, acts.drafts)

    def takes_no_edit(self, station: Station, record: str, values: Mapping[str, Stored]) -> bool:
        """A deleted record takes nothing but its return and the end of a dispute about it."""
        disputed = (record, "p", DELETED) in self.expected_conflicts(station)
        deleted = self.expected(station, record)[0][DELETED]
        return bool(deleted) and values.get(DELETED) is not False and not disputed

    def create(self, station: Station, acts: Acts) -> None:
        register = self.chance.choice([each for each in REGISTERS.values() if not each.shipped])
        owner = "" if register.shared else self.chance.choice(self.may(station))
        given = {**register.created, **self.some_values(register)}
        record = acts.work.new(register.key, owner=owner, **given)
        self.owners[record.id] = (register, "3D" if register.shared else owner)
        values = {
            name: stored(value)
            for name, value in {**register.defaults, **given}.items()
            if value is not None
        }
        self.draft(acts.drafts, station, record.id, values, (), settles=False, creates=True)

    def amend(
        self, station: Station, acts: Acts, form: Form, values: Mapping[str, Any], *, settles: bool
    ) -> None:
        register, _ = self.owners[form.record.id]
        wanted = {name: value for name, value in values.items() if name not in form.withheld}
        acts.work.amend(register.key, form.record, settles=settles, **wanted)
        differing = {
            name: stored(value)
            for name, value in wanted.items()
            if settles or stored(value) != form.shown[name]
        }
        if differing:
            self.write_in(station, acts, form, differing, settles=settles)

    def mark_deleted(self, station: Station, acts: Acts, form: Form, *, deleted: bool) -> None:
        register, _ = self.owners[form.record.id]
        acts.work.mark_deleted(register.key, form.record, deleted=deleted)
        self.write_in(station, acts, form, {DELETED: deleted})

    def join(self, station: Station, acts: Acts, form: Form, to: str | None) -> None:
        register, _ = self.owners[form.record.id]
        acts.work.join(register.key, form.record, to)
        self.write_in(station, acts, form, {SAME_AS: to})

    def write_in(
        self,
        station: Station,
        acts: Acts,
        form: Form,
        values: Mapping[str, Stored],
        *,
        settles: bool = False,
    ) -> None:
        """Expect values in a record that was there before."""
        record = form.record.id
        acts.typed.setdefault(record, {}).update(values)
        self.draft(acts.drafts, station, record, values, form.screen, settles=settles)

    def erasable(self, station: Station, record: str) -> list[Key]:
        """Leaves of a record whose bytes are here and may be taken away."""
        return sorted(
            key
            for key, copy in self.copies(station).items()
            if key.record == record
            and key.kind in "tn"
            and not copy.erased
            and not copy.fact.erases
        )

    def erase(self, station: Station, acts: Acts, form: Form, going: Collection[Key]) -> None:
        """Take the bytes of leaves away; « effacé » is written where nothing else stands."""
        register, _ = self.owners[form.record.id]
        record = form.record.id
        with station.store.reading() as read:
            leaves = [
                each
                for each in journal.leaves_of(read.connection, record)
                if Key(each.leaf.station, each.leaf.number, record, each.kind) in going
            ]
        assert len(leaves) == len(going)
        acts.work.erase(register.key, form.record, leaves)
        for kind in sorted({key.kind for key in going}):
            held = oracle.of(self.copies(station).values(), record, kind)
            places = frozenset(key.place for key in going if key.kind == kind)
            leaf = acts.drafts.setdefault((record, kind), Draft())
            leaf.erases = places
            for name in {n for key in going if key.kind == kind for n in self.facts[key].values}:
                standing = oracle.outcome(held, name).standing
                if name == REASON or name in leaf.values:
                    continue
                if all(each.fact.key.place in places for each in standing):
                    leaf.values[name] = ERASED
                    leaf.seen[name] = self.seen(station, form.screen, kind, name, settles=False)

    def wrote(self, station: Station, drafts: Drafts, undoes: int | None = None) -> None:
        """Compare the entry just written with what was expected, and keep it as facts."""
        if not drafts:
            written = station.store.position()[station.id]
            assert written == station.entries[station.id], "nothing was changed, yet written"
            return
        entry = self.written(station, undoes)
        place = place_of(entry)
        head, rows = json.loads(entry.head), read_table(entry.table)
        found: set[tuple[str, str]] = set()
        for at, (owner, code, kind, _) in enumerate(rows):
            body = json.loads(entry.leaves[at][1])
            record = body["r"]
            register, expected_owner = self.owners[record]
            assert (owner, code) == (expected_owner, register.code)
            draft = drafts[record, kind]
            assert body["w"] == draft.values
            assert ("c" in body) == (draft.creates and kind == "p")
            assert {(named[0], named[1]) for named in body.get("e", ())} == draft.erases
            assert body.get("u") == (undoes if kind == "p" else None)
            found.add((record, kind))
            key = Key(*place, record, kind)
            seen = {name: draft.seen.get(name, frozenset()) for name in draft.values}
            self.facts[key] = Fact(
                key, int(head["t"]), draft.values, seen, draft.creates, draft.erases
            )
            station.delivered.add(key)
        assert found == set(drafts)
        self.refresh(station)
        self.compare_claims(place, entry)

    def compare_claims(self, place: Place, entry: Entry) -> None:
        """What the leaves say was seen is, write by write, what was seen."""
        knew = self.knew[place]
        for _, body_bytes in entry.leaves.values():
            body = json.loads(body_bytes)
            record = body["r"]
            for key, fact in self.facts.items():
                if key.place != place or key.record != record or set(body["w"]) != set(fact.values):
                    continue
                for other in self.facts:
                    if other.record != record or other.kind != key.kind or other == key:
                        continue
                    for name in set(body["w"]) - {REASON}:
                        claimed = other.number <= knew.get(other.station, 0) and not any(
                            row[0] == other.station
                            and row[1] <= other.number <= row[2]
                            and (len(row) == 3 or name in row[3])
                            for row in body.get("x", ())
                        )
                        assert claimed == (other.place in fact.seen[name])

    # -- undo ------------------------------------------------------------------------------

    def reversal(self, station: Station, number: int) -> Drafts | None:
        """What undoing an entry should write; None when it has to be refused."""
        copies = self.copies(station)
        mine = [each.fact for key, each in copies.items() if key.place == (station.id, number)]
        if not mine or any(fact.erases for fact in mine):
            return None
        created = {fact.key.record for fact in mine if fact.creates}
        writes: dict[str, dict[str, Stored]] = {}
        for fact in mine:
            record, kind = fact.key.record, fact.key.kind
            same = oracle.of(copies.values(), record, kind)
            for name in set(fact.values) - {REASON}:
                had = oracle.before(same, fact, name)
                heads = [each.fact for each in oracle.heads(same, name)]
                stands = len(heads) == 1 and self.stands(same, heads[0], fact, name)
                if not stands or had.conflict or had.shown == ERASED:
                    return None
                base = self.shipped.get(record, {}).get(name)
                old = had.shown if had.standing else base
                writes.setdefault(record, {})[name] = bool(old) if name == DELETED else old
        drafts: Drafts = {}
        for record, values in writes.items():
            screen = [key for key in copies if key.record == record]
            shown, withheld = self.expected(station, record)
            wanted = {DELETED: True} if record in created else values
            if shown[DELETED] and wanted.get(DELETED) is not False:
                return None
            if set(wanted) & withheld:
                return None
            self.draft(drafts, station, record, wanted, screen, settles=True)
        allowed = all(self.may_write(station, *leaf) for leaf in drafts)
        return drafts if drafts and allowed else None

    def stands(self, same: list[Copy], head: Fact, fact: Fact, name: str) -> bool:
        """Whether what a head shows is what a leaf wrote: itself, or put back by undo and redo."""
        while head is not fact:
            undone = self.undone.get(head.key.place)
            taken_back = [
                each.fact for each in same if each.fact.key.place == (head.key.station, undone)
            ]
            if not taken_back or name not in taken_back[0].values:
                return False
            had = oracle.before(same, taken_back[0], name).standing
            if len(had) != 1:
                return False
            head = had[0].fact
        return True

    def undo(self, station: Station, number: int | None) -> None:
        """Take back my last change, or the one named."""
        wanted = number
        if wanted is not None and not oracle.in_force(station.undoes, wanted):
            wanted = None
        elif wanted is None:
            wanted = max(
                each
                for each in station.undoes
                if each not in station.undos and oracle.in_force(station.undoes, each)
            )
        self.reverse(
            station,
            wanted,
            lambda: station.store.undo(f"{station.code}.{number}" if number else ""),
            undo=True,
        )

    def redo(self, station: Station) -> None:
        """Take back my last undo, while nothing of mine came after it."""
        wanted = None
        for each in sorted(station.undoes, reverse=True):
            if each in station.undos and oracle.in_force(station.undoes, each):
                wanted = each
                break
            if station.undoes[each] is None:
                break
        self.reverse(station, wanted, station.store.redo, undo=False)

    def reverse(
        self, station: Station, wanted: int | None, act: Callable[[], Any], *, undo: bool
    ) -> None:
        drafts = None if wanted is None else self.reversal(station, wanted)
        if drafts is None:
            with pytest.raises(Refused):
                act()
            self.wrote(station, {})
            return
        act()
        self.wrote(station, drafts, undoes=wanted)
        if undo:
            station.undos.add(station.entries[station.id])

    # -- exchange --------------------------------------------------------------------------

    def parcels(self, sender: Station, known: Mapping[str, int]) -> list[Parcel]:
        """What a station hands on to one that has so much; exactly the leaves that it holds."""
        copies = self.held(sender)
        found = []
        for entry in sender.store.entries_after(dict(known)):
            place = place_of(entry)
            held = {
                key
                for key, copy in copies.items()
                if key.place == place and key in sender.delivered and not copy.erased
            }
            assert {key for key in keys_of(entry).values() if key} == held
            signature = self.entries[place].signature
            found.append(Parcel(place, dataclasses.replace(entry, signature=signature)))
        return found

    def deliver(self, receiver: Station, parcels: Iterable[Parcel]) -> None:
        """Hand entries on; each is taken in once all that its writer knew is there."""
        parcels = list(parcels)
        done = receiver.store.receive([each.entry for each in parcels])
        waiting = list(parcels)
        new = 0
        while True:
            left = []
            for each in waiting:
                station, number = each.place
                if number > receiver.entries.get(station, 0):
                    needs = {station: number - 1, **self.knew[each.place]}
                    if number != receiver.entries.get(station, 0) + 1 or any(
                        receiver.entries.get(other, 0) < least for other, least in needs.items()
                    ):
                        left.append(each)
                        continue
                    receiver.entries[station] = number
                    new += 1
                receiver.delivered |= {key for key in keys_of(each.entry).values() if key}
            if len(left) == len(waiting):
                break
            waiting = left
        assert (done.new, done.waiting) == (new, len(waiting))
        self.refresh(receiver)

    def send(self, sender: Station, receiver: Station, keep: Callable[[Key], bool]) -> None:
        """Hand on what the receiver lacks, or more, with some leaves left out, some of it lost."""
        chance = self.chance
        known = receiver.entries if chance.random() < 0.6 else {}
        whole = self.parcels(sender, known)
        if chance.random() < 0.3 and whole:
            self.late_parcels.append((receiver, whole))
        parcels = [without(each, keep) for each in whole]
        if chance.random() < 0.3:
            chance.shuffle(parcels)
        if chance.random() < 0.3:
            parcels = [each for each in parcels if each.place[0] == sender.id]
        elif chance.random() < 0.3:
            parcels = [each for each in parcels if chance.random() < 0.8]
        self.deliver(receiver, parcels)

    def send_all(self, sender: Station, receiver: Station) -> None:
        """Hand on everything."""
        self.deliver(receiver, self.parcels(sender, {}))

    def has_more(self, sender: Station, receiver: Station) -> bool:
        """Whether a station holds an entry, or the bytes of a leaf, that another one lacks."""
        return bool(
            any(number > receiver.entries.get(each, 0) for each, number in sender.entries.items())
            or sender.delivered - sender.named - receiver.delivered - receiver.named
        )

    def settle_down(self) -> None:
        """All tell all until nobody learns anything."""
        while True:
            before = [(dict(each.entries), set(each.delivered)) for each in self.stations]
            for sender in self.stations:
                for receiver in self.stations:
                    if self.has_more(sender, receiver):
                        self.send_all(sender, receiver)
            if before == [(each.entries, each.delivered) for each in self.stations]:
                break

    # -- comparing -------------------------------------------------------------------------

    def compare(self, station: Station) -> None:
        """The tables show what the oracle says, no more and no less."""
        known = {key.record for key in self.copies(station)}
        with station.store.reading() as read:
            for register in REGISTERS.values():
                found = {
                    each.id: each
                    for each in read.records(Query(register.key, with_deleted=True))
                    if each.id in self.owners
                }
                wanted = {
                    record
                    for record in known | set(self.shipped)
                    if self.owners[record][0] is register
                }
                assert set(found) == wanted
                for record in wanted:
                    self.compare_record(station, register, found[record])
            rows = read.connection.exec_driver_sql("SELECT record, kind, field FROM conflict")
            assert {tuple(row) for row in rows} == self.expected_conflicts(station)
            rows = read.connection.exec_driver_sql(
                "SELECT station, number, record, kind, register FROM aside "
                "JOIN leaf USING (station, number, position)"
            )
            aside = {Key(*row[:4]) for row in rows if row[4] not in SYSTEM_CODES}
            assert aside == self.aside(station)

    def compare_record(self, station: Station, register: Register, found: Record) -> None:
        shown, withheld = self.expected(station, found.id)
        held = {name: stored(getattr(found, name)) for name in register.fields}
        held |= {DELETED: found.deleted, SAME_AS: found.same_as}
        assert held == shown
        assert found.withheld & set(register.fields) == withheld
        assert found.owner == self.owners[found.id][1]

    def compare_history(self, station: Station) -> None:
        """The history tells every write held, with the value before it."""
        copies = self.copies(station)
        records = sorted({key.record for key in copies})
        for record in self.chance.sample(records, min(len(records), 6)):
            expected = set()
            for copy in copies.values():
                key = copy.fact.key
                if key.record != record:
                    continue
                same = oracle.of(copies.values(), record, key.kind)
                for name, value in copy.fact.values.items():
                    had = oracle.before(same, copy.fact, name)
                    base = self.shipped.get(record, {}).get(name)
                    old = had.shown if had.standing else base
                    new = ERASED if copy.erased else value
                    if name != REASON:
                        expected.add((key.station, key.number, name, old, new))
            found = [
                (past.station, past.number, past.field, past.old, past.new)
                for _, past in station.store.history(record)
            ]
            assert len(found) == len(set(found))
            assert set(found) == expected

    def compare_search(self, station: Station) -> None:
        """Every word of our own is found where it is shown, and nowhere else."""
        where: dict[str, set[str]] = {}
        for copy in self.held(station).values():
            for value in copy.fact.values.values():
                if isinstance(value, str) and "ꙮ" in value:
                    where.setdefault(value, set())
        for record in self.known(station):
            shown, _ = self.expected(station, record)
            for name in SEARCHED[self.owners[record][0].key]:
                if shown[name] in where and shown.get(DELETED) is not True:
                    where[str(shown[name])].add(record)
        with station.store.reading() as read:
            for word, records in where.items():
                found = read.search([[fold(word)]], Within(limit=10_000))
                assert {hit.record for hit in found} == records

    def compare_chains(self, station: Station) -> None:
        """The chains verify, by the program's own check and by the definition."""
        with station.store.reading() as read:
            assert verify_chains(read.connection) == []
        assert verify_replay(station.store) == []
        check_chains(station.store)

    def compare_rebuilt(self, station: Station) -> None:
        """Making the tables again changes nothing in any table."""
        before = dump(station.store)
        station.store.rebuild()
        assert dump(station.store) == before

    def bytes_left(self, station: Station) -> set[str]:
        """Erased words that are still somewhere in the workspace's files."""
        copies = self.held(station).values()
        kept = words_of(each.fact for each in copies if not each.erased)
        gone = words_of(each.fact for each in copies if each.erased) - kept
        held = b"".join(
            file.read_bytes() for file in station.store.folder.iterdir() if file.is_file()
        )
        return {word for word in gone if word.removesuffix("ꙮ").encode() in held}


def words_of(facts: Iterable[Fact]) -> set[str]:
    """The words of our own that leaves hold."""
    return {
        value
        for fact in facts
        for value in fact.values.values()
        if isinstance(value, str) and value.endswith("ꙮ")
    }


def without(parcel: Parcel, keep: Callable[[Key], bool]) -> Parcel:
    """The same entry with some leaves left out."""
    keys = keys_of(parcel.entry)
    leaves = {
        at: leaf
        for at, leaf in parcel.entry.leaves.items()
        if keys[at] is None or keep(keys[at])  # type: ignore[arg-type]
    }
    return Parcel(parcel.place, dataclasses.replace(parcel.entry, leaves=leaves))
