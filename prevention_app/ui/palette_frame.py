"""How the palette lies over the window: a field, a list, the keys, and the page dimmed behind."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from prevention_app.ui import style, theme
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.palette_list import RowList

ASK: Final = "Rechercher une fiche, une page, une action"
STEPS: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 4,
    Qt.Key.Key_PageUp: -4,
}
"""Keys that choose another row, and how far from this one."""
_OURS: Final = (
    *STEPS,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
)
_TOP: Final = 132
_MARGIN: Final = 24
_DIM: Final = 90
"""How dark the page behind is, of 255."""
_HINTS: Final = (
    ("↑ ↓", "Choisir"),
    ("Entrée", "Ouvrir"),
    ("Tab", "Actions sur la fiche"),
)


class PaletteFrame(QWidget):
    """Covers the window; what is typed and pressed is for the palette to answer."""

    def __init__(self, window: QWidget) -> None:
        """Nothing listed; it is not to be shown with the window, but when it is opened."""
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None
        self._behind = QPixmap()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._lay_out()
        window.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _lay_out(self) -> None:
        self.setAccessibleName("Palette")
        self._panel = QFrame(self)
        self._panel.setObjectName("palette")
        column = self._column = QVBoxLayout(self._panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._make_field())
        self.list = RowList()
        self.list.selectionModel().currentChanged.connect(lambda *_: self.say_row())
        for each in (_line(), self.list, _line()):
            column.addWidget(each)
        column.addLayout(self._make_foot())

    def _make_field(self) -> QHBoxLayout:
        self.line = QLineEdit()
        self.line.setObjectName("palette_line")
        self.line.setAccessibleName(ASK)
        self.line.setPlaceholderText(ASK)
        self.line.installEventFilter(self)
        self.scope = QLabel()
        style.mark(self.scope, "look", "scope")
        row = QHBoxLayout()
        row.setContentsMargins(20, 12, 14, 12)
        row.setSpacing(8)
        row.addWidget(IconLabel("search", size=18))
        row.addWidget(self.line, 1)
        for each in (self.scope, _key("Échap")):
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(6)
        for key, label in _HINTS:
            row.addWidget(_key(key))
            row.addWidget(_quiet(label))
            row.addSpacing(8)
        row.addStretch(1)
        row.addWidget(_quiet("> actions   # numéro   @ agent   / site"))
        return row

    def open_over(self) -> None:
        """Show it over the window, the field ready for typing."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
            self._behind = self._dimmed()
        self.place()
        self.show()
        self.raise_()
        self.line.setFocus()

    def _dimmed(self) -> QPixmap:
        """The window as it is now, darker: painted once, not at each letter that is typed."""
        behind = self._window.grab()
        dim = QColor(theme.current()["scrim"])
        dim.setAlpha(_DIM)
        painter = QPainter(behind)
        painter.fillRect(self._window.rect(), dim)
        painter.end()
        return behind

    def dismiss(self) -> None:
        """Close, and go on where one was."""
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus()

    def _on_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        if self.isVisible() and now is not None and not self.isAncestorOf(now):
            self._before = None
            self.hide()

    def say_row(self) -> None:
        """A screen reader hears the row that is chosen while the field has the focus."""
        row = self.list.row()
        self.line.setAccessibleDescription(row.spoken if row is not None else "")

    def place(self) -> None:
        """In the middle under the top of the window, as high as its rows want."""
        self.setGeometry(self._window.rect())
        wide = min(theme.scaled(theme.width("palette")), self.width() - 2 * _MARGIN)
        top = min(_TOP, self.height() // 7)
        rest = self._column.sizeHint().height() - self.list.sizeHint().height()
        high = min(self.list.wanted_height(), self.height() - top - rest - 2 * _MARGIN)
        if (wide, high) != (self._panel.width(), self.list.height()):
            self.list.setFixedHeight(high)
            self._panel.setFixedWidth(wide)
            self._panel.adjustSize()
        self._panel.move((self.width() - wide) // 2, top)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page behind, dimmed; the panel throws a soft shadow on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRegion(event.region())
        painter.drawPixmap(0, 0, self._behind)
        painter.setPen(Qt.PenStyle.NoPen)
        panel = QRectF(self._panel.geometry())
        for spread in range(2, 18, 2):
            painter.setBrush(QColor(0, 0, 0, 9))
            painter.drawRoundedRect(
                panel.adjusted(-spread, 6 - spread, spread, 6 + spread), 12 + spread, 12 + spread
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the panel closes."""
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.dismiss()

    # -- keys ------------------------------------------------------------------------------

    def pressed(self, event: QKeyEvent) -> bool:
        """Answer a key that was pressed in the field; returns whether it was one of ours."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close when the window changes its size; take the keys that are not letters."""
        if watched is self._window:
            if event.type() is QEvent.Type.Resize and self.isVisible():
                self.dismiss()
            return False
        if watched is not self.line or not isinstance(event, QKeyEvent):
            return False
        if event.type() is QEvent.Type.ShortcutOverride and event.key() in _OURS:
            event.accept()
            return True
        return event.type() is QEvent.Type.KeyPress and self.pressed(event)


def _line() -> QFrame:
    made = QFrame()
    made.setObjectName("hairline")
    return made


def _key(text: str) -> QLabel:
    made = QLabel(text)
    style.mark(made, "look", "key")
    return made


def _quiet(text: str) -> QLabel:
    made = QLabel(text)
    style.mark(made, "look", "secondary")
    return made
