"""The card of the file under review: which sheet, which headings, how much was understood."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSpinBox, QVBoxLayout

from prevention_app.exchange.understood import TableUnderstood
from prevention_app.services.import_review import FileReview
from prevention_app.ui import style, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.page import button

_MOST_ROWS = 9999


class ImportCard(QFrame):
    """Says what was read of the file, and lets one point to other sheets and headings."""

    table_chosen = Signal(int)
    """Another table of the file is to be shown."""
    pointed_out = Signal(str, int)
    """Sheet, and the row that holds its headings."""
    sheet_left = Signal(str, bool)
    """A sheet is not to be read (True), or to be read again (False)."""
    file_asked = Signal()

    def __init__(self) -> None:
        """Nothing read yet."""
        super().__init__()
        self.setObjectName("sunken")
        self._tables: Sequence[TableUnderstood] = ()
        self._file: FileReview | None = None
        self._at = 0
        self._name = ElidingLabel()
        style.mark(self._name, "look", "strong")
        self.said = ElidingLabel()
        style.mark(self.said, "look", "secondary")
        self.sheets_button = button("Changer de feuille", look="quiet")
        self._menu = QMenu(self.sheets_button)
        self.sheets_button.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.heading_button = button("Autre ligne de titres", look="quiet")
        self.heading_button.setCheckable(True)
        self.heading_button.toggled.connect(self._show_heading)
        self.view_button = button("Voir le fichier", "eye")
        self.view_button.clicked.connect(self.file_asked)
        self._make_heading()
        self._lay_out()

    def _make_heading(self) -> None:
        self.heading_row = QSpinBox()
        self.heading_row.setRange(1, _MOST_ROWS)
        self.heading_row.setAccessibleName("Ligne de titres")
        self.heading_row.setFixedWidth(72)
        self.read_button = button("Relire")
        self.read_button.clicked.connect(self._point_out)
        self._heading_label = QLabel("Ligne de titres")
        self._heading_label.setBuddy(self.heading_row)
        self._heading_parts = (self._heading_label, self.heading_row, self.read_button)

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self._name)
        texts.addWidget(self.said)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 12, 7)
        row.setSpacing(8)
        row.addWidget(IconLabel("file-spreadsheet", "good", 20))
        row.addSpacing(4)
        row.addLayout(texts, 1)
        for each in self._heading_parts:
            row.addWidget(each)
            each.hide()
        for each in (self.sheets_button, self.heading_button, self.view_button):
            row.addWidget(each)

    def show_file(self, file: FileReview | None, name: str, at: int = 0) -> None:
        """Show what was read of a file; `at` is the table whose columns are shown."""
        self._file = file
        self._tables = file.tables if file else ()
        self._at = min(at, max(len(self._tables) - 1, 0))
        self._name.setText(name)
        self.heading_button.setChecked(False)
        for each in (self.sheets_button, self.heading_button):
            each.setVisible(file is not None)
        self.said.setText(self._sentence(file))

    def _sentence(self, file: FileReview | None) -> str:
        if file is None:
            return "Catalogue national\u00a0: ses colonnes sont connues, rien à confirmer."
        if not self._tables:
            return "Aucun tableau de cette nature n’y a été reconnu."
        table = self._tables[self._at]
        known = len(table.columns) - len(table.set_aside)
        rows = f"{table.header_first}"
        if table.header_last != table.header_first:
            rows += f"-{table.header_last}"
        parts = [
            f"Feuille «\u00a0{table.sheet}\u00a0»",
            f"titres ligne {rows}",
            f"{words.count(file.rows, 'ligne lue', 'lignes lues')}",
            f"{words.count(known, 'colonne')} sur {len(table.columns)} comprises",
        ]
        if len(self._tables) > 1:
            parts.insert(0, f"Tableau {self._at + 1} sur {len(self._tables)}")
        self.heading_row.setValue(table.header_first)
        return "  ·  ".join(parts)

    # -- other sheets and headings ---------------------------------------------------------

    def _fill_menu(self) -> None:
        self._menu.clear()
        for at, table in enumerate(self._tables):
            action = self._menu.addAction(f"{table.sheet}, titres ligne {table.header_first}")
            action.setCheckable(True)
            action.setChecked(at == self._at)
            action.triggered.connect(partial(self.table_chosen.emit, at))
        self._menu.addSeparator()
        for name in dict.fromkeys(table.sheet for table in self._tables):
            action = self._menu.addAction(words.sentence(f"Ne pas lire «\u00a0{name}\u00a0»"))
            action.triggered.connect(partial(self.sheet_left.emit, name, True))
        others = self._file.other_sheets if self._file else ()
        for other in others:
            if other.rows:
                text = f"Lire «\u00a0{other.sheet}\u00a0» ({other.why})"
                action = self._menu.addAction(words.sentence(text))
                action.triggered.connect(partial(self._read_other, other.sheet))

    def _read_other(self, sheet: str) -> None:
        left = self._file is not None and self._file.mapping is not None
        if left and self._file and self._file.mapping and sheet in self._file.mapping.without:
            self.sheet_left.emit(sheet, False)
        else:
            self.pointed_out.emit(sheet, 1)

    def _show_heading(self, shown: bool) -> None:
        for each in self._heading_parts:
            each.setVisible(shown)
        if shown:
            self.heading_row.setFocus()
            self.heading_row.selectAll()

    def _point_out(self) -> None:
        if self._tables:
            self.pointed_out.emit(self._tables[self._at].sheet, self.heading_row.value())
