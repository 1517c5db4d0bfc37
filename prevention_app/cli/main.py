"""The command line: arguments in, one service called, an exit code out."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from prevention_app import __version__
from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE, FAILED, WRONG_USAGE, Parser
from prevention_app.errors import PreventionError, WrongUsage

_Command = Callable[[str, str], Parser]


def parser() -> Parser:
    """All commands and their arguments."""
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--data", type=Path, metavar="DOSSIER", help="espace de travail")
    common.add_argument("--json", action="store_true", help="réponse en JSON")
    main = Parser(
        prog="prevention-app",
        description="Prévention : document unique, registres, échéances. Sans commande, "
        "ouvre la fenêtre.",
        parents=[common],
    )
    main.add_argument(
        "--version",
        action="version",
        version=f"prevention-app {__version__}",
        help="montre la version",
    )
    commands = main.add_subparsers(dest="command", title="commandes", metavar="COMMANDE")

    def command(name: str, explanation: str) -> Parser:
        return commands.add_parser(
            name, help=explanation, description=explanation, parents=[common]
        )

    _workspace_commands(command)
    _record_commands(command)
    _file_commands(command, common)
    return main


def _workspace_commands(command: _Command) -> None:
    init = command("init", "crée un espace de travail")
    init.add_argument("--department", required=True, choices=DEPARTMENT_NUMBERS)
    init.add_argument("--station", required=True, metavar="NOM")
    demo = command("demo", "démonstration : données fictives des trois départements et classeurs")
    demo.add_argument("folder", type=Path, metavar="DOSSIER")
    demo.add_argument("--window", action="store_true", help="ouvre ensuite la fenêtre")
    command("rebuild", "refait les tables à partir de l’historique")
    command("check", "contrôle l’espace de travail : base, historique, signatures, tables")
    backup = command("backup", "écrit une sauvegarde vérifiée en un fichier")
    backup.add_argument("file", type=Path, metavar="FICHIER")
    restore = command("restore", "refait un espace de travail à partir d’une sauvegarde")
    restore.add_argument("file", type=Path, metavar="FICHIER")
    self_test = command("self-test", "contrôle cet ordinateur : droits, dossiers, base, fenêtre")
    self_test.add_argument("--report", type=Path, metavar="FICHIER", help="écrit le rapport")
    command("registers", "liste les registres")
    fields = command("fields", "liste les champs d’un registre")
    fields.add_argument("register", metavar="REGISTRE")


def _record_commands(command: _Command) -> None:
    add = command("add", "ajoute une fiche")
    add.add_argument("register", metavar="REGISTRE")
    add.add_argument("values", nargs="*", default=[], metavar="champ=valeur")
    add.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")
    change = command("set", "modifie une fiche")
    change.add_argument("reference", metavar="RÉFÉRENCE")
    change.add_argument("values", nargs="+", metavar="champ=valeur")
    for name, explanation in (
        ("delete", "supprime une fiche"),
        ("show", "montre une fiche"),
        ("history", "montre l’historique d’une fiche"),
    ):
        command(name, explanation).add_argument("reference", metavar="RÉFÉRENCE")
    undo = command("undo", "annule le dernier changement, ou celui qui est nommé")
    undo.add_argument("transaction", nargs="?", default="", metavar="CHANGEMENT")
    undo.add_argument("--rest", action="store_true", help="annule ce qui peut encore l’être")
    command("redo", "rétablit le dernier changement annulé")
    listing = command("list", "liste les fiches d’un registre")
    listing.add_argument("register", metavar="REGISTRE")
    listing.add_argument("--department", choices=(*DEPARTMENT_NUMBERS, "3D"), default="")
    listing.add_argument("--where", action="append", default=[], metavar="champ=valeur")
    search = command("search", "cherche des mots dans tous les registres")
    search.add_argument("words", nargs="+", metavar="MOT")
    due = command("due", "liste ce qui est dû, le plus urgent d’abord")
    due.add_argument("--until", default="", metavar="DATE")
    due.add_argument("--department", choices=DEPARTMENT_NUMBERS, default="")


def _file_commands(command: _Command, common: Parser) -> None:
    bring = command("import", "reprend des fichiers : classeurs, CSV, catalogue E-Phy")
    bring.add_argument("kind", metavar="NATURE")
    bring.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    bring.add_argument("--department", choices=(*DEPARTMENT_NUMBERS, "all"), default="")
    bring.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait")
    bring.add_argument(
        "--strict", action="store_true", help="ne crée rien de ce que nomme une ligne"
    )
    bring.add_argument("--mapping", default="", metavar="NOM", help="modèle de reprise à appliquer")
    bring.add_argument(
        "--refusals",
        type=Path,
        metavar="CLASSEUR.xlsx",
        help="écrit les lignes refusées et pourquoi",
    )
    export = command("export", "écrit un classeur ou un fichier CSV")
    kinds = export.add_subparsers(dest="what", title="formes", metavar="QUOI", required=True)
    workbook = kinds.add_parser("workbook", help="classeur consolidé", parents=[common])
    workbook.add_argument("--department", choices=(*DEPARTMENT_NUMBERS, "all"), required=True)
    workbook.add_argument("--register", action="append", default=[], metavar="REGISTRE")
    workbook.add_argument("--out", type=Path, required=True, metavar="FICHIER.xlsx")
    table = kinds.add_parser("csv", help="un registre en CSV", parents=[common])
    table.add_argument("register", metavar="REGISTRE")
    table.add_argument("--department", choices=(*DEPARTMENT_NUMBERS, "3D"), default="")
    table.add_argument("--out", type=Path, required=True, metavar="FICHIER.csv")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. No traceback reaches the user."""
    _speak_utf8()
    try:
        given = parser().parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    given.data = getattr(given, "data", None)
    given.json = getattr(given, "json", False)
    if given.command is None:
        parser().print_help()
        return WRONG_USAGE
    module = importlib.import_module(f"prevention_app.cli.{_MODULES[given.command]}")
    try:
        code: int = getattr(module, f"{given.command.replace('-', '_')}_command")(given)
    except WrongUsage as error:
        report.complain(str(error))
        return WRONG_USAGE
    except PreventionError as error:
        report.complain(str(error))
        return FAILED
    except BrokenPipeError:
        # Whoever read our output has enough (« | head »); Python must not complain at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        report.complain("Interrompu ; rien n’a été changé.")
        return FAILED
    except Exception as error:  # noqa: BLE001  (the last net: a bug is written down, not shown)
        from prevention_app.services import failure_reports

        report.complain(
            "Une erreur imprévue a arrêté la commande ; rien n’a été enregistré à moitié. Rapport "
            f"pour l’assistance : {failure_reports.write(failure_reports.account_of(error))}"
        )
        return FAILED
    return code


_MODULES = {
    **dict.fromkeys(
        ("init", "rebuild", "check", "backup", "restore", "registers", "fields"), "workspace"
    ),
    **dict.fromkeys(
        ("add", "set", "delete", "show", "history", "undo", "redo", "list", "search", "due"),
        "records",
    ),
    "self-test": "self_test",
    "import": "imports",
    "export": "exports",
    "demo": "demo",
}
"""Command → the module that runs it, imported only then."""


def _speak_utf8() -> None:
    """Accents must survive a French code page and a pipe."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
