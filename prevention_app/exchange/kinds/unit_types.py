"""The types of work unit of a département, by the codes that the starting library gives them."""

from __future__ import annotations

from prevention_app.catalogue.values import fold
from prevention_app.exchange.cell_parsers import code_of, name
from prevention_app.exchange.import_kinds import CellRead, Parsed

UNIT_TYPES = {
    "CER": "Centre d'exploitation routier (agents des routes)",
    "COLE": "Collège - entretien et hygiène des locaux",
    "COLR": "Collège - restauration scolaire",
    "COLM": "Collège - maintenance et agent d'accueil",
    "PMI": "Protection maternelle et infantile (PMI) et planification",
    "SOC": "Action sociale - assistantes sociales, éducateurs, "
    "maisons départementales de la solidarité",
    "ESPV": "Espaces verts, espaces naturels sensibles et parcs départementaux",
    "ATEL": "Atelier mécanique / parc routier départemental",
    "LABO": "Laboratoire départemental d'analyses",
    "ARCH": "Archives départementales",
    "ADMI": "Services administratifs et direction",
    "MUSE": "Musée, château et site culturel départemental",
    "BATI": "Bâtiments et maintenance départementale "
    "(électricité, plomberie, menuiserie, peinture)",
    "TRSP": "Transport (élèves en situation de handicap), véhicules et logistique",
    "ENFA": "Établissements et accueil de l'enfance (foyer, MECS publique, assistants familiaux)",
    "NUM": "Systèmes d'information, imprimerie et reprographie",
    "MDPH": "Accueil du public et maison de l'autonomie (MDPH / MDA)",
}  # fmt: skip
_CODES = {
    " ".join(fold(said).split()): code
    for code, title in UNIT_TYPES.items()
    for said in (code, title, title.partition(" (")[0])
}


def unit_type(cell: CellRead) -> Parsed:
    """The code of a type that the library knows by code or title; any other as it is written."""
    said = name(cell).value
    if not said:
        return Parsed()
    code = code_of(str(said), _CODES)
    if code is None:
        return Parsed(said)
    return Parsed(code, {} if code == said else {"_text": said})
