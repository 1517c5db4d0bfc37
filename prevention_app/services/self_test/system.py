"""The self-test of what surrounds the program: system, rights, profile, printers, network."""

from __future__ import annotations

import locale
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from prevention_app import __version__
from prevention_app.services.self_test import computer
from prevention_app.services.self_test.computer import Profile
from prevention_app.services.self_test.line import Line, Verdict


def system(_folder: Path) -> Line:
    """The system and the versions."""
    build = computer.windows_build()
    frozen = "livré" if getattr(sys, "frozen", False) else "depuis les sources"
    found = (
        f"{computer.system()} ; ordinateur {platform.node()} ; "
        f"Prévention {__version__} ({frozen}, Python {platform.python_version()})"
    )
    verdict, advice = judge_system(build)
    return Line("system", "Système", found, verdict, advice)


def judge_system(build: int) -> tuple[Verdict, str]:
    """What a build of Windows means; 0 stands for another system."""
    if 0 < build < computer.OLDEST_WINDOWS:
        return Verdict.FIX, "La fenêtre demande Windows 10 version 1809 au moins."
    if 0 < build < computer.WINDOWS_11:
        return (
            Verdict.NOTICE,
            "Windows 10 ne reçoit plus de correctifs de Microsoft depuis le 14 octobre 2025.",
        )
    return Verdict.GOOD, ""


def rights(_folder: Path) -> Line:
    """Whether the person has more rights than are needed."""
    if computer.is_administrator():
        advice = "Les droits d’administrateur ne servent à rien ici : lancez-le sans eux."
        return Line("rights", "Droits", "administrateur", Verdict.NOTICE, advice)
    return Line("rights", "Droits", "utilisateur ordinaire, ce qui suffit")


_PROFILES: Final[Mapping[Profile, tuple[str, Verdict, str]]] = {
    Profile.LOCAL: ("local", Verdict.GOOD, ""),
    Profile.ROAMING: (
        "itinérant",
        Verdict.NOTICE,
        "Les données restent sur cet ordinateur : elles ne suivent pas la personne ailleurs.",
    ),
    Profile.MANDATORY: (
        "obligatoire",
        Verdict.FIX,
        (
            "Ce profil oublie tout à la fermeture de session : placez l’espace de travail dans un "
            "dossier du disque qui demeure (--data)."
        ),
    ),
    Profile.TEMPORARY: (
        "temporaire",
        Verdict.FIX,
        (
            "Windows a ouvert un profil d’emprunt, qui sera effacé : fermez la session, faites "
            "réparer le profil, puis recommencez."
        ),
    ),
    Profile.CONTAINER: (
        "conteneur FSLogix",
        Verdict.NOTICE,
        "Un espace de travail par personne ; ne l’ouvrez pas dans deux sessions à la fois.",
    ),
}


def profile(_folder: Path) -> Line:
    """What becomes of the person’s folders."""
    found, verdict, advice = _PROFILES[computer.profile()]
    remote = computer.remote_session()
    if remote:
        found += f", session par {remote}"
        if verdict is Verdict.GOOD:
            verdict = Verdict.NOTICE
            advice = (
                "Vérifiez que le disque de cette session demeure ; sinon gardez une sauvegarde "
                "sur un partage."
            )
    return Line("profile", "Profil", found, verdict, advice)


def key_store(_folder: Path) -> Line:
    """Whether the system keeps keys."""
    from prevention_app.storage import key_store as store

    if store.can_be_asked():
        return Line("key_store", "Trousseau du système", "répond")
    return Line(
        "key_store",
        "Trousseau du système",
        "ne répond pas",
        Verdict.NOTICE,
        "La clé de cet ordinateur sera gardée dans un fichier que seule la personne peut lire.",
    )


def printing(_folder: Path) -> Line:
    """The printers of this person."""
    found = computer.printers()
    if not found:
        return Line("printing", "Imprimantes", "aucune, et aucune n’est nécessaire au programme")
    shown = ", ".join(found[:5]) + (f" et {len(found) - 5} autres" if len(found) > 5 else "")
    return Line("printing", "Imprimantes", shown)


def network(_folder: Path) -> Line:
    """That no network is needed."""
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    proxy = "un proxy est réglé, sans effet" if any(os.environ.get(e) for e in names) else ""
    found = "aucune connexion n’est faite ni nécessaire"
    return Line("network", "Réseau", f"{found} ; {proxy}" if proxy else found)


def language(_folder: Path) -> Line:
    """How texts are written on this system."""
    console = getattr(sys.stdout, "encoding", None) or "aucune"
    found = f"fichiers en {locale.getpreferredencoding(False)}, console en {console}"
    return Line("language", "Accents", f"{found} ; le programme écrit en UTF-8")
