"""Versions of the document unique from the command line; sealed versions verified."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.catalogue.document_versions import VersionMotive, Vote
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE, FAILED
from prevention_app.cli.records import day_of
from prevention_app.cli.versions_json import missing_document, version_document
from prevention_app.errors import WrongUsage
from prevention_app.i18n import count
from prevention_app.services import (
    document_versions,
    document_versions_acts,
    document_versions_diff,
    document_versions_notice,
    document_versions_steps,
)
from prevention_app.services.progress import Progress
from prevention_app.services.version_check import Missing
from prevention_app.storage.store import Store


def version_command(given: Namespace) -> int:
    """Do one of the acts on versions."""
    _ACTS[given.act](given, bootstrap.open_workspace(given.data))
    return DONE


def seal_command(given: Namespace) -> int:
    """Seal a version."""
    from prevention_app.services import sealing

    store = bootstrap.open_workspace(given.data)
    done = sealing.seal(
        store,
        given.out,
        given.department,
        year=given.year,
        motive=_motive(given),
        scope=given.scope,
        strict=given.strict,
    )
    if given.json:
        report.as_json(
            {
                "version": done.name,
                "status": done.status,
                "folder": str(done.folder),
                "content_sha256": done.content_digest,
                "manifest_sha256": done.manifest_digest,
                "missing": [missing_document(each) for each in done.missing],
                "transaction": done.changes.transaction,
            }
        )
        return DONE
    _say_missing(done.missing)
    report.line(f"{done.name}, {done.status} : {done.folder}")
    return DONE


def verify_command(given: Namespace) -> int:
    """Verify sealed versions; a workspace is opened only where one is named."""
    from prevention_app.services import sealing_verify

    found = sealing_verify.verify_folder(given.folder)
    if given.data is not None:
        with bootstrap.open_workspace(given.data).reading() as read:
            found = sealing_verify.compared_with_record(read, found)
    names = [each.manifest.name for each in found.versions if each.manifest]
    if given.json:
        report.as_json(
            {
                "versions": names,
                "faults": [{"file": each.file, "fault": each.sentence} for each in found.faults],
                "notes": list(found.notes),
            }
        )
    else:
        for each in found.versions:
            if each.manifest and not each.faults:
                manifest = each.manifest
                report.line(f"{manifest.name} : intacte, {manifest.status}.")
        for note in found.notes:
            report.line(note)
        for fault in found.faults:
            report.complain(str(fault))
    return FAILED if found.faults else DONE


# -- reading -----------------------------------------------------------------------------------


def _list(given: Namespace, store: Store) -> None:
    with store.reading() as read:
        found = document_versions.versions(read, given.department)
    if given.json:
        report.as_json([version_document(each) for each in found])
        return
    report.table(
        ("Version", "État", "Élaborée le", "Motif", "Périmètre", "À conserver jusqu’au"),
        [
            (
                each.name,
                each.state_words + (" (bifurcation)" if each.fork else ""),
                _day(each.record.elaborated_on),
                _label(each.record.motive),
                each.record.scope or "Tout le département",
                _day(each.record.kept_until),
            )
            for each in found
        ],
    )


def _show(given: Namespace, store: Store) -> None:
    with store.reading() as read:
        found = document_versions.find(read, given.name)
    if given.json:
        report.as_json(version_document(found))
        return
    report.line(f"{found.name}, {found.state_words}")
    report.pairs(
        {
            "État du document au": _day(found.record.as_at),
            "Motif": _label(found.record.motive) or "non indiqué",
            "Périmètre": found.record.scope or "Tout le département",
            "À conserver jusqu’au": _day(found.record.kept_until),
        }
    )
    for opinion, votes in found.opinions:
        told = ", ".join(f"{each.organisation} : {Vote(each.vote).label_fr}" for each in votes)
        report.line(f"Avis de la F3SCT du {_day(opinion.met_on)} : {told or 'votes à renseigner'}")
        if opinion.answer_due:
            report.line(f"  Réponse de l’autorité attendue le {_day(opinion.answer_due)}")
    if found.adoption:
        by = found.adoption
        report.line(f"Adoptée le {_day(by.adopted_on)} par {by.adopted_by}")
    for seal in found.seals:
        report.line(f"Figée le {_day(seal.sealed_on)} ({seal.reference})")
        for line in (seal.missing or "").splitlines():
            report.line(f"  {line}")
    for seal in found.fork:
        report.line(f"Bifurcation : {seal.reference} suit la même version.")
    for each in found.transmissions:
        report.line(f"Transmise le {_day(each.sent_on)} : {each.receiver}")
    for each in found.consultations:
        report.line(f"Consultée le {_day(each.consulted_on)} : {each.consulted_by}")


def _check(given: Namespace, store: Store) -> None:
    from prevention_app.services import sealing

    prepared = sealing.prepare(store, given.department, year=given.year)
    if given.json:
        report.as_json(
            {
                "version": prepared.facts.name,
                "status": prepared.facts.status,
                "missing": [missing_document(each) for each in prepared.missing],
            }
        )
        return
    report.line(f"{prepared.facts.name} serait : {prepared.facts.status}.")
    _say_missing(prepared.missing)


def _diff(given: Namespace, store: Store) -> None:
    found = document_versions_diff.compare(store, given.before, given.after)
    if given.out:
        document_versions_diff.write_comparison(found, given.out, Progress())
    if given.json:
        report.as_json(
            {
                "before": found.before,
                "after": found.after,
                "differences": [
                    {
                        "sort": each.sort.value,
                        "table": each.table,
                        "unit": each.unit,
                        "title": each.title,
                        "column": each.column,
                        "before": each.before,
                        "after": each.after,
                    }
                    for each in found.lines
                ],
            }
        )
        return
    if given.out:
        report.line(f"Écrit : {given.out}")
    else:
        report.table(
            ("Sens", "Unité", "Ligne", "Champ", "Avant", "Après"),
            [
                (
                    document_versions_diff.SORTS[each.sort],
                    each.unit,
                    each.title,
                    each.column or each.table,
                    each.before,
                    each.after,
                )
                for each in found.lines
            ],
        )
    report.line(f"De {found.before} à {found.after} : {count(len(found.lines), 'différence')}.")


# -- steps -------------------------------------------------------------------------------------


def _project(given: Namespace, store: Store) -> None:
    name, done = document_versions_acts.start_project(
        store, given.department, year=given.year, motive=_motive(given), scope=given.scope
    )
    _changed(given, name, f"Projet {name} : l’état présent est figé et numéroté.", done.transaction)


def _opinion(given: Namespace, store: Store) -> None:
    name = _named(given, store)
    met_on = day_of(given.meeting)
    transaction = ""
    if met_on and (given.vote or not given.answer):
        votes = dict(_vote(each) for each in given.vote)
        done = document_versions_steps.record_opinion(
            store, name, met_on, votes, given.reservations
        )
        transaction = done.transaction
    elif not given.answer:
        raise WrongUsage("Donnez la date de la séance (--meeting) ou une réponse (--answer).")
    if given.answer:
        answered = day_of(given.answered_on) or store.today()
        done = document_versions_steps.record_answer(store, name, given.answer, answered, met_on)
        transaction = done.transaction
    _changed(given, name, f"Avis enregistré pour la version {name}.", transaction)


def _vote(text: str) -> tuple[str, Vote]:
    organisation, equals, vote = text.rpartition("=")
    known = {each.value: each for each in Vote}
    if not equals or vote.strip() not in known:
        raise WrongUsage(
            f"« {text} » n’est pas un vote (attendu : ORGANISATION=VOTE, vote parmi "
            f"{', '.join(known)})."
        )
    return organisation.strip(), known[vote.strip()]


def _adopt(given: Namespace, store: Store) -> None:
    name = _named(given, store)
    done = document_versions_steps.adopt(
        store,
        name,
        given.by,
        _wanted(given.date),
        capacity=given.capacity,
        act_number=given.act_number,
        signed=given.signed,
    )
    _changed(given, name, f"Version {name} adoptée ; il reste à la figer.", done.transaction)


def _void(given: Namespace, store: Store) -> None:
    done = document_versions_acts.declare_void(store, given.name, given.reason)
    _changed(given, given.name, f"{given.name} est annulée.", done.transaction)


def _deposit(given: Namespace, store: Store) -> None:
    name, done = document_versions_acts.deposit(
        store, given.department, given.file, _wanted(given.date), _motive(given)
    )
    _changed(given, name, f"« {given.file.name} » est déposé : version {name}.", done.transaction)


def _consult(given: Namespace, store: Store) -> None:
    day = day_of(given.date) or store.today()
    done = document_versions_steps.consult(store, given.name, given.by, day, given.what)
    _changed(given, given.name, "Consultation notée.", done.transaction)


def _transmit(given: Namespace, store: Store) -> None:
    day = day_of(given.date) or store.today()
    done = document_versions_steps.transmit(store, given.name, day, given.way, given.to)
    _changed(given, given.name, "Transmission notée.", done.transaction)


def _notice(given: Namespace, store: Store) -> None:
    document_versions_notice.write_notice(
        store, given.department, given.out, place=given.place, how=given.how, contact=given.contact
    )
    _written(given, given.out)


_ACTS = {
    "list": _list,
    "show": _show,
    "check": _check,
    "diff": _diff,
    "project": _project,
    "opinion": _opinion,
    "adopt": _adopt,
    "void": _void,
    "deposit": _deposit,
    "consult": _consult,
    "transmit": _transmit,
    "notice": _notice,
}


# -- words -------------------------------------------------------------------------------------


def _named(given: Namespace, store: Store) -> str:
    if given.name:
        return str(given.name)
    with store.reading() as read:
        return document_versions.project_of(read, given.department or store.department).name


def _motive(given: Namespace) -> VersionMotive | None:
    return VersionMotive(given.motive) if given.motive else None


def _wanted(text: str) -> date:
    day = day_of(text)
    if day is None:
        raise WrongUsage("La date est à donner.")
    return day


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _label(motive: str | None) -> str:
    return VersionMotive(motive).label_fr if motive else ""


def _changed(given: Namespace, name: str, said: str, transaction: str) -> None:
    if given.json:
        report.as_json({"version": name, "transaction": transaction})
    else:
        report.line(said)


def _written(given: Namespace, file: Path) -> None:
    if given.json:
        report.as_json({"file": str(file)})
    else:
        report.line(f"Écrit : {file}")


def _say_missing(missing: tuple[Missing, ...]) -> None:
    for each in missing:
        report.line(f"Manque : {each.sentence}")
    if not missing:
        report.line("Rien ne manque.")
