"""Figures instead of rows: published by a department, read by the others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.figures import FigureState, Indicator
from prevention_app.catalogue.vocabulary import OutflowExtent
from prevention_app.errors import Refused
from prevention_app.services import figures_publication, outflows
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.packages.package_world import introduce, parts_of, send
from tests.packages.package_world import pack as packed
from tests.storage.acts import add, add_accident, amend, delete, leaves_of, listed
from tests.storage.conftest import station

__all__ = ["station"]

FIGURES = OutflowExtent.FIGURES
A_DAY = date(2026, 9, 30)


@pytest.fixture
def loiret(station) -> Store:
    return station("45")


def publish(store: Store, at: date | None = None) -> figures_publication.Preview:
    return figures_publication.publish(store, Progress(), at=at)


def preview(store: Store) -> figures_publication.Preview:
    return figures_publication.preview(store, Progress())


def tell(store: Store, *registers: str) -> None:
    for each in registers:
        outflows.decide(store, each, outflows.ALL, FIGURES)


def accidents(store: Store, count: int, **values) -> list:
    return [
        add_accident(store, happened_on=date(2026, 3, 1), person_name=f"Zoé {n}", **values)
        for n in range(count)
    ]


def count(store: Store, indicator: Indicator, department: str = "45"):
    """What is read of an indicator of a department as a whole."""
    [found] = [
        each.figure
        for each in figures_publication.published(store, department)
        if each.figure.indicator is indicator and not each.figure.direction
    ]
    return found.numerator


def test_what_was_not_decided_is_not_published(loiret):
    accidents(loiret, 7)
    done = publish(loiret)
    assert done.lines == ()
    assert "Accidents" in done.kept_back[0].reason
    assert listed(loiret, "indicator_figure") == []


def test_another_department_reads_the_figures_and_no_row_leaves(loiret, station, tmp_path: Path):
    eure = station("28")
    introduce(loiret, eure)
    found = accidents(loiret, 7, activity="Élagage")
    tell(loiret, "accident")
    publish(loiret)
    told = repr(parts_of(packed(loiret, eure, tmp_path / "1"), eure))
    assert "Zoé" not in told
    assert "Élagage" not in told
    assert not any(each.reference in told or each.id in told for each in found)
    send(loiret, eure, tmp_path / "2")
    assert count(eure, Indicator.ACCIDENTS) == 7
    assert not any(leaves_of(eure, each) for each in found)
    assert check(eure) == []


def test_few_are_published_as_fewer_than_five(loiret):
    accidents(loiret, 3)
    tell(loiret, "accident")
    publish(loiret)
    assert count(loiret, Indicator.ACCIDENTS) is None
    states = {
        each.indicator: (each.state, each.numerator) for each in listed(loiret, "indicator_figure")
    }
    assert states[Indicator.ACCIDENTS] == (FigureState.FEW, None)
    assert states[Indicator.COMMUTING_ACCIDENTS] == (FigureState.TOLD, 0)


def test_publishing_the_same_again_writes_nothing(loiret):
    accidents(loiret, 7)
    tell(loiret, "accident")
    publish(loiret)
    before = loiret.position()
    again = publish(loiret)
    assert loiret.position() == before
    assert again.count("same") == len(again.lines)


def test_only_what_changed_since_is_written(loiret):
    accidents(loiret, 7)
    tell(loiret, "accident")
    first = publish(loiret)
    accidents(loiret, 1)
    second = publish(loiret)
    changed = {each.figure.indicator for each in second.lines if each.change == "changed"}
    assert changed == {Indicator.ACCIDENTS, Indicator.ACCIDENTS_5_YEARS}
    assert len(listed(loiret, "indicator_figure")) == len(first.lines)
    assert count(loiret, Indicator.ACCIDENTS) == 8


def test_what_is_not_told_any_more_is_withdrawn(loiret):
    add(loiret, "site", name="CE Gien")
    accidents(loiret, 7)
    tell(loiret, "accident", "health_safety_entry")
    publish(loiret)
    outflows.decide(loiret, "accident", outflows.ALL, OutflowExtent.NOTHING)
    done = publish(loiret)
    assert done.count("withdrawn") == 7
    assert {each.figure.indicator for each in figures_publication.published(loiret)} == {
        Indicator.ENTRIES,
        Indicator.ENTRIES_UNANSWERED,
    }


def test_another_closing_date_stands_beside_the_first(loiret):
    accidents(loiret, 7)
    tell(loiret, "accident")
    publish(loiret, A_DAY)
    publish(loiret)
    dates = [each.as_of for each in figures_publication.published(loiret)]
    assert set(dates) == {A_DAY, loiret.today()}
    assert dates == sorted(dates, reverse=True)


def test_the_names_of_directions_are_told_only_where_that_register_is(loiret):
    direction = add(loiret, "org_unit", name="Direction des routes")
    accidents(loiret, 7, org_unit=direction.id)
    tell(loiret, "accident")
    assert {each.figure.direction for each in preview(loiret).lines} == {""}
    tell(loiret, "org_unit")
    assert {each.figure.direction for each in preview(loiret).lines} == {"", "Direction des routes"}


def test_all_of_a_register_told_to_all_others_includes_its_figures(loiret):
    outflows.decide(loiret, "accident", "28", OutflowExtent.EVERYTHING)
    assert preview(loiret).lines == ()
    outflows.decide(loiret, "accident", "41", OutflowExtent.EVERYTHING)
    assert preview(loiret).lines


def test_a_preview_writes_nothing_and_says_what_publishing_then_does(loiret):
    accidents(loiret, 7)
    tell(loiret, "accident")
    before = loiret.position()
    shown = preview(loiret)
    assert loiret.position() == before
    assert publish(loiret) == shown


def test_figures_that_two_computers_published_become_one(loiret, station, tmp_path: Path):
    other = station("45")
    introduce(loiret, other)
    accidents(loiret, 7)
    tell(loiret, "accident")
    send(loiret, other, tmp_path / "1")
    publish(loiret)
    publish(other)
    send(other, loiret, tmp_path / "2")
    twice = len(figures_publication.published(loiret))
    publish(loiret)
    assert len(figures_publication.published(loiret)) * 2 == twice


def test_what_changed_afterwards_is_published_by_a_later_publication(loiret):
    found = accidents(loiret, 7)
    tell(loiret, "accident")
    publish(loiret)
    delete(loiret, "accident", found[0])
    amend(loiret, "accident", found[1], stoppage=True)
    publish(loiret)
    assert count(loiret, Indicator.ACCIDENTS) == 6


def test_a_day_to_come_is_refused(loiret):
    with pytest.raises(Refused, match="à venir"):
        publish(loiret, date(2027, 1, 1))


def test_nobody_publishes_for_another_department(loiret):
    with pytest.raises(Refused, match="département 28"):
        figures_publication.publish(loiret, Progress(), "28")


def test_a_station_that_does_not_read_all_of_a_register_publishes_nothing_of_it(loiret):
    accidents(loiret, 7)
    tell(loiret, "accident", "health_safety_entry")
    publish(loiret)
    with loiret.change("Restreindre") as work:
        for role in ("adviser", "administrator"):
            rule = {"role": role, "category": "health", "writes": "nothing"}
            work.new("role_rule", owner="45", reads="nothing", **rule)
    done = preview(loiret)
    assert {each.figure.indicator for each in done.lines} == {
        Indicator.ENTRIES,
        Indicator.ENTRIES_UNANSWERED,
    }
    assert done.count("withdrawn") == 0, "what another computer published stands"
    assert done.kept_back[0].unread
