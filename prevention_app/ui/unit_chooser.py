"""Copying risks to work units: a list of units to tick, found by typing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.values import fold
from prevention_app.services import risk_copies
from prevention_app.services.unit_tree import NodeKind, TreeNode
from prevention_app.ui import icons, rating_work, style, words
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys

_ID = Qt.ItemDataRole.UserRole


class UnitChooser(QWidget):
    """Asks to which work units risks are to go, and copies them there."""

    closed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        """Nothing to choose from yet."""
        super().__init__(parent)
        self._session = session
        self._risks: Sequence[str] = ()
        self._operation: Operation | None = None
        self._title = QLabel("Dupliquer dans d’autres unités")
        style.mark(self._title, "look", "section")
        self._under = QLabel()
        self._under.setWordWrap(True)
        style.mark(self._under, "look", "secondary")
        self.line = QLineEdit()
        self.line.setPlaceholderText("Filtrer les unités")
        self.line.setAccessibleName("Filtrer les unités")
        self.line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setObjectName("tick_list")
        self.list.setAccessibleName("Unités de travail")
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemChanged.connect(self._count)
        self.save_button = button("Dupliquer")
        self.save_button.clicked.connect(self._copy)
        self.all_button = button("Cocher tout ce qui est affiché", look="link")
        self.all_button.clicked.connect(self.tick_shown)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        style.mark(self._problem, "look", "problem")
        self.close_button = button("Abandonner")
        self.close_button.clicked.connect(self._leave)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 9)
        column.setSpacing(10)
        for each in (self._title, self._under, self.line):
            column.addWidget(each)
        column.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.list, 1)
        column.addWidget(self._problem)
        column.addLayout(foot)
        on_keys("Escape", self, self._leave, inside=True)
        on_keys("Down", self.line, self.list.setFocus)

    def ask(self, root: TreeNode, without: Iterable[str], risks: Sequence[str]) -> None:
        """Choose among the units of a tree, but for some; these risks are to be copied."""
        self._risks = risks
        self._complain("")
        left_out = set(without)
        copied = words.count(len(risks), "risque sera recopié", "risques seront recopiés")
        told = (
            f"{copied}, «\u00a0à évaluer\u00a0» sur place\u00a0: la cotation n’y est qu’une "
            "indication, les mesures y sont à vérifier."
        )
        self._under.setText(words.sentence(told))
        self.list.blockSignals(True)
        self.list.clear()
        for node in root.walk():
            if node.kind is NodeKind.WORK_UNIT and node.key not in left_out and not node.ended:
                item = QListWidgetItem(node.name)
                item.setData(_ID, node.key)
                item.setToolTip(" › ".join(each.name for each in node.path[1:]))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Unchecked)
                self.list.addItem(item)
        self.list.blockSignals(False)
        self.line.clear()
        self._count()
        self.line.setFocus()

    def chosen(self) -> list[str]:
        """The ids of the units ticked."""
        items = [self.list.item(at) for at in range(self.list.count())]
        return [str(each.data(_ID)) for each in items if each.checkState() == Qt.CheckState.Checked]

    def _count(self) -> None:
        number = len(self.chosen())
        self.save_button.setEnabled(number > 0)
        where = f" dans {words.count(number, 'unité')}" if number else ""
        self.save_button.setText(f"Dupliquer{where}")

    def _filter(self, text: str) -> None:
        asked = fold(text).split()
        for at in range(self.list.count()):
            item = self.list.item(at)
            held = fold(f"{item.text()} {item.toolTip()}")
            item.setHidden(not all(word in held for word in asked))

    def tick_shown(self) -> None:
        """Tick all units that the filter shows; untick them where all are ticked."""
        shown = [self.list.item(at) for at in range(self.list.count())]
        shown = [each for each in shown if not each.isHidden()]
        whole = all(each.checkState() == Qt.CheckState.Checked for each in shown)
        self.list.blockSignals(True)
        for each in shown:
            each.setCheckState(Qt.CheckState.Unchecked if whole else Qt.CheckState.Checked)
        self.list.blockSignals(False)
        self._count()

    # -- copying ---------------------------------------------------------------------------

    def _copy(self) -> None:
        units = self.chosen()
        if len(self._risks) * len(units) >= risk_copies.MANY:
            self._start(units)
        else:
            self._session.write_or_tell(partial(self._copy_now, self._risks, units))
            self.closed.emit()

    def _copy_now(self, risks: Sequence[str], units: Sequence[str]) -> None:
        done = risk_copies.copy_risks(self._session.store, risks, units)
        self._session.tell(done.changes)
        self._say(done.copies, done.left)

    def _say(self, copies: int, left: int) -> None:
        told = words.count(copies, "risque recopié", "risques recopiés")
        before = f" ({words.count(left, 'copie')} y était déjà)" if left == 1 else ""
        before = f" ({words.count(left, 'copie')} y étaient déjà)" if left > 1 else before
        self._session.say(f"{told}, à évaluer sur place{before}. Annuler (Ctrl Z)")

    def _start(self, units: Sequence[str]) -> None:
        """Let a process copy: the window stays free, and the work can be stopped."""
        self._operation = Operation(
            "Dupliquer",
            rating_work.copy,
            self._session.folder,
            tuple(self._risks),
            tuple(units),
            parent=self,
        )
        for each in (self.save_button, self.list, self.line, self.all_button):
            each.setEnabled(False)
        number = words.count(len(self._risks) * len(units), "copie")
        self._under.setText(f"{number} en cours…")
        self.close_button.setText("Arrêter")
        self._operation.finished.connect(self._heard)
        self._operation.failed.connect(self._complain)
        self._operation.ended.connect(self._ended)

    def _heard(self, told: tuple[int, int]) -> None:
        self._session.refresh()
        self._say(*told)
        self.closed.emit()

    def _ended(self) -> None:
        self._operation = None
        self.close_button.setText("Abandonner")
        for each in (self.list, self.line, self.all_button):
            each.setEnabled(True)
        self._count()

    def _complain(self, sentence: str) -> None:
        self._problem.setText(words.sentence(sentence))
        self._problem.setVisible(bool(sentence))

    def _leave(self) -> None:
        if self._operation is None:
            self.closed.emit()
        else:
            self._operation.cancel()
