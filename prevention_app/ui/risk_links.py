"""What ties a risk to others: its template, its unit type, the like of it elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLabel, QVBoxLayout, QWidget

from prevention_app.services import risk_templates, type_units
from prevention_app.services.risk_document import RiskDetail
from prevention_app.storage.work import Changes
from prevention_app.ui import style, words
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.similar_dialog import SimilarDialog
from prevention_app.ui.updates_pane import UpdatesDialog


class RiskLinks(QWidget):
    """Says where a risk comes from and what differs there; offers what one can do about it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        """No risk yet."""
        super().__init__(parent)
        self._session = session
        self._found: RiskDetail | None = None
        self._told = QLabel()
        self._told.setWordWrap(True)
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        style.mark(self._told, "look", "secondary")
        self.update_button = button("Voir ce qui diffère…", look="link")
        self.absent_button = button("Sans objet ici…", look="link")
        self.common_button = button("Revenir à la cotation commune", look="link")
        self.similar_button = button("Et les autres départements\u202f?", look="link")
        self.similar_button.setToolTip("Ce qu’ils ont fait d’un risque semblable")
        links = QWidget()
        flow = FlowLayout(links, 10)
        for made, act in (
            (self.update_button, self._show_updates),
            (self.absent_button, self._ask_reason),
            (self.common_button, self._rate_as_common),
            (self.similar_button, self._show_similar),
        ):
            flow.addWidget(made)
            made.clicked.connect(act)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        column.addWidget(self._told)
        column.addWidget(links)

    def show_risk(self, found: RiskDetail, *, writable: bool) -> None:
        """Show what ties this risk to others."""
        self._found = found
        with self._session.store.reading() as read:
            differing = risk_templates.differences(read, found.risk)
        told: list[str] = []
        if differing:
            labels = dict.fromkeys(each.label.lower() for each in differing)
            told.append(f"Son modèle a changé\u00a0: {', '.join(labels)}.")
        own = found.rating is not None and bool(found.rating.work_unit)
        if found.variant:
            told.append("Coté différemment ici." if own else "Tronc commun de l’unité type.")
        self._told.setText(words.sentence(" ".join(told)))
        self._told.setVisible(bool(told))
        self.update_button.setVisible(bool(differing))
        self.absent_button.setVisible(writable and bool(found.variant))
        self.common_button.setVisible(writable and own)

    def _show_updates(self) -> None:
        if self._found is not None:
            UpdatesDialog(self._session, self._found.risk.id, self).open()

    def _show_similar(self) -> None:
        if self._found is not None:
            SimilarDialog(self._session, self._found.risk, self).open()

    def _ask_reason(self) -> None:
        """Ask why the variant does not have this risk."""
        found = self._found
        if found is None:
            return
        ask = QInputDialog(self)
        ask.setWindowTitle("Risque commun sans objet ici")
        ask.setLabelText("Motif, imprimé avec la fiche de l’unité\u00a0:")
        ask.setOkButtonText("Déclarer sans objet")
        ask.setCancelButtonText("Abandonner")
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask.textValueSelected.connect(partial(self.declare_absent, found))
        ask.open()

    def declare_absent(self, found: RiskDetail, reason: str) -> None:
        """Say that the variant looked at does not have this risk."""
        self._write(
            lambda: type_units.declare_not_applicable(
                self._session.store, found.risk.id, found.variant, reason
            ),
            "Risque commun sans objet dans cette unité.",
        )

    def _rate_as_common(self) -> None:
        found = self._found
        if found is not None:
            self._write(
                lambda: type_units.rate_as_common(
                    self._session.store, found.risk.id, found.variant
                ),
                "L’unité suit de nouveau la cotation commune.",
            )

    def _write(self, act: Callable[[], Changes], told: str) -> None:
        def write() -> None:
            self._session.tell(act())
            self._session.say(f"{told} Annuler (Ctrl Z)")

        self._session.write_or_tell(write)
