"""Under which names workbooks write the hazard families, by the code of the reference library.

The families are those of INRS ED 840 and the local ones of the library; the words are ours.
"""

from __future__ import annotations

from functools import lru_cache

from prevention_app.exchange.headings import plain_words

_NAMES: dict[str, tuple[str, ...]] = {
    "TREB": (
        "Trébuchement, perturbation du mouvement (chute de plain-pied)", "Chute de plain-pied",
        "Chutes de plain pied", "Trébuchement", "Glissade, trébuchement", "Glissades",
        "Trébuchement, heurt ou autre perturbation du mouvement", "Chute de même niveau",
    ),
    "CHUH": (
        "Chute de hauteur", "Chutes de hauteur", "Travail en hauteur", "Chute en hauteur",
    ),
    "CIRI": (
        "Circulations internes de véhicules et d'engins", "Circulation interne",
        "Circulations internes", "Circulation sur site",
    ),
    "ROUT": (
        "Risque routier (mission, trajet, travail sous circulation)", "Risque routier",
        "Déplacements routiers", "Risques routiers en mission", "Circulation routière",
        "Déplacement professionnel", "Risque routier en mission",
    ),
    "CHAR": (
        "Charge physique de travail (manutentions manuelles, postures, gestes répétitifs)",
        "Charge physique", "Charge physique de travail", "Manutention manuelle",
        "Activité physique", "Gestes et postures", "TMS", "Troubles musculosquelettiques",
        "Postures pénibles", "Ergonomie, gestes et postures",
    ),
    "MECA": (
        "Manutention mécanique et levage", "Manutention mécanique", "Levage",
        "Appareils de levage",
    ),
    "CHIM": (
        "Produits, émissions et déchets (agents chimiques, CMR, amiante, plomb, silice)",
        "Produits, émissions et déchets", "Risque chimique", "Agents chimiques",
        "Produits chimiques", "Produits dangereux", "Amiante", "CMR",
    ),
    "BIO": (
        "Agents biologiques", "Risque biologique", "Risque infectieux", "Biologique",
    ),
    "EQUI": (
        "Équipements de travail (machines, outils)", "Équipements de travail",
        "Machines et outils", "Machines", "Machine, outil", "Risque mécanique", "Outillage",
    ),
    "EFFO": (
        "Effondrements, chutes d'objets, éclatement", "Effondrement et chute d'objets",
        "Chute d'objets", "Effondrement, chute d'objet",
    ),
    "BRUI": (
        "Bruit", "Nuisances sonores", "Ambiance sonore", "Ambiances sonores",
    ),
    "THER": (
        "Ambiances thermiques (chaleur intense, froid)", "Ambiances thermiques",
        "Ambiance thermique", "Températures extrêmes", "Chaleur", "Froid",
    ),
    "INCE": (
        "Incendie, explosion", "Incendie", "Explosion", "Incendie / explosion", "ATEX",
    ),
    "ELEC": (
        "Électricité", "Risque électrique", "Électrique",
    ),
    "LUMI": (
        "Ambiances lumineuses", "Éclairage", "Ambiance lumineuse",
    ),
    "RAYO": (
        "Rayonnements (ionisants, optiques, électromagnétiques)", "Rayonnements",
        "Rayonnements ionisants", "Radon",
    ),
    "VIBR": (
        "Vibrations", "Vibrations mécaniques",
    ),
    "RPS": (
        "Risques psychosociaux", "RPS", "Psychosocial", "Charge mentale", "Risque psycho-social",
    ),
    "COAC": (
        "Intervention d'entreprises extérieures / coactivité", "Entreprises extérieures",
        "Coactivité", "Intervention d'une entreprise extérieure", "Co-activité",
    ),
    "HEUR": (
        "Heurt, cognement", "Heurts", "Heurt",
    ),
    "ADDI": (
        "Pratiques addictives", "Addictions", "Alcool et stupéfiants", "Conduites addictives",
    ),
    "ORGA": (
        "Organisation du travail, horaires atypiques", "Horaires atypiques", "Travail de nuit",
        "Organisation du travail",
    ),
    "AGRE": (
        "Agressions et violences externes", "Agression", "Violences externes",
        "Agressions, incivilités", "Agression, violence",
    ),
    "ISOL": (
        "Travail isolé", "Travailleur isolé", "Isolement",
    ),
    "ECRA": (
        "Travail sur écran", "Écran", "Écrans de visualisation", "Travail sur écrans",
    ),
    "NOYA": (
        "Noyade, travail au bord ou sur l'eau", "Noyade", "Risque de noyade",
    ),
}  # fmt: skip

_BY_WORDS = {plain_words(name): code for code, names in _NAMES.items() for name in names}


@lru_cache(maxsize=2048)
def family_code(name: str) -> str | None:
    """The code of the family that a text names, however it is written; None for any other text."""
    words = plain_words(name)
    for start in ("", "risque "):
        bare = words.removeprefix(start)
        if bare in _BY_WORDS:
            return _BY_WORDS[bare]
        if f"risque {bare}" in _BY_WORDS:
            return _BY_WORDS[f"risque {bare}"]
    if len(words) < 5 or len(words) > 120:
        return None
    from rapidfuzz import fuzz, process

    found = process.extractOne(words, list(_BY_WORDS), scorer=fuzz.ratio, score_cutoff=88)
    return _BY_WORDS[found[0]] if found else None
