"""Commands that settle what a merge left: values that disagree, and findings across records."""

from __future__ import annotations

from argparse import Namespace
from typing import Final

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.errors import WrongUsage
from prevention_app.services import conflicts, cross_checks, records
from prevention_app.services.conflicts import Conflict, Offered
from prevention_app.services.cross_checks import Finding
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

_TO_DO: Final = {
    cross_checks.DOUBLE: (
        "si c’est bien la même chose, réunissez-les (join RÉFÉRENCE --to RÉFÉRENCE, "
        "ou join --doubles pour toutes)."
    ),
    cross_checks.MISSING: (
        "choisissez une autre fiche dans ce champ, ou videz-le (set RÉFÉRENCE champ=valeur) ; "
        "si la suppression est une erreur, qui l’a faite peut l’annuler (undo)."
    ),
    cross_checks.RING: "changez ce champ dans l’une de ces fiches (set RÉFÉRENCE champ=valeur).",
    cross_checks.CONTRADICTION: (
        "corrigez l’un des champs de cette fiche (set RÉFÉRENCE champ=valeur)."
    ),
    cross_checks.DIVERGENCE: (
        "pour trancher, recotez le risque (risk rate RÉFÉRENCE) ; les deux restent à l’historique."
    ),
}


def conflicts_command(given: Namespace) -> int:
    """List the values to settle or what was settled, or what needs a look across records."""
    store = bootstrap.open_workspace(given.data)
    if given.checks:
        _show_findings(given, _findings(store))
    elif given.settled:
        with store.reading() as read:
            _show_conflicts(given, conflicts.settled(read, store.station))
    else:
        _show_conflicts(given, conflicts.conflicts(store))
    return 0


def _findings(store: Store) -> list[Finding]:
    with store.reading() as read:
        return cross_checks.findings(read, store.today())


def _show_conflicts(given: Namespace, found: list[Conflict]) -> None:
    if given.json:
        report.as_json([_document(each) for each in found])
        return
    if not found:
        report.line("Rien n’a été départagé." if given.settled else "Aucune valeur à départager.")
    for each in found:
        report.line(f"{each.id}  {each.reference}  {each.title}")
        settled = ""
        if each.settled_on is not None:
            settled = (
                f", réglée par {each.settled_by or 'quelqu’un'}, {each.settled_on:%d/%m/%Y %H:%M}"
            )
        report.line(f"  {each.label}{settled}")
        for value in each.values:
            report.line(f"  {value.n}. {_told(value, settled=each.settled)}")


def _told(value: Offered, *, settled: bool) -> str:
    who = ", ".join(part for part in (value.who, value.station) if part)
    marks = " (ici)" if value.mine else ""
    if value.standing:
        marks += ", retenue" if settled else ", affichée en attendant"
    edits = "".join(f" ; {label} : {text or 'vide'}" for label, text in value.changes)
    text = value.text or "(vide)"
    return f"{text}{edits} — {who}, {value.when:%d/%m/%Y %H:%M}{marks}"


def _document(each: Conflict) -> dict[str, object]:
    return {
        "id": each.id,
        "kind": each.kind,
        "reference": each.reference,
        "register": each.register,
        "title": each.title,
        "field": each.field,
        "label": each.label,
        "values": [
            {
                "n": value.n,
                "value": _plain(value),
                "text": value.text,
                "who": value.who,
                "when": value.when.astimezone().isoformat(timespec="seconds"),
                "station": value.station,
                "mine": value.mine,
                "shown": value.standing,
                "changes": dict(value.changes),
            }
            for value in each.values
        ],
    }


def _plain(value: Offered) -> str | int | float | bool | None:
    return records.plain(value.value)


def _show_findings(given: Namespace, found: list[Finding]) -> None:
    if given.json:
        report.as_json(
            [
                {
                    "check": each.check,
                    "register": each.register,
                    "references": list(each.references),
                    "sentence": each.sentence,
                }
                for each in found
            ]
        )
        return
    if not found:
        report.line("Rien à signaler entre les fiches.")
    for each in found:
        report.line(each.sentence)
        report.line(f"  À faire : {_TO_DO[each.check]}")


def settle_command(given: Namespace) -> int:
    """Settle one conflict; settle it anew where that was wrong."""
    keep: str | None = given.keep
    if (keep is None) == (given.value is None):
        raise WrongUsage("Donnez soit --keep mine, theirs ou un numéro, soit --value TEXTE.")
    if keep is not None and not _is_choice(keep):
        raise WrongUsage(f"--keep n’accepte pas « {keep} » (mine, theirs ou un numéro).")
    store = bootstrap.open_workspace(given.data)
    found = conflicts.find(store, given.conflict)
    if keep is None:
        done = conflicts.settle_typed(store, found, given.value)
    else:
        done = conflicts.settle(store, found, keep)
    return _done(given, "Départagée", found.reference, done)


def _is_choice(text: str) -> bool:
    return text in (conflicts.MINE, conflicts.THEIRS) or (text.isascii() and text.isdigit())


def join_command(given: Namespace) -> int:
    """Join a record to the one that stands for the same thing, or all doubles at once."""
    if bool(given.reference) == given.doubles or bool(given.reference) != bool(given.to):
        raise WrongUsage("Donnez soit RÉFÉRENCE --to RÉFÉRENCE, soit --doubles.")
    store = bootstrap.open_workspace(given.data)
    if given.doubles:
        done = cross_checks.join_doubles(store, _findings(store))
        if given.json:
            report.as_json({"transaction": done.transaction, "joined": len(done.records)})
        else:
            report.line(f"Fiches réunies : {len(done.records)} (changement {done.transaction})")
        return 0
    done = cross_checks.join(store, given.reference, given.to)
    return _done(given, "Réunie", given.reference, done)


def _done(given: Namespace, word: str, reference: str, done: Changes) -> int:
    if given.json:
        report.as_json({"reference": reference, "transaction": done.transaction})
    else:
        report.line(f"{word} : {reference} (changement {done.transaction})")
    return 0
