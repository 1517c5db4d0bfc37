"""A parser of arguments that speaks French: the standard one has its words built in."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from prevention_app.cli import report

DONE, FAILED, WRONG_USAGE = 0, 1, 2
"""Exit codes."""

_SENTENCES: Final = (
    (r"the following arguments are required: (.+)", r"il manque \1."),
    (r"unrecognized arguments: (.+)", r"arguments inconnus : \1."),
    (
        r"argument (.+): invalid choice: (.+) \(choose from (.+)\)",
        r"\1 n’accepte pas \2 (choix possibles : \3).",
    ),
    (r"argument (.+): expected one argument", r"\1 attend une valeur."),
    (r"argument (.+): expected at least one argument", r"\1 attend au moins une valeur."),
    (r"argument (.+): ignored explicit argument (.+)", r"\1 n’attend pas de valeur (\2)."),
    (
        r"ambiguous option: (.+) could match (.+)",
        r"\1 peut désigner plusieurs options (\2) : écrivez-la en entier.",
    ),
)
"""What the standard parser says, and what we say instead."""


class _Formatter(argparse.HelpFormatter):
    """The help, its usage line announced in French."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Announce the usage line."""
        super().add_usage(usage, actions, groups, "Usage : " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Says in French what is wrong, and leaves with the code of a wrong usage."""

    def __init__(self, *, add_help: bool = True, **options: Any) -> None:
        """The standard parser with French headings and a French --help."""
        super().__init__(add_help=False, formatter_class=_Formatter, **options)
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        if add_help:
            self.add_argument(
                "-h",
                "--help",
                action="help",
                default=argparse.SUPPRESS,
                help="montre cette aide",
            )

    def error(self, message: str) -> NoReturn:
        """Explain and leave."""
        self.print_usage(sys.stderr)
        report.complain(f"Usage incorrect : {in_french(message)}")
        raise SystemExit(WRONG_USAGE)


def in_french(message: str) -> str:
    """What the standard parser has to say, in French; unchanged where it is unforeseen."""
    for english, french in _SENTENCES:
        found = re.fullmatch(english, message, re.DOTALL)
        if found:
            return found.expand(french)
    return message
