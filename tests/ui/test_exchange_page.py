"""Two windows' workspaces exchange by files and by a folder, and the page tells what came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import circle, inbox, packages
from prevention_app.services.progress import Progress
from prevention_app.storage import arrivals
from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store
from prevention_app.ui.exchange_page import ExchangePage
from prevention_app.ui.folder_exchange import folder_exchange_of
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.places import CONFLICTS, EXCHANGES
from prevention_app.ui.session import Session
from prevention_app.ui.workspace import Workspace
from tests.desks import MakeDesk, enrol
from tests.storage.acts import add_accident, amend, get
from tests.two_stations import TODAY, TwoStations
from tests.workspaces import NewWorkspaces


@pytest.fixture
def two(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[TwoStations]:
    """Two stations that know each other."""
    made = TwoStations(tmp_path, new_workspace)
    made.exchange()
    yield made
    made.close()


@pytest.fixture
def window(qapp, qtbot, two: TwoStations) -> Iterator[Workspace]:
    """The window of the second station."""

    def opened() -> Store:
        return Store(two.there.folder, declared_catalogue(), lambda: TODAY)

    frame = MainWindow()
    qtbot.addWidget(frame)
    frame.resize(1440, 900)
    workspace = Workspace(frame, opened(), opened)
    frame.show()
    yield workspace
    frame.close()
    workspace.session.store.close()


def page_of(window: Workspace, qtbot) -> ExchangePage:
    qtbot.waitUntil(lambda: EXCHANGES in {each.key for each in window._all_places()})
    window.go(EXCHANGES)
    page = window.pages[EXCHANGES]
    assert isinstance(page, ExchangePage)
    return page


def test_a_file_that_is_dropped_is_received_and_read_like_a_message(
    window, qtbot, two, tmp_path
) -> None:
    accident = add_accident(two.here, activity="Élagage")
    file = tmp_path / "poste-a.echange"
    packages.create(two.here, [packages.ALL], file, Progress())
    page = page_of(window, qtbot)
    window.window.dropped.emit([file])
    qtbot.waitUntil(lambda: page.table.cells.rowCount() == 1)
    assert page.table.cells.line(0)[0].text == "Poste A"
    assert page.detail._needs.text() == "Rien ne demande votre décision."
    assert get(two.there, "accident", accident.id).activity == "Élagage"


def unseen(store: Store) -> int:
    with store.reading() as read:
        return inbox.unseen(read)


def test_what_came_is_read_once_somebody_looks_at_it_and_the_badge_follows(
    window, qtbot, two, tmp_path
) -> None:
    for at in range(3):
        add_accident(two.here, activity="Élagage")
        file = tmp_path / f"{at}.echange"
        packages.create(two.here, [packages.ALL], file, Progress())
        packages.apply(two.there, file, Progress())
    told: list[int] = []
    page = page_of(window, qtbot)
    page.counted.connect(told.append)
    qtbot.waitUntil(lambda: page.table.cells.rowCount() == 3)
    assert unseen(two.there) == 3, "opening the page reads nothing"
    page.table.selectRow(1)
    read, unread = page.table.cells.line(1)[0], page.table.cells.line(0)[0]
    assert unread.second == f"Non lu · {read.second}", "told by a word, not by a weight alone"
    assert (read.strong, unread.strong) == (False, True)
    qtbot.waitUntil(lambda: unseen(two.there) == 2)
    page.refresh(None)
    qtbot.wait(300)
    assert told[-1] == 2
    page.table.selectRow(0)
    page.table.opened.emit(0)
    qtbot.waitUntil(lambda: unseen(two.there) == 1)
    assert told[-1] == 1


def test_edits_that_cross_lead_to_the_values_to_settle(window, qtbot, two, tmp_path) -> None:
    accident = add_accident(two.here, activity="Élagage")
    two.exchange()
    amend(two.here, "accident", accident, activity="Tonte")
    amend(two.there, "accident", get(two.there, "accident", accident.id), activity="Fauchage")
    file = tmp_path / "poste-a.echange"
    packages.create(two.here, ["Poste B"], file, Progress())
    page = page_of(window, qtbot)
    page.take_in([file])
    qtbot.waitUntil(page.detail.settle_button.isVisible)
    page.detail.settle_button.click()
    assert window.window.page is window.pages[CONFLICTS]


def test_the_folder_is_gone_through_and_says_so(window, qtbot, two, tmp_path) -> None:
    key = tmp_path / "clé"
    key.mkdir()
    add_accident(two.there)
    folder = folder_exchange_of(window.session)
    page = page_of(window, qtbot)
    folder.choose(key)
    qtbot.waitUntil(lambda: folder.said != "")
    assert folder.said == "Le dossier d’échange est à jour."
    assert [each.suffix for each in key.iterdir()] == [".echange"]
    assert page.none_button.isVisible()
    folder.choose(tmp_path / "absente")
    assert "branchez la clé" in folder.said


def test_a_lone_adviser_sees_nothing_of_it(qapp, qtbot, open_store) -> None:
    frame = MainWindow()
    qtbot.addWidget(frame)
    alone = Workspace(frame, open_store(), open_store)
    frame.show()
    qtbot.wait(1000)
    assert EXCHANGES not in {each.key for each in alone._all_places()}
    frame.close()
    alone.session.store.close()


def alarming(store: Store, *stations: str) -> None:
    with store.connecting() as connection, writing(connection):
        for each in stations:
            arrivals.alarm(connection, arrivals.FORK, each, "…")


def test_what_is_alarming_stands_above_all_until_somebody_has_seen_it(window, qtbot, two) -> None:
    alarming(two.there, two.here.station, "ab" * 16)
    page = page_of(window, qtbot)
    qtbot.waitUntil(page.alert.isVisible)
    assert "« ab" in page.alert.text.replace("\u00a0", " ")
    assert window.window.sidebar.navigation.pages is not None
    page.alert._link.click()
    assert "Poste A" in page.alert.text
    assert "deux historiques" in page.alert.text
    page.alert._link.click()
    assert not page.alert.isVisible()
    with two.there.reading() as read:
        assert inbox.alerts(read) == []


def test_reading_while_another_one_writes_says_nothing_and_is_noted_afterwards(
    window, qtbot, two, tmp_path
) -> None:
    add_accident(two.here, activity="Élagage")
    file = tmp_path / "poste-a.echange"
    packages.create(two.here, [packages.ALL], file, Progress())
    packages.apply(two.there, file, Progress())
    said: list[str] = []
    window.session.noticed.connect(lambda notice: said.append(notice.text))
    with two.there.connecting() as connection, writing(connection):
        page = page_of(window, qtbot)
        qtbot.waitUntil(lambda: page.table.cells.rowCount() == 1)
        page.table.opened.emit(0)
        qtbot.wait(500)
        assert page.detail._needs.text() == "Rien ne demande votre décision."

    def seen() -> bool:
        with two.there.reading() as read:
            return inbox.unseen(read) == 0

    qtbot.waitUntil(seen)
    assert said == []


def test_what_a_stranger_wrote_is_shown_and_admitted(window, qtbot, two, tmp_path) -> None:
    stranger = Store.create(
        tmp_path / "x.prevention",
        declared_catalogue(),
        department="45",
        name="Poste inconnu",
        user="root",
    )
    accident = add_accident(stranger, activity="Élagage")
    two.there.receive(stranger.entries_after(two.there.position()))
    stranger.close()
    page = page_of(window, qtbot)
    qtbot.waitUntil(lambda: page.aside.cells.rowCount() > 0)
    lines = [page.aside.cells.line(at) for at in range(page.aside.cells.rowCount())]
    assert not [each for each in lines if "Clés" in each[1].text or "Droits" in each[1].text]
    assert {each[0].text for each in lines} == {"Poste inconnu"}, "the computer, not its login"
    at = next(n for n, line in enumerate(lines) if "Élagage" in line[1].second)
    page.aside.selectRow(at)
    page.segments.choose("aside")
    page.admit_button.click()
    assert page.step.isVisible(), "it is asked before it is done: nothing takes it back"
    assert "ne se reprend pas" in page.step.detail.text()
    page.step.go_button.click()
    assert not page.admit_button.isEnabled(), "it is judged beside the window"
    qtbot.waitUntil(lambda: page.aside.cells.rowCount() < len(lines), timeout=20_000)
    assert get(two.there, "accident", accident.id).activity == "Élagage"


def test_whose_rights_are_gone_is_told_among_the_computers(qapp, qtbot, desk: MakeDesk) -> None:
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    enrol(ana, luc)
    session = Session(ana.store, lambda: ana.store)
    page = ExchangePage(session, lambda *_: None)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.computers.cells.rowCount() == 1)
    assert page.send_button.isEnabled()
    circle.revoke(ana.store, "Luc")
    page.refresh(None)
    qtbot.waitUntil(lambda: page.computers.cells.line(0)[2].text == "Droits retirés")
    assert not page.send_button.isEnabled(), "there is nobody to whom a file for all would go"
    assert not page.deeds()[1].possible()
