"""Files of the user's own: an earlier one is replaced when all is written, or stays as it was."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from io import BufferedWriter
from pathlib import Path
from typing import Final

from prevention_app.errors import PreventionError, Refused, reason_not_written
from prevention_app.exchange.file_names import problem, second_name
from prevention_app.paths import long_path

_PAUSES_S: Final = (0.02, 0.1, 0.3)
"""An antivirus program or an indexer lets go of a file as quickly as it took it."""


class InUse(PreventionError):
    """The file is open in another program; `second` is a name under which it can be written."""

    def __init__(self, message: str, second: Path) -> None:
        """Say it in a sentence that names the other way out."""
        super().__init__(message)
        self.second = second


def refuse_locked(out: Path) -> None:
    """Say before the work begins that the file cannot be replaced; Windows locks what is open.

    Raises:
        InUse: another program holds it, or it is protected.
        Refused: the name or the folder is none.
    """
    if wrong := problem(out.name):
        raise Refused(wrong)
    place = long_path(out)
    if place.is_dir():
        raise Refused(f"« {out} » est un dossier : indiquez le nom du fichier à écrire.")
    if not place.parent.is_dir():
        raise Refused(f"Le dossier « {out.parent} » n’existe pas.")
    if place.exists():
        try:
            with place.open("r+b"):
                return
        except OSError as error:
            raise _not_writable(out, error) from error


def _not_writable(out: Path, error: OSError) -> PreventionError:
    if isinstance(error, PermissionError) and out.exists():
        second = second_name(out)
        return InUse(
            f"Le fichier « {out.name} » est ouvert dans un autre programme, ou protégé : "
            f"fermez-le puis recommencez, ou écrivez sous le nom « {second.name} ».",
            second,
        )
    return PreventionError(
        f"Le fichier « {out.name} » ne peut pas être écrit dans « {out.parent} » : "
        f"{reason_not_written(error)}."
    )


@contextlib.contextmanager
def replacing(out: Path) -> Iterator[BufferedWriter]:
    """A file beside the one wanted, which takes its name at the end, or is gone.

    Where another program has opened the one wanted meanwhile, what was written stays, under a
    second name, and InUse says which.
    """
    part = part_of(out)
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _take_name(part, out)
    except OSError as error:
        raise _not_writable(out, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _take_name(part: Path, out: Path) -> None:
    try:
        _replace(part, long_path(out))
    except PermissionError as error:
        if not out.exists():
            raise
        second = second_name(out)
        part.replace(long_path(second))
        raise InUse(
            f"Le fichier « {out.name} » a été ouvert dans un autre programme pendant l’écriture : "
            f"le nouveau est « {second.name} ».",
            second,
        ) from error


def write_whole(place: Path, content: bytes) -> None:
    """Write a small file of the program's own, whole or not at all; raises OSError."""
    part = part_of(place)
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _replace(part, long_path(place))


def part_of(place: Path) -> Path:
    """Where a file is written before it takes its name."""
    place = long_path(place)
    return place.with_name(place.name + ".part")


def _replace(part: Path, place: Path) -> None:
    for pause in _PAUSES_S:
        try:
            part.replace(place)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    part.replace(place)
