"""The workbook of jobs: where each is done, by how many women and men, with its typical risks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prevention_app.domain.suppression import hidden_cells, is_small
from prevention_app.exchange.workbook_model import (
    Column,
    GridSheet,
    Line,
    LineKind,
    Look,
    Paper,
    Plain,
    RegisterSheet,
    Sheet,
    Table,
)

FEW = "< 5"
_NOTE = (
    "Les effectifs de moins de cinq personnes, et ceux qui permettraient de les retrouver par "
    f"différence, sont remplacés par « {FEW} »."
)


@dataclass(frozen=True, slots=True)
class CountedJob:
    """A job in a work unit."""

    department: str
    direction: str
    unit: str
    job: str
    women: int | None
    men: int | None
    reference: str


@dataclass(frozen=True, slots=True)
class TypicalRisk:
    """A risk of the library, as a sheet tells it."""

    job: str
    number: str
    family: str
    situation: str
    harm: str
    factor: str
    severity: int | None
    frequency: int | None
    existing: str
    proposed: str


def jobs_sheets(
    counted: Sequence[CountedJob], risks: Sequence[TypicalRisk], *, others: Sequence[str] = ()
) -> list[Sheet]:
    """The sheets of the workbook; `others` are jobs that no unit is known to have."""
    return [_by_job(counted, others), _headcounts(counted), _risks(risks)]


def _told(counted: Sequence[CountedJob]) -> list[tuple[Plain, Plain, Plain]]:
    """Women, men and total of each line, with what tells of too few persons taken out."""
    table = [[each.women or 0, each.men or 0] for each in counted]
    hidden = hidden_cells(table) if table else set[tuple[int, int]]()
    told: list[tuple[Plain, Plain, Plain]] = []
    for row, each in enumerate(counted):
        if each.women is None and each.men is None:
            told.append((None, None, None))
            continue
        total = sum(table[row])
        cells = [
            FEW if (row, column) in hidden else value
            for column, value in enumerate((each.women, each.men))
        ]
        told.append((cells[0], cells[1], FEW if is_small(total) else total))
    return told


def _headcounts(counted: Sequence[CountedJob]) -> RegisterSheet:
    rows = [
        (each.department, each.direction, each.unit, each.job, *told, each.reference)
        for each, told in zip(counted, _told(counted), strict=True)
    ]
    return RegisterSheet(
        name="Effectifs",
        section="Métiers et effectifs",
        title="Effectifs par unité de travail et métier",
        explanation=_NOTE,
        content="Une ligne par unité et métier : femmes, hommes, les mêmes colonnes partout",
        paper=Paper.A3,
        table=Table(
            "t_effectifs_metiers",
            (
                Column("Département", width=18),
                Column("Direction", Look.WRAPPED, 32),
                Column("Unité de travail", Look.WRAPPED, 36),
                Column("Métier", Look.WRAPPED, 36),
                Column("Femmes", Look.INTEGER, 10),
                Column("Hommes", Look.INTEGER, 10),
                Column("Total", Look.INTEGER, 10),
                Column("Référence", width=18, key="reference"),
            ),
            rows,
            len(rows),
        ),
    )


def _by_job(counted: Sequence[CountedJob], others: Sequence[str]) -> GridSheet:
    """Each job with the units that have it, department by department."""
    lines: list[Line] = []
    for job in sorted({each.job for each in counted}, key=str.casefold):
        lines.append(Line((job,), LineKind.SECTION))
        lines += [
            Line((each.department, each.direction, each.unit))
            for each in counted
            if each.job == job
        ]
    if others:
        lines.append(Line(("Sans unité connue",), LineKind.SECTION))
        lines += [Line((each, "", "")) for each in others]
    return GridSheet(
        name="Métiers",
        section="Métiers et effectifs",
        title="Métiers et unités des départements",
        explanation="Pour chaque métier, les unités de travail qui l’exercent.",
        content="Les unités de chaque métier",
        columns=(
            Column("Département", Look.WRAPPED, 40),
            Column("Direction", Look.WRAPPED, 36),
            Column("Unité de travail", Look.WRAPPED, 44),
        ),
        lines=tuple(lines),
    )


def _risks(risks: Sequence[TypicalRisk]) -> RegisterSheet:
    rows = [
        (
            each.job,
            each.number,
            each.family,
            each.situation,
            each.harm,
            each.factor,
            each.severity,
            each.frequency,
            each.existing,
            each.proposed,
        )
        for each in risks
    ]
    return RegisterSheet(
        name="Risques types",
        section="Bibliothèque",
        title="Risques types des métiers",
        explanation=(
            "Gravité et fréquence sont des indications avant maîtrise : chaque risque est à "
            "évaluer dans son unité de travail."
        ),
        content="La bibliothèque : risques, mesures en place et à proposer",
        paper=Paper.A3,
        table=Table(
            "t_risques_types",
            (
                Column("Métier", Look.WRAPPED, 28),
                Column("N°", width=10, key="reference"),
                Column("Famille", Look.WRAPPED, 22),
                Column("Situation dangereuse", Look.WRAPPED, 40),
                Column("Dommages possibles", Look.WRAPPED, 28),
                Column("Facteur L4161-1", Look.WRAPPED, 20),
                Column("G indicative", Look.INTEGER, 10),
                Column("F indicative", Look.INTEGER, 10),
                Column("Mesures souvent en place", Look.WRAPPED, 40),
                Column("Mesures à proposer", Look.WRAPPED, 40),
            ),
            rows,
            len(rows),
        ),
    )
