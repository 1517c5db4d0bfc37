"""Names of OpenDocument elements and attributes, as the XML reader gives them."""

from __future__ import annotations

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = f"{_ODF}office:1.0}}"
STYLE = f"{_ODF}style:1.0}}"
TABLE = f"{_ODF}table:1.0}}"
TEXT = f"{_ODF}text:1.0}}"
CALC_VALUE_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


def repeat(attributes: dict[str, str], name: str) -> int:
    """How many times an element counts; once unless a sensible number says otherwise."""
    text = attributes.get(name, "1")
    return max(1, int(text)) if text.isdecimal() and len(text) <= 10 else 1
