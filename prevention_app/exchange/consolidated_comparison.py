"""The sheet « Comparaison »: departments side by side, numbers left, rates right, no ranking (P11).

No colour, objective or wording sets one department against another. A department that gives no
figures is written « non publié » and is left out of what is added up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from prevention_app.catalogue.vocabulary import StockState
from prevention_app.domain.due import DueState
from prevention_app.domain.facts import ActionProgress
from prevention_app.domain.indicators import Indicators
from prevention_app.domain.ratings import RatingMethod
from prevention_app.domain.suppression import shown as told
from prevention_app.exchange.consolidated_columns import NOT_EVALUATED, WASTE_TO_SET_ASIDE, YES
from prevention_app.exchange.indicator_cells import (
    FEW,
    HIDDEN,
    NOT_MEANINGFUL,
    NOTHING,
    period_name,
    ratio,
    service_accidents,
)
from prevention_app.exchange.tally import Criteria, Tally
from prevention_app.exchange.workbook_model import (
    Band,
    Cell,
    Column,
    Formula,
    GridSheet,
    Line,
    LineKind,
    Look,
    Named,
)
from prevention_app.exchange.workbook_page import amount_of

NAME = "Comparaison"
UNPUBLISHED = "non publié"
HUNDRED = "pour 100 agents"

Count = Callable[[Criteria, Indicators], Formula | int | str | None]
"""What is counted of one department, or what stands for it; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Department:
    """One of the departments, and its figures where it gives them."""

    number: str
    name: str
    label: str
    """What the registers of the workbook call it."""
    figures: Indicators | None


@dataclass(frozen=True, slots=True)
class _Row:
    """One indicator: what is counted, and what it is divided by."""

    key: str
    text: str
    count: Count
    rate: str = ""
    """What the right-hand side says: empty where there is no rate."""
    whole: Callable[[Criteria, Indicators], float | None] | None = None
    """The denominator of the rate; the number of agents where it is None."""
    factor: float = 1
    look: Look = Look.TENTHS
    count_look: Look = Look.INTEGER
    persons: bool = False
    """Whether it counts persons: then few are not told."""
    estimated: bool = False


def comparison_sheet(
    departments: Sequence[Department], tallies: Mapping[str, Tally], method: RatingMethod
) -> GridSheet:
    """Every indicator on one line, the departments in their usual order."""
    made = _Comparison(departments, tallies, method)
    names = [f"{each.name} ({each.number})" for each in departments]
    rates = [Column(f"{each} – taux", Look.TENTHS, 13) for each in names]
    columns = (
        Column("Indicateur", width=40),
        *(Column(each, Look.INTEGER, 13) for each in names),
        Column("Ensemble", Look.INTEGER, 12),
        Column(" ", width=1.5),
        *rates,
        Column("Ensemble – taux", Look.TENTHS, 13),
        Column("Taux lu", width=24),
        Column("Lecture", width=26),
    )
    return GridSheet(
        name=NAME,
        title="Les départements côte à côte",
        content="Nombres et taux des départements, sans classement",
        explanation=(
            "Nombres à gauche, taux à droite. Les départements ne sont pas classés : leurs "
            "organisations et leurs compétences diffèrent."
        ),
        section="Synthèse",
        pages="1 page",
        columns=columns,
        bands=(
            Band("", 1),
            Band("Nombres", len(names) + 1),
            Band("", 1),
            Band("Taux", len(names) + 3),
        ),
        lines=tuple(made.lines()),
        notes=(
            (
                f"« {UNPUBLISHED} » : le département n’a pas donné de chiffres ; l’ensemble "
                "porte sur ceux qui en donnent."
            ),
            (
                f"« {FEW} » : moins de cinq personnes, non montré, ni ce qui le ferait retrouver. "
                f"« {NOT_MEANINGFUL} » : effectif trop petit ou non renseigné."
            ),
            (
                "Heures travaillées estimées : 1 607 h par équivalent temps plein. Chiffres "
                "comptés dans les registres de cet espace de travail."
            ),
        ),
        frozen=1,
        one_page=True,
    )


class _Comparison:
    """The lines of the sheet."""

    def __init__(
        self,
        departments: Sequence[Department],
        tallies: Mapping[str, Tally],
        method: RatingMethod,
    ) -> None:
        self.departments = departments
        self.tallies = tallies
        self.method = method
        self.given = [each for each in departments if each.figures]

    def lines(self) -> list[Line]:
        """All lines, with a line above each section."""
        made: list[Line] = []
        for section, rows in self._sections():
            made.append(Line((section,), LineKind.SECTION))
            made += [Line(self._line(each), looks=self._looks(each)) for each in rows]
        return made

    def _sections(self) -> list[tuple[str, list[_Row]]]:
        return [
            ("Moyens", [_Row("agents", "Agents", lambda _, figures: figures.agents, persons=True)]),
            ("Document unique", self._risks()),
            ("Programme annuel", self._programme()),
            ("Accidents de service, douze mois", self._accidents()),
            ("Registre de santé et sécurité au travail", self._entries()),
            ("Vérifications, titres, produits", self._others()),
        ]

    def _risks(self) -> list[_Row]:
        tally, method = self.tallies["risks"], self.method
        unrated = (NOT_EVALUATED, method.unrated.label_fr)
        return [
            _Row(
                "cotes",
                "Risques cotés",
                lambda here, _: tally.numbers("Résiduel", here),
                HUNDRED,
                factor=100,
                look=Look.DECIMAL,
            ),
            _Row(
                "immediats",
                "Risques à traiter immédiatement",
                lambda here, _: tally.count({**here, "Décision": method.urgent.label_fr}),
                "des risques cotés",
                lambda _, figures: figures.risks.rated,
            ),
            _Row(
                "a_evaluer",
                "Risques à évaluer ou à coter",
                lambda here, _: tally.count(*({**here, "Niveau résiduel": one} for one in unrated)),
                "de tous les risques",
                lambda _, figures: figures.risks.rated + figures.risks.to_evaluate,
            ),
        ]

    def _programme(self) -> list[_Row]:
        tally = self.tallies["actions"]

        def of_year(here: Criteria, figures: Indicators) -> Criteria:
            return {**here, "Année": figures.year}

        def in_state(state: ActionProgress) -> Count:
            return lambda here, figures: tally.count(
                {**of_year(here, figures), "Suivi": state.label_fr}
            )

        return [
            _Row(
                "actions",
                "Actions au programme de l’année",
                lambda here, figures: tally.count(of_year(here, figures)),
                HUNDRED,
                factor=100,
                look=Look.DECIMAL,
            ),
            _Row(
                "terminees",
                "Actions terminées",
                in_state(ActionProgress.FINISHED),
                "des actions non abandonnées",
                lambda _, figures: figures.programme.total - figures.programme.abandoned,
            ),
            _Row(
                "retard",
                "Actions en retard",
                in_state(ActionProgress.LATE),
                "des actions non abandonnées",
                lambda _, figures: figures.programme.total - figures.programme.abandoned,
            ),
            _Row(
                "prevu",
                "Budget prévu",
                lambda here, figures: tally.total("Coût prévu", of_year(here, figures)),
                "€ pour 100 agents",
                factor=100,
                look=Look.MONEY,
                count_look=Look.MONEY,
            ),
            _Row(
                "engage",
                "Budget engagé",
                lambda here, figures: tally.total("Engagé", of_year(here, figures)),
                "du budget prévu",
                lambda here, figures: amount_of(tally.total("Coût prévu", of_year(here, figures))),
                count_look=Look.MONEY,
            ),
        ]

    def _accidents(self) -> list[_Row]:
        tally = self.tallies["accidents"]

        def wanted(here: Criteria, figures: Indicators, **more: str) -> list[Criteria]:
            last = period_name(figures.accident_periods[-1])
            return service_accidents({**here, "Période": last, **more})

        def hours(_: Criteria, figures: Indicators) -> float | None:
            last = figures.accident_periods[-1]
            return None if last.frequency_rate is None else last.hours

        return [
            _Row(
                "accidents",
                "Accidents déclarés",
                lambda here, figures: tally.count(*wanted(here, figures)),
                HUNDRED,
                factor=100,
                look=Look.DECIMAL,
                persons=True,
            ),
            _Row(
                "avec_arret",
                "Accidents avec arrêt",
                lambda here, figures: tally.count(
                    *wanted(here, figures, **{"Arrêt de travail": YES})
                ),
                "par million d’heures (TF1)",
                hours,
                factor=1_000_000,
                look=Look.HUNDREDTHS,
                persons=True,
                estimated=True,
            ),
            _Row(
                "jours",
                "Jours d’arrêt",
                lambda here, figures: _days_told(
                    figures, tally.total("Jours d’arrêt", *wanted(here, figures))
                ),
                "pour 1 000 heures (TG)",
                hours,
                factor=1_000,
                look=Look.HUNDREDTHS,
                estimated=True,
            ),
        ]

    def _entries(self) -> list[_Row]:
        tally = self.tallies["entries"]
        return [
            _Row(
                "rsst",
                "Observations reçues, douze mois",
                lambda here, figures: tally.between(
                    "Date du signalement",
                    figures.accident_periods[-1].first,
                    figures.as_at,
                    here,
                ),
                HUNDRED,
                factor=100,
                look=Look.DECIMAL,
            ),
            _Row(
                "rsst_retard",
                "Observations sans réponse, délai dépassé",
                lambda here, _: tally.count({**here, "État de la réponse": DueState.LATE.label_fr}),
                HUNDRED,
                factor=100,
                look=Look.DECIMAL,
            ),
        ]

    def _others(self) -> list[_Row]:
        inspections, stock = self.tallies["inspections"], self.tallies["stock"]

        def states(*wanted: DueState) -> Count:
            return lambda here, _: inspections.count(
                *({**here, "État": each.label_fr} for each in wanted)
            )

        held = (StockState.IN_STOCK, StockState.SET_ASIDE)
        return [
            _Row(
                "non_echues",
                "Équipements et lots vérifiés à temps",
                states(DueState.UP_TO_DATE, DueState.TO_PLAN),
                "des équipements suivis",
                lambda _, figures: figures.inspections_total.followed,
            ),
            _Row(
                "a_planifier",
                "dont à planifier",
                states(DueState.TO_PLAN),
                "des équipements suivis",
                lambda _, figures: figures.inspections_total.followed,
            ),
            _Row("inconnues", "Équipements et lots à renseigner", states(DueState.UNKNOWN)),
            _Row(
                "titres",
                "Titres valides, à renouveler compris",
                lambda _, figures: _valid(figures),
                "des titres détenus et datés",
                lambda _, figures: _dated(figures),
                persons=True,
            ),
            _Row(
                "certiphyto",
                "Titulaires d’un Certiphyto valide à 12 mois",
                lambda _, figures: _holders(figures),
                persons=True,
            ),
            _Row(
                "stock",
                "Produits en stock",
                lambda here, _: stock.count(*({**here, "Situation": one.label_fr} for one in held)),
            ),
            _Row(
                "ppnu",
                "PPNU à isoler ou isolés",
                lambda here, _: stock.count(
                    {**here, "Alerte": WASTE_TO_SET_ASIDE},
                    {**here, "Situation": StockState.SET_ASIDE.label_fr},
                ),
            ),
        ]

    # -- one line ---------------------------------------------------------------------------

    def _looks(self, row: _Row) -> dict[int, Look]:
        width = len(self.departments) + 1
        counts = dict.fromkeys(range(1, width + 1), row.count_look)
        return counts | dict.fromkeys(range(width + 2, 2 * width + 2), row.look)

    def _line(self, row: _Row) -> tuple[Cell, ...]:
        counts = self._counts(row)
        wholes = [self._whole(row, each) for each in self.departments]
        width = len(self.departments)
        told_all = all(
            not isinstance(_value(each), str) or _value(each) == UNPUBLISHED for each in counts
        )
        everything = sum(amount_of(each) for each in counts)
        summed: Cell = NOTHING
        if told_all and self.given:
            summed = Formula(f"=SUM({{2}}:{{{width + 1}}})", everything, f"c_{row.key}_ensemble")
        rates = [
            self._rate(row, count, whole, at, each)
            for at, (count, whole, each) in enumerate(
                zip(counts, wholes, self.departments, strict=True)
            )
        ]
        return (
            row.text,
            *counts,
            summed if isinstance(summed, Formula) else Named(NOTHING, f"c_{row.key}_ensemble"),
            None,
            *rates,
            self._rate_of_all(row, summed, counts, wholes),
            row.rate or None,
            self._reading(row),
        )

    def _counts(self, row: _Row) -> list[Cell]:
        counts: list[Cell] = []
        for each in self.departments:
            name = f"c_{row.key}_{each.number}"
            made = row.count(_here(each), each.figures) if each.figures else UNPUBLISHED
            if isinstance(made, Formula):
                counts.append(Formula(made.text, made.value, name))
            else:
                counts.append(Named(NOTHING if made is None else made, name))
        return _few_hidden(counts) if row.persons else counts

    def _whole(self, row: _Row, each: Department) -> float | None:
        if not each.figures or not row.rate:
            return None
        if row.whole:
            return row.whole(_here(each), each.figures)
        return each.figures.agents

    def _rate(self, row: _Row, count: Cell, whole: float | None, at: int, each: Department) -> Cell:
        name = f"t_{row.key}_{each.number}"
        if not row.rate:
            return None
        if isinstance(_value(count), str):
            return Named(UNPUBLISHED if _value(count) == UNPUBLISHED else NOTHING, name)
        if not whole:
            return Named(NOT_MEANINGFUL, name)
        return _quotient(row, count, at + 2, whole, name, f"c_agents_{each.number}")

    def _rate_of_all(
        self, row: _Row, summed: Cell, counts: Sequence[Cell], wholes: Sequence[float | None]
    ) -> Cell:
        name = f"t_{row.key}_ensemble"
        if not row.rate:
            return None
        known = [
            whole
            for count, whole in zip(counts, wholes, strict=True)
            if _value(count) != UNPUBLISHED
        ]
        if not known or any(each is None for each in known):
            return Named(NOTHING, name)
        whole = sum(each or 0 for each in known)
        place = len(self.departments) + 2
        return _quotient(row, summed, place, whole, name, "c_agents_ensemble")

    def _reading(self, row: _Row) -> str:
        parts: list[str] = []
        if len(self.given) < len(self.departments):
            parts.append(f"{len(self.given)} départements sur {len(self.departments)}")
        if row.estimated:
            parts.append("heures estimées")
        return " ; ".join(parts) or "compté"


def _quotient(row: _Row, count: Cell, place: int, whole: float, name: str, agents: str) -> Cell:
    """The count of a column of the same line over its denominator."""
    below = f"{whole:.15g}" if row.whole else agents
    return ratio(count, whole / row.factor, f"={{{place}}}*{row.factor:.15g}/{below}", name)


def _here(each: Department) -> Criteria:
    return {"Département": each.label}


def _value(cell: Cell) -> object:
    return cell.value if isinstance(cell, (Formula, Named)) else cell


def _few_hidden(counts: Sequence[Cell]) -> list[Cell]:
    """Counts of persons without those that are few, or that would give a few away."""
    kept = told([int(amount_of(each)) if amount_of(each) else None for each in counts])
    return [
        Named(FEW, each.name)
        if isinstance(each, (Formula, Named)) and amount_of(each) and one is None
        else each
        for each, one in zip(counts, kept, strict=True)
    ]


def _days_told(figures: Indicators, days: Formula) -> Formula | str:
    """Days off go with the accidents that they are of."""
    return HIDDEN if figures.accident_periods[-1].days_lost is None else days


def _valid(figures: Indicators) -> int | str:
    total = figures.credentials_total
    if total.valid is None or total.to_renew is None:
        return FEW
    return total.valid + total.to_renew


def _dated(figures: Indicators) -> int | None:
    total = figures.credentials_total
    if total.valid is None or total.to_renew is None or total.expired is None:
        return None
    return total.valid + total.to_renew + total.expired


def _holders(figures: Indicators) -> int | str:
    ahead = next(each for each in figures.certiphyto if each.months == 12)
    return FEW if ahead.holders is None else ahead.holders
