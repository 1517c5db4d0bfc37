"""The arguments of the commands on archives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli.arguments import Parser


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:
    """Add `archive` with its acts."""
    kinds = command(
        "archive", "efface des noms, élimine des fiches après visa, gèle des archives"
    ).add_subparsers(dest="what", title="actes", metavar="QUOI", required=True)

    def act(name: str, explanation: str) -> Parser:
        return kinds.add_parser(name, help=explanation, parents=[common])

    act("due", "dit ce dont la durée est échue, les bordereaux et les gels")
    names = act("erase-names", "efface pour toujours les noms et les textes de fiches")
    names.add_argument("references", nargs="+", metavar="RÉFÉRENCE")
    names.add_argument("--reason", required=True, metavar="MOTIF")
    names.add_argument("--with-attachments", action="store_true", help="et leurs pièces jointes")
    names.add_argument("--dry-run", action="store_true", help="dit ce qui serait effacé")
    prepare = act("prepare", "prépare un bordereau d’élimination\u202f; rien n’est encore effacé")
    prepare.add_argument("register", metavar="REGISTRE")
    prepare.add_argument("--before", required=True, metavar="DATE")
    prepare.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    prepare.add_argument("--reason", default="", metavar="MOTIF")
    prepare.add_argument("--out", type=Path, metavar="FICHIER.xlsx", help="écrit le bordereau")
    visa = act("visa", "note le visa des Archives sur un bordereau")
    visa.add_argument("reference", metavar="BORDEREAU")
    visa.add_argument("--number", required=True, metavar="N°")
    visa.add_argument("--date", required=True, metavar="DATE")
    execute = act("execute", "élimine les fiches d’un bordereau visé, pour toujours")
    execute.add_argument("reference", metavar="BORDEREAU")
    execute.add_argument("--dry-run", action="store_true", help="dit ce qui serait éliminé")
    hold = act("hold", "gèle une fiche ou un registre\u202f: ni effacé ni éliminé")
    hold.add_argument("named", metavar="RÉFÉRENCE|REGISTRE")
    hold.add_argument("--reason", required=True, metavar="MOTIF")
    hold.add_argument("--until", default="", metavar="DATE")
    hold.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    act("release", "lève un gel").add_argument("reference", metavar="GEL")
