"""What the demonstration says of exposures, heat and psychosocial risks: all of it fictional."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, cast

from prevention_app.catalogue.exposure_lists import (
    CmrCategory,
    DiagnosisMethod,
    FigureBasis,
    HeatLevel,
    Judgement,
    OccupationalFactor,
    PsychosocialDimension,
    PsychosocialIndicator,
    RiskGroup,
)
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.work import Work

FILL: Final = "Annexes de la démonstration"
"""Name of the change, as history calls it."""
DEPARTMENT: Final = "45"
"""The department that the demonstration opens on."""

_ROAD, _WORKSHOP = (
    "CE Bellegrange - exploitation de la route",
    "Parc - atelier poids lourds et engins",
)
_GREEN, _LABORATORY = "Espaces naturels - équipe de Bellegrange", "Laboratoire - hydrologie"
_CLEANING, _HOME = "Collège La Garenne - entretien", "Foyer La Ferté-Aubray - équipe éducative"
_SOCIAL = "MDD Fleuray-aux-Bois - action sociale"
_FACTORS: Final = (
    # unit, factor, women, men, beyond, measured
    (_WORKSHOP, OccupationalFactor.NOISE, 3, 20, 6, True),
    (_WORKSHOP, OccupationalFactor.VIBRATION, 0, 12, 0, False),
    (_ROAD, OccupationalFactor.NOISE, 1, 20, 0, False),
    (_ROAD, OccupationalFactor.TEMPERATURE, 1, 22, 0, False),
    (_GREEN, OccupationalFactor.NOISE, 4, 12, 5, True),
    (_CLEANING, OccupationalFactor.POSTURES, 12, 6, 7, False),
    (_HOME, OccupationalFactor.NIGHT, 16, 12, 9, False),
)
_CMR: Final = (
    # unit, name, category, women, men, result of the study
    (
        _WORKSHOP,
        "Gaz d’échappement des moteurs diesel",
        CmrCategory.PROCESS,
        3,
        20,
        "Pas de remplacement possible à l’essai moteur : captage à la source, portes ouvertes.",
    ),
    (_LABORATORY, "Formaldéhyde en solution", CmrCategory.CAT_1B, 8, 5, ""),
    (
        _GREEN,
        "Poussières de bois (broyage)",
        CmrCategory.PROCESS,
        4,
        12,
        "Broyage en plein air, poste dos au vent ; location d’un broyeur capoté à l’étude.",
    ),
)
_HEAT: Final = (
    # unit, threshold, pilot, hours, litres
    (_ROAD, "28 °C à l’ombre", "Responsable de centre", "Prise de service à 6 h", 3),
    (_GREEN, "28 °C à l’ombre", "Responsable d’équipe", "Fin de journée à 13 h", 3),
    (_WORKSHOP, "30 °C à l’atelier", "Responsable d’atelier", "Pause de 10 min par heure", 2),
)
_DIAGNOSES: Final = (
    # unit, method, answers, judgements in the order of the six dimensions
    (_SOCIAL, DiagnosisMethod.SEVERAL, 41, "343221"),
    (_HOME, DiagnosisMethod.QUESTIONNAIRE, 27, "332321"),
    (_WORKSHOP, DiagnosisMethod.INTERVIEWS, 12, "211112"),
    (_CLEANING, DiagnosisMethod.INTERVIEWS, 7, "222211"),
)
_FOUND: Final = {
    "3": "Plusieurs équipes le disent, exemples à l’appui.",
    "4": "Situations de violence et charge affective, sans temps de reprise.",
}
_INDICATORS: Final = (
    (PsychosocialIndicator.ABSENCE, "7.8"),
    (PsychosocialIndicator.TURNOVER, "9.4"),
    (PsychosocialIndicator.VISITS, "38"),
)
_GROUPS: Final = (
    (RiskGroup.PREGNANT, "Retrait des produits CMR et du port de charges dès la déclaration", None),
    (RiskGroup.TRAINEES, "Tutorat, pas de machine dangereuse sans dérogation", 24),
    (RiskGroup.LONE, "Dispositif d’alarme pour travailleur isolé, essai chaque mois", None),
    (RiskGroup.SEASONAL, "Accueil à la sécurité au poste le premier jour", 16),
)


def fill(store: Store) -> int:
    """Write the records of the annexes of one department as one change; returns how many."""
    today = store.today()
    with store.reading() as read:
        query = Query("work_unit", owners=(DEPARTMENT,))
        units = {each.name: each.id for each in cast("list[WorkUnit]", read.records(query))}
    with store.change(FILL) as work:
        return sum(
            _add(work, register, values)
            for register, values in _records(today)
            if _placed(values, units)
        )


def _placed(values: dict[str, Any], units: Mapping[str, str]) -> bool:
    """Put the unit's id where its name stands; a unit that is not there is left out."""
    if "work_unit" not in values:
        return True
    values["work_unit"] = units.get(values["work_unit"])
    return values["work_unit"] is not None


def _add(work: Work, register: str, values: Mapping[str, Any]) -> int:
    work.new(register, owner=DEPARTMENT, **values)
    return 1


def _records(today: date) -> list[tuple[str, dict[str, Any]]]:
    spring = today - timedelta(days=160)
    found: list[tuple[str, dict[str, Any]]] = []
    for unit, factor, women, men, beyond, measured in _FACTORS:
        basis = FigureBasis.MEASURED if measured else FigureBasis.ESTIMATED
        found.append(
            (
                "factor_exposure",
                {
                    "work_unit": unit,
                    "factor": factor,
                    "women": women,
                    "men": men,
                    "beyond": beyond,
                    "basis": basis,
                    "assessed_on": spring,
                },
            )
        )
    for unit, name, category, women, men, result in _CMR:
        found.append(
            (
                "cmr_use",
                {
                    "work_unit": unit,
                    "name": name,
                    "category": category,
                    "women": women,
                    "men": men,
                    "substitution_examined": bool(result),
                    "substitution": result or None,
                    "examined_on": spring if result else None,
                },
            )
        )
    for unit, threshold, pilot, hours, litres in _HEAT:
        found.append(
            (
                "heat_plan",
                {
                    "work_unit": unit,
                    "level": HeatLevel.YELLOW,
                    "threshold": threshold,
                    "pilot": pilot,
                    "hours": hours,
                    "technical": "Ombre portée, ventilation des locaux de pause",
                    "running_water": unit == _WORKSHOP,
                    "water": litres,
                    "information": "Causerie de début d’été, affiche au vestiaire",
                    "vulnerable": "Tâches légères le matin, avis du médecin du travail",
                    "lone_workers": None if unit == _ROAD else "Appel toutes les deux heures",
                },
            )
        )
    found += _psychosocial(today)
    for group, measure, persons in _GROUPS:
        found.append(
            ("group_measure", {"risk_group": group, "measure": measure, "persons": persons})
        )
    return found


def _psychosocial(today: date) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for unit, method, answers, judged in _DIAGNOSES:
        for dimension, judgement in zip(PsychosocialDimension, judged, strict=True):
            found.append(
                (
                    "psychosocial_diagnosis",
                    {
                        "work_unit": unit,
                        "dimension": dimension,
                        "judgement": Judgement(judgement),
                        "findings": _FOUND.get(judgement),
                        "method": method,
                        "answers": answers,
                        "made_on": today - timedelta(days=75),
                    },
                )
            )
    for indicator, value in _INDICATORS:
        told = {"year": today.year - 1, "indicator": indicator, "value": Decimal(value)}
        found.append(("psychosocial_indicator", {**told, "source": "Bilan social (fictif)"}))
    return found
