"""The agents' file: the extract of the HR program, or a list kept by hand (P21).

Columns beyond need (address, social security number, grade, pay…) are listed and never kept.
"""

from __future__ import annotations

from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.kinds.agent_columns import (
    AGENT_COLUMNS,
    IDENTITY,
    NOT_ABOUT_AGENTS,
    complete_agent,
    has_name,
    name_missing,
)
from prevention_app.exchange.sheet_names import names_a_place, names_an_org_unit
from prevention_app.exchange.understood import ImportedRow, TableUnderstood


def _finish(row: ImportedRow, table: TableUnderstood) -> None:
    complete_agent(row, table)
    if not has_name(row):
        name_missing(row, table)


def _section_field(text: str) -> str:
    """A line alone among the agents names the service or the site of those below."""
    if names_an_org_unit(text):
        return "org_unit"
    return "site" if names_a_place(text) else ""


PEOPLE = ImportKind(
    key="people",
    of_what="du fichier des agents",
    columns=AGENT_COLUMNS,
    identity=IDENTITY,
    not_taken=NOT_ABOUT_AGENTS,
    keeps_unknown=False,
    finish=_finish,
    section_field=_section_field,
)
"""What a list of agents looks like, whatever program wrote it."""
