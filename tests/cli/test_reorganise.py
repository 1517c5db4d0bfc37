"""Reorganising through the command line."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from tests.cli.conftest import Cli


def furnish(cli: Cli) -> None:
    for name in ("Routes", "Bâtiments"):
        cli("add", "org_unit", f"name={name}", "--department", "45")
    for name, above in (("Équipe 1", "Routes"), ("Équipe 2", "Bâtiments")):
        cli("add", "work_unit", f"name={name}", f"org_unit={above}", "headcount=8")
    cli("add", "risk", "work_unit=Équipe 1", "situation=Circulation")
    cli("add", "planned_action", "title=Baliser", "work_unit=Équipe 1")


def plan(folder: Path, *rows: tuple[str, ...]) -> str:
    book = Workbook()
    sheet = book.active
    sheet.title = "Opérations"
    sheet.append(["Opération", "Unité", "Nouveau nom", "Vers", "Site", "Remarque"])
    for row in rows:
        sheet.append(list(row))
    book.save(folder / "plan.xlsx")
    return str(folder / "plan.xlsx")


MERGED = (
    ("Créer une direction", "", "Mobilités", ""),
    ("Fusionner", "Routes", "", "mobilites"),
    ("Réunir", "Bâtiments", "", "Mobilités"),
)


def rows_in(file: Path, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(file)).get_sheet_by_name(sheet).to_python()


def units(cli: Cli) -> dict[str, str]:
    return {each["title"]: each["reference"] for each in cli("list", "org_unit")}


def test_a_plan_is_foreseen_applied_and_undone(cli: Cli, tmp_path: Path) -> None:
    furnish(cli)
    file = plan(tmp_path, *MERGED)
    tried = cli("reorganise", file, "--on", "01/11/2026", "--dry-run")
    assert [each["act"] for each in tried["operations"]] == ["create", "merge", "merge"]
    merged = tried["operations"][1]
    assert merged["text"] == "Réunir « Routes » à « Mobilités »"
    assert (merged["units"], merged["risks"], merged["open_actions"]) == (1, 1, 1)
    assert "transaction" not in tried
    assert "Mobilités" not in units(cli)
    done = cli("reorganise", file, "--on", "01/11/2026")
    assert done["problems"] == []
    assert "Mobilités" in units(cli)
    (changed, *_) = cli("list", "org_change")
    assert "Réunion" in str(cli("show", changed["reference"]))
    cli("undo", done["transaction"])
    assert "Mobilités" not in units(cli)
    assert cli("list", "org_change") == []


def test_what_a_plan_names_wrongly_is_told_by_sheet_and_cell(cli: Cli, tmp_path: Path) -> None:
    furnish(cli)
    said = cli.refused(
        "reorganise",
        plan(tmp_path, ("Renommer", "Route", "X"), ("Fermer", "")),
        *("--on", "01/11/2026"),
    )
    assert "feuille « Opérations », B2 : « Route » n’est le nom d’aucune unité" in said
    assert "peut-être « Routes »" in said
    assert "feuille « Opérations », B3 : l’unité concernée est à remplir" in said
    said = cli.refused("reorganise", plan(tmp_path, ("Peindre", "Routes")), "--on", "01/11/2026")
    assert "A2 : une opération est attendue" in said
    said = cli.refused("reorganise", plan(tmp_path, ("Fermer", "Routes")), "--on", "01/11/2026")
    assert "ligne 2 : « Routes » ne peut pas fermer : y restent Équipe 1" in said


def test_a_name_borne_twice_wants_its_path_or_reference(cli: Cli, tmp_path: Path) -> None:
    furnish(cli)
    for above in ("Routes", "Bâtiments"):
        cli("add", "org_unit", "name=Accueil", f"parent={above}")
    said = cli.refused(
        "reorganise", plan(tmp_path, ("Fermer", "Accueil")), "--on", "01/11/2026", "--dry-run"
    )
    assert "désigne 2 unités" in said
    assert "Routes › Accueil" in said
    cli("reorganise", plan(tmp_path, ("Fermer", "Routes › Accueil")), "--on", "01/11/2026")


def test_a_day_to_come_is_foreseen_but_not_written(cli: Cli, tmp_path: Path) -> None:
    furnish(cli)
    file = plan(tmp_path, *MERGED)
    assert "n’est pas venu" in " ".join(
        cli("reorganise", file, "--on", "01/01/2090", "--dry-run")["remarks"]
    )
    assert "n’est pas venu" in cli.refused("reorganise", file, "--on", "01/01/2090")
    assert cli.raw("reorganise", file)[0] == 2, "the day is to be said"


def test_the_model_lists_the_units_and_comes_back_as_a_plan(cli: Cli, tmp_path: Path) -> None:
    furnish(cli)
    file = tmp_path / "modele.xlsx"
    cli("reorganise", "--model", str(file))
    book = load_workbook(file)
    listed = list(book["Unités présentes"].iter_rows(min_row=2, values_only=True))
    assert ("Unité de travail", "Routes › Équipe 1") in [row[1:] for row in listed]
    book["Opérations"].append(["Rattacher", "Routes › Équipe 1", None, "Bâtiments"])
    book.save(file)
    done = cli("reorganise", str(file), "--on", "01/11/2026")
    assert done["operations"][0]["text"] == "Rattacher « Équipe 1 » à « Bâtiments »"


def test_a_chart_is_compared_and_its_plan_written(cli: Cli, tmp_path: Path) -> None:
    furnish(cli)
    book = Workbook()
    book.active.title = "45"
    for row in (
        ("Direction", "Service", "Unité de travail", "Effectif"),
        ("Routes", "", "Équipe 1", 8),
        ("Patrimoine", "", "Équipe 2", 8),
    ):
        book.active.append(list(row))
    chart, out = tmp_path / "organigramme.xlsx", tmp_path / "propose.xlsx"
    book.save(chart)
    on = ("--on", "01/11/2026")
    found = cli("reorganise", "--from-chart", str(chart), *on, "--out", str(out))
    assert [(each["text"], each["confidence"]) for each in found["operations"]] == [
        ("Renommer « Bâtiments » en « Patrimoine »", 1.0)
    ]
    assert "transaction" not in found
    again = cli("reorganise", str(out), *on)
    assert [each["text"] for each in again["operations"]] == [
        "Renommer « Bâtiments » en « Patrimoine »"
    ]
    assert set(units(cli)) == {"Routes", "Patrimoine"}


def test_a_workbook_is_told_in_the_organisation_of_a_day(cli: Cli, tmp_path: Path) -> None:
    furnish(cli)
    cli("reorganise", plan(tmp_path, *MERGED), "--on", "01/11/2026")
    out = tmp_path / "classeur.xlsx"
    cli("export", "workbook", "--department", "45", "--out", str(out),
        "--organisation-of", "30/09/2026")  # fmt: skip
    cover = " ".join(str(cell) for row in rows_in(out, "Couverture") for cell in row if cell)
    assert "dans l’organisation du 30 septembre 2026" in cover
    assert "successions enregistrées" in cover
    told = [row[0] for row in rows_in(out, "Par direction")]
    assert "Routes" in told
    assert "Mobilités" not in told
    cli("export", "workbook", "--department", "45", "--out", str(out))
    told = [row[0] for row in rows_in(out, "Par direction")]
    assert "Mobilités" in told
