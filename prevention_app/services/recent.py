"""What others wrote since a person last looked: told on the first page, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from prevention_app.services.records import change_name
from prevention_app.storage.query import Passed, Query, Reader
from prevention_app.storage.work import ENROL


@dataclass(frozen=True, slots=True)
class Recent:
    """One change that came from another computer."""

    who: str
    """Its author; empty where the name was not communicated."""
    station: str
    name: str
    when: datetime
    register: str
    """Key of the register of the first record touched; empty where none is known here."""
    record_id: str
    reference: str
    records: int
    """How many records it touched, counted up to 1000."""


def by_others(read: Reader, known: Mapping[str, int], station: str, most: int = 5) -> list[Recent]:
    """The last changes of other stations that came after a position of the journal.

    Args:
        read: the state of the data to look at.
        known: station → number of its last change that was seen.
        station: the one that asks, whose own changes are left out.
        most: no more than so many.
    """
    passed = [each for each in read.passed(known, station, most + 1) if each.message != ENROL]
    people = read.titles("user", {each.author for each in passed})
    stations = {
        str(getattr(each, "station_id", "")): str(getattr(each, "name", ""))
        for each in read.records(Query("station", with_deleted=True))
    }
    return [_told(read, each, people, stations) for each in passed[:most]]


def _told(
    read: Reader, each: Passed, people: Mapping[str, str], stations: Mapping[str, str]
) -> Recent:
    entity = read.catalogue.by_code.get(each.register)
    shown = entity is not None and not entity.system
    reference = ""
    if entity is not None and shown:
        found = read.records(Query(entity.key, ids=(each.record,), with_deleted=True))
        reference = found[0].reference if found else ""
    return Recent(
        who=people.get(each.author, ""),
        station=stations.get(each.station, ""),
        name=change_name(each.message),
        when=each.when,
        register=entity.key if entity is not None and reference else "",
        record_id=each.record if reference else "",
        reference=reference,
        records=each.records,
    )
