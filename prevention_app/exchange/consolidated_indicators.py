"""The sheet « Indicateurs »: each figure a formula on a register of the same file, with its chart.

What would tell of fewer than five persons comes without a figure and is written « < 5 » (P7).
"""

from __future__ import annotations

from collections.abc import Mapping

from prevention_app.catalogue.vocabulary import StockState
from prevention_app.domain.due import DueState
from prevention_app.domain.facts import ActionProgress
from prevention_app.domain.indicators import (
    SERVICE_ACCIDENTS,
    UNSPECIFIED,
    AccidentGroup,
    AccidentPeriod,
    CredentialFigures,
    Indicators,
    ProgrammeFigures,
)
from prevention_app.domain.periods import Span
from prevention_app.domain.ratings import RatingMethod
from prevention_app.exchange.consolidated_columns import (
    EXPIRED,
    NOT_EVALUATED,
    TO_OBTAIN,
    TO_RENEW,
    VALID,
    WASTE_LATE,
    WASTE_TO_SET_ASIDE,
    YES,
)
from prevention_app.exchange.tally import Criteria, Tally
from prevention_app.exchange.workbook_model import (
    Block,
    BlockSheet,
    Cell,
    Chart,
    ChartKind,
    Column,
    Formula,
    Look,
    Named,
    Series,
    Tab,
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

FEW = "< 5"
"""A count of one to four persons, or one that would give it away."""
HIDDEN = "non montré"
"""What goes with a count that is not told: days, rates."""
NOT_MEANINGFUL = "n.s."
NOTHING = "–"
NO_DATE = "Sans date"

_STEEL_LIGHT = "#7FA6C9"
_MOST_CAUSES = 12
_MOST_TYPES = 15
_EARLIER_PROGRAMMES = 3
_LINE_PIXELS = 21
_STATES = "État"


def of(figure: object, formula: Formula, otherwise: str = FEW) -> Cell:
    """The formula, or what stands in the place of a figure that must not be told."""
    if figure is not None:
        return formula
    return Named(otherwise, formula.name) if formula.name else otherwise


def ratio(part: Cell, whole: float, text: str, name: str = "") -> Cell:
    """A quotient as a formula; a dash where there is nothing to divide by or a part is hidden."""
    value = part.value if isinstance(part, (Formula, Named)) else part
    if not isinstance(value, (int, float)) or not whole:
        return Named(NOTHING, name) if name else NOTHING
    return Formula(text, value / whole, name)


def short_family(family: str) -> str:
    """The name of a family of hazards without what stands in brackets."""
    return family.partition(" (")[0]


def period_name(period: AccidentPeriod | Span) -> str:
    """What the list of accidents calls a period of twelve months."""
    return f"12 mois au {period.last:%d/%m/%Y}"


def indicators_sheet(
    figures: Indicators, tallies: Mapping[str, Tally], method: RatingMethod, *, together: bool
) -> BlockSheet:
    """All indicators with their charts."""
    made = _Blocks(figures, tallies, method)
    blocks = [
        made.accidents(),
        made.causes(),
        made.levels(),
        made.programmes(),
        made.budget(),
        made.inspections(),
        made.certiphyto(),
        made.entries(),
        made.credentials(),
        made.kinds(),
        made.families(),
        made.stock(),
    ]
    whose = "les départements réunis" if together else "le département"
    return BlockSheet(
        name="Indicateurs",
        title="Indicateurs",
        content="Douze indicateurs : leurs chiffres et leurs graphiques",
        explanation=(
            f"Chaque graphique voisine avec ses chiffres, pour {whose}. Les nombres sont des "
            f"formules sur les feuilles de ce classeur ; « {FEW} » : moins de cinq personnes, "
            "non montré."
        ),
        tab=Tab.INDICATORS,
        section="Synthèse",
        blocks=tuple(blocks),
    )


def service_accidents(criteria: Criteria) -> list[Criteria]:
    """Accidents at work: of service and on a mission."""
    return [{**criteria, "Type": kind.label_fr} for kind in SERVICE_ACCIDENTS]


class _Blocks:
    """The indicators of one workbook."""

    def __init__(
        self, figures: Indicators, tallies: Mapping[str, Tally], method: RatingMethod
    ) -> None:
        self.figures = figures
        self.tallies = tallies
        self.method = method
        self.levels_fr = [each.label_fr for each in method.levels]

    # -- accidents --------------------------------------------------------------------------

    def accidents(self) -> Block:
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

    # -- document unique --------------------------------------------------------------------

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
        bound = self.method.immediate_from
        immediate = tally.at_least("Résiduel", bound, {}, name="k_immediats")
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
                    f"Résiduel ≥ {bound} : action immédiate",
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
            bound = self.method.immediate_from
            immediate = tally.at_least("Résiduel", bound, {"Famille": each.family})
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
                Column(f"Résiduel ≥ {self.method.immediate_from}", Look.INTEGER),
                Column("Part", Look.TENTHS),
            ),
            tuple(lines),
            chart=Chart(
                ChartKind.STACKED_BARS,
                "Risques par famille et par niveau résiduel",
                "Barres empilées : risques de chaque famille, du plus grave au moins grave. "
                "Les chiffres sont à droite.",
                series,
                height=max(335, 120 + _LINE_PIXELS * len(lines)),
            ),
            notes=("Familles de l’INRS (ED 840) et compléments locaux.",),
            new_page=True,
        )

    # -- programme --------------------------------------------------------------------------

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
                "Le retard se juge sur l’échéance d’origine.",
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

    # -- inspections, credentials, stock ----------------------------------------------------

    def inspections(self) -> Block:
        """Equipment by kind of site and state of its inspection."""
        tally = self.tallies["inspections"]
        states = (
            DueState.UP_TO_DATE,
            DueState.TO_PLAN,
            DueState.LATE,
            DueState.NEVER_DONE,
            DueState.UNKNOWN,
        )
        lines: list[tuple[Cell, ...]] = []
        for each in self.figures.inspections:
            counts = [
                tally.count({"Type de site": each.site_kind, _STATES: state.label_fr})
                for state in states
            ]
            done = Formula("", amount_of(counts[0]) + amount_of(counts[1]))
            lines.append((each.site_kind, *counts, ratio(done, each.followed, _NOT_OVERDUE)))
        total = self.figures.inspections_total
        done = Formula("", total.up_to_date + total.to_plan)
        return Block(
            "6. Vérifications périodiques par type de site",
            (
                Column("Type de site", width=30),
                Column("À jour", Look.INTEGER),
                Column("À planifier", Look.INTEGER),
                Column("En retard", Look.INTEGER),
                Column("Jamais faites", Look.INTEGER),
                Column("À renseigner", Look.INTEGER),
                Column("Taux non échu", Look.TENTHS),
            ),
            tuple(lines),
            total=_summed(
                "Total",
                (
                    (total.up_to_date, ""),
                    (total.to_plan, "k_verif_a_planifier"),
                    (total.late, "k_verif_retard"),
                    (total.never_done, "k_verif_jamais"),
                    (total.unknown, "k_verif_inconnues"),
                ),
                ratio(done, total.followed, _NOT_OVERDUE, "k_non_echu"),
                empty=not lines,
            ),
            chart=Chart(
                ChartKind.SHARES,
                "Vérifications par type de site (nombre, en part du total)",
                "Barres de 100 % : part des équipements à jour, à planifier, en retard, jamais "
                "vérifiés et sans date connue, par type de site. Les chiffres sont à droite.",
                (
                    Series(2, SKY),
                    Series(3, AMBER),
                    Series(4, CLARET, label_colour=WHITE),
                    Series(5, "#4A0A16", label_colour=WHITE),
                    Series(6, WHITE, hatched=True, labels=False),
                ),
                height=max(335, 120 + _LINE_PIXELS * len(lines)),
            ),
            notes=(
                (
                    "Taux non échu = (à jour + à planifier) / suivis. « À renseigner » n’y "
                    "compte pas : on ne sait pas."
                ),
            ),
        )

    def certiphyto(self) -> Block:
        """How many holders there will be if none is renewed."""
        lines: list[tuple[Cell, ...]] = []
        for each in self.figures.certiphyto:
            ahead = f"dans {each.months} mois ({each.on:%m/%Y})" if each.months else "Aujourd’hui"
            counts = (each.operators, each.deciders, each.others)
            holders = FEW if each.holders is None else each.holders
            cells = (FEW if count is None else count for count in counts)
            lines.append((ahead, *cells, Named(holders, f"k_certiphyto_{each.months}")))
        return Block(
            "7. Certiphyto : titulaires à venir sans renouvellement",
            (
                Column("Échéance", width=30),
                Column("Opérateurs", Look.INTEGER),
                Column("Décideurs", Look.INTEGER),
                Column("Autres", Look.INTEGER),
                Column("Titulaires", Look.INTEGER),
            ),
            tuple(lines),
            chart=Chart(
                ChartKind.STACKED_COLUMNS,
                "Titulaires d’un Certiphyto valide",
                "Colonnes empilées : titulaires aujourd’hui et dans 6, 12 et 24 mois si aucun "
                "certificat n’est renouvelé. Les chiffres sont à droite.",
                (
                    Series(2, STEEL, label_colour=WHITE),
                    Series(3, AMBER),
                    Series(4, SKY),
                ),
            ),
            notes=("Personnes comptées une fois ; « Autres » : conseil ou vente seulement.",),
            new_page=True,
        )

    def entries(self) -> Block:
        """The health and safety register by quarter."""
        tally = self.tallies["entries"]
        lines = tuple(
            (
                each.label,
                tally.between("Date du signalement", each.first, each.last),
                tally.between("Close le", each.first, each.last),
                NOTHING if each.median_days is None else each.median_days,
            )
            for each in self.figures.quarters
        )
        late = tally.count({"État de la réponse": DueState.LATE.label_fr}, name="k_rsst_retard")
        return Block(
            "8. Registre de santé et sécurité au travail, par trimestre",
            (
                Column("Trimestre", width=30),
                Column("Reçues", Look.INTEGER),
                Column("Closes", Look.INTEGER),
                Column("Délai médian (jours)", Look.NUMBER),
            ),
            lines,
            after_total=(("Sans réponse, délai dépassé", late, None, None),),
            chart=Chart(
                ChartKind.COLUMNS,
                "Observations reçues et closes",
                "Colonnes : observations reçues et closes, huit trimestres. "
                "Les chiffres sont à droite.",
                (Series(2, _STEEL_LIGHT), Series(3, NAVY)),
            ),
            notes=(
                (
                    "Délai médian entre l’observation et sa réponse, parmi celles du trimestre qui "
                    "en ont."
                ),
                "Délai de réponse : 15 jours (règle interne), sauf date fixée.",
            ),
        )

    def credentials(self) -> Block:
        """Credentials by type and state."""
        shown = self.figures.credentials[:_MOST_TYPES]
        lines = tuple(self._credential_line(each) for each in shown)
        return Block(
            "9. Habilitations et autorisations par titre",
            (
                Column("Titre", width=30),
                Column("Valides", Look.INTEGER),
                Column("À renouveler", Look.INTEGER),
                Column("Expirées", Look.INTEGER),
                Column("À renseigner", Look.INTEGER),
                Column("À obtenir", Look.INTEGER),
                Column("Taux de validité", Look.TENTHS),
            ),
            lines,
            after_total=(self._credential_total(),),
            chart=Chart(
                ChartKind.STACKED_BARS,
                "Titres par état",
                "Barres empilées : titres valides, à renouveler et expirés. Les chiffres sont à "
                "droite.",
                (
                    Series(2, SKY),
                    Series(3, AMBER, labels=False),
                    Series(4, CLARET, label_colour=WHITE),
                ),
                height=max(335, 120 + _LINE_PIXELS * len(lines)),
            ),
            notes=(
                "À renouveler : dans les six mois ; Certiphyto, neuf mois.",
                (
                    "Les nombres de moins de cinq personnes, et ceux qui les feraient retrouver, "
                    "ne sont pas montrés."
                ),
            ),
            new_page=True,
        )

    def _credential_line(self, each: CredentialFigures) -> tuple[Cell, ...]:
        tally = self.tallies["credentials"]
        wanted: Criteria = {"Titre": each.type_name, "Famille": each.family or UNSPECIFIED}
        counts = _credential_counts(each)
        cells = [
            of(count, tally.count({**wanted, _STATES: state})) for state, count in counts.items()
        ]
        return (each.type_name, *cells, _validity(each))

    def _credential_total(self) -> tuple[Cell, ...]:
        tally, total = self.tallies["credentials"], self.figures.credentials_total
        names = {EXPIRED: "k_titres_expires", TO_RENEW: "k_titres_a_renouveler"}
        cells = [
            of(count, tally.count({_STATES: state}, name=names.get(state, "")))
            for state, count in _credential_counts(total).items()
        ]
        return ("Tous les titres", *cells, _validity(total))

    def stock(self) -> Block:
        """Products in the store rooms, and those that should leave them."""
        tally = self.tallies["stock"]
        held = [
            {"Situation": each.label_fr} for each in (StockState.IN_STOCK, StockState.SET_ASIDE)
        ]
        lines: tuple[tuple[Cell, ...], ...] = (
            ("Produits en stock", tally.count(*held, name="k_stock")),
            ("PPNU à isoler", tally.count({"Alerte": WASTE_TO_SET_ASIDE}, name="k_ppnu_a_isoler")),
            (
                "PPNU isolés",
                tally.count({"Situation": StockState.SET_ASIDE.label_fr}, name="k_ppnu"),
            ),
            (
                "dont isolés depuis plus de neuf mois",
                tally.count({"Alerte": WASTE_LATE}, name="k_ppnu_retard"),
            ),
        )
        return Block(
            "12. Produits phytopharmaceutiques en stock",
            (Column("Produits", width=30), Column("Lignes", Look.INTEGER)),
            lines,
            notes=("PPNU : produit phytopharmaceutique non utilisable, à remettre à la collecte.",),
        )


_NOT_OVERDUE = "=({2}+{3})/SUM({2}:{5})"


def _summed(
    label: str, counts: tuple[tuple[int, str], ...], last: Cell, *, empty: bool
) -> tuple[Cell, ...]:
    """A total line; without lines above there is nothing to sum."""
    cells: list[Cell] = [label]
    for at, (count, name) in enumerate(counts, 2):
        summed = Formula(f"=SUM({{{at}:}})", count, name)
        cells.append(Named(0, name) if empty and name else 0 if empty else summed)
    return (*cells, last)


def _credential_counts(each: CredentialFigures) -> dict[str, int | None]:
    return {
        VALID: each.valid,
        TO_RENEW: each.to_renew,
        EXPIRED: each.expired,
        DueState.UNKNOWN.label_fr: each.unknown,
        TO_OBTAIN: each.planned,
    }


def _validity(each: CredentialFigures) -> Cell:
    if each.valid is None or each.to_renew is None or each.expired is None:
        return NOTHING
    valid = each.valid + each.to_renew
    return ratio(Formula("", valid), valid + each.expired, "=({2}+{3})/SUM({2}:{4})")


def _with(criteria: list[Criteria], **more: str | int) -> list[Criteria]:
    return [{**more, **each} for each in criteria]


def _rate(value: float | None, text: str, name: str) -> Cell:
    if value is not None:
        return Formula(text, value, name)
    return Named(NOT_MEANINGFUL, name) if name else NOT_MEANINGFUL


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


def _rates_chart() -> Chart:
    return Chart(
        ChartKind.COLUMNS,
        "TF1 et TG, douze mois glissants",
        "Colonnes : taux de fréquence ; ligne tiretée : taux de gravité, échelle de droite ; "
        "cinq périodes. Les chiffres sont à droite.",
        (
            Series(6, _STEEL_LIGHT, "TF1 : accidents avec arrêt par million d’heures"),
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
