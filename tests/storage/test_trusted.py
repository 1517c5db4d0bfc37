"""Which keys of departments a station trusts: the same, in whatever order it hears of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import Role
from prevention_app.domain.merging import DELETED
from prevention_app.services import enrolment
from prevention_app.storage import circle, recognitions
from prevention_app.storage.entries import Entry
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, listed

MakeAlone = Callable[[str, str], Store]


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[MakeAlone]:
    """Makes a workspace that founded its one department for itself."""
    made: list[Store] = []

    def make(department: str, user: str) -> Store:
        place = tmp_path / f"{user}.prevention"
        made.append(
            Store.create(
                place, declared_catalogue(), department=department, name=f"PC de {user}", user=user
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


def tell(by: Store, to: Store) -> None:
    to.receive(by.entries_after(to.position()))


def key_of(store: Store) -> str:
    return circle.roots(store)[store.department]


def recognise(by: Store, other: Store) -> None:
    recognitions.recognise(by, by.department, other.department, key_of(other))


def take_back(by: Store, recognition: Record) -> None:
    """What other versions may write: this one has no word for it yet."""
    with by.change("Ne plus reconnaître") as work:
        work._touch(by.catalogue["recognition"], recognition).values[DELETED] = True


def give(by: Store, to: Store, role: Role) -> None:
    work = circle.draft(by, by.department)
    circle.give(by, work, by.department, role, ("", to.station), circle.Part())
    by.write(work, "Donner un rôle")


def join(administrator: Store, newcomer: Store, folder: Path) -> None:
    enrolment.request(newcomer, folder / "demande", administrator.department)
    enrolment.admit(administrator, folder / "demande", [Role.ADVISER], folder / "admission")
    enrolment.join(newcomer, folder / "admission")


def test_a_role_in_another_department_makes_its_recognitions_count(alone: MakeAlone):
    ana, max_, zoe = alone("45", "Ana"), alone("41", "Max"), alone("28", "Zoé")
    recognise(max_, zoe)
    recognise(ana, max_)
    tell(max_, ana)
    assert set(circle.roots(ana)) == {"45", "41"}  # Max speaks for the 41 only
    give(max_, ana, Role.ADVISER)
    tell(max_, ana)
    assert set(circle.roots(ana)) == {"45", "41", "28"}
    add(zoe, "job", name="Agent d’entretien")
    tell(zoe, ana)
    assert ana.kept_aside() == []
    assert check(ana) == []


def test_who_takes_its_recognition_back_trusts_no_longer_nor_do_its_other_stations(
    alone: MakeAlone, tmp_path: Path
):
    ana, luc, zoe = alone("45", "Ana"), alone("45", "Luc"), alone("28", "Zoé")
    recognise(ana, zoe)
    join(ana, luc, tmp_path)
    add(zoe, "job", name="Agent d’entretien")
    for each in (ana, luc):
        tell(zoe, each)
        assert set(circle.roots(each)) == {"45", "28"}
    (written,) = listed(ana, "recognition")
    take_back(ana, written)
    tell(ana, luc)
    for each in (ana, luc):
        assert set(circle.roots(each)) == {"45"}
        assert each.kept_aside() != []
        assert check(each) == []


def test_in_whatever_order_all_comes_the_same_keys_are_trusted_in_the_end(
    alone: MakeAlone, tmp_path: Path
):
    ana, luc, max_, zoe = (
        alone("45", "Ana"),
        alone("45", "Luc"),
        alone("41", "Max"),
        alone("28", "Zoé"),
    )
    join(ana, luc, tmp_path)
    held = luc.position()
    luc.close()
    shutil.copytree(luc.folder, tmp_path / "avant")
    # The 45 names a wrong key of the 28 and takes it back, so that only the 41 names it; and names
    # a wrong key of the 41 before the right one.
    recognitions.recognise(ana, "45", "28", "0" * 64)
    take_back(ana, listed(ana, "recognition")[0])
    recognitions.recognise(ana, "45", "41", "1" * 64)
    recognise(ana, max_)
    recognise(max_, zoe)
    give(max_, luc, Role.ADVISER)
    add(zoe, "job", name="Agent d’entretien")
    chains = {each.department: each.entries_after(held) for each in (ana, max_, zoe)}
    turns = [department for department, chain in chains.items() for _ in chain]

    @settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture],
        max_examples=settings.default.max_examples // 3,
    )
    @given(st.permutations(turns))
    def hear(order: list[str]) -> None:
        shutil.rmtree(luc.folder)
        shutil.copytree(tmp_path / "avant", luc.folder)
        rest: dict[str, list[Entry]] = {each: list(chain) for each, chain in chains.items()}
        listener = Store(luc.folder, declared_catalogue())
        for department in order:
            assert listener.receive([rest[department].pop(0)]).new == 1
        assert circle.roots(listener) == {
            each.department: key_of(each) for each in (ana, max_, zoe)
        }
        ours = {each.station for each in listener.kept_aside()}
        assert ours == {luc.station}  # the roles that it gave itself when it was alone
        listener.close()

    hear()
