"""What the panes of « Membres et droits » share: a banner, long work, a step to confirm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from prevention_app.ui import style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.work_process import Work

StartWork = Callable[..., Operation]


class CirclePane(QWidget):
    """One pane; it is shown for a department, and reads anew what it shows."""

    shown_elsewhere = Signal(str, str)
    """Another pane is wanted: its key, and the code of a computer."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read yet."""
        super().__init__()
        self.session = session
        self._start_work = start_work
        self.department = ""
        self.banner = Banner()
        self.working = False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 12, 20, 14)
        self.column.setSpacing(10)

    def read(self, department: str) -> None:
        """Show what holds in a department now."""
        if department != self.department:
            self.department = department
            self.banner.clear()
            self.forget()
        self.show_now()

    def forget(self) -> None:
        """Another department is shown: what was begun for the one before is dropped."""

    def show_now(self) -> None:
        """Read and show."""

    def main(self) -> QWidget:
        """What takes the focus when the pane is shown."""
        return self

    def complain(self, text: str) -> None:
        """Say what went wrong."""
        self.banner.complain(words.sentence(text))

    def work(
        self,
        name: str,
        act: Work,
        *arguments: Any,
        then: Callable[[Any], None],
        writes: bool = True,
    ) -> None:
        """Do something beside the window, one thing at a time."""
        if self.working:
            return
        self.working = True
        self.banner.clear()
        self.let(enabled=False)
        operation = self._start_work(name, act, self.session.folder, *arguments, writes=writes)
        operation.finished.connect(lambda result: self._on_finished(then, result))
        operation.failed.connect(self.complain)
        operation.ended.connect(self._on_ended)

    def _on_finished(self, then: Callable[[Any], None], result: Any) -> None:
        self.working = False
        self.let(enabled=True)
        then(result)

    def _on_ended(self) -> None:
        self.working = False
        self.let(enabled=True)
        if self.department:
            self.show_now()

    def let(self, *, enabled: bool) -> None:
        """Let things be done again, or not while others are under way."""


class Step(QFrame):
    """Something that is asked before it is done: a sentence, a button for it, one against it."""

    agreed = Signal()

    def __init__(self) -> None:
        """Hidden until it asks."""
        super().__init__()
        self.setObjectName("card")
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.detail = QLabel()
        self.detail.setWordWrap(True)
        style.mark(self.detail, "look", "secondary")
        self.go_button = button("", look="primary")
        self.drop_button = button("Abandonner")
        row = QHBoxLayout()
        row.addWidget(self.go_button)
        row.addWidget(self.drop_button)
        row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        self._column.addWidget(self.said)
        self._column.addWidget(self.detail)
        self._column.addLayout(row)
        self.go_button.clicked.connect(self._agree)
        self.drop_button.clicked.connect(self.hide)
        self.hide()

    def hold(self, fields: QWidget) -> None:
        """Have fields to fill in above its buttons; who asks shows or hides them."""
        self._column.insertWidget(self._column.count() - 1, fields)

    def ask(self, text: str, act: str, detail: str = "") -> None:
        """Ask; the focus waits on what would be done."""
        self.said.setText(words.sentence(text))
        self.detail.setText(words.sentence(detail))
        self.detail.setVisible(bool(detail))
        self.go_button.setText(words.sentence(act))
        self.go_button.setAccessibleName(self.go_button.text())
        self.show()
        self.go_button.setFocus()

    def _agree(self) -> None:
        self.hide()
        self.agreed.emit()


def heading(text: str) -> QLabel:
    """The heading of a part of a pane."""
    made = QLabel(text)
    style.mark(made, "look", "section")
    return made


def explanation(text: str) -> QLabel:
    """Some quiet lines that say what a part is for."""
    made = QLabel(text)
    made.setWordWrap(True)
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    style.mark(made, "look", "secondary")
    return made


def row_of(*buttons: QPushButton) -> QHBoxLayout:
    """Buttons side by side, from the left."""
    made = QHBoxLayout()
    made.setSpacing(8)
    for each in buttons:
        made.addWidget(each)
    made.addStretch(1)
    return made
