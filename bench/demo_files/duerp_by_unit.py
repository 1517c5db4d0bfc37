"""The document unique of the 41: a sheet for each work unit, with merged cells and colours."""

from __future__ import annotations

from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from demo_files.looks import GREY, LEVEL_FILLS, NAVY, PALE_BLUE, Book, Cell, height_for
from demo_files.organisation import Unit
from demo_files.risk_documents import Action, RatedRisk, chosen_units, rate
from demo_files.scope import Faults, stream

FILE = "duerp_41.xlsx"
_FIRST = 10
"""Row of the first risk."""
_WIDTHS = (22, 42, 30, 5, 5, 5, 9, 11, 40, 38, 24, 12, 11, 12)
_SHORT = {
    "CER": "CE", "ATEL": "Atelier PL", "ESPV": "ENS", "COLE": "Entretien", "COLR": "Cuisine",
    "COLM": "Maintenance", "SOC": "Action sociale", "PMI": "PMI", "LABO": "Labo", "BATI": "Régie élec.",
}  # fmt: skip
_COLOUR_ONLY = {"ATEL", "PMI"}
"""Sheets where the level is a colour without a word."""
_STATES = ("À faire", "En cours", "Réalisé", "Reporté", "Abandonné")


def write(folder: Path, units: list[Unit], faults: Faults) -> None:
    """Write the document unique, its summary first and its hidden lists last."""
    rng = stream("duerp-41")
    documents = [(unit, rate(unit, rng)) for unit in chosen_units(units, "41")]
    _spoil(documents)
    names = _sheet_names(documents)
    with Book(folder / FILE, "Document unique - Loir-et-Cher - 2026") as book:
        _write_summary(book, documents, names)
        for (unit, risks), name in zip(documents, names, strict=True):
            _write_unit(book, name, unit, risks, faults)
        _write_lists(book)


def _spoil(documents: list[tuple[Unit, list[RatedRisk]]]) -> None:
    """What is wrong on purpose, one line in each of four sheets."""
    wrong: tuple[tuple[int, int, str, Cell, str], ...] = (
        (0, 4, "situation", None, "a rating without a situation"),
        (3, 2, "severity", 5, "severity 5 on a scale of 1 to 4"),
        (6, 3, "frequency", "?", "« ? » in place of the frequency"),
    )
    for sheet, rank, column, value, fault in wrong:
        risk = documents[sheet][1][rank]
        risk.override[column], risk.fault = value, fault
    planned = next(risk for risk in documents[9][1] if len(risk.actions) == 1)
    planned.override["due"], planned.fault = "31/06/2026", "impossible due date (31/06/2026)"


def _sheet_names(documents: list[tuple[Unit, list[RatedRisk]]]) -> list[str]:
    names: list[str] = []
    for unit, _ in documents:
        where = (
            unit.town if unit.kind == "CER" else unit.site.removeprefix("Collège ").split(" - ")[0]
        )
        name = _SHORT[unit.kind]
        if unit.kind in ("CER", "COLE", "COLR"):
            name = f"{name} {where}"
        names.append(name[:31])
    return names


def _write_summary(
    book: Book, documents: list[tuple[Unit, list[RatedRisk]]], names: list[str]
) -> None:
    sheet = book.sheet("Synthèse", (52, 26, 12, 10, 10, 12, 10))
    look = book.head(font_size=15, bg_color="#FFFFFF", font_color=NAVY)
    sheet.set_row(0, 30)
    sheet.merge_range(0, 0, 0, 6, "SYNTHÈSE DU DOCUMENT UNIQUE - LOIR-ET-CHER - 2026", look)
    headings = (
        "Unité de travail",
        "Onglet",
        "Nb de risques",
        "Faibles",
        "Modérés",
        "Importants",
        "Critiques",
    )
    book.headings(sheet, 3, headings)
    for row, ((unit, risks), name) in enumerate(zip(documents, names, strict=True), start=4):
        book.put(sheet, row, 1, unit.name)
        sheet.write_url(
            row - 1, 1, f"internal:'{name}'!A1", book.look(font_color=NAVY, underline=1), name
        )
        book.put(sheet, row, 3, len(risks), align="center")
        for column, level in enumerate(LEVEL_FILLS, start=4):
            count = sum(risk.level == level for risk in risks)
            book.put(
                sheet, row, column, count, bg_color=LEVEL_FILLS[level], align="center", bold=True
            )
    last = 3 + len(documents)
    look = book.look(bold=True, bg_color=GREY)
    sheet.write_string(last, 0, "TOTAL", look)
    sheet.write_blank(last, 1, None, look)
    counted = [len(risks) for _, risks in documents]
    for column, level in zip("CDEFG", (None, *LEVEL_FILLS), strict=True):
        total = sum(
            sum(risk.level == level for risk in risks) if level else counted[rank]
            for rank, (_, risks) in enumerate(documents)
        )
        book.formula(
            sheet,
            f"{column}{last + 1}",
            f"=SUM({column}4:{column}{last})",
            total,
            bold=True,
            bg_color=GREY,
        )


def _write_unit(book: Book, name: str, unit: Unit, risks: list[RatedRisk], faults: Faults) -> None:
    sheet = book.sheet(name, _WIDTHS, print_rows=9)
    _write_title_block(book, sheet, unit, risks[0])
    _write_headings(book, sheet)
    row = _FIRST
    first_of_family = row
    for rank, risk in enumerate(risks):
        rows = max(1, len(risk.actions))
        if rank and risk.wording.family != risks[rank - 1].wording.family:
            _write_family(book, sheet, first_of_family, row - 1, risks[rank - 1])
            first_of_family = row
        _write_risk(book, sheet, row, rows, risk)
        if risk.fault:
            faults.note(FILE, name, row, risk.fault)
        row += rows
    _write_family(book, sheet, first_of_family, row - 1, risks[-1])
    sheet.data_validation(
        _FIRST - 1,
        3,
        row - 2,
        5,
        {
            "validate": "integer",
            "criteria": "between",
            "minimum": 1,
            "maximum": 4,
            "error_type": "warning",
        },
    )
    sheet.data_validation(
        _FIRST - 1, 13, row - 2, 13, {"validate": "list", "source": "=Listes!$C$2:$C$6"}
    )
    _write_footnotes(book, sheet, row + 1)


def _write_title_block(book: Book, sheet: Worksheet, unit: Unit, risk: RatedRisk) -> None:
    framed = book.look(align="center", valign="vcenter", text_wrap=True, font_size=10)
    left = book.look(font_size=10)
    label = book.look(font_size=10, bold=True, bg_color=GREY)
    sheet.merge_range("A1:A4", "", framed)
    sheet.insert_textbox(
        "A1",
        "LOIR-ET-CHER\nle Département",
        {
            "width": 140, "height": 62, "x_offset": 8, "y_offset": 8,
            "font": {"bold": True, "size": 11, "color": "#FFFFFF"},
            "fill": {"color": "#2E75B6"}, "line": {"none": True},
            "align": {"vertical": "middle", "horizontal": "center"},
        },
    )  # fmt: skip
    title = book.head(font_size=15, bg_color="#FFFFFF", font_color=NAVY)
    sheet.merge_range("B1:I2", "DOCUMENT UNIQUE D'ÉVALUATION DES RISQUES PROFESSIONNELS", title)
    under = "Département de Loir-et-Cher - Direction des ressources humaines - Prévention"
    sheet.merge_range("B3:I4", under, framed)
    sheet.merge_range("J1:N1", f"Référence : DUERP-41-{unit.kind}", left)
    sheet.merge_range("J2:N2", "Version 9 - projet", left)
    sheet.merge_range("J3:N4", "Fiche de l'unité de travail", left)
    lines = (
        ("Unité de travail :", unit.name, "Effectif :", f"{unit.headcount} agents ({unit.women} F / {unit.men} H)", "Date de mise à jour :", risk.rated_on),
        ("Service :", unit.service, "Site :", unit.site, "Rédacteur :", "Assistant de prévention du site"),
    )  # fmt: skip
    for row, (one, first, two, second, three, third) in enumerate(lines, start=5):
        sheet.write_string(row - 1, 0, one, label)
        sheet.merge_range(row - 1, 1, row - 1, 2, first, left)
        sheet.merge_range(row - 1, 3, row - 1, 4, two, label)
        sheet.merge_range(row - 1, 5, row - 1, 8, second, left)
        sheet.write_string(row - 1, 9, three, label)
        if isinstance(third, str):
            sheet.merge_range(row - 1, 10, row - 1, 13, third, left)
        else:
            dated = book.look(font_size=10, num_format="dd mmmm yyyy", align="left")
            sheet.merge_range(row - 1, 10, row - 1, 13, "", dated)
            book.put(sheet, row, 11, third, font_size=10, num_format="dd mmmm yyyy", align="left")


def _write_headings(book: Book, sheet: Worksheet) -> None:
    head, sub = book.head(), book.head("#9DC3E6", font_color="#000000")
    sheet.set_row(7, 20)
    sheet.set_row(8, 20)
    for column, name in (
        (0, "Famille de risque"),
        (1, "Situation dangereuse"),
        (2, "Dommages potentiels"),
        (7, "Niveau (2)"),
        (8, "Mesures de prévention existantes"),
    ):
        sheet.merge_range(7, column, 8, column, name, head)
    sheet.merge_range("D8:G8", "Cotation (1)", head)
    sheet.merge_range("J8:N8", "Plan d'actions", head)
    for column, name in enumerate(("G", "F", "M", "Criticité"), start=3):
        sheet.write_string(8, column, name, sub)
    for column, name in enumerate(
        ("Mesures à prendre", "Pilote", "Échéance", "Coût", "Avancement"), start=9
    ):
        sheet.write_string(8, column, name, sub)
    sheet.freeze_panes(_FIRST - 1, 1)


def _write_family(book: Book, sheet: Worksheet, first: int, last: int, risk: RatedRisk) -> None:
    look = book.look(
        bold=True, bg_color=PALE_BLUE, text_wrap=True, align="center", valign="vcenter"
    )
    if first == last:
        sheet.write_string(first - 1, 0, risk.wording.family, look)
    else:
        sheet.merge_range(first - 1, 0, last - 1, 0, risk.wording.family, look)


def _write_risk(book: Book, sheet: Worksheet, row: int, rows: int, risk: RatedRisk) -> None:
    measures = "\n".join(f"- {measure}" for measure in risk.existing)
    situation = risk.override.get("situation", risk.wording.situation)
    fill = LEVEL_FILLS[risk.level]
    shown = "" if risk.unit.kind in _COLOUR_ONLY else risk.level.capitalize()
    cells: tuple[tuple[int, Cell, dict[str, object]], ...] = (
        (1, situation, {}),
        (2, risk.wording.harm, {}),
        (3, risk.override.get("severity", risk.severity), {"align": "center"}),
        (4, risk.override.get("frequency", risk.frequency), {"align": "center"}),
        (5, risk.control, {"align": "center"}),
        (6, None, {"align": "center", "bold": True, "font_size": 11, "bg_color": fill}),
        (7, shown, {"align": "center", "bg_color": fill}),
        (8, measures, {}),
    )
    for column, value, wanted in cells:
        if rows > 1:
            sheet.merge_range(
                row - 1, column, row + rows - 2, column, "", book.look(text_wrap=True, **wanted)
            )
        book.put(sheet, row, column + 1, value, **wanted)
    product = {"align": "center", "bold": True, "font_size": 11, "bg_color": fill}
    if {"severity", "frequency"} & set(risk.override):
        # Excel stores an empty text as this formula's result; XlsxWriter would store nothing.
        book.put(sheet, row, 7, "", **product)
    else:
        formula = f'=IFERROR(D{row}*E{row}*F{row},"")'
        book.formula(sheet, f"G{row}", formula, risk.criticality, **product)
    for offset in range(rows):
        action = risk.actions[offset] if offset < len(risk.actions) else None
        _write_action(book, sheet, row + offset, action, risk.override.get("due"))
    height = height_for(((situation, 42), (measures, 40), (risk.wording.harm, 30))) / rows
    for offset in range(rows):
        title = risk.actions[offset].title if risk.actions else ""
        sheet.set_row(row + offset - 1, max(height, height_for(((title, 38),)), 26))


def _write_action(book: Book, sheet: Worksheet, row: int, action: Action | None, due: Cell) -> None:
    line: tuple[Cell, ...] = (None,) * 5
    if action:
        line = (action.title, action.pilot, due or action.due, action.cost, action.state)
    for column, value in enumerate(line, start=10):
        wanted: dict[str, object] = {"align": "center"} if column == 14 else {}
        if column == 13:
            wanted = {"num_format": '#,##0 "€"'}
        book.put(sheet, row, column, value, **wanted)


def _write_footnotes(book: Book, sheet: Worksheet, row: int) -> None:
    look = book.look(font_size=8, font_color="#595959", border=0)
    notes = (
        "(1) G : gravité de 1 (mineure) à 4 (très grave) ; F : fréquence d'exposition de 1 (rare) à 4 (permanente) ; M : maîtrise de 1 (très bonne) à 4 (insuffisante). Criticité = G x F x M.",
        "(2) Vert : faible (1 à 8) - Jaune : modéré (9 à 18) - Orange : important (19 à 32) - Rouge : critique (33 à 64).",
        "Document présenté à la formation spécialisée (F3SCT) du 8 décembre 2026. Toute observation est à porter au registre de santé et sécurité au travail.",
    )  # fmt: skip
    for offset, note in enumerate(notes):
        sheet.write_string(row - 1 + offset, 0, note, look)


def _write_lists(book: Book) -> None:
    sheet = book.sheet("Listes", (30, 12, 18))
    for column, name in enumerate(("Niveaux", "Cotation", "Avancement")):
        sheet.write_string(0, column, name)
    for row, level in enumerate(LEVEL_FILLS, start=1):
        sheet.write_string(row, 0, level.capitalize())
        sheet.write_number(row, 1, row)
    for row, state in enumerate(_STATES, start=1):
        sheet.write_string(row, 2, state)
    sheet.hide()
