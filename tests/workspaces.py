"""New workspaces: each kind is created once, then copied with its key, which is quicker.

They are of one circle: what one writes counts at the others.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage import handed_out, keys
from prevention_app.storage.store import Store
from tests import circle


def transplant(station: str, model: Path, place: Path) -> None:
    """The same station at another place, with its key; nothing ever left it."""
    shutil.copytree(model, place)
    kept = json.loads(keys._from_key_store(station) or keys._from_file(station) or "")
    keys._keep(station, json.dumps(kept | {"place": keys._place(place)}))
    keys._keep(handed_out._name(station), "0")


class NewWorkspaces:
    """Puts a workspace in which nothing was done yet where it is asked for."""

    def __init__(self, folder: Path) -> None:
        """The models lie in `folder`."""
        self._folder = folder
        self._made: dict[tuple[str, str, tuple[str, ...]], tuple[str, Path]] = {}

    def __call__(
        self, place: Path, *, name: str, user: str, departments: Sequence[str] = ("45", "41", "28")
    ) -> Path:
        """Make it for a station with roles in these departments, its own first; returns `place`."""
        kind = (name, user, tuple(departments))
        if kind not in self._made:
            model = self._folder / f"{len(self._made)}.prevention"
            with circle.one_circle():
                made = Store.create(
                    model,
                    declared_catalogue(),
                    department=departments[0],
                    departments=departments[1:],
                    name=name,
                    user=user,
                )
            circle.trust_all(made)
            self._made[kind] = (made.station, model)
            made.close()
        transplant(*self._made[kind], place)
        circle.keep_roots()
        return place
