"""What every page of the window has: a title, its buttons, its keys, what it says at the foot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from prevention_app.ui import icons, settings, style
from prevention_app.ui.shortcuts import on_keys

Keys = Sequence[tuple[str, str]]
LETTERS = "keys/letters"
"""Setting: « false » where single letters are not to act (WCAG 2.1.4)."""
_SHIFT = "Shift+"


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Deed:
    """Something one can do on a page: the menu, the palette and the context menu offer it."""

    key: str
    words: str
    """As on a button: infinitive and object, « Recoter… »."""
    keys: str
    """As Qt writes them: « Ctrl+D »; a single letter acts only while a list has the focus."""
    act: Callable[[], object]
    possible: Callable[[], bool] = _always

    @property
    def letter(self) -> bool:
        """Whether its key is one that types when a field has the focus."""
        function_key = self.keys.startswith("F") and self.keys[1:].isdigit()
        return "+" not in self.keys.removeprefix(_SHIFT) and not function_key


def listen(deeds: Iterable[Deed], widget: QWidget) -> None:
    """Let a list do these deeds by their letters while it has the focus."""
    for deed in deeds:
        if deed.letter and deed.keys:
            on_keys(deed.keys, widget, lambda deed=deed: _do(deed))


def _do(deed: Deed) -> None:
    heard = settings.remembered_flag(LETTERS, True) or len(deed.keys.removeprefix(_SHIFT)) != 1
    if heard and deed.possible():
        deed.act()


class Page(QWidget):
    """One page: the window shows its title and buttons in the bar above it."""

    told = Signal(str)
    """What is shown and selected, for the status bar."""
    open_asked = Signal(str, str)
    """A record is to be shown on the page of its register: register, id."""
    new_asked = Signal(str)
    """A new record of this register is to be written."""
    import_asked = Signal(str)
    """A file of this kind is to be brought in."""
    export_asked = Signal(str)
    """This register is to be written to a file."""
    page_asked = Signal(str)
    """Another page is to be shown."""
    register = ""
    """The register whose records it lists, where it is made for one."""
    title = ""
    crumb = ""
    tag = ""

    def __init__(self) -> None:
        """A page on the ground of pages."""
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: list[QWidget] = []
        self.status = ""

    def tell(self, text: str) -> None:
        """Say at the foot of the window what is shown."""
        self.status = text
        self.told.emit(text)

    def keys(self) -> Keys:
        """The keys that matter here, for the status bar."""
        return ()

    def deeds(self) -> Sequence[Deed]:
        """What one can do here, for the menu and the palette; their shortcuts with Ctrl act."""
        return ()

    def panes(self) -> Sequence[QWidget]:
        """What F6 walks through, each taking the focus where work goes on in it."""
        return ()

    @property
    def stale(self) -> bool:
        """Whether what it shows is declared otherwise by now: it is then made anew."""
        return False

    def refresh(self, registers: set[str] | None) -> None:
        """Read again what was written in these registers, or in any."""

    def focus_main(self) -> None:
        """Put the focus where work goes on."""

    def focus_filter(self) -> None:
        """Put the focus into the line that filters the list, where there is one."""

    def keep_drafts(self) -> None:
        """Write what was typed before the page is left or closed."""


def button(text: str, icon: str = "", look: str = "") -> QPushButton:
    """A button of a page, with its icon before its words."""
    made = QPushButton(f"\u00a0{text}" if icon else text)
    if icon:
        made.setIcon(icons.icon(icon, "on_accent" if look == "primary" else "text_secondary"))
    if look:
        style.mark(made, "look", look)
    made.setAccessibleName(text)
    return made


class EmptyState(QLabel):
    """What stands in the place of an empty table: a sentence and the first thing to do.

    A label for screen readers: a bare widget would have no role to be said.
    """

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = QLabel()
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setWordWrap(True)
        style.mark(self._title, "look", "section")
        self._hint = QLabel()
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        style.mark(self._hint, "look", "secondary")
        self._offers = QWidget()
        self._row = QHBoxLayout(self._offers)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addSpacing(6)
        column.addWidget(self._offers)
        column.addStretch(3)

    def show_text(self, title: str, hint: str = "") -> None:
        """Say why there is nothing."""
        self._offers.show()
        self.setAccessibleName(title)
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def show_waiting(self, title: str) -> None:
        """Say that it is being read: there is nothing to do meanwhile."""
        self.show_text(title)
        self._offers.hide()

    def add_button(self, made: QPushButton) -> None:
        """Offer something to do."""
        self._row.insertWidget(self._row.count() - 1, made)
