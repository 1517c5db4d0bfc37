"""Accidents and diseases, with what prevention needs and nothing more (P7)."""

from __future__ import annotations

from prevention_app.catalogue.description import Value
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding import places
from prevention_app.services.binding.matcher import Matcher, Outcome, RowResult
from prevention_app.services.binding.values import day, remarks, said, whole


def bind(row: ImportedRow, owner: str, matcher: Matcher) -> RowResult:
    """Write an accident."""
    result = RowResult(title=said(row.values.get("circumstances")))
    unit = places.org_unit(row, owner, matcher, result)
    place = places.site(row, owner, matcher, result)
    work_unit = places.work_unit(row, owner, matcher, result, unit, place)
    result.outcome = Outcome.UNCHANGED
    stoppage = row.values.get("stoppage")
    values: dict[str, Value] = {
        "number": said(row.values.get("number")),
        "happened_on": day(row.values.get("date")),
        "happened_at": said(row.values.get("time")),
        "kind": said(row.values.get("kind")),
        "person_name": said(row.values.get("person")),
        "sex": said(row.values.get("sex")),
        "org_unit": unit.id if unit else None,
        "site": place.id if place else None,
        "work_unit": work_unit.id if work_unit else None,
        "circumstances": said(row.values.get("circumstances")),
        "activity": said(row.values.get("activity")),
        "material_element": said(row.values.get("material_element")),
        "injury_seat": said(row.values.get("injury_seat")),
        "injury_nature": said(row.values.get("injury_nature")),
        "stoppage": stoppage if isinstance(stoppage, bool) else None,
        "days_lost": whole(row, "days_lost"),
        "days_lost_text": said(row.values.get("days_lost_text")),
        "recognition": said(row.values.get("recognition")),
        "measures": said(row.values.get("measures")),
        "import_remarks": remarks(row),
    }
    key = (
        ("number", "happened_on")
        if values["number"]
        else (
            "happened_on",
            "person_name",
            "circumstances",
        )
    )
    matcher.upsert("accident", owner, values, result, key=key, main=True, once=True)
    return result
