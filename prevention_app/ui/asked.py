"""What a person typed to find something: words, perhaps after a letter that says what is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from prevention_app.services.find import Wanted
from prevention_app.ui.session import Session

ACTIONS, NUMBER, PERSON, SITE = ">", "#", "@", "/"
_PREFIXES: Final = (ACTIONS, NUMBER, PERSON, SITE)
_REGISTERS: Final = {PERSON: ("person",), SITE: ("site",)}


@dataclass(frozen=True, slots=True)
class Asked:
    """A prefix, perhaps empty, and words."""

    prefix: str
    words: str

    @property
    def records(self) -> bool:
        """Whether records are wanted."""
        return self.prefix != ACTIONS and bool(self.words)

    def wanted(self, session: Session, limit: int, scanned: int | None = None) -> Wanted:
        """The records to look for, of the departments that are shown now."""
        return Wanted(
            self.words,
            session.owners_shown,
            _REGISTERS.get(self.prefix, ()),
            limit,
            scanned=scanned,
            by_number=self.prefix == NUMBER,
        )


def read_typed(text: str) -> Asked:
    """The prefix and the words of what was typed."""
    text = text.strip()
    if text[:1] in _PREFIXES:
        return Asked(text[:1], text[1:].strip())
    return Asked("", text)
