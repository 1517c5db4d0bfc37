"""Every page in both themes at 100, 200 and 300 %: names, roles, focus, contrast, nothing cut."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from prevention_app.storage.store import Store
from tests import samples

CHECKOUT = Path(__file__).parents[2]
FEW = ("home", "risk_document", "plant_protection", "import", "reports", "health_safety_entry")
"""One page of each make: lists, panes, tables, steps, charts, a form."""
Walk = Callable[..., list[str]]


@pytest.fixture
def filled(folder, open_store) -> Path:
    """A workspace with a record in every register."""
    store: Store = open_store()
    for each in store.catalogue.registers:
        if not each.reference_set and not each.system:
            values = samples.values(store, each)
            with store.change("Ajouter") as work:
                work.new(each.key, **values)
    store.close()
    return folder


@pytest.fixture
def walk(filled, tmp_path) -> Walk:
    """Walks pages at a scale; returns what is wrong there."""

    def walk_pages(scale: int, *pages: str) -> list[str]:
        said = subprocess.run(
            [sys.executable, Path(__file__).with_name("walking.py"), filled, str(scale), *pages],
            capture_output=True,
            text=True,
            timeout=900,
            env={
                **os.environ,
                "PYTHONPATH": str(CHECKOUT),
                "XDG_CONFIG_HOME": str(tmp_path),
                "QT_QPA_PLATFORM": "offscreen",
            },
            check=False,
        )
        assert said.returncode == 0, said.stderr
        return json.loads(said.stdout)

    return walk_pages


def test_a_page_of_each_make_can_be_read_and_heard_and_reached(walk) -> None:
    assert walk(2, *FEW) == []


@pytest.mark.long
@pytest.mark.parametrize("scale", [1, 2, 3])
def test_every_page_can_be_read_and_heard_and_reached(walk, scale) -> None:
    assert walk(scale) == []
