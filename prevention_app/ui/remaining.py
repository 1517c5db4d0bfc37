"""How long work will still take, told only when it can be told honestly."""

from __future__ import annotations

from collections import deque
from typing import Final

from prevention_app.ui import words

_LOOKED_AT_S: Final = 20.0
"""The pace is that of the last seconds: what was slow at first says nothing of what comes."""
_LEAST_S: Final = 2.0
_LEAST_SHARE: Final = 0.03


class Remaining:
    """Follows the steps of one piece of work."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._steps: deque[tuple[float, int]] = deque()
        self._total = 0

    def after(self, done: int, total: int, now: float) -> str:
        """« environ 20 secondes », or nothing while it cannot be told; `now` is in seconds."""
        if total != self._total or (self._steps and done < self._steps[-1][1]):
            # Another part of the work begins: its pace is its own.
            self._steps.clear()
            self._total = total
        self._steps.append((now, done))
        while now - self._steps[0][0] > _LOOKED_AT_S:
            self._steps.popleft()
        since, before = self._steps[0]
        if not total or now - since < _LEAST_S or done - before < _LEAST_SHARE * total:
            return ""
        return _in_words((total - done) * (now - since) / (done - before))


def _in_words(seconds: float) -> str:
    if seconds < 5:
        return "encore quelques secondes"
    if seconds < 55:
        return f"environ {words.count(5 * round(seconds / 5 + 0.4), 'seconde')}"
    minutes = round(seconds / 60 + 0.4)
    if minutes < 100:
        return f"environ {words.count(minutes, 'minute')}"
    return f"environ {words.count(round(minutes / 60), 'heure')}"
