"""Where a sealed version is written: a folder of its own, whole or not at all."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from prevention_app.domain.sealed_manifest import MANIFEST
from prevention_app.errors import PreventionError, Refused, reason_not_written
from prevention_app.exchange.file_names import problem
from prevention_app.paths import long_path

_PART: Final = ".part"


def target_in(out: Path, name: str) -> Path:
    """Where a version goes; raises Refused where something else lies there."""
    if wrong := problem(out.name) if out.name else "":
        raise Refused(wrong)
    place = long_path(out)
    if place.exists() and not place.is_dir():
        raise Refused(f"« {out} » n’est pas un dossier.")
    if (place / MANIFEST).exists():
        raise Refused(
            f"« {out} » est une version figée : donnez le dossier qui contient les versions."
        )
    if (place / name).exists():
        raise Refused(
            f"« {out / name} » existe déjà : une version figée ne se remplace pas. "
            "Choisissez un autre dossier."
        )
    others = [] if not place.exists() else [each for each in place.iterdir() if _is_other(each)]
    if others:
        raise Refused(
            f"Le dossier « {out} » contient autre chose que des versions figées "
            f"(« {others[0].name} ») : choisissez un dossier vide ou nouveau."
        )
    return place / name


def _is_other(place: Path) -> bool:
    return not (place / MANIFEST).is_file() and not _is_left_over(place)


def _is_left_over(place: Path) -> bool:
    """What a computer that was switched off left half written."""
    return place.name.startswith(".") and place.name.endswith(_PART)


@contextlib.contextmanager
def written_whole(out: Path, target: Path) -> Iterator[Path]:
    """A folder to write into that takes its name at the end, or is gone with all it made."""
    place = long_path(out)
    made = not place.exists()
    part = target.with_name(f".{target.name}{_PART}")
    try:
        place.mkdir(parents=True, exist_ok=True)
        for each in place.iterdir():
            if _is_left_over(each):
                shutil.rmtree(each)
        part.mkdir()
    except OSError as error:
        raise _not_written(out, error) from error
    try:
        yield part
    except BaseException as error:
        _remove(part, target, place if made else None)
        if isinstance(error, OSError):
            raise _not_written(out, error) from error
        raise


def _remove(part: Path, target: Path, made: Path | None) -> None:
    for each in (part, target):
        shutil.rmtree(each, ignore_errors=True)
    if made is not None:
        with contextlib.suppress(OSError):
            made.rmdir()


def _not_written(out: Path, error: OSError) -> PreventionError:
    return PreventionError(
        f"La version ne peut pas être écrite dans « {out} » : {reason_not_written(error)}."
    )
