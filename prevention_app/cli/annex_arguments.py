"""The arguments of the command `annexes`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli.arguments import Parser


def add_commands(command: Callable[[str, str], Parser], common: Parser) -> None:
    """The command `annexes` with what it can do."""
    annexes = command("annexes", "annexes du document unique : ce qu’elles disent et leurs manques")
    acts = annexes.add_subparsers(dest="act", title="actes", metavar="ACTE", required=True)
    showing = acts.add_parser("show", help="montre les annexes et ce qui manque", parents=[common])
    showing.add_argument("--annex", default="", metavar="CLÉ", help="une seule : annex_heat…")
    showing.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    export = acts.add_parser("export", help="écrit les annexes en un classeur", parents=[common])
    export.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    export.add_argument("--out", type=Path, required=True, metavar="FICHIER.xlsx")
