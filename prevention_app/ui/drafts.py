"""What was typed and not yet saved: one small file a record, in the workspace's drafts folder.

While someone types, a thread of its own writes the files: a slow disk or an antivirus program
never holds the keyboard. Each file is written whole or not at all.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from prevention_app.catalogue.description import Catalogue, Entity, Value
from prevention_app.catalogue.values import Unreadable, from_stored, to_stored
from prevention_app.exchange.safe_file import part_of, write_whole
from prevention_app.storage.journal import Moment

NEW: Final = "new"
_PATIENCE_S: Final = 1.5
"""How long someone who leaves a form may be held by a disk that does not answer."""


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
    content = json.dumps(body, indent=1).encode()  # ASCII: half a surrogate pair passes too
    _WRITER.put(_place(folder, entity, record_id), content)


def keep(folder: Path, entity: Entity, record_id: str, draft: Draft) -> None:
    """Write a draft before anything else happens."""
    keep_soon(folder, entity, record_id, draft)
    flush()


def flush() -> bool:
    """Wait until all drafts are on the disk; False where it takes too long."""
    return _WRITER.flush(_PATIENCE_S)


def under_way() -> bool:
    """Whether drafts are still being written."""
    return not _WRITER.flush(0)


def trouble(folder: Path, entity: Entity, record_id: str) -> OSError | None:
    """Why the draft of a record could not be written the last time; None when it was."""
    return _WRITER.refused.get(_place(folder, entity, record_id))


def find(folder: Path, entity: Entity, record_id: str) -> Draft | None:
    """The draft of a record, if one is kept and can be read."""
    flush()
    body = _latest(_place(folder, entity, record_id))
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
    _WRITER.put(_place(folder, entity, record_id), None)
    flush()


def waiting(folder: Path, catalogue: Catalogue) -> list[Waiting]:
    """The drafts that lie in a workspace, the newest first."""
    found: list[Waiting] = []
    parts = {each.with_suffix("") for each in (folder / "drafts").glob("*.json.part")}
    for file in {*(folder / "drafts").glob("*.json"), *parts}:
        body = _latest(file)
        try:
            record_id = "" if body["record"] == NEW else str(body["record"])
            when = datetime.fromisoformat(body["kept_at"])
        except (KeyError, TypeError, ValueError):
            continue
        register = str(body.get("register"))
        if register in catalogue:
            found.append(Waiting(register, record_id, when))
    return sorted(found, key=lambda each: each.kept_at, reverse=True)


def _latest(place: Path) -> dict[str, Any]:
    """What a file holds, or what was to take its place when the program was killed.

    A draft lies beside the older one until the disk has it, which may take longer than people
    type; half of one cannot be read, and the older one counts.
    """
    kept, coming = _read(place), _read(part_of(place))
    if coming and str(coming.get("kept_at")) > str(kept.get("kept_at", "")):
        with contextlib.suppress(OSError):
            part_of(place).replace(place)
        return coming
    return kept


def _read(file: Path) -> dict[str, Any]:
    try:
        body: object = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def _place(folder: Path, entity: Entity, record_id: str) -> Path:
    name = "".join(mark if mark.isalnum() or mark == "-" else "_" for mark in record_id or NEW)
    return folder / "drafts" / f"{entity.key}.{name}.json"


class _Writer:
    """Writes and removes files in their order; of several writes of one file, the last."""

    def __init__(self) -> None:
        self.refused: dict[Path, OSError] = {}
        self._turn = threading.Condition()
        self._waiting: dict[Path, bytes | None] = {}
        self._busy = False
        self._thread: threading.Thread | None = None

    def put(self, place: Path, content: bytes | None) -> None:
        """Have a file written, or removed where there is no content."""
        with self._turn:
            self._waiting[place] = content
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="drafts", daemon=True)
                self._thread.start()
            self._turn.notify_all()

    def flush(self, seconds: float) -> bool:
        """Wait until nothing is left to do; False where it takes longer."""
        with self._turn:
            return self._turn.wait_for(lambda: not (self._waiting or self._busy), seconds)

    def _run(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._waiting)
                place = next(iter(self._waiting))
                content = self._waiting.pop(place)
                self._busy = True
            refused = _put_on_disk(place, content)
            with self._turn:
                self._busy = False
                self.refused.pop(place, None)
                if refused is not None:
                    self.refused[place] = refused
                self._turn.notify_all()


def _put_on_disk(place: Path, content: bytes | None) -> OSError | None:
    try:
        if content is None:
            for each in (part_of(place), place):
                each.unlink(missing_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, content)
    except OSError as error:
        return error
    return None


_WRITER: Final = _Writer()
