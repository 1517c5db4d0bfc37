"""« Ordinateurs »: who belongs to the department, rights taken back and given back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import Role
from prevention_app.services import circle, enrolment, hub_way
from prevention_app.storage.circle import Member
from prevention_app.ui import circle_work, style, words
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import CirclePane, StartWork, Step, explanation, row_of
from prevention_app.ui.page import button
from prevention_app.ui.places import HANDING
from prevention_app.ui.session import Session
from prevention_app.ui.states import STOP

_REVOKE, _LIFT = "revoke", "lift"
_STAYS: Final = "Ce qu’il a écrit jusqu’ici reste\u00a0; ce qu’il écrira sera mis de côté."
_LAST: Final = (
    "Baissez ce nombre si l’ordinateur a été perdu ou volé\u00a0: ce qu’il "
    "a écrit après ne comptera "
    "plus."
)
_COMES_BACK: Final = (
    "Il retrouve les rôles qu’il avait\u00a0; ce qu’il a écrit depuis le retrait compte aussi. "
    "La clé du département signe cette levée."
)


class MembersPane(CirclePane):
    """The list of computers; what may be done about the current one."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read yet."""
        super().__init__(session, start_work)
        self._members: Sequence[Member] = ()
        self._administers = False
        self._asked: tuple[str, Member] | None = None
        self.table = CellTable(
            "Ordinateurs du département",
            ("Ordinateur", "Personne", "Rôles", "Jusqu’au", "Dernières nouvelles"),
            (200, 150, 0, 100, 140), "row_two_lines",
        )  # fmt: skip
        self.step = Step()
        self.reason, self.last = QLineEdit(), QLineEdit()
        self._taking = self._make_fields()
        self.step.hold(self._taking)
        self.revoke_button = button("Retirer ses droits…", "circle-minus")
        self.lift_button = button("Lever le retrait…", "undo-2")
        self.hand_button = button("Passer la main…", "arrow-right")
        self.column.addWidget(self.banner)
        self.column.addWidget(self.step)
        self.column.addWidget(self.table, 1)
        self.column.addLayout(row_of(self.revoke_button, self.lift_button, self.hand_button))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_possible())
        self.revoke_button.clicked.connect(self._ask_to_revoke)
        self.lift_button.clicked.connect(self._ask_to_lift)
        self.hand_button.clicked.connect(self._hand_over)
        self.step.agreed.connect(self._go_on)

    def _make_fields(self) -> QWidget:
        """Why rights are taken back, and after which of the computer's entries."""
        made = QWidget()
        self.last.setValidator(QIntValidator(0, 2**31 - 1, self.last))
        self.last.setFixedWidth(110)
        self.last.setToolTip(_LAST)
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        for at, (name, field) in enumerate(
            (("Motif (facultatif)", self.reason), ("Dernière écriture retenue", self.last))
        ):
            label = QLabel(name)
            style.mark(label, "look", "label")
            field.setAccessibleName(name)
            label.setBuddy(field)
            grid.addWidget(label, 0, at)
            grid.addWidget(field, 1, at)
        grid.addWidget(explanation(_LAST), 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        return made

    def forget(self) -> None:
        """Nothing is asked any more."""
        self.step.hide()

    def show_now(self) -> None:
        """Who belongs to the department now; the current line stays current."""
        store, kept = self.session.store, self._current()
        self._administers = circle.is_administrator(store, self.department)
        held = [each for each in circle.members(store) if each.department == self.department]
        self._members = sorted(held, key=_order)
        self.table.show_lines([_line(each, store.today()) for each in self._members])
        ids = [each.station_id for each in self._members]
        if ids:
            at = ids.index(kept.station_id) if kept and kept.station_id in ids else 0
            self.table.selectRow(at)
        for each in (self.revoke_button, self.lift_button, self.hand_button):
            each.setVisible(self._administers)
        self._show_possible()

    def main(self) -> QWidget:
        """The list has the focus."""
        return self.table

    def let(self, *, enabled: bool) -> None:
        """One thing at a time."""
        if enabled:
            self._show_possible()
        else:
            for each in (self.revoke_button, self.lift_button, self.hand_button):
                each.setEnabled(False)

    def _current(self) -> Member | None:
        at = self.table.currentIndex().row()
        return self._members[at] if 0 <= at < len(self._members) else None

    def _show_possible(self) -> None:
        member = self._current()
        standing = member is not None and member.revoked_after is None
        own = member is not None and member.station_id == self.session.store.station
        self.revoke_button.setEnabled(standing and not own and not self.working)
        self.lift_button.setEnabled(member is not None and not standing and not self.working)
        self.hand_button.setEnabled(standing and len(self._members) > 1 and not self.working)

    def _ask_to_revoke(self) -> None:
        self._ask(_REVOKE, "Retirer ses droits à {}\u00a0?", "Retirer ses droits", _STAYS)

    def _ask_to_lift(self) -> None:
        self._ask(_LIFT, "Rendre ses droits à {}\u00a0?", "Lever le retrait", _COMES_BACK)

    def _ask(self, act: str, question: str, go: str, detail: str) -> None:
        member = self._current()
        if member is not None:
            self._asked = (act, member)
            self._taking.setVisible(act == _REVOKE)
            self.reason.clear()
            self.last.setText(str(member.last_number))
            self.step.ask(question.format(_called(member)), go, detail)

    def _go_on(self) -> None:
        if self._asked is None:
            return
        act, member = self._asked
        more: tuple[int | str, ...] = ()
        if act == _REVOKE:
            last = int(self.last.text() or member.last_number)
            more = (last, self.reason.text().strip())
            name, work = f"Retrait des droits de {_called(member)}", circle_work.revoke
            said = f"Droits retirés à {_called(member)}."
            if hub_way.remembered(self.session.store) is not None:
                said += (
                    " Son accès à la base commune lui reste\u00a0: demandez à qui tient cette base "
                    "de le retirer (commande hub withdraw)."
                )
        else:
            name, work = f"Levée du retrait de {_called(member)}", circle_work.lift
            said = f"{_called(member)} a retrouvé ses droits."
        self.work(
            name,
            work,
            member.station_id,
            member.department,
            *more,
            then=lambda _: self.session.say(said),
        )

    def _hand_over(self) -> None:
        member = self._current()
        if member is not None:
            self.shown_elsewhere.emit(HANDING, member.station_id)


def _order(member: Member) -> tuple[bool, str]:
    return member.revoked_after is not None, fold(member.user or member.name)


def _called(member: Member) -> str:
    return f"«\u00a0{member.name}\u00a0»"


def _line(member: Member, today: date) -> Line:
    heard = words.short_day(member.last_heard, today) if member.last_heard else ""
    until = words.short_day(member.until, today) if member.until else ""
    gone = member.revoked_after is not None
    # The one that lets give rights comes first: it is never what a narrow column cuts off.
    strongest = sorted(member.roles, key=lambda role: role is not Role.ADMINISTRATOR)
    roles = enrolment.role_names(strongest)
    return [
        Cell(member.name, second=member.code, quiet=gone),
        Cell(member.user, quiet=gone),
        Cell("Droits retirés", chip=STOP) if gone else Cell(roles, wrapped=True),
        Cell(until, quiet=True),
        Cell(heard, quiet=True),
    ]
