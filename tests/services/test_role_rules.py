"""The table of roles and categories, as a department edits it."""

from __future__ import annotations

import pytest

from prevention_app.catalogue.vocabulary import Category, Role, RoleExtent
from prevention_app.errors import Refused
from prevention_app.services import role_rules
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.desks import MakeDesk, enrol, tell
from tests.services.test_circle import add

EXTENTS = list(RoleExtent)


def rule_of(store: Store, role: Role, category: Category) -> role_rules.Rule:
    (found,) = (
        each for each in role_rules.rules(store) if (each.role, each.category) == (role, category)
    )
    return found


def test_the_shipped_table_is_whole_and_unchanged(desk: MakeDesk) -> None:
    ana = desk("45", "Ana")
    table = role_rules.rules(ana.store)
    assert len(table) == len(Role) * len(Category)
    assert not any(each.changed for each in table)
    adviser = rule_of(ana.store, Role.ADVISER, Category.HEALTH)
    assert (adviser.reads, adviser.writes) == (RoleExtent.EVERYTHING, RoleExtent.EVERYTHING)


def test_what_a_department_decides_holds_at_once(desk: MakeDesk) -> None:
    """An assistant may write no organisation, until the department lets them."""
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    enrol(ana, luc, Role.ASSISTANT)
    with pytest.raises(Refused):
        add(luc, "Dépôt")
    changed = role_rules.set_rule(
        ana.store, Role.ASSISTANT, Category.ORGANISATION, writes=RoleExtent.EVERYTHING
    )
    assert changed.changed
    assert changed == rule_of(ana.store, Role.ASSISTANT, Category.ORGANISATION)
    assert changed.reads == changed.shipped_reads
    tell(ana, luc)
    add(luc, "Dépôt")

    back = role_rules.restore(ana.store, Role.ASSISTANT, Category.ORGANISATION)
    assert not back.changed
    assert back == rule_of(ana.store, Role.ASSISTANT, Category.ORGANISATION)
    tell(ana, luc)
    with pytest.raises(Refused):
        add(luc, "Autre dépôt")
    assert check(ana.store) == check(luc.store) == []


def test_a_rule_is_changed_again_and_again_in_one_record(desk: MakeDesk) -> None:
    ana = desk("45", "Ana")
    for reads in (*EXTENTS, RoleExtent.NOTHING):
        role_rules.set_rule(ana.store, Role.COMMITTEE, Category.HEALTH, reads=reads)
        assert rule_of(ana.store, Role.COMMITTEE, Category.HEALTH).reads == reads
    with ana.store.reading() as read:
        assert len(role_rules._kept(read, "45")) == 1


def test_who_gives_rights_is_no_rule(desk: MakeDesk) -> None:
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    with pytest.raises(Refused, match="ne se changent pas"):
        role_rules.set_rule(ana.store, Role.ADVISER, Category.RIGHTS, writes=RoleExtent.EVERYTHING)
    enrol(ana, luc)
    for act in (
        lambda: role_rules.set_rule(
            luc.store, Role.ADVISER, Category.HEALTH, writes=RoleExtent.NOTHING
        ),
        lambda: role_rules.restore(luc.store, Role.ADVISER, Category.HEALTH),
    ):
        with pytest.raises(Refused, match="pas administrateur"):
            act()
    assert not any(each.changed for each in role_rules.rules(luc.store))
