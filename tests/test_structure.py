"""A register that nobody foresaw: one declaration, and everything that records offer is there.

Both ways of declaring are gone through with the same steps: a module of 30 lines that only the
tests know, and definition records that users write in the window. A step that a later room adds
(form, import, export, …) is one more test on the same fixture.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from prevention_app.catalogue.description import DECLARED, Catalogue, Entity, Record, Value
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import exports, imports
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.find import Wanted, find
from prevention_app.services.imports import ImportRequest
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Condition, Op, Query
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from prevention_app.storage.work import CheckFailed
from tests.circle import one_circle, trust_all

MODULE = '''"""Evacuation drills."""

from __future__ import annotations

from datetime import date

from prevention_app.catalogue.checks import not_in_future, not_negative
from prevention_app.catalogue.description import Choice, Record, Ref, entity, field
from prevention_app.catalogue.organisation import Site


class Outcome(Choice):
    """How a drill went."""

    GOOD = "good", "Satisfaisant", "Good"
    POOR = "poor", "À revoir", "Poor"


@entity(
    "drill",
    code="EXER",
    label=("Exercices d’évacuation", "Evacuation drills"),
    group="Registres",
    title=("place", "done_on"),
    key_fields=("place", "done_on"),
    order=("-done_on",),
)
class Drill(Record):
    """An evacuation drill (code du travail R4227-39)."""

    place: str = field("Lieu", "Place", search=True)
    site: Ref[Site] | None = field("Site", "Site")
    done_on: date = field("Date", "Date", checks=[not_in_future])
    minutes: int | None = field("Durée (minutes)", "Minutes", checks=[not_negative])
    outcome: Outcome | None = field("Bilan", "Outcome")
    remarks: str | None = field("Observations", "Remarks", lines=4, search=True, erasable=True)
    next_due: date | None = field("Prochain avant le", "Next due", due="chef de service")
'''


@dataclass
class Unforeseen:
    """A workspace that knows the register, and what to write in it."""

    store: Store
    values: dict[str, Value]

    @property
    def entity(self) -> Entity:
        return self.store.catalogue["drill"]

    def add(self, **more: Value) -> Record:
        with self.store.change("Ajouter") as work:
            made = work.new("drill", **{**self.values, **more})
        return self.get(made.id)

    def get(self, record_id: str) -> Record:
        with self.store.reading() as read:
            return read.get("drill", record_id)

    def listed(self, **wanted) -> list[Record]:
        with self.store.reading() as read:
            return read.records(Query("drill", **wanted))


VALUES: dict[str, Value] = {
    "place": "Collège de Gien",
    "done_on": date(2025, 10, 3),
    "minutes": 4,
    "outcome": "good",
    "remarks": "Point de rassemblement mal signalé",
    "next_due": date(2026, 10, 3),
}


def new_store(folder: Path, catalogue: Catalogue) -> Store:
    with one_circle():
        made = Store.create(
            folder / "essai.prevention",
            catalogue,
            department="45",
            name="Poste",
            user="durand",
            today=lambda: date(2026, 11, 24),
        )
    trust_all(made)
    return made


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Catalogue]:
    """The catalogue with one more file and one more line."""
    file = tmp_path / "drills.py"
    file.write_text(MODULE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("drills", file)
    drills = importlib.util.module_from_spec(spec)
    sys.modules["drills"] = drills
    spec.loader.exec_module(drills)
    yield Catalogue([*declared_catalogue(), DECLARED[drills.Drill]])
    del DECLARED[drills.Drill], sys.modules["drills"]


def define(store: Store) -> None:
    """The same register as a user defines it in the window."""
    fields = (
        ("place", "Lieu", "text", {"required": True, "part_of_key": True}),
        ("done_on", "Date", "date", {"required": True, "part_of_key": True}),
        ("minutes", "Durée (minutes)", "integer", {}),
        ("outcome", "Bilan", "choice", {"options": "good=Satisfaisant\npoor=À revoir"}),
        ("remarks", "Observations", "long_text", {}),
        ("next_due", "Prochain avant le", "date", {"due": "chef de service"}),
    )
    with store.change("Définir un registre") as work:
        work.new(
            "register_definition",
            register_key="drill",
            register_code="EXER",
            name="Exercices d’évacuation",
        )
        for rank, (key, label, kind, more) in enumerate(fields):
            work.new(
                "field_definition",
                register_key="drill",
                field_key=key,
                label=label,
                kind=kind,
                rank=rank,
                **more,
            )


@pytest.fixture(params=["module", "definition records"])
def unforeseen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Unforeseen]:
    """The register, added at run time either way."""
    if request.param == "module":
        store = new_store(tmp_path, request.getfixturevalue("module"))
        with store.change("Ajouter") as work:
            site = work.new("site", name="Gien")
        made = Unforeseen(store, {**VALUES, "site": site.id})
    else:
        store = new_store(tmp_path, declared_catalogue())
        define(store)
        made = Unforeseen(store, VALUES)
    yield made
    store.close()


def test_it_is_in_the_catalogue_like_any_other(unforeseen: Unforeseen):
    entity = unforeseen.entity
    assert entity.label_fr == "Exercices d’évacuation"
    assert entity in unforeseen.store.catalogue.registers
    assert set(VALUES) <= set(entity.by_key)
    assert entity.natural_key == ("place", "done_on")
    assert [option.label_fr for option in entity.by_key["outcome"].options] == [
        "Satisfaisant",
        "À revoir",
    ]


def test_its_records_are_kept_and_come_back_as_they_were(unforeseen: Unforeseen):
    record = unforeseen.add()
    assert {key: getattr(record, key) for key in unforeseen.values} == unforeseen.values
    assert record.reference.startswith("45-EXER-")
    with unforeseen.store.reading() as read:
        assert read.find(record.reference)[1].id == record.id


def test_its_checks_are_made(unforeseen: Unforeseen):
    with pytest.raises(CheckFailed) as failed:
        unforeseen.add(place="", outcome="rien")
    assert [key for key, _ in failed.value.problems] == ["place", "outcome"]


def test_it_is_listed_filtered_and_ordered(unforeseen: Unforeseen):
    for place, minutes in (("Écluse", 9), ("dépôt", 10), ("Zone", None)):
        unforeseen.add(place=place, minutes=minutes)
    places = [each.place for each in unforeseen.listed(order=("place",))]
    assert places == ["dépôt", "Écluse", "Zone"]
    long = (Condition("minutes", Op.FROM, 10),)
    assert [each.place for each in unforeseen.listed(where=long)] == ["dépôt"]


def test_it_is_searched(unforeseen: Unforeseen):
    record = unforeseen.add()
    unforeseen.add(place="Ailleurs", remarks=None)
    with unforeseen.store.reading() as read:
        assert find(read, Wanted("college rassemblement")).exact == [("drill", record.id)]


def test_its_history_is_told_and_a_change_of_it_undone(unforeseen: Unforeseen):
    store = unforeseen.store
    record = unforeseen.add()
    with store.change("Modifier", reason="Relu") as work:
        work.amend("drill", record, outcome="poor", minutes=None)
    told = {
        past.field: (past.old, past.new, past.reason)
        for transaction, past in store.history(record.id)
        if transaction == work.done.transaction
    }
    assert told == {"outcome": ("good", "poor", "Relu"), "minutes": ("4", None, "Relu")}
    store.undo()
    assert (unforeseen.get(record.id).outcome, unforeseen.get(record.id).minutes) == ("good", 4)
    store.undo()
    assert unforeseen.listed() == []


def test_its_tables_are_made_again_and_everything_checks(unforeseen: Unforeseen):
    record = unforeseen.add()
    unforeseen.store.rebuild()
    assert unforeseen.get(record.id).remarks == VALUES["remarks"]
    assert check(unforeseen.store) == []


def test_another_station_receives_it_and_one_that_does_not_know_it_keeps_and_relays_it(
    unforeseen: Unforeseen, tmp_path: Path
):
    record = unforeseen.add()
    entries = unforeseen.store.entries_after({})
    plain = Store.create(
        tmp_path / "ancien.prevention",
        declared_catalogue(),
        department="28",
        name="Ancien",
        user="petit",
    )
    trust_all(plain)
    plain.receive(entries)
    assert check(plain) == []

    known = unforeseen.store.catalogue["drill"].own
    catalogue = declared_catalogue() if known else unforeseen.store._declared
    other = Store.create(
        tmp_path / "autre.prevention", catalogue, department="41", name="Autre", user="roy"
    )
    trust_all(other)
    other.receive(plain.entries_after(other.position()))
    plain.close()
    upgraded = Store(plain.folder, catalogue)
    for store in (other, upgraded):
        with store.reading() as read:
            found = read.get("drill", record.id)
            assert {key: getattr(found, key) for key in unforeseen.values} == unforeseen.values
            assert find(read, Wanted("rassemblement")).exact == [("drill", record.id)]
        assert check(store) == []
        store.close()


def test_it_is_exported_and_its_export_comes_back(unforeseen: Unforeseen, tmp_path: Path) -> None:
    made = unforeseen.add()
    file = tmp_path / "exercices.csv"
    exports.export_csv(unforeseen.store, "drill", file)
    text = file.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith("Département;N°;Lieu")
    assert made.reference in text
    plan = imports.run(unforeseen.store, ImportRequest("drill", (file,)))
    assert [row.outcome for row in plan.rows] == [Outcome.UNCHANGED]


def test_a_workbook_of_it_comes_in_by_its_headings(unforeseen: Unforeseen, tmp_path: Path) -> None:
    file = tmp_path / "exercices.csv"
    file.write_text(
        "Exercices 2026;;;\nDate;Lieu;Durée (minutes);Bilan\n"
        "03/11/2026;Cuisine;7;À revoir\n32/11/2026;Atelier;4;Satisfaisant\n",
        encoding="utf-8",
    )
    plan = imports.run(unforeseen.store, ImportRequest("drill", (file,)))
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.REFUSED]
    with unforeseen.store.reading() as read:
        [drill] = read.records(Query("drill"))
    assert (drill.place, drill.done_on, drill.outcome) == ("Cuisine", date(2026, 11, 3), "poor")


def test_it_has_a_sheet_in_the_consolidated_workbook(
    unforeseen: Unforeseen, tmp_path: Path
) -> None:
    made = unforeseen.add()
    file = tmp_path / "classeur.xlsx"
    exports.export_workbook(unforeseen.store, "45", file, Progress(), unforeseen.store.today())
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    held = {cell for row in book[_sheet(book.sheetnames)].values for cell in row}
    assert made.reference in held


def _sheet(names: list[str]) -> str:
    return next(name for name in names if name.startswith("Exercices"))
