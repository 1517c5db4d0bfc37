"""A workspace for services, with roles in the three departments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.store import Store

TODAY = date(2026, 11, 24)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty workspace of the Loiret, whose station also works for the two others."""
    made = Store.create(
        tmp_path / "espace.prevention",
        declared_catalogue(),
        department="45",
        name="Poste A",
        user="durand",
        departments=("41", "28"),
        today=lambda: TODAY,
    )
    yield made
    made.close()
