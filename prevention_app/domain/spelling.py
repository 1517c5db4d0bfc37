"""Words as they are written and as they sound: what an error of spelling leaves as it is."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_ALIKE: Final = str.maketrans("kqyzw", "ccisv", "h")
_TWICE: Final = tuple((each * 2, each) for each in "abcdefgijlmnoprstuvx")


def words_of(text: str) -> list[str]:
    """The words of a folded text: three letters or more, without what has figures in it."""
    return _WORD.findall(text)


def sound(word: str) -> str:
    """How a folded word sounds, roughly: « certiphyto » and « certifito » are one."""
    told = word.replace("ph", "f").replace("qu", "c").translate(_ALIKE)
    for twice, once in _TWICE:
        if twice in told:
            told = told.replace(twice, once)
    return told or word
