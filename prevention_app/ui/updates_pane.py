"""« Modèles modifiés »: what differs between risks and the templates that they were taken from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.services import risk_templates
from prevention_app.services.risk_templates import Update
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes
from prevention_app.ui import words
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell, GroupCell
from prevention_app.ui.page import EmptyState, button
from prevention_app.ui.session import Session
from prevention_app.ui.states import CAUTION

_Look = Callable[[Store, Mapping[str, Sequence[str]]], Changes]


class UpdatesPane(QWidget):
    """Lists the differences risk by risk; each is taken over or not."""

    counted = Signal(int)
    """How many risks have something to look at."""
    open_asked = Signal(str, str)

    def __init__(self, session: Session, only: str = "") -> None:
        """Nothing is read before `read`; `only` is the risk that alone is looked at."""
        super().__init__()
        self._session = session
        self._only = only
        self._updates: Sequence[Update] = ()
        self._rows: list[tuple[str, str]] = []
        """(risk, key) of each row; no key for the heading of a risk."""
        self.table = CellTable(
            "Différences avec les modèles",
            ("Ce qui a changé", "Repris à l’époque", "Le modèle dit maintenant"),
            (220, 340, 0),
            "row_two_lines",
        )
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setWordWrap(True)
        self.accept_button = button("Reprendre", "check", "primary")
        self.decline_button = button("Garder ce qui est écrit")
        self.all_button = button("Tout reprendre…")
        self.open_button = button("Ouvrir le risque", "arrow-right", "link")
        self.empty = EmptyState()
        self.empty.show_text(
            "Aucun modèle n’a changé.",
            "Quand une ligne de la bibliothèque, ou le risque d’une autre unité, change, ceux qui "
            "en ont été tirés s’affichent ici avec ce qui diffère.",
        )
        self._lay_out()
        self.accept_button.clicked.connect(partial(self._look, risk_templates.accept))
        self.decline_button.clicked.connect(partial(self._look, risk_templates.decline))
        self.all_button.clicked.connect(self.table.selectAll)
        self.open_button.clicked.connect(self._open)
        self.table.opened.connect(lambda _: self._open())
        self.table.selectionModel().selectionChanged.connect(self._let)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in (self.accept_button, self.decline_button, self.all_button):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self.open_button)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(20, 12, 20, 14)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(listed)
        self.stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)
        self.all_button.setText("Tout choisir")
        self.all_button.setAccessibleName("Tout choisir")

    def read(self) -> None:
        """List what differs now."""
        session = self._session
        owners = session.owners(session.store.catalogue["risk"])
        with session.store.reading() as read:
            found = risk_templates.updates(read, owners)
        self._updates = [each for each in found if self._only in ("", each.risk.id)]
        lines: list[Line] = []
        self._rows = []
        for each in self._updates:
            lines.append(
                [
                    GroupCell(
                        each.risk.situation,
                        f"{each.unit} · {each.template}",
                        CAUTION,
                        folds=False,
                    )
                ]
            )
            self._rows.append((each.risk.id, ""))
            for one in each.differences:
                lines.append(
                    [
                        Cell(one.label),
                        Cell(one.before or "–", quiet=True, wrapped=True),
                        Cell(one.now or "retirée", wrapped=True),
                    ]
                )
                self._rows.append((each.risk.id, one.key))
        self.table.show_lines(lines)
        self.stack.setCurrentIndex(0 if lines else 1)
        self.counted.emit(len(self._updates))
        self._let()

    def _chosen(self) -> dict[str, list[str]]:
        """The differences selected, risk by risk."""
        found: dict[str, list[str]] = {}
        for each in self.table.selectionModel().selectedRows():
            risk, key = self._rows[each.row()]
            if key:
                found.setdefault(risk, []).append(key)
        return found

    def _let(self) -> None:
        chosen = self._chosen()
        entity = self._session.store.catalogue["risk"]
        writable = all(
            self._session.may_write(entity, each.risk)
            for each in self._updates
            if each.risk.id in chosen
        )
        for each in (self.accept_button, self.decline_button):
            each.setEnabled(bool(chosen) and writable)
        self.open_button.setEnabled(bool(chosen))

    def _look(self, look: _Look) -> None:
        chosen = self._chosen()
        if chosen:
            self._session.write_or_tell(partial(self._write, look, chosen))

    def _write(self, look: _Look, chosen: Mapping[str, Sequence[str]]) -> None:
        self._session.tell(look(self._session.store, chosen))
        number = sum(map(len, chosen.values()))
        taken = look is risk_templates.accept
        told = (
            words.count(number, "valeur reprise du modèle", "valeurs reprises du modèle")
            if taken
            else words.count(number, "valeur gardée", "valeurs gardées")
        )
        self._session.say(f"{told}. Annuler (Ctrl Z)")

    def _open(self) -> None:
        chosen = self._chosen()
        if chosen:
            self.open_asked.emit("risk", next(iter(chosen)))


class UpdatesDialog(QDialog):
    """The differences of one risk with its template."""

    def __init__(self, session: Session, risk: str, parent: QWidget) -> None:
        """Closes itself once nothing differs any more."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Ce qui a changé dans le modèle")
        self.pane = UpdatesPane(session, only=risk)
        self.pane.open_button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pane)
        frame = parent.window()
        self.resize(min(900, frame.width() - 40), min(460, frame.height() - 60))
        self.pane.counted.connect(lambda number: None if number else self.accept())
        session.changed.connect(self._renew)
        self.pane.read()
        self.pane.table.selectAll()

    def _renew(self, _: object) -> None:
        self.pane.read()
