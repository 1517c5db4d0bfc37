"""How something that is recorded is declared once: fields, entities, and the catalogue of both.

Every reader (table, form, columns, import, export, search, history, exchange) works from the
`Entity` objects made here, never from a class, so that a register declared in code and one
defined by a user at run time are the same thing to them.
"""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Generic, Self, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from prevention_app.catalogue.retention import Retention

R = TypeVar("R")


class Ref(str, Generic[R]):
    """The id of another record, of the entity named in brackets."""

    __slots__ = ()


Money = Annotated[Decimal, "money"]
"""An amount in euros."""
Colour = Annotated[str, "colour"]
"""A colour as #RRGGBB."""


class Kind(StrEnum):
    """What a field holds; decides column, editor, cell format and parser everywhere."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    YES_NO = "yes_no"
    CHOICE = "choice"
    COLOUR = "colour"
    ATTACHMENT = "attachment"
    PERSON = "person"
    REFERENCE = "reference"


class Choice(StrEnum):
    """A closed list: stable code, French label, English label.

    Members are written ``OPEN = "open", "Ouverte", "Open"``; the code is what is stored.
    """

    label_fr: str
    label_en: str

    def __new__(cls, code: str, label_fr: str, label_en: str) -> Self:
        """Make the member from its code and its two labels."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label_fr = label_fr
        member.label_en = label_en
        return member


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a closed list, as readers see it."""

    code: str
    label_fr: str
    label_en: str


Value = str | int | Decimal | date | datetime | bool | None
"""What a field may hold; choices and references are their codes and ids."""

Check = Callable[[Any, "Record", date], str | None]
"""Says in a French sentence what is wrong with a value, or None; the date is today."""

RecordCheck = Callable[["Record", date], tuple[str, str] | None]
"""Says (field key, French sentence) when fields contradict each other, or None."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entity, with all that its readers need."""

    key: str
    label_fr: str
    label_en: str
    kind: Kind
    required: bool = False
    options: tuple[Option, ...] = ()
    target: str | None = None
    """Key of the entity that a reference points to."""
    default: Value = None
    checks: tuple[Check, ...] = ()
    lines: int = 1
    help: str = ""
    search: bool = False
    personal: bool = False
    erasable: bool = False
    column: str = ""
    """Heading in workbooks where it differs from the French label."""
    aliases: tuple[str, ...] = ()
    """Other headings under which workbooks carry this field."""
    due: str | None = None
    """For a date: who answers for what falls due then (a function, in French)."""
    cautious: str = ""
    """Which of two values is the safer one to believe: « highest » or « lowest »; of a list, by
    the order of its options. Two that disagree are shown in that order."""
    own: bool = False
    """Defined by a user at run time; kept in the record's extra values."""

    @property
    def leaf(self) -> str:
        """The kind of journal leaf that carries it: plain, text or personal."""
        if self.personal:
            return "n"
        return "t" if self.erasable else "p"

    @property
    def heading(self) -> str:
        """The heading of its column in a workbook."""
        return self.column or self.label_fr

    def label(self, language: str = "fr") -> str:
        """The label in the language asked for."""
        return self.label_en if language == "en" else self.label_fr

    def option(self, code: str) -> Option | None:
        """The option with this code, if the list has it."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What `field()` was told; becomes a `Field` once the annotation is known."""

    label_fr: str
    label_en: str
    options: Mapping[str, Any]


def field(label_fr: str, label_en: str, **options: Any) -> Any:
    """Declare a field of an entity; its type is the annotation, optional means ``| None``.

    Options are those of `Field`: default, checks, lines, help, search, personal, erasable,
    column, aliases, due, cautious.
    """
    return FieldSpec(label_fr, label_en, options)


@dataclass(kw_only=True, eq=False)
class Record:
    """A record of any entity: what every record has; its own fields come with the subclass."""

    id: str = ""
    owner: str = ""
    """The department that owns it (41, 45, 28) or 3D when shared."""
    reference: str = ""
    """What people quote: 45-RSST-K7Q-12."""
    deleted: bool = False
    same_as: str | None = None
    read_at: Any = dataclasses.field(default=None, repr=False)
    """Where the journal stood when this was read; the store's own."""
    withheld: frozenset[str] = frozenset()
    """Keys of fields whose value was not communicated to this station."""


@dataclass(frozen=True, eq=False)
class Entity:
    """All that is declared about one register."""

    key: str
    code: str
    label_fr: str
    label_en: str
    group_fr: str
    record_class: type[Record]
    title: tuple[str, ...]
    natural_key: tuple[str, ...] = ()
    """Fields by which the same thing is recognised in a file or at another station."""
    order: tuple[str, ...] = ()
    item_fr: str = ""
    """What one record is called, where the label names the whole book."""
    short_fr: str = ""
    """The label where there is little room: navigation, palette."""
    legal: str = ""
    checks: tuple[RecordCheck, ...] = ()
    statutory: bool = False
    shared: bool = False
    """Records belong to the cooperation (3D), not to a department."""
    system: bool = False
    """Kept by the program itself: no page, no import."""
    acts: bool = False
    """A record is what somebody did: two alike, of two stations, are two and never joined."""
    reference_set: str = ""
    """Rows come from a published file and are read only."""
    own: bool = False
    """Defined by a user at run time; kept in the table of own records."""
    category: str = "prevention"
    """Code of the `Category` that roles are given rights on."""
    retention: Retention | None = None
    """How long its records are kept; they stay where nothing is declared."""
    extra_fields: tuple[Field, ...] = ()
    resolver: Callable[[Entity], tuple[Field, ...]] | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields in the declared order, users' own ones last."""
        declared = self.resolver(self) if self.resolver else ()
        return declared + self.extra_fields

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by their key."""
        return {each.key: each for each in self.fields}

    def label(self, language: str = "fr") -> str:
        """The register's name in the language asked for."""
        return self.label_en if language == "en" else self.label_fr

    def with_fields(self, extra: Iterable[Field]) -> Entity:
        """The same entity with the fields that users added."""
        return dataclasses.replace(self, extra_fields=self.extra_fields + tuple(extra))

    def new(self, **values: Value) -> Record:
        """A record with the declared defaults and these values."""
        record = self.record_class()
        for each in self.fields:
            setattr(record, each.key, values.get(each.key, each.default))
        return record

    def values(self, record: Record) -> dict[str, Value]:
        """The record's values by field key."""
        return {each.key: getattr(record, each.key, None) for each in self.fields}

    def problems(self, record: Record, today: date) -> list[tuple[str, str]]:
        """All that is wrong with a record, as (field key, French sentence)."""
        found = [
            (each.key, message)
            for each in self.fields
            if each.key not in record.withheld
            for message in _field_problems(each, record, today)
        ]
        for check in self.checks:
            problem = check(record, today)
            if problem:
                found.append(problem)
        return found


def _field_problems(each: Field, record: Record, today: date) -> Iterator[str]:
    value = getattr(record, each.key, None)
    if value is None or value == "":
        if each.required:
            yield f"« {each.label_fr} » est à remplir."
        return
    if each.options and each.option(str(value)) is None:
        yield f"« {value} » n’est pas dans la liste de « {each.label_fr} »."
    for check in each.checks:
        message = check(value, record, today)
        if message:
            yield message


T = TypeVar("T", bound=type[Record])


@dataclass_transform(kw_only_default=True, field_specifiers=(field,))
def entity(
    key: str,
    *,
    code: str,
    label: tuple[str, str],
    group: str,
    title: tuple[str, ...],
    key_fields: tuple[str, ...] = (),
    **options: Any,
) -> Callable[[T], T]:
    """Declare an entity: the class's annotated `field()`s become its fields.

    `key_fields` is the natural key; the other options are those of `Entity`.
    """

    def declare(cls: T) -> T:
        specs = {name: value for name, value in vars(cls).items() if isinstance(value, FieldSpec)}
        for name, spec in specs.items():
            setattr(cls, name, dataclasses.field(default=spec.options.get("default")))
        made = dataclass(kw_only=True, eq=False)(cls)
        declared = Entity(
            key=key,
            code=code,
            label_fr=label[0],
            label_en=label[1],
            group_fr=group,
            record_class=made,
            title=title,
            natural_key=key_fields,
            resolver=lambda _: _fields_of(made, specs),
            **options,
        )
        DECLARED[made] = declared
        return made

    return declare


DECLARED: dict[type[Record], Entity] = {}
"""The entity declared by each record class; readers receive a `Catalogue` instead."""


def _fields_of(cls: type[Record], specs: Mapping[str, FieldSpec]) -> tuple[Field, ...]:
    names = {each.__name__: each for each in DECLARED}
    module = vars(sys.modules[cls.__module__]) if cls.__module__ in sys.modules else {}
    written: dict[str, Any] = dict(vars(cls)["__annotations__"])
    holder = type("Hints", (), {"__annotations__": {name: written[name] for name in specs}})
    hints = typing.get_type_hints(holder, globalns={**names, **module}, include_extras=True)
    return tuple(_field_of(name, hints[name], spec) for name, spec in specs.items())


def _field_of(key: str, hint: Any, spec: FieldSpec) -> Field:
    optional = False
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(hint) if part is not type(None)]
        optional = len(parts) < len(typing.get_args(hint))
        hint = parts[0]
    kind, options, target = _kind_of(hint, lines=spec.options.get("lines", 1))
    declared: dict[str, Any] = {
        "required": not optional and kind is not Kind.YES_NO,
        **spec.options,
    }
    for name in ("checks", "aliases"):
        declared[name] = tuple(declared.get(name, ()))
    return Field(
        key, spec.label_fr, spec.label_en, kind, options=options, target=target, **declared
    )


_SCALARS: dict[Any, Kind] = {
    int: Kind.INTEGER,
    Decimal: Kind.DECIMAL,
    date: Kind.DATE,
    datetime: Kind.DATETIME,
    bool: Kind.YES_NO,
}


def _kind_of(hint: Any, lines: int) -> tuple[Kind, tuple[Option, ...], str | None]:
    if typing.get_origin(hint) is Annotated:
        return (Kind.MONEY if typing.get_args(hint)[1] == "money" else Kind.COLOUR), (), None
    if typing.get_origin(hint) is Ref:
        target = DECLARED[typing.get_args(hint)[0]].key
        kinds = {"person": Kind.PERSON, "attachment": Kind.ATTACHMENT}
        return kinds.get(target, Kind.REFERENCE), (), target
    if isinstance(hint, type) and issubclass(hint, Choice):
        return Kind.CHOICE, options_of(hint), None
    if isinstance(hint, type) and issubclass(hint, Enum):
        raise TypeError(f"{hint.__name__}: closed lists are declared as Choice")
    if hint in _SCALARS:
        return _SCALARS[hint], (), None
    if hint is str:
        return (Kind.LONG_TEXT if lines > 1 else Kind.TEXT), (), None
    raise TypeError(f"no kind of field for {hint!r}")


def options_of(choices: type[Choice]) -> tuple[Option, ...]:
    """The members of a closed list as options."""
    return tuple(Option(each.value, each.label_fr, each.label_en) for each in choices)


class Catalogue:
    """The entities that a workspace knows: those declared in code and those users defined."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        """Keep the entities in the order given; keys and codes must be unique."""
        self.entities = tuple(entities)
        self.by_key = {each.key: each for each in self.entities}
        self.by_code = {each.code: each for each in self.entities}
        if not len(self.by_key) == len(self.by_code) == len(self.entities):
            raise ValueError("two registers share a key or a code")

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.entities)

    def __contains__(self, key: str) -> bool:
        return key in self.by_key

    def __getitem__(self, key: str) -> Entity:
        return self.by_key[key]

    def of(self, record_class: type[Record]) -> Entity:
        """The entity of a record class, with the fields that users added in this workspace."""
        return self.by_key[DECLARED[record_class].key]

    @cached_property
    def registers(self) -> tuple[Entity, ...]:
        """What people see: all but what the program keeps for itself, and registers without fields.

        A register that someone is defining has none yet: there is nothing to write in it.
        """
        return tuple(each for each in self.entities if each.fields and not each.system)

    def children(self, key: str) -> list[tuple[Entity, Field]]:
        """Entities with a reference to this one, and the field that holds it."""
        return [(each, one) for each in self.entities for one in each.fields if one.target == key]
