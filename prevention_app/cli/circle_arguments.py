"""The arguments of the commands `station` and `circle`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.catalogue.vocabulary import Role
from prevention_app.cli.arguments import Parser


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:
    """The commands `station` and `circle` with all that they can do."""
    _station_commands(command("station", "ordinateurs du département : demander, admettre"), common)
    _circle_commands(command("circle", "départements : clé, reconnaissance, passation"), common)


def _station_commands(station: Parser, common: Parser) -> None:
    acts = station.add_subparsers(dest="act", title="actes", metavar="ACTE", required=True)

    def act(name: str, explanation: str) -> Parser:
        return acts.add_parser(name, help=explanation, description=explanation, parents=[common])

    asking = act("request", "écrit la demande d’adhésion de cet ordinateur")
    asking.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    asking.add_argument("--out", type=Path, required=True, metavar="FICHIER")
    admitting = act("admit", "admet un ordinateur qui le demande")
    admitting.add_argument("file", type=Path, metavar="DEMANDE")
    admitting.add_argument("--role", action="append", required=True, choices=[*map(str, Role)])
    admitting.add_argument("--org-unit", default="", metavar="NOM", help="pour ce service seul")
    admitting.add_argument("--site", default="", metavar="NOM", help="pour ce site seul")
    admitting.add_argument("--until", default="", metavar="DATE")
    _code_option(admitting)
    admitting.add_argument("--out", type=Path, required=True, metavar="FICHIER")
    many = act("admit-many", "admet toutes les personnes d’une liste (Nom, Site, Rôle, Jusqu’au)")
    many.add_argument("file", type=Path, metavar="LISTE")
    many.add_argument("--requests", type=Path, required=True, metavar="DOSSIER")
    many.add_argument("--out", type=Path, required=True, metavar="DOSSIER")
    joining = act("join", "suit une admission : cet ordinateur rejoint le département")
    joining.add_argument("file", type=Path, metavar="ADMISSION")
    _code_option(joining)
    act("list", "liste les ordinateurs et leurs rôles")
    revoking = act("revoke", "retire ses droits à un ordinateur")
    revoking.add_argument("station", metavar="NOM")
    revoking.add_argument("--after", type=int, metavar="N", help="dernière écriture retenue")
    revoking.add_argument("--reason", default="", metavar="MOTIF")
    _department_option(revoking)
    lifting = act("lift", "lève le retrait des droits d’un ordinateur")
    lifting.add_argument("station", metavar="NOM")
    _department_option(lifting)


def _circle_commands(circle_: Parser, common: Parser) -> None:
    acts = circle_.add_subparsers(dest="act", title="actes", metavar="ACTE", required=True)

    def act(name: str, explanation: str) -> Parser:
        return acts.add_parser(name, help=explanation, description=explanation, parents=[common])

    inviting = act("invite", "écrit une invitation pour un autre département")
    inviting.add_argument("--out", type=Path, required=True, metavar="FICHIER")
    accepting = act("accept", "accepte une invitation ou sa réponse")
    accepting.add_argument("file", type=Path, metavar="FICHIER")
    accepting.add_argument(
        "--out", type=Path, metavar="FICHIER", help="la réponse à une invitation"
    )
    _code_option(accepting)
    key = act("rescue-key", "écrit la clé de secours du département, à imprimer")
    key.add_argument("--out", type=Path, required=True, metavar="FICHIER.txt")
    rescuing = act("rescue", "redevient administrateur par la clé de secours (lue ou tapée)")
    rescuing.add_argument("file", type=Path, nargs="?", metavar="FICHIER.txt")
    founding = act("refound", "refonde le département après la perte de sa clé")
    handing = act("hand-over", "passe la main : le successeur, ce qui reste ouvert, les droits")
    handing.add_argument("station", metavar="NOM", help="l’ordinateur de qui part")
    handing.add_argument("--to", required=True, metavar="NOM", help="l’ordinateur du successeur")
    for each in (inviting, accepting, key, rescuing, founding, handing):
        _department_option(each)


def _code_option(parser: Parser) -> None:
    parser.add_argument(
        "--code", default="", metavar="CODE", help="les huit signes lus par l’autre personne"
    )


def _department_option(parser: Parser) -> None:
    parser.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
