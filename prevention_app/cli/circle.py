"""Who belongs, from the command line: stations that join, departments that recognise each other."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from prevention_app import bootstrap
from prevention_app.catalogue.vocabulary import Role
from prevention_app.cli import circle_rules, outflows, report
from prevention_app.cli.arguments import DONE
from prevention_app.cli.records import day_of
from prevention_app.errors import Refused
from prevention_app.i18n import count
from prevention_app.services import circle, department_key, enrolment, hub_way, recognition
from prevention_app.services.progress import Progress
from prevention_app.storage.circle import part_named
from prevention_app.storage.store import Store

# -- stations ----------------------------------------------------------------------------------


def station_command(given: Namespace) -> int:
    """Run an act on stations."""
    return _STATION_ACTS[given.act](given, bootstrap.open_workspace(given.data))


def _request(given: Namespace, store: Store) -> int:
    code = enrolment.request(store, given.out, given.department)
    if given.json:
        report.as_json({"file": str(given.out), "code": code})
    else:
        report.line(f"Demande écrite : {given.out}")
        department = given.department or store.department
        left = enrolment.left_behind(store, department)
        if left:
            report.line(enrolment.left_behind_text(left, department))
        report.line(f"Code à lire à la personne qui l’admet : {code}")
    return DONE


def _admit(given: Namespace, store: Store) -> int:
    asked = enrolment.read_request(given.file)
    if not given.json:
        report.line(f"« {asked.newcomer.name} » ({asked.newcomer.user}) demande à entrer.")
        report.line(f"Code de sa demande, qu’il vous lit : {asked.code}")
    if not given.code and not given.json and not _confirmed("Est-ce bien ce code ?"):
        raise Refused("Rien n’a été changé.")
    admitted = enrolment.admit(
        store,
        given.file,
        [Role(each) for each in dict.fromkeys(given.role)],
        given.out,
        part=part_named(store, asked.department, org_unit=given.org_unit, site=given.site),
        until=day_of(given.until),
        code=given.code,
    )
    if given.json:
        report.as_json({"file": str(given.out), **_admitted(admitted)})
    else:
        report.line(
            f"Admis : « {admitted.name} » ({admitted.user}), {admitted.department}, "
            f"{enrolment.role_names(admitted.roles)}, code d’ordinateur {admitted.station_code}."
        )
        report.line(f"Réponse à lui remettre : {given.out}, code à lui lire : {admitted.code}")
    return DONE


def _admitted(admitted: enrolment.Admitted) -> dict[str, Any]:
    return {**asdict(admitted), "roles": [*map(str, admitted.roles)]}


def _list_model(given: Namespace, store: Store) -> int:
    enrolment.write_model_list(store, given.out)
    if given.json:
        report.as_json({"file": str(given.out)})
    else:
        report.line(f"Liste à remplir : {given.out}")
    return DONE


def _foresee_many(given: Namespace, store: Store) -> int:
    lines = enrolment.foresee(store, given.file, given.requests)
    if given.json:
        report.as_json([_foreseen(each) for each in lines])
        return DONE
    report.table(
        ("Ligne", "Nom", "Site", "Rôle", "Jusqu’au", "Code de la demande", "Remarque"),
        [
            (
                str(each.row or ""),
                each.name,
                each.site,
                each.role.label_fr if each.role else "",
                _french(each.until),
                each.code,
                each.problem,
            )
            for each in lines
        ],
    )
    ready = sum(1 for each in lines if not each.problem)
    report.line(f"{ready} à admettre, {len(lines) - ready} à revoir. Rien n’a été écrit.")
    return DONE


def _foreseen(each: enrolment.Foreseen) -> dict[str, Any]:
    until = each.until.isoformat() if each.until else None
    return {**asdict(each), "role": str(each.role) if each.role else None, "until": until}


def _admit_many(given: Namespace, store: Store) -> int:
    if given.preview:
        return _foresee_many(given, store)
    lines = enrolment.admit_many(store, given.file, given.requests, given.out, Progress())
    if given.table is not None:
        enrolment.write_answers(lines, given.table)
    failed = sum(1 for line in lines if line.admitted is None)
    if given.json:
        report.as_json(
            [
                {
                    "row": line.row,
                    "name": line.name,
                    "file": str(line.file) if line.file else None,
                    "problem": line.problem,
                    "admitted": _admitted(line.admitted) if line.admitted else None,
                }
                for line in lines
            ]
        )
        return DONE
    report.table(
        ("Ligne", "Nom", "Rôle", "Code de la demande", "Code de la réponse", "Remarque"),
        [
            (
                str(line.row or ""),
                line.name,
                enrolment.role_names(line.admitted.roles) if line.admitted else "",
                line.admitted.request_code if line.admitted else "",
                line.admitted.code if line.admitted else "",
                line.problem,
            )
            for line in lines
        ],
    )
    report.line(f"{len(lines) - failed} admis, {failed} à revoir.")
    return DONE


def _join(given: Namespace, store: Store) -> int:
    told = enrolment.read_admission(store, given.file)
    if not given.json:
        report.line(
            f"Admis par « {told.by} » ({told.user}), département {told.department} : "
            f"{enrolment.role_names(told.roles)}."
        )
        report.line(f"Code que cette personne doit vous lire : {told.code}")
    if told.left_behind and not given.leave_records:
        raise Refused(
            f"{enrolment.left_behind_text(told.left_behind, told.department)} Pour rejoindre quand "
            "même ce département : --leave-records. Rien n’a été changé."
        )
    if not given.code and not given.json and not _confirmed("Est-ce bien ce code ?"):
        raise Refused("Rien n’a été changé.")
    enrolment.join(store, given.file, code=given.code)
    if given.json:
        report.as_json({**asdict(told), "roles": [*map(str, told.roles)]})
    else:
        report.line(f"Cet ordinateur appartient au département {told.department}.")
    return DONE


def _confirmed(question: str) -> bool:
    """What a person at a terminal answers; a script has compared before."""
    if not sys.stdin.isatty():
        return True
    return input(f"{question} (oui/non) ").strip().lower() in ("o", "oui")


def _list(given: Namespace, store: Store) -> int:
    members = circle.members(store)
    if given.json:
        report.as_json([_member(each) for each in members])
        return DONE
    report.table(
        ("Nom", "Code", "Dép.", "Rôles", "Utilisateur", "Depuis", "Vu le", "Retiré"),
        [
            (
                each.name,
                each.code,
                each.department,
                enrolment.role_names(each.roles),
                each.user,
                _french(each.since),
                _french(each.last_heard),
                _taken_back(each),
            )
            for each in members
        ],
    )
    for warning in (*circle.withdrawn(store), *circle.reminders(store)):
        report.line(warning)
    return DONE


def _member(each: circle.Member) -> dict[str, Any]:
    return {
        **asdict(each),
        "roles": [*map(str, each.roles)],
        "since": each.since.isoformat() if each.since else None,
        "until": each.until.isoformat() if each.until else None,
        "last_heard": each.last_heard.isoformat() if each.last_heard else None,
        "revoked_on": each.revoked_on.isoformat() if each.revoked_on else None,
    }


def _taken_back(each: circle.Member) -> str:
    if each.revoked_after is None:
        return ""
    day = f"le {_french(each.revoked_on)}, " if each.revoked_on else ""
    return f"{day}après son écriture {each.revoked_after}"


def _french(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _revoke(given: Namespace, store: Store) -> int:
    after = circle.revoke(
        store, given.station, given.department, after=given.after, reason=given.reason
    )
    if given.json:
        report.as_json({"station": given.station, "after": after})
    else:
        report.line(f"Droits de « {given.station} » retirés après son écriture {after}.")
        if hub_way.remembered(store) is not None:
            report.line(
                "Son accès à la base commune lui reste : retirez-le avec un compte qui crée des "
                f"rôles (hub withdraw « {given.station} » --hub ADRESSE)."
            )
    return DONE


def _lift(given: Namespace, store: Store) -> int:
    lifted = department_key.lift(store, given.station, given.department)
    if given.json:
        report.as_json({"station": given.station, "lifted": lifted})
    else:
        report.line(f"Retrait levé pour « {given.station} ».")
    return DONE


_STATION_ACTS: dict[str, Callable[[Namespace, Store], int]] = {
    "request": _request,
    "admit": _admit,
    "admit-many": _admit_many,
    "list-model": _list_model,
    "join": _join,
    "list": _list,
    "revoke": _revoke,
    "lift": _lift,
}


# -- departments -------------------------------------------------------------------------------


def circle_command(given: Namespace) -> int:
    """Run an act on departments."""
    return _CIRCLE_ACTS[given.act](given, bootstrap.open_workspace(given.data))


def _invite(given: Namespace, store: Store) -> int:
    code = recognition.invite(store, given.out, given.department)
    if given.json:
        report.as_json({"file": str(given.out), "code": code})
    else:
        report.line(f"Invitation écrite : {given.out}")
        report.line(f"Code à lire à l’autre département : {code}")
    return DONE


def _accept(given: Namespace, store: Store) -> int:
    accepted = recognition.accept(store, given.file, given.out, given.department, code=given.code)
    if given.json:
        report.as_json(asdict(accepted))
        return DONE
    report.line(f"Le département {accepted.department} est reconnu (code lu : {accepted.code}).")
    if accepted.answer_code:
        report.line(
            f"Réponse à lui remettre : {given.out}, code à lui lire : {accepted.answer_code}"
        )
    return DONE


def _inspect(given: Namespace, store: Store) -> int:  # noqa: ARG001  (as all acts)
    offered = recognition.read_offer(given.file)
    if given.json:
        report.as_json(asdict(offered))
        return DONE
    what = "Invitation" if offered.to_answer else "Réponse"
    report.line(f"{what} du département {offered.department}, de « {offered.by} » ({offered.user})")
    report.line(f"Code que cette personne doit vous lire : {offered.code}")
    return DONE


def _departments(given: Namespace, store: Store) -> int:
    found = recognition.recognised(store, given.department)
    if given.json:
        report.as_json([asdict(each) for each in found])
    else:
        rows = [(each.department, each.mark) for each in found]
        report.table(("Département", "Repère de sa clé"), rows)
    return DONE


def _rescue_key(given: Namespace, store: Store) -> int:
    code = department_key.print_rescue_key(store, given.out, given.department)
    if given.json:
        report.as_json({"file": str(given.out), "code": code})
    else:
        report.line(f"Clé de secours écrite : {given.out} (repère {code}).")
        report.line("Imprimez-la en deux exemplaires, puis détruisez ce fichier.")
    return DONE


def _rescue(given: Namespace, store: Store) -> int:
    if given.file is not None:
        secret = department_key.read_rescue_key(given.file)
    else:
        if sys.stdin.isatty():
            report.complain("Recopiez la clé de secours, puis une ligne vide :")
        secret = department_key.typed_rescue_key(_typed())
    department = department_key.rescue(store, secret, given.department)
    if given.json:
        report.as_json({"department": department})
    else:
        report.line(f"Cet ordinateur est de nouveau administrateur du département {department}.")
    return DONE


def _typed() -> str:
    lines: list[str] = []
    for line in sys.stdin:
        if not line.strip() and lines:
            break
        lines.append(line)
    return "".join(lines)


def _refound(given: Namespace, store: Store) -> int:
    department = department_key.refound(store, given.department)
    if given.json:
        report.as_json({"department": department})
    else:
        report.line(
            f"Le département {department} a une nouvelle clé. Imprimez sa clé de secours, admettez "
            "à nouveau ses ordinateurs et invitez à nouveau les autres départements."
        )
    return DONE


def _foresee_hand_over(given: Namespace, store: Store) -> int:
    found = circle.foresee_hand_over(store, given.station, given.to, given.department)
    if given.json:
        roles = {"granted": [*map(str, found.granted)], "kept": [*map(str, found.kept)]}
        report.as_json({**asdict(found), **roles})
        return DONE
    granted = enrolment.role_names(found.granted) or "rien de plus"
    report.line(f"« {given.to} » recevrait : {granted}.")
    report.line(f"Tous les droits de « {given.station} » seraient retirés.")
    _tell_open(found.open)
    report.line("Rien n’a été changé.")
    return DONE


def _tell_open(items: Sequence[Mapping[str, str]]) -> None:
    report.line(f"Ce qui reste ouvert : {count(len(items), 'fiche')}.")
    for each in items:
        report.line(f"  {each['reference']}  {each['title']}")


def _hand_over(given: Namespace, store: Store) -> int:
    if given.preview:
        return _foresee_hand_over(given, store)
    handed = circle.hand_over(store, given.station, given.to, given.department)
    if given.json:
        report.as_json(
            {"granted": [*map(str, handed.granted)], "after": handed.after, "open": handed.open}
        )
        return DONE
    report.line(
        f"« {given.to} » reçoit : {enrolment.role_names(handed.granted) or 'rien de plus'}."
    )
    report.line(f"Droits de « {given.station} » retirés après son écriture {handed.after}.")
    _tell_open(handed.open)
    return DONE


_CIRCLE_ACTS: dict[str, Callable[[Namespace, Store], int]] = {
    "invite": _invite,
    "accept": _accept,
    "inspect": _inspect,
    "departments": _departments,
    "rescue-key": _rescue_key,
    "rescue": _rescue,
    "refound": _refound,
    "hand-over": _hand_over,
    "rules": circle_rules.list_rules,
    "rule": circle_rules.change_rule,
    "outflow": outflows.decide,
}
