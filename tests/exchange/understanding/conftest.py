"""A workbook made for one test is written, read and understood."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from prevention_app.exchange.kinds import import_kind
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.understanding import Mapping, Understanding, understand
from tests.exchange.understanding.made_workbooks import Rows, workbook


@pytest.fixture
def understood(tmp_path: Path) -> Callable[..., Understanding]:
    """Writes a workbook (or takes one made) and understands it as a document unique."""

    def write_and_understand(
        rows: Rows | Workbook, *, sheet: str = "Feuil1", mapping: Mapping | None = None
    ) -> Understanding:
        book = rows if isinstance(rows, Workbook) else workbook(**{sheet: rows})
        path = tmp_path / "classeur.xlsx"
        book.save(path)
        return understand(read_source(path), import_kind("duerp"), mapping)

    return write_and_understand
