"""What the three document uniques say: rated risks of chosen units, and the actions planned."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from demo_files.looks import Cell
from demo_files.organisation import Unit
from demo_files.scope import day_between
from demo_files.wording import Wording, wordings

CHOSEN = {
    "41": {"CER": 3, "ATEL": 1, "ESPV": 1, "COLE": 2, "COLR": 2, "COLM": 1, "SOC": 1, "PMI": 1,
           "LABO": 1, "BATI": 1},
    "45": {"CER": 5, "ATEL": 1, "ESPV": 2, "COLE": 4, "COLR": 3, "COLM": 1, "SOC": 2, "PMI": 1,
           "LABO": 1, "ARCH": 1, "MUSE": 1, "ENFA": 1, "NUM": 1, "MDPH": 1, "ADMI": 1},
    "28": {"CER": 4, "ATEL": 1, "ESPV": 1, "COLE": 3, "COLR": 2, "COLM": 1, "SOC": 1, "PMI": 1,
           "BATI": 1, "TRSP": 1, "MDPH": 1, "ADMI": 1},
}  # fmt: skip
"""How many units of each type are written down in the document unique of each employer."""

PILOTS = {
    "CER": ("Chef de centre d'exploitation", "Chef du service routes", "Parc départemental"),
    "ATEL": ("Chef d'atelier", "Responsable du parc", "Acheteur du parc"),
    "TRSP": ("Responsable logistique", "Chef de service"),
    "ESPV": ("Chef d'équipe espaces naturels", "Responsable espaces naturels"),
    "COLE": ("Gestionnaire du collège", "Responsable des agents des collèges"),
    "COLR": ("Chef de cuisine", "Conseiller restauration", "Gestionnaire du collège"),
    "COLM": ("Chef d'équipe mobile", "Responsable des agents des collèges"),
    "SOC": ("Responsable de circonscription", "Direction de l'action sociale"),
    "PMI": ("Médecin responsable de PMI", "Cadre de santé PMI"),
    "LABO": ("Responsable de laboratoire", "Responsable qualité"),
    "ARCH": ("Directeur des archives", "Responsable des magasins"),
    "MUSE": ("Responsable du site", "Régisseur principal"),
    "BATI": ("Responsable de la régie", "Chef d'équipe bâtiment"),
    "ENFA": ("Directeur du foyer", "Cadre éducatif"),
    "NUM": ("Directeur des systèmes d'information", "Responsable reprographie"),
    "MDPH": ("Responsable de l'accueil", "Direction de l'autonomie"),
    "ADMI": ("Chef de service", "Direction des ressources humaines"),
}
NAMED_PILOTS = ("M. Garreau", "Mme D. Lacroix", "Mme Sabourin", "M. P. Tardif")
"""A few actions are still followed by a person rather than by a function."""

_PILOT_BY_WORD = (
    (("Formation", "PRAP", "Recyclage", "CATEC", "R408"), "Service formation"),
    (("accination", "médecin", "Médico", "audiom"), "Médecin de prévention"),
    (("Mesur", "Plan chaleur", "Étude ergo", "Évaluation ergo", "DATI", "Questionnaire"), "Conseiller de prévention"),
    (("Réfection", "Plafond", "Éclairage", "toiture", "Accès", "Hotte", "Ventilation"), "Direction des bâtiments"),
)  # fmt: skip
_COSTS_BY_WORD = (
    (("Consigne", "Procédure", "Protocole", "Interdiction", "Charte", "Règle", "Fiche", "Pauses",
      "Rotation", "Roulement", "Limiter", "Appel", "Suivi", "Signalement", "Planification"), ()),
    (("Formation", "PRAP", "Recyclage", "CATEC", "Supervision", "Débriefing"), (450, 850, 1200, 1950, 3200)),
    (("Étude", "Mesur", "Diagnostic", "Repérage", "Cartographie", "Questionnaire"), (1200, 2400, 3900, 6500)),
    (("Autolaveuse", "Hotte", "Four", "Marmite", "PEMP", "Grue", "Cabine", "Plafond", "Réfection",
      "Accès", "Monte-escalier", "Captage", "Remplacement", "Véhicules", "Plonge", "toiture"),
     (4800, 7600, 12500, 18900, 27400)),
    (("Kit", "Gants", "Trousse", "Chariot", "Marchepied", "Éclairage", "Siège", "Casque", "DATI",
      "Armoire", "Bouton", "Écran", "PIRL", "Marquage", "Bac", "Harnais", "Lunettes"),
     (180, 350, 620, 980, 1450, 2400)),
)  # fmt: skip


@dataclass(slots=True)
class Action:
    """A planned action as its line shows it."""

    title: str
    pilot: str
    due: date
    cost: int | None
    state: str
    """À faire, En cours, Réalisé, Reporté or Abandonné."""


@dataclass(slots=True)
class RatedRisk:
    """A situation of a unit with its rating, measures and actions; and what is wrong on purpose."""

    unit: Unit
    wording: Wording
    severity: int
    frequency: int
    control: int
    exposed: int
    existing: tuple[str, ...]
    actions: list[Action]
    rated_on: date
    override: dict[str, Cell] = field(default_factory=dict)
    """Values written in place of the right ones, by name of the column."""
    fault: str = ""

    @property
    def criticality(self) -> int:
        """Severity × frequency × control, from 1 to 64."""
        return self.severity * self.frequency * self.control

    @property
    def level(self) -> str:
        """The level of the house's own scale."""
        return level_of(self.criticality)


def level_of(criticality: int) -> str:
    """The level that a criticality falls into; what is beyond the scale is « critique » too."""
    steps = ((8, "faible"), (18, "modéré"), (32, "important"))
    return next((name for most, name in steps if criticality <= most), "critique")


def chosen_units(units: list[Unit], code: str) -> list[Unit]:
    """The units of one employer that its document unique covers, in the order of the chart."""
    left = dict(CHOSEN[code])
    chosen: list[Unit] = []
    for unit in units:
        covered = unit.department == code and left.get(unit.kind, 0) > 0 and unit.headcount > 4
        at_work_together = unit.kind not in ("SOC", "ENFA") or not unit.site.startswith("Hôtel")
        if covered and at_work_together:
            left[unit.kind] -= 1
            chosen.append(unit)
    return chosen


def rate(unit: Unit, rng: random.Random) -> list[RatedRisk]:
    """The rated risks of a unit, ordered by hazard family as in the library."""
    known = wordings()[unit.kind]
    most = min(len(known), 13)
    kept = sorted(rng.sample(range(len(known)), rng.randint(min(most, 9), most)))
    rated_on = day_between(rng, date(2026, 1, 12), date(2026, 10, 30))
    risks = [_rate_one(unit, known[rank], rated_on, rng) for rank in kept]
    families = list(dict.fromkeys(risk.wording.family for risk in risks))
    return sorted(risks, key=lambda risk: families.index(risk.wording.family))


def _rate_one(unit: Unit, wording: Wording, rated_on: date, rng: random.Random) -> RatedRisk:
    shift = rng.choices((-1, 0, 1), (12, 78, 10))[0]
    existing = [measure for measure in wording.existing if rng.random() < 0.8]
    risk = RatedRisk(
        unit=unit,
        wording=wording,
        severity=wording.severity,
        frequency=min(4, max(1, wording.frequency + shift)),
        control=rng.choices((1, 2, 3, 4), (18, 42, 29, 11))[0],
        exposed=_exposed(unit.headcount, rng),
        existing=tuple(existing or wording.existing[:1]),
        actions=[],
        rated_on=rated_on,
    )
    for title in _picked_titles(risk, rng):
        risk.actions.append(_plan(unit.kind, title, risk.level, rng))
    return risk


def _exposed(headcount: int, rng: random.Random) -> int:
    return max(1, round(headcount * rng.choice((0.25, 0.5, 0.75, 1.0))))


def _picked_titles(risk: RatedRisk, rng: random.Random) -> list[str]:
    """More actions the more critical the risk."""
    counts = {
        "faible": (0, 0, 0, 1),
        "modéré": (0, 1, 1, 1),
        "important": (1, 1, 2, 2),
        "critique": (1, 2, 2, 3),
    }
    wanted = min(rng.choice(counts[risk.level]), len(risk.wording.proposed))
    picked = rng.sample(range(len(risk.wording.proposed)), wanted)
    return [risk.wording.proposed[rank] for rank in sorted(picked)]


_WHEN = {
    "Réalisé": (date(2025, 4, 1), date(2026, 10, 30)),
    "En cours": (date(2026, 9, 1), date(2027, 6, 30)),
    "À faire": (date(2026, 10, 1), date(2027, 12, 17)),
    "Reporté": (date(2027, 1, 4), date(2027, 12, 17)),
    "Abandonné": (date(2025, 6, 1), date(2026, 9, 30)),
}


def _plan(kind: str, title: str, level: str, rng: random.Random) -> Action:
    weights = (24, 30, 38, 5, 3) if level in ("important", "critique") else (32, 22, 36, 6, 4)
    state = rng.choices(tuple(_WHEN), weights)[0]
    late = state in ("En cours", "À faire") and rng.random() < 0.16
    first, last = (date(2026, 2, 2), date(2026, 11, 13)) if late else _WHEN[state]
    return Action(
        title=title,
        pilot=_pilot(kind, title, rng),
        due=day_between(rng, first, last),
        cost=_cost(title, rng),
        state=state,
    )


def _pilot(kind: str, title: str, rng: random.Random) -> str:
    for words, pilot in _PILOT_BY_WORD:
        if any(word in title for word in words):
            return pilot
    return rng.choice(NAMED_PILOTS) if rng.random() < 0.08 else rng.choice(PILOTS[kind])


def _cost(title: str, rng: random.Random) -> int | None:
    for words, prices in _COSTS_BY_WORD:
        if any(word in title for word in words):
            return rng.choice(prices) if prices and rng.random() < 0.85 else None
    return rng.choice((300, 480, 750, 1300, 2500, 4000)) if rng.random() < 0.3 else None
