"""Backups that make themselves: verified, restorable, kept by age, attachments held once."""

from __future__ import annotations

import os
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import PreventionError
from prevention_app.storage import attachments, automatic_backup, backup_notes
from prevention_app.storage.automatic_backup import Copy, Why, copies, kept, make
from prevention_app.storage.backup import restore
from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, get, listed, tell

NOON = datetime(2026, 11, 25, 12, 0)
OLD = time.time() - 7 * 3600


def photo(store: Store, tmp_path: Path, content: bytes) -> str:
    """Keep a file that a record names; returns its digest."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(content)
    digest = attachments.put(store, file)
    add(
        store,
        "attachment",
        name="photo.jpg",
        digest=digest,
        size=len(content),
        of_register="site",
        of_record=add(store, "site", name="Dépôt").id,
    )
    return digest


def brought_back(file: Path, folder: Path) -> Store:
    restore(file, folder)
    return Store(folder, declared_catalogue())


def test_a_backup_lies_beside_the_workspace_and_comes_back_whole(store: Store, tmp_path: Path):
    job = add(store, "job", name="Égoutier")
    digest = photo(store, tmp_path, b"une photo")
    copy = make(store, Why.ASKED, NOON)
    assert copy.file.parent == store.folder.with_name(f"{store.folder.stem}.sauvegardes")
    assert copies(store.folder) == [copy]
    add(store, "job", name="depuis")

    back = brought_back(copy.file, tmp_path / "retour.prevention")
    assert [each.name for each in listed(back, "job")] == ["Égoutier"]
    assert get(back, "job", job.id).reference == job.reference
    assert attachments.place(back, digest).read_bytes() == b"une photo"
    assert back.station != store.station
    assert check(back) == []
    back.close()


def test_attachments_are_held_once_for_all_backups(store: Store, tmp_path: Path):
    first = photo(store, tmp_path, os.urandom(900_000))
    one = make(store, Why.ASKED, NOON)
    second = photo(store, tmp_path, os.urandom(900_000))
    two = make(store, Why.ASKED, NOON + timedelta(hours=1))
    assert max(one.size, two.size) < 900_000
    held = {each.name for each in (one.file.parent / "files").rglob("*") if each.is_file()}
    assert held == {first, second}
    back = brought_back(one.file, tmp_path / "retour.prevention")
    assert not attachments.place(back, second).exists()
    assert attachments.place(back, first).exists()
    assert check(back) == []
    back.close()


def test_an_attachment_that_is_damaged_in_the_backup_is_not_brought_back(
    store: Store, tmp_path: Path
):
    digest = photo(store, tmp_path, b"une photo")
    copy = make(store, Why.ASKED, NOON)
    (copy.file.parent / "files" / digest[:2] / digest).write_bytes(b"autre chose")
    back = brought_back(copy.file, tmp_path / "retour.prevention")
    assert not attachments.place(back, digest).exists()
    assert any("manque" in each for each in check(back))
    back.close()


def test_a_workspace_whose_chain_is_broken_is_told_and_keeps_its_earlier_backups(
    store: Store, tmp_path: Path
):
    add(store, "job", name="a")
    good = make(store, Why.DAILY, NOON)
    with store.connecting() as connection, writing(connection):
        connection.exec_driver_sql("UPDATE head SET hash = zeroblob(32) WHERE number = 2")
    with pytest.raises(PreventionError, match="L’historique est abîmé"):
        make(store, Why.DAILY, NOON + timedelta(days=1))
    assert copies(store.folder) == [good]
    assert backup_notes.read(store.folder).why.startswith("L’historique est abîmé")
    assert list((store.folder / "drafts").iterdir()) == []
    back = brought_back(good.file, tmp_path / "retour.prevention")
    assert check(back) == []
    back.close()


def test_a_failure_is_noted_until_the_next_one_goes_well(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    def full(*_arguments) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as filled:
        filled.setattr("prevention_app.storage.backup.write_archive", full)
        with pytest.raises(PreventionError, match="plus de place"):
            make(store, Why.DAILY, NOON)
    notes = backup_notes.read(store.folder)
    assert (notes.failed, notes.made) == ("2026-11-25T12:00:00", "")
    make(store, Why.DAILY, NOON)
    notes = backup_notes.read(store.folder)
    assert (notes.failed, notes.why, notes.made) == ("", "", "2026-11-25T12:00:00")
    assert check(store) == []


def test_where_the_chosen_drive_is_away_the_backup_lies_beside_the_workspace(
    store: Store, tmp_path: Path
):
    (tmp_path / "disque").mkdir()
    chosen = tmp_path / "disque" / "poste-K7Q.sauvegardes"
    backup_notes.note(store.folder, folder=str(chosen))
    first = make(store, Why.DAILY, NOON)
    assert first.file.parent == chosen
    (tmp_path / "disque").rename(tmp_path / "debranche")
    second = make(store, Why.DAILY, NOON + timedelta(days=1))
    assert second.file.parent == automatic_backup.default_folder(store.folder)
    assert str(chosen) in backup_notes.read(store.folder).why
    assert copies(store.folder) == [second]
    (tmp_path / "debranche").rename(tmp_path / "disque")
    assert copies(store.folder) == [second, first]
    make(store, Why.DAILY, NOON + timedelta(days=2))
    assert backup_notes.read(store.folder).why == ""


def test_what_an_ended_program_left_is_removed_when_nobody_can_want_it_any_more(store: Store):
    folder = make(store, Why.DAILY, NOON).file.parent
    left = [folder / "2026-11-24_12h00m00_quotidienne.zip.77.part", folder / "fraiche.zip.78.part"]
    for each in left:
        each.write_bytes(b"x")
    draft = store.folder / "drafts" / "copie-abandonnee"
    draft.mkdir()
    (draft / "data.db").write_bytes(b"x")
    for each in (left[0], draft):
        os.utime(each, (OLD, OLD))
    make(store, Why.DAILY, NOON + timedelta(days=1))
    assert [each.exists() for each in left] == [False, True]
    assert not draft.exists()


def test_attachments_go_with_the_last_backup_that_names_them(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(automatic_backup, "_NEWEST", 1)
    monkeypatch.setattr(automatic_backup, "_DAYS", 1)
    monkeypatch.setattr(automatic_backup, "_MONTHS", 1)
    gone, stays = photo(store, tmp_path, b"un"), photo(store, tmp_path, b"deux")
    folder = make(store, Why.DAILY, NOON).file.parent
    attachments.place(store, gone).unlink()
    for each in (folder / "files").rglob("*"):
        os.utime(each, (OLD, OLD))
    make(store, Why.DAILY, NOON + timedelta(days=1))
    assert len(copies(store.folder)) == 1
    held = {each.name for each in (folder / "files").rglob("*") if each.is_file()}
    assert held == {stays}


def test_strange_files_among_the_backups_are_left_alone(store: Store):
    folder = make(store, Why.DAILY, NOON).file.parent
    for name in ("vacances.jpg", "2026-99-99_12h00m00_quotidienne.zip", "2026-11-25.zip"):
        (folder / name).write_bytes(b"x")
    make(store, Why.DAILY, NOON + timedelta(days=1))
    assert len(copies(store.folder)) == 2
    assert (folder / "vacances.jpg").exists()


def test_two_backups_of_one_second_have_names_of_their_own(store: Store):
    files = {make(store, Why.ASKED, NOON).file for _ in range(3)}
    assert {each.file for each in copies(store.folder)} == files
    assert len(files) == 3


def test_a_backup_stays_though_the_clock_was_put_back(store: Store):
    for hour in range(8):
        make(store, Why.ASKED, NOON + timedelta(hours=hour))
    early = make(store, Why.ASKED, NOON - timedelta(minutes=1))
    assert early in copies(store.folder)


def copy_of(moment: datetime) -> Copy:
    return Copy(Path(f"{moment:%Y%m%d%H%M}.zip"), moment, "quotidienne", 1)


HOURS = st.sets(st.integers(0, 24 * 800), max_size=150)


@given(HOURS)
def test_the_newest_stay_and_one_of_each_day_and_month(hours) -> None:
    made = [copy_of(NOON + timedelta(hours=each)) for each in hours]
    stay = kept(made)
    left = [copy for copy in made if copy.file in stay]
    newest = sorted(made, key=lambda copy: copy.made, reverse=True)
    assert stay >= {copy.file for copy in newest[:5]}
    assert len(stay) <= 5 + 30 + 12
    for period, most in (("%Y-%m-%d", 30), ("%Y-%m", 12)):
        wanted = sorted({copy.made.strftime(period) for copy in made}, reverse=True)[:most]
        assert {copy.made.strftime(period) for copy in left} >= set(wanted)
    assert kept(left) == stay


def test_two_years_of_days_leave_thirty_of_them_and_twelve_months() -> None:
    left: list[Copy] = []
    for day in range(730):
        left.append(copy_of(NOON + timedelta(days=day)))
        stay = kept(left)
        left = [copy for copy in left if copy.file in stay]
    last = NOON + timedelta(days=729)
    ages = sorted((last - copy.made).days for copy in left)
    assert ages[:30] == list(range(30))
    assert len(ages) <= 30 + 12
    assert ages[-1] > 11 * 29


def test_what_a_station_wrote_since_its_backup_comes_back_from_its_peers(station, tmp_path: Path):
    here, there = station("45"), station("45")
    digest = photo(here, tmp_path, b"une photo")
    tell(there, here)
    copy = make(here, Why.DAILY, NOON)
    lost = add(here, "job", name="écrit après la sauvegarde")
    tell(here, there)
    add(there, "job", name="écrit ailleurs")
    identity = here.station
    here.close()
    shutil.rmtree(here.folder)  # the disk is gone, not its backups

    back = brought_back(copy.file, here.folder)
    assert back.station != identity
    assert listed(back, "job") == []
    tell(there, back)
    assert get(back, "job", lost.id).reference == lost.reference
    assert {each.name for each in listed(back, "job")} == {
        "écrit après la sauvegarde",
        "écrit ailleurs",
    }
    new = add(back, "job", name="sous la nouvelle identité")
    assert back.position()[identity] == there.position()[identity]
    assert new.reference.split("-")[2] != lost.reference.split("-")[2]
    assert attachments.place(back, digest).exists()
    tell(back, there)
    for each in (back, there):
        assert len(listed(each, "job")) == 3
        assert check_but_attachments(each) == []
    back.close()


def test_a_station_without_any_backup_has_everything_again_from_a_peer(station):
    here, there = station("45"), station("45")
    wrote = [add(here, "job", name=f"{number}") for number in range(5)]
    tell(here, there)
    identity = here.station
    here.close()
    shutil.rmtree(here.folder)
    again = station("45")  # a new one of the same circle
    tell(there, again)
    assert again.station != identity
    assert {each.reference for each in listed(again, "job")} == {each.reference for each in wrote}
    assert check(again) == []


def check_but_attachments(store: Store) -> list[str]:
    """`tell` brings entries alone; packages bring their files."""
    return [each for each in check(store) if not each.startswith("Le fichier joint")]
