"""What a register exports comes back as what it was, for every declaration."""

from __future__ import annotations

from pathlib import Path

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import exports, imports
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.imports import ImportRequest
from prevention_app.storage.store import Store
from tests.samples import values

REGISTERS = [
    each.key for each in declared_catalogue() if not each.reference_set and not each.system
]


def add(store: Store, register: str) -> None:
    """One record with a value in every field."""
    given = values(store, store.catalogue[register])
    with store.change("Ajouter") as work:
        work.new(register, **given)


@pytest.mark.parametrize("register", REGISTERS)
def test_an_exported_register_comes_back_unchanged(
    store: Store, tmp_path: Path, register: str
) -> None:
    add(store, register)
    file = tmp_path / f"{register}.csv"
    exports.export_csv(store, register, file)
    plan = imports.run(store, ImportRequest(register, (file,)))
    assert plan.rows
    assert {row.outcome for row in plan.rows} == {Outcome.UNCHANGED}, plan.problems
