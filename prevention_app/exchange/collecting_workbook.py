"""Writes collecting sheets as workbooks that are filled in on screen and read well on paper.

By XlsxWriter itself: the house's workbook writer makes reports, with cover and contents; this is a
form of one page with a few cells to fill in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from prevention_app.exchange import collecting_model as model
from prevention_app.exchange.collecting_model import ActionSheet, Identity, RiskSheet
from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_styles import BAND, CREAM, HAIRLINE, INK, NAVY, NOTE, WHITE

IDENTITY_SHEET: Final = "_prevention"
LISTS_SHEET: Final = "_listes"
_CODES_ROW: Final = 6
_HEAD_ROWS: Final = (3, 4, 5)
_LEAST_HEIGHT: Final = 30
_NEW_HEIGHT: Final = 40
_POINTS_A_LINE: Final = 13.0

_RISK_WIDTHS: Final[Mapping[str, float]] = {
    model.KEY: 1, model.NUMBER: 4.5, model.FAMILY: 22, model.SITUATION: 44, model.MEASURES: 34,
    model.LEVEL: 13, model.ANSWER: 15, model.REMARK: 34,
}  # fmt: skip
_ACTION_WIDTHS: Final[Mapping[str, float]] = {
    model.KEY: 1, model.REFERENCE: 14, model.TITLE: 36, model.PLACE: 27, model.DUE: 11,
    model.STATE: 12, model.PROGRESS: 12, model.DONE_ON: 11, model.TARGET: 21, model.FOUND: 15,
    model.COST: 10, model.REMARK: 28,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Book:
    """An open workbook with its looks."""

    book: Any
    sheet: Any
    looks: Mapping[str, Any]
    widths: Mapping[str, float]


def write_risk_sheet(asked: RiskSheet, out: Path) -> None:
    """Write the sheet of a work unit; raises PreventionError where the file cannot be written."""
    refuse_locked(out)
    with replacing(out) as file:
        made = _open(file, "Fiche", _RISK_WIDTHS, asked.identity)
        until = (
            f" · à rendre avant le {asked.answers_until:%d/%m/%Y}" if asked.answers_until else ""
        )
        _head(
            made,
            f"Fiche de collecte : {asked.unit}",
            " · ".join(each for each in (asked.employer, asked.branch, asked.campaign) if each)
            + f" · préparée le {asked.sent_on:%d/%m/%Y}{until}",
            "Pour chaque situation, choisissez « Toujours vrai », « A changé » ou « N’existe "
            "plus » ; écrivez en remarque ce qui a changé. Ajoutez plus bas les situations "
            "nouvelles. Indiquez des fonctions, aucun nom.",
            tuple(model.HEAD_LABELS),
        )
        last = _risk_lines(made, asked)
        _lists(made, {"familles": asked.families})
        _answer_lists(made, last, len(asked.lines))
        _identify(made.book, asked.identity, [(each.key, each.situation, each.measures)
                                               for each in asked.lines])  # fmt: skip
        _page(made, f"{asked.unit} — {asked.campaign}")
        made.book.close()


def write_action_sheet(asked: ActionSheet, out: Path) -> None:
    """Write the actions of a pilot; raises PreventionError where the file cannot be written."""
    refuse_locked(out)
    with replacing(out) as file:
        made = _open(file, "Mes actions", _ACTION_WIDTHS, asked.identity)
        until = (
            f" · à rendre avant le {asked.answers_until:%d/%m/%Y}" if asked.answers_until else ""
        )
        _head(
            made,
            f"Actions de prévention : {asked.pilot}",
            f"{asked.employer} · préparée le {asked.sent_on:%d/%m/%Y}{until}",
            "Mettez à jour les cellules claires : état, avancement, date de réalisation, valeur "
            "constatée, coût réel. Une remarque dit ce qui manque ou ce qui retarde.",
            (model.ANSWERED_BY,),
        )
        _action_lines(made, asked)
        _identify(made.book, asked.identity, [(each.key, *_stored(each)) for each in asked.lines])
        _page(made, asked.pilot)
        made.book.close()


def _stored(line: model.ActionLine) -> tuple[str, ...]:
    """The values that were sent: what differs when the sheet comes back is the answer."""
    plain = (line.state, line.progress, line.done_on, line.found, line.real_cost)
    return tuple("" if each is None else str(each) for each in plain)


# -- the parts ----------------------------------------------------------------------------------


def _open(file: Any, name: str, widths: Mapping[str, float], identity: Identity) -> _Book:
    from xlsxwriter import Workbook

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book: Any = Workbook(file, options)
    book.set_properties({"title": "Fiche de collecte", "category": "Prévention"})
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    base = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"}
    framed = base | {"border": 1, "border_color": HAIRLINE, "text_wrap": True}
    looks = {
        "title": book.add_format(base | {"bold": True, "font_size": 16, "font_color": NAVY}),
        "note": book.add_format(base | {"font_color": NOTE}),
        "label": book.add_format(base | {"bold": True, "align": "right", "valign": "vcenter"}),
        "heading": book.add_format(
            framed | {"bold": True, "bg_color": NAVY, "font_color": WHITE, "valign": "vcenter"}
        ),
        "band": book.add_format(base | {"bold": True, "bg_color": BAND, "valign": "vcenter"}),
        "told": book.add_format(framed | {"bg_color": WHITE}),
        "number": book.add_format(framed | {"align": "center", "font_color": NOTE}),
        "day": book.add_format(framed | {"num_format": "dd/mm/yyyy", "align": "center"}),
        "fill": book.add_format(framed | {"bg_color": CREAM, "locked": False}),
        "fill_day": book.add_format(
            framed | {"bg_color": CREAM, "num_format": "dd/mm/yyyy", "align": "center"}
        ),
        "fill_number": book.add_format(framed | {"bg_color": CREAM, "num_format": "0"}),
        "fill_money": book.add_format(framed | {"bg_color": CREAM, "num_format": "#,##0.00"}),
        "hidden": book.add_format({"font_color": WHITE, "font_size": 8}),
    }
    for at, width in enumerate(widths.values()):
        sheet.set_column(at, at, width, None, {"hidden": at == 0})
    sheet.write_string(0, 0, f"{model.MARK}:{identity.format}:{identity.token}", looks["hidden"])
    return _Book(book, sheet, looks, widths)


def _head(made: _Book, title: str, under: str, how: str, asked: Sequence[str]) -> None:
    """Title, what it belongs to, how it is filled in, and who took part."""
    sheet, looks, last = made.sheet, made.looks, len(made.widths) - 1
    sheet.write_string(0, 1, typeset(title), looks["title"])
    sheet.set_row(0, 24)
    sheet.write_string(1, 1, typeset(under), looks["note"])
    wrapped = made.book.add_format({
        "font_name": "Calibri", "font_size": 10, "text_wrap": True, "valign": "top",
    })  # fmt: skip
    sheet.merge_range(2, 1, 2, last, typeset(how), wrapped)
    sheet.set_row(2, 28)
    for row in _HEAD_ROWS[len(asked) :]:
        sheet.set_row(row, None, None, {"hidden": True})
    for row, code in zip(_HEAD_ROWS, asked, strict=False):
        sheet.write_string(row, 0, code, looks["hidden"])
        sheet.merge_range(row, 1, row, 2, model.HEAD_LABELS[code], looks["label"])
        look = "fill_day" if code == model.MET_ON else "fill"
        if code == model.MET_ON:
            sheet.write_blank(row, 3, None, looks[look])
        else:
            sheet.merge_range(row, 3, row, last, None, looks[look])
        sheet.set_row(row, 22)


def _headings(made: _Book, headings: Mapping[str, str]) -> None:
    for at, (code, heading) in enumerate(headings.items()):
        made.sheet.write_string(_CODES_ROW, at, code, made.looks["hidden"])
        made.sheet.write_string(_CODES_ROW + 1, at, heading, made.looks["heading"])
    made.sheet.set_row(_CODES_ROW, None, None, {"hidden": True})
    made.sheet.set_row(_CODES_ROW + 1, 30)
    made.sheet.freeze_panes(_CODES_ROW + 2, 0)


def _risk_lines(made: _Book, asked: RiskSheet) -> int:
    """The situations known, then room for new ones; returns the last row."""
    sheet, looks = made.sheet, made.looks
    _headings(made, model.RISK_HEADINGS)
    row = _CODES_ROW + 2
    for number, line in enumerate(asked.lines, 1):
        sheet.write_string(row, 0, line.key, looks["hidden"])
        sheet.write_number(row, 1, number, looks["number"])
        for at, text in enumerate((line.family, line.situation, line.measures, line.level), 2):
            sheet.write_string(row, at, text, looks["told"])
        for at in (6, 7):
            sheet.write_blank(row, at, None, looks["fill"])
        texts = {
            model.FAMILY: line.family, model.SITUATION: line.situation,
            model.MEASURES: line.measures,
        }  # fmt: skip
        sheet.set_row(row, _height(made.widths, texts))
        row += 1
    sheet.merge_range(
        row, 1, row, len(made.widths) - 1, "Situations nouvelles, à décrire ici", looks["band"]
    )
    sheet.set_row(row, 22)
    row += 1
    for number in range(1, model.BLANK_ROWS + 1):
        sheet.write_string(row, 0, f"{model.NEW}{number}", looks["hidden"])
        sheet.write_string(row, 1, f"N{number}", looks["number"])
        for at in range(2, len(made.widths)):
            look = "told" if at in (5, 6) else "fill"
            sheet.write_blank(row, at, None, looks[look])
        sheet.set_row(row, _NEW_HEIGHT)
        row += 1
    return row - 1


def _action_lines(made: _Book, asked: ActionSheet) -> None:
    sheet, looks = made.sheet, made.looks
    _headings(made, model.ACTION_HEADINGS)
    row = _CODES_ROW + 2
    for line in asked.lines:
        sheet.write_string(row, 0, line.key, looks["hidden"])
        sheet.write_string(row, 1, line.reference, looks["told"])
        sheet.write_string(row, 2, line.title, looks["told"])
        sheet.write_string(row, 3, line.place, looks["told"])
        _day(sheet, row, 4, line.due, looks["day"])
        sheet.write_string(row, 5, line.state, looks["fill"])
        _number(sheet, row, 6, line.progress, looks["fill_number"])
        _day(sheet, row, 7, line.done_on, looks["fill_day"])
        sheet.write_string(row, 8, line.target, looks["told"])
        sheet.write_string(row, 9, line.found, looks["fill"])
        _number(sheet, row, 10, line.real_cost, looks["fill_money"])
        sheet.write_blank(row, 11, None, looks["fill"])
        texts = {
            model.TITLE: line.title, model.PLACE: line.place, model.TARGET: line.target,
            model.FOUND: line.found,
        }  # fmt: skip
        sheet.set_row(row, _height(made.widths, texts))
        row += 1
    first, last = _CODES_ROW + 2, max(row - 1, _CODES_ROW + 2)
    sheet.data_validation(first, 5, last, 5, {
        "validate": "list", "source": list(asked.states), "error_type": "warning",
    })  # fmt: skip
    sheet.data_validation(first, 6, last, 6, {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100,
        "error_type": "warning", "input_title": "Avancement",
        "input_message": "Un nombre de 0 à 100.",
    })  # fmt: skip


def _day(sheet: Any, row: int, column: int, day: date | None, look: Any) -> None:
    if day is None:
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_datetime(row, column, day, look)


def _number(sheet: Any, row: int, column: int, number: Any, look: Any) -> None:
    if number is None:
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_number(row, column, float(number), look)


def _answer_lists(made: _Book, last: int, lines: int) -> None:
    """What is chosen from: other words are let in with a warning, and read as free text."""
    first = _CODES_ROW + 2
    if lines:
        made.sheet.data_validation(first, 6, first + lines - 1, 6, {
            "validate": "list", "source": list(model.ANSWERS), "error_type": "warning",
            "error_title": "Aujourd’hui",
            "error_message": "Choisissez de préférence dans la liste.",
        })  # fmt: skip
    made.sheet.data_validation(first + lines + 1, 2, last, 2, {
        "validate": "list", "source": "=familles", "error_type": "warning",
        "error_title": "Famille de risque",
        "error_message": "Choisissez de préférence dans la liste.",
    })  # fmt: skip


def _lists(made: _Book, lists: Mapping[str, Sequence[str]]) -> None:
    sheet = made.book.add_worksheet(LISTS_SHEET)
    for at, (name, texts) in enumerate(lists.items()):
        sheet.write_column(0, at, texts)
        letter = chr(65 + at)
        reach = f"='{LISTS_SHEET}'!${letter}$1:${letter}${max(len(texts), 1)}"
        made.book.define_name(name, reach)
    sheet.hide()


def _identify(book: Any, identity: Identity, lines: Sequence[tuple[str, ...]]) -> None:
    """The hidden sheet: what it is, and what each line said when it left."""
    sheet = book.add_worksheet(IDENTITY_SHEET)
    told = {
        "mark": model.MARK,
        "format": str(identity.format),
        "kind": identity.kind,
        "campaign": identity.campaign,
        "unit": identity.unit,
        "token": identity.token,
    }
    for row, (name, value) in enumerate(told.items()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    for row, line in enumerate(lines, len(told) + 1):
        for at, value in enumerate(line):
            sheet.write_string(row, at, value)
    book.define_name("fiche_de_collecte", f"='{IDENTITY_SHEET}'!$B$6")
    sheet.very_hidden()


def _page(made: _Book, foot: str) -> None:
    sheet = made.sheet
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_CODES_ROW + 1)
    sheet.set_footer(f"&L&8{foot.replace('&', '&&')[:120]}&R&8Page &P / &N")
    sheet.activate()


def _height(widths: Mapping[str, float], texts: Mapping[str, str]) -> float:
    """As many lines as the longest text of a row takes: other programs do not fit rows."""
    lines = 1
    for code, text in texts.items():
        wide = max(int(widths[code] * 1.02), 1)
        lines = max(lines, sum(1 + len(part) // wide for part in text.split("\n")))
    return max(_LEAST_HEIGHT, lines * _POINTS_A_LINE + 4)
