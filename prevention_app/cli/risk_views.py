"""The matrix and the change over the years from the command line."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.errors import NotFound, Refused
from prevention_app.services import risk_matrix, risk_trend
from prevention_app.services.methods import method
from prevention_app.services.risk_index import UNRATED, RiskIndex
from prevention_app.services.unit_tree import TreeNode, unit_tree
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store

_SLICE = 100_000


def matrix(given: Namespace, store: Store) -> int:
    """Tell how many risks stand in each cell."""
    with store.reading() as read:
        index = _index(read, store, given.department)
        node = _branch(read, store, given)
        risks = index.select(node.units if node else None)
        owners = [given.department or store.department]
        offered, known = risk_matrix.offered(read, index, owners)
    if not offered:
        raise Refused(
            "La méthode choisie ne multiplie pas deux critères : elle n’a pas de matrice."
        )
    found = risk_matrix.matrix(risks, offered[0], known)
    if given.json:
        report.as_json(_matrix_told(found))
        return DONE
    axes = found.axes
    report.table(
        (axes.rows.label_fr, *(each.label_fr for each in axes.columns.steps)),
        [
            (line[0].row.label_fr, *(f"{each.count} ({each.level.label_fr})" for each in line))
            for line in found.lines
        ],
    )
    for name, number in found.rated_otherwise.items():
        report.line(f"Cotés par « {name} » : {number}")
    report.line(f"À évaluer : {found.to_evaluate}")
    return DONE


def _matrix_told(found: risk_matrix.Matrix) -> dict[str, Any]:
    return {
        "method": found.axes.method.code,
        "row": found.axes.row,
        "column": found.axes.column,
        "cells": [
            {
                "row": each.place.row,
                "column": each.place.column,
                "value": str(each.value),
                "level": each.level.code,
                "raised": each.raised,
                "count": each.count,
                "residual": {str(rank): number for rank, number in sorted(each.ranks.items())},
            }
            for each in found.cells()
        ],
        "rated_otherwise": dict(found.rated_otherwise),
        "off_scale": found.off_scale,
        "to_evaluate": found.to_evaluate,
    }


def trend(given: Namespace, store: Store) -> int:
    """Tell how many risks stood at each residual level, year after year."""
    owners = (given.department,) if given.department else ()
    with store.reading() as read:
        index = _index(read, store, given.department)
        node = _branch(read, store, given)
        history = risk_trend.history(store, read, index.placed, index.leads, index.variants, owners)
    counts = history.counts(node.units if node else None)
    levels = method().levels
    if given.json:
        codes = {each.rank: each.code for each in levels} | {UNRATED: "unrated"}
        report.as_json(
            [
                {"day": each.moment.day.isoformat(), "name": each.moment.name}
                | {code: each.ranks.get(rank, 0) for rank, code in codes.items()}
                for each in counts
            ]
        )
        return DONE
    report.table(
        ("Date", *(each.label_fr for each in levels), "Non coté", "Total"),
        [
            (
                each.moment.name,
                *(str(each.ranks.get(level.rank, 0)) for level in levels),
                str(each.ranks.get(UNRATED, 0)),
                str(each.total),
            )
            for each in counts
        ],
    )
    return DONE


def _index(read: Reader, store: Store, department: str) -> RiskIndex:
    index = RiskIndex((department,) if department else (), store.today())
    while not index.complete:
        index.read_on(read, _SLICE)
    return index


def _branch(read: Reader, store: Store, given: Namespace) -> TreeNode | None:
    """The work unit, direction or service that is named; None where none is."""
    if not given.unit:
        return None
    entity, record = read.find(given.unit)
    numbers = dict.fromkeys(map(str, DEPARTMENT_NUMBERS), "")
    for node in unit_tree(read, numbers, store.today()).walk():
        if node.key == record.id or record.id in node.own_units:
            return node
    raise NotFound(f"« {given.unit} » ({entity.item_fr}) n’est pas dans l’arbre des unités.")
