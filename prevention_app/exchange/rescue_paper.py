"""The department's key on paper: groups of characters, each with its own check.

Thirteen groups hold the key, four characters and a check character each; a fourteenth holds a
checksum of the whole. A check character depends on the place of its group: a wrong character, two
that changed places and two groups that changed places are found, and told where.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Final

from prevention_app.errors import Refused, UnreadableFile
from prevention_app.exchange import crockford
from prevention_app.exchange.safe_file import refuse_locked, replacing

KEY_BYTES: Final = 32
_DATA: Final = 4
_GROUP: Final = _DATA + 1
_GROUPS: Final = 14
_A_ROW: Final = 4
_ROW: Final = re.compile(r"^\s*Ligne \d\s*:(.*)$", re.MULTILINE)


def groups_of(secret: bytes) -> list[str]:
    """The groups that hold a key."""
    text = crockford.encode(secret) + _checksum(secret)
    parts = [text[at : at + _DATA] for at in range(0, len(text), _DATA)]
    return [part + _check_character(at, part) for at, part in enumerate(parts)]


def secret_of(typed: str) -> bytes:
    """The key that a person typed, or that a printed page holds.

    Raises Refused, naming the groups to look at again.
    """
    rows: list[str] = _ROW.findall(typed)
    groups = _typed_groups("".join(rows) if rows else typed)
    wrong = [
        f"groupe {at + 1} (« {group} »)" for at, group in enumerate(groups) if not _fits(at, group)
    ]
    if wrong:
        raise Refused(f"Clé de secours mal recopiée. À relire : {', '.join(wrong)}.")
    if len(groups) != _GROUPS:
        raise Refused(
            f"La clé de secours a {_GROUPS} groupes de {_GROUP} signes ; "
            f"{len(groups)} ont été donnés."
        )
    text = "".join(group[:_DATA] for group in groups)
    try:
        secret = crockford.decode(text[:-_DATA], KEY_BYTES)
    except ValueError:
        secret = b""
    if _checksum(secret) != text[-_DATA:]:
        raise Refused(
            "Cette clé de secours n’est pas entière : des groupes viennent d’une autre page."
        )
    return secret


def write_page(out: Path, department: str, secret: bytes, code: str, day: date) -> None:
    """Print the key as a text file to be put on paper; `code` names the key without giving it."""
    refuse_locked(out)
    groups = groups_of(secret)
    rows = [groups[at : at + _A_ROW] for at in range(0, len(groups), _A_ROW)]
    lines = "\n".join(f"Ligne {at + 1} : {'  '.join(row)}" for at, row in enumerate(rows))
    page = _PAGE.format(department=department, code=code, day=f"{day:%d/%m/%Y}", lines=lines)
    with replacing(out) as file:
        file.write(page.replace("\n", "\r\n").encode("utf-8-sig"))


def read_page(file: Path) -> bytes:
    """The key of a page that was kept as a file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"« {file} » ne peut pas être lu.") from error
    try:
        return secret_of(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"« {file} » n’est pas une page de clé de secours.") from error


def _typed_groups(typed: str) -> list[str]:
    """Groups as they were separated, or cut where they were typed in one go."""
    parts = re.split(r"[^0-9A-Z]+", crockford.as_typed(typed).strip())
    parts = [part for part in parts if part]
    if len(parts) == 1 and len(parts[0]) > _GROUP:
        whole = parts[0]
        return [whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP)]
    return parts


def _fits(at: int, group: str) -> bool:
    if len(group) != _GROUP or "U" in group:
        return False
    return group[_DATA] == _check_character(at, group[:_DATA])


def _check_character(at: int, part: str) -> str:
    """A weighted sum in the field of 32 elements: each weight another power of its generator."""
    total, weight = at, 2
    for value in crockford.values(part):
        total ^= _product(value, weight)
        weight = _product(weight, 2)
    return crockford.ALPHABET[total]


def _product(one: int, other: int) -> int:
    """The product of two elements of the field of 32 elements (modulo x⁵ + x² + 1)."""
    found = 0
    while other:
        if other & 1:
            found ^= one
        one <<= 1
        if one & 0b100000:
            one ^= 0b100101
        other >>= 1
    return found


def _checksum(secret: bytes) -> str:
    return crockford.encode(hashlib.sha256(secret).digest()[:3])[:_DATA]


_PAGE: Final = """CLÉ DE SECOURS DU DÉPARTEMENT {department}

Imprimée le {day}. Repère de la clé : {code}

Qui détient cette page peut nommer les administrateurs du département dans le programme
Prévention. Deux exemplaires : au coffre de la direction générale des services, et à la direction
des systèmes d’information. Détruisez ce fichier une fois la page imprimée.

{lines}

Pour s’en servir, sur un ordinateur qui contient les données du département : Réglages, Membres et
droits, Clé de secours ; ou la commande « circle rescue ». Recopiez les groupes dans l’ordre ; le
programme contrôle chaque groupe et dit lequel relire. O se lit 0 (zéro), I et L se lisent 1 (un).
"""
