"""The document unique of the 28: scales in words, several things in one cell, dates as people say."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from demo_files.looks import Book, Cell, height_for
from demo_files.organisation import Unit
from demo_files.risk_documents import Action, RatedRisk, chosen_units, rate
from demo_files.scope import Faults, french, stream

FILE = "duerp_28.xlsx"
_WIDTHS = (30, 26, 22, 40, 28, 12, 14, 13, 12, 42, 40, 24, 19, 12, 11)
_HEADINGS = (
    ("Unité de travial", "Site", "Famille  de risque", "DANGER / situation", "Domages possibles",
     "GRAVITÉ", "frequence", "Maitrise", "Risque", "Mesures Existantes", "actions à mener",
     "Pilotes", "échéance ", "Cout (€)", "Etat"),
    ("UNITE DE TRAVAIL", "SITE", "FAMILLE DE RISQUES", "Situation dangereuse", "Dommage(s)",
     "Gravite", "Fréquence d'expo.", "Niv. de maîtrise", "niveau de risque", "mesures en place",
     "Action(s) à mettre en oeuvre", "Pilote(s)", "Delai", "coût", "état"),
)  # fmt: skip
_SEVERITY = {
    1: ("Mineure", "faible"),
    2: ("Moyenne", "moyen", "Moyen"),
    3: ("Grave", "grave", "GRAVE", "Grave "),
    4: ("Très grave", "TRES GRAVE", "trés grave"),
}
_FREQUENCY = {
    1: ("Rare", "rare"),
    2: ("Occasionnelle", "occas.", "Occasionnel"),
    3: ("Fréquente", "frequent", "fréquent"),
    4: ("Très fréquente", "permanente", "tres fréquent"),
}
_CONTROL = {
    1: ("très bonne", "Très bonne"),
    2: ("Bonne", "bonne", "BONNE"),
    3: ("Partielle", "partielle"),
    4: ("Insuffisante", "insuffisant"),
}
_LEVELS = {
    "faible": ("Faible", "#E2EFDA"),
    "modéré": ("Moyen", "#FFF2CC"),
    "important": ("Élevé", "#F8CBAD"),
    "critique": ("Très élevé", "#FF9999"),
}
_STATES = {
    "À faire": ("A faire", "à faire"),
    "En cours": ("En cours", "en cours"),
    "Réalisé": ("FAIT", "Fait"),
    "Reporté": ("reporté", "Reporté"),
    "Abandonné": ("abandonné", "Abandonné"),
}
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the two sheets: its name, headings and the row of these, and the units on it."""

    name: str
    heading_row: int
    headings: Sequence[str]
    documents: list[tuple[Unit, list[RatedRisk]]]


def write(folder: Path, units: list[Unit], faults: Faults) -> None:
    """Write two sheets of unlike headings and the legend."""
    rng = stream("duerp-28")
    documents = [(unit, rate(unit, rng)) for unit in chosen_units(units, "28")]
    _spoil([risk for _, risks in documents for risk in risks])
    half = len(documents) // 2
    parts = (
        _Part("EVRP 2026", 3, _HEADINGS[0], documents[:half]),
        _Part("EVRP 2026 (suite)", 2, _HEADINGS[1], documents[half:]),
    )
    with Book(folder / FILE, "EvRP - Eure-et-Loir - 2026", font="Arial") as book:
        for part in parts:
            _write_sheet(book, part, rng, faults)
        _write_legend(book)


def _spoil(risks: list[RatedRisk]) -> None:
    """What is wrong on purpose."""
    planned = [risk for risk in risks if len(risk.actions) == 1]
    wrong: tuple[tuple[RatedRisk, str, Cell, str], ...] = (
        (risks[13], "situation", None, "no situation"),
        (risks[51], "severity", "énorme", "severity « énorme », no word of the scale"),
        (planned[22], "due", "le 32 mars 2027", "impossible due date (le 32 mars 2027)"),
        (planned[41], "cost", "trop cher", "« trop cher » in place of a cost"),
        (risks[122], "frequency", None, "no frequency"),
    )
    for risk, column, value, fault in wrong:
        risk.override[column], risk.fault = value, fault


def _write_sheet(book: Book, part: _Part, rng: random.Random, faults: Faults) -> None:
    sheet = book.sheet(part.name, _WIDTHS)
    title = "EVALUATION DES RISQUES PROFESSIONNELS - Département d'Eure-et-Loir"
    book.title(sheet, 1, title, font_size=14)
    if part.heading_row == 3:
        updated = "Mise à jour : octobre 2026 - voir onglet Légende"
        book.title(sheet, 2, updated, bold=False, font_size=9)
    book.headings(sheet, part.heading_row, part.headings, "#C6E0B4", font_color="#000000")
    sheet.freeze_panes(part.heading_row, 1)
    row = part.heading_row + 1
    for direction, group in groupby(part.documents, key=lambda document: document[0].direction):
        start = row
        for _, risks in group:
            for risk in risks:
                _write_risk(book, sheet, row, risk, rng, first=risk is risks[0])
                if risk.fault:
                    faults.note(FILE, part.name, row, risk.fault)
                row += 1
        _write_sum(book, sheet, row, f"Sous-total {direction}", f"{row - start} risques")
        row += 1
    total = sum(len(risks) for _, risks in part.documents)
    _write_sum(book, sheet, row, "TOTAL", f"Total des risques évalués : {total}")
    note = book.look(italic=True, border=0)
    sheet.write_string(row + 1, 0, "Vu en réunion de service le 15/10/2026", note)


def _write_risk(
    book: Book, sheet: Worksheet, row: int, risk: RatedRisk, rng: random.Random, *, first: bool
) -> None:
    level, fill = _LEVELS[risk.level]
    unit_name = risk.unit.name + (" " if rng.random() < 0.12 else "")
    situation = risk.override.get("situation", risk.wording.situation)
    measures = _bullets(risk.existing, rng)
    actions, pilots, dues = _actions_in_cells(risk, rng)
    line: tuple[Cell, ...] = (
        unit_name if first else None,
        risk.unit.site if first else None,
        risk.wording.family,
        situation,
        risk.wording.harm,
        risk.override.get("severity", rng.choice(_SEVERITY[risk.severity])),
        risk.override.get("frequency", rng.choice(_FREQUENCY[risk.frequency])),
        rng.choice(_CONTROL[risk.control]),
        level,
        measures,
        actions,
        pilots,
        dues,
        risk.override.get("cost", _cost_in_words(risk.actions, rng)),
        rng.choice(_STATES[risk.actions[0].state]) if risk.actions else None,
    )
    for column, value in enumerate(line, start=1):
        wanted: dict[str, object] = {"bold": True} if column == 1 else {}
        if column == 9:
            wanted = {"bg_color": fill, "align": "center"}
        book.put(sheet, row, column, value, **wanted)
    texts = (
        (situation, 40),
        (measures, 42),
        (actions, 40),
        (pilots, 24),
        (risk.wording.family, 22),
    )
    sheet.set_row(row - 1, height_for(texts))


def _bullets(texts: Sequence[str], rng: random.Random) -> str:
    mark = rng.choice(("- ", "• ", "– ", "* ", "" if len(texts) == 1 else "- "))
    return "\n".join(mark + text for text in texts)


def _actions_in_cells(risk: RatedRisk, rng: random.Random) -> tuple[str, str, Cell]:
    """Titles, pilots and dates of all actions, one under the other in three cells."""
    if not risk.actions:
        return "", "", None
    titles = _bullets([action.title for action in risk.actions], rng)
    pilots = "\n".join(action.pilot for action in risk.actions)
    wrong = risk.override.get("due")
    if wrong is not None:
        return titles, pilots, wrong
    if len(risk.actions) == 1 and rng.random() < 0.25:
        return titles, pilots, risk.actions[0].due
    return titles, pilots, "\n".join(_due_in_words(action, rng) for action in risk.actions)


def _due_in_words(action: Action, rng: random.Random) -> str:
    due = action.due
    if action.state == "Réalisé" and rng.random() < 0.4:
        return rng.choice(("fait", f"fait le {french(due)}"))
    month = _MONTHS[due.month - 1]
    said = (
        french(due),
        due.strftime("%d/%m/%y"),
        f"{due.day} {month} {due.year}",
        f"{month} {due.year}",
        due.strftime("%m/%Y"),
        f"T{(due.month + 2) // 3} {due.year}",
        f"{'1er' if due.month < 7 else '2e'} semestre {due.year}",
    )
    if due > date(2026, 11, 24) and rng.random() < 0.12:
        return rng.choice(("dès que possible", "en continu", f"fin {due.year}"))
    return rng.choice(said)


def _cost_in_words(actions: list[Action], rng: random.Random) -> Cell:
    costs = [action.cost for action in actions if action.cost]
    if not costs:
        return rng.choice((None, None, None, "-", "à chiffrer")) if actions else None
    total = sum(costs)
    grouped = f"{total:,}".replace(",", "\u00a0")
    return rng.choice(
        (total, total, f"{grouped} €", f"{total} euros", f"env. {total} €", f"{grouped} € HT")
    )


def _write_sum(book: Book, sheet: Worksheet, row: int, label: str, count: str) -> None:
    look = book.look(bold=True, bg_color="#D9D9D9")
    for column in range(len(_WIDTHS)):
        sheet.write_blank(row - 1, column, None, look)
    sheet.write_string(row - 1, 0, label, look)
    sheet.write_string(row - 1, 3, count, look)


def _write_legend(book: Book) -> None:
    sheet = book.sheet("Légende", (8, 22, 30, 18))
    book.headings(
        sheet, 1, ("Note", "Gravité", "Fréquence", "Maîtrise"), "#C6E0B4", font_color="#000000"
    )
    lines = (
        (1, "Mineure / faible", "Rare", "Très bonne"),
        (2, "Moyenne", "Occasionnelle", "Bonne"),
        (3, "Grave", "Fréquente", "Partielle"),
        (4, "Très grave", "Très fréquente / permanente", "Insuffisante"),
    )
    for row, line in enumerate(lines, start=2):
        for column, value in enumerate(line, start=1):
            book.put(sheet, row, column, value)
    rule = "Risque = gravité x fréquence x maîtrise : 1 à 8 Faible ; 9 à 18 Moyen ; 19 à 32 Élevé ; plus de 32 Très élevé"
    sheet.write_string(6, 0, rule, book.look(border=0))
