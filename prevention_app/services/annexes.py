"""The annexes of a department's document unique, filled from its registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from prevention_app.catalogue.description import Value
from prevention_app.catalogue.organisation import Department
from prevention_app.domain.document_content import Table
from prevention_app.errors import NotFound
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.services import (
    annex_cmr,
    annex_factors,
    annex_groups,
    annex_heat,
    annex_psychosocial,
    annex_sexes,
    record_checks,
)
from prevention_app.services.annex_source import Annex, Source
from prevention_app.services.lookup import Lookup
from prevention_app.services.progress import Progress
from prevention_app.services.records import written
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

_MAKERS: Final[Mapping[str, Callable[[Source], Annex]]] = {
    annex_factors.KEY: annex_factors.factors_annex,
    annex_cmr.KEY: annex_cmr.cmr_annex,
    annex_heat.KEY: annex_heat.heat_annex,
    annex_psychosocial.KEY: annex_psychosocial.diagnosis_annex,
    annex_psychosocial.GRID_KEY: annex_psychosocial.grid_annex,
    annex_sexes.KEY: annex_sexes.sexes_annex,
    annex_groups.KEY: annex_groups.groups_annex,
}
ADD_MANY: Final = "Ajouter aux annexes de plusieurs unités"
"""Name of the change, as undo and history call it."""
KEYS: Final = tuple(_MAKERS)
"""The annexes in the order in which the document has them."""

FILLED_BY: Final = frozenset(
    {
        *("work_unit", "org_unit", "site", "risk", "hazard_family", "existing_measure"),
        *("factor_exposure", "cmr_use", "heat_plan", "psychosocial_diagnosis"),
        *("psychosocial_indicator", "group_measure", "accident", "health_safety_entry"),
        *("stock_line", "store_room", "person"),
    }
)
"""The registers that the annexes are read from."""


def annexes_of(read: Reader, department: str, as_at: date) -> tuple[Table, ...]:
    """All annexes as they leave: small counts taken out, no names (P7)."""
    return tuple(each.table for each in all_annexes(read, department, as_at))


def all_annexes(read: Reader, department: str, as_at: date) -> tuple[Annex, ...]:
    """The same with what each of them misses."""
    source = Source(read, department, as_at)
    return tuple(make(source) for make in _MAKERS.values())


def annex_of(read: Reader, key: str, department: str, as_at: date) -> Annex:
    """One of them; raises NotFound with those that there are."""
    if key not in _MAKERS:
        raise NotFound(f"Aucune annexe « {key} ». Annexes : {', '.join(KEYS)}.")
    return _MAKERS[key](Source(read, department, as_at))


def add_for_units(
    store: Store, register: str, values: Mapping[str, Value], units: Sequence[str], owner: str
) -> Changes:
    """Write one record alike for each of some work units (ids), as one change.

    Raises CheckFailed as for a single one.
    """
    entity = store.catalogue[register]
    with store.reading() as read:
        record_checks.refuse_unfit(read, entity, {**values, "work_unit": units[0]})
    with store.change(ADD_MANY) as work:
        for unit in dict.fromkeys(units):
            work.new(register, owner=owner, **{**values, "work_unit": unit})
    return written(work)


def export_annexes(
    store: Store, department: str, out: Path, progress: Progress | None = None
) -> int:
    """Write all annexes into one workbook, as they leave; returns the number of lines.

    Raises PreventionError for an unknown department or where the file cannot be written.
    """
    from prevention_app.exchange.annex_workbook import annex_workbook
    from prevention_app.exchange.workbook_writer import write_workbook

    watch = progress or Progress()
    refuse_locked(out)
    watch.step(0, 0, "Lecture des annexes")
    today = store.today()
    with store.reading() as read:
        tables = annexes_of(read, department, today)
        held = Lookup(read, Department).live()
    names = [each.employer or each.name for each in held if each.number == department]
    if not names:
        raise NotFound(f"Aucun département « {department} ».")
    watch.check_cancelled()
    write_workbook(annex_workbook(tables, department, names[0], today), out, watch)
    return sum(len(each.rows) for each in tables)
