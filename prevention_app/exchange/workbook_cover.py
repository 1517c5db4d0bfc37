"""The first page: key figures and what there is to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import Card, CoverSheet, Figure, Link, Point, Tone
from prevention_app.exchange.workbook_page import Page
from prevention_app.exchange.workbook_styles import (
    BAND,
    CARD,
    HAIRLINE,
    INK,
    LINK,
    NAVY,
    NOTE,
    TEAL,
    TONES,
    WHITE,
    figure_format,
)

_CARDS_ACROSS = 4
_CARD_COLUMNS = 3
"""Number, words, gap."""
_CARD_HEIGHTS = (22, 38, 18, 26, 8)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand: the widths of the columns, and the columns of the points below."""

    widths: tuple[float, ...]
    finding: tuple[int, int]
    """First column and how many."""
    decision: tuple[int, int]

    @property
    def last(self) -> int:
        """The last column: where to look."""
        return len(self.widths) - 1


_WITH_CARDS = _Layout((9, 25, 1.5) * 3 + (9, 25), finding=(1, 4), decision=(6, 4))
_WITH_FIGURES = _Layout((9, 31, 20, 20, 20, 20), finding=(1, 2), decision=(3, 2))


def cover_sheet(page: Page, spec: CoverSheet) -> None:
    """One printed page, nothing on it in need of explanation."""
    layout = _WITH_CARDS if spec.cards else _WITH_FIGURES
    for at, width in enumerate(layout.widths):
        page.sheet.set_column(at, at, width)
    _titles(page, spec)
    row = _cards(page, spec.cards, 5) if spec.cards else _figures(page, spec, 5)
    row = _points(page, spec, row, layout)
    if spec.strip:
        row = _strip(page, spec, row + 1, layout)
    for note in filter(None, (spec.organised, spec.note)):
        row += 1
        page.put(row, 0, typeset(note), page.styles.note())
    page.sheet.center_horizontally()
    page.sheet.print_area(0, 0, row, layout.last)
    page.one_page_wide(pages_tall=1)
    page.sheet.activate()


def _titles(page: Page, spec: CoverSheet) -> None:
    make = page.styles.make
    page.sheet.set_row(0, 40)
    page.put(0, 0, spec.title, make(font_size=26, bold=True, font_color=NAVY))
    page.sheet.set_row(1, 20)
    page.put(1, 0, typeset(spec.subtitle), make(font_size=14, bold=True, font_color=TEAL))
    page.put(2, 0, typeset(spec.readers), make(font_size=10, font_color=NOTE))
    page.sheet.set_row(3, 22)
    page.put(3, 0, Link("Ouvrir le sommaire →", spec.contents), page.styles.link(11))


def _cards(page: Page, cards: tuple[Card, ...], row: int) -> int:
    for start in range(0, len(cards), _CARDS_ACROSS):
        for at, height in enumerate(_CARD_HEIGHTS):
            page.sheet.set_row(row + at, height)
        for at, card in enumerate(cards[start : start + _CARDS_ACROSS]):
            _card(page, card, row, at * _CARD_COLUMNS)
        row += len(_CARD_HEIGHTS)
    return row


def _card(page: Page, card: Card, row: int, column: int) -> None:
    colour = TONES[card.tone]
    strong = NAVY if card.tone is Tone.PLAIN else colour
    base = {"bg_color": CARD, "left": 5, "left_color": colour, "indent": 1, "align": "left"}
    _merged(
        page, row, column, card.label, base | {"font_size": 11, "bold": True, "font_color": NAVY}
    )
    _merged(page, row + 1, column, card.figure, {**base, **_big(strong)})
    details = (*card.details, "", "")[:2]
    _merged(page, row + 2, column, details[0], base | {"font_size": 9})
    tone = {"bold": True, "font_color": strong if card.tone is not Tone.PLAIN else NOTE}
    _merged(page, row + 3, column, details[1], base | {"valign": "top"} | tone)


def _big(colour: str) -> Mapping[str, object]:
    return {"font_size": 28, "bold": True, "font_color": colour}


def _merged(
    page: Page,
    row: int,
    column: int,
    content: Figure | str,
    looks: Mapping[str, object],
    width: int = 2,
) -> None:
    """Words or a figure over several cells; a figure is a number with words around it."""
    if isinstance(content, Figure):
        looks = {**looks, "num_format": figure_format(content)}
    else:
        looks = {**looks, "text_wrap": True}
    style = page.styles.make(**looks)
    if width > 1:
        page.sheet.merge_range(row, column, row, column + width - 1, "", style)
    shown = content.formula if isinstance(content, Figure) else typeset(content)
    page.put(row, column, shown, style)


# -- key figures of several departments ---------------------------------------------------------


def _figures(page: Page, spec: CoverSheet, row: int) -> int:
    head = {"bold": True, "font_color": WHITE, "bg_color": NAVY, "font_size": 11}
    page.sheet.set_row(row, 26)
    for at, text in enumerate(spec.heads):
        _figure_cell(page, row, at, text, head)
    for line in spec.figures:
        row += 1
        page.sheet.set_row(row, 29)
        for at, cell in enumerate(line):
            _figure_cell(page, row, at, cell, _figure_looks(at, last=at == len(line) - 1))
    page.sheet.set_row(row + 1, 10)
    return row + 2


def _figure_looks(at: int, *, last: bool) -> Mapping[str, object]:
    looks: dict[str, object] = {"bottom": 1, "bottom_color": HAIRLINE, "font_size": 11}
    if at:
        looks |= {"font_size": 16, "bold": True, "font_color": NAVY}
    if last:
        looks["bg_color"] = BAND
    return looks


def _figure_cell(
    page: Page, row: int, at: int, content: Figure | str, looks: Mapping[str, object]
) -> None:
    """The label takes two columns, each figure one."""
    if at == 0:
        _merged(page, row, 0, content, {**looks, "align": "left", "indent": 1})
    else:
        _merged(page, row, at + 1, content, {**looks, "align": "center"}, 1)


# -- what to decide -----------------------------------------------------------------------------


def _heading(page: Page, text: str, row: int, layout: _Layout) -> None:
    page.sheet.set_row(row, 22)
    rule = page.styles.make(font_size=13, bold=True, font_color=NAVY, bottom=2, bottom_color=TEAL)
    for at in range(layout.last + 1):
        page.put(row, at, text if at == 0 else None, rule)


def _strip(page: Page, spec: CoverSheet, row: int, layout: _Layout) -> int:
    _heading(page, spec.strip_title, row, layout)
    for start in range(0, len(spec.strip), _CARDS_ACROSS):
        row += 1
        page.sheet.set_row(row, 18)
        for at, each in enumerate(spec.strip[start : start + _CARDS_ACROSS]):
            _merged(page, row, at * _CARD_COLUMNS, each, {"align": "left"})
    return row + 1


def _points(page: Page, spec: CoverSheet, row: int, layout: _Layout) -> int:
    make = page.styles.make
    _heading(page, spec.points_title, row, layout)
    row += 1
    if not spec.points:
        page.put(row, 0, spec.no_points, make(font_size=10))
        return row + 1
    places = (0, layout.finding[0], layout.decision[0], layout.last)
    for at, text in zip(places, ("Nombre", "Constat", "Décision proposée", "Voir"), strict=True):
        page.put(row, at, text, make(font_color=NOTE, bold=True))
    for each in spec.points:
        row += 1
        page.sheet.set_row(row, 30)
        _point(page, each, row, layout)
    return row + 1


def _point(page: Page, point: Point, row: int, layout: _Layout) -> None:
    line: dict[str, object] = {"bottom": 1, "bottom_color": HAIRLINE}
    for at in range(layout.last + 1):
        page.put(row, at, None, page.styles.make(**line))
    number = line | {"bold": True, "font_size": 12, "font_color": NAVY, "num_format": "#,##0"}
    page.put(row, 0, point.count, page.styles.make(**number, align="left"))
    first, width = layout.finding
    _merged(page, row, first, point.finding, line | {"font_size": 10, "font_color": INK}, width)
    first, width = layout.decision
    _merged(page, row, first, point.decision, line, width)
    link = page.styles.make(**line, font_color=LINK, underline=1)
    page.put(row, layout.last, Link(point.sheet, point.sheet), link)
