"""The annex of heat: a plan for every unit with a thermal risk (R4463-1 to R4463-8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from prevention_app.catalogue.description import DECLARED, Value
from prevention_app.catalogue.exposure_lists import HeatLevel
from prevention_app.catalogue.exposures import HeatPlan
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.domain.document_content import IDENTIFIER
from prevention_app.domain.exposures import OccupationalFactor, factors_in
from prevention_app.services.annex_source import (
    ID,
    NOTE,
    REFERENCE,
    UNIT,
    UNIT_ID,
    Annex,
    Gap,
    Source,
    columns_of,
    note,
    table,
)

KEY: Final = "annex_heat"
LEAST_WATER: Final = Decimal(3)
"""Litres a day and worker where there is no running water."""
_ABOUT: Final = (
    "Ce que fait chaque unité exposée à la chaleur, par niveau de vigilance (décret 2025-482 ; "
    "R4463-1 à -8 ; L4121-3-1, III). Sans eau courante : trois litres d’eau fraîche par jour et "
    "par agent."
)
_MEASURES: Final = ("process", "workplace", "hours", "technical", "equipment", "information")
_FIELDS: Final = (
    "level", "threshold", "pilot", "process", "workplace", "hours", "technical", "running_water",
    "water", "equipment", "information", "vulnerable", "lone_workers",
)  # fmt: skip
_COLUMNS: Final = (ID, UNIT_ID, REFERENCE, UNIT, *columns_of(HeatPlan, _FIELDS), NOTE)
_NONE: Final = "Risque thermique sans plan chaleur."
_THERMAL: Final = "THER"
"""Code of the family of thermal risks."""


def heat_annex(source: Source) -> Annex:
    """The plans of each unit; units with a thermal risk and without a plan."""
    rows: list[dict[str, Value]] = []
    gaps: list[Gap] = []
    plans = source.of_units(HeatPlan)
    order = {each.value: at for at, each in enumerate(HeatLevel)}
    for unit in source.units:
        place: dict[str, Value] = {"unit_id": unit.id, "unit": source.mask(unit.name)}
        for plan in sorted(plans[unit.id], key=lambda each: order[each.level]):
            missing = _missing(plan)
            said = f"À renseigner : {', '.join(missing)}." if missing else ""
            identity = {IDENTIFIER: f"{unit.id}.{plan.level}", "reference": plan.reference}
            rows.append(identity | place | source.told(plan, _FIELDS) | {"note": note(said)})
            if missing:
                told = f"Plan chaleur, à renseigner : {', '.join(missing)}."
                gaps.append(Gap(KEY, told, unit.id, unit.name, "heat_plan", None, plan.reference))
        if not plans[unit.id] and _is_thermal(source, unit):
            rows.append({IDENTIFIER: unit.id, "note": _NONE} | place)
            gaps.append(Gap(KEY, _NONE, unit.id, unit.name, "heat_plan", {"work_unit": unit.id}))
    return Annex(table(KEY, "Plans chaleur", _ABOUT, _COLUMNS, rows), tuple(gaps))


def _is_thermal(source: Source, unit: WorkUnit) -> bool:
    return any(
        source.family_of(each) == _THERMAL
        or OccupationalFactor.TEMPERATURE in factors_in(each.factor)
        for each in source.risks_by_unit[unit.id]
    )


def _missing(plan: HeatPlan) -> list[str]:
    labels = DECLARED[HeatPlan].by_key
    wanted = [
        labels[key].label_fr.lower()
        for key in ("pilot", "hours", "information", "vulnerable", "lone_workers")
        if not getattr(plan, key)
    ]
    if not any(getattr(plan, key) for key in _MEASURES):
        wanted.append("au moins une mesure")
    if plan.running_water is None:
        wanted.append("eau courante (oui ou non)")
    if plan.running_water is False and (plan.water is None or plan.water < LEAST_WATER):
        wanted.append("trois litres d’eau par jour et par agent")
    return wanted
