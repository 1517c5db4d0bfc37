"""What was kept aside, from the command line: its list, and its admission one by one."""

from __future__ import annotations

from argparse import Namespace

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE
from prevention_app.services import kept_aside


def aside_command(given: Namespace) -> int:
    """List what stations wrote without the right, or admit one of it."""
    store = bootstrap.open_workspace(given.data)
    if given.admit:
        done = kept_aside.admit(store, given.admit)
        if given.json:
            report.as_json({"transaction": done.transaction})
        else:
            report.line("L’écriture mise de côté compte maintenant.")
        return DONE
    with store.reading() as read:
        held = kept_aside.listed(read)
    if given.json:
        report.as_json(
            [
                {
                    "id": each.id,
                    "station": each.station,
                    "user": each.user,
                    "when": each.when.isoformat(timespec="seconds"),
                    "register": each.register,
                    "why": each.why,
                    "values": [{"field": label, "value": value} for label, value in each.values],
                }
                for each in held
            ]
        )
        return DONE
    report.table(
        ("Identifiant", "De", "Registre", "Pourquoi", "Ce qu’elle dirait"),
        [
            (
                each.id,
                f"{each.user} ({each.station})",
                each.register,
                each.why,
                ", ".join(f"{label} : {value}" for label, value in each.values),
            )
            for each in held
        ],
    )
    return DONE
