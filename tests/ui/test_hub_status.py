"""The hub in the window: said at the foot, followed beside, set up in the settings."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import keyring
import keyring.errors
import pytest
from PySide6.QtCore import QObject

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import UnreadableFile
from prevention_app.services import hub, hub_way
from prevention_app.storage import hub_access, key_store
from prevention_app.storage.store import Store
from prevention_app.ui.hub_process import Told
from prevention_app.ui.hub_status import HubFollower, HubStatus
from prevention_app.ui.places import SETTINGS
from prevention_app.ui.session import Session
from tests.storage.acts import add
from tests.storage.hub_base import Base

pytestmark = pytest.mark.usefixtures("qtbot")


@pytest.fixture
def session(folder) -> Session:
    return Session(Store(folder, declared_catalogue()), lambda: Store(folder, declared_catalogue()))


def heard(follower: HubFollower, **told) -> None:
    known = {"reached": True, "at": datetime(2026, 11, 25, 14, 5), "waiting": 0, "retry_s": 0.0}
    follower._process = object()
    follower._hear("state", Told(**(known | {"text": "", "came": False} | told)))
    follower._process = None


def test_the_foot_says_where_the_exchange_stands(session, qtbot):
    parent = QObject()
    follower = HubFollower(session, parent)
    status = HubStatus(follower)
    qtbot.addWidget(status)
    assert status.isHidden()
    heard(follower)
    assert status.text().startswith("Échangé à 14")
    heard(follower, reached=False, waiting=2, retry_s=12.0, text="La base commune ne répond pas.")
    assert status.text() == "Hors ligne, réessaie dans 12\u00a0s · 2\u00a0changements en attente"
    assert status.toolTip() == "La base commune ne répond pas."
    status._count.stop()


def test_without_a_way_in_nothing_is_followed_and_nothing_said(window, qtbot):
    follower = window._follow_hub()
    assert not follower.runs
    window.go(SETTINGS)
    card = window.pages[SETTINGS].hub
    assert card.where.text() == "Cet ordinateur travaille sans base commune."
    assert card.now_button.isHidden()


def test_what_a_colleague_saves_appears_and_what_is_saved_here_goes(
    cluster, window, folder, qtbot, tmp_path, new_workspace, untraced_processes
):
    base = Base(cluster)
    store = window.session.store
    other = Store(
        new_workspace(tmp_path / "autre.prevention", name="Autre", user="Zoé Petit"),
        declared_catalogue(),
    )
    for each in (other, store):
        base.enrol(each, each)
    add(other, "job", name="Métier d’un collègue")
    base.sync(other)
    file = tmp_path / "acces.json"
    hub.write_access(base.accesses[store.station], file)
    window.go(SETTINGS)
    card = window.pages[SETTINGS].hub
    with qtbot.waitSignal(window._follow_hub().came):
        card.use(str(file))
    qtbot.waitUntil(lambda: "Échangé" in card.where.text())
    assert "postgres" not in card.where.text()
    add(store, "job", name="Métier d’ici")

    def went() -> None:
        base.sync(other)
        assert other.position() == store.position()

    qtbot.waitUntil(went)
    card.leave_button.click()
    assert hub_way.remembered(store) is None
    assert not window._follow_hub().runs
    other.close()


def test_an_access_that_does_not_open_is_not_kept(window, qtbot, untraced_processes):
    window.go(SETTINGS)
    card = window.pages[SETTINGS].hub
    with qtbot.waitSignal(window.session.noticed) as notice:
        card.use("postgresql://personne@localhost:1/rien")
    assert "ne répond pas" in notice.args[0].text
    assert hub_way.remembered(window.session.store) is None


def test_an_access_is_kept_where_only_its_owner_reads_it(session, tmp_path: Path):
    access = hub_access.Access("postgresql://moi:secret@serveur/base", {"45": "ab"})
    hub_access.remember(session.store.station, access)
    assert hub_way.remembered(session.store) == access
    assert access.shown == "serveur/base"
    assert hub_access._file(session.store.station).stat().st_mode & 0o077 == 0
    hub_way.forget(session.store)
    assert hub_way.remembered(session.store) is None


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("postgresql://moi:secret@serveur:5433/base?sslmode=verify-full", "serveur/base"),
        ("postgresql://moi@/base?host=/run/pg&password=secret", "/run/pg/base"),
        ("host=serveur dbname=base user=moi password=secret", "serveur/base"),
        ("host=serveur password='secret", ""),
    ],
)
def test_no_password_is_shown_however_the_address_is_written(told: str, shown: str):
    assert hub_access.read(told).shown == shown


def test_an_access_takes_the_place_of_a_file_that_others_could_read(tmp_path: Path):
    file = tmp_path / "acces.json"
    file.write_text("ancien")
    file.chmod(0o644)
    access = hub_access.Access("postgresql://moi:secret@serveur/base")
    hub_access.write(access, file)
    assert hub_access.read(str(file)) == access
    assert [each.stat().st_mode & 0o777 for each in tmp_path.iterdir()] == [0o600]


@pytest.mark.parametrize("content", ["", "[]", "5", '{"url"', "{}", '{"url":"x","roots":[]}'])
def test_a_file_that_is_no_access_is_refused_in_words(tmp_path: Path, content: str):
    file = tmp_path / "acces.json"
    file.write_text(content)
    with pytest.raises(UnreadableFile, match="n’est pas un accès"):
        hub_access.read(str(file))


def test_a_key_store_that_fails_leaves_the_file(session, monkeypatch):
    access = hub_access.Access("postgresql://moi:secret@serveur/base")
    hub_access.remember(session.store.station, access)

    def locked(*_: object) -> None:
        raise keyring.errors.KeyringError

    monkeypatch.setattr(key_store, "answers", lambda: True)
    monkeypatch.setattr(keyring, "get_password", locked)
    assert hub_way.remembered(session.store) == access
    monkeypatch.undo()
    hub_way.forget(session.store)


def test_what_connects_to_a_server_is_not_loaded_into_the_window():
    script = (
        "import sys, prevention_app.ui.hub_card, prevention_app.cli.main; "
        "print('psycopg' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
