"""What the number cells selected in a table add up to, as a spreadsheet says at its foot."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from prevention_app.catalogue.description import Field, Kind
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services.record_groups import NUMBERS
from prevention_app.storage.query import Query, Reader, Sums
from prevention_app.ui import table_groups, words
from prevention_app.ui.readings import Reading
from prevention_app.ui.record_table import RecordTable

_TOGETHER: Final = 500
_MOST_ROWS: Final = 20_000
_PAUSE_MS: Final = 60


class SelectionSums(QObject):
    """Adds up what is selected, by SQL, once the selection has come to rest."""

    told = Signal()
    """The text is another one."""

    def __init__(self, table: RecordTable) -> None:
        """Nothing is selected."""
        super().__init__(table)
        self._table = table
        self._reading: Reading | None = None
        self.text = ""
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._read)

    def add_up(self) -> None:
        """Something else is selected."""
        if self._reading is not None:
            self._reading.give_up()
            self._reading = None
        self.text = ""
        block = self._table.block()
        if block is not None and block.several:
            self._pause.start()
        else:
            self._pause.stop()

    def _read(self) -> None:
        block, model = self._table.block(), self._table.records
        if block is None:
            return
        numbers = [
            each.field for each in block.columns if each.field and each.field.kind in NUMBERS
        ]
        rows = self._table.selected_count()
        if not numbers or not rows:
            return
        if rows == model.rows.total:
            queries = [model.query]
        elif rows <= _MOST_ROWS:
            ids = self._table.selected_ids()
            queries = [
                replace(Query(model.entity.key), ids=tuple(ids[start : start + _TOGETHER]))
                for start in range(0, len(ids), _TOGETHER)
            ]
        else:
            return
        work = partial(_sums, queries=queries, numbers=numbers)
        self._reading = model.rows.readings.ask(work, partial(self._hear, numbers))

    def _hear(self, numbers: list[Field], found: list[Sums]) -> None:
        self._reading = None
        cells = sum(each.totals[one.key][0] for each in found for one in numbers)
        total = sum((each.totals[one.key][1] for each in found for one in numbers), Decimal(0))
        if cells < 1:
            return
        money = all(each.kind is Kind.MONEY for each in numbers)
        field = numbers[0] if money else replace(numbers[0], kind=Kind.DECIMAL)
        mean = round(total / cells, 2)
        self.text = " · ".join(
            (
                words.count(cells, "nombre"),
                f"somme{NO_BREAK}{table_groups.amount(field, total)}",
                f"moyenne{NO_BREAK}{number_text(mean.normalize() if mean % 1 else int(mean))}",
            )
        )
        self.told.emit()


def _sums(read: Reader, queries: list[Query], numbers: list[Field]) -> list[Sums]:
    keys = [each.key for each in numbers]
    return [each for query in queries for each in read.sums(query, keys)]
