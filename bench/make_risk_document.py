"""Make a workspace with a large document unique: python -m bench.make_risk_document FOLDER [UNITS].

For 1,500 work units: 15,000 risks, 60,000 ratings, 15,000 measures and 20,000 actions, in four
years of evaluation. The same number of units gives the same document.
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from prevention_app.catalogue.description import Value
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.work import Work

UNITS: Final = 1_500
RISKS_A_UNIT: Final = 10
RATINGS_A_RISK: Final = 4
ACTIONS_A_UNIT: Final = 40 / 3
TODAY: Final = date(2026, 11, 23)
_DEPARTMENT: Final = "45"
_UNITS_TOGETHER: Final = 50
_SERVICES: Final = 8
_UNITS_A_SERVICE: Final = 15
_SITUATIONS: Final = (
    "Intervention à pied sous circulation, pose et dépose de cônes",
    "Élagage en nacelle, pose de panneaux, montée en benne",
    "Manœuvres de camions dans la cour, chargement du sel",
    "Fauchage et débroussaillage mécanisés",
    "Travail en extérieur par fortes chaleurs, froid, rayonnement",
    "Manutention de cartons et d’archives",
    "Accueil d’usagers agressifs, incivilités",
    "Travail sur écran, postures contraintes",
    "Utilisation de produits d’entretien",
    "Déplacements quotidiens vers les domiciles et les collèges",
)
_MEASURES: Final = (
    ("Fourgon triflash, panneau AK5", "collective"),
    ("Formation balisage", "training"),
    ("Haute visibilité classe 2 ou 3", "personal"),
)


class Maker:
    """Draws the document; the same seed gives the same one."""

    def __init__(self, store: Store) -> None:
        """Where it goes."""
        self.store = store
        self.chance = random.Random(45)
        self.work: Work
        with store.reading() as read:
            self.families = [each.id for each in read.records(Query("hazard_family"))]

    def new(self, register: str, **values: Value) -> str:
        """One more record; returns its id."""
        return self.work.new(register, owner=_DEPARTMENT, **values).id

    def unit(self, number: int, service: str, site: str) -> None:
        """A work unit with its risks and actions."""
        unit = self.new("work_unit", name=f"Unité {number + 1}", org_unit=service, site=site)
        risks = [self.risk(unit, number, at) for at in range(RISKS_A_UNIT)]
        wanted = round((number + 1) * ACTIONS_A_UNIT) - round(number * ACTIONS_A_UNIT)
        for at in range(wanted):
            done = self.chance.random() < 0.4
            self.new(
                "planned_action",
                title=f"Action {at + 1} de l’unité {number + 1}",
                risk=self.chance.choice(risks),
                work_unit=unit,
                pilot="chef de service",
                due=TODAY + timedelta(days=self.chance.randint(-200, 500)),
                state="done" if done else self.chance.choice(("to_do", "in_progress")),
                done_on=TODAY - timedelta(days=self.chance.randint(1, 300)) if done else None,
            )

    def risk(self, unit: str, number: int, at: int) -> str:
        """A risk, rated once a year, and a measure."""
        risk = self.new(
            "risk",
            work_unit=unit,
            hazard_family=self.chance.choice(self.families),
            situation=f"{_SITUATIONS[at % len(_SITUATIONS)]} ({number + 1})",
            exposed=self.chance.randint(1, 20),
            evaluation="evaluated",
        )
        severity, frequency = self.chance.randint(1, 4), self.chance.randint(1, 4)
        for year in range(RATINGS_A_RISK):
            self.new(
                "rating",
                risk=risk,
                severity=severity,
                frequency=frequency,
                control=max(1, 4 - year + self.chance.randint(-1, 1)) if year else 4,
                rated_on=date(TODAY.year - RATINGS_A_RISK + 1 + year, 3, 1)
                + timedelta(days=self.chance.randint(0, 200)),
            )
        title, kind = self.chance.choice(_MEASURES)
        self.new("existing_measure", risk=risk, title=title, measure_type=kind)
        return risk


def fill(store: Store, units: int = UNITS) -> None:
    """Write the document of so many work units."""
    maker = Maker(store)
    services: list[tuple[str, str]] = []
    above = ""
    with store.change("Organisation de mesure") as maker.work:
        for number in range(-(-units // _UNITS_A_SERVICE)):
            if number % _SERVICES == 0:
                above = maker.new("org_unit", name=f"Direction {number // _SERVICES + 1}")
            service = maker.new("org_unit", name=f"Service {number + 1}", parent=above)
            site = maker.new("site", name=f"Site {number + 1}", town="Orléans")
            services.append((service, site))
    for first in range(0, units, _UNITS_TOGETHER):
        with store.change("Document de mesure") as maker.work:
            for number in range(first, min(first + _UNITS_TOGETHER, units)):
                maker.unit(number, *services[number // _UNITS_A_SERVICE])
        print(f"\r{min(first + _UNITS_TOGETHER, units):,} unités", end="", file=sys.stderr)
    print(file=sys.stderr)


def make(folder: Path, units: int = UNITS) -> None:
    """Make the workspace."""
    store = Store.create(
        folder,
        declared_catalogue(),
        department=_DEPARTMENT,
        name="Mesure",
        user="C. Marchand",
        today=lambda: TODAY,
    )
    fill(store, units)
    store.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else UNITS)
