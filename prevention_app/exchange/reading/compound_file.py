"""Compound files, the containers of .xls workbooks: the workbook's own bytes out of them."""

from __future__ import annotations

import io
from collections.abc import Sequence

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")


def workbook_stream(content: bytes) -> bytes:
    """The stream that holds the workbook; the content itself where there is no container.

    xlrd reads containers too, but follows a chain of short sectors for ever when it bites its
    own tail; here each chain is walked once before it is followed.

    Raises:
        ValueError: a chain of sectors is a circle, or the workbook is missing.
        Exception: whatever else xlrd meets a damaged container with.
    """
    if not content.startswith(SIGNATURE):
        return content
    from xlrd.compdoc import CompDoc

    class CheckedContainer(CompDoc):
        def _get_stream(
            self,
            mem: bytes,
            base: int,
            sat: Sequence[int],
            sec_size: int,
            start_sid: int,
            *rest: object,
            **named: object,
        ) -> bytes:
            _check_chain(sat, start_sid)
            return super()._get_stream(mem, base, sat, sec_size, start_sid, *rest, **named)

    container = CheckedContainer(content, logfile=io.StringIO())
    for name in ("Workbook", "Book"):
        stream, start, length = container.locate_named_stream(name)
        if stream is not None:
            return stream[start : start + length]
    raise ValueError("no workbook in the compound file")


def _check_chain(next_sectors: Sequence[int], sector: int) -> None:
    for _ in range(len(next_sectors) + 1):
        if not 0 <= sector < len(next_sectors):
            return
        sector = next_sectors[sector]
    raise ValueError("a chain of sectors without end")
