"""Reorganising from the command line."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import Any

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE, FAILED
from prevention_app.cli.records import day_of
from prevention_app.domain.reorganisation import Operation
from prevention_app.errors import WrongUsage
from prevention_app.services import reorganisation, reorganisation_file
from prevention_app.services.chart_comparison import SURE, Proposal, compare_chart
from prevention_app.services.reorganisation import Plan, Preview, Situation
from prevention_app.storage.store import Store


def reorganise_command(given: Namespace) -> int:
    """Foresee a plan or apply it; or write a model, or what a chart proposes."""
    if sum(map(bool, (given.plan, given.from_chart, given.model))) != 1:
        raise WrongUsage("Donnez un plan, ou --from-chart, ou --model : un seul des trois.")
    store = bootstrap.open_workspace(given.data)
    on = day_of(given.on) or store.today()
    if not given.on and not given.model:
        raise WrongUsage("Donnez le jour d’effet : --on 01/01/2027.")
    with store.reading() as read:
        held = reorganisation.situation(read, given.department or store.department, store.today())
    if given.model:
        reorganisation_file.write(held, (), given.model, on)
        _say(given, {"file": str(given.model)}, f"Écrit : {given.model}")
        return DONE
    proposals: list[Proposal] = []
    if given.from_chart:
        proposals = compare_chart(store, held, given.from_chart, on)
        if given.surest:
            proposals = [each for each in proposals if each.confidence >= SURE]
        operations = tuple(each.operation for each in proposals)
    else:
        operations = reorganisation_file.operations_in(held, given.plan, on)
    if given.out:
        reorganisation_file.write(held, operations, given.out, on)
    return _carry_out(given, store, held, Plan(held.department, on, operations), proposals)


def _carry_out(
    given: Namespace, store: Store, held: Situation, plan: Plan, proposals: list[Proposal]
) -> int:
    preview = reorganisation.foresee(held, plan, store.today())
    document = _document(preview, plan.operations, proposals)
    tried = given.dry_run or bool(given.out)
    if not tried and not preview.problems:
        document["transaction"] = reorganisation.apply(store, plan).transaction
    if given.json:
        report.as_json(document)
    else:
        _print(preview, proposals)
    if preview.problems:
        for each in preview.problems:
            report.complain(each)
        return FAILED
    if not given.json:
        written = f"Plan écrit : {given.out}" if given.out else "Rien n’a été changé."
        report.line(written if tried else "Réorganisation appliquée ; « undo » l’annule.")
    return DONE


def _document(
    preview: Preview, operations: tuple[Operation, ...], proposals: list[Proposal]
) -> dict[str, Any]:
    lines = [
        {
            "act": str(operation.act),
            "text": line.text,
            "place": line.place,
            "problems": list(line.problems),
            **asdict(line.concerned),
        }
        for line, operation in zip(preview.lines, operations, strict=True)
    ]
    for line, proposal in zip(lines, proposals, strict=False):
        line |= {"confidence": proposal.confidence, "reason": proposal.reason}
    return {
        "operations": lines,
        "total": asdict(preview.total),
        "remarks": list(preview.remarks),
        "problems": list(preview.problems),
    }


def _print(preview: Preview, proposals: list[Proposal]) -> None:
    sure = {at: f"{each.confidence:.0%}" for at, each in enumerate(proposals)}
    rows = [
        (
            line.text,
            *((sure[at],) if sure else ()),
            *map(str, (line.concerned.units, line.concerned.risks, line.concerned.open_actions)),
            *map(str, (line.concerned.people, line.concerned.credentials, line.concerned.due)),
        )
        for at, line in enumerate(preview.lines)
    ]
    headings = ("Opération", *(("Sûreté",) if sure else ()))
    counted = ("Unités", "Risques", "Actions ouvertes", "Agents", "Titres", "Échéances")
    report.table((*headings, *counted), rows)
    for each in preview.remarks:
        report.line(each)


def _say(given: Namespace, document: dict[str, Any], text: str) -> None:
    if given.json:
        report.as_json(document)
    else:
        report.line(text)
