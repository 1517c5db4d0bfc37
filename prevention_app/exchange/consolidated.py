"""The consolidated workbook of one department, or of several together, from what was gathered.

The same sheets in the same order for every department; several together have the department as
first column of each register, and one sheet more that lays them side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice

from prevention_app.domain.indicators import Indicators
from prevention_app.domain.ratings import RatingMethod
from prevention_app.domain.suppression import without_small
from prevention_app.exchange.consolidated_columns import (
    DEPARTMENT,
    Plan,
    plans,
    value_lists,
)
from prevention_app.exchange.consolidated_comparison import Department, comparison_sheet
from prevention_app.exchange.consolidated_cover import TITLE, cover_sheet, joint_cover_sheet
from prevention_app.exchange.consolidated_directions import Places, directions_sheet
from prevention_app.exchange.consolidated_gaps import Gap, gap_sheet, gaps_in
from prevention_app.exchange.consolidated_glossary import glossary_sheet
from prevention_app.exchange.consolidated_indicators import indicators_sheet
from prevention_app.exchange.names import NAME_MARK
from prevention_app.exchange.plain_register import RegisterRows, columns_of
from prevention_app.exchange.sheet_stream import fitted
from prevention_app.exchange.tally import Tally, column_of
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import (
    BlockSheet,
    Cell,
    Column,
    Formula,
    GridSheet,
    Line,
    LineKind,
    Link,
    Look,
    Named,
    Paper,
    Plain,
    RegisterSheet,
    Sheet,
    Tab,
    Table,
    Workbook,
)
from prevention_app.exchange.workbook_writer import CONTENTS, MOST_ROWS
from prevention_app.i18n import number_text

FORMAT = "1.0"
SERVICE = "Service prévention"

Row = Mapping[str, Plain]
"""The values of a record by the keys of the columns that show them."""

_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LARGE_PAPER_FROM = 190
"""Total width from which a register is printed on A3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Of whom a workbook speaks, as at when, and how the program knows it again."""

    departments: tuple[Department, ...]
    """Several make a common workbook."""
    today: date
    method: RatingMethod
    """Names levels and decisions, whose codes all methods share."""
    export_id: str
    position: str
    """Where the journal stood, by which an edited workbook is compared."""
    methods: tuple[RatingMethod, ...] = ()
    """Those by which the risks shown are rated."""
    organised_on: date | None = None
    """The day whose organisation the directions are of; the present one when None."""
    changes_since: int = 0
    """How many units changed since that day."""

    @property
    def together(self) -> bool:
        """Whether several departments share the workbook."""
        return len(self.departments) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What one consistent read of the data gave."""

    occasion: Occasion
    figures: Indicators
    """Of all together, as the service itself knows them."""
    rows: Mapping[str, Sequence[Row]]
    """By the key of the sheet plan."""
    registers: tuple[RegisterRows, ...]
    """The other registers that have records."""
    places: Places
    gaps: tuple[Gap, ...]
    """What else is missing, beyond what the sheets themselves show."""


def consolidated_workbook(gathered: Gathered) -> Workbook:
    """All sheets of the consolidated workbook."""
    occasion = gathered.occasion
    wanted = plans(occasion.method, gathered.figures.year, occasion.methods)
    tables = {each.key: _table(gathered, each) for each in wanted}
    tallies = {
        key: Tally(table.name, table.columns, list(table.rows)) for key, table in tables.items()
    }
    figures = _figure_sheets(gathered, tallies)
    due, *registers = (_register_sheet(each, tables[each.key]) for each in wanted)
    taken = {each.name.casefold() for each in (*figures, due, *registers)} | _FIXED
    others = [_other_sheet(each, taken, together=occasion.together) for each in gathered.registers]
    missing = [
        *gaps_in(tallies),
        *gathered.gaps,
        *_cut_rows(gathered.registers, others),
        *_cut_texts(tallies),
    ]
    method = [gap_sheet(missing), glossary_sheet(occasion.method, occasion.methods)]
    sheets: list[Sheet] = [*figures, due, *registers, *others, *method]
    cover = _cover(gathered, _named_values(figures))
    return _workbook(occasion, [cover, _contents(sheets), *sheets])


def _figure_sheets(
    gathered: Gathered, tallies: Mapping[str, Tally]
) -> list[BlockSheet | GridSheet]:
    """The sheets that count; of several departments, first of all the one that compares them."""
    occasion = gathered.occasion
    sheets: list[BlockSheet | GridSheet] = [
        indicators_sheet(
            without_small(gathered.figures), tallies, occasion.method, together=occasion.together
        ),
        directions_sheet(gathered.figures, tallies, occasion.method, gathered.places),
    ]
    if occasion.together:
        sheets.insert(0, comparison_sheet(occasion.departments, tallies, occasion.method))
    return sheets


_FIXED = {"couverture", "sommaire", "contrôle des données", "glossaire et méthode", "comparaison"}


def registers_workbook(occasion: Occasion, registers: Sequence[RegisterRows]) -> Workbook:
    """A workbook of some registers alone, each as it is declared."""
    taken = set(_FIXED)
    others = [_other_sheet(each, taken, together=occasion.together) for each in registers]
    return sheets_workbook(occasion, others)


def plan_sheet(plan: Plan, rows: Sequence[Row]) -> RegisterSheet:
    """One register sheet of the consolidated workbook, filled, for a workbook of its own."""
    return _register_sheet(plan, _filled(plan, plan.columns, rows))


def sheets_workbook(occasion: Occasion, sheets: Sequence[Sheet]) -> Workbook:
    """A workbook of these sheets behind their table of contents."""
    return _workbook(occasion, [_contents(sheets), *sheets])


# -- registers ----------------------------------------------------------------------------------


def _table(gathered: Gathered, plan: Plan) -> Table:
    columns = (DEPARTMENT, *plan.columns) if gathered.occasion.together else plan.columns
    return _filled(plan, columns, gathered.rows[plan.key])


def _filled(plan: Plan, columns: tuple[Column, ...], found: Sequence[Row]) -> Table:
    keys = [each.key for each in columns]
    records = list(islice(found, MOST_ROWS - 1))
    rows = [tuple(record.get(key) for key in keys) for record in records]
    totals = {
        each.heading: _total(rows, place) for place, each in enumerate(columns) if each.summed
    }
    return Table(plan.table, columns, rows, len(rows), totals if rows else {})


def _total(rows: Sequence[Sequence[Plain]], place: int) -> float:
    amounts = [row[place] for row in rows]
    return float(sum(each for each in amounts if isinstance(each, (int, Decimal))))


def _register_sheet(plan: Plan, table: Table) -> RegisterSheet:
    more = len(table.columns) - len(plan.columns)
    return RegisterSheet(
        name=plan.name,
        title=plan.title,
        explanation=plan.explanation,
        tab=plan.tab,
        paper=plan.paper,
        section=plan.section,
        table=table,
        register=plan.register,
        frozen=plan.frozen + more,
        remark=plan.remark,
        content=plan.content,
    )


def _other_sheet(each: RegisterRows, taken: set[str], *, together: bool) -> RegisterSheet:
    """A register as it is declared."""
    columns = columns_of(each.fields, with_department=together)
    count = min(each.count, MOST_ROWS)
    skipped = 0 if together else 1
    rows = (row[skipped:] for row in islice(each.rows, count))
    width = sum(column.width for column in columns if not column.hidden)
    return RegisterSheet(
        name=sheet_name(each.entity.label_fr, taken),
        title=each.entity.label_fr,
        explanation="Le registre tel qu’il est tenu dans le programme, une ligne par fiche.",
        paper=Paper.A3 if width > _LARGE_PAPER_FROM else Paper.A4,
        section="Autres registres",
        table=Table(_table_name(each.entity.key), columns, rows, count),
        register=each.entity.key,
        frozen=2 if together else 1,
        content=each.entity.label_fr,
        tab=Tab.REGISTER,
    )


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel accepts and that no other sheet has; it is added to those taken."""
    bare = " ".join(_FORBIDDEN.sub(" ", wanted).split()).strip("'") or "Registre"
    name, count = _shortened(bare, _LONGEST_NAME), 1
    while name.casefold() in taken or name.casefold() == "history":
        count += 1
        end = f" ({count})"
        name = _shortened(bare, _LONGEST_NAME - len(end)) + end
    taken.add(name.casefold())
    return name


def _shortened(text: str, longest: int) -> str:
    """The text cut at a word where it is too long."""
    if len(text) <= longest:
        return text
    cut = text[: longest + 1].rsplit(" ", 1)[0].rstrip(" ,;–-’'")
    return cut if len(cut) >= longest // 2 else text[:longest].rstrip(" '")


def _table_name(register: str) -> str:
    return "R_" + re.sub(r"\W", "_", register)[:200]


# -- the sheets around them ---------------------------------------------------------------------


def _named_values(sheets: Sequence[BlockSheet | GridSheet]) -> dict[str, str | float]:
    """What the cells with a defined name hold."""
    return {
        cell.name: cell.value if isinstance(cell.value, str) else float(cell.value)
        for sheet in sheets
        for cells in _lines_of(sheet)
        for cell in cells
        if isinstance(cell, (Formula, Named))
        and cell.name
        and isinstance(cell.value, (str, int, float, Decimal))
    }


def _lines_of(sheet: BlockSheet | GridSheet) -> list[tuple[Cell, ...]]:
    if isinstance(sheet, GridSheet):
        return [each.cells for each in sheet.lines]
    return [
        cells for block in sheet.blocks for cells in (*block.lines, block.total, *block.after_total)
    ]


def _cover(gathered: Gathered, values: Mapping[str, str | float]) -> Sheet:
    occasion = gathered.occasion
    subtitle = f"{_whose(occasion)} – arrêté au {day_in_words(occasion.today)}"
    if occasion.organised_on is not None:
        subtitle += f" – dans l’organisation du {day_in_words(occasion.organised_on)}"
    organised = _organisation_of(occasion)
    if occasion.together:
        readers = "Pour les responsables de prévention des départements. Chiffres sans nom."
        made = joint_cover_sheet(occasion.departments, values, CONTENTS, subtitle, readers)
        return replace(made, organised=organised)
    readers = (
        "Pour la direction générale, la direction des ressources humaines et la F3SCT. "
        "Document sans nom de personne."
    )
    figures = without_small(gathered.figures)
    made = cover_sheet(figures, values, CONTENTS, subtitle, readers)
    return replace(made, organised=organised)


def _whose(occasion: Occasion) -> str:
    names = ", ".join(f"{each.name} ({each.number})" for each in occasion.departments)
    return names if occasion.together else f"Département : {names}"


def _organisation_of(occasion: Occasion) -> str:
    """How the periods of other days are brought to the organisation that was asked for."""
    if occasion.organised_on is None:
        return ""
    since = number_text(occasion.changes_since) if occasion.changes_since else "aucune"
    return (
        f"Directions telles qu’elles étaient le {day_in_words(occasion.organised_on)} (unités "
        f"changées depuis : {since}) ; toutes les périodes y sont ramenées par les successions "
        "enregistrées."
    )


def day_in_words(day: date) -> str:
    """« 1er mars 2026 », whatever the language of the program: the file is French."""
    first = "er" if day.day == 1 else ""
    return f"{day.day}{first} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()


def _contents(sheets: Sequence[Sheet]) -> GridSheet:
    lines: list[Line] = []
    sections = list(dict.fromkeys(each.section for each in sheets))
    for section in sections:
        lines.append(Line((section,), LineKind.SECTION))
        lines += [Line(_contents_line(each)) for each in sheets if each.section == section]
    return GridSheet(
        name=CONTENTS,
        title=CONTENTS,
        explanation=(
            "Cliquez sur le nom d’une feuille pour l’ouvrir ; « ← Sommaire », en haut de chaque "
            "feuille, ramène ici."
        ),
        columns=(
            Column("Feuille", Look.LINK, 34),
            Column("Contenu", width=72),
            Column("Lignes", Look.INTEGER, 10),
            Column("À compléter", Look.CENTRED, 12),
            Column("Papier", Look.CENTRED, 14),
        ),
        lines=tuple(lines),
        one_page=True,
    )


def _contents_line(sheet: Sheet) -> tuple[Cell, ...]:
    rows: Cell = None
    editable = "non"
    if isinstance(sheet, RegisterSheet):
        key = next(each.heading for each in sheet.table.columns if each.key == "reference")
        rows = Formula(f"=COUNTA({column_of(sheet.table.name, key)})", sheet.table.count)
        if any(each.editable for each in sheet.table.columns):
            editable = "oui"
    paper = f"{sheet.paper}, {sheet.pages}" if sheet.pages else str(sheet.paper)
    return (
        Link(sheet.name, sheet.name),
        typeset(sheet.content or sheet.title),
        rows,
        editable,
        paper,
    )


def _organised(occasion: Occasion) -> dict[str, str]:
    if occasion.organised_on is None:
        return {}
    return {"organisation_du": occasion.organised_on.isoformat()}


def _cut_rows(registers: Sequence[RegisterRows], sheets: Sequence[RegisterSheet]) -> list[Gap]:
    return [
        Gap(
            f"Lignes de « {sheet.title} » qui ne tiennent pas dans une feuille",
            each.count - sheet.table.count,
            "Une feuille a 1 048 576 lignes : le registre entier s’exporte en CSV.",
            sheet.name,
        )
        for each, sheet in zip(registers, sheets, strict=True)
        if each.count > sheet.table.count
    ]


def _cut_texts(tallies: Mapping[str, Tally]) -> list[Gap]:
    long = sum(
        fitted(cell)[1]
        for tally in tallies.values()
        for row in tally.rows
        for cell in row
        if isinstance(cell, str)
    )
    if not long:
        return []
    why = "Une cellule tient 32 767 caractères : la suite se lit dans le programme."
    return [Gap("Textes trop longs, coupés dans ce classeur", long, why, "")]


def _workbook(occasion: Occasion, sheets: Sequence[Sheet]) -> Workbook:
    numbers = "-".join(each.number for each in occasion.departments)
    closing = f"{occasion.today:%d/%m/%Y}"
    quarter = f"{occasion.today.year}-T{(occasion.today.month + 2) // 3}"
    recognised = {
        "export_id": occasion.export_id,
        "format_classeur": FORMAT,
        "departement": numbers,
        "periode": quarter,
        "arrete_au": occasion.today.isoformat(),
        **_organised(occasion),
        "variante": "sans nom",
    }
    employers = ", ".join(f"{each.name} ({each.number})" for each in occasion.departments)
    return Workbook(
        title=f"{TITLE} – {employers} – {closing}",
        subject=f"Prévention des risques professionnels, arrêté au {closing}",
        company=employers,
        author=SERVICE,
        keywords="prévention, document unique, registres, vérifications, habilitations",
        properties=recognised,
        header=(employers, f"Arrêté au {closing}"),
        footer=("Diffusion restreinte", SERVICE),
        sheets=tuple(sheets),
        lists=value_lists(),
        meta=recognised
        | {
            "position_journal": occasion.position,
            "methode_cotation": occasion.method.code,
            "marque_nom": NAME_MARK,
            "langue": "fr",
        },
    )
