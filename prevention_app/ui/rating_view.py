"""How one risk is rated: both values with what they are made of, and how that came about."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from prevention_app.services.risk_document import RiskDetail
from prevention_app.ui import rating_words, style
from prevention_app.ui.detail_lines import label
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.rating_chip import RatingLabel, initial_mark, residual_mark


class _Card(QFrame):
    """One of the two ratings: its name, its chip, how it is computed."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setObjectName("sunken")
        title = label("secondary", wrap=False)
        title.setText(name)
        self.chip = RatingLabel("section")
        self.formula = label("secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(self.chip)
        column.addWidget(self.formula)
        column.addStretch(1)


def _link(text: str, hint: str) -> QPushButton:
    made = QPushButton(text)
    made.setToolTip(hint)
    style.mark(made, "look", "link")
    return made


class RatingView(QWidget):
    """The ratings of one risk, and what one can do about them."""

    rate_asked = Signal()
    confirm_asked = Signal()
    date_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        """No risk yet."""
        super().__init__(parent)
        self._initial, self._residual = _Card(self, "Brut"), _Card(self, "Résiduel")
        self._arrow = IconLabel("arrow-right")
        self._standing, self._provenance = label("label"), label("secondary")
        self.rate_link = _link("Recoter", "Recoter (E)")
        self.confirm_link = _link("Confirmer", "Confirmer sur place (C)")
        self.date_link = _link("Renseigner la date", "Ouvrir la cotation, pour la dater")
        self.rate_link.clicked.connect(self.rate_asked)
        self.confirm_link.clicked.connect(self.confirm_asked)
        self.date_link.clicked.connect(self.date_asked)
        cards, links, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        cards.setContentsMargins(0, 4, 0, 0)
        cards.setSpacing(6)
        cards.addWidget(self._initial, 1)
        cards.addWidget(self._arrow)
        cards.addWidget(self._residual, 1)
        links.addWidget(self._standing, 1)
        for each in (self.date_link, self.confirm_link, self.rate_link):
            links.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(cards)
        column.addLayout(links)
        column.addWidget(self._provenance)

    def show_risk(self, found: RiskDetail, today: date, *, writable: bool) -> None:
        """Show how a risk is rated."""
        method, assessed = found.method, found.assessment
        for each in (self._initial, self._arrow):
            each.setVisible(bool(method.gross))
        self._initial.chip.show_mark(initial_mark(assessed, method.unrated, wide=True))
        self._residual.chip.show_mark(residual_mark(assessed, method.unrated, wide=True))
        self._initial.formula.setText(rating_words.initial_words(found))
        self._residual.formula.setText(rating_words.residual_words(found))
        undated = bool(assessed and found.rating and found.rating.rated_on is None)
        self._standing.setText(rating_words.standing_words(found, today))
        style.mark(self._standing, "look", "warning" if undated else "label")
        told = rating_words.provenance_words(found)
        self._provenance.setText(told)
        self._provenance.setVisible(bool(told))
        self.rate_link.setText("Recoter" if assessed else "Coter")
        self.rate_link.setVisible(writable)
        self.confirm_link.setVisible(writable and assessed is None and found.hint is not None)
        self.date_link.setVisible(writable and undated)
