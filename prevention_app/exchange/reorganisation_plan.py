"""The plan of a reorganisation as a workbook: read line by line, and a model of it written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from prevention_app.catalogue.values import fold
from prevention_app.domain.org_units import ORG_UNIT, SITE, WORK_UNIT
from prevention_app.domain.reorganisation import Act
from prevention_app.errors import UnreadableFile
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.exchange.sheets import Scalar, Sheet, cell_name
from prevention_app.exchange.typography import typeset

HEADINGS: Final = ("Opération", "Unité", "Nouveau nom", "Vers", "Site", "Remarque")
OPERATIONS: Final[Mapping[str, tuple[Act, str]]] = {
    "Créer un service": (Act.CREATE, ORG_UNIT),
    "Créer une unité de travail": (Act.CREATE, WORK_UNIT),
    "Créer un site": (Act.CREATE, SITE),
    "Renommer": (Act.RENAME, ORG_UNIT),
    "Rattacher": (Act.MOVE, ORG_UNIT),
    "Réunir": (Act.MERGE, ORG_UNIT),
    "Scinder": (Act.SPLIT, ORG_UNIT),
    "Fermer": (Act.CLOSE, ORG_UNIT),
}
"""What stands in the first column → the act, and the register of what is created."""
_ALSO: Final = {
    "creer une direction": "Créer un service",
    "deplacer": "Rattacher",
    "fusionner": "Réunir",
    "diviser": "Scinder",
    "supprimer": "Fermer",
}
_USE: Final = (
    ("Créer un service", "", "son nom", "ce dont il dépend ; vide : une direction", ""),
    ("Créer une unité de travail", "", "son nom", "sa direction ou son service", "son site"),
    ("Créer un site", "", "son nom", "le site qui l’entoure, s’il y en a un", ""),
    ("Renommer", "ce qui change de nom", "le nouveau nom", "", ""),
    (
        "Rattacher",
        "une direction, un service, une unité ou un site",
        "",
        "sa direction, son service ou son site ; un site mis sous une direction y amène ses unités",
        "",
    ),
    (
        "Réunir",
        "ce qui disparaît, une ligne chacun",
        "",
        "ce qui prend la suite, créé par ce plan ou existant",
        "",
    ),
    (
        "Scinder",
        "ce qui disparaît, une ligne par partie",
        "",
        "une des parties ; la première reçoit ce qu’aucune ligne ne place ailleurs",
        "",
    ),
    ("Fermer", "ce qui disparaît sans suite, une fois vide", "", "", ""),
)
_LINES_OFFERED: Final = 400
_ROWS_LOOKED_AT: Final = 20
_HELP_HEIGHT: Final = 32
_SHEET, _UNITS, _HELP = "Opérations", "Unités présentes", "Mode d’emploi"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of the workbook, as it is written there."""

    sheet: str
    row: int
    act: Act
    register: str = ORG_UNIT
    unit: str = ""
    name: str = ""
    to: str = ""
    site: str = ""
    columns: Mapping[str, int] | None = None
    """Field → the number of its column, of a line that was read."""

    def place(self, field: str = "") -> str:
        """Where it stands: « feuille « Opérations », B7 »; the line where no field is meant."""
        column = (self.columns or {}).get(field)
        where = cell_name(self.row, column) if column else f"ligne {self.row}"
        return f"feuille « {self.sheet} », {where}"


@dataclass(frozen=True, slots=True)
class PresentUnit:
    """A unit as the model lists it."""

    reference: str
    kind: str
    path: str


_FIELDS: Final = dict(zip(("act", "unit", "name", "to", "site"), HEADINGS, strict=False))


def read_plan(path: Path) -> list[PlanLine]:
    """The lines of the sheet that has the columns; raises UnreadableFile with cell and reason."""
    for sheet in read_source(path).sheets:
        for row in range(1, min(len(sheet.rows), _ROWS_LOOKED_AT) + 1):
            columns = _columns(sheet.rows[row - 1])
            if {"act", "unit"} <= set(columns):
                return list(_lines(path, sheet, row, columns))
    expected = ", ".join(HEADINGS[:-1])
    raise UnreadableFile(
        f"« {path.name} » n’a pas de feuille avec les colonnes attendues : {expected}."
    )


def _columns(cells: Sequence[Scalar]) -> dict[str, int]:
    written = {fold(str(cell or "")).strip(): at for at, cell in enumerate(cells, start=1)}
    return {key: written[fold(text)] for key, text in _FIELDS.items() if fold(text) in written}


def _lines(
    path: Path, sheet: Sheet, heading: int, columns: Mapping[str, int]
) -> Iterator[PlanLine]:
    wrong: list[str] = []
    found: list[PlanLine] = []
    for row in range(heading + 1, len(sheet.rows) + 1):
        cells = {key: _text(sheet.value(row, at)) for key, at in columns.items()}
        if not any(cells.values()):
            continue
        word = _operation(cells.pop("act"))
        if word is None:
            where = cell_name(row, columns["act"])
            wrong.append(f"« {path.name} », feuille « {sheet.name} », {where} : {_expected()}")
            continue
        act, register = OPERATIONS[word]
        found.append(PlanLine(sheet.name, row, act, register, **cells, columns=columns))
    if wrong:
        raise UnreadableFile("\n".join(wrong))
    if not found:
        raise UnreadableFile(f"« {path.name} » ne contient aucune opération.")
    yield from found


def _operation(text: str) -> str | None:
    wanted = " ".join(fold(text).split())
    known = {fold(each): each for each in OPERATIONS}
    return known.get(wanted) or _ALSO.get(wanted)


def _expected() -> str:
    return f"une opération est attendue ({', '.join(OPERATIONS)})."


def _text(value: Scalar) -> str:
    return "" if value is None else " ".join(str(value).split())


# -- writing -------------------------------------------------------------------------------------


def write_plan(out: Path, lines: Iterable[PlanLine], present: Sequence[PresentUnit]) -> None:
    """Write a plan, empty or not, with the units it may name; raises PreventionError."""
    with _book(out) as book:
        sheet, units, use = (book.add_worksheet(name) for name in (_SHEET, _UNITS, _HELP))
        _write_rows(
            book, sheet, HEADINGS, [_written(each) for each in lines], (26, 62, 62, 62, 44, 30)
        )
        _write_rows(
            book,
            units,
            ("Référence", "Nature", "Unité"),
            [(each.reference, each.kind, each.path) for each in present],
            (20, 22, 90),
        )
        _write_rows(
            book,
            use,
            HEADINGS[:-1],
            [tuple(map(typeset, each)) for each in _USE],
            (26, 46, 20, 60, 14),
            _HELP_HEIGHT,
        )
        _offer(sheet, 0, list(OPERATIONS))
        if present:
            source = f"='{_UNITS}'!$C$2:$C${len(present) + 1}"
            for column in (1, 3):
                _offer(sheet, column, source)


def _written(line: PlanLine) -> tuple[str, ...]:
    word = next(
        word
        for word, (act, register) in OPERATIONS.items()
        if act is line.act and (act is not Act.CREATE or register == line.register)
    )
    return (word, line.unit, line.name, line.to, line.site, "")


def _offer(sheet: Any, column: int, source: str | list[str]) -> None:
    offered = {"validate": "list", "source": source, "error_type": "warning"}
    sheet.data_validation(1, column, _LINES_OFFERED, column, offered)


@contextmanager
def _book(out: Path) -> Iterator[Any]:
    from xlsxwriter import Workbook

    refuse_locked(out)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with replacing(out) as file:
        opened: Any = Workbook(file, options)
        with opened as book:
            yield book


def _write_rows(
    book: Any,
    sheet: Any,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    height: int = 0,
) -> None:
    """Rows under headings; of a height where their texts are to be broken."""
    head = book.add_format({"bold": True, "bg_color": "#E6EEF0", "bottom": 1, "valign": "top"})
    cell = book.add_format({"valign": "top", "text_wrap": bool(height)})
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, head)
        sheet.set_column(column, column, widths[column], cell)
    for at, row in enumerate(rows, 1):
        if height:
            sheet.set_row(at, height)
        for column, text in enumerate(row):
            sheet.write_string(at, column, text, cell)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(headings) - 1)
