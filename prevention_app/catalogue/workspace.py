"""What the program keeps about itself: stations, users, imports, definitions, attachments."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, datetime

from prevention_app.catalogue.checks import matches
from prevention_app.catalogue.description import Record, entity, field
from prevention_app.catalogue.vocabulary import FieldKind

GROUP = "Paramètres"
RESERVED_KEYS = frozenset(
    {*(each.name for each in dataclasses.fields(Record)), "register", "record", "settles"}
)
"""What every record has, and the words of those who write records, are no keys of fields."""


def _is_key(text: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]{1,40}", text) is not None


def _is_code(text: str) -> bool:
    return re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", text) is not None


_KEY = matches(
    _is_key,
    "Une clé s’écrit en minuscules sans accent, chiffres et « _ », de 2 à 41 signes, "
    "et commence par une lettre.",
)
_CODE = matches(
    _is_code,
    "Un code s’écrit en capitales sans accent et chiffres, de 2 à 8 signes, "
    "et commence par une lettre.",
)
_FREE = matches(
    lambda key: key not in RESERVED_KEYS,
    "Cette clé est réservée au programme : prenez-en une autre.",
)


def _list_has_options(record: Record, today: date) -> tuple[str, str] | None:  # noqa: ARG001
    """A list of choices offers something to choose."""
    chosen = getattr(record, "kind", None) == FieldKind.CHOICE
    if chosen and not str(getattr(record, "options", None) or "").strip():
        return "options", "Une liste de choix a besoin de ses choix, un par ligne."
    return None


@entity(
    "station",
    code="ORDI",
    category="identity",
    label=("Ordinateurs", "Stations"),
    group=GROUP,
    title=("name",),
    key_fields=("station_id",),
    order=("name",),
    system=True,
)
class Station(Record):
    """One installation with its own key."""

    station_id: str = field("Identifiant", "Identifier")
    name: str = field("Nom", "Name", search=True)
    station_code: str = field("Code", "Code")
    earlier_codes: str | None = field(
        "Codes d’avant", "Earlier codes", help="Ses références d’avant se trouvent aussi par eux."
    )
    public_key: str = field("Clé publique", "Public key")


@entity(
    "user",
    code="UTIL",
    category="identity",
    label=("Utilisateurs", "Users"),
    group=GROUP,
    title=("name",),
    key_fields=("name",),
    order=("name",),
    system=True,
)
class User(Record):
    """The person to whom a station was admitted: the author of what it writes."""

    name: str = field("Nom", "Name", personal=True)


@entity(
    "attachment",
    code="PJ",
    category="documents",
    label=("Pièces jointes", "Attachments"),
    group=GROUP,
    title=("name",),
    key_fields=("of_record", "digest"),
    order=("name",),
    system=True,
)
class Attachment(Record):
    """A file that belongs to a record; its bytes lie beside the database, named by digest."""

    of_register: str = field("Registre", "Register")
    of_record: str = field("Fiche", "Record")
    name: str = field("Nom du fichier", "File name", search=True, erasable=True)
    media_type: str | None = field("Type", "Media type")
    size: int = field("Taille", "Size")
    digest: str = field("Empreinte", "Digest")


@entity(
    "import_run",
    code="IMPO",
    category="imports",
    label=("Reprises de fichiers", "Imports"),
    item_fr="Reprise",
    group=GROUP,
    title=("file_name", "imported_at"),
    order=("-imported_at",),
)
class ImportRun(Record):
    """One import: which file, how it was understood, what became of each row (P22)."""

    imported_at: datetime = field("Le", "At")
    kind: str = field("Nature", "Kind")
    file_name: str = field("Fichier", "File", search=True)
    digest: str = field("Empreinte (SHA-256)", "Digest (SHA-256)")
    mapping: str | None = field("Correspondance des colonnes", "Column mapping", lines=4)
    rows_new: int | None = field("Nouvelles", "New")
    rows_changed: int | None = field("Modifiées", "Changed")
    rows_unchanged: int | None = field("Identiques", "Unchanged")
    rows_refused: int | None = field("Refusées", "Refused")
    rows_other: int | None = field("Autres lignes", "Other rows")
    original_kept_until: date | None = field(
        "Original gardé jusqu’au", "Original kept until", help="Sur cet ordinateur seulement."
    )
    report: str | None = field("Compte rendu", "Report", lines=6)


@entity(
    "import_mapping",
    code="MODE",
    category="imports",
    label=("Modèles de reprise", "Import mappings"),
    item_fr="Modèle de reprise",
    group=GROUP,
    title=("name",),
    key_fields=("kind", "name"),
    order=("name",),
)
class ImportMapping(Record):
    """Columns of a workbook as someone corrected them, recognised by its headings next time."""

    name: str = field("Nom", "Name", search=True)
    kind: str = field("Nature", "Kind")
    signature: str = field("Empreinte des en-têtes", "Signature of the headings")
    mapping: str = field("Correspondance", "Mapping", lines=6)


@entity(
    "reference_edition",
    code="EDIT",
    category="shared",
    label=("Éditions des catalogues nationaux", "Reference editions"),
    item_fr="Édition",
    group=GROUP,
    title=("set_key", "edition_date"),
    key_fields=("set_key", "digest"),
    order=("-edition_date",),
    shared=True,
)
class ReferenceEdition(Record):
    """A published catalogue made current here: source, date, digest."""

    set_key: str = field("Catalogue", "Catalogue")
    source: str = field("Source", "Source")
    edition_date: date = field("Date de l’édition", "Edition date")
    digest: str = field("Empreinte (SHA-256)", "Digest (SHA-256)")
    files: str = field("Fichiers", "Files", lines=4)
    licence: str | None = field("Licence", "Licence")


@entity(
    "register_definition",
    code="DEFR",
    category="shared",
    label=("Registres ajoutés", "Own registers"),
    item_fr="Registre ajouté",
    group=GROUP,
    title=("name",),
    key_fields=("register_key",),
    order=("name",),
    shared=True,
)
class RegisterDefinition(Record):
    """A register that users defined themselves; its fields are field definitions."""

    register_key: str = field(
        "Clé", "Key", help="En minuscules, sans accent ; ne change jamais.", checks=[_KEY]
    )
    register_code: str = field(
        "Code", "Code", help="Deux à huit capitales ; ne change jamais.", checks=[_CODE]
    )
    name: str = field("Nom", "Name", search=True)
    name_en: str | None = field("Nom anglais", "English name")
    group: str | None = field("Groupe", "Group", default="Registres")
    legal: str | None = field("Texte", "Legal source")


@entity(
    "field_definition",
    code="DEFC",
    category="shared",
    label=("Champs ajoutés", "Own fields"),
    item_fr="Champ ajouté",
    group=GROUP,
    title=("label",),
    key_fields=("register_key", "field_key"),
    order=("register_key", "rank"),
    shared=True,
    checks=(_list_has_options,),
)
class FieldDefinition(Record):
    """A field that users added to a register, their own or one of ours."""

    register_key: str = field("Registre (clé)", "Register key")
    field_key: str = field(
        "Clé", "Key", help="En minuscules, sans accent ; ne change jamais.", checks=[_KEY, _FREE]
    )
    label: str = field("Libellé", "Label", search=True)
    label_en: str | None = field("Libellé anglais", "English label")
    kind: FieldKind = field("Genre", "Kind", default=FieldKind.TEXT)
    required: bool = field("Obligatoire", "Required", default=False)
    options: str | None = field(
        "Choix (un par ligne)", "Options (one a line)", lines=4, help="code = libellé"
    )
    due: str | None = field(
        "Échéance suivie par", "Due item of", help="Pour une date : la fonction."
    )
    part_of_key: bool = field("Sert à reconnaître la fiche", "Part of the key", default=False)
    rank: int | None = field("Rang", "Rank")
    hidden: bool = field("Masqué", "Hidden", default=False)
