"""Which columns a register's table shows, chosen from its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from prevention_app.catalogue.description import Entity, Field, Kind
from prevention_app.ui import states

REFERENCE: Final = "reference"
MOST: Final = 6
_TEXTS: Final = (Kind.TEXT, Kind.LONG_TEXT)
_LINKS: Final = (Kind.REFERENCE, Kind.PERSON)
_NUMBERS: Final = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY)

_WIDTHS: Final = {
    Kind.DATE: 108,
    Kind.DATETIME: 140,
    Kind.YES_NO: 90,
    Kind.INTEGER: 90,
    Kind.DECIMAL: 100,
    Kind.MONEY: 110,
    Kind.CHOICE: 172,
    Kind.COLOUR: 100,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: a field, or the reference that every record has."""

    key: str
    heading: str
    field: Field | None
    second: Field | None = None
    """For the main column: the field shown in small on a second line."""
    wide: int = 150
    """How wide it is at first where it shows no field."""

    @property
    def width(self) -> int:
        """How wide it is at first."""
        if self.field is None:
            return self.wide
        return _WIDTHS.get(self.field.kind, 170)

    @property
    def right(self) -> bool:
        """Whether it is aligned to the right: numbers."""
        return self.field is not None and self.field.kind in _NUMBERS


def main_field(entity: Entity) -> Field:
    """The field by which people know a record: the first of its title that is a text or a link."""
    titles = [entity.by_key[key] for key in entity.title]
    named = [each for each in titles if each.kind in (*_TEXTS, *_LINKS)]
    linked = [each for each in entity.fields if each.kind in _LINKS]
    return next(iter((*named, *linked, *titles, *entity.fields)))


def second_field(entity: Entity) -> Field | None:
    """What is shown under the main field: where or whose it is."""
    main = main_field(entity)
    links = [each for each in entity.fields if each.kind in _LINKS and each.key != main.key]
    return next((each for each in links if each.required), links[0] if links else None)


def all_columns(entity: Entity) -> list[Column]:
    """Every column that can be shown: the reference, then the fields as declared."""
    main, second = main_field(entity), second_field(entity)
    return [
        Column(REFERENCE, "Référence", None),
        *(
            Column(each.key, each.label_fr, each, second if each.key == main.key else None)
            for each in entity.fields
        ),
    ]


def default_keys(entity: Entity) -> list[str]:
    """The columns shown at first: dates and state beside what the record is about."""
    main = main_field(entity)
    chosen = [key for key in by_weight(entity) if key != REFERENCE][:MOST]
    first = [
        key
        for key in chosen
        if entity.by_key[key].kind is Kind.DATE and entity.by_key[key].required
    ][:1]
    rest = [each.key for each in entity.fields if each.key in chosen and each.key not in first]
    reference = [] if entity.reference_set else [REFERENCE]
    return [*reference, *first, main.key, *rest]


def by_weight(entity: Entity) -> list[str]:
    """The columns beside the main one, those that matter most first: a narrow table keeps these."""
    main, second = main_field(entity), second_field(entity)
    known = [each for each in entity.fields if each.key not in (main.key, second and second.key)]
    ranked = sorted(
        (each for each in known if _weight(entity, each) < 9),
        key=lambda each: (_weight(entity, each), entity.fields.index(each)),
    )
    keys = [each.key for each in ranked]
    return [*keys[:3], REFERENCE, *keys[3:]]


def _weight(entity: Entity, each: Field) -> int:
    if each.kind in (Kind.LONG_TEXT, Kind.ATTACHMENT) or each.key == "import_remarks":
        return 9
    if each.required and each.kind is Kind.DATE:
        return 0
    if states.is_state(each):
        return 1
    if each.due:
        return 2
    if each.key in entity.natural_key or each.key in entity.title or each.required:
        return 3
    if each.kind in (*_LINKS, Kind.CHOICE):
        return 4
    if each.kind is Kind.DATE:
        return 5
    if each.kind in (*_NUMBERS, Kind.YES_NO, Kind.DATETIME):
        return 6
    return 7 if not each.personal else 8
