"""What a merge leaves behind across records, and doubles that are joined."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from prevention_app.errors import Refused
from prevention_app.services import cross_checks
from prevention_app.services.cross_checks import Finding
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from tests.two_stations import TODAY, TwoStations
from tests.workspaces import NewWorkspaces


@pytest.fixture
def two(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[TwoStations]:
    made = TwoStations(tmp_path, new_workspace)
    yield made
    made.close()


def add(store: Store, register: str, **values: object) -> str:
    with store.change("Ajouter") as work:
        return work.new(register, **values).id  # type: ignore[arg-type]


def findings(store: Store, check: str = "") -> list[Finding]:
    with store.reading() as read:
        found = cross_checks.findings(read, TODAY)
    return [each for each in found if check in ("", each.check)]


class TestDoubles:
    def test_two_stations_that_made_the_same_thing(self, two):
        first = add(two.here, "site", name="Dépôt de Gien")
        second = add(two.there, "site", name="DEPOT DE GIEN")
        two.exchange()
        (found,) = findings(two.there)
        assert (found.check, found.register) == ("double", "site")
        assert found.records == tuple(sorted((first, second)))
        assert "« Dépôt de Gien »" in found.sentence or "« DEPOT DE GIEN »" in found.sentence
        assert all(each in found.sentence for each in found.references)

    def test_what_one_station_wrote_twice_is_two_things(self, two):
        for _ in range(2):
            add(two.here, "site", name="Dépôt")
        two.exchange()
        assert findings(two.here) == []

    def test_people_without_a_number_are_not_the_same(self, two):
        for store, name in ((two.here, "Durand"), (two.there, "Petit")):
            add(store, "person", last_name=name)
        two.exchange()
        assert findings(two.here) == []

    def test_joined_everywhere_and_undone(self, two):
        for store in (two.here, two.there):
            add(store, "site", name="Dépôt")
        two.exchange()
        done = cross_checks.join_doubles(two.here, findings(two.here))
        two.exchange()
        for store in (two.here, two.there):
            assert findings(store) == []
            with store.reading() as read:
                assert read.count(Query("site")) == 1
        two.here.undo(done.transaction)
        assert len(findings(two.here)) == 1

    def test_many_at_once_and_by_both_at_the_same_time(self, two):
        for store in (two.here, two.there):
            for name in ("Gien", "Sully", "Briare"):
                add(store, "site", name=name)
        two.exchange()
        for store in (two.here, two.there):
            cross_checks.join_doubles(store, findings(store))
        two.exchange()
        for store in (two.here, two.there):
            assert findings(store) == []
            with store.reading() as read:
                assert read.count(Query("site")) == 3

    def test_what_hangs_on_joined_records_counts_as_one(self, two):
        for store in (two.here, two.there):
            site = add(store, "site", name="Dépôt")
            add(store, "store_room", site=site, name="Local phyto")
        two.exchange()
        assert {each.register for each in findings(two.here)} == {"site"}
        cross_checks.join_doubles(two.here, findings(two.here))
        assert {each.register for each in findings(two.here)} == {"store_room"}

    def test_one_by_one_by_its_reference(self, two):
        first = two.both("site", name="Dépôt")
        second = two.both("site", name="Dépôt central")
        names = [two.read(two.here, "site", each).reference for each in (first, second)]
        cross_checks.join(two.here, names[1], names[0])
        assert two.read(two.here, "site", second).same_as == first.id
        with pytest.raises(Refused, match="même fiche"):
            cross_checks.join(two.here, names[1], names[0])
        job = two.read(two.here, "job", two.both("job", name="Élagueur")).reference
        with pytest.raises(Refused, match="même registre"):
            cross_checks.join(two.here, job, names[0])


def test_records_that_lost_what_they_refer_to(two):
    site = two.both("site", name="Dépôt")
    for number in range(2):
        add(two.here, "work_unit", name=f"Équipe {number}", site=site.id)
    two.delete(two.there, "site", site)
    two.exchange()
    (found,) = findings(two.here)
    assert (found.check, found.register, len(found.references)) == ("missing", "work_unit", 2)
    assert found.sentence.startswith("2\u00a0fiches désignent dans « Site » « Dépôt »")
    assert all(each in found.sentence for each in found.references)


def test_of_many_records_the_first_are_named(two):
    site = two.both("site", name="Dépôt")
    for number in range(8):
        add(two.here, "work_unit", name=f"Équipe {number}", site=site.id)
    two.delete(two.there, "site", site)
    two.exchange()
    (found,) = findings(two.here)
    assert all(each in found.sentence for each in found.references[:5])
    assert found.references[5] not in found.sentence
    assert found.sentence.endswith("et 3\u00a0autres).")


def test_two_who_put_each_under_the_other_make_a_ring(two):
    first, second = (two.both("org_unit", name=name) for name in ("Routes", "Collèges"))
    two.write(two.here, "org_unit", first, parent=second.id)
    two.write(two.there, "org_unit", second, parent=first.id)
    two.exchange()
    for store in (two.here, two.there):
        (found,) = findings(store)
        assert (found.check, set(found.records)) == ("ring", {first.id, second.id})
        assert "« Routes » → « Collèges » → « Routes »" in found.sentence


def test_dates_that_only_together_contradict_each_other(two):
    action = two.both("planned_action", title="Baliser")
    two.write(two.here, "planned_action", action, done_on=date(2026, 3, 1))
    two.write(two.there, "planned_action", action, decided_on=date(2026, 5, 1))
    two.exchange()
    (found,) = findings(two.there)
    assert (found.check, found.records) == ("contradiction", (action.id,))
    assert "La réalisation précède la décision." in found.sentence


class TestRatingsOfOneDay:
    """Two evaluations by two people are two, not a double; where they differ, somebody decides."""

    def rate(self, store: Store, risk: str, severity: int, **values: object) -> str:
        told = {"frequency": 3, "control": 2, "rated_on": TODAY, **values}
        return add(store, "rating", risk=risk, severity=severity, **told)

    def rated_apart(self, two: TwoStations, here: int, there: int) -> str:
        unit = add(two.here, "work_unit", name="CER de Gien")
        values = {"work_unit": unit, "situation": "Cônes", "evaluation": "evaluated"}
        risk = add(two.here, "risk", **values)
        two.exchange()
        self.rate(two.here, risk, here)
        self.rate(two.there, risk, there)
        two.exchange()
        return risk

    def test_that_agree_are_nothing_to_look_at(self, two):
        self.rated_apart(two, 3, 3)
        assert findings(two.here) == []
        with two.here.reading() as read:
            assert read.count(Query("rating")) == 2

    def test_that_differ_are_shown_with_both_values_until_it_is_rated_again(self, two):
        risk = self.rated_apart(two, 4, 2)
        (found,) = findings(two.here)
        assert (found.check, found.register, found.records) == ("divergence", "risk", (risk,))
        assert "résiduel 6\u00a0(moyen)" in found.sentence
        assert "3\u00a0(faible)" in found.sentence
        with pytest.raises(Refused):
            cross_checks.join_doubles(two.here, [found])
        self.rate(two.there, risk, 3)
        two.exchange()
        assert findings(two.here) == findings(two.there) == []

    def test_a_later_rating_settles_it(self, two):
        unit = add(two.here, "work_unit", name="CER de Gien")
        values = {"work_unit": unit, "situation": "Cônes", "evaluation": "evaluated"}
        risk = add(two.here, "risk", **values)
        two.exchange()
        before = date(2026, 3, 1)
        self.rate(two.here, risk, 4, rated_on=before)
        self.rate(two.there, risk, 2, rated_on=before)
        two.exchange()
        assert len(findings(two.here)) == 1
        self.rate(two.here, risk, 3)
        assert findings(two.here) == []
