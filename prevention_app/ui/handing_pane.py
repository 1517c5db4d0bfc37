"""« Passer la main »: who leaves, who takes over, what is open, rights, key; then the act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from prevention_app.services import circle, enrolment
from prevention_app.services.circle import Handed, Handing
from prevention_app.storage.circle import Member
from prevention_app.ui import circle_work, style, words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import CirclePane, StartWork, explanation, heading, row_of
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_ABOUT: Final = (
    "Quand quelqu’un s’en va, son successeur reçoit ses rôles, et voit ce qui reste à faire. Ce "
    "qui a été écrit reste, sous le nom de son auteur. Regardez d’abord, confirmez ensuite."
)
_LEAVER_KEY: Final = (
    "La clé du département appartient au département. Si elle a été imprimée, les exemplaires du "
    "coffre restent bons. Si l’ordinateur de qui part n’est pas rendu, prévenez la direction."
)


class HandingPane(CirclePane):
    """Two choices, what would happen, one confirmation, and what was done."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read yet."""
        super().__init__(session, start_work)
        self._members: Sequence[Member] = ()
        self._looked: tuple[str, str] | None = None
        self.leaver, self.successor = QComboBox(), QComboBox()
        self.look_button = button("Voir ce qui va se passer", "eye")
        self.go_button = button("Passer la main", "arrow-right", "primary")
        self.rights, self.key, self.open_said = QLabel(), QLabel(), heading("")
        self.table = CellTable(
            "Ce qui reste ouvert", ("Référence", "Objet", "Quoi", "Pour le"),
            (180, 0, 210, 110), "row_dense",
        )  # fmt: skip
        self._shown = QWidget()
        self._lay_out()
        for each in (self.leaver, self.successor):
            each.currentIndexChanged.connect(lambda _: self._on_chosen())
        self.look_button.clicked.connect(self.look)
        self.go_button.clicked.connect(self.hand_over)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for at, (text, box) in enumerate(
            (("Qui part", self.leaver), ("Qui prend la suite", self.successor))
        ):
            label = QLabel(text)
            label.setBuddy(box)
            style.mark(label, "look", "label")
            box.setAccessibleName(text)
            grid.addWidget(label, 0, at)
            grid.addWidget(box, 1, at)
            grid.setColumnStretch(at, 1)
        grid.addWidget(self.look_button, 1, 2)
        inside = QVBoxLayout(self._shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        for each in (self.rights, self.key):
            each.setWordWrap(True)
        style.mark(self.key, "look", "secondary")
        stays = self.table.sizePolicy()
        stays.setRetainSizeWhenHidden(True)  # what stands above it stays together
        self.table.setSizePolicy(stays)
        for each in (self.rights, self.key, self.open_said):
            inside.addWidget(each)
        inside.addWidget(self.table, 1)
        inside.addLayout(row_of(self.go_button))
        self.column.addWidget(explanation(_ABOUT))
        self.column.addLayout(grid)
        self.column.addWidget(self.banner)
        self.column.addWidget(self._shown, 1)
        self.column.addStretch(0)

    def forget(self) -> None:
        """Nothing was looked at."""
        self._looked = None
        self._shown.hide()

    def show_now(self) -> None:
        """Offer those who may leave and take over; who is chosen stays so."""
        self._members = [
            each
            for each in circle.members(self.session.store)
            if each.department == self.department and each.revoked_after is None
        ]
        for box in (self.leaver, self.successor):
            self._offer(box)
        if self.leaver.currentData() == self.successor.currentData():
            self._choose_another()
        several = len(self._members) > 1
        self.look_button.setEnabled(several and not self.working)
        if not several and not self.banner.text:
            self.banner.inform(
                "Il n’y a personne à qui passer la main.",
                "Admettez d’abord l’ordinateur de qui prend la suite, dans les Réglages.",
            )

    def _offer(self, box: QComboBox) -> None:
        kept = box.currentData()
        box.blockSignals(True)
        box.clear()
        for each in self._members:
            person = each.user or each.name
            box.addItem(f"{person} ({each.name}), {enrolment.role_names(each.roles)}")
            box.setItemData(box.count() - 1, each.station_id)
        box.setCurrentIndex(max(box.findData(kept), 0) if self._members else -1)
        box.blockSignals(False)

    def _choose_another(self) -> None:
        others = [
            at
            for at in range(self.successor.count())
            if self.successor.itemData(at) != self.leaver.currentData()
        ]
        if others:
            self.successor.blockSignals(True)
            self.successor.setCurrentIndex(others[0])
            self.successor.blockSignals(False)

    def begin_with(self, station: str) -> None:
        """Someone was chosen elsewhere as the one who leaves."""
        self.leaver.setCurrentIndex(max(self.leaver.findData(station), 0))
        if self.leaver.currentData() == self.successor.currentData():
            self._choose_another()

    def main(self) -> QWidget:
        """Who leaves comes first."""
        return self.leaver

    def let(self, *, enabled: bool) -> None:
        """One thing at a time."""
        for each in (self.leaver, self.successor, self.look_button, self.go_button):
            each.setEnabled(enabled)

    def _on_chosen(self) -> None:
        """What was looked at is no longer what would happen."""
        self.banner.clear()
        self.forget()

    def _pair(self) -> tuple[str, str]:
        return str(self.leaver.currentData()), str(self.successor.currentData())

    # -- looking, then doing ---------------------------------------------------------------

    def look(self) -> None:
        """Find out what would happen."""
        self.forget()
        pair = self._pair()
        self.work(
            "Préparation de la passation",
            circle_work.foresee_hand_over,
            *pair,
            self.department,
            then=lambda found: self._show(pair, found),
            writes=False,
        )

    def _show(self, pair: tuple[str, str], found: Handing) -> None:
        self._looked = pair
        leaver, successor = (self._named(each) for each in pair)
        granted = (
            enrolment.role_names(found.granted) or "rien de plus, ces rôles sont déjà les siens"
        )
        own = " Cet ordinateur-ci n’écrira plus au nom du département." if found.own else ""
        self.rights.setText(
            words.sentence(
                f"{successor} reçoit\u00a0: {granted}. {leaver} perd tous ses droits dans le "
                f"département.{own}"
            )
        )
        held = f"{successor} est administrateur et a déjà la clé du département. "
        self.key.setText(
            (held if found.holds_key else "La clé ne change pas de main. ") + _LEAVER_KEY
        )
        self._show_open(found.open, "Ce qui reste ouvert")
        self.go_button.setText(f"\u00a0Passer la main à {successor}")
        self.go_button.setAccessibleName(f"Passer la main à {successor}")
        self.go_button.show()
        self._shown.show()
        self.go_button.setFocus()

    def _show_open(self, items: Sequence[dict[str, str]], title: str) -> None:
        count = words.count(len(items), "fiche")
        self.open_said.setText(f"{title}\u00a0: {count}" if items else f"{title}\u00a0: rien")
        today = self.session.store.today()
        self.table.show_lines(
            [
                [
                    Cell(each["reference"], quiet=True),
                    Cell(each["title"]),
                    Cell(each["what"], quiet=True),
                    Cell(_day(each["due_on"], today)),
                ]
                for each in items
            ]
        )
        self.table.setVisible(bool(items))

    def _named(self, station: str) -> str:
        found = next((each for each in self._members if each.station_id == station), None)
        return (found.user or found.name) if found else ""

    def hand_over(self) -> None:
        """Do what was shown."""
        if self._looked is None:
            return
        leaver, successor = (self._named(each) for each in self._looked)
        self.work(
            f"Passation de {leaver} à {successor}",
            circle_work.hand_over,
            *self._looked,
            self.department,
            then=lambda handed: self._on_handed(leaver, successor, handed),
        )

    def _on_handed(self, leaver: str, successor: str, handed: Handed) -> None:
        self._looked = None
        self.go_button.hide()
        granted = enrolment.role_names(handed.granted) or "rien de plus"
        self.rights.setText(
            words.sentence(f"{successor} a reçu\u00a0: {granted}. {leaver} n’a plus de droits.")
        )
        self._show_open(handed.open, f"À reprendre par {successor}")
        self.banner.inform(
            f"{leaver} a passé la main à {successor}.",
            "Les autres ordinateurs l’apprennent à leur prochain échange.",
        )


def _day(iso: str, today: date) -> str:
    return words.short_day(date.fromisoformat(iso), today) if iso else ""
