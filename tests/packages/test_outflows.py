"""What a department tells another one: its decision, register by register, by exchange files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.vocabulary import OutflowExtent
from prevention_app.errors import PreventionError, Refused
from prevention_app.services import outflows, report_preview
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.packages.package_world import introduce, pack, parts_of, send
from tests.storage.acts import add, add_accident, get, leaves_of, listed

NOTHING, FIGURES, EVERYTHING = OutflowExtent


@pytest.fixture
def loiret(station) -> Store:
    return station("45")


@pytest.fixture
def eure(station, loiret) -> Store:
    made = station("28")
    introduce(loiret, made)
    return made


def extents(store: Store, register: str) -> dict[str, OutflowExtent]:
    [found] = [each for each in outflows.decisions(store) if each.register == register]
    return {to: found.extent(to) for to in outflows.others(store.department)}


# -- deciding -----------------------------------------------------------------------------------


def test_nothing_is_told_where_nothing_was_decided(loiret):
    found = outflows.decisions(loiret)
    assert {each.extent(to) for each in found for to in ("28", "41")} == {NOTHING}
    listed_ = {each.register for each in found}
    assert {"risk", "accident", "person", "site", "attachment"} <= listed_
    assert not listed_ & {"job", "hazard_family", "plant_protection_product", "station"}


def test_all_of_a_register_is_told_to_one_department(loiret):
    outflows.decide(loiret, "risk", "28", EVERYTHING)
    assert extents(loiret, "risk") == {"28": EVERYTHING, "41": NOTHING}
    outflows.decide(loiret, "risk", "28", NOTHING)
    assert extents(loiret, "risk") == {"28": NOTHING, "41": NOTHING}
    assert len(listed(loiret, "outflow")) == 1, "a decision is changed where it stands"


def test_figures_are_told_to_all_and_taken_back_from_all(loiret):
    outflows.decide(loiret, "accident", outflows.ALL, FIGURES)
    outflows.decide(loiret, "accident", "41", EVERYTHING)
    assert extents(loiret, "accident") == {"28": FIGURES, "41": EVERYTHING}
    outflows.decide(loiret, "accident", outflows.ALL, NOTHING)
    assert extents(loiret, "accident") == {"28": NOTHING, "41": NOTHING}


def test_in_a_table_less_than_all_for_one_says_whether_there_are_figures(loiret):
    outflows.tell(loiret, "accident", "28", EVERYTHING)
    outflows.tell(loiret, "accident", "41", FIGURES)
    assert extents(loiret, "accident") == {"28": EVERYTHING, "41": FIGURES}
    outflows.tell(loiret, "accident", "28", FIGURES)
    assert extents(loiret, "accident") == {"28": FIGURES, "41": FIGURES}
    outflows.tell(loiret, "accident", "28", NOTHING)
    assert extents(loiret, "accident") == {"28": NOTHING, "41": NOTHING}


def test_deciding_what_holds_already_writes_nothing(loiret):
    outflows.decide(loiret, "risk", "28", EVERYTHING)
    before = loiret.position()
    outflows.decide(loiret, "risk", "28", EVERYTHING)
    outflows.decide(loiret, "site", outflows.ALL, NOTHING)
    assert loiret.position() == before


@pytest.mark.parametrize(
    ("register", "receiver", "extent", "why"),
    [
        ("risk", "28", FIGURES, "lus par tous les départements"),
        ("risk", "45", EVERYTHING, "ses propres fiches"),
        ("risk", "37", EVERYTHING, "Aucun département « 37 »"),
        ("job", "28", EVERYTHING, "appartient aux départements ensemble"),
        ("risque", "28", EVERYTHING, "Aucun registre « risque »"),
        ("risk", "3D", EVERYTHING, "à un département, ou à tous"),
        ("attachment", "all", FIGURES, "pas tiré de chiffres"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_with_its_reason(
    loiret, register, receiver, extent, why
):
    before = loiret.position()
    with pytest.raises(PreventionError, match=why):
        outflows.decide(loiret, register, receiver, extent)
    assert loiret.position() == before


def test_only_an_administrator_of_the_department_decides(loiret):
    with pytest.raises(Refused, match="pas administrateur du département 28"):
        outflows.decide(loiret, "risk", "45", EVERYTHING, "28")


# -- exchanging ---------------------------------------------------------------------------------


def test_rows_go_once_they_may_and_no_more_once_they_may_not(loiret, eure, tmp_path: Path):
    site = add(loiret, "site", name="CE Gien")
    send(loiret, eure, tmp_path / "1")
    assert leaves_of(eure, site) == []
    assert check(eure) == [], "with leaves withheld the chain still verifies"

    outflows.decide(loiret, "site", "28", EVERYTHING)
    send(loiret, eure, tmp_path / "2")
    assert get(eure, "site", site.id).name == "CE Gien"

    outflows.decide(loiret, "site", "28", NOTHING)
    later = add(loiret, "site", name="CE Pithiviers")
    send(loiret, eure, tmp_path / "3")
    assert leaves_of(eure, later) == []
    assert get(eure, "site", site.id).name == "CE Gien", "what went stays"
    assert eure.position() == {**eure.position(), **loiret.position()}
    assert check(eure) == []


def test_only_the_register_and_the_department_decided_are_told(loiret, eure, station, tmp_path):
    loir = station("41")
    introduce(loiret, loir)
    site, unit = add(loiret, "site", name="CE Gien"), add(loiret, "org_unit", name="Routes")
    outflows.decide(loiret, "site", "28", EVERYTHING)
    send(loiret, eure, tmp_path / "28")
    send(loiret, loir, tmp_path / "41")
    assert leaves_of(eure, site)
    assert not leaves_of(eure, unit)
    assert not leaves_of(loir, site)
    assert check(eure) == check(loir) == []


def test_a_department_that_was_told_does_not_tell_a_third_one(loiret, eure, station, tmp_path):
    loir = station("41")
    introduce(loiret, eure, loir)
    site = add(loiret, "site", name="CE Gien")
    outflows.decide(loiret, "site", "28", EVERYTHING)
    send(loiret, eure, tmp_path / "28")
    send(eure, loir, tmp_path / "41")
    assert leaves_of(eure, site)
    assert not leaves_of(loir, site)
    assert check(loir) == []


def test_names_go_to_no_department_whose_role_does_not_read_them(loiret, eure, tmp_path):
    with eure.change("Restreindre") as work:
        for role in ("adviser", "administrator"):
            rule = {"role": role, "category": "health", "writes": "without_names"}
            work.new("role_rule", owner="28", reads="without_names", **rule)
    send(eure, loiret, tmp_path / "rules")
    accident = add_accident(loiret, person_name="Zoé Durand", circumstances="Chute")
    outflows.decide(loiret, "accident", "28", EVERYTHING)
    told = repr(parts_of(pack(loiret, eure, tmp_path / "x"), eure))
    assert "Chute" in told
    assert "Durand" not in told
    send(loiret, eure, tmp_path / "again")
    assert {each.kind for each in leaves_of(eure, accident)} == {"p", "t"}
    assert get(eure, "accident", accident.id).happened_on == date(2025, 1, 1)
    assert get(eure, "accident", accident.id).withheld >= {"person_name"}
    assert check(eure) == []


def test_a_department_that_communicates_one_register_gives_no_figures_of_the_others(
    loiret, eure, tmp_path
):
    add_accident(loiret)
    add_accident(eure)
    outflows.decide(loiret, "accident", "28", EVERYTHING)
    send(loiret, eure, tmp_path / "x")
    preview = report_preview.preview_workbook(eure, "all", Progress(), eure.today())
    told = {each.number: each.figures is not None for each in preview.departments}
    assert told == {"28": True, "41": False, "45": False}, "else it would read: no risk rated"
