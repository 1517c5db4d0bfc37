"""Stations tell each other their work by files: whole or not at all, in any order, repeated."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Cancelled, NotFound, Refused, UnreadableFile
from prevention_app.services import attachments, packages
from prevention_app.services.progress import Progress
from prevention_app.storage import arrivals, packing, peers, rights
from prevention_app.storage.packing import Bounds, Sees
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.packages.package_world import introduce, made, pack, parts_of, send, take
from tests.storage.acts import add, add_accident, amend, conflicts, get, listed, search
from tests.storage.world import dump, small_catalogue

_MORE_SEEDS = [pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 40)]
JOURNAL = ("head", "leaf", "chain", "erasure", "conflict", "r_job", "r_accident")


def journal_of(store: Store) -> dict[str, list[str]]:
    """What a package may add to."""
    return {name: rows for name, rows in dump(store).items() if name in JOURNAL}


def test_a_first_package_brings_everything(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    job = add(here, "job", name="Agent d’entretien")
    add_accident(here, circumstances="Chute", person_name="Durand")
    counted = made(here, there, tmp_path / "a.echange")
    assert (counted.entries, counted.attachments) == (4, 0)
    assert counted.leaves > 10
    applied = take(there, tmp_path / "a.echange")
    assert (applied.new, applied.known, applied.waiting) == (2, 2, 0)
    assert applied.registers == {"METI": 1, "ACCI": 1}
    assert get(there, "job", job.id).name == "Agent d’entretien"
    assert search(there, "durand")
    assert check(there) == []


def test_a_change_of_one_field_takes_at_most_66_bytes(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    jobs = [add(here, "job", name=f"Métier {number}") for number in range(20)]
    send(here, there, tmp_path / "1")
    send(there, here, tmp_path / "2")
    places = ("Chaufferie", "Préau", "Laboratoire", "Vestiaire", "Atelier")
    for number, job in enumerate(jobs):
        amend(here, "job", job, name=f"{places[number % 5]} {number * 37 % 101}")
    assert made(here, there, tmp_path / "3").entries == 20
    assert (tmp_path / "3").stat().st_size / 20 <= 66
    assert take(there, tmp_path / "3").new == 20


def test_what_both_wrote_apart_is_a_conflict_that_is_told(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    job = add(here, "job", name="a")
    send(here, there, tmp_path / "1")
    amend(here, "job", job, name="ici")
    amend(there, "job", get(there, "job", job.id), name="là")
    assert send(there, here, tmp_path / "2").conflicts == 1
    assert send(here, there, tmp_path / "3").conflicts == 1
    assert take(there, tmp_path / "3").conflicts == 0  # it is there already
    assert conflicts(here) == conflicts(there) == {(job.id, "name")}
    assert journal_of(here)["r_job"] == journal_of(there)["r_job"]


def test_a_package_can_be_applied_again(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    add(here, "job", name="a")
    send(here, there, tmp_path / "a")
    before = dump(there)
    applied = take(there, tmp_path / "a")
    assert (applied.new, applied.known) == (0, 3)
    assert dump(there) == before


def test_packages_in_any_order_and_lost_lead_to_the_same(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    job = add(here, "job", name="0")
    files = []
    for number in range(1, 5):
        job = amend(here, "job", job, name=str(number))
        files.append(pack(here, there, tmp_path / str(number)))
    take(there, files[2])  # the first two are late, the last is lost
    take(there, files[0])
    assert get(there, "job", job.id).name == "3"
    add(here, "job", name="encore")
    assert send(here, there, tmp_path / "neu").new == 2
    assert journal_of(here)["r_job"] == journal_of(there)["r_job"]


def test_only_what_a_receiver_said_that_it_holds_is_left_out(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    add(here, "job", name="a")
    assert made(here, there, tmp_path / "1").entries == 3
    take(there, tmp_path / "1")
    assert made(here, there, tmp_path / "2").entries == 3  # it may never have arrived
    send(there, here, tmp_path / "3")
    assert made(here, there, tmp_path / "4").entries == 0
    add(here, "job", name="b")
    assert made(here, there, tmp_path / "5").entries == 1
    assert send(here, there, tmp_path / "6").new == 1


def test_a_package_that_comes_late_does_not_take_back_what_was_told_since(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    early = pack(there, here, tmp_path / "1")
    add(there, "job", name="a")
    send(there, here, tmp_path / "2")
    take(here, early)
    with here.reading() as read:
        vector, _ = peers.known(read.connection, there.station)
    assert vector == there.position()


def test_a_relay_hands_on_what_a_third_wrote(station, tmp_path: Path):
    first, relay, last = station("45"), station("45"), station("45")
    introduce(first, relay, last)
    jobs = [add(first, "job", name=f"Métier {number}") for number in range(5)]
    send(first, relay, tmp_path / "1")
    amend(relay, "job", get(relay, "job", jobs[0].id), name="autre")
    assert send(relay, last, tmp_path / "2").new == 6
    assert get(last, "job", jobs[0].id).name == "autre"
    assert check(last) == []
    # And what the last one answers reaches the first by the same way.
    amend(last, "job", get(last, "job", jobs[1].id), name="du dernier")
    send(last, relay, tmp_path / "3")
    send(relay, first, tmp_path / "4")
    assert get(first, "job", jobs[1].id).name == "du dernier"
    assert check(first) == check(relay) == []


def test_a_relay_hands_on_a_chain_only_up_to_a_signature_that_it_holds(station, tmp_path: Path):
    first, relay, last = station("45"), station("45"), station("45")
    introduce(first, relay, last)
    for name in "abc":
        add(first, "job", name=name)
    send(first, relay, tmp_path / "1")
    with relay.connecting() as connection:  # as a delivery without its end would leave it
        connection.exec_driver_sql(
            "UPDATE head SET signature = NULL WHERE station = ? AND number = 4", (first.station,)
        )
    assert send(relay, last, tmp_path / "2").new == 0
    assert last.position()[first.station] == 1


def test_slices_lead_from_state_to_state(station, tmp_path: Path, monkeypatch):
    bounded(monkeypatch, Bounds(entries=3, leaves=6, size=2000))
    here, there, third = station("45"), station("45"), station("45")
    introduce(here, there, third)
    job = add(here, "job", name="0")
    for number in range(6):  # each knows what the other wrote before
        send(here, there, tmp_path / "x")
        amend(there, "job", get(there, "job", job.id), name=f"là {number}")
        send(there, here, tmp_path / "x")
        amend(here, "job", get(here, "job", job.id), name=f"ici {number}")
    slices = len(parts_of(pack(here, third, tmp_path / "y"), third)) - 1
    assert slices >= 5
    assert take(third, tmp_path / "y").new == 13
    assert journal_of(third)["r_job"] == journal_of(here)["r_job"]
    assert check(third) == []


def bounded(monkeypatch: pytest.MonkeyPatch, bounds: Bounds) -> None:
    """Smaller slices than the program's own."""
    whole = packing.parts
    monkeypatch.setattr(packing, "parts", lambda *given: whole(*given, bounds))


def test_the_leaves_of_a_very_large_entry_come_in_several_parts(
    station, tmp_path: Path, monkeypatch
):
    bounded(monkeypatch, Bounds(entries=100, leaves=10, size=1 << 20))
    here, there = station("45"), station("45")
    introduce(here, there)
    with here.change("Reprendre") as work:
        for number in range(25):
            work.new("person", last_name=f"Personne {number}")
    file = pack(here, there, tmp_path / "x")
    assert len(parts_of(file, there)) > 4
    take(there, file)
    assert journal_of(there)["leaf"] != []
    assert {each.last_name for each in listed(there, "person")} == {
        f"Personne {number}" for number in range(25)
    }
    assert check(there) == []


def test_who_is_stopped_in_the_middle_goes_on_by_beginning_again(
    station, tmp_path: Path, monkeypatch
):
    bounded(monkeypatch, Bounds(entries=2, leaves=6, size=2000))
    here, there = station("45"), station("45")
    introduce(here, there)
    for number in range(9):
        add(here, "job", name=str(number))
    file = pack(here, there, tmp_path / "x")

    class Stop(Progress):
        """Stops once something was applied."""

        def step(self, done: int, total: int, words: str) -> None:
            if words.startswith("Reprise") and len(listed(there, "job")) >= 4:
                self.cancelled = True

    with pytest.raises(Cancelled, match="est gardé"):
        packages.apply(there, file, Stop())
    assert 4 <= len(listed(there, "job")) < 9
    assert check(there) == []
    take(there, file)
    assert len(listed(there, "job")) == 9
    assert check(there) == []


def test_a_package_is_stopped_before_anything_is_applied(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    file = pack(here, there, tmp_path / "x")
    before = dump(there)
    progress = Progress()
    progress.cancelled = True
    with pytest.raises(Cancelled, match="rien n’a été changé"):
        packages.apply(there, file, progress)
    with pytest.raises(Cancelled):
        packages.create(here, [there.station], tmp_path / "y", progress)
    assert dump(there) == before
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["x"]


def test_who_is_killed_in_the_middle_goes_on_by_beginning_again(
    station, tmp_path: Path, monkeypatch
):
    bounded(monkeypatch, Bounds(entries=1, leaves=6, size=2000))
    here, there = station("45"), station("45")
    introduce(here, there)
    for number in range(60):
        add(here, "job", name=str(number))
    file = pack(here, there, tmp_path / "x")
    work = (
        "import sys, pathlib; from prevention_app.cli.main import run; "
        "sys.exit(run(['--data', sys.argv[1], 'package', 'apply', sys.argv[2]]))"
    )
    process = subprocess.Popen([sys.executable, "-c", work, there.folder, file])
    while len(listed(there, "job")) < 5 and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert 5 <= len(listed(there, "job")) < 60
    assert check(there) == []
    take(there, file)
    assert len(listed(there, "job")) == 60
    assert check(there) == []


class TestAttachments:
    """Files travel with the records that name them."""

    def joined(self, store: Store, folder: Path, content: bytes) -> str:
        accident = add_accident(store)
        (folder / "Photo.jpg").write_bytes(content)
        kept = attachments.keep(store, folder / "Photo.jpg")
        attachments.attach(store, "accident", accident, [kept])
        return kept.digest

    @pytest.mark.parametrize("size", [0, 5, 700_000])
    def test_they_arrive_once(self, station, tmp_path: Path, size: int):
        here, there = station("45"), station("45")
        introduce(here, there)
        digest = self.joined(here, tmp_path, os.urandom(size))
        assert made(here, there, tmp_path / "x").attachments == 1
        take(there, tmp_path / "x")
        assert (there.folder / "files" / digest[:2] / digest).stat().st_size == size
        take(there, tmp_path / "x")
        assert check(there) == []

    def test_what_is_not_here_is_left_out(self, station, tmp_path: Path):
        here, there = station("45"), station("45")
        introduce(here, there)
        digest = self.joined(here, tmp_path, b"x")
        (here.folder / "files" / digest[:2] / digest).unlink()
        assert made(here, there, tmp_path / "x").attachments == 0
        take(there, tmp_path / "x")
        assert len(listed(there, "attachment")) == 1

    def test_a_file_that_did_not_come_is_asked_for(self, station, tmp_path: Path):
        here, there, third = station("45"), station("45"), station("45")
        introduce(here, there, third)
        digest = self.joined(here, tmp_path, b"photo")
        send(here, third, tmp_path / "1")
        (here.folder / "files" / digest[:2] / digest).unlink()
        send(here, there, tmp_path / "2")  # the record without its file
        lacking = there.folder / "files" / digest[:2] / digest
        assert not lacking.exists()
        send(there, third, tmp_path / "3")  # says what it lacks
        assert made(third, there, tmp_path / "4").attachments == 1
        take(there, tmp_path / "4")
        assert lacking.read_bytes() == b"photo"
        send(there, third, tmp_path / "5")
        assert made(third, there, tmp_path / "6").attachments == 0
        assert check(there) == []

    def test_the_original_of_an_import_stays_at_its_station(self, station, tmp_path: Path):
        here, there = station("45"), station("45")
        introduce(here, there)
        digest = self.joined(here, tmp_path, b"x")
        with here.change("Importer") as work:
            work.new(
                "import_run",
                imported_at=datetime(2026, 11, 24),
                kind="person",
                file_name="a.xlsx",
                digest=digest,
            )
        names = [type(each).__name__ for each in parts_of(pack(here, there, tmp_path / "x"), there)]
        assert names.count("FileAnnounced") == 1


class TestWhoSeesWhat:
    """Leaves that a receiver may not see stay out, and come once it may."""

    def limited(self, monkeypatch: pytest.MonkeyPatch, sees: dict[str, Sees]) -> None:
        everything: Sees = lambda *_: True  # noqa: E731
        monkeypatch.setattr(rights, "sees", lambda *given: sees.get(given[-1], everything))

    def test_they_come_when_the_receiver_may_see_them(self, station, tmp_path: Path, monkeypatch):
        here, there = station("45"), station("45")
        introduce(here, there)
        accident = add_accident(here, person_name="Durand", activity="Tonte")
        self.limited(monkeypatch, {there.station: lambda owner, register, kind: kind != "n"})
        send(here, there, tmp_path / "1")
        assert get(there, "accident", accident.id).person_name is None
        assert get(there, "accident", accident.id).activity == "Tonte"
        send(there, here, tmp_path / "2")
        assert made(here, there, tmp_path / "3").leaves == 0
        self.limited(monkeypatch, {})
        counted = made(here, there, tmp_path / "4")
        assert counted.entries == 0
        assert counted.leaves >= 1
        take(there, tmp_path / "4")
        assert get(there, "accident", accident.id).person_name == "Durand"
        assert check(there) == []

    def test_receivers_who_see_different_things_get_sections_of_their_own(
        self, station, tmp_path: Path, monkeypatch
    ):
        here, some, all_ = station("45"), station("45"), station("45")
        introduce(here, some, all_)
        accident = add_accident(here, person_name="Durand")
        self.limited(monkeypatch, {some.station: lambda owner, register, kind: kind != "n"})
        done = packages.create(here, [packages.ALL], tmp_path / "x", Progress())
        assert sorted(done.receivers) == ["Poste 2", "Poste 3"]
        take(some, tmp_path / "x")
        take(all_, tmp_path / "x")
        assert get(some, "accident", accident.id).person_name is None
        assert get(all_, "accident", accident.id).person_name == "Durand"


class TestReceivers:
    """A receiver is named as people call it."""

    def test_by_name_code_or_id(self, station, tmp_path: Path):
        here, there = station("45"), station("45")
        introduce(here, there)
        with there.reading() as read:
            code = read.connection.exec_driver_sql(
                "SELECT code FROM station_code WHERE station = ?", (there.station,)
            ).scalar_one()
        for named in ("poste 2", code.lower(), there.station):
            done = packages.create(here, [named], tmp_path / "x", Progress())
            assert done.receivers == ("Poste 2",)

    def test_unknown_or_oneself_is_refused(self, station, tmp_path: Path):
        here = station("45")
        with pytest.raises(NotFound, match="Aucun ordinateur « Poste 9 »"):
            packages.create(here, ["Poste 9"], tmp_path / "x", Progress())
        with pytest.raises(Refused, match="est cet ordinateur"):
            packages.create(here, ["Poste 1"], tmp_path / "x", Progress())
        with pytest.raises(Refused, match="Aucun autre ordinateur"):
            packages.create(here, [packages.ALL], tmp_path / "x", Progress())

    def test_two_of_one_name_are_told_apart_by_their_codes(self, station, tmp_path: Path):
        here, there, third = station("45"), station("45"), station("45")
        introduce(here, there, third)
        with there.change("Renommer") as work:
            (record,) = [each for each in listed(there, "station") if each.name == "Poste 2"]
            work.amend("station", record, name="Poste 3")
        send(there, here, tmp_path / "x")
        with pytest.raises(Refused, match="Plusieurs ordinateurs"):
            packages.create(here, ["Poste 3"], tmp_path / "y", Progress())

    def test_a_package_for_others_says_for_whom(self, station, tmp_path: Path):
        here, there, third = station("45"), station("45"), station("45")
        introduce(here, there, third)
        file = pack(here, there, tmp_path / "x")
        for act in (take, packages.inspect):
            with pytest.raises(Refused, match="pas adressé à cet ordinateur mais à « Poste 2 »"):
                act(third, file)

    def test_a_package_for_one_whom_nobody_here_knows_says_so(self, station, tmp_path: Path):
        here, there, third = station("45"), station("45"), station("45")
        introduce(here, there)
        file = pack(here, there, tmp_path / "x")
        with pytest.raises(Refused, match="mais à un ordinateur inconnu ici : il ne peut pas"):
            take(third, file)


def test_it_can_be_looked_at_before(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    add(here, "job", name="a")
    file = pack(here, there, tmp_path / "x")
    before = dump(there)
    found = packages.inspect(there, file)
    assert (found.name, found.receivers) == ("Poste 1", ("Poste 2",))
    assert (found.entries, found.new, found.known, found.waiting) == (3, 1, 2, 0)
    assert dump(there) == before


def test_what_came_is_noted_like_in_an_inbox(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    add(here, "job", name="a")
    send(here, there, tmp_path / "lundi.echange")
    with there.connecting() as connection:
        (arrival,) = arrivals.listed(connection)
        assert (arrival.source, arrival.station) == ("lundi.echange", here.station)
        assert arrival.summary["name"] == "Poste 1"
        assert arrival.summary["registers"] == {"METI": 1}
        assert not arrival.seen
        arrivals.mark_seen(connection, arrival.id)
        assert arrivals.listed(connection)[0].seen


def test_what_a_newer_vocabulary_wrote_is_kept_and_applied_after_the_upgrade(
    station, tmp_path: Path
):
    here, there, third = station("45"), station("45"), station("45")
    introduce(here, there, third)
    there.close()
    old = Store(there.folder, small_catalogue())
    assert "health_safety_entry" not in old.catalogue
    site = add(here, "site", name="Collège")
    note = add(
        here,
        "health_safety_entry",
        site=site.id,
        reported_on=here.today(),
        observation="Fuite",
    )
    applied = send(here, old, tmp_path / "x")
    assert applied.registers["RSST"] == 1
    send(old, third, tmp_path / "y")  # it relays what it cannot read
    old.close()
    new = Store(there.folder, declared_catalogue())
    for store in (new, third):
        assert get(store, "health_safety_entry", note.id).observation == "Fuite"
        assert check(store) == []
    new.close()


def test_work_of_ours_that_was_lost_here_comes_back(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    backup = tmp_path / "avant.db"
    here.close()
    shutil.copyfile(here.folder / "data.db", backup)
    add(here, "job", name="a")
    add(here, "job", name="b")
    send(here, there, tmp_path / "1")
    here.close()
    for each in here.folder.glob("data.db*"):
        each.unlink()
    shutil.copyfile(backup, here.folder / "data.db")  # a disk image was put back
    again = Store(here.folder, declared_catalogue())
    assert listed(again, "job") == []
    send(again, there, tmp_path / "2")  # it says that it holds less than before
    assert send(there, again, tmp_path / "3").new == 2
    assert [each.name for each in listed(again, "job")] == ["a", "b"]
    assert add(again, "job", name="c").reference.endswith("-3")
    assert check(again) == []
    again.close()


def write_something(store: Store, chance: random.Random, step: int) -> None:
    """A new record, or another name of one that is there."""
    jobs = listed(store, "job")
    if not jobs or chance.random() < 0.3:
        add(store, "job", name=f"Métier {step}")
    else:
        amend(store, "job", chance.choice(jobs), name=f"Nom {step}")


@pytest.mark.parametrize("seed", [1, *_MORE_SEEDS])
def test_three_stations_that_write_and_send_at_random_end_alike(
    station, tmp_path: Path, monkeypatch, seed: int
):
    chance = random.Random(seed)
    bounded(monkeypatch, Bounds(entries=4, leaves=8, size=4000))
    stores = [station("45"), station("45"), station("45")]
    introduce(*stores)
    sent: list[tuple[Store, Path]] = []
    for step in range(30):
        here, there = chance.sample(stores, 2)
        write_something(here, chance, step)
        if chance.random() < 0.6:
            sent.append((there, pack(here, there, tmp_path / str(step))))
        for receiver, file in chance.sample(sent, min(len(sent), chance.randint(0, 2))):
            take(receiver, file)  # late, repeated, or never
    for here, there in [*itertools.permutations(stores, 2)] * 2:
        send(here, there, tmp_path / "fin")
    first, *others = [journal_of(each) for each in stores]
    for other in others:
        assert other["r_job"] == first["r_job"]
        assert other["conflict"] == first["conflict"]
        assert len(other["leaf"]) == len(first["leaf"])
    for store in stores:
        assert check(store) == []


def test_a_file_that_is_not_there_is_told(station, tmp_path: Path):
    with pytest.raises(UnreadableFile, match="est introuvable"):
        take(station("45"), tmp_path / "rien.echange")
