"""The rating methods that come with the program, as they are written down and as rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from prevention_app import paths
from prevention_app.domain.ratings import RatingMethod, method_from

Document = Mapping[str, Any]


@cache
def shipped_documents() -> Mapping[str, Document]:
    """Each method as its file says it, by its code."""
    found: dict[str, Document] = {}
    for file in sorted(paths.resource("rating_methods").glob("*.json")):
        document: Document = json.loads(file.read_text(encoding="utf-8"))
        found[document["code"]] = document
    return found


@cache
def shipped_methods() -> Mapping[str, RatingMethod]:
    """The methods by their code."""
    return {code: method_from(document) for code, document in shipped_documents().items()}
