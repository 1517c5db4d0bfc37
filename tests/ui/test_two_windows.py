"""Two windows side by side: they differ, exchange through a folder, settle, and agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.store import Store
from prevention_app.ui.conflicts_page import ConflictsPage
from prevention_app.ui.folder_exchange import folder_exchange_of
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.places import CONFLICTS
from prevention_app.ui.workspace import Workspace
from tests.storage.acts import get
from tests.two_stations import TODAY, TwoStations
from tests.workspaces import NewWorkspaces

OpenWindow = Callable[[Store], Workspace]


@pytest.fixture
def two(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[TwoStations]:
    """Two stations that know each other, and one site."""
    made = TwoStations(tmp_path, new_workspace)
    yield made
    made.close()


@pytest.fixture
def open_window(qapp, qtbot) -> Iterator[OpenWindow]:
    """Opens the window of a station."""
    opened: list[Workspace] = []

    def open_on(store: Store) -> Workspace:
        again = partial(Store, store.folder, declared_catalogue(), lambda: TODAY)
        frame = MainWindow()
        qtbot.addWidget(frame)
        frame.resize(1440, 900)
        opened.append(Workspace(frame, again(), again))
        frame.show()
        return opened[-1]

    yield open_on
    for each in opened:
        each.window.close()
        each.session.store.close()


def test_two_windows_differ_exchange_settle_and_agree(
    two, open_window: OpenWindow, qtbot, tmp_path, type_text
) -> None:
    key = tmp_path / "clé"
    key.mkdir()
    site = two.both("site", name="Dépôt de Gien", town="Sully")
    here, there = open_window(two.here), open_window(two.there)
    stores = (two.here, two.there)

    for window, town in ((here, "Gien"), (there, "Orléans")):
        window.open_record("site", site.id)
        form = window.register_page("site").form
        line = form.boxes["town"].editor.inner
        line.clear()
        type_text(line, town)
        assert form.save()
        assert _town(window, site) == town

    def exchange() -> None:
        for window in (here, there) * 2:
            folder = folder_exchange_of(window.session)
            folder.choose(key)
            qtbot.waitUntil(lambda folder=folder: bool(folder.said) and not folder.under_way)

    exchange()
    assert len({get(each, "site", site.id).town for each in stores}) == 1
    qtbot.waitUntil(lambda: CONFLICTS in {each.key for each in there._all_places()})
    there.go(CONFLICTS)
    page = there.pages[CONFLICTS]
    assert isinstance(page, ConflictsPage)
    qtbot.waitUntil(lambda: len(page.panel.cards) == 2)
    number = next(each.value.n for each in page.panel.cards if each.value.text == "Gien")
    page.focus_main()
    qtbot.keyClick(page.list, getattr(Qt.Key, f"Key_{number}"))
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _town(there, site) == "Gien")

    exchange()
    assert [get(each, "site", site.id).town for each in stores] == ["Gien", "Gien"]
    for window in (here, there):
        qtbot.waitUntil(
            lambda window=window: CONFLICTS not in {each.key for each in window._all_places()}
        )


def _town(window: Workspace, site) -> str:
    return get(window.session.store, "site", site.id).town
