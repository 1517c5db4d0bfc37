"""A version at the side of the list: its steps, what was missing, who was told of it."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from prevention_app.catalogue.document_versions import (
    CommitteeOpinion,
    CommitteeVote,
    VersionMotive,
    VersionState,
    Vote,
)
from prevention_app.catalogue.workspace import Attachment
from prevention_app.errors import PreventionError
from prevention_app.services import attachments
from prevention_app.services.document_versions import CONTENT_ENDING, REGISTER, Version
from prevention_app.ui import style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.desktop import open_place
from prevention_app.ui.session import Session
from prevention_app.ui.side_row import SideRow

DONE, WAITS, OPEN = "circle-check", "clock", "circle-minus"
_LEAST: Final = 300


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the side."""

    icon: str
    title: str
    detail: str
    link: str = ""
    act: Callable[[], object] | None = None


class VersionSide(QScrollArea):
    """What there is to know of the current version; what can be done next is a link."""

    opinion_asked = Signal()
    answer_asked = Signal()
    adoption_asked = Signal()
    seal_asked = Signal()
    transmission_asked = Signal()
    consultation_asked = Signal()

    def __init__(self, session: Session) -> None:
        """Nothing to show yet."""
        super().__init__()
        self._session = session
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("La version")
        self.setMinimumWidth(_LEAST)
        self.rows: list[_Row] = []

    def show_version(self, version: Version | None) -> None:
        """Show a version, or nothing."""
        inner = QWidget()
        inner.setObjectName("pane")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(6)
        self.rows = []
        if version is not None:
            self._fill(column, version)
        column.addStretch(1)
        self.setWidget(inner)

    def _fill(self, column: QVBoxLayout, version: Version) -> None:
        record = version.record
        column.addWidget(_said(f"{version.name}, {_lower(version.state_words)}", "section"))
        column.addWidget(_said(_facts(version), "secondary"))
        if version.fork:
            banner = Banner()
            both = " et ".join(seal.reference for seal in version.fork)
            banner.complain(
                "Deux versions figées suivent la même",
                words.sentence(
                    f"{both} ont été figées sans se connaître, sur deux ordinateurs. Annulez "
                    "celle qui ne vaut pas."
                ),
            )
            column.addWidget(banner)
        self.rows = list(self._rows(version))
        for each in self.rows:
            column.addWidget(
                SideRow(each.icon, words.sentence(each.title), words.sentence(each.detail),
                        each.link, each.act)
            )  # fmt: skip
        missing = next((seal.missing for seal in version.seals if seal.missing), "")
        if missing:
            column.addSpacing(6)
            column.addWidget(_said("Ce qui manquait quand elle a été figée", "label"))
            for line in missing.splitlines():
                column.addWidget(_said(f"– {line}", "secondary"))
        if record.void_reason:
            column.addWidget(_said(f"Annulée\u00a0: {record.void_reason}", "secondary"))

    def _rows(self, version: Version) -> Iterator[_Row]:
        if version.state is VersionState.DEPOSITED:
            yield from self._files(REGISTER, version.record.id, "Document déposé")
        elif version.state is not VersionState.VOID:
            yield from self._steps(version)
        if version.state not in (VersionState.PROJECT, VersionState.VOID):
            yield from self._log(version)

    def _steps(self, version: Version) -> Iterator[_Row]:
        open_ = version.state is VersionState.PROJECT
        if open_ or version.opinions:
            yield _Row(DONE, "Projet", f"État au {version.record.as_at:%d/%m/%Y}, figé et numéroté")
        for opinion, votes in version.opinions:
            correct = self.opinion_asked.emit if open_ else None
            title = f"Avis de la F3SCT du {opinion.met_on:%d/%m/%Y}"
            yield _Row(DONE, title, _votes(votes), "Corriger…", correct)
            yield self._answer(opinion)
        if not version.opinions:
            act = self.opinion_asked.emit if open_ else None
            yield _Row(OPEN, "Avis de la F3SCT", "Aucun avis enregistré", "Enregistrer…", act)
        adoption = version.adoption
        act = self.adoption_asked.emit if open_ else None
        if adoption:
            number = f", acte n° {adoption.act_number}" if adoption.act_number else ""
            title = f"Adoptée le {adoption.adopted_on:%d/%m/%Y}"
            yield _Row(DONE, title, f"{adoption.adopted_by}{number}", "Compléter…", act)
            yield from self._files("version_adoption", adoption.id, "Acte signé")
        else:
            yield _Row(OPEN, "Adoption", "Non adoptée", "Enregistrer…", act)
        for seal in version.seals:
            detail = f"{seal.reference}, empreinte {seal.manifest_digest[:12]}…"
            yield _Row(DONE, f"Figée le {seal.sealed_on:%d/%m/%Y}", detail)
        if open_:
            yield _Row(
                OPEN,
                "Version figée",
                "Ce qui manque est dit avant de figer",
                "Figer…",
                self.seal_asked.emit,
            )

    def _answer(self, opinion: CommitteeOpinion) -> _Row:
        if opinion.answer:
            when = f"le {opinion.answered_on:%d/%m/%Y}" if opinion.answered_on else ""
            return _Row(DONE, f"Réponse de l’autorité {when}", opinion.answer)
        due = f"{opinion.answer_due:%d/%m/%Y}" if opinion.answer_due else "sans date"
        detail = f"Attendue le {due} (à vérifier\u00a0: décret 2021-571)"
        return _Row(WAITS, "Réponse de l’autorité", detail, "Répondre…", self.answer_asked.emit)

    def _log(self, version: Version) -> Iterator[_Row]:
        note = ("Noter…", self.transmission_asked.emit)
        for each in version.transmissions:
            way = f", {each.way}" if each.way else ""
            yield _Row(DONE, f"Transmise le {each.sent_on:%d/%m/%Y}", f"{each.receiver}{way}")
        if not version.transmissions:
            yield _Row(OPEN, "Médecine préventive", "Non transmise", *note)
        last = next(iter(version.consultations), None)
        detail = "Aucune consultation notée"
        if last is not None:
            number = words.count(len(version.consultations), "consultation")
            detail = f"{number}, la dernière le {last.consulted_on:%d/%m/%Y} ({last.consulted_by})"
        yield _Row("eye", "Consultations", detail, "Noter…", self.consultation_asked.emit)

    # -- files -----------------------------------------------------------------------------

    def _files(self, register: str, record: str, title: str) -> Iterator[_Row]:
        with self._session.store.reading() as read:
            held = attachments.of_record(read, register, record)
        for each in held:
            if not each.name.endswith(CONTENT_ENDING):
                yield _Row("link", title, each.name, "Ouvrir", lambda each=each: self._open(each))

    def _open(self, attachment: Attachment) -> None:
        try:
            store = self._session.store
            open_place(attachments.copy_for_reading(store, attachment, self._opened))
        except PreventionError as error:
            self._session.say(str(error), "bad")

    @cached_property
    def _opened(self) -> Path:
        """Where copies lie that other programs read; gone with this window."""
        folder = Path(tempfile.mkdtemp(prefix="prevention-"))
        weakref.finalize(self, attachments.remove_copies, folder)
        return folder


def _said(text: str, look: str) -> QLabel:
    label = QLabel(words.sentence(text))
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    style.mark(label, "look", look)
    return label


def _facts(version: Version) -> str:
    record = version.record
    motive = VersionMotive(record.motive).label_fr if record.motive else "Motif non indiqué"
    rest = f" (reste repris de {record.carried_from})" if record.carried_from else ""
    return (
        f"{motive}. {record.scope or 'Tout le département'}{rest}. "
        f"À conserver jusqu’au {record.kept_until:%d/%m/%Y}."
    )


def _votes(votes: Sequence[CommitteeVote]) -> str:
    told = ", ".join(f"{each.organisation} {Vote(each.vote).label_fr.lower()}" for each in votes)
    return told or "Votes à renseigner"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
