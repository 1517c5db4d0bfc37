"""Judging the whole store a slice at a time, while the window stays free."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.domain.reasons import Weight
from prevention_app.services.plant_protection import JudgedLine, StockJudge
from prevention_app.ui.session import Session

_BUDGET_S: Final = 0.008
"""How long one turn may take."""
_FEWEST, _MOST = 4, 64
"""Lines judged together: few while products are new, more once their uses are known."""
_KEPT: Final = 256
"""Lines kept with all that is shown of them: what stands first is shown at once."""
ORDER: Final = (Weight.STOP, Weight.CAUTION, Weight.GO)
"""What is not to be used comes first."""


class StockJudging(QObject):
    """Knows of each line what it comes to; forgets everything else."""

    advanced = Signal()
    """More lines are judged."""

    def __init__(self, session: Session, parent: QObject) -> None:
        """Nothing to judge yet."""
        super().__init__(parent)
        self._session = session
        self._judge: StockJudge | None = None
        self._waiting: list[str] = []
        self._judged: dict[Weight, list[str]] = {each: [] for each in ORDER}
        self._kept: dict[str, JudgedLine] = {}
        self._together = _FEWEST
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._go_on)

    def begin(self, judge: StockJudge, ids: Sequence[str]) -> None:
        """Judge these from now on, in their order."""
        self._judge = judge
        self._waiting = list(reversed(ids))
        self._judged = {each: [] for each in ORDER}
        self._kept = {}
        self._together = _FEWEST
        self._go_on()

    @property
    def left(self) -> int:
        """How many are still to be judged."""
        return len(self._waiting)

    def counts(self) -> dict[Weight, int]:
        """How many lines come to what."""
        return {each: len(ids) for each, ids in self._judged.items()}

    def ids(self, only: Weight | None = None) -> list[str]:
        """The lines judged so far, the gravest first, or those that come to one thing."""
        wanted = ORDER if only is None else (only,)
        return [each for weight in wanted for each in self._judged[weight]]

    def read(self, ids: Sequence[str]) -> Sequence[JudgedLine]:
        """Lines with all that is shown of them."""
        if all(each in self._kept for each in ids):
            return [self._kept[each] for each in ids]
        return self._judge_now(ids)

    def _judge_now(self, ids: Sequence[str]) -> Sequence[JudgedLine]:
        if self._judge is None:
            return ()
        with self._session.store.reading() as read:
            return self._judge.judge(read, ids)

    def _go_on(self) -> None:
        start = time.perf_counter()
        while self._waiting and time.perf_counter() - start < _BUDGET_S:
            begun = time.perf_counter()
            self._judge_some()
            quick = time.perf_counter() - begun < _BUDGET_S / 2
            self._together = min(self._together * 2, _MOST) if quick else _FEWEST
        if self._waiting:
            self._timer.start()
        self.advanced.emit()

    def _judge_some(self) -> None:
        ids = [self._waiting.pop() for _ in range(min(self._together, len(self._waiting)))]
        for each in self._judge_now(ids):
            self._judged[each.decision.weight].append(each.line.id)
            if len(self._kept) < _KEPT:
                self._kept[each.line.id] = each
