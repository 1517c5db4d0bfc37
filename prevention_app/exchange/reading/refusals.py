"""The sentences in which a file is refused; `readers` puts the file's name before them."""

from __future__ import annotations

from prevention_app.errors import UnreadableFile

PROTECTED = (
    "Le classeur est protégé par un mot de passe. "
    "Enlevez la protection dans Excel, puis recommencez."
)
DANGEROUS_XML = "Fichier refusé : contenu XML dangereux."
BOMB = "Le fichier se déploie en plus de 200 Mo pour une seule feuille : refusé par sécurité."
TOO_DEEP = "Le fichier se déploie en plus de 400 Mo : refusé par sécurité."
NO_DATA = "Le classeur ne contient aucune donnée."
NO_SHEET = "Le classeur ne contient aucune feuille."
ONLY_CHARTS = "Le classeur ne contient que des graphiques : aucune feuille de données à importer."


def damaged(detail: str) -> UnreadableFile:
    """The refusal of a file that is cut off or altered; `detail` says where it was seen."""
    return UnreadableFile(
        f"Le fichier est incomplet ou abîmé ({detail}). Demandez-le à nouveau à l’expéditeur."
    )


def too_large(detail: str) -> UnreadableFile:
    """The refusal of a file that holds more than can be read in bounded memory."""
    return UnreadableFile(
        f"Le fichier est trop grand ({detail}). "
        "Supprimez les lignes et les colonnes inutiles, ou partagez-le en plusieurs fichiers."
    )


def text_too_long() -> UnreadableFile:
    """The refusal of a cell that no spreadsheet could show."""
    return too_large("plus d’un million de caractères dans une cellule")
