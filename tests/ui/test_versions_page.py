from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QDesktopServices
from python_calamine import CalamineWorkbook

from prevention_app.catalogue.document_versions import VersionMotive, VersionState, Vote
from prevention_app.services import document_versions_acts as acts
from prevention_app.services import sealing, sealing_verify
from prevention_app.ui import file_choice
from prevention_app.ui.operations import Operation
from prevention_app.ui.versions_page import VersionsPage
from prevention_app.ui.versions_side import DONE, OPEN, WAITS
from tests.services.sealed_department import fill

pytestmark = pytest.mark.usefixtures("untraced_processes")

WAIT = 120_000
MET = date(2026, 10, 6)


@pytest.fixture
def page(session, qtbot):
    """The page over a department with two units."""
    fill(session.store)
    keeper = QObject()
    made = VersionsPage(session, partial(start, keeper, session))
    made.resize(1200, 800)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.hide()


def start(keeper, session, name, work, *arguments, writes=True):
    operation = Operation(name, work, *arguments, parent=keeper)
    operation.failed.connect(lambda text: session.say(text, "bad"))
    if writes:
        operation.ended.connect(session.refresh)
    return operation


def project(page) -> str:
    name, done = acts.start_project(page.session.store, "45")
    page.session.tell(done)
    return name


def rows(page) -> dict[str, str]:
    """What the side says is done, waits or is open."""
    return {each.title: each.icon for each in page.side.rows}


def fill_in(dialog, **values):
    for key, value in values.items():
        dialog.boxes[key].editor.show_value(value)


def test_without_versions_the_page_says_what_to_begin_with(page):
    assert page.empty.isVisible()
    assert page.empty.accessibleName() == "Aucune version du document unique."
    assert page.project_button.isEnabled()


def test_a_project_is_submitted_in_the_background_and_listed(page, qtbot):
    page.project_button.click()
    dialog = page.asks.dialog
    dialog.boxes["motive"].editor.show_value(VersionMotive.YEARLY)
    dialog.do_button.click()
    qtbot.waitUntil(lambda: bool(page.versions), timeout=WAIT)
    [version] = page.versions
    assert (version.name, version.record.motive) == ("45-2026-1", VersionMotive.YEARLY)
    assert rows(page)["Avis de la F3SCT"] == OPEN
    assert not page.project_button.isEnabled()


def test_units_are_ticked_for_a_project_of_some_of_them(page, qtbot):
    page.start_project()
    units = page.asks.dialog.more
    units.whole.setCurrentIndex(1)
    page.asks.dialog.do_button.click()
    assert "Cochez au moins une unité" in page.asks.dialog.banner.text
    units.line.setText("gien")
    shown = [units.list.item(at) for at in range(units.list.count())]
    [gien] = [each for each in shown if not each.isHidden()]
    gien.setCheckState(Qt.CheckState.Checked)
    page.asks.dialog.do_button.click()
    qtbot.waitUntil(lambda: bool(page.versions), timeout=WAIT)
    assert page.versions[0].record.scope == "CE Gien"


def test_opinion_answer_and_adoption_are_entered_step_by_step(page, tmp_path):
    project(page)
    page.side.opinion_asked.emit()
    dialog = page.asks.dialog
    dialog.do_button.click()
    assert "à remplir" in dialog.boxes["met_on"].problem
    fill_in(dialog, met_on=MET, reservations="Délais trop longs.")
    votes = dialog.more
    votes.lines[0][0].setText("CFDT")
    votes.lines[0][1].setCurrentText("Favorable")
    votes.add_button.click()
    votes.lines[1][0].setText("CGT")
    votes.lines[1][1].setCurrentText("Défavorable")
    dialog.do_button.click()
    assert rows(page)["Réponse de l’autorité"] == WAITS
    [(opinion, given)] = page.current.opinions
    assert {each.organisation: each.vote for each in given} == {
        "CFDT": Vote.FAVOURABLE,
        "CGT": Vote.UNFAVOURABLE,
    }
    assert opinion.answer_due == date(2026, 12, 6)
    page.side.answer_asked.emit()
    fill_in(page.asks.dialog, answer="Ramenés à un an.")
    page.asks.dialog.do_button.click()
    assert rows(page)["Réponse de l’autorité le 23/11/2026"] == DONE
    page.side.adoption_asked.emit()
    dialog = page.asks.dialog
    fill_in(dialog, adopted_by="Président", adopted_on=date(2026, 11, 20), act_number="2026-118")
    signed = tmp_path / "arrêté.pdf"
    signed.write_bytes(b"%PDF-1.7")
    dialog.more.take(signed)
    dialog.do_button.click()
    assert page.current.adoption.signed_digest
    assert rows(page)["Adoptée le 20/11/2026"] == DONE
    assert any(each.detail == "arrêté.pdf" for each in page.side.rows)


def test_a_refusal_stays_in_the_form_with_what_was_typed(page):
    project(page)
    page.asks.adoption(page.current)
    dialog = page.asks.dialog
    fill_in(dialog, adopted_by="Président", adopted_on=date(2026, 12, 1))
    dialog.do_button.click()
    assert dialog.isVisible()
    assert "dans l’avenir" in dialog.boxes["adopted_on"].problem
    assert dialog.boxes["adopted_by"].editor.value() == "Président"


def test_sealing_says_what_is_missing_then_writes_a_version_that_verifies(
    page, qtbot, tmp_path, monkeypatch
):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.fileName()))
    name = project(page)
    notices = []
    page.session.noticed.connect(notices.append)
    page.seal_button.click()
    dialog = page.dialog
    assert not dialog.seal_button.isEnabled()
    qtbot.waitUntil(lambda: dialog.foreseen is not None, timeout=WAIT)
    assert dialog.said.text() == f"Version {name}, non adoptée"
    assert "Aucun avis de la F3SCT" in dialog.missing.text()
    assert "gardée jusqu’au 23 novembre 2066" in dialog.kept.text()
    assert not dialog.units.isEnabled()
    out = tmp_path / "versions"
    out.mkdir()
    dialog.take_folder(out)
    dialog.seal_button.click()
    assert not page.seal_button.isEnabled()
    qtbot.waitUntil(lambda: page._sealing is None, timeout=WAIT)
    assert page.current.state is VersionState.NOT_ADOPTED
    assert notices[-1].text == f"{name}\u00a0: version figée non adoptée."
    assert not sealing_verify.verify_folder(out).faults
    notices[-1].acts[0][1]()
    assert opened == [name]
    assert "Médecine préventive" in rows(page)


def test_sealing_is_stopped_and_leaves_nothing(page, qtbot, tmp_path):
    page.seal(tmp_path / "versions", None, ())
    page._sealing.cancel()
    qtbot.waitUntil(lambda: page._sealing is None, timeout=WAIT)
    assert not (tmp_path / "versions").exists()
    assert not page.versions


def test_a_seal_is_not_undone(page, tmp_path):
    sealing.seal(page.session.store, tmp_path / "v", "45")
    page.session.refresh()
    with pytest.raises(Exception, match="ne s’annule pas"):
        page.session.undo()
    assert page.current.state is VersionState.NOT_ADOPTED


def test_versions_are_compared_and_what_differs_is_written_in_excel(page, qtbot, tmp_path):
    name = project(page)
    store = page.session.store
    with store.change("Depuis") as work:
        work.new("work_unit", owner="45", name="Bureau")
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.compare.found is not None, timeout=WAIT)
    assert page.compare.chosen == (name, "")
    lines = page.compare.table.cells
    assert [lines.line(0)[at].plain for at in (0, 2)] == ["Ajouté", "Bureau, Unités de travail"]
    page.compare.show_sort("removed")
    assert page.compare.empty.isVisible()
    out = tmp_path / "écarts.xlsx"
    page.compare.export(out)
    qtbot.waitUntil(out.exists, timeout=WAIT)
    assert "Différences" in CalamineWorkbook.from_path(out).sheet_names
    qtbot.keyClick(page.compare.before, Qt.Key.Key_Escape)
    assert page.table.isVisible()


def test_earlier_documents_are_deposited_and_opened(page, tmp_path, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.fileName()))
    page.deposit()
    dialog = page.asks.dialog
    fill_in(dialog, elaborated_on=date(2019, 6, 3))
    dialog.do_button.click()
    assert dialog.banner.text == "Choisissez le document à déposer."
    file = tmp_path / "DUERP 2019.pdf"
    file.write_bytes(b"%PDF-1.4")
    dialog.more.take(file)
    dialog.do_button.click()
    assert page.current.state is VersionState.DEPOSITED
    next(each for each in page.side.rows if each.title == "Document déposé").act()
    assert opened == ["DUERP 2019.pdf"]
    page.compare_current()
    assert not page.compare.isVisible()


def test_consultations_transmissions_and_a_void_version_are_logged(page, tmp_path):
    sealing.seal(page.session.store, tmp_path / "v", "45")
    page.session.refresh()
    page.side.transmission_asked.emit()
    page.asks.dialog.do_button.click()
    page.side.consultation_asked.emit()
    fill_in(page.asks.dialog, consulted_by="Membre de la F3SCT")
    page.asks.dialog.do_button.click()
    assert "Transmise le 23/11/2026" in rows(page)
    page.asks.void(page.current)
    fill_in(page.asks.dialog, reason="Mauvaise année.")
    page.asks.dialog.do_button.click()
    assert page.current.state is VersionState.VOID
    assert not page._is_living()


def test_a_folder_of_versions_is_verified_from_the_window(page, qtbot, tmp_path):
    sealed = sealing.seal(page.session.store, tmp_path / "v", "45")
    notices = []
    page.session.noticed.connect(notices.append)
    page.verify(tmp_path / "v")
    qtbot.waitUntil(lambda: bool(notices), timeout=WAIT)
    assert notices[-1].text.startswith("1\u00a0version intacte")
    (sealed.folder / "LISEZMOI.txt").write_bytes(b"")
    page.verify(tmp_path / "v")
    qtbot.waitUntil(lambda: len(notices) > 1, timeout=WAIT)
    assert notices[-1].look == "bad"
    assert "LISEZMOI.txt" in notices[-1].text


def test_the_notice_to_pin_up_is_written(page, tmp_path, monkeypatch):
    monkeypatch.setattr(file_choice, "choose_folder", lambda _parent, _title, take: take(tmp_path))
    page.notice()
    dialog = page.asks.dialog
    fill_in(dialog, place="Service prévention, bureau 12")
    dialog.do_button.click()
    assert (tmp_path / "avis_acces_document_unique.docx").exists()


def test_the_window_shows_the_page_and_offers_its_deeds(window):
    fill(window.session.store)
    window.go("versions")
    page = window.pages["versions"]
    words = {each.words for each in page.deeds()}
    assert {"Figer la version…", "Soumettre un projet…", "Vérifier des versions figées…"} <= words
    assert page.isVisible()
