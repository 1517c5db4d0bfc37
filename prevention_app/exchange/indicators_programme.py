"""The indicators of the yearly programmes: progress and money."""

from __future__ import annotations

from prevention_app.domain.facts import ActionProgress
from prevention_app.domain.indicators import (
    ProgrammeFigures,
)
from prevention_app.exchange.indicator_cells import (
    NO_DATE,
    NOTHING,
    Blocks,
    ratio,
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
from prevention_app.exchange.workbook_page import amount_of
from prevention_app.exchange.workbook_styles import (
    AMBER,
    CLARET,
    NAVY,
    SKY,
    SLATE,
    STEEL,
    WHITE,
)

_EARLIER_PROGRAMMES = 3


class ProgrammeBlocks(Blocks):
    """Planned actions, each in the programme of its original date."""

    def programmes(self) -> Block:
        """The actions of each yearly programme by progress."""
        shown = self._shown_programmes()
        return Block(
            "4. Actions de prévention : avancement par programme annuel",
            (
                Column("Programme", width=30),
                Column("Terminées", Look.INTEGER),
                Column("Dans les délais", Look.INTEGER),
                Column("À échéance ≤ 90 j", Look.INTEGER),
                Column("En retard", Look.INTEGER),
                Column("Échéance à renseigner", Look.INTEGER),
                Column("Abandonnées", Look.INTEGER),
                Column("Taux de réalisation", Look.TENTHS),
            ),
            tuple(self._programme_line(each) for each in shown),
            chart=Chart(
                ChartKind.STACKED_BARS,
                "Actions par programme et par état",
                "Barres empilées : actions de chaque programme selon leur avancement. "
                "Les chiffres sont à droite.",
                (
                    Series(2, STEEL, label_colour=WHITE),
                    Series(3, SKY, labels=False),
                    Series(4, AMBER, labels=False),
                    Series(5, CLARET, label_colour=WHITE),
                    Series(6, "#E3E7EB", labels=False),
                    Series(7, WHITE, hatched=True, labels=False),
                ),
            ),
            notes=(
                (
                    "Taux = terminées / (total − abandonnées). Terminée : réalisée ou efficacité "
                    "vérifiée."
                ),
                (
                    "Le retard se juge sur l’échéance d’origine ; une mesure reportée compte dans "
                    "son programme d’origine."
                ),
            ),
        )

    def _shown_programmes(self) -> list[ProgrammeFigures]:
        """The year's programme, three before it, all later ones, and what has no date."""
        first = self.figures.year - _EARLIER_PROGRAMMES
        of_year = {each.year: each for each in self.figures.programmes}
        of_year.setdefault(self.figures.year, self.figures.programme)
        years = sorted(year for year in of_year if year is not None and year >= first)
        undated = [of_year[None]] if None in of_year else []
        return [of_year[year] for year in years] + undated

    def _programme_line(self, programme: ProgrammeFigures) -> tuple[Cell, ...]:
        tally = self.tallies["actions"]
        year = programme.year
        current = year == self.figures.year
        names = {
            ActionProgress.FINISHED: "k_terminees",
            ActionProgress.LATE: "k_actions_retard",
        }
        label = f"Programme {year}" if year else NO_DATE
        counts = [
            tally.count(
                {"Année": year or NO_DATE, "Suivi": each.label_fr},
                name=names.get(each, "") if current else "",
            )
            for each in ActionProgress
        ]
        rate = ratio(
            counts[0],
            programme.total - programme.abandoned,
            "={2}/SUM({2}:{6})",
            "k_realisation" if current else "",
        )
        return (label, *counts, rate)

    def budget(self) -> Block:
        """The money of the year's programme by type of measure."""
        tally, year = self.tallies["actions"], self.figures.year
        lines: list[tuple[Cell, ...]] = []
        for each in self.figures.budget:
            wanted: Criteria = {"Année": year, "Type de mesure": each.label}
            done: Criteria = {**wanted, "Suivi": ActionProgress.FINISHED.label_fr}
            planned = tally.total("Coût prévu", wanted)
            committed = tally.total("Engagé", wanted)
            part = ratio(committed, amount_of(planned), "={3}/{2}")
            lines.append((each.label, planned, committed, tally.total("Coût réel", done), part))
        sums = [sum(amount_of(line[at]) for line in lines) for at in (1, 2, 3)]
        committed = Formula("=SUM({3:})", sums[1], "k_engage")
        total: tuple[Cell, ...] = (
            f"Total {year}",
            Formula("=SUM({2:})", sums[0], "k_prevu"),
            committed,
            Formula("=SUM({4:})", sums[2]),
            ratio(committed, sums[0], "={3}/{2}", "k_part_engagee"),
        )
        if not lines:
            total = (f"Total {year}", Named(0, "k_prevu"), Named(0, "k_engage"), 0, NOTHING)
            total = (*total[:4], Named(NOTHING, "k_part_engagee"))
        return Block(
            f"5. Actions de prévention : budget du programme {year}",
            (
                Column("Type de mesure", width=30),
                Column("Prévu", Look.MONEY),
                Column("Engagé", Look.MONEY),
                Column("Réalisé", Look.MONEY),
                Column("Engagé / prévu", Look.TENTHS),
            ),
            tuple(lines),
            total=total,
            chart=Chart(
                ChartKind.COLUMNS,
                f"Budget {year} par type de mesure (€)",
                "Colonnes : montants prévus, engagés et réalisés par type de mesure, en euros. "
                "Les chiffres sont à droite.",
                (
                    Series(2, SLATE, labels=False),
                    Series(3, STEEL, labels=False),
                    Series(4, NAVY, labels=False),
                ),
            ),
            notes=(
                "Réalisé : coût réel des actions terminées. Les abandons restent dans le prévu.",
            ),
            new_page=True,
        )
