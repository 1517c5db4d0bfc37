"""The yearly programme: what it must tell, what belongs to it, what its figures mean."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.catalogue.description import DECLARED
from prevention_app.catalogue.risk_document import PlannedAction, Risk
from prevention_app.catalogue.vocabulary import ActionState
from prevention_app.domain.due_rules import action_due
from prevention_app.domain.facts import Direction
from prevention_app.domain.programme import (
    LEGAL_FIELDS,
    Balance,
    YearFigures,
    action_fact,
    programme_year,
    quarters_of,
    share_of,
    with_day_done,
)
from prevention_app.exchange.consolidated_columns import plans
from prevention_app.services.methods import method

TODAY = date(2026, 11, 24)
ENTITY = DECLARED[PlannedAction]
ASKED = {
    "libellé": {"title"},
    "risques liés": {"risk"},
    "type de mesure": {"measure_type"},
    "pilote": {"pilot"},
    "ressources": {"resources"},
    "conditions d’exécution": {"conditions"},
    "indicateur de résultat": {"indicator"},
    "valeur cible": {"target"},
    "valeur constatée": {"found"},
    "coût estimé": {"cost"},
    "coût réel": {"real_cost"},
    "échéance et calendrier": {"start", "due", "revised_due"},
    "statut": {"state"},
    "avancement": {"progress"},
    "preuve": {"proof"},
    "date de réalisation": {"done_on"},
    "vérification d’efficacité": {"verified_on", "verification", "verified_by"},
}
"""What L4121-3-1 III and practice ask of each measure."""


def action(**values: object) -> PlannedAction:
    made = ENTITY.new(**{"title": "Mesure", **values})
    assert isinstance(made, PlannedAction)
    return made


def facts(*actions: PlannedAction):
    nowhere = Direction("45", "Routes", "r")
    return [action_fact(each, action_due(each, TODAY), nowhere) for each in actions]


def test_every_field_that_is_asked_for_is_declared_and_told_and_no_other() -> None:
    asked = set().union(*ASKED.values())
    assert {each.key for each in LEGAL_FIELDS} == asked
    assert asked <= set(ENTITY.by_key)
    law = {each.key for each in LEGAL_FIELDS if "L4121-3-1" in each.source}
    assert law >= {"conditions", "indicator", "cost", "resources", "due"}


def test_the_workbook_s_programme_has_a_column_for_each() -> None:
    plan = next(each for each in plans(method(), 2026) if each.key == "programme")
    shown = {each.key for each in plan.columns}
    assert {each.key for each in LEGAL_FIELDS} - shown == set()
    assert {"quarter_1", "quarter_4", "programme"} <= shown


def test_an_action_belongs_to_the_year_that_was_said_else_that_of_its_first_date() -> None:
    due, revised = date(2026, 3, 1), date(2027, 3, 1)
    assert programme_year(action(due=due, revised_due=revised)) == 2026
    assert programme_year(action(due=due, programme_year=2025)) == 2025
    assert programme_year(action(revised_due=revised, decided_on=due)) == 2027
    assert programme_year(action(decided_on=due)) == 2026
    assert programme_year(action()) is None


def test_the_calendar_marks_each_quarter_from_the_start_to_the_date() -> None:
    held = action(start=date(2025, 11, 1), due=date(2026, 8, 15))
    assert quarters_of(held, 2025) == (4,)
    assert quarters_of(held, 2026) == (1, 2, 3)
    assert quarters_of(action(due=date(2026, 8, 15)), 2026) == (3,)
    late = action(due=date(2025, 12, 1), revised_due=date(2026, 2, 1))
    assert quarters_of(late, 2026) == (1,), "carried over: the revised date holds"
    assert quarters_of(late, 2025) == (4,)
    assert quarters_of(action(), 2026) == ()


def test_completion_is_counted_by_number_and_by_cost_without_what_is_abandoned() -> None:
    due = date(2026, 5, 1)
    share = share_of(
        2026,
        facts(
            action(due=due, state="verified", cost=Decimal(100), real_cost=Decimal(90)),
            action(due=due, state="to_do", cost=Decimal(300), real_cost=Decimal(5)),
            action(due=due, state="abandoned", cost=Decimal(1000)),
            action(due=date(2026, 12, 31), state="done", committed_cost=Decimal(7)),
        ),
    )
    assert share.rate == pytest.approx(2 / 3)
    assert share.rate_by_cost == pytest.approx(100 / 400)
    assert (share.money.planned, share.money.committed, share.money.spent) == (1400, 7, 90)
    assert share.progress.late == 1


def test_money_and_lateness_of_a_year_hold_what_was_carried_over_and_its_rate_does_not() -> None:
    own = share_of(2026, facts(action(due=date(2026, 2, 1), state="done", cost=Decimal(10))))
    carried = share_of(2026, facts(action(due=date(2025, 2, 1), cost=Decimal(40))))
    figures = YearFigures(2026, "", own, carried, Decimal(45))
    assert figures.own.rate == 1
    assert (figures.planned, figures.late, figures.beyond_credits) == (50, 1, 5)
    assert Balance(figures, unfinished=3, carried_on=1).to_carry == 2


@given(st.lists(st.tuples(st.sampled_from(list(ActionState)), st.integers(0, 10_000)), max_size=30))
def test_rates_lie_between_none_and_all_and_nothing_is_lost(held) -> None:
    due = date(2026, 6, 30)
    made = [action(due=due, state=state.value, cost=Decimal(cost)) for state, cost in held]
    share = share_of(2026, facts(*made))
    assert share.progress.total == len(held)
    for rate in (share.rate, share.rate_by_cost):
        assert rate is None or 0 <= rate <= 1
    assert share.finished_cost <= share.kept_cost <= share.money.planned


def test_an_action_that_becomes_finished_gets_its_day_unless_somebody_gave_one() -> None:
    held = action(state="to_do")
    assert with_day_done(held, {"state": "done"}, TODAY)["done_on"] == TODAY
    assert with_day_done(held, {"state": "verified"}, TODAY)["done_on"] == TODAY
    day = date(2026, 1, 5)
    assert with_day_done(held, {"state": "done", "done_on": day}, TODAY)["done_on"] == day
    assert with_day_done(held, {"state": "in_progress"}, TODAY) == {"state": "in_progress"}
    was_done = action(state="done")
    assert with_day_done(was_done, {"state": "verified"}, TODAY) == {"state": "verified"}
    risk = DECLARED[Risk].new(situation="Autre registre")
    assert with_day_done(risk, {"state": "done"}, TODAY) == {"state": "done"}
