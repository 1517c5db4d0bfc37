"""What lies in a workspace's database, read by the published definition and not by the program."""

from __future__ import annotations

import hashlib
import json

from nacl.signing import VerifyKey

from prevention_app.storage.entries import Entry
from prevention_app.storage.store import Store
from tests.storage.oracle import Key, Place
from tests.storage.world_registers import SYSTEM_CODES


def read_table(table: bytes) -> list[tuple[str, str, str, bytes]]:
    """The rows of a leaf table, read by the definition: owner, register, kind, digest."""
    assert len(table) % 44 == 0
    rows = [table[at : at + 44] for at in range(0, len(table), 44)]
    return [
        (
            row[:3].rstrip(b"\0").decode(),
            row[3:11].rstrip(b"\0").decode(),
            row[11:12].decode(),
            row[12:],
        )
        for row in rows
    ]


def place_of(entry: Entry) -> Place:
    head = json.loads(entry.head)
    return (head["s"], head["n"])


def keys_of(entry: Entry) -> dict[int, Key | None]:
    """Position → the leaf there, as far as it came along; None for the program's own records."""
    rows = read_table(entry.table)
    return {
        at: None
        if rows[at][1] in SYSTEM_CODES
        else Key(*place_of(entry), json.loads(body)["r"], rows[at][2])
        for at, (_, body) in entry.leaves.items()
    }


def check_chains(store: Store) -> None:
    """Every chain of a workspace, verified from its stored bytes by the published definition."""
    with store.connecting() as connection:
        heads = connection.exec_driver_sql(
            "SELECT station, number, head, leaf_table, signature FROM head ORDER BY 1, 2"
        ).all()
        leaves = connection.exec_driver_sql(
            "SELECT station, number, position, salt, body FROM leaf WHERE body IS NOT NULL"
        ).all()
    tables = {(station, number): table for station, number, _, table, _ in heads}
    keys = {}
    for station, number, at, salt, body in leaves:
        row = read_table(tables[station, number])[at]
        assert hashlib.sha256(salt + body).digest() == row[3]
        values = json.loads(body)["w"]
        if row[1] == "ORDI" and values.get("station_id") == station:
            keys[station] = VerifyKey(bytes.fromhex(values["public_key"]))
    last: dict[str, tuple[int, bytes]] = {}
    for station, number, head, table, signature in heads:
        before, previous = last.get(station, (0, bytes(32)))
        assert number == before + 1
        inner = hashlib.sha256(head).digest() + hashlib.sha256(table).digest()
        digest = hashlib.sha256(previous + inner).digest()
        if signature is not None:  # of a chain that came in a package, the last one vouches for all
            keys[station].verify(digest, signature)
        last[station] = (number, digest)


def dump(store: Store) -> dict[str, list[str]]:
    """All that the tables hold, in an order of its own; the search index must fit its text."""
    with store.connecting() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND name NOT LIKE 'search_index%' AND name NOT LIKE 'sqlite%'"
        ).scalars()
        found = {}
        for name in list(names):
            columns = "record, register, owner, text" if name == "search_text" else "*"
            rows = connection.exec_driver_sql(f'SELECT {columns} FROM "{name}"')
            if name == "meta":  # but for the mark by which other processes learn of a rebuild
                rows = [row for row in rows if row[0] != "definitions"]
            found[name] = sorted(repr(tuple(row)) for row in rows)
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(
            "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"
        )
        connection.exec_driver_sql("ROLLBACK")
    return found
