"""How a risk is rated, given a rating method: its values, its level, what is decided.

The method is data (scales, thresholds, colours, decisions): this one definition serves the
screen, the reports, the import and the export. A version of the document unique keeps the code of
the method that it was rated with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scale: the figure that is entered, and what it weighs."""

    value: int
    coefficient: Decimal
    label_fr: str
    label_en: str
    meaning_fr: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of a method, from its first step to its last."""

    letter: str
    label_fr: str
    label_en: str
    steps: tuple[Step, ...]

    def step(self, value: int | None) -> Step | None:
        """The step with this figure, if the scale has it."""
        return next((each for each in self.steps if each.value == value), None)


@dataclass(frozen=True, slots=True)
class Level:
    """How serious a value is; `rank` is 0 for what is not rated, then 1 for the least."""

    code: str
    label_fr: str
    label_en: str
    letter: str
    """What stands for the colour in black and white."""
    fill: str
    """Colour of the cell in reports, #RRGGBB."""
    text: str
    """Colour of the words on that fill, #RRGGBB."""
    rank: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a residual value asks for; `rank` is 1 for the least urgent."""

    code: str
    label_fr: str
    label_en: str
    rank: int


@dataclass(frozen=True, slots=True)
class Floor:
    """A severity under which no level may be lower than this rank."""

    severity: int
    rank: int


@dataclass(frozen=True, slots=True)
class RatingMethod:
    """A rating method as its file describes it; thresholds are exclusive upper bounds."""

    code: str
    name_fr: str
    name_en: str
    formula_fr: str
    source: str
    severity: Scale
    frequency: Scale
    control: Scale
    unrated: Level
    levels: tuple[Level, ...]
    level_bounds: tuple[Decimal, ...]
    """The value at which each level but the first begins."""
    floors: tuple[Floor, ...]
    decisions: tuple[Decision, ...]
    decision_bounds: tuple[Decimal, ...]
    """The value at which each decision but the first begins."""

    @property
    def immediate_from(self) -> Decimal:
        """The residual value from which the most urgent decision holds."""
        return self.decision_bounds[-1]


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that a method makes of one rating."""

    initial: Decimal | None
    initial_level: Level
    residual: Decimal | None
    residual_level: Level
    decision: Decision | None


def initial(method: RatingMethod, severity: int | None, frequency: int | None) -> Decimal | None:
    """The value as if no measure were in place; None when a figure is missing or off its scale."""
    return _product(method.severity.step(severity), method.frequency.step(frequency))


def residual(
    method: RatingMethod, severity: int | None, frequency: int | None, control: int | None
) -> Decimal | None:
    """The value with the measures really applied; None when a figure is missing."""
    return _product(
        method.severity.step(severity),
        method.frequency.step(frequency),
        method.control.step(control),
    )


def _product(*steps: Step | None) -> Decimal | None:
    product = Decimal(1)
    for step in steps:
        if step is None:
            return None
        product *= step.coefficient
    return product


def level(method: RatingMethod, value: Decimal | None, severity: int | None) -> Level:
    """The level of an initial or residual value, raised where the severity does not allow less."""
    if value is None:
        return method.unrated
    rank = 1 + _bounds_reached(method.level_bounds, value)
    floors = [each.rank for each in method.floors if each.severity == severity]
    return method.levels[max([rank, *floors]) - 1]


def decision(method: RatingMethod, value: Decimal | None) -> Decision | None:
    """What a residual value asks for; None when it is not known.

    The severity plays no part: a very serious risk that is well controlled is shown as medium
    and followed up.
    """
    if value is None:
        return None
    return method.decisions[_bounds_reached(method.decision_bounds, value)]


def _bounds_reached(bounds: Sequence[Decimal], value: Decimal) -> int:
    return sum(value >= bound for bound in bounds)


def assess(
    method: RatingMethod, severity: int | None, frequency: int | None, control: int | None
) -> Assessment:
    """Both values of a rating, their levels and the decision."""
    gross = initial(method, severity, frequency)
    left = residual(method, severity, frequency, control)
    return Assessment(
        gross,
        level(method, gross, severity),
        left,
        level(method, left, severity),
        decision(method, left),
    )


def method_from(document: Mapping[str, Any]) -> RatingMethod:
    """The method that a file of resources/rating_methods describes, once read as JSON."""
    levels = tuple(_level(each, rank) for rank, each in enumerate(document["levels"], 1))
    ranks = {each.code: each.rank for each in levels}
    scales = {key: _scale(each) for key, each in document["scales"].items()}
    return RatingMethod(
        code=document["code"],
        name_fr=document["name_fr"],
        name_en=document["name_en"],
        formula_fr=document["formula_fr"],
        source=document["source"],
        severity=scales["severity"],
        frequency=scales["frequency"],
        control=scales["control"],
        unrated=_level(document["unrated"], 0),
        levels=levels,
        level_bounds=_bounds(document["levels"]),
        floors=tuple(Floor(each["severity"], ranks[each["level"]]) for each in document["floors"]),
        decisions=tuple(
            Decision(each["code"], each["label_fr"], each["label_en"], rank)
            for rank, each in enumerate(document["decisions"], 1)
        ),
        decision_bounds=_bounds(document["decisions"]),
    )


def _level(each: Mapping[str, str], rank: int) -> Level:
    return Level(
        each["code"],
        each["label_fr"],
        each["label_en"],
        each["letter"],
        each["fill"],
        each["text"],
        rank,
    )


def _scale(each: Mapping[str, Any]) -> Scale:
    steps = tuple(
        Step(
            step["value"],
            Decimal(step["coefficient"]),
            step["label_fr"],
            step["label_en"],
            step["meaning_fr"],
        )
        for step in each["steps"]
    )
    return Scale(each["letter"], each["label_fr"], each["label_en"], steps)


def _bounds(ordered: Sequence[Mapping[str, str | None]]) -> tuple[Decimal, ...]:
    return tuple(Decimal(each["below"]) for each in ordered if each["below"] is not None)
