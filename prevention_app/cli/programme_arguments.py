"""The arguments of the command `programme`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli.arguments import Parser


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:
    """The command `programme` with all that it can do."""
    programme = command("programme", "programme annuel de prévention (PAPRIPACT)")
    acts = programme.add_subparsers(dest="act", title="actes", metavar="ACTE", required=True)

    def act(name: str, explanation: str) -> Parser:
        return acts.add_parser(name, help=explanation, description=explanation, parents=[common])

    showing = act("show", "montre le programme d’une année, ses chiffres et ce qui manque")
    showing.add_argument("--year", type=int, required=True, metavar="ANNÉE")
    showing.add_argument(
        "--level",
        choices=("low", "medium", "high", "critical"),
        default="high",
        help="niveau résiduel à partir duquel les risques sans action sont rappelés",
    )
    _scope(showing)
    carrying = act("carry-over", "reporte au programme suivant ce qui n’est pas terminé")
    carrying.add_argument("--from", dest="from_year", type=int, required=True, metavar="ANNÉE")
    carrying.add_argument("--to", dest="to_year", type=int, required=True, metavar="ANNÉE")
    carrying.add_argument("--reason", default="", metavar="MOTIF")
    carrying.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait")
    _scope(carrying)
    exporting = act("export", "écrit le programme d’une année : classeur, ou CSV")
    exporting.add_argument("--year", type=int, required=True, metavar="ANNÉE")
    exporting.add_argument("--out", type=Path, required=True, metavar="FICHIER.xlsx|.csv")
    _scope(exporting)
    reratings = act("reratings", "liste les recotations proposées, ou en écarte une")
    reratings.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    reratings.add_argument(
        "--decline", nargs=2, metavar=("ACTION", "RISQUE"), help="l’écarte ; dites pourquoi"
    )
    reratings.add_argument("--reason", default="", metavar="MOTIF")
    linking = act("link", "dit quels autres risques une action vise")
    linking.add_argument("action", metavar="ACTION")
    linking.add_argument("risks", nargs="+", metavar="RISQUE")


def _scope(parser: Parser) -> None:
    parser.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    parser.add_argument(
        "--unit",
        default="",
        metavar="RÉFÉRENCE",
        help="une direction, un service, un site ou une unité de travail",
    )
