"""Cut short between two transactions of one deed: opened or told again, it is whole."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey
from sqlalchemy import Engine, event

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import Role
from prevention_app.services import enrolment
from prevention_app.storage import circle, keys, recognitions, root_acts
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, get, tell

MakeAlone = Callable[[str, str], Store]


class Cut(BaseException):
    """The process ends here."""


@contextlib.contextmanager
def cut_before(number: int) -> Iterator[list[str]]:
    """Let so many transactions write, and no other; tells those that were begun."""
    begun: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("BEGIN IMMEDIATE"):
            if len(begun) == number:
                raise Cut
            begun.append(statement)

    event.listen(Engine, "before_cursor_execute", look)
    try:
        with contextlib.suppress(Cut):
            yield begun
    finally:
        event.remove(Engine, "before_cursor_execute", look)


def opened(folder: Path) -> Store:
    return Store(folder, declared_catalogue())


def create(folder: Path, department: str, user: str) -> Store:
    return Store.create(
        folder, declared_catalogue(), department=department, name=f"PC de {user}", user=user
    )


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[MakeAlone]:
    """Makes a workspace that founded its one department for itself."""
    made: list[Store] = []

    def make(department: str, user: str) -> Store:
        made.append(create(tmp_path / f"{user}.prevention", department, user))
        return made[-1]

    yield make
    for each in made:
        each.close()


def works(store: Store, name: str) -> None:
    """Whose workspace this is, it can be written in, and it is sound."""
    me = circle.this_station(store)
    assert (me.name, me.user) == (name, "Ana")
    assert store.departments == ["45"]
    assert circle.administers(store, "45")
    add(store, "site", name="Dépôt")
    assert check(store) == []
    with store.reading() as read:
        assert len(circle.codes_of(read, store.station)) == 1
    store.close()


@pytest.mark.parametrize("transactions", [2, 3, 4])
def test_a_new_workspace_is_finished_when_it_is_opened(tmp_path: Path, transactions: int):
    folder = tmp_path / "a.prevention"
    with cut_before(transactions):
        create(folder, "45", "Ana").close()
    works(opened(folder), "PC de Ana")


def test_one_that_was_copied_before_it_was_finished_is_finished_there(tmp_path: Path):
    with cut_before(3) as begun:
        create(tmp_path / "a.prevention", "45", "Ana").close()
    assert len(begun) == 3
    shutil.copytree(tmp_path / "a.prevention", tmp_path / "b.prevention")
    works(opened(tmp_path / "b.prevention"), "PC de Ana")


@pytest.mark.parametrize("transactions", [0, 1, 2, 3])
def test_a_copy_is_a_station_of_its_own_when_it_is_opened_again(
    alone: MakeAlone, tmp_path: Path, transactions: int
):
    ana = alone("45", "Ana")
    ana.close()
    copy = tmp_path / "b.prevention"
    shutil.copytree(ana.folder, copy)
    with cut_before(transactions):
        opened(copy).close()
    again = opened(copy)
    assert again.station != ana.station
    works(again, "PC de Ana (copie)")


@pytest.mark.parametrize("transactions", [0, 1, 2])
def test_a_department_is_founded_again_whole_or_not_at_all(
    alone: MakeAlone, tmp_path: Path, transactions: int
):
    ana, luc = alone("45", "Ana"), alone("45", "Luc")
    join(ana, luc, tmp_path)
    tell(luc, ana)
    before = circle.roots(ana)
    key = SigningKey.generate()
    with cut_before(transactions):
        root_acts.found_again(ana, "45", key)
    assert circle.roots(ana)["45"] in {before["45"], keys.public_half(key)}
    with ana.reading() as read:
        members = {each.user: each.roles for each in circle.members(read)}
    assert members == {"Ana": [Role.ADVISER, Role.ADMINISTRATOR], "Luc": [Role.ADVISER]}


@pytest.mark.parametrize("transactions", [0, 1, 2])
def test_a_department_is_recognised_with_all_that_it_wrote(alone: MakeAlone, transactions: int):
    ana, zoe = alone("45", "Ana"), alone("28", "Zoé")
    add(zoe, "job", name="Agent d’entretien")
    tell(zoe, ana)
    key = circle.roots(zoe)["28"]
    with cut_before(transactions):
        recognitions.recognise(ana, "45", "28", key)
    assert check(ana) == []
    recognitions.recognise(ana, "45", "28", key)
    assert circle.roots(ana)["28"] == key
    assert ana.kept_aside() == []


@pytest.mark.parametrize("transactions", range(6))
def test_who_joins_belongs_there_with_all_that_was_written(
    alone: MakeAlone, tmp_path: Path, transactions: int
):
    ana, luc = alone("45", "Ana"), alone("28", "Luc")
    site = add(ana, "site", name="Dépôt")
    enrolment.request(luc, tmp_path / "demande", "45")
    enrolment.admit(ana, tmp_path / "demande", [Role.ADVISER], tmp_path / "admission")
    with cut_before(transactions):
        enrolment.join(luc, tmp_path / "admission")
    assert check(luc) == []
    assert (luc.department == "45") == (circle.roots(luc) == circle.roots(ana))
    enrolment.join(luc, tmp_path / "admission")
    assert get(luc, "site", site.id).name == "Dépôt"
    assert luc.departments == ["45"]
    assert check(luc) == []


def test_own_work_that_was_lost_comes_back_and_no_reference_is_given_twice(station, tmp_path: Path):
    here, there = station("45"), station("45")
    yesterday = tmp_path / "hier.db"
    here.close()
    shutil.copy(here.folder / "data.db", yesterday)
    here = opened(here.folder)
    lost = add(here, "site", name="Dépôt")
    tell(here, there)
    here.close()
    for file in here.folder.glob("data.db*"):
        file.unlink()
    shutil.copy(yesterday, here.folder / "data.db")
    here = opened(here.folder)
    with cut_before(1):  # whatever else is noted of a delivery afterwards
        tell(there, here)
    assert get(here, "site", lost.id).reference == lost.reference
    assert add(here, "site", name="Atelier").reference != lost.reference
    assert check(here) == []
    here.close()


def join(administrator: Store, newcomer: Store, folder: Path) -> None:
    enrolment.request(newcomer, folder / "demande", administrator.department)
    enrolment.admit(administrator, folder / "demande", [Role.ADVISER], folder / "admission")
    enrolment.join(newcomer, folder / "admission")
