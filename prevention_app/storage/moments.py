"""Moments as they are noted: earlier ones come first when they are compared as text."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """This moment: ISO, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
