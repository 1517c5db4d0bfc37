"""What is being done in the background: words, a bar, and a button that stops it."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from prevention_app.ui import style, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.operations import Operation
from prevention_app.ui.remaining import Remaining

_SHORT_MS: Final = 400
"""What is over sooner is not announced: a bar that flickers says nothing."""


class WorkBar(QFrame):
    """Shows one operation for as long as it lasts."""

    def __init__(self, operation: Operation) -> None:
        """Follow an operation."""
        super().__init__()
        self.setObjectName("footer")
        self._title = QLabel(operation.name)
        style.mark(self._title, "look", "strong")
        self._step = ElidingLabel()
        style.mark(self._step, "look", "secondary")
        self._rest = QLabel()
        style.mark(self._rest, "look", "secondary")
        self._remaining = Remaining()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(f"Avancement : {operation.name}")
        self.stop_button = QPushButton("Arrêter")
        self.stop_button.setAccessibleName(f"Arrêter : {operation.name}")
        self.stop_button.clicked.connect(self._stop)
        self._operation = operation
        heads = QHBoxLayout()
        heads.addWidget(self._title)
        heads.addWidget(self._step, 1)
        heads.addWidget(self._rest)
        texts = QVBoxLayout()
        texts.addLayout(heads)
        texts.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 16, 8)
        row.setSpacing(16)
        row.addLayout(texts, 1)
        row.addWidget(self.stop_button)
        operation.progressed.connect(self._show)
        operation.ended.connect(self.deleteLater)
        self.hide()
        QTimer.singleShot(_SHORT_MS, self, self.show)

    def _show(self, done: int, total: int, step: str) -> None:
        self._step.setText(words.sentence(step))
        self._rest.setText(self._remaining.after(done, total, time.monotonic()))
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _stop(self) -> None:
        self.stop_button.setEnabled(False)
        self._step.setText("Arrêt…")
        self._rest.clear()
        self._operation.cancel()
