"""How long work tells where it stands and learns that it is to stop."""

from __future__ import annotations

from prevention_app.errors import Cancelled


class Progress:
    """Takes note of steps; this one shows nothing and is never cancelled."""

    cancelled = False

    def step(self, done: int, total: int, words: str) -> None:
        """So much of so much is done (total 0: not known), in a few French words."""

    def check_cancelled(self) -> None:
        """Raise Cancelled when the user wants it to stop; nothing has been written then."""
        if self.cancelled:
            raise Cancelled("Arrêté à votre demande ; rien n’a été changé.")
