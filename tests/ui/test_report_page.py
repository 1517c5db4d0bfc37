from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QDesktopServices
from python_calamine import CalamineWorkbook

from prevention_app.domain.reorganisation import Act
from prevention_app.domain.reorganisation import Operation as PlannedOperation
from prevention_app.services import reorganisation
from prevention_app.services.reorganisation import Plan
from prevention_app.storage.query import Query
from prevention_app.ui.operations import Operation
from prevention_app.ui.report_choice import Report
from prevention_app.ui.report_page import ReportPage
from tests.ui.conftest import TODAY

pytestmark = pytest.mark.usefixtures("untraced_processes")

WAIT = 120_000


@pytest.fixture
def page(session, qtbot, tmp_path):
    """The page over a workspace with a risk, a site, an action; its files go to a folder."""
    catalogue = session.store.catalogue
    site = session.add(catalogue["site"], {"name": "Collège de l’Écluse"})
    direction = session.add(catalogue["org_unit"], {"name": "Direction des routes"})
    unit = session.add(
        catalogue["work_unit"], {"name": "CE Gien", "org_unit": direction.id, "site": site.id}
    )
    risk = session.add(
        catalogue["risk"],
        {"work_unit": unit.id, "situation": "Circulation", "evaluation": "evaluated"},
    )
    session.add(catalogue["rating"], {"risk": risk.id, "severity": 4, "frequency": 4, "control": 4})
    keeper = QObject()
    made = ReportPage(session, partial(start, keeper))
    made.resize(1200, 800)
    qtbot.addWidget(made)
    (tmp_path / "sorties").mkdir()
    made.settings.use_folder(tmp_path / "sorties")
    yield made
    made.hide()


def start(keeper, name, work, *arguments, writes=True):
    assert not writes
    return Operation(name, work, *arguments, parent=keeper)


def wait_for_preview(page, qtbot) -> None:
    qtbot.waitUntil(lambda: page._said.text().startswith("Aperçu compté"), timeout=WAIT)


def test_the_preview_is_counted_beside_the_window_and_its_figures_lead_on(page, qtbot) -> None:
    page.show()
    wait_for_preview(page, qtbot)
    assert page._stack.currentWidget() is page.sheet
    immediate = next(each for each in page.sheet.figures if each.register == "risk")
    assert immediate.accessibleName() == "Risques immédiats\u00a0: 1 sur 1 cotés"
    assert "Routes\u00a0: 1, Faible 0, Moyen 0, Élevé 0, Critique 1" in (
        page.sheet.bars.accessibleDescription()
    )
    with qtbot.waitSignal(page.page_asked) as asked:
        immediate.click()
    assert asked.args == ["risk"]
    page.sheet.lines.setFocus()
    with qtbot.waitSignal(page.page_asked) as asked:
        qtbot.keyClick(page.sheet.lines, Qt.Key.Key_Return)
    assert asked.args == ["health_safety_entry"]


def test_a_written_change_asks_for_a_new_preview_and_the_last_one_stays(page, qtbot) -> None:
    page.show()
    wait_for_preview(page, qtbot)
    page.session.add(page.session.store.catalogue["site"], {"name": "Autre"})
    assert page._said.text() == "Mise à jour de l’aperçu…"
    assert page._stack.currentWidget() is page.sheet
    wait_for_preview(page, qtbot)


def test_the_departments_stand_side_by_side(page, qtbot) -> None:
    page.reports.choose(Report.TOGETHER)
    page.show()
    wait_for_preview(page, qtbot)
    model = page.sheet.compared.model()
    heads = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(5)]
    assert heads == ["Chiffres clés", "Loir-et-Cher", "Loiret", "Eure-et-Loir", "Ensemble"]
    cells = [model.index(2, at).data() for at in range(5)]
    assert cells == ["Risques immédiats", "non publié", "1", "non publié", "1"]
    assert page.settings.name.text() == "prevention_tous_2026-11-23.xlsx"


def test_the_workbook_is_written_and_opened_again(page, qtbot, monkeypatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.fileName()))
    assert not page.last_file
    notices = []
    page.session.noticed.connect(notices.append)
    page.create_file()
    assert not page.create_button.isEnabled()
    page.create_file()
    qtbot.waitUntil(lambda: page._writing is None, timeout=WAIT)
    out = page.last_file
    assert out is not None
    assert out.name == "prevention_45_2026-11-23.xlsx"
    assert len(CalamineWorkbook.from_path(out).sheet_names) > 3
    assert out.name in notices[-1].text
    page.open_last()
    page.open_last_folder()
    assert opened == [out.name, out.parent.name]
    assert page.settings.name.text() == "prevention_45_2026-11-23_2.xlsx"


def test_writing_stops_and_leaves_nothing(page, qtbot, tmp_path) -> None:
    page.show()
    page.activateWindow()
    page.focus_main()
    qtbot.waitUntil(page.reports.hasFocus)
    page.create_file()
    qtbot.keyClick(page.reports, Qt.Key.Key_Escape)
    assert page._writing.stopping
    qtbot.waitUntil(lambda: page._writing is None, timeout=WAIT)
    assert list((tmp_path / "sorties").iterdir()) == []
    assert page.last_file is None


def test_a_register_is_offered_from_its_page_and_written_with_or_without_names(page, qtbot) -> None:
    page.offer_register("site")
    assert page.reports.report is Report.CSV
    assert page.settings.wanted.registers == ("site",)
    assert not page.settings.wanted.masked
    assert "noms" in page.settings._persons.text()
    page.settings.masked.setChecked(True)
    assert page.settings.wanted.masked
    page.create_file()
    qtbot.waitUntil(lambda: page._writing is None, timeout=WAIT)
    assert "Collège de l’Écluse" in page.last_file.read_text(encoding="utf-8-sig")


def test_chosen_registers_make_one_workbook(page, qtbot) -> None:
    page.offer_register("site")
    page.reports.choose(Report.REGISTERS)
    page.settings.registers.item(0).setCheckState(Qt.CheckState.Checked)
    assert page.settings.wanted.registers[-1] == "site"
    count = len(page.settings.wanted.registers)
    page.show()
    wait_for_preview(page, qtbot)
    assert page.rows.table.model().rowCount() == count
    page.create_file()
    qtbot.waitUntil(lambda: page._writing is None, timeout=WAIT)
    assert "Sites et locaux" in CalamineWorkbook.from_path(page.last_file).sheet_names


def test_what_cannot_be_written_is_said_in_place(page, tmp_path) -> None:
    page.settings.name.setText("a/b.xlsx")
    page.create_file()
    assert "sans aucun de ces signes" in page.settings.problem
    page.settings.use_folder(tmp_path / "absent")
    page.create_file()
    assert "n’existe pas" in page.settings.problem
    assert page._writing is None


def test_leaving_the_page_stops_the_preview_alone(page, qtbot) -> None:
    page.show()
    qtbot.waitUntil(lambda: page._counting is not None, timeout=WAIT)
    page.hide()
    assert page._counting is None


def test_everything_is_possible_by_keyboard(page) -> None:
    deeds = {each.key: each for each in page.deeds()}
    assert deeds["create_report"].keys == "Ctrl+Return"
    assert deeds["create_report"].possible()
    assert not deeds["stop_report"].possible()
    assert not deeds["open_report"].possible()
    assert page.panes()[0] is page.reports


def test_directions_are_those_of_the_day_that_is_typed(page, session, qtbot) -> None:
    with session.store.reading() as read:
        (direction,) = read.records(Query("org_unit"))
    rename = PlannedOperation(Act.RENAME, direction.id, name="Direction des mobilités")
    reorganisation.apply(session.store, Plan("45", TODAY, (rename,)))
    page.show()
    wait_for_preview(page, qtbot)
    assert "Mobilités" in page.sheet.bars.accessibleDescription()
    page.settings.organised_on.line.setText("01/11/2026")
    page.settings.organised_on.changed.emit()
    qtbot.waitUntil(lambda: "dans l’organisation du" in page.sheet._under.text(), timeout=WAIT)
    assert "Routes" in page.sheet.bars.accessibleDescription()
    page.settings.organised_on.line.setText("peut-être")
    assert page.settings.file() is None
    assert "n’est pas une date" in page.settings.problem
