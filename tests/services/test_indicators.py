from __future__ import annotations

from datetime import date, timedelta

import pytest

from prevention_app.domain.due import DueState
from prevention_app.services.indicators import indicators
from prevention_app.services.overview import due_items
from prevention_app.services.ratings import rated_risks
from prevention_app.storage.query import Condition, Op, Query

TODAY = date(2026, 9, 30)
DAY = timedelta(days=1)


def figures(store, *owners):
    with store.reading() as read:
        return indicators(read, TODAY, owners)


def first(store, register, key, value):
    with store.reading() as read:
        (found,) = read.records(Query(register, where=(Condition(key, Op.IS, value),)))
    return found


def employ(store, number, full_time):
    department = first(store, "department", "number", number)
    with store.change("Effectif") as work:
        work.amend("department", department, full_time_equivalents=full_time)


@pytest.fixture
def roads(store):
    """A direction, its service, a work unit of 400 on a site."""
    with store.change("Préparer") as work:
        direction = work.new("org_unit", name="Direction des routes")
        service = work.new("org_unit", name="Agence Nord", parent=direction.id)
        site = work.new("site", name="CE Gien", kind="Centre d’exploitation")
        unit = work.new(
            "work_unit", name="CE Gien", org_unit=service.id, site=site.id, headcount=400
        )
    return {"direction": direction, "service": service, "site": site, "unit": unit}


def rate(work, unit, situation, *figures_given, state="evaluated", rated_on=TODAY):
    risk = work.new("risk", work_unit=unit.id, situation=situation, evaluation=state)
    for given in figures_given:
        severity, frequency, control, *day = given
        work.new(
            "rating",
            risk=risk.id,
            severity=severity,
            frequency=frequency,
            control=control,
            rated_on=day[0] if day else rated_on,
        )
    return risk


def test_the_latest_rating_counts_and_a_copied_one_does_not(store, roads):
    with store.change("Coter") as work:
        rate(work, roads["unit"], "Élagage", (4, 4, 4, date(2025, 1, 1)), (4, 4, 1, TODAY))
        rate(work, roads["unit"], "Fauchage", (4, 4, 4, TODAY), (1, 1, 1, date(2020, 1, 1)))
        rate(work, roads["unit"], "Copié", (4, 4, 4), state="to_evaluate")
        rate(work, roads["unit"], "Sans cotation")
        rate(work, roads["unit"], "Deux le même jour", (1, 1, 1), (3, 3, 4))
    found = figures(store).risks
    assert (found.rated, found.immediate, found.to_evaluate) == (3, 2, 2)
    assert [each.residual for each in found.levels] == [0, 1, 1, 1]
    with store.reading() as read:
        by_situation = {each.risk.situation: each for each in rated_risks(read)}
    copied = by_situation["Copié"]
    assert copied.rating is not None
    assert copied.assessment is None


def test_a_rating_by_a_method_that_is_not_here_counts_as_unrated(store, roads):
    with store.change("Coter") as work:
        risk = rate(work, roads["unit"], "Élagage")
        work.new("rating", risk=risk.id, severity=4, frequency=4, control=4, method="autre-1")
    assert figures(store).risks.to_evaluate == 1


def test_risks_are_named_after_their_family(store, roads):
    noise = first(store, "hazard_family", "family_code", "BRUI")
    with store.change("Coter") as work:
        risk = rate(work, roads["unit"], "Débroussaillage", (3, 4, 3))
        work.amend("risk", risk, hazard_family=noise.id)
        rate(work, roads["unit"], "Sans famille", (1, 1, 1))
    families = figures(store).families
    assert [(each.family, each.immediate) for each in families] == [
        (noise.name, 1),
        ("Non précisé", 0),
    ]


def test_actions_fall_in_the_programme_of_their_first_date(store, roads):
    given = {"work_unit": roads["unit"].id}
    with store.change("Prévoir") as work:
        for title, values in {
            "en retard": {"due": TODAY - DAY, "revised_due": date(2027, 5, 1), "cost": 100},
            "bientôt": {"due": TODAY + 90 * DAY, "cost": 50, "committed_cost": 20},
            "faite": {"due": date(2026, 2, 1), "state": "done", "real_cost": 70},
            "vérifiée": {"due": date(2025, 2, 1), "state": "verified"},
            "abandonnée": {"due": date(2026, 2, 1), "state": "abandoned"},
            "plus tard": {"due": date(2027, 2, 1)},
            "sans date": {},
        }.items():
            work.new("planned_action", title=title, **given, **values)
    found = figures(store)
    assert [(each.year, each.total) for each in found.programmes] == [
        (2025, 1),
        (2026, 4),
        (2027, 1),
        (None, 1),
    ]
    programme = found.programme
    assert (programme.late, programme.due_soon, programme.finished) == (1, 1, 1)
    assert (programme.abandoned, programme.rate) == (1, pytest.approx(1 / 3))
    assert found.programmes[-1].undated == 1
    total = found.budget_total
    assert (total.planned, total.committed, total.spent) == (150, 20, 70)
    assert found.directions[0].late == 1


def test_an_action_belongs_to_the_direction_of_its_risk(store, roads):
    with store.change("Prévoir") as work:
        risk = rate(work, roads["unit"], "Élagage")
        work.new("planned_action", title="Nacelle", risk=risk.id, due=TODAY)
    (line,) = figures(store).directions
    assert (line.direction.name, line.actions) == ("Direction des routes", 1)


def test_inspections_are_counted_by_kind_of_site_as_the_due_list_has_them(store, roads):
    with store.change("Équiper") as work:
        hall = work.new("site", name="Hangar", parent=roads["site"].id)
        other = work.new("site", name="Ailleurs")
        for site, values in (
            (hall, {"never_inspected": True}),
            (hall, {}),
            (other, {"state": "suspended"}),
        ):
            work.new("equipment", name="Pont", site=site.id, months=12, **values)
        pont = work.new("equipment", name="Pont", site=hall.id, months=12)
        work.new("inspection", equipment=pont.id, done_on=date(2025, 9, 1))
    found = figures(store)
    centre = next(e for e in found.inspections if e.site_kind == "Centre d’exploitation")
    assert (centre.late, centre.never_done, centre.unknown, centre.followed) == (1, 1, 1, 2)
    with store.reading() as read:
        states = [each.state for each in due_items(read, TODAY)]
    assert states.count(DueState.LATE) == found.inspections_total.late
    assert states.count(DueState.UNKNOWN) == found.inspections_total.unknown
    line = found.directions[0]
    assert (line.direction.name, line.inspections_late) == ("Direction des routes", 2)


def test_credentials_of_who_is_there_are_counted_by_type(store, roads):
    operator = first(store, "credential_type", "type_code", "CERTIPHYTO-OPE")
    with store.change("Habiliter") as work:
        for name, left_on, values in (
            ("valide", None, {"expires": date(2029, 1, 1)}),
            ("à renouveler", None, {"expires": date(2027, 1, 31)}),
            ("expiré", None, {"expires": date(2026, 1, 1)}),
            ("sans date", None, {"state": "held_undated"}),
            ("prévu", None, {"state": "planned"}),
            ("parti", date(2026, 1, 1), {"expires": date(2029, 1, 1)}),
        ):
            person = work.new(
                "person", last_name=name, org_unit=roads["service"].id, left_on=left_on
            )
            work.new("credential", person=person.id, credential_type=operator.id, **values)
    found = figures(store)
    (line,) = found.credentials
    assert (line.valid, line.to_renew, line.expired, line.unknown, line.planned) == (1, 1, 1, 1, 1)
    assert [(each.months, each.operators) for each in found.certiphyto] == [
        (0, 2),
        (6, 1),
        (12, 1),
        (24, 1),
    ]
    assert found.directions[0].expired == 1


def test_accidents_of_five_periods_have_rates_where_people_are_counted(store, roads):
    with store.change("Déclarer") as work:
        for day, values in (
            (TODAY, {"days_lost": 10}),
            (date(2025, 10, 1), {"stoppage": True}),
            (date(2025, 12, 1), {"kind": "commuting", "days_lost": 90}),
            (date(2025, 12, 1), {"material_element": "Outil à main"}),
            (date(2022, 12, 1), {"days_lost": 5}),
        ):
            work.new("accident", happened_on=day, org_unit=roads["service"].id, **values)
    bare = figures(store, "45").accident_periods[-1]
    assert (bare.accidents, bare.with_stoppage, bare.days_lost) == (3, 2, 10)
    assert bare.frequency_rate is None
    employ(store, "45", 2000)
    found = figures(store, "45")
    last = found.accident_periods[-1]
    assert last.frequency_rate == pytest.approx(2e6 / (2000 * 1607))
    assert last.severity_rate == pytest.approx(10e3 / (2000 * 1607))
    assert [each.accidents for each in found.accident_periods] == [0, 1, 0, 0, 3]
    assert [(each.label, each.current) for each in found.accident_causes] == [
        ("Non précisé", 2),
        ("Outil à main", 1),
    ]
    (line,) = found.directions
    assert (line.accidents, line.accidents_5_years, line.days_5_years) == (3, 4, 15)
    assert line.frequency_rate_5_years == pytest.approx(3e6 / (2000 * 1607 * 5))
    assert figures(store).accident_periods[-1].frequency_rate is None, "41 and 28 do not say"


def test_the_register_of_a_quarter_and_what_waits_for_an_answer(store, roads):
    given = {"site": roads["site"].id}
    with store.change("Signaler") as work:
        for day, values in (
            (date(2026, 9, 14), {}),
            (date(2026, 9, 15), {}),
            (date(2026, 7, 1), {"follow_up": "answered", "answered_on": date(2026, 7, 9)}),
            (date(2025, 1, 1), {"follow_up": "closed", "closed_on": date(2026, 8, 1)}),
        ):
            work.new(
                "health_safety_entry", reported_on=day, observation=f"Le {day}", **given, **values
            )
    found = figures(store)
    newest = found.quarters[-1]
    assert (newest.received, newest.closed, newest.median_days) == (3, 1, 8.0)
    assert found.unanswered == 1
    assert found.directions[0].entries == 3


def test_people_are_those_of_the_units_of_today_each_once(store, roads):
    with store.change("Compter") as work:
        kind = work.new("work_unit", name="CE (type)", headcount=400)
        work.amend("work_unit", roads["unit"], type_of=kind.id)
        work.new("work_unit", name="Fermée", headcount=50, valid_until=TODAY - DAY)
        work.new("work_unit", name="Par sexe", women=30, men=20, valid_until=TODAY)
    found = figures(store)
    assert found.agents == 450
    assert [(each.direction.name, each.agents) for each in found.directions] == [
        ("Direction des routes", 400),
        ("Non rattaché", 50),
    ]


def test_without_headcounts_the_staff_list_counts_the_people(store):
    with store.change("Compter") as work:
        unit = work.new("org_unit", name="Finances")
        for name, left_on in (("Un", None), ("Deux", None), ("Parti", date(2026, 1, 1))):
            work.new("person", last_name=name, org_unit=unit.id, left_on=left_on)
    assert figures(store).agents == 2


def test_stock_that_should_leave_the_store_is_counted(store, roads):
    with store.change("Ranger") as work:
        room = work.new("store_room", name="Armoire", site=roads["site"].id)
        for name, values in {
            "périmé": {"use_by": date(2026, 1, 1)},
            "bon": {"use_by": date(2030, 1, 1)},
            "isolé": {"state": "set_aside", "set_aside_on": date(2026, 9, 1)},
            "oublié": {"state": "set_aside", "set_aside_on": date(2025, 9, 1)},
            "collecté": {"state": "collected"},
        }.items():
            work.new("stock_line", store_room=room.id, name_as_written=name, **values)
    found = figures(store).stock
    assert (found.lines, found.not_usable, found.set_aside, found.too_long) == (4, 1, 2, 1)


def test_a_department_alone_and_all_three_together(store):
    with store.change("Préparer") as work:
        for owner, count in (("41", 1), ("45", 2), ("28", 3)):
            unit = work.new("org_unit", owner=owner, name="Direction des routes")
            for number in range(count):
                work.new(
                    "accident",
                    owner=owner,
                    happened_on=TODAY,
                    org_unit=unit.id,
                    number=str(number),
                )
    assert figures(store, "45").accident_periods[-1].accidents == 2
    assert figures(store, "45").departments == ("45",)
    together = figures(store)
    assert together.departments == ("28", "41", "45")
    assert together.accident_periods[-1].accidents == 6
    lines = {each.direction.department: each.accidents for each in together.directions}
    assert lines == {"41": 1, "45": 2, "28": 3}, "directions of one name stay apart"
