"""Field → widget: the only place where editors are made; values in, values out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import (
    QCalendarWidget,
    QColorDialog,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QWidgetAction,
)

from prevention_app.catalogue.description import Field, Kind, Value
from prevention_app.catalogue.values import Unreadable, parse, shown
from prevention_app.ui import fonts, icons, words
from prevention_app.ui.editor import Editor
from prevention_app.ui.reference_editor import ReferenceEditor
from prevention_app.ui.session import Session

_MOST_LINES: Final = 8


class TextEditor(Editor):
    """One line of text."""

    def __init__(self, field: Field) -> None:
        """An empty line."""
        self.line = QLineEdit()
        super().__init__(field, self.line)
        self.line.textEdited.connect(self.changed)

    def value(self) -> Value:
        """The text, without the spaces around it."""
        return self.line.text().strip() or None

    def show_value(self, value: Value, text: str = "") -> None:  # noqa: ARG002
        """Show a text, from its beginning."""
        self.line.setText("" if value is None else str(value))
        self.line.setCursorPosition(0)


class LongTextEditor(Editor):
    """Several lines of text; Tab goes to the next field."""

    def __init__(self, field: Field) -> None:
        """An empty text."""
        self.area = QPlainTextEdit()
        self.area.setTabChangesFocus(True)
        super().__init__(field, self.area)
        self._quiet = False
        self.area.textChanged.connect(self._on_changed)
        self.area.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def value(self) -> Value:
        """The text, without the blank lines around it."""
        return self.area.toPlainText().strip() or None

    def show_value(self, value: Value, text: str = "") -> None:  # noqa: ARG002
        """Show a text."""
        self._quiet = True
        self.area.setPlainText("" if value is None else str(value))
        self._quiet = False

    def _grow(self) -> None:
        """As high as its text, between two and eight lines."""
        lines = min(max(int(self.area.document().size().height()), 2), _MOST_LINES)
        self.area.setFixedHeight(lines * self.area.fontMetrics().lineSpacing() + 20)

    def _on_changed(self) -> None:
        if not self._quiet:
            self.changed.emit()


class TypedEditor(TextEditor):
    """A number, an amount, a moment: typed as text, read as a value."""

    wide = False

    def __init__(self, field: Field) -> None:
        """Digits stand aligned."""
        super().__init__(field)
        self.line.setFont(fonts.font(figures=True))
        self.line.setPlaceholderText(_EXPECTED.get(field.kind, ""))

    def value(self) -> Value:
        """The value that the text stands for."""
        return parse(self.field, self.line.text())

    def show_value(self, value: Value, text: str = "") -> None:  # noqa: ARG002
        """Show a value as people write it."""
        self.line.setText(shown(self.field, value))


_EXPECTED: Final = {Kind.DATETIME: "jj/mm/aaaa hh:mm", Kind.COLOUR: "#RRVVBB"}


class DateEditor(TypedEditor):
    """A date that may be empty: typed in any usual form, or taken from the calendar."""

    def __init__(self, field: Field) -> None:
        """With a calendar at the right (Alt ↓)."""
        super().__init__(field)
        self.line.setPlaceholderText("jj/mm/aaaa")
        open_calendar = QAction(icons.icon("calendar-days"), "Ouvrir le calendrier", self.line)
        open_calendar.triggered.connect(self.open_calendar)
        self.line.addAction(open_calendar, QLineEdit.ActionPosition.TrailingPosition)
        self.left.connect(self._write_out)

    def value(self) -> Value:
        """The day: 09/11/2026, 9/11, 9 nov, hier."""
        text = self.line.text().strip()
        try:
            day = words.typed_day(text, date.today()) if text else None  # noqa: DTZ011
        except ValueError as error:
            raise Unreadable(str(error)) from None
        return day or parse(self.field, text)

    def open_calendar(self) -> None:
        """Choose the day with the mouse or the arrows."""
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setLocale(QLocale(QLocale.Language.French, QLocale.Country.France))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setAccessibleName(f"Calendrier : {self.field.label_fr}")
        held = self._day()
        if held is not None:
            calendar.setSelectedDate(QDate(held.year, held.month, held.day))
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        calendar.activated.connect(self._take)
        calendar.clicked.connect(self._take)
        calendar.activated.connect(menu.close)
        calendar.clicked.connect(menu.close)
        menu.popup(self.line.mapToGlobal(self.line.rect().bottomLeft()))
        calendar.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt ↓ opens the calendar."""
        if event.type() == QEvent.Type.KeyPress:
            key: Any = event
            alt = key.modifiers() & Qt.KeyboardModifier.AltModifier
            if key.key() == Qt.Key.Key_Down and alt:
                self.open_calendar()
                return True
        return super().eventFilter(watched, event)

    def _take(self, day: QDate) -> None:
        self.line.setText(f"{day.day():02}/{day.month():02}/{day.year():04}")
        self.changed.emit()

    def _day(self) -> date | None:
        try:
            held = self.value()
        except Unreadable:
            return None
        return held if isinstance(held, date) and not isinstance(held, datetime) else None

    def _write_out(self) -> None:
        """Show what was understood of « hier » or « 9 nov »."""
        held = self._day()
        if held is not None and not self.line.isReadOnly():
            self.line.setText(shown(self.field, held))


class ChoiceEditor(Editor):
    """One of a closed list, or nothing where the field may be empty."""

    wide = False

    def __init__(self, field: Field) -> None:
        """The words of the list in its order."""
        self.box = QComboBox()
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        super().__init__(field, self.box)
        self.box.addItem("", None)
        for code, text in self.choices():
            self.box.addItem(text, code)
        self.box.activated.connect(self.changed)

    def choices(self) -> list[tuple[Value, str]]:
        """The values with their words."""
        return [(option.code, option.label_fr) for option in self.field.options]

    def value(self) -> Value:
        """The code chosen."""
        chosen: Value = self.box.currentData()
        return chosen

    def show_value(self, value: Value, text: str = "") -> None:
        """Show a choice; one that the list no longer has is shown by its code."""
        at = next((at for at in range(self.box.count()) if self.box.itemData(at) == value), -1)
        if at < 0:
            self.box.addItem(text or str(value), value)
            at = self.box.count() - 1
        self.box.setCurrentIndex(at)

    def lock(self, text: str) -> None:
        """Show the text in the place of a choice."""
        super().lock(text)
        self.box.setCurrentIndex(-1)


class YesNoEditor(ChoiceEditor):
    """Yes, no, or not known."""

    def choices(self) -> list[tuple[Value, str]]:
        """Both answers; the empty line means that it is not known."""
        return [(True, "Oui"), (False, "Non")]


class ColourEditor(TypedEditor):
    """A colour, by its code or from the palette."""

    def __init__(self, field: Field) -> None:
        """With a button that opens the palette."""
        super().__init__(field)
        self._button = QToolButton()
        self._button.setIcon(icons.icon("palette"))
        self._button.setAccessibleName(f"Choisir : {field.label_fr}")
        self._button.setToolTip("Choisir une couleur")
        self._button.clicked.connect(self._choose)
        self.row.addWidget(self._button)

    def freeze(self, frozen: bool) -> None:
        """No palette for a colour that cannot be changed."""
        super().freeze(frozen)
        self._button.setEnabled(not frozen)

    def _choose(self) -> None:
        dialog = QColorDialog(QColor(self.line.text() or "#FFFFFF"), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._take)
        dialog.open()

    def _take(self, colour: QColor) -> None:
        self.line.setText(colour.name().upper())
        self.changed.emit()


class AttachmentEditor(Editor):
    """The name of the file that is attached; files are not changed here yet."""

    def __init__(self, field: Field) -> None:
        """A line that shows a name."""
        self.line = QLineEdit()
        self.line.setReadOnly(True)
        super().__init__(field, self.line)
        self._held: Value = None

    def value(self) -> Value:
        """The file as it was."""
        return self._held

    def show_value(self, value: Value, text: str = "") -> None:
        """Show the file's name."""
        self._held = value
        self.line.setText(text or str(value or ""))

    def freeze(self, frozen: bool) -> None:
        """It is always read only."""


def editor_for(field: Field, session: Session) -> Editor:
    """The editor of a field, by its kind."""
    makers: dict[Kind, Callable[[Field], Editor]] = {
        Kind.TEXT: TextEditor,
        Kind.LONG_TEXT: LongTextEditor,
        Kind.INTEGER: TypedEditor,
        Kind.DECIMAL: TypedEditor,
        Kind.MONEY: TypedEditor,
        Kind.DATE: DateEditor,
        Kind.DATETIME: TypedEditor,
        Kind.YES_NO: YesNoEditor,
        Kind.CHOICE: ChoiceEditor,
        Kind.COLOUR: ColourEditor,
        Kind.ATTACHMENT: AttachmentEditor,
    }
    maker = makers.get(field.kind)
    made = ReferenceEditor(field, session) if maker is None else maker(field)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made
