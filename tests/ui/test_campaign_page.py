"""« Campagne » in the window: started, followed, answered, through what is seen on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from prevention_app.services import campaign, collecting_read, collecting_send
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.ui.campaign_page import ANSWERS, REASONS, UNITS, CampaignPage
from prevention_app.ui.operations import Operation
from prevention_app.ui.places import CAMPAIGN
from prevention_app.ui.risk_page import RiskPage

TODAY = date(2026, 11, 23)


@pytest.fixture
def page(session, qtbot, folder) -> Iterator[CampaignPage]:
    """Of a department with three units, of two risks each; no campaign yet."""
    fill(session.store)
    owner = QObject()

    def start(name: str, work: Any, *given: Any, writes: bool = True) -> Operation:
        operation = Operation(name, work, *given, parent=owner)
        if writes:
            operation.ended.connect(session.refresh)
        return operation

    made = CampaignPage(session, start)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    yield made
    owner.deleteLater()


def fill(store: Store) -> None:
    with store.change("Préparer") as work:
        for unit_name in ("Atelier", "Cuisine", "Voirie"):
            unit = work.new("work_unit", name=unit_name).id
            for situation in ("Bruit", "Chute"):
                risk = work.new(
                    "risk", work_unit=unit, situation=f"{situation} {unit_name}",
                    evaluation="evaluated",
                ).id  # fmt: skip
                work.new(
                    "rating", risk=risk, severity=3, frequency=3, control=2,
                    rated_on=date(2026, 3, 1),
                )  # fmt: skip


def rows(table: Any) -> list[list[str]]:
    model = table.model()
    return [
        [model.index(row, column).data() or "" for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def press(widget: Any, key: Qt.Key) -> None:
    widget.window().activateWindow()
    assert QTest.qWaitForWindowActive(widget.window())
    widget.setFocus()
    QTest.keyClick(widget, key)


def records(page: CampaignPage, register: str) -> list[Any]:
    with page.session.store.reading() as read:
        return read.records(Query(register, order=("reference",)))


def started(page: CampaignPage) -> CampaignPage:
    page.session.tell(campaign.start(page.session.store, "45"))
    return page


def answered(store: Store, folder: Path) -> list[Path]:
    """The sheet of the first unit: one line gone, one changed, one new."""
    folder.mkdir()
    files = collecting_send.send(store, "45", folder, Progress(), paper=False).files
    place = next(each for each in files if "Atelier" in each.name)
    book = openpyxl.load_workbook(place)
    sheet = book.worksheets[0]
    sheet["G9"], sheet["G10"], sheet["D12"] = "N’existe plus", "A changé", "Fumées de soudage"
    sheet["H9"] = "Scie vendue"
    book.save(place)
    return [place]


def test_a_campaign_is_started_for_all_units_and_their_state_changes_by_a_letter(page, qtbot):
    assert page.empty.isVisible()
    page.start_button.click()
    assert page.panel.isVisible()
    page.panel.go.click()
    assert [each[1] for each in rows(page.units)] == ["À faire"] * 3
    page.units.choose_rows([0, 2])
    press(page.units, Qt.Key.Key_V)
    assert [each[1] for each in rows(page.units)] == ["Validée", "À faire", "Validée"]
    assert {each.validated_on for each in records(page, "campaign_unit")} == {None, TODAY}
    page.session.undo()
    qtbot.waitUntil(lambda: [each[1] for each in rows(page.units)] == ["À faire"] * 3)


def test_who_took_part_and_when_is_asked_for_several_units_at_once(page):
    started(page)
    page.units.choose_rows([0, 1])
    press(page.units, Qt.Key.Key_P)
    page.panel.boxes["text"].editor.show_value("Chef d’atelier, deux agents")
    page.panel.boxes["day"].editor.show_value(date(2026, 11, 4))
    page.panel.go.click()
    kept = [(each.participants, each.visited_on) for each in records(page, "campaign_unit")]
    assert kept.count(("Chef d’atelier, deux agents", date(2026, 11, 4))) == 2
    assert [each[1] for each in rows(page.units)] == ["Sur place", "Sur place", "À faire"]


def test_dropped_files_become_proposals_and_damaged_ones_are_named(page, qtbot, tmp_path):
    started(page)
    files = answered(page.session.store, tmp_path / "retours")
    broken = tmp_path / "retours" / "abîmée.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(each)) for each in (*files, broken)])
    page.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip
    qtbot.waitUntil(lambda: len(page._proposals) == 3)
    assert page.part == ANSWERS
    qtbot.waitUntil(page.banner.isVisible)
    assert "3\u00a0propositions" in page.banner.text
    assert "1\u00a0fichier non lu" in page.banner.text
    assert "abîmée.xlsx" in page.banner._detail.text()


@pytest.fixture
def waiting(page, tmp_path) -> CampaignPage:
    """Three proposals of one unit wait."""
    started(page)
    store = page.session.store
    collecting_read.read(store, answered(store, tmp_path / "retours"), Progress())
    page.refresh(None)
    page.show_part(ANSWERS)
    return page


def choose(page: CampaignPage, kind: str) -> None:
    """Put the cursor on the proposal of a kind."""
    for row, line in enumerate(page.proposals._rows):
        if line is not None and line.proposal.kind == kind:
            page.proposals.selectRow(row)


def test_proposals_are_accepted_corrected_and_refused_by_letters(waiting):
    page = waiting
    choose(page, "gone")
    assert "Scie vendue" in page.card.text
    press(page.proposals, Qt.Key.Key_R)
    page.panel.boxes["text"].editor.show_value("La scie est au garage")
    page.panel.go.click()
    choose(page, "changed")
    press(page.proposals, Qt.Key.Key_C)
    page.panel.boxes["text"].editor.show_value("Chute de plain-pied, sol gras")
    page.panel.go.click()
    choose(page, "new_situation")
    press(page.proposals, Qt.Key.Key_A)
    states = {each.kind: each.state for each in records(page, "proposal")}
    assert states == {"gone": "refused", "changed": "corrected", "new_situation": "accepted"}
    risks = {each.situation: each.evaluation for each in records(page, "risk")}
    assert risks["Chute de plain-pied, sol gras"] == "to_evaluate"
    assert risks["Fumées de soudage"] == "to_evaluate"
    assert len(risks) == 7
    assert page._main() is page.empty


def test_all_proposals_of_a_unit_are_accepted_together_and_taken_back_as_one(waiting, qtbot):
    page = waiting
    press(page.proposals, Qt.Key.Key_U)
    assert len(page.proposals.chosen) == 3
    press(page.proposals, Qt.Key.Key_A)
    assert len(records(page, "risk")) == 6
    assert page._proposals == []
    page.session.undo()
    qtbot.waitUntil(lambda: len(page._proposals) == 3)


def test_a_reason_for_updating_stays_until_it_is_answered(page):
    unit = records(page, "work_unit")[0].id
    with page.session.store.change("Accident") as work:
        work.new("accident", happened_on=date(2026, 11, 2), work_unit=unit, circumstances="Chute")
    page.refresh({"accident"})
    page.show_part(REASONS)
    assert [each[0].split(",")[0] for each in rows(page.reasons)] == ["Accident"]
    press(page.reasons, Qt.Key.Key_N)
    page.panel.go.click()
    assert page.panel.boxes["text"].problem
    page.panel.boxes["text"].editor.show_value("Malaise sans lien avec le poste")
    page.panel.go.click()
    assert page.reasons.reasons == []
    assert records(page, "update_answer")[0].reason == "Malaise sans lien avec le poste"


def test_sheets_and_reminders_are_written_into_a_folder(page, qtbot, tmp_path):
    started(page)
    out = tmp_path / "fiches"
    page.files.send("45", out, ())
    qtbot.waitUntil(lambda: not page.files.working)
    assert len(list(out.glob("*.xlsx"))) == len(list(out.glob("*.docx"))) == 3
    qtbot.waitUntil(lambda: "Sans réponse" in rows(page.units)[0][6])
    page.files.remind("45", tmp_path / "relances")
    qtbot.waitUntil(lambda: not page.files.working)
    assert len(list((tmp_path / "relances").glob("*.eml"))) == 3
    assert len(records(page, "reminder")) == 3
    qtbot.waitUntil(lambda: "relancée le" in rows(page.units)[0][6])


def test_a_unit_opens_in_the_document_unique(window, qtbot):
    fill(window.session.store)
    window.session.tell(campaign.start(window.session.store, "45"))
    window.go(CAMPAIGN)
    page = window.pages[CAMPAIGN]
    assert page.part == UNITS
    page.units.choose_rows([1])
    press(page.units, Qt.Key.Key_Return)
    shown = window.page_of("risk_document")
    assert isinstance(shown, RiskPage)
    qtbot.waitUntil(lambda: shown.units.node.name == "Cuisine")
