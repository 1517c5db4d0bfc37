"""The library of typical risks from the command line: looking, taking, following its changes."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.errors import Refused, WrongUsage
from prevention_app.services import risk_library, risk_templates
from prevention_app.services.risk_lookup import find_risk, find_unit
from prevention_app.storage.store import Store


def library_command(given: Namespace) -> int:
    """Run an act on the library."""
    return _ACTS[given.act](given, bootstrap.open_workspace(given.data))


def _list(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        shelves = risk_library.shelves(read)
    if given.json:
        report.as_json(
            [
                {"code": each.unit.unit_code, "name": each.name, "risks": each.risks}
                | {"reference": each.unit.reference}
                for each in shelves
            ]
        )
        return DONE
    report.table(
        ("Code", "Métier ou unité type", "Risques types"),
        [(each.unit.unit_code or "", each.name, str(each.risks)) for each in shelves],
    )
    return DONE


def _show(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        unit = risk_library.find_unit(read, given.type)
        lines = risk_library.lines(read, unit.id)
    if given.json:
        report.as_json({"type": unit.name, "risks": [_as_json(each) for each in lines]})
        return DONE
    report.line(f"{unit.name} : {len(lines)} risques types, à évaluer dans chaque unité.")
    for each in lines:
        hint = risk_templates.library_hint(each.risk) or ""
        report.line()
        report.line(f"{_number(each)}  {each.risk.situation} ({each.family})")
        report.line(f"  Dommages : {each.risk.harm or ''} ; {risk_templates.hint_words(hint)}")
        for heading, measures in (
            ("Souvent en place", each.existing),
            ("À proposer", each.proposed),
        ):
            report.line(f"  {heading} : {' ; '.join(one.title for one in measures)}")
    return DONE


def _number(line: risk_library.LibraryLine) -> str:
    return line.risk.reference.split("-", 3)[-1]


def _as_json(line: risk_library.LibraryLine) -> dict[str, Any]:
    return {
        "number": _number(line),
        "family": line.family,
        "situation": line.risk.situation,
        "harm": line.risk.harm,
        "factor": line.risk.factor,
        "severity": line.risk.severity,
        "frequency": line.risk.frequency,
        "existing": [each.title for each in line.existing],
        "proposed": [each.title for each in line.proposed],
    }


def _take(given: Namespace, store: Store) -> int:
    if bool(given.risks) == bool(given.type):
        raise WrongUsage("Donnez les numéros des risques, ou --type UNITÉ pour tous les siens.")
    with store.reading() as read:
        if given.type:
            lines = risk_library.lines(read, risk_library.find_unit(read, given.type).id)
        else:
            lines = risk_library.find_lines(read, given.risks)
        units = [find_unit(read, each).id for each in given.unit]
    risks = [each.risk.id for each in lines]
    taken = risk_library.take(store, risks, units, actions=given.actions)
    if given.json:
        report.as_json({"risks": len(taken.risks), "already": taken.already})
        return DONE
    report.line(f"Risques ajoutés, à évaluer sur place : {len(taken.risks)}.")
    if taken.already:
        report.line(f"Déjà dans leur unité, laissés tels quels : {taken.already}.")
    return DONE


def _updates(given: Namespace, store: Store) -> int:
    owners = (given.department,) if given.department else ()
    with store.reading() as read:
        found = risk_templates.updates(read, owners)
    if given.json:
        report.as_json(
            [
                {
                    "risk": each.risk.reference,
                    "unit": each.unit,
                    "template": each.template,
                    "differences": [
                        {"field": one.key, "before": one.before, "now": one.now}
                        for one in each.differences
                    ],
                }
                for each in found
            ]
        )
        return DONE
    if not found:
        report.line("Aucun modèle n’a changé depuis qu’il a été repris.")
    for each in found:
        report.line(f"{each.risk.reference}  {each.unit} ({each.template})")
        for one in each.differences:
            report.line(f"  {one.label} : {one.before or '–'} → {one.now or '–'}  [{one.key}]")
    return DONE


def _accept(given: Namespace, store: Store) -> int:
    return _look_at(given, store, take=True)


def _decline(given: Namespace, store: Store) -> int:
    return _look_at(given, store, take=False)


def _look_at(given: Namespace, store: Store, *, take: bool) -> int:
    if bool(given.risks) == given.all:
        raise WrongUsage("Donnez les références des risques, ou --all pour tous.")
    owners = (given.department,) if given.department else ()
    with store.reading() as read:
        if given.all:
            risks = risk_templates.changed(read, owners)
        else:
            risks = [find_risk(read, each).id for each in given.risks]
        differing = risk_templates.all_differences(read, risks)
    if given.field:
        wanted = set(given.field)
        differing = {
            risk: [key for key in keys if key in wanted] for risk, keys in differing.items()
        }
    number = sum(map(len, differing.values()))
    if not number:
        raise Refused("Rien ne diffère du modèle pour ces risques.")
    look = risk_templates.accept if take else risk_templates.decline
    look(store, differing)
    if given.json:
        report.as_json({"values": number})
    else:
        done = "reprises du modèle" if take else "gardées telles quelles"
        report.line(f"Valeurs {done} : {number}.")
    return DONE


_ACTS = {
    "list": _list,
    "show": _show,
    "take": _take,
    "updates": _updates,
    "accept": _accept,
    "decline": _decline,
}
