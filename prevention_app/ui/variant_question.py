"""Rating a risk of a unit type where one variant is looked at: for this one, or for all?"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from prevention_app.services.risk_document import RiskDetail
from prevention_app.ui import words


def ask_for_whom(
    parent: QWidget, found: RiskDetail, answer: Callable[[str | None], object]
) -> QMessageBox:
    """Ask for whom a rating holds; the answer is the variant, or None for all of them."""
    name = found.unit.partition(", tronc commun")[0]
    ask = QMessageBox(parent)
    ask.setWindowTitle("Cotation d’un risque commun")
    ask.setText(
        words.sentence(f"Cette cotation vaut-elle pour «\u00a0{name}\u00a0» seulement\u202f?")
    )
    ask.setInformativeText(
        "Pour une seule unité, la justification dit ce qui y est particulier\u00a0; les autres "
        "gardent la cotation commune."
    )
    here = ask.addButton("Pour cette unité seulement", QMessageBox.ButtonRole.AcceptRole)
    everywhere = ask.addButton("Pour toutes les variantes", QMessageBox.ButtonRole.YesRole)
    ask.addButton("Abandonner", QMessageBox.ButtonRole.RejectRole)
    here.clicked.connect(lambda: answer(found.variant))
    everywhere.clicked.connect(lambda: answer(None))
    ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    ask.open()
    return ask
