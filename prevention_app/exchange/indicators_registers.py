"""The indicators of the registers: inspections, credentials, entries, products."""

from __future__ import annotations

from prevention_app.catalogue.vocabulary import StockState
from prevention_app.domain.due import DueState
from prevention_app.domain.indicators import (
    UNSPECIFIED,
    CredentialFigures,
)
from prevention_app.exchange.consolidated_columns import (
    EXPIRED,
    TO_OBTAIN,
    TO_RENEW,
    VALID,
    WASTE_LATE,
    WASTE_TO_SET_ASIDE,
)
from prevention_app.exchange.indicator_cells import (
    FEW,
    LINE_PIXELS,
    NOTHING,
    STEEL_LIGHT,
    Blocks,
    of,
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
    STEEL,
    WHITE,
)

_MOST_TYPES = 15
_STATES = "État"
_NOT_OVERDUE = "=({2}+{3})/SUM({2}:{5})"


class RegisterBlocks(Blocks):
    """Registers by state."""

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
                height=max(335, 120 + LINE_PIXELS * len(lines)),
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
                (Series(2, STEEL_LIGHT), Series(3, NAVY)),
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
                height=max(335, 120 + LINE_PIXELS * len(lines)),
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
