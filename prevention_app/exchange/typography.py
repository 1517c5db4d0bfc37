"""French texts that are about to be shown: the spaces of typography, names made short."""

from __future__ import annotations

import re

_BEFORE = re.compile(r" (?=[;!?](?:\s|$|[\u00bb)]))")
_DIRECTION_OF = re.compile(
    r"^Direction (générale )?(adjointe )?(de la |de l[’']|des |du |de )", re.IGNORECASE
)


def typeset(sentence: str) -> str:
    """The sentence with no-break spaces inside « » and before : ; ! ?, as French wants them."""
    sentence = sentence.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" :", "\u00a0:")
    return _BEFORE.sub("\u202f", sentence)


def short_direction(name: str) -> str:
    """The name of a direction without « Direction de »: « Infrastructures »."""
    name = _DIRECTION_OF.sub("", name)
    return name[:1].upper() + name[1:]
