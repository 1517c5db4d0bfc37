"""The names of persons that a workspace knows, to be masked in what leaves the service (P7)."""

from __future__ import annotations

from prevention_app.exchange.names import NameMask
from prevention_app.storage.query import Query, Reader


def name_mask(read: Reader) -> NameMask:
    """Knows every person whom the workspace names, deleted or departed ones too."""
    people = read.columns(
        Query("person", with_deleted=True), ("last_name", "first_name", "staff_number")
    )
    written = [
        each[key]
        for register, key in (
            ("accident", "person_name"),
            ("health_safety_entry", "author"),
            ("user", "name"),
        )
        for each in read.columns(Query(register, with_deleted=True), (key,))
    ]
    return NameMask(
        [
            (str(each["last_name"]), str(each["first_name"] or ""))
            for each in people
            if each["last_name"]
        ],
        [str(each) for each in written if each],
        [str(each["staff_number"]) for each in people if each["staff_number"]],
    )
