"""Making a PostgreSQL the hub, giving stations their way in and taking it away.

For who may create roles there.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from prevention_app import paths
from prevention_app.errors import NewerFormat, NotFound, Refused
from prevention_app.storage.hub import FORMAT, SCHEMA, Class, Server, connect, reachable

_LOWEST_SERVER: Final = 15
_LONGEST: Final = 63
"""PostgreSQL cuts longer names off."""


def init(url: str) -> bool:
    """Make the database of this address a hub; returns False where it is one already."""
    server = connect(url)
    with server, reachable(), server.transaction():
        if server.info.server_version < _LOWEST_SERVER * 10_000:
            raise Refused(
                f"La base commune demande PostgreSQL {_LOWEST_SERVER} ou plus récent. "
                "Rien n’y a été changé."
            )
        # Two who prepare it at once do so one after the other.
        server.execute("SELECT pg_advisory_xact_lock(hashtext('prevention_hub'))")
        if _is_hub(server):
            return False
        owner, member = _groups(server)
        for group in (owner, member):
            _make_role(server, group, "NOLOGIN")
        _act_as(server, owner)
        server.execute("RESET ROLE")
        file = paths.database_folder() / "hub" / "0001_hub.sql"
        script: Any = file.read_text(encoding="utf-8")
        server.execute(
            sql.SQL(script).format(owner=sql.Identifier(owner), member=sql.Identifier(member))
        )
    return True


def enrol(
    url: str,
    *,
    station: str,
    department: str,
    administers: Sequence[str],
    classes: Iterable[Class],
) -> tuple[str, bool]:
    """Make the login role of a station, or give it a new password.

    Returns its address, and whether it had another one, which is worth nothing any more.
    `classes` is what it may read for a start: the administrators' stations keep it up afterwards.
    """
    server = connect(url)
    password = secrets.token_urlsafe(24)
    with server, reachable(), server.transaction():
        _refuse_no_hub(server)
        owner, member = _groups(server)
        role = _role_of(server, station)
        _make_role(server, role, "LOGIN")
        # Scrambled before it is sent: the server's log never holds a password.
        scrambled = server.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        )
        server.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(scrambled.decode())
            )
        )
        server.execute(
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(member), sql.Identifier(role))
        )
        _act_as(server, owner)
        had = server.execute("SELECT FROM prevention_hub.member WHERE db_role = %s", (role,))
        server.execute(
            "INSERT INTO prevention_hub.member VALUES (%s, %s, %s, %s) ON CONFLICT (db_role) "
            "DO UPDATE SET department = excluded.department, administers = excluded.administers",
            (role, station, department, list(administers)),
        )
        server.execute("DELETE FROM prevention_hub.class_right WHERE db_role = %s", (role,))
        with server.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO prevention_hub.class_right VALUES (%s, %s, %s, %s)",
                [(role, *each) for each in sorted(set(classes))],
            )
        server.execute("RESET ROLE")
    return _address(url, role, password), had.rowcount > 0


def withdraw(url: str, station: str) -> bool:
    """Take a station's way in away, and all that it may do there; says no where it has none.

    What it brought stays. Enrolling it again gives it a new way in.
    """
    server = connect(url)
    with server, reachable(), server.transaction():
        _refuse_no_hub(server)
        owner, member = _groups(server)
        role = _role_of(server, station)
        _act_as(server, owner)
        server.execute("DELETE FROM prevention_hub.class_right WHERE db_role = %s", (role,))
        gone = server.execute("DELETE FROM prevention_hub.member WHERE db_role = %s", (role,))
        server.execute("RESET ROLE")
        if gone.rowcount:
            # A connection that is open stays so, but nothing can be done by it any more.
            server.execute(
                sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(member), sql.Identifier(role))
            )
            server.execute(
                sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(sql.Identifier(role))
            )
        return gone.rowcount > 0


def _refuse_no_hub(server: Server) -> None:
    if not _is_hub(server):
        raise NotFound(
            "Cette base de données n’est pas encore la base commune : préparez-la d’abord "
            "(commande hub init)."
        )


def _role_of(server: Server, station: str) -> str:
    return f"{_database(server)}_{station[:12]}"


def _is_hub(server: Server) -> bool:
    found = server.execute("SELECT obj_description(to_regnamespace(%s))", (SCHEMA,)).fetchone()
    number = str((found or ("",))[0] or "").removeprefix("format ")
    if number.isdecimal() and int(number) > FORMAT:
        raise NewerFormat(
            "Cette base commune est d’une version plus récente du programme. "
            "Mettez le programme à jour ; rien n’a été changé."
        )
    return number.isdecimal()


def _database(server: Server) -> str:
    """The beginning of the names of roles: these are of the server, which may hold several hubs."""
    return server.info.dbname[: _LONGEST - 13]


def _groups(server: Server) -> tuple[str, str]:
    database = _database(server)
    return f"{database}_hub_owner", f"{database}_member"


def _make_role(server: Server, name: str, kind: Literal["LOGIN", "NOLOGIN"]) -> None:
    if not server.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,)).fetchall():
        server.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), sql.SQL(kind)))


def _act_as(server: Server, owner: str) -> None:
    """Become the role that the tables belong to, for the rest of the transaction."""
    can: Any = server.execute("SELECT pg_has_role(%s, 'USAGE')", (owner,)).fetchone()
    if not can[0]:
        server.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))
    server.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(owner)))


def _address(url: str, role: str, password: str) -> str:
    """The same server and database for another role."""
    given = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    for each in ("user", "password", "passfile", "service"):
        given.pop(each, None)
    host, port = given.pop("host", ""), given.pop("port", "")
    database = given.pop("dbname", "")
    if "/" in host or "," in host:
        given["host"] = host
        host = ""
    if port and not host:
        given["port"] = port
        port = ""
    more = f"?{urlencode(given, quote_via=quote)}" if given else ""
    where = f"{host}:{port}" if port else host
    return f"postgresql://{quote(role)}:{quote(password)}@{where}/{quote(database)}{more}"
