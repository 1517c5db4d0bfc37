"""XML from strangers, as a stream of events: no document type, no entities, bounded memory.

Large parts (sheets, texts) go through `feed`, which never holds the document; small ones through
`tree`. Python 3.11 may carry an expat that reads a huge tag again at every piece it is fed, so a
tag has a limit too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn, Protocol
from xml.parsers import expat

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reading import refusals

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DEPTH = 200
MAX_TAG = 1_000_000
"""Bytes of one tag with its attributes, or of one comment."""
MAX_TEXT = 1_000_000
"""Characters of one cell; Excel stops at 32,767."""


class Events(Protocol):
    """What a reader does at each event; names are `namespace}local`, or as written."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        ...

    def end(self, name: str) -> None:
        """An element closes."""
        ...

    def text(self, data: str) -> None:
        """Characters, in one or more pieces."""
        ...


def feed(chunks: Iterable[bytes], events: Events, *, namespaces: bool = True) -> None:
    """Send the events of a document to a reader.

    Without namespaces the names come as written (`c`, `x:c`), which takes a fifth of the time off
    parts with millions of elements. Document types are refused: entities, the way in of most
    attacks, cannot be declared without one.

    Raises:
        UnreadableFile: the XML is damaged, dangerous or beyond the limits.
    """
    parser = expat.ParserCreate(namespace_separator="}" if namespaces else None)
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler = events.start
    parser.EndElementHandler = events.end
    parser.CharacterDataHandler = events.text
    parser.StartDoctypeDeclHandler = _refuse
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > MAX_TAG:
                _refuse()
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise refusals.damaged("XML mal formé") from error


def _refuse(*_: object) -> NoReturn:
    raise UnreadableFile(refusals.DANGEROUS_XML)


def tree(content: bytes) -> Element:
    """A small document as a tree.

    Raises:
        UnreadableFile: the XML is damaged or dangerous.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        return fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        _refuse()
    except (ParseError, LookupError, ValueError) as error:
        raise refusals.damaged("XML mal formé") from error


class Depth:
    """Counts open elements, so that nesting cannot fill the memory."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        """Nothing is open."""
        self.open = 0

    def enter(self) -> None:
        """One more element is open."""
        self.open += 1
        if self.open > MAX_DEPTH:
            _refuse()

    def leave(self) -> None:
        """One element less is open."""
        self.open -= 1


def local_name(name: str) -> str:
    """The name as written without its prefix."""
    return name.rpartition(":")[2]
