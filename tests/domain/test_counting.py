from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from prevention_app.catalogue.vocabulary import AccidentKind
from prevention_app.domain.counting import indicators
from prevention_app.domain.due import DueState
from prevention_app.domain.facts import (
    AccidentFact,
    ActionFact,
    ActionProgress,
    CertiphytoRole,
    CredentialFact,
    Direction,
    Employer,
    EntryFact,
    Facts,
    InspectionFact,
    RiskFact,
    StockFact,
)
from prevention_app.domain.figures import certiphyto_role
from prevention_app.domain.ratings import assess
from prevention_app.services.methods import method

AS_AT = date(2026, 9, 30)
ROADS = Direction("45", "Routes", "r")
SCHOOLS = Direction("45", "Éducation", "s")
NOWHERE = Direction("45", "Non rattaché")
GFM = method("gfm-1")
LOIRET = (Employer("45", 1000),)


def count(employers=LOIRET, agents=None, **facts):
    people = {ROADS: 400, SCHOOLS: 100} if agents is None else agents
    return indicators(Facts(tuple(employers), people, **facts), GFM, AS_AT)


def risk(severity, frequency, control, family="Routier", direction=ROADS):
    return RiskFact(
        direction,
        family,
        assess(GFM, {"severity": severity, "frequency": frequency, "control": control}),
    )


def accident(day, kind=AccidentKind.SERVICE, days=0, element="Chute", direction=ROADS):
    return AccidentFact(direction, day, kind, days > 0, days, element)


def action(progress, year=2026, kind="collective", money=(0, 0, 0), direction=ROADS):
    return ActionFact(direction, year, progress, kind, *map(Decimal, money))


# -- The document unique


def test_risks_are_counted_before_and_after_and_unrated_ones_apart():
    found = count(
        risks=[
            risk(4, 4, 4),
            risk(4, 4, 2),
            risk(4, 1, 1),
            risk(1, 1, 1),
            risk(3, 3, None),
            RiskFact(ROADS, "Bruit", None),
        ]
    ).risks
    assert [(each.level.code, each.initial, each.residual) for each in found.levels] == [
        ("low", 1, 1),
        ("medium", 1, 1),
        ("high", 0, 1),
        ("critical", 2, 1),
    ]
    assert (found.rated, found.immediate, found.to_evaluate) == (4, 2, 2)


def test_families_begin_with_the_most_immediate_risks():
    found = count(
        risks=[risk(2, 1, 1, "Bruit"), risk(2, 1, 1, "Bruit"), risk(3, 4, 4), risk(1, 1, 1)]
    ).families
    assert [(each.family, each.residual, each.immediate) for each in found] == [
        ("Routier", (1, 0, 0, 1), 1),
        ("Bruit", (2, 0, 0, 0), 0),
    ]


# -- Programmes and money


def test_the_rate_of_a_programme_leaves_out_what_was_abandoned():
    found = count(
        actions=[
            action(ActionProgress.FINISHED),
            action(ActionProgress.FINISHED),
            action(ActionProgress.LATE),
            action(ActionProgress.ABANDONED),
            action(ActionProgress.UNDATED, None),
            action(ActionProgress.ON_TIME, 2027),
        ]
    )
    assert [each.year for each in found.programmes] == [2026, 2027, None]
    assert found.programme == found.programmes[0]
    assert (found.programme.total, found.programme.open) == (4, 1)
    assert found.programme.rate == pytest.approx(2 / 3)
    assert found.programmes[2].undated == 1


def test_money_is_summed_by_type_of_measure_for_the_year():
    found = count(
        actions=[
            action(ActionProgress.FINISHED, kind="training", money=(100, 80, 70)),
            action(ActionProgress.LATE, kind="training", money=(50, 20, 10)),
            action(ActionProgress.ABANDONED, kind="removal", money=(1000, 0, 0)),
            action(ActionProgress.ON_TIME, kind=None, money=(5, 5, 0)),
            action(ActionProgress.ON_TIME, 2027, money=(9000, 9000, 0)),
        ]
    )
    assert [(each.label, each.planned, each.committed, each.spent) for each in found.budget] == [
        ("Suppression du risque", 1000, 0, 0),
        ("Formation et instructions", 150, 100, 70),
        ("Non précisé", 5, 5, 0),
    ]
    assert found.budget_total.planned == 1155


# -- Inspections, credentials


def test_what_is_not_known_is_counted_apart_and_never_as_late():
    def at(kind, *states):
        return [InspectionFact(ROADS, kind, each) for each in states]

    found = count(
        inspections=[
            *at("Collège", DueState.UP_TO_DATE, DueState.TO_PLAN, DueState.UNKNOWN),
            *at("Parc", DueState.LATE, DueState.NEVER_DONE, DueState.UP_TO_DATE),
            *at("Parc", DueState.SUSPENDED, DueState.NOT_APPLICABLE, DueState.UP_TO_DATE),
            *at("Dépôt", DueState.UNKNOWN),
        ]
    )
    lines = [(each.site_kind, each.followed, each.rate) for each in found.inspections]
    assert lines == [("Parc", 4, 0.5), ("Collège", 2, 1.0), ("Dépôt", 0, None)]
    assert (found.inspections_total.unknown, found.inspections_total.late) == (2, 1)
    assert found.inspections_total.rate == pytest.approx(4 / 6)


def credential(person, state, code="SST", *, held=True, end=None, role=None):
    return CredentialFact(ROADS, person, code, code, "", state, held, end, role)


def test_credentials_are_counted_by_type_most_expired_first():
    found = count(
        credentials=[
            credential("a", DueState.UP_TO_DATE),
            credential("b", DueState.TO_PLAN),
            credential("c", DueState.LATE, "PRAP"),
            credential("d", DueState.UP_TO_DATE, "PRAP"),
            credential("e", DueState.TO_PLAN, "PRAP", held=False),
            credential("f", DueState.UNKNOWN, "PRAP"),
            credential("g", DueState.NOT_APPLICABLE, "PRAP"),
        ]
    )
    prap, sst = found.credentials
    assert (prap.type_name, sst.type_name) == ("PRAP", "SST")
    assert (prap.valid, prap.to_renew, prap.expired, prap.unknown, prap.planned) == (1, 0, 1, 1, 1)
    assert (prap.rate, sst.rate) == (0.5, 1.0)
    assert found.credentials_total.rate == 0.75


def test_certiphyto_coverage_counts_persons_and_looks_two_years_ahead():
    role = CertiphytoRole
    found = count(
        credentials=[
            credential("a", DueState.TO_PLAN, end=date(2027, 3, 29), role=role.OPERATOR),
            credential("b", DueState.UP_TO_DATE, end=date(2027, 9, 30), role=role.OPERATOR),
            credential("b", DueState.UP_TO_DATE, end=date(2029, 1, 1), role=role.DECIDER),
            credential("c", DueState.UP_TO_DATE, end=date(2029, 1, 1), role=role.OTHER),
            credential("d", DueState.LATE, end=date(2026, 9, 29), role=role.OPERATOR),
            credential("e", DueState.UNKNOWN, role=role.OPERATOR),
            credential("f", DueState.UP_TO_DATE, end=date(2029, 1, 1)),
        ]
    ).certiphyto
    assert [
        (each.months, each.operators, each.deciders, each.others, each.holders) for each in found
    ] == [(0, 2, 1, 1, 3), (6, 1, 1, 1, 2), (12, 1, 1, 1, 2), (24, 0, 1, 1, 2)]
    assert found[1].on == date(2027, 3, 30)


@pytest.mark.parametrize(
    ("code", "name", "category", "role"),
    [
        ("CERTIPHYTO-OPE", "Certiphyto opérateur", "", CertiphytoRole.OPERATOR),
        ("CERTIPHYTO-DENSA", "Certiphyto décideur", "", CertiphytoRole.DECIDER),
        ("CERTIPHYTO-DESA", "", "", CertiphytoRole.DECIDER),
        ("CERTIPHYTO-VENTE", "Certiphyto vente", "", CertiphytoRole.OTHER),
        ("", "Certiphyto", "Opérateur", CertiphytoRole.OPERATOR),
        ("CERTIBIOCIDE", "Certibiocide", "", None),
    ],
)
def test_a_certiphyto_is_known_by_its_code_or_its_words(code, name, category, role):
    assert certiphyto_role(code, name, category) is role


# -- The health and safety register


def test_a_quarter_has_its_entries_its_closings_and_a_median_delay():
    found = count(
        entries=[
            EntryFact(ROADS, date(2026, 7, 1), date(2026, 7, 5), date(2026, 8, 1), overdue=False),
            EntryFact(ROADS, date(2026, 7, 1), date(2026, 7, 11), None, overdue=False),
            EntryFact(ROADS, date(2026, 9, 1), None, None, overdue=True),
            EntryFact(ROADS, date(2026, 6, 1), date(2026, 6, 2), date(2026, 9, 30), overdue=False),
            EntryFact(ROADS, date(2026, 10, 1), None, None, overdue=False),
        ]
    )
    assert [each.label for each in found.quarters][-2:] == ["T2 2026", "T3 2026"]
    assert len(found.quarters) == 8
    newest = found.quarters[-1]
    assert (newest.received, newest.closed, newest.median_days) == (3, 2, 7.0)
    assert found.quarters[0].median_days is None
    assert found.unanswered == 1


# -- Accidents


def test_rates_are_of_accidents_at_work_over_the_hours_of_the_same_period():
    found = count(
        accidents=[
            accident(date(2025, 10, 1), days=10),
            accident(date(2026, 9, 30), AccidentKind.MISSION, days=4),
            accident(date(2026, 1, 1)),
            accident(date(2026, 1, 1), AccidentKind.COMMUTING, days=100),
            accident(date(2026, 1, 1), AccidentKind.DISEASE, days=100),
            accident(date(2026, 1, 1), AccidentKind.NEAR_MISS),
            accident(date(2025, 9, 30), days=1),
            accident(date(2026, 10, 1), days=1),
        ]
    ).accident_periods
    assert [each.label for each in found][-2:] == ["2024-2025", "2025-2026"]
    last = found[-1]
    assert (last.accidents, last.with_stoppage, last.days_lost) == (3, 2, 14)
    assert (last.commuting, last.diseases, last.near_misses) == (1, 1, 1)
    assert last.hours == 1_607_000
    assert last.frequency_rate == pytest.approx(2 / 1.607)
    assert last.severity_rate == pytest.approx(14 / 1607)
    assert found[-2].accidents == 1


@pytest.mark.parametrize(
    "employers",
    [
        (Employer("45", None),),
        (Employer("45", 99),),
        (Employer("41", 900), Employer("45", None)),
    ],
)
def test_without_a_denominator_that_means_something_there_are_counts_only(employers):
    found = count(employers, accidents=[accident(AS_AT, days=3)])
    assert found.accident_periods[-1].frequency_rate is None
    assert found.accident_periods[-1].accidents == 1
    assert found.directions_total.frequency_rate_5_years is None


def test_the_departments_together_divide_by_all_their_people():
    found = count((Employer("41", 600), Employer("45", 1400)), accidents=[accident(AS_AT, days=3)])
    assert found.full_time_equivalents == 2000
    assert found.accident_periods[-1].frequency_rate == pytest.approx(1 / 3.214)


def test_causes_and_kinds_compare_the_last_two_periods():
    found = count(
        accidents=[
            accident(date(2026, 1, 1), element="Outil", days=3),
            accident(date(2026, 2, 1), element="Outil", days=4),
            accident(date(2026, 2, 1), element="Chute"),
            accident(date(2025, 2, 1), element="Chute", days=9),
            accident(date(2020, 2, 1), element="Foudre"),
            accident(date(2026, 2, 1), AccidentKind.COMMUTING, element="Véhicule"),
        ]
    )
    assert [
        (each.label, each.current, each.previous, each.days_lost) for each in found.accident_causes
    ] == [("Outil", 2, 0, 7), ("Chute", 1, 1, 0)]
    kinds = {each.label: each.current for each in found.accident_kinds}
    assert kinds["Accident de service"] == 3
    assert kinds["Accident de trajet"] == 1


# -- By direction


def test_lines_of_directions_add_up_to_the_total():
    found = count(
        agents={ROADS: 400, SCHOOLS: 600, NOWHERE: 30},
        risks=[risk(3, 4, 4), risk(1, 1, 1, direction=SCHOOLS), risk(3, 4, 4, direction=NOWHERE)],
        actions=[
            action(ActionProgress.FINISHED, money=(10, 5, 0)),
            action(ActionProgress.LATE, direction=SCHOOLS, money=(20, 5, 0)),
        ],
        accidents=[
            accident(date(2026, 1, 1), days=3),
            accident(date(2022, 1, 1), days=2),
            accident(date(2026, 1, 1), direction=SCHOOLS),
        ],
        inspections=[
            InspectionFact(SCHOOLS, "Collège", DueState.NEVER_DONE),
            InspectionFact(SCHOOLS, "Collège", DueState.LATE),
            InspectionFact(ROADS, "Centre", DueState.TO_PLAN),
        ],
        credentials=[credential("a", DueState.LATE)],
        entries=[
            EntryFact(ROADS, date(2026, 1, 1), None, None, overdue=True),
            EntryFact(ROADS, date(2025, 9, 1), None, None, overdue=True),
        ],
    )
    assert [each.direction.name for each in found.directions] == [
        "Éducation",
        "Routes",
        "Non rattaché",
    ]
    schools, roads, _ = found.directions
    assert (roads.accidents, roads.accidents_5_years, roads.days_5_years) == (1, 2, 5)
    assert (schools.inspections_late, schools.inspections_followed) == (2, 2)
    assert (roads.entries, roads.unanswered) == (1, 2)
    total = found.directions_total
    for key in ("rated", "immediate", "actions", "late", "planned", "accidents", "expired"):
        assert getattr(total, key) == sum(getattr(each, key) for each in found.directions)
    assert total.agents == found.agents == 1030


def test_a_direction_shares_the_hours_by_its_people_and_small_ones_have_no_rate():
    found = count(
        agents={ROADS: 450, SCHOOLS: 50},
        accidents=[accident(AS_AT, days=3), accident(AS_AT, days=3, direction=SCHOOLS)],
    )
    roads, schools = found.directions
    assert roads.frequency_rate_5_years == pytest.approx(1e6 / (900 * 1607 * 5))
    assert found.directions_total.frequency_rate_5_years == pytest.approx(2e6 / (1000 * 1607 * 5))
    assert schools.frequency_rate_5_years == pytest.approx(1e6 / (100 * 1607 * 5))
    fewer = indicators(
        Facts((Employer("45", 1000),), {ROADS: 451, SCHOOLS: 49}, accidents=[accident(AS_AT)]),
        GFM,
        AS_AT,
    )
    assert fewer.directions[1].frequency_rate_5_years is None


def test_stock_that_should_leave_is_counted():
    found = count(
        stock=[
            StockFact(ROADS, set_aside=False, not_usable=True, too_long=False),
            StockFact(ROADS, set_aside=True, not_usable=False, too_long=True),
            StockFact(ROADS, set_aside=False, not_usable=False, too_long=False),
        ]
    ).stock
    assert (found.lines, found.not_usable, found.set_aside, found.too_long) == (3, 1, 1, 1)


def test_nothing_recorded_gives_no_rate_and_no_error():
    found = count(employers=(), agents={})
    assert found.agents is None
    assert found.programme.rate is None
    assert found.inspections_total.rate is None
    assert found.credentials_total.rate is None
    assert found.directions == ()
