"""The arguments of the commands of the campaign and of its collecting sheets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prevention_app.catalogue.campaign import UnitState, UpdateOutcome
from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli.arguments import Parser

_Command = Callable[[str, str], Parser]


def add_commands(command: _Command, common: Parser) -> None:
    """The commands `campaign` and `collect` with all that they can do."""
    _campaign(_acts(command("campaign", "campagne annuelle du document unique"), common))
    _collect(_acts(command("collect", "fiches de collecte, réponses, actions des pilotes"), common))


def _acts(parser: Parser, common: Parser) -> _Command:
    acts = parser.add_subparsers(dest="act", title="actes", metavar="ACTE", required=True)

    def act(name: str, explanation: str) -> Parser:
        return acts.add_parser(name, help=explanation, description=explanation, parents=[common])

    return act


def _campaign(act: _Command) -> None:
    starting = act("start", "commence une campagne, pour toutes les unités ou celles nommées")
    _department(starting)
    _units(starting)
    starting.add_argument("--name", default="", metavar="NOM")
    starting.add_argument("--year", type=int, default=0, metavar="ANNÉE")
    _until(starting)
    for name, explanation in (
        ("show", "montre où en est chaque unité"),
        ("add", "ajoute des unités à la campagne en cours"),
        ("close", "clôt la campagne en cours"),
    ):
        each = act(name, explanation)
        _department(each)
        if name == "add":
            each.add_argument("units", nargs="+", metavar="UNITÉ")
        else:
            each.add_argument("--campaign", default="", metavar="CAMPAGNE")
    setting = act("set", "change l’état d’unités de la campagne en cours")
    setting.add_argument("state", choices=[each.value for each in UnitState])
    setting.add_argument("units", nargs="+", metavar="UNITÉ")
    setting.add_argument("--on", default="", metavar="DATE")
    setting.add_argument("--participants", metavar="FONCTIONS")
    _department(setting)
    reasons = act("reasons", "liste les motifs de mise à jour en attente")
    _department(reasons)
    answering = act("answer", "répond à des motifs de mise à jour")
    answering.add_argument("references", nargs="+", metavar="RÉFÉRENCE")
    answering.add_argument(
        "--outcome",
        choices=[each.value for each in UpdateOutcome],
        default=UpdateOutcome.RE_EVALUATED.value,
    )
    answering.add_argument("--reason", default="", metavar="TEXTE")


def _collect(act: _Command) -> None:
    sending = act("send", "écrit la fiche de chaque unité, ou le classeur de chaque pilote")
    _department(sending)
    _units(sending)
    sending.add_argument("--actions", action="store_true", help="plutôt les actions des pilotes")
    sending.add_argument("--pilot", action="append", default=[], metavar="FONCTION")
    sending.add_argument("--no-paper", action="store_true", help="sans la version à imprimer")
    sending.add_argument("--out", type=Path, required=True, metavar="DOSSIER")
    _until(sending)
    reading = act("read", "relève les fiches revenues : fichiers ou dossiers")
    reading.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    listing = act("proposals", "liste les propositions à examiner")
    _department(listing)
    listing.add_argument("--unit", default="", metavar="UNITÉ")
    listing.add_argument("--all", action="store_true", help="celles déjà examinées aussi")
    accepting = act("accept", "accepte des propositions")
    accepting.add_argument("proposals", nargs="+", metavar="PROPOSITION")
    accepting.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="champ=valeur",
        help="corrige d’abord ; pour une seule proposition",
    )
    refusing = act("refuse", "refuse des propositions")
    refusing.add_argument("proposals", nargs="+", metavar="PROPOSITION")
    refusing.add_argument("--reason", required=True, metavar="TEXTE")
    sheets = act("sheets", "liste les fiches préparées, et qui a répondu")
    _department(sheets)
    reminding = act("remind", "prépare les relances des pilotes en retard et des unités muettes")
    _department(reminding)
    reminding.add_argument("--out", type=Path, required=True, metavar="DOSSIER")


def _department(parser: Parser) -> None:
    parser.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")


def _units(parser: Parser) -> None:
    parser.add_argument(
        "--unit", dest="units", action="append", default=[], metavar="UNITÉ",
        help="référence ou nom ; plusieurs fois",
    )  # fmt: skip


def _until(parser: Parser) -> None:
    parser.add_argument("--until", default="", metavar="DATE", help="réponses attendues avant")
