"""The arguments of the commands of the document unique."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli.arguments import Parser


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:
    """The command `method` with all that it can do."""
    method = command("method", "méthodes de cotation des risques")
    acts = method.add_subparsers(dest="act", title="actes", metavar="ACTE", required=True)

    def act(name: str, explanation: str) -> Parser:
        return acts.add_parser(name, help=explanation, description=explanation, parents=[common])

    act("list", "liste les méthodes et ce que les départements ont choisi")
    showing = act("show", "montre une méthode : échelles, seuils, décisions")
    showing.add_argument("code", metavar="CODE")
    showing.add_argument("--out", type=Path, metavar="FICHIER.json", help="l’écrit, pour modèle")
    adding = act("add", "ajoute une méthode du département")
    adding.add_argument("file", type=Path, metavar="FICHIER.json")
    _department(adding)
    choosing = act("choose", "choisit la méthode des cotations à venir")
    choosing.add_argument("code", metavar="CODE")
    choosing.add_argument("--family", default="", metavar="CODE", help="pour cette famille seule")
    _department(choosing)


def _department(parser: Parser) -> None:
    parser.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
