"""Periodic inspections: the equipment, its last inspection, what was to be put right."""

from __future__ import annotations

from prevention_app.catalogue.description import Record, Value
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding import places
from prevention_app.services.binding.matcher import Matcher, Outcome, RowResult
from prevention_app.services.binding.values import day, items, number, remarks, said, whole


def bind(row: ImportedRow, owner: str, matcher: Matcher) -> RowResult:
    """Write an equipment with its last inspection and the reservations of the report."""
    result = RowResult(title=said(row.values.get("equipment")))
    place = places.site(row, owner, matcher, result)
    if place is None:
        result.problems.append(("site", "Le site de cet équipement n’est pas dit."))
        result.fatal = True
        return result
    result.outcome = Outcome.UNCHANGED
    equipment = _equipment(row, owner, matcher, result, place)
    if equipment is None:
        return result
    inspection = _inspection(row, owner, matcher, result, equipment)
    if inspection is None:
        return result
    for text in items(row, "observations"):
        values: dict[str, Value] = {
            "inspection": inspection.id,
            "text": said(text),
            "lifted_on": day(row.values.get("observations_lifted_on")),
        }
        matcher.upsert("reservation", owner, values, result)
    return result


def _equipment(
    row: ImportedRow, owner: str, matcher: Matcher, result: RowResult, place: Record
) -> Record | None:
    kind = _type(row, owner, matcher)
    values: dict[str, Value] = {
        "name": said(row.values.get("equipment")),
        "site": place.id,
        "inspection_type": kind.id if kind else None,
        "make": said(row.values.get("make")),
        "serial_number": said(row.values.get("serial_number")),
        "location": said(row.values.get("location")),
        "count": whole(row, "count"),
        "months": number(row.values.get("period_months")),
        "responsible": said(row.values.get("responsible")),
        "import_remarks": "\n".join(each for each in (remarks(row), *_unplaced(row)) if each),
    }
    if row.values.get("never_inspected") is True:
        values["never_inspected"] = True
    return matcher.upsert("equipment", owner, values, result, main=True, once=True)


def _unplaced(row: ImportedRow) -> list[str]:
    """What is said of an inspection that has no date, hence no record of its own."""
    if day(row.values.get("last_inspection")) is not None:
        return []
    said_of_it = {"conclusion": "Conclusion", "body": "Vérificateur", "report_number": "Rapport"}
    unplaced = [
        f"{label} : {said(row.values.get(key))}"
        for key, label in said_of_it.items()
        if row.values.get(key)
    ]
    next_due = day(row.values.get("next_due"))
    return [*unplaced, f"Prochaine échéance : {next_due:%d/%m/%Y}"] if next_due else unplaced


def _type(row: ImportedRow, owner: str, matcher: Matcher) -> Record | None:
    code = places.text(row, "reference_code")
    if code:
        found = matcher.find("inspection_type", owner, {"type_code": code})
        if found:
            return found[0]
    name = places.text(row, "equipment")
    found = matcher.find("inspection_type", owner, {"subject": name}) if name else []
    return found[0] if found else None


def _inspection(
    row: ImportedRow, owner: str, matcher: Matcher, result: RowResult, equipment: Record
) -> Record | None:
    done_on = day(row.values.get("last_inspection"))
    if done_on is None:
        return None
    values: dict[str, Value] = {
        "equipment": equipment.id,
        "done_on": done_on,
        "body": said(row.values.get("body")),
        "report_number": said(row.values.get("report_number")),
        "conclusion": said(row.values.get("conclusion")),
        "next_due": day(row.values.get("next_due")),
    }
    return matcher.upsert("inspection", owner, values, result)
