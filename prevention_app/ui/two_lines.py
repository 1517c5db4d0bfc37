"""A text broken into two lines, the second one cut where there is no room for all of it."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout, QTextOption

from prevention_app.ui import fonts, theme


def two_lines(text: str, size: str, width: int) -> tuple[str, ...]:
    """The one or two lines of a text in a named size of the tokens, in so many pixels."""
    return _lines(text, size, width, theme.percent())


@lru_cache(maxsize=4096)
def _lines(text: str, size: str, width: int, percent: int) -> tuple[str, ...]:  # noqa: ARG001
    metrics = fonts.metrics(size, figures=True)
    if metrics.horizontalAdvance(text) <= width:
        return (text,)
    layout = QTextLayout(text, fonts.font(size, figures=True))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(max(width, 1))
    first = line.textLength()
    layout.endLayout()
    rest = metrics.elidedText(text[first:].strip(), Qt.TextElideMode.ElideRight, width)
    return (text[:first].rstrip(), rest)
