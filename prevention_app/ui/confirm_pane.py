"""Confirming ratings taken from elsewhere: seen on the spot, or deemed identical and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from prevention_app.catalogue.values import Unreadable
from prevention_app.domain.ratings import assess
from prevention_app.errors import PreventionError
from prevention_app.i18n import number_text
from prevention_app.services import risk_rating
from prevention_app.services.risk_document import RiskDetail
from prevention_app.services.risk_rating import Sorted
from prevention_app.ui import rating_work, style, words
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.rating_chip import RatingLabel, residual_mark
from prevention_app.ui.rating_circumstances import CircumstancesBox
from prevention_app.ui.rating_words import figures_words
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys

SPOT, BULK = "spot", "bulk"
_NAMED: Final = 3
_LOOKED_AT: Final = 2000
"""So many risks are looked at within half a second."""
HERE, EVERYWHERE = "here", "everywhere"
_WAYS: Final = ((SPOT, "Vus sur place"), (BULK, "Réputés identiques"))
_FOR_WHOM: Final = ((HERE, "Cette unité seulement"), (EVERYWHERE, "Toutes les variantes"))
_UNDER: Final = {
    SPOT: "La cotation indiquée devient celle de l’unité, et les mesures recopiées y sont vues.",
    BULK: "Sans visite\u00a0: le motif est gardé avec chaque cotation et imprimé dans le document "
    "unique.",
}


class ConfirmPane(QWidget):
    """Small: Entrée accepts what it shows."""

    closed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        """Nothing to confirm yet."""
        super().__init__(parent)
        self._session = session
        self._risks: Sequence[str] = ()
        self._sorted = Sorted([], [], [])
        self._variants: Mapping[str, str] = {}
        self._unit: Mapping[str, str] = {}
        self._operation: Operation | None = None
        self._title = QLabel()
        style.mark(self._title, "look", "section")
        self._what, self._under, self._problem = QLabel(), QLabel(), QLabel()
        for label, look in (
            (self._title, "section"),
            (self._what, ""),
            (self._under, "secondary"),
            (self._problem, "problem"),
        ):
            label.setWordWrap(True)
            style.mark(label, "look", look)
        self._chip = RatingLabel("section")
        self.way = Segments("Comment c’est confirmé")
        self.way.offer(_WAYS)
        self.for_whom = Segments("Pour quelles unités")
        self.for_whom.offer(_FOR_WHOM)
        self.circumstances = CircumstancesBox(session, self)
        self.reason = QLineEdit()
        self.save_button = button("Confirmer")
        self.close_button = button("Abandonner")
        self._lay_out()
        self.way.chosen.connect(self._show_way)
        self.for_whom.chosen.connect(self._sort_out)
        self.save_button.clicked.connect(self.give)
        self.close_button.clicked.connect(self._leave)
        on_keys("Escape", self, self._leave, inside=True)
        on_keys("Ctrl+S", self, self.give, inside=True)
        for each in ("Return", "Enter"):
            on_keys(each, self, self._enter, inside=True)

    def _lay_out(self) -> None:
        ways, foot = QHBoxLayout(), QHBoxLayout()
        ways.addWidget(self.way)
        ways.addStretch(1)
        units = QHBoxLayout()
        units.addWidget(self.for_whom)
        units.addStretch(1)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 9)
        column.setSpacing(10)
        for each in (self._title, self._what, self._chip):
            column.addWidget(each)
        column.addLayout(units)
        column.addLayout(ways)
        for each in (self._under, self.circumstances, self.reason, self._problem):
            column.addWidget(each)
        column.addLayout(foot)
        column.addStretch(1)

    # -- asking ----------------------------------------------------------------------------

    def ask(
        self,
        risks: Sequence[str],
        one: RiskDetail | None,
        variants: Mapping[str, str] | None = None,
    ) -> None:
        """Ask how these risks (ids) are confirmed; `one` is the risk where it is a single one.

        Where some are of a unit type, `variants` tells at which variant they are seen: only that
        one was looked at, unless one says otherwise.
        """
        self._risks, self._variants = risks, dict(variants or {})
        self.for_whom.show_value(HERE)
        self.for_whom.setVisible(bool(self._variants))
        with self._session.store.reading() as read:
            self._unit = read.titles("work_unit", list(self._variants.values()))
        self._show_hint(one)
        self.way.show_value(SPOT)
        self.circumstances.show_values({})
        self.reason.clear()
        self._complain("")
        self._sort_out()
        self.save_button.setFocus()

    def _show_hint(self, one: RiskDetail | None) -> None:
        hint = one.hint if one else None
        method = one.methods.get(hint.method) if one and hint else None
        self._chip.setVisible(method is not None)
        self._what.show()
        if one is None:
            self._what.hide()
        elif hint is None or method is None:
            bare = "Aucune cotation n’est indiquée\u00a0: cotez."
            self._what.setText(f"{one.risk.situation}\n{bare}")
        else:
            self._what.setText(f"{one.risk.situation}\n{figures_words(method, hint.figures)}")
            found = assess(method, hint.figures)
            self._chip.show_mark(residual_mark(found, method.unrated, wide=True))

    def _sort_out(self) -> None:
        """Look at what can be confirmed; of very many, the process that writes them tells."""
        self._sorted = Sorted(list(self._risks), [], [])
        if len(self._risks) <= _LOOKED_AT:
            with self._session.store.reading() as read:
                self._sorted = risk_rating.sort_out(read, self._risks, self._held_for)
        self._show_way()

    def _show_way(self) -> None:
        way = self.way.value
        number = len(self._wanted)
        many = len(self._risks) > 1
        self._title.setText(
            f"Confirmer {words.count(number, 'cotation')}" if many else "Confirmer la cotation"
        )
        self._under.setText("\n".join(filter(None, (self._shares(), self._place(), _UNDER[way]))))
        told = "Motif (obligatoire)" if way == BULK else "Remarque"
        self.reason.setPlaceholderText(
            "Unités réputées identiques\u00a0: pourquoi\u202f?"
            if way == BULK
            else "Remarque (facultatif)"
        )
        self.reason.setAccessibleName(told)
        self.save_button.setText("Confirmer" if way == SPOT else "Confirmer sans visite")
        if way == BULK:
            self.reason.setFocus()

    @property
    def _wanted(self) -> Sequence[str]:
        """What can be confirmed; what is not seen is not said again of what was evaluated."""
        found = self._sorted
        seen = found.evaluated if self.way.value == SPOT else []
        return [*found.to_evaluate, *seen] or self._risks

    @property
    def _held_for(self) -> Mapping[str, str]:
        """The variants for which alone it holds."""
        return self._variants if self.for_whom.value == HERE else {}

    def _place(self) -> str:
        """For which variants of a unit type it holds."""
        names = sorted({self._unit.get(each, "") for each in self._held_for.values()})
        if not names:
            return ""
        told = f"{', '.join(names[:_NAMED])}{'…' if len(names) > _NAMED else ''}"
        return f"Tronc commun confirmé pour {told} seulement."

    def _shares(self) -> str:
        """What becomes of those to be evaluated, of those that were, and of the others."""
        new, rated, bare = (
            len(each)
            for each in (self._sorted.to_evaluate, self._sorted.evaluated, self._sorted.to_rate)
        )
        if len(self._risks) < 2 or not rated + bare:
            return ""
        parts = [f"{number_text(new)} à évaluer"] if new else []
        if rated:
            told = words.count(rated, "déjà évaluée", "déjà évaluées")
            stay = ("confirmée", "laissée") if rated == 1 else ("confirmées", "laissées")
            again = self.way.value == SPOT or not new
            parts.append(f"{told}, {stay[0]} à ce jour" if again else f"{told}, {stay[1]} ainsi")
        if bare:
            parts.append(f"{number_text(bare)} sans cotation complète, à coter à part")
        return words.sentence("\u202f; ".join(parts)) + "."

    def _complain(self, sentence: str) -> None:
        self._problem.setText(words.sentence(sentence))
        self._problem.setVisible(bool(sentence))

    def _enter(self) -> None:
        if self.close_button.hasFocus():
            self._leave()
        else:
            self.give()

    def _leave(self) -> None:
        if self._operation is not None:
            self._operation.cancel()
            return
        self._session.turn.leave(self)
        self.closed.emit()

    # -- writing ---------------------------------------------------------------------------

    def give(self) -> None:
        """Confirm them; what is wrong is said here."""
        if self._operation is not None:
            return
        try:
            given = rating_work.Confirming(
                tuple(self._wanted),
                self.circumstances.day,
                self.circumstances.participants,
                self.reason.text(),
                in_bulk=self.way.value == BULK,
                variants=self._held_for,
            )
        except Unreadable as error:
            self._complain(str(error))
            return
        self._complain("")
        if len(given.risks) >= risk_rating.MANY:
            self._start(given)
            return
        try:
            self._session.in_turn(self, lambda: self._write(given), failed=self._failed)
        except PreventionError as error:
            self._failed(error)

    def _write(self, given: rating_work.Confirming) -> None:
        self._session.tell(rating_work.confirm_here(self._session.store, given))
        self._done(len(given.risks))

    def _failed(self, error: PreventionError) -> None:
        self._complain(str(error))

    def _done(self, number: int) -> None:
        self.closed.emit()
        told = words.count(number, "cotation confirmée", "cotations confirmées")
        self._session.say(f"{told}. Annuler (Ctrl Z)")

    def _start(self, given: rating_work.Confirming) -> None:
        self._operation = Operation(
            "Confirmer", rating_work.confirm, self._session.folder, given, parent=self
        )
        self.save_button.setEnabled(False)
        self._under.setText(f"{words.count(len(given.risks), 'cotation')} à confirmer…")
        self._operation.finished.connect(self._heard)
        self._operation.failed.connect(self._complain)
        self._operation.ended.connect(self._ended)

    def _heard(self, number: int) -> None:
        self._session.refresh()
        self._done(number)

    def _ended(self) -> None:
        self._operation = None
        self.save_button.setEnabled(True)
