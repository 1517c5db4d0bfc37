"""The list of what is due with its filters and its deeds: on the first page, and whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from prevention_app.catalogue.description import Value
from prevention_app.domain.due import DueItem
from prevention_app.domain.urgency import Urgency
from prevention_app.i18n import number_text
from prevention_app.services import due_deeds, due_list
from prevention_app.services.due_deeds import MARK_DONE, POSTPONE, REASSIGN, Target, targets
from prevention_app.services.due_list import DueAnswer, Grouping, Sought
from prevention_app.storage.work import Changes
from prevention_app.ui import icons, keys, settings, style, words
from prevention_app.ui.due_desk import desk_of
from prevention_app.ui.due_panel import (
    DONE_ON,
    NEW_DATE,
    PROOF,
    REASON,
    RESPONSIBLE,
    Asking,
    DuePanel,
)
from prevention_app.ui.due_preview import DuePreview
from prevention_app.ui.due_table import DueTable, spoken
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.page import Deed, EmptyState, button, listen
from prevention_app.ui.session import Session

_GROUPINGS: Final = {
    Grouping.URGENCY: "urgence",
    Grouping.REGISTER: "registre",
    Grouping.PLACE: "lieu",
    Grouping.RESPONSIBLE: "responsable",
}
_MORE: Final = 200
_ROOM_FOR_WORDS: Final = 800
FOLDED_AT_FIRST: Final = frozenset(
    f"{whose}{each.value}"
    for whose in ("", "mine:", "others:")
    for each in (
        Urgency.FAR,
        Urgency.UNDATED,
        Urgency.UNKNOWN,
        Urgency.SUSPENDED,
        Urgency.NOT_APPLICABLE,
    )
)


class DueList(QWidget):
    """Chips, the panel of deeds, the table; the page puts `preview` where it has room."""

    open_asked = Signal(str, str)
    told = Signal(str)
    preview_asked = Signal(bool)
    """The preview is to be shown or hidden."""
    answered = Signal(object)
    """A DueAnswer has been shown."""
    escaped = Signal()
    """Échap, when nothing in the list was open."""

    def __init__(
        self,
        session: Session,
        key: str,
        parent: QWidget,
        *,
        lines: int,
        urgencies: tuple[Urgency, ...] = (),
        whole: bool,
    ) -> None:
        """`key` names it in the settings; see DueQuestion for `lines` and `urgencies`.

        Only in the whole list are groups folded at first, and shown further on demand.
        """
        super().__init__(parent)
        self.session = session
        self.desk = desk_of(session)
        self.sought = Sought(mine=settings.remembered_flag(f"{key}/mine", False))
        self._key = key
        self._lines = lines
        self._urgencies = urgencies
        self._more: dict[str, int] = {}
        self._folded = set(FOLDED_AT_FIRST if whole else ())
        self._unfolded: set[str] = set()
        self._opened: set[str] = set()
        self._grouping = Grouping(settings.remembered(f"{key}/grouping", Grouping.URGENCY.value))
        self.answer: DueAnswer | None = None
        self.table = DueTable("Échéances", session.store.catalogue, whole=whole)
        self.panel = DuePanel(session)
        self.preview = DuePreview(session)
        self.empty = EmptyState()
        self._lay_out()
        self._connect()

    # -- laying out ------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.everyone = self._chip("Tout le service", "users")
        self.mine = self._chip("Les miennes", "user")
        self.everyone.clicked.connect(lambda: self.show_mine(False))
        self.mine.clicked.connect(lambda: self.show_mine(True))
        for each in (self.everyone, self.mine):
            each.setCheckable(True)
            each.setToolTip("Tout le service ou les miennes (Ctrl M)")
        self.by_register = self._menu_chip("Registre", self._fill_registers)
        self.by_place = self._menu_chip("Lieu", partial(self._fill_names, "place"))
        self.by_responsible = self._menu_chip(
            "Responsable", partial(self._fill_names, "responsible")
        )
        self.grouped = self._menu_chip("Regrouper", self._fill_groupings)
        style.mark(self.grouped, "look", "quiet")
        self.grouped.setIcon(icons.icon("list"))
        chips = QWidget()
        chips.setContentsMargins(0, 2, 0, 2)
        flow = FlowLayout(chips)
        for each in (self.everyone, self.mine, self.by_register, self.by_place):
            flow.addWidget(each)
        flow.addWidget(self.by_responsible)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(chips, 1)
        self.head.addWidget(self.grouped, 0, Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.clear = button("Retirer les filtres", "x")
        self.clear.clicked.connect(self.clear_filters)
        self.empty.add_button(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self.head)
        column.addWidget(self.panel)
        column.addWidget(self._stack, 1)
        self._show_chips()

    def _chip(self, text: str, icon: str) -> QPushButton:
        return button(text, icon, "chip")

    def _menu_chip(self, text: str, fill: Callable[[QMenu], None]) -> QPushButton:
        made = self._chip(text, "chevron-down")
        menu = QMenu(made)
        menu.aboutToShow.connect(lambda: (menu.clear(), fill(menu)))
        made.setMenu(menu)
        return made

    def _connect(self) -> None:
        table = self.table
        table.item_opened.connect(self.open_asked)
        table.fold_asked.connect(self._fold)
        table.lot_asked.connect(self._turn_lot)
        table.more_asked.connect(self._show_more)
        table.previewed.connect(self.turn_preview)
        table.escaped.connect(self._escape)
        table.chosen.connect(self._on_chosen)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._offer_deeds)
        # A letter is always heard: where the deed cannot be done, it says why.
        heard = [replace(each, possible=self._any) for each in self.deeds()]
        listen((each for each in heard if each.key != "preview"), table)
        self.preview.open_asked.connect(self.open_asked)
        self.preview.closed.connect(self.turn_preview)
        self.panel.closed.connect(self.focus_list)

    # -- asking and showing ----------------------------------------------------------------

    def ask(self) -> None:
        """Ask what is to be shown; what is shown stays until the answer comes."""
        question = self.desk.question(
            sought=self.sought,
            grouping=self._grouping,
            urgencies=self._urgencies,
            mine_first=not self.sought.mine,
            marks=bool(self._urgencies),
            lines=self._lines,
            more=dict(self._more),
            folded=frozenset(self._folded if self._may_fold() else ()),
            unfolded=frozenset(self._unfolded),
            opened=frozenset(self._opened),
        )
        self.desk.ask(self._key, question, self._show)
        if self.answer is None:
            self._stack.setCurrentIndex(1)
            self.empty.show_waiting("Lecture des échéances…")

    def _may_fold(self) -> bool:
        """What was asked for in particular is never hidden in a folded group."""
        return bool(self._urgencies) or replace(self.sought, mine=False) == Sought()

    def _show(self, answer: DueAnswer) -> None:
        self.answer = answer
        today = self.session.store.today()
        self.table.show_answer(answer, today, self.session.store.catalogue)
        shown = bool(answer.sections)
        if not shown and self.table.hasFocus():
            self.empty.setFocus()
        self._stack.setCurrentIndex(0 if shown else 1)
        if not shown:
            self._say_empty(answer)
        elif self.empty.hasFocus():
            self.table.setFocus()
        self._show_chips()
        self.answered.emit(answer)

    def _say_empty(self, answer: DueAnswer) -> None:
        filtered = replace(self.sought, mine=False) != Sought()
        self.clear.setVisible(filtered)
        if filtered:
            self.empty.show_text("Aucune échéance ne correspond à ces filtres.")
            return
        hint = ""
        if answer.next_on is not None:
            hint = f"La prochaine est le {words.long_day(answer.next_on)}."
        if self.sought.mine:
            names = ", ".join(self.desk.question().mine)
            hint += f"\nLes vôtres sont celles dont le responsable est\u00a0: {names}."
        title = "Rien n’est dû dans les 90 jours." if self._urgencies else "Rien n’est dû."
        self.empty.show_text(title, words.sentence(hint.strip()))

    def focus_list(self) -> None:
        """The list has the focus."""
        (self.table if self._stack.currentIndex() == 0 else self.empty).setFocus()

    # -- filters ---------------------------------------------------------------------------

    def look_for(self, sought: Sought) -> None:
        """Show what these filters leave."""
        self.sought = sought
        self._more.clear()
        self._show_chips()
        self.ask()

    def filter(self, **wanted: Any) -> None:
        """Change one filter; the others hold."""
        self.look_for(replace(self.sought, **wanted))

    def clear_filters(self) -> None:
        """Look at everything again."""
        self.look_for(Sought(mine=self.sought.mine))

    def show_mine(self, on: bool) -> None:
        """Only what the user answers for, or what the whole service follows."""
        settings.remember_flag(f"{self._key}/mine", on)
        self.filter(mine=on)

    def _fill_registers(self, menu: QMenu) -> None:
        held = self.answer.registers if self.answer else {}
        catalogue = self.session.store.catalogue
        labels = {key: catalogue[key].label_fr for key in held if key in catalogue}
        ordered = dict(sorted(labels.items(), key=lambda each: each[1]))
        self._fill(menu, "register", ordered, held, "")

    def _fill_names(self, what: str, menu: QMenu) -> None:
        answer = self.answer
        held: Mapping[str, int] = {}
        if answer is not None:
            held = answer.places if what == "place" else answer.responsibles
        self._fill(menu, what, {name: name for name in held}, held, None)

    def _fill(
        self,
        menu: QMenu,
        what: str,
        labels: Mapping[str, str],
        numbers: Mapping[str, int],
        nothing: str | None,
    ) -> None:
        chosen = getattr(self.sought, what)
        every = menu.addAction("Tous", partial(self.filter, **{what: nothing}))
        every.setCheckable(True)
        every.setChecked(chosen in (None, ""))
        menu.addSeparator()
        for key, label in labels.items():
            text = f"{label.replace('&', '&&')}\t{number_text(numbers[key])}"
            action = menu.addAction(text, partial(self.filter, **{what: key}))
            action.setCheckable(True)
            action.setChecked(chosen == key)

    def _fill_groupings(self, menu: QMenu) -> None:
        for grouping, name in _GROUPINGS.items():
            action = menu.addAction(f"Par {name}", partial(self.group_by, grouping))
            action.setCheckable(True)
            action.setChecked(grouping is self._grouping)

    def group_by(self, grouping: Grouping) -> None:
        """Group the list otherwise."""
        self._grouping = grouping
        settings.remember(f"{self._key}/grouping", grouping.value)
        self._more.clear()
        self.ask()

    def _show_chips(self) -> None:
        sought = self.sought
        for chip, on in ((self.everyone, not sought.mine), (self.mine, sought.mine)):
            chip.setChecked(on)
            style.mark(chip, "look", "chip_on" if on else "chip")
            state = "choisi" if on else "non choisi"
            chip.setAccessibleDescription(state)
        register = sought.register
        if register in self.session.store.catalogue:
            register = self.session.store.catalogue[register].label_fr
        for chip, name, held in (
            (self.by_register, "Registre", register),
            (self.by_place, "Lieu", sought.place),
            (self.by_responsible, "Responsable", sought.responsible),
        ):
            text = name if not held else words.sentence(f"{name}\u00a0: {_short(held)}")
            chip.setText(f"\u00a0{text.replace('&', '&&')}")
            chip.setAccessibleName(f"Filtrer par {name.lower()}" if not held else text)
            style.mark(chip, "look", "chip_on" if held else "chip")
        self._show_grouping()

    def _show_grouping(self) -> None:
        name = _GROUPINGS[self._grouping]
        narrow = self.width() < _ROOM_FOR_WORDS
        self.grouped.setText(f"\u00a0{'Par' if narrow else 'Regrouper par'} {name}")
        self.grouped.setAccessibleName(f"Regrouper par {name}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow list keeps its chips in one line."""
        super().resizeEvent(event)
        self._show_grouping()

    # -- folding ---------------------------------------------------------------------------

    def _fold(self, key: str, fold_it: bool) -> None:
        (self._folded.add if fold_it else self._folded.discard)(key)
        (self._unfolded.discard if fold_it else self._unfolded.add)(key)
        self.ask()

    def _turn_lot(self, key: str) -> None:
        self._opened ^= {key}
        self.ask()

    def _show_more(self, key: str, shown: int) -> None:
        self._more[key] = shown + _MORE
        self.ask()

    # -- what is chosen --------------------------------------------------------------------

    def _on_chosen(self) -> None:
        if self.preview.isVisible():
            self.preview.show_item(self.table.current_item)
        self.told.emit(self.status())

    def status(self) -> str:
        """What is shown and chosen, for the foot of the window."""
        if self.answer is None:
            return "Lecture des échéances…"
        number = self.answer.found
        if self._urgencies:
            number = sum(each.items for each in self.answer.sections)
        parts = [words.count(number, "échéance"), spoken(self.table.chosen_items())]
        if self.desk.is_reading:
            parts.append("mise à jour en cours")
        return " · ".join(each for each in parts if each)

    def turn_preview(self) -> None:
        """Show or hide the chosen record at the right."""
        on = not self.preview.isVisible()
        self.preview_asked.emit(on)
        if on:
            self.preview.show_item(self.table.current_item)
        else:
            self.focus_list()

    def _escape(self) -> None:
        if self.preview.isVisible():
            self.turn_preview()
        elif self.sought.day is not None:
            self.filter(day=None)
        else:
            self.escaped.emit()

    # -- deeds -----------------------------------------------------------------------------

    def deeds(self) -> Sequence[Deed]:
        """What one can do with the chosen lines, and with the list."""
        return (
            Deed("postpone", "Reporter…", "R", self.postpone, self._has(POSTPONE)),
            Deed("done", "Marquer fait…", "F", self.mark_done, self._has(MARK_DONE)),
            Deed("reassign", "Réattribuer…", "A", self.reassign, self._has(REASSIGN)),
            Deed("preview", "Montrer ou cacher l’aperçu", "Space", self.turn_preview, self._any),
            Deed("mine", "Tout le service ou les miennes", "Ctrl+M", self._turn_mine),
            Deed("claim", "Compter ce responsable parmi les miens", "", self._claim, self._any),
        )

    def _any(self) -> bool:
        return self.table.current_item is not None

    def _has(self, deed: str) -> Callable[[], bool]:
        return lambda: bool(self._targets(deed))

    def _targets(self, deed: str) -> list[Target]:
        return targets(deed, self.table.chosen_items(), self.session.store.catalogue)

    def _turn_mine(self) -> None:
        self.show_mine(not self.sought.mine)

    def _claim(self) -> None:
        item = self.table.current_item
        if item is None or not item.responsible:
            return
        claimed = self.desk.claim(item.responsible)
        self.session.say(
            f"«\u00a0{item.responsible}\u00a0» compte désormais parmi les vôtres."
            if claimed
            else f"«\u00a0{item.responsible}\u00a0» ne compte plus parmi les vôtres.",
            "info",
        )
        self.ask()

    def _offer_deeds(self, at: QPoint) -> None:
        if not self.table.chosen_items():
            return
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        item = self.table.current_item
        if item is not None:
            asked = partial(self.open_asked.emit, item.register, item.record_id)
            menu.addAction("Ouvrir la fiche\tEntrée", asked)
            menu.addSeparator()
        for deed in self.deeds():
            text = f"{deed.words}\t{keys.in_words(deed.keys)}" if deed.keys else deed.words
            menu.addAction(text, deed.act).setEnabled(deed.possible())
        menu.popup(self.table.viewport().mapToGlobal(at))

    def postpone(self) -> None:
        """Ask to when, and why."""
        chosen = self._targets(POSTPONE)
        revised = any(each.fields.revised for each in chosen)
        self._ask_deed(
            chosen,
            "Reporter",
            (NEW_DATE, REASON),
            {},
            lambda values: due_deeds.postpone(
                self.session.store, chosen, _day(values), _text(values)
            ),
            "La date d’origine d’une action reste affichée à côté de la nouvelle."
            if revised
            else "",
        )

    def mark_done(self) -> None:
        """Ask since when, and by what it shows."""
        chosen = self._targets(MARK_DONE)
        made = {each.fields.done_by_new for each in chosen} - {""}
        names = [self.session.store.catalogue[each].item_fr.lower() for each in sorted(made)]
        self._ask_deed(
            chosen,
            _MARK_DONE,
            (DONE_ON, PROOF),
            {"day": self.session.store.today()},
            lambda values: due_deeds.mark_done(
                self.session.store, chosen, _day(values), _text(values)
            ),
            f"Une nouvelle {names[0]} sera inscrite pour chaque équipement." if names else "",
        )

    def _take_away(self, done: Sequence[Target]) -> None:
        """What is done leaves the list at once, however long reading it again takes."""
        if self.answer is not None and self.desk.is_waiting:
            gone = {(each.register, each.record_id) for each in done}
            self._show(due_list.without(self.answer, gone))

    def reassign(self) -> None:
        """Ask to whom."""
        chosen = self._targets(REASSIGN)
        self._ask_deed(
            chosen,
            "Réattribuer",
            (RESPONSIBLE,),
            {},
            lambda values: due_deeds.reassign(self.session.store, chosen, _text(values)),
        )

    def _ask_deed(
        self,
        chosen: Sequence[Target],
        verb: str,
        fields: Sequence[Any],
        given: dict[str, Value],
        act: Callable[[dict[str, Value]], Changes],
        note: str = "",
    ) -> None:
        if self.table.has_closed_lot:
            self.session.say("Ouvrez ce lot (Entrée) et choisissez ses fiches.", "info")
            return
        if not chosen:
            self.session.say(_WHY_NOT[verb], "info")
            return
        items = self.table.chosen_items()
        left = len(_records(items)) - len(chosen)
        if left:
            others = "ne s’y prête pas" if left == 1 else "ne s’y prêtent pas"
            note = f"{words.count(left, 'fiche choisie', 'fiches choisies')} {others}. {note}"
        what = items[0].title if len(chosen) == 1 else words.count(len(chosen), "échéance")

        def write(values: dict[str, Value]) -> None:
            self.session.tell(act(values))
            if verb == _MARK_DONE and isValid(self):
                self._take_away(chosen)
            number = words.count(len(chosen), "échéance")
            self.session.say(f"{verb}\u00a0: {number}. Annuler (Ctrl Z)")

        def run(values: dict[str, Value]) -> None:
            self.session.in_turn(object(), partial(write, values))

        self.panel.ask(
            Asking(words.sentence(f"{verb}\u00a0: {what}"), note.strip(), fields, given, verb, run)
        )


_MARK_DONE: Final = "Marquer fait"
_WHY_NOT: Final = {
    "Reporter": "Cette date vient d’une règle ou d’un titre\u00a0: elle ne se reporte pas d’ici. "
    "Ouvrez la fiche (Entrée).",
    _MARK_DONE: "Ouvrez la fiche (Entrée) pour dire ce qui a été fait.",
    "Réattribuer": "Ce registre n’a pas de champ «\u00a0responsable\u00a0»\u00a0: "
    "rien ne s’y réattribue d’ici.",
}


def _records(items: Iterable[DueItem]) -> set[tuple[str, str]]:
    return {(each.register, each.record_id) for each in items}


def _day(values: Mapping[str, Value]) -> date:
    day = values["day"]
    assert isinstance(day, date)  # noqa: S101  (the panel asks for it)
    return day


def _text(values: Mapping[str, Value]) -> str:
    return str(values.get("text") or "")


def _short(text: str, most: int = 28) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
