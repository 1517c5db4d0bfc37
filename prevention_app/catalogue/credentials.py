"""Credentials held by people: electrical, driving, first aid, Certiphyto and the others."""

from __future__ import annotations

from datetime import date

from prevention_app.catalogue.checks import after, not_negative
from prevention_app.catalogue.description import Record, Ref, entity, field
from prevention_app.catalogue.organisation import Person
from prevention_app.catalogue.vocabulary import CredentialState

GROUP = "Certiphyto et habilitations"


@entity(
    "credential_type",
    code="TITR",
    category="shared",
    label=("Types d’habilitation", "Credential types"),
    item_fr="Type d’habilitation",
    group=GROUP,
    title=("name",),
    key_fields=("type_code",),
    order=("name",),
    shared=True,
)
class CredentialType(Record):
    """A kind of credential, how long it holds and when its renewal is to be asked for."""

    type_code: str = field("Code", "Code")
    name: str = field("Nom", "Name", search=True)
    family: str | None = field("Famille", "Family")
    validity_months: int | None = field("Validité (mois)", "Validity", checks=[not_negative])
    renew_from_months: int | None = field(
        "Renouvellement dès (mois avant)", "Renewal from (months before)", checks=[not_negative]
    )
    renew_until_months: int | None = field(
        "Renouvellement avant (mois avant)", "Renewal by (months before)", checks=[not_negative]
    )
    legal_reference: str | None = field("Référence", "Reference", lines=2)


@entity(
    "credential",
    code="HABI",
    category="training",
    label=("Habilitations, Certiphyto et autorisations", "Credentials"),
    short_fr="Habilitations",
    item_fr="Habilitation",
    group=GROUP,
    title=("credential_type", "category", "person"),
    key_fields=("person", "credential_type", "category"),
    order=("expires",),
    legal="habilitations",
    checks=(after("expires", "obtained", "La fin de validité précède l’obtention."),),
)
class Credential(Record):
    """A credential of one person; its end follows from the type unless it is written."""

    person: Ref[Person] = field("Agent", "Person")
    credential_type: Ref[CredentialType] = field("Titre", "Credential type")
    category: str | None = field("Catégorie", "Category", search=True)
    state: CredentialState = field("Situation", "State", default=CredentialState.HELD)
    number: str | None = field("N° du titre", "Number", personal=True)
    obtained: date | None = field("Obtenu le", "Obtained")
    expires: date | None = field("Fin de validité", "Expires", due="chef de service")
    extended_until: date | None = field("Prolongée jusqu’au", "Extended until")
    body: str | None = field("Organisme", "Body")
    medical_until: date | None = field("Attestation médicale jusqu’au", "Medical fitness until")
    authorisation_on: date | None = field("Autorisation signée le", "Authorisation signed on")
    renewal_planned: date | None = field("Recyclage prévu le", "Renewal planned on")
    import_remarks: str | None = field(
        "Remarques de reprise", "Import remarks", lines=3, personal=True
    )
