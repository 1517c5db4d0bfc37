"""Imports under review that lie in a workspace: what they are known by, not what is in them.

Nothing of what reads and compares files is loaded for them: the first page lists them too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from prevention_app.storage import drafts
from prevention_app.ui import kept_files, words


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """An import that was begun: what is not applied of it yet."""

    key: str
    kept_at: datetime
    entries: Sequence[Mapping[str, Any]]
    """See `import_keeping.entry_of`."""
    title: str
    """Its first file and how many more there are."""
    done: str
    """What was decided about it so far, in a few words; empty where nothing was."""


def new_key() -> str:
    """The key of an import that begins now; no other one has it."""
    return f"{datetime.now():%Y%m%d-%H%M%S-%f}"  # noqa: DTZ005  (as the wall clock shows it)


def keep_soon(workspace: Path, key: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Have an import kept in the background, or forgotten where nothing of it is left."""
    when = datetime.now().isoformat()  # noqa: DTZ005
    body = {"kept_at": when, "entries": entries}
    kept_files.put(_place(workspace, key), body if entries else None)


def waiting(workspace: Path) -> list[ImportDraft]:
    """The imports that were begun in a workspace, the newest first."""
    kept_files.flush()
    found = (_read(each) for each in kept_files.places(_folder(workspace)))
    begun = [each for each in found if each is not None]
    return sorted(begun, key=lambda each: each.kept_at, reverse=True)


def _folder(workspace: Path) -> Path:
    return drafts.folder_of(workspace) / "imports"


def _place(workspace: Path, key: str) -> Path:
    return _folder(workspace) / f"{key}.json"


def _read(place: Path) -> ImportDraft | None:
    body = kept_files.latest(place)
    try:
        when, entries = datetime.fromisoformat(body["kept_at"]), body["entries"]
        return ImportDraft(place.stem, when, entries, _title(entries), _done(entries))
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def _title(entries: Sequence[Mapping[str, Any]]) -> str:
    files = [PurePath(each).name for entry in entries for each in entry["files"]]
    others = len(files) - 1
    more = f" et {words.count(others, 'autre fichier', 'autres fichiers')}" if others else ""
    return f"Import, {files[0]}{more}"


def _done(entries: Sequence[Mapping[str, Any]]) -> str:
    corrected = sum(len(each["corrections"]) for each in entries)
    left = sum(len(each["left_out"]) for each in entries)
    parts: list[str] = []
    if corrected:
        parts.append(words.count(corrected, "cellule corrigée", "cellules corrigées"))
    if left:
        parts.append(words.count(left, "ligne laissée", "lignes laissées"))
    return ", ".join(parts)
