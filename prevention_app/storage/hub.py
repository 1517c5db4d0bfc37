"""A connection to the hub: a PostgreSQL that keeps the entries of all stations; see db/hub/.

Nothing is merged there. What is read is bytes as they were written; what is pushed goes through
the functions of the hub, which verify it by themselves.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self, cast

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow

from prevention_app.errors import NewerFormat, NotFound, PreventionError, Refused
from prevention_app.storage import peers
from prevention_app.storage.entries import Entry

FORMAT: Final = 1
SCHEMA: Final = "prevention_hub"
CHANNEL: Final = "prevention_hub"
_PATIENCE: Final[dict[str, Any]] = {
    "application_name": "prevention",
    "connect_timeout": 10,
    # A connection that is cut without a word is noticed within a minute.
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 40_000,
}

_PIECE: Final = 1 << 20

Class = tuple[str, str, str]
"""Owner, register's code, kind: who may see a leaf depends on nothing else."""
Place = tuple[str, int, int]
"""Station, number, position: one leaf."""
Server = psycopg.Connection[TupleRow]


class Unreachable(PreventionError):
    """The hub does not answer: everything goes on without it, and it is tried again later."""


class NotTaken(Refused):
    """The hub does not take what was handed to it, and will not take it another time."""


class End(NamedTuple):
    """The end of a chain."""

    last: int
    hash: bytes


class PlacedLeaf(NamedTuple):
    """A leaf and where it belongs."""

    station: str
    number: int
    position: int
    salt: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class NumberedEntry:
    """An entry with its place and its hash."""

    station: str
    number: int
    hash: bytes
    entry: Entry


@dataclass(frozen=True, slots=True)
class Member:
    """A login role of a station."""

    db_role: str
    station: str
    department: str
    administers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What a station said that it holds: its vector, and leaves that it may see and lacks."""

    vector: dict[str, int]
    absent: dict[str, list[tuple[int, int]]]
    told_at: str


@dataclass(frozen=True, slots=True)
class NamedBytes:
    """The bytes of an attachment, in one class that names them."""

    digest: str
    owner: str
    register: str
    kind: str


def connect(url: str) -> Server:
    """Connect to a PostgreSQL; raises Unreachable with the reason."""
    with reachable():
        try:
            given = conninfo_to_dict(url)
        except psycopg.ProgrammingError as error:
            raise Refused(
                "L’adresse de la base commune est mal formée : elle s’écrit "
                "« postgresql://nom:mot-de-passe@serveur:5432/base »."
            ) from error
        return psycopg.connect(
            url,
            autocommit=True,
            **{key: each for key, each in _PATIENCE.items() if key not in given},
        )


@contextlib.contextmanager
def reachable() -> Iterator[None]:
    """Say in a sentence what the server refused."""
    try:
        yield
    except psycopg.Error as error:
        raise _in_words(error) from error


_WRONG_PASSWORD: Final = (
    *("authentication failed", "authentification", "no password supplied"),
    *("not permitted to log in", "pas autorisé à se connecter"),
)
_NO_DATABASE: Final = ("does not exist", "n'existe pas")


def _in_words(error: psycopg.Error) -> PreventionError:
    state = error.sqlstate or ""
    if state == "PH001":
        return NotTaken(
            "La base commune tient, sous le même numéro, une autre écriture : la copie d’un "
            "espace de travail a sans doute servi deux fois. Rien n’a été changé."
        )
    if state.startswith(("PH", "22")):  # 22: PostgreSQL cannot read what our SQL reads in it
        return NotTaken(
            f"La base commune a refusé ce qui lui était remis ({state}). Rien n’y a été changé."
        )
    said = str(error)
    # Who is turned away at the door gets words alone, in the language of the server.
    if state.startswith("28") or any(each in said for each in _WRONG_PASSWORD):
        return Refused("La base commune refuse ce nom ou ce mot de passe.")
    if state == "3D000" or any(each in said for each in _NO_DATABASE):
        return Refused("La base ou le compte nommés dans l’adresse n’existent pas sur ce serveur.")
    if state == "42501":
        return Refused("La base commune refuse cela : cet accès n’en a pas le droit.")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return Unreachable("La base commune ne répond pas. Rien n’est perdu : réessayez plus tard.")
    return PreventionError(f"La base commune a répondu par une erreur ({state or 'sans code'}).")


class Hub:
    """The hub as a station sees it."""

    def __init__(self, url: str) -> None:
        """Connect as the station's login role; raises Unreachable, Refused, NewerFormat."""
        self._server = connect(url)
        try:
            self._look()
        except BaseException:
            self._server.close()
            raise

    def _look(self) -> None:
        rows = self._rows("SELECT to_regclass('prevention_hub.format') IS NOT NULL")
        if not rows[0][0]:
            raise NotFound(
                "Cette base de données n’est pas encore la base commune : préparez-la d’abord "
                "(commande hub init)."
            )
        with reachable():
            self._server.execute("SET search_path = prevention_hub, pg_catalog")
        found = int(self._rows("SELECT max(number) FROM format")[0][0])
        if found > FORMAT:
            raise NewerFormat(
                "Cette base commune est d’une version plus récente du programme "
                f"(format {found}, connu ici : {FORMAT}). Mettez le programme à jour."
            )

    def close(self) -> None:
        """Let go of the connection."""
        self._server.close()

    def __enter__(self) -> Self:
        """Usable in a with statement."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- reading ---------------------------------------------------------------------------

    def _rows(self, statement: str, *values: Any) -> list[TupleRow]:
        with reachable(), self._server.cursor(binary=True) as cursor:
            # Statements are literals of this module: a variable of this type tells no checker so.
            return cursor.execute(cast("Any", statement), values or None).fetchall()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is pushed inside is there together, or not at all."""
        with reachable(), self._server.transaction():
            yield

    def ends(self) -> dict[str, End]:
        """The end of each chain held."""
        return {
            str(station): End(int(last), bytes(digest))
            for station, last, digest in self._rows(
                "SELECT station, last, hash FROM chain WHERE last > 0"
            )
        }

    def hash_at(self, station: str, number: int) -> bytes | None:
        """The hash of an entry held."""
        rows = self._rows(
            "SELECT hash FROM entry WHERE station = %s AND number = %s", station, number
        )
        return bytes(rows[0][0]) if rows else None

    def refuse_stranger(self) -> Member:
        """The member whose login role is connected; raises Refused for another role."""
        for each in self.members():
            if each.db_role == self._server.info.user:
                return each
        raise Refused(
            "Cet accès à la base commune n’est pas celui d’un ordinateur inscrit : demandez à la "
            "personne qui tient cette base d’inscrire celui-ci (hub enrol)."
        )

    def members(self) -> list[Member]:
        """The members that this role may know of: itself, all for an administrator."""
        return [
            Member(str(role), str(station), str(department), tuple(administers))
            for role, station, department, administers in self._rows(
                "SELECT db_role, station, department, administers FROM member ORDER BY db_role"
            )
        ]

    def classes(self, db_role: str) -> set[Class]:
        """What a role may read, as far as it is known to the role connected."""
        return {
            (str(owner), str(register), str(kind))
            for owner, register, kind in self._rows(
                "SELECT owner, register, kind FROM class_right WHERE db_role = %s", db_role
            )
        }

    def entries_after(
        self, known: Mapping[str, int], most: int, most_bytes: int
    ) -> Iterator[list[NumberedEntry]]:
        """The entries of these chains behind these numbers, writers' knowledge first, in slices.

        Each comes with the leaves that are held there and may be read.
        """
        if not known:
            return
        with self.transaction(), self._server.cursor("entries", binary=True) as cursor:
            cursor.itersize = most
            cursor.execute(
                "SELECT e.station, e.number, e.hash, e.head, e.leaf_table, e.signature "
                "FROM unnest(%b::text[], %b::bigint[]) AS known (station, last) "
                "JOIN entry e ON e.station = known.station AND e.number > known.last "
                "ORDER BY e.clock, e.station, e.number",
                (list(known), list(known.values())),
            )
            size, taken = 0, list[TupleRow]()
            for row in cursor:
                taken.append(row)
                size += len(row[3]) + 12 * len(row[4])  # a leaf is about that much longer
                if len(taken) >= most or size >= most_bytes:
                    yield self._with_leaves(taken)
                    size, taken = 0, []
            if taken:
                yield self._with_leaves(taken)

    def _with_leaves(self, rows: Sequence[TupleRow]) -> list[NumberedEntry]:
        leaves: dict[tuple[str, int], dict[int, tuple[bytes, bytes]]] = {}
        for station, number, position, salt, body in self._rows(
            "SELECT station, number, position, salt, body FROM leaf "
            "JOIN unnest(%b::text[], %b::bigint[]) AS wanted (station, number) "
            "USING (station, number) WHERE body IS NOT NULL",
            [row[0] for row in rows],
            [row[1] for row in rows],
        ):
            leaves.setdefault((station, number), {})[position] = (salt, body)
        return [
            NumberedEntry(
                station,
                number,
                digest,
                Entry(head, table, signature, leaves.get((station, number), {})),
            )
            for station, number, digest, head, table, signature in rows
        ]

    def leaves_at(self, places: Sequence[Place]) -> list[PlacedLeaf]:
        """The leaves at these places that are held there and may be read."""
        return [
            PlacedLeaf(*row)
            for row in self._rows(
                "SELECT station, number, position, salt, body FROM leaf "
                "JOIN unnest(%b::text[], %b::bigint[], %b::int[]) "
                "AS wanted (station, number, position) USING (station, number, position) "
                "WHERE body IS NOT NULL",
                *_columns(places),
            )
        ]

    def gaps(self) -> list[Place]:
        """Leaves that nobody has brought yet."""
        return [
            (str(station), int(number), int(position))
            for station, number, position in self._rows(
                "SELECT station, number, position FROM gap ORDER BY station, number, position"
            )
        ]

    def states(self) -> dict[str, State]:
        """Station → what it said that it holds; what is not told as we tell it is passed over."""
        found: dict[str, State] = {}
        for station, told, lacks, told_at in self._rows(
            "SELECT station, vector, absent, to_char(told_at AT TIME ZONE 'UTC', "
            '\'YYYY-MM-DD"T"HH24:MI:SS"+00:00"\') FROM station_state'
        ):
            vector, absent = peers.vector_in(told), peers.absent_in(lacks)
            if vector is not None and absent is not None:
                found[str(station)] = State(vector, absent, str(told_at))
        return found

    # -- pushing ---------------------------------------------------------------------------

    def push(self, entries: Sequence[NumberedEntry]) -> None:
        """Add entries with their leaves: all of them, or none."""
        leaves = [
            (at, position, salt, body)
            for at, each in enumerate(entries, 1)
            for position, (salt, body) in each.entry.leaves.items()
        ]
        self._rows(
            "SELECT push(%b::text[], %b::bigint[], %b::bytea[], %b::bytea[], %b::bytea[], "
            "%b::bytea[], %b::int[], %b::int[], %b::bytea[], %b::bytea[])",
            [each.station for each in entries],
            [each.number for each in entries],
            [each.entry.head for each in entries],
            [each.entry.table for each in entries],
            [each.hash for each in entries],
            [each.entry.signature for each in entries],
            [at for at, _, _, _ in leaves],
            [position for _, position, _, _ in leaves],
            [salt for _, _, salt, _ in leaves],
            [body for _, _, _, body in leaves],
        )

    def push_leaves(self, leaves: Sequence[PlacedLeaf]) -> int:
        """Add leaves of entries held; returns how many were new."""
        if not leaves:
            return 0
        stations, numbers, positions = _columns([each[:3] for each in leaves])
        rows = self._rows(
            "SELECT push_leaves(%b::text[], %b::bigint[], %b::int[], %b::bytea[], %b::bytea[])",
            stations,
            numbers,
            positions,
            [each.salt for each in leaves],
            [each.body for each in leaves],
        )
        return int(rows[0][0])

    def erase(self, eraser: Place, erased: Place) -> None:
        """Take away a leaf that an erasure names."""
        self._rows("SELECT erase(%s, %s, %s, %s, %s, %s)", *eraser, *erased)

    def tell_state(
        self, vector: Mapping[str, int], absent: Mapping[str, Sequence[tuple[int, int]]]
    ) -> None:
        """Say what this station holds, and what it may see and lacks."""
        self._rows(
            "SELECT tell_state(%s::jsonb, %s::jsonb)", json.dumps(vector), json.dumps(absent)
        )

    def set_classes(self, db_role: str, owner: str, classes: Sequence[tuple[str, str]]) -> int:
        """Say what a role may read of one owner, as (register, kind); returns how many changed."""
        rows = self._rows(
            "SELECT set_classes(%s, %s, %b::text[], %b::text[])",
            db_role,
            owner,
            [register for register, _ in classes],
            [kind for _, kind in classes],
        )
        return int(rows[0][0])

    # -- attachments -----------------------------------------------------------------------

    def attachments_among(self, named: Sequence[NamedBytes]) -> list[tuple[NamedBytes, int]]:
        """Those that are held there and may be read, with their sizes."""
        rows = self._rows(
            "SELECT digest, owner, register, kind, size FROM attachment "
            "JOIN unnest(%b::text[], %b::text[], %b::text[], %b::text[]) "
            "AS wanted (digest, owner, register, kind) USING (digest, owner, register, kind)",
            *_named_columns(named),
        )
        return [(NamedBytes(*map(str, row[:4])), int(row[4])) for row in rows]

    def lacking_attachments(self, named: Sequence[NamedBytes]) -> list[NamedBytes]:
        """Those that nobody has brought yet."""
        rows = self._rows(
            "SELECT * FROM lacking_attachments(%b::text[], %b::text[], %b::text[], %b::text[])",
            *_named_columns(named),
        )
        return [NamedBytes(*map(str, row)) for row in rows]

    def attachment(self, named: NamedBytes) -> Iterator[bytes]:
        """The bytes of an attachment held, piece by piece."""
        start = 1
        while True:
            rows = self._rows(
                "SELECT substr(bytes, %s, %s) FROM attachment "
                "WHERE (digest, owner, register, kind) = (%s, %s, %s, %s)",
                *(start, _PIECE, named.digest, named.owner, named.register, named.kind),
            )
            if not rows or not rows[0][0]:
                return
            yield bytes(rows[0][0])
            start += _PIECE

    def push_attachment(self, named: NamedBytes, content: bytes) -> None:
        """Add the bytes of an attachment."""
        self._rows(
            "SELECT push_attachment(%s, %s, %s, %s, %b)",
            *(named.digest, named.owner, named.register, named.kind, content),
        )

    def forget_attachments(self, digests: Sequence[str]) -> int:
        """Take away the bytes of attachments; returns how many this station may, and were there."""
        rows = self._rows("SELECT forget_attachments(%b::text[])", list(digests))
        return int(rows[0][0])

    # -- following -------------------------------------------------------------------------

    def listen(self) -> None:
        """From now on, hear of what others push."""
        with reachable():
            self._server.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))

    def heard(self, seconds: float, *, but_of: str) -> bool:
        """Wait until somebody pushed something, at most so long; returns whether somebody did.

        What the station `but_of` pushed itself is no news.
        """
        with reachable():
            return any(
                not note.payload.endswith(f":{but_of}")
                for note in self._server.notifies(timeout=seconds, stop_after=1)
            )


def _named_columns(named: Sequence[NamedBytes]) -> list[list[str]]:
    return [
        [each.digest for each in named],
        [each.owner for each in named],
        [each.register for each in named],
        [each.kind for each in named],
    ]


def _columns(places: Sequence[tuple[str, int, int]]) -> tuple[list[str], list[int], list[int]]:
    return (
        [station for station, _, _ in places],
        [number for _, number, _ in places],
        [position for _, _, position in places],
    )
