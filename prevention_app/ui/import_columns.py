"""What was understood of a file's columns: the field of each, how surely, and an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from prevention_app.exchange.sheets import cell_name
from prevention_app.exchange.understood import ColumnMatch, Confidence
from prevention_app.ui import style
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.page import button

SET_ASIDE: Final = "Ne pas importer"
_FIELD: Final = 1
_HEADINGS: Final = ("Colonne du fichier", "Champ", "Confiance", "Exemple")
_WIDTHS: Final = (190, 230, 122, 0)
_SURE: Final = {
    Confidence.SURE: (3, "good", "Sûr"),
    Confidence.TO_CHECK: (2, "warn", "À vérifier"),
    Confidence.GUESSED: (1, "bad", "Deviné"),
    Confidence.SET_ASIDE: (0, "", "Écartée"),
}
_BY_HAND: Final = (3, "good", "Choisi")


class ColumnsTable(CellTable):
    """One row a column of the file; Alt ↓ chooses its field."""

    field_chosen = Signal(int, object)
    """Row of the table, and the field or None."""

    def __init__(self) -> None:
        """No column yet."""
        super().__init__("Colonnes et champs", _HEADINGS, _WIDTHS, "row_dense")
        self._fields: Mapping[str, str] = {}
        self._held: Sequence[str | None] = ()
        self.opened.connect(self.choose_field)
        self.clicked.connect(self._on_click)

    def show_columns(
        self, columns: Sequence[ColumnMatch], fields: Mapping[str, str], held: Sequence[str | None]
    ) -> None:
        """Show the columns of a table; `held` are the fields that hold now, by hand or not."""
        at = self.currentIndex()
        self._fields, self._held = fields, held
        self.show_lines(
            [self._line(column, key) for column, key in zip(columns, held, strict=True)]
        )
        if columns:
            row = at.row() if 0 <= at.row() < len(columns) else 0
            self.setCurrentIndex(self.cells.index(row, _FIELD))

    def _line(self, column: ColumnMatch, key: str | None) -> Sequence[Cell]:
        letter = cell_name(1, column.column)[:-1]
        heading = " ".join(column.heading.split()) or f"Colonne {letter} (sans titre)"
        chosen = column.by_hand or key != column.field
        squares, colours, word = _BY_HAND if chosen and key else _SURE[column.word]
        if key is None:
            squares, colours, word = _SURE[Confidence.SET_ASIDE]
            field = Cell(SET_ASIDE, quiet=True, icon="circle-minus")
        else:
            field = Cell(self._fields.get(key, key), icon="arrow-right")
        example = Cell(" ".join(column.example.split()), quiet=True)
        sure = Cell(word, squares=squares, colours=colours, quiet=not colours)
        return [Cell(heading, strong=True), field, sure, example]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt ↓, F2 and Entrée open the choice of the field."""
        down = event.key() == Qt.Key.Key_Down
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if (down and alt) or event.key() == Qt.Key.Key_F2:
            self.choose_field(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _on_click(self, index: QModelIndex) -> None:
        if index.column() == _FIELD:
            self.choose_field(index.row())

    def choose_field(self, at: int) -> None:
        """Open the list of fields over a row."""
        if not 0 <= at < len(self._held):
            return
        index = self.cells.index(at, _FIELD)
        self.setCurrentIndex(index)
        box = _FieldBox(self)
        box.addItem(SET_ASIDE, None)
        for key, label in self._fields.items():
            box.addItem(label, key)
        box.setAccessibleName(f"Champ de «\u00a0{self.cells.index(at, 0).data()}\u00a0»")
        box.setCurrentIndex(max(box.findData(self._held[at]), 0))
        box.activated.connect(lambda: self._take(at, box.currentData()))
        self.setIndexWidget(index, box)
        box.setFocus()
        box.showPopup()

    def _take(self, at: int, key: str | None) -> None:
        self.close_choice()
        self.field_chosen.emit(at, key)

    def close_choice(self) -> None:
        """Put the list away; the table has the focus again."""
        for row in range(self.cells.rowCount()):
            if self.indexWidget(self.cells.index(row, _FIELD)):
                self.setIndexWidget(self.cells.index(row, _FIELD), None)  # type: ignore[arg-type]
        self.setFocus()


class _FieldBox(QComboBox):
    """Goes away by Échap, or when the focus goes elsewhere."""

    def __init__(self, table: ColumnsTable) -> None:
        super().__init__()
        self._table = table
        self.installEventFilter(self)
        self.view().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Échap in the list or in the box puts it away."""
        pressed = event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.hidePopup()
            self._table.close_choice()
            return True
        return super().eventFilter(watched, event)


class ImportColumns(QFrame):
    """The card around the table, and where a model is kept under a name."""

    save_asked = Signal(str)

    def __init__(self) -> None:
        """No column yet."""
        super().__init__()
        self.setObjectName("card")
        self.table = ColumnsTable()
        title = QLabel("Ce qui a été compris")
        style.mark(title, "look", "strong")
        self.model_said = QLabel()
        style.mark(self.model_said, "look", "secondary")
        self.model_button = button("Enregistrer comme modèle", look="link")
        self.model_button.clicked.connect(lambda: self._name_model(shown=True))
        self.model_name = QLineEdit()
        self.model_name.setPlaceholderText("Nom du modèle")
        self.model_name.setAccessibleName("Nom du modèle de reprise")
        self.model_name.setFixedWidth(200)
        self.model_name.returnPressed.connect(self._save)
        self.save_button = button("Enregistrer")
        self.save_button.clicked.connect(self._save)
        head = QHBoxLayout()
        head.setContentsMargins(12, 5, 8, 3)
        head.addWidget(title)
        head.addWidget(self.model_said, 1)
        for each in (self.model_button, self.model_name, self.save_button):
            head.addWidget(each)
        column = QVBoxLayout(self)
        # One pixel, or the table would paint over the corners of the card.
        column.setContentsMargins(1, 1, 1, 5)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        self._name_model(shown=False)

    def _name_model(self, *, shown: bool) -> None:
        self.model_button.setVisible(not shown)
        self.model_name.setVisible(shown)
        self.save_button.setVisible(shown)
        if shown:
            self.model_name.setFocus()

    def _save(self) -> None:
        self.save_asked.emit(self.model_name.text().strip())

    def show_model(self, name: str) -> None:
        """Say which model was recognised, or has just been kept."""
        self.model_said.setText(f"Modèle «\u00a0{name}\u00a0»" if name else "")
        self.model_name.setText(name)
        self._name_model(shown=False)

    def keyPressEvent(self, event: Any) -> None:
        """Échap leaves the name of the model."""
        if event.key() == Qt.Key.Key_Escape and self.model_name.isVisible():
            self._name_model(shown=False)
            self.table.setFocus()
        else:
            super().keyPressEvent(event)
