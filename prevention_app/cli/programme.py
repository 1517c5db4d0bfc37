"""The yearly programme from the command line: show, carry over, export, re-ratings proposed."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.domain.programme import Share, YearFigures
from prevention_app.i18n import number_text
from prevention_app.services import programme, programme_acts, reratings
from prevention_app.services.programme import ProgrammeLine
from prevention_app.services.programme_export import export_programme
from prevention_app.services.programme_gaps import rank_of, untreated_risks
from prevention_app.services.programme_scope import Scope, scope_of
from prevention_app.services.progress import Progress
from prevention_app.services.records import plain
from prevention_app.services.reratings import ReratingProposal
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store


def programme_command(given: Namespace) -> int:
    """Run an act on the yearly programme."""
    return _ACTS[given.act](given, bootstrap.open_workspace(given.data))


def _scope(given: Namespace, read: Reader) -> Scope:
    return scope_of(read, (given.department,) if given.department else (), given.unit)


# -- show ---------------------------------------------------------------------------------------


def _show(given: Namespace, store: Store) -> int:
    today = store.today()
    with store.reading() as read:
        scope = _scope(given, read)
        found = programme.programme_of(read, today, given.year, scope)
        balance = programme.balance_of(read, today, given.year - 1, scope)
        untreated = untreated_risks(read, today, scope, rank_of(given.level))
    if given.json:
        report.as_json(
            {
                "year": given.year,
                "scope": scope.name,
                "figures": _figures(found.figures),
                "directions": [_figures(each) for each in found.directions],
                "previous": _figures(balance.figures)
                | {
                    "unfinished": balance.unfinished,
                    "carried_on": balance.carried_on,
                    "to_carry": balance.to_carry,
                },
                "without_action": [
                    {"reference": each.reference, "level": each.level.code} for each in untreated
                ],
                "measures": [_measure(each) for each in found.lines],
            }
        )
        return DONE
    _say_figures(found.figures)
    report.table(
        ("Action", "Priorité", "Direction", "Mesure", "Pilote", "Échéance", "Suivi", "Report"),
        [_said(each) for each in found.lines],
    )
    report.line(
        f"Programme {given.year - 1} : {balance.unfinished} mesures non terminées, dont "
        f"{balance.carried_on} reportées."
    )
    report.line(f"Risques sans action, à partir du niveau demandé : {len(untreated)}.")
    return DONE


def _say_figures(figures: YearFigures) -> None:
    report.pairs(
        {
            f"Mesures {figures.year}": _share_words(figures.own),
            "Reportées": _share_words(figures.carried),
            "En retard": figures.late,
            "Prévu": f"{number_text(figures.planned)} €",
            "Engagé": f"{number_text(figures.committed)} €",
            "Dépensé": f"{number_text(figures.spent)} €",
            "Crédits votés": "à renseigner"
            if figures.voted is None
            else f"{number_text(figures.voted)} €",
        }
    )
    report.line()


def _share_words(part: Share) -> str:
    rate = "" if part.rate is None else f", {part.rate:.1%} réalisé".replace(".", ",")
    return f"{part.progress.total}, dont {part.progress.finished} terminées{rate}"


def _said(line: ProgrammeLine) -> tuple[str, ...]:
    action = line.action
    due = action.due or action.revised_due
    return (
        action.reference,
        line.decision.label_fr if line.decision else "",
        line.direction_name,
        action.title,
        action.pilot or "",
        f"{due:%d/%m/%Y}" if due else "",
        line.progress.label_fr,
        f"de {line.carried_from}" if line.carried_from else "",
    )


def _figures(figures: YearFigures) -> dict[str, Any]:
    return {
        "year": figures.year,
        "direction": figures.label,
        "own": _share(figures.own),
        "carried": _share(figures.carried),
        "late": figures.late,
        "planned": plain(figures.planned),
        "committed": plain(figures.committed),
        "spent": plain(figures.spent),
        "voted": plain(figures.voted),
    }


def _share(part: Share) -> dict[str, Any]:
    return {
        "measures": part.progress.total,
        "finished": part.progress.finished,
        "abandoned": part.progress.abandoned,
        "late": part.progress.late,
        "rate": part.rate,
        "rate_by_cost": part.rate_by_cost,
        "planned": plain(part.money.planned),
    }


def _measure(line: ProgrammeLine) -> dict[str, Any]:
    return {
        "reference": line.action.reference,
        "title": line.action.title,
        "risks": [each.reference for each in line.risks],
        "direction": line.direction_name,
        "priority": line.decision.code if line.decision else None,
        "progress": line.progress.value,
        "carried_from": line.carried_from,
        "carried_to": line.carried_to,
    }


# -- carry over, export, re-ratings -------------------------------------------------------------


def _carry_over(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        plan = programme_acts.plan_carry(
            read, store.today(), given.from_year, given.to_year, _scope(given, read)
        )
    if not given.dry_run:
        programme_acts.carry_over(store, plan.ids, given.from_year, given.to_year, given.reason)
    told = [each.action.reference for each in plan.lines]
    if given.json:
        report.as_json({"carried": told, "already": plan.already, "written": not given.dry_run})
        return DONE
    report.table(
        ("Action", "Mesure", "Suivi"),
        [(each.action.reference, each.action.title, each.progress.label_fr) for each in plan.lines],
    )
    verb = "seraient reportées" if given.dry_run else "reportées"
    report.line(f"{len(told)} mesures {verb} au programme {given.to_year}.")
    if plan.already:
        report.line(f"{plan.already} y étaient déjà.")
    return DONE


def _export(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        scope = _scope(given, read)
    count = export_programme(store, given.year, scope, given.out, Progress())
    if given.json:
        report.as_json({"file": str(given.out), "measures": count})
    else:
        report.line(f"Écrit : {given.out} ({count} mesures)")
    return DONE


def _reratings(given: Namespace, store: Store) -> int:
    if given.decline:
        with store.reading() as read:
            (_, action), (_, risk) = (read.find(each) for each in given.decline)
        reratings.decline(store, action.id, risk.id, given.reason)
    owners = (given.department,) if given.department else ()
    with store.reading() as read:
        found = reratings.rerating_proposals(read, store.today(), owners)
    if given.json:
        report.as_json([_proposal(each) for each in found])
        return DONE
    report.table(
        ("Action", "Réalisée le", "Mesure", "Risque", "Situation", "Niveau", "Coté le"),
        [
            (
                each.action.reference,
                f"{each.finished_on:%d/%m/%Y}",
                each.action.title,
                each.risk.reference,
                each.risk.situation,
                each.level.label_fr,
                f"{each.rated_on:%d/%m/%Y}" if each.rated_on else "",
            )
            for each in found
        ],
    )
    return DONE


def _proposal(each: ReratingProposal) -> dict[str, Any]:
    return {
        "action": each.action.reference,
        "risk": each.risk.reference,
        "finished_on": each.finished_on.isoformat(),
        "rated_on": each.rated_on.isoformat() if each.rated_on else None,
        "level": each.level.code,
        "reason": each.reason,
    }


def _link(given: Namespace, store: Store) -> int:
    programme_acts.name_risks(store, given.action, given.risks)
    if given.json:
        report.as_json({"action": given.action, "risks": given.risks})
    else:
        report.line(f"{given.action} vise aussi : {', '.join(given.risks)}.")
    return DONE


_ACTS = {
    "show": _show,
    "carry-over": _carry_over,
    "export": _export,
    "reratings": _reratings,
    "link": _link,
}
