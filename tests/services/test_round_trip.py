"""What a register exports comes back as what it was, for every declaration."""

from __future__ import annotations

from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import exports, imports
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.imports import ImportRequest
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from tests.samples import add_sample

REGISTERS = [each.key for each in declared_catalogue() if not each.reference_set and not each.system]


@pytest.mark.parametrize("register", REGISTERS)
def test_an_exported_register_comes_back_unchanged(
    store: Store, tmp_path: Path, register: str
) -> None:
    add_sample(store, register)
    file = tmp_path / f"{register}.csv"
    exports.export_csv(store, register, file)
    plan = imports.run(store, ImportRequest(register, (file,)))
    assert plan.rows
    assert {row.outcome for row in plan.rows} == {Outcome.UNCHANGED}, plan.problems


@pytest.mark.parametrize("register", REGISTERS)
def test_an_exported_register_lands_in_another_workspace(
    store: Store, tmp_path: Path, register: str
) -> None:
    add_sample(store, register)
    file = tmp_path / f"{register}.csv"
    exports.export_csv(store, register, file)
    other = Store.create(
        tmp_path / "autre.prevention",
        declared_catalogue(),
        department="45",
        name="Poste B",
        user="martin",
        today=store.today,
    )
    with store.reading() as read:
        count = read.count(Query(register))
    plan = imports.prepare(other, ImportRequest(register, (file,)))[0]
    accounted = len(plan.rows)
    other.close()
    assert accounted == count
