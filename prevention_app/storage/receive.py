"""Taking in entries written elsewhere: verified whole, in causal order, harmless to repeat."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from prevention_app.errors import NewerFormat, Refused
from prevention_app.storage import entries, journal, well_formed
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
    kept_aside: int = 0
    """Entries of which something came that its writer had no right to write."""
    delivered: list[Delivered] = field(default_factory=list)
    """The leaves that came, to be judged."""
    named: set[tuple[str, int]] = field(default_factory=set)
    """Entries of which a leaf that came told the name of the change."""
    erasures: list[tuple[Delivered, dict[str, Any]]] = field(default_factory=list)
    """Those of them that erase something, with what they say."""


def receive(connection: Connection, incoming: Iterable[Entry]) -> Received:
    """Add entries to the journal, each only when all that its writer knew is here.

    The caller judges the leaves that came, lets erasures act (`erase`) and recomputes the touched
    records, in the same transaction. Raises Refused for an entry that does not fit its chain or a
    leaf that is not the one its head names.
    """
    intake = _Intake(connection)
    pending = list(incoming)
    while pending:
        left = [entry for entry in pending if not intake.take(entry)]
        if len(left) == len(pending):
            intake.done.waiting = len(left)
            break
        pending = left
    intake.finish()
    return intake.done


@dataclass(slots=True)
class _Chain:
    """Where the chain of a station stands, what is not written yet included."""

    last: int
    hash: bytes
    vector: dict[str, int]


class _Intake:
    """Entries being taken in: what is new is gathered, and written by few statements."""

    def __init__(self, connection: Connection) -> None:
        """Read where the journal stands."""
        self._connection = connection
        self._held = journal.position(connection)
        self._chains: dict[str, _Chain] = {}
        self._clock = journal.ClockFollower(connection)
        self._delivery = journal.moment(connection).deliveries + 1
        self._erasures = bool(
            connection.exec_driver_sql("SELECT EXISTS (SELECT 1 FROM erasure)").scalar()
        )
        self._heads: list[tuple[Any, ...]] = []
        self._leaves: list[tuple[Any, ...]] = []
        self.done = Received()

    def take(self, entry: Entry) -> bool:
        """Take in an entry, new or known; says no where something before it is missing."""
        head = well_formed.head_in(entry.head)
        if head is None:
            raise Refused(_MALFORMED)
        if head["f"] > entries.FORMAT:
            raise NewerFormat(
                "Ces écritures viennent d’une version plus récente du programme. "
                "Mettez le programme à jour ; rien n’a été changé."
            )
        station, number = str(head["s"]), int(head["n"])
        chain = self._chain(station)
        if number <= chain.last:
            self._take_late(station, number, entry)
        elif number == chain.last + 1 and self._all_here(head):
            self._take_new(chain, station, number, head, entry)
        else:
            return False
        return True

    def finish(self) -> None:
        """Write what was gathered."""
        self._flush()
        if self.done.touched:
            journal.set_meta(self._connection, "deliveries", str(self._delivery))
        self._clock.keep()

    def _chain(self, station: str) -> _Chain:
        chain = self._chains.get(station)
        if chain is None:
            journal.start_chain(self._connection, station)
            last, digest, vector = self._connection.exec_driver_sql(
                "SELECT last, hash, vector FROM chain WHERE station = ?", (station,)
            ).one()
            chain = self._chains[station] = _Chain(int(last), bytes(digest), json.loads(vector))
        return chain

    def _all_here(self, head: Mapping[str, Any]) -> bool:
        held = self._held
        return all(held.get(other, 0) >= known for other, known in head.get("v", {}).items())

    def _flush(self) -> None:
        if self._heads:
            self._connection.exec_driver_sql(
                "INSERT INTO head (station, number, head, leaf_table, hash, signature, clock, "
                "author, vector, message, undoes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                self._heads,
            )
            journal.insert_leaves(self._connection, self._leaves)
            self._connection.exec_driver_sql(
                "UPDATE chain SET last = ?, hash = ?, vector = ? WHERE station = ?",
                [
                    (each.last, each.hash, json.dumps(each.vector, sort_keys=True), station)
                    for station, each in self._chains.items()
                ],
            )
            self._heads, self._leaves = [], []

    # -- an entry that is new --------------------------------------------------------------

    def _take_new(
        self, chain: _Chain, station: str, number: int, head: Mapping[str, Any], entry: Entry
    ) -> None:
        chain.hash = entries.chain_hash(chain.hash, entry.head, entry.table)
        chain.vector = chain.vector | head.get("v", {})
        chain.last = self._held[station] = number
        message, undoes = "", None
        for at, row in enumerate(_rows_of(entry)):
            if at not in entry.leaves:
                self._leaves.append(
                    (station, number, at, row.owner, row.register, row.kind, *_ABSENT)
                )
                continue
            leaf = _Coming(station, number, at, row, *entry.leaves[at])
            content = _content(leaf)
            if "m" in content:
                message, undoes = content["m"], content.get("u")  # all plain leaves tell the same
            keeps, arrived = self._named_by_erasure(leaf, content) or (None, 0)
            kept = (None, None) if keeps else (leaf.salt, leaf.body)
            self._leaves.append(
                (
                    *(station, number, at, row.owner, row.register, row.kind),
                    *(str(content["r"]), *kept, keeps, arrived),
                )
            )
            self._note(leaf, content)
        clock = int(head["t"])
        self._heads.append(
            (
                *(station, number, entry.head, entry.table, chain.hash, entry.signature, clock),
                *(str(head["a"]), json.dumps(chain.vector, sort_keys=True), message, undoes),
            )
        )
        self._clock.follow(clock)
        self.done.new += 1

    def _named_by_erasure(
        self, leaf: _Coming, content: Mapping[str, Any]
    ) -> tuple[str, int] | None:
        """What an erasure that is here keeps of a leaf, and which delivery brought it."""
        if not self._erasures:
            return None
        found = self._connection.exec_driver_sql(
            "SELECT keeps, arrived FROM erasure "
            "WHERE record = ? AND kind = ? AND station = ? AND number = ?",
            (str(content["r"]), leaf.row.kind, leaf.station, leaf.number),
        ).one_or_none()
        return None if found is None else (str(found[0]), int(found[1]))

    def _note(self, leaf: _Coming, content: dict[str, Any]) -> None:
        record = str(content["r"])
        self.done.touched.add(record)
        self.done.registers.add(leaf.row.register)
        came = Delivered(
            leaf.station, leaf.number, leaf.position, leaf.row, record, content.get("o")
        )
        self.done.delivered.append(came)
        if "e" in content:
            self.done.erasures.append((came, content))

    # -- an entry that is here, of which leaves may be lacking -----------------------------

    def _take_late(self, station: str, number: int, entry: Entry) -> None:
        self._flush()
        _compare(self._connection, station, number, entry)
        self.done.known += 1
        rows = _rows_of(entry)
        for at, (salt, body) in sorted(entry.leaves.items()):
            self._deliver_late(_Coming(station, number, at, rows[at], salt, body))

    def _deliver_late(self, leaf: _Coming) -> None:
        """Keep the bytes of a leaf, unless they are here or an erasure named them."""
        content = _content(leaf)
        keeps, arrived = self._named_by_erasure(leaf, content) or (None, self._delivery)
        kept = (None, None) if keeps else (leaf.salt, leaf.body)
        changed = self._connection.exec_driver_sql(
            "UPDATE leaf SET record = ?, salt = ?, body = ?, erased = ?, arrived = ? "
            "WHERE station = ? AND number = ? AND position = ? "
            "AND body IS NULL AND erased IS NULL",
            (str(content["r"]), *kept, keeps, arrived, leaf.station, leaf.number, leaf.position),
        ).rowcount
        if changed:
            self._note(leaf, content)
            if "m" in content and (leaf.station, leaf.number) not in self.done.named:
                # All plain leaves of an entry tell the same.
                self.done.named.add((leaf.station, leaf.number))
                self._connection.exec_driver_sql(
                    "UPDATE head SET message = ?, undoes = ? WHERE station = ? AND number = ?",
                    (content["m"], content.get("u"), leaf.station, leaf.number),
                )


_ABSENT = (None, None, None, None, 0)
"""Record, salt, body, what an erasure kept, delivery: of a leaf that did not come."""


def _compare(connection: Connection, station: str, number: int, entry: Entry) -> None:
    held = connection.exec_driver_sql(
        "SELECT head, leaf_table FROM head WHERE station = ? AND number = ?", (station, number)
    ).one()
    if (held[0], held[1]) != (entry.head, entry.table):
        raise Refused(
            "Deux suites différentes portent la même signature d’ordinateur : la copie d’un "
            "espace de travail a sans doute servi deux fois. Rien n’a été changé."
        )


@dataclass(frozen=True, slots=True)
class Delivered:
    """A leaf that came, with what it is judged by."""

    station: str
    number: int
    position: int
    row: Row
    record: str
    scope: Any
    """As its body tells it."""


@dataclass(frozen=True, slots=True)
class _Coming:
    """A leaf with its bytes, and where it belongs."""

    station: str
    number: int
    position: int
    row: Row
    salt: bytes
    body: bytes


_MALFORMED: Final = "Des écritures reçues sont mal formées : refusées. Rien n’a été changé."


def _rows_of(entry: Entry) -> list[Row]:
    try:
        rows = entries.read_table(entry.table)
    except ValueError as error:
        raise Refused(_MALFORMED) from error
    if any(not 0 <= at < len(rows) for at in entry.leaves):
        raise Refused(_MALFORMED)
    return rows


def _content(leaf: _Coming) -> dict[str, Any]:
    """What a leaf says, once it is the one that its head names, and has the form of a leaf."""
    if entries.leaf_digest(leaf.salt, leaf.body) != leaf.row.digest:
        raise Refused("Une écriture reçue ne correspond pas à son empreinte : refusée.")
    content = well_formed.leaf_in(leaf.body, leaf.row)
    if content is None:
        raise Refused(_MALFORMED)
    return content


def erase(connection: Connection, done: Received, aside: Container[tuple[str, int, int]]) -> None:
    """Let the erasures that came act, but for those that are kept aside."""
    delivery = journal.moment(connection).deliveries
    for leaf, content in done.erasures:
        if (leaf.station, leaf.number, leaf.position) not in aside:
            done.erased |= erase_named(connection, leaf.row, content, delivery)


def erase_named(
    connection: Connection, leaf: Row | NewLeaf, content: Mapping[str, Any], arrived: int = 0
) -> bool:
    """Take away the bytes of the leaves that an erasure names, now and on later arrival.

    Returns whether the leaf with this content is an erasure.
    """
    record = str(content["r"])
    for station, number, keeps in content.get("e", ()):
        named = (record, leaf.kind, station, number)
        held = connection.exec_driver_sql(
            "SELECT keeps FROM erasure "
            "WHERE record = ? AND kind = ? AND station = ? AND number = ?",
            named,
        ).scalar()
        told = json.dumps(keeps, sort_keys=True)
        kept = told if held is None else kept_of_both(held, told)
        if kept == held:
            continue
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO erasure VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*named, leaf.owner, leaf.register, kept, arrived),
        )
        connection.exec_driver_sql(
            "UPDATE leaf SET salt = NULL, body = NULL, erased = ? WHERE record = ? AND kind = ? "
            "AND station = ? AND number = ? AND owner = ? AND register = ?",
            (kept, *named, leaf.owner, leaf.register),
        )
    return "e" in content


def kept_of_both(one: str, other: str) -> str:
    """What two erasures of one leaf keep of it, whichever came first: all that either names."""
    if one == other:
        return one
    both: list[dict[str, Any]] = [json.loads(one), json.loads(other)]
    kept: dict[str, Any] = {"w": sorted({name for each in both for name in each.get("w", ())})}
    exceptions = {json.dumps(row) for each in both for row in each.get("x", ())}
    if exceptions:
        kept["x"] = [json.loads(row) for row in sorted(exceptions)]
    scopes = [json.dumps(each["o"], sort_keys=True) for each in both if "o" in each]
    if scopes:
        kept["o"] = json.loads(max(scopes))
    return json.dumps(kept, sort_keys=True)
