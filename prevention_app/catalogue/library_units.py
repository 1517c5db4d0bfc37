"""The unit types of the shared library: what its typical risks hang on."""

from __future__ import annotations

from prevention_app.catalogue.description import Record, entity, field

GROUP = "Fiches du document unique"


@entity(
    "library_unit",
    code="BIUT",
    category="shared",
    label=("Unités types de la bibliothèque", "Library unit types"),
    item_fr="Unité type de la bibliothèque",
    group=GROUP,
    title=("name",),
    key_fields=("name",),
    order=("name",),
    shared=True,
)
class LibraryUnit(Record):
    """Work that is done alike in many places: a road centre, the cleaning of a collège."""

    name: str = field("Nom", "Name")
    unit_code: str | None = field("Code", "Code")
    directorate: str | None = field("Direction habituelle", "Usual directorate")
    activities: str | None = field("Activités", "Activities", lines=4)
