"""Making new units like one that is there: their names, one a line."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from prevention_app.errors import PreventionError
from prevention_app.services import risk_copies, unit_copies
from prevention_app.services.unit_tree import NodeKind, TreeNode
from prevention_app.ui import rating_work, style, words
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys


class NewUnitsPane(QWidget):
    """Asks for names, and makes the units with their risks, to be evaluated there."""

    closed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        """No unit to make others like."""
        super().__init__(parent)
        self._session = session
        self._register, self._record, self._risks = "", "", 0
        self._operation: Operation | None = None
        self._title, self._under, self._problem = QLabel(), QLabel(), QLabel()
        for label, look in (
            (self._title, "section"),
            (self._under, "secondary"),
            (self._problem, "problem"),
        ):
            label.setWordWrap(True)
            style.mark(label, "look", look)
        self.names = QPlainTextEdit()
        self.names.setAccessibleName("Noms des nouvelles unités")
        self.names.setPlaceholderText("Un nom par ligne")
        self.names.setTabChangesFocus(True)
        self.names.textChanged.connect(self._count)
        self.save_button = button("Créer")
        self.save_button.clicked.connect(self.give)
        self.close_button = button("Abandonner")
        self.close_button.clicked.connect(self._leave)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 9)
        column.setSpacing(10)
        for each in (self._title, self._under):
            column.addWidget(each)
        column.addWidget(self.names, 1)
        column.addWidget(self._problem)
        column.addLayout(foot)
        on_keys("Escape", self, self._leave, inside=True)
        on_keys("Ctrl+S", self, self.give, inside=True)

    def ask(self, node: TreeNode, risks: int) -> None:
        """Make units like a node of the tree, which has so many risks with all below it."""
        branch = node.kind is not NodeKind.WORK_UNIT
        self._register = "org_unit" if branch else "work_unit"
        self._record, self._risks = node.key, risks
        self._title.setText(f"D’autres comme «\u00a0{node.name}\u00a0»")
        what = "services et unités compris" if branch else "à côté d’elle"
        told = words.count(risks, "risque", "risques")
        self._under.setText(
            f"{what.capitalize()}, avec {told} à évaluer sur place\u00a0: les cotations n’y sont "
            "qu’une indication."
        )
        self.names.clear()
        self._complain("")
        self._count()
        self.names.setFocus()

    @property
    def _given(self) -> list[str]:
        return [each for each in self.names.toPlainText().splitlines() if each.strip()]

    def _count(self) -> None:
        number = len(self._given)
        self.save_button.setEnabled(number > 0 and self._operation is None)
        what = "branche" if self._register == "org_unit" else "unité"
        self.save_button.setText(f"Créer {words.count(number, what)}" if number else "Créer")

    def _complain(self, sentence: str) -> None:
        self._problem.setText(words.sentence(sentence))
        self._problem.setVisible(bool(sentence))

    def give(self) -> None:
        """Make them; what is wrong is said here."""
        names = self._given
        if not names or self._operation is not None:
            return
        self._complain("")
        if self._risks * len(names) >= risk_copies.MANY:
            self._start(names)
            return
        try:
            self._session.in_turn(self, partial(self._write, names), failed=self._failed)
        except PreventionError as error:
            self._failed(error)

    def _write(self, names: list[str]) -> None:
        done = unit_copies.copy_as_new(self._session.store, self._register, self._record, names)
        self._session.tell(done.changes)
        self._say(done.copies)

    def _failed(self, error: PreventionError) -> None:
        self._complain(str(error))

    def _say(self, copies: int) -> None:
        self.closed.emit()
        told = words.count(copies, "risque recopié", "risques recopiés")
        self._session.say(f"{told}, à évaluer sur place. Annuler (Ctrl Z)")

    def _start(self, names: list[str]) -> None:
        given = (self._register, self._record, tuple(names))
        folder = self._session.folder
        self._operation = Operation(
            "Copier des unités", rating_work.copy_as_new, folder, *given, parent=self
        )
        self.close_button.setText("Arrêter")
        self._count()
        self._operation.finished.connect(self._heard)
        self._operation.failed.connect(self._complain)
        self._operation.ended.connect(self._ended)

    def _heard(self, copies: int) -> None:
        self._session.refresh()
        self._say(copies)

    def _ended(self) -> None:
        self._operation = None
        self.close_button.setText("Abandonner")
        self._count()

    def _leave(self) -> None:
        if self._operation is None:
            self._session.turn.leave(self)
            self.closed.emit()
        else:
            self._operation.cancel()
