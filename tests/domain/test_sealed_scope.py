from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from prevention_app.catalogue.description import Kind
from prevention_app.domain.document_content import (
    ACTIONS,
    COMMON,
    EMPLOYER,
    RISKS,
    UNITS,
    Column,
    DocumentContent,
    Row,
    Table,
)
from prevention_app.domain.sealed_scope import carried_over

UNIT_IDS = ("u1", "u2", "u3")


def table(key: str, keys: tuple[str, ...], rows: list[Row]) -> Table:
    return Table(key, key, "", tuple(Column(each, each, Kind.TEXT) for each in keys), tuple(rows))


def content(units: list[Row], risks: list[Row], actions: list[Row]) -> DocumentContent:
    tables = (
        table(EMPLOYER, ("id", "name"), [{"id": "e", "name": "Loiret"}]),
        table(UNITS, ("id", "name"), units),
        table(RISKS, ("id", "unit_id", "situation"), risks),
        table(ACTIONS, ("id", "risk_id", "title"), actions),
    )
    return DocumentContent("45", date(2026, 11, 24), (), {each.key: each for each in tables})


texts = st.sampled_from(["a", "b", "c"])


@st.composite
def contents(draw: st.DrawFn) -> DocumentContent:
    """Some units, risks that may have moved between them, actions for some risks."""
    units = [{"id": each, "name": draw(texts)} for each in draw(st.sets(st.sampled_from(UNIT_IDS)))]
    held = [str(each["id"]) for each in units]
    risks: list[Row] = []
    for risk in draw(st.sets(st.sampled_from(["r1", "r2", "r3"]))) if held else ():
        unit = draw(st.sampled_from(held))
        risks.append({"id": risk, "unit_id": unit, "situation": draw(texts)})
    actions: list[Row] = [
        {"id": f"a{each['id']}", "risk_id": each["id"], "title": draw(texts)}
        for each in risks
        if draw(st.booleans())
    ]
    return content(units, risks, actions)


def of_units(found: DocumentContent, wanted: set[str]) -> dict[str, list[Row]]:
    """What a content says of some units, by table."""
    units = {str(each["id"]): str(each["unit_id"]) for each in found[RISKS].rows}
    return {
        UNITS: [row for row in found[UNITS].rows if row["id"] in wanted],
        RISKS: [row for row in found[RISKS].rows if row["unit_id"] in wanted],
        ACTIONS: [row for row in found[ACTIONS].rows if units.get(str(row["risk_id"])) in wanted],
    }


def same(one: list[Row], other: list[Row]) -> bool:
    def key(row: Row) -> str:
        return str(row["id"])

    return sorted(one, key=key) == sorted(other, key=key)


@given(contents(), contents(), st.sets(st.sampled_from(UNIT_IDS), min_size=1))
def test_the_units_named_are_as_now_and_all_others_as_before(before, now, wanted):
    found = carried_over(before, now, sorted(wanted))
    rest = set(UNIT_IDS) - wanted
    moved = {str(each["id"]) for each in of_units(now, wanted)[RISKS]}
    for key, rows in of_units(now, wanted).items():
        assert same(of_units(found, wanted)[key], rows)
    for key, rows in of_units(before, rest).items():
        # A risk that moved into a unit that is looked at anew is told there alone.
        kept = [row for row in rows if {str(row["id"]), str(row.get("risk_id"))}.isdisjoint(moved)]
        assert same(of_units(found, rest)[key], kept)
    assert found.scope == tuple(sorted(wanted))


def test_what_speaks_of_no_unit_is_that_of_the_present_state():
    now = content([{"id": "u1", "name": "Atelier"}], [], [])
    assert carried_over(content([], [], []), now, ["u2"])[EMPLOYER] == now[EMPLOYER]


def test_figures_of_the_whole_employer_are_not_told_of_two_states_together():
    keys = ("id", "unit_id", "exposed", "measure")
    rows: list[Row] = [
        {"id": "all", "unit_id": None, "exposed": 40, "measure": None},
        {"id": "rule", "unit_id": None, "exposed": None, "measure": "Pause"},
        {"id": "u1", "unit_id": "u1", "exposed": 12, "measure": None},
        {"id": "u2", "unit_id": "u2", "exposed": 28, "measure": None},
    ]
    units: list[Row] = [{"id": "u1", "name": "Atelier"}, {"id": "u2", "name": "CE"}]
    before = content(units, [], [])
    annex = table("annex_factors", keys, rows)
    with_annex = DocumentContent(
        before.department, before.as_at, (), {**before.tables, annex.key: annex}
    )
    found = carried_over(with_annex, with_annex, ["u1"])[annex.key].rows
    assert [row["id"] for row in found] == ["rule", "u1", "u2"]


def test_a_variant_brings_the_risks_of_its_type_that_were_not_there_before():
    units: list[Row] = [{"id": "u1", "name": "Type"}, {"id": "u2", "name": "Site"}]
    before = content(units, [], [])
    now = content(units, [{"id": "r1", "unit_id": "u1", "situation": "Bruit"}], [])
    common = table(
        COMMON, ("id", "unit_id", "risk_id"), [{"id": "c", "unit_id": "u2", "risk_id": "r1"}]
    )
    present = DocumentContent(now.department, now.as_at, (), {**now.tables, COMMON: common})
    assert [row["id"] for row in carried_over(before, present, ["u2"])[RISKS].rows] == ["r1"]
    assert not carried_over(before, present, ["u3"])[RISKS].rows
