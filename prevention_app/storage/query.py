"""Reading records: by conditions, in an order, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from prevention_app.catalogue.description import Catalogue, Entity, Field, Kind, Record, Value
from prevention_app.catalogue.values import fold, shown
from prevention_app.errors import NotFound
from prevention_app.storage import identity, tables
from prevention_app.storage.engine import Connection
from prevention_app.storage.journal import Moment, moment


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


def select(
    catalogue: Catalogue, query: Query, columns: Sequence[Any]
) -> sa.Select[*tuple[Any, ...]]:
    """The statement that reads these columns of the wanted rows, unordered."""
    entity = catalogue[query.register]
    table = sa.table(tables.table_name(entity), sa.column("_id"), sa.column("same_as"))
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*columns).select_from(table)
    if entity.own:
        statement = statement.where(sa.column("_register") == entity.key)
    if not query.with_deleted:
        statement = statement.where(sa.column("_deleted") == 0, _stands_alone(table))
    if query.owners:
        statement = statement.where(sa.column("_owner").in_(query.owners))
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
            clause = _sorted_by(catalogue, entity, entity.by_key[key])
            # The bare column tells what is empty: folding it once more would cost as much again.
            clauses.append(tables.column(entity, entity.by_key[key]).is_(None))
        clauses.append(clause.desc() if name.startswith("-") else clause.asc())
    return [*clauses, sa.column("_id")]


def _sorted_by(catalogue: Catalogue, entity: Entity, each: Field) -> sa.ColumnElement[Any]:
    column = tables.column(entity, each)
    if each.target and each.target in catalogue:
        target = catalogue[each.target]
        first = target.by_key[target.title[0]]
        if first.target is None and not target.own:
            # An alias keeps a register that refers to itself apart from its own outer query.
            other = sa.table(
                tables.table_name(target), sa.column("_id"), sa.column(first.key)
            ).alias("target")
            held: sa.ColumnElement[Any] = (
                column
                if entity.own or each.own
                else sa.literal_column(f'"{tables.table_name(entity)}"."{each.key}"')
            )
            return (
                sa.select(sa.func.fold(other.c[first.key]))
                .where(other.c["_id"] == held)
                .scalar_subquery()
            )
    if each.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return sa.func.fold(column)
    return column


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

    def records(self, query: Query, offset: int = 0, limit: int | None = None) -> list[Record]:
        """A page of records in the order asked for."""
        entity = self.catalogue[query.register]
        statement = (
            select(self.catalogue, query, [sa.text("*")])
            .order_by(*ordering(self.catalogue, query))
            .offset(offset)
            .limit(limit)
        )
        rows = self.connection.execute(statement).mappings()
        return [self._record(entity, row) for row in rows]

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

    def _record(self, entity: Entity, row: Any) -> Record:
        record = tables.record_from(entity, row)
        record.read_at = self.at
        record.reference = self.reference(entity, record.owner, row["_origin"], row["_counter"])
        return record

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
        origin = self.connection.exec_driver_sql(
            "SELECT station FROM station_code WHERE code = ?", (parsed.station,)
        ).scalar()
        if origin is None and parsed.station != identity.SHIPPED_CODE:
            raise NotFound(f"Aucune fiche ne porte la référence {reference}.")
        row = self.connection.execute(
            select(self.catalogue, Query(entity.key, with_deleted=True), [sa.column("_id")]).where(
                sa.column("_owner") == parsed.owner,
                sa.column("_origin") == (origin or ""),
                sa.func.upper(sa.column("_counter")) == parsed.counter,
            )
        ).scalar()
        if row is None:
            raise NotFound(f"Aucune fiche ne porte la référence {reference}.")
        return entity, self.get(entity.key, str(row))

    def titles(self, register: str, ids: Iterable[Value]) -> dict[str, str]:
        """The titles of records by id; one query a register, references inside followed."""
        wanted = tuple(dict.fromkeys(str(each) for each in ids if each))
        titles: dict[str, str] = {}
        for start in range(0, len(wanted), 500):
            chunk = wanted[start : start + 500]
            found = self.records(Query(register, ids=chunk, with_deleted=True))
            titles |= self.titles_of(self.catalogue[register], found)
        return titles

    def titles_of(self, entity: Entity, records: Sequence[Record]) -> dict[str, str]:
        """The titles of records already read."""
        fields = [entity.by_key[key] for key in entity.title]
        inner = {
            each.key: self.titles(each.target, [getattr(record, each.key) for record in records])
            for each in fields
            if each.target
        }
        return {record.id: _title(fields, record, inner) or record.reference for record in records}

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

    def search(self, words: str, limit: int = 200) -> list[tuple[str, str]]:
        """(register, id) of records that hold all the words, in any searchable field."""
        terms = fold(words).split()
        if not terms:
            return []
        long = [term for term in terms if len(term) > 2]
        statement = "SELECT register, record FROM search_text WHERE "
        clauses = ["text LIKE ? ESCAPE '\\'"] * len(terms)
        values: list[Any] = [f"%{_escaped(term)}%" for term in terms]
        if long:
            clauses.append("row IN (SELECT rowid FROM search_index WHERE search_index MATCH ?)")
            values.append(" ".join(trigrams(term) for term in long))
        rows = self.connection.exec_driver_sql(
            f"{statement}{' AND '.join(clauses)} ORDER BY row DESC LIMIT {int(limit)}",
            tuple(values),
        )
        return [(str(register), str(record)) for register, record in rows]


def trigrams(term: str) -> str:
    """The index query of one word: its trigrams, each of which must occur."""
    pieces = dict.fromkeys(term[at : at + 3] for at in range(len(term) - 2))
    return " ".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def _escaped(term: str) -> str:
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _title(fields: Sequence[Field], record: Record, inner: dict[str, dict[str, str]]) -> str:
    parts: list[str] = []
    for each in fields:
        value = getattr(record, each.key)
        if value is None or value == "":
            continue
        text = inner[each.key].get(str(value), "") if each.target else shown(each, value)
        if text:
            parts.append(text)
    joiner = " " if fields and fields[0].key == "last_name" else " · "
    return joiner.join(parts)
