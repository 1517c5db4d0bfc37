"""The arguments of the commands `station`, `circle` and `figures`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.catalogue.vocabulary import Category, OutflowExtent, Role, RoleExtent
from prevention_app.cli.arguments import Parser


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:
    """The commands `station`, `circle` and `figures` with all that they can do."""
    _station_commands(command("station", "ordinateurs du département : demander, admettre"), common)
    _circle_commands(command("circle", "départements : clé, reconnaissance, passation"), common)
    _figures_commands(command("figures", "chiffres communiqués, sans aucune fiche"), common)


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
    done = many.add_mutually_exclusive_group(required=True)
    done.add_argument("--out", type=Path, metavar="DOSSIER", help="où écrire les réponses")
    done.add_argument("--preview", action="store_true", help="montre sans rien écrire")
    many.add_argument(
        "--table", type=Path, metavar="FICHIER.xlsx", help="écrit aussi la liste des réponses"
    )
    model = act("list-model", "écrit une liste vide à remplir pour « admit-many »")
    model.add_argument("--out", type=Path, required=True, metavar="FICHIER.xlsx")
    joining = act("join", "suit une admission : cet ordinateur rejoint le département")
    joining.add_argument("file", type=Path, metavar="ADMISSION")
    _code_option(joining)
    joining.add_argument(
        "--leave-records",
        action="store_true",
        help="même si des fiches d’un autre département ne se verront plus ici",
    )
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
    reading = act("inspect", "dit ce que contient une invitation ou sa réponse, sans l’accepter")
    reading.add_argument("file", type=Path, metavar="FICHIER")
    listing = act("departments", "liste les départements reconnus")
    key = act("rescue-key", "écrit la clé de secours du département, à imprimer")
    key.add_argument("--out", type=Path, required=True, metavar="FICHIER.txt")
    rescuing = act("rescue", "redevient administrateur par la clé de secours (lue ou tapée)")
    rescuing.add_argument("file", type=Path, nargs="?", metavar="FICHIER.txt")
    founding = act("refound", "refonde le département après la perte de sa clé")
    handing = act("hand-over", "passe la main : le successeur, ce qui reste ouvert, les droits")
    handing.add_argument("station", metavar="NOM", help="l’ordinateur de qui part")
    handing.add_argument("--to", required=True, metavar="NOM", help="l’ordinateur du successeur")
    handing.add_argument("--preview", action="store_true", help="montre sans rien changer")
    rules = act("rules", "droits des rôles par catégorie, et ce que le département a changé")
    rule = act("rule", "change ce qu’un rôle lit et écrit d’une catégorie")
    rule.add_argument("role", choices=[*map(str, Role)], metavar="RÔLE")
    rule.add_argument("category", choices=[*map(str, Category)], metavar="CATÉGORIE")
    for name, explanation in (("--reads", "ce qu’il lit"), ("--writes", "ce qu’il écrit")):
        rule.add_argument(name, choices=[*map(str, RoleExtent)], help=explanation)
    rule.add_argument("--shipped", action="store_true", help="revient à la valeur d’origine")
    telling = act("outflow", "ce qui est communiqué aux autres départements : liste, décision")
    telling.add_argument("register", nargs="?", default="", metavar="REGISTRE")
    telling.add_argument("--to", default="", choices=(*DEPARTMENT_NUMBERS, "3D", "all"))
    telling.add_argument("--extent", default="", choices=[*map(str, OutflowExtent)])
    plain = (inviting, accepting, listing, key, rescuing, founding, handing, rules, rule, telling)
    for each in plain:
        _department_option(each)


def _figures_commands(figures: Parser, common: Parser) -> None:
    acts = figures.add_subparsers(dest="what", title="actes", metavar="QUOI", required=True)
    publishing = acts.add_parser("publish", help="publie les chiffres", parents=[common])
    publishing.add_argument("--at", default="", metavar="DATE", help="arrêtés à cette date")
    publishing.add_argument(
        "--dry-run", action="store_true", help="montre ce qui partirait, sans rien publier"
    )
    listing = acts.add_parser("list", help="liste les chiffres publiés", parents=[common])
    for each in (publishing, listing):
        _department_option(each)


def _code_option(parser: Parser) -> None:
    parser.add_argument(
        "--code", default="", metavar="CODE", help="les huit signes lus par l’autre personne"
    )


def _department_option(parser: Parser) -> None:
    parser.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
