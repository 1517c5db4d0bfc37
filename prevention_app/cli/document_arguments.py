"""The arguments of what writes the document unique in Word and PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli.arguments import Parser
from prevention_app.exchange.printed_document import Form


def add_exports(kinds: Any, common: Parser) -> None:
    """`export document` and `export template`."""
    document = kinds.add_parser(
        "document", help="le document unique, en Word ou en PDF", parents=[common]
    )
    document.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    document.add_argument(
        "--place",
        default="",
        metavar="RÉFÉRENCE",
        help="d’une direction, d’un service ou d’une unité de travail seule",
    )
    _form(document)
    document.add_argument(
        "--template", type=Path, metavar="MODÈLE.docx", help="plutôt que le modèle du programme"
    )
    document.add_argument("--out", type=Path, required=True, metavar="FICHIER.docx|.pdf")
    template = kinds.add_parser(
        "template", help="copie un modèle Word du programme, à modifier", parents=[common]
    )
    _form(template)
    template.add_argument("--out", type=Path, required=True, metavar="MODÈLE.docx")


def _form(parser: Parser) -> None:
    parser.add_argument(
        "--form",
        choices=[each.value for each in Form],
        default=Form.DOCUMENT.value,
        help="document : le document unique ; sheet : les fiches d’unité à afficher",
    )
