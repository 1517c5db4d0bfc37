"""Campaigns of the document unique from the command line."""

from __future__ import annotations

from argparse import Namespace

from prevention_app import bootstrap
from prevention_app.catalogue.campaign import UnitState, UpdateOutcome
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.cli.records import day_of
from prevention_app.errors import NotFound
from prevention_app.i18n import count
from prevention_app.services import campaign, campaign_reasons, campaign_view
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes


def campaign_command(given: Namespace) -> int:
    """Run an act on a campaign."""
    return _ACTS[given.act](given, bootstrap.open_workspace(given.data))


def _owner(given: Namespace, store: Store) -> str:
    return given.department or store.department


def _start(given: Namespace, store: Store) -> int:
    done = campaign.start(
        store,
        _owner(given, store),
        given.units,
        name=given.name,
        year=given.year,
        answers_until=day_of(given.until),
    )
    return _told(given, done, "Campagne commencée : {}.", "campaign_unit")


def _add(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        found = campaign.find(read, _owner(given, store))
    done = campaign.extend(store, found, given.units)
    return _told(given, done, "Ajouté à la campagne : {}.", "campaign_unit")


def _told(given: Namespace, done: Changes, sentence: str, register: str) -> int:
    ids = [record for each, record in done.records if each == register]
    if given.json:
        report.as_json({"transaction": done.transaction, "records": ids})
    else:
        report.line(sentence.format(count(len(ids), "unité")))
    return DONE


def _show(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        found = campaign.find(read, _owner(given, store), given.campaign)
    lines = campaign_view.lines(store, found)
    today = store.today()
    if given.json:
        report.as_json(
            {
                "reference": found.reference,
                "name": found.name,
                "units": [
                    {
                        "unit": each.unit,
                        "id": each.record.work_unit,
                        "state": str(each.record.state),
                        "rated": each.rated,
                        "risks": each.risks,
                        "to_evaluate": each.to_evaluate,
                        "participants": each.record.participants,
                        "since_last": {
                            "rated": each.moves.rated,
                            "added": each.moves.added,
                            "removed": each.moves.removed,
                        },
                        "answer": each.answer_words(today),
                        "reminded_on": each.reminded_on.isoformat() if each.reminded_on else None,
                        "waiting": each.waiting,
                        "still_true": each.confirmed,
                    }
                    for each in lines
                ],
            }
        )
        return DONE
    report.line(f"{found.name} : {campaign.progress_words([each.record for each in lines])}.")
    report.table(
        ("Unité", "État", "Cotés", "À évaluer", "Depuis la dernière", "Réponse", "À examiner"),
        [
            (
                each.unit,
                UnitState(each.record.state).label_fr,
                f"{each.rated}/{each.risks}",
                str(each.to_evaluate or ""),
                each.moves.words,
                each.answer_words(today),
                str(each.waiting or ""),
            )
            for each in lines
        ],
    )
    return DONE


def _close(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        found = campaign.find(read, _owner(given, store), given.campaign)
    campaign.close(store, found)
    if given.json:
        report.as_json({"reference": found.reference})
    else:
        report.line(f"« {found.name} » est close.")
    return DONE


def _set(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        found = campaign.find(read, _owner(given, store))
        units = campaign.units_named(read, found.owner, given.units, store.today())
        held = {str(each.work_unit): each.id for each in campaign.members(read, found.id)}
    missing = [each.name for each in units if each.id not in held]
    if missing:
        raise NotFound(f"« {missing[0]} » n’est pas dans « {found.name} ».")
    done = campaign.set_state(
        store,
        [held[each.id] for each in units],
        UnitState(given.state),
        on=day_of(given.on),
        participants=given.participants,
    )
    return _told(given, done, "État changé : {}.", "campaign_unit")


def _reasons(given: Namespace, store: Store) -> int:
    owners = (given.department,) if given.department else ()
    with store.reading() as read:
        found = campaign_reasons.update_reasons(read, owners, store.today())
    if given.json:
        report.as_json(
            [
                {
                    "reference": each.reference,
                    "register": each.register,
                    "department": each.owner,
                    "what": each.words,
                    "text": each.text,
                    "day": each.day.isoformat(),
                    "place": each.place,
                    "unit": each.unit or None,
                    "site": each.site or None,
                    "evaluated_since": each.since.isoformat() if each.since else None,
                }
                for each in found
            ]
        )
        return DONE
    report.table(
        ("Référence", "Date", "Motif", "Lieu", "Quoi"),
        [
            (each.reference, f"{each.day:%d/%m/%Y}", each.words, each.place, each.text)
            for each in found
        ],
    )
    return DONE


def _answer(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        found = campaign_reasons.named(read, given.references, store.today())
    outcome = UpdateOutcome(given.outcome)
    done = campaign_reasons.answer(store, found, outcome, given.reason)
    if given.json:
        report.as_json({"transaction": done.transaction, "answered": len(found)})
    else:
        report.line(f"{outcome.label_fr} : {count(len(found), 'motif')}.")
    return DONE


_ACTS = {
    "start": _start,
    "add": _add,
    "show": _show,
    "close": _close,
    "set": _set,
    "reasons": _reasons,
    "answer": _answer,
}
