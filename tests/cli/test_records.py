"""Records through the command line."""

from __future__ import annotations

import re

from tests.cli.conftest import Cli


def test_a_site_needs_nothing_but_its_name(cli: Cli) -> None:
    made = cli("add", "site", "name=Collège de l’Orme")
    assert re.fullmatch(r"45-SITE-[0-9A-Z]{3}-1", made["reference"])
    shown = cli("show", made["reference"])
    assert shown["register"] == "site"
    assert shown["department"] == "45"
    assert shown["fields"]["name"] == "Collège de l’Orme"


def test_references_are_given_by_name_or_reference_and_shown_by_title(cli: Cli) -> None:
    site = cli("add", "site", "name=Dépôt de Gien")
    entry = cli(
        "add",
        "health_safety_entry",
        "site=dépôt de gien",
        "reported_on=03/11/2026",
        "observation=Le portail se ferme seul",
    )
    shown = cli("show", entry["reference"])
    assert shown["fields"]["site"] == "Dépôt de Gien"
    assert shown["links"]["site"] == site["reference"]
    assert shown["fields"]["reported_on"] == "2026-11-03"
    assert shown["fields"]["follow_up"] == "open"


def test_what_is_not_allowed_is_refused_with_all_reasons(cli: Cli) -> None:
    said = cli.refused("add", "health_safety_entry", "reported_on=01/01/2999")
    assert "« Site » est à remplir." in said
    assert "01/01/2999 est dans l’avenir" in said
    assert cli("list", "health_safety_entry") == []


def test_an_unknown_field_is_named_with_those_there_are(cli: Cli) -> None:
    said = cli.refused("add", "site", "nom=X")
    assert "« nom »" in said
    assert "name" in said


def test_setting_undoing_and_redoing_leaves_a_history(cli: Cli) -> None:
    site = cli("add", "site", "name=A")["reference"]
    changed = cli("set", site, "name=B", "town=Orléans")
    assert changed["reference"] == site
    undone = cli("undo")
    assert undone["name"] == "Modifier"
    assert undone["changes"] == 1
    assert cli("show", site)["fields"]["name"] == "A"
    assert cli("redo")["name"] == "Modifier"
    assert cli("show", site)["fields"]["town"] == "Orléans"
    lines = cli("history", site)
    named = [(each["old"], each["new"]) for each in lines if each["field"] == "name"]
    assert named == [(None, "A"), ("A", "B"), ("B", "A"), ("A", "B")]
    assert {each["station"] for each in lines} == {"Poste A"}
    assert all(each["who"] for each in lines)


def test_a_change_can_be_undone_by_its_name_unless_it_moved_on(cli: Cli) -> None:
    site = cli("add", "site", "name=A")["reference"]
    first = cli("set", site, "name=B")["transaction"]
    cli("set", site, "name=C")
    said = cli.refused("undo", first)
    assert "modifiées depuis" in said
    cli("undo")
    assert cli("undo", first)["transaction"]
    assert cli("show", site)["fields"]["name"] == "A"


def test_setting_what_is_already_there_changes_nothing(cli: Cli) -> None:
    site = cli("add", "site", "name=A")["reference"]
    assert "Rien à enregistrer" in cli.refused("set", site, "name=A")


def test_a_deleted_record_leaves_the_list_and_comes_back_by_undo(cli: Cli) -> None:
    site = cli("add", "site", "name=A")["reference"]
    cli("delete", site)
    assert cli("list", "site") == []
    cli("undo")
    assert [each["reference"] for each in cli("list", "site")] == [site]


def test_an_entry_of_a_statutory_register_is_not_deleted_nor_undone(cli: Cli) -> None:
    cli("add", "site", "name=A")
    entry = cli(
        "add", "health_safety_entry", "site=A", "reported_on=2026-11-01", "observation=Sol glissant"
    )["reference"]
    assert "ne s’efface pas" in cli.refused("delete", entry)
    assert "ne s’annule pas" in cli.refused("undo")


def test_lists_are_filtered_by_field_and_department(cli: Cli) -> None:
    cli("add", "site", "name=A", "town=Gien")
    cli("add", "site", "name=B", "town=Orléans")
    found = cli("list", "site", "--where", "town=orléans")
    assert found == []
    found = cli("list", "site", "--where", "town=Orléans", "--department", "45")
    assert [each["title"] for each in found] == ["B"]
    assert cli("list", "site", "--department", "41") == []
    assert [each["title"] for each in cli("list", "site", "--where", "address=")] == ["A", "B"]


def test_search_forgives_accents_case_and_apostrophes(cli: Cli) -> None:
    made = cli("add", "site", "name=Hôtel de l’Œuvre")
    for words in ("hotel oeuvre", "L'ŒUVRE", "oeuv"):
        assert [each["reference"] for each in cli("search", words)] == [made["reference"]]
    assert cli("search", made["reference"])[0]["title"] == "Hôtel de l’Œuvre"
    assert cli("search", "introuvable") == []


def test_a_record_of_another_department_is_not_written(cli: Cli) -> None:
    assert "département 41" in cli.refused("add", "site", "name=A", "--department", "41")


def test_undo_goes_back_step_by_step_and_redo_comes_back_the_same_way(cli: Cli) -> None:
    site = cli("add", "site", "name=A")["reference"]
    for name in ("B", "C", "D"):
        cli("set", site, f"name={name}")

    def name_after(*commands: str) -> str:
        for command in commands:
            cli(command)
        return str(cli("show", site)["fields"]["name"])

    assert name_after("undo") == "C"
    assert name_after("undo") == "B"
    assert name_after("redo") == "C"
    assert name_after("redo") == "D"
    assert name_after("undo", "undo", "undo") == "A"
    assert name_after("redo", "undo", "redo") == "B"
    cli("undo")
    cli("undo")
    assert cli("list", "site") == []
    assert "rien à annuler" in cli.refused("undo")
    assert name_after("redo") == "A"
