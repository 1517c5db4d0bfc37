"""Backups in the window: of the day, in the settings, and of a workspace that does not open."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QObject

from prevention_app import paths
from prevention_app.paths import FolderKind
from prevention_app.services import backups
from prevention_app.services.progress import Progress
from prevention_app.storage.automatic_backup import default_folder
from prevention_app.ui.backups_card import BackupsCard, size_text
from prevention_app.ui.daily_backup import DailyBackup
from prevention_app.ui.first_opening import ClosedWorkspace
from prevention_app.ui.home_page import HomePage
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.opening import Opening
from prevention_app.ui.operations import Operation
from prevention_app.ui.settings_page import SettingsPage


@pytest.fixture
def card(session, qtbot):
    keeper = QObject()
    made = BackupsCard(session, partial(start, keeper))
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    return made


def start(keeper, name, work, *arguments, writes=True):
    assert not writes
    return Operation(name, work, *arguments, parent=keeper)


def test_what_there_is_is_listed_and_one_more_is_made(card, session, qtbot) -> None:
    card.read()
    qtbot.waitUntil(lambda: bool(card.said.text()))
    assert "Aucune encore" in card.said.text()
    assert not card.restore_button.isEnabled()
    card.make()
    assert not card.make_button.isEnabled()
    qtbot.waitUntil(lambda: card.table.cells.rowCount() == 1)
    qtbot.waitUntil(card.make_button.isEnabled)
    assert [cell.plain for cell in card.table.cells.line(0)][1::2] == ["demandée", "vérifiée"]
    assert "Dernière sauvegarde vérifiée" in card.said.text()
    assert card.restore_button.isEnabled()


def test_one_is_brought_back_beside_the_workspace_and_opened_apart(
    card, session, qtbot, tmp_path
) -> None:
    copy = backups.make_now(session.store, Progress())
    card.show_overview(backups.overview(session.folder))
    with qtbot.waitSignal(card.restored) as told:
        card.restore_into(copy, tmp_path)
    (folder,) = told.args
    assert folder.parent == tmp_path
    assert (folder / "data.db").exists()
    assert (session.folder / "data.db").exists()
    qtbot.waitUntil(card.make_button.isEnabled)
    with qtbot.waitSignal(card.restored) as told:
        card.restore_into(copy, tmp_path)
    assert told.args[0] != folder
    qtbot.waitUntil(card.make_button.isEnabled)


def test_another_drive_is_chosen_and_the_usual_place_again(card, session, qtbot, tmp_path) -> None:
    (tmp_path / "disque").mkdir()
    card.keep_in(tmp_path / "disque")
    qtbot.waitUntil(lambda: str(tmp_path / "disque") in card._folder.accessibleName())
    card.keep_in(session.folder.parent)
    usual = default_folder(session.folder)
    qtbot.waitUntil(lambda: card._folder.accessibleName() == f"Dans {usual}")
    said = []
    session.noticed.connect(said.append)
    card.keep_in(tmp_path / "nulle-part")
    assert "Rien n’a été changé" in said[0].text


def test_what_went_wrong_is_shown(card, session, monkeypatch) -> None:
    seen = backups.overview(session.folder)
    card.show_overview(backups.Overview(seen.folder, (), "Plus de place.", None, ""))
    assert card.trouble.bad
    card.show_overview(seen)
    assert not card.trouble.text


def test_sizes_are_read_as_people_say_them() -> None:
    assert size_text(10) == "1\u00a0Ko"
    assert size_text(1_234_567) == "1,2\u00a0Mo"


def test_the_backup_of_the_day_is_made_once_beside_the_window(session, qtbot) -> None:
    started: list[Operation] = []
    daily = DailyBackup(session, started.append)
    daily.make_if_due()
    daily.make_if_due()
    assert len(started) == 1
    with qtbot.waitSignal(started[0].finished):
        pass
    (made,) = backups.overview(session.folder).copies
    assert backups.why_text(made) == "chaque jour"
    DailyBackup(session, started.append).make_if_due()
    assert len(started) == 1


def test_a_day_whose_backup_fails_is_said_in_a_word(session, qtbot) -> None:
    default_folder(session.folder).write_text("un fichier est à sa place")
    said = []
    session.noticed.connect(said.append)
    started: list[Operation] = []
    daily = DailyBackup(session, started.append)
    daily.make_if_due()
    with qtbot.waitSignal(started[0].failed):
        pass
    (notice,) = said
    assert notice.look == "info"
    assert notice.text.startswith("Sauvegarde du jour")
    assert backups.trouble(session.folder)
    daily.make_if_due()
    assert len(started) == 1


def test_a_damaged_workspace_offers_its_newest_backup_and_opens_it(
    qtbot, folder, open_store
) -> None:
    store = open_store()
    with store.change("Ajouter") as work:
        work.new("site", name="Musée")
    backups.make_now(store, Progress())
    store.close()
    (folder / "data.db").write_bytes(b"ce n'est plus une base" * 500)
    for each in folder.glob("data.db-*"):
        each.unlink()
    frame = MainWindow()
    qtbot.addWidget(frame)
    frame.show()
    Opening(frame, folder).open()
    page = frame.page
    assert isinstance(page, ClosedWorkspace)
    assert not page.newest_button.isHidden()
    assert "Sauvegarde vérifiée la plus récente" in page.advice.text()
    page.newest_button.click()
    qtbot.waitUntil(lambda: isinstance(frame.page, HomePage))
    assert frame.findChild(DailyBackup) is not None
    frame.close()
    assert list(folder.parent.glob(f"{folder.name}.ancien"))


def test_the_settings_warn_of_a_folder_that_is_synchronised(
    session, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "folder_kind", lambda _: FolderKind.SYNCED)
    page = SettingsPage(session, partial(start, QObject()), lambda: True)
    qtbot.addWidget(page)
    page.show()
    assert "synchronisé" in page.place_warning.text


def test_a_workspace_on_a_share_is_not_opened_and_the_page_says_what_to_do(
    qtbot, folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "lies_on_network", lambda _: True)
    frame = MainWindow()
    qtbot.addWidget(frame)
    frame.show()
    Opening(frame, folder).open()
    assert isinstance(frame.page, ClosedWorkspace)
    assert "partage réseau" in frame.page.why.text()
    assert "copiez le dossier sur cet ordinateur" in frame.page.advice.text()
    frame.close()
