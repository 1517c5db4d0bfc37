r"""Names of files that every computer of ours accepts: Windows has the strictest rules.

What it refuses is refused on Linux too, where a file is only made to be sent to a colleague.
Rules: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

FORBIDDEN: Final = '<>:"/\\|?*'
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)
"""Names of devices, with any ending: « nul.xlsx » would be written to nowhere."""
LONGEST: Final = 240
"""UTF-16 units of a name: Windows takes 255, and « .part » or « (2) » may be added."""
_STAND_IN: Final = "_"


def problem(name: str) -> str:
    """What is wrong with a name (not a path) as a finished French sentence; empty if nothing."""
    if not name.strip(" ."):
        return "Donnez un nom au fichier."
    if _length(name) > LONGEST:
        return f"Ce nom de fichier est trop long : {LONGEST} signes au plus."
    instead = f"par exemple « {accepted(name)} »."
    wrong = [mark for mark in dict.fromkeys(name) if _is_forbidden(mark)]
    if wrong:
        shown = " ".join(mark if mark.isprintable() else "(signe invisible)" for mark in wrong)
        return f"Un nom de fichier ne peut pas contenir {shown} : écrivez {instead}"
    if name != name.strip() or name.endswith("."):
        return f"Un nom de fichier n’a ni espace au bord ni point à la fin : écrivez {instead}"
    if _is_reserved(name):
        return f"« {name} » est un nom réservé par Windows : écrivez {instead}"
    return ""


def accepted(text: str, stand_in: str = "fichier") -> str:
    """A name made of any text: what is forbidden is replaced, what is too long is cut.

    A name that is accepted as it is stays as it is; `stand_in` is used where nothing is left.
    """
    name = unicodedata.normalize("NFC", text)
    name = "".join(_STAND_IN if _is_forbidden(mark) else mark for mark in name)
    name = _cut(name.strip().rstrip(". "))
    if not name.strip(" ."):
        return stand_in
    return f"{_STAND_IN}{name}" if _is_reserved(name) else name


def clash(name: str, taken: Iterable[str]) -> bool:
    """Whether a folder that holds these names holds this one, as Windows sees it."""
    wanted = _as_windows(name)
    return any(_as_windows(each) == wanted for each in taken)


def second_name(place: Path) -> Path:
    """A name beside the one wanted that is free: « Bilan (2).xlsx », « Bilan (3).xlsx »."""
    try:
        taken = [each.name for each in place.parent.iterdir()]
    except OSError:
        taken = []
    number = 2
    while clash(f"{place.stem} ({number}){place.suffix}", taken):
        number += 1
    return place.with_name(f"{place.stem} ({number}){place.suffix}")


def _is_forbidden(mark: str) -> bool:
    return mark in FORBIDDEN or unicodedata.category(mark) in ("Cc", "Cs")


def _is_reserved(name: str) -> bool:
    """« CON », « con.xlsx » and « Con .xlsx » all name the console."""
    return name.partition(".")[0].rstrip(" ").lower() in _RESERVED


def _as_windows(name: str) -> str:
    return unicodedata.normalize("NFC", name).upper().rstrip(". ")


def _length(name: str) -> int:
    return len(name.encode("utf-16-le", "surrogatepass")) // 2


def _cut(name: str) -> str:
    """The name with as much of its beginning as fits before its ending."""
    if _length(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 12:
        stem, dot, ending = name, "", ""
    while _length(stem) + len(dot) + _length(ending) > LONGEST:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{dot}{ending}"
