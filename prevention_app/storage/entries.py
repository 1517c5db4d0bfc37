"""The form of entries: what is hashed and signed, byte by byte; see docs/entry_format.md.

Everything hashed is the stored bytes: UTF-8 JSON with sorted keys and NFC text, never written
again. hash = SHA-256(previous hash ‖ SHA-256(head) ‖ SHA-256(leaf table)).
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FORMAT: Final = 1
ROW: Final = 44
SALT: Final = 16
FIRST_HASH: Final = bytes(32)
KINDS: Final = ("p", "t", "n")


@dataclass(slots=True)
class NewLeaf:
    """A leaf about to be written: where it belongs, and its body."""

    owner: str
    register: str
    """The register's code."""
    kind: str
    body: dict[str, Any]
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a leaf table: whose, which register, which kind, and the digest of the leaf."""

    owner: str
    register: str
    kind: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A head with its leaf table, and those of its leaves that are handed on."""

    head: bytes
    table: bytes
    signature: bytes | None
    leaves: Mapping[int, tuple[bytes, bytes]]
    """Position in the table → (salt, body)."""


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
"""Made once: each entry that comes is written again, to see that it is in this form."""


def to_bytes(document: Mapping[str, Any]) -> bytes:
    """JSON as it is hashed; texts in it are expected in NFC already."""
    return _ENCODER.encode(document).encode()


def nfc(text: str) -> str:
    """Text in the one form that is hashed."""
    return unicodedata.normalize("NFC", text)


def make_head(
    *, station: str, number: int, clock: int, author: str, moved: Mapping[str, int]
) -> bytes:
    """The head of an entry; `moved` is what changed in the version vector since the last one."""
    head: dict[str, Any] = {
        "s": station,
        "n": number,
        "t": str(clock),
        "f": FORMAT,
        "a": author,
    }
    if moved:
        head["v"] = dict(moved)
    return to_bytes(head)


def make_table(rows: Sequence[tuple[NewLeaf, bytes]]) -> bytes:
    """The leaf table of these leaves with their encoded bodies, in their order."""
    return b"".join(
        leaf.owner.encode("ascii").ljust(3, b"\0")
        + leaf.register.encode("ascii").ljust(8, b"\0")
        + leaf.kind.encode("ascii")
        + leaf_digest(leaf.salt, body)
        for leaf, body in rows
    )


def leaf_digest(salt: bytes, body: bytes) -> bytes:
    """What the leaf table holds of a leaf."""
    return hashlib.sha256(salt + body).digest()


def read_table(table: bytes) -> list[Row]:
    """The rows of a leaf table; raises ValueError when its length is no whole number of rows."""
    if len(table) % ROW:
        raise ValueError("leaf table of broken length")
    return [
        Row(
            table[at : at + 3].rstrip(b"\0").decode("ascii"),
            table[at + 3 : at + 11].rstrip(b"\0").decode("ascii"),
            table[at + 11 : at + 12].decode("ascii"),
            table[at + 12 : at + ROW],
        )
        for at in range(0, len(table), ROW)
    ]


def chain_hash(previous: bytes, head: bytes, table: bytes) -> bytes:
    """The hash that ties an entry to all before it."""
    return hashlib.sha256(
        previous + hashlib.sha256(head).digest() + hashlib.sha256(table).digest()
    ).digest()
