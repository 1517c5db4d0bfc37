"""Confirming, copying and the measures in place, by keyboard and mouse in the real page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from prevention_app.catalogue.vocabulary import MeasureType, RatingBasis
from prevention_app.services import risk_copies, risk_document
from prevention_app.storage.query import Query
from prevention_app.ui.confirm_pane import BULK
from prevention_app.ui.measure_lines import MeasureLine
from prevention_app.ui.risk_page import RiskPage
from prevention_app.ui.risk_table import RESIDUAL
from tests.ui.test_risk_page import (  # noqa: F401
    listed,
    plain,
    press,
    said,
    shown,
    tree_lines,
    units,
)

ROAD = "Pose et dépose de cônes sous circulation"


@pytest.fixture
def page(qtbot, session, units) -> RiskPage:  # noqa: F811
    """The page at the archives, to which the two risks of Gien were copied."""
    with session.store.reading() as read:
        found = read.records(Query("risk", order=("reference",)))
    sources = [each.id for each in found if each.work_unit == units["CER de Gien"]]
    risk_copies.copy_risks(session.store, sources, [units["Archives"]])
    made = shown(qtbot, session)
    made.units.tree.choose(units["Archives"])
    qtbot.waitUntil(lambda: len(listed(made)) == 3)
    return made


def go_to(page: RiskPage, situation: str) -> None:
    page.focus_main()
    page.table.selectRow(listed(page).index(situation))
    page.table._rest()


def texts(page: RiskPage) -> str:
    labels = page.side.findChildren(type(page.side.detail._situation))
    return plain(" | ".join(each.text() for each in labels if each.isVisible()))


def test_a_copy_shows_where_it_comes_from_and_that_it_is_to_be_evaluated(page) -> None:
    go_to(page, ROAD)
    told = texts(page)
    assert "À évaluer, cotation indiquée seulement" in told
    assert "Repris de 45-RISQ-" in told
    assert "CER de Gien" in told
    assert "à vérifier" in told
    row = listed(page).index(ROAD)
    assert said(page, row, 4) == "Résiduel : non coté, cotation indiquée, à confirmer sur place"


def test_c_and_entree_confirm_what_was_seen_and_ctrl_z_takes_it_back(qtbot, session, page) -> None:
    go_to(page, ROAD)
    press(qtbot, Qt.Key.Key_C)
    assert page.side.confirming.isVisible()
    press(qtbot, Qt.Key.Key_Return)
    assert not page.side.confirming.isVisible()
    qtbot.waitUntil(lambda: said(page, 0, 4).startswith("Résiduel 12, critique"))
    rating = page.side.detail.found.rating
    assert (rating.basis, rating.rated_on) == (RatingBasis.CONFIRMED, session.store.today())
    assert "confirmée sur place le 23 nov." in texts(page)
    assert "à vérifier" not in texts(page)
    session.undo()
    qtbot.waitUntil(lambda: ROAD in listed(page))
    go_to(page, ROAD)
    assert page.side.detail.found.assessment is None


def test_several_are_deemed_identical_for_a_reason_that_must_be_given(
    qtbot, session, page, type_text
) -> None:
    page.focus_main()
    page.table.clearSelection()
    go_to(page, ROAD)
    for row, situation in enumerate(listed(page)):
        if situation == "Élagage en nacelle":
            page.table.selectionModel().select(
                page.table.risks.index(row, 0),
                page.table.selectionModel().SelectionFlag.Select
                | page.table.selectionModel().SelectionFlag.Rows,
            )
    press(qtbot, Qt.Key.Key_C)
    pane = page.side.confirming
    assert "2 cotations" in plain(pane._title.text())
    pane.way.choose(BULK)
    press(qtbot, Qt.Key.Key_Return)
    assert "motif" in pane._problem.text()
    type_text(pane.reason, "Mêmes engins")
    press(qtbot, Qt.Key.Key_Return)
    assert not pane.isVisible()
    with session.store.reading() as read:
        ratings = [each for each in read.records(Query("rating")) if each.basis]
    assert [each.reason for each in ratings] == ["Mêmes engins"] * 2


def test_what_tells_no_rating_is_said_to_be_rated(qtbot, session, page, units) -> None:  # noqa: F811
    values = {"work_unit": units["Archives"], "situation": "Poussières"}
    session.add(session.store.catalogue["risk"], values)
    qtbot.waitUntil(lambda: "Poussières" in listed(page))
    go_to(page, "Poussières")
    press(qtbot, Qt.Key.Key_C)
    press(qtbot, Qt.Key.Key_Return)
    assert "Rien à confirmer" in page.side.confirming._problem.text()
    press(qtbot, Qt.Key.Key_Escape)
    assert page.side.detail.isVisible()


def test_a_measure_is_added_in_two_touches_changed_and_taken_away(
    qtbot, session, page, type_text
) -> None:
    go_to(page, "Port de boîtes")
    press(qtbot, Qt.Key.Key_P)
    editor = page.side.detail.measures.editor
    type_text(editor.title, "Quai de déchargement")
    editor.kinds[MeasureType.COLLECTIVE].click()
    assert not editor.isVisible()

    def measures() -> list[tuple[str, str]]:
        return [(each.title, each.measure_type) for each in page.side.detail.found.measures]

    qtbot.waitUntil(
        lambda: measures() == [("Quai de déchargement", "collective"), ("Formation", "training")]
    )
    line = next(each for each in page.side.findChildren(MeasureLine) if each.isVisible())
    line.click()
    editor.kinds[MeasureType.AT_SOURCE].click()
    qtbot.waitUntil(lambda: measures()[0][1] == "at_source")
    line.click()
    editor.remove_button.click()
    qtbot.waitUntil(lambda: measures() == [("Formation", "training")])
    session.undo()
    qtbot.waitUntil(lambda: len(measures()) == 2)
    page.side.detail.measures.ask(None)
    press(qtbot, Qt.Key.Key_Return)
    assert "est à remplir" in editor._problem.text()


def test_rating_again_leaves_the_earlier_one(qtbot, session, page, type_text) -> None:
    go_to(page, "Port de boîtes")
    for reason in ("Visite", "Visite, corrigée"):
        press(qtbot, Qt.Key.Key_E)
        panel = page.side.detail.panel
        for figure in "211":
            press(qtbot, figure)
        type_text(panel.circumstances._editors["participants"].inner, "archiviste")
        panel.basis.choose(RatingBasis.DESK.value)
        type_text(panel.reason, reason)
        panel.save_button.click()
        assert not panel.isVisible()
        page.focus_main()
    ratings = page.side.detail.found.ratings
    assert [each.reason for each in ratings] == ["Visite, corrigée", "Visite", None]
    assert (ratings[0].participants, ratings[0].basis) == ("archiviste", RatingBasis.DESK)
    assert "Avec : archiviste" in texts(page)


def test_a_rating_without_a_date_is_seen_filtered_and_opened_to_be_dated(
    qtbot,
    session,
    page,
    units,  # noqa: F811
) -> None:
    with session.store.change("Reprendre") as work:
        risk = work.new(
            "risk", work_unit=units["Archives"], situation="Bruit", evaluation="evaluated"
        )
        rating = work.new(
            "rating", risk=risk.id, severity=1, frequency=1, control=1, basis="imported",
            source="duerp_2024.xlsx",
        )  # fmt: skip
    session.tell(work.done)
    qtbot.waitUntil(lambda: "Bruit" in listed(page))
    page.listing.chips.chips["rating"]._switch("128", True)
    qtbot.waitUntil(lambda: listed(page) == ["Bruit"])
    assert said(page, 0, 4).endswith("date à renseigner")
    go_to(page, "Bruit")
    assert "reprise d’un document, date à renseigner" in texts(page)
    assert "duerp_2024.xlsx" in texts(page)
    with qtbot.waitSignal(page.open_asked) as opened:
        page.side.detail.rating.date_link.click()
    assert opened.args == ["rating", rating.id]


def test_very_many_copies_are_written_by_a_process_and_undone_at_once(
    qtbot,
    session,
    page,
    units,  # noqa: F811
    monkeypatch,
) -> None:
    monkeypatch.setattr(risk_copies, "MANY", 2)
    page.units.tree.choose(units["CER de Gien"])
    qtbot.waitUntil(lambda: len(listed(page)) == 2)
    page.table.selectAll()
    page.focus_main()
    page.hands.duplicate()
    chooser = page.side.chooser
    chooser.line.setText("montargis")
    chooser.tick_shown()
    assert chooser.save_button.text() == "Dupliquer dans 1\u00a0unité"
    chooser.save_button.click()
    assert chooser.close_button.text() == "Arrêter"
    qtbot.waitUntil(lambda: not chooser.isVisible())
    page.units.tree.choose(units["CER de Montargis"])
    qtbot.waitUntil(lambda: len(listed(page)) == 3)
    with session.store.reading() as read:
        copies = [each for each in read.records(Query("risk")) if each.origin]
        details = [risk_document.detail(read, each.id) for each in copies]
    assert len(details) == 4
    assert all(each.rating is None and each.assessment is None for each in details)
    session.undo()
    qtbot.waitUntil(lambda: len(listed(page)) == 1)


def test_units_like_the_one_chosen_are_made_by_their_names(qtbot, session, page, units) -> None:  # noqa: F811
    page.units.tree.choose(units["CER de Gien"])
    qtbot.waitUntil(lambda: len(listed(page)) == 2)
    page.hands.copy_branch()
    pane = page.side.new_units
    pane.names.setPlainText("CER de Sully\ncer de montargis")
    pane.save_button.click()
    assert "existe déjà" in plain(pane._problem.text())
    pane.names.setPlainText("CER de Sully\n\nCER de Briare")
    assert pane.save_button.text() == "Créer 2\u00a0unités"
    pane.save_button.click()
    assert not pane.isVisible()
    names = [each.name for each in page.units.root.walk()]
    assert {"CER de Sully", "CER de Briare"} <= set(names)
    sully = next(each for each in page.units.root.walk() if each.name == "CER de Sully")
    page.units.tree.choose(sully.key)
    qtbot.waitUntil(lambda: len(listed(page)) == 2 and "…" not in listed(page))
    assert said(page, 0, 4).startswith("Résiduel : non coté")
    session.undo()
    assert "CER de Sully" not in [each.name for each in page.units.root.walk()]


def test_a_copy_says_in_table_and_tree_that_it_is_to_be_evaluated(page, units) -> None:  # noqa: F811
    row = listed(page).index(ROAD)
    assert page.table.risks.cell(row, RESIDUAL).plain == "à évaluer, à confirmer"
    rated = listed(page).index("Port de boîtes")
    assert page.table.risks.cell(rated, RESIDUAL).rating is not None
    told = next(each for each in tree_lines(page) if each.startswith("Archives,"))
    assert told.endswith("pire niveau résiduel : faible, 2 à évaluer")
    tree = page.units.tree.units
    figures = {each.name: tree.figures(each).to_rate for each in tree.nodes()}
    assert (figures["Archives"], figures["CER de Gien"]) == (2, 0)


def test_without_a_visit_what_was_evaluated_before_stays_as_it_is(
    qtbot, session, page, type_text
) -> None:
    page.focus_main()
    page.table.selectAll()
    press(qtbot, Qt.Key.Key_C)
    pane = page.side.confirming
    assert "1 déjà évaluée, confirmée à ce jour" in plain(pane._under.text())
    pane.way.choose(BULK)
    assert "1 déjà évaluée, laissée ainsi" in plain(pane._under.text())
    assert plain(pane._title.text()) == "Confirmer 2 cotations"
    type_text(pane.reason, "Mêmes engins")
    press(qtbot, Qt.Key.Key_Return)
    assert not pane.isVisible()
    with session.store.reading() as read:
        made = [each for each in read.records(Query("rating")) if each.basis]
    assert len(made) == 2


def test_what_shows_no_rating_is_left_out_of_many_and_counted(qtbot, session, page, units) -> None:  # noqa: F811
    values = {"work_unit": units["Archives"], "situation": "Poussières"}
    session.add(session.store.catalogue["risk"], values)
    qtbot.waitUntil(lambda: "Poussières" in listed(page))
    page.focus_main()
    page.table.selectAll()
    press(qtbot, Qt.Key.Key_C)
    pane = page.side.confirming
    assert "1 sans cotation complète, à coter à part" in plain(pane._under.text())
    press(qtbot, Qt.Key.Key_Return)
    assert not pane.isVisible()
    with session.store.reading() as read:
        assert len([each for each in read.records(Query("rating")) if each.basis]) == 3


def test_a_common_risk_is_confirmed_for_the_unit_that_was_seen(qtbot, session, units) -> None:  # noqa: F811
    with session.store.change("Préparer") as work:
        kind = work.new("work_unit", name="CER (type)").id
        with session.store.reading() as read:
            unit = read.get("work_unit", units["CER de Gien"])
        work.amend("work_unit", unit, type_of=kind)
        hint = "gfm-1 severity=3 frequency=3 control=2"
        work.new("risk", work_unit=kind, situation="Sel", evaluation="to_evaluate", hint=hint)
    page = shown(qtbot, session)
    page.units.tree.choose(units["CER de Gien"])
    qtbot.waitUntil(lambda: any(each.startswith("Sel") for each in listed(page)))
    page.focus_main()
    page.table.selectRow(next(at for at, each in enumerate(listed(page)) if each[:3] == "Sel"))
    page.table._rest()
    press(qtbot, Qt.Key.Key_C)
    pane = page.side.confirming
    assert pane.for_whom.isVisible()
    assert "Tronc commun confirmé pour CER de Gien seulement" in plain(pane._under.text())
    press(qtbot, Qt.Key.Key_Return)
    with session.store.reading() as read:
        made = [each for each in read.records(Query("rating")) if each.basis]
    assert [each.work_unit for each in made] == [units["CER de Gien"]]


def test_in_a_low_window_the_scales_are_seen_as_the_keys_lead_through_them(qtbot, page) -> None:
    page.resize(910, 430)
    go_to(page, ROAD)
    press(qtbot, Qt.Key.Key_E)
    panel, view = page.side.detail.panel, page.side.detail._scroll.viewport()

    def seen(part) -> bool:
        top = part.mapTo(view, part.rect().topLeft()).y()
        return top >= 0 and top + part.height() <= view.height()

    qtbot.waitUntil(lambda: seen(panel.scales[0]))
    for at, scale in enumerate(panel.scales):
        assert seen(scale), at
        qtbot.keyClick(scale, Qt.Key.Key_2)
    assert panel.reason.hasFocus()
    assert seen(panel.reason)
