"""The proposal under the cursor, whole, with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from prevention_app.catalogue.campaign import ProposalKind
from prevention_app.ui import style, words
from prevention_app.ui.page import button
from prevention_app.ui.proposal_list import ProposalLine


class ProposalCard(QFrame):
    """Hidden while nothing is chosen; of several, it tells how many."""

    def __init__(self) -> None:
        """Nothing chosen yet."""
        super().__init__()
        self.setObjectName("footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title, self._text = QLabel(), QLabel()
        style.mark(self._title, "look", "strong")
        for each in (self._title, self._text):
            each.setWordWrap(True)
            each.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.accept_button = button("Accepter", "check", "primary")
        self.correct_button = button("Corriger…", "pencil")
        self.refuse_button = button("Refuser…", "x")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for each in (self.refuse_button, self.correct_button, self.accept_button):
            row.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 10, 20, 10)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addLayout(row)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self._title.text()}\n{self._text.text()}"

    def show_proposals(self, chosen: Sequence[ProposalLine], today: date) -> None:
        """Show the one that is chosen, or how many are."""
        self.setVisible(bool(chosen))
        if not chosen:
            return
        self.correct_button.setEnabled(len(chosen) == 1)
        if len(chosen) > 1:
            units = len({each.place for each in chosen})
            self._title.setText(words.count(len(chosen), "proposition"))
            self._text.setText(f"De {words.count(units, 'unité')}. Acceptées ou refusées ensemble.")
            return
        (line,) = chosen
        proposal = line.proposal
        kind = ProposalKind(proposal.kind)
        self._title.setText(words.sentence(f"{line.place} — {_EFFECT[kind]}"))
        measures = ", ".join((proposal.measures or "").splitlines())
        parts = [
            f"Enregistré\u00a0: {line.recorded}" if line.recorded else "",
            f"Proposé\u00a0: {line.proposed}" if line.proposed else "",
            f"Famille\u00a0: {proposal.family}" if proposal.family else "",
            f"Mesures\u00a0: {measures}" if measures else "",
            _source(line, today),
        ]
        self._text.setText("\n".join(words.sentence(each) for each in parts if each))


_EFFECT = {
    ProposalKind.STILL_TRUE: "toujours vrai, noté sur la ligne de l’unité",
    ProposalKind.CHANGED: "a changé, le risque sera à évaluer",
    ProposalKind.GONE: "n’existe plus, le risque sera supprimé",
    ProposalKind.NEW_SITUATION: "situation nouvelle, un risque à évaluer sera ajouté",
    ProposalKind.ACTION_PROGRESS: "avancement d’une action",
    ProposalKind.REMARK: "remarque, à prendre en note",
}


def _source(line: ProposalLine, today: date) -> str:
    proposal = line.proposal
    who = f" par {proposal.answered_by}" if proposal.answered_by else ""
    return (
        f"Reçu le {words.short_day(proposal.received_on, today)}{who}, "
        f"«\u00a0{proposal.file_name}\u00a0», {proposal.cell}"
    )
