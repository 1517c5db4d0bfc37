from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from prevention_app.catalogue.description import Kind, Value
from prevention_app.domain.document_content import (
    ACTIONS,
    RISKS,
    UNITS,
    Column,
    DocumentContent,
    Row,
    Table,
)
from prevention_app.domain.sealed_facts import Adoption, Opinion
from prevention_app.services.version_check import Steps, missing

DAY = date(2026, 10, 6)
VOTED = Opinion(DAY, (("CFDT", "Favorable"),), answer="Vu.")
ADOPTED = Adoption("Président", DAY, signed_digest="0" * 64)
COMPLETE = Steps(project=True, opinions=[VOTED], adoption=ADOPTED)
RISK = {"id": "r", "unit_id": "u", "situation": "Fosse", "level": "critical", "rated_on": DAY}
ACTION = {
    "id": "a",
    "risk_id": "r",
    "title": "Couvrir",
    "state": "À faire",
    "conditions": "Bâtiments",
    "indicator": "Fosses couvertes",
    "cost": Decimal(0),
    "resources": "Crédits",
    "due": DAY,
}
EMPTY_ANNEX = Table("annex_cmr", "CMR", "", (Column("id", "", Kind.TEXT),), ())
UNIT = {"id": "u", "name": "Atelier"}
_KEYS = {
    UNITS: ("id", "name", "type_id"),
    RISKS: ("id", "unit_id", "situation", "level", "rated_on", "origin"),
    ACTIONS: (*ACTION, "revised_due"),
}


def content(
    risks: list[Row] | None = None, actions: list[Row] | None = None, *others: Table, **units: Row
) -> DocumentContent:
    rows: dict[str, list[Row]] = {
        UNITS: [UNIT, *units.values()],
        RISKS: [RISK] if risks is None else risks,
        ACTIONS: [ACTION] if actions is None else actions,
    }
    tables = [
        Table(key, key, "", tuple(Column(each, each, Kind.TEXT) for each in keys), tuple(rows[key]))
        for key, keys in _KEYS.items()
    ]
    return DocumentContent("45", DAY, (), {each.key: each for each in [*tables, *others]})


def codes(held: DocumentContent, steps: Steps = COMPLETE) -> list[str]:
    return [each.code for each in missing(held, steps)]


def test_nothing_is_missing_in_what_is_complete():
    assert codes(content()) == []


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (Steps(project=False, opinions=[VOTED], adoption=ADOPTED), "no_project"),
        (Steps(project=True, adoption=ADOPTED), "no_opinion"),
        (Steps(project=True, opinions=[VOTED]), "no_adoption"),
        (
            Steps(project=True, opinions=[Opinion(DAY, (), answer="Vu.")], adoption=ADOPTED),
            "no_votes",
        ),
        (Steps(project=True, opinions=[Opinion(DAY, VOTED.votes)], adoption=ADOPTED), "no_answer"),
        (Steps(project=True, opinions=[VOTED], adoption=Adoption("P", DAY)), "no_signed_act"),
    ],
)
def test_each_step_that_was_not_taken_is_told(steps, code):
    assert codes(content(), steps) == [code]


def changed(row: Row, **values: Value) -> Row:
    return {**row, **values}


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (content(other={"id": "u2", "name": "Bureau"}), "units_to_evaluate"),
        (content([RISK, {"id": "r2", "unit_id": "u"}]), "risks_to_evaluate"),
        (content([RISK, {"id": "r2", "unit_id": "u", "origin": "x"}]), "copies_to_confirm"),
        (content([changed(RISK, rated_on=None)]), "ratings_undated"),
        (content(None, [changed(ACTION, risk_id=None)]), "serious_without_action"),
        (content(None, [changed(ACTION, risk_id=None), ACTION]), None),
        (content([changed(RISK, level="medium")], [changed(ACTION, risk_id=None)]), None),
        (content(None, [changed(ACTION, conditions="")]), "action_without_conditions"),
        (content(None, [changed(ACTION, indicator=None)]), "action_without_indicator"),
        (content(None, [changed(ACTION, cost=None)]), "action_without_cost"),
        (content(None, [changed(ACTION, resources=None)]), "action_without_resources"),
        (content(None, [changed(ACTION, due=None)]), "action_without_due"),
        (content(None, [changed(ACTION, due=None, revised_due=DAY)]), None),
        (content(other={"id": "u2", "name": "Site B", "type_id": "u"}), None),
        (content(None, None, EMPTY_ANNEX), "annex_empty"),
    ],
)  # fmt: skip
def test_each_thing_that_is_missing_is_told_by_itself(held, code):
    assert codes(held) == ([code] if code else [])


def test_an_abandoned_action_serves_no_risk_and_a_finished_one_lacks_nothing():
    assert codes(content(None, [changed(ACTION, state="Abandonnée", indicator=None)])) == [
        "serious_without_action",
        "no_programme",
    ]
    done = changed(ACTION, id="b", state="Réalisée", indicator=None)
    assert codes(content(None, [ACTION, done])) == []


def test_a_link_between_an_action_and_a_risk_counts_as_an_action_for_it():
    keys = ("id", "action_id", "risk_id")
    columns = tuple(Column(each, each, Kind.TEXT) for each in keys)
    links = Table("links", "", "", columns, ({"id": "l", "action_id": "a", "risk_id": "r"},))
    assert codes(content(None, [changed(ACTION, risk_id=None)], links)) == []


def test_the_first_ones_are_named_and_the_others_counted():
    risks = [RISK, *({"id": f"r{at}", "unit_id": "u", "situation": f"S{at}"} for at in range(5))]
    [told] = missing(content(risks), COMPLETE)
    assert told.sentence == ("5\u00a0risques à évaluer (« S0 », « S1 », « S2 » et 2 de plus).")
    assert len(told.rows) == 5
