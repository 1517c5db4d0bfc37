"""Files in and out through the command line, and what is due."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import Cli

BAD = Path(__file__).parent.parent / "data" / "bad"
EPHY = Path(__file__).parent.parent / "data" / "ephy" / "produits_etats_20250923.zip"

HEADINGS = ("Département", "Site", "Date du signalement", "Observation ou suggestion")
ROWS = (
    ("45", "Dépôt de Gien", "03/11/2026", "Le portail se ferme seul"),
    ("45", "Dépôt de Gien", "04/11/2026", "Sol glissant"),
    ("41", "Collège de Blois", "05/11/2026", "Marche descellée"),
)
NO_PROBLEM = {"new": 0, "changed": 0, "unchanged": 0, "refused": 0}


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    return workbook(tmp_path / "rsst.xlsx", HEADINGS, *ROWS)


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def figures(document: dict[str, Any]) -> dict[str, int]:
    return {key: document[key] for key in (*NO_PROBLEM, "rows")}


def test_an_import_counts_its_rows_and_names_what_was_refused(cli: Cli, entries: Path) -> None:
    done = cli("import", "health_safety_entry", str(entries))
    assert set(done) == {
        *("new", "changed", "unchanged", "refused", "rows", "other", "problems", "created"),
        *("notes", "transaction"),
    }
    assert figures(done) == {"new": 2, "changed": 0, "unchanged": 0, "refused": 1, "rows": 3}
    assert done["other"] == 1
    assert done["created"] == {"health_safety_entry": 2, "site": 1}
    [problem] = done["problems"]
    assert (problem["file"], problem["sheet"], problem["refused"]) == ("rsst.xlsx", "Sheet", True)
    assert "41" in problem["message"]
    assert len(cli("list", "health_safety_entry")) == 2
    again = cli("import", "health_safety_entry", str(entries))
    assert figures(again) == {"new": 0, "changed": 0, "unchanged": 2, "refused": 1, "rows": 3}
    assert again["transaction"] is None


def test_what_was_refused_is_written_with_its_reasons(
    cli: Cli, entries: Path, tmp_path: Path
) -> None:
    refusals = tmp_path / "refus.xlsx"
    cli("import", "health_safety_entry", str(entries), "--refusals", str(refusals))
    rows = list(openpyxl.load_workbook(refusals).active.values)
    assert "Motif du refus" in rows[0]
    assert [row[rows[0].index("Site")] for row in rows[1:]] == ["Collège de Blois"]


def test_json_is_asked_for_before_or_after_the_command(cli: Cli, entries: Path) -> None:
    asked = ("import", "health_safety_entry", str(entries), "--dry-run")
    before, after = cli.raw("--json", *asked), cli.raw(*asked, "--json")
    assert before == after
    assert json.loads(before[1])["new"] == 2
    text = cli.raw(*asked)
    assert text[0] == 0
    assert text[1].startswith("Essai : 2\u00a0nouvelles, 0\u00a0modifiée")


def test_a_trial_writes_nothing(cli: Cli, entries: Path) -> None:
    done = cli("import", "health_safety_entry", str(entries), "--dry-run")
    assert done["created"] == {"health_safety_entry": 2, "site": 1}
    assert done["transaction"] is None
    assert cli("list", "health_safety_entry") == cli("list", "site") == []


def test_a_strict_import_refuses_what_names_something_unknown(cli: Cli, entries: Path) -> None:
    done = cli("import", "health_safety_entry", str(entries), "--strict")
    assert figures(done) == {"new": 0, "changed": 0, "unchanged": 0, "refused": 3, "rows": 3}
    assert any("Dépôt de Gien" in each["message"] for each in done["problems"])
    assert cli("list", "site") == []
    cli("add", "site", "name=Dépôt de Gien")
    assert cli("import", "health_safety_entry", str(entries), "--strict")["new"] == 2


def test_all_departments_are_those_where_the_station_has_a_role(cli: Cli, entries: Path) -> None:
    done = cli("import", "health_safety_entry", str(entries), "--department", "all")
    assert (done["new"], done["refused"]) == (2, 1)
    assert "n’a pas de rôle dans le département 41" in done["problems"][0]["message"]


def test_an_import_is_undone_by_its_name(cli: Cli, tmp_path: Path) -> None:
    file = workbook(tmp_path / "sites.xlsx", ("Nom", "Commune"), ("A", "Gien"), ("B", "Sully"))
    done = cli("import", "site", str(file))
    assert done["new"] == 2
    assert cli("undo", done["transaction"])["name"] == "Reprendre « Sites et locaux »"
    assert cli("list", "site") == []


@pytest.mark.parametrize(
    "name", ["vide.xlsx", "tronque.xlsx", "zero_octet.xlsx", "octets_nuls.csv"]
)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_changes(cli: Cli, name: str) -> None:
    code, out, error = cli.raw("--json", "import", "site", str(BAD / name))
    assert (code, out) == (1, "")
    assert error
    assert "Traceback" not in error
    assert cli("list", "site") == cli("list", "import_run") == []


def test_a_file_that_is_not_there_and_an_unknown_kind_are_refused(cli: Cli, entries: Path) -> None:
    assert "absent.xlsx" in cli.refused("import", "site", "absent.xlsx")
    assert "nature" in cli.refused("import", "sites", str(entries))


def test_the_national_catalogue_adds_its_editions(cli: Cli) -> None:
    done = cli("import", "ephy", str(EPHY))
    assert set(done["editions"]) == {"produits"}
    edition = done["editions"]["produits"]
    assert edition == {"rows": edition["rows"], "new": edition["rows"], "gone": 0, "withdrawn": 0}
    assert edition["rows"] > 0
    again = cli("import", "ephy", str(EPHY))
    assert again["unchanged"] == again["rows"] == edition["rows"]
    assert again["editions"]["produits"]["new"] == 0
    assert len(cli("list", "reference_edition")) == 1


@pytest.mark.parametrize("option", [("--department", "45"), ("--strict",), ("--mapping", "Modèle")])
def test_the_national_catalogue_takes_no_option_of_workbooks(
    cli: Cli, option: tuple[str, ...]
) -> None:
    code, _, error = cli.raw("import", "ephy", str(EPHY), *option)
    assert code == 2
    assert "ne vont pas avec ephy" in error
    assert cli("list", "reference_edition") == []


def test_a_register_is_exported_as_csv(cli: Cli, tmp_path: Path) -> None:
    made = cli("add", "site", "name=Hôtel de l’Œuvre", "town=Orléans")
    file = tmp_path / "sites.csv"
    assert cli("export", "csv", "site", "--out", str(file)) == {"file": str(file)}
    [row] = read_csv(file)
    assert made["reference"] in row.values()
    assert (row["Nom"], row["Commune"]) == ("Hôtel de l’Œuvre", "Orléans")
    cli("export", "csv", "site", "--department", "41", "--out", str(file))
    assert read_csv(file) == []


def test_a_workbook_is_exported_with_the_registers_asked_for(cli: Cli, tmp_path: Path) -> None:
    cli("add", "site", "name=Dépôt de Gien")
    file = tmp_path / "loiret.xlsx"
    done = cli(
        *("export", "workbook", "--department", "45", "--register", "site", "--out", str(file))
    )
    assert done == {"file": str(file)}
    book = openpyxl.load_workbook(file, read_only=True)
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "Dépôt de Gien" in cells


def test_an_export_needs_its_form_and_its_file(cli: Cli) -> None:
    assert cli.raw("export")[0] == 2
    code, _, error = cli.raw("export", "workbook", "--department", "45")
    assert code == 2
    assert "il manque --out" in error


@pytest.fixture
def dated(cli: Cli) -> Cli:
    cli("add", "site", "name=Dépôt")
    for name, due_on in (("Poser une rampe", "2020-01-31"), ("Revoir l’éclairage", "2999-06-30")):
        cli(
            *("add", "planned_action", f"title={name}", f"due={due_on}"),
            *("pilot=Chef de dépôt",),
        )
    return cli


def test_what_is_due_comes_late_first_with_its_state(dated: Cli) -> None:
    late, later = dated("due")
    assert set(late) == {
        *("reference", "register", "title", "department"),
        *("due_on", "state", "what", "responsible", "group"),
    }
    assert (late["title"], late["due_on"], late["state"]) == (
        "Poser une rampe",
        "2020-01-31",
        "late",
    )
    assert (late["register"], late["department"]) == ("planned_action", "45")
    assert late["responsible"] == "Chef de dépôt"
    assert (later["due_on"], later["state"]) == ("2999-06-30", "up_to_date")


def test_what_is_due_until_a_day_leaves_out_what_comes_after(dated: Cli) -> None:
    assert [each["title"] for each in dated("due", "--until", "31/12/2030")] == ["Poser une rampe"]
    assert len(dated("due", "--until", "2999-06-30")) == 2
    assert dated("due", "--department", "41") == []
    assert dated.raw("due", "--until", "demain")[0] == 2
