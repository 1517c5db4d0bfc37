"""The ten published files of E-Phy, and which of them a CSV file is by its headings.

A table is declared once, as an entity of the catalogue: the aliases of its fields are the
published headings. Nothing here knows a heading of its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prevention_app.catalogue.description import DECLARED, Entity, Field
from prevention_app.catalogue.plant_products import (
    ActiveSubstance,
    FertiliserComposition,
    FertiliserUse,
    ParallelTradePermit,
    PlantProductAuthorisedUse,
    PlantProductCondition,
    PlantProductHazardClass,
    PlantProductHazardStatement,
    PlantProductUse,
    PlantProtectionProduct,
)
from prevention_app.catalogue.values import fold
from prevention_app.exchange.ephy_sources import EphySource
from prevention_app.exchange.ephy_text import Survey, read_lines, split_rows

PUBLISHED_NUMBER = "number_as_published"
RANK = "rank"
_ALIKE = 0.93
"""How alike a misspelt heading must be; « min » and « max » of one heading are at 0.92."""
_HEADING_WITHIN = 20
_FEWEST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class EphyFile:
    """One of the ten published files: its name there and the entity that holds its rows."""

    key: str
    entity: Entity

    @property
    def entity_key(self) -> str:
        """The key of the entity."""
        return self.entity.key

    @property
    def columns(self) -> tuple[Field, ...]:
        """The fields that stand in the file, in the declared order."""
        return tuple(each for each in self.entity.fields if each.aliases)

    @property
    def key_fields(self) -> tuple[str, ...]:
        """The fields that tell one row from another."""
        return self.entity.natural_key

    @property
    def needed(self) -> set[str]:
        """The fields without whose columns a file is not this table."""
        own = {each.key for each in self.columns}
        return {each.key for each in self.columns if each.required} | (own & {*self.key_fields})

    @property
    def edition_key(self) -> tuple[str, ...]:
        """The fields by which a row is found again in another edition, as published."""
        published = PUBLISHED_NUMBER in self.entity.by_key
        return (PUBLISHED_NUMBER,) if published else self.key_fields


EPHY_FILES: tuple[EphyFile, ...] = (
    EphyFile("produits", DECLARED[PlantProtectionProduct]),
    EphyFile("produits_usages", DECLARED[PlantProductUse]),
    EphyFile("usages_des_produits_autorises", DECLARED[PlantProductAuthorisedUse]),
    EphyFile("produits_condition_emploi", DECLARED[PlantProductCondition]),
    EphyFile("produits_classe_et_mention_danger", DECLARED[PlantProductHazardClass]),
    EphyFile("produits_phrases_de_risque", DECLARED[PlantProductHazardStatement]),
    EphyFile("permis_de_commerce_parallele", DECLARED[ParallelTradePermit]),
    EphyFile("substance_active", DECLARED[ActiveSubstance]),
    EphyFile("mfsc_et_mixte_composition", DECLARED[FertiliserComposition]),
    EphyFile("mfsc_et_mixte_usage", DECLARED[FertiliserUse]),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file is laid out: its table, its separator, which column holds which field."""

    file: EphyFile
    separator: str
    heading_line: int
    width: int
    """Columns with a heading; a separator at the end of lines adds an empty one."""
    fields: tuple[tuple[int, Field], ...]
    unknown: tuple[str, ...] = ()
    guessed: tuple[tuple[str, str], ...] = ()
    """Misspelt headings with the heading that each was taken for."""


def recognise(source: EphySource, known: Survey) -> Layout | list[str]:
    """The layout of a file by its headings, or the headings found when it is none of the ten."""
    first: list[str] = []
    for line in read_lines(source, known):
        if line.number > _HEADING_WITHIN:
            break
        best: Layout | None = None
        for separator in (";", "\t", ",", "|"):
            cells = next(split_rows(iter([line]), separator))[1]
            first = first or [each.strip() for each in cells if each.strip()]
            for candidate in _layouts(cells, separator, line.number):
                best = max(best or candidate, candidate, key=lambda each: _fit(each, source.name))
        if best is not None:
            return best
    return first


def _layouts(cells: Sequence[str], separator: str, number: int) -> Iterator[Layout]:
    headings = [fold(re.sub(r"\s+", " ", each)) for each in cells]
    for file in EPHY_FILES:
        layout = _layout(file, headings, separator, number)
        found = {each.key for _, each in layout.fields}
        if file.needed <= found and len(found) >= _FEWEST_COLUMNS:
            yield layout


def _layout(file: EphyFile, headings: list[str], separator: str, number: int) -> Layout:
    carried: dict[str, list[Field]] = {}
    for each in file.columns:
        for alias in each.aliases:
            carried.setdefault(fold(alias), []).append(each)
    fields: dict[str, tuple[int, Field]] = {}
    unmatched: list[int] = []
    for column, heading in enumerate(headings):
        field = _first_free(carried.get(heading, []), fields)
        if field is not None:
            fields[field.key] = (column, field)
        elif heading:
            unmatched.append(column)
    unknown: list[str] = []
    guessed: list[tuple[str, str]] = []
    for column in unmatched:
        close = difflib.get_close_matches(headings[column], carried, n=1, cutoff=_ALIKE)
        field = _first_free(carried[close[0]], fields) if close else None
        if field is None:
            unknown.append(headings[column])
        else:
            fields[field.key] = (column, field)
            guessed.append((headings[column], close[0]))
    width = max((column + 1 for column, heading in enumerate(headings) if heading), default=0)
    return Layout(
        file, separator, number, width, tuple(fields.values()), tuple(unknown), tuple(guessed)
    )


def _first_free(candidates: list[Field], taken: dict[str, tuple[int, Field]]) -> Field | None:
    """Of the fields that share a heading, the first that has no column yet."""
    return next((each for each in candidates if each.key not in taken), None)


def _fit(layout: Layout, name: str) -> tuple[int, bool]:
    """How well a table explains the headings; the file's name only settles a tie."""
    return len(layout.fields) - len(layout.unknown), fold(name).startswith(layout.file.key)
