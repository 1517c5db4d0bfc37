from __future__ import annotations

from datetime import date

import pytest

from prevention_app.errors import Refused
from prevention_app.services import risk_document, risk_index, risk_rating, type_units
from prevention_app.services.branch_counts import branch_counts
from prevention_app.services.ratings import rated_risks
from prevention_app.services.risk_index import RiskIndex
from prevention_app.services.unit_tree import unit_tree
from prevention_app.storage.query import Query

TODAY = date(2026, 11, 24)
NAMES = {"28": "Eure-et-Loir", "41": "Loir-et-Cher", "45": "Loiret"}


def figures(g: int, f: int, m: int) -> dict[str, int]:
    return dict(zip(("severity", "frequency", "control"), (g, f, m), strict=True))


@pytest.fixture
def centres(store) -> dict[str, str]:
    """Twenty road centres are one unit type; two of them lie in the east, with the type above."""
    with store.change("Préparer") as work:
        roads = work.new("org_unit", name="Routes").id
        east = work.new("org_unit", name="Est", parent=roads).id
        made = {"type": work.new("work_unit", name="CER (unité type)", org_unit=roads).id}
        for name in ("Gien", "Montargis"):
            made[name] = work.new(
                "work_unit", name=f"CER de {name}", org_unit=east, type_of=made["type"]
            ).id
        for key, unit, figures_of in (
            ("cones", "type", (2, 2, 3)),
            ("salt", "type", (3, 3, 2)),
            ("bridge", "Gien", (4, 4, 4)),
        ):
            made[key] = work.new(
                "risk", work_unit=made[unit], situation=key, evaluation="evaluated"
            ).id
            day = date(2026, 3, 1)
            work.new("rating", risk=made[key], rated_on=day, **figures(*figures_of))
    return made


def read_all(store) -> RiskIndex:
    index = RiskIndex((), TODAY)
    while not index.complete:
        with store.reading() as read:
            index.read_on(read, 3)
    return index


def listed(index: RiskIndex, *units: str) -> list[tuple[str, int, bool, bool]]:
    return [
        (
            each.text,
            each.standing.rank,
            bool(each.marks & risk_index.COMMON),
            bool(each.marks & risk_index.DIFFERENT),
        )
        for each in index.select(units)
    ]


def rate_at(store, risk: str, unit: str, *values: int) -> None:
    with store.reading() as read:
        found = risk_document.detail(read, risk, variant=unit)
    risk_document.rate(store, found, figures(*values), "Carrefour sans visibilité", work_unit=unit)


def test_a_variant_has_the_risks_of_its_unit_type_and_its_own(store, centres):
    index = read_all(store)
    assert listed(index, centres["Gien"]) == [
        ("bridge", 4, False, False),
        ("salt", 2, True, False),
        ("cones", 1, True, False),
    ]
    assert listed(index, centres["Montargis"]) == [
        ("salt", 2, True, False),
        ("cones", 1, True, False),
    ]


def test_a_variant_rates_a_common_risk_differently_and_the_others_keep_theirs(store, centres):
    rate_at(store, centres["cones"], centres["Gien"], 4, 4, 4)
    index = read_all(store)
    assert ("cones", 4, True, True) in listed(index, centres["Gien"])
    assert ("cones", 1, True, False) in listed(index, centres["Montargis"])
    with store.reading() as read:
        general = next(
            each.rating for each in rated_risks(read) if each.risk.id == centres["cones"]
        )
        here = risk_document.detail(read, centres["cones"], variant=centres["Gien"])
        there = risk_document.detail(read, centres["cones"])
    assert general.severity == 2
    assert here.rating.severity == 4
    assert here.rating.reason == "Carrefour sans visibilité"
    assert there.rating.severity == 2
    assert len(there.ratings) == 1
    type_units.rate_as_common(store, centres["cones"], centres["Gien"])
    assert ("cones", 1, True, False) in listed(read_all(store), centres["Gien"])


def test_a_common_risk_is_without_object_somewhere_for_a_reason(store, centres):
    with pytest.raises(Refused, match="motif"):
        type_units.declare_not_applicable(store, centres["salt"], centres["Gien"], "  ")
    with pytest.raises(Refused, match="unité type"):
        type_units.declare_not_applicable(store, centres["bridge"], centres["Montargis"], "Non")
    type_units.declare_not_applicable(store, centres["salt"], centres["Gien"], "Sel livré")
    index = read_all(store)
    assert [each[0] for each in listed(index, centres["Gien"])] == ["bridge", "cones"]
    assert [each[0] for each in listed(index, centres["Montargis"])] == ["salt", "cones"]
    with pytest.raises(Refused, match="déjà"):
        type_units.declare_not_applicable(store, centres["salt"], centres["Gien"], "Sel livré")
    type_units.withdraw_not_applicable(store, centres["salt"], centres["Gien"])
    assert ("salt", 2, True, False) in listed(read_all(store), centres["Gien"])


def test_the_sheet_of_a_place_puts_all_together(store, centres):
    rate_at(store, centres["cones"], centres["Gien"], 4, 4, 4)
    type_units.declare_not_applicable(store, centres["salt"], centres["Gien"], "Sel livré")
    with store.reading() as read:
        sheet = type_units.sheet_of(read, centres["Gien"])
        other = type_units.sheet_of(read, centres["Montargis"])
        bare = type_units.sheet_of(read, centres["type"])
        names = [each.name for each in type_units.variants_of(read, centres["type"])]
    assert names == ["CER de Gien", "CER de Montargis"]
    assert sheet.type_unit.name == "CER (unité type)"
    assert sheet.common == []
    (cones,) = sheet.different
    assert (cones.rating.severity, cones.common.severity) == (4, 2)
    assert cones.reason == "Carrefour sans visibilité"
    assert [each.reason for each in sheet.not_applicable] == ["Sel livré"]
    assert [each.risk.situation for each in sheet.local] == ["bridge"]
    assert sorted(each.risk.situation for each in other.common) == ["cones", "salt"]
    assert bare.type_unit is None
    assert len(bare.local) == 2


def test_a_branch_counts_a_common_risk_once_and_as_bad_as_the_worst_place_has_it(store, centres):
    rate_at(store, centres["cones"], centres["Gien"], 4, 4, 4)
    index = read_all(store)
    with store.reading() as read:
        root = unit_tree(read, NAMES, TODAY, ("45",))
    counts = branch_counts(root, index)
    totals = {node.name: sum(counts[node.key].values()) for node in root.walk()}
    assert totals == {
        "Tout le département": 3,
        "Routes": 3,
        "Est": 3,
        "CER de Gien": 3,
        "CER de Montargis": 2,
        "CER (unité type)": 2,
    }
    for node in root.walk():
        placed = index.select(node.units)
        assert len({each.id for each in placed}) == len(placed)
        ranks = [each.standing.rank for each in placed]
        assert {rank: ranks.count(rank) for rank in ranks} == counts[node.key], node.name
    assert max(counts[root.key]) == 4
    assert [each.id for each in index.select(None)] == [
        each.id for each in index.select(root.units)
    ]


def test_what_is_written_at_a_variant_renews_the_index_alone(store, centres):
    index = read_all(store)
    rate_at(store, centres["cones"], centres["Gien"], 4, 4, 4)
    type_units.declare_not_applicable(store, centres["salt"], centres["Gien"], "Sel livré")
    with store.reading() as read:
        written = [
            (register, each.id)
            for register in ("rating", "not_applicable")
            for each in read.records(Query(register))
        ]
        index.renew(read, risk_document.risks_of(read, written))
    assert listed(index, centres["Gien"]) == listed(read_all(store), centres["Gien"])
    assert listed(index, centres["Gien"])[0][:2] == ("bridge", 4)
    with store.reading() as read:
        unit = read.get("work_unit", centres["Gien"])
    with store.change("Détacher") as work:
        work.amend("work_unit", unit, type_of=None)
    with store.reading() as read:
        index.renew(read, ())
    assert listed(index, centres["Gien"]) == [("bridge", 4, False, False)]


def test_the_index_of_another_process_knows_the_variants(store, centres):
    rate_at(store, centres["cones"], centres["Gien"], 4, 4, 4)
    index = read_all(store)
    taken = RiskIndex((), TODAY)
    parts = index.pack()
    for at, part in enumerate(parts, 1):
        taken.unpack(part, last=at == len(parts))
    assert listed(taken, centres["Gien"]) == listed(index, centres["Gien"])


def test_removing_a_common_risk_takes_the_particularities_along(store, centres):
    rate_at(store, centres["cones"], centres["Gien"], 4, 4, 4)
    type_units.declare_not_applicable(store, centres["cones"], centres["Montargis"], "Sans route")
    risk_document.remove(store, [centres["cones"]])
    with store.reading() as read:
        assert read.count(Query("not_applicable")) == 0
        assert read.count(Query("rating")) == 2


def test_a_common_risk_seen_at_one_variant_is_confirmed_for_that_one_alone(store, centres) -> None:
    with store.change("Préparer") as work:
        work.new(
            "risk",
            work_unit=centres["type"],
            situation="Astreinte",
            evaluation="to_evaluate",
            hint="gfm-1 severity=4 frequency=3 control=2",
        )
    with store.reading() as read:
        risk = next(
            each.id for each in read.records(Query("risk")) if each.situation == "Astreinte"
        )
    at_gien = {risk: centres["Gien"]}
    risk_rating.confirm(store, [risk], variants=at_gien)
    with store.reading() as read:
        assert risk_document.detail(read, risk, variant=centres["Gien"]).assessment is not None
        assert risk_document.detail(read, risk, variant=centres["Montargis"]).assessment is None
        assert risk_rating.sort_out(read, [risk], at_gien).evaluated == [risk]
        assert risk_rating.sort_out(read, [risk]).to_evaluate == [risk]


def test_a_variant_that_rates_otherwise_confirms_its_own_rating(store, centres) -> None:
    rate_at(store, centres["cones"], centres["Gien"], 4, 4, 4)
    risk_rating.confirm(store, [centres["cones"]], variants={centres["cones"]: centres["Gien"]})
    with store.reading() as read:
        here = risk_document.detail(read, centres["cones"], variant=centres["Gien"]).rating
        assert (here.severity, here.frequency, here.control) == (4, 4, 4)
        assert here.work_unit == centres["Gien"]
        assert risk_document.detail(read, centres["cones"]).rating.severity == 2
