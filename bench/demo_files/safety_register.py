"""The health and safety registers of the three employers, transcribed into one CSV file."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from demo_files.organisation import Unit
from demo_files.safety_texts import TEXTS
from demo_files.scope import (
    TODAY,
    UNKNOWN_DEPARTMENT,
    Faults,
    day_between,
    french,
    stream,
    working_day,
)

FILE = "rsst.csv"
_HEADINGS = [
    "Département", "Site", "Date du signalement", "Catégorie d'auteur", "Nature",
    "Observation ou suggestion", "Suite donnée", "Réponse", "Répondu le", "Close le",
]  # fmt: skip
_WANTED = {"41": 34, "45": 50, "28": 36}
_ASIDES = (
    "", "", "", "", " À traiter avant la fin du mois.", " Déjà signalé oralement.",
    " Plusieurs collègues sont concernés.", " Vu avec le chef de service.",
)  # fmt: skip


def write(folder: Path, units: list[Unit], faults: Faults) -> None:
    """Write the entries in the order of their dates."""
    rng = stream("safety-register")
    rows = sorted(
        (row for code, wanted in _WANTED.items() for row in _entries(units, code, wanted, rng)),
        key=lambda row: row[0],
    )
    lines = [line for _, line in rows]
    for place, line, what in _wrong(units):
        lines.insert(place - 2, line)
        faults.note(FILE, "", place, what)
    with (folder / FILE).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([_HEADINGS, *lines])


def _entries(
    units: list[Unit], code: str, wanted: int, rng: random.Random
) -> list[tuple[date, list[str]]]:
    """Entries at sites of this employer; a text comes back only after all of its kind were used."""
    own = [
        unit
        for unit in units
        if unit.department == code and unit.kind in TEXTS and unit.name != "Assistants familiaux"
    ]
    unused: dict[str, list[tuple[str, str, str]]] = {}
    entries: list[tuple[date, list[str]]] = []
    while len(entries) < wanted:
        unit = rng.choices(own, [unit.headcount for unit in own])[0]
        if not unused.get(unit.kind):
            unused[unit.kind] = rng.sample(TEXTS[unit.kind], len(TEXTS[unit.kind]))
        entries.append(_entry(unit, unused[unit.kind].pop(), rng))
    return entries


def _entry(unit: Unit, text: tuple[str, str, str], rng: random.Random) -> tuple[date, list[str]]:
    nature, observation, answer = text
    day = _day_for(observation, rng)
    public = unit.kind in ("MDPH", "SOC", "ADMI") and rng.random() < 0.12
    follow_up, answered, closed = _follow_up(day, rng)
    line = [
        unit.department,
        unit.site + (" " if rng.random() < 0.03 else ""),
        french(day),
        "Usager" if public else "Agent",
        nature,
        observation + rng.choice(_ASIDES),
        follow_up,
        answer if answered else "",
        french(answered) if answered else "",
        french(closed) if closed else "",
    ]
    return day, line


_SEASONS = (
    (("saleuse", "16 °C", "glacial"), (11, 12, 1, 2)),
    (("chaleur", "31 °C", "tiques"), (6, 7, 8, 9)),
    (("rentrée",), (9, 10, 11)),
    (("printemps",), (6, 7, 8, 9, 10, 11)),
)
"""Words that betray the time of the year, and its months."""


def _day_for(observation: str, rng: random.Random) -> date:
    """A day of the last two years at which the words make sense."""
    months = next(
        (months for words, months in _SEASONS if any(word in observation for word in words)), ()
    )
    while True:
        day = day_between(rng, date(2024, 12, 4), TODAY - timedelta(days=1))
        if not months or day.month in months:
            return day


def _follow_up(day: date, rng: random.Random) -> tuple[str, date | None, date | None]:
    """Old entries are mostly closed, recent ones open; a few were never answered."""
    age = (TODAY - day).days
    answered = working_day(day + timedelta(days=rng.choice((4, 6, 9, 12, 14, 18, 26, 41))))
    if rng.random() < 0.1 or answered > TODAY:
        return "Ouverte", None, None
    closed = max(answered, working_day(answered + timedelta(days=rng.randint(0, 120))))
    if closed <= TODAY and rng.random() < 0.85:
        return "Close", answered, closed
    return (
        ("En cours de traitement" if age > 60 or rng.random() < 0.5 else "Répondue"),
        answered,
        None,
    )


def _wrong(units: list[Unit]) -> list[tuple[int, list[str], str]]:
    """Line of the file, the entry, and what is wrong with it."""
    sites = {
        code: next(u.site for u in units if u.department == code and u.kind == "COLE")
        for code in _WANTED
    }
    slip = "Sol glissant devant la loge."
    return [
        (15, ["41", sites["41"], "31/09/2025", "Agent", "Risque", slip, "Ouverte", "", "", ""],
         "impossible date (31/09/2025)"),
        (37, [str(UNKNOWN_DEPARTMENT), "Dépôt routier - Vernou-le-Pont", "12/01/2026", "Agent", "Suggestion", "Prévoir un second extincteur.", "Ouverte", "", "", ""],
         "department 37, which is none of the three"),
        (58, ["28", sites["28"], "03/03/2026", "Agent", "Conditions de travail", "", "Ouverte", "", "", ""],
         "no observation"),
        (81, ["45", "", "18/05/2026", "Agent", "Risque", "Garde-corps descellé sur le quai.", "Close", "Refixé.", "20/05/2026", "20/05/2026"],
         "no site"),
        (100, ["45", sites["45"], "24/08/2026", "Agent", "Risque", "Vitre fendue au réfectoire.", "Répondue", "Vitre remplacée.", "03/08/2026", ""],
         "answered before it was reported"),
        (119, ["41", sites["41"], "02/10/2062", "Usager", "Suggestion", "Ajouter un banc près de l'arrêt de car.", "Ouverte", "", "", ""],
         "reported in the future (02/10/2062)"),
    ]  # fmt: skip
