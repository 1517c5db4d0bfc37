"""The hub in the window: said at the foot, followed beside, set up in the settings."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import hub, hub_way
from prevention_app.storage import hub_access
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
    heard(follower, reached=False, waiting=2, retry_s=12.0, text="Le serveur ne répond pas.")
    assert status.text() == "Hors ligne, réessaie dans 12\u00a0s · 2\u00a0changements en attente"
    assert status.toolTip() == "Le serveur ne répond pas."
    status._count.stop()


def test_without_a_way_in_nothing_is_followed_and_nothing_said(window, qtbot):
    follower = window._follow_hub()
    assert not follower.runs
    window.go(SETTINGS)
    card = window.pages[SETTINGS].hub
    assert card.where.text() == "Cet ordinateur travaille sans serveur commun."
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


def test_what_connects_to_a_server_is_not_loaded_into_the_window():
    script = (
        "import sys, prevention_app.ui.hub_card, prevention_app.cli.main; "
        "print('psycopg' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
