"""The library: a unit type, its typical risks to tick, the units to which they go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from prevention_app.i18n import number_text
from prevention_app.services import risk_library
from prevention_app.services.risk_library import LibraryLine
from prevention_app.services.risk_templates import hint_words, library_hint
from prevention_app.services.unit_tree import unit_tree
from prevention_app.ui import library_work, style, words
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.tick_list import Tick, TickList, unit_ticks

MANY: Final = 40
"""From so many risks on, a process adds them."""
_ID: Final = Qt.ItemDataRole.UserRole


class LibraryPane(QWidget):
    """Takes typical risks into the document unique, where they are to be evaluated."""

    taken = Signal()
    """Risks were added."""
    open_asked = Signal(str, str)
    """A record is to be shown: register, id."""

    def __init__(self, session: Session) -> None:
        """Nothing is read before `read`."""
        super().__init__()
        self._session = session
        self._lines: dict[str, LibraryLine] = {}
        self._operation: Operation | None = None
        self.shelves = QListWidget()
        self.shelves.setAccessibleName("Unités types")
        self.shelves.setObjectName("tick_list")
        self.shelves.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.shelves.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.risks = TickList("Risques types", "Risques types", "Filtrer les risques")
        self.units = TickList("Ajouter à", "Unités de travail", "Filtrer les unités")
        self.plan_box = QCheckBox("Et les mesures à proposer")
        self.plan_box.setToolTip("Elles deviennent des actions, à l’état «\u00a0proposée\u00a0».")
        self.take_button = button("Ajouter", "plus", "primary")
        self.open_button = button("Modifier dans la bibliothèque", "pencil", "link")
        self._detail = QLabel()
        self._detail.setWordWrap(True)
        self._detail.setTextFormat(Qt.TextFormat.PlainText)
        self._detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self.shelves.currentItemChanged.connect(lambda *_: self._show_shelf())
        self.risks.ticked.connect(self._count)
        self.risks.moved.connect(self._show_risk)
        self.units.ticked.connect(self._count)
        self.take_button.clicked.connect(self.take)
        self.open_button.clicked.connect(self._open)

    def _lay_out(self) -> None:
        heading = QLabel("Unités types")
        style.mark(heading, "look", "strong")
        left, middle, right = QWidget(), QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(20, 12, 10, 14)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(self.shelves, 1)
        scroll = QScrollArea()
        scroll.setObjectName("form_content")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._detail)
        column = QVBoxLayout(middle)
        column.setContentsMargins(10, 12, 10, 14)
        column.setSpacing(8)
        column.addWidget(self.risks, 3)
        column.addWidget(scroll, 2)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(right)
        column.setContentsMargins(10, 12, 20, 14)
        column.setSpacing(8)
        column.addWidget(self.units, 1)
        column.addWidget(self.plan_box)
        column.addWidget(self.take_button)
        splitter = QSplitter()
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for each in (left, middle, right):
            splitter.addWidget(each)
        for each, width in ((left, 190), (middle, 250), (right, 240)):
            each.setMinimumWidth(width)
        splitter.setSizes([280, 480, 340])
        splitter.setStretchFactor(1, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)

    # -- reading ---------------------------------------------------------------------------

    def read(self, chosen_units: Iterable[str] = ()) -> None:
        """Read unit types and units; what is ticked stays, or these units are."""
        session = self._session
        kept = list(chosen_units) or self.units.chosen()
        departments = session.store.departments
        mine = {each: session.department_name(each) for each in departments}
        owners = session.owners(session.store.catalogue["work_unit"])
        with session.store.reading() as read:
            shelves = risk_library.shelves(read)
            root = unit_tree(read, mine, session.store.today(), owners)
        current = self._shelf()
        self.shelves.blockSignals(True)
        self.shelves.clear()
        for each in shelves:
            item = QListWidgetItem(f"{each.name}  ({number_text(each.risks)})")
            item.setData(_ID, each.unit.id)
            item.setToolTip(each.name)
            self.shelves.addItem(item)
            if each.unit.id == current:
                self.shelves.setCurrentItem(item)
        if not self.shelves.currentItem():
            self.shelves.setCurrentRow(0)
        self.shelves.blockSignals(False)
        self.units.show_ticks(unit_ticks(root), kept)
        self._show_shelf()

    def _shelf(self) -> str:
        item = self.shelves.currentItem()
        return str(item.data(_ID)) if item else ""

    def _show_shelf(self) -> None:
        with self._session.store.reading() as read:
            lines = risk_library.lines(read, self._shelf())
        kept = [each for each in self.risks.chosen() if each in {one.risk.id for one in lines}]
        self._lines = {each.risk.id: each for each in lines}
        self.risks.show_ticks(
            [Tick(each.risk.id, each.risk.situation, _told(each)) for each in lines], kept
        )
        self._show_risk(self.risks.current())

    def _show_risk(self, risk: str) -> None:
        line = self._lines.get(risk)
        self._detail.setText(_detail_words(line) if line else "")
        self.open_button.setEnabled(line is not None)

    def _count(self) -> None:
        risks, units = len(self.risks.chosen()), len(self.units.chosen())
        self.take_button.setEnabled(bool(risks and units))
        said = "Ajouter"
        if risks:
            said += f" {words.count(risks, 'risque')}"
        if risks and units:
            said += f" dans {words.count(units, 'unité')}"
        self.take_button.setText(f"\u00a0{said}")
        self.take_button.setAccessibleName(said)

    def _open(self) -> None:
        if self.risks.current():
            self.open_asked.emit("library_risk", self.risks.current())

    # -- doing -----------------------------------------------------------------------------

    def take(self) -> None:
        """Add the risks ticked to the units ticked."""
        risks, units = self.risks.chosen(), self.units.chosen()
        actions = self.plan_box.isChecked()
        if len(risks) * len(units) >= MANY:
            self._start(risks, units, actions=actions)
        elif risks and units:
            self._session.write_or_tell(lambda: self._take(risks, units, actions=actions))

    def _start(self, risks: Sequence[str], units: Sequence[str], *, actions: bool) -> None:
        """Let a process write so many: the window stays free."""
        self._operation = Operation(
            "Ajouter depuis la bibliothèque",
            library_work.take,
            self._session.folder,
            tuple(risks),
            tuple(units),
            actions,
            parent=self,
        )
        self.take_button.setText("Ajout en cours…")
        self.setEnabled(False)
        self._operation.finished.connect(self._heard)
        self._operation.failed.connect(lambda text: self._session.say(text, "bad"))
        self._operation.ended.connect(self._ended)

    def _heard(self, told: tuple[int, int]) -> None:
        self._session.refresh()
        self._say(*told)

    def _ended(self) -> None:
        self._operation = None
        self.setEnabled(True)
        self._count()

    def _take(self, risks: Sequence[str], units: Sequence[str], *, actions: bool) -> None:
        done = risk_library.take(self._session.store, risks, units, actions=actions)
        self._session.tell(done.changes)
        self._say(len(done.risks), done.already)

    def _say(self, made: int, already: int) -> None:
        added = words.count(made, "risque ajouté", "risques ajoutés")
        before = f" ({words.count(already, 'y était', 'y étaient')} déjà)" if already else ""
        self._session.say(f"{added}, à évaluer sur place{before}. Annuler (Ctrl Z)")
        self.taken.emit()


def _told(line: LibraryLine) -> str:
    return "\n".join(filter(None, (line.risk.situation, line.family)))


def _detail_words(line: LibraryLine) -> str:
    """All that the library says of a risk, as text."""
    risk = line.risk
    hint = hint_words(library_hint(risk) or "")
    parts = [
        f"{line.family}\n{risk.situation}",
        f"Dommages possibles\u00a0: {risk.harm}" if risk.harm else "",
        f"Facteur L4161-1\u00a0: {risk.factor}" if risk.factor else "",
        f"Indication avant maîtrise\u00a0: {hint}" if hint else "",
    ]
    for heading, measures in (
        ("Souvent en place", line.existing),
        ("À proposer", line.proposed),
    ):
        if measures:
            told = "\n".join(f"– {each.title}" for each in measures)
            parts.append(f"{heading}\n{told}")
    return "\n\n".join(filter(None, parts))
