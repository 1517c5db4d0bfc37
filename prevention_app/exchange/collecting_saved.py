"""When a returned workbook was saved last: of two answers to one sheet, the later one counts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from defusedxml.ElementTree import fromstring

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reading.archive import Archive
from prevention_app.exchange.reading.file_kind import is_zip

_PLACES: Final = {
    "docprops/core.xml": "{http://purl.org/dc/terms/}modified",
    "meta.xml": "{http://purl.org/dc/elements/1.1/}date",
}
"""Part of an archive → the element that holds the moment: Excel's files, LibreOffice's own."""


def saved_at(path: Path) -> datetime:
    """The moment that the file tells, else that of the file itself; in local time, to the minute.

    Mail programs give attachments the time of the download: what the file tells is better.
    """
    told = _told(path.read_bytes())
    moment = told or datetime.fromtimestamp(path.stat().st_mtime)
    return moment.replace(second=0, microsecond=0)


def _told(content: bytes) -> datetime | None:
    if not is_zip(content):
        return None
    try:
        archive = Archive(content)
        for place, name in _PLACES.items():
            if place in archive:
                found = fromstring(archive.whole(place)).find(f".//{name}")
                if found is not None and found.text:
                    return _local(found.text.strip())
    except (UnreadableFile, ValueError, SyntaxError):
        return None
    return None


def _local(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
