"""What the window says first when one before it ended badly: the report, and what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from prevention_app.ui import drafts, words
from prevention_app.ui.desktop import open_place
from prevention_app.ui.failures import Ending
from prevention_app.ui.session import Session


def tell(
    endings: Sequence[Ending],
    session: Session,
    open_record: Callable[[str, str], Any],
    new_record: Callable[[str], Any],
) -> None:
    """Say that the program stopped, where the report lies, and offer the latest draft."""
    if not endings:
        return
    acts: list[tuple[str, Callable[[], object]]] = []
    text = "Le programme s’est arrêté sans prévenir. Ce qui était enregistré l’est toujours."
    waiting = drafts.waiting(session.folder, session.store.catalogue)
    if waiting:
        text += f" {words.count(len(waiting), 'saisie attend', 'saisies attendent')} en brouillon."
        take_up = partial(_take_up, waiting[0], open_record, new_record)
        acts.append(("Reprendre la dernière", take_up))
    report = endings[-1].report
    if report is not None:
        text += f" Le rapport de panne est resté ici : {report}"
        acts.append(("Lire le rapport", partial(open_place, report)))
    session.say(text, "info", tuple(acts))


def _take_up(
    draft: drafts.Waiting,
    open_record: Callable[[str, str], Any],
    new_record: Callable[[str], Any],
) -> None:
    if draft.record_id:
        open_record(draft.register, draft.record_id)
    else:
        new_record(draft.register)
