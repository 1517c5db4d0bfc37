"""By which method a document unique is rated: told by its headings and its figures together.

A table rated otherwise than by gravity × frequency (× control) keeps its figures on their own
scales. What is not recognised is read as before, on scales brought to four levels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from prevention_app.catalogue.values import fold
from prevention_app.domain.ratings import RatingMethod, Scale
from prevention_app.exchange.french_numbers import is_blank_mark
from prevention_app.exchange.headings import plain_words
from prevention_app.exchange.import_kinds import (
    CellRead,
    ColumnFacts,
    ImportColumn,
    Look,
    Parse,
    Parsed,
    Preset,
)
from prevention_app.exchange.scales import leading_number
from prevention_app.exchange.shipped_methods import shipped_methods

METHOD: Final = "rating_method"
"""The import field that says by which method a table is rated."""
FIVE, KINNEY, OIRA, TWO, JUDGEMENT = "five-1", "kinney-1", "sf-1", "gf-1", "rps-1"
OWN_SCALES: Final = frozenset({FIVE, KINNEY, OIRA})
"""Methods whose figures are not brought to four levels."""

Names = Mapping[str, Sequence[str]]
"""Criterion → headings that mean it, as `plain_words` makes them, the surest first."""

_SEVERITY: Final = ("gravite", "severite", "severity", "g")
_FREQUENCY: Final = (
    *("frequence exposition", "frequence", "frequency", "exposition", "exposure", "f"),
)
_PROBABILITY: Final = ("probabilite", "probability", "vraisemblance", "likelihood", "p")
_NAMES: Final[Mapping[str, Names]] = {
    FIVE: {
        "severity": _SEVERITY,
        "frequency": ("exposition", "frequence exposition", "exposure", "e", "frequence", "f"),
        "occurrence": ("occurrence", "o", *_PROBABILITY),
        "training": ("formation", "training", "fo", "f"),
        "protection": ("protection", "pr", "p"),
    },
    KINNEY: {
        "occurrence": _PROBABILITY,
        "severity": (*_SEVERITY, "effet", "effect", "consequence", "impact", "e"),
        "frequency": (*_FREQUENCY, "e"),
    },
    OIRA: {"severity": _SEVERITY, "frequency": _FREQUENCY},
}
"""Tried in this order: the one that asks for most first."""
_MORE_THAN_TWO: Final = frozenset({FIVE, KINNEY})
_TELLING: Final[Mapping[str, Mapping[str, frozenset[int]]]] = {
    KINNEY: {"severity": frozenset({5, 10}), "frequency": frozenset({7})},
    OIRA: {"severity": frozenset({7, 10}), "frequency": frozenset({7, 9})},
}
"""Figures without which a table might as well be rated from 1 to 4 or 5."""
_NOISE: Final = re.compile(r"\b(?:critere|note|cotation|niveau|indice|echelle|facteur|\d+)\b")
_CONTROL: Final = frozenset({"maitrise", "m", "control"})
_SHARE: Final = 0.8
"""How many of a column's figures must stand on the scale; the others are refused."""
_ENOUGH_TO_ASK: Final = 4


def preset(headings: Mapping[int, str], facts: Mapping[int, ColumnFacts]) -> Preset | None:
    """What the headings and figures of a table say of its method; None for the usual ones."""
    words = {column: _bare(said) for column, said in headings.items()}
    unsure: Preset | None = None
    for code, names in _NAMES.items():
        columns = _columns(words, names)
        if columns is None or (code == OIRA and _has_other_criteria(words)):
            continue
        if not _fits(shipped_methods()[code], columns, facts):
            if code in _MORE_THAN_TWO and not _has_control(words):
                unsure = unsure or _unknown(code)
            continue
        if _tells(code, columns, facts):
            return _found(code, columns)
        if code == OIRA and _may_be(columns, facts):
            return Preset(question=_QUESTION, asks=METHOD, answers=_ANSWERS)
    return unsure


def _unknown(code: str) -> Preset:
    """Headings of a method whose scales these are not: two of its figures alone would mislead."""
    method = shipped_methods()[code]
    scales = " × ".join(each.label_fr.lower() for each in method.scales.values())
    return Preset(
        question=(
            f"Les titres annoncent une méthode à {len(method.scales)} critères, mais les chiffres "
            f"ne sont pas sur les échelles de « {method.name_fr} » ({scales}). Quelle méthode a "
            f"servi : {code} ou {TWO} ? Avec {code}, les lignes hors échelle sont refusées ; avec "
            f"{TWO}, seules la gravité et la fréquence comptent."
        ),
        asks=METHOD,
        answers=(
            (f"{method.name_fr} ({code})", code),
            (f"Gravité et fréquence seules ({TWO})", TWO),
        ),
    )


_QUESTION: Final = (
    "Les chiffres de la gravité et de la fréquence vont à 5 et peuvent être d’une échelle de 1 à 5 "
    "ou du barème OiRA (1, 5, 7, 10 et 1, 3, 7, 9). Quelle méthode a servi : gf-1 ou sf-1 ?"
)
_ANSWERS: Final = (("Échelle de 1 à 5 (gf-1)", TWO), ("Barème OiRA (sf-1)", OIRA))


def _found(code: str, columns: Mapping[str, int]) -> Preset:
    method = shipped_methods()[code]
    return Preset(
        {column: criterion for criterion, column in columns.items()},
        {METHOD: code},
        f"cotée par la méthode « {method.name_fr} » ({code}), d’après ses titres et ses chiffres ; "
        "les chiffres sont repris sur ses échelles.",
    )


def _bare(heading: str) -> str:
    return " ".join(_NOISE.sub(" ", plain_words(heading)).split())


def _columns(words: Mapping[int, str], names: Names) -> dict[str, int] | None:
    """Criterion → its column; None where one of them has none."""
    free = dict(words)
    found: dict[str, int] = {}
    for criterion, wanted in names.items():
        columns = [at for each in wanted for at, said in free.items() if said == each]
        if not columns:
            return None
        found[criterion] = columns[0]
        del free[columns[0]]
    return found


def _has_control(words: Mapping[int, str]) -> bool:
    return not _CONTROL.isdisjoint(words.values())


def _has_other_criteria(words: Mapping[int, str]) -> bool:
    return not _CONTROL.union(_PROBABILITY).isdisjoint(words.values())


def _fits(
    method: RatingMethod, columns: Mapping[str, int], facts: Mapping[int, ColumnFacts]
) -> bool:
    for criterion, column in columns.items():
        scale, values = method.scales[criterion], facts[column].values
        on_it = [step_of(scale, str(value)) is not None for value in values]
        if not on_it or sum(on_it) < _SHARE * len(on_it):
            return False
    return True


def _tells(code: str, columns: Mapping[str, int], facts: Mapping[int, ColumnFacts]) -> bool:
    telling = _TELLING.get(code)
    if telling is None:
        return True
    method = shipped_methods()[code]
    return any(
        step_of(method.scales[criterion], str(value)) in steps
        for criterion, steps in telling.items()
        for value in facts[columns[criterion]].values
    )


def _may_be(columns: Mapping[str, int], facts: Mapping[int, ColumnFacts]) -> bool:
    """Whether a severity of 5 stands there, on steps that another scale would hardly leave out."""
    of = facts[columns["severity"]]
    said = {leading_number(str(value)) for value in of.values}
    return 5 in said and len(of.values) >= _ENOUGH_TO_ASK and not re.search(r"\d", of.heading)


# -- reading the figures -----------------------------------------------------------------------


def step_of(scale: Scale, text: str) -> int | None:
    """The step that a figure or the words of a step mean; None for what is not on the scale."""
    figure = leading_number(text)
    if figure is not None:
        step = scale.step(int(figure)) if figure == int(figure) else None
        return step.value if step else None
    words = fold(" ".join(text.split()))
    return next(
        (
            step.value
            for step in scale.steps
            if words in (fold(step.label_fr), fold(step.label_en), fold(step.meaning_fr))
        ),
        None,
    )


def on_scale(scale: Scale) -> Parse:
    """A parser of a figure on a scale of its own; what is off it refuses the row."""
    expected = ", ".join(f"{each.value} ({each.label_fr.lower()})" for each in scale.steps)

    def parse(cell: CellRead) -> Parsed:
        if cell.value is None or is_blank_mark(cell.text):
            return Parsed()
        step = step_of(scale, cell.text)
        if step is None:
            return Parsed(
                problem=f"« {cell.text} » n’est pas sur l’échelle « {scale.label_fr} » ; "
                f"attendu : {expected}.",
                fatal=True,
            )
        return Parsed(step)

    return parse


def scale_of(code: str, criterion: str) -> Scale:
    """A scale of a shipped method."""
    return shipped_methods()[code].scales[criterion]


def steps_look(scale: Scale) -> Look:
    """Whether a column holds steps of a scale."""

    def look(facts: ColumnFacts) -> float:
        sample = facts.values[:60]
        if not sample:
            return 0.0
        share = sum(step_of(scale, str(each)) is not None for each in sample) / len(sample)
        return 1.0 if share >= _SHARE else -1.0

    return look


def method_named(cell: CellRead) -> Parsed:
    """The method that a text names, by code or name."""
    said = fold(cell.text.strip())
    for code, method in shipped_methods().items():
        if said in (code, fold(method.name_fr), fold(method.name_en)):
            return Parsed(code)
    if cell.value is None or is_blank_mark(cell.text):
        return Parsed()
    known = ", ".join(shipped_methods())
    return Parsed(problem=f"« {cell.text} » n’est pas une méthode connue ; attendu : {known}.")


def refit(code: object, column: ImportColumn) -> ImportColumn:
    """The column with the scale of the table's method, where it has one of its own."""
    method = shipped_methods().get(str(code)) if code in OWN_SCALES else None
    scale = method.scales.get(column.key) if method else None
    if scale is None:
        return column
    return replace(column, parse=on_scale(scale), reads_fill=False, tells=None)
