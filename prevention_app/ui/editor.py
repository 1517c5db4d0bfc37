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
        self._placeholder: str | None = None
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

    def value_at_hand(self) -> Value:
        """The value, where nothing has to be looked up for it; raises Unreadable otherwise."""
        return self.value()

    def typed(self) -> str:
        """The text that stands in it, whether it makes a value or not."""
        return str(self._of_inner("text") or "")

    def show_typed(self, text: str) -> None:
        """Show a text that makes no value yet, as it was typed."""
        self.show_value(None)
        self._of_inner("setText", text)

    def lock(self, text: str) -> None:
        """Show that the value is not to be had here, in the place of a value."""
        self.show_value(None)
        if self._placeholder is None:
            self._placeholder = str(self._of_inner("placeholderText"))
        self._of_inner("setPlaceholderText", text)
        self.inner.setEnabled(False)

    def unlock(self) -> None:
        """Let a value be shown again."""
        self.inner.setEnabled(True)
        if self._placeholder is not None:
            self._of_inner("setPlaceholderText", self._placeholder)
            self._placeholder = None

    def _of_inner(self, name: str, *given: Any) -> Any:
        method: Any = getattr(self.inner, name, None)
        return None if method is None else method(*given)

    def freeze(self, frozen: bool) -> None:
        """Let the value be read and copied, not edited; or let it be edited again."""
        if hasattr(self.inner, "setReadOnly"):
            self._of_inner("setReadOnly", frozen)
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
