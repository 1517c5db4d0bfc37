"""Reading records: by conditions, in an order, a page at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.operators import custom_op
from sqlcipher3 import dbapi2

from prevention_app.catalogue.description import Catalogue, Entity, Field, Kind, Record, Value
from prevention_app.catalogue.values import fold, format_decimal, shown
from prevention_app.errors import NotFound
from prevention_app.storage import identity, search, tables
from prevention_app.storage.engine import Connection
from prevention_app.storage.journal import Moment, clock_time, moment
from prevention_app.storage.search import Hit, Within, trigrams


class Op(StrEnum):
    """How a condition compares."""

    IS = "is"
    IS_NOT = "is_not"
    ANY_OF = "any_of"
    SAME_TEXT = "same_text"
    """Equal but for accents, capitals and apostrophes."""
    CONTAINS = "contains"
    FROM = "from"
    UNTIL = "until"
    EMPTY = "empty"
    FILLED = "filled"


_ASIDE: Final = (
    "EXISTS (SELECT 1 FROM aside WHERE aside.station = leaf.station "
    "AND aside.number = leaf.number AND aside.position = leaf.position)"
)
_COUNTS: Final = (
    "(NOT EXISTS (SELECT 1 FROM aside WHERE aside.station = head.station "
    "AND aside.number = head.number) "
    "OR EXISTS (SELECT 1 FROM leaf WHERE leaf.station = head.station "
    f"AND leaf.number = head.number AND leaf.record IS NOT NULL AND NOT {_ASIDE}))"
)
"""Whether an entry says anything that is not kept aside."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: a field, how it compares, and with what (a list for ANY_OF)."""

    field: str
    op: Op = Op.IS
    value: Any = None


@dataclass(frozen=True, slots=True)
class Query:
    """What to list: the conditions all hold; `order` names fields, « -field » for descending."""

    register: str
    where: tuple[Condition, ...] = ()
    owners: tuple[str, ...] = ()
    """Departments whose records are wanted; empty means all."""
    order: tuple[str, ...] = ()
    ids: tuple[str, ...] | None = None
    with_deleted: bool = False
    text: str = ""
    """Words to find in any searchable field."""


@dataclass(frozen=True, slots=True)
class Passed:
    """One change as the journal tells of it, without its values."""

    station: str
    author: str
    message: str
    when: datetime
    """As the wall clock here shows it."""
    register: str
    """Code of the register of the first record that it touched; empty where that is absent."""
    record: str
    records: int
    """How many records it touched, counted up to 1000."""


class GivenUp(Exception):
    """A statement was stopped because nobody wants its answer any more."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A record with what its title is made of."""

    id: str
    reference: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Sums:
    """What the records of one group add up to."""

    value: Value
    """What the field that they are grouped by holds; for dates, the year."""
    count: int
    totals: Mapping[str, tuple[int, Decimal]]
    """Key of a number field → how many records hold a number, and their sum."""


def select(
    catalogue: Catalogue, query: Query, columns: Sequence[Any]
) -> sa.Select[*tuple[Any, ...]]:
    """The statement that reads these columns of the wanted rows, unordered.

    SQLite is told that few records are deleted or of other departments: it would go through an
    index to pick out the others one by one.
    """
    entity = catalogue[query.register]
    table = sa.table(tables.table_name(entity), sa.column("_id"), sa.column("same_as"))
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*columns).select_from(table)
    if entity.own:
        statement = statement.where(sa.column("_register") == entity.key)
    if not query.with_deleted:
        kept = sa.func.likely(sa.column("_deleted") == 0)
        statement = statement.where(kept, _stands_alone(table))
    if query.owners:
        wanted = sa.func.likely(sa.column("_owner").in_(query.owners))
        statement = statement.where(wanted)
    if query.ids is not None:
        statement = statement.where(sa.column("_id").in_(query.ids))
    for word in fold(query.text).split():
        statement = statement.where(_found(entity, word))
    for condition in query.where:
        statement = statement.where(_clause(entity, condition))
    return statement


def _stands_alone(table: sa.TableClause) -> sa.ColumnElement[bool]:
    """Joined to nothing, or to what is not here; of two joined crosswise, the first."""
    other = table.alias("other")
    leads_on = sa.exists().where(
        other.c["_id"] == table.c.same_as,
        sa.or_(
            other.c.same_as.is_(None),
            other.c.same_as != table.c["_id"],
            other.c["_id"] < table.c["_id"],
        ),
    )
    return sa.or_(table.c.same_as.is_(None), sa.not_(leads_on))


def _found(entity: Entity, word: str) -> sa.ColumnElement[bool]:
    held = sa.table("search_text", *map(sa.column, ("row", "record", "register", "text")))
    found = sa.select(held.c.record).where(
        held.c.register == entity.key, held.c.text.contains(word, autoescape=True)
    )
    if len(word) > 2:
        matching = sa.text(
            "row IN (SELECT rowid FROM search_index WHERE search_index MATCH :pieces)"
        )
        found = found.where(
            matching.bindparams(sa.bindparam("pieces", trigrams(word), unique=True))
        )
    return sa.column("_id").in_(found)


def _clause(entity: Entity, condition: Condition) -> sa.ColumnElement[bool]:
    each = entity.by_key.get(condition.field)
    if each is None:
        raise NotFound(f"« {entity.label_fr} » n’a pas de champ « {condition.field} ».")
    column = tables.column(entity, each)
    match condition.op:
        case Op.IS:
            return column == tables.to_column(each, condition.value)
        case Op.IS_NOT:
            return column.is_distinct_from(tables.to_column(each, condition.value))
        case Op.ANY_OF:
            return column.in_([tables.to_column(each, value) for value in condition.value])
        case Op.SAME_TEXT | Op.CONTAINS:
            return _text_clause(column, condition)
        case Op.FROM:
            return column >= tables.to_column(each, condition.value)
        case Op.UNTIL:
            return column <= tables.to_column(each, condition.value)
        case Op.EMPTY:
            return sa.or_(column.is_(None), column == "")
        case Op.FILLED:
            return sa.and_(column.is_not(None), column != "")


def _text_clause(column: sa.ColumnElement[Any], condition: Condition) -> sa.ColumnElement[bool]:
    held, wanted = sa.func.fold(column), fold(str(condition.value))
    if condition.op is Op.SAME_TEXT:
        return held == wanted
    return held.contains(wanted, autoescape=True)


def ordering(catalogue: Catalogue, query: Query) -> list[sa.ColumnElement[Any]]:
    """The ORDER BY of a query: what was asked for, else as declared; the id decides ties."""
    entity = catalogue[query.register]
    clauses: list[sa.ColumnElement[Any]] = []
    for name in query.order or entity.order:
        key = name.removeprefix("-")
        if key == "reference":
            clause: sa.ColumnElement[Any] = sa.cast(sa.column("_counter"), sa.Integer)
        else:
            each = entity.by_key[key]
            clause = _sorted_by(catalogue, entity, each)
            # Not by what is folded at each reading: that would cost as much again.
            clauses.append(_kept(entity, each).is_(None))
        clauses.append(clause.desc() if name.startswith("-") else clause.asc())
    return [*clauses, sa.column("_id")]


def _sorted_by(catalogue: Catalogue, entity: Entity, each: Field) -> sa.ColumnElement[Any]:
    kept = _kept(entity, each)
    if each.target and each.target in catalogue:
        target = catalogue[each.target]
        first = target.by_key[target.title[0]]
        if first.target is None and not target.own:
            # An alias keeps a register that refers to itself apart from its own outer query.
            name = tables.order_name(target, first)
            other = sa.table(tables.table_name(target), sa.column("_id"), sa.column(name)).alias(
                "target"
            )
            held: sa.ColumnElement[Any] = (
                kept
                if entity.own or each.own
                else sa.literal_column(f'"{tables.table_name(entity)}"."{each.key}"')
            )
            return sa.select(other.c[name]).where(other.c["_id"] == held).scalar_subquery()
    is_text = each.kind in (Kind.TEXT, Kind.LONG_TEXT)
    if is_text and each not in tables.sorted_texts(entity):
        return sa.func.fold(kept)
    return kept


def _kept(entity: Entity, each: Field) -> sa.ColumnElement[Any]:
    """What a field holds, folded where its table keeps it so."""
    if each in tables.sorted_texts(entity):
        return sa.column(tables.sorted_name(each))
    return tables.column(entity, each)


_BARE: custom_op[Any] = custom_op("+")
"""Keeps a column what it is, but for its index."""
_OF_EVERY_RECORD = {"owner": "_owner", "deleted": "_deleted", "same_as": "same_as"}


class Reader:
    """Reads from one connection: the same state of the data for everything it reads."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        """Remember where the journal stands, so that a later edit says what it had seen."""
        self.connection = connection
        self.catalogue = catalogue
        self.at: Moment = moment(connection)
        self._codes: dict[str, str] = {
            str(station): str(code)
            for code, station in connection.exec_driver_sql(
                "SELECT code, station FROM station_code ORDER BY since"
            )
        }

    def count(self, query: Query) -> int:
        """How many records a query finds."""
        statement = select(self.catalogue, query, [sa.func.count()])
        return int(self.connection.execute(statement).scalar_one())

    def count_up_to(self, query: Query, most: int) -> int:
        """How many records a query finds, counted no further than `most`: at once in any table."""
        found = select(self.catalogue, query, [sa.literal(1)]).limit(max(most, 0)).subquery()
        statement = sa.select(sa.func.count()).select_from(found)
        return int(self.connection.execute(statement).scalar_one())

    def records(self, query: Query, offset: int = 0, limit: int | None = None) -> list[Record]:
        """A page of records in the order asked for."""
        entity = self.catalogue[query.register]
        order = ordering(self.catalogue, query)
        if offset or limit is not None:
            # The way to a page leads over an index that holds all but the records themselves.
            page = select(self.catalogue, query, [sa.column("_id")]).order_by(*order)
            table = sa.table(tables.table_name(entity))
            statement = (
                sa.select(sa.text("*"))
                .select_from(table)
                .where(sa.column("_id").in_(page.offset(offset).limit(limit)))
                .order_by(*order)
            )
        else:
            statement = select(self.catalogue, query, [sa.text("*")]).order_by(*order)
        found = self.connection.execute(statement)
        names = list(found.keys())
        origin, counter = names.index("_origin"), names.index("_counter")
        read = tables.RecordReader(entity, names)
        records: list[Record] = []
        for row in found.all():
            record = read.record(row)
            record.read_at = self.at
            record.reference = self.reference(entity, record.owner, row[origin], row[counter])
            records.append(record)
        return records

    @contextlib.contextmanager
    def while_wanted(self, wanted: Callable[[], bool], steps: int = 2000) -> Iterator[None]:
        """Statements inside stop with GivenUp once `wanted` says no.

        It is asked every so many steps of SQLite's machine; in a thread, each question waits for
        the interpreter.
        """
        if not wanted():
            raise GivenUp
        raw: Any = self.connection.connection.dbapi_connection
        raw.set_progress_handler(lambda: 0 if wanted() else 1, steps)
        try:
            yield
        except (OperationalError, dbapi2.OperationalError) as error:
            # The driver's own error where `walk` fetches straight from it.
            if "interrupted" in str(error):
                raise GivenUp from error
            raise
        finally:
            raw.set_progress_handler(None, steps)

    def ids(self, query: Query, limit: int | None = None) -> str:
        """The ids of all that a query finds, in its order, one a line.

        SQLite writes them into one text by itself: a million take 37 MB, and no turn of Python.
        """
        found = (
            select(self.catalogue, query, [sa.column("_id")])
            .order_by(*ordering(self.catalogue, query))
            .limit(-1 if limit is None else limit)
            .subquery()
        )
        joined = sa.select(sa.func.group_concat(found.c["_id"], "\n"))
        return str(self.connection.execute(joined).scalar_one() or "")

    def sums(self, query: Query, fields: Sequence[str], by: str = "") -> list[Sums]:
        """What number fields of the records that a query finds add up to, in one statement.

        `by` names the field that makes the groups (dates by their year); without it, all are one.
        """
        entity = self.catalogue[query.register]
        numbers = [tables.column(entity, entity.by_key[key]) for key in fields]
        parts = [part for each in numbers for part in (sa.func.count(each), sa.func.sum(each))]
        if not by:
            rows = self.connection.execute(
                select(self.catalogue, query, [sa.null(), sa.func.count(), *parts])
            )
            return [_sums(None, row, fields) for row in rows]
        each = entity.by_key[by]
        column = tables.column(entity, each)
        dated = each.kind in (Kind.DATE, Kind.DATETIME)
        # Not by the index of a reference: for each of its entries a record would be looked for.
        bare: sa.ColumnElement[Any] = sa.UnaryExpression(column, operator=_BARE)
        grouped: sa.ColumnElement[Any] = (sa.func.substr(column, 1, 4) if dated else bare).label(
            "grouped"
        )
        rows = self.connection.execute(
            select(self.catalogue, query, [grouped, sa.func.count(), *parts]).group_by("grouped")
        )
        read: Callable[[Any], Value] = int if dated else partial(tables.from_column, each)
        return [_sums(None if row[0] is None else read(row[0]), row, fields) for row in rows]

    def columns(self, query: Query, fields: Sequence[str]) -> list[dict[str, Value]]:
        """Some fields of all records that a query finds, unordered: for large tables."""
        entity = self.catalogue[query.register]
        wanted = [entity.by_key[key] for key in fields]
        statement = select(
            self.catalogue, query, [tables.column(entity, each).label(each.key) for each in wanted]
        )
        return [
            {each.key: tables.from_column(each, row[at]) for at, each in enumerate(wanted)}
            for row in self.connection.execute(statement)
        ]

    def walk(
        self, query: Query, fields: Sequence[str], after: str = "", limit: int | None = None
    ) -> list[tuple[Any, ...]]:
        """Id and some fields of what a query finds, by id, from after one on: a slice at a time.

        For going through large registers: the fields come as their columns hold them, dates as
        ISO text, yes and no as 1 and 0. Among them may be `owner`, `deleted` and `same_as`, which
        every record has.
        """
        entity = self.catalogue[query.register]
        columns: list[sa.ColumnElement[Any]] = [
            sa.column(_OF_EVERY_RECORD[key])
            if key in _OF_EVERY_RECORD
            else tables.column(entity, entity.by_key[key])
            for key in fields
        ]
        statement = (
            select(self.catalogue, query, [sa.column("_id"), *columns])
            .where(sa.column("_id") > after)
            .order_by(sa.column("_id"))
            .limit(limit)
        )
        # Straight from the driver: its tuples are all that is wanted, and cost a third.
        cursor = self.connection.execute(statement).cursor
        return list(cursor.fetchall()) if cursor else []

    def reference(self, entity: Entity, owner: str, origin: str, counter: str) -> str:
        """What people quote for a record."""
        code = self._codes.get(origin, identity.SHIPPED_CODE) if origin else identity.SHIPPED_CODE
        return str(identity.Reference(owner, entity.code, code, counter or "?"))

    def get(self, register: str, record_id: str) -> Record:
        """One record by its id, deleted ones too; follows « same as » as far as it leads."""
        found: dict[str, Record] = {}
        following: str | None = record_id
        while following and following not in found:
            records = self.records(Query(register, ids=(following,), with_deleted=True))
            if not records:
                break
            found[following] = records[0]
            following = records[0].same_as
        if not found:
            raise NotFound(
                f"Aucune fiche {record_id} dans « {self.catalogue[register].label_fr} »."
            )
        if following in found:
            ring = list(found)[list(found).index(following) :]
            return found[min(ring)]
        return list(found.values())[-1]

    def find(self, reference: str) -> tuple[Entity, Record]:
        """The record that a person quotes by its reference, an earlier code of a station too."""
        parsed = identity.parse_reference(reference)
        entity = self.catalogue.by_code.get(parsed.register) if parsed else None
        if parsed is None or entity is None:
            raise NotFound(
                f"« {reference} » n’est pas une référence connue (attendu : 45-RSST-K7Q-12)."
            )
        for origin in self._origins(parsed.station):
            row = self.connection.execute(
                select(
                    self.catalogue, Query(entity.key, with_deleted=True), [sa.column("_id")]
                ).where(
                    sa.column("_owner") == parsed.owner,
                    sa.column("_origin") == origin,
                    _same_counter(parsed.counter),
                )
            ).scalar()
            if row is not None:
                return entity, self.get(entity.key, str(row))
        raise NotFound(f"Aucune fiche ne porte la référence {reference}.")

    def _origins(self, code: str) -> list[str]:
        """The stations that a code may mean: the one that has it now, then who had it before."""
        if code == identity.SHIPPED_CODE:
            return [""]
        stations = self.connection.exec_driver_sql(
            "SELECT station FROM station_code WHERE code = ? ORDER BY since", (code,)
        ).scalars()
        return sorted(map(str, stations), key=lambda station: self._codes[station] != code)

    def titles(self, register: str, ids: Iterable[Value]) -> dict[str, str]:
        """The titles of records by id; one query a register, references inside followed."""
        entity = self.catalogue[register]
        fields = [entity.by_key[key] for key in entity.title]
        columns: list[Any] = [sa.column(name) for name in ("_id", "_owner", "_origin", "_counter")]
        columns += [tables.column(entity, each).label(each.key) for each in fields]
        wanted = tuple(dict.fromkeys(str(each) for each in ids if each))
        found: list[_Named] = []
        for start in range(0, len(wanted), 500):
            query = Query(register, ids=wanted[start : start + 500], with_deleted=True)
            rows = self.connection.execute(select(self.catalogue, query, columns)).all()
            for record_id, owner, origin, counter, *held in rows:
                values = [tables.from_column(*each) for each in zip(fields, held, strict=True)]
                reference = self.reference(entity, owner, origin, counter)
                found.append(_Named(record_id, reference, values))
        return self._titled(fields, found, {})

    def titles_of(
        self,
        entity: Entity,
        records: Sequence[Record],
        known: Mapping[str, Mapping[str, str]] | None = None,
    ) -> dict[str, str]:
        """The titles of records already read.

        `known` has titles of all that they refer to where these were read before: field key → id →
        title.
        """
        fields = [entity.by_key[key] for key in entity.title]
        named = [
            _Named(one.id, one.reference, [getattr(one, each.key) for each in fields])
            for one in records
        ]
        return self._titled(fields, named, known or {})

    def _titled(
        self,
        fields: Sequence[Field],
        named: Sequence[_Named],
        known: Mapping[str, Mapping[str, str]],
    ) -> dict[str, str]:
        inner = {
            each.key: known[each.key]
            if each.key in known
            else self.titles(each.target, [one.values[at] for one in named])
            for at, each in enumerate(fields)
            if each.target
        }
        return {one.id: _title(fields, one.values, inner) or one.reference for one in named}

    def references(self, entity: Entity, records: Sequence[Record]) -> dict[str, dict[str, str]]:
        """Field key → id → reference, for all that these records refer to."""
        found: dict[str, dict[str, str]] = {}
        for each in entity.fields:
            if not each.target:
                continue
            target = self.catalogue[each.target]
            ids = list(
                dict.fromkeys(str(value) for one in records if (value := getattr(one, each.key)))
            )
            found[each.key] = {
                str(row["_id"]): self.reference(
                    target, row["_owner"], row["_origin"], row["_counter"]
                )
                for start in range(0, len(ids), 500)
                for row in self.connection.execute(
                    select(
                        self.catalogue,
                        Query(target.key, ids=tuple(ids[start : start + 500]), with_deleted=True),
                        [sa.column(name) for name in ("_id", "_owner", "_origin", "_counter")],
                    )
                ).mappings()
            }
        return found

    def conflicts(self, ids: Iterable[str]) -> dict[str, list[str]]:
        """Id → keys of fields written differently at two stations; `deleted` for the deletion."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, list[str]] = {}
        for start in range(0, len(wanted), 500):
            chunk = wanted[start : start + 500]
            marks = ", ".join("?" * len(chunk))
            rows = self.connection.exec_driver_sql(
                f"SELECT DISTINCT record, field FROM conflict WHERE record IN ({marks}) "
                "ORDER BY record, field",
                tuple(chunk),
            )
            for record, name in rows:
                found.setdefault(str(record), []).append(str(name).removeprefix("_"))
        return found

    def passed(self, known: Mapping[str, int], but: str, limit: int) -> list[Passed]:
        """The last changes of all stations but one that came after a position, newest first.

        What is kept aside is no part of any: it counts nowhere.
        """
        heads: list[tuple[int, str, int, str, str]] = []
        for station, last in self.at.vector.items():
            if station != but and last > known.get(station, 0):
                heads += [
                    (int(clock), station, int(number), str(author), str(message))
                    for clock, number, author, message in self.connection.exec_driver_sql(
                        "SELECT clock, number, author, message FROM head "
                        f"WHERE station = ? AND number > ? AND number <= ? AND {_COUNTS} "
                        "ORDER BY number DESC LIMIT ?",
                        (station, known.get(station, 0), last, limit),
                    )
                ]
        return [self._passed(*each) for each in sorted(heads, reverse=True)[:limit]]

    def _passed(self, clock: int, station: str, number: int, author: str, message: str) -> Passed:
        touched = self.connection.exec_driver_sql(
            "SELECT register, record FROM leaf WHERE station = ? AND number = ? "
            f"AND record IS NOT NULL AND kind = 'p' AND NOT {_ASIDE} ORDER BY position LIMIT 1000",
            (station, number),
        ).all()
        register, record = touched[0] if touched else ("", "")
        when = datetime.fromtimestamp(clock_time(clock))  # noqa: DTZ006  (the clock on the wall)
        return Passed(station, author, message, when, register, record, len(touched))

    def search(self, terms: Sequence[Sequence[str]], within: Within) -> list[Hit]:
        """Records whose text holds each folded term in one of its spellings, newest first."""
        return search.find(self.connection, terms, within)

    def search_named(
        self, names: Sequence[str], terms: Sequence[Sequence[str]], within: Within
    ) -> list[Hit]:
        """The same, of texts that begin with one of the folded names: a few of each register."""
        return search.find_named(self.connection, names, terms, within)

    def search_among(self, terms: Sequence[Sequence[str]], within: Within) -> list[Hit]:
        """The same, of a few registers of moderate size, by their beginnings: people, sites."""
        return search.find_among(self.connection, terms, within)

    def words_near(self, word: str) -> dict[str, str]:
        """Words of the records that may be meant by a folded one, with their sounds."""
        return search.words_near(self.connection, word)

    def occurrences(self, words: Sequence[str]) -> dict[str, int]:
        """How often each of a few words occurs in the records."""
        return search.occurrences(self.connection, words)

    def numbered(
        self, counter: str, within: Within, stations: Sequence[str] = ()
    ) -> list[tuple[str, str]]:
        """(register, id) of records that bear a number, of these stations' codes or of any."""
        wanted = set(stations)
        origins = [origin for origin, code in self._codes.items() if code in wanted]
        if wanted and not origins:
            return []
        parts: list[sa.Select[*tuple[Any, ...]]] = []
        for key in within.registers or [each.key for each in self.catalogue.registers]:
            query = Query(key, owners=tuple(within.owners))
            columns: list[Any] = [sa.literal(key).label("register"), sa.column("_id")]
            part = select(self.catalogue, query, columns).where(sa.column("_counter") == counter)
            parts.append(part.where(sa.column("_origin").in_(origins)) if origins else part)
        rows = self.connection.execute(sa.union_all(*parts).limit(within.limit))
        return [(str(row[0]), str(row[1])) for row in rows]


def _sums(value: Value, row: Any, fields: Sequence[str]) -> Sums:
    """From a row of value, count, then count and sum of each field."""
    totals = {
        key: (int(row[2 + 2 * at]), _decimal(row[3 + 2 * at] or 0)) for at, key in enumerate(fields)
    }
    return Sums(value, int(row[1]), totals)


def _decimal(number: float) -> Decimal:
    """A sum of floats as the decimal that it stands for."""
    return Decimal(format_decimal(Decimal(repr(round(number, 6)))))


def _same_counter(counter: str) -> sa.ColumnElement[bool]:
    """Of the same number, by its index; the codes of shipped records in any letters."""
    held: sa.ColumnElement[Any] = sa.column("_counter")
    return held == counter if counter.isdigit() else sa.func.upper(held) == counter


def _title(
    fields: Sequence[Field], values: Sequence[Value], inner: Mapping[str, Mapping[str, str]]
) -> str:
    parts: list[str] = []
    for each, value in zip(fields, values, strict=True):
        if value is None or value == "":
            continue
        text = inner[each.key].get(str(value), "") if each.target else shown(each, value)
        if text:
            parts.append(text)
    joiner = " " if fields and fields[0].key == "last_name" else " · "
    return joiner.join(parts)
