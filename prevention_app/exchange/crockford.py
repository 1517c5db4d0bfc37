"""Characters that people read aloud and type: Crockford's base 32, without I, L, O and U."""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE: Final = str.maketrans("ILO", "110")
_BITS: Final = 5


def encode(content: bytes) -> str:
    """The bytes as characters of five bits each, the last filled up with zeros."""
    length = -(-len(content) * 8 // _BITS)
    number = int.from_bytes(content) << (length * _BITS - len(content) * 8)
    return "".join(ALPHABET[number >> (at * _BITS) & 31] for at in reversed(range(length)))


def decode(text: str, size: int) -> bytes:
    """The bytes of so many characters; raises ValueError where they are not such a text."""
    number = 0
    for value in values(text):
        number = number << _BITS | value
    spare = len(text) * _BITS - size * 8
    if not 0 <= spare < _BITS or number & ((1 << spare) - 1):
        raise ValueError(text)
    return (number >> spare).to_bytes(size)


def values(text: str) -> list[int]:
    """What each character stands for; raises ValueError for a character that is none."""
    return [ALPHABET.index(character) for character in text]


def as_typed(text: str) -> str:
    """What a person typed, in capitals, with what looks alike taken for what is meant."""
    return text.upper().translate(_ALIKE)


def in_groups(text: str, size: int = 4, between: str = "-") -> str:
    """The text in groups, to be read aloud."""
    return between.join(text[at : at + size] for at in range(0, len(text), size))
