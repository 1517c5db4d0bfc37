"""Copies of risks are no evaluations (P6): to other units, many at once, taken back at once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prevention_app.domain.ratings import Hint, read_hint
from prevention_app.errors import Cancelled, NotFound, Refused
from prevention_app.services import risk_copies, risk_document, risk_rating
from prevention_app.services.progress import Progress
from prevention_app.services.ratings import rated_risks
from prevention_app.storage.query import Query

REGISTERS = ("risk", "rating", "existing_measure", "planned_action", "work_unit")


@pytest.fixture
def units(store) -> list[str]:
    """One unit with three risks, the last of which was never rated, and four without any."""
    with store.change("Préparer") as work:
        made = [work.new("work_unit", name=f"CER {at}").id for at in range(4)]
        made.append(work.new("work_unit", name="CER de Blois", owner="41").id)
        for at in range(3):
            risk = work.new(
                "risk",
                work_unit=made[0],
                situation=f"Situation {at}",
                harm="Heurt",
                exposed=14,
                evaluation="evaluated" if at < 2 else "to_evaluate",
            )
            work.new("existing_measure", risk=risk.id, title="Fourgon", measure_type="collective")
            work.new("planned_action", risk=risk.id, title="FLR")
            if at < 2:
                day = date(2026, 3, 23)
                work.new("rating", risk=risk.id, severity=4, frequency=3, control=2, rated_on=day)
    return made


def ids(store, register="risk") -> list[str]:
    with store.reading() as read:
        return [each.id for each in read.records(Query(register, order=("reference",)))]


def counts(store) -> list[int]:
    return [len(ids(store, each)) for each in REGISTERS]


def details(store, unit):
    with store.reading() as read:
        found = [risk_document.detail(read, each) for each in ids(store)]
    return [each for each in found if each.risk.work_unit == unit]


def test_a_copy_is_to_be_evaluated_and_names_its_source(store, units):
    source = ids(store)[0]
    done = risk_copies.copy_risks(store, [source], [units[1], units[4]])
    assert (done.copies, done.left) == (2, 0)
    with store.reading() as read:
        reference = risk_document.detail(read, source).risk.reference
    for unit, owner in ((units[1], "45"), (units[4], "41")):
        (copy,) = details(store, unit)
        assert (copy.risk.owner, copy.risk.origin) == (owner, source)
        assert (list(copy.ratings), copy.assessment) == ([], None)
        assert str(copy.hint) == "gfm-1 severity=4 frequency=3 control=2"
        assert copy.origin == f"{reference}, CER 0"
        assert reference in copy.risk.source
        assert [(each.title, each.to_confirm) for each in copy.measures] == [("Fourgon", True)]
        assert (list(copy.actions), copy.risk.exposed) == ([], None)


def test_a_copy_of_a_copy_passes_the_hint_on(store, units):
    risk_copies.copy_risks(store, ids(store)[:1], units[1:2])
    (first,) = details(store, units[1])
    risk_copies.copy_risks(store, [first.risk.id], units[2:3])
    (second,) = details(store, units[2])
    assert second.risk.origin == first.risk.id
    assert second.risk.hint == first.risk.hint


def test_what_a_unit_has_already_is_not_copied_twice(store, units):
    sources = ids(store)
    risk_copies.copy_risks(store, sources[:1], units[1:2])
    done = risk_copies.copy_risks(store, sources, units)
    # Neither into the unit where they are, nor where a copy of the first one is.
    assert (done.copies, done.left) == (11, 4)
    with pytest.raises(Refused, match="déjà"):
        risk_copies.copy_risks(store, sources, units)


def test_what_is_not_there_is_neither_source_nor_target(store, units):
    for sources, targets in (([ids(store)[0]], ["x"]), (["x"], units[1:])):
        with pytest.raises(NotFound):
            risk_copies.copy_risks(store, sources, targets)
    risk_document.remove(store, ids(store)[:1])
    gone = counts(store)
    with pytest.raises(NotFound):
        risk_copies.copy_risks(store, [units[0]], units[1:])
    assert counts(store) == gone


def test_copying_that_is_stopped_copies_nothing(store, units):
    class Stopped(Progress):
        cancelled = True

        def step(self, done, total, words):
            self.check_cancelled()

    before = counts(store)
    with pytest.raises(Cancelled):
        risk_copies.copy_risks(store, ids(store), units[1:], Stopped())
    assert counts(store) == before


def test_copies_count_as_evaluated_nowhere(store, units):
    def evaluated():
        with store.reading() as read:
            return sum(each.assessment is not None for each in rated_risks(read))

    assert evaluated() == 2
    risk_copies.copy_risks(store, ids(store), units[1:])
    assert evaluated() == 2
    copies = details(store, units[1])
    risk_rating.confirm(store, [each.risk.id for each in copies if each.hint])
    assert evaluated() == 4


def test_28_risks_go_to_60_units_in_one_change(store, units):
    with store.change("Préparer") as work:
        targets = [work.new("work_unit", name=f"Collège {at}").id for at in range(60)]
        for at in range(25):
            risk = work.new("risk", work_unit=units[0], situation=f"Autre {at}")
            work.new("existing_measure", risk=risk.id, title="Consigne", measure_type="training")
    before = counts(store)
    done = risk_copies.copy_risks(store, ids(store), targets)
    assert (done.copies, len(done.changes.records)) == (1680, 2 * 1680)
    assert store.undoable() == risk_copies.COPY_MANY
    store.undo()
    assert counts(store) == before


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    chosen=st.sets(st.integers(0, 2), min_size=1), targets=st.sets(st.integers(1, 4), min_size=1)
)
def test_any_copy_keeps_its_provenance_arrives_unrated_and_goes_with_one_undo(
    store, units, chosen, targets
):
    sources = ids(store)[:3]
    before = counts(store)
    wanted = [sources[at] for at in sorted(chosen)]
    done = risk_copies.copy_risks(store, wanted, [units[at] for at in sorted(targets)])
    assert done.copies == len(chosen) * len(targets)
    for at in range(1, 5):
        copies = details(store, units[at])
        assert sorted(each.risk.origin for each in copies) == (
            sorted(wanted) if at in targets else []
        )
        for each in copies:
            assert (each.assessment, list(each.ratings)) == (None, [])
            rated = each.risk.origin != sources[2]
            assert (each.hint is not None) == rated
            assert all(measure.to_confirm for measure in each.measures)
            assert each.origin
    store.undo()
    assert counts(store) == before


@given(
    st.sampled_from(["gfm-1", "45-propre-2"]),
    st.dictionaries(
        st.sampled_from(["severity", "frequency", "control", "judgement"]),
        st.integers(0, 10),
        min_size=1,
    ),
)
def test_a_hint_is_read_as_it_was_written(method, figures):
    assert read_hint(str(Hint(method, figures))) == Hint(method, figures)


@pytest.mark.parametrize("text", [None, "", "gfm-1", "gfm-1 colour=3", "gfm-1 severity=trois"])
def test_what_tells_no_rating_is_no_hint(text):
    assert read_hint(text) is None
