"""All the indicators of one or several departments, counted from facts."""

from __future__ import annotations

from datetime import date

from prevention_app.domain.accident_figures import (
    accident_causes,
    accident_kinds,
    accident_period,
)
from prevention_app.domain.direction_figures import ALL, PERIODS, direction_figures, total_line
from prevention_app.domain.facts import Facts
from prevention_app.domain.figures import (
    budget_figures,
    budget_line,
    certiphyto_figures,
    credential_figures,
    credential_line,
    family_figures,
    inspection_figures,
    inspection_line,
    programme_figures,
    programme_line,
    quarter_figures,
    risk_figures,
    stock_figures,
)
from prevention_app.domain.indicators import FEWEST_FULL_TIME, FollowUp, Indicators
from prevention_app.domain.periods import twelve_months
from prevention_app.domain.ratings import RatingMethod


def indicators(
    facts: Facts, method: RatingMethod, as_at: date, fewest_full_time: int = FEWEST_FULL_TIME
) -> Indicators:
    """All figures at a date; what happened after it is not counted.

    Args:
        facts: what is counted, with each state as it is at that date.
        method: names the levels and the value that asks for immediate action.
        as_at: the closing date.
        fewest_full_time: no rate of accidents for fewer full-time equivalents (P7).
    """
    accidents = [each for each in facts.accidents if each.happened_on <= as_at]
    entries = [each for each in facts.entries if each.reported_on <= as_at]
    spans = twelve_months(as_at, PERIODS)
    of_year = [each for each in facts.actions if each.year == as_at.year]
    budget = budget_figures(of_year)
    by_direction = direction_figures(facts, method, as_at, fewest_full_time)
    full_time = facts.full_time_equivalents
    return Indicators(
        as_at=as_at,
        departments=tuple(each.number for each in facts.employers),
        year=as_at.year,
        agents=sum(facts.agents.values()) or None,
        full_time_equivalents=full_time,
        risks=risk_figures(facts.risks, method),
        families=family_figures(facts.risks, method),
        programmes=programme_figures(facts.actions),
        programme=programme_line(as_at.year, of_year),
        budget=budget,
        budget_total=budget_line(None, ALL, of_year),
        inspections=inspection_figures(facts.inspections),
        inspections_total=inspection_line(ALL, facts.inspections),
        credentials=credential_figures(facts.credentials),
        credentials_total=credential_line("", ALL, "", facts.credentials),
        certiphyto=certiphyto_figures(facts.credentials, as_at),
        quarters=quarter_figures(entries, as_at),
        unanswered=sum(each.overdue for each in entries),
        accident_periods=tuple(
            accident_period(span, accidents, full_time, fewest_full_time) for span in spans
        ),
        accident_causes=accident_causes(accidents, spans),
        accident_kinds=accident_kinds(accidents, spans),
        stock=stock_figures(facts.stock),
        directions=by_direction,
        directions_total=total_line(facts, method, as_at, fewest_full_time),
    )


def follow_up(figures: Indicators, entries: int) -> tuple[FollowUp, ...]:
    """What each register follows and what of it is late, from indicators as they may be told.

    `entries` is how many the health and safety register has: its indicators are by quarter.
    """
    inspections, titles = figures.inspections_total, figures.credentials_total
    programme, stock = figures.programme, figures.stock
    held = (titles.valid, titles.to_renew, titles.expired)
    known = None if None in held else sum(each or 0 for each in held)
    return (
        FollowUp("equipment", inspections.followed, inspections.late + inspections.never_done),
        FollowUp("credential", known, titles.expired),
        FollowUp("health_safety_entry", entries, figures.unanswered),
        FollowUp("planned_action", programme.total - programme.abandoned, programme.late),
        FollowUp("stock_line", stock.lines, stock.not_usable),
    )
