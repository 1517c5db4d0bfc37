"""The colours and measures of the window, read from the tokens that come with the program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from prevention_app import paths

LIGHT: Final = "light"
DARK: Final = "dark"
TEXT_SIZES: Final = (90, 100, 110, 120, 130)
"""Hundredths of the written size that one can choose."""


@cache
def tokens() -> dict[str, Any]:
    """All tokens, as written in resources/style/tokens.json; lengths are pixels at 100 %."""
    text = paths.resource("style/tokens.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


@dataclass(frozen=True, slots=True)
class StateColours:
    """Text, fill and outline of a state: good, warn, bad, info, neutral."""

    text: str
    fill: str
    line: str


@dataclass(frozen=True, slots=True)
class RatingColours:
    """Fill, ink and outline of a level's chip; `mark` for its shape and its part of a bar."""

    fill: str
    ink: str
    line: str
    mark: str


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme, by the names of the tokens."""

    name: str
    colours: dict[str, str]
    states: dict[str, StateColours]
    ratings: tuple[RatingColours, ...]
    """By the rank of the level: 0 is what is not rated."""

    def __getitem__(self, colour: str) -> str:
        return self.colours[colour]


@cache
def theme(name: str) -> Theme:
    """The light or the dark theme."""
    written = tokens()[name]
    return Theme(
        name,
        dict(written["color"]),
        {state: StateColours(**colours) for state, colours in written["state"].items()},
        tuple(RatingColours(**written["rating"][rank]) for rank in sorted(written["rating"])),
    )


class _Current:
    """What is in force in this process."""

    theme = LIGHT
    percent = 100


def current() -> Theme:
    """The theme in force."""
    return theme(_Current.theme)


def use(name: str) -> None:
    """Put a theme in force; what is already painted follows when it is painted again."""
    _Current.theme = name


def percent() -> int:
    """The size of texts in force, in hundredths of the written one."""
    return _Current.percent


def use_text_size(percent: int) -> None:
    """Put a size of texts in force, within TEXT_SIZES; rows and controls grow with it."""
    _Current.percent = min(max(percent, TEXT_SIZES[0]), TEXT_SIZES[-1])


def scaled(pixels: int) -> int:
    """A length that follows the size of texts: types, rows, controls."""
    return round(pixels * _Current.percent / 100)


def height(name: str) -> int:
    """A height of the tokens, at the size of texts in force."""
    return scaled(int(tokens()["height"][name]))


def width(name: str) -> int:
    """A width of the tokens."""
    return int(tokens()["width"][name])
