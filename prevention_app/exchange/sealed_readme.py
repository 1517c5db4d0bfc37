"""The text beside a sealed version: how to check it with nothing, and what its signature proves."""

from __future__ import annotations

from typing import Final

from prevention_app.domain.sealed_facts import VersionFacts
from prevention_app.domain.sealed_manifest import MANIFEST, SUMS

README: Final = "LISEZMOI.txt"

PROVES: Final = (
    "La signature prouve que le contenu n’a pas changé depuis qu’elle a été apposée, et qu’elle "
    "l’a été par l’ordinateur dont la clé publique est dans le manifeste. Elle n’est pas la "
    "signature de l’autorité territoriale : celle-ci est sur l’acte d’adoption, dont le manifeste "
    "ne garde que l’empreinte. La date est celle de l’horloge de cet ordinateur."
)
"""Said in the manifest too."""

_TEXT: Final = """\
DOCUMENT UNIQUE D’ÉVALUATION DES RISQUES PROFESSIONNELS
Version {name} : {status}
{employer}
Figée le {sealed}. À conserver jusqu’au {kept} (code du travail R4121-4).

CE QUE CONTIENT CE DOSSIER

{files}

VÉRIFIER QUE RIEN N’A CHANGÉ, SANS AUCUN PROGRAMME PARTICULIER

Sous Linux ou macOS, ouvrez un terminal dans ce dossier :

    sha256sum -c {sums}          (macOS : shasum -a 256 -c {sums})

Chaque ligne doit finir par « OK » (ou « Réussi »). Sous Windows, dans PowerShell :

    Get-FileHash -Algorithm SHA256 NOM-DU-FICHIER

et comparez avec la ligne de ce fichier dans {sums}. La dernière ligne est celle de {manifest},
qui dit lui-même l’empreinte et la taille de chacun des autres fichiers.

Cette vérification trouve un accident ou une retouche. Elle ne trouve pas un dossier entier refait
par quelqu’un : pour cela, comparez l’empreinte de {manifest} avec celle que la version suivante
donne de celle-ci (« previous » dans son manifeste), ou avec celle que garde l’espace de travail
de l’employeur.

AVEC LE PROGRAMME PRÉVENTION

    prevention-app verify DOSSIER

vérifie aussi la signature et la suite des versions ; aucun espace de travail n’est nécessaire.
Avec « --data ESPACE », les versions sont aussi comparées avec celles que l’espace a figées.

La signature est de type Ed25519 : clé publique (« station », « public_key ») et signature sont
écrites en hexadécimal dans {manifest}. Ce qui est signé est l’empreinte SHA-256 de la ligne
« prevention, sealed version of a document unique, format 1 » suivie du texte du manifeste sans
son champ « signature ».

CE QUE PROUVE LA SIGNATURE, ET CE QU’ELLE NE PROUVE PAS

{proves}

Personne n’est nommé dans cette version : des fonctions tiennent lieu de noms.
"""
_WIDE: Final = 96


def readme_text(facts: VersionFacts, files: dict[str, str]) -> str:
    """The whole text; `files` says of each file what it is."""
    width = max(len(each) for each in files)
    return _TEXT.format(
        name=facts.name,
        status=facts.status,
        employer=facts.employer,
        sealed=f"{facts.sealed_on:%d/%m/%Y}",
        kept=f"{facts.kept_until:%d/%m/%Y}",
        files="\n".join(f"  {name.ljust(width)}  {what}" for name, what in files.items()),
        sums=SUMS,
        manifest=MANIFEST,
        proves=_folded(PROVES),
    )


def _folded(text: str) -> str:
    import textwrap

    return textwrap.fill(text, _WIDE)
