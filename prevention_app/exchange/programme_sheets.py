"""The workbook of one yearly programme: its figures, then its measures as the law lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prevention_app.domain.indicators import share
from prevention_app.domain.programme import Balance, YearFigures
from prevention_app.exchange.consolidated import Occasion, Row, plan_sheet, sheets_workbook
from prevention_app.exchange.consolidated_columns import plans
from prevention_app.exchange.workbook_model import (
    Cell,
    Column,
    GridSheet,
    Line,
    LineKind,
    Look,
    Paper,
    Workbook,
)

_NOTHING = "–"


def programme_workbook(
    occasion: Occasion,
    whole: YearFigures,
    directions: Sequence[YearFigures],
    balance: Balance,
    rows: Sequence[Row],
    scope: str = "",
) -> Workbook:
    """The programme of a year; `scope` names the unit that it is of."""
    plan = next(each for each in plans(occasion.method, whole.year) if each.key == "programme")
    figures = _figures_sheet(whole, directions, balance, scope)
    # Its remark leads to a sheet that this workbook does not have.
    return sheets_workbook(occasion, [figures, plan_sheet(replace(plan, remark=""), rows)])


def _figures_sheet(
    whole: YearFigures, directions: Sequence[YearFigures], balance: Balance, scope: str
) -> GridSheet:
    lines = [
        Line(("Programme par direction",), LineKind.SECTION),
        *(Line(_cells(each, each.label)) for each in directions),
        Line(_cells(whole, f"Total {whole.year}"), LineKind.TOTAL),
        Line((f"Bilan du programme {balance.figures.year}",), LineKind.SECTION),
        Line(_cells(balance.figures, f"Programme {balance.figures.year}")),
    ]
    of = f" – {scope}" if scope else ""
    return GridSheet(
        name="Bilan",
        title=f"Programme annuel {whole.year} : réalisation et crédits{of}",
        explanation=(
            "Taux : terminées sur le total sans les abandonnées, mesures reportées à part. "
            "Le retard se juge sur l’échéance d’origine."
        ),
        content="Réalisation et crédits par direction, bilan de l’année précédente",
        section="Synthèse",
        paper=Paper.A3,
        columns=(
            Column("Direction", Look.WRAPPED, 32),
            Column("Mesures", Look.INTEGER, 10),
            Column("Terminées", Look.INTEGER, 10),
            Column("Abandonnées", Look.INTEGER, 11),
            Column("Taux", Look.TENTHS, 9),
            Column("Taux en coût", Look.TENTHS, 10),
            Column("En retard", Look.INTEGER, 10),
            Column("Reportées", Look.INTEGER, 10),
            Column("dont terminées", Look.INTEGER, 11),
            Column("Prévu", Look.MONEY, 13),
            Column("dont reporté", Look.MONEY, 13),
            Column("Engagé", Look.MONEY, 13),
            Column("Réalisé", Look.MONEY, 13),
            Column("Crédits votés", Look.MONEY, 13),
            Column("Engagé / votés", Look.TENTHS, 11),
        ),
        lines=tuple(lines),
        notes=(
            *_balance_notes(balance),
            (
                "Prévu : mesures de l’année et reportées, abandons compris. Réalisé : coût réel "
                "des mesures terminées."
            ),
        ),
        one_page=True,
    )


def _cells(figures: YearFigures, label: str) -> tuple[Cell, ...]:
    own, carried = figures.own, figures.carried
    committed = share(figures.committed, figures.voted)
    return (
        label,
        own.progress.total,
        own.progress.finished,
        own.progress.abandoned,
        _or_nothing(own.rate),
        _or_nothing(own.rate_by_cost),
        figures.late,
        carried.progress.total,
        carried.progress.finished,
        figures.planned,
        carried.money.planned,
        figures.committed,
        figures.spent,
        _NOTHING if figures.voted is None else figures.voted,
        _or_nothing(committed),
    )


def _or_nothing(rate: float | None) -> Cell:
    return _NOTHING if rate is None else rate


def _balance_notes(balance: Balance) -> tuple[str, ...]:
    year = balance.figures.year
    if not balance.unfinished:
        return (f"Programme {year} : tout est terminé ou abandonné.",)
    told = f"Programme {year} : {balance.unfinished} mesures non terminées, dont "
    return (f"{told}{balance.carried_on} reportées au programme suivant.",)
