"""The indicators of accidents: frequency, severity, causes, kinds."""

from __future__ import annotations

from prevention_app.domain.indicators import (
    AccidentGroup,
    AccidentPeriod,
)
from prevention_app.exchange.consolidated_columns import (
    YES,
)
from prevention_app.exchange.indicator_cells import (
    HIDDEN,
    NOT_MEANINGFUL,
    NOTHING,
    STEEL_LIGHT,
    Blocks,
    of,
    period_name,
    service_accidents,
)
from prevention_app.exchange.tally import Criteria
from prevention_app.exchange.workbook_model import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Formula,
    Look,
    Named,
    Series,
)
from prevention_app.exchange.workbook_styles import (
    CLARET,
    NAVY,
    SLATE,
)

_MOST_CAUSES = 12


class AccidentBlocks(Blocks):
    """Accidents at work, and the other kinds apart."""

    def periods(self) -> Block:
        """Frequency and severity over five periods of twelve months."""
        periods = self.figures.accident_periods
        last = len(periods) - 1
        lines = tuple(
            self._accident_line(each, {last: "", last - 1: "_avant"}.get(at))
            for at, each in enumerate(periods)
        )
        rated = any(each.frequency_rate is not None for each in periods)
        return Block(
            "1. Accidents de service : fréquence et gravité sur douze mois",
            (
                Column("Période", width=30),
                Column("Accidents", Look.INTEGER),
                Column("dont avec arrêt", Look.INTEGER),
                Column("Jours d’arrêt", Look.INTEGER),
                Column("Heures (estimées)", Look.INTEGER),
                Column("TF1", Look.HUNDREDTHS),
                Column("TG", Look.HUNDREDTHS),
                Column("Trajet (à part)", Look.INTEGER),
            ),
            lines,
            chart=_rates_chart() if rated else _accidents_chart(),
            notes=(
                (
                    "TF1 = accidents avec arrêt × 1 000 000 / heures. TG = jours d’arrêt × 1 000 / "
                    "heures."
                ),
                (
                    "Heures estimées : 1 607 h × équivalents temps plein. Sous 100 équivalents : « "
                    "n.s. »."
                ),
                *self._without_hours(),
            ),
        )

    def _without_hours(self) -> tuple[str, ...]:
        if self.figures.full_time_equivalents is not None:
            return ()
        return ("Effectif en équivalents temps plein à renseigner : aucun taux n’est calculé.",)

    def _accident_line(self, period: AccidentPeriod, suffix: str | None) -> tuple[Cell, ...]:
        tally = self.tallies["accidents"]
        label = period_name(period)
        stopped = service_accidents({"Période": label, "Arrêt de travail": YES})

        def name(text: str) -> str:
            return "" if suffix is None else f"k_{text}{suffix}"

        return (
            label,
            of(
                period.accidents,
                tally.count(*service_accidents({"Période": label}), name=name("accidents")),
            ),
            of(period.with_stoppage, tally.count(*stopped, name=name("avec_arret"))),
            of(period.days_lost, tally.total("Jours d’arrêt", *stopped), HIDDEN),
            NOTHING if period.hours is None else period.hours,
            _rate(period.frequency_rate, "={3}*1000000/{5}", name("tf1")),
            _rate(period.severity_rate, "={4}*1000/{5}", name("tg")),
            of(period.commuting, tally.count({"Période": label, "Type": "Accident de trajet"})),
        )

    def causes(self) -> Block:
        """What causes the accidents, over the last two periods."""
        shown = self.figures.accident_causes[:_MOST_CAUSES]
        return self._groups(
            "2. Accidents de service : ce qui les cause",
            "Élément matériel",
            "Accidents de service par élément matériel",
            [(each, service_accidents({"Élément matériel": each.label})) for each in shown],
            "Élément matériel principal, un seul par accident.",
        )

    def kinds(self) -> Block:
        """Accidents and diseases of every kind, each kind apart."""
        return self._groups(
            "10. Accidents et maladies par nature",
            "Nature",
            "Accidents et maladies par nature",
            [(each, [{"Type": each.label}]) for each in self.figures.accident_kinds],
            "Trajet et maladies professionnelles ne sont jamais comptés avec les accidents de "
            "service.",
        )

    def _groups(
        self,
        heading: str,
        what: str,
        title: str,
        groups: list[tuple[AccidentGroup, list[Criteria]]],
        note: str,
    ) -> Block:
        tally = self.tallies["accidents"]
        before, now = (period_name(each) for each in self.figures.accident_periods[-2:])
        lines = tuple(
            (
                group.label,
                of(group.current, tally.count(*_with(criteria, Période=now))),
                of(group.previous, tally.count(*_with(criteria, Période=before))),
                of(
                    group.days_lost,
                    tally.total("Jours d’arrêt", *_with(criteria, Période=now)),
                    HIDDEN,
                ),
            )
            for group, criteria in groups
        )
        return Block(
            heading,
            (
                Column(what, width=30),
                Column(now, Look.INTEGER),
                Column(before, Look.INTEGER),
                Column("Jours d’arrêt (12 mois)", Look.INTEGER),
            ),
            lines,
            chart=Chart(
                ChartKind.BARS,
                title,
                f"Barres : {title.lower()}, deux périodes de douze mois. Les chiffres sont à "
                "droite.",
                (Series(2, NAVY), Series(3, SLATE)),
            ),
            notes=(note,),
        )


def _with(criteria: list[Criteria], **more: str | int) -> list[Criteria]:
    return [{**more, **each} for each in criteria]


def _rate(value: float | None, text: str, name: str) -> Cell:
    if value is not None:
        return Formula(text, value, name)
    return Named(NOT_MEANINGFUL, name) if name else NOT_MEANINGFUL


def _rates_chart() -> Chart:
    return Chart(
        ChartKind.COLUMNS,
        "TF1 et TG, douze mois glissants",
        "Colonnes : taux de fréquence ; ligne tiretée : taux de gravité, échelle de droite ; "
        "cinq périodes. Les chiffres sont à droite.",
        (
            Series(6, STEEL_LIGHT, "TF1 : accidents avec arrêt par million d’heures"),
            Series(7, CLARET, "TG : jours d’arrêt pour 1 000 h (échelle de droite)", line=True),
        ),
        axis="TF1",
        right_axis="TG",
    )


def _accidents_chart() -> Chart:
    return Chart(
        ChartKind.COLUMNS,
        "Accidents de service, douze mois glissants",
        "Colonnes : accidents de service et accidents avec arrêt, cinq périodes. "
        "Les chiffres sont à droite.",
        (Series(2, SLATE), Series(3, NAVY)),
    )
