"""The annexes of a document unique as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from prevention_app.domain.document_content import Table
from prevention_app.exchange.consolidated import SERVICE
from prevention_app.exchange.table_sheets import table_sheets
from prevention_app.exchange.workbook_model import Workbook


def annex_workbook(
    tables: Sequence[Table], department: str, employer: str, as_at: date
) -> Workbook:
    """All annexes of an employer, a sheet each."""
    title = f"Annexes du document unique, {employer}"
    return Workbook(
        title=title,
        subject=f"{title}, au {as_at:%d/%m/%Y}",
        company=employer,
        author=SERVICE,
        keywords="prévention, document unique, annexes",
        properties={"departement": department, "arrete_au": as_at.isoformat()},
        header=(employer, f"Au {as_at:%d/%m/%Y}"),
        footer=("Annexes du document unique", SERVICE),
        sheets=tuple(table_sheets(tables)),
    )
