"""Archives from the command line: names erased, records eliminated after a visa, holds."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import date
from typing import Any

from prevention_app import bootstrap
from prevention_app.catalogue.archives import Elimination, LegalHold
from prevention_app.catalogue.vocabulary import EliminationState
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.cli.records import day_of
from prevention_app.errors import WrongUsage
from prevention_app.i18n import number_text
from prevention_app.services import archives
from prevention_app.services.archives import Due, Preview
from prevention_app.storage.store import Store


def archive_command(given: Namespace) -> int:
    """Do one of the acts on archives."""
    store = bootstrap.open_workspace(given.data)
    _ACTS[given.what](given, store)
    return DONE


def _due(given: Namespace, store: Store) -> None:
    found, remarks = archives.due(store), archives.remarks(store)
    with store.reading() as read:
        lists = archives.eliminations(read)
        holds = archives.holds(read, store.today())
    if given.json:
        report.as_json(
            {
                "due": [_due_document(each) for each in found],
                "eliminations": [_list_document(each) for each in lists],
                "holds": [_hold_document(each) for each in holds],
                "remarks": remarks,
            }
        )
        return
    report.table(
        ("Registre", "Département", "Avant le", "Fiches", "Sort", "Source"),
        [
            (
                each.entity.label_fr,
                each.department,
                f"{each.before:%d/%m/%Y}",
                number_text(each.count),
                each.retention.fate.label_fr,
                each.retention.source,
            )
            for each in found
        ],
    )
    for each in lists:
        state = EliminationState(each.state).label_fr
        report.line(
            f"{each.reference}  {each.series}, {state}, fiches\u202f: {number_text(each.count)}"
        )
    for each in holds:
        report.line(f"{each.reference}  gel\u202f: {each.reason}")
    _say(remarks)


def _due_document(each: Due) -> dict[str, Any]:
    return {
        "register": each.entity.key,
        "department": each.department,
        "before": each.before.isoformat(),
        "count": each.count,
        "years": each.retention.years,
        "fate": str(each.retention.fate),
        "source": each.retention.source,
    }


def _list_document(each: Elimination) -> dict[str, Any]:
    return {
        "reference": each.reference,
        "register": each.register_key,
        "from": each.covers_from.isoformat(),
        "until": each.covers_until.isoformat(),
        "count": each.count,
        "state": str(each.state),
        "visa": each.visa_number,
        "visa_on": each.visa_on.isoformat() if each.visa_on else None,
        "executed_on": each.executed_on.isoformat() if each.executed_on else None,
    }


def _hold_document(each: LegalHold) -> dict[str, Any]:
    return {
        "reference": each.reference,
        "register": each.register_key,
        "record": each.record,
        "reason": each.reason,
        "until": each.until.isoformat() if each.until else None,
    }


def _preview_document(preview: Preview) -> dict[str, Any]:
    return {
        "records": [record.reference for _, record in preview.chosen],
        "hanging": [record.reference for _, record in preview.hanging],
        "files": preview.files,
        "with_names": preview.with_names,
        "held": {record.reference: each.reference for record, each in preview.held},
    }


def _tell(given: Namespace, store: Store, preview: Preview, said: str, **more: str) -> None:
    remarks = archives.remarks(store)
    if given.json:
        report.as_json({**more, **_preview_document(preview), "remarks": remarks})
        return
    report.line(
        f"{said}. Fiches\u202f: {number_text(len(preview.chosen))}\u202f; s’y rattachent\u202f: "
        f"{number_text(len(preview.hanging))}, dont pièces jointes\u202f: "
        f"{number_text(preview.files)}."
    )
    for record, each in preview.held:
        report.line(f"{record.reference} est gelée ({each.reference})\u202f: laissée de côté.")
    _say(remarks)


def _day(text: str) -> date:
    day = day_of(text)
    if day is None:
        raise WrongUsage("La date est à donner.")
    return day


def _say(sentences: Sequence[str]) -> None:
    for each in sentences:
        report.line(each)


def _names(given: Namespace, store: Store) -> None:
    options = {"with_attachments": bool(given.with_attachments)}
    preview = archives.foresee_names(store, given.references, **options)
    if given.dry_run:
        _tell(given, store, preview, "Noms et textes seraient effacés pour toujours")
        return
    done = archives.erase_names(store, given.references, given.reason, **options)
    _tell(given, store, preview, "Noms et textes effacés", transaction=done.transaction)


def _prepare(given: Namespace, store: Store) -> None:
    made = archives.prepare(
        store,
        given.register,
        _day(given.before),
        department=given.department,
        reason=given.reason,
    )
    if given.out is not None:
        archives.write_list(store, made.reference, given.out)
    _tell(given, store, made.preview, f"{made.reference} préparé", reference=made.reference)


def _visa(given: Namespace, store: Store) -> None:
    done = archives.give_visa(store, given.reference, given.number, _day(given.date))
    _changed(given, f"{given.reference} a son visa.", done.transaction)


def _execute(given: Namespace, store: Store) -> None:
    preview = archives.foresee_execution(store, given.reference)
    if given.dry_run:
        _tell(given, store, preview, "Seraient éliminés pour toujours")
        return
    done = archives.execute(store, given.reference)
    _tell(given, store, preview, f"{given.reference} exécuté", transaction=done.transaction)


def _hold(given: Namespace, store: Store) -> None:
    until = day_of(given.until) if given.until else None
    reference = archives.hold(
        store, given.named, given.reason, until=until, department=given.department
    )
    if given.json:
        report.as_json({"reference": reference})
    else:
        report.line(f"Gel {reference}\u202f: rien n’y sera effacé ni éliminé.")


def _release(given: Namespace, store: Store) -> None:
    done = archives.release(store, given.reference)
    _changed(given, f"{given.reference} est levé.", done.transaction)


def _changed(given: Namespace, said: str, transaction: str) -> None:
    if given.json:
        report.as_json({"reference": given.reference, "transaction": transaction})
    else:
        report.line(said)


_ACTS = {
    "due": _due,
    "erase-names": _names,
    "prepare": _prepare,
    "visa": _visa,
    "execute": _execute,
    "hold": _hold,
    "release": _release,
}
