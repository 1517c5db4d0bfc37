"""The question for the passphrase of a workspace whose key is protected by one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from prevention_app.errors import PassphraseNeeded, WrongPassphrase
from prevention_app.storage import keys
from prevention_app.ui import side_process, style
from prevention_app.ui.banner import Banner
from prevention_app.ui.page import button

_ABOUT = (
    "La clé de cet ordinateur est protégée par une phrase secrète. Elle n’est gardée nulle "
    "part\u00a0: elle vaut tant que cette fenêtre est ouverte."
)
_WRONG = "Cette phrase secrète n’est pas la bonne. Vérifiez les majuscules, puis retapez-la."
_WIDTH = 460


class PassphraseDialog(QDialog):
    """Accepted once something was typed: the opening tells whether it is right."""

    def __init__(self, error: PassphraseNeeded, parent: QWidget) -> None:
        """Say what is asked for, and whether what was typed before was wrong."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Phrase secrète")
        self.setFixedWidth(_WIDTH)
        self.wrong = Banner()
        if isinstance(error, WrongPassphrase):
            self.wrong.complain(_WRONG)
        self.phrase = QLineEdit()
        self.phrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.open_button = button("Ouvrir", look="primary")
        self.cancel_button = button("Annuler")
        self.open_button.setDefault(True)
        self._lay_out()
        self.open_button.setEnabled(False)
        self.phrase.textChanged.connect(
            lambda text: self.open_button.setEnabled(bool(text.strip()))
        )
        self.open_button.clicked.connect(self._use)
        self.cancel_button.clicked.connect(self.reject)
        self.phrase.setFocus()

    def _lay_out(self) -> None:
        about = QLabel(_ABOUT)
        about.setWordWrap(True)
        label = QLabel("Phrase secrète")
        label.setBuddy(self.phrase)
        self.phrase.setAccessibleName(label.text())
        style.mark(label, "look", "label")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(10)
        for each in (about, self.wrong, label, self.phrase):
            column.addWidget(each)
        column.addLayout(row)

    def _use(self) -> None:
        """Open keys with it, here and in the processes beside the window."""
        typed = self.phrase.text()
        keys.use_passphrase(typed)
        side_process.do_first(partial(keys.use_passphrase, typed))
        self.accept()


def forget() -> None:
    """Open nothing more with what was typed."""
    keys.use_passphrase("")
    side_process.do_first(None)
