from __future__ import annotations

from datetime import date

import pytest

from prevention_app.domain.reorganisation import Act, Operation
from prevention_app.services import reorganisation
from prevention_app.services.organisation_tree import Past, organisation
from prevention_app.services.reorganisation import Plan

TODAY = date(2026, 11, 24)


def gather(store, *owners):
    with store.reading() as read:
        return organisation(read, TODAY, owners)


def names(found, keys):
    return [found.nodes[key].name for key in keys]


@pytest.fixture
def made(store):
    """A direction with a service and two units on one site, a second site inside the first."""
    with store.change("Préparer") as work:
        direction = work.new("org_unit", name="Routes", head="Directrice")
        service = work.new("org_unit", name="Agence Nord", parent=direction.id)
        site = work.new("site", name="Gien", kind="Centre")
        shed = work.new("site", name="Hangar", parent=site.id)
        roads = work.new("work_unit", name="Équipe", org_unit=service.id, site=shed.id, headcount=8)
        desk = work.new("work_unit", name="Bureau", org_unit=direction.id, women=2, men=1)
        for unit in (roads, roads, desk):
            work.new("risk", work_unit=unit.id, situation="Circulation")
    return {"direction": direction, "service": service, "site": site, "shed": shed,
            "roads": roads, "desk": desk}  # fmt: skip


def test_people_and_risks_add_up_from_below(store, made) -> None:
    found = gather(store)
    top = found.nodes[made["direction"].id]
    assert names(found, found.below[""]) == ["Routes"]
    assert names(found, found.below[top.id]) == ["Agence Nord", "Bureau"]
    assert (top.people, top.risks, top.members, top.detail) == (11, 3, 2, "Directrice")
    service = found.nodes[made["service"].id]
    assert (service.people, service.risks) == (8, 2)


def test_a_site_holds_the_units_on_it_and_on_its_parts(store, made) -> None:
    found = gather(store)
    site = found.nodes[made["site"].id]
    assert (site.people, site.risks, site.members) == (8, 2, 1)
    assert names(found, found.sites[site.id]) == ["Hangar"]


def test_the_staff_list_counts_where_no_unit_says_how_many(store) -> None:
    with store.change("Préparer") as work:
        unit = work.new("org_unit", name="Routes")
        here = work.new("work_unit", name="Équipe", org_unit=unit.id)
        work.new("person", last_name="Petit", work_unit=here.id)
        work.new("person", last_name="Grand", org_unit=unit.id)
        work.new("person", last_name="Parti", org_unit=unit.id, left_on=date(2026, 1, 1))
        work.new("person", last_name="Partira", org_unit=unit.id, left_on=date(2027, 1, 1))
    found = gather(store)
    assert not found.people_entered
    assert (found.nodes[unit.id].people, found.nodes[here.id].people) == (3, 1)


def test_types_and_closed_units_are_not_counted(store) -> None:
    with store.change("Préparer") as work:
        kind = work.new("work_unit", name="Type", headcount=100)
        work.new("work_unit", name="Ici", type_of=kind.id, headcount=4)
        work.new("work_unit", name="Avant", headcount=9, valid_until=date(2026, 1, 1))
    assert sum(each.people for each in gather(store).nodes.values()) == 4


def test_what_was_reorganised_tells_where_it_stood(store, made) -> None:
    unit, site = made["roads"].id, made["site"].id
    for day, operation in (
        (date(2026, 3, 1), Operation(Act.RENAME, unit, name="Équipe Est")),
        (date(2026, 9, 1), Operation(Act.MOVE, unit, to=made["direction"].id)),
        (date(2026, 9, 1), Operation(Act.RENAME, site, name="Gien-Port")),
    ):
        reorganisation.apply(store, Plan("45", day, (operation,)))
    found = gather(store)
    assert found.past[unit] == [
        Past(date(2026, 8, 31), "Équipe Est", "Agence Nord"),
        Past(date(2026, 2, 28), "Équipe", "Agence Nord"),
    ]
    assert found.past[site] == [Past(date(2026, 8, 31), "Gien", "")]
    assert made["service"].id not in found.past


def test_only_the_departments_asked_for_are_shown(store, made) -> None:
    with store.change("Ailleurs") as work:
        work.new("org_unit", owner="41", name="Culture")
    assert names(gather(store, "41"), gather(store, "41").below[""]) == ["Culture"]
    assert len(gather(store).below[""]) == 2


def test_what_was_joined_counts_with_the_record_that_stands(store, made) -> None:
    with store.change("Doublon") as work:
        double = work.new("work_unit", name="Equipe", org_unit=made["service"].id)
        work.new("risk", work_unit=double.id, situation="Bruit")
    with store.reading() as read:
        record = read.get("work_unit", double.id)
    with store.change("Rapprocher") as work:
        work.join("work_unit", record, made["roads"].id)
    found = gather(store)
    assert double.id not in found.nodes
    assert found.nodes[made["roads"].id].risks == 3
    assert found.nodes[made["direction"].id].risks == 4


def test_a_circle_still_has_a_top(store) -> None:
    with store.change("Préparer") as work:
        one = work.new("org_unit", name="Un")
        two = work.new("org_unit", name="Deux", parent=one.id)
    with store.reading() as read:
        record = read.get("org_unit", one.id)
    with store.change("Boucler") as work:
        work.amend("org_unit", record, parent=two.id)
    found = gather(store)
    assert len(found.below[""]) == 1
    assert sum(map(len, found.below.values())) == 2


def test_of_units_joined_crosswise_one_stands(store, made) -> None:
    roads, desk = made["roads"], made["desk"]
    with store.change("Réunir") as work:
        work.join("work_unit", roads, desk.id)
        work.join("work_unit", desk, roads.id)
    found = gather(store)
    units = [each for each in found.nodes.values() if each.register == "work_unit"]
    assert [each.risks for each in units] == [3]
