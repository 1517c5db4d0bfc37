"""Rating methods from the command line: their list, their scales, the one that is chosen."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.domain.ratings import RatingMethod
from prevention_app.services import methods
from prevention_app.storage.store import Store


def method_command(given: Namespace) -> int:
    """Run an act on rating methods."""
    return _ACTS[given.act](given, bootstrap.open_workspace(given.data))


def _list(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        known = methods.known(read)
        choices = methods.choices(read)
    if given.json:
        report.as_json(
            [
                {"code": each.code, "name": each.name_fr, "formula": each.formula_fr}
                | {"chosen": [_choice(one) for one in choices if one.code == each.code]}
                for each in known.values()
            ]
        )
        return DONE
    report.table(
        ("Code", "Nom", "Calcul", "Choisie par"),
        [
            (
                each.code,
                each.name_fr,
                each.formula_fr,
                ", ".join(_said(one) for one in choices if one.code == each.code),
            )
            for each in known.values()
        ],
    )
    return DONE


def _choice(choice: methods.Choice) -> dict[str, str]:
    return {"department": choice.department, "family": choice.family}


def _said(choice: methods.Choice) -> str:
    return f"{choice.department} ({choice.family})" if choice.family else choice.department


def _show(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        method = methods.find(read, given.code)
        document = methods.document_of(read, given.code)
    if given.out:
        methods.write(document, given.out)
    if given.json:
        report.as_json(document)
        return DONE
    report.line(f"{method.name_fr} ({method.code}) : {method.formula_fr}")
    report.table(("Critère", "Valeur", "Compte pour", "Libellé", "Sens"), _steps(method))
    report.table(("Niveau", "À partir de"), _from(method.levels, method.level_bounds))
    report.table(("Décision", "À partir de"), _from(method.decisions, method.decision_bounds))
    report.line(f"Source : {method.source}")
    return DONE


def _steps(method: RatingMethod) -> list[tuple[str, ...]]:
    return [
        (scale.label_fr, str(step.value), str(step.coefficient), step.label_fr, step.meaning_fr)
        for scale in method.scales.values()
        for step in scale.steps
    ]


def _from(ranked: Any, bounds: Any) -> list[tuple[str, ...]]:
    starts = ("", *map(str, bounds))
    return [(each.label_fr, start) for each, start in zip(ranked, starts, strict=True)]


def _add(given: Namespace, store: Store) -> int:
    made, _ = methods.add(store, given.file, given.department)
    if given.json:
        report.as_json({"code": made.code, "name": made.name_fr})
    else:
        report.line(f"Méthode ajoutée : {made.name_fr}, code {made.code}.")
    return DONE


def _choose(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        family = methods.family_named(read, given.family)
    methods.choose(store, given.code, given.department, family)
    if given.json:
        report.as_json({"code": given.code, "family": given.family})
    else:
        report.line(f"Les cotations à venir suivent la méthode {given.code}.")
    return DONE


_ACTS = {"list": _list, "show": _show, "add": _add, "choose": _choose}
