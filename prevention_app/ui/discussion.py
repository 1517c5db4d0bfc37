"""Above the fields of a record: which of its values disagree, and the way to settle them."""

from __future__ import annotations

from prevention_app.catalogue.description import Entity
from prevention_app.services import conflicts
from prevention_app.services.conflicts import Conflict
from prevention_app.ui import words
from prevention_app.ui.banner import Banner
from prevention_app.ui.session import Session

_MOST = 3
_LONGEST = 60


class Discussion(Banner):
    """Hidden unless something is in discussion; says all the values of each such field."""

    def __init__(self, session: Session) -> None:
        """No record yet."""
        super().__init__()
        self._session = session
        self.fields: frozenset[str] = frozenset()
        """Keys of the fields in discussion: what is written in them settles them."""

    def show_record(self, entity: Entity, record_id: str) -> None:
        """Say what disagrees in a record, or hide."""
        store = self._session.store
        with store.reading() as read:
            found = conflicts.of_record(read, entity.key, record_id, store.station)
        # Only what all values are shown of is settled by writing it.
        self.fields = frozenset(each.field for each in found[:_MOST])
        if not found:
            self.clear()
            return
        more = len(found) - _MOST
        lines = [_line(each) for each in found[:_MOST]]
        if more > 0:
            lines.append(f"et {words.count(more, 'autre champ', 'autres champs')}")
        title = (
            "Une valeur en discussion"
            if len(found) == 1
            else (words.count(len(found), "valeur en discussion", "valeurs en discussion"))
        )
        self.inform(title, words.sentence("\n".join(lines)), "Départager")


def _line(each: Conflict) -> str:
    values = " ou ".join(
        f"«\u00a0{_short(value.text) or '(vide)'}\u00a0» ({value.who or value.station})"
        for value in each.values
    )
    return f"{each.label}\u202f: {values}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
