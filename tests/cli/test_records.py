"""Records through the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from prevention_app import bootstrap
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
    assert "--rest" in said
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
    for wanted in ("town=Orléans", "town=ORLEANS"):
        found = cli("list", "site", "--where", wanted, "--department", "45")
        assert [each["title"] for each in found] == ["B"]
    assert cli("list", "site", "--where", "town=orl") == []
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


def test_undo_of_the_rest_leaves_what_has_moved_on(cli: Cli) -> None:
    site = cli("add", "site", "name=A", "town=Gien")["reference"]
    first = cli("set", site, "name=B", "town=Orléans")["transaction"]
    cli("set", site, "name=C")
    assert cli("undo", first, "--rest")["changes"] == 1
    fields = cli("show", site)["fields"]
    assert (fields["name"], fields["town"]) == ("C", "Gien")


def test_a_field_given_twice_is_a_wrong_usage(cli: Cli) -> None:
    code, _, error = cli.raw("add", "site", "name=A", "name=B")
    assert code == 2
    assert "« name » est donné deux fois" in error
    assert cli("list", "site") == []


def test_a_deleted_record_is_shown_as_such_and_is_no_longer_referred_to(cli: Cli) -> None:
    site = cli("add", "site", "name=A")["reference"]
    assert cli("show", site)["deleted"] is False
    cli("delete", site)
    shown = cli("show", site)
    assert shown["deleted"] is True
    assert shown["conflicts"] == []
    said = cli.refused("add", "site", "name=B", f"parent={site}")
    assert f"{site} est supprimée" in said
    assert "aucune fiche" in cli.refused("add", "site", "name=B", "parent=A")


def test_values_written_at_two_stations_are_named_as_conflicting(cli: Cli, tmp_path: Path) -> None:
    made = cli("add", "site", "name=A")
    cli("backup", str(tmp_path / "copie.zip"))
    other = Cli(tmp_path / "autre.prevention", cli._capsys)
    other("restore", str(tmp_path / "copie.zip"))
    cli("set", made["reference"], "town=Gien")
    other("set", made["reference"], "town=Orléans")
    here, there = bootstrap.open_workspace(cli.folder), bootstrap.open_workspace(other.folder)
    here.receive(there.entries_after(here.position()))
    assert cli("show", made["reference"])["conflicts"] == ["town"]
    assert [each["conflicts"] for each in cli("list", "site")] == [["town"]]


def test_the_history_names_references_by_their_title(cli: Cli) -> None:
    cli("add", "site", "name=Dépôt")
    room = cli("add", "site", "name=Local", "parent=Dépôt")["reference"]
    cli("set", room, "parent=")
    lines = [
        (each["old"], each["new"]) for each in cli("history", room) if each["field"] == "parent"
    ]
    assert lines == [(None, "Dépôt"), ("Dépôt", None)]


def test_a_search_that_finds_too_much_says_so(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prevention_app.cli.records._MOST_FOUND", 2)
    for name in ("Dépôt un", "Dépôt deux"):
        cli("add", "site", f"name={name}")
    assert cli.raw("search", "dépôt")[2] == ""
    cli("add", "site", "name=Dépôt trois")
    code, out, error = cli.raw("search", "dépôt")
    assert code == 0
    assert "Seules 2 fiches" in error
    assert out.count("45-SITE") == 2
    assert len(cli("search", "dépôt")) == 2


@pytest.mark.parametrize(
    ("register", "field"), [("site", "parent"), ("org_unit", "parent"), ("work_unit", "type_of")]
)
def test_a_tree_has_no_ring(cli: Cli, register: str, field: str) -> None:
    top = cli("add", register, "name=Haut")["reference"]
    middle = cli("add", register, "name=Milieu", f"{field}={top}")["reference"]
    low = cli("add", register, "name=Bas", f"{field}={middle}")["reference"]
    assert "dépendre d’elle-même" in cli.refused("set", top, f"{field}={top}")
    assert "une boucle" in cli.refused("set", top, f"{field}={low}")
    cli("set", low, f"{field}={top}")


def test_a_register_defined_here_bears_a_key_and_code_of_its_own(cli: Cli) -> None:
    def define(key: str, code: str) -> str:
        given = (f"register_key={key}", f"register_code={code}", "name=Visites")
        return cli.refused("add", "register_definition", *given)

    assert "déjà la clé « site »" in define("site", "VISI")
    assert "déjà le code « SITE »" in define("visit", "SITE")
    assert "minuscules" in define("Visite", "VISI")
    assert "capitales" in define("visit", "visi")
    made = cli(
        "add", "register_definition", "register_key=visit", "register_code=VISI", "name=Visites"
    )
    assert "déjà la clé « visit »" in define("visit", "AUTR")
    assert "déjà le code « VISI »" in define("other", "VISI")
    cli("set", made["reference"], "name=Visites de chantier")


def test_a_field_defined_here_belongs_to_a_register_and_bears_a_key_of_its_own(cli: Cli) -> None:
    def define(register: str, key: str, kind: str = "text") -> str:
        given = (f"register_key={register}", f"field_key={key}", "label=Zone", f"kind={kind}")
        return cli.refused("add", "field_definition", *given)

    assert "Aucun registre « sites »" in define("sites", "zone")
    assert "déjà un champ « town »" in define("site", "town")
    assert "minuscules" in define("site", "Zone")
    assert "réservée" in define("site", "owner")
    assert "besoin de ses choix" in define("site", "zone", "choice")
    cli("add", "field_definition", "register_key=site", "field_key=zone", "label=Zone")
    assert "déjà un champ « zone »" in define("site", "zone")
    place = cli("add", "site", "name=A", "zone=Nord")["reference"]
    assert cli("show", place)["fields"]["zone"] == "Nord"


def test_a_misspelt_word_is_searched_as_what_it_resembles(cli: Cli) -> None:
    made = cli("add", "site", "name=Brouetterie")
    assert [(each["reference"], each["near"]) for each in cli("search", "bruoetterie")] == [
        (made["reference"], True)
    ]
    assert [each["near"] for each in cli("search", "brouetterie")] == [False]
    _, out, _ = cli.raw("search", "bruoetterie")
    assert "Résultats proches" in out
    assert made["reference"] in out
