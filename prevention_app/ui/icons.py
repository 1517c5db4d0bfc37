"""The one family of icons, recoloured from the theme."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from prevention_app import paths
from prevention_app.ui import theme

_STROKE = '"1.75"'


@cache
def _drawing(name: str) -> str:
    text = paths.resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', f"stroke-width={_STROKE}")


@cache
def pixmap(name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """The icon in a colour (#RRGGBB), sharp at this device pixel ratio."""
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, colour: str = "text_secondary", size: int = 16) -> QIcon:
    """The icon in a named colour of the theme in force, paler where it is disabled."""
    made = QIcon()
    for ratio in (1.0, 2.0, 3.0):
        made.addPixmap(pixmap(name, theme.current()[colour], size, ratio))
        made.addPixmap(
            pixmap(name, theme.current()["text_tertiary"], size, ratio), QIcon.Mode.Disabled
        )
    return made
