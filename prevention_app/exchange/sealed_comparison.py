"""The workbook of what differs between two versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from prevention_app.exchange.consolidated import SERVICE
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import (
    Column,
    GridSheet,
    Line,
    Link,
    Look,
    Paint,
    Paper,
    RegisterSheet,
    Tab,
    Table,
    Workbook,
)
from prevention_app.exchange.workbook_writer import CONTENTS, MOST_ROWS

_SHEET: Final = "Différences"
_PAINTS: Final = (
    Paint("Ajouté", "#E4F3E8", "#1C5B31"),
    Paint("Retiré", "#FBE5E3", "#8C1D18"),
    Paint("Modifié", "#FFF3D6", "#6B4A00"),
)


def comparison_workbook(
    before: str, after: str, counts: Mapping[str, int], rows: Sequence[Sequence[str]]
) -> Workbook:
    """A sheet of counts and a sheet of all differences."""
    title = typeset(f"Comparaison : {before} et {after}")
    kept = rows[:MOST_ROWS]
    columns = (
        Column("Sens", Look.CENTRED, 12, paints=_PAINTS),
        Column("Tableau", Look.WRAPPED, 24),
        Column("Unité de travail", Look.WRAPPED, 34),
        Column("Ligne", Look.WRAPPED, 44),
        Column("Champ", Look.WRAPPED, 24),
        Column("Avant", Look.WRAPPED, 40),
        Column("Après", Look.WRAPPED, 40),
    )
    lines = [Line((word, number)) for word, number in counts.items()]
    lines.append(Line((Link(_SHEET, _SHEET), len(rows))))
    summary = GridSheet(
        name=CONTENTS,
        title=title,
        explanation=f"Avant : {before}. Après : {after}.",
        columns=(Column("Sens", Look.LINK, 40), Column("Nombre", Look.INTEGER, 12)),
        lines=tuple(lines),
        one_page=True,
    )
    table = RegisterSheet(
        name=_SHEET,
        title=title,
        explanation="Une ligne par ligne ajoutée ou retirée, et par champ modifié.",
        tab=Tab.REGISTER,
        paper=Paper.A3,
        table=Table("T_differences", columns, kept, len(kept)),
        frozen=1,
    )
    return Workbook(
        title=title,
        subject=title,
        company="",
        author=SERVICE,
        keywords="prévention, document unique, comparaison",
        properties={},
        header=(typeset(before), typeset(after)),
        footer=("Diffusion restreinte", SERVICE),
        sheets=(summary, table),
    )
