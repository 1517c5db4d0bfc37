"""The one family of icons, drawn in the colours of the theme in force whenever they are painted."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

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


def icon(name: str, colour: str = "text_secondary") -> QIcon:
    """The icon in a named colour of the theme (« accent », « bad »…), paler where disabled."""
    return QIcon(_Engine(name, colour))


class _Engine(QIconEngine):
    """Asks for the colour when it paints, so that a change of theme needs nothing made anew."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def clone(self) -> QIconEngine:
        """Another one alike, as Qt wants when an icon is copied to be changed."""
        return _Engine(self._name, self._colour)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        """Paint it in the middle of a rectangle."""
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatioF()
        drawn = pixmap(self._name, self._ink(mode), side, ratio)
        left = rect.left() + (rect.width() - side) // 2
        painter.drawPixmap(left, rect.top() + (rect.height() - side) // 2, drawn)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:  # noqa: ARG002
        """At a size in device pixels."""
        return pixmap(self._name, self._ink(mode), min(size.width(), size.height()))

    def scaledPixmap(
        self,
        size: QSize,
        mode: QIcon.Mode,
        state: QIcon.State,  # noqa: ARG002
        scale: float,
    ) -> QPixmap:
        """At a size in pixels of the window, sharp on a screen of this ratio."""
        return pixmap(self._name, self._ink(mode), min(size.width(), size.height()), scale)

    def _ink(self, mode: QIcon.Mode) -> str:
        return ink("text_tertiary" if mode is QIcon.Mode.Disabled else self._colour)


def ink(colour: str) -> str:
    """A named colour of the theme in force, or the text colour of a state, as #RRGGBB."""
    current = theme.current()
    return current.states[colour].text if colour in current.states else current[colour]


class IconLabel(QWidget):
    """An icon that stands by itself; said by what is beside it, so without a name of its own."""

    def __init__(self, name: str, colour: str = "text_secondary", size: int = 16) -> None:
        """Show an icon in a named colour of the theme or of a state."""
        super().__init__()
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_icon(name, colour)

    def show_icon(self, name: str, colour: str = "text_secondary") -> None:
        """Show another icon."""
        self._name, self._colour = name, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint it in the colours of now."""
        painter = QPainter(self)
        drawn = pixmap(self._name, ink(self._colour), self.width(), self.devicePixelRatioF())
        painter.drawPixmap(0, 0, drawn)
