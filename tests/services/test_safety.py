from __future__ import annotations

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Damaged, UnreadableFile
from prevention_app.services import safety
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store


@pytest.fixture
def copy(store, tmp_path):
    """A copy of the workspace with one site, whose database was then broken."""
    with store.change("Ajouter") as work:
        work.new("site", name="Gien")
    safety.backup(store, tmp_path / "copie.zip")
    store.close()
    (store.folder / "data.db").write_bytes(b"ce n'est plus une base" * 500)
    for each in store.folder.glob("data.db-*"):
        each.unlink()
    with pytest.raises(Damaged, match="reprenez une sauvegarde"):
        Store(store.folder, declared_catalogue())
    return tmp_path / "copie.zip"


def test_a_copy_takes_the_place_of_what_does_not_open(store, copy) -> None:
    aside = safety.put_in_place(copy, store.folder)
    assert (aside / "data.db").read_bytes().startswith(b"ce n'est plus")
    back = Store(store.folder, declared_catalogue())
    with back.reading() as read:
        assert [each.name for each in read.records(Query("site"))] == ["Gien"]
    back.close()


def test_a_copy_that_cannot_be_read_changes_nothing(store, copy, tmp_path) -> None:
    wrong = tmp_path / "autre.zip"
    wrong.write_bytes(b"rien")
    before = sorted(each.name for each in tmp_path.iterdir())
    with pytest.raises(UnreadableFile):
        safety.put_in_place(wrong, store.folder)
    assert (store.folder / "data.db").read_bytes().startswith(b"ce n'est plus")
    assert sorted(each.name for each in tmp_path.iterdir()) == before
