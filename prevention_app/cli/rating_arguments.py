"""The arguments of the command `risk`: rating, confirming and copying risks."""

from __future__ import annotations

from collections.abc import Callable

from prevention_app.catalogue.vocabulary import RatingBasis
from prevention_app.cli.arguments import Parser
from prevention_app.domain.ratings import CRITERIA


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:
    """The command `risk` with all that it can do."""
    risk = command("risk", "cote, confirme et recopie des risques du document unique")
    acts = risk.add_subparsers(dest="act", title="actes", metavar="ACTE", required=True)

    def act(name: str, explanation: str) -> Parser:
        return acts.add_parser(name, help=explanation, description=explanation, parents=[common])

    rating = act("rate", "cote un risque : une cotation de plus, les anciennes restent")
    rating.add_argument("reference", metavar="RISQUE")
    for each in CRITERIA:
        rating.add_argument(f"--{each}", type=int, metavar="N")
    rating.add_argument("--reason", required=True, metavar="TEXTE", help="le motif")
    rating.add_argument(
        "--basis",
        choices=(RatingBasis.ON_SITE.value, RatingBasis.DESK.value),
        default=RatingBasis.ON_SITE.value,
        help="sur place, ou sur documents",
    )
    _circumstances(rating)
    confirming = act("confirm", "confirme la cotation indiquée de risques recopiés")
    confirming.add_argument("references", nargs="+", metavar="RISQUE")
    confirming.add_argument("--note", default="", metavar="TEXTE")
    confirming.add_argument(
        "--in-bulk", default="", metavar="MOTIF", help="sans visite : réputés identiques, pourquoi"
    )
    _circumstances(confirming)
    copying = act("copy", "recopie des risques dans d’autres unités, où ils sont à évaluer")
    copying.add_argument("references", nargs="+", metavar="RISQUE")
    _to(copying)
    unit = act("copy-unit", "recopie tous les risques d’une unité, ou en fait d’autres comme elle")
    unit.add_argument("reference", metavar="UNITÉ", help="une unité de travail, une direction")
    where = unit.add_mutually_exclusive_group(required=True)
    where.add_argument("--to", nargs="+", default=[], metavar="UNITÉ", help="unités qui existent")
    where.add_argument("--new", nargs="+", default=[], metavar="NOM", help="nouvelles unités")
    similar = act("similar", "montre ce que les autres départements ont fait d’un tel risque")
    similar.add_argument("reference", metavar="RISQUE")
    listing = act("undated", "liste les cotations dont la date est à renseigner")
    listing.add_argument("--department", default="", metavar="NN")
    _branch(act("matrix", "compte les risques par gravité et fréquence"))
    _branch(act("trend", "compte les risques par niveau résiduel, d’année en année"))


def _branch(parser: Parser) -> None:
    parser.add_argument("--unit", default="", metavar="UNITÉ", help="cette branche seule")
    parser.add_argument("--department", default="", metavar="NN")


def _circumstances(parser: Parser) -> None:
    parser.add_argument("--on", default="", metavar="DATE", help="le jour où le travail a été vu")
    parser.add_argument("--participants", default="", metavar="FONCTIONS")
    parser.add_argument("--rated-by", default="", metavar="FONCTION")
    parser.add_argument(
        "--variant",
        default="",
        metavar="UNITÉ",
        help="d’un risque de tronc commun, la seule unité pour laquelle cela vaut",
    )


def _to(parser: Parser) -> None:
    parser.add_argument("--to", nargs="+", required=True, metavar="UNITÉ")
