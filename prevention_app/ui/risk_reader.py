"""Reading where all risks stand without holding the window: by slices, or in another process."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.services.risk_index import RiskIndex
from prevention_app.ui.operations import Operation
from prevention_app.ui.session import Session

_SLICE_S: Final = 0.006
_FIRST_SLICE, _SMALLEST_SLICE, _LARGEST_SLICE = 200, 50, 2000
MOST_HERE: Final = 12_000
"""Rows that are read in the window's own process; more are left to another one."""


class RiskReader(QObject):
    """Makes an index of the risks that are looked at, and tells when it is complete."""

    read = Signal(object)
    """A complete RiskIndex."""

    def __init__(self, session: Session, parent: QObject) -> None:
        """Nothing is read before `start`."""
        super().__init__(parent)
        self._session = session
        self._index: RiskIndex | None = None
        self._slice = _FIRST_SLICE
        self._rows = 0
        self._parts: list[bytes] = []
        self._elsewhere: Operation | None = None
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read_on)

    @property
    def busy(self) -> bool:
        """Whether an index is being made."""
        return self._index is not None

    def start(self) -> None:
        """Read everything, from the beginning."""
        if self._elsewhere is not None:
            self._elsewhere.end()
            self._elsewhere = None
        self._rows, self._parts = 0, []
        self._index = self._new_index()
        self._timer.start()

    def _new_index(self) -> RiskIndex:
        store = self._session.store
        return RiskIndex(self._session.owners(store.catalogue["risk"]), store.today())

    def _read_on(self) -> None:
        """One slice; the next one comes when Qt has done what else there is to do."""
        index = self._index
        if index is None:
            return
        if self._parts:
            index.unpack(self._parts.pop(0), last=not self._parts)
        elif self._rows < MOST_HERE:
            self._read_slice(index)
        else:
            self._read_elsewhere()
            return
        if index.complete:
            self._index = None
            self.read.emit(index)
        else:
            self._timer.start()

    def _read_slice(self, index: RiskIndex) -> None:
        started = time.thread_time()
        with self._session.store.reading() as read:
            index.read_on(read, self._slice)
        self._rows += self._slice
        factor = 0.7 if time.thread_time() - started > _SLICE_S else 1.3
        self._slice = min(max(round(self._slice * factor), _SMALLEST_SLICE), _LARGEST_SLICE)

    def _read_elsewhere(self) -> None:
        """So many risks are read by a process of its own; what it sends is taken in by parts."""
        from prevention_app.ui import long_work

        store = self._session.store
        owners = self._session.owners(store.catalogue["risk"])
        folder = self._session.folder
        work = Operation(
            "Lire les risques", long_work.index_risks, folder, owners, store.today(), parent=self
        )
        work.finished.connect(self._take_parts)
        work.failed.connect(lambda text: self._session.say(text, "bad"))
        self._elsewhere = work

    def _take_parts(self, parts: list[bytes]) -> None:
        self._elsewhere = None
        self._index = self._new_index()
        self._parts = parts
        self._timer.start()
