"""The search index: folded texts of records, the pieces of their words, and the words themselves.

A text is found by trigrams and then looked at, newest first; a word that is found nowhere is
compared with the words that there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

from prevention_app.catalogue.description import Entity, Field, Kind
from prevention_app.catalogue.values import fold
from prevention_app.domain.merging import DELETED, ERASED, Stored
from prevention_app.domain.spelling import sound, words_of
from prevention_app.storage.engine import Connection
from prevention_app.storage.journal import chunks

_START: Final = 12
"""How many letters of a text the index of beginnings holds; as in its migration."""
_NAMED: Final = 40
"""How many texts with one beginning are looked at in each register."""
_LAST: Final = "\U0010ffff"


class Hit(NamedTuple):
    """A record that was found, by the text under which it was."""

    register: str
    record: str
    text: str


@dataclass(frozen=True, slots=True)
class Within:
    """Where to look, and how far."""

    limit: int
    owners: Sequence[str] = ()
    """Departments whose records are wanted; empty means all."""
    registers: Sequence[str] = ()
    """Registers that are wanted; empty means all."""
    scanned: int | None = None
    """How many texts to look at, at most; None for all."""


# -- writing -----------------------------------------------------------------------------------


def is_searched(entity: Entity) -> bool:
    """Whether the records of a register are found by their words."""
    return bool(_searched(entity))


@lru_cache(maxsize=256)
def _searched(entity: Entity) -> tuple[Field, ...]:
    """The fields by whose words a record is found, those of its title first."""
    fields = [each for each in entity.fields if each.search]
    return tuple(sorted(fields, key=lambda each: each.key not in entity.title))


def text_of(entity: Entity, values: Mapping[str, Stored]) -> str:
    """The folded text under which a record is found, what names it first; nothing when deleted."""
    if values.get(DELETED) is True:
        return ""
    texts: list[str] = []
    for each in _searched(entity):
        value = values.get(each.key)
        if value and value != ERASED:
            option = each.option(str(value)) if each.kind is Kind.CHOICE else None
            texts.append(option.label_fr if option else str(value))
    return fold(" ".join(texts))


def index(connection: Connection, register: str, texts: Mapping[str, tuple[str, str]]) -> None:
    """Keep the texts of records as they are now: record → (owner, text)."""
    come: list[tuple[str, str, str, str]] = []
    gone: list[tuple[int, str]] = []
    for chunk in chunks(list(texts)):
        marks = ", ".join("?" * len(chunk))
        held = connection.exec_driver_sql(
            f"SELECT row, record, text FROM search_text WHERE register = ? AND record IN ({marks})",
            (register, *chunk),
        ).all()
        same = {record for _, record, text in held if texts[record][1] == text}
        gone += [(row, text) for row, record, text in held if record not in same]
        come += [
            (record, register, *texts[record])
            for record in chunk
            if texts[record][1] and record not in same
        ]
    _replace(connection, gone, come)


def index_published(
    connection: Connection, register: str, texts: Iterable[tuple[str, str, str]]
) -> None:
    """Put (record, owner, text) of a whole register in the place of what was held of it."""
    gone = connection.exec_driver_sql(
        "SELECT row, text FROM search_text WHERE register = ?", (register,)
    ).all()
    come = [(record, register, owner, text) for record, owner, text in texts if text]
    _replace(connection, [(row, text) for row, text in gone], come)


def forget_all(connection: Connection, keep: Sequence[str]) -> None:
    """Begin the index anew, but for these registers."""
    marks = ", ".join("?" * len(keep))
    connection.exec_driver_sql(
        f"DELETE FROM search_text WHERE register NOT IN ({marks})", tuple(keep)
    )
    connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('rebuild')")
    connection.exec_driver_sql("DELETE FROM search_word")
    kept = connection.exec_driver_sql("SELECT text FROM search_text").scalars()
    _count_words(connection, come=list(kept), gone=())


def forget_erased_words(connection: Connection) -> None:
    """Leave nothing of deleted words in the index, which keeps them until it is merged."""
    connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('optimize')")


def words_are_wrong(connection: Connection) -> bool:
    """Whether the words that are known are others than those of the texts."""
    counted: Counter[str] = Counter()
    texts = connection.execution_options(yield_per=2000).exec_driver_sql(
        "SELECT text FROM search_text"
    )
    for text in texts.scalars():
        counted.update(words_of(text))
    rows = connection.exec_driver_sql("SELECT word, sound, backwards, count FROM search_word")
    held = {tuple(row) for row in rows}
    return held != {_word_row(word, count) for word, count in counted.items()}


def _replace(
    connection: Connection,
    gone: list[tuple[int, str]],
    come: list[tuple[str, str, str, str]],
) -> None:
    """Take out rows with their texts, put in (record, register, owner, text)."""
    _forget(connection, gone)
    _add(connection, come)
    _count_words(connection, (each[3] for each in come), (text for _, text in gone))


def _forget(connection: Connection, rows: list[tuple[int, str]]) -> None:
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO search_index (search_index, rowid, text) VALUES ('delete', ?, ?)", rows
        )
        connection.exec_driver_sql(
            "DELETE FROM search_text WHERE row = ?", [(row,) for row, _ in rows]
        )


def _add(connection: Connection, rows: list[tuple[str, str, str, str]]) -> None:
    if not rows:
        return
    first = 1 + int(
        connection.exec_driver_sql("SELECT coalesce(max(row), 0) FROM search_text").scalar_one()
    )
    connection.exec_driver_sql(
        "INSERT INTO search_text (row, record, register, owner, text) VALUES (?, ?, ?, ?, ?)",
        [(first + at, *row) for at, row in enumerate(rows)],
    )
    connection.exec_driver_sql(
        "INSERT INTO search_index (rowid, text) VALUES (?, ?)",
        [(first + at, row[3]) for at, row in enumerate(rows)],
    )


def _count_words(connection: Connection, come: Iterable[str], gone: Iterable[str]) -> None:
    """Count how often each word is held; one that is held no more is forgotten."""
    change: Counter[str] = Counter()
    for text in come:
        change.update(words_of(text))
    for text in gone:
        change.subtract(words_of(text))
    rows = [_word_row(word, count) for word, count in change.items() if count]
    if not rows:
        return
    connection.exec_driver_sql(
        "INSERT INTO search_word (word, sound, backwards, count) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (word) DO UPDATE SET count = count + excluded.count",
        rows,
    )
    fewer = [(word,) for word, _, _, count in rows if count < 0]
    if fewer:
        connection.exec_driver_sql("DELETE FROM search_word WHERE word = ? AND count <= 0", fewer)


def _word_row(word: str, count: int) -> tuple[str, str, str, int]:
    heard = sound(word)
    return word, heard, heard[::-1], count


# -- reading -----------------------------------------------------------------------------------


def find(connection: Connection, terms: Sequence[Sequence[str]], within: Within) -> list[Hit]:
    """Records whose text holds each term in one of its spellings, newest first.

    Terms are folded; each is a list of spellings of which one must occur.
    """
    clauses, values = _conditions(terms, within)
    pieces = _pieces(terms)
    if pieces:
        source = "SELECT rowid AS held FROM search_index WHERE search_index MATCH ? "
        source += "ORDER BY rowid DESC"
        values.insert(0, pieces)
    else:
        source = "SELECT row AS held FROM search_text ORDER BY row DESC"
    return _looked_at(connection, source, f"{clauses} ORDER BY held DESC", values, within)


def find_among(connection: Connection, terms: Sequence[Sequence[str]], within: Within) -> list[Hit]:
    """The same, of a few registers of moderate size, by their beginnings: people, sites."""
    clauses, values = _conditions(terms, within)
    marks = ", ".join("?" * len(within.registers))
    source = f"SELECT row AS held FROM search_text WHERE register IN ({marks})"
    return _looked_at(connection, source, clauses, [*within.registers, *values], within)


def _looked_at(
    connection: Connection, source: str, clauses: str, values: Sequence[Any], within: Within
) -> list[Hit]:
    if within.scanned is not None:
        source += f" LIMIT {int(within.scanned)}"
    rows = connection.exec_driver_sql(
        f"SELECT register, record, text FROM ({source}) CROSS JOIN search_text ON row = held "
        f"WHERE {clauses} LIMIT {int(within.limit)}",
        tuple(values),
    )
    return [Hit(*row) for row in rows]


def find_named(
    connection: Connection,
    names: Sequence[str],
    terms: Sequence[Sequence[str]],
    within: Within,
) -> list[Hit]:
    """The same, of texts that begin with one of the folded names: a few of each register."""
    clauses, values = _conditions(terms, within)
    start = f"substr(text, 1, {_START})"
    part = (
        "SELECT * FROM (SELECT register, record, text FROM (SELECT row AS held FROM search_text "
        f"WHERE register = ? AND {start} >= ? AND {start} < ? ORDER BY {start} LIMIT {_NAMED}) "
        f"CROSS JOIN search_text ON row = held WHERE {clauses} LIMIT {int(within.limit)})"
    )
    found: list[Hit] = []
    for name in names:
        first = name[:_START]
        asked = [(register, first, first + _LAST, *values) for register in within.registers]
        rows = connection.exec_driver_sql(
            " UNION ALL ".join([part] * len(asked)), tuple(chain.from_iterable(asked))
        )
        found += [Hit(*row) for row in rows]
    return found


def ends_of(heard: str) -> tuple[str, str]:
    """A beginning and an end of a sound of which one error of typing leaves one as it is."""
    return heard[: len(heard) // 2], heard[len(heard) - (len(heard) - 1) // 2 :]


def words_near(connection: Connection, word: str) -> dict[str, str]:
    """Words that begin or end as a folded one sounds, with their own sounds.

    All words that sound as it does but for one error of typing are among them, and those that
    begin with such a word unless the error is at their beginning; of the others, most are not like
    it. Nothing is near a word that is too short.
    """
    heard = sound(word)
    start, end = ends_of(heard)
    if not end:
        return {}
    begun = connection.exec_driver_sql(
        "SELECT word, sound FROM search_word WHERE sound >= ? AND sound < ?",
        (start, start + _LAST),
    )
    near = {str(each): str(its) for each, its in begun}
    ended = connection.exec_driver_sql(
        "SELECT word, backwards FROM search_word WHERE backwards >= ? AND backwards < ? "
        "AND length(backwards) BETWEEN ? AND ?",
        (end[::-1], end[::-1] + _LAST, len(heard) - 1, len(heard) + 1),
    )
    return near | {str(each): str(its)[::-1] for each, its in ended}


def occurrences(connection: Connection, words: Sequence[str]) -> dict[str, int]:
    """How often each of a few words occurs."""
    marks = ", ".join("?" * len(words))
    rows = connection.exec_driver_sql(
        f"SELECT word, count FROM search_word WHERE word IN ({marks})", tuple(words)
    )
    return {str(word): int(count) for word, count in rows}


def _conditions(terms: Sequence[Sequence[str]], within: Within) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []
    for spellings in terms:
        likes = " OR ".join(["text LIKE ? ESCAPE '\\'"] * len(spellings))
        clauses.append(f"({likes})")
        values += [f"%{_escaped(each)}%" for each in spellings]
    for name, wanted in (("owner", within.owners), ("register", within.registers)):
        if wanted:
            clauses.append(f"{name} IN ({', '.join('?' * len(wanted))})")
            values += wanted
    return " AND ".join(clauses), values


def _pieces(terms: Sequence[Sequence[str]]) -> str:
    """The index query of terms; one with a spelling too short for trigrams cannot be asked for."""
    asked = [spellings for spellings in terms if all(len(each) > 2 for each in spellings)]
    return " AND ".join(
        "(" + " OR ".join(f"({trigrams(each)})" for each in spellings) + ")" for spellings in asked
    )


def trigrams(term: str) -> str:
    """The index query of one word: its trigrams, each of which must occur."""
    pieces = dict.fromkeys(term[at : at + 3] for at in range(len(term) - 2))
    return " ".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def _escaped(term: str) -> str:
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
