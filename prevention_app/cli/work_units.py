"""Unit types, jobs and headcounts from the command line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.services import type_units, unit_jobs
from prevention_app.services.risk_lookup import find_risk, find_unit
from prevention_app.storage.store import Store


def unit_command(given: Namespace) -> int:
    """Run an act on unit types and their variants."""
    return _OF_UNITS[given.act](given, bootstrap.open_workspace(given.data))


def job_command(given: Namespace) -> int:
    """Run an act on jobs and headcounts."""
    return _OF_JOBS[given.act](given, bootstrap.open_workspace(given.data))


def _sheet(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        sheet = type_units.sheet_of(read, find_unit(read, given.unit).id)
    parts = {
        "common": sheet.common,
        "different": sheet.different,
        "not_applicable": sheet.not_applicable,
        "local": sheet.local,
    }
    type_unit = sheet.type_unit.name if sheet.type_unit else None
    if given.json:
        told = {key: [_as_json(each) for each in risks] for key, risks in parts.items()}
        report.as_json({"unit": sheet.unit.name, "type": type_unit, **told})
        return DONE
    report.line(sheet.unit.name + (f", variante de « {type_unit} »" if type_unit else ""))
    names = {
        "common": "Tronc commun",
        "different": "Tronc commun, coté différemment ici",
        "not_applicable": "Tronc commun, sans objet ici",
        "local": "Risques propres",
    }
    for key, risks in parts.items():
        _tell(names[key], risks)
    return DONE


def _tell(heading: str, risks: Sequence[type_units.SheetRisk]) -> None:
    if risks:
        report.line()
        report.line(f"{heading} ({len(risks)})")
    for each in risks:
        reason = f" : {each.reason}" if each.reason else ""
        report.line(f"  {each.risk.reference}  {each.risk.situation}{reason}")


def _as_json(risk: type_units.SheetRisk) -> dict[str, Any]:
    return {
        "risk": risk.risk.reference,
        "situation": risk.risk.situation,
        "rated": risk.rating is not None,
        "reason": risk.reason,
    }


def _variants(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        found = type_units.variants_of(read, find_unit(read, given.unit).id)
    if given.json:
        report.as_json([{"reference": each.reference, "name": each.name} for each in found])
    else:
        report.table(("Référence", "Variante"), [(each.reference, each.name) for each in found])
    return DONE


def _not_applicable(given: Namespace, store: Store) -> int:
    risk, unit = _named(given, store)
    type_units.declare_not_applicable(store, risk, unit, given.reason)
    return _said(given, "Risque commun déclaré sans objet dans cette unité.")


def _applicable(given: Namespace, store: Store) -> int:
    type_units.withdraw_not_applicable(store, *_named(given, store))
    return _said(given, "Risque commun rétabli dans cette unité.")


def _as_common(given: Namespace, store: Store) -> int:
    type_units.rate_as_common(store, *_named(given, store))
    return _said(given, "L’unité suit de nouveau la cotation commune.")


def _named(given: Namespace, store: Store) -> tuple[str, str]:
    with store.reading() as read:
        return find_risk(read, given.risk).id, find_unit(read, given.unit).id


def _said(given: Namespace, sentence: str) -> int:
    if given.json:
        report.as_json({"done": True})
    else:
        report.line(sentence)
    return DONE


def _jobs(given: Namespace, store: Store) -> int:
    owners = (given.department,) if given.department else ()
    with store.reading() as read:
        found = unit_jobs.job_lines(read, owners)
    if given.json:
        report.as_json(
            [
                {
                    "job": each.job.name,
                    "risks": each.risks,
                    "units": [
                        {
                            "department": one.department,
                            "unit": one.unit,
                            "women": one.women,
                            "men": one.men,
                        }
                        for one in each.units
                    ],
                }
                for each in found
            ]
        )
        return DONE
    report.table(
        ("Métier", "Risques types", "Département", "Unité", "Femmes", "Hommes"),
        [
            row
            for each in found
            for row in [
                (each.job.name, str(each.risks), "", "", "", ""),
                *(
                    ("", "", one.department, one.unit, _figure(one.women), _figure(one.men))
                    for one in each.units
                ),
            ]
        ],
    )
    return DONE


def _figure(number: int | None) -> str:
    return "" if number is None else str(number)


def _count(given: Namespace, store: Store) -> int:
    unit, job = _unit_and_job(given, store)
    unit_jobs.count(store, unit, job, women=given.women, men=given.men)
    return _said(given, "Effectif enregistré.")


def _forget(given: Namespace, store: Store) -> int:
    unit_jobs.forget(store, *_unit_and_job(given, store))
    return _said(given, "Métier retiré de cette unité.")


def _unit_and_job(given: Namespace, store: Store) -> tuple[str, str]:
    with store.reading() as read:
        return find_unit(read, given.unit).id, unit_jobs.find_job(read, given.job).id


_OF_UNITS = {
    "sheet": _sheet,
    "variants": _variants,
    "not-applicable": _not_applicable,
    "applicable": _applicable,
    "as-common": _as_common,
}
_OF_JOBS = {"list": _jobs, "count": _count, "forget": _forget}
