"""The first page of a new installation: whose workspace it is, and where to begin."""

from __future__ import annotations

import platform
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from prevention_app.ui import style
from prevention_app.ui.banner import Banner
from prevention_app.ui.page import Keys, Page, button

_DEPARTMENTS: Final = (("41", "Loir-et-Cher"), ("45", "Loiret"), ("28", "Eure-et-Loir"))


class FirstOpening(Page):
    """Department and name of the computer, then « Créer »; or the demonstration."""

    title = "Première ouverture"
    create_asked = Signal(str, str)
    """Department and name of the computer."""
    demo_asked = Signal()

    def __init__(self) -> None:
        """Nothing exists yet."""
        super().__init__()
        self.department = QComboBox()
        self.department.setAccessibleName("Département")
        for number, name in _DEPARTMENTS:
            self.department.addItem(f"{number}  {name}", number)
        self.department.setCurrentIndex(1)
        self.name = QLineEdit(platform.node()[:40])
        self.name.setAccessibleName("Nom de cet ordinateur")
        self.create_button = button("Créer l’espace de travail", look="primary")
        self.create_button.clicked.connect(self._create)
        self.demo_button = button("Ouvrir l’exemple")
        self.demo_button.clicked.connect(self.demo_asked)
        self.banner = Banner()
        self.name.returnPressed.connect(self._create)
        self._lay_out()

    def _lay_out(self) -> None:
        title = QLabel("Bienvenue. Par où commencer ?".replace(" ?", "\u202f?"))
        style.mark(title, "look", "finding_title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        where = QLabel(
            "Tout reste sur cet ordinateur tant que vous n’échangez rien. "
            "Vous pouvez travailler sans réseau dès maintenant."
        )
        where.setAlignment(Qt.AlignmentFlag.AlignCenter)
        where.setWordWrap(True)
        style.mark(where, "look", "crumb")
        inner = QVBoxLayout()
        inner.setSpacing(12)
        inner.addWidget(title)
        inner.addWidget(where)
        inner.addSpacing(12)
        inner.addWidget(self.banner)
        inner.addWidget(self._new_card())
        inner.addWidget(self._demo_card())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(inner, 3)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)

    def _new_card(self) -> QFrame:
        card, column = _card(
            "1", "Créer l’espace de travail de votre département",
            "Ensuite, déposez vos classeurs dans la fenêtre : organigramme, document unique, "
            "vérifications. Vous relisez tout avant d’écrire.",
        )  # fmt: skip
        fields = QHBoxLayout()
        fields.setSpacing(12)
        for text, field in (("Département", self.department), ("Nom de cet ordinateur", self.name)):
            box = QVBoxLayout()
            box.setSpacing(4)
            label = QLabel(text)
            label.setBuddy(field)
            style.mark(label, "look", "label")
            box.addWidget(label)
            box.addWidget(field)
            fields.addLayout(box, 1)
        fields.addWidget(self.create_button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(fields)
        return card

    def _demo_card(self) -> QFrame:
        card, column = _card(
            "2", "Regarder d’abord un exemple",
            "Trois départements fictifs : document unique, registres, vérifications, "
            "habilitations, stock de produits.",
        )  # fmt: skip
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.demo_button)
        column.addLayout(row)
        return card

    def _create(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.refuse("Donnez un nom à cet ordinateur : il paraîtra dans l’historique.")
            self.name.setFocus()
            return
        self.create_asked.emit(str(self.department.currentData()), name)

    def refuse(self, sentence: str) -> None:
        """Say why nothing was created."""
        self.banner.complain(sentence)

    def focus_main(self) -> None:
        """The department is chosen first."""
        self.department.setFocus()

    def keys(self) -> Keys:
        """The keys of the page."""
        return (("Tab", "Champ suivant"), ("Entrée", "Créer"))


def _card(number: str, title: str, text: str) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setObjectName("card")
    mark = QLabel(number)
    mark.setFixedSize(26, 26)
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    style.mark(mark, "look", "number_badge")
    head = QLabel(title)
    style.mark(head, "look", "section")
    under = QLabel(text)
    under.setWordWrap(True)
    style.mark(under, "look", "crumb")
    column = QVBoxLayout()
    column.setSpacing(6)
    column.addWidget(head)
    column.addWidget(under)
    column.addSpacing(4)
    row = QHBoxLayout(card)
    row.setContentsMargins(18, 16, 18, 16)
    row.setSpacing(14)
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(column, 1)
    return card, column
