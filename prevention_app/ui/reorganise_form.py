"""Adding an operation to a plan: which one, of which unit, to what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QFrame, QLabel, QLineEdit, QVBoxLayout

from prevention_app.catalogue.values import fold
from prevention_app.domain.org_units import ORG_UNIT, SITE, WORK_UNIT
from prevention_app.domain.reorganisation import Act, Operation
from prevention_app.exchange.reorganisation_plan import OPERATIONS
from prevention_app.services.reorganisation import Situation
from prevention_app.services.reorganisation_file import mark
from prevention_app.ui import style, words
from prevention_app.ui.page import button
from prevention_app.ui.shortcuts import on_keys

_ALL: Final = (ORG_UNIT, WORK_UNIT, SITE)
_FIELDS: Final = {
    Act.CREATE: ("name", "to"),
    Act.RENAME: ("unit", "name"),
    Act.MOVE: ("unit", "to"),
    Act.MERGE: ("unit", "to"),
    Act.SPLIT: ("unit", "name"),
    Act.CLOSE: ("unit",),
}
_LABELS: Final = {
    Act.CREATE: {"name": "Son nom", "to": "Dépend de"},
    Act.RENAME: {"name": "Nouveau nom"},
    Act.MOVE: {"to": "Se rattache à"},
    Act.MERGE: {"to": "Ce qui prend la suite"},
    Act.SPLIT: {"name": "Les parties, séparées par «\u00a0;\u00a0»"},
    Act.CLOSE: {},
}
_HINTS: Final = {
    Act.CREATE: "Sans rien au-dessus, c’est une direction.",
    Act.RENAME: "Ses risques, ses actions et ses agents restent.",
    Act.MOVE: "Un site rattaché à une direction y amène ses unités de travail.",
    Act.MERGE: "Un nom nouveau la crée. Une ligne par direction ou service qui s’y réunit.",
    Act.SPLIT: "La première partie reçoit ce que le plan ne rattache pas ailleurs.",
    Act.CLOSE: "Une unité ferme vide\u00a0: rattachez d’abord ce qui en dépend.",
}


class UnitBox(QComboBox):
    """A unit found by any part of its name; what is typed may be a new one's."""

    def __init__(self, name: str) -> None:
        """Nothing to choose from yet."""
        super().__init__()
        self.setAccessibleName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.setMaxVisibleItems(14)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)

    def offer(self, units: Iterable[tuple[str, str]]) -> None:
        """Offer units, (id, path); what was typed stays."""
        kept = self.currentText()
        self.clear()
        for key, path in units:
            self.addItem(path, key)
        self.setCurrentIndex(-1)
        self.setEditText(kept)

    def value(self) -> str:
        """The id of what is written in it; empty where it names none."""
        wanted = fold(self.currentText().strip())
        found = [at for at in range(self.count()) if fold(self.itemText(at)) == wanted]
        if not found:
            end = f"› {wanted}"
            found = [at for at in range(self.count()) if fold(self.itemText(at)).endswith(end)]
        return str(self.itemData(found[0])) if wanted and len(found) == 1 else ""

    @property
    def typed(self) -> str:
        """What is written in it."""
        return " ".join(self.currentText().split())

    def show_unit(self, key: str) -> None:
        """Show a unit; nothing where it is not offered."""
        at = self.findData(key)
        self.setCurrentIndex(at)
        self.setEditText(self.itemText(at) if at >= 0 else "")


class OperationForm(QFrame):
    """One operation at a time; it goes to the plan when it names what it needs."""

    given = Signal(list)
    """Operations for the plan: one, with what it creates."""

    def __init__(self) -> None:
        """Nothing to choose from yet."""
        super().__init__()
        self.setObjectName("card")
        self._held: Situation | None = None
        self._created: dict[str, Operation] = {}
        self.act = QComboBox()
        self.act.setAccessibleName("Opération")
        for word, pair in OPERATIONS.items():
            self.act.addItem(word, pair)
        self.act.setCurrentText("Rattacher")
        self.unit = UnitBox("Unité concernée")
        self.name = QLineEdit()
        self.to = UnitBox("Ce à quoi elle va")
        self.site = UnitBox("Site")
        self._labels = {
            "unit": QLabel("Unité concernée"),
            "name": QLabel(),
            "to": QLabel(),
            "site": QLabel("Site"),
        }
        self.add_button = button("Ajouter au plan", "plus")
        self._hint = QLabel()
        self._problem = QLabel()
        self._lay_out()
        self.act.currentIndexChanged.connect(self._change_act)
        self.add_button.clicked.connect(self.add)
        on_keys("Return", self, self.add, inside=True)
        self._change_act()

    def _lay_out(self) -> None:
        style.mark(self._hint, "look", "secondary")
        style.mark(self._problem, "look", "problem")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        column.addWidget(self.act)
        column.addSpacing(4)
        for key in ("unit", "name", "to", "site"):
            style.mark(self._labels[key], "look", "label")
            self._labels[key].setBuddy(self._field(key))
            column.addWidget(self._labels[key])
            column.addWidget(self._field(key))
        for each in (self._hint, self._problem):
            each.setWordWrap(True)
            column.addWidget(each)
        column.addSpacing(4)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def _field(self, key: str) -> UnitBox | QLineEdit:
        return {"unit": self.unit, "name": self.name, "to": self.to, "site": self.site}[key]

    # -- what there is to choose from --------------------------------------------------------

    def show_units(self, held: Situation, created: Iterable[Operation]) -> None:
        """Choose among these units, and what the plan creates."""
        self._held = held
        self._created = {each.unit: each for each in created}
        self._offer()

    def propose(self, key: str) -> None:
        """Begin with a unit."""
        if self._chosen[0] is Act.CREATE:
            self.act.setCurrentText("Rattacher")
        self.unit.show_unit(key)

    @property
    def _chosen(self) -> tuple[Act, str]:
        act, register = self.act.currentData()
        return Act(act), str(register)

    def _change_act(self) -> None:
        act, register = self._chosen
        lies = act is Act.CREATE and register == WORK_UNIT
        shown = (*_FIELDS[act], *(("site",) if lies else ()))
        for key, label in self._labels.items():
            label.setVisible(key in shown)
            self._field(key).setVisible(key in shown)
            text = _LABELS[act].get(key)
            if text:
                label.setText(text)
                self._field(key).setAccessibleName(text)
        self._hint.setText(_HINTS[act])
        self._hint.setVisible(act is not Act.CREATE or register == ORG_UNIT)
        self._problem.clear()
        self._problem.hide()
        self._offer()

    def _offer(self) -> None:
        if self._held is None:
            return
        act, register = self._chosen
        only_org = act in (Act.MERGE, Act.SPLIT)
        self.unit.offer(self._units((ORG_UNIT,) if only_org else _ALL, created=False))
        above = {Act.MOVE: (ORG_UNIT, SITE)}.get(
            act, (SITE,) if act is Act.CREATE and register == SITE else (ORG_UNIT,)
        )
        self.to.offer(self._units(above))
        self.site.offer(self._units((SITE,)))

    def _units(self, registers: tuple[str, ...], *, created: bool = True) -> list[tuple[str, str]]:
        held = self._held
        if held is None:
            return []
        found = [
            (key, held.path(key))
            for key, each in held.units.items()
            if each.register in registers and each.until is None
        ]
        new = [
            (key, f"{each.name} (créé par le plan)")
            for key, each in self._created.items()
            if created and each.register in registers
        ]
        return new + sorted(found, key=lambda each: fold(each[1]))

    # -- what is asked for -------------------------------------------------------------------

    def add(self) -> None:
        """Give the operation to the plan, or say what is missing."""
        operations = self._operations()
        self._problem.setVisible(isinstance(operations, str))
        if isinstance(operations, str):
            self._problem.setText(words.sentence(operations))
            return
        self._problem.clear()
        for each in (self.unit, self.to, self.site):
            each.setEditText("")
        self.name.clear()
        self.given.emit(operations)
        (self.name if self._chosen[0] is Act.CREATE else self.unit).setFocus()

    def _operations(self) -> list[Operation] | str:
        """What the form asks for, or in a sentence what it lacks."""
        act, register = self._chosen
        name = " ".join(self.name.text().split())
        if "unit" in _FIELDS[act] and not self.unit.value():
            return "Choisissez l’unité concernée dans la liste."
        if "name" in _FIELDS[act] and not name:
            return f"«\u00a0{self._labels['name'].text()}\u00a0» est à remplir."
        if act is Act.SPLIT:
            return self._split(name)
        if act is Act.MERGE:
            return self._merge()
        for box in (self.to, self.site):
            if not box.isHidden() and box.typed and not box.value():
                return f"«\u00a0{box.typed}\u00a0» n’est pas dans la liste."
        if act is Act.CREATE:
            site = self.site.value() if register == WORK_UNIT else ""
            return [Operation(act, mark(name), self.to.value(), name, register, site)]
        to = self.to.value() if "to" in _FIELDS[act] else ""
        return [Operation(act, self.unit.value(), to, name if act is Act.RENAME else "")]

    def _merge(self) -> list[Operation] | str:
        if not self.to.typed:
            return "Écrivez le nom de ce qui prend la suite."
        to, made = self._found_or_made(self.to.typed, self.to.value())
        return [*made, Operation(Act.MERGE, self.unit.value(), to)]

    def _split(self, names: str) -> list[Operation] | str:
        parts = [part.strip() for part in names.split(";") if part.strip()]
        if len(parts) < 2:
            return "Une scission nomme au moins deux parties, séparées par «\u00a0;\u00a0»."
        made: list[Operation] = []
        splits: list[Operation] = []
        for part in parts:
            to, new = self._found_or_made(part, "")
            made += new
            splits.append(Operation(Act.SPLIT, self.unit.value(), to))
        return made + splits

    def _found_or_made(self, name: str, known: str) -> tuple[str, list[Operation]]:
        """What a name stands for; made beside the unit where it is new."""
        key = known or (mark(name) if mark(name) in self._created else "")
        if key or self._held is None:
            return key, []
        above = self._held.units[self.unit.value()].above
        return mark(name), [Operation(Act.CREATE, mark(name), above, name)]
