"""Files that people hand each other: what one is that was given in the wrong place."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from prevention_app.errors import UnreadableFile

PACKAGE_MAGIC: Final = b"PREVENTION\n"
"""How a package begins."""
LONGEST_LINE: Final = 16 << 20
"""An enrolment file begins with one line of JSON, no longer than this."""


class Kind(StrEnum):
    """What an enrolment file is for."""

    REQUEST = "request"
    ADMISSION = "admission"
    INVITATION = "invitation"
    RECOGNITION = "recognition"

    @property
    def label_fr(self) -> str:
        """What people call it."""
        return _LABELS[self]

    @property
    def goes_to(self) -> str:
        """Where it is given, in the window and by command."""
        return _GOES[self]


_LABELS: Final[dict[Kind, str]] = {
    Kind.REQUEST: "une demande d’adhésion",
    Kind.ADMISSION: "une admission",
    Kind.INVITATION: "une invitation entre départements",
    Kind.RECOGNITION: "une reconnaissance entre départements",
}
_CARD: Final = "Réglages, « Travailler à plusieurs »"
_BETWEEN: Final = "Réglages, « Membres et droits… », « Départements » (circle accept)"
_GOES: Final[dict[Kind, str]] = {
    Kind.REQUEST: f"{_CARD}, « Admettre un ordinateur… » (station admit)",
    Kind.ADMISSION: f"{_CARD}, « Recevoir une réponse… » (station join)",
    Kind.INVITATION: _BETWEEN,
    Kind.RECOGNITION: _BETWEEN,
}
PACKAGES_GO_TO: Final = "la page « Échanges », « Recevoir un fichier… » (package apply)"


def is_package(place: Path) -> bool:
    """Whether a file is a package, by its first line."""
    return _first_line(place) == PACKAGE_MAGIC


def kind_of(place: Path) -> Kind | None:
    """Which enrolment file a file says it is; None where it is none."""
    try:
        document: Any = json.loads(_first_line(place))
        return Kind(str(document["kind"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _first_line(place: Path) -> bytes:
    try:
        with place.open("rb") as file:
            return file.readline(LONGEST_LINE)
    except OSError:
        return b""


def not_read(place: Path, error: OSError) -> UnreadableFile:
    """What is said of a file that the system does not let us read."""
    if place.is_dir():
        said = f"« {place} » est un dossier : indiquez le fichier."
    elif isinstance(error, FileNotFoundError):
        said = f"« {place} » est introuvable."
    else:
        said = (
            f"« {place.name} » ne se lit pas jusqu’au bout : s’il est sur une clé USB, vérifiez "
            "qu’elle est encore branchée."
        )
    return UnreadableFile(said)
