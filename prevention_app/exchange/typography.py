"""The spaces of French typography, put into sentences that are about to be shown."""

from __future__ import annotations

import re

_BEFORE = re.compile(r" (?=[;!?](?:\s|$|[\u00bb)]))")


def typeset(sentence: str) -> str:
    """The sentence with no-break spaces inside « » and before : ; ! ?, as French wants them."""
    sentence = sentence.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" :", "\u00a0:")
    return _BEFORE.sub("\u202f", sentence)
