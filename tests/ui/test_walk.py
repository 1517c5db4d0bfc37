"""Every page in both themes at 100, 200 and 300 %: names, roles, contrast, nothing cut."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from prevention_app.storage.store import Store
from tests import samples

CHECKOUT = Path(__file__).parents[2]


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


@pytest.mark.long
@pytest.mark.parametrize("scale", [1, 2, 3])
def test_what_a_page_shows_can_be_read_and_heard(filled, tmp_path, scale) -> None:
    said = subprocess.run(
        [sys.executable, Path(__file__).with_name("walking.py"), filled, str(scale)],
        capture_output=True,
        text=True,
        timeout=600,
        env={
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "XDG_CONFIG_HOME": str(tmp_path),
            "QT_QPA_PLATFORM": "offscreen",
        },
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == []
