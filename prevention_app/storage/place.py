"""Where a workspace may lie: never on a network share, better not where another program copies."""

from __future__ import annotations

from pathlib import Path

from prevention_app import paths
from prevention_app.errors import Misplaced
from prevention_app.paths import FolderKind


def refuse_network(folder: Path) -> None:
    """Raise Misplaced for a workspace on another computer; packages and backups may lie there.

    The locks by which several programs share a database do not hold over a network.
    """
    if paths.lies_on_network(folder):
        raise Misplaced(
            f"L’espace de travail « {folder} » est sur un partage réseau, où une base de données "
            "s’abîme : il n’est pas ouvert et rien n’a été changé. Placez-le sur un disque de cet "
            f"ordinateur, par exemple « {paths.default_workspace()} » ; les sauvegardes et les "
            "fichiers d’échange peuvent rester sur le partage."
        )


def warning(folder: Path) -> str:
    """What speaks against this place, though a workspace opens there; empty when nothing does."""
    match paths.folder_kind(folder):
        case FolderKind.SYNCED:
            return (
                "Ce dossier est synchronisé par un autre programme (OneDrive ou semblable), qui "
                "peut abîmer la base pendant qu’elle s’écrit : déplacez l’espace de travail vers "
                "un dossier qui n’est pas synchronisé."
            )
        case FolderKind.ROAMING:
            return (
                "Ce dossier suit le profil d’un ordinateur à l’autre : déplacez l’espace de "
                "travail vers un dossier qui reste sur cet ordinateur."
            )
        case _:
            return ""
