"""Workspaces for the tests of storage."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage import keys
from prevention_app.storage.store import Store

# The comparisons that these tests share tell both sides when they fail.
pytest.register_assert_rewrite("tests.storage.world")

TODAY = date(2026, 11, 24)
MakeStation = Callable[..., Store]
Models = Callable[[int, tuple[str, ...]], Store]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """New workspaces by number and departments, each made once: copying them is quicker."""
    folder = tmp_path_factory.mktemp("models")
    made: dict[tuple[int, tuple[str, ...]], Store] = {}

    def model(number: int, departments: tuple[str, ...]) -> Store:
        if (number, departments) not in made:
            made[number, departments] = Store.create(
                folder / f"{number}-{'-'.join(departments)}.prevention",
                declared_catalogue(),
                department=departments[0],
                departments=departments[1:],
                name=f"Poste {number}",
                user=f"Personne {number}",
            )
        return made[number, departments]

    return model


def transplant(model: Store, folder: Path) -> Store:
    """The same station at another place, with its key."""
    shutil.copytree(model.folder, folder)
    file = keys._key_file(model.station)
    kept = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(kept | {"place": keys._place(folder)}), encoding="utf-8")
    return Store(folder, declared_catalogue(), today=lambda: TODAY)


@pytest.fixture
def station(tmp_path: Path, models: Models) -> Iterator[MakeStation]:
    """Makes a workspace of a station with roles in the departments named, its own first."""
    made: list[Store] = []

    def make(*departments: str) -> Store:
        number = len(made) + 1
        model = models(number, departments or ("45",))
        made.append(transplant(model, tmp_path / f"poste{number}.prevention"))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def store(station: MakeStation) -> Store:
    """An empty workspace of the Loiret, whose station also works for the two others."""
    return station("45", "41", "28")
