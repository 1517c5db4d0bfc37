"""The versions of the document unique: project, opinion, adoption, seal, and who consulted it.

Legal source: code du travail L4121-3-1 and R4121-4; décret 2021-571 for the committee.
"""

from __future__ import annotations

from datetime import date

from prevention_app.catalogue.checks import after, not_in_future, within
from prevention_app.catalogue.description import Choice, Record, Ref, entity, field
from prevention_app.catalogue.retention import Fate, Retention
from prevention_app.catalogue.risk_document import GROUP

KEPT_YEARS = 40
"""How long every version is kept from its elaboration (code du travail R4121-4)."""
_FUNCTION = "Une fonction, jamais un nom."


class VersionState(Choice):
    """How far a version has come."""

    PROJECT = "project", "Projet", "Project"
    SEALED = "sealed", "Adoptée et figée", "Adopted and sealed"
    NOT_ADOPTED = "not_adopted", "Version figée non adoptée", "Sealed, not adopted"
    DEPOSITED = "deposited", "Version antérieure déposée", "Earlier version deposited"
    VOID = "void", "Annulée", "Void"


class VersionMotive(Choice):
    """Why the document is updated (code du travail R4121-2)."""

    YEARLY = "yearly", "Mise à jour annuelle", "Yearly update"
    ARRANGEMENT = "arrangement", "Aménagement important", "Important arrangement"
    INFORMATION = "information", "Information nouvelle sur un risque", "New information"
    ACCIDENT = "accident", "Accident ou maladie", "Accident or disease"
    GRAVE_DANGER = "grave_danger", "Danger grave et imminent", "Grave danger"


class Vote(Choice):
    """What an organisation of the committee answered."""

    FAVOURABLE = "favourable", "Favorable", "Favourable"
    UNFAVOURABLE = "unfavourable", "Défavorable", "Unfavourable"
    ABSTENTION = "abstention", "Abstention", "Abstention"
    ABSENT = "absent", "N’a pas pris part au vote", "Did not take part"


@entity(
    "document_version",
    code="VERS",
    label=("Versions du document unique", "Versions of the risk document"),
    item_fr="Version",
    group=GROUP,
    title=("name",),
    key_fields=("name",),
    order=("-year", "-number"),
    legal="duerp",
    system=True,
    retention=Retention(KEPT_YEARS, "elaborated_on", Fate.KEPT, "Code du travail R4121-4."),
)
class DocumentVersion(Record):
    """One version, from its project to its seal, or an earlier one that was deposited."""

    name: str = field("Version", "Version", help="Département, année, rang dans l’année.")
    year: int = field("Année", "Year", checks=[within(1900, 2200)])
    number: int = field("Rang dans l’année", "Number in the year")
    state: VersionState = field("État", "State", default=VersionState.PROJECT)
    motive: VersionMotive | None = field("Motif", "Motive")
    scope: str | None = field("Périmètre", "Scope", lines=2, help="Vide : tout le département.")
    carried_from: str | None = field("Reste repris de", "Rest taken from")
    as_at: date = field("État du document au", "As at")
    elaborated_on: date = field("Élaborée le", "Elaborated on", checks=[not_in_future])
    kept_until: date = field("À conserver jusqu’au", "Kept until")
    content_digest: str | None = field("Empreinte du contenu", "Digest of the content")
    void_reason: str | None = field("Motif de l’annulation", "Why it is void", lines=2)


@entity(
    "document_seal",
    code="FIGE",
    label=("Versions figées", "Sealed versions"),
    item_fr="Version figée",
    group=GROUP,
    title=("sealed_on",),
    order=("-sealed_on",),
    legal="duerp",
    system=True,
    statutory=True,
    retention=Retention(KEPT_YEARS, "sealed_on", Fate.KEPT, "Code du travail R4121-4."),
)
class DocumentSeal(Record):
    """That a version was closed: what its files say, and after which one it comes."""

    version: Ref[DocumentVersion] = field("Version", "Version")
    previous: Ref[DocumentSeal] | None = field("Version figée précédente", "Previous seal")
    sealed_on: date = field("Figée le", "Sealed on")
    adopted: bool = field("Adoptée", "Adopted", default=False)
    content_digest: str = field("Empreinte du contenu", "Digest of the content")
    manifest_digest: str = field("Empreinte du manifeste", "Digest of the manifest")
    missing: str | None = field("Ce qui manquait", "What was missing", lines=6)
    voided_on: date | None = field("Annulée le", "Void since")


@entity(
    "committee_opinion",
    code="AVIS",
    label=("Avis de la F3SCT", "Opinions of the committee"),
    item_fr="Avis",
    group=GROUP,
    title=("version", "met_on"),
    key_fields=("version", "met_on"),
    order=("-met_on",),
    legal="duerp",
    checks=(after("answered_on", "met_on", "La réponse précède la séance."),),
)
class CommitteeOpinion(Record):
    """What the committee said of a version, and what the authority answered."""

    version: Ref[DocumentVersion] = field("Version", "Version")
    met_on: date = field("Séance du", "Meeting of", checks=[not_in_future])
    reservations: str | None = field("Réserves et observations", "Reservations", lines=4)
    answer: str | None = field(
        "Réponse écrite de l’autorité territoriale", "Answer of the authority", lines=4
    )
    answer_due: date | None = field(
        "Réponse attendue le",
        "Answer due",
        due="autorité territoriale",
        help="Deux mois après la séance (à vérifier : décret 2021-571) ; vidé par la réponse.",
    )
    answered_on: date | None = field("Répondu le", "Answered on", checks=[not_in_future])


@entity(
    "committee_vote",
    code="VOTE",
    label=("Votes de la F3SCT", "Votes of the committee"),
    item_fr="Vote",
    group=GROUP,
    title=("organisation", "vote"),
    key_fields=("opinion", "organisation"),
    order=("opinion", "organisation"),
)
class CommitteeVote(Record):
    """How one organisation voted: an organisation, never a person."""

    opinion: Ref[CommitteeOpinion] = field("Avis", "Opinion")
    organisation: str = field("Organisation", "Organisation")
    vote: Vote = field("Vote", "Vote", default=Vote.FAVOURABLE)


@entity(
    "version_adoption",
    code="ADOP",
    label=("Adoptions du document unique", "Adoptions of the risk document"),
    item_fr="Adoption",
    group=GROUP,
    title=("version", "adopted_on"),
    key_fields=("version", "act_number"),
    order=("-adopted_on",),
    legal="duerp",
)
class VersionAdoption(Record):
    """The act by which the authority adopts a version; its signed file is an attachment."""

    version: Ref[DocumentVersion] = field("Version", "Version")
    adopted_by: str = field("Adoptée par (fonction)", "Adopted by (function)", help=_FUNCTION)
    capacity: str | None = field("En qualité de", "In the capacity of")
    act_number: str | None = field("N° de l’acte", "Number of the act")
    adopted_on: date = field("Adoptée le", "Adopted on", checks=[not_in_future])
    signed_digest: str | None = field(
        "Empreinte de l’acte signé", "Digest of the signed act", help="SHA-256 du fichier joint."
    )


@entity(
    "version_consultation",
    code="CONS",
    label=("Consultations du document unique", "Consultations of the risk document"),
    item_fr="Consultation",
    group=GROUP,
    title=("consulted_on", "consulted_by"),
    key_fields=("version", "consulted_on", "consulted_by"),
    order=("-consulted_on",),
    legal="duerp",
)
class VersionConsultation(Record):
    """Who looked into a version (code du travail R4121-4)."""

    version: Ref[DocumentVersion] = field("Version", "Version")
    consulted_on: date = field("Le", "On", checks=[not_in_future])
    consulted_by: str = field("Par (fonction ou qualité)", "By (function)", help=_FUNCTION)
    subject: str | None = field("Ce qui a été consulté", "What was consulted", lines=2)


@entity(
    "version_transmission",
    code="TRAN",
    label=("Transmissions au service de médecine", "Transmissions to the health service"),
    short_fr="Transmissions à la médecine",
    item_fr="Transmission",
    group=GROUP,
    title=("version", "sent_on"),
    key_fields=("version", "sent_on"),
    order=("-sent_on",),
    legal="duerp",
)
class VersionTransmission(Record):
    """That a version went to the occupational-health service (code du travail L4121-3-1, VI)."""

    version: Ref[DocumentVersion] = field("Version", "Version")
    sent_on: date = field("Transmise le", "Sent on", checks=[not_in_future])
    receiver: str = field(
        "À", "To", default="Service de médecine préventive", help="Un service, jamais un nom."
    )
    way: str | None = field("Moyen", "Way", help="Courriel, dépôt, remise en main propre…")
