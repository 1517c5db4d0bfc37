"""The workbook of a sealed version: what it says of itself, then a sheet for each of its tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from prevention_app.catalogue.description import Kind
from prevention_app.domain.document_content import IDENTIFIER, LEVELS, DocumentContent
from prevention_app.domain.document_content import Column as ContentColumn
from prevention_app.domain.document_content import Table as ContentTable
from prevention_app.domain.sealed_facts import VersionFacts
from prevention_app.exchange.consolidated import SERVICE, sheet_name
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import (
    Column,
    GridSheet,
    Line,
    LineKind,
    Link,
    Look,
    Paint,
    Paper,
    RegisterSheet,
    Sheet,
    Tab,
    Table,
    Workbook,
)
from prevention_app.exchange.workbook_writer import CONTENTS, MOST_ROWS

LOOKS: Final = {
    Kind.INTEGER: Look.INTEGER,
    Kind.DECIMAL: Look.NUMBER,
    Kind.MONEY: Look.MONEY,
    Kind.DATE: Look.DATE,
    Kind.DATETIME: Look.DATETIME,
    Kind.YES_NO: Look.CENTRED,
    Kind.LONG_TEXT: Look.WRAPPED,
}
_WIDTHS: Final = {Look.WRAPPED: 44.0, Look.TEXT: 22.0, Look.DATE: 11.0, Look.MONEY: 12.0}
_LARGE_PAPER_FROM: Final = 190
_VERSION: Final = "Version"
_CODES: Final = frozenset({"Code"})
"""Headings of ids that people read."""


def sealed_workbook(content: DocumentContent, facts: VersionFacts) -> Workbook:
    """All of a version as a workbook."""
    taken = {CONTENTS.casefold(), _VERSION.casefold()}
    paints = _paints(content)
    sheets = [
        _sheet(each, sheet_name(each.title_fr, taken), paints) for each in content.tables.values()
    ]
    cover = _cover(facts)
    return workbook_of(facts, [cover, _contents([cover, *sheets]), *sheets])


def workbook_of(facts: VersionFacts, sheets: Sequence[Sheet]) -> Workbook:
    """A workbook that bears the name of a version on every page."""
    title = f"Document unique {facts.name}"
    return Workbook(
        title=title,
        subject=f"{title}, {facts.status}",
        company=facts.employer,
        author=SERVICE,
        keywords="prévention, document unique, version figée",
        properties={"version": facts.name, "figee_le": facts.sealed_on.isoformat()},
        header=(facts.employer, f"{facts.name}, {facts.status}"),
        footer=(f"À conserver jusqu’au {facts.kept_until:%d/%m/%Y}", SERVICE),
        sheets=tuple(sheets),
    )


def _cover(facts: VersionFacts) -> GridSheet:
    lines = [Line((what, typeset(said)), bold_first=True) for what, said in facts.lines()]
    lines.append(Line(("Ce qui manquait quand elle a été figée",), LineKind.SECTION))
    missing = facts.missing or ("Rien ne manquait.",)
    lines += [Line((None, typeset(each))) for each in missing]
    return GridSheet(
        name=_VERSION,
        title=f"Document unique {facts.name}",
        explanation="Fonctions, jamais de noms. Les fichiers voisins disent comment vérifier.",
        columns=(
            Column("Quoi", Look.WRAPPED, 40),
            Column("Ce qu’en dit la version", Look.WRAPPED, 100),
        ),
        lines=tuple(lines),
        content="Ce que la version dit d’elle-même, et ce qui manquait",
        one_page=True,
    )


def _contents(sheets: Sequence[Sheet]) -> GridSheet:
    lines = [
        Line(
            (
                Link(each.name, each.name),
                typeset(each.content or each.title),
                each.table.count if isinstance(each, RegisterSheet) else None,
            )
        )
        for each in sheets
    ]
    return GridSheet(
        name=CONTENTS,
        title=CONTENTS,
        explanation="Cliquez sur le nom d’une feuille pour l’ouvrir.",
        columns=(
            Column("Feuille", Look.LINK, 34),
            Column("Contenu", Look.WRAPPED, 80),
            Column("Lignes", Look.INTEGER, 10),
        ),
        lines=tuple(lines),
        one_page=True,
    )


def _sheet(table: ContentTable, name: str, paints: tuple[Paint, ...]) -> RegisterSheet:
    columns = _columns(table, paints)
    keys = [each.key for each in columns]
    count = min(len(table.rows), MOST_ROWS)
    rows = (tuple(row.get(key) for key in keys) for row in islice(table.rows, count))
    width = sum(each.width for each in columns if not each.hidden)
    return RegisterSheet(
        name=name,
        title=table.title_fr,
        explanation=table.explanation_fr,
        tab=Tab.REGISTER,
        paper=Paper.A3 if width > _LARGE_PAPER_FROM else Paper.A4,
        table=Table("V_" + re.sub(r"\W", "_", table.key), columns, rows, count),
        frozen=1,
        content=table.explanation_fr or table.title_fr,
    )


def _columns(table: ContentTable, paints: tuple[Paint, ...]) -> tuple[Column, ...]:
    """The columns in their order, ids hidden behind them: the title stands over the first one."""
    heads = _headings(table)
    made = [_column(each, head, paints) for each, head in zip(table.columns, heads, strict=True)]
    if all(each.hidden for each in made):
        return tuple(replace(each, hidden=False) for each in made)
    return tuple(sorted(made, key=lambda each: each.hidden))


def _paints(content: DocumentContent) -> tuple[Paint, ...]:
    """The colours of the levels, as the methods of this content have them."""
    found = {
        str(row["label"]): Paint(str(row["label"]), str(row["fill"]), str(row["text"]), bold=True)
        for row in (content.tables[LEVELS].rows if LEVELS in content.tables else ())
    }
    return tuple(found.values())


def _headings(table: ContentTable) -> list[str]:
    """The labels, told apart where two columns bear the same: Excel wants it."""
    taken: set[str] = set()
    found: list[str] = []
    for each in table.columns:
        head, number = " ".join(each.label_fr.split()) or each.key, 1
        while head.casefold() in taken:
            number += 1
            head = f"{each.label_fr} ({number})"
        taken.add(head.casefold())
        found.append(head)
    return found


def _column(column: ContentColumn, heading: str, paints: tuple[Paint, ...]) -> Column:
    look = LOOKS.get(column.kind, Look.TEXT)
    joins = column.key == IDENTIFIER or column.key.endswith("_id")
    rated = column.key.endswith("_level")
    return Column(
        heading,
        Look.CENTRED if rated else look,
        _WIDTHS.get(look, 12.0),
        column.key,
        paints=paints if rated else (),
        hidden=joins and heading not in _CODES,
    )
