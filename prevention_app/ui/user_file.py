"""Writing a file that the user named: what is open in a spreadsheet can be written beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from prevention_app.errors import PreventionError
from prevention_app.exchange.safe_file import InUse, refuse_locked


class _Say(Protocol):
    def __call__(
        self, text: str, look: str = "good", acts: tuple[tuple[str, Callable[[], object]], ...] = ()
    ) -> None: ...


def write(out: Path, start: Callable[[Path], object], say: _Say) -> None:
    """Start writing a file, or say why it cannot be; where it is open, offer a second name.

    Args:
        out: the file wanted.
        start: writes the file that it is given, now or in the background.
        say: `Session.say`.
    """
    try:
        refuse_locked(out)
        start(out)
    except InUse as error:
        offered = f"Écrire «\u00a0{error.second.name}\u00a0»"
        say(str(error), "bad", ((offered, partial(write, error.second, start, say)),))
    except PreventionError as error:
        say(str(error), "bad")
