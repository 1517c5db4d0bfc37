from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from prevention_app.catalogue.document_versions import VersionMotive, VersionState, Vote
from prevention_app.domain.document_content import from_bytes
from prevention_app.errors import Cancelled, PreventionError, Refused
from prevention_app.exchange import sealed_files
from prevention_app.services import document_versions as held
from prevention_app.services import document_versions_acts as acts
from prevention_app.services import document_versions_steps as steps
from prevention_app.services import sealing, sealing_verify, version_check
from prevention_app.services.progress import Progress
from prevention_app.storage import verify as storage_verify
from prevention_app.storage.query import Query
from tests.services.sealed_department import fill

TODAY = date(2026, 11, 24)


@pytest.fixture
def made(store):
    return fill(store)


def project_adopted(store, tmp_path, **options) -> str:
    """A project with its opinion and adoption, the signed act joined."""
    name, _ = acts.start_project(store, "45", **options)
    steps.record_opinion(store, name, date(2026, 10, 6), {"CFDT": Vote.FAVOURABLE})
    steps.record_answer(store, name, "Aucune réserve n’appelle de suite.", date(2026, 11, 2))
    signed = tmp_path / "arrêté signé.pdf"
    signed.write_bytes(b"%PDF-1.7 signed")
    steps.adopt(
        store, name, "Président du conseil départemental", date(2026, 11, 20), signed=signed
    )
    return name


def version_of(store, name):
    with store.reading() as read:
        return held.find(read, name)


def codes(sealed) -> set[str]:
    return {each.code for each in sealed.missing}


def faults(folder: Path) -> list[str]:
    return [str(each) for each in sealing_verify.verify_folder(folder).faults]


# -- what is sealed ----------------------------------------------------------------------------


def test_without_a_project_the_present_state_is_sealed_and_is_never_called_in_force(
    store, made, tmp_path
):
    sealed = sealing.seal(store, tmp_path / "versions", "45", motive=VersionMotive.YEARLY)
    assert (sealed.name, sealed.status) == ("45-2026-1", "version figée non adoptée")
    assert {
        "no_project",
        "no_opinion",
        "no_adoption",
        "units_to_evaluate",
        "risks_to_evaluate",
    } <= (codes(sealed))
    assert {each.name for each in sealed.folder.glob("document-unique*")} == {
        "document-unique-45-2026-1-non-adoptee.pdf",
        "document-unique-45-2026-1-non-adoptee.xlsx",
    }
    heading = sealed_files.heading_of(sealing.prepare(store, "45").facts)
    assert heading.title == "Document unique 45-2026-2, version figée non adoptée"
    version = version_of(store, "45-2026-1")
    assert version.state is VersionState.NOT_ADOPTED
    assert not version.in_force
    assert version.record.kept_until == date(2066, 11, 24)
    everything = "".join(
        each.read_text(encoding="utf-8") for each in sealed.folder.rglob("*.txt")
    ) + (sealed.folder / "manifest.json").read_text(encoding="utf-8")
    assert "en vigueur" not in everything
    assert json.loads((sealed.folder / "manifest.json").read_text(encoding="utf-8"))["version"][
        "missing"
    ] == [each.sentence for each in sealed.missing]


def test_the_state_of_the_adopted_project_is_sealed_and_later_changes_wait(store, made, tmp_path):
    name = project_adopted(store, tmp_path)
    with store.change("Plus tard") as work:
        work.new("risk", owner="45", work_unit=made["road"].id, situation="Ajouté après le projet")
    sealed = sealing.seal(store, tmp_path / "versions", "45")
    assert (sealed.name, sealed.status) == (name, "version adoptée, en vigueur")
    data = (sealed.folder / "donnees" / "document_unique.json").read_bytes()
    situations = [row["situation"] for row in from_bytes(data)["risks"].rows]
    assert sorted(situations) == ["Circulation", "Fosse ouverte"]
    version = version_of(store, name)
    assert (version.state, version.in_force, version.state_words) == (
        VersionState.SEALED,
        True,
        "En vigueur",
    )
    assert not {"no_project", "no_opinion", "no_adoption", "no_signed_act"} & codes(sealed)
    after = sealing.seal(store, tmp_path / "versions", "45")
    assert after.name == "45-2026-2"
    assert version_of(store, name).in_force, "what is not adopted does not replace it"


def test_the_files_serve_people_spreadsheets_and_programs(store, made, tmp_path):
    name = project_adopted(store, tmp_path)
    folder = sealing.seal(store, tmp_path / "versions", "45").folder
    assert (folder / f"document-unique-{name}.pdf").read_bytes().startswith(b"%PDF-")
    book = CalamineWorkbook.from_path(folder / f"document-unique-{name}.xlsx")
    assert book.sheet_names[:2] == ["Version", "Sommaire"]
    told = {row[0]: row[1] for row in book.get_sheet_by_name("Version").to_python() if len(row) > 1}
    assert "version adoptée, en vigueur" in told["Version"]
    assert "Président du conseil départemental" in told["Adoption"]
    with (folder / "donnees" / "inventaire_des_risques.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {row["Situation dangereuse"] for row in rows} == {"Fosse ouverte", "Circulation"}
    with (folder / "donnees" / "dictionnaire.csv").open(encoding="utf-8-sig") as file:
        explained = {row["Clé"]: row["Explication"] for row in csv.DictReader(file, delimiter=";")}
    assert explained["residual"] == "Valeur avec les mesures appliquées."


def test_the_version_holds_the_digest_of_the_signed_act_and_not_the_act(store, made, tmp_path):
    project_adopted(store, tmp_path)
    folder = sealing.seal(store, tmp_path / "versions", "45").folder
    digest = subprocess.run(
        ["sha256sum", tmp_path / "arrêté signé.pdf"], capture_output=True, check=True, text=True
    ).stdout.split()[0]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"]["adoption"]["signed_act_sha256"] == digest
    assert not any(each.name.startswith("arrêté") for each in folder.rglob("*"))


def test_nobody_is_named(store, made, tmp_path):
    with store.change("Agent") as work:
        work.new("person", owner="45", last_name="Lavergne", first_name="Odile")
        work.amend("risk", made["traffic"], situation="Circulation (vu avec Odile Lavergne)")
    name, _ = acts.start_project(store, "45")
    steps.record_opinion(
        store, name, date(2026, 10, 6), {"CFDT": Vote.ABSTENTION}, "Demandé par Odile Lavergne."
    )
    steps.adopt(store, name, "Mme Odile Lavergne, présidente", date(2026, 11, 2))
    folder = sealing.seal(store, tmp_path / "versions", "45").folder
    for each in folder.rglob("*"):
        if each.suffix in (".json", ".csv", ".txt"):
            assert "Lavergne" not in each.read_text(encoding="utf-8-sig"), each.name
    book = CalamineWorkbook.from_path(next(folder.glob("*.xlsx")))
    cells = str([book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names])
    assert "[nom]" in cells
    assert "Lavergne" not in cells


def test_strict_refuses_with_all_that_is_missing_and_writes_nothing(store, made, tmp_path):
    with pytest.raises(Refused, match="Aucun avis de la F3SCT") as refused:
        sealing.seal(store, tmp_path / "versions", "45", strict=True)
    assert "1\u00a0risque à évaluer (« Circulation »)" in str(refused.value)
    assert not (tmp_path / "versions").exists()
    with store.reading() as read:
        assert not held.versions(read, "45")


def test_a_complete_version_lacks_nothing_but_annexes_that_nobody_filled(store, made, tmp_path):
    for register, key in (("risk", "traffic"), ("work_unit", "road")):
        with store.change("Retirer") as work:
            work.delete(register, made[key])
    project_adopted(store, tmp_path)
    prepared = sealing.prepare(store, "45")
    assert {each.code for each in prepared.missing} <= {"annex_empty"}


def test_what_annexes_miss_is_told_of_the_present_state(store, made, tmp_path):
    with store.change("Annexe") as work:
        work.amend("risk", made["fall"], cmr=True)
    found = [each for each in sealing.prepare(store, "45").missing if each.code == "annex_gap"]
    assert any("CMR" in each.sentence for each in found)


def test_what_annexes_miss_names_nobody(store, made):
    with store.change("Agent") as work:
        work.new("person", owner="45", last_name="Lavergne", first_name="Odile")
        work.new("cmr_use", owner="45", work_unit=made["shop"].id, name="Soudure (Odile Lavergne)")
    told = [str(each) for each in sealing.prepare(store, "45").missing if each.code == "annex_gap"]
    assert any("[nom]" in each for each in told)
    assert "Lavergne" not in str(told)


def test_the_same_state_sealed_again_is_told(store, made, tmp_path):
    def told():
        found = sealing.prepare(store, "45").missing
        return [each.sentence for each in found if each.code == "unchanged"]

    assert not told()
    sealing.seal(store, tmp_path / "versions", "45")
    assert told() == ["Rien n’a changé depuis la version 45-2026-1, figée le 24/11/2026."]
    project_adopted(store, tmp_path)
    assert not told(), "it is adopted now"
    sealing.seal(store, tmp_path / "versions", "45")
    assert told() == ["Rien n’a changé depuis la version 45-2026-2, figée le 24/11/2026."]
    with store.change("Depuis") as work:
        work.amend("risk", made["traffic"], situation="Circulation de nuit")
    assert not told()


def test_strict_seals_what_lacks_nothing(store, made, tmp_path, monkeypatch):
    monkeypatch.setattr(version_check, "missing", lambda *_: [])
    monkeypatch.setattr(version_check, "missing_in_annexes", lambda *_: [])
    sealed = sealing.seal(store, tmp_path / "versions", "45", strict=True)
    assert sealed.missing == ()
    assert "Rien ne manquait." in str(
        CalamineWorkbook.from_path(next(sealed.folder.glob("*.xlsx")))
        .get_sheet_by_name("Version")
        .to_python()
    )


def test_a_version_of_some_units_carries_the_rest_over_unchanged(store, made, tmp_path):
    sealing.seal(store, tmp_path / "versions", "45")
    with store.change("Depuis") as work:
        work.amend("risk", made["fall"], situation="Fosse couverte")
        work.amend("risk", made["traffic"], situation="Circulation détournée")
    sealed = sealing.seal(store, tmp_path / "versions", "45", scope=["CE Gien"])
    data = (sealed.folder / "donnees" / "document_unique.json").read_bytes()
    situations = sorted(str(row["situation"]) for row in from_bytes(data)["risks"].rows)
    assert situations == ["Circulation détournée", "Fosse ouverte"]
    told = json.loads((sealed.folder / "manifest.json").read_text(encoding="utf-8"))["version"]
    assert (told["scope"], told["carried_over_from"]) == (["CE Gien"], "45-2026-1")


def test_the_scope_of_a_project_is_settled_when_it_is_submitted(store, made, tmp_path):
    acts.start_project(store, "45", scope=["Atelier"])
    with pytest.raises(Refused, match="périmètre est celui du projet"):
        sealing.seal(store, tmp_path / "versions", "45", scope=["CE Gien"])
    with pytest.raises(Refused, match="n’est pas encore figé"):
        acts.start_project(store, "45")


# -- the record --------------------------------------------------------------------------------


def test_sealing_is_one_entry_that_undo_refuses_and_the_workspace_stays_whole(
    store, made, tmp_path
):
    first = sealing.seal(store, tmp_path / "versions", "45")
    second = sealing.seal(store, tmp_path / "versions", "45")
    one, two = version_of(store, first.name).seals[0], version_of(store, second.name).seals[0]
    assert (two.previous, two.manifest_digest) == (one.id, second.manifest_digest)
    assert one.content_digest == first.content_digest
    with pytest.raises(Refused, match="ne s’annule pas"):
        store.undo()
    assert storage_verify.check(store) == []


def test_what_is_sealed_says_which_versions_are_void(store, made, tmp_path):
    first = sealing.seal(store, tmp_path / "versions", "45")
    acts.declare_void(store, first.name, "Mauvaise année.")
    second = sealing.seal(store, tmp_path / "versions", "45")
    manifest = json.loads((second.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["previous"] is None
    assert manifest["void"] == [
        {
            "name": first.name,
            "manifest_sha256": first.manifest_digest,
            "reason": "Mauvaise année.",
        }
    ]
    found = sealing_verify.verify_folder(tmp_path / "versions")
    assert not found.faults
    assert any("45-2026-1 a été déclarée annulée" in each for each in found.notes)


class Stopped(Progress):
    """Stops when it is told of a step."""

    def __init__(self, at: str) -> None:
        self.at = at

    def step(self, done, total, words):
        self.cancelled = self.cancelled or words == self.at


def test_stopped_halfway_it_leaves_neither_folder_nor_record(store, made, tmp_path):
    with pytest.raises(Cancelled):
        sealing.seal(store, tmp_path / "versions", "45", progress=Stopped("Composition du PDF"))
    assert not (tmp_path / "versions").exists()
    with store.reading() as read:
        assert not read.records(Query("document_version"))


def test_a_refused_record_takes_its_folder_along(store, made, tmp_path, monkeypatch):
    def refuse(*_):
        raise PreventionError("Plus de place.")

    monkeypatch.setattr(held, "attach_bytes", refuse)
    with pytest.raises(PreventionError, match="Plus de place"):
        sealing.seal(store, tmp_path / "versions", "45")
    assert not (tmp_path / "versions").exists()


def test_a_version_that_another_computer_sealed_meanwhile_is_not_touched(
    store, made, tmp_path, monkeypatch
):
    theirs = tmp_path / "versions" / "45-2026-1" / "manifest.json"

    def meanwhile(*arguments):
        theirs.parent.mkdir()
        theirs.write_bytes(b"theirs")
        return write(*arguments)

    write = sealing._write
    monkeypatch.setattr(sealing, "_write", meanwhile)
    with pytest.raises(Refused, match="existe déjà"):
        sealing.seal(store, tmp_path / "versions", "45")
    assert theirs.read_bytes() == b"theirs"
    assert list((tmp_path / "versions").iterdir()) == [theirs.parent]
    with store.reading() as read:
        assert not held.versions(read, "45")


def test_what_another_computer_is_writing_stays_and_what_it_left_long_ago_goes(
    store, made, tmp_path
):
    out = tmp_path / "versions"
    running, left_over = out / ".45-2026-1.a.part", out / ".45-2026-1.b.part"
    for each in (running, left_over):
        each.mkdir(parents=True)
    os.utime(left_over, (0, 0))
    sealing.seal(store, out, "45")
    assert running.exists()
    assert not left_over.exists()


def test_a_full_disk_is_told_with_the_folder_that_was_named(store, made, tmp_path, monkeypatch):
    def full(*_):
        raise PreventionError("Ici, plus de place.") from OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(sealed_files, "write_workbook", full)
    out = tmp_path / "versions"
    with pytest.raises(PreventionError) as told:
        sealing.seal(store, out, "45")
    assert str(told.value) == f"La version ne peut pas être écrite dans « {out} » : plus de place."
    assert not out.exists()


@pytest.mark.parametrize("stranger", ["rapport.docx", "photos/une.jpg"])
def test_a_folder_that_holds_other_things_is_refused(store, made, tmp_path, stranger):
    place = tmp_path / "versions" / stranger
    place.parent.mkdir(parents=True)
    place.write_bytes(b"")
    with pytest.raises(Refused, match="autre chose que des versions figées"):
        sealing.seal(store, tmp_path / "versions", "45")


# -- checked with nothing but sha256sum --------------------------------------------------------


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="no sha256sum here")
def test_sha256sum_alone_checks_every_file_as_the_readme_says(store, made, tmp_path):
    folder = sealing.seal(store, tmp_path / "versions", "45").folder
    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True
    )
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert len(checked.stdout.splitlines()) == len(files) - 1
    readme = (folder / "LISEZMOI.txt").read_text(encoding="utf-8")
    assert "sha256sum -c SHA256SUMS" in readme
    assert "n’est pas la signature de l’autorité territoriale" in " ".join(readme.split())
