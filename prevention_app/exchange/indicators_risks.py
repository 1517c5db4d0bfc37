"""The indicators of the document unique: levels and families of risks."""

from __future__ import annotations

from prevention_app.domain.ratings import RatingMethod
from prevention_app.exchange.consolidated_columns import (
    NOT_EVALUATED,
)
from prevention_app.exchange.indicator_cells import (
    LINE_PIXELS,
    Blocks,
    ratio,
    short_family,
)
from prevention_app.exchange.workbook_model import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Formula,
    Look,
    Series,
)
from prevention_app.exchange.workbook_styles import (
    NAVY,
    SLATE,
)


class RiskBlocks(Blocks):
    """Risks before and after the measures in place."""

    def levels(self) -> Block:
        """The risks by level before and after the measures in place."""
        tally, risks = self.tallies["risks"], self.figures.risks
        lines: list[tuple[Cell, ...]] = []
        for each in risks.levels:
            rated = [
                {"Niveau brut": each.level.label_fr, "Niveau résiduel": after}
                for after in self.levels_fr
            ]
            after = tally.count({"Niveau résiduel": each.level.label_fr})
            part = ratio(after, risks.rated, "={3}/SUM({3:})")
            lines.append((each.level.label_fr, tally.count(*rated), after, part))
        immediate = tally.count({"Décision": self.method.urgent.label_fr}, name="k_immediats")
        open_ones = [{"Niveau résiduel": each} for each in self._unrated()]
        return Block(
            "3. Document unique : niveau des risques avant et après maîtrise",
            (
                Column("Niveau", width=30),
                Column("Avant (brut)", Look.INTEGER),
                Column("Après (résiduel)", Look.INTEGER),
                Column("Part après", Look.TENTHS),
            ),
            tuple(lines),
            total=(
                "Total des risques cotés",
                Formula("=SUM({2:})", risks.rated),
                Formula("=SUM({3:})", risks.rated, "k_cotes"),
                ratio(Formula("", risks.rated), risks.rated, "={3}/SUM({3:})"),
            ),
            after_total=(
                (
                    "À traiter immédiatement",
                    None,
                    immediate,
                    ratio(immediate, risks.rated, "={3}/SUM({3:})", "k_part_immediats"),
                ),
                ("À évaluer ou à coter", None, tally.count(*open_ones, name="k_a_evaluer"), None),
            ),
            chart=Chart(
                ChartKind.COLUMNS,
                "Nombre de risques par niveau",
                "Colonnes : risques par niveau, avant et après maîtrise. Les chiffres sont à "
                "droite.",
                (Series(2, SLATE, "Avant maîtrise"), Series(3, NAVY, "Après maîtrise")),
            ),
            notes=(*_thresholds(self.method), "Un risque à évaluer ne compte dans aucun niveau."),
            new_page=True,
        )

    def _unrated(self) -> tuple[str, str]:
        return (NOT_EVALUATED, self.method.unrated.label_fr)

    def families(self) -> Block:
        """The families of hazards by residual level."""
        tally = self.tallies["risks"]
        lines: list[tuple[Cell, ...]] = []
        last = len(self.levels_fr) + 1
        for each in self.figures.families:
            counts = [
                tally.count({"Famille": each.family, "Niveau résiduel": level})
                for level in self.levels_fr
            ]
            total = Formula(f"=SUM({{2}}:{{{last}}})", each.rated)
            urgent = self.method.urgent.label_fr
            immediate = tally.count({"Famille": each.family, "Décision": urgent})
            part = ratio(immediate, each.rated, f"={{{last + 2}}}/{{{last + 1}}}")
            lines.append((short_family(each.family), *counts, total, immediate, part))
        series = tuple(
            Series(last - at, level.fill, labels=False)
            for at, level in enumerate(reversed(self.method.levels))
        )
        return Block(
            "11. Document unique : familles de risques après maîtrise",
            (
                Column("Famille", width=30),
                *(Column(each, Look.INTEGER) for each in self.levels_fr),
                Column("Total", Look.INTEGER),
                Column("À traiter immédiatement", Look.INTEGER),
                Column("Part", Look.TENTHS),
            ),
            tuple(lines),
            chart=Chart(
                ChartKind.STACKED_BARS,
                "Risques par famille et par niveau résiduel",
                "Barres empilées : risques de chaque famille, du plus grave au moins grave. "
                "Les chiffres sont à droite.",
                series,
                height=max(335, 120 + LINE_PIXELS * len(lines)),
            ),
            notes=("Familles de l’INRS (ED 840) et compléments locaux.",),
            new_page=True,
        )


def _thresholds(method: RatingMethod) -> tuple[str, ...]:
    bounds = [f"{each}" for each in method.level_bounds]
    parts = [
        f"{level.label_fr.lower()} {_between(bounds, at)}" for at, level in enumerate(method.levels)
    ]
    return (" ; ".join(parts).capitalize() + ".",)


def _between(bounds: list[str], at: int) -> str:
    if at == 0:
        return f"< {bounds[0]}"
    if at == len(bounds):
        return f"≥ {bounds[-1]}"
    return f"de {bounds[at - 1]} à < {bounds[at]}"
