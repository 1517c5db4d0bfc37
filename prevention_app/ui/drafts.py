"""What was typed and not yet saved: one small file a record, in the workspace's drafts folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from prevention_app.catalogue.description import Entity, Value
from prevention_app.catalogue.values import Unreadable, from_stored, to_stored
from prevention_app.storage.journal import Moment

NEW: Final = "new"


@dataclass(frozen=True, slots=True)
class Draft:
    """Values typed over a record as it was read."""

    values: Mapping[str, Value]
    read_at: Moment | None
    """Where the journal stood when the record was read: what its writer had seen."""
    kept_at: datetime


def keep(
    folder: Path,
    entity: Entity,
    record_id: str,
    values: Mapping[str, Value],
    read_at: Moment | None,
) -> datetime:
    """Write a draft whole or not at all; returns when."""
    now = datetime.now()  # noqa: DTZ005  (as the wall clock shows it)
    body = {
        "register": entity.key,
        "record": record_id,
        "read_at": asdict(read_at) if read_at else None,
        "kept_at": now.isoformat(timespec="seconds"),
        "values": {key: to_stored(entity.by_key[key], value) for key, value in values.items()},
    }
    place = _place(folder, entity, record_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(place)
    return now


def find(folder: Path, entity: Entity, record_id: str) -> Draft | None:
    """The draft of a record, if one is kept and can be read."""
    place = _place(folder, entity, record_id)
    try:
        body = json.loads(place.read_text(encoding="utf-8"))
        values = {
            key: from_stored(entity.by_key[key], stored)
            for key, stored in body["values"].items()
            if key in entity.by_key
        }
        read_at = Moment(**body["read_at"]) if body["read_at"] else None
        return Draft(values, read_at, datetime.fromisoformat(body["kept_at"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, Unreadable):
        return None


def drop(folder: Path, entity: Entity, record_id: str) -> None:
    """Forget the draft of a record."""
    _place(folder, entity, record_id).unlink(missing_ok=True)


def _place(folder: Path, entity: Entity, record_id: str) -> Path:
    name = "".join(mark if mark.isalnum() or mark == "-" else "_" for mark in record_id or NEW)
    return folder / "drafts" / f"{entity.key}.{name}.json"
