"""Which edition of the national catalogue judges the store, and the way to bring a newer one."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from prevention_app.services.plant_protection import CatalogueHeld
from prevention_app.ui import style, words
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.page import button


class CatalogueLine(QWidget):
    """« Catalogue E-Phy du 17 nov., 15 052 produits · Mettre à jour… », amber when it is old."""

    update_asked = Signal()

    def __init__(self) -> None:
        """Nothing known yet."""
        super().__init__()
        self._mark = IconLabel("triangle-alert", "warn")
        self._mark.hide()
        self.label = ElidingLabel()
        style.mark(self.label, "look", "secondary")
        self._update = button("Mettre à jour…", look="link")
        self._update.setAccessibleName("Mettre à jour le catalogue E-Phy…")
        self._update.clicked.connect(self.update_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(6)
        for each in (self._mark, self.label, self._update):
            row.addWidget(each)

    def show_catalogue(self, held: CatalogueHeld, today: date) -> None:
        """Say which catalogue is held here."""
        self._mark.setVisible(held.old)
        style.mark(self.label, "look", "warn" if held.old else "secondary")
        if held.edition is None:
            self.label.setText("Aucun catalogue E-Phy sur cet ordinateur")
            return
        day = words.short_day(held.edition, today)
        age = (today - held.edition).days
        old = f", il y a {words.count(age, 'jour')}" if held.old else ""
        products = words.count(held.products, "produit")
        self.label.setText(f"Catalogue E-Phy du {day}{old}, {products}")
