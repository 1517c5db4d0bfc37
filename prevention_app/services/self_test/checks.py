"""The self-test as a whole: every check in its order, and the report.

Nothing is changed, nothing is sent: what is made for a try is removed again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from prevention_app import __version__
from prevention_app.errors import PreventionError
from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.services.progress import Progress
from prevention_app.services.self_test import computer, place, program, system
from prevention_app.services.self_test.line import LABELS, Line, Verdict

_PATIENCE_S: Final = 300
_CHECKS: Final[Sequence[tuple[str, Callable[[Path], Line]]]] = (
    ("Système", system.system),
    ("Droits", system.rights),
    ("Profil", system.profile),
    ("Espace de travail", place.place),
    ("Place sur le disque", place.space),
    ("Écriture de fichiers", place.writing),
    ("Base de données", place.database),
    ("Trousseau du système", system.key_store),
    ("Démarrage du programme", program.start),
    ("Fenêtre", program.window),
    ("Travaux longs", program.workers),
    ("Imprimantes", system.printing),
    ("Réseau", system.network),
    ("Accents", system.language),
)


def run(folder: Path, progress: Progress) -> list[Line]:
    """Look at everything that matters to a workspace in this folder, there or not yet."""
    lines: list[Line] = []
    for at, (what, check) in enumerate(_CHECKS):
        progress.step(at, len(_CHECKS), what)
        try:
            lines.append(check(folder))
        except Exception as error:  # noqa: BLE001  (the other lines are still worth having)
            lines.append(
                Line(
                    check.__name__,
                    what,
                    f"n’a pas pu être contrôlé ({type(error).__name__})",
                    Verdict.NOTICE,
                    "Joignez ce rapport à une demande d’assistance.",
                )
            )
    return lines


def run_apart(folder: Path, progress: Progress) -> list[Line]:
    """The same in a process of its own: what a worker of the window may not start, it may."""
    progress.step(0, 0, "Contrôle de cet ordinateur")
    with tempfile.TemporaryDirectory(prefix="prevention-") as place:
        report = Path(place) / "report.json"
        command = [*computer.own_program(), "--data", str(folder), "self-test"]
        computer.run([*command, "--report", str(report)], _PATIENCE_S)
        try:
            body = json.loads(report.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PreventionError("Le contrôle de cet ordinateur s’est arrêté en route.") from error
    return [Line(**{**each, "verdict": Verdict(each["verdict"])}) for each in body["lines"]]


def worst(lines: Sequence[Line]) -> Verdict:
    """The verdict on the whole."""
    found = {line.verdict for line in lines}
    return next(each for each in (Verdict.FIX, Verdict.NOTICE, Verdict.GOOD) if each in found)


# -- the report ------------------------------------------------------------------------------


def as_json(lines: Sequence[Line]) -> dict[str, Any]:
    """The report for programs."""
    return {"version": __version__, "verdict": worst(lines), "lines": [asdict(e) for e in lines]}


def as_text(lines: Sequence[Line]) -> str:
    """The report for people: what, found, verdict, and advice below."""
    now = datetime.now()  # noqa: DTZ005  (as the wall clock shows it)
    text = [f"Prévention {__version__} : contrôle de cet ordinateur, {now:%d/%m/%Y %H:%M}", ""]
    for line in lines:
        text.append(f"[{LABELS[line.verdict]}] {line.what} : {line.found}")
        if line.advice:
            text.append(f"    {line.advice}")
    count = sum(line.verdict is Verdict.FIX for line in lines)
    many = f"{count} points à corriger." if count > 1 else "1 point à corriger."
    text += ["", many if count else "Rien à corriger."]
    return "\n".join(text) + "\n"


def write_report(lines: Sequence[Line], out: Path) -> None:
    """Write the report, as JSON where the name ends so; raises PreventionError."""
    refuse_locked(out)
    as_data = out.suffix.lower() == ".json"
    text = json.dumps(as_json(lines), ensure_ascii=False, indent=2) if as_data else as_text(lines)
    with replacing(out) as file:
        file.write(text.encode() if as_data else text.encode("utf-8-sig"))
