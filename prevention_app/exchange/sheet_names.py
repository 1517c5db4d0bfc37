"""What the name of a sheet says of its rows: a department, a year, a thing; or only « Feuil1 »."""

from __future__ import annotations

import re
from collections.abc import Collection

from prevention_app.catalogue.values import fold
from prevention_app.exchange.cell_parsers import department_named
from prevention_app.exchange.department_names import department_paired

_OURS = re.compile(
    r"(?:cd|dpt|dept|dep|departement|d)?\s*[-_.:n°]*\s*(41|45|28)(?:\b|_)"
    r"(?!\s*(?:janv|fev|mars|avr|mai|juin|juil|aou|sept|oct|nov|dec)).*"
)
_NUMBERED = re.compile(r"(?:cd|dpt|dept|departement)\s*[-_.:n°]*\s*(\d{2,3})\b.*")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_GENERIC = frozenset(
    "a au base bis brouillon cd classeur complet copie d data de departement dept des donnees "
    "dpt du en et eure export extraction feuil feuille fichier final finale general global "
    "historique import janv jour l la le les liste loir cher loiret maj mise modele nouveau "
    "nouvelle onglet page par pour saisie sheet site sites suite suivi sur synthese table "
    "tableau total tous toutes trois v version janvier fevrier mars avril mai juin juillet aout "
    "septembre octobre novembre decembre".split()
)


def department_of_sheet(name: str) -> str | None:
    """The number of the department that a sheet is about: « 45 », « CD 41 », « Eure-et-Loir »."""
    words = " ".join(fold(name).split())
    match = _OURS.fullmatch(words) or _NUMBERED.fullmatch(words)
    return match[1] if match else department_named(words) or department_paired(words)


def year_of_sheet(name: str) -> int | None:
    """The year that a sheet is about, when its name says one only."""
    years = set(_YEAR.findall(name))
    return int(years.pop()) if len(years) == 1 else None


def names_something(sheet: str, generic: Collection[str] = ()) -> bool:
    """Whether a sheet's name says more than that it is a sheet; `generic` are the kind's words."""
    words = re.findall(r"[a-z]+", fold(sheet))
    return any(word not in _GENERIC and word not in generic for word in words)


_TIMES = re.compile(
    r"(?:(?:mois de|annee|exercice)\s+)?"
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|"
    r"\d(?:er|e|eme)?\s*(?:trimestre|semestre)|[ts]\d|20\d\d)(?:\s*[-/]?\s*20\d\d)?"
)
A_TIME = "(time)"
"""What `section_field` says of a line that only names a month or a year: no field at all."""


def names_a_time(text: str) -> bool:
    """Whether a line says nothing but a month, a quarter or a year."""
    return bool(_TIMES.fullmatch(" ".join(fold(text).split())))


_PLACES = re.compile(
    r"(?:agence|annexe|archives|atelier|bassin|batiment|bibliotheque|campus|centre|chateau|cite|"
    r"college|crd|cuisine|depot|domaine|ecole|ehpad|espace|etablissement|ferme|foyer|garage|"
    r"gymnase|halle|hangar|hotel|immeuble|laboratoire|local|lycee|magasin|mairie|maison|mds|"
    r"mda|mdph|mediatheque|musee|parc|pmi|prieure|regie|restaurant|serre|site|station|villa)s?\b"
)
_ORG_UNITS = re.compile(
    r"(?:direction|service|pole|dga|division|mission|cellule|bureau|subdivision)s?\b"
)


def names_a_place(text: str) -> bool:
    """Whether a line starts like the name of a place: « Collège… », « Dépôt… »."""
    return bool(_PLACES.match(fold(text)))


def names_an_org_unit(text: str) -> bool:
    """Whether a line starts like the name of a directorate or service."""
    return bool(_ORG_UNITS.match(fold(text)))
