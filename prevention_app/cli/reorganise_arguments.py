"""The arguments of the command that reorganises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli.arguments import Parser


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:  # noqa: ARG001
    """The command `reorganise`."""
    made = command(
        "reorganise",
        "réorganise : renomme, rattache, réunit, scinde, ferme, avec effet à une date",
    )
    made.add_argument(
        "plan", type=Path, nargs="?", metavar="PLAN.xlsx", help="les opérations, une par ligne"
    )
    made.add_argument(
        "--from-chart",
        type=Path,
        metavar="ORGANIGRAMME.xlsx",
        help="propose les opérations qui mènent à cet organigramme",
    )
    made.add_argument(
        "--model",
        type=Path,
        metavar="FICHIER.xlsx",
        help="écrit un plan vide avec les unités présentes",
    )
    made.add_argument("--on", default="", metavar="DATE", help="le jour d’effet")
    made.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    made.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait")
    made.add_argument(
        "--out", type=Path, metavar="PLAN.xlsx", help="écrit les opérations proposées"
    )
    made.add_argument(
        "--surest",
        action="store_true",
        help="avec --from-chart : seulement ce qui est sûr, sans fermer ce que le fichier ignore",
    )
