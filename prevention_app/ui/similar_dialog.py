"""« Et les autres départements ? »: like risks there, and what was done about them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from prevention_app.catalogue.risk_document import Risk
from prevention_app.services.similar_risks import Similar, similar
from prevention_app.ui import style, words
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_NOTHING = (
    "Aucun risque semblable d’un autre département n’est connu de cet ordinateur. Ils s’affichent "
    "ici quand les départements se communiquent leurs risques."
)


class SimilarDialog(QDialog):
    """Lists them, the most alike first."""

    def __init__(self, session: Session, risk: Risk, parent: QWidget) -> None:
        """Read what is like a risk."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Et les autres départements\u202f?")
        with session.store.reading() as read:
            self.found = similar(read, risk)
        title = _label(risk.situation, "section")
        inner = QWidget()
        inner.setObjectName("form_content")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(4)
        for each in self.found:
            self._add(column, session, each)
        if not self.found:
            column.addWidget(_label(_NOTHING, "secondary"))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Risques semblables des autres départements")
        scroll.setWidget(inner)
        close = button("Fermer")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 14)
        outer.setSpacing(10)
        outer.addWidget(title)
        outer.addWidget(scroll, 1)
        outer.addLayout(foot)
        frame = parent.window()
        self.resize(min(640, frame.width() - 40), min(560, frame.height() - 60))

    def _add(self, column: QVBoxLayout, session: Session, each: Similar) -> None:
        level = each.assessment.residual_level.label_fr.lower() if each.assessment else "à évaluer"
        where = f"{session.department_name(each.risk.owner)} · {each.unit} · {level}"
        column.addSpacing(8)
        column.addWidget(_label(each.risk.situation, "strong"))
        column.addWidget(_label(where, "secondary"))
        for heading, titles in (
            ("En place", [one.title for one in each.measures]),
            ("Actions", [one.title for one in each.actions]),
        ):
            if titles:
                lines = "\n".join(f"– {title}" for title in titles)
                column.addWidget(_label(f"{heading}\u00a0:\n{lines}", ""))
        if not each.measures and not each.actions:
            column.addWidget(_label("Aucune mesure n’est connue ici.", ""))


def _label(text: str, look: str) -> QLabel:
    made = QLabel(words.sentence(text))
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if look:
        style.mark(made, "look", look)
    return made
