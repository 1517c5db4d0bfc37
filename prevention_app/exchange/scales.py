"""Scales written as words or shown as colours, brought to the levels 1 (least) to 4 (worst)."""

from __future__ import annotations

import colorsys
import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from prevention_app.catalogue.values import fold

Words = Mapping[str, int]
"""Folded words of a scale, in the masculine singular, to their level."""


def _words(*levels: str) -> Words:
    return {word.strip(): rank for rank, text in enumerate(levels, 1) for word in text.split(",")}


SEVERITY = _words(
    "mineur, faible, benin, leger, negligeable, limite, tres faible, sans gravite, soins, "
    "low, minor",
    "moyen, modere, significatif, assez grave, at sans sequelle, medium, moderate",
    "grave, important, eleve, serieux, severe, fort, high, serious",
    "tres grave, critique, mortel, deces, tres eleve, tres important, catastrophique, "
    "majeur, fatal, irreversible, extreme, maximal, tres fort, tres severe",
)
FREQUENCY = _words(
    "rare, tres rare, exceptionnel, faible, annuel, quelques fois par an, 1 fois par an, "
    "improbable, tres improbable, peu probable, une fois par an, tres faible, unlikely, low, "
    "jamais",
    "occasionnel, peu frequent, mensuel, possible, ponctuel, moyen, intermittent, parfois, "
    "une fois par mois, 1 fois par mois, modere, quelques fois par mois, medium",
    "frequent, hebdomadaire, regulier, probable, souvent, eleve, une fois par semaine, "
    "1 fois par semaine, quelques fois par semaine, likely, high, important",
    "tres frequent, permanent, quotidien, continu, journalier, tres probable, constant, "
    "certain, en permanence, tous les jours, 1 fois par jour, plusieurs fois par jour, "
    "tres eleve, quasi certain, habituel, systematique",
)
CONTROL = _words(
    "tres bon, excellent, total, tres satisfaisant, optimal, maitrise, complet",
    "bon, satisfaisant, suffisant, efficace, correct, assez bon",
    "partiel, moyen, a ameliorer, perfectible, incomplet, passable, peu satisfaisant, modere",
    "insuffisant, mauvais, nul, aucun, inexistant, absent, faible, tres insuffisant, "
    "non maitrise, a revoir",
)
LEVEL = _words(
    "faible, negligeable, tolerable, acceptable, mineur, bas, limite, vert, low, tres faible",
    "modere, moyen, a surveiller, significatif, jaune, medium, a ameliorer",
    "important, eleve, fort, serieux, substantiel, orange, high, prioritaire, preoccupant",
    "critique, tres eleve, tres fort, tres important, inacceptable, intolerable, majeur, "
    "rouge, grave, extreme, tres grave, maximal, tres prioritaire",
)
LEVEL_NAMES = ("faible", "modéré", "important", "critique")
"""The four levels of a rating as the method gfm-1 names them."""

_NUMBERED = re.compile(
    r"(?:niveau|niv|note|cotation|[a-z])?\.?\s*\(?(?P<number>\d+(?:[.,]\d+)?)\)?"
    r"(?:\s*/\s*\d+)?(?:\s*[-–—:=.)]+\s*\D.*|\s*\(.*\))?"
)


def leading_number(text: str) -> float | None:
    """The figure of « 3 », « 4 - très grave », « G3 », « niveau 2 (moyen) »; None otherwise."""
    match = _NUMBERED.fullmatch(fold(text).lstrip("'"))
    return float(match["number"].replace(",", ".")) if match else None


def figure_before_word(text: str, words: Words) -> float | None:
    """The figure of « 3 Grave », when a word of the scale follows it; None otherwise."""
    match = re.fullmatch(r"\s*(\d)\s+(?!fois\b|x\b)(\D.*)", text)
    return float(match[1]) if match and level_of_words(match[2], words) is not None else None


def level_of_words(text: str, words: Words) -> int | None:
    """The level that a word means, however it is spelt, shortened or cased; None when unknown."""
    for part in (text, *re.split(r"[/(]", text)):
        level = _level_of(_plain(part), tuple(words.items()))
        if level is not None:
            return level
    return None


@lru_cache(maxsize=4096)
def _level_of(word: str, scale: tuple[tuple[str, int], ...]) -> int | None:
    if not word:
        return None
    known = {_plain(each): level for each, level in scale}
    if word in known:
        return known[word]
    if len(word) >= 3:
        starts = {level for each, level in known.items() if each.startswith(word)}
        if len(starts) == 1:
            return starts.pop()
    from rapidfuzz import fuzz, process

    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=84)
    return known[found[0]] if found else None


def _plain(text: str) -> str:
    words = re.findall(r"[a-z0-9]+", fold(text))
    return " ".join(word.rstrip("s").rstrip("e") or word for word in words)


def to_four(value: float, top: int) -> int:
    """A figure of a scale from 1 to `top` on the scale from 1 to 4, never below what it means."""
    return max(1, math.ceil(value * 4 / top))


def level_of_colour(colour: str, palette: Iterable[str] = ()) -> int | None:
    """The level of a fill colour (green, yellow, orange, red); None for any other colour.

    The other colours of the column tell whether a golden yellow stands for yellow or for orange.
    """
    hue, saturation = _hue(colour)
    if saturation < 0.08:
        return None
    if 75 <= hue <= 170:
        return 1
    if hue <= 15 or hue >= 330:
        return 4
    if hue < 38:
        return 3
    if hue > 72:
        return None
    return 3 if hue < 52 and _gold_is_orange(saturation, palette) else 2


def _gold_is_orange(saturation: float, palette: Iterable[str]) -> bool:
    hues = [hue for hue, strength in map(_hue, palette) if strength >= 0.08]
    if any(52 <= hue <= 72 for hue in hues):
        return True
    return saturation > 0.85 and not any(15 < hue < 38 for hue in hues)


@lru_cache(maxsize=512)
def _hue(colour: str) -> tuple[float, float]:
    try:
        red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    except ValueError:
        return 0.0, 0.0
    hue, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
    return hue * 360, saturation
