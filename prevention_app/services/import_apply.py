"""Writing a prepared import: one change with its own record, and the original kept for a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.exchange.understood import Understanding
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_plan import ImportPlan, PlannedRow
from prevention_app.storage import attachments
from prevention_app.storage.store import Store
from prevention_app.storage.work import Work

KEPT_MONTHS = 12
"""How long the original of an import stays at this station."""

_NAMES = {
    "organisation": "Reprendre une organisation",
    "people": "Reprendre un fichier d’agents",
    "duerp": "Reprendre un document unique",
    "credentials": "Reprendre des habilitations",
    "inspections": "Reprendre des vérifications",
    "accidents": "Reprendre un registre d’accidents",
    "phyto-stock": "Reprendre un stock de produits",
}
"""What undo and history call an import of each kind."""


def apply(store: Store, plan: ImportPlan, work: Work) -> ImportPlan:
    """Write a prepared import as one change, with its record; nothing when nothing differs."""
    if work.touched:
        for understanding, rows in zip(plan.understandings, plan.by_file, strict=True):
            _record_run(store, plan, work, understanding, rows)
        name = _NAMES.get(plan.request.kind) or _register_name(store, plan.request.kind)
        store.write(work, name)
        plan.done = work.done
        _keep_originals(store, plan)
    return plan


def _register_name(store: Store, kind: str) -> str:
    return f"Reprendre « {store.catalogue[kind].label_fr} »"


def _record_run(
    store: Store,
    plan: ImportPlan,
    work: Work,
    understanding: Understanding,
    rows: Sequence[PlannedRow],
) -> None:
    personal = plan.personal
    owner = plan.request.department if plan.request.department in DEPARTMENT_NUMBERS else ""
    counts = {
        f"rows_{outcome.value}": sum(row.outcome is outcome for row in rows) for outcome in Outcome
    }
    work.new(
        "import_run",
        owner=owner,
        imported_at=datetime.now().replace(second=0, microsecond=0),  # noqa: DTZ005
        kind=plan.request.kind,
        file_name=understanding.source.name,
        digest=understanding.source.digest,
        mapping=None if personal else _mapping_text(understanding),
        rows_other=len(understanding.other) + sum(each.rows for each in understanding.other_sheets),
        original_kept_until=None if personal else _until(store),
        report=None if personal else _report(plan, understanding.source.name),
        **counts,
    )


def _until(store: Store) -> date:
    return store.today() + relativedelta(months=KEPT_MONTHS)


def _mapping_text(understanding: Understanding) -> str:
    lines: list[str] = []
    for table in understanding.tables:
        lines.append(f"{table.sheet}, lignes de titres {table.header_first}-{table.header_last}")
        lines += [
            f"  {column.heading} → {column.field or 'écartée'} ({column.word})"
            for column in table.columns
        ]
    return "\n".join(lines)


def _report(plan: ImportPlan, file: str) -> str:
    """What was refused, doubtful, corrected or left out of a file."""
    lines = [
        f"{each.sheet} {each.cell or f'ligne {each.row}'} : {each.message}"
        for each in plan.problems
        if each.file == file
    ]
    for each in plan.corrected:
        of, sheet, cell = each.place
        if of == file:
            new = f"« {each.new} »" if each.new else "rien"
            lines.append(f"{sheet} {cell} : « {each.old} » corrigé à la reprise en {new}.")
    lines += [
        f"{sheet} ligne {row} : laissée de côté à la reprise."
        for of, sheet, row in sorted(plan.request.left_out)
        if of == file
    ]
    return "\n".join(lines)


def _keep_originals(store: Store, plan: ImportPlan) -> None:
    attachments.drop_expired_originals(store, store.today())
    if plan.personal:
        return
    for path in plan.request.files:
        attachments.keep_original(store, path, _until(store))
