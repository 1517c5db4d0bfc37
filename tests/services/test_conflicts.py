"""Values that two stations wrote without knowing of each other, and what people make of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import NotFound, Refused
from prevention_app.services import conflicts
from prevention_app.services.conflicts import Conflict
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from prevention_app.storage.work import CheckFailed
from tests.two_stations import TwoStations
from tests.workspaces import NewWorkspaces


@pytest.fixture
def two(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[TwoStations]:
    made = TwoStations(tmp_path, new_workspace)
    yield made
    made.close()


def only(store: Store) -> Conflict:
    (found,) = conflicts.conflicts(store)
    return found


def town_of(store: Store, two: TwoStations, site: object) -> str:
    return two.read(store, "site", site).town  # type: ignore[arg-type,attr-defined]


class TestWhatIsListed:
    def test_both_values_with_who_when_and_where(self, two):
        site = two.both("site", name="Dépôt de Gien", town="Sully", operator="Régie")
        two.differ("site", site, town=("Gien", "Orléans"))
        found = only(two.here)
        assert (found.kind, found.register, found.field) == ("value", "site", "town")
        assert (found.title, found.label, found.before) == ("Dépôt de Gien", "Commune", "Sully")
        assert found.reference.startswith("45-SITE-")
        assert ("Exploitant", "Régie") in found.nearby
        told = {each.text: (each.who, each.station, each.mine) for each in found.values}
        assert told == {
            "Gien": ("Claire Marchand", "Poste A", True),
            "Orléans": ("Sophie Nogueira", "Poste B", False),
        }
        assert [each.n for each in found.values] == [1, 2]
        assert [each.text for each in found.values if each.standing] == [
            town_of(two.here, two, site)
        ]

    def test_the_same_id_and_the_same_list_at_every_station(self, two):
        site = two.both("site", name="Dépôt")
        two.differ("site", site, town=("Gien", "Orléans"))
        here, there = only(two.here), only(two.there)
        assert here.id == there.id
        assert [each.text for each in here.values] == [each.text for each in there.values]
        assert [each.mine for each in here.values] == [not each.mine for each in there.values]

    def test_the_same_value_is_agreement(self, two):
        site = two.both("site", name="Dépôt")
        two.differ("site", site, town=("Gien", "Gien"))
        assert conflicts.conflicts(two.here) == conflicts.conflicts(two.there) == []

    def test_references_choices_and_dates_as_people_read_them(self, two):
        first, second = (two.both("site", name=name) for name in ("Gien", "Sully"))
        action = two.both("planned_action", title="Baliser")
        unit = two.both("work_unit", name="Équipe", site=first.id)
        two.differ("planned_action", action, due=(date(2026, 12, 1), date(2027, 1, 31)))
        two.differ("work_unit", unit, site=(second.id, None))
        texts = {
            each.field: [value.text for value in each.values]
            for each in conflicts.conflicts(two.here)
        }
        assert texts["due"] == ["01/12/2026", "31/01/2027"]
        assert sorted(texts["site"]) == ["", "Sully"]

    def test_the_more_cautious_rating_stands_first_whoever_wrote_last(self, two):
        unit = two.both("work_unit", name="Équipe")
        risk = two.both("risk", work_unit=unit.id, situation="Chute")
        rating = two.both("rating", risk=risk.id, severity=1, control=1)
        two.differ("rating", rating, severity=(4, 2), control=(2, 3))
        found = {each.field: each for each in conflicts.conflicts(two.there)}
        assert [each.text for each in found["severity"].values] == ["4", "2"]
        assert [each.text for each in found["control"].values] == ["3", "2"]
        assert found["severity"].name == "Chute"

    def test_what_nobody_sees_any_more_is_left_out(self, two):
        kept, other = (two.both("site", name=name) for name in ("Dépôt", "Dépot"))
        two.differ("site", kept, town=("Gien", "Orléans"))
        two.differ("site", other, town=("Gien", "Orléans"))
        two.delete(two.here, "site", kept)
        with two.here.change("Réunir") as work:
            work.join("site", two.read(two.here, "site", other), kept.id)
        two.exchange()
        assert conflicts.conflicts(two.there) == []
        with two.here.change("Rétablir") as work:
            work.mark_deleted("site", two.read(two.here, "site", kept), deleted=False)
        assert only(two.here).place.record == kept.id


class TestSettling:
    @pytest.fixture
    def site(self, two):
        made = two.both("site", name="Dépôt", town="Sully")
        two.differ("site", made, town=("Gien", "Orléans"))
        return made

    def test_settled_once_is_settled_everywhere(self, two, site):
        conflicts.settle(two.here, only(two.here), "mine")
        assert conflicts.conflicts(two.here) == []
        two.exchange()
        assert conflicts.conflicts(two.there) == []
        assert town_of(two.here, two, site) == town_of(two.there, two, site) == "Gien"
        assert check(two.there) == []

    @pytest.mark.parametrize(("keep", "town"), [("mine", "Gien"), ("theirs", "Orléans")])
    def test_mine_is_what_was_written_at_this_station(self, two, site, keep, town):
        conflicts.settle(two.here, only(two.here), keep)
        assert town_of(two.here, two, site) == town

    def test_a_value_is_kept_by_its_place_in_the_list(self, two, site):
        found = only(two.here)
        conflicts.settle(two.here, found, "2")
        assert town_of(two.here, two, site) == found.values[1].text
        with pytest.raises(Refused, match="n° 3"):
            conflicts.choose(found, "3")

    def test_a_third_value_is_typed(self, two, site):
        conflicts.settle_typed(two.here, only(two.here), "Briare")
        two.exchange()
        assert town_of(two.there, two, site) == "Briare"
        assert conflicts.conflicts(two.there) == []

    def test_a_value_that_is_not_allowed_settles_nothing(self, two):
        unit = two.both("work_unit", name="Équipe")
        risk = two.both("risk", work_unit=unit.id, situation="Chute")
        rating = two.both("rating", risk=risk.id, severity=1)
        two.differ("rating", rating, severity=(4, 2))
        with pytest.raises(CheckFailed):
            conflicts.settle_typed(two.here, only(two.here), "9")
        assert len(only(two.here).values) == 2

    def test_two_who_settle_differently_disagree_again_and_settle_anew(self, two, site):
        first = only(two.here).id
        conflicts.settle(two.here, only(two.here), "mine")
        conflicts.settle(two.there, only(two.there), "mine")
        two.exchange()
        again = only(two.here)
        assert again.id == first == only(two.there).id
        conflicts.settle(two.there, only(two.there), "theirs")
        two.exchange()
        assert conflicts.conflicts(two.here) == conflicts.conflicts(two.there) == []
        assert town_of(two.here, two, site) == town_of(two.there, two, site) == "Gien"

    def test_two_who_settle_alike_agree(self, two, site):
        conflicts.settle(two.here, only(two.here), "mine")
        conflicts.settle(two.there, only(two.there), "theirs")
        two.exchange()
        assert conflicts.conflicts(two.here) == conflicts.conflicts(two.there) == []

    def test_a_value_that_came_after_it_was_read_is_not_settled_unseen(self, two, site):
        shown = only(two.here)
        two.write(two.there, "site", site, town="Montargis")
        two.exchange()
        with pytest.raises(Refused, match="relisez-les"):
            conflicts.settle(two.here, shown, "mine")
        assert {each.text for each in only(two.here).values} == {"Gien", "Montargis"}

    def test_what_another_one_settled_meanwhile_is_told(self, two, site):
        shown = only(two.here)
        conflicts.settle(two.there, only(two.there), "mine")
        two.exchange()
        with pytest.raises(Refused, match="relisez-les"):
            conflicts.settle(two.here, shown, "mine")

    def test_it_is_not_undone_but_settled_anew(self, two, site):
        conflicts.settle(two.here, only(two.here), "mine")
        with pytest.raises(Refused, match="se refait"):
            two.here.undo()
        two.exchange()
        with two.there.reading() as read:
            (was,) = conflicts.settled(read, two.there.station)
        assert was.settled_by == "Claire Marchand"
        assert {each.text: each.standing for each in was.values} == {"Gien": True, "Orléans": False}
        conflicts.settle(two.there, was, "mine")
        two.exchange()
        assert town_of(two.here, two, site) == "Orléans"
        assert conflicts.conflicts(two.here) == []

    def test_a_third_value_can_be_settled_anew_by_its_id(self, two, site):
        named = only(two.here).id
        conflicts.settle_typed(two.here, only(two.here), "Briare")
        was = conflicts.find(two.here, named)
        assert [each.text for each in was.values if each.standing] == ["Briare"]
        assert {each.text for each in was.values} == {"Briare", "Gien", "Orléans"}
        conflicts.settle_typed(two.here, was, "Gien")
        assert town_of(two.here, two, site) == "Gien"

    def test_settled_anew_again_and_again_every_value_stays_with_its_author(self, two, site):
        named = only(two.here).id
        conflicts.settle_typed(two.here, only(two.here), "Montargis")
        conflicts.settle_typed(two.here, conflicts.find(two.here, named), "Nevers")
        conflicts.settle(two.here, conflicts.find(two.here, named), "4")
        two.exchange()
        for store in (two.here, two.there):
            was = conflicts.find(store, named)
            assert [(each.text, each.who, each.standing) for each in was.values] == [
                ("Nevers", "Claire Marchand", False),
                ("Montargis", "Claire Marchand", False),
                ("Orléans", "Sophie Nogueira", False),
                ("Gien", "Claire Marchand", True),
            ]
            assert was.before == "Sully"
        conflicts.settle(two.there, conflicts.find(two.there, named), "mine")
        two.exchange()
        assert town_of(two.here, two, site) == town_of(two.there, two, site) == "Orléans"
        assert conflicts.conflicts(two.here) == conflicts.conflicts(two.there) == []

    def test_what_two_settled_differently_is_all_there_once_it_is_settled(self, two, site):
        named = only(two.here).id
        conflicts.settle_typed(two.here, only(two.here), "Montargis")
        conflicts.settle(two.there, only(two.there), "mine")
        two.exchange()
        conflicts.settle_typed(two.there, only(two.there), "Nevers")
        was = conflicts.find(two.there, named)
        assert {each.text: each.who for each in was.values} == {
            "Gien": "Claire Marchand",
            "Orléans": "Sophie Nogueira",
            "Montargis": "Claire Marchand",
            "Nevers": "Sophie Nogueira",
        }

    def test_what_was_edited_after_it_was_settled_is_settled_no_more(self, two, site):
        named = only(two.here).id
        conflicts.settle(two.here, only(two.here), "mine")
        two.write(two.here, "site", site, town="Briare")
        with two.here.reading() as read:
            assert conflicts.settled(read, two.here.station) == []
        with pytest.raises(NotFound):
            conflicts.find(two.here, named)

    def test_history_calls_it_by_its_name(self, two, site):
        from prevention_app.services import records

        conflicts.settle(two.here, only(two.here), "mine", reason="Vu sur place")
        last = records.history(two.here, "site", site.id)[-1]
        assert (last.name, last.new, last.reason) == ("Départager", "Gien", "Vu sur place")


def test_mine_is_refused_where_it_names_none_or_several(two, tmp_path, new_workspace):
    site = two.both("site", name="Dépôt")
    two.differ("site", site, town=("Gien", "Orléans"))
    place = new_workspace(tmp_path / "C.prevention", name="Poste C", user="Luc")
    third = Store(place, declared_catalogue())
    third.receive(two.here.entries_after({}))
    found = only(third)
    for keep in ("mine", "theirs"):
        with pytest.raises(Refused, match="numéro"):
            conflicts.choose(found, keep)
    third.close()


class TestDeletionAgainstEdit:
    @pytest.fixture
    def site(self, two):
        made = two.both("site", name="Dépôt", town="Sully")
        two.delete(two.here, "site", made)
        two.write(two.there, "site", made, town="Gien")
        two.exchange()
        return made

    def test_who_deleted_and_who_edited_what(self, two, site):
        found = only(two.here)
        assert (found.kind, found.field, found.label) == ("deletion", "deleted", "Suppression")
        deletes, keeps = found.values
        assert (deletes.value, deletes.who, deletes.mine) == (True, "Claire Marchand", True)
        assert (keeps.value, keeps.who, keeps.mine) == (False, "Sophie Nogueira", False)
        assert keeps.changes == (("Commune", "Gien"),)
        assert deletes.standing
        assert only(two.there).id == found.id

    def test_kept_deleted(self, two, site):
        conflicts.settle(two.there, only(two.there), "theirs")
        two.exchange()
        assert conflicts.conflicts(two.here) == conflicts.conflicts(two.there) == []
        assert two.read(two.here, "site", site).deleted

    def test_brought_back_with_the_edit(self, two, site):
        conflicts.settle(two.here, only(two.here), "2")
        two.exchange()
        for store in (two.here, two.there):
            assert conflicts.conflicts(store) == []
            kept = two.read(store, "site", site)
            assert (kept.deleted, kept.town) == (False, "Gien")

    def test_settled_anew(self, two, site):
        named = only(two.here).id
        conflicts.settle(two.here, only(two.here), "mine")
        two.exchange()
        conflicts.settle(two.there, conflicts.find(two.there, named), "mine")
        two.exchange()
        assert not two.read(two.here, "site", site).deleted
        assert conflicts.conflicts(two.here) == []
        again = conflicts.find(two.here, named)
        assert [(each.value, each.who) for each in again.values] == [
            (True, "Claire Marchand"),
            (False, "Sophie Nogueira"),
        ]
        assert again.values[1].changes == (("Commune", "Gien"),)
        conflicts.settle(two.here, again, "1")
        two.exchange()
        assert two.read(two.there, "site", site).deleted
        assert conflicts.conflicts(two.there) == []

    def test_nothing_is_typed(self, two, site):
        with pytest.raises(Refused, match="numéro"):
            conflicts.settle_typed(two.here, only(two.here), "oui")


class TestManyAtOnce:
    def test_one_change_for_all_that_are_alike(self, two):
        sites = [two.both("site", name=f"Site {number}") for number in range(5)]
        for site in sites:
            two.differ("site", site, town=("Gien", "Orléans"), operator=("Régie", "Veolia"))
        with two.here.reading() as read:
            found = conflicts.places(read)
            towns = [each for each in found if each.field == "town"]
            assert conflicts.alike(found, towns[0]) == towns[1:]
        before = two.here.position()[two.here.station]
        done = conflicts.settle_many(two.here, towns, "theirs")
        assert (done.settled, done.left) == (5, 0)
        assert two.here.position()[two.here.station] == before + 1
        two.exchange()
        assert {town_of(two.there, two, site) for site in sites} == {"Orléans"}
        assert {each.field for each in conflicts.conflicts(two.there)} == {"operator"}

    def test_all_of_one_computer_or_the_newest(self, two):
        sites = [two.both("site", name=f"Site {number}") for number in range(3)]
        for site in sites:
            two.differ("site", site, town=("Gien", "Orléans"))
        with two.here.reading() as read:
            found = conflicts.places(read)
        conflicts.settle_many(two.here, found[:1], conflicts.of_station(two.there.station))
        conflicts.settle_many(two.here, found[1:2], conflicts.of_station(two.here.station))
        conflicts.settle_many(two.here, found[2:], "newest")
        assert [town_of(two.here, two, site) for site in sites] == ["Orléans", "Gien", "Orléans"]

    def test_what_the_choice_does_not_tell_is_left(self, two):
        site = two.both("site", name="Dépôt")
        two.differ("site", site, town=("Gien", "Orléans"))
        with two.here.reading() as read:
            found = conflicts.places(read)
        with pytest.raises(Refused, match="aucune"):
            conflicts.settle_many(two.here, found, conflicts.of_station("nobody"))

    def test_two_fields_of_one_record_in_one_change(self, two):
        site = two.both("site", name="Dépôt")
        two.differ("site", site, town=("Gien", "Orléans"), operator=("Régie", "Veolia"))
        with two.here.reading() as read:
            found = conflicts.places(read)
        conflicts.settle_many(two.here, found, "mine")
        kept = two.read(two.here, "site", site)
        assert (kept.town, kept.operator) == ("Gien", "Régie")

    @pytest.mark.long
    def test_a_page_of_ten_thousand_is_there_at_once(self, two):
        with two.here.change("Importer") as work:
            for number in range(10_000):
                work.new("site", name=f"Site {number}")
        two.exchange()
        for store, town in ((two.here, "Gien"), (two.there, "Orléans")):
            with store.reading() as read:
                found = read.records(Query("site"))
            with store.change("Modifier") as work:
                for each in found:
                    work.amend("site", each, town=town)
        two.exchange()
        times: list[float] = []
        for _ in range(3):  # the quickest tells of the program, the others of a busy machine
            start = time.process_time()
            with two.here.reading() as read:
                places = conflicts.places(read)
                page = conflicts.details(read, places[:100], two.here.station)
            times.append(time.process_time() - start)
            assert (len(places), len(page)) == (10_000, 100)
        assert min(times) < 0.2
