from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Refused
from prevention_app.services import risk_copies, risk_library, risk_templates
from prevention_app.storage.query import Condition, Op, Query
from prevention_app.storage.store import Store
from tests.workspaces import NewWorkspaces

TODAY = date(2026, 11, 24)


class Taken:
    """A risk of the library taken into two units."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.reading() as read:
            job = risk_library.find_unit(read, "CER").id
            line = risk_library.lines(read, job)[0]
        self.template = line.risk.id
        self.existing = [each.id for each in line.existing]
        with store.change("Préparer") as work:
            units = [work.new("work_unit", name=each).id for each in ("Gien", "Blois")]
        self.first, self.second = risk_library.take(store, [line.risk.id], units).risks

    def template_says(self, **values) -> None:
        with self.store.reading() as read:
            record = read.get("library_risk", self.template)
        with self.store.change("Modifier le modèle") as work:
            work.amend("library_risk", record, **values)

    def measure(self, at: int, **values) -> None:
        with self.store.reading() as read:
            record = read.get("library_measure", self.existing[at])
        with self.store.change("Modifier le modèle") as work:
            work.amend("library_measure", record, **values)

    def shown(self, risk: str) -> dict[str, tuple[str, str]]:
        with self.store.reading() as read:
            found = risk_templates.differences(read, read.get("risk", risk))
        return {each.label: (each.before, each.now) for each in found}

    def keys(self, risk: str) -> list[str]:
        with self.store.reading() as read:
            return risk_templates.all_differences(read, [risk])[risk]

    def changed(self) -> set[str]:
        with self.store.reading() as read:
            return set(risk_templates.changed(read, ()))

    def says(self, risk: str):
        with self.store.reading() as read:
            return read.get("risk", risk)

    def measures(self, risk: str) -> list[str]:
        about = (Condition("risk", Op.IS, risk),)
        with self.store.reading() as read:
            return sorted(each.title for each in read.records(Query("existing_measure", about)))


@pytest.fixture
def taken(store) -> Taken:
    return Taken(store)


def test_nothing_differs_until_the_template_changes(taken):
    assert taken.changed() == set()
    assert taken.shown(taken.first) == {}


def test_each_risk_sees_what_differs_and_takes_it_or_not(taken):
    before = taken.says(taken.first)
    taken.template_says(harm="Décès", severity=3)
    assert taken.changed() == {taken.first, taken.second}
    assert taken.shown(taken.first) == {
        "Dommages possibles": (before.harm, "Décès"),
        "Cotation indicative": ("G\u00a04 × F\u00a04", "G\u00a03 × F\u00a04"),
    }
    risk_templates.accept(taken.store, {taken.first: ["harm"]})
    assert taken.says(taken.first).harm == "Décès"
    assert taken.says(taken.first).hint == before.hint
    assert list(taken.shown(taken.first)) == ["Cotation indicative"]
    assert taken.says(taken.second).harm == before.harm
    assert len(taken.shown(taken.second)) == 2


def test_what_was_declined_comes_back_only_when_the_template_changes_again(taken):
    own = taken.says(taken.first).harm
    taken.template_says(harm="Décès")
    risk_templates.decline(taken.store, {taken.first: ["harm"]})
    assert taken.changed() == {taken.second}
    assert taken.says(taken.first).harm == own
    taken.template_says(situation="Balisage")
    assert list(taken.shown(taken.first)) == ["Situation dangereuse"]
    taken.template_says(harm="Décès, polytraumatisme")
    assert taken.shown(taken.first)["Dommages possibles"] == ("Décès", "Décès, polytraumatisme")


def test_measures_of_the_template_are_amended_added_and_taken_away(taken):
    titles = taken.measures(taken.first)
    with taken.store.reading() as read:
        gone = read.get("library_measure", taken.existing[1])
    taken.measure(0, title="EPI de classe 3")
    with taken.store.change("Modifier le modèle") as work:
        work.new("library_measure", library_risk=taken.template, title="Véhicule de protection")
        work.delete("library_measure", gone)
    assert len(taken.keys(taken.first)) == 3
    risk_templates.accept(taken.store, {taken.first: taken.keys(taken.first)})
    now = taken.measures(taken.first)
    assert "EPI de classe 3" in now
    assert "Véhicule de protection" in now
    assert gone.title not in now
    assert len(now) == len(titles)
    assert taken.measures(taken.second) == titles
    assert taken.keys(taken.first) == []


def test_all_of_many_risks_are_taken_over_as_one_change(taken):
    taken.template_says(harm="Décès", situation="Balisage")
    with taken.store.reading() as read:
        everything = risk_templates.all_differences(read, [taken.first, taken.second])
    risk_templates.accept(taken.store, everything)
    assert taken.changed() == set()
    assert {taken.says(each).harm for each in (taken.first, taken.second)} == {"Décès"}
    taken.store.undo()
    assert taken.changed() == {taken.first, taken.second}
    with pytest.raises(Refused, match="ne diffère plus"):
        risk_templates.accept(taken.store, {taken.first: ["factor"]})


def test_the_risk_of_another_unit_is_a_template_too(taken):
    with taken.store.change("Préparer") as work:
        unit = work.new("work_unit", name="CER de Pithiviers").id
    risk_copies.copy_risks(taken.store, [taken.first], [unit])
    with taken.store.reading() as read:
        (copy,) = read.records(Query("risk", (Condition("work_unit", Op.IS, unit),)))
    assert taken.shown(copy.id) == {}
    source = taken.says(taken.first)
    with taken.store.change("Modifier") as work:
        work.amend("risk", source, activity="Balisage", cmr=True)
    assert taken.shown(copy.id) == {"Activité ou tâche": ("", "Balisage"), "CMR": ("Non", "Oui")}
    with taken.store.reading() as read:
        (update,) = risk_templates.updates(read, ("45",))
    assert (update.unit, update.template) == ("CER de Pithiviers", "Gien")


def test_a_template_that_is_gone_asks_for_nothing(taken):
    with taken.store.reading() as read:
        record = read.get("library_risk", taken.template)
    with taken.store.change("Supprimer le modèle") as work:
        work.delete("library_risk", record)
    assert taken.changed() == set()


_VALUES = {
    "situation": st.sampled_from(["Balisage", "Fauchage", "Salage"]),
    "hazard": st.none() | st.sampled_from(["Circulation", "Engins"]),
    "harm": st.none() | st.sampled_from(["Décès", "Entorse"]),
    "activity": st.none() | st.just("Patrouille"),
    "factor": st.none() | st.just("Bruit"),
    "severity": st.integers(1, 4),
    "frequency": st.integers(1, 4),
}
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("template"), st.fixed_dictionaries({}, optional=_VALUES)),
        st.tuples(st.sampled_from(["accept", "decline"]), st.sets(st.integers(0, 9), min_size=1)),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def fresh(
    new_workspace: NewWorkspaces, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Taken]]:
    """Makes new units in one workspace: each case has risks of its own."""
    folder: Path = tmp_path_factory.mktemp("templates") / "espace.prevention"
    store = Store(
        new_workspace(folder, name="Poste", user="x"), declared_catalogue(), lambda: TODAY
    )
    yield lambda: Taken(store)
    store.close()


@given(steps=_STEPS)
def test_a_template_update_shows_exactly_the_fields_that_differ(fresh, steps):
    """Against a plain model: what was last looked at, and what the template says now."""
    taken = fresh()

    def now() -> dict[str, object]:
        with taken.store.reading() as read:
            record = read.get("library_risk", taken.template)
        told = {
            key: getattr(record, key)
            for key in ("situation", "hazard", "harm", "activity", "factor")
        }
        return {**told, "hint": (record.severity, record.frequency)}

    seen = now()
    own = {key: getattr(taken.says(taken.first), key) for key in seen if key != "hint"}
    for act, told in steps:
        differing = [key for key in seen if seen[key] != now()[key]]
        if act == "template":
            taken.template_says(**told)
            continue
        keys = [key for at, key in enumerate(sorted(differing)) if at in told]
        if not keys:
            continue
        look = risk_templates.accept if act == "accept" else risk_templates.decline
        look(taken.store, {taken.first: keys})
        for key in keys:
            seen[key] = now()[key]
            if act == "accept" and key != "hint":
                own[key] = now()[key]
        assert sorted(taken.keys(taken.first)) == sorted(k for k in seen if seen[k] != now()[k])
        risk = taken.says(taken.first)
        assert {key: getattr(risk, key) for key in own} == own
    assert sorted(taken.keys(taken.first)) == sorted(key for key in seen if seen[key] != now()[key])
    assert (taken.first in taken.changed()) == any(seen[key] != now()[key] for key in seen)
