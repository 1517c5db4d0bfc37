"""Entries written by a program that was altered: right in their chain, whatever they say."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from prevention_app.storage import entries, journal
from prevention_app.storage.entries import Entry
from prevention_app.storage.store import Store

Forged = tuple[str, str, str, dict[str, Any] | bytes]
"""Owner, code of the register, kind, and what the leaf says."""


def next_entry(store: Store, *leaves: Forged) -> Entry:
    """An entry that follows a station's chain, signed by it, which it does not hold itself."""
    with store.reading() as read:
        last, before = read.connection.exec_driver_sql(
            "SELECT last, hash FROM chain WHERE station = ?", (store.station,)
        ).one()
        clock = journal.now_clock(read.connection)
    head = entries.make_head(
        station=store.station, number=last + 1, clock=clock, author=store.author, moved={}
    )
    return entry_of(head, bytes(before), leaves, store.key.sign)


def entry_of(head: bytes, before: bytes, leaves: Sequence[Forged], sign: Any) -> Entry:
    """An entry with this head and these leaves, all of them handed on."""
    told = [body if isinstance(body, bytes) else entries.to_bytes(body) for *_, body in leaves]
    salts = [os.urandom(16) for _ in leaves]
    table = b"".join(
        owner.encode().ljust(3, b"\0")
        + register.encode().ljust(8, b"\0")
        + kind.encode()
        + entries.leaf_digest(salt, body)
        for (owner, register, kind, _), salt, body in zip(leaves, salts, told, strict=True)
    )
    digest = entries.chain_hash(before, head, table)
    both = zip(salts, told, strict=True)
    return Entry(head, table, sign(digest), dict(enumerate(both)))
