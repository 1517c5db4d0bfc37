"""The annex of groups at particular risk: measures, counted only where nobody is recognised."""

from __future__ import annotations

from typing import Final

from prevention_app.catalogue.description import Kind, Value
from prevention_app.catalogue.exposure_lists import RiskGroup
from prevention_app.catalogue.exposures import GroupMeasure
from prevention_app.catalogue.values import fold
from prevention_app.domain.disclosure import Sum, held_back
from prevention_app.domain.document_content import IDENTIFIER, Column
from prevention_app.domain.suppression import is_small
from prevention_app.services.annex_source import (
    FEW,
    ID,
    NOTE,
    REFERENCE,
    UNIT_ID,
    Annex,
    Gap,
    Source,
    columns_of,
    table,
)
from prevention_app.services.lookup import Lookup

KEY: Final = "annex_groups"
EVERYWHERE: Final = "Ensemble du département"
_ABOUT: Final = (
    "Mesures pour les agents que la loi protège à part : des groupes, jamais des personnes. Un "
    "nombre n’est dit qu’à partir de cinq personnes au niveau indiqué."
)
_FIELDS: Final = ("risk_group", "measure", "persons")
_COLUMNS: Final = (
    ID,
    UNIT_ID,
    REFERENCE,
    Column("level", "Niveau", Kind.TEXT, "Unité, direction ou service, ou département."),
    *columns_of(GroupMeasure, _FIELDS),
    NOTE,
)
_EXPECTED: Final = (RiskGroup.PREGNANT, RiskGroup.YOUNG, RiskGroup.DISABLED, RiskGroup.LONE)
"""Groups for which every employer has something to say."""


def groups_annex(source: Source) -> Annex:
    """The measures by group, the widest level first; expected groups without any."""
    held = Lookup(source.read, GroupMeasure).live(source.owners)
    rank = {each.value: at for at, each in enumerate(RiskGroup)}
    levels = {each.id: _level(source, each) for each in held}
    hidden = _untold(source, held, levels)
    rows: list[dict[str, Value]] = []
    for each in sorted(
        held, key=lambda one: (rank[one.risk_group], fold(levels[one.id][1]), one.id)
    ):
        values = source.told(each, _FIELDS)
        silent = (each.risk_group, levels[each.id][0]) in hidden
        if silent:
            values["persons"] = None
        unit = source.paths.work_units.get(each.work_unit)
        rows.append(
            {
                IDENTIFIER: each.id,
                "unit_id": unit.id if unit else None,
                "reference": each.reference,
                "level": source.mask(levels[each.id][1]),
                **values,
                "note": FEW if silent else None,
            }
        )
    said = {each.risk_group for each in held}
    gaps = [
        Gap(
            KEY,
            f"{each.label_fr} : aucune mesure n’est dite.",
            register="group_measure",
            values={"risk_group": each.value},
        )
        for each in _EXPECTED
        if each.value not in said
    ]
    title = "Publics à risques particuliers"
    return Annex(table(KEY, title, _ABOUT, _COLUMNS, rows), tuple(gaps))


def _level(source: Source, each: GroupMeasure) -> tuple[str, str]:
    """Id and name of the level that a measure is for."""
    place = source.paths.work_units.get(each.work_unit) or source.paths.org_units.get(each.org_unit)
    return (place.id, place.name) if place else ("", EVERYWHERE)


def _untold(
    source: Source, held: list[GroupMeasure], levels: dict[str, tuple[str, str]]
) -> set[tuple[str, str]]:
    """Which numbers (group, level) would tell of few, themselves or by subtraction."""
    counts: dict[tuple[str, str], int] = {}
    for each in held:
        if each.persons is not None:
            key = (each.risk_group, levels[each.id][0])
            counts[key] = max(counts.get(key, 0), each.persons)
    told = set(counts)
    sums: list[Sum[tuple[str, str]]] = []
    for group, level in sorted(told):
        below = [key for key in told if key[0] == group and _is_within(source, key[1], level)]
        left = counts[(group, level)] - sum(counts[key] for key in below)
        if below and left >= 0:
            counts[(group, f"rest of {level}")] = left
            sums.append(Sum((group, level), (*sorted(below), (group, f"rest of {level}"))))
    few = {key for key in told if is_small(counts[key])}
    return few | held_back(counts, told, sums)


def _is_within(source: Source, level: str, wider: str) -> bool:
    """Whether a level is the next one inside another: all numbers of a group stand beside it."""
    if not level or level == wider:
        return False
    unit = source.paths.work_units.get(level)
    above = unit.org_unit if unit else getattr(source.paths.org_units.get(level), "parent", None)
    found = source.paths.org_units.get(above)
    return (found.id if found else "") == wider
