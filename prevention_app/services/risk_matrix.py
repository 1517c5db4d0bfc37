"""The matrix of risks: how many stand in each cell of a method's two axes, and what is left there.

The axes follow from the method: the two criteria that are multiplied for the gross value, or for
the only value where a method has one. A method that multiplies other than two criteria has no
matrix.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from prevention_app.domain import ratings
from prevention_app.domain.ratings import CRITERIA, Level, RatingMethod, Scale, Step
from prevention_app.services import methods
from prevention_app.services.risk_index import PlacedRisk, RiskIndex, Standing
from prevention_app.storage.query import Reader

_DOWN: Final = "severity"
"""The criterion that goes from below upwards, where the method asks for it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which cell: a method and the figures of its two axes."""

    method: str
    row: int
    column: int

    @property
    def code(self) -> str:
        """The cell as a setting or an argument holds it: « gfm-1/4/3 »."""
        return f"{self.method}/{self.row}/{self.column}"


@dataclass(frozen=True, slots=True)
class Axes:
    """The two criteria that make the rows and the columns of a method's matrix."""

    method: RatingMethod
    row: str
    """Criterion of the rows; the highest figure stands at the top."""
    column: str
    """Criterion of the columns, from the lowest figure."""

    @property
    def gross(self) -> bool:
        """Whether cells show the gross value; else the method has one value only."""
        return bool(self.method.gross)

    @property
    def rows(self) -> Scale:
        """The scale of the rows."""
        return self.method.scales[self.row]

    @property
    def columns(self) -> Scale:
        """The scale of the columns."""
        return self.method.scales[self.column]

    def place_of(self, standing: Standing) -> Place | None:
        """The cell in which risks of a standing are; None where it is none of these."""
        key = standing.key
        if not key or key[0] != self.method.code or standing.assessment is None:
            return None
        figures = dict(zip(CRITERIA, key[1:], strict=True))
        row, column = figures[self.row], figures[self.column]
        if self.rows.step(row) is None or self.columns.step(column) is None:
            return None
        return Place(self.method.code, row, column)

    def short_name(self, place: Place) -> str:
        """What people call a cell: « G4×F3 »."""
        return f"{self.rows.letter}{place.row}×{self.columns.letter}{place.column}"


def axes_of(method: RatingMethod) -> Axes | None:
    """The axes of a method's matrix; None where it does not multiply exactly two criteria."""
    criteria = method.gross or method.net
    if len(criteria) != 2:
        return None
    first, second = criteria
    if second == _DOWN:
        first, second = second, first
    return Axes(method, first, second)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell and the risks in it."""

    place: Place
    row: Step
    column: Step
    value: Decimal | None
    level: Level
    raised: bool
    """Whether its level is higher than its value asks for: the severity allows no less."""
    ranks: Mapping[int, int]
    """Residual rank → how many of its risks have it."""

    @property
    def count(self) -> int:
        """How many risks are in it."""
        return sum(self.ranks.values())


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cells of a method's axes, and what does not stand in any."""

    axes: Axes
    lines: Sequence[Sequence[Cell]]
    """From the highest figure of the rows down, each from the lowest figure of the columns."""
    rated_otherwise: Mapping[str, int] = field(default_factory=dict[str, int])
    """Name of another method → how many risks are rated by it."""
    off_scale: int = 0
    """Rated by this method, with a figure that is missing or on no step."""
    to_evaluate: int = 0

    def cells(self) -> Iterator[Cell]:
        """All cells, line by line."""
        for line in self.lines:
            yield from line

    @property
    def count(self) -> int:
        """How many risks are in its cells."""
        return sum(each.count for each in self.cells())

    def levels(self) -> dict[int, int]:
        """How many risks stand in cells of each rank."""
        found = {each.rank: 0 for each in self.axes.method.levels}
        for each in self.cells():
            found[each.level.rank] += each.count
        return found


def matrix(risks: Iterable[PlacedRisk], axes: Axes, known: Mapping[str, RatingMethod]) -> Matrix:
    """Count risks by cell; those rated by another method are told apart, not converted."""
    standings = Counter(each.standing for each in risks)
    ranks: dict[Place, dict[int, int]] = {}
    otherwise: dict[str, int] = {}
    off_scale = to_evaluate = 0
    for standing, number in standings.items():
        place = axes.place_of(standing)
        if place is not None:
            held = ranks.setdefault(place, {})
            held[standing.rank] = held.get(standing.rank, 0) + number
        elif standing.assessment is None:
            to_evaluate += number
        elif standing.key[0] == axes.method.code:
            off_scale += number
        else:
            other = known.get(standing.key[0])
            name = other.name_fr if other else str(standing.key[0])
            otherwise[name] = otherwise.get(name, 0) + number
    lines = [
        [
            _cell(axes, row, column, ranks.get(Place(axes.method.code, row.value, column.value)))
            for column in axes.columns.steps
        ]
        for row in sorted(axes.rows.steps, key=lambda each: each.value, reverse=True)
    ]
    return Matrix(axes, lines, otherwise, off_scale, to_evaluate)


def _cell(axes: Axes, row: Step, column: Step, ranks: Mapping[int, int] | None) -> Cell:
    method = axes.method
    figures = {axes.row: row.value, axes.column: column.value}
    value = ratings.initial(method, figures) if axes.gross else ratings.residual(method, figures)
    level = ratings.level(method, value, figures.get(_DOWN))
    unraised = ratings.level(method, value, None)
    place = Place(method.code, row.value, column.value)
    return Cell(place, row, column, value, level, level.rank > unraised.rank, ranks or {})


def in_cells(
    risks: Iterable[PlacedRisk], axes: Iterable[Axes], places: Iterable[Place]
) -> list[PlacedRisk]:
    """The risks that stand in some cells of these matrices, in the order in which they come."""
    wanted = set(places)
    by_method = {each.method.code: each for each in axes}
    inside: dict[Standing, bool] = {}
    found: list[PlacedRisk] = []
    for each in risks:
        standing = each.standing
        if standing not in inside:
            own = by_method.get(standing.key[0]) if standing.key else None
            inside[standing] = own is not None and own.place_of(standing) in wanted
        if inside[standing]:
            found.append(each)
    return found


def place_from(code: str) -> Place | None:
    """The cell that a code of `Place.code` names; None for another text."""
    method, _, figures = code.partition("/")
    row, _, column = figures.partition("/")
    return Place(method, int(row), int(column)) if row.isdigit() and column.isdigit() else None


def offered(
    read: Reader, index: RiskIndex | None, owners: Sequence[str]
) -> tuple[list[Axes], Mapping[str, RatingMethod]]:
    """The matrices worth showing, the first as what is usual, and all methods by their code.

    First that of the method chosen by these departments, then those by which most risks are rated;
    a method without two axes has none, so that there may be none at all.
    """
    known = methods.known(read)
    used = Counter[str]()
    for each in index.select(None) if index else ():
        if each.standing.key:
            used[each.standing.key[0]] += 1
    chosen = [methods.chosen_code(read, owner) for owner in owners]
    codes = dict.fromkeys([*chosen, *(code for code, _ in used.most_common())])
    found = [axes_of(known[code]) for code in codes if code in known]
    return [each for each in found if each], known
