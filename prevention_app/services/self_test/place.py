"""The self-test of the place where a workspace lies: kind, room, speed, database."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from prevention_app import paths
from prevention_app.paths import FolderKind
from prevention_app.services.self_test.line import Line, Verdict, public

_KINDS: Final[Mapping[FolderKind, tuple[str, Verdict, str]]] = {
    FolderKind.LOCAL: ("disque de cet ordinateur", Verdict.GOOD, ""),
    FolderKind.NETWORK: (
        "partage réseau",
        Verdict.FIX,
        (
            "Une base sur un partage s’abîme : gardez l’espace de travail sur le disque de cet "
            "ordinateur, et ses sauvegardes sur le partage."
        ),
    ),
    FolderKind.SYNCED: (
        "dossier synchronisé (OneDrive ou semblable)",
        Verdict.FIX,
        (
            "La synchronisation copie la base pendant qu’elle s’écrit et peut l’abîmer : "
            "choisissez un dossier qui n’est pas synchronisé."
        ),
    ),
    FolderKind.ROAMING: (
        "dossier itinérant du profil",
        Verdict.FIX,
        (
            "Copié à chaque ouverture de session, il ferait de deux ordinateurs un seul : "
            "choisissez un dossier local."
        ),
    ),
    FolderKind.REDIRECTED: (
        "dossier redirigé par l’administrateur",
        Verdict.NOTICE,
        "Vérifiez que ce disque est bien celui de cet ordinateur.",
    ),
    FolderKind.REMOVABLE: (
        "support amovible",
        Verdict.NOTICE,
        "Retiré pendant une écriture, il perd ce qui s’écrit : préférez le disque de l’ordinateur.",
    ),
    FolderKind.TEMPORARY: (
        "dossier temporaire",
        Verdict.NOTICE,
        "Il sera vidé au prochain démarrage : n’y gardez qu’un essai.",
    ),
}
_LONG_PATH: Final = 150


def place(folder: Path) -> Line:
    """Where the workspace lies."""
    kind, verdict, advice = _KINDS[paths.folder_kind(folder)]
    state = "" if folder.exists() else ", pas encore créé"
    if verdict is Verdict.GOOD and len(str(folder)) > _LONG_PATH:
        verdict = Verdict.NOTICE
        advice = "Ce chemin est très long : Windows n’en accepte que 260 signes en tout."
    return Line("place", "Espace de travail", f"{public(folder)} ({kind}{state})", verdict, advice)


_GIGABYTE: Final = 10**9


def space(folder: Path) -> Line:
    """How much room is left there."""
    free = shutil.disk_usage(_existing(folder)).free
    verdict, advice = judge_space(free)
    found = f"{free / _GIGABYTE:.1f} Go libres".replace(".", ",")
    return Line("space", "Place sur le disque", found, verdict, advice)


def judge_space(free: int) -> tuple[Verdict, str]:
    """What so many free bytes mean."""
    if free < _GIGABYTE // 2:
        return Verdict.FIX, "Libérez au moins 2 Go : la base, ses copies et les pièces jointes."
    if free < 2 * _GIGABYTE:
        return Verdict.NOTICE, "Prévoyez 2 Go pour la base, ses copies et les pièces jointes."
    return Verdict.GOOD, ""


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(each for each in (folder, *folder.absolute().parents) if each.is_dir())


_FILES: Final = 15


def writing(folder: Path) -> Line:
    """How long a small file takes until it is safe: antivirus programs look at each."""
    spent: list[float] = []
    place = _existing(folder)
    try:
        with tempfile.TemporaryDirectory(dir=place, prefix="essai-") as made:
            for number in range(_FILES):
                began = time.perf_counter()
                part, file = Path(made) / "essai.part", Path(made) / f"essai-{number}.json"
                with part.open("wb") as handle:
                    handle.write(b"x" * 4096)
                    handle.flush()
                    os.fsync(handle.fileno())
                part.replace(file)
                file.read_bytes()
                spent.append(time.perf_counter() - began)
    except OSError as error:
        return Line(
            "writing",
            "Écriture de fichiers",
            f"refusée dans {public(place)} ({type(error).__name__})",
            Verdict.FIX,
            "Donnez à la personne le droit d’écrire dans ce dossier, ou choisissez-en un autre "
            "(--data).",
        )
    usual, longest = statistics.median(spent) * 1000, max(spent) * 1000
    verdict, advice = judge_writing(usual)
    found = f"{usual:.0f} ms par fichier, {longest:.0f} ms au plus"
    return Line("writing", "Écriture de fichiers", found, verdict, advice)


def judge_writing(usual_ms: float) -> tuple[Verdict, str]:
    """What it means that a small file takes so long until it is safe."""
    excluded = (
        "Un antivirus ou un disque lent retient chaque écriture : demandez que l’espace de "
        "travail soit exclu de l’analyse en temps réel."
    )
    if usual_ms > 400:
        return Verdict.FIX, excluded
    return (Verdict.NOTICE, excluded) if usual_ms > 80 else (Verdict.GOOD, "")


def database(folder: Path) -> Line:
    """How the database fares there."""
    from prevention_app.storage.trial import try_database

    tried = try_database(_existing(folder))
    found = (
        f"SQLite {tried.version}, journal {tried.journal_mode.upper()}, "
        f"{tried.commit_ms:.0f} ms par enregistrement"
    )
    if not tried.sound:
        advice = "Ce dossier ne convient pas à une base : choisissez-en un sur le disque local."
        return Line("database", "Base de données", found, Verdict.FIX, advice)
    if tried.journal_mode != "wal":
        advice = (
            "Ce dossier ne permet pas de lire pendant qu’on écrit : choisissez-en un sur le "
            "disque local."
        )
        return Line("database", "Base de données", found, Verdict.FIX, advice)
    verdict, advice = judge_writing(tried.commit_ms)
    return Line("database", "Base de données", found, verdict, advice)
