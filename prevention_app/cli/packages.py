"""Commands on packages, the files by which stations exchange their work."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from typing import Any

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.i18n import count, number_text
from prevention_app.services import inbox, packages, shared_folder
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from prevention_app.storage.unpacking import Applied


def package_command(given: Namespace) -> int:
    """Do what is asked with a package."""
    store = bootstrap.open_workspace(given.data)
    acts = {
        "create": _create,
        "apply": _apply,
        "inspect": _inspect,
        "folder": _pass_by,
        "alerts": _alerts,
    }
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
            f"  {count(made.entries, 'écriture')}, {count(made.leaves, 'valeur')}, "
            f"{count(made.attachments, 'pièce jointe', 'pièces jointes')}"
        )
        if made.entries:
            report.line(f"  {packages.SENT_AGAIN}")


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
    _tell_received(applied)
    labels = {each.code: each.label_fr for each in store.catalogue}
    for code, records in applied.registers.items():
        report.line(f"  {labels.get(code, code)} : {count(records, 'fiche')}")
    for number, one, many in (
        (applied.known, "déjà connue", "déjà connues"),
        (
            applied.waiting,
            "en attente d’un autre fichier d’échange",
            "en attente d’un autre fichier d’échange",
        ),
        (
            applied.kept_aside,
            "mise de côté, écrite sans droit",
            "mises de côté, écrites sans droit",
        ),
        (applied.conflicts, "valeur à départager", "valeurs à départager"),
    ):
        if number:
            report.line(f"  {count(number, one, many)}")


def _tell_received(applied: Applied) -> None:
    new = count(applied.new, "écriture nouvelle", "écritures nouvelles")
    report.line(f"Reçu de « {applied.name} » : {new}.")


def _alerts(store: Store, given: Namespace) -> None:
    if given.seen is not None:
        inbox.mark_alert_seen(store, given.seen)
        if given.json:
            report.as_json({})
        else:
            report.line("L’alerte est notée comme vue.")
        return
    with store.reading() as read:
        found = inbox.alerts(read)
    if given.json:
        report.as_json(
            [
                {
                    "id": each.id,
                    "when": each.when.isoformat(timespec="seconds"),
                    "station": each.station,
                    "computer": each.computer,
                    "what": each.what,
                    "advice": each.advice,
                }
                for each in found
            ]
        )
        return
    for each in found:
        report.line(f"{each.id}. {each.when:%d/%m/%Y %H:%M} : {each.what}")
        report.line(f"  {each.advice}")
    if not found:
        report.line("Aucune alerte.")


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
        _tell_received(each)
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
            "Le": f"{datetime.fromisoformat(found.at).astimezone():%d/%m/%Y %H:%M}",
            "Pour": ", ".join(found.receivers),
            "Écritures": f"{number_text(found.entries)}, dont {count(found.new, 'nouvelle')} ici",
            "En attente": found.waiting,
            "Valeurs": number_text(found.leaves),
            "Pièces jointes": found.attachments,
        }
    )
