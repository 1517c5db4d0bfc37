"""The way from a proposal to the scales of its risk, filled in, with the reason proposed."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer

from prevention_app.ui.rerating_watch import RateAsked
from prevention_app.ui.risk_page import RiskPage
from prevention_app.ui.risk_views import TABLE

_LOOK_MS: Final = 40
_PATIENCE_S: Final = 30.0
"""How long reading all risks may take before it is said that this one is not among them."""


def show_risk(page: RiskPage, asked: RateAsked) -> None:
    """Show a risk on the page, once it has been read, and open its scales where that is asked."""
    for earlier in page.findChildren(_Way):
        earlier.leave()
    _Way(page, asked)


class _Way(QObject):
    """Waits until the page has read the risk."""

    def __init__(self, page: RiskPage, asked: RateAsked) -> None:
        super().__init__(page)
        self._page = page
        self._asked = asked
        self._until = time.monotonic() + _PATIENCE_S
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._look()

    def leave(self) -> None:
        """Another risk is wanted, or this one is shown."""
        self._timer.stop()
        self.setParent(None)
        self.deleteLater()

    def _look(self) -> None:
        page = self._page
        placed = page.index.get(self._asked.risk) if page.index else None
        if placed is None:
            if time.monotonic() > self._until:
                page.session.say("Ce risque n’est pas parmi ceux du département affiché.", "info")
                self.leave()
            return
        if page.views.current != TABLE:
            page.views.show(TABLE)
        page.open_risk(placed.id)
        if page.table.current_id() == placed.id:
            self._arrive()
            self.leave()

    def _arrive(self) -> None:
        page = self._page
        if not self._asked.rate:
            page.focus_main()
            return
        page.hands.rate()
        reason = page.side.detail.panel.reason
        if self._asked.reason and not reason.text():
            reason.setText(" ".join(self._asked.reason.split()))
            reason.setCursorPosition(0)
