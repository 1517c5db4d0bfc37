"""Text as .xlsx keeps it: plain or in runs, shared between cells, with escapes of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.budget import MAX_CELLS, Budget
from prevention_app.exchange.reading.xml_events import MAX_TEXT, Depth, feed, local_name

_ESCAPES = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_FALSE = ("0", "false", "off")


class Struck(Enum):
    """How much of a text is struck through."""

    NOT = 0
    PARTLY = 1
    WHOLLY = 2


def unescape(text: str) -> str:
    """The text with `_x000D_` and the like as the characters that they stand for.

    Escapes of characters that no text may hold (NUL, half a pair) stay as they are.
    """
    return _ESCAPES.sub(_characters, text) if "_x" in text else text


def _characters(found: re.Match[str]) -> str:
    units = bytes.fromhex("".join(found[0][start + 2 : start + 6] for start in _starts(found[0])))
    try:
        decoded = units.decode("utf-16-be")
    except UnicodeDecodeError:
        return found[0]
    allowed = all(each in "\t\n\r" or each >= " " for each in decoded)
    return decoded if allowed else found[0]


def _starts(escapes: str) -> range:
    return range(0, len(escapes), 7)


def is_on(value: str | None) -> bool:
    """Whether a flag such as `<strike/>` or `val="1"` is set; an element without value is."""
    return value is None or value.lower() not in _FALSE


class RunText:
    """Gathers the text of a `<si>` or `<is>` element, phonetic readings left out."""

    __slots__ = (
        "_capturing",
        "_length",
        "_phonetic",
        "_pieces",
        "_plain",
        "_run_struck",
        "_struck",
    )

    def __init__(self) -> None:
        """No text yet."""
        self.begin()

    def begin(self) -> None:
        """Forget the text before."""
        self._pieces: list[str] = []
        self._length = 0
        self._capturing = self._phonetic = self._run_struck = False
        self._struck = self._plain = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element within the text opens."""
        if tag == "t":
            self._capturing = not self._phonetic
        elif tag == "r":
            self._run_struck = False
        elif tag == "strike":
            self._run_struck = is_on(attributes.get("val"))
        elif tag == "rPh":
            self._phonetic = True

    def end(self, tag: str) -> None:
        """An element within the text closes."""
        if tag == "t":
            self._capturing = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "r":
            self._run_struck = False

    def text(self, data: str) -> None:
        """Characters come in.

        Raises:
            UnreadableFile: the text is longer than any cell can be.
        """
        if not self._capturing:
            return
        self._length += len(data)
        if self._length > MAX_TEXT:
            raise refusals.text_too_long()
        self._pieces.append(data)
        if data.strip():
            self._struck |= self._run_struck
            self._plain |= not self._run_struck

    @property
    def value(self) -> str:
        """The text gathered since `begin`."""
        return unescape("".join(self._pieces))

    @property
    def struck(self) -> Struck:
        """How much of it is struck through."""
        if not self._struck:
            return Struck.NOT
        return Struck.PARTLY if self._plain else Struck.WHOLLY


class SharedTexts:
    """The texts that cells refer to by number, and which of them are struck through."""

    def __init__(self, budget: Budget) -> None:
        """No shared text, as in a file without such a part."""
        self._budget = budget
        self.texts: list[str] = []
        self.struck: dict[int, Struck] = {}
        self._depth = Depth()
        self._run = RunText()

    def read(self, chunks: Iterable[bytes]) -> None:
        """Read the part `sharedStrings.xml`.

        Raises:
            UnreadableFile: the part is damaged, dangerous or too large.
        """
        feed(chunks, self, namespaces=False)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self._depth.enter()
        tag = local_name(name)
        if tag == "si":
            self._run.begin()
        else:
            self._run.start(tag, attributes)

    def end(self, name: str) -> None:
        """An element closes."""
        self._depth.leave()
        tag = local_name(name)
        if tag != "si":
            self._run.end(tag)
            return
        if self._run.struck is not Struck.NOT:
            self.struck[len(self.texts)] = self._run.struck
        self.texts.append(self._budget.kept_text(self._run.value))
        if len(self.texts) > MAX_CELLS:
            raise refusals.too_large("plus de 4 millions de textes")

    def text(self, data: str) -> None:
        """Characters come in."""
        self._run.text(data)
