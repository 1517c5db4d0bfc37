"""Packages from the command line."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage import arrivals
from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store
from tests.cli.conftest import Cli
from tests.packages.package_world import introduce
from tests.workspaces import NewWorkspaces


@pytest.fixture
def other(
    cli: Cli, tmp_path: Path, new_workspace: NewWorkspaces, capsys: pytest.CaptureFixture[str]
) -> Cli:
    """Another station of the Loiret; both know each other."""
    place = new_workspace(
        tmp_path / "autre.prevention", name="Poste B", user="petit", departments=("45",)
    )
    stores = [Store(each, declared_catalogue()) for each in (cli.folder, place)]
    introduce(*stores)
    for store in stores:
        store.close()
    return Cli(place, capsys)


def test_one_station_tells_another(cli: Cli, other: Cli, tmp_path: Path):
    file = str(tmp_path / "lundi.echange")
    cli("add", "job", "name=Agent d’entretien")
    counted = cli("package", "create", "--for", "Poste B", "--out", file)
    assert set(counted) == {"entries", "leaves", "attachments"}
    assert counted["entries"] == 3
    looked = other("package", "inspect", file)
    assert (looked["name"], looked["receivers"], looked["new"]) == ("Poste A", ["Poste B"], 1)
    assert other("list", "job") == []
    assert other("package", "apply", file) == {
        "new": 1,
        "known": 2,
        "waiting": 0,
        "kept_aside": 0,
        "conflicts": 0,
    }
    assert [each["title"] for each in other("list", "job")] == ["Agent d’entretien"]
    assert other("package", "apply", file)["new"] == 0


def test_what_was_sent_before_goes_again_until_the_other_answers(
    cli: Cli, other: Cli, tmp_path: Path
):
    again = "tant que l’autre ordinateur n’a pas répondu"
    create = ("package", "create", "--for", "Poste B", "--out")
    assert again in cli.raw(*create, str(tmp_path / "lundi.echange"))[1]
    assert cli("package", "create", "--for", "Poste B", "--out", str(tmp_path / "x"))["entries"]
    other("package", "apply", str(tmp_path / "lundi.echange"))
    other("package", "create", "--for", "Poste A", "--out", str(tmp_path / "retour"))
    cli("package", "apply", str(tmp_path / "retour"))
    assert again not in cli.raw(*create, str(tmp_path / "mardi.echange"))[1]


def test_what_is_alarming_is_listed_until_somebody_has_seen_it(cli: Cli, other: Cli):
    here, there = (Store(each.folder, declared_catalogue()) for each in (cli, other))
    with here.connecting() as connection, writing(connection):
        arrivals.alarm(connection, arrivals.FORK, there.station, "…")
    for each in (here, there):
        each.close()
    (alert,) = cli("package", "alerts")
    assert alert["computer"].startswith("« Poste B »")
    assert "deux historiques" in alert["what"]
    assert "prévenez la personne qui administre" in alert["advice"]
    (told,) = cli("check")["alerts"]
    assert alert["what"] in told
    assert alert["what"] in cli.raw("check")[1]
    assert alert["what"] in cli.raw("package", "alerts")[1]
    assert cli("package", "alerts", "--seen", str(alert["id"])) == {}
    assert cli("package", "alerts") == cli("check")["alerts"] == []
    code, _, complaint = cli.raw("package", "alerts", "--seen", "99")
    assert code == 1
    assert "Aucune alerte" in complaint


def test_for_all_and_in_words(cli: Cli, other: Cli, tmp_path: Path):
    file = str(tmp_path / "tous.echange")
    cli("add", "job", "name=Agent d’entretien")
    code, said, _ = cli.raw("package", "create", "--for", "all", "--out", file)
    assert code == 0
    assert "pour Poste B" in said
    assert re.search(r"3\u00a0écritures, \d+\u00a0valeurs, 0\u00a0pièce jointe\n", said)
    code, said, _ = other.raw("package", "inspect", file)
    assert "« Poste A »" in said
    assert "3, dont 1\u00a0nouvelle ici" in said
    (written,) = re.findall(r"^Le +(.*)$", said, re.MULTILINE)
    told = datetime.strptime(written, "%d/%m/%Y %H:%M")  # noqa: DTZ007  (as the wall clock shows it)
    assert abs(datetime.now() - told) < timedelta(minutes=5)  # noqa: DTZ005
    code, said, _ = other.raw("package", "apply", file)
    assert code == 0
    assert "Reçu de « Poste A » : 1\u00a0écriture nouvelle." in said
    assert "Métiers : 1\u00a0fiche\n" in said
    assert "2\u00a0déjà connues" in said


def test_refusals_are_told(cli: Cli, other: Cli, tmp_path: Path):
    file = tmp_path / "x.echange"
    assert "n’est connu ici" in cli.refused("package", "create", "--for", "X", "--out", str(file))
    file.write_bytes(b"rien")
    assert "n’est pas un fichier d’échange" in other.refused("package", "apply", str(file))
    assert "est introuvable" in other.refused("package", "apply", str(tmp_path / "absent"))
    assert "est un dossier" in other.refused("package", "apply", str(tmp_path))
    asked = str(tmp_path / "demande")
    other("station", "request", "--out", asked)
    said = other.refused("package", "apply", asked)
    assert "est une demande d’adhésion : elle se donne dans" in said
    assert "station admit" in said
    code, out, _ = other.raw("package", "apply", str(file), "--json")
    assert (code, out) == (1, "")
    cli("package", "create", "--for", "Poste B", "--out", str(file))
    assert "pas adressé à cet ordinateur" in cli.refused("package", "apply", str(file))
    assert json.dumps(other("package", "inspect", str(file)))


def test_a_folder_is_gone_through(cli: Cli, other: Cli, tmp_path: Path):
    key = tmp_path / "clé"
    key.mkdir()
    cli("add", "job", "name=Agent d’entretien")
    left = cli("package", "folder", str(key))
    assert left["received"] == []
    assert Path(left["left"]).parent == key
    assert other("package", "folder", str(key))["received"] == [{"name": "Poste A", "new": 1}]
    code, said, _ = cli.raw("package", "folder", str(key))
    assert code == 0
    assert "Reçu de « Poste B »" in said
    code, _, complaint = cli.raw("package", "folder", str(tmp_path / "absente"))
    assert code == 1
    assert "branchez la clé" in complaint
