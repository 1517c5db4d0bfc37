"""Commands on backups: made by name or by themselves, and listed."""

from __future__ import annotations

from argparse import Namespace

from prevention_app import bootstrap, paths
from prevention_app.cli import report
from prevention_app.errors import WrongUsage
from prevention_app.i18n import number_text
from prevention_app.services import backups, safety
from prevention_app.services.progress import Progress
from prevention_app.storage.automatic_backup import Copy

_MEGABYTE = 1_000_000


def backup_command(given: Namespace) -> int:
    """Write a verified backup to a file, make an automatic one, or list those that there are."""
    if given.list and given.file is not None:
        raise WrongUsage("--list ne prend pas de fichier.")
    if given.list:
        return _list(given)
    store = bootstrap.open_workspace(given.data)
    if given.file is None:
        file = backups.make_now(store, Progress()).file
        trouble = backups.overview(store.folder).trouble
    else:
        file, trouble = given.file, ""
        safety.backup(store, file)
    if given.json:
        report.as_json({"file": str(file), "trouble": trouble})
    else:
        report.line(f"Sauvegarde écrite et vérifiée : {file}")
        if trouble:
            report.complain(trouble)
    return 0


def _list(given: Namespace) -> int:
    """Works for a workspace that does not open, too."""
    seen = backups.overview(given.data or paths.default_workspace())
    if given.json:
        report.as_json(
            {
                "folder": str(seen.folder),
                "trouble": seen.trouble,
                "backups": [_document(each) for each in seen.copies],
            }
        )
        return 0
    report.line(f"Dossier des sauvegardes : {seen.folder}")
    report.table(
        ("Date", "Pourquoi", "Taille", "Fichier"),
        [
            (
                f"{each.made:%d/%m/%Y %H:%M}",
                backups.why_text(each),
                f"{number_text(each.size / _MEGABYTE, 1)} Mo",
                each.file.name if each.file.parent == seen.folder else str(each.file),
            )
            for each in seen.copies
        ],
    )
    if seen.elsewhere is not None:
        report.line(f"Ailleurs : {seen.elsewhere:%d/%m/%Y %H:%M}, {seen.elsewhere_file}")
    if seen.trouble:
        report.line(seen.trouble)
    return 0


def _document(copy: Copy) -> dict[str, str | int]:
    return {
        "file": str(copy.file),
        "made": copy.made.isoformat(),
        "why": copy.why,
        "size": copy.size,
    }
