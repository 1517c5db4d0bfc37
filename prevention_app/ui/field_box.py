"""One field of a form: label above, editor, help, and the message that says what is wrong."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Field, Value
from prevention_app.catalogue.values import Unreadable
from prevention_app.ui import style, theme, words
from prevention_app.ui.editors import editor_for
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.session import Session


class FieldBox(QWidget):
    """The place of one field in a form."""

    def __init__(self, field: Field, session: Session, parent: QWidget) -> None:
        """An empty field without a problem."""
        super().__init__(parent)
        self.field = field
        self.editor = editor_for(field, session)
        self.editor.setObjectName(field.key)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._label = QLabel()
        column.addWidget(self._label)
        column.addWidget(self.editor)
        if field.help:
            column.addWidget(_small(field.help, "tertiary"))
        column.addWidget(self._problem_row())
        column.addStretch(1)
        self.problem = ""
        self._name()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the small word beside the label takes its colour."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._name()

    def _name(self) -> None:
        words_of_label = html.escape(self.field.label_fr)
        if not self.field.required:
            colour = theme.current()["text_tertiary"]
            words_of_label += (
                f' <span style="color:{colour}; font-size:12px; font-weight:400">facultatif</span>'
            )
        self._label.setText(words_of_label)
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setWordWrap(True)
        self._label.setBuddy(self.editor.inner)
        style.mark(self._label, "look", "label")

    def _problem_row(self) -> QWidget:
        self._message = _small("", "problem")
        self._wrong = QWidget()
        row = QHBoxLayout(self._wrong)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(IconLabel("circle-alert", "bad", 14), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._message, 1)
        self._wrong.hide()
        return self._wrong

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong under the field, or nothing any more with an empty text."""
        self.problem = words.sentence(sentence)
        self.editor.mark_problem(bool(sentence))
        self._message.setText(self.problem)
        self._wrong.setVisible(bool(sentence))
        self.editor.inner.setAccessibleDescription(self.problem or self.field.help)


def typed_in(
    boxes: Mapping[str, FieldBox], touched: Iterable[str]
) -> tuple[dict[str, Value], dict[str, str]]:
    """What stands in the fields that were touched: values, and texts that are no values yet."""
    values: dict[str, Value] = {}
    texts: dict[str, str] = {}
    for key in touched:
        editor = boxes[key].editor
        try:
            values[key] = editor.value_at_hand()
        except Unreadable:
            texts[key] = editor.typed()
    return values, texts


def _small(text: str, look: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    style.mark(label, "look", look)
    return label
