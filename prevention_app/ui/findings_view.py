"""What a merge left across records: doubles to join, lost references, rings, contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from prevention_app.i18n import number_text
from prevention_app.services.cross_checks import (
    CONTRADICTION,
    DIVERGENCE,
    DOUBLE,
    MISSING,
    RING,
    Finding,
)
from prevention_app.ui import layouts, style, words
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell, GroupCell
from prevention_app.ui.page import button
from prevention_app.ui.places import icon_of
from prevention_app.ui.session import Session
from prevention_app.ui.states import CAUTION

_NAMES: Final = {
    DOUBLE: "Doubles",
    MISSING: "Renvois perdus",
    RING: "Boucles",
    CONTRADICTION: "Contradictions",
    DIVERGENCE: "Cotations qui divergent",
}
_ADVICE: Final = {
    DOUBLE: "Réunies, ces fiches n’en font plus qu’une\u202f: la plus ancienne reste, ce qui "
    "renvoie aux autres mène à elle. Cela s’annule (Ctrl Z).",
    MISSING: "Ouvrez chaque fiche pour choisir un autre renvoi, ou rétablissez la fiche supprimée.",
    RING: "Ouvrez l’une des fiches et changez ce dont elle dépend.",
    CONTRADICTION: "Chaque valeur est juste par elle-même\u202f; ouvrez la fiche pour les "
    "accorder.",
    DIVERGENCE: "Les deux évaluations restent à l’historique du risque\u202f; pour trancher, "
    "recotez-le (document unique, E).",
}
_MOST_LINKS: Final = 12


class FindingsView(QWidget):
    """The list at the left, the records of the current line at the right."""

    open_asked = Signal(str, str)
    join_asked = Signal(object)
    """The doubles of these findings are to be joined."""

    def __init__(self, session: Session) -> None:
        """Nothing found yet."""
        super().__init__()
        self._session = session
        self._found: list[Finding | None] = []
        self._doubles: list[Finding] = []
        self.table = CellTable("Doubles et contrôles", ("Constat",), (0,), "row_two_lines")
        self.table.horizontalHeader().hide()
        self._said = QLabel()
        self._said.setWordWrap(True)
        style.mark(self._said, "look", "section")
        self._advice = QLabel()
        self._advice.setWordWrap(True)
        style.mark(self._advice, "look", "crumb")
        self._links = QVBoxLayout()
        self._links.setSpacing(2)
        self.join_button = button("Réunir ces fiches", "link", "primary")
        self.join_button.clicked.connect(self.join)
        self.all_button = button("Réunir tous les doubles")
        self.all_button.clicked.connect(lambda: self.join_asked.emit(self._doubles))
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.table.opened.connect(lambda _at: self.open_first())

    def _lay_out(self) -> None:
        detail = QWidget()
        detail.setObjectName("form_content")
        detail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(detail)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(10)
        column.addWidget(self._said)
        column.addWidget(self._advice)
        column.addLayout(self._links)
        row = QHBoxLayout()
        row.addWidget(self.join_button)
        row.addWidget(self.all_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(detail)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self.table)
        self._split.addWidget(area)
        self._split.setSizes([520, 480])
        self.table.setMinimumWidth(240)
        area.setMinimumWidth(300)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Show these, by kind; the line that was current stays so as far as it can."""
        at = max(self.table.currentIndex().row(), 0)
        self._doubles = [each for each in found if each.check == DOUBLE]
        self._found = []
        lines: list[Line] = []
        for check, name in _NAMES.items():
            members = [each for each in found if each.check == check]
            if members:
                self._found += [None, *members]
                lines.append((GroupCell(name, number_text(len(members)), CAUTION, folds=False),))
                lines += [self._line(each) for each in members]
        self.table.show_lines(lines)
        rows = [row for row, each in enumerate(self._found) if each is not None]
        if rows:
            self.table.selectRow(min(rows, key=lambda row: abs(row - at)))
        self._show_current()

    def _line(self, found: Finding) -> Line:
        entity = self._session.store.catalogue[found.register]
        title = " ".join((found.title or found.references[0]).split())
        under = f"{entity.item_fr or entity.label_fr} · {words.count(len(found.records), 'fiche')}"
        return (Cell(title, second=under, icon=icon_of(found.register)),)

    @property
    def current(self) -> Finding | None:
        """What the current line says."""
        at = self.table.currentIndex().row()
        return self._found[at] if 0 <= at < len(self._found) else None

    def _show_current(self) -> None:
        found = self.current
        layouts.empty(self._links)
        self._said.setText(_unbroken(found) if found else "")
        self._advice.setText(words.sentence(_ADVICE[found.check]) if found else "")
        double = found is not None and found.check == DOUBLE
        self.join_button.setVisible(double)
        self.all_button.setVisible(double and len(self._doubles) > 1)
        self.all_button.setText(f"Réunir tous les doubles ({number_text(len(self._doubles))})")
        self.all_button.setAccessibleName(self.all_button.text())
        if found is None:
            return
        pairs = list(zip(found.records, found.references, strict=True))
        for record, reference in pairs[:_MOST_LINKS]:
            link = button(f"Ouvrir {reference}", "eye")
            style.mark(link, "look", "link")
            link.clicked.connect(
                lambda _=False, record=record, register=found.register: self.open_asked.emit(
                    register, record
                )
            )
            self._links.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        if len(pairs) > _MOST_LINKS:
            more = QLabel(
                f"et {words.count(len(pairs) - _MOST_LINKS, 'autre fiche', 'autres fiches')}"
            )
            style.mark(more, "look", "secondary")
            self._links.addWidget(more)

    def join(self) -> None:
        """Join the doubles of the current line."""
        found = self.current
        if found is not None and found.check == DOUBLE:
            self.join_asked.emit([found])

    def open_first(self) -> None:
        """Show the first record of the current line."""
        found = self.current
        if found is not None:
            self.open_asked.emit(found.register, found.records[0])


def _unbroken(found: Finding) -> str:
    """The sentence, its references in one piece where a line ends."""
    said = words.sentence(found.sentence)
    for reference in found.references:
        said = said.replace(reference, reference.replace("-", "\u2011"))
    return said
