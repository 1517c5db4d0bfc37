"""The sheet « Par direction »: one line a direction, counts as formulas, rates where they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prevention_app.domain.due import DueState
from prevention_app.domain.facts import ActionProgress, Direction
from prevention_app.domain.indicators import DirectionFigures, Indicators
from prevention_app.domain.periods import twelve_months
from prevention_app.domain.ratings import RatingMethod
from prevention_app.domain.suppression import without_small
from prevention_app.exchange.indicator_cells import (
    FEW,
    HIDDEN,
    NOT_MEANINGFUL,
    NOTHING,
    ratio,
)
from prevention_app.exchange.tally import Criteria, Tally
from prevention_app.exchange.workbook_model import (
    Band,
    Cell,
    Chart,
    ChartKind,
    Column,
    Formula,
    GridSheet,
    Line,
    LineKind,
    Look,
    Named,
    Paper,
    Series,
)
from prevention_app.exchange.workbook_page import amount_of
from prevention_app.exchange.workbook_styles import NAVY

NAME = "Par direction"
_TABLE = "T_directions"
_NONE = (("Aucune direction",),)
_LINE_PIXELS = 24


@dataclass(frozen=True, slots=True)
class Places:
    """What the directions and departments are called in every sheet."""

    direction: Callable[[Direction], str]
    department: Callable[[str], str]
    departments: tuple[str, ...]
    """Their numbers, in the order in which they are always named."""

    @property
    def together(self) -> bool:
        """Whether there are several."""
        return len(self.departments) > 1

    def criteria(self, direction: Direction) -> Criteria:
        """What picks the records of a direction out of a register."""
        named = {"Direction": self.direction(direction)}
        if self.together:
            return {"Département": self.department(direction.department), **named}
        return named


def directions_sheet(
    figures: Indicators, tallies: Mapping[str, Tally], method: RatingMethod, places: Places
) -> GridSheet:
    """One line a direction, and the whole under them; `figures` are those of the service itself."""
    columns = _columns(figures.year)
    made = _Lines(figures, tallies, method, places)
    pairs = list(zip(figures.directions, made.told.directions, strict=True))
    if places.together:
        # Not by size: department after department, in the order in which they are always named.
        pairs.sort(key=lambda pair: places.departments.index(pair[0].direction.department))
    lines = [made.line(place, *pair) for place, pair in enumerate(pairs)]
    if places.together:
        columns = (Column("Département", width=18), *columns)
    total = made.total(lines)
    rates = {} if places.together else {"Part": False, "Taux": True, "Taux non échu": True}
    return GridSheet(
        name=NAME,
        title=NAME,
        content="Une ligne par direction, toutes rubriques",
        explanation=(
            "Une ligne par direction. Les nombres suivent la taille des directions : ils ne se "
            "comparent pas. Un taux d’accidents n’est calculé qu’à partir de 100 équivalents "
            "temps plein."
        ),
        paper=Paper.A3,
        section="Synthèse",
        pages="" if places.together else "1 page",
        table=_TABLE,
        columns=columns,
        bands=_bands(figures.year, extra=int(places.together)),
        lines=(*(Line(each) for each in lines or _NONE), Line(total, LineKind.TOTAL)),
        notes=_notes(together=places.together),
        charts=() if places.together else _charts(len(lines)),
        worst_three=rates,
        frozen=1 + int(places.together),
        one_page=not places.together,
    )


def late_name(place: int) -> str:
    """The name of the cell with a direction's late actions; directions are counted from 0."""
    return f"k_retard_direction_{place + 1}"


def _columns(year: int) -> tuple[Column, ...]:
    return (
        Column("Direction", width=42),
        Column("Agents", Look.INTEGER, 9),
        Column("Risques cotés", Look.INTEGER, 9),
        Column("dont immédiats", Look.INTEGER, 8.5),
        Column("Part", Look.TENTHS, 8.5),
        Column(f"Actions {year}", Look.INTEGER, 9),
        Column("Terminées", Look.INTEGER, 10),
        Column("En retard", Look.INTEGER, 9),
        Column("Taux", Look.TENTHS, 8.5),
        Column("Prévu", Look.MONEY, 11),
        Column("Engagé", Look.MONEY, 11),
        Column("RSST 12 mois", Look.INTEGER, 9),
        Column("Sans réponse", Look.INTEGER, 9),
        Column("Accidents 12 mois", Look.INTEGER, 10),
        Column("Accidents 5 ans", Look.INTEGER, 10),
        Column("Jours 5 ans", Look.INTEGER, 9),
        Column("TF1 5 ans", Look.HUNDREDTHS, 8.5),
        Column("Non vérifiés à temps", Look.INTEGER, 10),
        Column("Taux non échu", Look.TENTHS, 9),
        Column("Titres expirés", Look.INTEGER, 9),
    )


def _bands(year: int, extra: int) -> tuple[Band, ...]:
    return (
        Band("", 1 + extra),
        Band("Effectif", 1),
        Band("Document unique", 3),
        Band(f"Programme {year}", 6),
        Band("RSST", 2),
        Band("Accidents de service", 4),
        Band("Vérifications", 2),
        Band("Titres", 1),
    )


def _notes(*, together: bool) -> tuple[str, ...]:
    return (
        "Les départements et les directions ne sont pas classés."
        if together
        else "Fond jaune : les trois taux les moins favorables de la colonne, jamais des nombres.",
        (
            f"« {FEW} » : moins de cinq personnes, ou un nombre qui les ferait retrouver. "
            f"« {NOT_MEANINGFUL} » : non significatif. « {NOTHING} » : rien à diviser."
        ),
        (
            "TF1 5 ans : accidents de service avec arrêt × 1 000 000 / heures estimées au "
            "prorata de l’effectif. Sans réponse : délai dépassé. Non vérifiés à temps : en "
            "retard ou jamais faits."
        ),
    )


def _charts(lines: int) -> tuple[Chart, ...]:
    height = max(280, 110 + _LINE_PIXELS * lines)
    return tuple(
        Chart(
            ChartKind.BARS,
            title,
            f"Barres : {title.lower()}. Les chiffres sont dans le tableau au-dessus.",
            (Series(column, NAVY),),
            height=height,
        )
        for title, column in (
            ("Risques à traiter immédiatement, par direction", 4),
            ("Actions en retard, par direction", 8),
        )
    )


class _Lines:
    """The lines of the sheet, each cell a formula on a register or a figure that is shown as is."""

    def __init__(
        self,
        figures: Indicators,
        tallies: Mapping[str, Tally],
        method: RatingMethod,
        places: Places,
    ) -> None:
        self.figures = figures
        self.told = without_small(figures)
        self.tallies = tallies
        self.method = method
        self.places = places
        self.shift = int(places.together)
        self.year = twelve_months(figures.as_at, 1)[0]

    def line(self, place: int, known: DirectionFigures, each: DirectionFigures) -> tuple[Cell, ...]:
        """One direction: as it is known, and as it may be told; its late actions have a name."""
        here = self.places.criteria(each.direction)
        risks = self.tallies["risks"]
        rated = risks.numbers("Résiduel", here)
        immediate = risks.count({**here, "Décision": self.method.urgent.label_fr})
        name = self.places.direction(each.direction)
        whose = (self.places.department(each.direction.department),) if self.shift else ()
        return (
            *whose,
            name,
            NOTHING if known.agents is None else _told(each.agents),
            rated,
            immediate,
            ratio(immediate, amount_of(rated), self._text("={4}/{3}")),
            *self._programme(each, here, place),
            *self._registers(here),
            *_accidents(each),
            *self._inspections(each, here),
            _told(each.expired),
        )

    def _text(self, text: str) -> str:
        """The formula with its columns moved where the sheet begins with the department."""
        for column in range(20, 0, -1):
            text = text.replace(f"{{{column}}}", f"{{{column + self.shift}}}")
        return text

    def _programme(self, each: DirectionFigures, here: Criteria, place: int) -> tuple[Cell, ...]:
        tally, year = self.tallies["actions"], self.figures.year
        planned: Criteria = {**here, "Année": year}
        return (
            tally.count(planned),
            tally.count({**planned, "Suivi": ActionProgress.FINISHED.label_fr}),
            tally.count({**planned, "Suivi": ActionProgress.LATE.label_fr}, name=late_name(place)),
            self._realised(each, here),
            tally.total("Coût prévu", planned),
            tally.total("Engagé", planned),
        )

    def _realised(self, each: DirectionFigures, here: Criteria) -> Cell:
        abandoned = self.tallies["actions"].count(
            {**here, "Année": self.figures.year, "Suivi": ActionProgress.ABANDONED.label_fr}
        )
        text = self._text("={7}/({6}-") + abandoned.text.removeprefix("=") + ")"
        return ratio(Formula("", each.finished), each.actions - each.abandoned, text)

    def _registers(self, here: Criteria) -> tuple[Cell, ...]:
        tally = self.tallies["entries"]
        return (
            tally.between("Date du signalement", self.year.first, self.year.last, here),
            tally.count({**here, "État de la réponse": DueState.LATE.label_fr}),
        )

    def _inspections(self, each: DirectionFigures, here: Criteria) -> tuple[Cell, ...]:
        tally = self.tallies["inspections"]
        late = tally.count(
            *({**here, "État": state.label_fr} for state in (DueState.LATE, DueState.NEVER_DONE))
        )
        return late, self._in_time(each, here)

    def _in_time(self, each: DirectionFigures, here: Criteria) -> Cell:
        done = self.tallies["inspections"].count(
            *({**here, "État": state.label_fr} for state in (DueState.UP_TO_DATE, DueState.TO_PLAN))
        )
        shown = done.text.removeprefix("=")
        text = f"=({shown})/({shown}+" + self._text("{18})")
        return ratio(done, each.inspections_followed, text)

    def total(self, lines: list[tuple[Cell, ...]]) -> tuple[Cell, ...]:
        """All together: sums where every line is told, else the figure itself."""
        whole, known = self.told.directions_total, self.figures.directions_total
        agents = NOTHING if known.agents is None else _told(whole.agents)
        told: dict[int, Cell] = {
            2: Named(agents, "k_effectif"),
            14: _told(whole.accidents),
            15: _told(whole.accidents_5_years),
            16: HIDDEN if whole.days_5_years is None else whole.days_5_years,
            17: _rate(whole),
            20: _told(whole.expired),
        }
        rates = {
            5: ratio(Formula("", whole.immediate), whole.rated, self._text("={4}/{3}")),
            9: self._realised(whole, {}),
            19: self._in_time(whole, {}),
        }
        cells: list[Cell] = ["Ensemble", None] if self.shift else ["Ensemble"]
        fixed = {**told, **rates}
        for column in range(2, 21):
            at = column - 1 + self.shift
            summed = Formula(f"=SUM({{{at + 1}:}})", sum(amount_of(line[at]) for line in lines))
            cells.append(fixed.get(column, summed if lines else 0))
        return tuple(cells)


def _told(count: int | None) -> int | str:
    return FEW if count is None else count


def _accidents(each: DirectionFigures) -> tuple[Cell, ...]:
    return (
        _told(each.accidents),
        _told(each.accidents_5_years),
        HIDDEN if each.days_5_years is None else each.days_5_years,
        _rate(each),
    )


def _rate(each: DirectionFigures) -> Cell:
    rate = each.frequency_rate_5_years
    return NOT_MEANINGFUL if rate is None else rate
