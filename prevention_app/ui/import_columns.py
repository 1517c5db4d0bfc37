"""First step of an import: what was understood of a file, column by column, and corrections."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from prevention_app.exchange.mapping import Mapping, TableMapping
from prevention_app.exchange.understood import ColumnMatch, Confidence, TableUnderstood
from prevention_app.ui import icons, layouts, style, theme, words
from prevention_app.ui.cells import CELL, Cell, CellDelegate
from prevention_app.ui.long_work import FileRead
from prevention_app.ui.page import button
from prevention_app.ui.states import CAUTION, GO, NONE, STOP

_SET_ASIDE: Final = "Ne pas importer"
_STATES: Final = {
    Confidence.SURE: GO,
    Confidence.TO_CHECK: CAUTION,
    Confidence.GUESSED: STOP,
    Confidence.SET_ASIDE: NONE,
}


class ImportColumns(QWidget):
    """Shows each table found, its columns and the field each was taken for."""

    read_again = Signal()
    """A heading row was pointed out: the files are to be understood again."""
    save_asked = Signal(str)
    """Keep the mapping under this name."""

    def __init__(self) -> None:
        """Nothing read yet."""
        super().__init__()
        self.files: Sequence[FileRead] = ()
        self._fields: dict[str, str] = {}
        self._corrected: dict[tuple[int, int], TableMapping] = {}
        self._tables: list[tuple[int, int]] = []
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._make_card())
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._make_table(), 1)
        row.addWidget(self._make_remarks())
        column.addLayout(row, 1)
        column.addLayout(self._make_model())

    def _make_card(self) -> QFrame:
        card = QFrame()
        card.setObjectName("sunken")
        self.sheets = QComboBox()
        self.sheets.setAccessibleName("Tableau lu")
        self.sheets.setMinimumWidth(260)
        self.sheets.activated.connect(self._show_table)
        self._said = QLabel()
        style.mark(self._said, "look", "secondary")
        self.header = QSpinBox()
        self.header.setRange(1, 9999)
        self.header.setAccessibleName("Ligne de titres")
        again = button("Relire")
        again.setToolTip("Relire le fichier avec cette ligne de titres")
        again.clicked.connect(self._point_out)
        row = QHBoxLayout(card)
        row.setContentsMargins(14, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self.sheets)
        row.addWidget(self._said, 1)
        label = QLabel("Ligne de titres")
        label.setBuddy(self.header)
        row.addWidget(label)
        row.addWidget(self.header)
        row.addWidget(again)
        return card

    def _make_table(self) -> QTableWidget:
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels(
            ["Colonne du fichier", "Champ", "Confiance", "Exemple"]
        )
        self.table.setAccessibleName("Colonnes et champs")
        self.table.setItemDelegate(CellDelegate(self.table))
        self.table.setShowGrid(False)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.height("row_standard"))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for at, width in enumerate((220, 250, 130)):
            self.table.setColumnWidth(at, width)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        return self.table

    def _make_remarks(self) -> QFrame:
        content = QWidget()
        content.setObjectName("form_content")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._remarks = QVBoxLayout(content)
        self._remarks.setContentsMargins(14, 10, 10, 10)
        self._remarks.setSpacing(8)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(300)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.addWidget(area)
        return card

    def _make_model(self) -> QHBoxLayout:
        self._model = QLineEdit()
        self._model.setPlaceholderText("Nom du modèle")
        self._model.setAccessibleName("Nom du modèle de reprise")
        self._model.setFixedWidth(240)
        self._save = button("Enregistrer comme modèle")
        self._save.clicked.connect(lambda: self.save_asked.emit(self._model.text().strip()))
        self._recognised = QLabel()
        style.mark(self._recognised, "look", "secondary")
        row = QHBoxLayout()
        row.addWidget(self._recognised, 1)
        row.addWidget(self._model)
        row.addWidget(self._save)
        return row

    # -- showing ---------------------------------------------------------------------------

    def show_files(self, files: Sequence[FileRead], fields: dict[str, str]) -> None:
        """Show what was understood; `fields` are the labels of the fields a column may be."""
        self.files = files
        self._fields = fields
        self._corrected = {}
        self._tables = [(f, t) for f, file in enumerate(files) for t in range(len(file.tables))]
        self.sheets.clear()
        for at_file, at_table in self._tables:
            table = files[at_file].tables[at_table]
            self.sheets.addItem(f"{files[at_file].name} · {table.sheet}")
        names = [each.mapping for each in files if each.mapping]
        said = f"Modèle « {names[0]} » reconnu." if names else ""
        self._recognised.setText(words.sentence(said))
        if names and not self._model.text():
            self._model.setText(names[0])
        self._show_remarks()
        self._show_table()

    def _current(self) -> TableUnderstood | None:
        at = self.sheets.currentIndex()
        if not 0 <= at < len(self._tables):
            return None
        at_file, at_table = self._tables[at]
        return self.files[at_file].tables[at_table]

    def _show_table(self) -> None:
        table = self._current()
        self.table.setRowCount(0)
        self._save.setEnabled(table is not None)
        if table is None:
            self._said.setText("Aucun tableau reconnu.")
            return
        known = len(table.columns) - len(table.set_aside)
        lines = f"{table.header_first}"
        if table.header_last != table.header_first:
            lines += f"-{table.header_last}"
        self._said.setText(
            f"Titres ligne {lines} · jusqu’à la ligne {table.last_row} · "
            f"{known} colonnes sur {len(table.columns)} comprises"
        )
        self.header.setValue(table.header_first)
        self.table.setRowCount(len(table.columns))
        for at, column in enumerate(table.columns):
            self._show_column(at, column)

    def _show_column(self, at: int, column: ColumnMatch) -> None:
        heading = " ".join(column.heading.split()) or f"Colonne {column.column} (sans titre)"
        self._put(at, 0, Cell(heading, strong=True))
        self._put(at, 2, _confidence(column))
        self._put(at, 3, Cell(" ".join(column.example.split()), quiet=True))
        box = QComboBox()
        box.setAccessibleName(f"Champ de la colonne {heading}")
        box.addItem(_SET_ASIDE, None)
        for key, label in self._fields.items():
            box.addItem(label, key)
        held = self._said_by_hand().get(column.column, column.field)
        box.setCurrentIndex(max(box.findData(held), 0))
        box.activated.connect(partial(self._correct, at, column, box))
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(4, 3, 8, 4)
        row.addWidget(box)
        self.table.setCellWidget(at, 1, frame)

    def _put(self, row: int, column: int, cell: Cell) -> None:
        item = QTableWidgetItem(cell.plain)
        item.setData(CELL, cell)
        item.setToolTip(cell.plain)
        self.table.setItem(row, column, item)

    def _show_remarks(self) -> None:
        layouts.empty(self._remarks)
        said = [
            *((q.message, "triangle-alert", "warn") for each in self.files for q in each.questions),
            *((note, "info", "info") for each in self.files for note in each.notes),
        ]
        title = QLabel("À confirmer" if said else "Rien à confirmer")
        style.mark(title, "look", "strong")
        self._remarks.addWidget(title)
        for text, icon, state in said:
            self._remarks.addWidget(self._remark(text, icon, state))
        self._remarks.addStretch(1)

    def _remark(self, text: str, icon: str, state: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        mark = QLabel()
        colour = theme.current().states[state].text
        mark.setPixmap(icons.pixmap(icon, colour, 16, self.devicePixelRatioF()))
        said = QLabel(words.sentence(text))
        said.setWordWrap(True)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(said, 1)
        return line

    # -- corrections -----------------------------------------------------------------------

    def _table_mapping(self) -> TableMapping | None:
        table = self._current()
        if table is None:
            return None
        at = self._tables[self.sheets.currentIndex()]
        if at not in self._corrected:
            self._corrected[at] = TableMapping(
                columns={each.column: each.field for each in table.columns},
                sheet=table.sheet,
                signature=table.signature,
            )
        return self._corrected[at]

    def _said_by_hand(self) -> dict[int, str | None]:
        held = self._corrected.get(self._tables[self.sheets.currentIndex()])
        return held.columns if held else {}

    def _correct(self, at: int, column: ColumnMatch, box: QComboBox, _chosen: int) -> None:
        mapping = self._table_mapping()
        if mapping is not None:
            mapping.columns[column.column] = box.currentData()
            word = Cell("Choisi", chip=GO) if box.currentData() else Cell("Écartée", chip=NONE)
            self._put(at, 2, word)

    def _point_out(self) -> None:
        table, mapping = self._current(), self._table_mapping()
        if table is not None and mapping is not None:
            high = table.header_last - table.header_first
            first = self.header.value()
            mapping.header = (first, first + high if first == table.header_first else first)
            mapping.columns = {}
            mapping.signature = ""
            self.read_again.emit()

    def mapping(self, kind: str, name: str = "") -> Mapping | None:
        """The corrections made by hand; None when there are none and no name asks for them."""
        if name:
            for at in range(len(self._tables)):
                self.sheets.setCurrentIndex(at)
                self._table_mapping()
        if not self._corrected:
            return None
        return Mapping(kind, name, list(self._corrected.values()))


def _confidence(column: ColumnMatch) -> Cell:
    if column.by_hand and column.field:
        return Cell("Choisi", chip=GO)
    return Cell(str(column.word).capitalize(), chip=_STATES[column.word])
