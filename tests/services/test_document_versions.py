from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from prevention_app.catalogue.document_versions import VersionState, Vote
from prevention_app.domain import document_content
from prevention_app.domain.due import DueState
from prevention_app.errors import NotFound, Refused
from prevention_app.services import attachments, overview, sealing
from prevention_app.services import document_versions as held
from prevention_app.services import document_versions_acts as acts
from prevention_app.services import document_versions_diff as diff
from prevention_app.services import document_versions_notice as notice
from prevention_app.services import document_versions_steps as steps
from prevention_app.services.document_versions_diff import Sort
from prevention_app.services.progress import Progress
from prevention_app.storage.work import CheckFailed
from tests.desks import enrol, tell
from tests.services.sealed_department import fill

TODAY = date(2026, 11, 24)
MET = date(2026, 10, 6)


@pytest.fixture
def made(store):
    return fill(store)


@pytest.fixture
def project(store, made) -> str:
    return acts.start_project(store, "45")[0]


def version_of(store, name):
    with store.reading() as read:
        return held.find(read, name)


def test_projects_are_numbered_in_their_year_and_a_number_is_never_given_again(store, project):
    assert project == "45-2026-1"
    store.undo()
    assert acts.start_project(store, "45")[0] == "45-2026-2"
    acts.declare_void(store, "45-2026-2", "Refait.")
    assert acts.start_project(store, "45", year=2027)[0] == "45-2027-1"


def test_what_changed_since_the_project_is_shown_line_by_line(store, made, project):
    with store.change("Depuis") as work:
        work.amend("risk", made["traffic"], situation="Circulation de nuit")
        work.new("existing_measure", owner="45", risk=made["fall"].id, title="Garde-corps")
        work.delete("planned_action", made["action"])
    found = diff.compare(store, project)
    told = {(each.sort, each.unit, each.title, each.column) for each in found.lines}
    assert (Sort.CHANGED, "CE Gien", "Circulation de nuit", "Situation dangereuse") in told
    assert (Sort.ADDED, "Atelier", "Garde-corps", "") in told
    assert (Sort.REMOVED, "Atelier", "Couvrir la fosse", "") in told
    change = next(each for each in found.lines if each.column == "Situation dangereuse")
    assert (change.before, change.after) == ("Circulation", "Circulation de nuit")
    assert (found.before, found.after) == (project, "état présent")


def test_a_comparison_is_written_as_a_workbook(store, made, project, tmp_path):
    with store.change("Depuis") as work:
        work.amend("risk", made["traffic"], situation="=1+1 Circulation de nuit")
    out = tmp_path / "comparaison.xlsx"
    diff.write_comparison(diff.compare(store, project), out, Progress())
    book = CalamineWorkbook.from_path(out)
    rows = book.get_sheet_by_name("Différences").to_python()
    assert rows[3][:2] == ["Sens", "Tableau"]
    assert ["Modifié", "CE Gien"] in [[row[0], row[2]] for row in rows[4:]]


def test_two_versions_are_compared_with_each_other(store, made, tmp_path):
    sealing.seal(store, tmp_path / "v", "45")
    with store.change("Depuis") as work:
        work.amend("work_unit", made["road"], headcount=14)
    sealing.seal(store, tmp_path / "v", "45")
    found = diff.compare(store, "45-2026-1", "45-2026-2")
    assert [(each.title, each.column, each.before, each.after) for each in found.lines] == [
        ("CE Gien", "Effectif", "12", "14")
    ]
    assert not diff.compare(store, "45-2026-2").lines


# -- opinion, answer, adoption -----------------------------------------------------------------


def due_items(store):
    with store.reading() as read:
        found = overview.due_items(read, TODAY, ("45",))
    return [each for each in found if each.register == "committee_opinion"]


def test_the_answer_is_due_two_months_after_the_meeting_until_it_is_given(store, project):
    steps.record_opinion(
        store, project, MET, {"CFDT": Vote.FAVOURABLE, "CGT": Vote.UNFAVOURABLE}, "Délais courts."
    )
    opinion, votes = version_of(store, project).opinions[0]
    assert opinion.answer_due == date(2026, 12, 6)
    assert {each.organisation: each.vote for each in votes} == {
        "CFDT": Vote.FAVOURABLE,
        "CGT": Vote.UNFAVOURABLE,
    }
    waiting = due_items(store)
    assert [each.due_on for each in waiting] == [date(2026, 12, 6)]
    assert waiting[0].state is DueState.TO_PLAN
    steps.record_answer(store, project, "Échéances ramenées à un an.", date(2026, 11, 20))
    assert due_items(store) == []


def test_no_answer_is_due_any_more_to_the_opinion_on_a_version_that_is_void(store, project):
    steps.record_opinion(store, project, MET, {"CFDT": Vote.FAVOURABLE})
    acts.declare_void(store, project, "Refait.")
    [(opinion, _)] = version_of(store, project).opinions
    assert opinion.answer_due is None


def test_a_vote_said_again_is_corrected(store, project):
    steps.record_opinion(store, project, MET, {"CFDT": Vote.FAVOURABLE})
    steps.record_opinion(store, project, MET, {"CFDT": Vote.ABSTENTION, "FO": Vote.ABSENT})
    [(_, votes)] = version_of(store, project).opinions
    assert {each.organisation: each.vote for each in votes} == {
        "CFDT": Vote.ABSTENTION,
        "FO": Vote.ABSENT,
    }


def test_an_adoption_is_completed_when_the_signed_act_comes_back(store, project, tmp_path):
    steps.adopt(store, project, "Président du conseil départemental", date(2026, 11, 20))
    signed = tmp_path / "arrêté.pdf"
    signed.write_bytes(b"%PDF-1.7")
    steps.adopt(
        store,
        project,
        "Président du conseil départemental",
        date(2026, 11, 20),
        act_number="2026-118",
        signed=signed,
    )
    adoption = version_of(store, project).adoption
    assert adoption.act_number == "2026-118"
    with store.reading() as read:
        [joined] = attachments.of_record(read, "version_adoption", adoption.id)
    assert joined.digest == adoption.signed_digest
    assert version_of(store, project).state_words == "Projet adopté, à figer"


def test_what_is_sealed_is_not_adopted_any_more(store, made, tmp_path):
    sealing.seal(store, tmp_path / "v", "45")
    with pytest.raises(Refused, match="déjà figée"):
        steps.adopt(store, "45-2026-1", "Président", TODAY)


def test_an_adoption_dated_tomorrow_is_refused(store, project):
    with pytest.raises(CheckFailed, match="dans l’avenir"):
        steps.adopt(store, project, "Président", date(2026, 11, 25))


# -- earlier versions, log, notice -------------------------------------------------------------


def test_an_earlier_document_is_deposited_with_its_date_digest_and_retention(store, tmp_path):
    file = tmp_path / "DUERP 2019.pdf"
    file.write_bytes(b"%PDF-1.4 2019")
    name, _ = acts.deposit(store, "45", file, date(2019, 6, 3))
    version = version_of(store, name)
    assert (name, version.state) == ("45-2019-1", VersionState.DEPOSITED)
    assert version.record.kept_until == date(2059, 6, 3)
    with store.reading() as read:
        [joined] = attachments.of_record(read, "document_version", version.record.id)
    assert (joined.name, joined.digest) == ("DUERP 2019.pdf", version.record.content_digest)
    with pytest.raises(Refused, match="déjà déposé : c’est la version 45-2019-1"):
        acts.deposit(store, "45", file, date(2019, 6, 3))
    with pytest.raises(Refused, match="elle ne se compare pas"):
        diff.compare(store, name)
    script = tmp_path / "macro.bat"
    script.write_bytes(b"del")
    with pytest.raises(Refused, match="ni un PDF"):
        acts.deposit(store, "45", script, date(2019, 6, 3))


def test_consultations_and_transmissions_are_logged_with_their_version(store, made, tmp_path):
    sealing.seal(store, tmp_path / "v", "45")
    steps.consult(store, "45-2026-1", "Membre de la F3SCT", date(2026, 11, 3), "CE Gien")
    steps.transmit(store, "45-2026-1", date(2026, 11, 4), "Courriel")
    version = version_of(store, "45-2026-1")
    assert [each.consulted_by for each in version.consultations] == ["Membre de la F3SCT"]
    assert [(each.receiver, each.way) for each in version.transmissions] == [
        ("Service de médecine préventive", "Courriel")
    ]


def test_the_notice_names_a_version_only_when_it_is_in_force(store, project, tmp_path):
    out = tmp_path / "avis.docx"

    def text() -> str:
        notice.write_notice(store, "45", out, place="Bureau du service prévention, 2e étage")
        return "\n".join(each.text for each in Document(str(out)).paragraphs)

    assert "en vigueur" not in text()
    steps.adopt(store, project, "Président", date(2026, 11, 20))
    sealing.seal(store, tmp_path / "v", "45")
    assert "Version en vigueur\u00a0: 45-2026-1, élaborée le 24/11/2026" in text()
    assert "Bureau du service prévention" in text()


def test_an_unknown_version_is_refused_with_those_that_there_are(store, project):
    with pytest.raises(NotFound, match="45-2026-1"):
        version_of(store, "45-2026-9")


def test_a_content_of_a_later_release_is_refused_in_words(store, made, project, monkeypatch):
    monkeypatch.setattr(document_content, "FORMAT", 0)
    with pytest.raises(Refused, match="version plus récente du programme"):
        diff.compare(store, project)


def test_a_column_that_only_one_release_knew_makes_no_difference_of_every_row(store, made, project):
    with store.reading() as read:
        old = held.content_of_version(store, read, version_of(store, project).record)
    risks = old["risks"]
    renamed = tuple(
        replace(each, key="dangerous_situation") if each.key == "situation" else each
        for each in risks.columns
    )
    rows = tuple(
        {
            ("dangerous_situation" if key == "situation" else key): value
            for key, value in row.items()
        }
        for row in risks.rows
    )
    table = replace(risks, columns=renamed, rows=rows)
    earlier = replace(old, tables={**old.tables, "risks": table})
    read_again = document_content.from_bytes(document_content.to_bytes(earlier))
    assert {row["dangerous_situation"] for row in read_again["risks"].rows} == {
        "Fosse ouverte",
        "Circulation",
    }
    assert not diff.lines_of(read_again, old)
    assert not diff.lines_of(old, read_again)


def test_a_content_that_was_tampered_with_in_the_workspace_is_refused(store, project):
    with store.reading() as read:
        version = held.find(read, project)
        [joined] = attachments.of_record(read, "document_version", version.record.id)
        place = store.folder / "files"
        file = next(each for each in place.rglob(joined.digest))
        file.write_bytes(b"")
        with pytest.raises(Refused, match="ne se lit pas|n’est plus celui"):
            held.content_of_version(store, read, version.record)


# -- two stations ------------------------------------------------------------------------------


def test_a_seal_that_did_not_see_the_other_one_is_a_fork_until_one_is_void(desk, tmp_path):
    here, there = desk("45", "durand"), desk("45", "petit")
    enrol(here, there)
    fill(here.store)
    sealing.seal(here.store, tmp_path / "ici", "45")
    tell(here, there)
    sealing.seal(here.store, tmp_path / "ici", "45")
    sealing.seal(there.store, tmp_path / "là-bas", "45")
    assert not forks(here.store)
    tell(there, here)
    found = forks(here.store)
    assert len(found) == 2
    missing = {each.code for each in sealing.prepare(here.store, "45").missing}
    assert "fork" in missing
    with pytest.raises(Refused, match="donnez la référence"):
        acts.declare_void(here.store, "45-2026-2", "En double.")
    acts.declare_void(here.store, found[1].record.reference, "Figée sans voir l’autre.")
    assert not forks(here.store)
    tell(here, there)
    assert not forks(there.store)


def forks(store):
    with store.reading() as read:
        return [each for each in held.versions(read, "45") if each.fork]


def test_one_project_sealed_at_two_stations_is_a_fork_of_one_version(desk, tmp_path):
    here, there = desk("45", "durand"), desk("45", "petit")
    enrol(here, there)
    fill(here.store)
    acts.start_project(here.store, "45")
    tell(here, there)
    sealing.seal(here.store, tmp_path / "ici", "45")
    sealing.seal(there.store, tmp_path / "là-bas", "45")
    tell(there, here)
    [version] = forks(here.store)
    assert len(version.seals) == 2
    with pytest.raises(Refused, match="figée sur deux ordinateurs"):
        acts.declare_void(here.store, version.name, "En double.")
    acts.declare_void(here.store, version.seals[1].reference, "En double.")
    assert not forks(here.store)
    assert version_of(here.store, version.name).state is VersionState.NOT_ADOPTED
