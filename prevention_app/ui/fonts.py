"""The one typeface of the window, and its sizes."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics

from prevention_app import paths
from prevention_app.ui import theme


def load() -> None:
    """Make the shipped typeface known to Qt; where a file is missing, the fallbacks are used."""
    for file in sorted(paths.resource("fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))


def font(name: str = "body", *, figures: bool = False, struck: bool = False) -> QFont:
    """The font of a named size of the tokens; `figures` aligns digits in columns."""
    return _font(name, theme.percent(), figures=figures, struck=struck)


def metrics(name: str = "body", *, figures: bool = False) -> QFontMetrics:
    """How wide and high texts are in that font."""
    return _metrics(name, theme.percent(), figures=figures)


@cache
def _font(name: str, percent: int, *, figures: bool, struck: bool) -> QFont:  # noqa: ARG001
    size, weight = theme.tokens()["type"][name]
    families = [theme.tokens()["font"]["family"], *theme.tokens()["font"]["fallback"]]
    made = QFont(families)
    made.setPixelSize(theme.scaled(size))
    made.setWeight(QFont.Weight(weight))
    made.setStrikeOut(struck)
    if figures:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def _metrics(name: str, percent: int, *, figures: bool) -> QFontMetrics:  # noqa: ARG001
    return QFontMetrics(font(name, figures=figures))
