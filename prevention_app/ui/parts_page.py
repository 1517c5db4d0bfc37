"""A page in parts: one is shown at a time, for one department of those that are offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.ui.circle_pane import CirclePane
from prevention_app.ui.page import Page, button
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session


class PartsPage(Page):
    """Parts on segments, the department beside them, a way back to the page above."""

    def __init__(self, session: Session, above: str) -> None:
        """No parts yet (`put`); `above` is the place that its crumb names."""
        super().__init__()
        self.session = session
        self.segments = Segments("Partie de la page")
        self.department = QComboBox()
        self.department.setAccessibleName("Département")
        self._parts: Mapping[str, CirclePane] = {}
        back = button(self.crumb, "chevron-left")
        back.clicked.connect(partial(self.page_asked.emit, above))
        self.buttons = [back]

    def put(self, parts: Mapping[str, CirclePane]) -> None:
        """Take these panes by their keys, in their order."""
        self._parts = parts
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 10)
        head.addWidget(self.segments)
        head.addStretch(1)
        head.addWidget(self.department)
        line = QFrame()
        line.setObjectName("hairline")
        self._stack = QStackedWidget()
        for each in self._parts.values():
            self._stack.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(line)
        column.addWidget(self._stack, 1)

    def offer_departments(self, numbers: Sequence[str]) -> None:
        """Let one of these departments be chosen; the first one is."""
        self.department.blockSignals(True)
        self.department.clear()
        for each in numbers:
            self.department.addItem(f"{each}  {self.session.department_name(each)}", each)
        self.department.blockSignals(False)

    @property
    def pane(self) -> CirclePane:
        """The part that is shown; the first one at first."""
        return self._parts[self.segments.value or next(iter(self._parts))]

    def read(self) -> None:
        """Show the part that is chosen, read anew."""
        self._stack.setCurrentWidget(self.pane)
        self.pane.read(str(self.department.currentData()))

    def show_part(self, part: str) -> None:
        """Show a part of the page; one that is not offered changes nothing."""
        self.segments.show_value(part)
        self.read()
        self.pane.main().setFocus()

    def panes(self) -> Sequence[QWidget]:
        """The part that is shown."""
        return (self.pane.main(),)

    def focus_main(self) -> None:
        """The part that is shown has the focus."""
        self.pane.main().setFocus()
