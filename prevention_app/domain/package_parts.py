"""What a package between stations holds, apart from how its bytes look and where it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

UNSIGNED: Final = b""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who made a package, and what that station held then: its receipt for all that it had got."""

    sender: str
    name: str
    at: str
    """UTC, ISO 8601, to the millisecond."""
    vector: Mapping[str, int]
    absent: Mapping[str, Sequence[tuple[int, int]]]
    """Station → (number, position) of the leaves whose bytes the sender lacks, in order."""
    signature: bytes = UNSIGNED
    signed: bytes = b""
    """The bytes that the sender's station signed."""


@dataclass(frozen=True, slots=True)
class PackedEntry:
    """A head with its leaf table, and those of its leaves that travel."""

    head: bytes
    table: bytes
    leaves: Mapping[int, tuple[bytes, bytes]]
    """Position in the table → (salt, body)."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive entries of one station; the signature of the last one vouches for all."""

    station: str
    first: int
    before: bytes
    """Hash of the entry before the first one."""
    entries: Sequence[PackedEntry]
    signature: bytes

    @property
    def last(self) -> int:
        """Number of its last entry."""
        return self.first + len(self.entries) - 1


@dataclass(frozen=True, slots=True)
class Slice:
    """Runs that lead together from one state that stands by itself to the next."""

    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class LateLeaf:
    """A leaf whose head the receiver holds, or got in the slice before."""

    station: str
    number: int
    position: int
    salt: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class LateLeaves:
    """Some leaves that come after their heads."""

    leaves: Sequence[LateLeaf]


@dataclass(frozen=True, slots=True)
class FileAnnounced:
    """An attachment follows, named by the records of the next slice or late leaves."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class FileData:
    """Bytes of the attachment announced last."""

    chunk: bytes


Part = Manifest | Slice | LateLeaves | FileAnnounced | FileData


@dataclass(frozen=True, slots=True)
class Envelope:
    """What can be told of a package without its key."""

    format: int
    sections: Sequence[Sequence[str]] = field(default_factory=tuple)
    """The stations to which each section is addressed."""
