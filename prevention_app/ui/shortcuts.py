"""Keys that act only where the focus is: the one place that makes such shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def on_keys(keys: str, widget: QWidget, act: Callable[[], object], *, inside: bool = False) -> None:
    """Let keys act while a widget has the focus, or anything inside it.

    The context is set apart: given with a slot to the constructor, PySide6 6.11 leaves it out, and
    the keys act in the whole window.
    """
    made = QShortcut(QKeySequence(keys), widget)
    here, around = Qt.ShortcutContext.WidgetShortcut, Qt.ShortcutContext.WidgetWithChildrenShortcut
    made.setContext(around if inside else here)
    made.activated.connect(act)
