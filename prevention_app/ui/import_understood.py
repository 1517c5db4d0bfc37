"""The columns and questions of the file under review, and what is decided about them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from prevention_app.errors import PreventionError
from prevention_app.exchange.mapping import Mapping
from prevention_app.services import imports
from prevention_app.services.import_plan import ALL
from prevention_app.services.reference_sets import EPHY
from prevention_app.ui import words
from prevention_app.ui.import_asks import asks_of
from prevention_app.ui.import_entries import Entry
from prevention_app.ui.import_review_pane import ImportReview
from prevention_app.ui.session import Session


class ImportUnderstood(QObject):
    """Shows what was understood of a file, and turns answers into corrections of columns."""

    decided = Signal()
    """Something was decided: the file is to be understood again."""
    complained = Signal(str)

    def __init__(self, session: Session, pane: ImportReview) -> None:
        """No file yet."""
        super().__init__(pane)
        self._session = session
        self._pane = pane
        self._entry: Entry | None = None
        self._table = 0
        pane.card.table_chosen.connect(self._show_table)
        pane.card.pointed_out.connect(self._point_out)
        pane.card.sheet_left.connect(self._leave_sheet)
        pane.columns.table.field_chosen.connect(self._take_field)
        pane.columns.save_asked.connect(self._save_model)

    def show_entry(self, entry: Entry) -> None:
        """Show a file that was read."""
        if entry is not self._entry:
            self._entry, self._table = entry, 0
        self._show()

    def _show_table(self, at: int) -> None:
        self._table = at
        self._show()

    def _show(self) -> None:
        entry = self._entry
        if entry is None or entry.review is None:
            return
        review, fields = entry.review, self._fields(entry)
        file = review.files[0] if review.files else None
        tables = file.tables if file else ()
        self._table = min(self._table, max(len(tables) - 1, 0))
        self._pane.card.show_file(file, entry.name, self._table)
        columns, held = [], []
        if tables:
            table = tables[self._table]
            said = entry.columns_by_hand(table)
            columns = table.columns
            held = [said.get(each.column, each.field) for each in columns]
        self._pane.show_columns(columns, fields, held, model=file.model if file else "")
        catalogue = self._session.store.catalogue
        asks = asks_of(entry, catalogue, fields, self._decide, self._take_all)
        self._pane.questions.show_asks(asks)

    def _fields(self, entry: Entry) -> dict[str, str]:
        if entry.kind in ("", EPHY):
            return {}
        kind = imports.kind_of(self._session.store, entry.kind)
        return {each.key: each.label for each in kind.columns}

    # -- decisions -------------------------------------------------------------------------

    def _decide(self, put: Callable[[Mapping], None]) -> None:
        """Correct what was understood of the columns; nothing of a file that is applied."""
        entry = self._entry
        if entry is not None and entry.applied is None:
            put(entry.begin_mapping())
            self._show()
            self.decided.emit()

    def _take_all(self) -> None:
        """Let each line of the file say whose it is."""
        if self._entry is not None:
            self._entry.department = ALL
            self.decided.emit()

    def _take_field(self, at: int, field: str | None) -> None:
        entry = self._entry
        if entry is None or entry.review is None:
            return
        table = entry.review.files[0].tables[self._table]
        column = table.columns[at].column

        def put(mapping: Mapping) -> None:
            mapping.table_said(table.sheet, table.signature).columns[column] = field

        self._decide(put)

    def _point_out(self, sheet: str, row: int) -> None:
        self._decide(lambda mapping: mapping.point_out(sheet, row, row))

    def _leave_sheet(self, sheet: str, left: bool) -> None:
        def put(mapping: Mapping) -> None:
            mapping.without = [each for each in mapping.without if each != sheet]
            if left:
                mapping.without.append(sheet)

        self._decide(put)

    def _save_model(self, name: str) -> None:
        entry = self._entry
        if entry is None or entry.review is None:
            return
        model = entry.model(name)

        def write() -> None:
            imports.save_mapping(self._session.store, model)
            self._session.say(f"Modèle «\u00a0{name}\u00a0» enregistré\u00a0: il sera reconnu.")

        try:
            self._session.in_turn(("model", name), write, "Le modèle s’enregistrera de lui-même.")
        except PreventionError as error:
            self.complained.emit(words.sentence(str(error)))
            return
        self._pane.columns.show_model(name)
