"""The sheet « Contrôle des données »: what is missing for the figures to be complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prevention_app.domain.due import DueState
from prevention_app.domain.facts import ActionProgress
from prevention_app.domain.indicators import UNSPECIFIED
from prevention_app.exchange.consolidated_columns import NOT_EVALUATED, YES
from prevention_app.exchange.tally import Tally
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import Cell, Column, GridSheet, Line, Link, Look, Plain

NAME = "Contrôle des données"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing: how often, why it matters, where to look."""

    check: str
    count: int
    why: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class _Check:
    """A check of the rows of one sheet."""

    plan: str
    sheet: str
    check: str
    why: str
    fails: Callable[[Mapping[str, Plain]], bool]
    """Given the row by its headings."""


def _is(heading: str, word: str) -> Callable[[Mapping[str, Plain]], bool]:
    return lambda row: row[heading] == word


def _empty(heading: str) -> Callable[[Mapping[str, Plain]], bool]:
    return lambda row: row[heading] in (None, "")


_CHECKS = (
    _Check(
        "risks",
        "DUERP",
        "Risques à évaluer",
        "Décrits ou recopiés, non cotés : ils ne comptent dans aucun indicateur.",
        _is("Niveau résiduel", NOT_EVALUATED),
    ),
    _Check(
        "risks",
        "DUERP",
        "Risques évalués dont la cotation est incomplète",
        "Sans gravité, fréquence ou maîtrise, pas de niveau.",
        lambda row: row["Résiduel"] is None and row["Niveau résiduel"] != NOT_EVALUATED,
    ),
    _Check(
        "risks",
        "DUERP",
        "Risques cotés sans date de cotation",
        "La mise à jour annuelle ne peut pas être suivie (code du travail R4121-2).",
        lambda row: row["Résiduel"] is not None and row["Coté le"] is None,
    ),
    _Check(
        "risks",
        "DUERP",
        "Risques sans famille",
        "Ils sont comptés « Non précisé ».",
        _is("Famille", UNSPECIFIED),
    ),
    _Check(
        "risks",
        "DUERP",
        "Risques sans nombre d’agents exposés",
        "L’exposition par sexe est demandée par l’article L4121-3.",
        _empty("Exposés"),
    ),
    _Check(
        "actions",
        "Actions",
        "Actions ouvertes sans échéance",
        "Elles ne sont dans aucun programme et ne peuvent pas être en retard.",
        _is("Suivi", ActionProgress.UNDATED.label_fr),
    ),
    _Check(
        "programme",
        "Actions",
        "Actions du programme sans pilote",
        "Personne n’en répond.",
        _empty("Pilote"),
    ),
    _Check(
        "programme",
        "Actions",
        "Actions du programme sans estimation de coût",
        "L’estimation est demandée par l’article L4121-3-1, III.",
        _empty("Coût prévu"),
    ),
    _Check(
        "programme",
        "Actions",
        "Actions du programme sans indicateur de résultat",
        "L’indicateur est demandé par l’article L4121-3-1, III.",
        _empty("Indicateur de résultat"),
    ),
    _Check(
        "accidents",
        "Accidents",
        "Accidents sans élément matériel",
        "Les causes ne peuvent pas être comptées.",
        _is("Élément matériel", UNSPECIFIED),
    ),
    _Check(
        "accidents",
        "Accidents",
        "Accidents avec arrêt sans nombre de jours",
        "Le taux de gravité est sous-estimé.",
        lambda row: row["Arrêt de travail"] == YES and not row["Jours d’arrêt"],
    ),
    _Check(
        "inspections",
        "Vérifications",
        "Équipements et lots sans date de vérification connue",
        "À renseigner : ni à jour, ni en retard.",
        _is("État", DueState.UNKNOWN.label_fr),
    ),
    _Check(
        "inspections",
        "Vérifications",
        "Équipements et lots sans périodicité",
        "La prochaine échéance ne peut pas être calculée.",
        _empty("Période (mois)"),
    ),
    _Check(
        "credentials",
        "Habilitations",
        "Titres sans date",
        "À renseigner : ni valides, ni expirés.",
        _is("État", DueState.UNKNOWN.label_fr),
    ),
    _Check(
        "stock",
        "Produits phyto",
        "Produits non rapprochés du catalogue national",
        "Ni autorisés, ni retirés : à reconnaître (numéro, nom, ou produit d’une autre sorte).",
        _empty("Produit du catalogue"),
    ),
)


def gaps_in(tallies: Mapping[str, Tally]) -> list[Gap]:
    """What the rows of the sheets lack; a check that finds nothing is listed with zero."""
    found: list[Gap] = []
    for each in _CHECKS:
        tally = tallies[each.plan]
        headings = [column.heading for column in tally.columns]
        count = sum(each.fails(dict(zip(headings, row, strict=True))) for row in tally.rows)
        found.append(Gap(each.check, count, each.why, each.sheet))
    return found


def gap_sheet(gaps: list[Gap]) -> GridSheet:
    """One line a check."""
    return GridSheet(
        name=NAME,
        title=NAME,
        content="Ce qui manque pour que les chiffres soient complets",
        explanation="Ce qui manque pour que les chiffres soient complets ; zéro : rien ne manque.",
        section="Méthode",
        table="T_controles",
        columns=(
            Column("Contrôle", Look.WRAPPED, 58),
            Column("Nombre", Look.INTEGER, 10),
            Column("Pourquoi c’est utile", Look.WRAPPED, 72),
            Column("Feuille", Look.LINK, 22),
        ),
        lines=tuple(Line(_cells(each)) for each in gaps),
    )


def _cells(gap: Gap) -> tuple[Cell, ...]:
    return (
        typeset(gap.check),
        gap.count,
        typeset(gap.why),
        Link(gap.sheet, gap.sheet) if gap.sheet else None,
    )
