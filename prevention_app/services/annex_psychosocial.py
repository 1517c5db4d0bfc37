"""The annexes of psychosocial risks: the six dimensions by unit, and the grid of indicators."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Final

from prevention_app.catalogue.description import Kind, Value
from prevention_app.catalogue.exposure_lists import (
    DiagnosisMethod,
    PsychosocialDimension,
    PsychosocialIndicator,
)
from prevention_app.catalogue.exposures import PsychosocialDiagnosis, PsychosocialFigure
from prevention_app.catalogue.health_safety import Accident, HealthSafetyEntry
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.vocabulary import AccidentKind
from prevention_app.domain.document_content import IDENTIFIER, Column
from prevention_app.domain.psychosocial import (
    FEWEST_ANSWERS,
    GridFigure,
    tells_of_strain,
    tells_of_violence,
    untold,
)
from prevention_app.services.annex_source import (
    FEW,
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
from prevention_app.services.lookup import Lookup

KEY: Final = "annex_rps"
GRID_KEY: Final = "annex_rps_grid"
FAMILIES: Final = ("RPS", "AGRE")
"""Codes of the families of psychosocial risks."""
_ABOUT: Final = (
    "Diagnostic collectif par unité sur les six dimensions du collège d’expertise, avec sa "
    "méthode ; rien n’y est coté en gravité × fréquence. En dessous de dix réponses ou "
    "entretiens, le résultat d’une unité ne se dit pas."
)
_GRID_ABOUT: Final = (
    "Grille d’indicateurs (accord-cadre du 22 octobre 2013), trois dernières années. Les accidents "
    "liés à des violences et les signalements sont comptés aux registres, d’après leurs mots ; les "
    "autres chiffres sont saisis. Un nombre de moins de cinq ne se dit pas."
)
_FIELDS: Final = ("dimension", "judgement", "findings", "method", "answers", "made_on")
_COLUMNS: Final = (
    ID, UNIT_ID, REFERENCE, UNIT, *columns_of(PsychosocialDiagnosis, _FIELDS), NOTE
)  # fmt: skip
_GRID_COLUMNS: Final = (
    ID,
    REFERENCE,
    Column("level", "Direction, service ou unité", Kind.TEXT),
    *columns_of(PsychosocialFigure, ("indicator", "year", "value", "source")),
    NOTE,
)
_TOO_FEW: Final = f"Non restitué : moins de {FEWEST_ANSWERS} réponses."
_YEARS: Final = 3
_ENTERED: Final = (
    PsychosocialIndicator.ABSENCE,
    PsychosocialIndicator.TURNOVER,
    PsychosocialIndicator.VISITS,
)
_NOT_AT_WORK: Final = (AccidentKind.COMMUTING, AccidentKind.NEAR_MISS)
EVERYWHERE: Final = "Ensemble du département"


def latest(held: list[PsychosocialDiagnosis]) -> dict[str, PsychosocialDiagnosis]:
    """Of each dimension the latest finding of a unit."""
    found: dict[str, PsychosocialDiagnosis] = {}
    for each in sorted(held, key=lambda one: (str(one.made_on or ""), one.id)):
        found[each.dimension] = each
    return found


def diagnosis_annex(source: Source) -> Annex:
    """The latest diagnosis of each unit; units with a psychosocial risk and without one."""
    rows: list[dict[str, Value]] = []
    gaps: list[Gap] = []
    held = source.of_units(PsychosocialDiagnosis)
    for unit in source.units:
        found = latest(held[unit.id])
        for dimension in PsychosocialDimension:
            each = found.get(dimension.value)
            if each is not None:
                rows.append(_row(source, unit, each))
        absent = [each.label_fr for each in PsychosocialDimension if each.value not in found]
        if absent and (found or _has_risk(source, unit)):
            said = f"Dimensions sans appréciation : {', '.join(absent)}."
            if not found:
                said = "Risque psychosocial sans diagnostic sur les six dimensions."
                blank: dict[str, Value] = {IDENTIFIER: unit.id, "unit_id": unit.id, "note": said}
                rows.append(blank | {"unit": source.mask(unit.name)})
            first = next(each for each in PsychosocialDimension if each.value not in found)
            values: dict[str, Value] = {"work_unit": unit.id, "dimension": first.value}
            gaps.append(Gap(KEY, said, unit.id, unit.name, "psychosocial_diagnosis", values))
    return Annex(
        table(KEY, "Risques psychosociaux : diagnostic", _ABOUT, _COLUMNS, rows), tuple(gaps)
    )


def _has_risk(source: Source, unit: WorkUnit) -> bool:
    return any(source.family_of(each) in FAMILIES for each in source.risks_by_unit[unit.id])


def may_tell(each: PsychosocialDiagnosis) -> bool:
    """Whether so many answered that the result of a unit may be shown."""
    if each.method == DiagnosisMethod.INDICATORS:
        return True
    return each.answers is not None and each.answers >= FEWEST_ANSWERS


def _row(source: Source, unit: WorkUnit, each: PsychosocialDiagnosis) -> dict[str, Value]:
    values = source.told(each, _FIELDS)
    said = ""
    if not may_tell(each):
        values |= dict.fromkeys(("judgement", "findings", "answers"))
        said = _TOO_FEW
        if each.answers is None:
            said = "Non restitué : nombre de réponses ou d’entretiens à renseigner."
    elif each.judgement is None:
        said = "À renseigner : appréciation."
    return {
        IDENTIFIER: f"{unit.id}.{each.dimension}",
        "unit_id": unit.id,
        "unit": source.mask(unit.name),
        "reference": each.reference,
        **values,
        "note": note(said),
    }


# -- the grid ----------------------------------------------------------------------------------


def grid_annex(source: Source) -> Annex:
    """The indicators of the department, its directions and units, year by year."""
    years = range(source.as_at.year, source.as_at.year - _YEARS, -1)
    figures = _entered(source, years)
    for each in (*_violence(source, years), *_strain(source, years)):
        figures.setdefault((each.indicator, each.year, each.level), each)
    hidden = untold(figures.values(), _parts(source))
    names = _names(source)
    rank = {each: at for at, each in enumerate(PsychosocialIndicator)}
    ordered = sorted(
        figures.values(),
        key=lambda each: (rank[each.indicator], bool(each.level), names[each.level], -each.year),
    )
    rows: list[dict[str, Value]] = []
    for each in ordered:
        silent = (each.indicator, each.year, each.level) in hidden
        rows.append(
            {
                IDENTIFIER: f"{each.level}.{each.indicator.value}.{each.year}",
                "reference": each.reference or None,
                "level": source.mask(names[each.level]),
                "indicator": each.indicator.label_fr,
                "year": each.year,
                "value": None if silent else each.value,
                "source": source.mask(each.source),
                "note": FEW if silent else None,
            }
        )
    title = "Risques psychosociaux : grille d’indicateurs"
    made = table(GRID_KEY, title, _GRID_ABOUT, _GRID_COLUMNS, rows)
    return Annex(made, tuple(_missing(figures, source.as_at.year)))


_Grid = dict[tuple[PsychosocialIndicator, int, str], GridFigure]


def _entered(source: Source, years: range) -> _Grid:
    found: _Grid = {}
    held = Lookup(source.read, PsychosocialFigure).live(source.owners)
    for each in sorted(held, key=lambda one: one.id):
        unit = source.paths.work_units.get(each.work_unit)
        org_unit = source.paths.org_units.get(each.org_unit)
        level = unit.id if unit else org_unit.id if org_unit else ""
        indicator = PsychosocialIndicator(each.indicator)
        if each.year in years:
            found[(indicator, each.year, level)] = GridFigure(
                indicator, each.year, level, each.value, each.reference, each.source or "Saisi"
            )
    return found


def _violence(source: Source, years: range) -> list[GridFigure]:
    counts: Counter[tuple[int, str]] = Counter({(year, ""): 0 for year in years})
    for each in Lookup(source.read, Accident).live(source.owners):
        day = each.happened_on
        if (
            day.year in years
            and day <= source.as_at
            and each.kind not in _NOT_AT_WORK
            and tells_of_violence(each.circumstances, each.activity, each.material_element)
        ):
            counts[(day.year, "")] += 1
            if direction := source.paths.of(each).direction_id:
                counts[(day.year, direction)] += 1
    return _figures(PsychosocialIndicator.VIOLENCE, counts, "Compté au registre des accidents")


def _strain(source: Source, years: range) -> list[GridFigure]:
    counts: Counter[tuple[int, str]] = Counter({(year, ""): 0 for year in years})
    for each in Lookup(source.read, HealthSafetyEntry).live(source.owners):
        day = each.reported_on
        if day.year in years and day <= source.as_at and tells_of_strain(each.observation):
            counts[(day.year, "")] += 1
            if direction := source.paths.of(each).direction_id:
                counts[(day.year, direction)] += 1
    return _figures(PsychosocialIndicator.ENTRIES, counts, "Compté au registre RSST")


def _figures(
    indicator: PsychosocialIndicator, counts: Counter[tuple[int, str]], source: str
) -> list[GridFigure]:
    return [
        GridFigure(indicator, year, level, Decimal(count), "", source)
        for (year, level), count in counts.items()
    ]


def _names(source: Source) -> dict[str, str]:
    names = {"": EVERYWHERE}
    names |= {each.id: each.name for each in source.paths.org_units.live(source.owners)}
    names |= {each.id: each.name for each in source.paths.work_units.live(source.owners)}
    return names


def _parts(source: Source) -> dict[str, str]:
    """Each level with the wider one: a unit in its service, a service in what it is part of."""
    orgs = source.paths.org_units
    parts: dict[str, str] = {}
    for unit in source.paths.work_units.live(source.owners):
        above = orgs.get(unit.org_unit)
        parts[unit.id] = above.id if above else ""
    for each in orgs.live(source.owners):
        above = orgs.get(each.parent)
        parts[each.id] = above.id if above else ""
    return parts


def _missing(figures: _Grid, year: int) -> list[Gap]:
    return [
        Gap(
            GRID_KEY,
            f"{each.label_fr} de {year} : chiffre du département à saisir.",
            register="psychosocial_indicator",
            values={"indicator": each.value, "year": year},
        )
        for each in _ENTERED
        if (each, year, "") not in figures
    ]
