"""The page of the yearly programme, with real widgets over a real workspace."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from prevention_app.domain.programme import LEGAL_FIELDS
from prevention_app.services import programme_acts
from prevention_app.storage.query import Query
from prevention_app.ui.cells import CELL, GroupCell
from prevention_app.ui.programme_head import (
    DONE,
    MEASURES,
    PLANNED,
    RERATINGS,
    SPENT,
    UNTREATED,
    VOTED,
)
from prevention_app.ui.programme_page import ProgrammePage
from prevention_app.ui.record_form import RecordForm

TODAY = date(2026, 11, 23)


@pytest.fixture
def made(session) -> dict[str, str]:
    """A critical risk with actions of 2025 and 2026, one without action, one action finished."""
    ids: dict[str, str] = {}
    with session.store.change("Préparer") as work:
        roads = work.new("org_unit", name="Direction des routes").id
        unit = work.new("work_unit", name="CER de Gien", org_unit=roads).id
        ids |= {"roads": roads, "unit": unit}
        for name, control in (("Pose de cônes", 4), ("Élagage", 4)):
            risk = work.new("risk", work_unit=unit, situation=name, evaluation="evaluated").id
            day = date(2026, 2, 1)
            work.new("rating", risk=risk, severity=4, frequency=4, control=control, rated_on=day)
            ids[name] = risk
        for name, values in (
            ("Flèche lumineuse", {"due": date(2026, 3, 1), "cost": Decimal(800), "pilot": "Chef"}),
            ("Fourgon balisé", {"due": date(2026, 9, 1), "cost": Decimal(200)}),
            ("Formation", {"due": date(2025, 9, 1)}),
        ):
            ids[name] = work.new(
                "planned_action", risk=ids["Pose de cônes"], work_unit=unit, title=name, **values
            ).id
    return ids


@pytest.fixture
def page(qtbot, window, made) -> ProgrammePage:
    window.go("programme")
    found = window.pages["programme"]
    assert isinstance(found, ProgrammePage)
    window.go("programme")
    qtbot.waitUntil(lambda: found.programme is not None and "Flèche" in " ".join(told(found)))
    found.focus_main()
    return found


@pytest.fixture
def session(window):
    """The workspace as this window holds it."""
    return window.session


def told(page: ProgrammePage, key: str = "title") -> list[str]:
    """What a column says, headings of groups left out."""
    model = page.model
    if key not in model.keys:
        return []
    cells = [model.index(at, model.keys.index(key)).data(CELL) for at in range(model.rowCount())]
    return [each.text for each in cells if not isinstance(each, GroupCell)]


def headings(page: ProgrammePage) -> list[str]:
    cells = [page.model.index(at, 0).data(CELL) for at in range(page.model.rowCount())]
    return [each.text for each in cells if isinstance(each, GroupCell)]


def held(session, action: str):
    with session.store.reading() as read:
        return read.get("planned_action", action)


def choose_all(page: ProgrammePage) -> None:
    page.table.put_cursor(page.model.rows.place_of(page.model.rows.ids(0, 3)[0]))
    page.table.selectAll()


def test_measures_of_the_year_by_priority_with_their_figures(page) -> None:
    assert told(page) == ["Flèche lumineuse", "Fourgon balisé"]
    assert headings(page) == ["Action immédiate"]
    assert told(page, "follow_up") == ["En retard", "En retard"]
    assert "0" in page.head.cards[DONE].accessibleName()
    assert "1\u202f000" in page.head.cards[PLANNED].accessibleName()
    assert "renseigner" in page.head.cards[VOTED].accessibleName()
    assert "1 mesure non terminée" in page.head.balance.accessibleName().replace("\u00a0", " ")


def test_every_legal_field_can_be_shown_in_the_table_and_stands_in_the_form(page, qtbot) -> None:
    asked = {each.key for each in LEGAL_FIELDS}
    assert asked <= {each.key for each in page.model.available}
    form = RecordForm(page.session, page.entity)
    qtbot.addWidget(form)
    assert asked <= set(form.boxes)


def test_another_year_and_one_unit_are_chosen(page, made, qtbot) -> None:
    years = page.head.years
    years.setCurrentIndex(years.findData(2025))
    qtbot.waitUntil(lambda: told(page) == ["Formation"])
    units = page.head.units
    names = [units.itemText(at).strip("\u00a0") for at in range(units.count())]
    assert {"Direction des routes", "CER de Gien"} <= set(names)
    units.setCurrentIndex(names.index("CER de Gien"))
    qtbot.waitUntil(lambda: page.scope.unit == made["unit"] and told(page) == ["Formation"])


def test_a_letter_changes_the_state_of_all_chosen_as_one_change(page, session, made, qtbot) -> None:
    choose_all(page)
    qtbot.keyClick(page.table, Qt.Key.Key_S)
    box = page.panel.boxes["state"]
    box.editor.show_value("in_progress")
    page.panel.go.click()
    qtbot.waitUntil(lambda: told(page, "state") == ["En cours", "En cours"])
    assert session.store.undoable() == "Modifier 2\u00a0valeurs"
    session.undo()
    qtbot.waitUntil(lambda: told(page, "state") == ["À faire", "À faire"])


def test_pilot_and_year_are_given_to_many(page, session, made, qtbot) -> None:
    choose_all(page)
    qtbot.keyClick(page.table, Qt.Key.Key_A)
    page.panel.boxes["pilot"].editor.show_value("Responsable des routes")
    page.panel.go.click()
    qtbot.waitUntil(lambda: told(page, "pilot") == ["Responsable des routes"] * 2)
    choose_all(page)
    qtbot.keyClick(page.table, Qt.Key.Key_Y)
    page.panel.boxes["programme_year"].editor.show_value(2027)
    page.panel.go.click()
    qtbot.waitUntil(lambda: held(session, made["Fourgon balisé"]).programme_year == 2027)
    qtbot.waitUntil(lambda: page.programme is not None and not page.programme.lines)


def test_the_effect_is_verified_with_its_day_and_by_whom(page, session, made, qtbot) -> None:
    page.table.select(made["Fourgon balisé"])
    qtbot.keyClick(page.table, Qt.Key.Key_V)
    page.panel.boxes["verified_by"].editor.show_value("Conseiller de prévention")
    page.panel.go.click()
    qtbot.waitUntil(lambda: held(session, made["Fourgon balisé"]).state == "verified")
    record = held(session, made["Fourgon balisé"])
    assert (record.verified_on, record.done_on) == (TODAY, TODAY)
    assert record.verified_by == "Conseiller de prévention"


def test_a_date_is_revised_with_a_reason_and_the_first_one_stays(
    page, session, made, qtbot
) -> None:
    page.table.select(made["Flèche lumineuse"])
    qtbot.keyClick(page.table, Qt.Key.Key_R)
    page.panel.boxes["day"].editor.show_value(date(2027, 1, 15))
    page.panel.boxes["text"].editor.show_value("Fournisseur en rupture")
    page.panel.go.click()
    record = held(session, made["Flèche lumineuse"])
    assert (record.due, record.revised_due) == (date(2026, 3, 1), date(2027, 1, 15))


def test_a_cell_is_edited_in_its_place(page, session, made, qtbot) -> None:
    page.table.select(made["Fourgon balisé"])
    page.table.put_cursor(page.table.currentIndex().row(), page.model.keys.index("cost"))
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    assert page.table.editing.active
    page.table.editing.editor.show_value(Decimal(350))
    assert page.table.editing.commit()
    assert held(session, made["Fourgon balisé"]).cost == 350
    qtbot.waitUntil(lambda: "1\u202f150" in page.head.cards[PLANNED].accessibleName())
    page.table.put_cursor(page.table.currentIndex().row(), page.model.keys.index("priority"))
    assert "se calcule" in page.table.editing.why_not(page.table.currentIndex())


def test_what_is_not_finished_is_carried_over_after_a_look_and_taken_back(
    page, session, made, qtbot
) -> None:
    page.show_year(2025)
    qtbot.waitUntil(lambda: told(page) == ["Formation"])
    page.carry_button.click()
    assert page.panel.isVisible()
    assert "2026" in page.panel.accessibleName()
    page.panel.boxes["text"].editor.show_value("Session annulée")
    page.panel.go.click()
    assert session.store.undoable() == programme_acts.CARRY
    page.show_year(2026)
    qtbot.waitUntil(lambda: "Formation" in told(page))
    page.group_by("carried")
    assert headings(page) == ["Mesures de l’année", "de 2025"]
    session.undo()
    qtbot.waitUntil(lambda: "Formation" not in told(page))
    page.show_year(2025)
    qtbot.waitUntil(lambda: told(page) == ["Formation"])


def test_groups_by_direction_pilot_and_state(page) -> None:
    page.group_by("direction")
    assert headings(page) == ["Direction des routes"]
    page.group_by("pilot")
    assert headings(page) == ["Chef", "Non renseigné"]
    page.group_by("")
    assert headings(page) == []


def test_serious_risks_without_action_lead_to_the_document_unique(
    page, window, made, qtbot
) -> None:
    qtbot.waitUntil(lambda: len(page.untreated.risks) == 1)
    page.parts.choose(UNTREATED)
    assert page.untreated.isVisible()
    page.untreated.opened.emit(0)
    risks = window.pages["risk_document"]
    qtbot.waitUntil(lambda: risks.table.current_id() == made["Élagage"])


def test_it_is_written_into_a_workbook(page, tmp_path: Path, qtbot) -> None:
    out = tmp_path / "programme_2026.xlsx"
    page.hands.write_to(out)
    qtbot.waitUntil(out.exists)


# -- rating again on completion -----------------------------------------------------------------


def finish(page, qtbot, name: str, made) -> None:
    page.table.select(made[name])
    qtbot.keyClick(page.table, Qt.Key.Key_F)
    page.panel.go.click()


def test_finishing_an_action_offers_to_rate_its_risk_filled_in(
    page, window, session, made, qtbot
) -> None:
    window._watch_reratings()
    finish(page, qtbot, "Flèche lumineuse", made)
    qtbot.waitUntil(lambda: "recoter" in window.window.notice)
    qtbot.waitUntil(lambda: len(page.reratings.proposals) == 1)
    page.parts.choose(RERATINGS)
    qtbot.keyClick(page.reratings, Qt.Key.Key_E)
    risks = window.pages["risk_document"]
    qtbot.waitUntil(lambda: risks.side.entering)
    panel = risks.side.detail.panel
    assert panel.reason.text() == "Action réalisée : Flèche lumineuse"
    assert {key: panel.figures[key] for key in ("severity", "frequency", "control")} == {
        "severity": 4,
        "frequency": 4,
        "control": 4,
    }, "the present figures; nothing is invented"
    panel.scales[-1].findChildren(type(panel.save_button))[1].click()
    panel.save_button.click()
    with session.store.reading() as read:
        ratings = read.records(Query("rating", order=("reference",)))
    assert ratings[-1].reason == "Action réalisée : Flèche lumineuse"
    assert ratings[-1].rated_on == TODAY
    window.go("programme")
    qtbot.waitUntil(lambda: not page.reratings.proposals)


def test_the_offer_comes_from_wherever_the_action_is_finished_and_can_be_declined(
    page, window, session, made, qtbot
) -> None:
    window._watch_reratings()
    session.save(page.entity, held(session, made["Fourgon balisé"]), {"state": "verified"})
    qtbot.waitUntil(lambda: "recoter" in window.window.notice)
    qtbot.waitUntil(lambda: len(page.reratings.proposals) == 1)
    page.parts.choose(RERATINGS)
    page.hands.decline()
    page.panel.boxes["text"].editor.show_value("Sans effet sur la cotation")
    page.panel.go.click()
    qtbot.waitUntil(lambda: not page.reratings.proposals)
    session.undo()
    qtbot.waitUntil(lambda: len(page.reratings.proposals) == 1)
    page.parts.choose(MEASURES)
    assert page.table.isVisible()


def ctrl_z(qtbot, page) -> None:
    qtbot.keyClick(page.window(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_ctrl_z_takes_a_carry_over_back(page, session, made, qtbot) -> None:
    page.show_year(2025)
    qtbot.waitUntil(lambda: told(page) == ["Formation"])
    page.carry_button.click()
    page.panel.go.click()
    page.show_year(2026)
    qtbot.waitUntil(lambda: "Formation" in told(page))
    ctrl_z(qtbot, page)
    qtbot.waitUntil(lambda: "Formation" not in told(page))
    with session.store.reading() as read:
        assert read.records(Query("programme_carry")) == []


def test_ctrl_z_takes_a_declined_rerating_back_and_nothing_else(
    page, window, session, made, qtbot
) -> None:
    window._watch_reratings()
    session.save(page.entity, held(session, made["Fourgon balisé"]), {"state": "verified"})
    qtbot.waitUntil(lambda: len(page.reratings.proposals) == 1)
    page.parts.choose(RERATINGS)
    page.hands.decline()
    page.panel.boxes["text"].editor.show_value("Sans effet sur la cotation")
    page.panel.go.click()
    qtbot.waitUntil(lambda: not page.reratings.proposals)
    ctrl_z(qtbot, page)
    qtbot.waitUntil(lambda: len(page.reratings.proposals) == 1)
    assert held(session, made["Fourgon balisé"]).state == "verified"


def test_large_amounts_stand_whole_in_the_cards(page, session, made, qtbot) -> None:
    session.save(page.entity, held(session, made["Flèche lumineuse"]), {"cost": Decimal(482290)})
    card = page.head.cards[PLANNED]
    qtbot.waitUntil(lambda: card._number.text() == "482\u00a0k€")
    assert "482\u202f490" in card.toolTip()
    card.resize(150, card.height())
    assert card._number.sizeHint().width() <= card.width() - 28


def test_what_a_measure_cost_and_brought_is_told_as_it_is_finished(
    page, session, made, qtbot
) -> None:
    page.table.select(made["Flèche lumineuse"])
    qtbot.keyClick(page.table, Qt.Key.Key_F)
    assert "Flèche lumineuse" in page.panel.accessibleName()
    page.panel.boxes["real_cost"].editor.show_value(Decimal(950))
    page.panel.boxes["found"].editor.show_value("0 accident")
    page.panel.go.click()
    action = held(session, made["Flèche lumineuse"])
    assert (action.state, action.real_cost, action.found) == ("done", Decimal(950), "0 accident")
    qtbot.waitUntil(lambda: "950" in page.head.cards[SPENT].accessibleName())
    ctrl_z(qtbot, page)
    qtbot.waitUntil(lambda: held(session, made["Flèche lumineuse"]).real_cost is None)


def test_of_many_finished_together_only_the_day_is_asked(page, qtbot) -> None:
    choose_all(page)
    qtbot.keyClick(page.table, Qt.Key.Key_F)
    assert set(page.panel.boxes) == {"day", "text"}
