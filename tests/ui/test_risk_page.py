from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from prevention_app.domain.ratings import assess
from prevention_app.services import risk_document
from prevention_app.services.methods import method
from prevention_app.storage.query import Condition, Op, Query
from prevention_app.ui import drafts, risk_reader, theme
from prevention_app.ui.cells import CELL
from prevention_app.ui.operations import Operation
from prevention_app.ui.rating_chip import RatingMark, initial_mark, paint_rating, residual_mark
from prevention_app.ui.risk_page import RiskPage
from prevention_app.ui.risk_table import _ORDERS, ACTIONS, FAMILY, NUMBER, RESIDUAL, SITUATION

TODAY = date(2026, 11, 23)
POINTED_OUT = "EPI ou consignes seulement"
"""Of a serious risk that only such measures hold."""


@pytest.fixture
def units(session) -> dict[str, str]:
    """Two services with three units; their risks are rated, one action of each is late."""
    with session.store.reading() as read:
        road = Condition("family_code", Op.IS, "ROUT")
        family = read.records(Query("hazard_family", where=(road,)))[0].id
    with session.store.change("Préparer") as work:
        roads = work.new("org_unit", name="Direction des routes").id
        east = work.new("org_unit", name="Exploitation Est", parent=roads).id
        culture = work.new("org_unit", name="Direction de la culture").id
        made = {
            name: work.new("work_unit", name=name, org_unit=above).id
            for name, above in (
                ("CER de Gien", east),
                ("CER de Montargis", east),
                ("Archives", culture),
            )
        }
        for name, situation, figures in (
            ("CER de Gien", "Pose et dépose de cônes sous circulation", (4, 4, 3)),
            ("CER de Gien", "Élagage en nacelle", (4, 3, 2)),
            ("CER de Montargis", "Conduite de saleuses", (3, 3, 4)),
            ("Archives", "Port de boîtes", (2, 1, 1)),
        ):
            risk = work.new(
                "risk",
                work_unit=made[name],
                hazard_family=family,
                situation=situation,
                harm="Heurt",
                exposed=14,
                exposed_women=2,
                evaluation="evaluated",
            ).id
            g, f, m = figures
            day = date(2026, 10, 6)
            work.new("rating", risk=risk, severity=g, frequency=f, control=m, rated_on=day)
            work.new("existing_measure", risk=risk, title="Formation", measure_type="training")
            due = TODAY - timedelta(days=10)
            work.new("planned_action", risk=risk, title="Flèche lumineuse", due=due)
    return made


@pytest.fixture
def page(qtbot, session, units) -> RiskPage:
    return shown(qtbot, session)


def no_work(name: str, *_: object, **__: object) -> Operation:
    raise AssertionError(f"no long work was expected: {name}")


def shown(qtbot, session) -> RiskPage:
    made = RiskPage(session, no_work)
    qtbot.addWidget(made)
    made.resize(1200, 846)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    qtbot.waitUntil(lambda: made.index is not None and made.index.complete)
    qtbot.waitUntil(lambda: "…" not in listed(made))
    return made


def listed(page: RiskPage, column: int = SITUATION) -> list[str]:
    model = page.table.risks
    shown = [model.index(at, column).data(CELL).plain for at in range(model.rowCount())]
    return [each.removesuffix(f", {POINTED_OUT}") for each in shown]


def said(page: RiskPage, row: int, column: int) -> str:
    index = page.table.risks.index(row, column)
    return plain(index.data(Qt.ItemDataRole.AccessibleTextRole))


def tree_lines(page: RiskPage) -> list[str]:
    return [plain(page.units.tree.units.said(each)) for each in page.units.tree.units.nodes()]


def plain(text: str) -> str:
    """With ordinary spaces only."""
    return text.replace("\u00a0", " ")


def press(qtbot, key, *, ctrl=False) -> None:
    """A key to what has the focus, as the keyboard sends it."""
    held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    qtbot.keyClick(widget, key, held)


# -- what it shows ---------------------------------------------------------------------------


def test_the_tree_tells_the_worst_level_and_the_number_of_each_branch(page) -> None:
    assert tree_lines(page) == [
        "Tout le département, 4 risques, pire niveau résiduel : critique",
        "Direction de la culture, 1 risque, pire niveau résiduel : faible",
        "Archives, 1 risque, pire niveau résiduel : faible",
        "Direction des routes, 3 risques, pire niveau résiduel : critique",
        "Exploitation Est, 3 risques, pire niveau résiduel : critique",
        "CER de Gien, 2 risques, pire niveau résiduel : critique",
        "CER de Montargis, 1 risque, pire niveau résiduel : élevé",
    ]


def test_the_table_lists_the_worst_residual_first_in_words_too(page) -> None:
    assert listed(page) == [
        "Pose et dépose de cônes sous circulation",
        "Conduite de saleuses",
        "Élagage en nacelle",
        "Port de boîtes",
    ]
    assert said(page, 0, RESIDUAL) == f"Résiduel 12, critique, {POINTED_OUT}"
    assert said(page, 0, FAMILY).startswith("Risque routier")
    assert said(page, 0, ACTIONS) == "0 action faite sur 1, en retard de 10 jours"
    assert said(page, 0, NUMBER).startswith("45-RISQ-")
    assert page.table.risks.index(0, FAMILY).data(CELL).icon == "car"
    assert "1 risque sur 4" in page.status


def test_the_detail_tells_the_rating_in_words(page, qtbot) -> None:
    found = page.side.detail.found
    assert found is not None
    assert found.risk.situation.startswith("Pose")
    texts = [each.text() for each in page.side.detail.findChildren(type(page.listing.count))]
    assert "Très grave (G\u00a04) × très fréquente (F\u00a04)" in texts
    assert "16 × maîtrise 0,75" in texts
    assert "14\u00a0agents exposés · 2 F, 12 H" in texts
    assert any("10\u00a0jours de retard" in text for text in texts)
    warned = next(text for text in texts if "EPI ou des formations" in text)
    assert warned
    qtbot.waitUntil(lambda: bool(page.side.detail._steps))


def test_a_branch_shows_its_risks_alone_and_is_there_again_next_time(qtbot, session, page) -> None:
    page.units.tree.setFocus()
    for letter in "mont":
        qtbot.keyClick(page.units.tree, letter)
    assert page.units.tree.current_node().name == "CER de Montargis"
    qtbot.waitUntil(lambda: listed(page) == ["Conduite de saleuses"])
    again = shown(qtbot, session)
    assert listed(again) == ["Conduite de saleuses"]


def test_typing_above_the_tree_keeps_the_branches_that_are_meant(page, type_text) -> None:
    type_text(page.units.line, "gien")
    names = [each.name for each in page.units.tree.units.nodes()]
    expected = ["Tout le département", "Direction des routes", "Exploitation Est", "CER de Gien"]
    assert names == expected
    assert "CER de Gien, 2 risques, pire niveau résiduel : critique" in tree_lines(page)


def test_arrows_fold_and_a_star_unfolds(qtbot, page) -> None:
    page.units.tree.setFocus()
    roads = next(each for each in page.units.root.walk() if each.name == "Direction des routes")
    page.units.tree.choose(roads.key)
    qtbot.keyClick(page.units.tree, Qt.Key.Key_Asterisk)
    assert len(page.units.tree.unfolded()) == 2
    qtbot.keyClick(page.units.tree, Qt.Key.Key_Left)
    assert roads.key not in page.units.tree.unfolded()


def test_filters_narrow_the_table_and_are_taken_away_again(qtbot, page, type_text) -> None:
    page.listing.chips.chips["level"]._switch("4", True)
    assert listed(page) == ["Pose et dépose de cônes sous circulation"]
    assert "1\u00a0risque sur 4" in page.listing.count.text()
    page.listing.chips.chips["measures"]._switch("2", True)
    assert page.listing.empty.isVisible()
    page.listing.clear_filters()
    type_text(page.listing.line, "elagage")
    qtbot.keyClick(page.listing.line, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: listed(page) == ["Élagage en nacelle"])


# -- what one does ---------------------------------------------------------------------------


def test_a_risk_is_rated_by_keyboard_alone_and_undone(qtbot, session, page, type_text) -> None:
    page.focus_main()
    press(qtbot, Qt.Key.Key_E)
    assert page.side.detail.panel.isVisible()
    for figure in "321":
        press(qtbot, figure)
    press(qtbot, Qt.Key.Key_Return)
    assert "Motif" in page.side.detail.panel.reason.accessibleName()
    assert page.side.detail.panel.isVisible()  # no reason yet
    assert "est à remplir" in page.side.detail.panel._problem.text()
    type_text(page.side.detail.panel.reason, "Sens interdit posé")
    press(qtbot, Qt.Key.Key_Return)
    assert not page.side.detail.panel.isVisible()
    assert said(page, 3, RESIDUAL) == "Résiduel 1,5, faible" or listed(page)[0].startswith("Cond")
    assert session.undoable() == risk_document.RATE
    session.undo()
    assert said(page, 0, RESIDUAL) == f"Résiduel 12, critique, {POINTED_OUT}"


def test_what_was_entered_to_rate_is_kept_when_the_page_is_left(
    qtbot, session, page, type_text
) -> None:
    page.focus_main()
    press(qtbot, Qt.Key.Key_E)
    press(qtbot, "1")
    type_text(page.side.detail.panel.reason, "Visite du 20")
    page.side.detail.panel.reason.textEdited.emit("Visite du 20")
    page.keep_drafts()
    again = shown(qtbot, session)
    again.hands.rate()
    assert again.side.detail.panel.figures["severity"] == 1
    assert again.side.detail.panel.reason.text() == "Visite du 20"
    again.side.detail.panel.close_button.click()
    assert drafts.find(session.folder, session.store.catalogue["rating"], drafts.NEW) is None


def test_an_action_is_added_to_the_risk_under_the_cursor(qtbot, session, page, type_text) -> None:
    page.focus_main()
    press(qtbot, Qt.Key.Key_M)
    assert page.side.action_form.isVisible()
    page.side.action_form.save_button.click()
    assert "est à remplir" in page.side.action_form.boxes["title"].problem
    type_text(page.side.action_form.boxes["title"].editor.inner, "Dévier la circulation")
    page.side.action_form.save_button.click()
    qtbot.waitUntil(lambda: said(page, 0, ACTIONS).startswith("0 action faite sur 2"))
    assert len(page.side.detail.found.actions) == 2
    session.undo()
    assert said(page, 0, ACTIONS).startswith("0 action faite sur 1")


def test_a_new_risk_starts_in_the_unit_chosen(qtbot, session, page, units, type_text) -> None:
    page.units.tree.choose(units["Archives"])
    page.focus_main()
    press(qtbot, Qt.Key.Key_N)
    assert page.side.risk_form.boxes["work_unit"].editor.value() == units["Archives"]
    type_text(page.side.risk_form.boxes["situation"].editor.inner, "Rayonnages mobiles")
    page.side.risk_form.save_button.click()
    qtbot.waitUntil(lambda: listed(page) == ["Port de boîtes", "Rayonnages mobiles"])
    assert said(page, 1, RESIDUAL) == "Résiduel : non coté"
    assert page.side.detail.found.risk.situation == "Rayonnages mobiles"


def test_risks_are_copied_to_the_units_ticked(qtbot, session, page, units) -> None:
    page.units.tree.choose(units["CER de Gien"])
    qtbot.waitUntil(lambda: len(listed(page)) == 2)
    page.table.selectAll()
    page.hands.duplicate()
    names = [page.side.chooser.list.item(at).text() for at in range(page.side.chooser.list.count())]
    assert names == ["Archives", "CER de Montargis"]
    page.side.chooser.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert page.side.chooser.save_button.text() == "Dupliquer dans 1\u00a0unité"
    page.side.chooser.save_button.click()
    told = "Archives, 3 risques, pire niveau résiduel : faible, 2 à évaluer"
    assert told in tree_lines(page)
    session.undo()
    assert "Archives, 1 risque, pire niveau résiduel : faible" in tree_lines(page)


def test_risks_are_deleted_and_come_back(qtbot, session, page) -> None:
    page.focus_main()
    press(qtbot, Qt.Key.Key_Delete)
    assert page.listing.reason.isVisible()
    press(qtbot, Qt.Key.Key_Return)
    assert len(listed(page)) == 4  # no reason yet
    qtbot.keyClicks(page.listing.reason.line, "Saisi deux fois")
    press(qtbot, Qt.Key.Key_Return)
    assert len(listed(page)) == 3
    assert tree_lines(page)[0].startswith("Tout le département, 3 risques")
    session.undo()
    qtbot.waitUntil(lambda: listed(page)[0] == "Pose et dépose de cônes sous circulation")


def test_what_another_page_writes_is_shown(qtbot, session, page, units) -> None:
    values = {"work_unit": units["Archives"], "situation": "Chute de boîtes"}
    session.add(session.store.catalogue["risk"], values)
    qtbot.waitUntil(lambda: "Chute de boîtes" in listed(page))
    page.hide()
    session.add(session.store.catalogue["risk"], {**values, "situation": "Poussières"})
    page.show()
    qtbot.waitUntil(lambda: "Poussières" in listed(page))


def test_other_departments_are_shown_on_demand(qtbot, session, page) -> None:
    session.look_at("41")
    qtbot.waitUntil(
        lambda: (
            page.listing.empty.isVisible() and "Aucun risque" in page.listing.empty.accessibleName()
        )
    )
    session.look_at("")
    qtbot.waitUntil(lambda: len(listed(page)) == 4)
    assert tree_lines(page)[0].startswith("Tous les départements, 4 risques")


def test_rows_are_copied_with_their_headings(qtbot, page) -> None:
    page.focus_main()
    page.table.selectRow(0)
    press(qtbot, Qt.Key.Key_C, ctrl=True)
    heading, line = QApplication.clipboard().text().split("\n")
    assert heading.split("\t")[2:4] == ["Situation dangereuse", "Brut"]
    assert "Pose et dépose de cônes sous circulation" in line.split("\t")


def test_the_detail_goes_and_comes_with_the_space_bar(qtbot, page) -> None:
    page.focus_main()
    press(qtbot, Qt.Key.Key_Space)
    assert not page.side.detail.isVisible()
    press(qtbot, Qt.Key.Key_Space)
    assert page.side.detail.isVisible()


def test_it_fits_a_narrow_window_without_scrolling_sideways(qtbot, page) -> None:
    page.resize(944, 616)
    assert page.minimumSizeHint().width() <= 944
    assert not page.table.horizontalScrollBar().isVisible()


def test_everything_that_takes_the_focus_has_a_name(page) -> None:
    page.hands.rate()
    for each in page.findChildren(QWidget):
        inside = each.parent() is not None and "qt_" in each.objectName()
        if each.isVisible() and each.focusPolicy() & Qt.FocusPolicy.TabFocus and not inside:
            named = each.accessibleName() or getattr(each, "text", str)()
            assert named or each.objectName().startswith("qt"), each


# -- chips -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [theme.LIGHT, theme.DARK])
def test_each_level_has_a_shape_of_its_own(qapp, name) -> None:
    theme.use(name)
    try:
        drawn = set()
        for rank in range(5):
            image = QImage(40, 30, QImage.Format.Format_Grayscale8)
            image.fill(0)
            painter = QPainter(image)
            paint_rating(painter, image.rect().toRectF(), RatingMark(rank, "mot", filled=False))
            painter.end()
            darkest = image.pixelColor(12, 15).value()
            outline = bytes(
                int(image.pixelColor(x, y).value() == darkest)
                for x in range(7, 18)
                for y in range(9, 22)
            )
            drawn.add(outline)
        assert len(drawn) == 5
    finally:
        theme.use(theme.LIGHT)


def test_a_chip_says_its_level_in_words() -> None:
    usual = method()
    found = assess(usual, {"severity": 3, "frequency": 3, "control": 2})
    assert initial_mark(found, usual.unrated).said == "Brut 9, élevé"
    assert residual_mark(found, usual.unrated, wide=True).text == "4,5 Moyen"
    assert residual_mark(None, usual.unrated).said == "Résiduel\u00a0: non coté"


def test_very_many_risks_are_read_by_another_process(qtbot, session, units, monkeypatch) -> None:
    monkeypatch.setattr(risk_reader, "MOST_HERE", 1)
    many = RiskPage(session, no_work)
    qtbot.addWidget(many)
    many.resize(1200, 846)
    many.show()
    qtbot.waitUntil(lambda: many.index is not None, timeout=60_000)
    qtbot.waitUntil(lambda: "…" not in listed(many))
    assert listed(many)[0] == "Pose et dépose de cônes sous circulation"
    assert said(many, 0, RESIDUAL) == f"Résiduel 12, critique, {POINTED_OUT}"
    assert tree_lines(many)[0].startswith("Tout le département, 4 risques")


# -- order, moving ---------------------------------------------------------------------------


def test_a_heading_orders_the_risks_and_the_order_is_remembered(page, qtbot, session) -> None:
    header = page.table.horizontalHeader()
    header.sectionClicked.emit(SITUATION)
    by_name = [
        "Conduite de saleuses",
        "Élagage en nacelle",
        "Port de boîtes",
        "Pose et dépose de cônes sous circulation",
    ]
    qtbot.waitUntil(lambda: listed(page) == by_name)
    header.sectionClicked.emit(SITUATION)
    qtbot.waitUntil(lambda: listed(page) == by_name[::-1])
    assert header.sortIndicatorSection() == SITUATION
    assert listed(shown(qtbot, session)) == by_name[::-1]
    header.sectionClicked.emit(RESIDUAL)
    qtbot.waitUntil(lambda: listed(page)[0].startswith("Pose"))
    header.sectionClicked.emit(RESIDUAL)
    qtbot.waitUntil(lambda: listed(page)[0] == "Port de boîtes")


@pytest.mark.parametrize("column", range(6))
def test_risks_alike_stay_with_the_worst_first_in_every_order(page, qtbot, column) -> None:
    page.table.order_asked.emit(_ORDERS[column])
    qtbot.waitUntil(lambda: "…" not in listed(page))
    assert len(listed(page)) == 4
    if column in (FAMILY, ACTIONS):  # all four are of one family, with actions due on one day
        assert listed(page)[0].startswith("Pose")
    if column == NUMBER:
        numbers = [page.table.risks.index(at, NUMBER).data(CELL).plain for at in range(4)]
        assert numbers == sorted(numbers)


def test_the_order_is_chosen_from_the_menu_too(page, qtbot) -> None:
    deeds = {each.words: each for each in page.deeds()}
    deeds["Trier par situation dangereuse"].act()
    qtbot.waitUntil(lambda: listed(page)[0] == "Conduite de saleuses")


def test_risks_are_cut_and_pasted_into_another_unit_and_that_is_undone(
    page, qtbot, session, units
) -> None:
    told = []
    session.noticed.connect(lambda notice: told.append(plain(notice.text)))
    page.table.clearSelection()  # a Ctrl of the test before would turn the row
    page.table.selectRow(0)
    page.hands.cut()
    assert "1 risque à déplacer" in told[-1]
    assert listed(page)[0] == "Pose et dépose de cônes sous circulation, à déplacer"
    assert "à déplacer" in said(page, 0, SITUATION)
    page.hands.paste()
    assert "Choisissez dans l’arbre" in told[-1]
    page.units.choose_unit(units["Archives"])
    page.hands.paste()
    assert told[-1].replace("\u202f", " ").startswith("1 risque déplacé vers « Archives ».")
    qtbot.waitUntil(
        lambda: listed(page) == ["Pose et dépose de cônes sous circulation", "Port de boîtes"]
    )
    assert page.table.current_id() == page.table.risks.risks[0].id
    assert not page.hands.may_paste()
    assert session.is_small(session.undoable())
    session.undo()
    qtbot.waitUntil(lambda: listed(page) == ["Port de boîtes"])
    assert "Déplacer un risque" in told[-1]


def test_a_move_that_is_refused_can_be_tried_elsewhere(page, session, units) -> None:
    page.table.clearSelection()  # a Ctrl of the test before would turn the row
    page.table.selectRow(0)
    page.hands.cut()
    page.units.choose_unit(units["CER de Gien"])  # where it is already
    page.hands.paste()
    assert page.hands.may_paste()
    page.units.choose_unit(units["Archives"])
    page.hands.paste()
    assert not page.hands.may_paste()


def test_echap_gives_a_move_up(page, qtbot) -> None:
    page.focus_main()
    page.table.clearSelection()  # a Ctrl of the test before would turn the row
    page.table.selectRow(0)
    page.hands.cut()
    press(qtbot, Qt.Key.Key_Escape)
    assert listed(page)[0] == "Pose et dépose de cônes sous circulation"
    assert not page.hands.may_paste()
