"""What a new record may be given from the one that was written before it."""

from __future__ import annotations

from prevention_app.catalogue.description import Entity, Kind, Record, Value


def like_the_last(entity: Entity, last: Record) -> dict[str, Value]:
    """Where and when: what is the same for records that are entered one after the other.

    When is the date that each record must have, or that the register is read by, newest first;
    dates that are still to come are those of one record alone.
    """
    newest_first = {each[1:] for each in entity.order if each.startswith("-")}
    proposed: dict[str, Value] = {}
    for field in entity.fields:
        is_place = field.target == "site" and entity.key != "site"
        is_day = field.kind is Kind.DATE and (field.required or field.key in newest_first)
        value = getattr(last, field.key)
        if (is_place or is_day) and value is not None and field.key not in last.withheld:
            proposed[field.key] = value
    return proposed
