"""What each role reads and writes of each category in a department: shipped, edited, put back.

A rule that a department changed is a record of the register `role_rule`; where it has none, the
shipped value holds (`domain/rights.py`). A narrower rule takes nothing back of what was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.vocabulary import Category, Role, RoleExtent
from prevention_app.domain.rights import SHIPPED_RULES
from prevention_app.errors import Refused
from prevention_app.storage import circle
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store

REGISTER: Final = "role_rule"
CHANGE: Final = "Changer les droits d’un rôle"
RESTORE: Final = "Revenir aux droits d’origine d’un rôle"
FIXED: Final = Category.RIGHTS
"""Who gives rights is no rule: the judging would turn in a circle."""
_ORDER: Final = list(RoleExtent)


@dataclass(frozen=True, slots=True)
class Rule:
    """One cell of the table."""

    role: Role
    category: Category
    reads: RoleExtent
    writes: RoleExtent
    shipped_reads: RoleExtent
    shipped_writes: RoleExtent

    @property
    def changed(self) -> bool:
        """Whether the department decided otherwise than what is shipped."""
        return (self.reads, self.writes) != (self.shipped_reads, self.shipped_writes)

    @property
    def fixed(self) -> bool:
        """Whether nobody may change it."""
        return self.category is FIXED


def rules(store: Store, department: str = "") -> list[Rule]:
    """The whole table of a department: role by role, category by category."""
    department = department or store.department
    with store.reading() as read:
        kept = _kept(read, department)
    return [
        _rule(role, category, kept.get((role, category), []))
        for role in Role
        for category in Category
    ]


def set_rule(
    store: Store,
    role: Role,
    category: Category,
    *,
    reads: RoleExtent | None = None,
    writes: RoleExtent | None = None,
    department: str = "",
) -> Rule:
    """Let a role read and write so much of a category; what is not named stays as it is.

    Raises Refused where this station is no administrator of the department, and where the category
    is that of rights.
    """
    department = department or store.department
    _refuse(store, role, category, department)
    with store.reading() as read:
        kept = _kept(read, department).get((role, category), [])
    now = _rule(role, category, kept)
    reads, writes = reads or now.reads, writes or now.writes
    if (reads, writes) == (now.reads, now.writes):
        return now
    work = circle.draft(store, department)
    for each in kept:
        work.amend(REGISTER, each, reads=reads, writes=writes)
    if not kept:
        work.new(
            REGISTER, owner=department, role=role, category=category, reads=reads, writes=writes
        )
    store.write(work, CHANGE)
    return Rule(role, category, reads, writes, now.shipped_reads, now.shipped_writes)


def restore(store: Store, role: Role, category: Category, department: str = "") -> Rule:
    """Go back to what is shipped; nothing is written where it holds already."""
    department = department or store.department
    _refuse(store, role, category, department)
    with store.reading() as read:
        kept = _kept(read, department).get((role, category), [])
    if kept:
        work = circle.draft(store, department)
        for each in kept:
            work.delete(REGISTER, each)
        store.write(work, RESTORE)
    return _rule(role, category, [])


def _refuse(store: Store, role: Role, category: Category, department: str) -> None:
    if category is FIXED:
        raise Refused(
            f"Les droits de « {role.label_fr} » sur la catégorie « {category.label_fr} » ne se "
            "changent pas : seul un administrateur donne et retire des droits."
        )
    circle.refuse_unless_administrator(store, department)


def _kept(read: Reader, department: str) -> dict[tuple[str, str], list[Record]]:
    """(role, category) → the records of the department about it: one, but for a merge."""
    found: dict[tuple[str, str], list[Record]] = {}
    for each in read.records(Query(REGISTER, owners=(department,))):
        key = (circle.text_of(each, "role"), circle.text_of(each, "category"))
        found.setdefault(key, []).append(each)
    return found


def _rule(role: Role, category: Category, kept: list[Record]) -> Rule:
    """Of two records about one thing the narrower one holds, as where it is judged."""
    reads, writes = map(RoleExtent, SHIPPED_RULES[role, category])
    if category is FIXED or not kept:
        return Rule(role, category, reads, writes, reads, writes)
    said = [[_extent(each, key) for each in kept] for key in ("reads", "writes")]
    narrow = [min(each, key=_ORDER.index) for each in said]
    return Rule(role, category, narrow[0], narrow[1], reads, writes)


def _extent(record: Record, key: str) -> RoleExtent:
    try:
        return RoleExtent(circle.text_of(record, key))
    except ValueError:
        return RoleExtent.NOTHING
