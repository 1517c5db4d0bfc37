"""The self-test of the program itself: how it starts, its window, its worker processes."""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import tempfile
import time
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from prevention_app.services.self_test import computer
from prevention_app.services.self_test.line import Line, Verdict, seconds_text

_PATIENCE_S: Final = 90
_WINDOW: Final = "Fenêtre"


def window(_folder: Path) -> Line:
    """Whether a window opens, and how quickly."""
    if find_spec("PySide6") is None:
        advice = "Seules les commandes fonctionnent : installez le programme en entier."
        return Line("window", _WINDOW, "Qt n’est pas installé", Verdict.NOTICE, advice)
    began = time.perf_counter()
    ended, told = _try_window()
    seconds = time.perf_counter() - began
    if told is None:
        return _no_window(ended)
    found = (
        f"Qt {told['qt']} ({told['platform']}) en {seconds_text(seconds)} ; "
        f"écrans : {', '.join(told['screens'])}"
    )
    if not told["font"]:
        advice = "La police manque : copiez à nouveau le dossier du programme en entier."
        return Line("window", _WINDOW, found, Verdict.FIX, advice)
    verdict, advice = judge_start(seconds)
    return Line("window", _WINDOW, found, verdict, advice)


def _try_window() -> tuple[str, dict[str, Any] | None]:
    """How the try ended, and what it told, where it told anything."""
    with tempfile.TemporaryDirectory(prefix="prevention-") as place:
        answer = Path(place) / "window.json"
        command = [*computer.own_program(), "--try-window", str(answer)]
        try:
            ended = computer.run(command, _PATIENCE_S).returncode
        except subprocess.TimeoutExpired:
            return "sans fin", None
        told = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else None
    return f"code {ended}", told


def _no_window(ended: str) -> Line:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if os.name != "nt" and not any(os.environ.get(each) for each in screens):
        advice = "Sans écran, les commandes fonctionnent ; la fenêtre demande une session ouverte."
        return Line("window", _WINDOW, "aucun écran", Verdict.NOTICE, advice)
    return Line(
        "window",
        _WINDOW,
        f"ne s’ouvre pas ({ended})",
        Verdict.FIX,
        "Des bibliothèques du système manquent, ou un antivirus a retiré des fichiers : copiez à "
        "nouveau le dossier du programme, ou installez ce que dit le LISEZ-MOI.",
    )


def judge_start(seconds: float) -> tuple[Verdict, str]:
    """What it means that a start takes so long."""
    advice = (
        "Un antivirus analyse le programme à chaque démarrage : demandez que son dossier soit "
        "exclu de l’analyse en temps réel."
    )
    if seconds > 20:
        return Verdict.FIX, advice
    return (Verdict.NOTICE, advice) if seconds > 5 else (Verdict.GOOD, "")


def start(_folder: Path) -> Line:
    """How quickly the program starts."""
    spent: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        computer.run([*computer.own_program(), "--version"], _PATIENCE_S).check_returncode()
        spent.append(time.perf_counter() - began)
    verdict, advice = judge_start(statistics.median(spent))
    found = f"{seconds_text(spent[0])} la première fois, {seconds_text(min(spent))} ensuite"
    return Line("start", "Démarrage du programme", found, verdict, advice)


def workers(_folder: Path) -> Line:
    """Whether the program may start itself for long work."""
    began = time.perf_counter()
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_answer, args=(theirs,))
    process.start()
    theirs.close()
    try:
        answered = ours.poll(_PATIENCE_S) and ours.recv() == "prêt"
    except EOFError:
        answered = False
    process.join(5)
    ours.close()
    seconds = time.perf_counter() - began
    if answered:
        verdict, advice = judge_start(seconds)
        return Line(
            "workers", "Travaux longs", f"prêts en {seconds_text(seconds)}", verdict, advice
        )
    return Line(
        "workers",
        "Travaux longs",
        "le second processus ne répond pas",
        Verdict.FIX,
        "Le contrôle des applications empêche le programme de se lancer lui-même : autorisez-le.",
    )


def _answer(pipe: Connection) -> None:
    pipe.send("prêt")
    pipe.close()
