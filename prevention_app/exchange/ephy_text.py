"""From the bytes of a published CSV file to its rows of cells, in bounded memory.

Anses publishes each file in Windows-1252 and in UTF-8; files that passed through other hands
carry a mark of byte order, quotes, or lines of two encodings.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.ephy_sources import EphySource

LONGEST_LINE = 1_000_000
"""Bytes; the longest published line has 8 kB."""
_MOST_LINES_IN_A_CELL = 100
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first reading of the bytes tells."""

    digest: str
    """SHA-256 of the bytes, hexadecimal."""
    lines: int
    windows: bool
    """Most lines with accents are Windows-1252, not UTF-8."""
    mixed: bool
    """Some lines are in the other encoding."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a row of several when a quoted cell spans them."""

    number: int
    """Counted from 1, as an editor shows it."""
    text: str
    foreign: bool
    """In the other encoding than most of the file."""


def survey(source: EphySource) -> Survey:
    """Read a file once: digest, number of lines, encoding. Raises `UnreadableFile`."""
    digest = hashlib.sha256()
    lines = utf8 = other = 0
    with source.open() as stream:
        for raw in _raw_lines(stream, source.name):
            digest.update(raw)
            lines += 1
            if lines == 1 and raw.startswith(_UTF_16):
                raise UnreadableFile(
                    f"Le fichier « {source.name} » est en UTF-16 : "
                    "enregistrez-le en UTF-8, puis recommencez."
                )
            if lines == 1 and b"\0" in raw:
                raise UnreadableFile(
                    f"« {source.name} » n’est pas un fichier CSV. "
                    "Choisissez l’archive ZIP ou les fichiers CSV publiés sur data.gouv.fr."
                )
            if raw.isascii():
                continue
            text = _as_utf8(raw)
            if text is None:
                other += 1
            elif _EUROPEAN.fullmatch(text):
                utf8 += 1
    return Survey(digest.hexdigest(), lines, windows=other > utf8, mixed=bool(other and utf8))


def read_lines(source: EphySource, known: Survey) -> Iterator[Line]:
    """The lines of a file as text, without their ends."""
    with source.open() as stream:
        for number, raw in enumerate(_raw_lines(stream, source.name), start=1):
            text, foreign = _decode(raw, known)
            if number == 1:
                text = text.removeprefix("\ufeff")
            yield Line(number, text.rstrip("\r\n"), foreign)


def split_rows(lines: Iterator[Line], separator: str) -> Iterator[tuple[Line, list[str]]]:
    """The cells of each row; a quoted cell may span lines, a stray quote is a plain sign."""
    waiting: deque[Line] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        if '"' not in line.text:
            yield line, line.text.split(separator)
            continue
        yield line, _quoted_cells(line, separator, lines, waiting)


def _quoted_cells(
    line: Line, separator: str, lines: Iterator[Line], waiting: deque[Line]
) -> list[str]:
    """Cells of a row with quotes; puts back in `waiting` the lines that did not belong to it."""
    text = line.text
    taken: list[Line] = []
    while True:
        try:
            return next(csv.reader([text], delimiter=separator, strict=True))
        except csv.Error as error:
            unfinished = "unexpected end of data" in str(error)
        following = None
        if unfinished and len(taken) < _MOST_LINES_IN_A_CELL:
            following = waiting.popleft() if waiting else next(lines, None)
        if following is None:
            waiting.extendleft(reversed(taken))
            return line.text.split(separator)
        taken.append(following)
        text = f"{text}\n{following.text}"


def _raw_lines(stream: IO[bytes], name: str) -> Iterator[bytes]:
    while raw := stream.readline(LONGEST_LINE):
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            raise UnreadableFile(
                f"Le fichier « {name} » contient une ligne démesurée : "
                "ce n’est pas un fichier du catalogue E-Phy."
            )
        yield raw


_EUROPEAN = re.compile(r"[\x00-\u017f\u2000-\u22ff\ufeff]*")
"""What UTF-8 text is made of here; two Windows-1252 bytes can pass for a rarer letter."""


def _as_utf8(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _decode(raw: bytes, known: Survey) -> tuple[str, bool]:
    if raw.isascii():
        return raw.decode("ascii"), False
    text = None if known.windows and not known.mixed else _as_utf8(raw)
    if text is None:
        return _from_windows(raw), not known.windows
    if known.windows and not _EUROPEAN.fullmatch(text):
        return _from_windows(raw), False
    return text, known.windows


def _from_windows(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        # Five bytes stand for nothing in Windows-1252; as control characters they are dropped
        # later with the others, which the UTF-8 edition carries at the same places.
        signs = (bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in raw)
        return "".join(signs)
