"""Names erased by decision, records eliminated after a visa, wherever it is heard of."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from prevention_app import bootstrap
from prevention_app.catalogue.description import Record
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import EliminationState
from prevention_app.errors import Refused
from prevention_app.services import archives, attachments, backups, packages, safety
from prevention_app.services.progress import Progress
from prevention_app.storage import erasure_notes
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, add_accident, get, listed, search, tell
from tests.storage.hub_base import Base
from tests.two_stations import TwoStations

SECRET, MARK = "Zapotèque", b"Zapot"
BYTES = b"JPEG Zapot" * 100
DAY = date(2026, 11, 24)


@pytest.fixture
def two(tmp_path: Path, new_workspace):
    made = TwoStations(tmp_path, new_workspace)
    yield made
    made.close()


def observe(store: Store, day: date = date(2010, 3, 1)) -> Record:
    """An observation that names somebody, with a photograph."""
    site = add(store, "site", name=f"Atelier {day}")
    record = add(
        store,
        "health_safety_entry",
        site=site.id,
        reported_on=day,
        observation=f"{SECRET} a glissé",
        author=SECRET,
    )
    photo = store.folder.with_name(f"{SECRET}.jpg")
    photo.write_bytes(BYTES)
    attachments.attach(store, "health_safety_entry", record, [attachments.keep(store, photo)])
    photo.unlink()
    return record


def hand_files(two: TwoStations) -> None:
    """What is joined here is there too."""
    shutil.copytree(two.here.folder / "files", two.there.folder / "files", dirs_exist_ok=True)


def traces(store: Store) -> bool:
    """Whether the name is still in some file of the workspace."""
    with store.connecting() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        rows = [
            value if isinstance(value, bytes) else str(value).encode()
            for name in list(names.scalars())
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')
            for value in row
        ]
    held = [*rows, *(file.read_bytes() for file in store.folder.rglob("*") if file.is_file())]
    return any(MARK in each or MARK.lower() in each for each in held)


def eliminate(store: Store) -> str:
    made = archives.prepare(store, "health_safety_entry", date(2015, 1, 1))
    archives.give_visa(store, made.reference, "AD45-12", DAY)
    archives.execute(store, made.reference)
    return made.reference


def test_names_go_everywhere_and_what_is_plain_stays(two: TwoStations):
    accident = add_accident(two.here, number="7", person_name=SECRET, circumstances=SECRET)
    two.exchange()
    assert traces(two.there)
    archives.erase_names(two.here, [accident.reference], "Finalité éteinte")
    tell(two.here, two.there)
    for store in (two.here, two.there):
        found = get(store, "accident", accident.id)
        assert (found.person_name, found.circumstances, found.number) == ("effacé", "effacé", "7")
        assert not traces(store)
        assert search(store, SECRET) == set()
        assert check(store) == []
    assert store.history(accident.id)[-1][1].reason == "Finalité éteinte"
    with pytest.raises(Refused, match="plus ni nom"):
        archives.erase_names(two.here, [accident.reference], "encore")


def test_attachments_go_with_the_names_where_that_is_asked_for(two: TwoStations):
    record = observe(two.here)
    archives.erase_names(two.here, [record.reference], "Demande", with_attachments=True)
    assert not traces(two.here)
    assert listed(two.here, "attachment") == []
    assert not get(two.here, "health_safety_entry", record.id).deleted
    assert check(two.here) == []


def test_records_go_only_after_the_visa_with_what_hangs_on_them(two: TwoStations):
    old, young = observe(two.here), observe(two.here, date(2020, 1, 1))
    two.exchange()
    hand_files(two)
    (due,) = archives.due(two.here)
    assert (due.entity.key, due.count, due.before) == ("health_safety_entry", 1, date(2016, 11, 24))
    made = archives.prepare(two.here, "health_safety_entry", date(2015, 1, 1))
    assert (len(made.preview.chosen), made.preview.files) == (1, 1)
    with pytest.raises(Refused, match="visa"):
        archives.execute(two.here, made.reference)
    assert not get(two.here, "health_safety_entry", old.id).deleted
    archives.give_visa(two.here, made.reference, "AD45-12", DAY)
    archives.execute(two.here, made.reference)
    tell(two.here, two.there)
    for store in (two.here, two.there):
        assert [each.id for each in listed(store, "health_safety_entry")] == [young.id]
        gone = get(store, "health_safety_entry", old.id)
        assert (gone.deleted, gone.observation, gone.author) == (True, "effacé", "effacé")
        told = store.history(old.id)[-1][1].reason
        assert made.reference in told
        assert "AD45-12" in told
        (bordereau,) = listed(store, "elimination")
        assert bordereau.state == EliminationState.EXECUTED
        assert check(store) == []
        # The other photograph has the same bytes: they stay as long as a record needs them.
        assert [each.read_bytes() for each in store.folder.glob("files/*/*")] == [BYTES]
    with pytest.raises(Refused, match="déjà exécuté"):
        archives.execute(two.here, made.reference)


def test_nothing_of_what_was_eliminated_can_be_read_again(two: TwoStations):
    observe(two.here)
    tell(two.here, two.there)
    hand_files(two)
    eliminate(two.here)
    tell(two.here, two.there)
    assert not traces(two.here)
    assert not traces(two.there)
    assert archives.due(two.here) == []


def test_a_file_does_not_come_back_by_a_package_written_before(two: TwoStations, tmp_path: Path):
    record = observe(two.here)
    two.exchange()
    earlier, later = tmp_path / "avant.prevention", tmp_path / "apres.prevention"
    packages.create(two.here, [two.there.station], earlier, Progress())
    packages.apply(two.there, earlier, Progress())
    shutil.copyfile(earlier, tmp_path / "copie.prevention")
    eliminate(two.here)
    packages.create(two.here, [two.there.station], later, Progress())
    packages.apply(two.there, later, Progress())
    assert not traces(two.there)
    packages.apply(two.there, tmp_path / "copie.prevention", Progress())
    assert get(two.there, "health_safety_entry", record.id).observation == "effacé"
    assert list(two.there.folder.glob("files/*/*")) == []
    assert check(two.there) == []


def test_what_an_absent_station_wrote_meanwhile_is_due_again(two: TwoStations):
    record = observe(two.here)
    two.exchange()
    two.write(two.there, "health_safety_entry", record, answer="vu", observation=f"{SECRET} encore")
    eliminate(two.here)
    two.exchange()
    assert traces(two.here)
    assert [each.count for each in archives.due(two.here)] == [1]
    eliminate(two.here)
    two.exchange()
    assert not traces(two.here)
    assert not traces(two.there)
    assert check(two.there) == []


def test_a_hold_stops_both_when_prepared_and_when_executed(two: TwoStations):
    held, free = observe(two.here), observe(two.here, date(2011, 1, 1))
    reference = archives.hold(two.here, held.reference, "Contentieux")
    made = archives.prepare(two.here, "health_safety_entry", date(2015, 1, 1))
    assert [record.id for _, record in made.preview.chosen] == [free.id]
    assert [(record.id, each.reference) for record, each in made.preview.held] == [
        (held.id, reference)
    ]
    with pytest.raises(Refused, match=f"gel protège {held.reference}"):
        archives.erase_names(two.here, [held.reference], "Demande")
    archives.give_visa(two.here, made.reference, "AD45-12", DAY)
    whole = archives.hold(two.here, "health_safety_entry", "Enquête")
    with pytest.raises(Refused, match="gel protège"):
        archives.execute(two.here, made.reference)
    assert not get(two.here, "health_safety_entry", free.id).deleted
    archives.release(two.here, whole)
    archives.execute(two.here, made.reference)
    assert get(two.here, "health_safety_entry", free.id).deleted
    assert not get(two.here, "health_safety_entry", held.id).deleted


def test_what_has_no_duration_or_is_too_young_is_kept(two: TwoStations):
    observe(two.here)
    with pytest.raises(Refused, match="se gardent"):
        archives.prepare(two.here, "accident", date(1950, 1, 1))
    with pytest.raises(Refused, match="24/11/2016"):
        archives.prepare(two.here, "health_safety_entry", date(2020, 1, 1))
    with pytest.raises(Refused, match="Aucune fiche"):
        archives.prepare(two.here, "health_safety_entry", date(2001, 1, 1))


def test_the_last_two_inspections_of_an_equipment_stay(two: TwoStations):
    site = add(two.here, "site", name="Atelier")
    kind = add(two.here, "inspection_type", type_code="LEV", subject="Levage")
    lift = add(two.here, "equipment", name="Pont", site=site.id, inspection_type=kind.id)
    made = [
        add(two.here, "inspection", equipment=lift.id, done_on=date(year, 1, 1))
        for year in (2001, 2002, 2003)
    ]
    prepared = archives.prepare(two.here, "inspection", date(2020, 1, 1))
    assert [record.id for _, record in prepared.preview.chosen] == [made[0].id]


def test_the_list_is_written_without_a_name(two: TwoStations, tmp_path: Path):
    record = observe(two.here)
    made = archives.prepare(two.here, "health_safety_entry", date(2015, 1, 1))
    out = tmp_path / "bordereau.xlsx"
    archives.write_list(two.here, made.reference, out)
    from openpyxl import load_workbook

    sheet = load_workbook(out).active
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert record.reference in cells
    assert SECRET not in str(cells)


def test_a_restored_backup_loses_it_again_by_a_peer(two: TwoStations, tmp_path: Path):
    accident = add_accident(two.here, person_name=SECRET)
    two.exchange()
    file = tmp_path / "copie" / "avant.zip"
    file.parent.mkdir()
    safety.backup(two.here, file)
    archives.erase_names(two.here, [accident.reference], "Demande")
    tell(two.here, two.there)
    safety.restore(file, tmp_path / "refait.prevention")
    restored = Store(tmp_path / "refait.prevention", declared_catalogue(), lambda: DAY)
    assert traces(restored)
    tell(two.there, restored)
    assert not traces(restored)
    assert check(restored) == []
    restored.close()


def test_a_restored_backup_loses_it_again_where_nobody_else_knows(two: TwoStations, tmp_path: Path):
    record = observe(two.here)
    copy = backups.make_now(two.here, Progress())
    eliminate(two.here)
    restored = bootstrap.open_workspace(
        bootstrap.restore_workspace(copy.file, tmp_path / "refait.prevention")
    )
    assert get(restored, "health_safety_entry", record.id).deleted
    assert not traces(restored)
    assert not erasure_notes.is_there(restored.folder)
    assert check(restored) == []
    restored.close()


def test_who_does_not_decide_is_refused(two: TwoStations):
    accident = add_accident(two.here, person_name=SECRET)
    with two.here.change("Donner") as work:
        work.new("revocation", station_id=two.here.station, after=10_000, owner="45")
    with pytest.raises(Refused, match="Seuls un conseiller"):
        archives.erase_names(two.here, [accident.reference], "Demande")


def test_it_goes_at_the_hub_too_and_at_who_was_away(two: TwoStations, cluster):
    record = observe(two.here)
    base = Base(cluster)
    two.exchange()
    for each in (two.here, two.there):
        base.enrol(two.here, each)
    base.sync_all(two.here, two.there)
    assert list(two.there.folder.glob("files/*/*"))
    assert base.run("SELECT count(*) FROM attachment") == [(1,)]
    eliminate(two.here)
    base.sync(two.here)
    assert base.run("SELECT count(*) FROM attachment") == [(0,)]
    base.sync(two.there)
    assert get(two.there, "health_safety_entry", record.id).deleted
    assert not traces(two.there)
    bodies = base.run("SELECT encode(body, 'escape') FROM leaf WHERE body IS NOT NULL")
    assert bodies
    assert SECRET not in str(bodies)
    base.sync_all(two.here, two.there)
    assert list(two.there.folder.glob("files/*/*")) == []
    assert check(two.there) == []
