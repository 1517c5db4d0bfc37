"""The organisation: directions, services, sites and work units."""

from __future__ import annotations

from prevention_app.catalogue.description import Value
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding import places
from prevention_app.services.binding.matcher import Matcher, RowResult
from prevention_app.services.binding.values import remarks, whole


def bind(row: ImportedRow, owner: str, matcher: Matcher) -> RowResult:
    """Write a line of an organisation workbook; the line is about its work unit, if it has one."""
    result = RowResult(title=places.text(row, "work_unit") or places.text(row, "site"))
    unit = places.org_unit(row, owner, matcher, result)
    place = places.site(row, owner, matcher, result)
    name = places.text(row, "work_unit")
    if not name:
        about = place or unit
        if about is not None:
            result.register = "site" if place else "org_unit"
            result.record_id = about.id
        return result
    values: dict[str, Value] = {
        "name": name,
        "org_unit": unit.id if unit else None,
        "site": place.id if place else None,
        "unit_type": places.text(row, "unit_type"),
        "activity": places.text(row, "activity"),
        "women": whole(row, "women"),
        "men": whole(row, "men"),
        "headcount": whole(row, "headcount"),
        "import_remarks": remarks(row),
    }
    key = ("name", "org_unit", "site") if place else ("name", "org_unit")
    matcher.upsert("work_unit", owner, values, result, key=key, main=True, once=True)
    return result
