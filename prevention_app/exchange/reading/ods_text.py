"""The text of an OpenDocument cell or comment: one line for each paragraph."""

from __future__ import annotations

import re

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.ods_names import TEXT, repeat
from prevention_app.exchange.reading.xml_events import MAX_TEXT

_SPACES = re.compile(r"[ \t\r\n]+")


class Paragraphs:
    """Gathers the paragraphs that lie directly in a cell; those of drawings in it are no text."""

    __slots__ = ("_length", "_lines", "_open", "_paragraph")

    def __init__(self) -> None:
        """No text yet."""
        self._lines: list[str] = []
        self._paragraph: list[str] = []
        self._open = False
        self._length = 0

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """An element opens, so many levels below the cell."""
        if depth == 1 and name == f"{TEXT}p":
            self._open = True
            self._paragraph = []
        elif name == f"{TEXT}s":
            self._add(" " * min(repeat(attributes, f"{TEXT}c"), MAX_TEXT))
        elif name == f"{TEXT}tab":
            self._add("\t")
        elif name == f"{TEXT}line-break":
            self._add("\n")

    def end(self, name: str, depth: int) -> None:
        """An element closes."""
        if depth == 1 and name == f"{TEXT}p":
            self._open = False
            self._lines.append("".join(self._paragraph))

    def text(self, data: str) -> None:
        """Characters come in; runs of white space count as one space, as the format says.

        Raises:
            UnreadableFile: the text is longer than any cell can be.
        """
        self._add(_SPACES.sub(" ", data))

    def _add(self, text: str) -> None:
        if not self._open:
            return
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise refusals.text_too_long()
        self._paragraph.append(text)

    @property
    def value(self) -> str:
        """The text gathered so far."""
        return "\n".join(self._lines)
