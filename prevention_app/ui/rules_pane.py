"""« Droits des rôles »: what each role reads and writes of each category, edited cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.vocabulary import Category, Role, RoleExtent
from prevention_app.services import circle, role_rules
from prevention_app.services.role_rules import Rule
from prevention_app.ui import circle_work, style, words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import CirclePane, StartWork
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_SHORT: Final = {
    Role.ADVISER: "Conseiller",
    Role.ASSISTANT: "Assistant",
    Role.HEAD_OF_SERVICE: "Chef de service",
    Role.ACCIDENT_MANAGER: "Gest. accidents",
    Role.TRAINING_MANAGER: "Gest. formation",
}
"""How a role is called over its column; by its own name where that is short."""
_EXTENTS: Final = {
    RoleExtent.NOTHING: "rien",
    RoleExtent.WITHOUT_NAMES: "sans noms",
    RoleExtent.EVERYTHING: "tout",
}
_ROLES: Final = tuple(Role)
_CATEGORIES: Final = tuple(Category)
_NAME_WIDTH, _WIDTH = 180, 122


class RulesPane(CirclePane):
    """A row for each category, a column for each role; below, the cell that is chosen."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read yet."""
        super().__init__(session, start_work)
        self._rules: dict[tuple[Role, Category], Rule] = {}
        self._administers = False
        self.table = CellTable(
            "Droits des rôles",
            ("Catégorie", *(_SHORT.get(role, role.label_fr) for role in _ROLES)),
            (_NAME_WIDTH, *(_WIDTH for _ in _ROLES)),
            "row_two_lines",
        )
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.reads, self.writes = QComboBox(), QComboBox()
        self.apply_button = button("Appliquer", look="primary")
        self.back_button = button("Revenir à l’origine", "undo-2")
        self._said, self._shipped = QLabel(), QLabel()
        self._lay_out()
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_cell())
        self.table.opened.connect(lambda _: self.reads.setFocus())
        for each in (self.reads, self.writes):
            each.currentIndexChanged.connect(lambda _: self._show_possible())
        self.apply_button.clicked.connect(self._apply)
        self.back_button.clicked.connect(self._go_back)

    def _lay_out(self) -> None:
        style.mark(self._said, "look", "section")
        style.mark(self._shipped, "look", "secondary")
        self._shipped.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(8)
        for text, box in (("Lit", self.reads), ("Écrit", self.writes)):
            for extent in RoleExtent:
                box.addItem(extent.label_fr, extent)
            label = QLabel(text)
            label.setBuddy(box)
            style.mark(label, "look", "label")
            box.setAccessibleName(text)
            line.addWidget(label)
            line.addWidget(box)
            line.addSpacing(8)
        line.addWidget(self.apply_button)
        line.addWidget(self.back_button)
        line.addStretch(1)
        card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 10, 16, 12)
        inside.setSpacing(6)
        head = QGridLayout()
        head.addWidget(self._said, 0, 0)
        head.addWidget(self._shipped, 0, 1)
        head.setColumnStretch(1, 1)
        head.setHorizontalSpacing(14)
        inside.addLayout(head)
        inside.addLayout(line)
        self.column.addWidget(self.banner)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(card)

    def show_now(self) -> None:
        """The table of the department; the current cell stays current."""
        store, at = self.session.store, self.table.currentIndex()
        self._administers = circle.is_administrator(store, self.department)
        found = role_rules.rules(store, self.department)
        self._rules = {(each.role, each.category): each for each in found}
        self.table.show_lines(
            [
                [Cell(category.label_fr, strong=True, wrapped=True), *self._cells(category)]
                for category in _CATEGORIES
            ]
        )
        row, column = (at.row(), at.column()) if at.isValid() else (0, 1)
        self.table.setCurrentIndex(self.table.cells.index(row, max(column, 1)))
        self._show_cell()

    def _cells(self, category: Category) -> Sequence[Cell]:
        return [_cell(self._rules[role, category]) for role in _ROLES]

    def main(self) -> QWidget:
        """The table has the focus: arrows walk through its cells, Entrée goes to the choice."""
        return self.table

    def let(self, *, enabled: bool) -> None:
        """One thing at a time."""
        if enabled:
            self._show_possible()
        else:
            for each in (self.apply_button, self.back_button):
                each.setEnabled(False)

    def _current(self) -> Rule | None:
        at = self.table.currentIndex()
        if not at.isValid() or at.column() < 1:
            return None
        return self._rules.get((_ROLES[at.column() - 1], _CATEGORIES[at.row()]))

    def _show_cell(self) -> None:
        rule = self._current()
        if rule is None:
            self._said.setText("")
            self._shipped.setText("Choisissez une case du tableau.")
        else:
            self._said.setText(f"{rule.role.label_fr}, {rule.category.label_fr.lower()}")
            self._shipped.setText(words.sentence(_about(rule)))
            for box, extent in ((self.reads, rule.reads), (self.writes, rule.writes)):
                box.blockSignals(True)
                box.setCurrentIndex(box.findData(extent))
                box.blockSignals(False)
        self._show_possible()

    def _chosen(self) -> tuple[RoleExtent, RoleExtent]:
        return self.reads.currentData(), self.writes.currentData()

    def _show_possible(self) -> None:
        rule = self._current()
        free = self._administers and rule is not None and not rule.fixed and not self.working
        for each in (self.reads, self.writes):
            each.setEnabled(free)
        self.apply_button.setEnabled(
            free and rule is not None and self._chosen() != (rule.reads, rule.writes)
        )
        self.back_button.setEnabled(free and rule is not None and rule.changed)

    def _apply(self) -> None:
        self._change(self._chosen())

    def _go_back(self) -> None:
        self._change(None)

    def _change(self, extents: tuple[RoleExtent, RoleExtent] | None) -> None:
        rule = self._current()
        if rule is not None:
            self.work(
                f"Droits de «\u00a0{rule.role.label_fr}\u00a0»",
                circle_work.set_rule,
                (rule.role, rule.category),
                extents,
                self.department,
                then=self._on_changed,
            )

    def _on_changed(self, rule: Rule) -> None:
        how = "changés" if rule.changed else "comme à l’origine"
        self.session.say(f"Droits de «\u00a0{rule.role.label_fr}\u00a0» {how}.")
        self.table.setFocus()


def _cell(rule: Rule) -> Cell:
    return Cell(
        f"lit {_EXTENTS[rule.reads]}",
        second=f"écrit {_EXTENTS[rule.writes]}",
        colours="info" if rule.changed else "",
        icon="pencil" if rule.changed else "",
        quiet=rule.fixed or (rule.reads, rule.writes) == (RoleExtent.NOTHING, RoleExtent.NOTHING),
    )


def _about(rule: Rule) -> str:
    if rule.fixed:
        return "Seul un administrateur donne et retire des droits\u00a0: cela ne se change pas."
    shipped = f"lit {_EXTENTS[rule.shipped_reads]}, écrit {_EXTENTS[rule.shipped_writes]}"
    if rule.changed:
        return f"Changé par le département. À l’origine\u00a0: {shipped}."
    return "Valeur d’origine. Ce qui est déjà écrit reste, quoi que vous changiez."
