"""Invented towns and sites: no commune and no public collège of the three départements."""

from __future__ import annotations

TOWNS = {
    "41": (
        "Ruanval",
        "Montrouvray",
        "Courbraye",
        "La Fresnaye-en-Sologne",
        "Chaumigny",
        "Saint-Aubert-sur-Cisse",
        "Villedomard",
        "Neuilly-les-Étangs",
        "Oisnières",
        "Bracineau",
    ),
    "45": (
        "Châtelaine-sur-Loing",
        "Fleuray-aux-Bois",
        "La Ferté-Aubray",
        "Outarbois",
        "Saint-Benin-sur-Loire",
        "Bellegrange",
        "Gianval",
        "Jargonville",
        "Montbrûlon",
        "Dordemont",
        "Puisevray",
        "Aubrière",
        "Coullemont",
        "Le Boisgelin",
    ),
    "28": (
        "Charvannes",
        "Drouville",
        "Nogent-sur-Aigre",
        "Illiernay",
        "Auneraye",
        "Châtillon-le-Perche",
        "Maintevault",
        "Bréval-en-Beauce",
        "Senonville",
        "Thironnes",
        "Orgevilliers",
    ),
}

SCHOOLS = {
    "41": (
        "Collège Les Grands-Prés",
        "Collège du Vieux-Moulin",
        "Collège Adèle-Vauquelin",
        "Collège des Trois-Fontaines",
        "Collège Armand-Fourcault",
        "Collège La Chênaie",
        "Collège des Remparts",
        "Collège Rose-Lambrecht",
        "Collège du Val-Fleuri",
        "Collège Étienne-Marsan",
    ),
    "45": (
        "Collège du Belvédère",
        "Collège Hortense-Mallet",
        "Collège des Tilleuls",
        "Collège Les Ormeaux",
        "Collège Camille-Desforges",
        "Collège du Pont-Neuf",
        "Collège Octave-Lemarié",
        "Collège La Garenne",
        "Collège des Mariniers",
        "Collège Suzanne-Thévenet",
        "Collège du Canal",
        "Collège Les Hauts-Champs",
        "Collège Paul-Aubertin",
        "Collège de la Roseraie",
        "Collège Marthe-Joubin",
        "Collège des Vignes-Blanches",
    ),
    "28": (
        "Collège du Grand-Verger",
        "Collège Irène-Cassagne",
        "Collège des Moissons",
        "Collège Lucien-Bonnard",
        "Collège de la Futaie",
        "Collège Les Cordeliers",
        "Collège Anna-Delorme",
        "Collège du Moulin-à-Vent",
        "Collège Gabriel-Tessereau",
        "Collège de l'Avre",
        "Collège des Blés-d'Or",
    ),
}


def of_town(town: str) -> str:
    """The town after « de », with the elision French asks for: « d'Oisnières », « du Boisgelin »."""
    if town.startswith("Le "):
        return f"du {town[3:]}"
    if town[0] in "AÂEÉÈIOUY":
        return f"d'{town}"
    return f"de {town}"
