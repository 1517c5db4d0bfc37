"""« Travailler à plusieurs » in the settings: asking to join, admitting another computer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.values import Unreadable, fold
from prevention_app.catalogue.vocabulary import Role
from prevention_app.errors import PreventionError
from prevention_app.services import circle, enrolment
from prevention_app.services.enrolment import Admission, Admitted, Request
from prevention_app.storage.circle import Part
from prevention_app.storage.query import Query
from prevention_app.ui import circle_work, file_choice, style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.editors import editor_for
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_ABOUT: Final = (
    "Chaque ordinateur garde son travail et l’échange avec les autres, par fichiers ou par une "
    "base commune. On entre dans un département par deux petits fichiers\u00a0: une demande, une "
    "réponse."
)
_ASKING: Final = "demande"
_ANSWER: Final = "reponse"
_FILES: Final = "Demandes et réponses (*.prevention-*);;Tous les fichiers (*)"


class CircleCard(QFrame):
    """A card of the settings page; all else of it is on the page « Membres et droits »."""

    members_asked = Signal()
    """The page of who belongs and what they may do is wanted."""

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self._start_work = start_work
        self._file = Path()
        self._request: Request | None = None
        self._admission: Admission | None = None
        self.banner = Banner()
        self.ask_button = button("Demander à rejoindre…", "upload")
        self.join_button = button("Recevoir une réponse…", "arrow-down-to-line")
        self.admit_button = button("Admettre un ordinateur…", "badge-check")
        self.members_button = button("Membres et droits…", "users")
        self.role = QComboBox()
        self.role.setAccessibleName("Rôle donné")
        self.role.setPlaceholderText("Choisissez")
        for role in Role:
            self.role.addItem(role.label_fr, role)
        self.part = QComboBox()
        self.part.setAccessibleName("Pour quelle partie du département")
        self.part.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.until = editor_for(session.store.catalogue["grant"].by_key["until"], session)
        self.until.inner.setAccessibleName("Jusqu’au")
        self.rights = QWidget()
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.go_button = button("Admettre…", look="primary")
        self.drop_button = button("Abandonner")
        self._lay_out()
        self._connect()
        self._close_step()

    def _lay_out(self) -> None:
        head, about = QLabel("Travailler à plusieurs"), QLabel(_ABOUT)
        style.mark(head, "look", "section")
        style.mark(about, "look", "secondary")
        about.setWordWrap(True)
        ways, step = FlowLayout(), QHBoxLayout()
        for each in (self.ask_button, self.join_button, self.admit_button, self.members_button):
            ways.addWidget(each)
        for each in (self.go_button, self.drop_button):
            step.addWidget(each)
        rights = QGridLayout(self.rights)
        rights.setContentsMargins(0, 0, 0, 0)
        rights.setHorizontalSpacing(12)
        rights.setVerticalSpacing(2)
        for at, (name, field, share) in enumerate(
            (("Rôle", self.role, 3), ("Pour", self.part, 3), ("Jusqu’au", self.until, 2))
        ):
            label = QLabel(name)
            style.mark(label, "look", "label")
            rights.addWidget(label, 0, at)
            rights.addWidget(field, 1, at)
            rights.setColumnStretch(at, share)
        step.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        for each in (head, about, self.banner):
            column.addWidget(each)
        column.addLayout(ways)
        column.addWidget(self.said)
        column.addWidget(self.rights)
        column.addLayout(step)

    def _connect(self) -> None:
        self.ask_button.clicked.connect(self.choose_where_to_ask)
        self.join_button.clicked.connect(
            lambda: self._choose("Recevoir une réponse", self.open_answer)
        )
        self.admit_button.clicked.connect(
            lambda: self._choose("Admettre un ordinateur", self.open_request)
        )
        self.members_button.clicked.connect(self.members_asked)
        self.role.currentIndexChanged.connect(self._show_possible)
        self.go_button.clicked.connect(self._go_on)
        self.drop_button.clicked.connect(self._close_step)
        self._session.changed.connect(lambda _: self.isVisible() and self.read())

    def _choose(self, title: str, take: Callable[[Path], None]) -> None:
        file_choice.choose_files(self, title, lambda found: take(found[0]), _FILES)

    # -- reading ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read whether the department needs a second administrator."""
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """Remind an administrator of what a department of several needs."""
        for reminder in circle.reminders(self._session.store)[:1]:
            self.banner.inform(words.sentence(reminder))

    # -- asking and joining ----------------------------------------------------------------

    def choose_where_to_ask(self) -> None:
        """Ask for the folder in which the demand is to be written."""
        file_choice.choose_folder(self, "Où écrire la demande", self.ask)

    def ask(self, folder: Path) -> None:
        """Write the demand, and say what to read aloud."""
        file = folder / f"{self._session.station or 'poste'}.prevention-{_ASKING}"
        try:
            code = enrolment.request(self._session.store, file)
        except PreventionError as error:
            self.banner.complain(words.sentence(str(error)))
            return
        self.banner.inform(
            words.sentence(
                f"Demande écrite\u00a0: «\u00a0{file.name}\u00a0». "
                f"Code à lire au téléphone\u00a0: {code}."
            ),
            "Remettez ce fichier à l’administrateur du département, puis recevez sa réponse.",
        )

    def open_answer(self, file: Path) -> None:
        """Say what an answer gives, so that a person compares its code before following it."""
        try:
            told = enrolment.read_admission(self._session.store, file)
        except PreventionError as error:
            self.banner.complain(words.sentence(str(error)))
            return
        self._file, self._admission, self._request = file, told, None
        left = ""
        if told.left_behind:
            left = f" {enrolment.left_behind_text(told.left_behind, told.department)}"
        self._open_step(
            f"Admis par «\u00a0{told.by}\u00a0» ({told.user}), département "
            f"{told.department}\u00a0: {enrolment.role_names(told.roles)}. "
            f"Cette personne vous lit le code {told.code}.{left}",
            "C’est ce code\u00a0: rejoindre",
        )

    # -- admitting -------------------------------------------------------------------------

    def open_request(self, file: Path) -> None:
        """Say who asks, so that an administrator compares the code and chooses the role."""
        try:
            asked = enrolment.read_request(file)
        except PreventionError as error:
            self.banner.complain(words.sentence(str(error)))
            return
        self._file, self._request, self._admission = file, asked, None
        self.role.setCurrentIndex(-1)
        self._offer_parts(asked.department)
        self.until.show_value(None)
        self._open_step(
            f"«\u00a0{asked.newcomer.name}\u00a0» ({asked.newcomer.user}) demande à entrer dans le "
            f"département {asked.department}. Cette personne vous lit le code {asked.code}.",
            "C’est ce code\u00a0: admettre…",
        )

    def _offer_parts(self, department: str) -> None:
        """The whole department, then its sites and units by name."""
        with self._session.store.reading() as read:
            found = [
                (title, Part(**{register: key}), kind)
                for register, kind in (("site", "site"), ("org_unit", "service"))
                for key, title in read.titles(
                    register, [e.id for e in read.records(Query(register, owners=(department,)))]
                ).items()
            ]
        self.part.clear()
        self.part.addItem("Tout le département", Part())
        for title, part, kind in sorted(found, key=lambda each: fold(each[0])):
            self.part.addItem(f"{title} ({kind})", part)

    def _show_possible(self) -> None:
        """Nothing is given before a role is chosen; who gives rights gives them everywhere."""
        role = self.role.currentData()
        self.go_button.setEnabled(self._request is None or role is not None)
        self.part.setEnabled(role != Role.ADMINISTRATOR)
        if role == Role.ADMINISTRATOR:
            self.part.setCurrentIndex(0)

    def _open_step(self, text: str, act: str) -> None:
        self.banner.clear()
        self.said.setText(words.sentence(text))
        self.go_button.setText(words.sentence(act))
        self.go_button.setAccessibleName(self.go_button.text())
        for each in (self.said, self.go_button, self.drop_button):
            each.show()
        self.rights.setVisible(self._request is not None)
        self._show_possible()
        (self.role if self._request is not None else self.go_button).setFocus()

    def _close_step(self) -> None:
        self._request = self._admission = None
        for each in (self.said, self.rights, self.go_button, self.drop_button):
            each.hide()

    def _go_on(self) -> None:
        if self._admission is not None:
            self.follow()
        elif self._request is not None and self._until_is_read():
            file_choice.choose_folder(self, "Où écrire la réponse", self.admit)

    def _until_is_read(self) -> bool:
        try:
            self.until.value()
        except Unreadable as error:
            self.banner.complain(words.sentence(str(error)))
            self.until.setFocus()
            return False
        return True

    def follow(self) -> None:
        """Join as the answer says."""
        assert self._admission is not None  # noqa: S101  (the button shows only then)
        work = self._start_work(
            "Entrée dans le département",
            circle_work.join,
            self._session.folder,
            self._file,
            self._admission.code,
        )
        work.finished.connect(self._on_joined)
        self._close_step()

    def _on_joined(self, told: Admission) -> None:
        self._session.say(f"Cet ordinateur appartient au département {told.department}.")
        self.read()

    def admit(self, folder: Path) -> None:
        """Give the chosen role, and write the answer into a folder."""
        assert self._request is not None  # noqa: S101  (the button shows only then)
        name = self._request.newcomer.name
        work = self._start_work(
            f"Admission de «\u00a0{name}\u00a0»",
            circle_work.admit,
            self._session.folder,
            self._file,
            (self.role.currentData(), self.part.currentData(), self.until.value()),
            folder / f"{name}.prevention-{_ANSWER}",
        )
        work.finished.connect(self._on_admitted)
        self._close_step()

    def _on_admitted(self, admitted: Admitted) -> None:
        self.banner.inform(
            words.sentence(
                f"«\u00a0{admitted.name}\u00a0» est admis. Code à lui lire\u00a0: {admitted.code}."
            ),
            "Remettez-lui le fichier de réponse\u00a0: il le reçoit dans ses Réglages.",
        )
        self.read()
