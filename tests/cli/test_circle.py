"""Stations and departments that come to trust each other, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli


class Machine:
    """The command line of one workspace on a machine of its own."""

    def __init__(self, cli: Cli, use: Callable[[], None]) -> None:
        """Commands go to this workspace; keys that lie here are on no other machine."""
        self.cli = cli
        self.use = use

    def __call__(self, *arguments: str) -> Any:
        """What a command answers in JSON."""
        self.use()
        return self.cli(*arguments)

    def refused(self, *arguments: str) -> str:
        """Why a command is refused."""
        self.use()
        return self.cli.refused(*arguments)

    def said(self, *arguments: str) -> str:
        """What a command tells people."""
        self.use()
        code, out, error = self.cli.raw(*arguments)
        assert code == 0, error
        return out


MakeMachine = Callable[[str, str], Machine]


@pytest.fixture
def machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> MakeMachine:
    """Makes machines with a new workspace of a department."""

    def make(department: str, user: str) -> Machine:
        folder = tmp_path / user

        def use() -> None:
            for variable in ("XDG_CONFIG_HOME", "APPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
                monkeypatch.setenv(variable, str(folder / "config"))
            for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
                monkeypatch.setenv(variable, user)

        folder.mkdir()
        made = Machine(Cli(folder / "espace.prevention", capsys), use)
        made("init", "--department", department, "--station", f"PC de {user}")
        return made

    return make


def titles(each: Machine, register: str = "site") -> set[str]:
    return {record["title"] for record in each("list", register)}


def test_two_lone_advisers_become_one_circle_and_exchange(
    machine: MakeMachine, tmp_path: Path
) -> None:
    ana, luc = machine("45", "ana"), machine("45", "luc")
    ana("add", "site", "name=Dépôt d’Ana")
    luc("add", "site", "name=Dépôt de Luc")
    asked, answer, package = (str(tmp_path / name) for name in ("demande", "admission", "paquet"))

    code = luc("station", "request", "--out", asked)["code"]
    admitted = ana("station", "admit", asked, "--role", "adviser", "--code", code, "--out", answer)
    assert (admitted["name"], admitted["user"]) == ("PC de luc", "luc")
    joined = luc("station", "join", answer, "--code", admitted["code"])
    assert (joined["by"], joined["department"], joined["roles"]) == (
        "PC de ana",
        "45",
        ["adviser"],
    )
    assert titles(luc) == {"Dépôt d’Ana", "Dépôt de Luc"}
    luc("add", "site", "name=Atelier")
    luc("package", "create", "--for", "all", "--out", package)
    ana("package", "apply", package)
    assert titles(ana) == titles(luc) == {"Dépôt d’Ana", "Dépôt de Luc", "Atelier"}

    members = ana("station", "list")
    assert [(each["user"], each["roles"]) for each in sorted(members, key=lambda m: m["user"])] == [
        ("ana", ["adviser", "administrator"]),
        ("luc", ["adviser"]),
    ]
    assert ana("check")["problems"] == luc("check")["problems"] == []


def test_people_are_told_which_codes_to_compare(machine: MakeMachine, tmp_path: Path) -> None:
    ana, luc = machine("45", "ana"), machine("45", "luc")
    asked, answer = str(tmp_path / "demande"), str(tmp_path / "admission")
    code = luc.said("station", "request", "--out", asked).split()[-1]
    said = ana.said("station", "admit", asked, "--role", "assistant", "--out", answer)
    assert f"Code de sa demande, qu’il vous lit : {code}" in said
    assert "Assistant de prévention" in said
    joined = luc.said("station", "join", answer)
    assert "Admis par « PC de ana » (ana)" in joined
    assert said.split()[-1] in joined
    assert "PC de luc" in ana.said("station", "list")


def test_who_joins_another_department_is_told_what_disappears(
    machine: MakeMachine, tmp_path: Path
) -> None:
    ana, luc = machine("45", "ana"), machine("28", "luc")
    luc("add", "site", "name=Dépôt de Dreux")
    luc("add", "person", "last_name=Durand")
    asked, answer = str(tmp_path / "demande"), str(tmp_path / "admission")
    asking = luc.said("station", "request", "--department", "45", "--out", asked)
    assert "2\xa0fiches d’un autre département que le 45" in asking
    admitted = ana("station", "admit", asked, "--role", "adviser", "--out", answer)
    said = luc.refused("station", "join", answer, "--code", admitted["code"])
    assert "2\xa0fiches d’un autre département que le 45" in said
    assert "--leave-records" in said
    assert titles(luc) == {"Dépôt de Dreux"}
    joined = luc("station", "join", answer, "--code", admitted["code"], "--leave-records")
    assert joined["left_behind"] == 2
    assert titles(luc) == set()


def test_who_joins_the_own_department_leaves_nothing_behind(
    machine: MakeMachine, tmp_path: Path
) -> None:
    ana, luc = machine("45", "ana"), machine("45", "luc")
    luc("add", "site", "name=Dépôt")
    asked, answer = str(tmp_path / "demande"), str(tmp_path / "admission")
    assert "autre département" not in luc.said("station", "request", "--out", asked)
    ana("station", "admit", asked, "--role", "adviser", "--out", answer)
    assert luc("station", "join", answer)["left_behind"] == 0
    assert titles(luc) == {"Dépôt"}


def test_at_a_terminal_the_code_is_compared_before_anybody_is_admitted(
    machine: MakeMachine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, luc = machine("45", "ana"), machine("45", "luc")
    asked, answer = tmp_path / "demande", tmp_path / "admission"
    code = luc("station", "request", "--out", str(asked))["code"]
    admit = ("station", "admit", str(asked), "--role", "adviser", "--out", str(answer))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    answers = ["non", "oui"]
    monkeypatch.setattr("builtins.input", lambda _: answers.pop(0))
    assert "Rien n’a été changé" in ana.refused(*admit)
    assert not answer.exists()
    assert [each["user"] for each in ana("station", "list")] == ["ana"]
    assert code in ana.said(*admit)
    assert not answers
    assert answer.exists()


def test_rights_are_taken_back_and_given_again(machine: MakeMachine, tmp_path: Path) -> None:
    ana, luc = machine("45", "ana"), machine("45", "luc")
    asked, answer, package = (str(tmp_path / name) for name in ("demande", "admission", "paquet"))
    luc("station", "request", "--out", asked)
    ana("station", "admit", asked, "--role", "adviser", "--out", answer)
    luc("station", "join", answer)
    revoked = ana("station", "revoke", "PC de luc", "--reason", "Départ")
    luc("add", "site", "name=Atelier")
    luc("package", "create", "--for", "PC de ana", "--out", package)
    assert ana("package", "apply", package)["kept_aside"] > 0
    assert titles(ana) == set()
    member = next(each for each in ana("station", "list") if each["user"] == "luc")
    assert member["revoked_after"] == revoked["after"]
    assert f"après son écriture {revoked['after']}" in ana.said("station", "list")
    assert ana("station", "lift", "luc")["lifted"] == 1
    assert titles(ana) == {"Atelier"}
    assert "s’appelle" in ana.refused("station", "revoke", "personne")


def test_the_department_is_saved_by_its_key_on_paper(machine: MakeMachine, tmp_path: Path) -> None:
    ana, luc = machine("45", "ana"), machine("45", "luc")
    asked, answer, page = (str(tmp_path / name) for name in ("demande", "admission", "clé.txt"))
    luc("station", "request", "--out", asked)
    ana("station", "admit", asked, "--role", "adviser", "--out", answer)
    luc("station", "join", answer)
    assert "pas administrateur" in luc.refused("circle", "rescue-key", "--out", page)
    ana("circle", "rescue-key", "--out", page)
    assert luc("circle", "rescue", page) == {"department": "45"}
    luc("station", "revoke", "ana")
    assert luc("check")["problems"] == []


def test_a_typed_key_is_read_from_the_keyboard(
    machine: MakeMachine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    ana = machine("45", "ana")
    page = tmp_path / "clé.txt"
    ana("circle", "rescue-key", "--out", str(page))
    rows = [
        line.partition(":")[2]
        for line in page.read_text(encoding="utf-8-sig").splitlines()
        if line.startswith("Ligne")
    ]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(rows).lower() + "\n\n"))
    assert ana("circle", "rescue") == {"department": "45"}
    wrong = "\n".join(rows).replace(rows[0].split()[0], "AAAAA")
    monkeypatch.setattr(sys, "stdin", io.StringIO(wrong))
    assert "groupe 1 " in ana.refused("circle", "rescue")


def test_departments_recognise_each_other(machine: MakeMachine, tmp_path: Path) -> None:
    ana, zoe = machine("45", "ana"), machine("28", "zoe")
    invitation, answer = str(tmp_path / "invitation"), str(tmp_path / "réponse")
    code = ana("circle", "invite", "--out", invitation)["code"]
    zoe.use()
    assert zoe.cli.raw("circle", "accept", invitation)[0] == 2
    offered = zoe("circle", "inspect", invitation)
    assert (offered["department"], offered["code"], offered["to_answer"]) == ("45", code, True)
    assert code in zoe.said("circle", "inspect", invitation)
    assert zoe("circle", "departments") == []
    accepted = zoe("circle", "accept", invitation, "--out", answer, "--code", code)
    assert (accepted["department"], accepted["by"]) == ("45", "PC de ana")
    assert ana("circle", "accept", answer, "--code", accepted["answer_code"])["department"] == "28"
    assert [each["department"] for each in zoe("circle", "departments")] == ["45"]
    assert "45" in zoe.said("circle", "departments")


def test_many_are_admitted_from_a_list(machine: MakeMachine, tmp_path: Path) -> None:
    ana, luc = machine("45", "ana"), machine("45", "luc")
    ana("add", "site", "name=Collège")
    (tmp_path / "demandes").mkdir()
    (tmp_path / "admissions").mkdir()
    luc("station", "request", "--out", str(tmp_path / "demandes" / "luc"))
    listing = tmp_path / "liste.csv"
    listing.write_text("Nom;Site;Rôle\nLuc;Collège;\nMarc;;\n", encoding="utf-8")
    requests = ("--requests", str(tmp_path / "demandes"))
    foreseen = ana("station", "admit-many", str(listing), *requests, "--preview")
    assert [(each["name"], bool(each["problem"])) for each in foreseen] == [
        ("Luc", False),
        ("Marc", True),
    ]
    said = ana.said("station", "admit-many", str(listing), *requests, "--preview")
    assert foreseen[0]["code"] in said
    assert "1 à admettre, 1 à revoir" in said
    assert list((tmp_path / "admissions").iterdir()) == []
    table = tmp_path / "réponses.xlsx"
    arguments = (*requests, "--out", str(tmp_path / "admissions"), "--table", str(table))
    lines = ana("station", "admit-many", str(listing), *arguments)
    assert table.exists()
    assert [(each["name"], bool(each["problem"])) for each in lines] == [
        ("Luc", False),
        ("Marc", True),
    ]
    assert lines[0]["admitted"]["roles"] == ["assistant"]
    luc("station", "join", lines[0]["file"])
    assert titles(luc) == {"Collège"}


def test_a_lone_adviser_is_one_member_and_init_asks_nothing_more(machine: MakeMachine) -> None:
    ana = machine("45", "ana")
    assert [each["roles"] for each in ana("station", "list")] == [["adviser", "administrator"]]
    assert "Administrateur, Conseiller de prévention" in ana.said("station", "list")
    assert "administrateur depuis" not in ana.said("station", "list")


def test_a_passphrase_protects_the_workspace(
    tmp_path: Path, empty_cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREVENTION_PASSPHRASE_FILE", "")
    phrase = tmp_path / "phrase"
    phrase.write_text("trois mots simples", encoding="utf-8")
    given = ("--passphrase-file", str(phrase))
    empty_cli(*given, "init", "--department", "45", "--station", "A")
    empty_cli("add", "site", "name=A", *given)
    monkeypatch.setenv("PREVENTION_PASSPHRASE_FILE", "")
    refused = empty_cli.refused("list", "site")
    assert "phrase secrète" in refused
    assert "--passphrase-file" in refused
    assert [each["title"] for each in empty_cli("list", "site", *given)] == ["A"]


def test_the_list_to_fill_in_is_a_workbook(machine: MakeMachine, tmp_path: Path) -> None:
    ana = machine("45", "ana")
    assert "Liste à remplir" in ana.said("station", "list-model", "--out", str(tmp_path / "l.xlsx"))
    assert ana("station", "list-model", "--out", str(tmp_path / "l.xlsx"))["file"].endswith(
        "l.xlsx"
    )
    assert ana.cli.raw("station", "admit-many", "x.csv", "--requests", "y")[0] == 2


def test_what_roles_may_do_is_listed_and_changed(machine: MakeMachine) -> None:
    ana = machine("45", "ana")
    table = ana("circle", "rules")
    assert len(table) == 80
    assert not any(each["changed"] for each in table)
    place = ("circle", "rule", "assistant", "organisation")
    changed = ana(*place, "--writes", "everything")
    assert (changed["writes"], changed["shipped_writes"], changed["changed"]) == (
        "everything",
        "nothing",
        True,
    )
    assert changed in ana("circle", "rules")
    assert "changé (à l’origine : Tout, Rien)" in ana.said("circle", "rules")
    assert "écrit « Sans les noms »" in ana.said(*place, "--writes", "without_names")
    assert ana(*place, "--shipped")["changed"] is False
    assert ana("circle", "rules") == table
    assert ana.cli.raw(*place)[0] == 2
    assert ana.cli.raw(*place, "--shipped", "--reads", "nothing")[0] == 2
    assert "ne se changent pas" in ana.refused(
        "circle", "rule", "adviser", "rights", "--reads", "nothing"
    )


def test_who_leaves_looks_first(machine: MakeMachine, tmp_path: Path) -> None:
    ana, luc = machine("45", "ana"), machine("45", "luc")
    asked, answer = str(tmp_path / "demande"), str(tmp_path / "admission")
    luc("station", "request", "--out", asked)
    roles = ("--role", "administrator")
    ana("station", "admit", asked, *roles, "--out", answer)
    luc("station", "join", answer)
    ana("add", "planned_action", "title=Garde-corps", "due=2026-01-31")
    handing = ("circle", "hand-over", "ana", "--to", "luc")
    foreseen = ana(*handing, "--preview")
    assert foreseen["granted"] == ["adviser"]
    assert [each["title"] for each in foreseen["open"]] == ["Garde-corps"]
    said = ana.said(*handing, "--preview")
    assert "« luc » recevrait : Conseiller de prévention" in said
    assert "Rien n’a été changé" in said
    assert ana(*handing)["granted"] == ["adviser"]
    assert "pas administrateur" in ana.refused(*handing)
