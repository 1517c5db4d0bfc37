from __future__ import annotations

from prevention_app.services.organisation import NOWHERE, SEVERAL, org_path


def paths(store):
    with store.reading() as read:
        return org_path(read)


def test_every_unit_knows_its_direction_and_the_way_down_to_it(store):
    with store.change("Préparer") as work:
        roads = work.new("org_unit", name="Direction des routes")
        north = work.new("org_unit", name="Agence Nord", parent=roads.id)
        team = work.new("org_unit", name="Équipe Est", parent=north.id)
        unit = work.new("work_unit", name="CE Gien", org_unit=team.id)
        elsewhere = work.new("org_unit", owner="41", name="Direction des routes")
    found = paths(store)
    branch = found.work_unit(unit.id)
    assert branch.path == ("Direction des routes", "Agence Nord", "Équipe Est")
    assert (branch.direction, branch.direction_id) == ("Direction des routes", roads.id)
    assert found.org_unit(roads.id).direction_id == roads.id
    other = found.org_unit(elsewhere.id)
    assert (other.department, other.direction_id) == ("41", elsewhere.id)


def test_a_site_belongs_where_most_of_its_people_do(store):
    with store.change("Préparer") as work:
        roads, schools = (work.new("org_unit", name=name) for name in ("Routes", "Éducation"))
        site, shared, room, empty = (
            work.new("site", name=name) for name in ("Centre", "Hôtel", "Atelier", "Vide")
        )
        annexe = work.new("site", name="Annexe", parent=site.id)
        work.amend("site", room, parent=site.id)
        work.new("work_unit", name="A", org_unit=roads.id, site=room.id, headcount=6)
        work.new("work_unit", name="B", org_unit=schools.id, site=site.id, women=3, men=2)
        work.new("work_unit", name="C", org_unit=roads.id, site=shared.id, headcount=5)
        work.new("work_unit", name="D", org_unit=schools.id, site=shared.id, headcount=5)
    found = paths(store)
    assert found.site(room.id).direction == "Routes"
    assert found.site(site.id).direction == "Routes"
    assert found.site(annexe.id).direction == "Routes"
    assert (found.site(shared.id).direction, found.site(shared.id).direction_id) == (SEVERAL, "")
    assert found.site(empty.id).direction == NOWHERE


def test_without_headcounts_the_units_themselves_are_counted(store):
    with store.change("Préparer") as work:
        roads, schools = (work.new("org_unit", name=name) for name in ("Routes", "Éducation"))
        site = work.new("site", name="Centre")
        for name, unit in (("A", roads), ("B", roads), ("C", schools)):
            work.new("work_unit", name=name, org_unit=unit.id, site=site.id)
    assert paths(store).site(site.id).direction == "Routes"


def test_a_record_belongs_by_its_org_unit_else_its_work_unit_else_its_site(store):
    with store.change("Préparer") as work:
        roads, schools, labs = (work.new("org_unit", name=name) for name in "RSL")
        site = work.new("site", name="Centre")
        unit = work.new("work_unit", name="A", org_unit=schools.id, site=site.id)
        lab = work.new("work_unit", name="L", org_unit=labs.id)
        person = work.new(
            "person", last_name="Un", org_unit=roads.id, work_unit=unit.id, site=site.id
        )
        other = work.new("person", last_name="Deux", work_unit=lab.id, site=site.id)
        third = work.new("person", last_name="Trois", site=site.id)
        lost = work.new("person", owner="41", last_name="Quatre")
    found = paths(store)
    assert [found.of(each).direction for each in (person, other, third)] == ["R", "L", "S"]
    assert (found.of(lost).department, found.of(lost).direction) == ("41", NOWHERE)


def test_a_circle_that_a_merge_brought_has_one_direction(store):
    with store.change("Préparer") as work:
        one, two = (work.new("org_unit", name=name) for name in ("Un", "Deux"))
        below = work.new("org_unit", name="Dessous", parent=two.id)
        site, room = (work.new("site", name=name) for name in ("Site", "Local"))
        work.amend("org_unit", one, parent=two.id)
        work.amend("org_unit", two, parent=one.id)
        work.amend("site", site, parent=room.id, kind="Collège")
        work.amend("site", room, parent=site.id)
        work.new("work_unit", name="A", org_unit=below.id, site=room.id)
    found = paths(store)
    assert {found.org_unit(each.id).direction for each in (one, two, below)} == {"Un"}
    assert found.site(site.id).direction == "Un"
    assert found.site_kind(room.id) == "Collège"


def test_a_deleted_or_joined_unit_is_passed_over(store):
    with store.change("Préparer") as work:
        kept, double, gone = (
            work.new("org_unit", name=name) for name in ("Gardée", "Bis", "Morte")
        )
        under_double = work.new("org_unit", name="Service", parent=double.id)
        under_gone = work.new("org_unit", name="Orphelin", parent=gone.id)
    with store.reading() as read:
        double, gone = (read.get("org_unit", each.id) for each in (double, gone))
    with store.change("Joindre") as work:
        work.join("org_unit", double, kept.id)
        work.delete("org_unit", gone)
    found = paths(store)
    assert found.org_unit(under_double.id).direction == "Gardée"
    assert found.org_unit(double.id).direction_id == kept.id
    assert found.org_unit(under_gone.id).direction == "Orphelin"
    assert found.org_unit(gone.id).direction == NOWHERE
    assert found.org_unit(None, "45").department == "45"
