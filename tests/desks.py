"""Desks: machines of their own, each with the workspace of a lone adviser and keys of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import Role
from prevention_app.services import enrolment, packages
from prevention_app.services.progress import Progress
from prevention_app.storage.circle import Part
from prevention_app.storage.store import Store
from tests.workspaces import transplant

TODAY = date(2026, 11, 24)


class Desk:
    """A machine of its own, with the workspace of a lone adviser on it."""

    def __init__(self, folder: Path, use: Callable[[Path], None]) -> None:
        """Open the workspace; keys that lie on this machine are on no other."""
        self.folder = folder
        self._use = use
        self._store = self._opened()

    def _opened(self) -> Store:
        self._use(self.folder)
        return Store(self.folder / "espace.prevention", declared_catalogue(), lambda: TODAY)

    @property
    def store(self) -> Store:
        """The workspace; whoever asks sits down at this machine."""
        self._use(self.folder)
        return self._store

    def close(self) -> None:
        """Leave."""
        self._store.close()

    def reopened(self) -> Store:
        """The workspace after a restart of the program."""
        self._store.close()
        self._store = self._opened()
        return self._store


def create(folder: Path, department: str, user: str) -> str:
    """Make a workspace on the machine that is used now; returns its station."""
    made = Store.create(
        folder / "espace.prevention",
        declared_catalogue(),
        department=department,
        name=f"PC de {user}",
        user=user,
    )
    made.close()
    return made.station


MakeDesk = Callable[[str, str], Desk]
Use = Callable[[Path], None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Sits down at a machine, whose keys lie in a folder of its own."""

    def sit_down(folder: Path) -> None:
        for variable in ("XDG_CONFIG_HOME", "APPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
            monkeypatch.setenv(variable, str(folder / "config"))

    return sit_down


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Machines made once and copied, which is quicker: the folder, and the station of each."""
    return tmp_path_factory.mktemp("machines"), {}


@pytest.fixture
def desk(tmp_path: Path, use: Use, models: tuple[Path, dict[str, str]]) -> Iterator[MakeDesk]:
    """Makes desks of a department and a user."""
    made: list[Desk] = []
    folder, stations = models

    def make(department: str, user: str) -> Desk:
        name = f"{department} {user}"
        if name not in stations:
            use(folder / name)
            stations[name] = create(folder / name, department, user)
        place = tmp_path / name
        shutil.copytree(folder / name / "config", place / "config")
        use(place)
        workspace = "espace.prevention"
        transplant(stations[name], folder / name / workspace, place / workspace)
        made.append(Desk(place, use))
        return made[-1]

    yield make
    for each in made:
        each.close()


def enrol(
    admin: Desk, newcomer: Desk, *roles: Role, part: Part | None = None
) -> enrolment.Admitted:
    """Both files, carried by hand."""
    asked, answer = newcomer.folder / "demande", newcomer.folder / "admission"
    enrolment.request(newcomer.store, asked, admin.store.department)
    admitted = enrolment.admit(admin.store, asked, roles or (Role.ADVISER,), answer, part=part)
    enrolment.join(newcomer.store, answer)
    return admitted


def tell(sender: Desk, receiver: Desk) -> packages.Applied:
    """A package from one to the other."""
    file = sender.folder / "paquet"
    packages.create(sender.store, [receiver.store.station], file, Progress())
    return packages.apply(receiver.store, file, Progress())
