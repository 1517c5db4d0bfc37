"""What stations may write here, and what becomes of what reaches us from those who may not."""

from __future__ import annotations

import dataclasses
import json
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.domain.rights import Lift
from prevention_app.errors import Refused
from prevention_app.storage import acts, identity, rights
from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.circle import root_of, trust_all
from tests.storage.acts import (
    add,
    add_accident,
    amend,
    conflicts,
    delete,
    get,
    leaves_of,
    listed,
    search,
    tell,
)
from tests.storage.forging import next_entry
from tests.storage.world import dump

TODAY = date(2026, 11, 24)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Makes a workspace that founded the three departments for itself, in a circle of its own."""
    made: list[Store] = []

    def make() -> Store:
        place = tmp_path / f"seul{len(made)}.prevention"
        made.append(
            Store.create(
                place,
                declared_catalogue(),
                department="45",
                departments=("41", "28"),
                name=f"Seul {len(made)}",
                user="Personne seule",
                today=lambda: TODAY,
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def admin(station) -> Store:
    """The administrator and adviser of the Loiret."""
    return station("45")


def give(by: Store, to: Store, role: str, owner: str = "45", **part: Any) -> Record:
    with by.change("Donner un droit") as work:
        return work.new("grant", owner=owner, station_id=to.station, role=role, **part)


def revoke(by: Store, whom: Store, after: int, owner: str = "45") -> Record:
    with by.change("Retirer un droit") as work:
        return work.new("revocation", owner=owner, station_id=whom.station, after=after)


def lift(by: Store, revocation: Record, key: str = "45") -> Record:
    act = Lift(
        writer="", number=0, record="", department="45", revocation=revocation.id, signature=""
    )
    with by.change("Lever un retrait") as work:
        return work.new(
            "revocation_lift",
            owner="45",
            revocation=revocation.id,
            root_signature=acts.sign(root_of(key), act),
        )


def last(store: Store) -> int:
    return store.position()[store.station]


def shown(store: Store, register: str) -> set[str]:
    return {each.id for each in listed(store, register)}


def aside(store: Store) -> list[tuple[str, str]]:
    """What is kept aside, but for the acts by which stations gave themselves roles elsewhere."""
    kept = [each for each in store.kept_aside() if each.code not in acts.CODES]
    return sorted((each.record, each.reason) for each in kept)


def sound(store: Store) -> None:
    """The workspace is what it says it is, and says the same when it is made again."""
    assert [each for each in check(store) if not each.startswith("Le fichier joint")] == []
    before = dump(store)
    store.rebuild()
    assert dump(store) == before


# -- role × action × owner ---------------------------------------------------------------------

DEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "a site": ("site", {"name": "Dépôt"}),
    "an action": ("planned_action", {"title": "Baliser"}),
    "an accident": ("accident", {"happened_on": date(2026, 1, 2)}),
    "an accident by name": ("accident", {"happened_on": date(2026, 1, 2), "person_name": "D"}),
    "a person": ("person", {"last_name": "Durand"}),
    "a file": (
        "attachment",
        {"of_register": "site", "of_record": "x", "name": "a", "size": 1, "digest": "d"},
    ),
    "a job": ("job", {"name": "Cantonnier"}),
    "a role": ("grant", {"station_id": "0" * 32, "role": "adviser"}),
}
MAY: dict[str, set[str]] = {
    "adviser": set(DEEDS) - {"a role"},
    "assistant": {"an action", "an accident", "a file"},
    "head_of_service": {"an action", "a file"},
    "accident_manager": {"an accident", "an accident by name", "a person", "a file"},
    "training_manager": {"a person", "a file"},
    "committee": set(),
    "management": set(),
    "administrator": {"a job", "a role"},
    "": set(),
}


def do(store: Store, deed: str, owner: str) -> str:
    register, values = DEEDS[deed]
    with store.change(deed) as work:
        return work.new(register, owner=owner, **values).id


@pytest.mark.parametrize("role", MAY)
def test_what_a_role_may_write_is_taken_from_it_and_lets_it_write(alone, admin, role: str):
    """Written before it joined, an entry counts as far as the role given goes."""
    newcomer = alone()
    before = {
        (deed, owner): do(newcomer, deed, owner)
        for deed in DEEDS
        for owner in (("45", "41") if deed != "a job" else ("45",))
    }
    if role:
        give(admin, newcomer, role)
    tell(newcomer, admin)
    trust_all(newcomer)
    tell(admin, newcomer)

    for store in (admin, newcomer):
        taken = {
            (deed, owner)
            for (deed, owner), record in before.items()
            if record in shown(store, DEEDS[deed][0])
        }
        # The plain part of an accident counts; the name of who had it does not.
        nameless = {"an accident by name"} if role == "assistant" else set()
        assert taken == {(deed, "45") for deed in MAY[role] | nameless - {"a role"}}
        sound(store)
    if role == "assistant":
        named = get(admin, "accident", before["an accident by name", "45"])
        assert named.person_name is None

    for deed in DEEDS:
        if deed in MAY[role]:
            do(newcomer, deed, "45")
        else:
            with pytest.raises(Refused, match="45|commun aux départements"):
                do(newcomer, deed, "45")
        if deed != "a job":
            with pytest.raises(Refused, match="pas de rôle dans le département 41"):
                do(newcomer, deed, "41")


def test_who_is_refused_learns_which_role_register_and_department(alone, admin):
    newcomer = alone()
    trust_all(newcomer)
    give(admin, newcomer, "assistant")
    tell(admin, newcomer)
    with pytest.raises(
        Refused,
        match="Le rôle « Assistant de prévention » ne permet pas d’écrire les données "
        "personnelles de « Accidents.*» pour le département 45",
    ):
        do(newcomer, "an accident by name", "45")
    with pytest.raises(Refused, match="« Assistant de prévention » .*« Agents » .*département 45"):
        do(newcomer, "a person", "45")
    assert last(newcomer) == 1


# -- keeping aside -----------------------------------------------------------------------------


def test_a_record_of_another_department_changed_by_who_has_no_role_there_stays(alone, station):
    here, stranger = station("45", "41"), alone()
    site = add(here, "site", owner="41", name="Blois", town="Blois")
    give(here, stranger, "adviser")
    trust_all(stranger)
    tell(here, stranger)
    number = _forge(stranger, get(stranger, "site", site.id), town="Ailleurs")
    done = here.receive(stranger.entries_after(here.position()))
    assert done.kept_aside == 2  # that one, and its founding in a circle of its own
    assert get(here, "site", site.id).town == "Blois"
    assert aside(here) == [(site.id, "no_role")]
    kept = here.kept_aside()[0]
    assert (kept.owner, kept.register, kept.creates) == ("41", "site", False)
    assert (kept.station, kept.number) == (stranger.station, number)
    assert kept.writes == {"town": "Ailleurs"}
    sound(here)


def _forge(store: Store, record: Record, **values: Any) -> int:
    """A write that the program would refuse, made by one that was altered."""
    work = store.draft()
    work._departments |= {record.owner}
    work.amend("site", record, **values)
    with pytest.MonkeyPatch.context() as altered:
        altered.setattr("prevention_app.storage.rights.Standing._say", lambda *_: None)
        store.write(work, "Forger")
    return last(store)


def test_the_state_is_as_if_what_is_aside_had_never_been_written(alone, admin):
    site = add(admin, "site", name="Dépôt", town="Gien")
    newcomer = alone()
    give(admin, newcomer, "adviser")
    trust_all(newcomer)
    tell(admin, newcomer)
    amend(newcomer, "site", get(newcomer, "site", site.id), town="Sully", address="Rue")
    revoke(admin, newcomer, last(newcomer) - 1)
    tell(newcomer, admin)
    read = get(admin, "site", site.id)
    assert (read.town, read.address) == ("Gien", None)
    assert search(admin, "sully") == set()
    assert [each.kind for each in leaves_of(admin, read)] == ["p"]
    assert conflicts(admin) == set()
    assert aside(admin) == [(site.id, "revoked")]


def test_a_grant_that_comes_after_the_writes_makes_them_appear(alone, admin):
    newcomer = alone()
    site = add(newcomer, "site", name="Dépôt du Zanzibar")
    accident = add_accident(newcomer, person_name="Durand", circumstances="Chute")
    done = admin.receive(newcomer.entries_after(admin.position()))
    assert (done.new, done.kept_aside) == (3, 3)  # its founding, the site, the accident
    assert shown(admin, "site") == shown(admin, "accident") == set()
    give(admin, newcomer, "adviser")
    assert shown(admin, "site") == {site.id}
    assert get(admin, "accident", accident.id).person_name == "Durand"
    assert search(admin, "zanzibar") == {site.id}
    sound(admin)


def test_in_whatever_order_grant_and_writes_come_all_show_the_same(alone, station):
    here, there, third = station("45"), station("45"), station("45")
    newcomer = alone()
    site = add(newcomer, "site", name="Dépôt")
    give(here, newcomer, "adviser")
    revoke(here, newcomer, last(newcomer))
    tell(newcomer, there)
    tell(here, there)
    tell(here, third)
    tell(newcomer, third)
    tell(newcomer, here)
    for store in (here, there, third):
        assert shown(store, "site") == {site.id}
    assert aside(here) == aside(there) == aside(third)


def test_a_revocation_that_comes_takes_what_lies_beyond_and_the_root_gives_it_back(alone, admin):
    newcomer = alone()
    give(admin, newcomer, "adviser")
    trust_all(newcomer)
    tell(admin, newcomer)
    first, second = (add(newcomer, "site", name=name) for name in ("un", "deux"))
    first = amend(newcomer, "site", first, town="Gien")
    tell(newcomer, admin)
    assert shown(admin, "site") == {first.id, second.id}
    revocation = revoke(admin, newcomer, last(newcomer) - 2)
    assert shown(admin, "site") == {first.id}
    assert get(admin, "site", first.id).town is None
    assert aside(admin) == sorted([(first.id, "revoked"), (second.id, "revoked")])
    sound(admin)
    tell(admin, newcomer)  # at the revoked station itself, it is the same
    assert shown(newcomer, "site") == {first.id}
    with pytest.raises(Refused, match="ont été retirés le"):
        add(newcomer, "site", name="trois")

    with pytest.raises(Refused, match="administrateur"):
        lift(admin, revocation, key="41")
    lift(admin, revocation)
    tell(admin, newcomer)
    for store in (admin, newcomer):
        assert get(store, "site", first.id).town == "Gien"
        assert shown(store, "site") == {first.id, second.id}
        assert aside(store) == []
        sound(store)
    add(newcomer, "site", name="trois")


def test_two_administrators_who_revoke_each_other_are_both_revoked_everywhere(station, alone):
    first, second, third = station("45"), alone(), station("45")
    give(first, second, "administrator")
    give(first, second, "adviser")
    trust_all(second)
    tell(first, second)
    ours, theirs = add(first, "site", name="ici"), add(second, "site", name="là")
    one, other = last(first), last(second)
    revoke(first, second, other)
    revoke(second, first, one)
    late = add(first, "site", name="trop tard")
    tell(first, second)
    tell(second, first)
    tell(second, third)
    for store in (first, second, third):
        assert shown(store, "site") == {ours.id, theirs.id}
        assert (late.id, "revoked") in aside(store)
    for store in (first, second):
        with pytest.raises(Refused, match="45"):
            add(store, "site", name="plus rien")


def test_an_administrator_admits_one_entry_of_one_record(alone, station):
    here, there, newcomer = station("45"), station("45"), alone()
    with newcomer.change("Deux à la fois") as work:
        one = work.new("site", name="un")
        other = work.new("site", name="deux")
    tell(newcomer, here)
    kept = next(each for each in here.kept_aside() if each.record == one.id)
    assert (kept.creates, kept.writes["name"], kept.reason) == (True, "un", "no_role")
    here.admit(kept)
    tell(newcomer, there)
    tell(here, there)
    for store in (here, there):
        assert shown(store, "site") == {one.id}
        assert (one.id, "no_role") not in aside(store)
        assert (other.id, "no_role") in aside(store)
        sound(store)


def test_a_role_that_was_given_without_right_is_not_admitted(alone, admin):
    newcomer, friend = alone(), alone()
    given = give(newcomer, friend, "administrator")
    tell(newcomer, admin)
    kept = next(each for each in admin.kept_aside() if each.record == given.id)
    with pytest.raises(Refused, match="ne s’admet pas"):
        admin.admit(kept)
    assert admin.departments == ["45"]


def test_who_is_no_administrator_admits_nothing(alone, admin, station):
    newcomer, adviser = alone(), alone()
    give(admin, adviser, "adviser")
    trust_all(adviser)
    tell(admin, adviser)
    site = add(newcomer, "site", name="un")
    tell(newcomer, adviser)
    kept = next(each for each in adviser.kept_aside() if each.record == site.id)
    with pytest.raises(Refused, match="Seul un administrateur du département 45"):
        adviser.admit(kept)


def test_what_was_aside_when_a_form_was_read_was_not_seen(alone, admin):
    """It comes back between reading and saving: both values stand."""
    site = add(admin, "site", name="Dépôt", town="Gien")
    newcomer = alone()
    give(admin, newcomer, "adviser")
    trust_all(newcomer)
    tell(admin, newcomer)
    amend(newcomer, "site", get(newcomer, "site", site.id), town="Sully")
    revocation = revoke(admin, newcomer, last(newcomer) - 1)
    tell(newcomer, admin)
    form = get(admin, "site", site.id)
    lift(admin, revocation)
    amend(admin, "site", form, town="Orléans")
    assert conflicts(admin) == {(site.id, "town")}


def test_what_is_aside_when_a_record_is_written_counts_as_unseen(alone, admin):
    site = add(admin, "site", name="Dépôt", town="Gien")
    newcomer = alone()
    give(admin, newcomer, "adviser")
    trust_all(newcomer)
    tell(admin, newcomer)
    amend(newcomer, "site", get(newcomer, "site", site.id), town="Sully")
    revocation = revoke(admin, newcomer, last(newcomer) - 1)
    tell(newcomer, admin)
    amend(admin, "site", get(admin, "site", site.id), town="Orléans")
    assert conflicts(admin) == set()
    lift(admin, revocation)
    assert conflicts(admin) == {(site.id, "town")}


class TestErasure:
    @pytest.fixture
    def erased(self, alone, admin) -> tuple[Store, Store, Record]:
        """A newcomer erased what the administrator had written; nobody else knows it yet."""
        accident = add_accident(admin, circumstances="Chute")
        newcomer = alone()
        give(admin, newcomer, "adviser")
        trust_all(newcomer)
        tell(admin, newcomer)
        with newcomer.change("Effacer") as work:
            read = get(newcomer, "accident", accident.id)
            going = [each for each in leaves_of(newcomer, read) if each.kind == "t"]
            work.erase("accident", read, going)
        return admin, newcomer, accident

    def test_without_right_takes_no_byte(self, erased):
        admin, newcomer, accident = erased
        revoke(admin, newcomer, last(newcomer) - 1)
        tell(newcomer, admin)
        assert get(admin, "accident", accident.id).circumstances == "Chute"
        sound(admin)

    def test_acts_once_it_counts(self, erased):
        admin, newcomer, accident = erased
        revocation = revoke(admin, newcomer, last(newcomer) - 1)
        tell(newcomer, admin)
        lift(admin, revocation)
        assert get(admin, "accident", accident.id).circumstances == "effacé"
        sound(admin)

    def test_found_without_right_later_lets_who_has_the_bytes_give_them_back(self, erased, station):
        admin, newcomer, accident = erased
        third = station("45")
        tell(admin, third)
        tell(newcomer, admin)
        assert get(admin, "accident", accident.id).circumstances == "effacé"
        revoke(admin, newcomer, last(newcomer) - 1)
        assert get(admin, "accident", accident.id).circumstances is None
        assert "circumstances" in get(admin, "accident", accident.id).withheld
        sound(admin)
        admin.receive(third.entries_after({}))
        assert get(admin, "accident", accident.id).circumstances == "Chute"
        sound(admin)

    def test_of_what_did_not_count_says_the_same_where_its_bytes_never_came(
        self, alone, admin, station
    ):
        accident = add_accident(admin, circumstances="Chute")
        newcomer, third = alone(), station("45")
        give(admin, newcomer, "adviser")
        trust_all(newcomer)
        tell(admin, newcomer)
        amend(newcomer, "accident", get(newcomer, "accident", accident.id), circumstances="Choc")
        tell(newcomer, admin)
        for each in admin.entries_after({}):
            mine = json.loads(each.head)["s"] == newcomer.station and b"Choc" in str(each).encode()
            third.receive([dataclasses.replace(each, leaves={}) if mine else each])
        with admin.change("Effacer") as work:
            read = get(admin, "accident", accident.id)
            going = [each for each in leaves_of(admin, read) if "Choc" in each.leaf.writes.values()]
            work.erase("accident", read, going)
        tell(admin, third)
        revoke(admin, newcomer, last(newcomer) - 1)
        tell(admin, third)
        told = [
            [(past.station, past.number, past.old, past.new) for _, past in each.history(read.id)]
            for each in (admin, third)
        ]
        assert told[0] == told[1]
        sound(third)


# -- parts of a department ---------------------------------------------------------------------


@pytest.fixture
def assistant(alone, admin) -> tuple[Store, dict[str, str]]:
    """An assistant of the site of Gien, with its hall; Sully is not theirs."""
    places = {"Gien": add(admin, "site", name="Gien").id, "Sully": add(admin, "site", name="S").id}
    places["hall"] = add(admin, "site", name="Hall", parent=places["Gien"]).id
    places["coin"] = add(admin, "site", name="Coin du hall", parent=places["hall"]).id
    newcomer = alone()
    give(admin, newcomer, "assistant", site=places["Gien"])
    trust_all(newcomer)
    tell(admin, newcomer)
    return newcomer, places


def entry(store: Store, site: str) -> Record:
    return add(
        store,
        "health_safety_entry",
        site=site,
        reported_on=date(2026, 1, 2),
        observation="Sol glissant",
        author="Durand",
    )


def test_a_right_for_a_site_is_for_all_that_lies_in_it(assistant, admin):
    newcomer, places = assistant
    made = {entry(newcomer, places[name]).id for name in ("Gien", "hall", "coin")}
    tell(newcomer, admin)
    assert shown(admin, "health_safety_entry") == made
    bodies = [leaf.body["o"] for each in made for leaf in leaves_of(admin, Record(id=each))]
    assert {frozenset(each) for each in bodies} == {frozenset("s"), frozenset("sb")}
    with pytest.raises(Refused, match="pour une partie du département 45"):
        entry(newcomer, places["Sully"])


def test_nothing_is_brought_into_it_from_elsewhere(assistant, admin):
    newcomer, places = assistant
    made = entry(admin, places["Sully"])
    tell(admin, newcomer)
    with pytest.raises(Refused, match="n’en fait pas partie"):
        amend(
            newcomer,
            "health_safety_entry",
            get(newcomer, "health_safety_entry", made.id),
            site=places["Gien"],
        )


def test_files_belong_where_their_record_does(assistant, admin):
    newcomer, places = assistant
    mine, other = entry(newcomer, places["hall"]), entry(admin, places["Sully"])
    tell(admin, newcomer)
    told = {"of_register": "health_safety_entry", "name": "a", "size": 1, "digest": "d"}
    add(newcomer, "attachment", of_record=mine.id, **told)
    with pytest.raises(Refused, match="n’en fait pas partie"):
        add(newcomer, "attachment", of_record=other.id, **told)


# -- rules and acts ----------------------------------------------------------------------------


def test_a_rule_that_is_narrowed_forbids_what_comes_and_keeps_what_was(alone, admin):
    newcomer = alone()
    give(admin, newcomer, "committee")
    rule = add(
        admin,
        "role_rule",
        owner="45",
        role="committee",
        category="prevention",
        reads="everything",
        writes="without_names",
    )
    trust_all(newcomer)
    tell(admin, newcomer)
    made = add(newcomer, "planned_action", title="Baliser")
    amend(admin, "role_rule", rule, writes="nothing")
    tell(newcomer, admin)
    tell(admin, newcomer)
    assert shown(admin, "planned_action") == shown(newcomer, "planned_action") == {made.id}
    with pytest.raises(Refused, match="« F3SCT »"):
        add(newcomer, "planned_action", title="Encore")


def test_acts_are_neither_changed_nor_deleted_nor_undone(admin):
    (first, *_) = listed(admin, "grant")
    for act in (
        lambda: amend(admin, "grant", first, role="committee"),
        lambda: delete(admin, "grant", first),
    ):
        with pytest.raises(Refused, match="ne se modifie pas et ne se supprime pas"):
            act()
    with admin.change("Donner un droit") as work:
        work.new("grant", owner="45", station_id="0" * 32, role="adviser")
    with pytest.raises(Refused, match="ne s’annulent pas"):
        admin.undo()
    assert amend(admin, "grant", first, until=date(2027, 1, 1)).until == date(2027, 1, 1)


def test_an_administrator_is_one_of_the_whole_department(admin):
    site = add(admin, "site", name="Dépôt")
    with pytest.raises(Refused, match="tout le département"):
        add(admin, "grant", station_id="0" * 32, role="administrator", site=site.id)


# -- founding ----------------------------------------------------------------------------------


def test_a_new_workspace_founds_its_departments_without_a_word(alone):
    store = alone()
    assert store.departments == ["45", "28", "41"]
    roots = {each.owner: each.public_key for each in listed(store, "department_root")}
    with store.connecting() as connection:
        assert roots == acts.roots(connection)
    assert last(store) == 1
    assert store.kept_aside() == []
    assert store.undoable() == ""


def _before_rights(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace as the first versions made them: grants name a station and nobody signs them."""
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql(
            "DELETE FROM meta WHERE key IN ('roots', 'judged', 'rights', 'former')"
        )
        connection.exec_driver_sql("DELETE FROM aside")
        for key in ("department_root", "grant"):
            connection.exec_driver_sql(f"DELETE FROM r_{key}")
        connection.exec_driver_sql("DELETE FROM leaf WHERE register = 'RACI'")
        connection.exec_driver_sql(
            "UPDATE leaf SET body = CAST(json_remove(CAST(body AS TEXT), '$.w.root_signature', "
            "'$.w.station_id') AS BLOB) WHERE register = 'DROI'"
        )


def test_a_workspace_made_before_there_were_rights_opens_and_works(alone, monkeypatch):
    store = alone()
    site = add(store, "site", name="Dépôt")
    _before_rights(store, monkeypatch)
    store.close()
    again = Store(store.folder, declared_catalogue())
    try:
        assert last(again) == 3
        assert sorted(again.departments) == ["28", "41", "45"]
        assert shown(again, "site") == {site.id}
        assert again.kept_aside() == []
        add(again, "site", name="Autre")
        again.close()
        again = Store(store.folder, declared_catalogue())
        assert last(again) == 4  # founded once
    finally:
        again.close()


def test_a_copy_of_a_founding_station_has_its_roles(admin, tmp_path):
    site = add(admin, "site", name="Dépôt")
    admin.close()
    shutil.copytree(admin.folder, tmp_path / "copie.prevention")
    copy = Store(tmp_path / "copie.prevention", declared_catalogue())
    try:
        assert copy.station != admin.station
        assert copy.departments == ["45"]
        amend(copy, "site", get(copy, "site", site.id), town="Gien")
        original = Store(admin.folder, declared_catalogue())
        tell(copy, original)
        assert get(original, "site", site.id).town == "Gien"
        original.close()
    finally:
        copy.close()


def test_moved_to_another_machine_it_founds_anew_while_it_is_alone(
    alone, tmp_path, monkeypatch, station
):
    store = alone()
    site = add(store, "site", name="Dépôt")
    store.close()
    shutil.copytree(store.folder, tmp_path / "ailleurs.prevention")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "autre-machine"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "autre-machine"))
    moved = Store(tmp_path / "ailleurs.prevention", declared_catalogue())
    try:
        assert sorted(moved.departments) == ["28", "41", "45"]
        assert shown(moved, "site") == {site.id}
        assert {each.reason for each in moved.kept_aside()} <= {"act"}
        amend(moved, "site", get(moved, "site", site.id), town="Gien")
    finally:
        moved.close()


def test_moved_to_another_machine_it_waits_for_an_administrator_where_it_is_not_alone(
    station, alone, tmp_path, monkeypatch
):
    admin, other = alone(), station("45")
    give(admin, other, "administrator")
    admin.close()
    shutil.copytree(admin.folder, tmp_path / "ailleurs.prevention")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "autre-machine"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "autre-machine"))
    moved = Store(tmp_path / "ailleurs.prevention", declared_catalogue())
    try:
        assert "45" not in moved.departments
        with pytest.raises(Refused, match="pas de rôle dans le département 45"):
            add(moved, "site", name="Dépôt")
    finally:
        moved.close()


@pytest.mark.long
def test_many_leaves_are_judged_in_no_time_beside_their_arrival(alone, admin):
    newcomer = alone()
    give(admin, newcomer, "adviser")
    with newcomer.change("Beaucoup") as work:
        for number in range(20_000):
            work.new("site", name=f"Site {number}")
    entries = newcomer.entries_after({})
    started = time.perf_counter()
    admin.receive(entries)
    whole = time.perf_counter() - started
    with admin.connecting() as connection:
        started = time.perf_counter()
        assert not rights.differs(connection, admin.catalogue)
        judging = time.perf_counter() - started
    assert judging < whole / 4


def test_what_an_erasure_took_is_still_judged_by_where_it_was(alone, admin, station):
    inside, outside = add(admin, "site", name="Gien"), add(admin, "site", name="Sully")
    newcomer, other = alone(), station("45")
    give(admin, newcomer, "adviser", site=inside.id)
    tell(admin, other)
    tell(newcomer, other)
    record, scope = identity.new_id("45", "RSST"), {"s": outside.id}
    written = next_entry(
        newcomer,
        ("45", "RSST", "p", {"r": record, "c": 1, "m": "Noter", "o": scope, "w": {}}),
        ("45", "RSST", "t", {"r": record, "o": scope, "w": {"observation": "Fuite"}}),
    )
    number = last(newcomer) + 1
    keeps = {"w": ["observation"], "o": scope}
    erasing = {"r": record, "w": {}, "e": [[newcomer.station, number, keeps]]}
    erased = next_entry(other, ("45", "RSST", "t", erasing))
    tell(newcomer, admin)
    tell(other, admin)
    admin.receive([written, erased])
    places = [(newcomer.station, number, at, "scope") for at in (0, 1)]
    for again in (False, True):
        with admin.connecting() as connection, writing(connection):
            rights.judge_again(connection, admin.catalogue, whole=again)
            held = connection.exec_driver_sql(
                "SELECT * FROM aside WHERE station = ? AND number = ?", places[0][:2]
            ).all()
        assert [tuple(each) for each in held] == places
    sound(admin)


def test_what_an_erasure_without_right_took_is_absent_and_no_longer_aside(alone, admin, station):
    newcomer, other = alone(), station("45")
    tell(admin, other)
    tell(newcomer, other)
    record = identity.new_id("45", "RSST")
    written = next_entry(
        newcomer,
        ("45", "RSST", "p", {"r": record, "c": 1, "m": "Noter", "w": {}}),
        ("45", "RSST", "t", {"r": record, "w": {"observation": "Fuite"}}),
    )
    number = last(newcomer) + 1
    erasing = {"r": record, "w": {}, "e": [[newcomer.station, number, {"w": ["observation"]}]]}
    tell(newcomer, admin)
    tell(other, admin)
    admin.receive([written, next_entry(other, ("45", "RSST", "t", erasing))])
    revoke(admin, other, last(other))
    with admin.connecting() as connection:
        held = connection.exec_driver_sql(
            "SELECT position, record IS NULL, aside.position IS NOT NULL FROM leaf "
            "LEFT JOIN aside USING (station, number, position) "
            "WHERE station = ? AND number = ? ORDER BY position",
            (newcomer.station, number),
        ).all()
    assert [tuple(each) for each in held] == [(0, 0, 1), (1, 1, 0)]
    sound(admin)
