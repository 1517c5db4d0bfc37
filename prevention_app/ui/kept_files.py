"""Small files that are kept while people work: written in the background, whole or not at all.

A thread of its own writes them: a slow disk or an antivirus program never holds the keyboard.
"""

from __future__ import annotations

import contextlib
import json
import threading
from pathlib import Path
from typing import Any, Final

from prevention_app.exchange.safe_file import part_of, write_whole

_PATIENCE_S: Final = 1.5
"""How long someone who leaves a page may be held by a disk that does not answer."""


def put(place: Path, body: dict[str, Any] | None) -> None:
    """Have a file written, or removed where there is no body; the last of several counts.

    The body says in `kept_at` when it was made, in ISO form: see `latest`.
    """
    # ASCII: half a surrogate pair passes too
    _WRITER.put(place, None if body is None else json.dumps(body, indent=1).encode())


def flush() -> bool:
    """Wait until all is on the disk; False where it takes too long."""
    return _WRITER.flush(_PATIENCE_S)


def under_way() -> bool:
    """Whether something is still being written."""
    return not _WRITER.flush(0)


def trouble(place: Path) -> OSError | None:
    """Why a file could not be written the last time; None when it was."""
    return _WRITER.refused.get(place)


def places(folder: Path) -> set[Path]:
    """The files in a folder, those included that were still on their way to it."""
    parts = {each.with_suffix("") for each in folder.glob("*.json.part")}
    return {*folder.glob("*.json"), *parts}


def latest(place: Path) -> dict[str, Any]:
    """What a file holds, or what was to take its place when the program was killed; else {}.

    The newer one lies beside the older until the disk has it, which may take longer than people
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
                self._thread = threading.Thread(target=self._run, name="kept files", daemon=True)
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
