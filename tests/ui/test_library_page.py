from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from prevention_app.catalogue.vocabulary import RatingBasis
from prevention_app.services import risk_document, risk_library, risk_templates, unit_jobs
from prevention_app.storage.query import Condition, Op, Query
from prevention_app.ui.cells import CELL, GroupCell
from prevention_app.ui.library_dialog import LibraryDialog
from prevention_app.ui.library_page import JOBS, UPDATES, LibraryPage
from prevention_app.ui.library_pane import MANY
from prevention_app.ui.rating_panel import RatingEntered
from prevention_app.ui.risk_page import RiskPage
from prevention_app.ui.risk_table import RESIDUAL, SITUATION
from prevention_app.ui.similar_dialog import SimilarDialog
from prevention_app.ui.updates_pane import UpdatesDialog


@pytest.fixture
def units(session) -> dict[str, str]:
    """A unit type with two variants, and a workshop of the Loir-et-Cher."""
    with session.store.change("Préparer") as work:
        made = {"type": work.new("work_unit", name="CER (type)").id}
        for name in ("Gien", "Montargis"):
            made[name] = work.new("work_unit", name=f"CER de {name}", type_of=made["type"]).id
        made["Blois"] = work.new("work_unit", name="CER de Blois", owner="41").id
    return made


def shown(qtbot, page):
    qtbot.addWidget(page)
    page.resize(1200, 800)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    return page


@pytest.fixture
def page(qtbot, session, units) -> LibraryPage:
    return shown(qtbot, LibraryPage(session, lambda *_, **__: None))


def risks(session, *where: Condition):
    with session.store.reading() as read:
        return read.records(Query("risk", where, order=("reference",)))


def take(session, units: list[str], *numbers: str) -> list[str]:
    with session.store.reading() as read:
        ids = [each.risk.id for each in risk_library.find_lines(read, numbers)]
    done = risk_library.take(session.store, ids, units)
    session.tell(done.changes)
    return list(done.risks)


def amend_template(session, number: str, **values) -> None:
    with session.store.reading() as read:
        record = risk_library.find_lines(read, [number])[0].risk
    with session.store.change("Modifier le modèle") as work:
        work.amend("library_risk", record, **values)
    session.tell(work.done)


def choose_job(page, name: str) -> None:
    (item,) = page.library.shelves.findItems(name, Qt.MatchFlag.MatchStartsWith)
    page.library.shelves.setCurrentItem(item)


def rows(table) -> list[str]:
    model = table.model()
    return [
        " | ".join(
            _plain(model.index(at, column).data(CELL)) for column in range(model.columnCount())
        )
        for at in range(model.rowCount())
    ]


def _plain(cell) -> str:
    return cell.text if isinstance(cell, GroupCell) else cell.plain


def test_risks_ticked_go_to_the_units_ticked_in_one_act(qtbot, page, session, units):
    assert page.library.shelves.count() == 17
    choose_job(page, "Centre d’exploitation routier")
    assert page.library.risks.list.count() == 17
    page.library.risks.line.setText("fauchage")
    page.library.risks.tick_shown()
    page.library.units.line.setText("Gien")
    page.library.units.tick_shown()
    said = page.library.take_button.accessibleName().replace("\u00a0", " ")
    assert said == "Ajouter 1 risque dans 1 unité"
    qtbot.mouseClick(page.library.take_button, Qt.MouseButton.LeftButton)
    (risk,) = risks(session)
    assert risk.evaluation == "to_evaluate"
    assert risk.work_unit == units["Gien"]
    session.undo()
    assert risks(session) == []


def test_very_many_risks_are_added_beside_the_window(qtbot, page, session, units):
    choose_job(page, "Centre d’exploitation routier")
    page.library.risks.tick_shown()
    page.library.units.tick_shown()
    number = 17 * len(page.library.units.chosen())
    assert number >= MANY
    with qtbot.waitSignal(page.library.taken):
        page.library.take()
    assert len(risks(session)) == number
    qtbot.waitUntil(page.library.isEnabled)


def test_what_changed_in_a_template_is_taken_over_or_not(qtbot, page, session, units):
    first, second = take(session, [units["Gien"], units["Montargis"]], "CER-01")
    amend_template(session, "CER-01", harm="Décès")
    page.show_part(UPDATES)
    assert len(rows(page.updates.table)) == 4
    assert not page.updates.accept_button.isEnabled()
    page.updates.table.selectRow(1)
    qtbot.mouseClick(page.updates.accept_button, Qt.MouseButton.LeftButton)
    assert len(rows(page.updates.table)) == 2
    page.updates.table.selectRow(1)
    qtbot.mouseClick(page.updates.decline_button, Qt.MouseButton.LeftButton)
    assert page.updates.stack.currentWidget() is page.updates.empty
    harms = {each.id: each.harm for each in risks(session)}
    assert sorted(harms[each] == "Décès" for each in (first, second)) == [False, True]


def test_jobs_are_counted_in_units_and_taken_away(qtbot, page, session, units):
    with session.store.change("Préparer") as work:
        job = work.new("job", name="Agent d’exploitation").id
    page.show_part(JOBS)
    page.jobs.ask()
    assert page.jobs.form.isVisible()
    page.jobs.form.given.emit({"work_unit": units["Gien"], "job": job, "women": 2, "men": 12})
    assert rows(page.jobs.table)[1].endswith("CER de Gien | 2 | 12 | 14")
    assert not page.jobs.form.isVisible()
    page.jobs.table.selectRow(1)
    qtbot.mouseClick(page.jobs.remove_button, Qt.MouseButton.LeftButton)
    with session.store.reading() as read:
        assert unit_jobs.headcounts(read) == []


@pytest.fixture
def document(qtbot, session, units) -> RiskPage:
    made = shown(qtbot, RiskPage(session, lambda *_, **__: None))
    qtbot.waitUntil(lambda: made.index is not None and made.index.complete)
    return made


def listed(qtbot, page: RiskPage) -> list[str]:
    model = page.table.risks

    def texts() -> list[str]:
        return [model.index(at, SITUATION).data(CELL).plain for at in range(model.rowCount())]

    qtbot.waitUntil(lambda: "…" not in texts())
    return texts()


def test_the_library_opens_over_the_document_with_the_unit_chosen(qtbot, document, session, units):
    document.units.choose_unit(units["Gien"])
    document.hands.from_library()
    (dialog,) = document.findChildren(LibraryDialog)
    assert dialog.pane.units.chosen() == [units["Gien"]]
    dialog.pane.risks.tick_shown()
    dialog.pane.take()
    assert {each.work_unit for each in risks(session)} == {units["Gien"]}
    assert not dialog.isVisible()


def test_a_common_risk_is_rated_for_one_variant_or_for_all(qtbot, document, session, units):
    (risk,) = take(session, [units["type"]], "CER-01")
    qtbot.waitUntil(lambda: document.index.get(risk) is not None)
    document.units.choose_unit(units["Gien"])
    (text,) = listed(qtbot, document)
    assert text.endswith("tronc commun")
    document.table.selectRow(0)
    document._show_detail(risk)
    assert document.side.detail.found.variant == units["Gien"]

    def enter(figures: dict[str, int], answer: str) -> None:
        document.side._write_rating(
            RatingEntered(figures, "Carrefour étroit", date(2026, 11, 20), "", RatingBasis.ON_SITE)
        )
        (ask,) = [each for each in document.findChildren(QMessageBox) if each.isVisible()]
        (chosen,) = [each for each in ask.buttons() if each.text() == answer]
        qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not document.findChildren(QMessageBox))

    enter({"severity": 4, "frequency": 4, "control": 4}, "Pour cette unité seulement")
    with session.store.reading() as read:
        assert risk_document.detail(read, risk).rating is None
        assert risk_document.detail(read, risk, variant=units["Gien"]).rating.severity == 4
    assert listed(qtbot, document)[0].endswith("coté différemment ici")
    enter({"severity": 1, "frequency": 1, "control": 1}, "Pour toutes les variantes")
    with session.store.reading() as read:
        assert risk_document.detail(read, risk).rating.severity == 1
    document.units.choose_unit(units["Montargis"])
    assert document.table.risks.index(0, RESIDUAL).data(CELL).rating.rank == 1


def test_a_common_risk_without_object_leaves_the_variant_alone(qtbot, document, session, units):
    (risk,) = take(session, [units["type"]], "CER-01")
    qtbot.waitUntil(lambda: document.index.get(risk) is not None)
    document.units.choose_unit(units["Gien"])
    document._show_detail(risk)
    links = document.side.detail.links
    assert links.absent_button.isVisibleTo(links)
    links.declare_absent(document.side.detail.found, "Aucune route ici")
    assert document.table.risks.rowCount() == 0
    document.units.choose_unit(units["Montargis"])
    assert document.table.risks.rowCount() == 1
    session.undo()
    document.units.choose_unit(units["Gien"])
    assert document.table.risks.rowCount() == 1


def test_the_detail_says_that_the_template_has_changed(qtbot, document, session, units):
    (risk,) = take(session, [units["Gien"]], "CER-01")
    amend_template(session, "CER-01", harm="Décès")
    qtbot.waitUntil(lambda: document.index.get(risk) is not None)
    document._show_detail(risk)
    links = document.side.detail.links
    assert "dommages possibles" in links._told.text()
    links._show_updates()
    (dialog,) = links.findChildren(UpdatesDialog)
    dialog.pane.accept_button.click()
    assert not dialog.isVisible()
    with session.store.reading() as read:
        assert risk_templates.changed(read, ()) == []
        assert read.get("risk", risk).harm == "Décès"


def test_the_detail_shows_what_others_did_about_such_a_risk(qtbot, document, session, units):
    own, _ = take(session, [units["Gien"], units["Blois"]], "CER-01")
    with session.store.reading() as read:
        own = read.records(Query("risk", (Condition("work_unit", Op.IS, units["Gien"]),)))[0].id
    qtbot.waitUntil(lambda: document.index.get(own) is not None)
    document._show_detail(own)
    links = document.side.detail.links
    links._show_similar()
    (dialog,) = links.findChildren(SimilarDialog)
    (found,) = dialog.found
    assert found.unit == "CER de Blois"
    assert found.measures
