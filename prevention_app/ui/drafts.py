"""What was typed and not yet saved: one small file a record, in the workspace's drafts folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from prevention_app.catalogue.description import Catalogue, Entity, Value
from prevention_app.catalogue.values import Unreadable, from_stored, to_stored
from prevention_app.storage import drafts as stored
from prevention_app.storage.journal import Moment
from prevention_app.ui import kept_files

NEW: Final = "new"


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005  (as the wall clock shows it)


@dataclass(frozen=True, slots=True)
class Draft:
    """Values typed over a record as it was read."""

    values: Mapping[str, Value]
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    """Key of a field → what was typed there and makes no value yet: half a date, a name."""
    read_at: Moment | None = None
    """Where the journal stood when the record was read: what its writer had seen."""
    kept_at: datetime = field(default_factory=_now)

    def over(self, older: Draft) -> Draft:
        """This draft, with what an older one of the same record says of other fields."""
        typed = self.values.keys() | self.texts.keys()
        values = {key: value for key, value in older.values.items() if key not in typed}
        texts = {key: text for key, text in older.texts.items() if key not in typed}
        return Draft({**values, **self.values}, {**texts, **self.texts}, older.read_at)

    def without(self, key: str) -> Draft:
        """What it says of the other fields."""
        values = {each: value for each, value in self.values.items() if each != key}
        texts = {each: text for each, text in self.texts.items() if each != key}
        return Draft(values, texts, self.read_at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that someone may want to take up again."""

    register: str
    record_id: str
    """Empty for a record that was never saved."""
    kept_at: datetime


def keep_soon(folder: Path, entity: Entity, record_id: str, draft: Draft) -> None:
    """Have a draft written in the background; `trouble` tells how it went."""
    body = {
        "register": entity.key,
        "record": record_id,
        "read_at": asdict(draft.read_at) if draft.read_at else None,
        "kept_at": draft.kept_at.isoformat(),
        "values": {key: to_stored(entity.by_key[key], each) for key, each in draft.values.items()},
        "texts": dict(draft.texts),
    }
    kept_files.put(_place(folder, entity, record_id), body)


def keep(folder: Path, entity: Entity, record_id: str, draft: Draft) -> None:
    """Write a draft before anything else happens."""
    keep_soon(folder, entity, record_id, draft)
    kept_files.flush()


def trouble(folder: Path, entity: Entity, record_id: str) -> OSError | None:
    """Why the draft of a record could not be written the last time; None when it was."""
    return kept_files.trouble(_place(folder, entity, record_id))


def find(folder: Path, entity: Entity, record_id: str) -> Draft | None:
    """The draft of a record, if one is kept and can be read."""
    kept_files.flush()
    body = kept_files.latest(_place(folder, entity, record_id))
    try:
        values = {
            key: from_stored(entity.by_key[key], stored)
            for key, stored in body["values"].items()
            if key in entity.by_key
        }
        texts = {
            key: str(text) for key, text in body.get("texts", {}).items() if key in entity.by_key
        }
        read_at = Moment(**body["read_at"]) if body["read_at"] else None
        return Draft(values, texts, read_at, datetime.fromisoformat(body["kept_at"]))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, Unreadable):
        return None


def drop(folder: Path, entity: Entity, record_id: str) -> None:
    """Forget the draft of a record."""
    kept_files.put(_place(folder, entity, record_id), None)
    kept_files.flush()


def drop_field(folder: Path, entity: Entity, record_id: str, key: str) -> None:
    """Forget what the draft of a record says of one field."""
    kept = find(folder, entity, record_id)
    if kept is None:
        return
    left = kept.without(key)
    if left.values or left.texts:
        keep(folder, entity, record_id, left)
    else:
        drop(folder, entity, record_id)


def waiting(folder: Path, catalogue: Catalogue) -> list[Waiting]:
    """The drafts that lie in a workspace, the newest first."""
    found: list[Waiting] = []
    for file in kept_files.places(stored.folder_of(folder)):
        body = kept_files.latest(file)
        try:
            record_id = "" if body["record"] == NEW else str(body["record"])
            when = datetime.fromisoformat(body["kept_at"])
        except (KeyError, TypeError, ValueError):
            continue
        register = str(body.get("register"))
        if register in catalogue:
            found.append(Waiting(register, record_id, when))
    return sorted(found, key=lambda each: each.kept_at, reverse=True)


def _place(folder: Path, entity: Entity, record_id: str) -> Path:
    return stored.place_of(folder, entity.key, record_id or NEW)
