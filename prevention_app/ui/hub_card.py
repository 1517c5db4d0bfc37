"""The hub in the settings: the way in, where it stands, an exchange at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from prevention_app.services import hub_way
from prevention_app.ui import file_choice, style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.hub_process import keep_access
from prevention_app.ui.hub_status import HubFollower, status_text, trouble_text
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_ABOUT = (
    "Le travail part vers la base commune et celui des collègues en revient tout seul. "
    "Enregistrer ne l’attend jamais\u202f; sans réseau, rien ne se perd. Le mot de passe est "
    "gardé dans le trousseau de cet ordinateur."
)
_ACCESS = "Accès (*.json);;Tous les fichiers (*)"


class HubCard(QFrame):
    """A card of the settings page."""

    way_changed = Signal()
    """A way in was kept, or forgotten."""

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self._start_work = start_work
        self._follower: HubFollower | None = None
        self.where = QLabel()
        self.address = QLineEdit()
        self.address.setPlaceholderText("postgresql://…")
        self.address.setAccessibleName("Adresse de la base commune")
        self.trouble = Banner()
        self.file_button = button("Choisir le fichier d’accès…", "folder-open")
        self.use_button = button("Se connecter", "network")
        self.now_button = button("Synchroniser maintenant", "arrow-left-right")
        self.leave_button = button("Ne plus s’en servir")
        self._lay_out()
        self.file_button.clicked.connect(self.choose_file)
        self.use_button.clicked.connect(lambda: self.use(self.address.text().strip()))
        self.address.returnPressed.connect(self.use_button.click)
        self.address.textChanged.connect(
            lambda text: self.use_button.setEnabled(bool(text.strip()))
        )
        self.now_button.clicked.connect(self._exchange_now)
        self.leave_button.clicked.connect(self.leave)
        self.use_button.setEnabled(False)

    def _lay_out(self) -> None:
        head, about = QLabel("Base commune"), QLabel(_ABOUT)
        style.mark(head, "look", "section")
        style.mark(about, "look", "secondary")
        about.setWordWrap(True)
        self.where.setWordWrap(True)
        ways, acts = QHBoxLayout(), QHBoxLayout()
        for each in (self.address, self.use_button, self.file_button):
            ways.addWidget(each)
        for each in (self.now_button, self.leave_button):
            acts.addWidget(each)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        for each in (head, about, self.where, self.trouble):
            column.addWidget(each)
        column.addLayout(ways)
        column.addLayout(acts)

    def follow(self, follower: HubFollower) -> None:
        """Show where this follower stands, now and from now on."""
        self._follower = follower
        follower.told.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show the way in that is kept, and where following it stands."""
        access = hub_way.remembered(self._session.store)
        for each in (self.now_button, self.leave_button):
            each.setVisible(access is not None)
        for each in (self.address, self.use_button, self.file_button):
            each.setVisible(access is None)
        if access is None or self._follower is None:
            self.where.setText("Cet ordinateur travaille sans base commune.")
            self.trouble.hide()
            return
        self.where.setText(f"{access.shown}. {status_text(self._follower)}.")
        trouble = trouble_text(self._follower)
        if trouble:
            self.trouble.complain(words.sentence(trouble))
        else:
            self.trouble.hide()

    def choose_file(self) -> None:
        """Ask for the file that an administrator handed over."""
        file_choice.choose_files(
            self, "Choisir le fichier d’accès", lambda found: self.use(str(found[0])), _ACCESS
        )

    def use(self, told: str) -> None:
        """Try a way in and keep it."""
        trying = self._start_work(
            "Connexion à la base commune", keep_access, self._session.folder, told, writes=False
        )
        self.use_button.setEnabled(False)
        trying.finished.connect(self._on_kept)
        trying.ended.connect(lambda: self.use_button.setEnabled(bool(self.address.text().strip())))

    def _on_kept(self, shown: str) -> None:
        self.address.clear()  # it holds a password
        self._session.say(f"Connecté à la base commune «\u00a0{shown}\u00a0».")
        self.way_changed.emit()

    def leave(self) -> None:
        """Work without a hub from now on; what is here stays."""
        hub_way.forget(self._session.store)
        self.way_changed.emit()

    def _exchange_now(self) -> None:
        if self._follower is not None:
            self._follower.exchange_now()
