"""The keys of other departments: an administrator writes them, all stations of theirs follow."""

from __future__ import annotations

from typing import Final

from prevention_app.storage import circle
from prevention_app.storage.store import Store

RECOGNISE: Final = "Reconnaître un département"


def recognise(store: Store, department: str, other: str, public: str) -> None:
    """Write that a department recognises another one by its key, and trust it here.

    What was written of an earlier key stays, as all acts do: the latest holds.
    """
    if circle.roots(store).get(other) == public:
        return
    work = circle.draft(store, department)
    work.new("recognition", owner=department, recognised=other, public_key=public)
    store.write(work, RECOGNISE)
