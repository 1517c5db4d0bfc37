"""The employers' trees with what hangs on them: people and risks of every direction and site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from prevention_app.catalogue.values import fold
from prevention_app.domain.trees import path_from_top
from prevention_app.services.places import Places, read_places
from prevention_app.storage.query import Condition, Op, Query, Reader

ORG_UNIT: Final = "org_unit"
WORK_UNIT: Final = "work_unit"
SITE: Final = "site"
_FIELDS: Final = {
    ORG_UNIT: ("name", "parent", "head", "valid_until"),
    SITE: ("name", "parent", "kind", "town", "valid_until"),
    WORK_UNIT: (
        "name", "org_unit", "activity", "valid_until",
        "site", "type_of", "headcount", "women", "men",
    ),
}  # fmt: skip


@dataclass(slots=True)
class Node:
    """An org unit, a work unit or a site, with the people and risks of all below it."""

    register: str
    id: str
    owner: str
    name: str
    detail: str
    """Who heads it, what is done there, what kind of site it is."""
    parent: str
    """Id of the node above; empty at the top."""
    site: str = ""
    """Of a work unit: the site it lies on."""
    type_of: str = ""
    headcount: int | None = None
    until: date | None = None
    order: str = ""
    """By what it stands among the others: its name without accents and capitals."""
    people: int = 0
    risks: int = 0
    members: int = 0
    """Work units at or below it."""


@dataclass(frozen=True, slots=True)
class Past:
    """How a node stood until a day."""

    until: date
    name: str
    above: str
    """Name of what it was a part of; empty at the top."""


@dataclass(slots=True)
class Organisation:
    """The nodes by id, and those at the top or below another one by the id of that one."""

    nodes: dict[str, Node] = field(default_factory=dict[str, Node])
    below: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Org units and work units by the org unit above; the tops of the tree under « »."""
    sites: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Sites by the site around them; those inside no other under « »."""
    past: dict[str, list[Past]] = field(default_factory=dict[str, list[Past]])
    """Id of a node → how it stood before, the latest first."""
    people_entered: bool = False
    """Whether people are counted as entered for the work units, not from the staff list."""


def organisation(read: Reader, today: date, owners: tuple[str, ...] = ()) -> Organisation:
    """The trees of these departments (all when empty), with the people and risks below each node.

    People are counted as the figures of the reports count them: as entered for the work units,
    else from the staff list.
    """
    held = {each: read_places(read, each, fields, owners) for each, fields in _FIELDS.items()}
    # Ids are of one register only: what a node names is looked up in all of them at once.
    places = Places(
        {key: row for each in held.values() for key, row in each.rows.items()},
        {key: other for each in held.values() for key, other in each.joined.items()},
    )
    found = Organisation(
        {
            key: _node(register, key, row[0], dict(zip(_FIELDS[register], row[1:], strict=True)))
            for register, each in held.items()
            for key, row in each.rows.items()
        }
    )
    _settle(found, places)
    _tell_past(read, found, places, owners)
    _count_members(found, today)
    if not found.people_entered:
        for query, key in _staff(owners, today):
            for node, count in _counts(read, query, key, found, places):
                node.people += count
    risks = Query("risk", owners=owners)
    for node, count in _counts(read, risks, WORK_UNIT, found, places):
        node.risks += count
    return found


def _node(register: str, record_id: str, owner: str, held: dict[str, Any]) -> Node:
    detail = {
        ORG_UNIT: held.get("head"),
        SITE: ", ".join(filter(None, (held.get("kind"), held.get("town")))),
        WORK_UNIT: held.get("activity"),
    }[register]
    return Node(
        register,
        record_id,
        owner,
        str(held["name"] or ""),
        " ".join(str(detail or "").split()),
        str(held.get("parent") or held.get("org_unit") or ""),
        str(held.get("site") or ""),
        str(held.get("type_of") or ""),
        _headcount(held),
        _day(held["valid_until"]),
        fold(str(held["name"] or "")),
    )


def _day(held: str | None) -> date | None:
    return date.fromisoformat(held) if held else None


def _headcount(held: dict[str, Any]) -> int | None:
    if held.get("headcount") is not None:
        return int(held["headcount"])
    by_sex = (held.get("women") or 0) + (held.get("men") or 0)
    return by_sex or None


def _settle(found: Organisation, places: Places) -> None:
    """Open circles, put every node under the one above."""
    nodes = found.nodes
    for each in nodes.values():
        each.parent, each.site, each.type_of = (
            places.lead(named) or "" for named in (each.parent, each.site, each.type_of)
        )
    parents: dict[str, str | None] = {key: each.parent or None for key, each in nodes.items()}
    for each in nodes.values():
        path = path_from_top(parents, each.id)
        each.parent = path[-2] if len(path) > 1 else ""
        tree = found.sites if each.register == SITE else found.below
        tree.setdefault(each.parent, []).append(each.id)
    for tree in (found.below, found.sites):
        for members in tree.values():
            members.sort(key=lambda key: (nodes[key].register, nodes[key].order))


def _tell_past(read: Reader, found: Organisation, places: Places, owners: tuple[str, ...]) -> None:
    """What reorganising recorded: a split is told once, though several continue the unit."""
    fields = ("changed_on", ORG_UNIT, WORK_UNIT, SITE, "name_before", "under_before", "site_before")
    for row in read.walk(Query("org_change", owners=owners), fields):
        _, changed_on, org_unit, work_unit, place, name, under, site = row
        node = found.nodes.get(places.lead(org_unit or work_unit or place) or "")
        if node is None:
            continue
        above = found.nodes.get(places.lead(site if node.register == SITE else under) or "")
        until = date.fromisoformat(changed_on) - timedelta(days=1)
        past = Past(until, name or node.name, above.name if above else "")
        if past not in found.past.setdefault(node.id, []):
            found.past[node.id].append(past)
    for each in found.past.values():
        each.sort(key=lambda past: past.until, reverse=True)


def _count_members(found: Organisation, today: date) -> None:
    units = [each for each in found.nodes.values() if each.register == WORK_UNIT]
    types = {each.type_of for each in units if each.type_of}
    for each in units:
        ended = each.until is not None and each.until < today
        entered = 0 if ended or each.id in types else each.headcount or 0
        found.people_entered = found.people_entered or entered > 0
        for above in _chain(found, each):
            above.members += 1
            above.people += entered


def _staff(owners: tuple[str, ...], today: date) -> list[tuple[Query, str]]:
    """Who is still there, by work unit, else by org unit."""
    there = (Condition("left_on", Op.EMPTY), Condition("left_on", Op.FROM, today))
    placed = (Condition(WORK_UNIT, Op.FILLED),), (Condition(WORK_UNIT, Op.EMPTY),)
    return [
        (Query("person", where=(stays, *where), owners=owners), key)
        for stays in there
        for where, key in zip(placed, (WORK_UNIT, ORG_UNIT), strict=True)
    ]


def _counts(
    read: Reader, query: Query, key: str, found: Organisation, places: Places
) -> Iterator[tuple[Node, int]]:
    """How many records a query finds for each node that they name, and for all around it."""
    for each in read.sums(query, (), by=key):
        node = found.nodes.get(places.lead(str(each.value or "")) or "")
        for above in _chain(found, node):
            yield above, each.count


def _chain(found: Organisation, node: Node | None) -> Iterator[Node]:
    """A node, all above it, and of a work unit the site it lies on with all around that."""
    following = node
    while following is not None:
        yield following
        following = found.nodes.get(following.parent)
    if node is not None and node.site:
        yield from _chain(found, found.nodes[node.site])
