"""The annexes of the document unique from the command line: what they say, what they miss."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Final

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.domain.document_content import Table, written
from prevention_app.services import annexes
from prevention_app.services.annex_source import Annex
from prevention_app.storage.store import Store

_HIDDEN: Final = "_id"
_JOINED: Final = ("id", "threshold", "threshold_source", "written", "measures")
"""Columns that the screen of a terminal has no room for."""


def annexes_command(given: Namespace) -> int:
    """Run an act on the annexes."""
    return _ACTS[given.act](given, bootstrap.open_workspace(given.data))


def _show(given: Namespace, store: Store) -> int:
    department = given.department or store.department
    with store.reading() as read:
        if given.annex:
            found = (annexes.annex_of(read, given.annex, department, store.today()),)
        else:
            found = annexes.all_annexes(read, department, store.today())
    if given.json:
        report.as_json([_as_json(each) for each in found])
        return DONE
    for each in found:
        report.line(f"{each.table.title_fr} ({each.table.key})")
        _print(each.table)
        for gap in each.gaps:
            report.line(f"Manque : {gap.unit} : {gap.text}" if gap.unit else f"Manque : {gap.text}")
        report.line()
    return DONE


def _as_json(annex: Annex) -> dict[str, object]:
    table = annex.table
    return {
        "annex": table.key,
        "title": table.title_fr,
        "rows": [{key: written(value) for key, value in row.items()} for row in table.rows],
        "missing": [
            {"unit": each.unit, "text": each.text, "register": each.register}
            | {"reference": each.reference}
            for each in annex.gaps
        ],
    }


def _print(table: Table) -> None:
    shown = [
        each
        for each in table.columns
        if not each.key.endswith(_HIDDEN)
        and each.key not in _JOINED
        and any(row.get(each.key) is not None for row in table.rows)
    ]
    if not table.rows:
        report.line("Aucune ligne.")
        return
    report.table(
        [each.label_fr for each in shown],
        [[_text(row.get(each.key)) for each in shown] for row in table.rows],
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "" if value is None else str(value)


def _export(given: Namespace, store: Store) -> int:
    lines = annexes.export_annexes(store, given.department or store.department, given.out)
    if given.json:
        report.as_json({"file": str(given.out), "rows": lines})
    else:
        report.line(f"Écrit : {given.out} ({lines} lignes)")
    return DONE


_ACTS: Final[Mapping[str, Callable[[Namespace, Store], int]]] = {"show": _show, "export": _export}
