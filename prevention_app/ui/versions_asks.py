"""What the page « Versions » asks: one form for each step, written when it is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QComboBox, QWidget

from prevention_app.catalogue.description import Field, Kind
from prevention_app.catalogue.document_versions import VersionMotive, Vote
from prevention_app.errors import Refused
from prevention_app.services import (
    document_versions_acts,
    document_versions_notice,
    document_versions_steps,
)
from prevention_app.services.document_versions import REGISTER, Version
from prevention_app.ui import file_choice, user_file
from prevention_app.ui.session import Session
from prevention_app.ui.versions_forms import (
    EARLIER,
    FileRow,
    StepDialog,
    UnitTicks,
    Values,
    Votes,
    day_of,
    text_of,
)

Begin = Callable[[VersionMotive | None, tuple[str, ...]], None]
_PLACE: Final = Field("place", "Où le consulter", "Place", Kind.LONG_TEXT, required=True, lines=2)
_HOW: Final = Field("how", "Comment", "How", Kind.LONG_TEXT, lines=2)
_CONTACT: Final = Field(
    "contact", "À qui s’adresser", "Contact", Kind.TEXT, help="Une fonction, jamais un nom."
)
_REASON: Final = Field("reason", "Pourquoi", "Why", Kind.LONG_TEXT, required=True, lines=3)
_NOTICE: Final = "avis_acces_document_unique.docx"


class Asks:
    """Opens the forms of one page."""

    def __init__(self, session: Session, page: QWidget) -> None:
        """Forms stand over the page."""
        self._session = session
        self._page = page
        self.dialog: StepDialog | None = None

    def _fields(self, register: str, *keys: str) -> list[Field]:
        entity = self._session.store.catalogue[register]
        return [entity.by_key[key] for key in keys]

    def _open(
        self,
        title: str,
        about: str,
        fields: list[Field],
        verb: str,
        act: Callable[[Values], None],
        *,
        values: Values | None = None,
        more: QWidget | None = None,
    ) -> None:
        self.dialog = StepDialog(
            self._session, title, about, fields, verb, act, self._page, values=values, more=more
        )
        self.dialog.open()

    # -- the steps -------------------------------------------------------------------------

    def project(self, department: str, begin: Begin) -> None:
        """Motive and scope of a project."""
        units = UnitTicks(self._session, department)

        def act(values: Values) -> None:
            if units.problem:
                raise Refused(units.problem)
            begin(_motive(values), units.chosen)

        self._open(
            "Soumettre un projet",
            "L’état présent est figé et numéroté. Ce qui changera ensuite se verra en face de lui, "
            "et attendra la version suivante.",
            self._fields(REGISTER, "motive"),
            "Soumettre le projet",
            act,
            more=units,
        )

    def opinion(self, version: Version) -> None:
        """What the committee said at a meeting."""
        last = version.opinions[-1] if version.opinions else None
        votes = Votes([(each.organisation, Vote(each.vote)) for each in (last[1] if last else ())])

        def act(values: Values) -> None:
            done = document_versions_steps.record_opinion(
                self._session.store,
                version.record.reference,
                day_of(values["met_on"]),
                votes.given,
                text_of(values["reservations"]),
            )
            self._session.tell(done)

        self._open(
            f"Avis de la F3SCT sur {version.name}",
            "Un avis défavorable ou absent n’empêche pas d’adopter\u00a0: il est inscrit dans la "
            "version. La réponse écrite de l’autorité est attendue deux mois après la séance (à "
            "vérifier\u00a0: décret 2021-571).",
            self._fields("committee_opinion", "met_on", "reservations"),
            "Enregistrer l’avis",
            act,
            values=(
                {"met_on": last[0].met_on, "reservations": last[0].reservations} if last else None
            ),
            more=votes,
        )

    def answer(self, version: Version) -> None:
        """What the authority answered."""

        def act(values: Values) -> None:
            done = document_versions_steps.record_answer(
                self._session.store,
                version.record.reference,
                text_of(values["answer"]),
                day_of(values["answered_on"]) if values["answered_on"] else self._today,
            )
            self._session.tell(done)

        self._open(
            f"Réponse à l’avis sur {version.name}",
            "La réponse écrite de l’autorité territoriale à l’avis de la F3SCT.",
            self._fields("committee_opinion", "answer", "answered_on"),
            "Enregistrer la réponse",
            act,
            values={"answered_on": self._today},
        )

    def adoption(self, version: Version) -> None:
        """Who adopted, by which act; the signed file."""
        held = version.adoption
        signed = FileRow("Acte signé", "Choisir l’acte signé")

        def act(values: Values) -> None:
            done = document_versions_steps.adopt(
                self._session.store,
                version.record.reference,
                text_of(values["adopted_by"]),
                day_of(values["adopted_on"]),
                capacity=text_of(values["capacity"]),
                act_number=text_of(values["act_number"]),
                signed=signed.file,
            )
            self._session.tell(done)

        keys = ("adopted_by", "capacity", "act_number", "adopted_on")
        self._open(
            f"Adoption de {version.name}",
            "L’acte signé reste une pièce jointe\u00a0: "
            "la version figée n’en garde que l’empreinte.",
            self._fields("version_adoption", *keys),
            "Enregistrer l’adoption",
            act,
            values={key: getattr(held, key) for key in keys} if held else None,
            more=signed,
        )

    # -- the log ---------------------------------------------------------------------------

    def transmission(self, version: Version) -> None:
        """To whom a version went."""

        def act(values: Values) -> None:
            done = document_versions_steps.transmit(
                self._session.store,
                version.record.reference,
                day_of(values["sent_on"]),
                text_of(values["way"]),
                text_of(values["receiver"]),
            )
            self._session.tell(done)

        self._open(
            f"Transmission de {version.name}",
            "À chaque mise à jour, la version va au service de médecine préventive (code du "
            "travail L4121-3-1, VI).",
            self._fields("version_transmission", "sent_on", "receiver", "way"),
            "Noter la transmission",
            act,
            values={"sent_on": self._today, "receiver": "Service de médecine préventive"},
        )

    def consultation(self, version: Version) -> None:
        """Who looked into a version."""

        def act(values: Values) -> None:
            done = document_versions_steps.consult(
                self._session.store,
                version.record.reference,
                text_of(values["consulted_by"]),
                day_of(values["consulted_on"]),
                text_of(values["subject"]),
            )
            self._session.tell(done)

        self._open(
            f"Consultation de {version.name}",
            "Qui a consulté la version, par fonction ou qualité, jamais par nom.",
            self._fields("version_consultation", "consulted_on", "consulted_by", "subject"),
            "Noter la consultation",
            act,
            values={"consulted_on": self._today},
        )

    # -- the rest --------------------------------------------------------------------------

    def void(self, version: Version) -> None:
        """Why a version does not hold; where it was sealed twice, which of the two."""
        which = QComboBox()
        which.setAccessibleName("Version figée à annuler")
        for seal in version.seals:
            which.addItem(f"{seal.reference}, figée le {seal.sealed_on:%d/%m/%Y}", seal.reference)
        twice = len(version.seals) > 1

        def act(values: Values) -> None:
            named = str(which.currentData()) if twice else version.record.reference
            done = document_versions_acts.declare_void(
                self._session.store, named, text_of(values["reason"])
            )
            self._session.tell(done)

        self._open(
            f"Annuler {version.name}",
            "Rien n’est effacé\u00a0: les fichiers figés restent où ils sont, et la version "
            "suivante dira que celle-ci est annulée, et pourquoi.",
            [_REASON],
            "Annuler la version",
            act,
            more=which if twice else None,
        )

    def deposit(self, department: str) -> None:
        """A document of an earlier year, with its date."""
        row = FileRow("Document", "Choisir le document", EARLIER)

        def act(values: Values) -> None:
            if row.file is None:
                raise Refused("Choisissez le document à déposer.")
            _, done = document_versions_acts.deposit(
                self._session.store,
                department,
                row.file,
                day_of(values["elaborated_on"]),
                _motive(values),
            )
            self._session.tell(done)

        self._open(
            "Déposer une version antérieure",
            "Un PDF, un document Word ou un classeur d’une année passée, gardé tel quel quarante "
            "ans à compter de son élaboration.",
            self._fields(REGISTER, "elaborated_on", "motive"),
            "Déposer",
            act,
            more=row,
        )

    def notice(self, department: str) -> None:
        """Where and how the document can be looked into, as a page to pin up."""

        def act(values: Values) -> None:
            told = {key: text_of(each) for key, each in values.items()}

            def write(out: Path) -> None:
                document_versions_notice.write_notice(self._session.store, department, out, **told)
                self._session.say(f"«\u00a0{out.name}\u00a0» est écrit.")

            file_choice.choose_folder(
                self._page,
                "Où écrire l’avis",
                lambda folder: user_file.write(folder / _NOTICE, write, self._session.say),
            )

        self._open(
            "Avis d’accès à afficher",
            "Affiché à la même place que le règlement intérieur (code du travail R4121-4).",
            [_PLACE, _HOW, _CONTACT],
            "Écrire l’avis…",
            act,
            values={
                "how": document_versions_notice.HOW,
                "contact": document_versions_notice.CONTACT,
            },
        )

    @property
    def _today(self) -> date:
        return self._session.store.today()


def _motive(values: Values) -> VersionMotive | None:
    return VersionMotive(str(values["motive"])) if values["motive"] else None
