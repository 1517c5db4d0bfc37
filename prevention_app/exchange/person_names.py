"""Names of people as files write them: capitals, civility, last and first name in one cell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prevention_app.catalogue.values import fold

_CIVILITY = re.compile(
    r"(?:(?P<man>m(?:r|rs)?\.?|monsieur)|(?P<woman>mme\.?|mmes\.?|madame|mlle\.?|melle\.?|mademoiselle|ms\.?))\s+",
    re.IGNORECASE,
)
_SEX = {
    "h": "H", "homme": "H", "m": "H", "mr": "H", "masculin": "H", "masc": "H", "monsieur": "H",
    "1": "H", "male": "H", "man": "H", "g": "H", "hommes": "H",
    "f": "F", "femme": "F", "mme": "F", "feminin": "F", "fem": "F", "madame": "F", "mlle": "F",
    "melle": "F", "mademoiselle": "F", "2": "F", "female": "F", "woman": "F", "w": "F", "ms": "F",
    "feminine": "F", "femmes": "F",
}  # fmt: skip
"""H and F as the catalogue has them; 1 and 2 as the civil register numbers them."""

_PARTICLES = frozenset({"de", "du", "des"})
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class FullName:
    """A name taken apart; `sex` where the civility tells it."""

    last_name: str
    first_name: str = ""
    sex: str = ""


def sex_code(said: str) -> str | None:
    """F or H for what a column of sexes, genders or civilities says; None for anything else."""
    return _SEX.get(" ".join(fold(said).split()).rstrip("."))


def proper_name(written: str) -> str:
    """A name in capitals as one writes it: « ÉTIENNE » is Étienne, « DE LA BROSSE » de La Brosse.

    A name that is not all in capitals, or all in small letters, is left as it is.
    """
    name = " ".join(written.split())
    if not (name.isupper() or name.islower()) or len(name) < 2:
        return name
    words = name.split(" ")
    last = len(words) - 1
    return " ".join(
        word.lower() if word.lower() in _PARTICLES and place < last else _capitalised(word)
        for place, word in enumerate(words)
    )


def _capitalised(word: str) -> str:
    if len(word) > 2 and word[:2].lower() in {"d'", "d’"}:
        return word[:2].lower() + _capitalised(word[2:])
    return _WORD.sub(lambda part: part[0].capitalize(), word)


def taken_apart(written: str, *, first_name_first: bool = False) -> FullName:
    """Last and first name of a name in one cell: « Mme DUPONT Marie », « Durand, Paul ».

    Words in capitals are the last name, wherever they stand; else a comma, else the order that
    `first_name_first` tells, one word being the first name.
    """
    name = " ".join(written.split())
    civility = _CIVILITY.match(name)
    sex = ("H" if civility["man"] else "F") if civility else ""
    name = name[civility.end() :] if civility else name
    last, first = _parts(name, first_name_first=first_name_first)
    return FullName(proper_name(last), proper_name(first), sex)


def _parts(name: str, *, first_name_first: bool) -> tuple[str, str]:
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    words = name.split(" ")
    loud = [word for word in words if _is_loud(word)]
    quiet = [word for word in words if not _is_loud(word)]
    if loud and quiet and _stand_together(words, loud):
        return _with_particles(words, loud, quiet)
    if len(words) == 1:
        return name, ""
    if first_name_first:
        return " ".join(words[1:]), words[0]
    return " ".join(words[:-1]), words[-1]


def _is_loud(word: str) -> bool:
    return word.isupper() and (len(word) > 1 and not re.fullmatch(r"\w\.", word))


def _stand_together(words: list[str], loud: list[str]) -> bool:
    places = [place for place, word in enumerate(words) if word in loud]
    return places == list(range(places[0], places[-1] + 1))


def _with_particles(words: list[str], loud: list[str], quiet: list[str]) -> tuple[str, str]:
    """« de LA BROSSE Paul »: a small particle before the capitals belongs to them."""
    first_loud = words.index(loud[0])
    particles: list[str] = []
    while first_loud - len(particles) > 0 and _is_particle(words[first_loud - len(particles) - 1]):
        particles.insert(0, words[first_loud - len(particles) - 1])
    rest = list(quiet)
    for particle in particles:
        rest.remove(particle)
    return " ".join([*particles, proper_name(" ".join(loud))]), " ".join(rest)


def _is_particle(word: str) -> bool:
    return word in _PARTICLES or word in {"la", "le", "d'", "d’"}


def looks_like_full_name(written: str) -> bool:
    """Whether a text may hold a last and a first name: two words or more, none a figure."""
    words = written.replace(",", " ").split()
    return 2 <= len(words) <= 6 and not any(char.isdigit() for char in written)
