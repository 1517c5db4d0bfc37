"""A risk or a work unit that a person names."""

from __future__ import annotations

from typing import cast

from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import Risk
from prevention_app.catalogue.values import Unreadable
from prevention_app.errors import NotFound
from prevention_app.services import records
from prevention_app.storage.query import Reader


def find_risk(read: Reader, reference: str) -> Risk:
    """The risk with this reference; raises NotFound for that of another register."""
    entity, record = read.find(reference)
    if entity.key != "risk":
        raise NotFound(f"« {reference} » n’est pas la référence d’un risque.")
    return cast("Risk", record)


def find_unit(read: Reader, wanted: str) -> WorkUnit:
    """The work unit with this reference, id or name; raises NotFound where none or several are."""
    unit = read.catalogue["risk"].by_key["work_unit"]
    try:
        return cast("WorkUnit", read.get("work_unit", records.resolve(read, unit, wanted)))
    except Unreadable as error:
        raise NotFound(str(error)) from error
