"""Files of the user's own: an earlier one is replaced when all is written, or stays as it was."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from io import BufferedWriter
from pathlib import Path

from prevention_app.errors import PreventionError, Refused


def refuse_locked(out: Path) -> None:
    """Say before the work begins that the file cannot be replaced; Windows locks what is open.

    Raises PreventionError with the reason.
    """
    if out.is_dir():
        raise Refused(f"« {out} » est un dossier : indiquez le nom du fichier à écrire.")
    if not out.parent.is_dir():
        raise Refused(f"Le dossier « {out.parent} » n’existe pas.")
    if out.exists():
        try:
            with out.open("r+b"):
                return
        except OSError as problem:
            raise _not_writable(out, problem) from problem


def _not_writable(out: Path, problem: OSError) -> PreventionError:
    if isinstance(problem, PermissionError):
        return PreventionError(
            f"Le fichier « {out.name} » est ouvert dans un autre programme, ou protégé : "
            "fermez-le puis recommencez, ou choisissez un autre nom."
        )
    return PreventionError(
        f"Le fichier « {out.name} » ne peut pas être écrit dans « {out.parent} » "
        f"({problem.strerror or problem})."
    )


@contextlib.contextmanager
def replacing(out: Path) -> Iterator[BufferedWriter]:
    """A file beside the one wanted, which takes its name at the end, or is gone."""
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as problem:
        raise _not_writable(out, problem) from problem
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
