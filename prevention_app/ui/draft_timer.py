"""When a draft is to be written while someone types: at once, then a few times a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

_BETWEEN_MS: Final = 250


class DraftTimer(QTimer):
    """Calls `keep` for the first keystroke at once, for those that follow after a short while."""

    def __init__(self, keep: Callable[[], object], parent: QObject) -> None:
        """Nothing was typed yet."""
        super().__init__(parent, singleShot=True)
        self._keep = keep
        self._kept_at = 0.0
        self.timeout.connect(self._on_time)

    def typed(self) -> None:
        """Something was typed."""
        if not self.isActive():
            since = time.monotonic() - self._kept_at
            self.start(max(0, _BETWEEN_MS - int(since * 1000)))

    def _on_time(self) -> None:
        self._kept_at = time.monotonic()
        self._keep()
