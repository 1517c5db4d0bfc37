"""Parsers and looks of scales, ratings and their levels, from figures, words or colours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from prevention_app.exchange.french_numbers import is_blank_mark
from prevention_app.exchange.headings import plain_words
from prevention_app.exchange.import_kinds import CellRead, ColumnFacts, Look, Parse, Parsed
from prevention_app.exchange.scales import (
    LEVEL,
    LEVEL_NAMES,
    Words,
    figure_before_word,
    leading_number,
    level_of_colour,
    level_of_words,
    to_four,
)

_HEADED = re.compile(r"(?:1\s*(?:a|à|-|–|/|\.\.+)\s*|/\s*)(5|6|10)\b")


def scale(words: Words, what: str, expected: str, *, coefficients: bool = False) -> Parse:
    """A parser of a scale from 1 to 4: a figure, a word or a colour.

    `what` and `expected` name the scale and its words to a user. A scale that goes up to 5, 6 or
    10 is brought to 4 levels, never to a lower one, and the figure as written is a remark. With
    `coefficients`, 0.25 to 1 are the levels 1 to 4 (the formula G × F × M is often written so).
    """

    def parse(cell: CellRead) -> Parsed:
        if cell.value is None or (isinstance(cell.value, str) and is_blank_mark(cell.value)):
            return _of_colour(cell, what)
        figure = _figure(cell)
        if figure is None:
            figure = figure_before_word(cell.text, words)
        written: dict[str, object] = {"_text": cell.text} if isinstance(cell.value, str) else {}
        if figure is not None:
            return _of_figure(cell, figure, written, coefficients=coefficients)
        level = _by_legend(cell) or level_of_words(cell.text, words)
        if level is None:
            return Parsed(
                extras=written,
                problem=f"« {cell.text} » n’est pas compris ; un chiffre de 1 à 4 ou un mot "
                f"({expected}) est attendu.",
            )
        return Parsed(level, written)

    return parse


def _by_legend(cell: CellRead) -> int | None:
    """The level that the file's own legend gives to a word."""
    legend = cell.facts.legend
    if legend is None or legend.inverted:
        return None
    figure = legend.words.get(plain_words(cell.text))
    return to_four(figure, max(4, *legend.words.values())) if figure else None


def _figure(cell: CellRead) -> float | None:
    if isinstance(cell.value, bool):
        return None
    if isinstance(cell.value, int | float):
        return float(cell.value)
    return leading_number(cell.text)


def _of_figure(
    cell: CellRead, figure: float, written: dict[str, object], *, coefficients: bool
) -> Parsed:
    if coefficients and _holds_coefficients(cell.facts):
        level = {0.25: 1, 0.5: 2, 0.75: 3, 1.0: 4}.get(figure)
        if level is not None:
            return Parsed(level, written)
    top = _top(cell.facts)
    if figure != int(figure) or not 1 <= figure <= top:
        return Parsed(
            extras=written,
            problem=f"« {cell.text} » est hors de l’échelle ; 1 à {top} est attendu.",
        )
    if top == 4:
        return Parsed(_turned(int(figure), cell.facts), {} if read_alone(cell.text) else written)
    level = to_four(figure, top)
    remark = "" if level == figure else f"{figure:g} sur une échelle de 1 à {top}"
    return Parsed(_turned(level, cell.facts), {"_text": cell.text}, remark=remark)


def _turned(level: int, facts: ColumnFacts) -> int:
    return 5 - level if facts.legend and facts.legend.inverted else level


def other_scale(facts: ColumnFacts) -> str:
    """What the report says of a column whose scale is not that of the method."""
    top = _top(facts)
    said = [f"échelle de 1 à {top}, ramenée à 4 niveaux."] if top != 4 else []
    if facts.legend and facts.legend.inverted:
        said.append("d’après la légende, 1 est le plus défavorable : les chiffres sont inversés.")
    return " ".join(said)


def read_alone(text: str) -> bool:
    """Whether a text is a bare figure, with nothing else worth keeping."""
    return bool(re.fullmatch(r"\W*\d(?:[.,]0+)?\W*", text))


def _of_colour(cell: CellRead, what: str) -> Parsed:
    level = level_of_colour(cell.fill, cell.facts.fills) if cell.fill else None
    return Parsed(level, remark=f"{what} lue à la couleur de la cellule" if level else "")


@lru_cache(maxsize=256)
def _top(facts: ColumnFacts) -> int:
    """How far the scale of a column goes: what its heading says, else what its figures say."""
    if headed := _HEADED.search(facts.heading.casefold()):
        return int(headed[1])
    figures = [number for number in _figures(facts) if number == int(number)]
    beyond = [number for number in figures if 4 < number <= 10]
    if not beyond or len(beyond) * 40 < len(figures):
        return 4
    if max(beyond) <= 5:
        return 5
    return (6 if max(beyond) <= 6 else 10) if len(beyond) > 1 else 4


@lru_cache(maxsize=256)
def _holds_coefficients(facts: ColumnFacts) -> bool:
    figures = _figures(facts)
    return any(number in (0.25, 0.5, 0.75) for number in figures) and max(figures) <= 1


def _figures(facts: ColumnFacts) -> list[float]:
    read: Iterable[float | None] = (leading_number(text) for text in facts.texts)
    own = [float(v) for v in facts.values if isinstance(v, int | float) and not isinstance(v, bool)]
    return own + [number for number in read if number is not None]


def rating_figure(cell: CellRead) -> Parsed:
    """The rating as computed in the file; its cell's colour is kept for the level."""
    colour = level_of_colour(cell.fill, cell.facts.fills) if cell.fill else None
    extras: dict[str, object] = {"rating_colour": colour} if colour else {}
    figure = None if cell.value is None else _figure(cell)
    if figure is None:
        remark = cell.text if cell.value is not None and not is_blank_mark(cell.text) else ""
        return Parsed(extras=extras, remark=remark)
    return Parsed(int(figure) if figure == int(figure) else Decimal(repr(figure)), extras)


def rating_level(cell: CellRead) -> Parsed:
    """The level of a rating (faible, modéré, important, critique), by word or by colour."""
    colour = level_of_colour(cell.fill, cell.facts.fills) if cell.fill else None
    if cell.value is None or is_blank_mark(cell.text):
        return Parsed(LEVEL_NAMES[colour - 1] if colour else None)
    level = level_of_words(cell.text, LEVEL)
    if level is None and colour:
        level, remark = colour, cell.text
    else:
        remark = cell.text if level is None else ""
    return Parsed(LEVEL_NAMES[level - 1] if level else None, {"_text": cell.text}, remark=remark)


def scale_look(words: Words) -> Look:
    """Whether a column holds figures up to 10 or words of a scale, or colours without either."""

    def look(facts: ColumnFacts) -> float:
        sample = facts.values[:60]
        if not sample:
            return 1.0 if _mostly_coloured(facts) else 0.0
        share = sum(_on_scale(str(value), words) for value in sample) / len(sample)
        return 1.0 if share >= 0.8 else -1.0 if share <= 0.3 else 0.0

    return look


def _on_scale(text: str, words: Words) -> bool:
    if len(text) > 60:
        return False
    figure = leading_number(text)
    if figure is None:
        figure = figure_before_word(text, words)
    return 0 < figure <= 10 if figure is not None else level_of_words(text, words) is not None


def level_look(facts: ColumnFacts) -> float:
    """Whether a column holds words of rating levels, or colours without any word."""
    sample = facts.values[:60]
    if not sample:
        return 1.0 if _mostly_coloured(facts) else 0.0
    texts = [value for value in sample if isinstance(value, str) and len(value) <= 40]
    share = sum(level_of_words(text, LEVEL) is not None for text in texts) / len(sample)
    return 1.0 if share >= 0.8 else -1.0 if share <= 0.3 else 0.0


def rating_look(facts: ColumnFacts) -> float:
    """Whether a column holds figures that a product of scales may give."""
    sample = facts.values[:60]
    if not sample:
        return 0.5 if _mostly_coloured(facts) else 0.0
    share = sum((leading_number(str(v)) or 0) > 0 for v in sample if len(str(v)) <= 30) / len(
        sample
    )
    return 1.0 if share >= 0.8 else -1.0 if share <= 0.3 else 0.0


def _mostly_coloured(facts: ColumnFacts) -> bool:
    levels = {level_of_colour(colour, facts.fills) for colour in facts.fills} - {None}
    return facts.empty_but_filled * 2 >= facts.rows and len(levels) >= 2
