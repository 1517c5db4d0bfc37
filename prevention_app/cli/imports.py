"""Bringing files in from the command line."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from prevention_app import bootstrap
from prevention_app.catalogue.description import Catalogue
from prevention_app.cli import report
from prevention_app.errors import UnreadableFile, WrongUsage
from prevention_app.i18n import count
from prevention_app.services import import_refusals, imports, reference_sets
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.imports import ImportPlan, ImportProblem, ImportRequest
from prevention_app.services.progress import Progress

_SHOWN = 15


def import_command(given: Namespace) -> int:
    """Bring files in."""
    if given.kind == reference_sets.EPHY and (
        given.department or given.strict or given.mapping or given.refusals or given.for_all
    ):
        raise WrongUsage(
            "Le catalogue E-Phy est commun aux départements et se lit tel qu’il est publié : "
            "--department, --strict, --mapping, --for-all et --refusals ne vont pas avec ephy."
        )
    store = bootstrap.open_workspace(given.data)
    files = tuple(given.files)
    imports.check_files(files)
    if given.kind == reference_sets.EPHY:
        plan = reference_sets.import_ephy(store, files, dry_run=given.dry_run)
    else:
        mapping = imports.saved_mapping(store, given.kind, given.mapping) if given.mapping else None
        if given.for_all:
            mapping = imports.said_for_all(store, given.kind, given.for_all, mapping)
        request = ImportRequest(given.kind, files, given.department, given.strict, mapping)
        plan = imports.run(store, request, dry_run=given.dry_run)
        if given.refusals and plan.count(Outcome.REFUSED):
            import_refusals.write_refusals(store, request, given.refusals, Progress())
    if not plan.editions and not plan.rows:
        raise UnreadableFile("Aucune ligne n’a pu être lue : rien n’a été changé.")
    if given.json:
        report.as_json(document(plan))
    else:
        print_plan(plan, store.catalogue, tried=given.dry_run)
    return 0


def document(plan: ImportPlan) -> dict[str, Any]:
    """An import as JSON."""
    counts = {outcome.value: plan.count(outcome) for outcome in Outcome}
    document: dict[str, Any] = {
        **counts,
        "rows": sum(counts.values()),
        "other": plan.other,
        "problems": [
            {
                "file": each.file,
                "sheet": each.sheet,
                "cell": _place(each),
                "message": each.message,
                "refused": each.refused,
            }
            for each in plan.problems
        ],
        "created": plan.created,
        "notes": plan.notes,
        "transaction": plan.done.transaction if plan.done else None,
    }
    if plan.editions:
        document["editions"] = plan.editions
    return document


def _place(problem: ImportProblem) -> str:
    return problem.cell or (f"ligne {problem.row}" if problem.row else "")


def print_plan(plan: ImportPlan, catalogue: Catalogue, *, tried: bool) -> None:
    """Tell what an import did."""
    words = {
        Outcome.NEW: "nouvelle",
        Outcome.CHANGED: "modifiée",
        Outcome.UNCHANGED: "identique",
        Outcome.REFUSED: "refusée",
    }
    counted = ", ".join(count(plan.count(outcome), word) for outcome, word in words.items())
    others = count(plan.other, "autre ligne", "autres lignes")
    report.line(f"{'Essai : ' if tried else ''}{counted} ; {others}.")
    if plan.created:
        made = ", ".join(f"{catalogue[key].label_fr} {n}" for key, n in plan.created.items())
        report.line(f"Fiches créées : {made}")
    for key, figures in plan.editions.items():
        report.line(
            f"  {key} : {count(figures['rows'], 'ligne')}, {count(figures['new'], 'nouvelle')}, "
            f"{count(figures['gone'], 'disparue')}, {count(figures['withdrawn'], 'retirée')} depuis"
        )
    for note in plan.notes:
        report.line(f"  Note : {note}")
    for each in plan.problems[:_SHOWN]:
        mark = "Refusée" if each.refused else "À revoir"
        report.line(f"  {mark} : {each.file} {each.sheet} {_place(each)} : {each.message}")
    if len(plan.problems) > _SHOWN:
        report.line(f"  … et {len(plan.problems) - _SHOWN} autres remarques (--json les liste).")
