"""Org units, sites and work units that a row names."""

from __future__ import annotations

from prevention_app.catalogue.description import Record, Value
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding.matcher import Matcher, RowResult


def text(row: ImportedRow, key: str) -> str:
    """A text of the row, trimmed; empty where the file holds none."""
    value = row.values.get(key)
    return " ".join(str(value).split()) if value is not None else ""


def org_unit(row: ImportedRow, owner: str, matcher: Matcher, result: RowResult) -> Record | None:
    """The lowest org unit that the row names: its service, else its direction."""
    direction = text(row, "direction")
    service = text(row, "service") or text(row, "org_unit")
    top = _named_unit(direction, None, owner, matcher, result, "direction") if direction else None
    if service and service != direction:
        return _named_unit(service, top, owner, matcher, result, "org_unit")
    return top


def _named_unit(
    name: str,
    parent: Record | None,
    owner: str,
    matcher: Matcher,
    result: RowResult,
    field_key: str,
) -> Record | None:
    values: dict[str, Value] = {"name": name}
    ways: list[tuple[str, ...]] = [("name", "parent"), ("name",)]
    if parent is not None:
        values["parent"] = parent.id
    return matcher.named(
        "org_unit",
        owner,
        values,
        result,
        ways=ways,
        field_key=field_key,
        fits=lambda found: _fits_under(found, parent, matcher, top=field_key == "direction"),
        fill=lambda found: _missing(found, values),
    )


def _fits_under(found: Record, parent: Record | None, matcher: Matcher, *, top: bool) -> bool:
    """Whether a unit of that name may be the one that a row has under `parent`.

    One that has ended stands under what continues it: a file of before has it at the top.
    """
    if parent is not None:
        return _is_below(found, parent.id, matcher)
    ended = getattr(found, "valid_until", None) is not None
    return not top or ended or not getattr(found, "parent", None)


def _is_below(unit: Record, ancestor: str, matcher: Matcher) -> bool:
    """Whether a unit hangs under another one, or nowhere yet: a namesake elsewhere is another."""
    above = str(getattr(unit, "parent", None) or "")
    if not above:
        return True
    seen: set[str] = set()
    while above and above not in seen:
        if above == ancestor:
            return True
        seen.add(above)
        above = str(getattr(matcher.record("org_unit", above), "parent", None) or "")
    return False


def _missing(found: Record, values: dict[str, Value]) -> dict[str, Value]:
    """Values for fields that are still empty."""
    return {
        key: value
        for key, value in values.items()
        if value not in (None, "") and getattr(found, key) in (None, "")
    }


def _agrees(found: Record, values: dict[str, Value]) -> bool:
    """Nothing that the row says contradicts what is known of a work unit."""
    return all(
        value in (None, "") or getattr(found, key) in (None, "", value)
        for key, value in values.items()
        if key in ("org_unit", "site")
    )


def site(row: ImportedRow, owner: str, matcher: Matcher, result: RowResult) -> Record | None:
    """The site that the row names."""
    name = text(row, "site")
    if not name:
        return None
    values: dict[str, Value] = {
        "name": name,
        "town": text(row, "town"),
        "kind": text(row, "site_kind"),
    }
    return matcher.named(
        "site",
        owner,
        values,
        result,
        ways=[("name",)],
        field_key="site",
        fill=lambda found: _missing(found, values),
    )


def work_unit(
    row: ImportedRow,
    owner: str,
    matcher: Matcher,
    result: RowResult,
    unit: Record | None,
    place: Record | None,
) -> Record | None:
    """The work unit that the row names, completed with the org unit and site it tells."""
    name = text(row, "work_unit")
    if not name:
        return None
    values: dict[str, Value] = {
        "name": name,
        "org_unit": unit.id if unit else None,
        "site": place.id if place else None,
    }
    ways: list[tuple[str, ...]] = [("name", "org_unit", "site"), ("name", "org_unit")]
    if place is not None:
        ways.append(("name", "site"))
    ways.append(("name",))
    return matcher.named(
        "work_unit",
        owner,
        values,
        result,
        ways=ways,
        field_key="work_unit",
        fits=lambda found: _agrees(found, values),
        fill=lambda found: _missing(found, values),
    )
