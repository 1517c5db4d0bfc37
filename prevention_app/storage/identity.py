"""Identifiers: ids made at the station, codes and references that people quote."""

from __future__ import annotations

import re
import secrets
import threading
import time
import uuid
from typing import Final, NamedTuple

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFERENCE: Final = re.compile(
    r"(?P<owner>[0-9A-Z]{2,3})-(?P<register>[A-Z0-9]{1,8})-(?P<station>[0-9A-Z]{3})-(?P<counter>.+)"
)
SHIPPED_CODE: Final = "000"
"""The station code in references of records shipped with the program."""

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A UUIDv7: ids made later sort later, also within one millisecond at one process."""
    global _last  # noqa: PLW0603  (the counter that keeps ids of one process in order)
    with _lock:
        _last = max(time.time_ns() // 1000, _last + 1)
        moment = _last
    milliseconds, within = divmod(moment, 1000)
    value = (milliseconds << 80) | (0x7 << 76) | (within << 66) | (0b10 << 62)
    value |= secrets.randbits(62) | (secrets.randbits(2) << 64)
    return str(uuid.UUID(int=value))


def new_station_id() -> str:
    """The id of a new chain."""
    return uuid.uuid4().hex


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
