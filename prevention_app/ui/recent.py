"""Which records were opened last and which actions were done last, for the palette."""

from __future__ import annotations

from typing import Final

from prevention_app.ui import settings
from prevention_app.ui.session import Session

_KEPT: Final = 12
_DONE: Final = "palette/done"


def note_opened(session: Session, register: str, record: str) -> None:
    """Remember that a record was opened; its id alone is kept."""
    _put_first(_opened(session), f"{register}:{record}")


def opened(session: Session) -> list[tuple[str, str]]:
    """(register, id) of the records opened last, the last first; some may be deleted by now."""
    parts = [each.partition(":") for each in settings.remembered_list(_opened(session))]
    return [(register, record) for register, _, record in parts if record]


def note_done(words: str) -> None:
    """Remember that an action was done from the palette."""
    _put_first(_DONE, words)


def done() -> list[str]:
    """The words of the actions done last from the palette, the last first."""
    return settings.remembered_list(_DONE)


def _opened(session: Session) -> str:
    return f"opened/{session.store.station}"


def _put_first(key: str, text: str) -> None:
    held = [text, *(each for each in settings.remembered_list(key) if each != text)]
    settings.remember(key, held[:_KEPT])
