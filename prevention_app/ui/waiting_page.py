"""What stands in the place of the pages while the workspace cannot be opened yet."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from prevention_app.ui.page import EmptyState, Page


class WaitingPage(Page):
    """Says what is waited for; its progress is at the foot of the window."""

    title = "Espace de travail"

    def __init__(self, text: str) -> None:
        """Say it in the middle."""
        super().__init__()
        self._said = EmptyState()
        self._said.show_text(text, "Cela n’arrive qu’une fois par version du programme.")
        column = QVBoxLayout(self)
        column.addWidget(self._said)

    def refuse(self, sentence: str) -> None:
        """Say why it did not work."""
        self._said.show_text(sentence)

    def focus_main(self) -> None:
        """There is nothing else."""
        self._said.setFocus()
