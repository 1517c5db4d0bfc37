"""The follow-up of credentials: a matrix of people and titles under grouped headings."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from demo_files.looks import LATE, SOON, Book, Cell
from demo_files.people import Agent
from demo_files.scope import (
    TODAY,
    UNKNOWN_DEPARTMENT,
    Faults,
    day_between,
    french,
    stream,
    working_day,
)

FILE = "habilitations.xlsx"
SHEET = "Habilitations"
_FIRST = 6
_FIXED = ("Dpt", "Matricule", "NOM", "Prénom", "Affectation (service)", "Unité de travail")


@dataclass(frozen=True, slots=True)
class Title:
    """A column: its group, its heading, how long the title holds, and what its dates mean."""

    group: str
    heading: str
    years: int
    expiry: bool
    holders: dict[str, float]
    """How probable the title is in each type of work unit."""


TITLES = (
    Title("CACES", "CACES R482 cat. A", 10, False, {"CER": 0.38, "ESPV": 0.35, "ATEL": 0.15}),
    Title("CACES", "CACES R482 cat. C1", 10, False, {"CER": 0.3, "ATEL": 0.25}),
    Title("CACES", "CACES R482 cat. F", 10, False, {"CER": 0.12, "TRSP": 0.2}),
    Title("CACES", "R486 PEMP B", 5, False, {"CER": 0.25, "BATI": 0.4, "COLM": 0.2, "ESPV": 0.15}),
    Title("CACES", "R489 chariot cat. 3", 5, False, {"ATEL": 0.5, "TRSP": 0.7, "CER": 0.1}),
    Title("CACES", "R490 grue auxil.", 5, False, {"CER": 0.2, "TRSP": 0.2, "ATEL": 0.1}),
    Title("Habilitation électrique", "Symboles", 3, True, {"BATI": 0.8, "COLM": 0.8, "ATEL": 0.35, "NUM": 0.5, "LABO": 0.2, "MUSE": 0.3}),
    Title("Secourisme", "SST (dernier MAC)", 2, False, {"CER": 0.3, "ATEL": 0.3, "COLE": 0.3, "COLR": 0.42, "COLM": 0.3, "ESPV": 0.35, "LABO": 0.4, "SOC": 0.25, "MDPH": 0.3, "ADMI": 0.3, "ARCH": 0.3, "MUSE": 0.4, "BATI": 0.25, "TRSP": 0.3}),
    Title("Secourisme", "PRAP (dernier MAC)", 2, False, {"COLE": 0.12, "COLR": 0.15, "ARCH": 0.25, "TRSP": 0.2}),
    Title("AIPR", "AIPR opérateur", 5, True, {"CER": 0.42, "ESPV": 0.12}),
    Title("AIPR", "AIPR encadrant", 5, True, {"CER": 0.07, "ESPV": 0.04}),
    Title("Amiante", "SS4 opérateur", 3, False, {"BATI": 0.3, "COLM": 0.12}),
    Title("Certiphyto (fin de validité)", "Opérateur", 5, True, {"ESPV": 0.78, "CER": 0.13, "COLM": 0.3}),
    Title("Certiphyto (fin de validité)", "Décideur", 5, True, {"ESPV": 0.2, "CER": 0.02}),
)  # fmt: skip
_SYMBOLS = {
    "BATI": ("B1V BR", "B2V BR BC H1V", "BR BC", "BS BE Manœuvre"),
    "COLM": ("BS BE Manœuvre", "B1V BR", "BS", "B0 H0V"),
}
_REMARKS = (
    "Retraite en 2027", "Mutation au 01/01/2027", "En disponibilité", "Attestation médicale à demander",
    "Carnet de prescriptions à remettre", "Autorisation de conduite à signer",
)  # fmt: skip


def write(folder: Path, agents: list[Agent], faults: Faults) -> None:
    """Write the matrix, sorted by employer and name."""
    rng = stream("credentials")
    people = sorted(
        (agent for agent in agents if _concerned(agent, rng)),
        key=lambda agent: (agent.department, agent.last_name, agent.first_name),
    )
    lines = (_line(agent, rng) for agent in people)
    rows = [line for line in lines if any(line[len(_FIXED) :]) or rng.random() < 0.4]
    wrong = _wrong_lines(people)
    for place, line, _ in wrong:
        rows.insert(place - _FIRST, line)
    with Book(folder / FILE, "Suivi des habilitations - 41, 45, 28") as book:
        sheet = _write_headings(book)
        for row, line in enumerate(rows, start=_FIRST):
            _write_line(book, sheet, row, line)
        last = _FIRST + len(rows) - 1
        sheet.autofilter(4, 0, last - 1, len(rows[0]) - 1)
    for place, _, what in wrong:
        faults.note(FILE, SHEET, place, what)


def _concerned(agent: Agent, rng: random.Random) -> bool:
    """Technical trades are followed whole, of the others those who asked for a title."""
    if agent.left and agent.left < date(2026, 9, 1):
        return False
    shares = {"COLE": 0.5, "COLR": 0.6, "SOC": 0.4, "PMI": 0.2, "ENFA": 0.3, "ADMI": 0.5}
    return rng.random() < shares.get(agent.unit.kind, 1.0)


def _line(agent: Agent, rng: random.Random) -> list[Cell]:
    number: Cell = int(agent.staff_number) if rng.random() < 0.1 else agent.staff_number
    line: list[Cell] = [
        int(agent.department), number, agent.last_name.upper(), agent.first_name,
        agent.unit.service, agent.unit.name + (" " if rng.random() < 0.02 else ""),
    ]  # fmt: skip
    for title in TITLES:
        held = rng.random() < title.holders.get(agent.unit.kind, 0.0)
        if title.heading == "Symboles":
            line.append(
                rng.choice(_SYMBOLS.get(agent.unit.kind, ("B0", "B0 H0V"))) if held else None
            )
        line.append(_cell(title, agent, rng) if held else None)
    line.append(rng.choice(_REMARKS) if rng.random() < 0.05 else None)
    return line


def _cell(title: Title, agent: Agent, rng: random.Random) -> Cell:
    """A date, or what people write in place of one."""
    draw = rng.random()
    if draw < 0.045:
        return "X"
    if draw < 0.08:
        return rng.choice(("à prévoir", "A prévoir", "à prévoir 2027"))
    if draw < 0.09:
        return rng.choice(("NC", "sans objet"))
    ends = _end_of_validity(title, rng)
    starts = _years_before(ends, title.years)
    if starts <= agent.joined:
        starts = working_day(agent.joined + timedelta(days=rng.randint(20, 240)))
    if draw < 0.13:
        return ends.strftime("exp. %m/%Y")
    day = ends if title.expiry else min(starts, TODAY - timedelta(days=8))
    if draw < 0.18:
        return french(day)
    return day.strftime("%d/%m/%y") if draw < 0.2 else day


def _end_of_validity(title: Title, rng: random.Random) -> date:
    """Mostly far off, some near, some past; Certiphyto more often near than the others."""
    near = (0.16, 0.3) if title.group.startswith("Certiphyto") else (0.08, 0.14)
    draw = rng.random()
    if draw < near[0]:
        return day_between(rng, TODAY - timedelta(days=420), TODAY - timedelta(days=5))
    if draw < sum(near):
        return day_between(rng, TODAY + timedelta(days=3), TODAY + timedelta(days=270))
    most = round(365.25 * title.years) - 20
    return day_between(
        rng, TODAY + timedelta(days=min(280, most // 2)), TODAY + timedelta(days=most)
    )


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, min(day.day, 28))


def _wrong_lines(people: list[Agent]) -> list[tuple[int, list[Cell], str]]:
    """Row, line and what is wrong with it, in rising order of rows."""
    unit = next(agent.unit for agent in people if agent.unit.kind == "ESPV")
    where: list[Cell] = [unit.service, unit.name]
    blank: list[Cell] = [None] * (len(TITLES) + 2)

    def line(who: tuple[Cell, Cell, Cell, Cell], column: int, value: Cell) -> list[Cell]:
        titles = list(blank)
        titles[column] = value
        return [*who, *where, *titles]

    return [
        (48, line((28, "19440", "OUVRARD", "Denis"), 0, "30/02/2024"), "impossible date (30/02/2024)"),
        (161, line((UNKNOWN_DEPARTMENT, "40812", "ROCHER", "Gilles"), 4, date(2023, 5, 22)), "department 37, which is none of the three"),
        (290, line((41, None, None, None), 13, date(2027, 3, 14)), "a credential of nobody"),
        (402, line((45, "77001", "SALMON", "Karima"), 8, "45/11/2025"), "impossible date (45/11/2025)"),
        (515, line((45, "90210", "VASSET", "Yannick"), 14, "exp. 14/2027"), "impossible month (exp. 14/2027)"),
    ]  # fmt: skip


def _write_headings(book: Book) -> Worksheet:
    titles = [(title.group, title.heading) for title in TITLES]
    widths = [6, 11, 18, 14, 28, 42, *[12.0] * (len(titles) + 1), 30]
    sheet = book.sheet(SHEET, widths, print_rows=5)
    book.title(sheet, 1, "SUIVI DES HABILITATIONS ET AUTORISATIONS - 41 / 45 / 28 - au 20/11/2026")
    note = "Dates d'obtention, sauf habilitation électrique, AIPR et Certiphyto : date de fin de validité. X = détenu, justificatif à retrouver."
    book.title(sheet, 2, note, bold=False, font_size=9, italic=True)
    head = book.head()
    for column, name in enumerate(_FIXED):
        sheet.merge_range(3, column, 4, column, name, head)
    columns: list[tuple[str, str]] = []
    for group, heading in titles:
        columns.append((group, heading))
        if heading == "Symboles":
            columns.append((group, "Date de fin de validité"))
    start = len(_FIXED)
    while columns:
        group = columns[0][0]
        own = [heading for name, heading in columns if name == group]
        _write_group(book, sheet, start, group, own)
        start += len(own)
        columns = columns[len(own) :]
    sheet.merge_range(3, start, 4, start, "Observations", head)
    sheet.set_row(3, 18)
    sheet.set_row(4, 40)
    sheet.freeze_panes(5, 4)
    return sheet


def _write_group(book: Book, sheet: Worksheet, start: int, group: str, headings: list[str]) -> None:
    """A group over its columns; a group of one column has nothing to span."""
    head, sub = book.head(), book.head("#BDD7EE", font_color="#000000", font_size=9)
    if len(headings) > 1:
        sheet.merge_range(3, start, 3, start + len(headings) - 1, group, head)
    else:
        sheet.write_string(3, start, group, head)
    for column, heading in enumerate(headings, start=start):
        sheet.write_string(4, column, heading, sub)


def _write_line(book: Book, sheet: Worksheet, row: int, line: list[Cell]) -> None:
    dates_of_end = _columns_of_end()
    for column, value in enumerate(line):
        wanted: dict[str, object] = {}
        if len(_FIXED) <= column < len(line) - 1:
            wanted["align"] = "center"
            fill = _fill(value, ends=column in dates_of_end)
            if fill:
                wanted["bg_color"] = fill
        elif column in (0, 1):
            wanted["align"] = "center"
        book.put(sheet, row, column + 1, value, **wanted)


def _columns_of_end() -> set[int]:
    """Columns (from 0) whose dates are ends of validity."""
    columns: set[int] = set()
    column = len(_FIXED)
    for title in TITLES:
        if title.heading == "Symboles":
            column += 1
        if title.expiry:
            columns.add(column)
        column += 1
    return columns


def _fill(value: Cell, *, ends: bool) -> str:
    """Red for what has ended, yellow for what is planned; other dates were never coloured."""
    if isinstance(value, date) and ends and value < TODAY:
        return LATE
    if isinstance(value, str) and value.lower().startswith("à prévoir"):
        return SOON
    return ""
