"""How a risk is rated, given a rating method: its values, its level, what is decided.

The method is data (scales, formula or table, thresholds, colours, decisions): this one definition
serves the screen, the reports, the import and the export. A rating keeps the code of the method
that it was made with; a method that is changed gets another code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

CRITERIA: Final = (
    *("severity", "frequency", "occurrence", "training", "protection", "control", "judgement"),
)
"""All that a method may ask about a risk: the fields of a rating that hold figures."""

Figures = Mapping[str, int | None]
"""Criterion → the figure entered for it."""

_LEVELS: Final = ("low", "medium", "high", "critical")
_DECISIONS: Final = ("follow_up", "yearly_programme", "immediate")


class InvalidMethod(ValueError):
    """A document that describes no rating method; says in French what is wrong with it."""


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
    """Low, medium, high or critical: what the levels of all methods have in common."""
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
    """Follow-up, yearly programme or immediate, in all methods."""
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
    scales: Mapping[str, Scale]
    """Criterion → its scale, in the order in which they are asked for."""
    gross: tuple[str, ...]
    """What is multiplied as if no measure were in place; empty where a method has one value."""
    net: tuple[str, ...]
    """What is multiplied with the measures really applied."""
    unrated: Level
    levels: tuple[Level, ...]
    level_bounds: tuple[Decimal, ...]
    """The value at which each level but the first begins."""
    floors: tuple[Floor, ...]
    decisions: tuple[Decision, ...]
    decision_bounds: tuple[Decimal, ...]
    """The value at which each decision but the first begins."""
    table: Mapping[Decimal, Decimal] = field(default_factory=dict[Decimal, Decimal])
    """Product → value, where a value is not the product itself."""

    def level_from(self, rank: int) -> Level:
        """The first of its levels that is so serious, or more."""
        return next(each for each in self.levels if each.rank >= rank)

    @property
    def urgent(self) -> Decision:
        """The decision that something is to be done at once."""
        return self.decisions[-1]


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that a method makes of one rating."""

    initial: Decimal | None
    initial_level: Level
    residual: Decimal | None
    residual_level: Level
    decision: Decision | None

    @property
    def immediate(self) -> bool:
        """Whether something is to be done at once."""
        return self.decision is not None and self.decision.code == _DECISIONS[-1]


def figures_of(rating: object) -> dict[str, int | None]:
    """The figures of a rating record, by criterion."""
    return {each: getattr(rating, each) for each in CRITERIA}


@dataclass(frozen=True, slots=True)
class Hint:
    """A rating made elsewhere, shown where the risk is still to be evaluated (P6)."""

    method: str
    """The code of its method."""
    figures: Figures

    def __str__(self) -> str:
        """As a risk keeps it: « gfm-1 severity=3 frequency=2 control=3 »."""
        told = (f"{key}={value}" for key, value in self.figures.items() if value is not None)
        return " ".join((self.method, *told))


def read_hint(text: str | None) -> Hint | None:
    """The hint that a text tells; None where it tells none."""
    method, *told = (text or "").split() or [""]
    figures: dict[str, int | None] = {}
    for each in told:
        key, _, value = each.partition("=")
        if key not in CRITERIA or not (value.isascii() and value.isdecimal()):
            return None
        figures[key] = int(value)
    return Hint(method, figures) if method and figures else None


def initial(method: RatingMethod, figures: Figures) -> Decimal | None:
    """The value as if no measure were in place; None when a figure is missing or off its scale."""
    return _value(method, method.gross, figures) if method.gross else None


def residual(method: RatingMethod, figures: Figures) -> Decimal | None:
    """The value with the measures really applied; None when a figure is missing."""
    return _value(method, method.net, figures)


def _value(method: RatingMethod, criteria: Sequence[str], figures: Figures) -> Decimal | None:
    product = Decimal(1)
    for each in criteria:
        step = method.scales[each].step(figures.get(each))
        if step is None:
            return None
        product *= step.coefficient
    return method.table.get(product) if method.table else product


def level(method: RatingMethod, value: Decimal | None, severity: int | None) -> Level:
    """The level of an initial or residual value, raised where the severity does not allow less."""
    if value is None:
        return method.unrated
    reached = method.levels[_bounds_reached(method.level_bounds, value)].rank
    least = max([reached, *(each.rank for each in method.floors if each.severity == severity)])
    return method.level_from(least)


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


def assess(method: RatingMethod, figures: Figures) -> Assessment:
    """Both values of a rating, their levels and the decision."""
    gross, left = initial(method, figures), residual(method, figures)
    severity = figures.get("severity")
    return Assessment(
        gross,
        level(method, gross, severity),
        left,
        level(method, left, severity),
        decision(method, left),
    )


# -- a method as it is written down ------------------------------------------------------------


def method_from(document: Mapping[str, Any]) -> RatingMethod:
    """The method that a document describes, once read as JSON; raises InvalidMethod."""
    try:
        method = _method_from(document)
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        raise InvalidMethod(f"Ce n’est pas une méthode de cotation : {error}.") from error
    problem = _problem_of(method)
    if problem:
        raise InvalidMethod(f"Méthode « {method.name_fr} » : {problem}")
    return method


def _method_from(document: Mapping[str, Any]) -> RatingMethod:
    return RatingMethod(
        code=document["code"],
        name_fr=document["name_fr"],
        name_en=document["name_en"],
        formula_fr=document["formula_fr"],
        source=document["source"],
        scales={key: _scale(each) for key, each in document["scales"].items()},
        gross=tuple(document["gross"]),
        net=tuple(document["net"]),
        unrated=_level(document["unrated"], 0),
        levels=tuple(_level(each, _rank(each, _LEVELS)) for each in document["levels"]),
        level_bounds=_bounds(document["levels"]),
        floors=tuple(
            Floor(each["severity"], _LEVELS.index(each["level"]) + 1) for each in document["floors"]
        ),
        decisions=tuple(
            Decision(each["code"], each["label_fr"], each["label_en"], _rank(each, _DECISIONS))
            for each in document["decisions"]
        ),
        decision_bounds=_bounds(document["decisions"]),
        table={
            Decimal(product): Decimal(value) for product, value in document.get("table", {}).items()
        },
    )


def _rank(each: Mapping[str, str], codes: Sequence[str]) -> int:
    return codes.index(each["code"]) + 1


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


def _problem_of(method: RatingMethod) -> str:
    """What makes a method unusable; empty where nothing does."""
    unknown = [each for each in method.scales if each not in CRITERIA]
    unasked = [each for each in (*method.gross, *method.net) if each not in method.scales]
    if unknown or unasked:
        return f"critère inconnu : {', '.join(unknown or unasked)}."
    if not method.net:
        return "rien n’y donne la valeur résiduelle."
    for scale in method.scales.values():
        values = [each.value for each in scale.steps]
        if len(values) < 2 or len(set(values)) < len(values):
            return f"l’échelle « {scale.label_fr} » demande deux valeurs différentes au moins."
    for ranked, bounds in (
        (method.levels, method.level_bounds),
        (method.decisions, method.decision_bounds),
    ):
        ranks = [each.rank for each in ranked]
        if ranks != sorted(set(ranks)) or list(bounds) != sorted(set(bounds)):
            return "ses niveaux et ses seuils vont du moins grave au plus grave."
        if len(bounds) != len(ranked) - 1:
            return "chaque niveau a son seuil, sauf le dernier."
    missing = _products(method) - set(method.table) if method.table else set[Decimal]()
    if missing:
        return f"sa table ne dit rien du produit {min(missing)}."
    return ""


def _products(method: RatingMethod) -> set[Decimal]:
    """All that the figures of its scales multiply to."""
    found: set[Decimal] = set()
    for criteria in (method.gross, method.net):
        products = {Decimal(1)} if criteria else set[Decimal]()
        for each in criteria:
            weights = {step.coefficient for step in method.scales[each].steps}
            products = {product * weight for product in products for weight in weights}
        found |= products
    return found
