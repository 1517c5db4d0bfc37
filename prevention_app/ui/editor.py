"""What every editor of a field has in common."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from prevention_app.catalogue.description import Field, Value
from prevention_app.ui import style


class Editor(QWidget):
    """What edits one field: shows a value, gives one back, says when it changes."""

    changed = Signal()
    """The person changed something."""
    left = Signal()
    """The focus left it: the value may be looked at."""
    wide = True
    """Whether it takes the whole width of a form; short ones stand two by two."""

    def __init__(self, field: Field, inner: QWidget) -> None:
        """Wrap the widget that has the focus."""
        super().__init__()
        self.field = field
        self.inner = inner
        self.setFocusProxy(inner)
        inner.setAccessibleName(field.label_fr)
        inner.setAccessibleDescription(field.help)
        inner.installEventFilter(self)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        self.row.addWidget(inner, 1)

    def value(self) -> Value:
        """The value that stands in it; raises Unreadable, with a sentence, for what is none."""
        raise NotImplementedError

    def show_value(self, value: Value, text: str = "") -> None:
        """Show a value; `text` is how a reference is called. Says nothing to listeners."""
        raise NotImplementedError

    def lock(self, text: str) -> None:
        """Show a text that cannot be edited."""
        self.show_value(None)
        self.inner.setEnabled(False)
        placeholder: Any = getattr(self.inner, "setPlaceholderText", None)
        if placeholder is not None:
            placeholder(text)

    def freeze(self, frozen: bool) -> None:
        """Let the value be read and copied, not edited; or let it be edited again."""
        read_only: Any = getattr(self.inner, "setReadOnly", None)
        if read_only is not None:
            read_only(frozen)
        else:
            self.inner.setEnabled(not frozen)

    def mark_problem(self, wrong: bool) -> None:
        """Draw the red border, or take it away."""
        style.mark(self.inner, "problem", "true" if wrong else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the focus leaves; a wheel scrolls the form, never a value by accident."""
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
