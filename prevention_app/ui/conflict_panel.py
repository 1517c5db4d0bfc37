"""One place where values disagree: the record around it, the values side by side, the choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.description import Field, Kind, Value
from prevention_app.catalogue.values import Unreadable
from prevention_app.services.conflicts import Conflict, Offered
from prevention_app.ui import layouts, style, words
from prevention_app.ui.editor import Editor
from prevention_app.ui.editors import editor_for
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.page import button
from prevention_app.ui.places import icon_of
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys
from prevention_app.ui.value_card import ValueCard

_SIDE_BY_SIDE: Final = 460
_LOW: Final = 460
"""In a panel of less height, the values and another one are to be seen without scrolling."""
_GAP, _GAP_LOW = 10, 6
"""Pixels from which two cards stand beside each other."""
_LONGEST: Final = 32
_MOST_CARDS: Final = 8


class ConflictPanel(QWidget):
    """Shows one conflict; says what was chosen, and writes nothing itself."""

    confirmed = Signal()
    """The choice is to be written."""
    later = Signal()
    open_asked = Signal(str, str)
    all_asked = Signal(str)
    """This choice for all that are alike: `newest`, or a station's id."""

    def __init__(self, session: Session) -> None:
        """Nothing to settle yet."""
        super().__init__()
        self._session = session
        self.conflict: Conflict | None = None
        self.cards: list[ValueCard] = []
        self.third: Editor | None = None
        self._typed = False
        self._alike = 0
        self.setObjectName("form_pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_middle(), 1)
        column.addWidget(self._make_foot())

    # -- what it is made of ----------------------------------------------------------------

    def _make_middle(self) -> QScrollArea:
        content = QWidget()
        content.setObjectName("form_content")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(content)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(_GAP)
        self._content = column
        column.addLayout(self._make_head())
        self._title = _wrapped("pane_title")
        column.addWidget(self._title)
        self._before = _wrapped("crumb")
        column.addWidget(_sunken(self._before))
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        column.addLayout(self._grid)
        self._third_frame = QFrame()
        self._third_frame.setObjectName("card")
        third = QVBoxLayout(self._third_frame)
        third.setContentsMargins(16, 8, 16, 8)
        third.setSpacing(4)
        self._third_row = QHBoxLayout()
        self._third_row.setSpacing(10)
        self._problem = _wrapped("problem")
        third.addLayout(self._third_row)
        third.addWidget(self._problem)
        column.addWidget(self._third_frame)
        column.addWidget(self._make_alike())
        self._reason_label = _wrapped("label")
        self._reason_label.setText("Pourquoi ce choix\u202f? (facultatif, gardé dans l’historique)")
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Pourquoi ce choix")
        self._reason_label.setBuddy(self.reason)
        self.reason.returnPressed.connect(self.confirm)
        column.addWidget(self._reason_label)
        column.addWidget(self.reason)
        self._around_head = _wrapped("strong")
        self._around_head.setText("Le reste de la fiche")
        self._around = QVBoxLayout()
        self._around.setSpacing(4)
        column.addWidget(self._around_head)
        column.addLayout(self._around)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        return self._scroll

    def _make_head(self) -> QHBoxLayout:
        self._icon = IconLabel("git-merge")
        self._crumb = ElidingLabel()
        style.mark(self._crumb, "look", "crumb")
        self.open_button = button("Ouvrir la fiche", "eye")
        style.mark(self.open_button, "look", "link")
        self.open_button.setToolTip("Ouvrir la fiche (O)")
        self.open_button.clicked.connect(self.open_record)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._crumb, 1)
        row.addWidget(self.open_button)
        return row

    def _make_alike(self) -> QFrame:
        self._alike_frame = QFrame()
        self._alike_frame.setObjectName("banner_info")
        self._alike_said = _wrapped("info_title")
        self.all_button = QPushButton("Tout garder de…")
        self.all_button.setMenu(QMenu(self.all_button))
        row = QHBoxLayout(self._alike_frame)
        row.setContentsMargins(12, 9, 10, 9)
        row.addWidget(self._alike_said, 1)
        row.addWidget(self.all_button)
        return self._alike_frame

    def _make_foot(self) -> QWidget:
        self._foot = QWidget()
        self._foot.setObjectName("footer")
        self._foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.later_button = button("Plus tard")
        self.later_button.clicked.connect(self.later)
        self.also = QCheckBox()
        self.keep_button = button("Garder", "check", "primary")
        self.keep_button.clicked.connect(self.confirm)
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(20, 9, 20, 9)
        row.setSpacing(10)
        row.addWidget(self.later_button)
        row.addStretch(1)
        row.addWidget(self.also)
        row.addWidget(self.keep_button)
        return self._foot

    # -- showing ---------------------------------------------------------------------------

    def show_conflict(self, found: Conflict, alike: int) -> None:
        """Show one; `alike` is how many others there are of the same field.

        What was chosen or typed stays where it is still the same that is shown.
        """
        held, self.conflict = self.conflict, found
        self._alike = alike
        if held is not None and (held.place, held.heads) == (found.place, found.heads):
            self._show_alike(found)
            return
        entity = self._session.store.catalogue[found.register]
        self._icon.show_icon(icon_of(found.register), "text_secondary")
        place = (entity.item_fr or entity.label_fr, found.reference, found.where)
        self._crumb.setText(" · ".join(filter(None, place)))
        self._crumb.setToolTip(self._crumb.accessibleName())
        named = (
            found.reference if found.place.field in entity.title else f"«\u00a0{found.name}\u00a0»"
        )
        self._title.setText(words.sentence(f"{found.label}\u202f: {named}"))
        self._show_before(found)
        self._show_cards(found)
        self._show_third(entity.by_key.get(found.place.field))
        self._show_alike(found)
        self._show_around(found.nearby)
        self.reason.clear()
        writable = found.department in {*self._session.departments, "3D"}
        for each in (*self.cards, self._third_frame, self.reason, self.all_button, self.also):
            each.setEnabled(writable)
        self._show_choice()
        self._scroll.verticalScrollBar().setValue(0)

    def _show_before(self, found: Conflict) -> None:
        if found.settled_on is not None:
            today = self._session.store.today()
            said = f"Réglée par {found.settled_by or 'quelqu’un'}, "
            said += (
                f"{words.moment_text(found.settled_on, today)}. Un autre choix la règle à nouveau."
            )
        elif found.kind == "deletion":
            said = "La fiche a été supprimée sur un ordinateur et modifiée sur un autre."
        else:
            said = f"Valeur commune avant\u202f: {found.before or '(vide)'}"
        self._before.setText(words.sentence(said))

    def _show_cards(self, found: Conflict) -> None:
        layouts.empty(self._grid)
        today = self._session.store.today()
        texts = [each.text for each in found.values]
        self.cards = []
        for each in found.values[:_MOST_CARDS]:
            other = texts[1 if each.n == 1 else 0] if len(texts) == 2 else ""
            card = ValueCard(each, other, today, settled=found.settled)
            card.clicked.connect(self._on_card)
            on_keys("Return", card, self.confirm)
            self.cards.append(card)
        self._place_cards()

    def _place_cards(self) -> None:
        wide = 2 if self.width() >= _SIDE_BY_SIDE else 1
        for at, card in enumerate(self.cards):
            self._grid.addWidget(card, at // wide, at % wide)
        for at in (0, 1):
            self._grid.setColumnStretch(at, 1 if at < wide else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two cards beside each other need some room; in a low window all stands closer."""
        super().resizeEvent(event)
        if (event.oldSize().width() >= _SIDE_BY_SIDE) != (self.width() >= _SIDE_BY_SIDE):
            self._place_cards()
        low = self.height() < _LOW
        self._content.setSpacing(_GAP_LOW if low else _GAP)
        self._content.setContentsMargins(20, _GAP_LOW if low else 14, 20, 14)

    def _show_third(self, field: Field | None) -> None:
        layouts.empty(self._third_row)
        self.third = None
        self._typed = False
        typed = field is not None and field.kind is not Kind.ATTACHMENT
        self._third_frame.setVisible(typed)
        self._say_problem("")
        if field is None or not typed:
            return
        number = QLabel(str(len(self.cards) + 1))
        style.mark(number, "look", "key")
        said = QLabel("Une autre valeur")
        style.mark(said, "look", "strong")
        self.third = editor_for(field, self._session)
        self.third.changed.connect(self._on_third)
        self.third.inner.setAccessibleName(f"Une autre valeur\u202f: {field.label_fr}")
        if field.kind is not Kind.LONG_TEXT:
            on_keys("Return", self.third, self.confirm, inside=True)
        said.setBuddy(self.third.inner)
        middle = Qt.AlignmentFlag.AlignVCenter
        self._third_row.addWidget(number, 0, middle)
        self._third_row.addWidget(said, 0, middle)
        self._third_row.addWidget(self.third, 1)

    def _say_problem(self, sentence: str) -> None:
        self._problem.setText(words.sentence(sentence))
        self._problem.setVisible(bool(sentence))
        if self.third is not None:
            self.third.mark_problem(bool(sentence))

    def _show_alike(self, found: Conflict) -> None:
        others = self._alike
        self._alike_frame.setVisible(bool(others) and not found.settled)
        self.also.setVisible(bool(others) and not found.settled)
        self.also.setChecked(False)
        same = words.count(others, "autre fiche", "autres fiches")
        self._alike_said.setText(f"Le même champ est à départager dans {same}.")
        self.also.setText(f"Aussi pour les {others}" if others > 1 else "Aussi pour l’autre")
        self.also.setAccessibleName(f"{self.also.text()}\u202f: même champ, même ordinateur")
        menu = self.all_button.menu()
        menu.clear()
        stations = {each.station_id: each for each in found.values}
        for station, value in stations.items():
            name = "cet ordinateur" if value.mine else value.station or "l’autre ordinateur"
            menu.addAction(
                f"Tout garder de {name}", lambda wanted=station: self.all_asked.emit(wanted)
            )
        menu.addAction(
            "Garder partout la valeur la plus récente", lambda: self.all_asked.emit("newest")
        )

    def _show_around(self, nearby: Sequence[tuple[str, str]]) -> None:
        layouts.empty(self._around)
        self._around_head.setVisible(bool(nearby))
        for label, text in nearby:
            said = _wrapped("crumb")
            said.setText(f"{label}\u202f: {' '.join(text.split())}")
            self._around.addWidget(said)

    # -- choosing --------------------------------------------------------------------------

    @property
    def chosen(self) -> Offered | None:
        """The value whose card is chosen."""
        return next((each.value for each in self.cards if each.isChecked()), None)

    def third_value(self) -> Value:
        """The other value that was typed; raises Unreadable, told under its field."""
        assert self.third is not None  # noqa: S101  (asked only where one was typed)
        try:
            return self.third.value()
        except Unreadable as error:
            self.complain(str(error))
            raise

    @property
    def typed(self) -> bool:
        """Whether another value was typed, and none of the cards chosen since."""
        return self.third is not None and self._typed and self.chosen is None

    def choose(self, number: int) -> None:
        """Choose a value by its place; chosen again, it is kept. One more is another value."""
        if number <= len(self.cards):
            card = self.cards[number - 1]
            if not card.isEnabled():
                return
            if card.isChecked():
                self.confirm()
            else:
                card.click()
                self._scroll.ensureWidgetVisible(card)
        elif number == len(self.cards) + 1 and self.third is not None:
            self._begin_with_shown()
            self.third.setFocus()
            self._scroll.ensureWidgetVisible(self.third)

    def _begin_with_shown(self) -> None:
        """A long text is not written anew: the one that stands is there to be mended."""
        third, found = self.third, self.conflict
        if third is None or found is None or self._typed or third.field.kind is not Kind.LONG_TEXT:
            return
        third.show_value(next((each.value for each in found.values if each.standing), None))

    def turn_also(self) -> None:
        """Let the choice hold for all that are alike, or for this one alone."""
        if self.also.isVisible() and self.also.isEnabled():
            self.also.toggle()

    def confirm(self) -> None:
        """Write what is chosen."""
        if self.keep_button.isEnabled():
            self.confirmed.emit()

    def open_record(self) -> None:
        """Show the whole record."""
        if self.conflict is not None:
            self.open_asked.emit(self.conflict.register, self.conflict.place.record)

    def complain(self, sentence: str) -> None:
        """Say under the field what is wrong with the value that was typed."""
        self._say_problem(sentence)
        if self.third is not None:
            self.third.setFocus()

    def _on_card(self) -> None:
        self._typed = False
        self._show_choice()

    def _on_third(self) -> None:
        self._typed = True
        self._say_problem("")
        for card in self.cards:
            card.setAutoExclusive(False)
            card.setChecked(False)
            card.setAutoExclusive(True)
        self._show_choice()

    def _show_choice(self) -> None:
        chosen = self.chosen
        kept = chosen is not None and chosen.standing and self._is_settled()
        self.keep_button.setEnabled((chosen is not None and not kept) or self.typed)
        self.also.setEnabled(not self.typed)
        text = "Garder cette autre valeur" if self.typed else "Choisissez une valeur"
        if chosen is not None and self.conflict is not None:
            text = f"Garder «\u00a0{_short(chosen.text or '(vide)')}\u00a0»"
            if self.conflict.kind == "deletion":
                text = "Supprimer la fiche" if chosen.value else "Garder la fiche"
        self.keep_button.setText(f"\u00a0{text}")
        self.keep_button.setAccessibleName(text)

    def _is_settled(self) -> bool:
        return self.conflict is not None and self.conflict.settled


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"


def _wrapped(look: str) -> QLabel:
    made = QLabel()
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    style.mark(made, "look", look)
    return made


def _sunken(label: QLabel) -> QFrame:
    made = QFrame()
    made.setObjectName("sunken")
    row = QHBoxLayout(made)
    row.setContentsMargins(14, 8, 14, 8)
    row.addWidget(label)
    return made
