"""The whole window for one story, on a workspace of the Loiret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from prevention_app import bootstrap
from prevention_app.storage.store import Store
from prevention_app.ui import application, file_choice, settings
from tests.stories.desk import Desk


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program makes it: French, our fonts, our style."""
    return application.make_application()


@pytest.fixture(autouse=True)
def documents(tmp_path: Path) -> Iterator[Path]:
    """The folder that files are written into; no story sees what another one remembered."""
    place = tmp_path / "Documents"
    place.mkdir()
    settings.remember("folder/export", str(place))
    settings.settings().sync()
    yield place
    settings.settings().clear()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Where the adviser's workspace lies, or will lie."""
    return tmp_path / "essai.prevention"


@pytest.fixture
def yesterday(workspace: Path) -> Iterator[Store]:
    """The workspace with roles in all three departments, to be filled with what is there."""
    store = bootstrap.create_workspace(
        workspace, department="45", name="Essai", person="C. Marchand", departments=("41", "28")
    )
    yield store
    store.close()


@pytest.fixture
def sit_down(qapp, qtbot, workspace, monkeypatch) -> Iterator[Callable[[], Desk]]:
    """Starts the program: what was prepared is there."""
    desks: list[Desk] = []

    def start() -> Desk:
        desk = Desk(qtbot, workspace)
        desks.append(desk)
        monkeypatch.setattr(file_choice, "choose_files", desk.choose_files)
        return desk

    yield start
    for each in desks:
        each.leave()
