"""The arguments of the commands on the library, unit types and jobs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli.arguments import Parser

_Act = Callable[[str, str], Parser]


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:
    """The commands `library`, `unit` and `job` with all that they can do."""

    def acts(name: str, explanation: str) -> _Act:
        kinds = command(name, explanation).add_subparsers(
            dest="act", title="actes", metavar="ACTE", required=True
        )
        return lambda act, told: kinds.add_parser(
            act, help=told, description=told, parents=[common]
        )

    _library(acts("library", "bibliothèque de risques types, et ce qui en a été repris"))
    _unit(acts("unit", "unités types, leurs variantes et leurs particularités"))
    _job(acts("job", "métiers et effectifs par unité"))


def _library(act: _Act) -> None:
    act("list", "liste les métiers et leur nombre de risques types")
    showing = act("show", "montre les risques types d’un métier, avec leurs mesures")
    showing.add_argument("type", metavar="UNITÉ", help="son code, son nom ou sa référence")
    taking = act("take", "ajoute des risques types à des unités, à évaluer sur place")
    taking.add_argument("risks", nargs="*", metavar="RISQUE", help="numéros : CER-01")
    taking.add_argument("--type", default="", metavar="UNITÉ", help="tous ceux de cette unité type")
    taking.add_argument("--unit", action="append", required=True, metavar="UNITÉ")
    taking.add_argument(
        "--actions", action="store_true", help="les mesures à proposer deviennent des actions"
    )
    updating = act("updates", "liste les risques dont le modèle a changé")
    updating.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    for name, explanation in (
        ("accept", "reprend ce qui a changé dans le modèle"),
        ("decline", "garde ce que dit le risque, jusqu’au prochain changement du modèle"),
    ):
        looking = act(name, explanation)
        looking.add_argument("risks", nargs="*", metavar="RISQUE", help="références")
        looking.add_argument("--all", action="store_true", help="tous ceux du département")
        looking.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
        looking.add_argument(
            "--field", action="append", default=[], metavar="CLÉ", help="cette valeur seulement"
        )


def _unit(act: _Act) -> None:
    sheet = act("sheet", "montre les risques d’une unité, tronc commun compris")
    sheet.add_argument("unit", metavar="UNITÉ")
    variants = act("variants", "liste les variantes d’une unité type")
    variants.add_argument("unit", metavar="UNITÉ")
    absent = act("not-applicable", "déclare un risque commun sans objet dans une variante")
    absent.add_argument("risk", metavar="RISQUE")
    absent.add_argument("--unit", required=True, metavar="UNITÉ")
    absent.add_argument("--reason", required=True, metavar="MOTIF")
    for name, explanation in (
        ("applicable", "rétablit un risque commun dans une variante"),
        ("as-common", "revient à la cotation commune"),
    ):
        again = act(name, explanation)
        again.add_argument("risk", metavar="RISQUE")
        again.add_argument("--unit", required=True, metavar="UNITÉ")


def _job(act: _Act) -> None:
    listing = act("list", "liste les métiers, leurs unités et leurs effectifs")
    listing.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    counting = act("count", "dit combien de femmes et d’hommes exercent un métier dans une unité")
    counting.add_argument("unit", metavar="UNITÉ")
    counting.add_argument("job", metavar="MÉTIER")
    counting.add_argument("--women", type=int, metavar="NOMBRE")
    counting.add_argument("--men", type=int, metavar="NOMBRE")
    forgetting = act("forget", "retire un métier d’une unité")
    forgetting.add_argument("unit", metavar="UNITÉ")
    forgetting.add_argument("job", metavar="MÉTIER")


def add_export(kinds: Any, common: Parser) -> None:
    """The export of jobs, among those of `export`."""
    jobs = kinds.add_parser("jobs", help="métiers, effectifs et risques types", parents=[common])
    jobs.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    jobs.add_argument("--out", type=Path, required=True, metavar="FICHIER.xlsx")
