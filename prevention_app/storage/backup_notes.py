"""What a workspace notes of its backups, in a file that reads when the database does not."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

_FILE: Final = "backups.json"


@dataclass(frozen=True, slots=True)
class BackupNotes:
    """Moments are wall-clock times in ISO form; empty is never, or none."""

    folder: str = ""
    """Where automatic backups go instead of beside the workspace."""
    made: str = ""
    """When the last automatic one was made and verified."""
    state: str = ""
    """What the journal held then: its version vector and what was absent, digested."""
    elsewhere: str = ""
    """When a person last wrote one, to a place of their own."""
    elsewhere_file: str = ""
    failed: str = ""
    """When the last automatic one failed; empty once one has been made again."""
    why: str = ""
    """Why it failed: a French sentence."""


_KEYS: Final = tuple(each.name for each in fields(BackupNotes))


def read(workspace: Path) -> BackupNotes:
    """What is noted; nothing where the file is not there or does not read."""
    try:
        held: Any = json.loads((workspace / _FILE).read_text(encoding="utf-8"))
        return BackupNotes(**{key: str(held.get(key, "")) for key in _KEYS})
    except (OSError, ValueError, AttributeError):
        return BackupNotes()


def note(workspace: Path, **changed: str) -> BackupNotes:
    """Change what is noted; raises OSError."""
    notes = replace(read(workspace), **changed)
    part = workspace / f"{_FILE}.{os.getpid()}.part"
    part.write_text(json.dumps(asdict(notes), indent=1), encoding="utf-8")
    part.replace(workspace / _FILE)
    return notes
