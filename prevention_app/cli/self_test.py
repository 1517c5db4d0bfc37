"""The self-test from the command line: what someone who installs the program runs and sends."""

from __future__ import annotations

from argparse import Namespace

from prevention_app import paths
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE, FAILED
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.services.progress import Progress
from prevention_app.services.self_test import checks
from prevention_app.services.self_test.line import Verdict


def self_test_command(given: Namespace) -> int:
    """Look at this computer; 1 where something is to be corrected."""
    if given.report is not None:
        refuse_locked(given.report)
    lines = checks.run(given.data or paths.default_workspace(), Progress())
    if given.report is not None:
        checks.write_report(lines, given.report)
    if given.json:
        report.as_json(checks.as_json(lines))
    else:
        report.line(checks.as_text(lines).rstrip("\n"))
        if given.report is not None:
            report.line(f"Rapport écrit : {given.report}")
    return FAILED if checks.worst(lines) is Verdict.FIX else DONE
