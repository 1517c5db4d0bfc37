"""How the annexes are listed in the window: which columns, what a row of theirs shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from prevention_app.catalogue.description import Value
from prevention_app.domain.document_content import Row
from prevention_app.i18n import number_text
from prevention_app.services import (
    annex_cmr,
    annex_factors,
    annex_groups,
    annex_heat,
    annex_psychosocial,
    annex_sexes,
)
from prevention_app.services.annex_source import Gap
from prevention_app.ui import words
from prevention_app.ui.cell_table import Line
from prevention_app.ui.cells import Cell


@dataclass(frozen=True, slots=True)
class Listed:
    """An annex in the list, and the columns of its table on the screen."""

    name: str
    register: str
    """Of the records that are added to it; empty where none are."""
    add: str
    """The words of the button that adds one."""
    second: str
    """What stands under the text of the first column."""
    columns: tuple[tuple[str, str, int], ...]
    """Key, heading, width; those of the width 0 share what is left."""


LISTED: Final[Mapping[str, Listed]] = {
    annex_factors.KEY: Listed(
        "Facteurs de risques (L4161-1)",
        "factor_exposure",
        "Ajouter une exposition",
        "factor",
        (
            ("unit", "Unité de travail", 0),
            ("exposed", "Exposés", 76),
            ("beyond", "Au-delà", 76),
            ("share", "% effectif", 82),
            ("note", "À noter", 0),
        ),
    ),
    annex_cmr.KEY: Listed(
        "CMR",
        "cmr_use",
        "Ajouter un agent CMR",
        "unit",
        (
            ("name", "Agent ou procédé", 0),
            ("category", "Catégorie", 120),
            ("substitution_examined", "Substitution", 92),
            ("note", "À noter", 0),
        ),
    ),
    annex_heat.KEY: Listed(
        "Chaleur",
        "heat_plan",
        "Ajouter un plan chaleur",
        "pilot",
        (
            ("unit", "Unité de travail", 0),
            ("level", "À partir du niveau", 140),
            ("note", "À noter", 0),
        ),
    ),
    annex_psychosocial.KEY: Listed(
        "RPS\u00a0: diagnostic",
        "",
        "",
        "dimension",
        (
            ("unit", "Unité de travail", 0),
            ("judgement", "Appréciation", 112),
            ("made_on", "Établi le", 116),
            ("note", "À noter", 0),
        ),
    ),
    annex_psychosocial.GRID_KEY: Listed(
        "RPS\u00a0: indicateurs",
        "psychosocial_indicator",
        "Ajouter un indicateur",
        "level",
        (
            ("indicator", "Indicateur", 0),
            ("year", "Année", 64),
            ("value", "Valeur", 70),
            ("note", "À noter", 0),
        ),
    ),
    annex_sexes.KEY: Listed(
        "Femmes et hommes",
        "",
        "",
        "unit",
        (
            ("situation", "Situation dangereuse", 0),
            ("women", "Femmes", 72),
            ("men", "Hommes", 72),
            ("sex_impact", "Impact selon le sexe", 150),
            ("note", "À noter", 0),
        ),
    ),
    annex_groups.KEY: Listed(
        "Publics à risques particuliers",
        "group_measure",
        "Ajouter une mesure",
        "risk_group",
        (
            ("measure", "Mesure", 0),
            ("level", "Niveau", 150),
            ("persons", "Nombre", 76),
            ("note", "À noter", 0),
        ),
    ),
}
"""In the order of the document."""

GAPS: Final = (("unit", "Unité de travail", 190), ("text", "Ce qui manque", 0))
_WORDS: Final = frozenset({"category", "level", "sex_impact"})
_NUMBERS: Final = frozenset({"exposed", "beyond", "share", "women", "men", "persons", "value"})


def line_of(listed: Listed, row: Row) -> Line:
    """A row of an annex as cells."""
    first, *others = (key for key, _, _ in listed.columns)
    said = _text(first, row.get(first)) or "À renseigner"
    under = _text(listed.second, row.get(listed.second))
    top = Cell(said, second=under, quiet=not row.get(first), wrapped=not under)
    return [top, *(_cell(key, row.get(key)) for key in others)]


def gap_line(gap: Gap) -> Line:
    """Something that is missing as cells."""
    return [
        Cell(gap.unit or "Tout le département", quiet=not gap.unit, wrapped=True),
        Cell(_said(gap.text), wrapped=True),
    ]


def _cell(key: str, value: Value) -> Cell:
    if key == "note":
        return Cell(_said(str(value or "")), quiet=True, wrapped=True)
    return Cell(_text(key, value), right=key in _NUMBERS, wrapped=key in _WORDS)


def _text(key: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    if isinstance(value, int):
        return str(value) if key == "year" else number_text(value)
    return " ".join(value.split())


def _said(text: str) -> str:
    return words.sentence(text) if text else ""
