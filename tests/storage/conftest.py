"""Workspaces for the tests of storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.store import Store
from tests.workspaces import NewWorkspaces

# The comparisons that these tests share tell both sides when they fail.
pytest.register_assert_rewrite(
    *(f"tests.storage.{each}" for each in ("world", "world_acts", "world_files", "stored_bytes"))
)

TODAY = date(2026, 11, 24)
MakeStation = Callable[..., Store]


@pytest.fixture
def station(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[MakeStation]:
    """Makes a workspace of a station with roles in the departments named, its own first."""
    made: list[Store] = []

    def make(*departments: str) -> Store:
        number = len(made) + 1
        place = new_workspace(
            tmp_path / f"poste{number}.prevention",
            name=f"Poste {number}",
            user=f"Personne {number}",
            departments=departments or ("45",),
        )
        made.append(Store(place, declared_catalogue(), today=lambda: TODAY))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def store(station: MakeStation) -> Store:
    """An empty workspace of the Loiret, whose station also works for the two others."""
    return station("45", "41", "28")
