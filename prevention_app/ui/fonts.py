"""The one typeface of the window, and its sizes."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from prevention_app import paths
from prevention_app.ui import theme


def load() -> None:
    """Make the shipped typeface known to Qt; where a file is missing, the fallbacks are used."""
    for file in sorted(paths.resource("fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))


@cache
def font(name: str = "body", *, figures: bool = False, struck: bool = False) -> QFont:
    """The font of a named size of the tokens; `figures` aligns digits in columns."""
    size, weight = theme.tokens()["type"][name]
    families = [theme.tokens()["font"]["family"], *theme.tokens()["font"]["fallback"]]
    made = QFont(families)
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight))
    made.setStrikeOut(struck)
    if figures:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made
