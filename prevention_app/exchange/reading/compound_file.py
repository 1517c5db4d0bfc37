"""Compound files, the containers of .xls workbooks: the workbook's own bytes out of them."""

from __future__ import annotations

import io
from collections.abc import Sequence

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")


def workbook_stream(content: bytes) -> bytes:
    """The stream that holds the workbook; the content itself where there is no container.

    xlrd opens containers too, but follows a chain of short sectors for ever when it bites its own
    tail: here all of them are walked before.

    Raises:
        ValueError: a chain of sectors has no end, or the workbook is missing.
        Exception: whatever else xlrd meets a damaged container with.
    """
    if not content.startswith(SIGNATURE):
        return content
    from xlrd.compdoc import CompDoc

    container = CompDoc(content, logfile=io.StringIO())
    for entry in container.dirlist[1:]:
        _check_chain(container.SSAT, entry.first_SID)
    for name in ("Workbook", "Book"):
        stream, start, length = container.locate_named_stream(name)
        if stream is not None:
            return stream[start : start + length]
    raise ValueError("no workbook in the compound file")


def _check_chain(next_sectors: Sequence[int], sector: int) -> None:
    """Walk a chain; one of long sectors, checked by xlrd itself, soon leaves this table."""
    for _ in range(len(next_sectors) + 1):
        if not 0 <= sector < len(next_sectors):
            return
        sector = next_sectors[sector]
    raise ValueError("a chain of sectors has no end")
