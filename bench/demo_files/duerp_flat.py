"""The document unique of the 45: one long table with a filter, one action a line."""

from __future__ import annotations

from pathlib import Path

from demo_files.looks import LEVEL_FILLS, Book, Cell, height_for
from demo_files.organisation import Unit
from demo_files.risk_documents import RatedRisk, chosen_units, level_of, rate
from demo_files.scope import UNKNOWN_DEPARTMENT, Faults, stream

FILE = "duerp_45.xlsx"
SHEET = "DUERP 2026"
_COLUMNS = (
    ("N°", 6), ("Dpt", 5), ("Direction", 28), ("Service", 24), ("Site", 30),
    ("Unité de travail", 34), ("Famille de risque", 26), ("Situation dangereuse", 42),
    ("Dommages potentiels", 30), ("Nb agents exposés", 9), ("G", 5), ("F", 5), ("M", 5),
    ("Criticité (GxFxM)", 10), ("Niveau", 11), ("Mesures existantes", 46),
    ("Action à mettre en œuvre", 38), ("Pilote", 26), ("Échéance", 11), ("Coût estimé (€)", 11),
    ("État d'avancement", 12), ("Date d'évaluation", 11),
)  # fmt: skip
_LEVEL = '=IF(N{r}<=8,"faible",IF(N{r}<=18,"modéré",IF(N{r}<=32,"important","critique")))'


def write(folder: Path, units: list[Unit], faults: Faults) -> None:
    """Write the table."""
    rng = stream("duerp-45")
    risks = [risk for unit in chosen_units(units, "45") for risk in rate(unit, rng)]
    _spoil(risks)
    with Book(folder / FILE, "Document unique - Loiret - 2026") as book:
        sheet = book.sheet(SHEET, [width for _, width in _COLUMNS], print_rows=1)
        book.headings(sheet, 1, [name for name, _ in _COLUMNS])
        for row, risk in enumerate(risks, start=2):
            for column, value in enumerate(_line(row - 1, risk), start=1):
                book.put(sheet, row, column, value, **_wanted(column))
            product = {
                "bold": True,
                "align": "center",
                "bg_color": LEVEL_FILLS[level_of(_product(risk))],
            }
            book.formula(sheet, f"N{row}", f"=K{row}*L{row}*M{row}", _product(risk), **product)
            book.formula(
                sheet, f"O{row}", _LEVEL.format(r=row), level_of(_product(risk)), align="center"
            )
            measures, action = (
                " ; ".join(risk.existing),
                risk.actions[0].title if risk.actions else "",
            )
            texts = (
                (risk.wording.situation, 42),
                (measures, 46),
                (action, 38),
                (risk.wording.family, 24),
                (risk.unit.site, 29),
            )
            sheet.set_row(row - 1, height_for(texts))
            if risk.fault:
                faults.note(FILE, SHEET, row, risk.fault)
        sheet.autofilter(0, 0, len(risks), len(_COLUMNS) - 1)
        sheet.freeze_panes(1, 6)


def _spoil(risks: list[RatedRisk]) -> None:
    """What is wrong on purpose; the lines keep their other values."""
    planned = [risk for risk in risks if risk.actions]
    wrong: tuple[tuple[RatedRisk, str, Cell, str], ...] = (
        (risks[17], "situation", None, "no situation"),
        (risks[58], "department", UNKNOWN_DEPARTMENT, "department 37, which is none of the three"),
        (risks[104], "severity", 7, "severity 7 on a scale of 1 to 4"),
        (planned[90], "due", "31/02/2027", "impossible due date (31/02/2027)"),
        (risks[171], "unit", None, "no work unit"),
        (planned[140], "cost", -850, "negative cost"),
    )
    for risk, column, value, fault in wrong:
        risk.override[column], risk.fault = value, fault


def _line(number: int, risk: RatedRisk) -> tuple[Cell, ...]:
    unit = risk.unit
    action = risk.actions[0] if risk.actions else None
    planned: tuple[Cell, ...] = (None,) * 5
    if action:
        due, cost = risk.override.get("due", action.due), risk.override.get("cost", action.cost)
        planned = (action.title, action.pilot, due, cost, action.state)
    return (
        number,
        risk.override.get("department", 45),
        unit.direction,
        unit.service,
        unit.site,
        risk.override.get("unit", unit.name),
        risk.wording.family,
        risk.override.get("situation", risk.wording.situation),
        risk.wording.harm,
        risk.exposed,
        risk.override.get("severity", risk.severity),
        risk.frequency,
        risk.control,
        None,
        None,
        " ; ".join(risk.existing),
        *planned,
        risk.rated_on,
    )


def _wanted(column: int) -> dict[str, object]:
    if column == 20:
        return {"num_format": "#,##0"}
    return {"align": "center"} if column in (1, 2, 10, 11, 12, 13, 21) else {}


def _product(risk: RatedRisk) -> int:
    severity = risk.override.get("severity", risk.severity)
    return int(severity) * risk.frequency * risk.control if isinstance(severity, int) else 0
