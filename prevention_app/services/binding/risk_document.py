"""The document unique: a risk, its rating, the measures in place, the actions planned."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from prevention_app.catalogue.description import Record, Value
from prevention_app.catalogue.risk_document import Rating
from prevention_app.catalogue.values import fold, format_decimal
from prevention_app.catalogue.vocabulary import EvaluationState, RatingBasis
from prevention_app.domain.ratings import CRITERIA, Assessment, RatingMethod, assess
from prevention_app.exchange.scales import LEVEL_NAMES
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding import places
from prevention_app.services.binding.matcher import Matcher, Outcome, RowResult
from prevention_app.services.binding.values import day, items, number, remarks, said, whole
from prevention_app.services.methods import methods


def bind(row: ImportedRow, owner: str, matcher: Matcher) -> RowResult:
    """Write a risk line with all that hangs on it."""
    result = RowResult(title=said(row.values.get("situation")))
    unit = places.org_unit(row, owner, matcher, result)
    place = places.site(row, owner, matcher, result)
    work_unit = places.work_unit(row, owner, matcher, result, unit, place)
    if work_unit is None:
        result.problems.append(("work_unit", "L’unité de travail de cette ligne n’est pas dite."))
        result.fatal = True
        return result
    counted: dict[str, Value] = {
        key: whole(row, key)
        for key in ("headcount", "women", "men")
        if getattr(work_unit, key) is None
    }
    matcher.amend("work_unit", work_unit, counted, result)
    result.outcome = Outcome.UNCHANGED
    risk = _risk(row, owner, matcher, result, work_unit)
    if risk is None:
        return result
    _rating(row, owner, matcher, result, risk)
    for measure in items(row, "existing_measures"):
        title = said(measure)
        if title:
            matcher.upsert("existing_measure", owner, {"risk": risk.id, "title": title}, result)
    for action in items(row, "planned_actions"):
        if isinstance(action, dict):
            _action(cast("dict[str, object]", action), owner, matcher, result, risk, work_unit)
    return result


def _risk(
    row: ImportedRow, owner: str, matcher: Matcher, result: RowResult, work_unit: Record
) -> Record | None:
    family = _family(row, owner, matcher, result)
    method = _method(row)
    asked = method.net if method else ("severity", "frequency")
    rated = all(row.values.get(each) is not None for each in asked)
    values: dict[str, Value] = {
        "work_unit": work_unit.id,
        "hazard_family": family.id if family else None,
        "situation": said(row.values.get("situation")),
        "hazard": said(row.values.get("hazard")),
        "harm": said(row.values.get("harm")),
        "activity": said(row.values.get("activity")),
        "exposed": whole(row, "exposed"),
        "exposed_women": whole(row, "exposed_women"),
        "factor": said(row.values.get("factor")),
        "source": said(row.values.get("source")),
        "evaluation": EvaluationState.EVALUATED if rated else None,
        "number_in_file": said(row.values.get("number")),
        "import_remarks": "\n".join(each for each in (remarks(row), *_unplaced(row)) if each),
    }
    if isinstance(row.values.get("cmr"), bool):
        values["cmr"] = bool(row.values["cmr"])
    return matcher.upsert("risk", owner, values, result, main=True, once=True)


def _unplaced(row: ImportedRow) -> list[str]:
    """What the file says of the risk that our fields say otherwise, or not at all."""
    said_so = remarks(row)
    unplaced: list[str] = []
    scales = [whole(row, key) for key in ("severity", "frequency", "control")]
    written = number(row.values.get("rating"))
    method = _method(row)
    found = assess(method, _figures(row)) if method else None
    computed = {found.residual} if found else _products(scales)
    if written is not None and written not in computed:
        unplaced.append(f"Cotation écrite : {format_decimal(written)}")
    level = said(row.values.get("rating_level_text"))
    if level and (_says_otherwise(row, found) if found else None in scales[:2]):
        unplaced.append(f"Niveau écrit : {level}")
    total = number(row.values.get("planned_actions_cost_total"))
    if total is not None and "Coût" not in said_so:
        unplaced.append(f"Coût total des actions : {format_decimal(total)} €")
    return unplaced


def _method(row: ImportedRow) -> RatingMethod | None:
    """The method that the file is rated by; None for the usual one."""
    return methods().get(str(row.values.get("rating_method") or ""))


def _figures(row: ImportedRow) -> dict[str, int | None]:
    return {key: whole(row, key) for key in CRITERIA}


def _says_otherwise(row: ImportedRow, found: Assessment) -> bool:
    """Whether the level that the file prints is another one than the method makes."""
    level = found.residual_level
    if fold(said(row.values.get("rating_level_text")) or "") in map(
        fold, (level.label_fr, level.label_en)
    ):
        return False
    written = said(row.values.get("rating_level"))
    ranks = {name: rank for rank, name in enumerate(LEVEL_NAMES, 1)}
    return ranks.get(written or "") != level.rank


def _products(scales: list[int | None]) -> set[Decimal]:
    """The ratings that usual formulas make of these scales."""
    severity, frequency, control = scales
    if severity is None or frequency is None:
        return set()
    gross = Decimal(severity * frequency)
    if control is None:
        return {gross}
    return {gross, gross * control, gross * control / 4}


def _family(row: ImportedRow, owner: str, matcher: Matcher, result: RowResult) -> Record | None:
    name = places.text(row, "hazard_family")
    code = places.text(row, "hazard_family_code")
    if not name and not code:
        return None
    if code:
        found = matcher.find("hazard_family", owner, {"family_code": code})
        if found:
            return found[0]
    made = code or "".join(sign for sign in fold(name).upper() if sign.isalnum())[:8]
    return matcher.named(
        "hazard_family",
        owner,
        {"name": name or code, "family_code": made},
        result,
        ways=[("name",), ("family_code",)],
        field_key="hazard_family",
    )


def _rating(
    row: ImportedRow, owner: str, matcher: Matcher, result: RowResult, risk: Record
) -> None:
    """Take in the rating of an employer's own document as an evaluation of that employer.

    It never goes over one that is here: where the file says the same again, nothing is written;
    where it now says of when it is, the date is filled in; all else is one more rating.
    """
    scales = _figures(row)
    if all(value is None for value in scales.values()):
        return
    method = _method(row)
    values: dict[str, Value] = {
        "risk": risk.id,
        "rated_on": day(row.values.get("rated_on")),
        "rated_by": said(row.values.get("rated_by")),
        "basis": RatingBasis.IMPORTED,
        "source": matcher.file,
        "measures": "\n".join(filter(None, map(said, items(row, "existing_measures")))) or None,
        **({"method": method.code} if method else {}),
        **scales,
    }
    alike = [
        cast("Rating", each)
        for each in matcher.find("rating", owner, {"risk": risk.id})
        if all(getattr(each, key) == scales[key] for key in scales)
    ]
    day_told = values["rated_on"]
    if any(day_told in (None, each.rated_on) for each in alike):
        return
    undated = [each for each in alike if each.rated_on is None]
    if undated:
        dated = {"rated_on": day_told, "rated_by": values["rated_by"]}
        matcher.amend("rating", undated[0], dated, result)
    else:
        matcher.create("rating", owner, values, result)


def _action(
    action: Mapping[str, object],
    owner: str,
    matcher: Matcher,
    result: RowResult,
    risk: Record,
    work_unit: Record,
) -> None:
    due = day(action.get("due"))
    values: dict[str, Value] = {
        "risk": risk.id,
        "work_unit": work_unit.id,
        "title": said(action.get("title")),
        "measure_type": said(action.get("measure_type")),
        "pilot": said(action.get("pilot")),
        "resources": said(action.get("resources")),
        "conditions": said(action.get("conditions")),
        "indicator": said(action.get("indicator")),
        "target": said(action.get("target")),
        "cost": number(action.get("cost")),
        "real_cost": number(action.get("real_cost")),
        "start": day(action.get("start")),
        "due": due,
        "due_text": said(action.get("due_text")),
        "state": said(action.get("state")),
        "progress": number(action.get("progress")),
        "done_on": day(action.get("done_on")),
        "comment": said(action.get("comment")),
        "import_remarks": said(action.get("remark")),
    }
    if values["title"]:
        matcher.upsert("planned_action", owner, values, result)
