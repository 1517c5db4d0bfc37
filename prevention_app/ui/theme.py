"""The colours and measures of the window, read from the tokens that come with the program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from prevention_app import paths

LIGHT: Final = "light"
DARK: Final = "dark"


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
class Theme:
    """The colours of one theme, by the names of the tokens."""

    name: str
    colours: dict[str, str]
    states: dict[str, StateColours]

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
    )


class _Current:
    """The theme in force in this process."""

    theme = LIGHT


def current() -> Theme:
    """The theme in force."""
    return theme(_Current.theme)


def use(name: str) -> None:
    """Put a theme in force; what is already painted follows when it is painted again."""
    _Current.theme = name


def height(name: str) -> int:
    """A height of the tokens."""
    return int(tokens()["height"][name])


def width(name: str) -> int:
    """A width of the tokens."""
    return int(tokens()["width"][name])
