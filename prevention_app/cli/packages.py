"""Commands on packages, the files by which stations exchange their work."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.services import packages, shared_folder
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store


def package_command(given: Namespace) -> int:
    """Do what is asked with a package."""
    store = bootstrap.open_workspace(given.data)
    acts = {"create": _create, "apply": _apply, "inspect": _inspect, "folder": _pass_by}
    acts[given.what](store, given)
    return 0


def _create(store: Store, given: Namespace) -> None:
    made = packages.create(store, given.receivers, given.out, Progress())
    if given.json:
        report.as_json(
            {"entries": made.entries, "leaves": made.leaves, "attachments": made.attachments}
        )
    else:
        report.line(f"Fichier d’échange écrit : {made.file}")
        report.line(f"  pour {', '.join(made.receivers)}")
        report.line(
            f"  {made.entries} écritures, {made.leaves} feuilles, {made.attachments} pièces jointes"
        )


def _apply(store: Store, given: Namespace) -> None:
    applied = packages.apply(store, given.file, Progress())
    if given.json:
        report.as_json(
            {
                "new": applied.new,
                "known": applied.known,
                "waiting": applied.waiting,
                "kept_aside": applied.kept_aside,
                "conflicts": applied.conflicts,
            }
        )
        return
    report.line(f"Reçu de « {applied.name} » : {applied.new} écritures nouvelles.")
    labels = {each.code: each.label_fr for each in store.catalogue}
    for code, count in applied.registers.items():
        report.line(f"  {labels.get(code, code)} : {count} fiches")
    for count, words in (
        (applied.known, "déjà connues"),
        (applied.waiting, "en attente d’un autre fichier d’échange"),
        (applied.kept_aside, "mises de côté, écrites sans droit"),
        (applied.conflicts, "valeurs à départager"),
    ):
        if count:
            report.line(f"  {count} {words}")


def _pass_by(store: Store, given: Namespace) -> None:
    passed = shared_folder.pass_by(store, given.folder, Progress())
    if given.json:
        report.as_json(
            {
                "received": [{"name": each.name, "new": each.new} for each in passed.received],
                "refused": [{"file": name, "why": why} for name, why in passed.refused],
                "left": str(passed.left) if passed.left else None,
            }
        )
        return
    for each in passed.received:
        report.line(f"Reçu de « {each.name} » : {each.new} écritures nouvelles.")
    for name, why in passed.refused:
        report.line(f"« {name} » n’a pas été repris : {why}")
    report.line(f"Laissé : {passed.left}" if passed.left else "Rien de nouveau à laisser.")


def _inspect(store: Store, given: Namespace) -> None:
    found = packages.inspect(store, given.file)
    document: dict[str, Any] = {
        "station": found.sender,
        "name": found.name,
        "at": found.at,
        "receivers": list(found.receivers),
        "entries": found.entries,
        "leaves": found.leaves,
        "attachments": found.attachments,
        "new": found.new,
        "known": found.known,
        "waiting": found.waiting,
    }
    if given.json:
        report.as_json(document)
        return
    report.pairs(
        {
            "De": f"« {found.name} »",
            "Le": found.at,
            "Pour": ", ".join(found.receivers),
            "Écritures": f"{found.entries}, dont {found.new} nouvelles ici",
            "En attente": found.waiting,
            "Feuilles": found.leaves,
            "Pièces jointes": found.attachments,
        }
    )
