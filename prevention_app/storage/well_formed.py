"""Whether heads and leaves that came from elsewhere have the form that ours have.

A signature says who wrote something, not that it can be read: what would break the reading of the
journal is refused before it gets in.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, cast

from prevention_app.storage import entries
from prevention_app.storage.entries import Row

_STATION: Final = re.compile(r"[0-9a-f]{32}")
MOST_NUMBER: Final = 1 << 53
"""No number that stations tell each other reaches it."""
_CLOCK: Final = re.compile(r"0|[1-9][0-9]{0,17}")


def head_in(stored: bytes) -> dict[str, Any] | None:
    """What a head says; None where it is no head. One of a newer format is told from its number."""
    told = _read(stored)
    if told is None or not _is_number(told.get("f")):
        return None
    if told["f"] > entries.FORMAT:
        return told
    if not _is_as_written(told, stored):
        return None
    moved: object = told.get("v", {})
    sound = (
        is_station(told.get("s"))
        and _is_number(told.get("n"))
        and _is_clock(told.get("t"))
        and isinstance(told.get("a"), str)
        and _is_vector(moved)
    )
    return told if sound else None


def leaf_in(stored: bytes, row: Row) -> dict[str, Any] | None:
    """What a leaf says; None where it is none of the kind that its row names."""
    told = _read(stored)
    if told is None or not _is_as_written(told, stored):
        return None
    if not isinstance(told.get("r"), str) or not _are_writes(told.get("w")):
        return None
    if not all(key not in told or sound(told[key]) for key, sound in _OPTIONAL):
        return None
    return None if "e" in told and row.kind == "p" else told


def _read(stored: bytes) -> dict[str, Any] | None:
    try:
        told: object = _DECODER.decode(stored.decode())
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", told) if isinstance(told, dict) else None


def _is_as_written(told: dict[str, Any], stored: bytes) -> bool:
    """Whether an object is in the one form that is hashed: every reader finds the same in it."""
    try:
        same = entries.to_bytes(told) == stored
    except (ValueError, RecursionError):  # half of a character, for one
        return False
    return same and b"\\u0000" not in stored  # databases hold no zero character in a text


def _refuse(constant: str) -> None:
    raise ValueError(constant)


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse)


def _is_number(value: object) -> bool:
    return type(value) is int and 0 < value < MOST_NUMBER


def is_station(value: object) -> bool:
    """Whether this has the form of a station's id."""
    return isinstance(value, str) and _STATION.fullmatch(value) is not None


def _is_clock(value: object) -> bool:
    return isinstance(value, str) and _CLOCK.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_scope(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    scope = cast("dict[str, object]", value)
    return all(_are_names(each) if key == "b" else _is_text(each) for key, each in scope.items())


def _is_vector(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    vector = cast("dict[object, object]", value)
    return all(map(is_station, vector)) and all(map(_is_number, vector.values()))


def _are_writes(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    writes = cast("dict[str, object]", value)
    return all(each is None or isinstance(each, bool | str) for each in writes.values())


def _are_exceptions(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_exception, cast("list[object]", value)))


def _is_exception(row: object) -> bool:
    if not isinstance(row, list):
        return False
    told = cast("list[object]", row)
    if len(told) not in (3, 4) or not all(map(_is_number, told[1:3])):
        return False
    return is_station(told[0]) and (len(told) == 3 or _are_names(told[3]))


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, str) for each in cast("list[object]", value)
    )


def _are_erasures(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_erasure, cast("list[object]", value)))


def _is_erasure(row: object) -> bool:
    if not isinstance(row, list):
        return False
    told = cast("list[object]", row)
    if len(told) != 3 or not is_station(told[0]) or not _is_number(told[1]):
        return False
    if not isinstance(told[2], dict):
        return False
    keeps = cast("dict[str, object]", told[2])
    return (
        _are_names(keeps.get("w"))
        and ("x" not in keeps or _are_exceptions(keeps["x"]))
        and ("o" not in keeps or _is_scope(keeps["o"]))
    )


_OPTIONAL: Final = (
    ("x", _are_exceptions),
    ("e", _are_erasures),
    ("c", _is_number),
    ("u", _is_number),
    ("m", _is_text),
    ("o", _is_scope),
)
"""What a leaf need not hold, and how it looks where it does."""
