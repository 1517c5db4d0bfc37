"""« Clé de secours »: printed by who has it; typed after a loss; made anew when all is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from prevention_app.errors import PreventionError
from prevention_app.services import circle, department_key
from prevention_app.ui import circle_work, file_choice, style, words
from prevention_app.ui.circle_pane import CirclePane, StartWork, explanation, heading
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_PRINT: Final = (
    "Le département, et non une personne, possède sa clé. Imprimez-la en deux exemplaires, pour le "
    "coffre de la direction et pour l’informatique. Qui la détient peut nommer les administrateurs."
)
_RESCUE: Final = (
    "L’ordinateur de l’administrateur est perdu ou volé\u202f? Recopiez ici les quatorze groupes "
    "de la page imprimée\u00a0: cet ordinateur devient administrateur. Rien de ce qui est écrit ne "
    "change. O se lit 0, I et L se lisent 1."
)
_LOST: Final = (
    "Seulement si tous les ordinateurs d’administrateurs et les deux exemplaires sur papier sont "
    "perdus. Le département reçoit une nouvelle clé. Chacun garde ses rôles ici, mais il faut "
    "ensuite admettre de nouveau chaque ordinateur et inviter de nouveau les autres départements, "
    "avec des codes lus de vive voix. L’ancienne clé n’ouvre plus rien ici."
)
_GROUPS: Final = 14


class RescuePane(CirclePane):
    """What can be done depends on whether the key lies at this computer."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is read yet."""
        super().__init__(session, start_work)
        self._holds = False
        self.print_button = button("Clé de secours à imprimer…", "save", "primary")
        self.typed = QPlainTextEdit()
        self.typed.setAccessibleName("Groupes de la clé de secours")
        self.typed.setPlaceholderText("XXXXX  XXXXX  XXXXX  XXXXX")
        self.typed.setTabChangesFocus(True)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.rescue_button = button("Reprendre l’administration", look="primary")
        self.sure = QCheckBox("Tout est perdu\u00a0: je comprends ce qu’il faudra refaire")
        self.found_button = button("Refonder le département")
        self._lay_out()
        self.print_button.clicked.connect(
            lambda: file_choice.choose_folder(self, "Où écrire la clé de secours", self.print_key)
        )
        self.typed.textChanged.connect(self._check)
        self.rescue_button.clicked.connect(self.rescue)
        self.sure.toggled.connect(lambda _: self._show_possible())
        self.found_button.clicked.connect(self.refound)

    def _lay_out(self) -> None:
        style.mark(self.said, "look", "secondary")
        self.typed.setFixedHeight(5 * self.typed.fontMetrics().lineSpacing() + 12)
        self.typed.setMaximumWidth(460)
        self._print = _part("Clé de secours", _PRINT, self.print_button)
        self._rescue = _part(
            "Reprendre la main avec la clé de secours",
            _RESCUE, self.typed, self.said, self.rescue_button,
        )  # fmt: skip
        self._found = _part(
            "La clé de secours est perdue aussi", _LOST, self.sure, self.found_button
        )
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for each in (self._print, self._rescue, self._found):
            column.addWidget(each)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner.setObjectName("form_content")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        area.setWidget(inner)
        self.column.addWidget(self.banner)
        self.column.addWidget(area, 1)

    def forget(self) -> None:
        """Nothing is typed."""
        self.typed.clear()
        self.sure.setChecked(False)

    def show_now(self) -> None:
        """Who has the key prints it; who has not may bring it back."""
        store = self.session.store
        self._holds = circle.is_administrator(store, self.department) and department_key.is_held(
            store, self.department
        )
        self._print.setVisible(self._holds)
        self._rescue.setVisible(not self._holds)
        self._found.setVisible(not self._holds)
        self._check()

    def main(self) -> QWidget:
        """What most will do here."""
        return self.print_button if self._holds else self.typed

    def let(self, *, enabled: bool) -> None:
        """One thing at a time."""
        if enabled:
            self._check()
        else:
            for each in (self.rescue_button, self.found_button):
                each.setEnabled(False)

    # -- printing --------------------------------------------------------------------------

    def print_key(self, folder: Path) -> None:
        """Write the page with the department's key."""
        file = folder / f"cle-de-secours-{self.department}.txt"
        try:
            mark = department_key.print_rescue_key(self.session.store, file, self.department)
        except PreventionError as error:
            self.complain(str(error))
            return
        self.banner.inform(
            words.sentence(f"Clé de secours {mark} écrite\u00a0: «\u00a0{file}\u00a0»."),
            "Imprimez-la en deux exemplaires, mettez-les au coffre, puis supprimez le fichier.",
        )

    # -- bringing it back ------------------------------------------------------------------

    def _check(self) -> None:
        """Say which groups are to be read again, while they are typed."""
        text, said, good = self.typed.toPlainText(), "", False
        if text.strip():
            try:
                department_key.typed_rescue_key(text)
                said, good = f"Les {_GROUPS} groupes sont bien recopiés.", True
            except PreventionError as error:
                said = str(error)
        self.said.setText(words.sentence(said))
        self.said.setVisible(bool(said))
        self.rescue_button.setEnabled(good and not self.working)
        self._show_possible()

    def _show_possible(self) -> None:
        self.found_button.setEnabled(self.sure.isChecked() and not self.working)

    def rescue(self) -> None:
        """Become administrator by the key that was typed."""
        self.work(
            "Reprise de l’administration",
            circle_work.rescue,
            self.typed.toPlainText(),
            self.department,
            then=self._on_rescued,
        )

    def _on_rescued(self, department: str) -> None:
        self.typed.clear()
        self.banner.inform(
            f"Cet ordinateur est administrateur du département {department}.",
            "Retirez maintenant ses droits à l’ordinateur perdu, puis admettez un second "
            "administrateur.",
        )

    def refound(self) -> None:
        """Give the department a new key."""
        self.work(
            "Refondation du département",
            circle_work.refound,
            self.department,
            then=self._on_founded,
        )

    def _on_founded(self, department: str) -> None:
        self.sure.setChecked(False)
        self.banner.inform(
            f"Le département {department} a une nouvelle clé.",
            "Imprimez-la, admettez de nouveau ses ordinateurs et invitez de nouveau les autres "
            "départements.",
        )


def _part(title: str, about: str, *widgets: QWidget) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 12, 16, 14)
    column.setSpacing(8)
    column.addWidget(heading(title))
    column.addWidget(explanation(about))
    for each in widgets:
        if isinstance(each, QLabel | QPlainTextEdit):
            column.addWidget(each)
        else:
            column.addWidget(each, 0, Qt.AlignmentFlag.AlignLeft)
    return card
