"""The hub through the command line: prepared, entered, exchanged with, a workspace made anew."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from prevention_app.cli import hub as commands
from tests.cli.conftest import Cli
from tests.storage.hub_cluster import Cluster
from tests.workspaces import NewWorkspaces


@pytest.fixture
def url(cluster: Cluster) -> str:
    return cluster.url(cluster.make_database())


@pytest.fixture
def other(cli: Cli, new_workspace: NewWorkspaces, tmp_path: Path) -> Cli:
    """A second station of the same circle."""
    made = Cli(tmp_path / "autre.prevention", cli._capsys)
    new_workspace(made.folder, name="Poste B", user="petit", departments=("45",))
    return made


def test_two_stations_meet_at_a_hub_of_three_commands(cli, other, url, tmp_path):
    assert cli("hub", "init", url) == {"made": True}
    assert cli("hub", "init", url) == {"made": False}
    for one, name in ((cli, "Poste A"), (other, "Poste B")):
        file = tmp_path / f"{name}.json"
        assert one("hub", "enrol", name, "--hub", url, "--out", str(file))["station"] == name
        assert file.stat().st_mode & 0o077 == 0
        one("hub", "use", str(file))
    reference = cli("add", "site", "name=Dépôt")["reference"]
    assert cli("sync")["pushed"] == 2
    done = other("sync")
    assert (done["pulled"], done["pushed"], done["wrong"]) == (2, 1, [])
    assert other("show", reference)["fields"]["name"] == "Dépôt"
    said = cli.raw("sync")[1]
    assert "reçues : 1 ; envoyées : 0" in said
    other("hub", "leave")
    said = other.refused("sync")
    assert "Aucune base commune" in said
    assert "hub use" in said


def test_who_is_revoked_loses_the_way_in_by_one_command_more(cli, other, url, tmp_path):
    cli("hub", "init", url)
    for one, name in ((cli, "Poste A"), (other, "Poste B")):
        file = tmp_path / f"{name}.json"
        one("hub", "enrol", name, "--hub", url, "--out", str(file))
        one("hub", "use", str(file))
    for one in (cli, other, cli):
        one("sync")
    said = cli.raw("station", "revoke", "Poste B")[1]
    assert "hub withdraw" in said
    assert cli("hub", "withdraw", "Poste B", "--hub", url) == {"station": "Poste B"}
    assert "refuse ce nom" in other.refused("sync")
    assert "n’a pas d’accès" in cli.refused("hub", "withdraw", "Poste B", "--hub", url)
    assert "n’est connu ici" in cli.refused("hub", "withdraw", "Poste Z", "--hub", url)
    assert cli("sync")["wrong"] == []
    way = cli("hub", "enrol", "Poste B", "--hub", url)["url"]
    assert other("sync", "--hub", way)["wrong"] == []


def test_a_new_way_in_says_that_the_one_before_is_worth_nothing(cli, url):
    cli("hub", "init", url)
    first = cli("hub", "enrol", "Poste A", "--hub", url)
    assert not first["replaced"]
    said = cli.raw("hub", "enrol", "Poste A", "--hub", url)[1]
    assert "l’accès remis auparavant ne vaut plus" in said
    assert cli("hub", "enrol", "Poste A", "--hub", url)["replaced"]
    cli("hub", "withdraw", "Poste A", "--hub", url)
    assert "auparavant" not in cli.raw("hub", "enrol", "Poste A", "--hub", url)[1]


def test_the_way_in_is_printed_or_named_at_each_exchange(cli, cluster, url):
    cli("hub", "init", url)
    way = cli("hub", "enrol", "Poste A", "--hub", url)["url"]
    assert way.startswith("postgresql://")
    assert cli("sync", "--hub", way)["pushed"] == 1
    assert cli("sync", "--hub", way)["pushed"] == 0
    assert "inscrit" in cli.refused("sync", "--hub", url)
    assert "n’est connu ici" in cli.refused("hub", "enrol", "Poste Z", "--hub", url)
    assert "hub init" in cli.refused("sync", "--hub", cluster.url("postgres"))


def test_a_workspace_is_made_anew_by_one_command(cli, url, tmp_path):
    file = str(tmp_path / "acces.json")
    cli("hub", "init", url)
    cli("hub", "enrol", "Poste A", "--hub", url, "--out", file)
    reference = cli("add", "site", "name=Dépôt")["reference"]
    cli("sync", "--hub", file)
    shutil.rmtree(cli.folder)
    assert cli("hub", "rebuild", file)["entries"] == 2
    assert cli("show", reference)["fields"]["name"] == "Dépôt"
    assert cli("sync")["pushed"] == 0  # its way in is kept
    assert cli("check")["problems"] == []


def test_following_goes_on_until_it_is_interrupted(cli, url, tmp_path, monkeypatch):
    file = str(tmp_path / "acces.json")
    cli("hub", "init", url)
    cli("hub", "enrol", "Poste A", "--hub", url, "--out", file)

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "time", type("Clock", (), {"sleep": interrupted}))
    assert time.sleep is not interrupted
    code, out, error = cli.raw("sync", "--hub", file, "--follow")
    assert code == 1
    assert "envoyées : 1" in out
    assert "Interrompu" in error
    assert cli.raw("sync", "--follow", "--json")[0] == 2
