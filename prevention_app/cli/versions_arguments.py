"""The arguments of the commands on versions of the document unique."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prevention_app.catalogue.document_versions import VersionMotive, Vote
from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli.arguments import Parser

_MOTIVES = [each.value for each in VersionMotive]
_VOTES = ", ".join(each.value for each in Vote)


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:
    """`version`, `seal` and `verify` with all that they can do."""
    version = command("version", "versions du document unique : projet, avis, adoption, registre")
    acts = version.add_subparsers(dest="act", title="actes", metavar="ACTE", required=True)

    def act(name: str, explanation: str) -> Parser:
        return acts.add_parser(name, help=explanation, description=explanation, parents=[common])

    _reading(act)
    _stepping(act)
    _logging(act)
    seal = command("seal", "fige une version du document unique, qui ne changera plus")
    _department(seal)
    seal.add_argument("--year", type=int, default=0, metavar="ANNÉE")
    seal.add_argument(
        "--out", type=Path, required=True, metavar="DOSSIER", help="où vont les versions figées"
    )
    _what_is_new(seal)
    seal.add_argument(
        "--strict", action="store_true", help="ne fige rien tant que quelque chose manque"
    )
    verify = command("verify", "vérifie des versions figées, même sans espace de travail")
    verify.add_argument("folder", type=Path, metavar="DOSSIER", help="celui donné à --out")


def _reading(act: Callable[[str, str], Parser]) -> None:
    _department(act("list", "liste les versions"))
    showing = act("show", "montre une version, ses étapes et ce qui l’a suivie")
    showing.add_argument("name", metavar="VERSION")
    checking = act("check", "dit ce qui manque avant de figer")
    _department(checking)
    checking.add_argument("--year", type=int, default=0, metavar="ANNÉE")
    comparing = act("diff", "compare deux versions, ou une version et l’état présent")
    comparing.add_argument("before", metavar="VERSION")
    comparing.add_argument("after", nargs="?", default="", metavar="VERSION")
    comparing.add_argument("--out", type=Path, metavar="FICHIER.xlsx", help="l’écrit en classeur")


def _stepping(act: Callable[[str, str], Parser]) -> None:
    project = act("project", "fige et numérote l’état présent, pour le soumettre à avis")
    _department(project)
    project.add_argument("--year", type=int, default=0, metavar="ANNÉE")
    _what_is_new(project)
    opinion = act("opinion", "enregistre l’avis de la F3SCT, ou la réponse de l’autorité")
    _which(opinion)
    opinion.add_argument("--meeting", default="", metavar="DATE", help="de la séance")
    opinion.add_argument(
        "--vote", action="append", default=[], metavar="ORGANISATION=VOTE", help=f"vote : {_VOTES}"
    )
    opinion.add_argument("--reservations", default="", metavar="TEXTE")
    opinion.add_argument(
        "--answer", default="", metavar="TEXTE", help="réponse écrite de l’autorité"
    )
    opinion.add_argument("--answered-on", default="", metavar="DATE")
    adopting = act("adopt", "enregistre l’adoption par l’autorité territoriale")
    _which(adopting)
    adopting.add_argument("--by", required=True, metavar="FONCTION")
    adopting.add_argument("--capacity", default="", metavar="QUALITÉ")
    adopting.add_argument("--act", dest="act_number", default="", metavar="NUMÉRO")
    adopting.add_argument("--date", required=True, metavar="DATE")
    adopting.add_argument("--signed", type=Path, metavar="FICHIER", help="l’acte signé")
    void = act("void", "déclare une version annulée")
    void.add_argument("name", metavar="VERSION|RÉFÉRENCE")
    void.add_argument("--reason", required=True, metavar="TEXTE")


def _logging(act: Callable[[str, str], Parser]) -> None:
    deposit = act("deposit", "dépose le document d’une année antérieure")
    deposit.add_argument("file", type=Path, metavar="FICHIER")
    _department(deposit)
    deposit.add_argument("--date", required=True, metavar="DATE", help="de son élaboration")
    _motive(deposit)
    consult = act("consult", "note une consultation")
    consult.add_argument("name", metavar="VERSION")
    consult.add_argument("--by", required=True, metavar="FONCTION")
    consult.add_argument("--date", default="", metavar="DATE")
    consult.add_argument("--what", default="", metavar="TEXTE")
    transmit = act("transmit", "note une transmission au service de médecine préventive")
    transmit.add_argument("name", metavar="VERSION")
    transmit.add_argument("--date", default="", metavar="DATE")
    transmit.add_argument("--way", default="", metavar="TEXTE")
    transmit.add_argument("--to", default="", metavar="SERVICE")
    notice = act("notice", "écrit l’avis d’accès à afficher")
    _department(notice)
    notice.add_argument("--place", required=True, metavar="TEXTE", help="où le consulter")
    notice.add_argument("--how", default="", metavar="TEXTE")
    notice.add_argument("--contact", default="", metavar="FONCTION")
    notice.add_argument("--out", type=Path, required=True, metavar="FICHIER.docx")


def _department(parser: Parser) -> None:
    parser.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")


def _which(parser: Parser) -> None:
    """The version that a step is taken with: the open project where none is named."""
    _department(parser)
    parser.add_argument("name", nargs="?", default="", metavar="VERSION")


def _motive(parser: Parser) -> None:
    parser.add_argument("--motive", choices=_MOTIVES, default="")


def _what_is_new(parser: Parser) -> None:
    _motive(parser)
    parser.add_argument(
        "--scope",
        nargs="+",
        default=[],
        metavar="UNITÉ",
        help="ces unités seules ; le reste est repris de la version précédente",
    )
