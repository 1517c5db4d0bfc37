"""The command line: arguments in, one service called, an exit code out."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from prevention_app import __version__, paths
from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.cli import (
    annex_arguments,
    archive_arguments,
    circle_arguments,
    collect_arguments,
    document_arguments,
    library_arguments,
    programme_arguments,
    rating_arguments,
    reorganise_arguments,
    report,
    risk_arguments,
    versions_arguments,
)
from prevention_app.cli.arguments import DONE, FAILED, WRONG_USAGE, Parser
from prevention_app.errors import PassphraseNeeded, PreventionError, WrongUsage

_Command = Callable[[str, str], Parser]


def parser() -> Parser:
    """All commands and their arguments."""
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--data", type=Path, metavar="DOSSIER", help="espace de travail")
    common.add_argument("--json", action="store_true", help="réponse en JSON")
    common.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FICHIER",
        help="contient la phrase secrète qui protège la clé de cet ordinateur",
    )
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
    _conflict_commands(command)
    _hub_commands(command, common)
    _file_commands(command, common)
    _package_commands(command, common)
    archive_arguments.add_commands(command, common)
    circle_arguments.add_commands(command, common)
    rating_arguments.add_commands(command, common)
    reorganise_arguments.add_commands(command, common)
    risk_arguments.add_commands(command, common)
    collect_arguments.add_commands(command, common)
    library_arguments.add_commands(command, common)
    versions_arguments.add_commands(command, common)
    annex_arguments.add_commands(command, common)
    programme_arguments.add_commands(command, common)
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
    backup = command(
        "backup", "écrit une sauvegarde vérifiée, en un fichier ou parmi les automatiques"
    )
    backup.add_argument("file", type=Path, nargs="?", metavar="FICHIER")
    backup.add_argument("--list", action="store_true", help="liste les sauvegardes automatiques")
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


def _conflict_commands(command: _Command) -> None:
    conflicts = command("conflicts", "liste les valeurs à départager")
    instead = conflicts.add_mutually_exclusive_group()
    instead.add_argument(
        "--checks", action="store_true", help="plutôt les doubles, renvois perdus et boucles"
    )
    instead.add_argument(
        "--settled", action="store_true", help="plutôt ce qui a été départagé en dernier"
    )
    settle = command("settle", "départage des valeurs, ou les départage à nouveau")
    settle.add_argument("conflict", metavar="IDENTIFIANT")
    settle.add_argument("--keep", metavar="mine|theirs|N", help="la valeur à garder")
    settle.add_argument("--value", metavar="TEXTE", help="une autre valeur")
    aside = command("aside", "liste ce qui a été écrit sans droit, ou l’admet quand même")
    aside.add_argument("--admit", default="", metavar="IDENTIFIANT")
    join = command("join", "réunit une fiche à celle qui désigne la même chose")
    join.add_argument("reference", nargs="?", default="", metavar="RÉFÉRENCE")
    join.add_argument("--to", default="", metavar="RÉFÉRENCE", help="la fiche qui reste")
    join.add_argument("--doubles", action="store_true", help="tous les doubles, chacun au premier")


def _hub_commands(command: _Command, common: Parser) -> None:
    kinds = command("hub", "prépare la base commune et ses accès").add_subparsers(
        dest="what", title="actes", metavar="QUOI", required=True
    )
    init = kinds.add_parser(
        "init", help="fait d’une base PostgreSQL la base commune", parents=[common]
    )
    init.add_argument(
        "url", metavar="ADRESSE", help="postgresql://… d’un compte qui crée des rôles"
    )
    enrol = kinds.add_parser("enrol", help="donne à un ordinateur son accès", parents=[common])
    enrol.add_argument("station", metavar="ORDINATEUR", help="son nom, son code ou son identifiant")
    enrol.add_argument(
        "--hub", required=True, metavar="ADRESSE", help="d’un compte qui crée des rôles"
    )
    enrol.add_argument("--out", type=Path, metavar="FICHIER", help="où écrire son accès")
    withdraw = kinds.add_parser(
        "withdraw", help="retire à un ordinateur son accès", parents=[common]
    )
    withdraw.add_argument(
        "station", metavar="ORDINATEUR", help="son nom, son code ou son identifiant"
    )
    withdraw.add_argument(
        "--hub", required=True, metavar="ADRESSE", help="d’un compte qui crée des rôles"
    )
    use = kinds.add_parser("use", help="garde l’accès de cet ordinateur", parents=[common])
    use.add_argument("access", metavar="FICHIER|ADRESSE")
    kinds.add_parser("leave", help="oublie l’accès de cet ordinateur", parents=[common])
    rebuild = kinds.add_parser(
        "rebuild", help="refait l’espace de travail à partir de la base commune", parents=[common]
    )
    rebuild.add_argument("access", metavar="FICHIER|ADRESSE")
    sync = command("sync", "échange avec la base commune")
    sync.add_argument(
        "--hub", default="", metavar="FICHIER|ADRESSE", help="l’accès, s’il n’est pas gardé"
    )
    sync.add_argument("--follow", action="store_true", help="continue tant que la commande tourne")


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
        "--for-all",
        action="append",
        default=[],
        metavar="champ=valeur",
        help="ce qui vaut pour toutes les lignes : rating_method=sf-1, work_unit=Atelier…",
    )
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
    workbook.add_argument(
        "--organisation-of",
        default="",
        metavar="DATE",
        help="les directions telles qu’elles étaient ce jour-là",
    )
    workbook.add_argument("--out", type=Path, required=True, metavar="FICHIER.xlsx")
    document_arguments.add_exports(kinds, common)
    library_arguments.add_export(kinds, common)
    table = kinds.add_parser("csv", help="un registre en CSV", parents=[common])
    table.add_argument("register", metavar="REGISTRE")
    table.add_argument("--department", choices=(*DEPARTMENT_NUMBERS, "3D"), default="")
    table.add_argument("--out", type=Path, required=True, metavar="FICHIER.csv")


def _package_commands(command: _Command, common: Parser) -> None:
    package = command("package", "échange des fichiers avec les autres ordinateurs")
    kinds = package.add_subparsers(dest="what", title="actes", metavar="QUOI", required=True)
    create = kinds.add_parser("create", help="écrit un fichier d’échange", parents=[common])
    create.add_argument(
        "--for",
        dest="receivers",
        action="append",
        required=True,
        metavar="ORDINATEUR|all",
        help="son nom, son code ou son identifiant ; all : tous ceux de vos départements",
    )
    create.add_argument("--out", type=Path, required=True, metavar="FICHIER")
    folder = kinds.add_parser(
        "folder", help="reprend et laisse des fichiers dans un dossier d’échange", parents=[common]
    )
    folder.add_argument("folder", type=Path, metavar="DOSSIER", help="une clé, un partage")
    alerts = kinds.add_parser(
        "alerts", help="liste ce qui est alarmant dans ce qui est venu", parents=[common]
    )
    alerts.add_argument("--seen", type=int, metavar="NUMÉRO", help="quelqu’un l’a vue")
    for name, explanation in (
        ("apply", "reprend un fichier d’échange"),
        ("inspect", "dit ce que contient un fichier d’échange, sans le reprendre"),
    ):
        each = kinds.add_parser(name, help=explanation, parents=[common])
        each.add_argument("file", type=Path, metavar="FICHIER")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. No traceback reaches the user."""
    _speak_utf8()
    try:
        given = parser().parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    given.data = getattr(given, "data", None)
    given.json = getattr(given, "json", False)
    if getattr(given, "passphrase_file", None):
        os.environ[paths.PASSPHRASE_FILE] = str(given.passphrase_file.absolute())
    if given.command is None:
        parser().print_help()
        return WRONG_USAGE
    module = importlib.import_module(f"prevention_app.cli.{_MODULES[given.command]}")
    try:
        code: int = getattr(module, f"{given.command.replace('-', '_')}_command")(given)
    except WrongUsage as error:
        report.complain(str(error))
        return WRONG_USAGE
    except PassphraseNeeded as error:
        report.complain(f"{error} Indiquez le fichier qui la contient : --passphrase-file FICHIER.")
        return FAILED
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
    **dict.fromkeys(("init", "rebuild", "check", "restore", "registers", "fields"), "workspace"),
    **dict.fromkeys(
        ("add", "set", "delete", "show", "history", "undo", "redo", "list", "search", "due"),
        "records",
    ),
    **dict.fromkeys(("conflicts", "settle", "join"), "conflicts"),
    "archive": "archive",
    "campaign": "campaign",
    "collect": "collect",
    "aside": "aside",
    "backup": "backups",
    **dict.fromkeys(("station", "circle"), "circle"),
    "self-test": "self_test",
    "import": "imports",
    "export": "exports",
    "package": "packages",
    **dict.fromkeys(("hub", "sync"), "hub"),
    "demo": "demo",
    "figures": "outflows",
    "method": "methods",
    "reorganise": "reorganise",
    "library": "library",
    **dict.fromkeys(("unit", "job"), "work_units"),
    "risk": "risks",
    **dict.fromkeys(("version", "seal", "verify"), "versions"),
    "annexes": "annexes",
    "programme": "programme",
}
"""Command → the module that runs it, imported only then."""


def _speak_utf8() -> None:
    """Accents must survive a French code page and a pipe."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
