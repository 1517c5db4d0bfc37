"""People as the HR extract or a credentials workbook tells of them (P21)."""

from __future__ import annotations

from prevention_app.catalogue.description import Record, Value
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding import places
from prevention_app.services.binding.matcher import Matcher, RowResult, key_part
from prevention_app.services.binding.values import day, said, whole


def bind(row: ImportedRow, owner: str, matcher: Matcher) -> RowResult:
    """Write a member of staff."""
    result = RowResult(
        title=f"{said(row.values.get('last_name'))} {said(row.values.get('first_name'))}".strip()
    )
    person(row, owner, matcher, result, main=True)
    return result


def person(
    row: ImportedRow, owner: str, matcher: Matcher, result: RowResult, *, main: bool = False
) -> Record | None:
    """The person of a row: known by staff number; by name only where neither side has one."""
    unit = places.org_unit(row, owner, matcher, result)
    place = places.site(row, owner, matcher, result)
    work_unit = places.work_unit(row, owner, matcher, result, unit, place)
    job = _job(row, owner, matcher, result)
    values: dict[str, Value] = {
        "staff_number": staff_number(row),
        "last_name": said(row.values.get("last_name")),
        "first_name": said(row.values.get("first_name")),
        "sex": said(row.values.get("sex")),
        "birth_year": whole(row, "birth_year"),
        "org_unit": unit.id if unit else None,
        "site": place.id if place else None,
        "work_unit": work_unit.id if work_unit else None,
        "job": job.id if job else None,
        "joined_on": day(row.values.get("joined_on")),
        "left_on": day(row.values.get("left_on")),
    }
    if main:
        values["import_remarks"] = "\n".join(row.remarks)
    if _is_somebody_else(values, owner, matcher, result):
        return None
    key = (
        ("staff_number",) if values["staff_number"] else ("staff_number", "last_name", "first_name")
    )
    written = matcher.upsert("person", owner, values, result, key=key, main=main)
    if written is not None:
        matcher.said_of[written.id] = str(values["last_name"])
    return written


def _is_somebody_else(
    values: dict[str, Value], owner: str, matcher: Matcher, result: RowResult
) -> bool:
    """Whether an earlier line of the file gives this staff number to another name."""
    if not values["staff_number"]:
        return False
    for held in matcher.find("person", owner, {"staff_number": values["staff_number"]}):
        name = matcher.said_of.get(held.id, "")
        if name and key_part(name) != key_part(values["last_name"]):
            sentence = (
                f"Le matricule {values['staff_number']} est déjà celui de {name} "
                "plus haut dans ce fichier."
            )
            result.problems.append(("matricule", sentence))
            result.fatal = True
            return True
    return False


def staff_number(row: ImportedRow) -> str:
    """The staff number without the leading zeros that a number cell loses."""
    text = places.text(row, "matricule")
    return text.lstrip("0") or text


def _job(row: ImportedRow, owner: str, matcher: Matcher, result: RowResult) -> Record | None:
    name = places.text(row, "job")
    if not name:
        return None
    return matcher.named("job", owner, {"name": name}, result, ways=[("name",)], field_key="job")
