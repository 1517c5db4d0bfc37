"""Where a sealed version is written: a folder of its own, whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prevention_app.domain.sealed_manifest import MANIFEST
from prevention_app.errors import PreventionError, Refused, reason_not_written
from prevention_app.exchange.file_names import problem
from prevention_app.paths import long_path

_PART: Final = ".part"
_LEFT_OVER_S: Final = 24 * 3600
"""After which what is half written is of no computer that still writes."""


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
    _refuse_taken(place / name)
    others = [] if not place.exists() else [each for each in place.iterdir() if _is_other(each)]
    if others:
        raise Refused(
            f"Le dossier « {out} » contient autre chose que des versions figées "
            f"(« {others[0].name} ») : choisissez un dossier vide ou nouveau."
        )
    return place / name


def _refuse_taken(target: Path) -> None:
    if target.exists():
        raise Refused(
            f"« {target} » existe déjà : une version figée ne se remplace pas. "
            "Choisissez un autre dossier."
        )


def _is_other(place: Path) -> bool:
    return not (place / MANIFEST).is_file() and not _is_left_over(place)


def _is_left_over(place: Path) -> bool:
    """What is half written: by a computer that still writes, or one that was switched off."""
    return place.name.startswith(".") and place.name.endswith(_PART)


@dataclass(slots=True)
class Written:
    """A folder that is being written, before and after it takes its name."""

    place: Path
    """Where it lies now."""
    _target: Path

    def take_name(self) -> None:
        """Take the name of the version; raises Refused where another computer took it."""
        _refuse_taken(self._target)
        self.place = self.place.rename(self._target)

    @property
    def is_named(self) -> bool:
        """Whether it has taken its name."""
        return self.place == self._target


@contextlib.contextmanager
def written_whole(out: Path, target: Path) -> Iterator[Written]:
    """A folder to write into that takes its name at the end, or is gone with all it made."""
    place = long_path(out)
    made = not place.exists()
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}{_PART}")
    try:
        place.mkdir(parents=True, exist_ok=True)
        for each in place.iterdir():
            if _is_left_over(each) and time.time() - each.stat().st_mtime > _LEFT_OVER_S:
                shutil.rmtree(each)
        part.mkdir()
    except OSError as error:
        raise _not_written(out, error) from error
    written = Written(part, target)
    try:
        yield written
    except BaseException as error:
        _remove(written.place, place if made else None)
        # A writer tells of its own file, whose folder is hidden and gone.
        cause = error.__cause__ if isinstance(error, PreventionError) else error
        if isinstance(cause, OSError) and not (written.is_named and cause is not error):
            raise _not_written(out, cause) from error
        raise


def _remove(written: Path, made: Path | None) -> None:
    shutil.rmtree(written, ignore_errors=True)
    if made is not None:
        with contextlib.suppress(OSError):
            made.rmdir()


def _not_written(out: Path, error: OSError) -> PreventionError:
    return PreventionError(
        f"La version ne peut pas être écrite dans « {out} » : {reason_not_written(error)}."
    )
