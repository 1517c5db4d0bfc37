"""The matrix, the change over the years, groupings, dragging and changing many at once."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from prevention_app.services import methods
from prevention_app.storage.query import Query
from prevention_app.ui import theme
from prevention_app.ui.risk_matrix_grid import cell_words
from prevention_app.ui.risk_tree import DRAGGED
from tests.ui.test_risk_page import listed, page, plain, press, shown, tree_lines, units  # noqa: F401


def in_cell(page) -> list[str]:  # noqa: F811
    return [each.text for each in page.views.matrix.table.risks.risks]


def spot(page, row: int, column: int) -> QPoint:  # noqa: F811
    grid = page.views.matrix.grid
    place = next(
        cell.place
        for cell in grid.matrix.cells()
        if (cell.place.row, cell.place.column) == (row, column)
    )
    spots = grid._spots.items()
    rect = next(grid._rect(spot) for spot, each in spots if each.place == place)
    return rect.center().toPoint()


def test_a_click_on_a_cell_lists_its_risks_and_the_table_keeps_them(qtbot, page) -> None:  # noqa: F811
    page.views.segments.choose("matrix")
    assert not page.side.isVisible()
    qtbot.mouseClick(page.views.matrix.grid, Qt.MouseButton.LeftButton, pos=spot(page, 4, 3))
    assert in_cell(page) == ["elagage en nacelle"]
    assert page.status == "1\u00a0risque sur 4 dans la cellule"
    page.views.matrix.table_button.click()
    assert listed(page) == ["Élagage en nacelle"]
    chip = page.listing.chips.chips["cell"]
    assert chip.isVisible()
    assert plain(chip.text()).strip() == "Cellule : G4×F3"
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Backspace)
    assert len(listed(page)) == 4
    assert not chip.isVisible()


def test_the_matrix_is_walked_through_by_keyboard_alone(qtbot, page) -> None:  # noqa: F811
    page.focus_main()
    qtbot.keyClick(page.table, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    grid = page.views.matrix.grid
    assert QApplication.focusWidget() is grid
    assert in_cell(page) == ["pose et depose de cones sous circulation"]
    assert plain(grid.accessibleName()) == (
        "Très grave × très fréquente : 1 risque, dont 1 encore critique"
    )
    qtbot.keyClick(grid, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert len(grid.cells) == 2
    assert len(in_cell(page)) == 2
    assert "2 cellules choisies" in plain(grid.accessibleName())
    press(qtbot, Qt.Key.Key_Return)
    table = page.views.matrix.table
    assert QApplication.focusWidget() is table
    with qtbot.waitSignal(page.open_asked) as asked:
        press(qtbot, Qt.Key.Key_Return)
    assert asked.args == ["risk", table.current_id()]
    press(qtbot, "T")
    assert QApplication.focusWidget() is page.table


def test_cells_of_the_table_are_chosen_in_the_matrix(page) -> None:  # noqa: F811
    page.views.open_in_table(["gfm-1/4/3", "gfm-1/3/3"])
    assert len(listed(page)) == 2
    page.views.go("matrix")
    assert [(each.place.row, each.place.column) for each in page.views.matrix.grid.cells] == [
        (4, 3),
        (3, 3),
    ]
    assert page.views.matrix.matrix.count == 4


def test_the_branch_and_the_filters_hold_for_the_matrix_too(page, units) -> None:  # noqa: F811
    page.views.go("matrix")
    page.units.choose_unit(units["CER de Gien"])
    assert page.views.matrix.matrix.count == 2
    page.listing.chips.chips["level"]._switch("4", True)
    assert page.views.matrix.matrix.count == 1


def test_a_method_without_two_axes_hides_the_matrix(qtbot, session) -> None:
    methods.choose(session.store, "kinney-1")
    with session.store.change("Préparer") as work:
        unit = work.new("work_unit", name="Atelier").id
        work.new("risk", work_unit=unit, situation="Bruit")
    made = shown(qtbot, session)
    assert made.views.segments._words == {"table": "Tableau", "trend": "Évolution"}
    made.views.show("matrix")
    assert made.views.current == "table"


def test_risks_of_another_method_are_told_below(qtbot, session, units) -> None:  # noqa: F811
    with session.store.change("Coter") as work:
        risk = work.new(
            "risk", work_unit=units["Archives"], situation="Charge", evaluation="evaluated"
        )
        work.new("rating", risk=risk.id, method="rps-1", judgement=3, rated_on=date(2026, 3, 1))
    made = shown(qtbot, session)
    made.views.go("matrix")
    assert made.views.matrix.matrix.count == 4
    assert "1 risque coté par « Risques psychosociaux, appréciation »" in plain(
        made.views.matrix.note.text()
    )


@pytest.mark.parametrize("name", [theme.LIGHT, theme.DARK])
def test_cells_are_painted_in_the_colour_of_their_level(page, name) -> None:  # noqa: F811
    theme.use(name)
    try:
        page.views.go("matrix")
        image = page.views.matrix.grid.grab().toImage()
        ratio = image.devicePixelRatio()
        for (row, column), rank in {(4, 3): 4, (1, 1): 1, (2, 2): 2}.items():
            at = QPointF(spot(page, row, column) - QPoint(20, 0)) * ratio
            drawn = image.pixelColor(at.toPoint()).name()
            assert drawn == theme.current().ratings[rank].fill.lower()
    finally:
        theme.use(theme.LIGHT)


def test_every_cell_is_told_in_words(page) -> None:  # noqa: F811
    page.views.go("matrix")
    matrix = page.views.matrix.matrix
    told = [plain(cell_words(matrix, each)) for each in matrix.cells()]
    assert told[0] == "Très grave × rare : 0 risque"
    assert page.views.matrix.grid.accessibleDescription().count("\n") == 15


def test_the_change_over_the_years_is_told(qtbot, session, page) -> None:  # noqa: F811
    with session.store.change("Coter") as work:
        risk = page.table.risks.risks[0].id
        work.new("rating", risk=risk, severity=1, frequency=1, control=1, rated_on=date(2024, 5, 1))
    session.refresh()
    page.views.go("trend")
    qtbot.waitUntil(lambda: len(page.views.trend.counts) == 3)
    texts = [page.views.trend.table.item(row, 0).text() for row in range(3)]
    assert texts == ["Fin 2024", "Fin 2025", "Aujourd’hui"]
    assert page.views.trend.table.item(2, 6).text() == "4"
    assert "Fin 2024" in page.views.trend.bars.accessibleDescription()


def test_the_tree_groups_by_family_site_and_job(qtbot, session, page, units) -> None:  # noqa: F811
    with session.store.change("Lieux et métiers") as work:
        site = work.new("site", name="Gien", town="Gien").id
        job = work.new("job", name="Agent des routes").id
        with session.store.reading() as read:
            (unit,) = read.records(Query("work_unit", ids=(units["CER de Gien"],)))
        work.amend("work_unit", unit, site=site)
        for each in ("CER de Gien", "CER de Montargis"):
            work.new("unit_job", work_unit=units[each], job=job)

    def group(value: str) -> list[str]:
        at = page.units.group.findData(value)
        page.units.group.setCurrentIndex(at)
        page.units.group.activated.emit(at)
        return tree_lines(page)

    (road,) = [each for each in group("family")[1:] if ", 4 risques" in each]
    assert road.startswith("Risque routier")
    assert len(page.table.risks.risks) == 4
    by_site = group("site")
    assert "Gien, 2 risques, pire niveau résiduel : critique" in by_site
    assert "Sans site, 2 risques, pire niveau résiduel : élevé" in by_site
    by_job = group("job")
    assert by_job[0] == "Tous les risques, 4 risques, pire niveau résiduel : critique"
    assert "Agent des routes, 3 risques, pire niveau résiduel : critique" in by_job
    page.units.tree.choose(job)
    assert len(page.table.risks.risks) == 3
    group("organisation")
    assert tree_lines(page)[0].startswith("Tout le département")


def test_risks_dragged_onto_a_unit_are_moved_there(qtbot, session, page, units) -> None:  # noqa: F811
    page.table.selectRow(0)
    data = page.table.risks.mimeData(page.table.selectedIndexes())
    assert data.hasFormat(DRAGGED)
    tree = page.units.tree
    tree.expandAll()
    where = tree.visualRect(tree.units.index_of(units["Archives"])).center()
    drop = QDropEvent(
        QPointF(where),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    tree.dropEvent(drop)
    assert "Archives, 2 risques, pire niveau résiduel : critique" in tree_lines(page)
    session.undo()
    qtbot.waitUntil(lambda: "Archives, 1 risque, pire niveau résiduel : faible" in tree_lines(page))


def test_many_risks_get_the_same_values_in_one_change(qtbot, session, page) -> None:  # noqa: F811
    page.focus_main()
    page.table.selectAll()
    press(qtbot, Qt.Key.Key_F2)
    pane = page.side.edit_pane
    assert pane.isVisible()
    assert not pane.save_button.isEnabled()
    pane.boxes["activity"].setChecked(True)
    pane.editors["activity"].show_value("Viabilité hivernale")
    pane.boxes["cmr"].setChecked(True)
    pane.editors["cmr"].show_value(True)
    assert plain(pane.save_button.text()) == "Modifier 4 risques"
    pane.save_button.click()
    with session.store.reading() as read:
        found = read.records(Query("risk"))
    assert {(each.activity, each.cmr) for each in found} == {("Viabilité hivernale", True)}
    session.undo()
    with session.store.reading() as read:
        assert not any(each.cmr for each in read.records(Query("risk")))


def test_the_matrix_fits_a_narrow_window(page) -> None:  # noqa: F811
    page.views.go("matrix")
    page.resize(854, 416)
    assert page.minimumSizeHint().width() <= 854
    assert page.minimumSizeHint().height() <= 416
