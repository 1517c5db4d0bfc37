"""Identifiers: ids made at the station, codes and references that people quote.

The last four bytes of a record's id are a digest of the owner and register that it was made for,
and of the rest of the id: who writes under it for another owner or register is told by the id
alone, whatever else is known of the record.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
import uuid
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFERENCE: Final = re.compile(
    r"(?P<owner>[0-9A-Z]{2,3})-(?P<register>[A-Z0-9]{1,8})-(?P<station>[0-9A-Z]{3})-(?P<counter>.+)"
)
_MADE: Final = 8
_DERIVED: Final = 5
"""Versions of UUIDs."""
SHIPPED_CODE: Final = "000"
"""The station code in references of records shipped with the program."""

_lock = threading.Lock()
_last = 0


def new_id(owner: str, register: str) -> str:
    """The id of a new record of an owner and register (its code), a UUID of version 8.

    Ids made later sort later, also within one millisecond at one process.
    """
    global _last  # noqa: PLW0603  (the counter that keeps ids of one process in order)
    with _lock:
        _last = max(time.time_ns() // 1000, _last + 1)
        moment = _last
    milliseconds, within = divmod(moment, 1000)
    value = (milliseconds << 80) | (_MADE << 76) | (within << 66) | (0b10 << 62)
    value |= secrets.randbits(62) | (secrets.randbits(2) << 64)
    return _bound(value.to_bytes(16), owner, register)


def derived_id(name: str, owner: str, register: str) -> str:
    """The id of the one record that stands for something with a name, a UUID of version 5.

    A station's own record and that of its first user are named after the station; records shipped
    with the program after their number.
    """
    digest = hashlib.sha256(f"{register}\0{name}".encode()).digest()
    return _bound(uuid.UUID(bytes=digest[:16], version=_DERIVED).bytes, owner, register)


def belongs(record: str, owner: str, register: str) -> bool:
    """Whether a record's id was made for this owner and register."""
    try:
        told = uuid.UUID(record)
    except ValueError:
        return False
    return str(told) == record and record == _bound(told.bytes, owner, register)


def is_derived(record: str) -> bool:
    """Whether an id follows from a name."""
    return record[14:15] == str(_DERIVED)


def made_on(record: str) -> date | None:
    """The day on which a record was entered, as its id tells; None for one that has a name."""
    if is_derived(record):
        return None
    milliseconds = int(record[:8] + record[9:13], 16)
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone().date()


def _bound(told: bytes, owner: str, register: str) -> str:
    digest = hashlib.sha256(told[:12] + f"{owner}\0{register}".encode()).digest()
    return str(uuid.UUID(bytes=told[:12] + digest[:4]))


def new_station_code(taken: set[str]) -> str:
    """Three Crockford base-32 characters that no station known here uses."""
    while True:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(3))
        if code not in taken and code != SHIPPED_CODE:
            return code


class Reference(NamedTuple):
    """The parts of 45-RSST-K7Q-12."""

    owner: str
    register: str
    station: str
    counter: str

    def __str__(self) -> str:
        return "-".join(self)


def parse_reference(text: str) -> Reference | None:
    """The parts of a reference as a person typed it; None when it is none."""
    match = _REFERENCE.fullmatch(text.strip().upper())
    return Reference(*match.groups()) if match else None
