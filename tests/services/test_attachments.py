from __future__ import annotations

from pathlib import Path

import pytest

from prevention_app.errors import Refused
from prevention_app.services import attachments
from prevention_app.storage.verify import verify_attachments


@pytest.fixture
def site(store):
    with store.change("Préparer") as work:
        return work.new("site", name="Atelier")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    made = tmp_path / "Rampe descellée.JPG"
    made.write_bytes(b"JPEG" * 1000)
    return made


def held(store, record) -> list:
    with store.reading() as read:
        return attachments.of_record(read, "site", record.id)


def join(store, record, *files: Path):
    kept = [attachments.keep(store, each) for each in files]
    return attachments.attach(store, "site", record, kept)


def test_a_file_is_joined_read_and_taken_back(store, site, photo, tmp_path) -> None:
    join(store, site, photo)
    photo.unlink()
    (found,) = held(store, site)
    assert (found.name, found.size, found.media_type) == (photo.name, 4000, "image/jpeg")
    assert found.owner == site.owner
    copy = attachments.copy_for_reading(store, found, tmp_path / "lus")
    assert (copy.name, copy.read_bytes()) == (photo.name, b"JPEG" * 1000)
    assert copy == attachments.copy_for_reading(store, found, tmp_path / "lus")
    attachments.remove_copies(tmp_path / "lus")
    assert not copy.exists()
    assert store.undoable() == attachments.ATTACH
    store.undo()
    assert held(store, site) == []
    store.redo()
    attachments.detach(store, held(store, site)[0])
    assert held(store, site) == []
    store.undo()
    assert len(held(store, site)) == 1
    assert verify_attachments(store) == []


def test_the_same_file_is_joined_once(store, site, photo) -> None:
    join(store, site, photo)
    with pytest.raises(Refused, match="déjà joint"):
        join(store, site, photo)
    assert len(held(store, site)) == 1


@pytest.mark.parametrize("name", ["facture.exe", "macro.xlsm", "page.html", "sans_fin"])
def test_what_a_double_click_would_run_is_not_joined(store, site, tmp_path, name) -> None:
    file = tmp_path / name
    file.write_bytes(b"MZ")
    with pytest.raises(Refused, match="n’est pas d’un type qui se joint"):
        join(store, site, file)


def test_a_file_that_is_too_large_or_gone_is_refused(store, site, photo, monkeypatch) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES", 3999)
    with pytest.raises(Refused, match="dépasse"):
        join(store, site, photo)
    photo.unlink()
    with pytest.raises(Refused, match="ne peut pas être lu"):
        join(store, site, photo)


def test_a_name_from_elsewhere_leads_nowhere_else_and_runs_nothing(
    store, site, photo, tmp_path
) -> None:
    kept = attachments.keep(store, photo)
    with store.change("Recevoir") as work:
        for name in ("../../évasion.pdf", "ruse.pdf.exe"):
            work.new(
                "attachment",
                of_register="site",
                of_record=site.id,
                name=name,
                size=kept.size,
                digest=kept.digest,
            )
    escape, ruse = held(store, site)
    place = attachments.copy_for_reading(store, escape, tmp_path / "lus")
    assert place.parent.parent == tmp_path / "lus"
    with pytest.raises(Refused, match="s’ouvre"):
        attachments.copy_for_reading(store, ruse, tmp_path / "lus")


def test_a_file_that_is_at_another_station_is_said_to_be(store, site, photo, tmp_path) -> None:
    join(store, site, photo)
    (found,) = held(store, site)
    next(each for each in (store.folder / "files").rglob("*") if each.is_file()).unlink()
    with pytest.raises(Refused, match="pas sur cet ordinateur"):
        attachments.copy_for_reading(store, found, tmp_path / "lus")
