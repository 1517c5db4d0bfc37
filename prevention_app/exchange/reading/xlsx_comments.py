"""Comments of a .xlsx sheet: the old notes, and the conversations of Microsoft 365."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prevention_app.exchange.reading.cell_addresses import cell_address
from prevention_app.exchange.reading.grid import SheetBuilder
from prevention_app.exchange.reading.xlsx_text import unescape
from prevention_app.exchange.reading.xml_events import tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def add_notes(content: bytes, builder: SheetBuilder, *, conversations: bool) -> None:
    """Add the notes of a sheet; those that only announce a conversation are left to it.

    Raises:
        UnreadableFile: the part is damaged or dangerous.
    """
    for comment in tree(content).iterfind("{*}commentList/{*}comment"):
        text = _note_text(comment)
        if conversations and text.startswith("[Threaded comment]"):
            continue
        builder.comment(*cell_address(comment.get("ref", "")), text)


def add_conversations(content: bytes, builder: SheetBuilder) -> None:
    """Add the conversations of a sheet, one line for each contribution.

    Raises:
        UnreadableFile: the part is damaged or dangerous.
    """
    for comment in tree(content).iterfind("{*}threadedComment"):
        text = comment.findtext("{*}text", "")
        builder.comment(*cell_address(comment.get("ref", "")), text)


def _note_text(comment: Element) -> str:
    body = comment.find("{*}text")
    if body is None:
        return ""
    pieces = [*body.iterfind("{*}t"), *body.iterfind("{*}r/{*}t")]
    return unescape("".join(each.text or "" for each in pieces))
