"""The one piece of long work that the page of an import waits for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.ui import words
from prevention_app.ui.operations import Operation
from prevention_app.ui.session import Session

StartWork = Callable[..., Operation]
"""Workspace.start: name, function, arguments, and whether it writes."""


class ImportRunner(QObject):
    """Starts work through the window, and hears only of the work that is still waited for."""

    turned = Signal()
    """Work has begun or ended."""
    idle = Signal()
    """It has ended and what follows from it was done: something else may be waiting."""
    failed = Signal(str, bool)
    """Why it failed, and whether the user stopped it."""

    def __init__(self, session: Session, start_work: StartWork, parent: QObject) -> None:
        """Nothing under way."""
        super().__init__(parent)
        self._session = session
        self._start_work = start_work
        self.operation: Operation | None = None

    def start(
        self,
        name: str,
        work: Callable[..., Any],
        then: Callable[[Any], None],
        *arguments: Any,
        writes: bool = False,
    ) -> None:
        """Start work on the workspace; `then` gets its result."""
        said = words.sentence(name)
        operation = self._start_work(said, work, self._session.folder, *arguments, writes=writes)
        self.operation = operation
        operation.finished.connect(partial(self._hear, operation, then))
        operation.failed.connect(partial(self._fail, operation))
        operation.ended.connect(partial(self._over, operation))
        self.turned.emit()

    def cancel(self) -> None:
        """Stop what is under way, and wait for it no longer; nothing half done stays."""
        if self.operation is not None:
            self.operation.cancel()
            self.operation = None

    def _hear(self, operation: Operation, then: Callable[[Any], None], result: Any) -> None:
        if self._over(operation):
            then(result)

    def _fail(self, operation: Operation, sentence: str) -> None:
        if self._over(operation):
            self.failed.emit(words.sentence(sentence), operation.stopping)

    def _over(self, operation: Operation) -> bool:
        """Whether the work that ended is what is waited for: its result may start the next."""
        if self.operation is not operation:
            return False
        self.operation = None
        self.turned.emit()
        QTimer.singleShot(0, self.idle.emit)
        return True
