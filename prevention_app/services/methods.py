"""The rating methods that come with the program."""

from __future__ import annotations

import json
from functools import cache
from types import MappingProxyType
from typing import Any

from prevention_app import paths
from prevention_app.domain.ratings import RatingMethod, method_from
from prevention_app.errors import NotFound

DEFAULT = "gfm-1"
"""The method of a rating that names none."""


@cache
def methods() -> MappingProxyType[str, RatingMethod]:
    """All methods by their code; read once."""
    found: dict[str, RatingMethod] = {}
    for file in sorted(paths.resource("rating_methods").glob("*.json")):
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        method = method_from(document)
        found[method.code] = method
    return MappingProxyType(found)


def method(code: str = DEFAULT) -> RatingMethod:
    """The method with this code; raises NotFound with those that there are."""
    known = methods()
    if code not in known:
        raise NotFound(
            f"Aucune méthode de cotation « {code} ». Méthodes connues\u202f: {', '.join(known)}."
        )
    return known[code]
