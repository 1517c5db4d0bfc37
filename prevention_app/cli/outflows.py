"""What leaves a department, from the command line: the decisions, and the figures published."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from prevention_app import bootstrap
from prevention_app.catalogue.vocabulary import OutflowExtent
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.cli.records import day_of
from prevention_app.domain.published_figures import Figure
from prevention_app.errors import WrongUsage
from prevention_app.i18n import count
from prevention_app.services import figures_publication, outflows
from prevention_app.services.figures_publication import Preview
from prevention_app.services.outflows import Decision
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store

_CHANGES = {
    "new": "nouveau",
    "changed": "modifié",
    "same": "inchangé",
    "withdrawn": "retiré",
}


def decide(given: Namespace, store: Store) -> int:
    """List what is told of each register, or decide it for one."""
    department = given.department or store.department
    if not given.register:
        if given.to or given.extent:
            raise WrongUsage("Nommez le registre dont vous décidez.")
        found = outflows.decisions(store, department)
    elif not (given.to and given.extent):
        raise WrongUsage("Dites pour qui (--to) et ce qui est communiqué (--extent).")
    else:
        extent = OutflowExtent(given.extent)
        found = [outflows.decide(store, given.register, given.to, extent, department)]
    others = outflows.others(department)
    if given.json:
        lines = [_told(each, others) for each in found]
        report.as_json(lines[0] if given.register else lines)
        return DONE
    report.table(
        ("Registre", "Clé", *others),
        [
            (each.label, each.register, *(each.extent(to).label_fr for to in others))
            for each in found
        ],
    )
    if given.register:
        report.line("Ce qui a été communiqué auparavant reste là où il est.")
    return DONE


def _told(each: Decision, others: tuple[str, ...]) -> dict[str, Any]:
    return {
        "register": each.register,
        "label_fr": each.label,
        "extent": {to: str(each.extent(to)) for to in others},
    }


def figures_command(given: Namespace) -> int:
    """Publish figures, or list those published."""
    store = bootstrap.open_workspace(given.data)
    return _publish(given, store) if given.what == "publish" else _list(given, store)


def _publish(given: Namespace, store: Store) -> int:
    act = figures_publication.preview if given.dry_run else figures_publication.publish
    done = act(store, Progress(), given.department, day_of(given.at))
    if given.json:
        report.as_json(
            {
                "department": done.department,
                "as_of": done.as_of.isoformat(),
                **{each: done.count(each) for each in _CHANGES},
                "figures": [{**_figure(each.figure), "change": each.change} for each in done.lines],
                "kept_back": [
                    {"indicators": [*map(str, each.indicators)], "reason": each.reason}
                    for each in done.kept_back
                ],
            }
        )
        return DONE
    report.table(
        ("Indicateur", "Direction", "Chiffre", "Sur", ""),
        [(*_cells(each.figure), _CHANGES[each.change]) for each in done.lines],
    )
    for each in done.kept_back:
        unpublished = count(
            len(each.indicators), "indicateur non publié", "indicateurs non publiés"
        )
        report.line(f"{unpublished}. {each.reason}")
    report.line(_sum(done))
    return DONE


def _sum(done: Preview) -> str:
    return (
        f"Arrêté au {done.as_of:%d/%m/%Y}, département {done.department} : "
        f"{count(done.count('new'), 'nouveau', 'nouveaux')}, "
        f"{count(done.count('changed'), 'modifié')}, "
        f"{count(done.count('same'), 'inchangé')}, "
        f"{count(done.count('withdrawn'), 'retiré')}."
    )


def _list(given: Namespace, store: Store) -> int:
    found = figures_publication.published(store, given.department)
    if given.json:
        report.as_json(
            [
                {
                    "department": each.department,
                    "as_of": each.as_of.isoformat(),
                    "published_on": each.published_on.isoformat(),
                    **_figure(each.figure),
                }
                for each in found
            ]
        )
        return DONE
    report.table(
        ("Dép.", "Arrêté au", "Indicateur", "Direction", "Chiffre", "Sur"),
        [(each.department, f"{each.as_of:%d/%m/%Y}", *_cells(each.figure)) for each in found],
    )
    return DONE


def _cells(figure: Figure) -> tuple[str, str, str, str]:
    label = figure.indicator.label_fr
    return label, figure.direction, figure.count_text, figure.whole_text


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "indicator": str(figure.indicator),
        "label_fr": figure.indicator.label_fr,
        "level": str(figure.level),
        "direction": figure.direction or None,
        "period_start": figure.first.isoformat() if figure.first else None,
        "period_end": figure.last.isoformat(),
        "numerator": None if figure.numerator is None else float(figure.numerator),
        "denominator": None if figure.denominator is None else float(figure.denominator),
        "suppressed": figure.numerator is None,
    }
