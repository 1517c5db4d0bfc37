"""The history of a record and the undoing of a change, both read from the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prevention_app.catalogue.description import Catalogue, Entity
from prevention_app.domain.merging import (
    DELETED,
    ERASED,
    ERASED_IN_PLACE,
    Leaf,
    Stored,
    heads_of,
    value_before,
)
from prevention_app.errors import Refused
from prevention_app.storage import apply, journal, tables
from prevention_app.storage.engine import Connection
from prevention_app.storage.journal import Written
from prevention_app.storage.work import ENROL, REDO, SETTLE, UNDO


@dataclass(frozen=True, slots=True)
class Past:
    """One field that one change wrote."""

    station: str
    number: int
    when: datetime
    author: str
    message: str
    field: str
    old: Stored
    new: Stored
    reason: str = ""


def history(connection: Connection, record: str) -> list[Past]:
    """All that was ever written in a record, oldest first."""
    leaves = journal.leaves_of(connection, record)
    shipped = apply.shipped_values(connection, record)
    found: list[Past] = []
    for written in leaves:
        same_kind = [each.leaf for each in leaves if each.kind == written.kind]
        for name, value in written.leaf.writes.items():
            if name == apply.REASON:
                continue
            before = value_before(same_kind, written.leaf, name)
            old = before.shown if before.heads else shipped.get(name)
            found.append(
                Past(
                    written.leaf.station,
                    written.leaf.number,
                    datetime.fromtimestamp(journal.clock_time(written.leaf.clock), tz=UTC),
                    written.author,
                    written.leaf.message,
                    name,
                    old,
                    ERASED if value is ERASED_IN_PLACE else value,  # type: ignore[arg-type]
                    _reason(leaves, written),
                )
            )
    return found


def _reason(leaves: Sequence[Written], written: Written) -> str:
    for each in leaves:
        if (each.leaf.station, each.leaf.number) == (written.leaf.station, written.leaf.number):
            reason = each.leaf.writes.get(apply.REASON)
            if isinstance(reason, str):
                return reason
    return ""


@dataclass(slots=True)
class Reversal:
    """What undoing a change would write, and what has moved on since."""

    writes: dict[tuple[Entity, str], dict[str, Stored]] = field(default_factory=dict)
    moved_on: list[tuple[Entity, str, str]] = field(default_factory=list)
    """(entity, record, field key)."""


def last_undoable(connection: Connection, station: str, author: str) -> int | None:
    """My last change at this station that is not undone and is itself no undo.

    A redo counts as a change: undoing again takes the redo back.
    """
    undone: set[int] = set()
    for number, message, who, undoes in journal.own_entries(connection, station):
        if message == UNDO:
            if undoes is not None and number not in undone:
                undone.add(undoes)
        elif who == author and number not in undone and message != ENROL:
            return number
    return None


def is_undone(connection: Connection, station: str, number: int) -> bool:
    """Whether an undo that still stands took this change back."""
    reversed_: set[int] = set()
    for each, message, _, undoes in journal.own_entries(connection, station):
        if each <= number:
            break
        if message in (UNDO, REDO) and undoes is not None and each not in reversed_:
            reversed_.add(undoes)
    return number in reversed_


def last_undo(connection: Connection, station: str, author: str) -> int | None:
    """My last undo, while nothing of mine came after it but undos and redos."""
    redone: set[int] = set()
    for number, message, who, undoes in journal.own_entries(connection, station):
        if who != author:
            continue
        if message == REDO and undoes is not None:
            redone.add(undoes)
        elif message == UNDO:
            if number not in redone:
                return number
        else:
            return None
    return None


def plan_reversal(
    connection: Connection, catalogue: Catalogue, station: str, number: int
) -> Reversal:
    """What to write so that each field is as before that entry; raises Refused with the reason."""
    plan = Reversal()
    entry = journal.leaves_of_entry(connection, station, number)
    all_leaves = journal.leaves_of_many(connection, dict.fromkeys(each.record for each in entry))
    under = apply.ground(connection)
    created = {written.record for written in entry if "c" in written.body}
    for written in entry:
        entity = catalogue.by_code.get(written.register)
        if entity is None:
            raise Refused("Ce changement touche un registre que cette version ne connaît pas.")
        _refuse_final(entity, written)
        base = under.shipped.get(written.record, ("", {}))[1]
        _reverse_leaf(plan, entity, written, all_leaves[written.record], base)
    for entity, record in list(plan.writes):
        if record in created:
            plan.writes[entity, record] = {DELETED: True}
    for entity, record, _ in plan.moved_on:
        if record in created:
            plan.writes.pop((entity, record), None)  # others went on working with it
    _keep_deleted(connection, plan)
    _keep_used(connection, catalogue, plan, created)
    return plan


def _keep_deleted(connection: Connection, plan: Reversal) -> None:
    """What was deleted since has moved on, but for the writes that bring it back."""
    by_entity: dict[Entity, list[str]] = {}
    for (entity, record), writes in plan.writes.items():
        if writes and writes.get(DELETED) is not False:
            by_entity.setdefault(entity, []).append(record)
    for entity, records in by_entity.items():
        for chunk in journal.chunks(records):
            marks = ", ".join("?" * len(chunk))
            for deleted in connection.exec_driver_sql(
                f'SELECT _id FROM "{tables.table_name(entity)}" '
                f"WHERE _deleted = 1 AND _id IN ({marks})",
                tuple(chunk),
            ).scalars():
                plan.writes.pop((entity, deleted))
                plan.moved_on.append((entity, deleted, DELETED))


def _keep_used(
    connection: Connection, catalogue: Catalogue, plan: Reversal, created: Collection[str]
) -> None:
    """A new record that other live records refer to stays, and so does what it refers to.

    What is written back by this reversal refers to it no more.
    """
    going = {record: entity for entity, record in plan.writes if record in created}
    uses = [
        each
        for each in _uses(connection, catalogue, going)
        if each[3] not in plan.writes.get((each[1], each[2]), {})
    ]
    while found := [each for each in uses if each[0] in going and each[2] not in going]:
        for used, user, by, key in found:
            if used in going:
                plan.writes.pop((going.pop(used), used))
            plan.moved_on.append((user, by, key))


def _uses(
    connection: Connection, catalogue: Catalogue, going: Mapping[str, Entity]
) -> list[tuple[str, Entity, str, str]]:
    """(used record, register and record that use it, field) for live records."""
    by_register: dict[str, list[str]] = {}
    for record, entity in going.items():
        by_register.setdefault(entity.key, []).append(record)
    found: list[tuple[str, Entity, str, str]] = []
    for register, records in by_register.items():
        for user, each in catalogue.children(register):
            for chunk in journal.chunks(records):
                marks = ", ".join("?" * len(chunk))
                found += [
                    (str(used), user, str(by), each.key)
                    for used, by in connection.exec_driver_sql(
                        f'SELECT "{each.key}", _id FROM "{tables.table_name(user)}" '
                        f'WHERE _deleted = 0 AND "{each.key}" IN ({marks})',
                        tuple(chunk),
                    )
                ]
    return found


def _refuse_final(entity: Entity, written: Written) -> None:
    created = "c" in written.body
    if written.leaf.message == SETTLE:
        raise Refused(
            "Un choix entre des valeurs à départager ne s’annule pas : il se refait, en gardant "
            "une autre valeur."
        )
    if entity.statutory and created:
        raise Refused(
            f"Une inscription du registre « {entity.label_fr} » ne s’annule pas : elle se rectifie."
        )
    if written.leaf.erasure:
        raise Refused("Un effacement ne s’annule pas : les données n’existent plus.")
    if entity.key == "reference_edition":
        raise Refused(
            "La mise en service d’un catalogue national ne s’annule pas : "
            "reprenez le fichier de l’édition précédente."
        )
    if entity.key in ("station", "user") or entity.category == "rights":
        raise Refused("L’ouverture d’un ordinateur et les droits ne s’annulent pas.")


def _reverse_leaf(
    plan: Reversal,
    entity: Entity,
    written: Written,
    leaves: Sequence[Written],
    shipped: Mapping[str, Stored],
) -> None:
    same_kind = [each.leaf for each in leaves if each.kind == written.kind]
    writes = plan.writes.setdefault((entity, written.record), {})
    for name in written.leaf.writes:
        if name == apply.REASON:
            continue
        heads = heads_of(same_kind, name)
        before = value_before(same_kind, written.leaf, name)
        gone = before.conflict or before.shown == ERASED
        if gone or len(heads) != 1 or not _stands(leaves, written, heads[0], name):
            plan.moved_on.append((entity, written.record, name))
        else:
            writes[name] = before.shown if before.heads else shipped.get(name)
    if DELETED in writes:
        writes[DELETED] = bool(writes[DELETED])


def _stands(leaves: Sequence[Written], written: Written, head: Leaf, name: str) -> bool:
    """Whether the value shown is the one that this leaf wrote.

    An undo or redo puts an earlier write back: its value counts as that write's again.
    """
    same_kind = {
        (each.leaf.station, each.leaf.number): each for each in leaves if each.kind == written.kind
    }
    wanted = (written.leaf.station, written.leaf.number)
    while (head.station, head.number) != wanted:
        if head.message not in (UNDO, REDO):
            return False
        undoes = _undone_number(leaves, head)
        taken_back = same_kind.get((head.station, undoes)) if undoes else None
        if taken_back is None or name not in taken_back.leaf.writes:
            return False
        before = value_before([each.leaf for each in same_kind.values()], taken_back.leaf, name)
        if len(before.heads) != 1:
            return False
        head = before.heads[0]
    return True


def _undone_number(leaves: Sequence[Written], head: Leaf) -> int | None:
    for each in leaves:
        same = (each.leaf.station, each.leaf.number) == (head.station, head.number)
        if same and "u" in each.body:
            return int(each.body["u"])
    return None
