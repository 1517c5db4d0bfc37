"""Conflicts through the command line, at two stations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.two_stations import TwoStations
from tests.workspaces import NewWorkspaces


@pytest.fixture
def two(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[TwoStations]:
    made = TwoStations(tmp_path, new_workspace)
    yield made
    made.close()


@pytest.fixture
def here(two: TwoStations, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(two.here.folder, capsys)


@pytest.fixture
def there(two: TwoStations, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(two.there.folder, capsys)


def town(cli: Cli, reference: str) -> Any:
    return cli("show", reference)["fields"]["town"]


def test_listed_settled_and_gone_at_both(two: TwoStations, here: Cli, there: Cli) -> None:
    site = two.both("site", name="Dépôt")
    two.differ("site", site, town=("Gien", "Orléans"))
    (found,) = here("conflicts")
    assert (found["kind"], found["register"], found["field"]) == ("value", "site", "town")
    assert [each["n"] for each in found["values"]] == [1, 2]
    mine = next(each for each in found["values"] if each["mine"])
    assert (mine["value"], mine["who"], mine["station"]) == ("Gien", "Claire Marchand", "Poste A")
    assert [each["id"] for each in there("conflicts")] == [found["id"]]
    done = here("settle", found["id"], "--keep", "mine")
    assert done["reference"] == found["reference"]
    assert done["transaction"]
    two.exchange()
    assert here("conflicts") == there("conflicts") == []
    assert town(there, found["reference"]) == "Gien"
    assert "ne s’annule pas" in here.refused("undo", done["transaction"])


def test_a_number_another_value_and_anew(two: TwoStations, here: Cli) -> None:
    site = two.both("site", name="Dépôt")
    two.differ("site", site, town=("Gien", "Orléans"))
    (found,) = here("conflicts")
    here("settle", found["id"], "--keep", "2")
    assert town(here, found["reference"]) == found["values"][1]["value"]
    here("settle", found["id"], "--value", "Briare")
    assert town(here, found["reference"]) == "Briare"
    assert here("conflicts") == []


def test_the_history_does_not_take_a_settlement_for_a_change(two: TwoStations, here: Cli) -> None:
    site = two.both("site", name="Dépôt")
    two.differ("site", site, town=("Gien", "Orléans"))
    (found,) = here("conflicts")
    shown = town(here, found["reference"])
    (kept,) = [each["n"] for each in found["values"] if each["value"] == shown]
    here("settle", found["id"], "--keep", str(kept))
    told = here.raw("history", found["reference"])[1].splitlines()
    (settled,) = [each for each in told if "Départager" in each]
    assert re.split(r"  +", settled)[2:] == [
        "Claire Marchand", "Poste A", "Départager", "Commune", shown, "(inchangé)",
    ]  # fmt: skip


def test_what_is_refused_says_why(two: TwoStations, here: Cli) -> None:
    site = two.both("site", name="Dépôt")
    two.differ("site", site, town=("Gien", "Orléans"))
    (found,) = here("conflicts")
    assert "n° 7" in here.refused("settle", found["id"], "--keep", "7")
    assert "« nulle »" in here.refused("settle", "nulle", "--keep", "mine")
    for wrong in (["--keep", "yours"], [], ["--keep", "mine", "--value", "X"]):
        code, _, error = here.raw("settle", found["id"], *wrong)
        assert code == 2
        assert "--keep" in error


def test_people_read_it_as_lines(two: TwoStations, here: Cli) -> None:
    site = two.both("site", name="Dépôt")
    two.differ("site", site, town=("Gien", "Orléans"))
    _, out, _ = here.raw("conflicts")
    assert "Commune" in out
    assert "Claire Marchand, Poste A" in out
    assert "(ici)" in out


def test_a_deletion_is_settled_by_keeping_the_edit(two: TwoStations, here: Cli, there: Cli) -> None:
    site = two.both("site", name="Dépôt")
    two.delete(two.here, "site", site)
    two.write(two.there, "site", site, town="Gien")
    two.exchange()
    (found,) = there("conflicts")
    assert (found["kind"], found["field"]) == ("deletion", "deleted")
    assert [(each["value"], each["mine"]) for each in found["values"]] == [
        (True, False),
        (False, True),
    ]
    assert found["values"][1]["changes"] == {"Commune": "Gien"}
    there("settle", found["id"], "--keep", "mine")
    two.exchange()
    assert here("conflicts") == []
    assert here("show", found["reference"])["deleted"] is False


def test_doubles_are_found_and_joined(two: TwoStations, here: Cli, there: Cli) -> None:
    assert here("conflicts", "--checks") == []
    for cli in (here, there):
        for name in ("Gien", "Sully"):
            cli("add", "site", f"name={name}")
    two.exchange()
    found = here("conflicts", "--checks")
    assert {each["check"] for each in found} == {"double"}
    first = found[0]
    assert set(first) == {"check", "register", "references", "sentence"}
    here("join", first["references"][1], "--to", first["references"][0])
    assert len(here("conflicts", "--checks")) == 1
    assert here("join", "--doubles")["joined"] == 1
    two.exchange()
    assert there("conflicts", "--checks") == []
    assert len(there("list", "site")) == 2
    code, _, _ = here.raw("join", first["references"][0])
    assert code == 2


def test_what_was_settled_is_listed_with_all_its_values(two: TwoStations, here: Cli) -> None:
    site = two.both("site", name="Dépôt")
    two.differ("site", site, town=("Gien", "Orléans"))
    (found,) = here("conflicts")
    here("settle", found["id"], "--value", "Montargis")
    (settled,) = here("conflicts", "--settled")
    assert settled["id"] == found["id"]
    told = {each["value"]: (each["who"], each["n"]) for each in settled["values"]}
    assert {value: who for value, (who, _) in told.items()} == {
        "Gien": "Claire Marchand",
        "Orléans": "Sophie Nogueira",
        "Montargis": "Claire Marchand",
    }
    here("settle", found["id"], "--keep", str(told["Orléans"][1]))
    _, out, _ = here.raw("conflicts", "--settled")
    assert "réglée par Claire Marchand" in out
    (kept,) = [each for each in out.splitlines() if "Orléans" in each]
    assert kept.endswith(", retenue")
    assert here.raw("conflicts", "--settled", "--checks")[0] == 2


def test_a_finding_says_what_to_do(two: TwoStations, here: Cli) -> None:
    site = two.both("site", name="Dépôt")
    two.both("work_unit", name="Équipe", site=site.id)
    assert "À faire" not in here.raw("conflicts", "--checks")[1]
    two.delete(two.there, "site", site)
    two.exchange()
    said = here.raw("conflicts", "--checks")[1]
    assert "désigne dans « Site » « Dépôt », qui est supprimée." in said
    assert "set RÉFÉRENCE champ=valeur" in said


def test_json_is_one_value_even_where_there_is_nothing(here: Cli) -> None:
    _, out, _ = here.raw("conflicts", "--json")
    assert json.loads(out) == []
