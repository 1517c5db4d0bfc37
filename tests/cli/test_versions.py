from __future__ import annotations

import json

import pytest

from prevention_app.cli.main import run


@pytest.fixture
def filled(cli):
    """A unit with one rated risk."""
    unit = cli("add", "work_unit", "name=Atelier")["reference"]
    risk = cli("add", "risk", f"work_unit={unit}", "situation=Fosse", "evaluation=evaluated")
    cli("add", "rating", f"risk={risk['reference']}", "rated_on=01/03/2026", "severity=4",
        "frequency=4", "control=4")  # fmt: skip
    return cli


def test_from_the_project_to_the_sealed_version(filled, tmp_path):
    name = filled("version", "project", "--department", "45", "--motive", "yearly")["version"]
    filled("version", "opinion", "--meeting", "06/10/2026", "--vote", "CFDT=favourable",
           "--vote", "CGT=unfavourable", "--reservations", "Délais trop longs.")  # fmt: skip
    filled("version", "opinion", name, "--answer", "Délais ramenés à un an.")
    signed = tmp_path / "arrêté.pdf"
    signed.write_bytes(b"%PDF-1.7")
    filled("version", "adopt", "--by", "Président du conseil départemental", "--act", "2026-118",
           "--date", "20/11/2026", "--signed", str(signed))  # fmt: skip
    year = name.split("-")[1]
    out = tmp_path / "versions"
    sealed = filled("seal", "--department", "45", "--year", year, "--out", str(out))
    assert (sealed["version"], sealed["status"]) == (name, "version adoptée, en vigueur")
    [shown] = filled("version", "list")
    assert shown["in_force"]
    assert shown["opinions"][0]["votes"] == {"CFDT": "favourable", "CGT": "unfavourable"}
    assert shown["opinions"][0]["answer_due"] is None
    filled("version", "transmit", name, "--way", "Courriel")
    filled("version", "consult", name, "--by", "Inspection du travail")
    told = filled("version", "show", name)
    assert told["consultations"][0]["by"] == "Inspection du travail"
    assert told["seals"][0]["manifest_sha256"] == sealed["manifest_sha256"]
    code, text, _ = filled.raw("version", "show", name)
    assert code == 0
    assert "CGT : Défavorable" in text


def test_verify_needs_no_workspace_and_ends_1_at_a_fault_whose_file_it_names(
    filled, tmp_path, capsys
):
    out = tmp_path / "versions"
    name = filled("seal", "--department", "45", "--out", str(out))["version"]
    capsys.readouterr()
    assert run(["verify", str(out)]) == 0
    assert f"{name} : intacte, version figée non adoptée." in capsys.readouterr().out
    assert filled("verify", str(out))["faults"] == []
    readme = out / name / "LISEZMOI.txt"
    readme.write_bytes(readme.read_bytes().replace(b"2066", b"2056"))
    assert run(["verify", str(out), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [each["file"] for each in told["faults"]] == [f"{name}/LISEZMOI.txt"]
    assert run(["verify", str(out)]) == 1
    assert "LISEZMOI.txt : modifié" in capsys.readouterr().err


def test_what_is_missing_is_printed_and_blocks_only_where_it_is_asked_to(filled, tmp_path):
    codes = {each["code"] for each in filled("version", "check")["missing"]}
    assert {"no_project", "no_opinion", "no_adoption", "serious_without_action"} <= codes
    out = str(tmp_path / "versions")
    assert "rien n’est figé" in filled.refused("seal", "--out", out, "--strict")
    code, text, _ = filled.raw("seal", "--out", out)
    assert code == 0
    assert "Manque : Aucun avis de la F3SCT n’est enregistré." in text
    assert "version figée non adoptée" in text
    assert "figée ne se remplace pas" not in filled.raw("seal", "--out", out)[2]


def test_versions_are_compared_on_the_screen_and_in_excel(filled, tmp_path):
    name = filled("version", "project")["version"]
    filled("add", "work_unit", "name=Bureau")
    told = filled("version", "diff", name)
    assert [(each["sort"], each["title"]) for each in told["differences"]] == [("added", "Bureau")]
    out = tmp_path / "écarts.xlsx"
    filled("version", "diff", name, "--out", str(out))
    assert out.exists()
    _, text, _ = filled.raw("version", "diff", name)
    assert "1\u00a0différence" in text


def test_earlier_versions_are_deposited_versions_made_void_and_the_notice_written(filled, tmp_path):
    file = tmp_path / "2018.pdf"
    file.write_bytes(b"%PDF-1.4")
    assert filled("version", "deposit", str(file), "--date", "2018-05-02")["version"] == "45-2018-1"
    filled("version", "void", "45-2018-1", "--reason", "Mauvais fichier.")
    [shown] = filled("version", "list", "--department", "45")
    assert shown["state"] == "void"
    out = tmp_path / "avis.docx"
    filled("version", "notice", "--place", "Service prévention, bureau 12", "--out", str(out))
    assert out.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("opinion", "--vote", "CFDT=favourable"), "date de la séance"),
        (("opinion", "--meeting", "06/10/2026", "--vote", "CFDT=oui"), "n’est pas un vote"),
        (("adopt", "--by", "Président", "--date", "hier soir"), "n’est pas une date"),
    ],
)
def test_what_makes_no_sense_is_said(filled, arguments, told):
    filled("version", "project")
    code, _, error = filled.raw("version", *arguments)
    assert code == 2
    assert told in error


def test_without_a_project_there_is_nothing_to_adopt(filled):
    refused = filled.refused("version", "adopt", "--by", "Président", "--date", "20/11/2026")
    assert "Aucun projet" in refused
