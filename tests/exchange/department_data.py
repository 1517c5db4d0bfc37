"""A small department with something of everything, odd texts and names in free text included."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from prevention_app.storage.query import Query

TODAY = date(2026, 9, 30)
CREDENTIAL_TYPES = {
    "habelec": "1cc233d7-2d86-5638-9084-b33fdb490feb",
    "sst": "7b1f603d-e2a0-5554-8eb6-60a456840390",
    "operator": "feeae97d-b2ff-51d2-b9c8-2f39b9c11ca0",
    "decider": "598cba10-1419-5a37-9b38-bf485ca7cf23",
}
EXTINGUISHERS = "723ccf0e-2e6b-571b-a89b-b7998b10b6a2"
FAMILIES = (
    "a0bcd2ad-f274-5331-bf6f-b8caf183aeec",
    "0bfb1e5a-502c-58bc-b4db-efa8ad14db56",
    "f5951801-b087-52d2-ad1e-cab1dfeb43f7",
    None,
)
PEOPLE = (
    ("Dupuis", "Jean", "M12345"),
    ("Le Goff", "Marie-Anne", "M12346"),
    ("Faugère", "Zoé", "M12347"),
    ("Béranger", "Cyrille", "M12348"),
)
"""Who is named in free text; the others are « Nom » and a number."""

ODD_TEXTS = (
    "=SOMME(A1:A9)",
    "+33 2 38 00 00 00",
    "-5 °C dans l’atelier",
    "@tous : signalement",
    'Vanne\x0b n° 3 <fermée> & "bloquée" _x0041_',
    "Vu avec Jean Dupuis et LE GOFF Marie-Anne, puis M. Untel (M12347)",
    "Ligne une\nligne deux\r\nligne trois",
    "🚧 chaussée déformée 🚧",
    "T" * 40_000,
)
DIRECTIONS = ("Routes et mobilités", 'Parcs * « jardins » ~ ? "verts"', "< 5 agents", "Culture")
MEASURES = ("removal", "collective", "organisation", None)
ACTION_STATES = ("to_do", "in_progress", "done", "verified", "abandoned", "proposed", "ongoing")
_DAY = timedelta(days=1)


def employ(store, number, full_time):
    with store.reading() as read:
        departments = {each.number: each for each in read.records(Query("department"))}
    with store.change("Effectif") as work:
        work.amend("department", departments[number], full_time_equivalents=full_time)


def fill(store, owner="45", seed=7, size=1):
    """Write a department; `size` multiplies what the registers hold."""
    with store.change("Peupler") as work:
        _Maker(work, owner, random.Random(seed), size).everything()


class _Maker:
    def __init__(self, work, owner, chance, size):
        self.work = work
        self.owner = owner
        self.chance = chance
        self.size = size

    def new(self, register, **values):
        return self.work.new(register, owner=self.owner, **values)

    def everything(self):
        self.organisation()
        self.people()
        self.risks()
        self.actions()
        self.entries()
        self.accidents()
        self.inspections()
        self.credentials()
        self.stock()

    def organisation(self):
        self.directions = [self.new("org_unit", name=each) for each in DIRECTIONS]
        again = self.new("org_unit", name=DIRECTIONS[0])
        self.sites = [
            self.new(
                "site", name=f"Site {place}", kind=("Collège", "Centre routier", None)[place % 3]
            )
            for place in range(6)
        ]
        self.units = [
            self.new(
                "work_unit",
                name=f"Unité {place}",
                org_unit=direction.id,
                site=self.sites[place % 6].id,
                headcount=(480, 260, 140, 3, 60)[place],
            )
            for place, direction in enumerate([*self.directions, again])
        ]

    def people(self):
        self.persons = [
            self.new(
                "person",
                last_name=last,
                first_name=first,
                staff_number=number,
                work_unit=self.units[place % (5 if place < 10 else 4)].id,
            )
            for place, (last, first, number) in enumerate(
                [*PEOPLE, *(("Nomfictif", f"Prénom{at}", f"Z9{at:03}") for at in range(26))]
            )
        ]

    def risks(self):
        self.made_risks = []
        for place in range(24 * self.size):
            text = ODD_TEXTS[place] if place < len(ODD_TEXTS) else f"Situation {place}"
            risk = self.new(
                "risk",
                work_unit=self.chance.choice(self.units).id,
                hazard_family=self.chance.choice(FAMILIES),
                situation=text,
                harm="Chute ; entorse",
                exposed=self.chance.choice((2, 4, 8, 30, None)),
                exposed_women=self.chance.choice((1, 2, None)),
                cmr=place % 7 == 0,
                evaluation="to_evaluate" if place % 8 == 3 else "evaluated",
            )
            self.made_risks.append(risk)
            self.new(
                "rating",
                risk=risk.id,
                severity=self.chance.randint(1, 4),
                frequency=self.chance.randint(1, 4),
                control=None if place % 11 == 5 else self.chance.randint(1, 4),
                rated_on=TODAY - self.chance.randint(0, 700) * _DAY,
            )
            self.new("existing_measure", risk=risk.id, title=f"Balisage {place}")

    def actions(self):
        for place in range(30 * self.size):
            due = date(self.chance.choice((2025, 2026, 2027)), self.chance.randint(1, 12), 15)
            state = self.chance.choice(ACTION_STATES)
            self.new(
                "planned_action",
                title=f"Action {place}",
                risk=self.chance.choice(self.made_risks).id if place % 7 else None,
                work_unit=None if place % 7 else self.units[place % 5].id,
                measure_type=self.chance.choice(MEASURES),
                pilot=("Chef de service", "M. Dupuis", "Zoé Faugère", None)[place % 4],
                cost=Decimal(self.chance.choice((0, 1250, 480))) if place % 5 else None,
                committed_cost=Decimal("310.55") if place % 3 else None,
                real_cost=Decimal("299.9") if state in ("done", "verified") else None,
                due=None if place % 9 == 8 else due,
                revised_due=due + 60 * _DAY if place % 6 == 0 else None,
                state=state,
                progress=Decimal(self.chance.choice((0, 25, 50, 100))),
                comment=ODD_TEXTS[place % 8],
            )

    def entries(self):
        for place in range(14 * self.size):
            day = TODAY - self.chance.randint(0, 600) * _DAY
            answered = day + 9 * _DAY if place % 3 else None
            answered = answered if answered and answered <= TODAY else None
            self.new(
                "health_safety_entry",
                site=self.chance.choice(self.sites).id,
                reported_on=day,
                author="Cyrille Béranger",
                author_kind="staff",
                nature="risk",
                observation=f"Observation {place} de Cyrille Béranger",
                follow_up="answered" if answered else "open",
                answer="Fait par Mme Le Goff" if answered else None,
                answered_on=answered,
            )

    def accidents(self):
        kinds = ("service", "service", "service", "commuting", "mission", "occupational_disease")
        for place in range(40 * self.size):
            self.new(
                "accident",
                number=str(place),
                happened_on=TODAY - self.chance.randint(0, 1700) * _DAY,
                kind=self.chance.choice(kinds),
                person_name="DUPUIS Jean",
                injury_seat="genou gauche",
                injury_nature="entorse grave",
                org_unit=self.directions[place % 2].id,
                circumstances="Jean Dupuis a glissé devant la remise",
                material_element=self.chance.choice(("Chute de plain-pied", "Manutention", None)),
                stoppage=place % 2 == 0,
                days_lost=self.chance.choice((None, 3, 12)) if place % 2 == 0 else 0,
                recognition="recognised",
                measures="Rappel fait à Jean Dupuis",
            )

    def inspections(self):
        for place in range(18 * self.size):
            equipment = self.new(
                "equipment",
                name=f"Extincteur {place}",
                site=self.sites[place % 6].id,
                inspection_type=EXTINGUISHERS if place % 4 else None,
                count=place + 1 if place % 5 == 0 else None,
                never_inspected=place == 7,
                state="suspended" if place == 9 else "in_service",
            )
            if place % 3 and place not in (7, 10):
                inspection = self.new(
                    "inspection",
                    equipment=equipment.id,
                    done_on=TODAY - self.chance.randint(10, 500) * _DAY,
                    body="Contrôle SA",
                    conclusion="with_observations",
                )
                self.new(
                    "reservation",
                    inspection=inspection.id,
                    text=f"Goupille {place}",
                    action_due=TODAY + 20 * _DAY,
                )

    def credentials(self):
        for place, person in enumerate(self.persons):
            kind = list(CREDENTIAL_TYPES)[place % 4]
            end = TODAY + self.chance.randint(-200, 900) * _DAY
            self.new(
                "credential",
                person=person.id,
                credential_type=CREDENTIAL_TYPES[kind],
                category="B0" if kind == "habelec" else None,
                state="planned" if place == 5 else "held",
                expires=None if place in (5, 6) else end,
                number=f"TITRE-{place:04}",
            )

    def stock(self):
        room = self.new("store_room", name="Local phyto", site=self.sites[0].id)
        for place in range(8 * self.size):
            self.new(
                "stock_line",
                store_room=room.id,
                name_as_written=f"Produit {place}",
                amm_as_written=f"{place:07}",
                lot=f"L{place}",
                use_by=TODAY + self.chance.randint(-400, 400) * _DAY if place % 2 else None,
                quantity=Decimal("2.5"),
                unit="L",
                state=("in_stock", "set_aside", "collected")[place % 3],
                set_aside_on=date(2025, 1, 10) if place % 3 == 1 else None,
            )


def add_own_register(store):
    """A register that nobody foresaw, with two records."""
    with store.change("Définir un registre") as work:
        work.new(
            "register_definition",
            owner="3D",
            register_key="barriers",
            register_code="BALI",
            name="Balisages de chantier : suivi/contrôle des panneaux",
        )
        for rank, (key, label, kind) in enumerate(
            (
                ("place", "Lieu", "text"),
                ("laid_on", "Posé le", "date"),
                ("amount", "N°", "integer"),
                ("place_again", "LIEU", "text"),
            )
        ):
            work.new(
                "field_definition",
                owner="3D",
                register_key="barriers",
                field_key=key,
                label=label,
                kind=kind,
                rank=rank,
            )
    with store.change("Remplir") as work:
        work.new("barriers", place="RD 2020", laid_on=date(2026, 5, 4), amount=3, place_again="=A1")
        work.new("barriers", place="RD 951, vu avec Zoé Faugère", laid_on=None, amount=None)
