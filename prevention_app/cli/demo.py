"""The demonstration from the command line."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.catalogue.description import Catalogue
from prevention_app.cli import report
from prevention_app.cli.imports import document, print_plan
from prevention_app.errors import WrongUsage
from prevention_app.services import demo


def demo_command(given: Namespace) -> int:
    """Make the demonstration."""
    if given.json and given.window:
        raise WrongUsage("--json et --window ne vont pas ensemble.")
    workspace = demo.prepare_folder(given.folder)
    store = bootstrap.create_workspace(
        workspace, department="45", name="Démonstration", departments=("41", "28")
    )
    tell = report.complain if given.json else report.line
    tell("Reprise des fichiers de démonstration :")
    account = demo.fill(store, lambda name: tell(f"  {name}"))
    demo.count_due(store, account)
    tell("Classeurs consolidés :")
    demo.write_workbooks(store, given.folder, account, lambda name: tell(f"  {name}"))
    if given.json:
        report.as_json(
            {
                "workspace": str(account.workspace),
                "imports": {name: document(plan) for name, plan in account.imports},
                "due": account.due,
                "workbooks": [str(each) for each in account.workbooks],
            }
        )
    else:
        _print_account(account, store.catalogue)
    store.close()
    return _open_window(workspace) if given.window else 0


def _open_window(workspace: Path) -> int:
    """The window is another room: it is started as a program of its own."""
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable] if frozen else [sys.executable, "-m", "prevention_app"]
    return subprocess.call([*program, "--data", str(workspace)])  # noqa: S603  (our own program)


def _print_account(account: demo.DemoAccount, catalogue: Catalogue) -> None:
    report.line()
    for name, plan in account.imports:
        report.line(name)
        print_plan(plan, catalogue, tried=False)
    report.line()
    report.line("Échéances :")
    report.pairs({f"  {label}": str(count) for label, count in account.due.items()})
    report.line()
    report.line(f"Espace de travail : {account.workspace}")
    for each in account.workbooks:
        report.line(f"Classeur : {each}")
