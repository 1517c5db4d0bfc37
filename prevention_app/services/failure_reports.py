"""What broke, told without anyone's data: kinds of errors, places in the program, versions.

A report lies on this computer and goes nowhere by itself. Messages of errors, values, and the
folders above the program are left out: they may name people.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from prevention_app import __version__, paths

_MOST: Final = 20
"""Older reports make room for new ones."""
_PROGRAM: Final = "prevention_app"
_LIBRARIES: Final = ("PySide6-Essentials", "SQLAlchemy", "sqlcipher3")
_HEAD: Final = """Rapport de panne de Prévention

Ce rapport est resté sur cet ordinateur. Il ne contient rien de ce qui a été saisi ou lu, ni aucun
nom de personne ou de dossier ; vous pouvez le joindre à une demande d’assistance.
"""


def folder() -> Path:
    """Where the reports of this computer lie."""
    return paths.data_folder() / "pannes"


def write(account: str, versions: str = "") -> Path:
    """Write a report of what broke; returns where it lies. Raises OSError.

    Args:
        account: from `account_of` or `account_of_crash`.
        versions: of the program that broke, where that is not this one.
    """
    now = datetime.now()  # noqa: DTZ005  (as the wall clock shows it)
    where = folder()
    where.mkdir(parents=True, exist_ok=True)
    for old in sorted(where.glob("panne-*.txt"))[: -_MOST + 1]:
        old.unlink(missing_ok=True)
    file = where / f"panne-{now:%Y-%m-%d-%H%M%S-%f}.txt"
    text = f"{_HEAD}\nQuand : {now:%Y-%m-%d %H:%M}\n{versions or versions_here()}\n{account}"
    file.write_text(text, encoding="utf-8")
    return file


def versions_here() -> str:
    """The versions of the program, of what it runs on, and of what it is made of."""
    import platform
    from importlib import metadata

    lines = [
        f"Programme : {__version__}{' (livré)' if getattr(sys, 'frozen', False) else ''}",
        f"Système : {platform.platform()}, {platform.machine()}",
        f"Python : {platform.python_version()}",
    ]
    for name in _LIBRARIES:
        try:
            lines.append(f"{name} : {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return "\n".join(lines) + "\n"


# -- errors of Python ------------------------------------------------------------------------


def account_of(error: BaseException) -> str:
    """The kinds of an error and of what led to it, with the places where each was raised."""
    parts = [f"Erreur : {_kind(each)}\n{''.join(_frames(each))}" for each in _chain(error)]
    return "\nAprès :\n".join(parts)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it was raised from, and so on."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _kind(error: BaseException) -> str:
    kind = type(error)
    number = f" {error.errno}" if isinstance(error, OSError) and error.errno else ""
    return f"{kind.__module__}.{kind.__qualname__}{number}".removeprefix("builtins.")


def _frames(error: BaseException) -> Iterator[str]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        yield f"  {_place(code.co_filename)}:{line} {code.co_qualname}\n"


def _place(file: str) -> str:
    """A file by its name inside of its package: the folders above may name a person."""
    parts = re.split(r"[\\/]", file)
    for root, after in ((_PROGRAM, 0), ("site-packages", 1)):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[at + after :])
    return parts[-1]


# -- crashes below Python ----------------------------------------------------------------------

_FRAME: Final = re.compile(r'\s*File "(.*)", line (\d+) in (\S+)')
_KNOWN: Final = re.compile(
    r"(Fatal Python error: [\w .]+|Windows fatal exception: [\w .]+|(Current thread|Thread) 0x\w+"
    r"|\s*Garbage-collecting|\s*<no Python frame>|Extension modules: [\w., ():]+)"
)


def account_of_crash(trace: str) -> str:
    """What Python wrote as it was torn down, with its places cleaned; says so if it is nothing."""
    lines: list[str] = []
    for each in trace.splitlines():
        if found := _FRAME.match(each):
            lines.append(f"  {_place(found[1])}:{found[2]} {found[3]}")
        elif known := _KNOWN.match(each):
            lines.append(known[0].rstrip())
    if not lines:
        return (
            "Arrêt : sans aucune trace. Le programme a été arrêté de l’extérieur, ou l’ordinateur "
            "s’est éteint.\n"
        )
    return "Arrêt :\n" + "\n".join(lines) + "\n"
