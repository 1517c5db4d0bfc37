"""The yearly programme read, carried over and written out."""

from __future__ import annotations

import warnings
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.domain.programme import LEGAL_FIELDS, programme_year
from prevention_app.errors import NotFound, Refused
from prevention_app.services import programme, programme_acts, records
from prevention_app.services.indicators import indicators
from prevention_app.services.programme_export import export_programme
from prevention_app.services.programme_gaps import untreated_risks
from prevention_app.services.programme_scope import Scope, scope_of
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Query

TODAY = date(2026, 11, 24)
LOIRET = Scope(("45",))


@pytest.fixture
def made(store):
    """Two directions; of each a rated risk, with actions of 2025 and 2026."""
    ids: dict[str, str] = {}

    def note(key, record):
        ids[key] = record.id
        return record.id

    with store.change("Préparer") as work:
        roads = note("roads", work.new("org_unit", name="Routes"))
        east = note("east", work.new("org_unit", name="Est", parent=roads))
        culture = note("culture", work.new("org_unit", name="Culture"))
        site = note("site", work.new("site", name="Gien"))
        gien = note("gien", work.new("work_unit", name="CER", org_unit=east, site=site))
        archives = note("archives", work.new("work_unit", name="Archives", org_unit=culture))
        for name, unit, figures in (
            ("cones", gien, (4, 4, 4)),
            ("boxes", archives, (2, 1, 1)),
            ("alone", gien, (4, 4, 3)),
        ):
            risk = note(
                name,
                work.new("risk", work_unit=unit, situation=name, evaluation="evaluated"),
            )
            severity, frequency, control = figures
            work.new(
                "rating",
                risk=risk,
                severity=severity,
                frequency=frequency,
                control=control,
                rated_on=date(2026, 2, 1),
            )
        for name, risk, values in (
            ("sign", "cones", {"due": date(2025, 6, 1), "cost": Decimal(1000)}),
            ("van", "cones", {"due": date(2025, 9, 1), "state": "done", "cost": Decimal(400)}),
            ("arrow", "cones", {"due": date(2026, 3, 1), "state": "done", "real_cost": Decimal(9)}),
            ("trolley", "boxes", {"due": date(2026, 4, 1), "cost": Decimal(60)}),
            ("plan", "boxes", {"due": date(2027, 4, 1), "programme_year": 2026}),
            ("undated", "boxes", {}),
        ):
            note(name, work.new("planned_action", risk=ids[risk], title=name, **values))
    return ids


def of(store, year, scope=LOIRET):
    with store.reading() as read:
        return programme.programme_of(read, TODAY, year, scope)


def titles(found) -> list[str]:
    return [each.action.title for each in found.lines]


def reference(store, register, record_id) -> str:
    with store.reading() as read:
        return read.get(register, record_id).reference


def carry(store, from_year=2025, to_year=2026, scope=LOIRET, reason=""):
    with store.reading() as read:
        plan = programme_acts.plan_carry(read, TODAY, from_year, to_year, scope)
    return programme_acts.carry_over(store, plan.ids, from_year, to_year, reason)


def test_the_most_urgent_priority_stands_first_then_the_date(store, made):
    found = of(store, 2026)
    assert titles(found) == ["arrow", "trolley", "plan"]
    assert found.lines[0].decision is not None
    assert [each.label for each in found.directions] == ["Culture", "Routes"]
    assert titles(of(store, 2025)) == ["sign", "van"]
    assert titles(of(store, 2024)) == []
    with store.reading() as read:
        assert programme.years(read, TODAY, ("45",)) == [2027, 2026, 2025]


def test_figures_are_those_of_the_indicators(store, made):
    """One definition: the report and the programme cannot disagree."""
    found = of(store, 2026).figures
    with store.reading() as read:
        told = indicators(read, TODAY, ("45",))
    assert found.own.progress == told.programme
    assert found.own.money.planned == told.budget_total.planned
    assert found.own.money.spent == told.budget_total.spent == 9


def test_carrying_over_keeps_dates_and_the_past_year_and_is_one_undo(store, made):
    before = of(store, 2026).figures
    done = carry(store, reason="Marché infructueux")
    assert len(done.records) == 1, "what is done stays behind"
    found = of(store, 2026)
    line = found.by_action[made["sign"]]
    assert (line.carried_from, line.action.due) == (2025, date(2025, 6, 1))
    assert found.figures.own == before.own, "what is carried over is counted apart"
    assert found.figures.carried.progress.late == 1
    assert found.figures.planned == before.planned + 1000
    past = of(store, 2025)
    assert past.by_action[made["sign"]].carried_to == 2026
    assert past.figures.own.rate == pytest.approx(0.5), "not bettered by carrying over"
    assert store.undoable() == programme_acts.CARRY
    store.undo()
    assert of(store, 2026).figures == before
    store.redo()
    assert len(of(store, 2026).lines) == 4


def test_what_is_carried_over_once_is_carried_on_and_never_twice(store, made):
    carry(store)
    with pytest.raises(Refused, match="2026"):
        carry(store)
    with store.reading() as read:
        plan = programme_acts.plan_carry(read, TODAY, 2026, 2027, LOIRET)
    assert {each.action.title for each in plan.lines} == {"sign", "trolley", "plan"}
    carry(store, 2026, 2027)
    assert of(store, 2027).by_action[made["sign"]].carried_from == 2026
    with pytest.raises(Refused, match="après 2026"):
        carry(store, 2026, 2025)


def test_a_carried_measure_that_is_given_to_the_year_is_its_own(store, made):
    carry(store)
    ref = reference(store, "planned_action", made["sign"])
    records.amend(store, ref, {"programme_year": "2026"})
    line = of(store, 2026).by_action[made["sign"]]
    assert line.carried_from is None
    assert of(store, 2026).figures.carried.progress.total == 0


def test_the_balance_says_what_no_programme_holds_any_more(store, made):
    with store.reading() as read:
        assert programme.balance_of(read, TODAY, 2025, LOIRET).to_carry == 1
    carry(store)
    with store.reading() as read:
        balance = programme.balance_of(read, TODAY, 2025, LOIRET)
    assert (balance.unfinished, balance.carried_on, balance.to_carry) == (1, 1, 0)


def test_of_a_direction_a_service_a_site_or_a_unit(store, made):
    for register, key, expected in (
        ("org_unit", "roads", ["arrow"]),
        ("org_unit", "east", ["arrow"]),
        ("site", "site", ["arrow"]),
        ("work_unit", "archives", ["trolley", "plan"]),
    ):
        with store.reading() as read:
            scope = scope_of(read, (), read.get(register, made[key]).reference)
        assert titles(of(store, 2026, scope)) == expected
    with store.reading() as read:
        with pytest.raises(Refused, match="direction"):
            scope_of(read, (), read.get("risk", made["cones"]).reference)
        with pytest.raises(NotFound):
            scope_of(read, (), "45-ORGA-XXX-9")


def test_credits_of_the_whole_hold_else_those_of_the_topmost_units(store, made):
    def vote(amount, unit=None):
        records.create(
            store, "programme_budget", {"year": 2026, "amount": Decimal(amount), "org_unit": unit}
        )

    assert of(store, 2026).figures.voted is None
    vote(300, made["roads"])
    vote(200, made["east"])
    vote(50, made["culture"])
    found = of(store, 2026)
    assert found.figures.voted == 350, "the service's are part of its direction's"
    assert [each.voted for each in found.directions] == [50, 300]
    east = Scope(("45",), "org_unit", made["east"])
    assert of(store, 2026, east).figures.voted == 200
    vote(900)
    assert of(store, 2026).figures.voted == 900
    assert of(store, 2025).figures.voted is None


def test_serious_risks_without_action_are_recalled_until_one_is_named_for_them(store, made):
    def recalled():
        with store.reading() as read:
            return [each.situation for each in untreated_risks(read, TODAY, LOIRET)]

    assert recalled() == ["alone"]
    action, risk = (
        reference(store, "planned_action", made["trolley"]),
        reference(store, "risk", made["alone"]),
    )
    programme_acts.name_risks(store, action, [risk])
    assert recalled() == []
    line = of(store, 2026).by_action[made["trolley"]]
    assert [each.situation for each in line.risks] == ["boxes", "alone"]
    assert line.decision is not None
    assert line.decision.code == "immediate", "the priority is that of the worst of its risks"
    with pytest.raises(Refused, match="déjà"):
        programme_acts.name_risks(store, action, [risk])
    with pytest.raises(Refused, match="pas un risque"):
        programme_acts.name_risks(store, action, [action])


YEARS = st.none() | st.integers(2024, 2027)
DAYS = st.none() | st.dates(date(2024, 1, 1), date(2027, 12, 31))


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(YEARS, DAYS, DAYS, DAYS), max_size=12))
def test_the_database_is_asked_for_the_same_year_as_the_rule_says(store, rows):
    with store.change("Préparer") as work:
        for year, due, revised, decided in rows:
            work.new(
                "planned_action",
                title="Mesure",
                programme_year=year,
                due=due,
                revised_due=revised,
                decided_on=decided,
            )
    with store.reading() as read:
        held = read.records(Query("planned_action"))
        for year in range(2024, 2028):
            by_rule = {
                each.id
                for each in held
                if isinstance(each, PlannedAction) and programme_year(each) == year
            }
            assert programme.own_ids(read, year, ()) == by_rule


def test_the_workbook_has_every_legal_column_the_sums_and_the_carried_over(store, made, tmp_path):
    carry(store)
    out = tmp_path / "programme.xlsx"
    assert export_programme(store, 2026, LOIRET, out, Progress()) == 4
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # progress bars are an extension
        book = load_workbook(out)
    sheet = book["Programme 2026"]
    headings = [cell.value for cell in sheet[4]]
    plain = {str(each).replace("\u00a0", " ") for each in headings}
    labels = {"Action", "Risque visé", "Conditions d’exécution", "Coût prévu", "Début", "Preuve"}
    assert labels <= plain
    assert len(LEGAL_FIELDS) <= len(headings)
    rows = [dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet["5:8"]]
    told = {row["Action"]: row for row in rows}
    assert told["sign"]["Programme"] == "Reportée de 2025"
    assert told["sign"]["T3"] is None
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 8, "A3"
    assert sheet.print_title_rows == "$4:$4"
    figures = book["Bilan"]
    first = [[cell.value for cell in row] for row in figures.iter_rows()]
    assert any(row[0] == "Total 2026" for row in first)


def test_the_csv_has_the_measures_and_a_locked_folder_is_told(store, made, tmp_path):
    out = tmp_path / "programme.csv"
    assert export_programme(store, 2026, LOIRET, out, Progress()) == 3
    assert "trolley" in out.read_text(encoding="utf-8-sig")


def test_saying_that_an_action_is_done_gives_it_its_day(store, made):
    ref = reference(store, "planned_action", made["trolley"])
    records.amend(store, ref, {"state": "Réalisée"})
    line = of(store, 2026).by_action[made["trolley"]]
    assert line.action.done_on == TODAY
