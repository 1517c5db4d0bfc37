"""Collecting sheets from the command line: sent, read back, examined, reminded of."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from prevention_app import bootstrap
from prevention_app.catalogue.campaign import (
    CollectSheet,
    Proposal,
    ProposalKind,
    ProposalState,
    SheetKind,
)
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE, FAILED
from prevention_app.cli.records import day_of
from prevention_app.errors import WrongUsage
from prevention_app.i18n import count
from prevention_app.services import (
    campaign_view,
    collecting_read,
    collecting_remind,
    collecting_review,
    collecting_send,
    records,
)
from prevention_app.services.collecting_read import FileState
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store


def collect_command(given: Namespace) -> int:
    """Run an act on collecting sheets."""
    return _ACTS[given.act](given, bootstrap.open_workspace(given.data))


def _owner(given: Namespace, store: Store) -> str:
    return given.department or store.department


def _send(given: Namespace, store: Store) -> int:
    until = day_of(given.until)
    if given.actions:
        if given.units:
            raise WrongUsage("--actions écrit par pilote : nommez des pilotes (--pilot).")
        made = collecting_send.send_actions(
            store, _owner(given, store), given.out, Progress(),
            pilots=given.pilot, answers_until=until,
        )  # fmt: skip
    else:
        if given.pilot:
            raise WrongUsage("--pilot va avec --actions.")
        made = collecting_send.send(
            store, _owner(given, store), given.out, Progress(),
            units=given.units, answers_until=until, paper=not given.no_paper,
        )  # fmt: skip
    if given.json:
        report.as_json(
            {
                "files": [str(each) for each in made.files],
                "sheets": [each.id for each in made.sheets],
                "without_pilot": made.without_pilot,
            }
        )
        return DONE
    report.line(f"{count(len(made.files), 'fichier')} dans « {given.out} ».")
    if made.without_pilot:
        report.line(f"{count(made.without_pilot, 'action')} en cours sans pilote.")
    return DONE


def _read(given: Namespace, store: Store) -> int:
    found = collecting_read.read(store, given.files, Progress())
    if given.json:
        report.as_json(
            {
                "proposals": found.proposals,
                "transaction": found.done.transaction if found.done else None,
                "files": [
                    {
                        "file": each.file,
                        "state": str(each.state),
                        "said": each.said,
                        "proposals": each.proposals,
                    }
                    for each in found.files
                ],
            }
        )
    else:
        for each in found.files:
            said = each.said if each.file in each.said else f"« {each.file} » : {each.said}"
            (report.complain if each.state is FileState.REFUSED else report.line)(said)
        report.line(f"{count(found.proposals, 'proposition')} à examiner.")
    nothing_read = found.files and found.counted(FileState.REFUSED) == len(found.files)
    return FAILED if nothing_read else DONE


def _proposals(given: Namespace, store: Store) -> int:
    owners = (given.department,) if given.department else ()
    with store.reading() as read:
        field = read.catalogue["proposal"].by_key["work_unit"]
        unit = records.resolve(read, field, given.unit) if given.unit else ""
        found = collecting_review.proposals(read, owners, waiting=not given.all, unit=unit)
        units = read.titles("work_unit", [each.work_unit for each in found])
        about = read.titles("risk", [each.risk for each in found])
        about |= read.titles("planned_action", [each.action for each in found])
    if given.json:
        report.as_json([_plain(each, units) for each in found])
        return DONE
    report.table(
        ("Référence", "Unité", "Nature", "Sur", "Texte", "État"),
        [
            (
                each.reference,
                units.get(each.work_unit or "", ""),
                ProposalKind(each.kind).label_fr,
                about.get(each.risk or each.action or "", ""),
                " ".join(one for one in (each.text, each.remark) if one),
                ProposalState(each.state).label_fr,
            )
            for each in found
        ],
    )
    return DONE


def _plain(proposal: Proposal, units: dict[str, str]) -> dict[str, Any]:
    values = {
        key: records.plain(getattr(proposal, key))
        for key in (
            *("id", "reference", "kind", "state", "work_unit", "risk", "action", "text"),
            *("family", "measures", "remark", "action_state", "progress", "done_on", "found"),
            *("real_cost", "answered_by", "file_name", "cell", "received_on", "reason"),
        )
    }
    return {**values, "unit": units.get(proposal.work_unit or "", "")}


def _accept(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        chosen = collecting_review.named(read, given.proposals)
        corrections: dict[str, dict[str, Any]] = {}
        if given.set:
            if len(chosen) != 1:
                raise WrongUsage("--set corrige une seule proposition à la fois.")
            about = "planned_action" if chosen[0].action else "risk"
            pairs = dict(each.partition("=")[::2] for each in given.set)
            entity = read.catalogue[about]
            corrections[chosen[0].id] = records.read_texts(read, entity, pairs)
    done = collecting_review.accept(store, chosen, corrections)
    return _settled(given, chosen, done.transaction, "acceptée")


def _refuse(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        chosen = collecting_review.named(read, given.proposals)
    done = collecting_review.refuse(store, chosen, given.reason)
    return _settled(given, chosen, done.transaction, "refusée")


def _settled(given: Namespace, chosen: Sequence[Proposal], transaction: str, how: str) -> int:
    if given.json:
        report.as_json({"transaction": transaction, "settled": [each.id for each in chosen]})
    else:
        many = f"propositions {how}s"
        report.line(f"{count(len(chosen), f'proposition {how}', many)}.")
    return DONE


def _sheets(given: Namespace, store: Store) -> int:
    owners = (given.department,) if given.department else ()
    with store.reading() as read:
        sheets = read.records(Query("collect_sheet", owners=owners))
        found = [each for each in sheets if isinstance(each, CollectSheet)]
        units = read.titles("work_unit", [each.work_unit for each in found])
    today = store.today()
    rows = [
        (
            each.reference,
            SheetKind(each.kind).label_fr,
            units.get(each.work_unit or "", each.pilot or ""),
            f"{each.sent_on:%d/%m/%Y}",
            campaign_view.sheet_words(each, today),
        )
        for each in found
    ]
    if given.json:
        keys = ("reference", "kind_label", "for", "sent_on", "answer")
        report.as_json([dict(zip(keys, each, strict=True)) for each in rows])
    else:
        report.table(("Référence", "Nature", "Pour", "Préparée le", "Réponse"), rows)
    return DONE


def _remind(given: Namespace, store: Store) -> int:
    made = collecting_remind.remind(store, _owner(given, store), given.out, Progress())
    if given.json:
        report.as_json(
            {
                "files": [str(each) for each in made.files],
                "pilots": made.pilots,
                "actions": made.actions,
                "units": made.units,
                "without_pilot": made.without_pilot,
            }
        )
        return DONE
    report.line(
        f"{count(len(made.files), 'courriel')} à ouvrir dans « {given.out} » : "
        f"{count(made.pilots, 'pilote')}, {count(made.units, 'unité')}. Rien n’a été envoyé."
    )
    if made.without_pilot:
        report.line(f"{count(made.without_pilot, 'action')} en retard sans pilote.")
    return DONE


_ACTS = {
    "send": _send,
    "read": _read,
    "proposals": _proposals,
    "accept": _accept,
    "refuse": _refuse,
    "sheets": _sheets,
    "remind": _remind,
}
