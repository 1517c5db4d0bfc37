"""Make a very large workspace to measure the window on: make_large.py FOLDER [RECORDS].

The journal is written as a person's stations would have written it, in changes of some thousands of
records. Half are observations, the rest risks with their ratings and actions, people with their
credentials, equipment with inspections.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from prevention_app.catalogue.description import Value
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.work import Work

BATCH = 10_000
TODAY = date(2026, 11, 23)
WORDS = (
    "porte coupe-feu maintenue ouverte éclairage du parking escalier glissant câble au sol "
    "chariot roue bloquée odeur de solvant bruit du compresseur siège cassé douleur lombaire "
    "usager agressif guichet chauffage en panne armoire sans étiquette rallonge abîmée échelle "
    "nid de guêpes benne à sel tronçonneuse nacelle épareuse véhicule marche trottoir"
).split()
NAMES = (
    "Lemaire Nogueira Haddad Besnard Kermarrec Rousseau Marchand Gauthier Moreau Petit Leroy "
    "Durand Girard Bonnet Dupont Lambert Fontaine Robin Masson Sanchez Nguyen Muller Lefèvre"
).split()
FIRST = (
    "Claire Thierry Sophie Karim Julien Aude Pascal Inès Marc Zoé Louis Fatou Jean Marie".split()
)


class Maker:
    """Draws records; the same seed gives the same workspace."""

    def __init__(self, store: Store) -> None:
        """Where the records go."""
        self.store = store
        self.chance = random.Random(41)
        self.work: Work
        self.sites: list[str] = []
        self.units: list[str] = []
        self.equipment: list[str] = []
        self.people: list[str] = []
        self.risks: list[str] = []
        with store.reading() as read:
            self.titles = [each.id for each in read.records(Query("credential_type"))]
            self.families = [each.id for each in read.records(Query("hazard_family"))]

    def new(self, register: str, **values: Value) -> str:
        """One more record; returns its id."""
        return self.work.new(register, owner="45", **values).id

    def text(self, words: int) -> str:
        """Some words."""
        return " ".join(self.chance.choice(WORDS) for _ in range(words)).capitalize()

    def day(self, back: int = 2000, ahead: int = 0) -> date:
        """A day not far from today."""
        return TODAY + timedelta(days=self.chance.randint(-back, ahead))

    def organisation(self) -> None:
        """Directions, services, sites, work units."""
        for number in range(12):
            direction = self.new("org_unit", name=f"Direction {number + 1}")
            for part in range(8):
                service = self.new(
                    "org_unit", name=f"Service {number + 1}.{part + 1}", parent=direction
                )
                site = self.new("site", name=f"Site {number + 1}.{part + 1}", town="Orléans")
                self.sites.append(site)
                self.units += [
                    self.new(
                        "work_unit", name=f"Unité {number}.{part}.{at}", org_unit=service, site=site
                    )
                    for at in range(5)
                ]

    def records(self) -> Iterator[None]:
        """Endlessly one more record of a kind drawn by chance."""
        while True:
            draw = self.chance.random()
            if draw < 0.5:
                self.observation()
            elif draw < 0.62:
                self.risks.append(
                    self.new(
                        "risk",
                        work_unit=self.chance.choice(self.units),
                        hazard_family=self.chance.choice(self.families),
                        situation=self.text(9),
                    )
                )
            elif draw < 0.74 and self.risks:
                g, f, m = (self.chance.randint(1, 4) for _ in range(3))
                risk = self.chance.choice(self.risks)
                self.new(
                    "rating", risk=risk, severity=g, frequency=f, control=m, rated_on=self.day()
                )
            elif draw < 0.78 and self.risks:
                self.new(
                    "planned_action",
                    title=self.text(6),
                    risk=self.chance.choice(self.risks),
                    due=self.day(30, 700),
                    pilot="chef de service",
                    state=self.chance.choice(("to_do", "in_progress", "done")),
                )
            elif draw < 0.84:
                self.people.append(
                    self.new(
                        "person",
                        last_name=self.chance.choice(NAMES),
                        first_name=self.chance.choice(FIRST),
                        site=self.chance.choice(self.sites),
                    )
                )
            elif draw < 0.90 and self.people:
                obtained = self.day(1800)
                self.new(
                    "credential",
                    person=self.chance.choice(self.people),
                    credential_type=self.chance.choice(self.titles),
                    obtained=obtained,
                    expires=obtained + timedelta(days=1826),
                )
            elif draw < 0.95:
                self.equipment.append(
                    self.new("equipment", name=self.text(3), site=self.chance.choice(self.sites))
                )
            elif self.equipment:
                self.new(
                    "inspection", equipment=self.chance.choice(self.equipment), done_on=self.day()
                )
            yield

    def observation(self) -> None:
        """An entry of the health-and-safety register."""
        self.new(
            "health_safety_entry",
            site=self.chance.choice(self.sites),
            reported_on=self.day(),
            observation=self.text(12),
            follow_up=self.chance.choice(("open", "in_progress", "answered", "closed")),
        )


def fill(store: Store, number: int) -> None:
    """Write about this many records."""
    maker = Maker(store)
    with store.change("Organisation de mesure") as maker.work:
        maker.organisation()
    drawn = maker.records()
    for written in range(0, number, BATCH):
        with store.change("Données de mesure") as maker.work:
            for _ in range(min(BATCH, number - written)):
                next(drawn)
        print(f"\r{written + BATCH:,}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def main() -> None:
    """Make the workspace named on the command line."""
    folder = Path(sys.argv[1])
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    store = Store.create(
        folder,
        declared_catalogue(),
        department="45",
        name="Mesure",
        user="C. Marchand",
        departments=("41", "28"),
        today=lambda: TODAY,
    )
    fill(store, number)
    store.close()


if __name__ == "__main__":
    main()
