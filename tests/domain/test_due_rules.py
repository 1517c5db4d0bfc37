from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from prevention_app.catalogue.credentials import Credential, CredentialType
from prevention_app.catalogue.equipment import Equipment, Inspection, InspectionType, Reservation
from prevention_app.catalogue.health_safety import HealthSafetyEntry
from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.catalogue.stores import StockLine
from prevention_app.domain.due import DueState
from prevention_app.domain.due_rules import (
    action_due,
    answer_due,
    credential_due,
    credential_end,
    inspection_due,
    is_departed,
    period_words,
    renewal_window,
    reservation_due,
    stock_due,
)
from prevention_app.domain.product_law import ProductState, ProductVerdict

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)

YEARLY = InspectionType(months=Decimal(12), alert_days=45)
CERTIPHYTO = CredentialType(validity_months=60, renew_from_months=9, renew_until_months=3)
FIRST_AID = CredentialType(validity_months=24)
ENDLESS = CredentialType(validity_months=None)


def equipment(**values):
    return Equipment(**({"state": "in_service", "never_inspected": False} | values))


def credential(**values):
    return Credential(**({"state": "held"} | values))


def line(**values):
    return StockLine(**({"state": "in_stock"} | values))


# -- Inspections


def test_an_inspection_is_due_one_period_after_the_latest():
    found = inspection_due(equipment(), YEARLY, Inspection(done_on=date(2026, 1, 10)), TODAY)
    assert (found.due_on, found.state) == (date(2027, 1, 10), DueState.UP_TO_DATE)
    assert found.what == "Vérification annuelle"


@pytest.mark.parametrize(
    ("due_on", "state"),
    [
        (TODAY - DAY, DueState.LATE),
        (TODAY, DueState.TO_PLAN),
        (TODAY + timedelta(days=45), DueState.TO_PLAN),
        (TODAY + timedelta(days=46), DueState.UP_TO_DATE),
    ],
)
def test_the_type_says_how_long_before_it_is_planned(due_on, state):
    last = Inspection(done_on=date(due_on.year - 1, due_on.month, due_on.day))
    assert inspection_due(equipment(), YEARLY, last, TODAY).state is state


def test_the_own_period_of_an_equipment_wins_over_that_of_its_type():
    own = equipment(months=Decimal("0.25"))
    found = inspection_due(own, YEARLY, Inspection(done_on=TODAY - DAY), TODAY)
    assert (found.due_on, found.state) == (TODAY + 6 * DAY, DueState.UP_TO_DATE)
    assert found.what == "Vérification hebdomadaire"


def test_without_a_period_the_date_written_in_the_report_holds():
    last = Inspection(done_on=date(2026, 1, 1), next_due=date(2026, 6, 1))
    found = inspection_due(equipment(), None, last, TODAY)
    assert (found.due_on, found.state) == (date(2026, 6, 1), DueState.LATE)


def test_an_equipment_without_a_date_is_to_be_asked_about_and_not_late():
    assert inspection_due(equipment(), YEARLY, None, TODAY).state is DueState.UNKNOWN
    undated = inspection_due(equipment(), None, Inspection(done_on=date(2009, 1, 1)), TODAY)
    assert undated.state is DueState.UNKNOWN


def test_never_inspected_must_be_confirmed():
    confirmed = equipment(never_inspected=True)
    assert inspection_due(confirmed, YEARLY, None, TODAY).state is DueState.NEVER_DONE
    since = Inspection(done_on=TODAY)
    assert inspection_due(confirmed, YEARLY, since, TODAY).state is DueState.UP_TO_DATE


@pytest.mark.parametrize("state", ["suspended", "not_applicable"])
def test_what_is_out_of_service_has_no_date_but_its_reason(state):
    last = Inspection(done_on=date(2009, 1, 1))
    found = inspection_due(equipment(state=state, state_reason="en panne"), YEARLY, last, TODAY)
    assert found.state == state
    assert found.due_on is None
    assert found.what.endswith("(en panne)")


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ("1.5", "toutes les six semaines"),
        ("30", "tous les 30 mois"),
        ("2.5", "tous les 2,5 mois"),
        (None, "périodique"),
    ],
)
def test_a_period_is_said_in_words(months, words):
    assert period_words(Decimal(months) if months else None) == words


def test_a_reservation_waits_until_it_is_lifted():
    open_one = Reservation(action_due=TODAY - DAY)
    assert reservation_due(open_one, TODAY).state is DueState.LATE
    assert reservation_due(Reservation(), TODAY).state is DueState.UNKNOWN
    assert reservation_due(Reservation(action_due=TODAY - DAY, lifted_on=TODAY), TODAY) is None


# -- Credentials


def test_the_end_is_as_written_else_from_the_type():
    written = credential(obtained=date(2022, 1, 1), expires=date(2026, 3, 1))
    assert credential_end(written, CERTIPHYTO) == date(2026, 3, 1)
    assert credential_end(credential(obtained=date(2022, 1, 31)), FIRST_AID) == date(2024, 1, 31)
    assert credential_end(credential(obtained=date(2022, 1, 1)), ENDLESS) is None
    assert credential_end(credential(), CERTIPHYTO) is None


def test_an_extension_moves_the_end_and_never_back():
    extended = credential(expires=date(2024, 6, 1), extended_until=date(2025, 6, 1))
    assert credential_end(extended, CERTIPHYTO) == date(2025, 6, 1)
    shorter = credential(expires=date(2027, 6, 1), extended_until=date(2025, 6, 1))
    assert credential_end(shorter, CERTIPHYTO) == date(2027, 6, 1)


def test_a_certiphyto_is_asked_for_nine_to_three_months_before_its_end():
    end = date(2027, 8, 24)
    assert renewal_window(end, CERTIPHYTO) == (date(2026, 11, 24), date(2027, 5, 24))
    found = credential_due(credential(expires=end), CERTIPHYTO, TODAY)
    assert found.state is DueState.TO_PLAN
    assert found.what == "Renouvellement (demande entre le 24/11/2026 et le 24/05/2027)"
    assert credential_due(credential(expires=end + DAY), CERTIPHYTO, TODAY).state is (
        DueState.UP_TO_DATE
    )


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (TODAY - DAY, DueState.LATE),
        (TODAY, DueState.TO_PLAN),
        (date(2027, 5, 24), DueState.TO_PLAN),
        (date(2027, 5, 25), DueState.UP_TO_DATE),
    ],
)
def test_other_credentials_are_renewed_in_their_last_six_months(end, state):
    assert credential_due(credential(expires=end), FIRST_AID, TODAY).state is state


@pytest.mark.parametrize(
    ("values", "kind", "state"),
    [
        ({"state": "held_undated"}, FIRST_AID, DueState.UNKNOWN),
        ({"state": "held_undated"}, ENDLESS, DueState.UNKNOWN),
        ({"state": "held"}, None, DueState.UNKNOWN),
        ({"state": "held", "obtained": date(2009, 1, 1)}, None, DueState.UNKNOWN),
        ({"state": "held", "obtained": date(2009, 1, 1)}, ENDLESS, DueState.UP_TO_DATE),
        ({"state": "planned"}, FIRST_AID, DueState.TO_PLAN),
        ({"state": "not_applicable", "expires": date(2009, 1, 1)}, None, DueState.NOT_APPLICABLE),
    ],
)
def test_a_credential_without_an_end_is_never_late(values, kind, state):
    assert credential_due(credential(**values), kind, TODAY).state is state


def test_one_has_left_from_the_day_after():
    assert not is_departed(TODAY, TODAY)
    assert is_departed(TODAY - DAY, TODAY)
    assert not is_departed(None, TODAY)


# -- The health and safety register


def entry(**values):
    return HealthSafetyEntry(**({"reported_on": TODAY - 15 * DAY, "follow_up": "open"} | values))


def test_an_answer_is_expected_in_fifteen_days_by_house_rule():
    found = answer_due(entry(), TODAY)
    assert (found.due_on, found.state) == (TODAY, DueState.TO_PLAN)
    assert "règle interne" in found.what
    assert answer_due(entry(), TODAY + DAY).state is DueState.LATE


def test_a_date_that_was_set_wins_over_the_house_rule():
    found = answer_due(entry(answer_due=TODAY + 40 * DAY), TODAY)
    assert found.due_on == TODAY + 40 * DAY
    assert "règle interne" not in found.what


@pytest.mark.parametrize(
    "values",
    [
        {"answered_on": TODAY},
        {"answer": "Éclairage remplacé"},
        {"follow_up": "answered"},
        {"follow_up": "closed"},
        {"closed_on": TODAY},
    ],
)
def test_an_answered_entry_waits_for_nothing(values):
    assert answer_due(entry(reported_on=date(2020, 1, 1), **values), TODAY) is None


# -- Planned actions


def action(**values):
    return PlannedAction(**({"state": "to_do"} | values))


def test_a_revised_date_never_hides_a_delay():
    found = action_due(action(due=TODAY - DAY, revised_due=date(2028, 1, 1)), TODAY)
    assert (found.due_on, found.state) == (TODAY - DAY, DueState.LATE)
    assert found.what == "Action de prévention (échéance révisée au 01/01/2028)"


@pytest.mark.parametrize("state", ["proposed", "to_do", "in_progress", "ongoing", "postponed"])
def test_an_action_that_is_not_finished_is_late_after_its_date(state):
    assert action_due(action(state=state, due=TODAY - DAY), TODAY).state is DueState.LATE


@pytest.mark.parametrize(
    "values",
    [
        {"state": "done"},
        {"state": "verified"},
        {"state": "abandoned"},
        {"state": "in_progress", "done_on": TODAY},
    ],
)
def test_a_settled_action_is_no_longer_due(values):
    assert action_due(action(due=date(2020, 1, 1), **values), TODAY) is None


def test_an_action_without_a_date_is_to_be_dated_unless_it_goes_on_for_ever():
    assert action_due(action(), TODAY).state is DueState.UNKNOWN
    assert action_due(action(state="ongoing"), TODAY) is None
    revised = action_due(action(revised_due=TODAY + DAY), TODAY)
    assert (revised.due_on, revised.state) == (TODAY + DAY, DueState.TO_PLAN)


# -- Store rooms

ENDED = ProductVerdict(ProductState.NO_USE, "Retiré.", use_until=date(2026, 6, 30))
ENDING = ProductVerdict(ProductState.NO_PURCHASE, "Retiré.", use_until=date(2027, 1, 31))
AUTHORISED = ProductVerdict(ProductState.AUTHORISED, "Autorisé.")
UNPUBLISHED = ProductVerdict(ProductState.TO_CHECK, "Retiré ; à vérifier.")


@pytest.mark.parametrize(
    ("use_by", "verdict", "due_on", "state"),
    [
        (date(2026, 10, 1), None, date(2026, 10, 1), DueState.LATE),
        (date(2030, 1, 1), AUTHORISED, date(2030, 1, 1), DueState.UP_TO_DATE),
        (date(2030, 1, 1), ENDING, date(2027, 1, 31), DueState.TO_PLAN),
        (date(2026, 12, 1), ENDING, date(2026, 12, 1), DueState.TO_PLAN),
        (None, ENDED, date(2026, 6, 30), DueState.LATE),
        (None, UNPUBLISHED, None, DueState.UNKNOWN),
    ],
)
def test_a_product_is_used_by_its_own_date_or_that_of_the_catalogue(use_by, verdict, due_on, state):
    found = stock_due(line(use_by=use_by), verdict, TODAY)
    assert (found.due_on, found.state) == (due_on, state)


def test_past_its_end_a_product_is_to_be_set_aside():
    assert "à isoler comme PPNU" in stock_due(line(), ENDED, TODAY).what
    assert "à isoler" not in stock_due(line(), ENDING, TODAY).what


@pytest.mark.parametrize("verdict", [None, AUTHORISED])
def test_a_product_without_an_end_waits_for_nothing(verdict):
    assert stock_due(line(), verdict, TODAY) is None


@pytest.mark.parametrize("state", ["collected", "destroyed"])
def test_what_has_left_the_store_is_no_longer_due(state):
    assert stock_due(line(state=state, use_by=date(2020, 1, 1)), ENDED, TODAY) is None


@pytest.mark.parametrize(
    ("set_aside_on", "state", "too_long"),
    [
        (date(2026, 2, 23), DueState.LATE, True),
        (date(2026, 2, 24), DueState.TO_PLAN, False),
        (date(2026, 11, 1), DueState.UP_TO_DATE, False),
        (None, DueState.UNKNOWN, False),
    ],
)
def test_waste_leaves_the_store_in_nine_months(set_aside_on, state, too_long):
    found = stock_due(line(state="set_aside", set_aside_on=set_aside_on), None, TODAY)
    assert found.state is state
    assert ("plus de 9 mois" in found.what) is too_long


def test_waste_is_collected_within_the_year_after_the_end_of_use():
    aside = line(state="set_aside", set_aside_on=date(2026, 11, 1))
    found = stock_due(aside, ENDED, TODAY)
    assert found.due_on == date(2027, 6, 30)
    long_ago = ProductVerdict(ProductState.NO_USE, "Retiré.", use_until=date(2025, 1, 1))
    assert stock_due(aside, long_ago, TODAY).state is DueState.LATE
