"""What the page of an import says it will do: on its primary button, at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prevention_app.catalogue.description import Catalogue
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_review import Applied
from prevention_app.services.reference_sets import EPHY
from prevention_app.ui import import_guess, words
from prevention_app.ui.import_entries import Entry
from prevention_app.ui.import_steps import APPLY, FILE, LINES

_UNWRITTEN: Final = "Rien n’est encore écrit. Tout s’annule ensuite en une fois (Ctrl Z)."
_FOR_GOOD: Final = "Rien n’est encore écrit. Ce qui entre dans ce registre ne s’annule pas ensuite."


def primary(entry: Entry | None, step: int) -> tuple[str, bool]:
    """The words of the primary button, and whether it can be pressed."""
    if step == APPLY:
        return "Terminer", True
    if entry is None or entry.review is None:
        return "Lire le fichier", bool(entry and entry.kind)
    if entry.review.refusal:
        return "Relire le fichier", True
    if step == FILE:
        return "Voir les colonnes", True
    if entry.stale:
        return "Comparer à nouveau", True
    return _lines(entry) if step == LINES else ("Voir les lignes", entry.review.compared)


def _lines(entry: Entry) -> tuple[str, bool]:
    tables = len(entry.review.editions) if entry.review else 0
    if tables:
        return f"Mettre en service {words.count(tables, 'table')}", True
    text = "Rien à appliquer"
    if entry.to_write:
        text = f"Appliquer {words.count(entry.to_write, 'ligne')}"
    if entry.refused:
        text += f", laisser {words.count(entry.refused, 'refus', 'refus')}"
    return text, entry.to_write > 0


def at_foot(catalogue: Catalogue, entry: Entry | None, step: int) -> str:
    """What is said beside the buttons: nothing is written yet."""
    if step == APPLY:
        return ""
    for_good = entry is not None and bool(entry.kind) and not can_be_undone(catalogue, entry)
    return words.sentence(_FOR_GOOD if for_good else _UNWRITTEN)


def can_be_undone(catalogue: Catalogue, entry: Entry) -> bool:
    """Whether what this kind of file brings in may be taken back: the law keeps some registers."""
    entity = catalogue.by_key.get(import_guess.register_of_kind(entry.kind))
    return entry.kind != EPHY and not (entity and entity.statutory)


def status(entries: Sequence[Entry], at: int, *, busy: bool) -> str:
    """What the status bar says of the file under review."""
    if at >= len(entries) or entries[at].review is None:
        return ""
    entry = entries[at]
    parts = [f"Fichier {at + 1} sur {len(entries)}"] if len(entries) > 1 else []
    if entry.corrections:
        parts.append(words.count(len(entry.corrections), "cellule corrigée", "cellules corrigées"))
    if entry.left_out:
        parts.append(words.count(len(entry.left_out), "ligne laissée", "lignes laissées"))
    if busy:
        parts.append("comparaison en cours")
    return " · ".join(parts)


def applied_text(entry: Entry, applied: Applied) -> str:
    """What was written, for the notice."""
    if applied.editions:
        tables = words.count(len(applied.editions), "table", "tables")
        return f"«\u00a0{entry.name}\u00a0»\u00a0: {tables} en service."
    number = applied.counts.get(Outcome.NEW, 0) + applied.counts.get(Outcome.CHANGED, 0)
    what = words.count(number, "ligne appliquée", "lignes appliquées")
    return f"«\u00a0{entry.name}\u00a0»\u00a0: {what}."
