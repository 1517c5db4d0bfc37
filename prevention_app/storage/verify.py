"""Whether a workspace is what it says it is: chains, signatures, leaves, tables, attachments."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DatabaseError

from prevention_app.catalogue.description import Catalogue, Entity
from prevention_app.errors import Damaged
from prevention_app.i18n import count
from prevention_app.storage import (
    apply,
    derived,
    entries,
    journal,
    keys,
    receive,
    rights,
    search,
    shipped,
    station_keys,
    tables,
)
from prevention_app.storage.apply import RecordState
from prevention_app.storage.engine import Connection, writing
from prevention_app.storage.store import Store

STATION_CODE: Final = "ORDI"
"""Code of the register that holds the stations' public keys."""
_BATCH: Final = 500
_HEADS: Final = 10
"""Heads held at once: the leaf table of a large import is megabytes long."""


def check(store: Store) -> list[str]:
    """All that is wrong with a workspace, one French sentence each; empty when all is well."""
    try:
        with store.reading() as read:
            found = verify_database(read.connection)
            found += verify_chains(read.connection)
            found += verify_derived(read.connection)
            if rights.differs(read.connection, read.catalogue):
                found.append("Les écritures mises de côté ne suivent pas les droits.")
        found += verify_replay(store) + verify_search(store)
        return found + verify_attachments(store)
    except (DatabaseError, Damaged):
        return ["La base est abîmée et ne se lit pas jusqu’au bout : reprenez une sauvegarde."]


def verify_database(connection: Connection) -> list[str]:
    """What the database's own check of its pages and indexes finds."""
    answers = [str(each) for each in connection.exec_driver_sql("PRAGMA integrity_check").scalars()]
    return [] if answers == ["ok"] else [f"Base abîmée : {each}." for each in answers]


# -- chains ------------------------------------------------------------------------------------


def verify_chains(connection: Connection) -> list[str]:
    """What is wrong with the journal, entry by entry, recomputed from the stored bytes."""
    found: list[str] = []
    public = station_keys.public_keys(connection)
    own = journal.get_meta(connection, "station")
    codes = _codes(connection)
    heads = connection.execution_options(yield_per=_HEADS).exec_driver_sql(
        "SELECT * FROM head ORDER BY station, number"
    )
    leaves = _leaves_by_entry(connection)
    ends = {
        str(row["station"]): row
        for row in connection.exec_driver_sql("SELECT * FROM chain").mappings()
    }
    for station, rows in itertools.groupby(heads.mappings(), key=lambda row: str(row["station"])):
        chain = _Chain(codes.get(station, station[:8]), public.get(station), own=station == own)
        for head in rows:
            found += chain.problems_of(head, next(leaves))
        found += chain.problems_at_end(ends.pop(station, None))
    found += [
        f"Suite de l’ordinateur {codes.get(station, station[:8])} : toutes ses écritures manquent."
        for station, end in ends.items()
        if end["last"]
    ]
    return found + _strays(connection)


def _codes(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT station, code FROM station_code ORDER BY since")
    return {str(station): str(code) for station, code in rows}


def _leaves_by_entry(connection: Connection) -> Iterator[Iterator[RowMapping]]:
    """The leaf rows of each head, in the order of the heads, each to be read before the next."""
    rows = connection.execution_options(yield_per=2000).exec_driver_sql(
        "SELECT h.station, h.number, l.position, l.owner, l.register, l.kind, l.record, l.salt, "
        "l.body, l.erased FROM head h LEFT JOIN leaf l USING (station, number) "
        "ORDER BY h.station, h.number, l.position"
    )
    for _, group in itertools.groupby(
        rows.mappings(), key=lambda row: (row["station"], row["number"])
    ):
        yield (row for row in group if row["position"] is not None)


@dataclass(slots=True)
class _Chain:
    """One station's chain as far as it was verified."""

    code: str
    public: str | None
    own: bool = False
    """It is this station's own chain: each of its entries is signed."""
    number: int = 0
    hash: bytes = entries.FIRST_HASH
    signed: int = 0
    """Number of the last head with a signature."""
    vector: dict[str, int] | None = None
    broken: bool = False
    """A first fault of the chain was reported: what follows says nothing new."""

    def problems_of(self, head: RowMapping, leaves: Iterable[RowMapping]) -> list[str]:
        """What is wrong with the next entry."""
        found = [] if self.broken else list(self._chain_problems(head))
        self.broken = bool(found) or self.broken
        self.number, self.hash = int(head["number"]), bytes(head["hash"])
        if not self.broken:
            found += self._column_problems(head)
        return found + self._leaf_problems(head, leaves)

    def _at(self, number: int) -> str:
        return f"Écriture {self.code}.{number}"

    def _chain_problems(self, head: RowMapping) -> Iterator[str]:
        number = int(head["number"])
        if number != self.number + 1:
            yield f"{self._at(self.number + 1)} : elle manque."
            return
        digest = entries.chain_hash(self.hash, head["head"], head["leaf_table"])
        if digest != head["hash"]:
            yield f"{self._at(number)} : son contenu ne correspond pas à l’empreinte de la suite."
        elif head["signature"] is not None:
            self.signed = number
            if self.public is None:
                yield (
                    f"{self._at(number)} : la clé publique de son ordinateur n’est pas connue ici, "
                    "sa signature n’est pas vérifiée."
                )
            elif not keys.verify(self.public, digest, head["signature"]):
                yield f"{self._at(number)} : sa signature est fausse."
        elif self.own:
            yield f"{self._at(number)} : elle n’est pas signée."

    def _column_problems(self, head: RowMapping) -> list[str]:
        """The columns beside the signed bytes must say the same."""
        signed = journal.content_of(head["head"])
        if signed is None:
            return [f"{self._at(self.number)} : son en-tête est illisible."]
        moved: Any = signed.get("v", {})
        self.vector = (self.vector or {}) | (moved if isinstance(moved, dict) else {})
        told = (*(signed.get(each) for each in "snta"), self.vector)
        held = (
            head["station"],
            head["number"],
            str(head["clock"]),
            head["author"],
            journal.content_of(head["vector"]),
        )
        if told != held:
            return [f"{self._at(self.number)} : sa lecture diffère de ce qui est signé."]
        return []

    def _leaf_problems(self, head: RowMapping, leaves: Iterable[RowMapping]) -> list[str]:
        place = self._at(int(head["number"]))
        try:
            rows = entries.read_table(head["leaf_table"])
        except ValueError:
            rows = []
        found: list[str] = []
        names: set[tuple[Any, Any]] = set()
        for at, (row, leaf) in enumerate(itertools.zip_longest(rows, leaves)):
            if row is None or leaf is None or leaf["position"] != at:
                return [f"{place} : il y manque des valeurs, ou il y en a de trop."]
            body = journal.content_of(leaf["body"])
            fault = _fault_of(row, leaf, body)
            if fault:
                found.append(f"{place}, valeur {at + 1} : {fault}")
            elif body is not None and "m" in body:
                names.add((body["m"], body.get("u")))
        # All plain leaves of an honest entry tell the same.
        if names and not found and (head["message"], head["undoes"]) not in names:
            found.append(f"{place} : son nom n’est pas celui qui est signé.")
        return found

    def problems_at_end(self, end: RowMapping | None) -> list[str]:
        """What is wrong with where the chain is said to end."""
        if self.broken:
            return []
        if end is None or (end["last"], end["hash"]) != (self.number, self.hash):
            return [f"Suite de l’ordinateur {self.code} : sa fin n’est pas celle qui est notée."]
        if self.signed != self.number:
            return [f"{self._at(self.number)} : elle n’est pas signée."]
        return []


def _fault_of(row: entries.Row, leaf: RowMapping, body: Mapping[str, Any] | None) -> str:
    """What is wrong with a stored leaf that the signed table names; empty when nothing is."""
    if _is_unreadable(leaf, body):
        return "elle est illisible."
    return "" if _fits(row, leaf, body) else _NOT_THAT


_NOT_THAT: Final = "son contenu ne correspond pas à son empreinte."


def _is_unreadable(leaf: RowMapping, body: Mapping[str, Any] | None) -> bool:
    if leaf["body"] is None:
        return leaf["record"] is not None and journal.content_of(leaf["erased"]) is None
    return body is None or leaf["salt"] is None or not isinstance(body.get("w", {}), dict)


def _fits(row: entries.Row, leaf: RowMapping, body: Mapping[str, Any] | None) -> bool:
    """Whether a stored leaf is the one that the signed table names."""
    if (leaf["owner"], leaf["register"], leaf["kind"]) != (row.owner, row.register, row.kind):
        return False
    if body is None:
        return leaf["salt"] is None and (leaf["record"] is None) == (leaf["erased"] is None)
    if entries.leaf_digest(leaf["salt"], leaf["body"]) != row.digest:
        return False
    return body.get("r") == leaf["record"]


def _strays(connection: Connection) -> list[str]:
    """Leaves and erasures that no entry accounts for."""
    found: list[str] = []
    stray = connection.exec_driver_sql(
        "SELECT count(*) FROM leaf l LEFT JOIN head h USING (station, number) "
        "WHERE h.number IS NULL"
    ).scalar_one()
    if stray:
        some = count(stray, "valeur n’appartient", "valeurs n’appartiennent")
        found.append(f"{some} à aucune écriture.")
    kept: dict[tuple[object, ...], str] = {}
    asked = (
        ((*place, record, kind), json.dumps(keeps, sort_keys=True))
        for record, kind, body in connection.exec_driver_sql(
            "SELECT record, kind, body FROM leaf WHERE body LIKE '%\"e\":%' AND kind <> 'p' "
            "AND (station, number, position) NOT IN (SELECT station, number, position FROM aside)"
        )
        for *place, keeps in (journal.content_of(body) or {}).get("e", ())
    )
    for leaf, keeps in asked:
        kept[leaf] = receive.kept_of_both(kept.get(leaf, keeps), keeps)
    named = {(*leaf, keeps) for leaf, keeps in kept.items()}
    noted = {
        tuple(row)
        for row in connection.exec_driver_sql(
            "SELECT station, number, record, kind, keeps FROM erasure"
        )
    }
    erased = {
        tuple(row)
        for row in connection.exec_driver_sql(
            "SELECT station, number, record, kind, erased FROM leaf WHERE erased IS NOT NULL"
        )
    }
    if noted != named or not erased <= noted:
        found.append("Des effacements ne correspondent pas aux écritures qui les demandent.")
    return found


# -- tables ------------------------------------------------------------------------------------


def verify_replay(store: Store) -> list[str]:
    """Where the tables differ from what the journal adds up to."""
    with store.reading() as read:
        connection, catalogue = read.connection, read.catalogue
        found: list[str] = []
        conflicts: set[tuple[str, str, str, str]] = set()
        counts = dict.fromkeys((each.key for each in catalogue), 0)
        for entity, states in _batches(connection, catalogue):
            counts[entity.key] += len(states)
            conflicts |= {
                (state.record, entity.key, kind, name)
                for state in states
                for kind, name in state.conflicts
            }
            found += _row_problems(connection, entity, states)
        found += _surplus(connection, catalogue, counts)
        held = connection.exec_driver_sql("SELECT record, register, kind, field FROM conflict")
        if {tuple(row) for row in held} != conflicts:
            found.append("La liste des valeurs à départager diffère de l’historique.")
    return found


def _batches(
    connection: Connection, catalogue: Catalogue
) -> Iterator[tuple[Entity, list[RecordState]]]:
    """What every record of every register should be, some hundred at a time."""
    waiting: dict[str, list[RecordState]] = {}
    for entity, state in itertools.chain(
        journal_states(connection, catalogue), shipped.untouched(connection, catalogue)
    ):
        states = waiting.setdefault(entity.key, [])
        states.append(state)
        if len(states) == _BATCH:
            yield entity, waiting.pop(entity.key)
    for key, states in waiting.items():
        yield catalogue[key], states


def journal_states(
    connection: Connection, catalogue: Catalogue
) -> Iterator[tuple[Entity, RecordState]]:
    """What the journal says of every record of a known register."""
    under = apply.ground(connection)
    for leaves in journal.all_leaves(connection):
        entity = catalogue.by_code.get(leaves[0].register)
        if entity is not None:
            yield entity, apply.state_now(connection, under, leaves)


def _row_problems(
    connection: Connection, entity: Entity, states: Sequence[RecordState]
) -> Iterator[str]:
    defaults = tables.defaults_of(entity)
    marks = ", ".join("?" * len(states))
    ids = tuple(state.record for state in states)
    held = {
        row["_id"]: dict(row)
        for row in connection.exec_driver_sql(
            f'SELECT * FROM "{tables.table_name(entity)}" WHERE _id IN ({marks})', ids
        ).mappings()
    }
    texts: dict[str, str] = {
        str(record): str(text)
        for record, text in connection.exec_driver_sql(
            f"SELECT record, text FROM search_text WHERE register = ? AND record IN ({marks})",
            (entity.key, *ids),
        )
    }
    for state in states:
        row = held.get(state.record)
        expected = apply.row_of(entity, state, defaults)
        if row is None:
            yield f"{_name(entity, state)} est dans l’historique et manque dans sa table."
        elif wrong := [name for name, value in expected.items() if row[name] != value]:
            yield f"{_name(entity, state)} diffère de l’historique ({_labels(entity, wrong)})."
        elif texts.get(state.record, "") != search.text_of(entity, state.values):
            yield f"{_name(entity, state)} ne se trouve pas par ses mots : index à refaire."


def _name(entity: Entity, state: RecordState) -> str:
    return f"« {entity.label_fr} » : la fiche {state.counter or '?'} ({state.record})"


def _labels(entity: Entity, names: Iterable[str]) -> str:
    fields = {name: tables.field_of_column(entity, name) for name in names}
    return ", ".join(
        dict.fromkeys(each.label_fr if each else name for name, each in fields.items())
    )


def _surplus(connection: Connection, catalogue: Catalogue, counts: Mapping[str, int]) -> list[str]:
    found: list[str] = []
    for entity in catalogue:
        if entity.reference_set:
            continue
        held = connection.exec_driver_sql(
            f'SELECT count(*) FROM "{tables.table_name(entity)}" WHERE _register = ?',
            (entity.key,),
        ).scalar_one()
        if held > counts[entity.key]:
            some = count(
                held - counts[entity.key], "fiche de la table n’est", "fiches de la table ne sont"
            )
            found.append(f"« {entity.label_fr} » : {some} pas dans l’historique.")
    return found


def verify_derived(connection: Connection) -> list[str]:
    """Whether references are counted, and stations called, as the journal says."""
    found: list[str] = []
    held = {
        (str(owner), str(register)): int(last)
        for owner, register, last in connection.exec_driver_sql("SELECT * FROM counter")
    }
    if held != derived.counters_given(connection):
        found.append("Les numéros des références diffèrent de l’historique.")
    if derived.codes_are_wrong(connection):
        found.append("Les codes des ordinateurs diffèrent de l’historique.")
    return found


def verify_search(store: Store) -> list[str]:
    """Whether the search index says what the records hold, and nothing else."""
    found: list[str] = []
    with store.reading() as read:
        rows = read.connection.exec_driver_sql(
            "SELECT register, count(*) FROM search_text GROUP BY register"
        ).all()
        stray = sum(_stray_texts(read.connection, read.catalogue, *row) for row in rows)
        if search.words_are_wrong(read.connection):
            found.append("Les mots de l’index de recherche diffèrent de ses textes : à refaire.")
    if stray:
        found.append(
            f"L’index de recherche a {count(stray, 'ligne')} sans fiche : index à refaire."
        )
    with store.connecting() as connection, writing(connection):
        try:
            connection.exec_driver_sql(
                "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"
            )
        except DatabaseError:
            found.append("L’index de recherche ne correspond pas à ses textes : index à refaire.")
    return found


def _stray_texts(connection: Connection, catalogue: Catalogue, register: str, held: int) -> int:
    if register not in catalogue:
        return held
    table = tables.table_name(catalogue[register])
    return int(
        connection.exec_driver_sql(
            "SELECT count(*) FROM search_text WHERE register = ? "
            f'AND record NOT IN (SELECT _id FROM "{table}")',
            (register,),
        ).scalar_one()
    )


# -- attachments -------------------------------------------------------------------------------


def verify_attachments(store: Store) -> list[str]:
    """Files beside the database that are missing, or not what their name promises."""
    found: list[str] = []
    present: set[str] = set()
    for file in sorted((store.folder / "files").rglob("*")):
        if file.is_file() and not file.name.endswith(".part"):
            present.add(file.name)
            with file.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            if digest != file.name:
                found.append(f"Le fichier joint {file.name} est abîmé : son empreinte a changé.")
    with store.reading() as read:
        named = read.connection.exec_driver_sql(
            f'SELECT name, digest FROM "{tables.table_name(read.catalogue["attachment"])}" '
            "WHERE _deleted = 0 AND digest IS NOT NULL ORDER BY _id"
        ).all()
    found += [
        f"Le fichier joint « {name} » manque ({digest})."
        for name, digest in named
        if digest not in present
    ]
    return found
