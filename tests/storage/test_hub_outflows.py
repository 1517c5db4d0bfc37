"""What a department tells another one by the hub, which keeps all other rows from it."""

from __future__ import annotations

import pytest

from prevention_app.catalogue.figures import Indicator
from prevention_app.catalogue.vocabulary import OutflowExtent
from prevention_app.services import figures_publication, outflows
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.storage.acts import add, add_accident, get, leaves_of
from tests.storage.hub_base import Base

NOTHING, FIGURES, EVERYTHING = OutflowExtent


@pytest.fixture
def base(cluster) -> Base:
    return Base(cluster)


@pytest.fixture
def loiret(station, base) -> Store:
    made = station("45")
    base.enrol(made, made)
    return made


@pytest.fixture
def eure(station, base, loiret) -> Store:
    made = station("28")
    base.enrol(made, made)
    base.sync_all(loiret, made)
    return made


def readable(base: Base, station: Store, register: str) -> int:
    """How many leaves of a register of the Loiret the server lets a station's login read."""
    with base.connect(station) as connection:
        row = connection.execute(
            "SELECT count(*) FROM leaf WHERE owner = '45' AND register = %s", (register,)
        ).fetchone()
    return row[0]


def test_rows_come_once_they_may_and_no_more_once_they_may_not(base, loiret, eure):
    site, unit = add(loiret, "site", name="CE Gien"), add(loiret, "org_unit", name="Routes")
    base.sync_all(loiret, eure)
    assert eure.position() == loiret.position()
    assert leaves_of(eure, site) == []
    assert readable(base, eure, "SITE") == 0
    assert check(eure) == []

    outflows.decide(loiret, "site", "28", EVERYTHING)
    base.sync_all(loiret, eure)
    assert get(eure, "site", site.id).name == "CE Gien"
    assert readable(base, eure, "SITE") == 1
    assert readable(base, eure, "ORGA") == 0
    assert leaves_of(eure, unit) == []

    outflows.decide(loiret, "site", "28", NOTHING)
    later = add(loiret, "site", name="CE Pithiviers")
    base.sync_all(loiret, eure)
    assert readable(base, eure, "SITE") == 0
    assert leaves_of(eure, later) == []
    assert get(eure, "site", site.id).name == "CE Gien", "what came stays"
    assert check(eure) == check(loiret) == []


def test_figures_come_without_a_row(base, loiret, eure):
    for _ in range(7):
        add_accident(loiret, happened_on=loiret.today())
    outflows.decide(loiret, "accident", outflows.ALL, FIGURES)
    figures_publication.publish(loiret, Progress())
    base.sync_all(loiret, eure)
    assert readable(base, eure, "ACCI") == 0
    told = {
        each.figure.indicator: each.figure.numerator
        for each in figures_publication.published(eure, "45")
    }
    assert told[Indicator.ACCIDENTS] == 7
    assert check(eure) == []
