"""A workspace for services, with roles in the three departments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.store import Store
from tests.desks import desk, models, use  # noqa: F401  (fixtures)
from tests.workspaces import NewWorkspaces

TODAY = date(2026, 11, 24)


@pytest.fixture
def store(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[Store]:
    """An empty workspace of the Loiret, whose station also works for the two others."""
    place = new_workspace(tmp_path / "espace.prevention", name="Poste A", user="durand")
    made = Store(place, declared_catalogue(), lambda: TODAY)
    yield made
    made.close()
