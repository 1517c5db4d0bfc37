"""The look of every widget: one stylesheet and one palette, made from the tokens."""

from __future__ import annotations

import re
from string import Template
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget

from prevention_app import paths
from prevention_app.ui import fonts, theme

_HEIGHT: Final = "height_of_tokens"
_TYPE: Final = re.compile(r"font-size: (\d+)px")
_ROOM: Final = re.compile(r"min-height: (\d+)px")
_CONTROL: Final = 32
_LOWEST: Final = 20
"""Pixels from which a height is one that holds a text."""


def apply(application: QApplication) -> None:
    """Dress the application in the theme in force."""
    application.setStyle("Fusion")
    application.setFont(fonts.font())
    application.setPalette(_palette())
    application.setStyleSheet(stylesheet())
    for widget in application.allWidgets():
        name = widget.property(_HEIGHT)
        if name:
            _set_height(widget, str(name))


def fix_height(widget: QWidget, name: str) -> None:
    """Give a widget a height of the tokens, or the rows of a heading, that follows text size."""
    widget.setProperty(_HEIGHT, name)
    _set_height(widget, name)


def _set_height(widget: QWidget, name: str) -> None:
    if isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Vertical:
        widget.setDefaultSectionSize(theme.height(name))
    else:
        widget.setFixedHeight(theme.height(name))


def mark(widget: QWidget, name: str, value: str) -> None:
    """Set a variant that the stylesheet knows (`look`, `problem`), and show it at once."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    # What was never shown is dressed when it is: doing it now would be done again then.
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def stylesheet() -> str:
    """The stylesheet in the colours of the theme in force."""
    current = theme.current()
    written = paths.resource("style/window.qss").read_text(encoding="utf-8")
    names = dict(current.colours)
    for state, colours in current.states.items():
        names |= {
            f"{state}_text": colours.text,
            f"{state}_fill": colours.fill,
            f"{state}_line": colours.line,
        }
    names["icons"] = paths.resource("style").as_posix() + f"/{current.name}"
    return _at_text_size(Template(written).substitute(names))


def _at_text_size(sheet: str) -> str:
    """Types follow the text size; controls all grow by as much, so that none moves on focus."""
    more = theme.scaled(_CONTROL) - _CONTROL
    sheet = _TYPE.sub(lambda found: f"font-size: {theme.scaled(int(found[1]))}px", sheet)
    return _ROOM.sub(
        lambda found: f"min-height: {int(found[1]) + (more if int(found[1]) >= _LOWEST else 0)}px",
        sheet,
    )


_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "surface_sunken",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "text_tertiary",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.Accent: "accent",
}


def _palette() -> QPalette:
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(theme.current()[name]))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        colour = QColor(theme.current()["text_tertiary"])
        palette.setColor(QPalette.ColorGroup.Disabled, role, colour)
    return palette
