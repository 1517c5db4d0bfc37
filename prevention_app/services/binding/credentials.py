"""Credentials: one record for each filled cell of a person and a type."""

from __future__ import annotations

from prevention_app.catalogue.description import Record, Value
from prevention_app.catalogue.values import fold
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding import places
from prevention_app.services.binding.matcher import Matcher, RowResult
from prevention_app.services.binding.people import person
from prevention_app.services.binding.values import day, remarks, said


def bind(row: ImportedRow, owner: str, matcher: Matcher) -> RowResult:
    """Write a credential, and its holder where the workspace does not know them yet."""
    kind = places.text(row, "credential_type")
    category = places.text(row, "category")
    result = RowResult(title=f"{kind} {category}".strip())
    holder = person(row, owner, matcher, result, main=not kind)
    if holder is None:
        result.fatal = True
        return result
    if not kind:
        return result
    credential_type = _type(kind, owner, matcher, result)
    if credential_type is None:
        return result
    values: dict[str, Value] = {
        "person": holder.id,
        "credential_type": credential_type.id,
        "category": category,
        "state": said(row.values.get("state")),
        "number": said(row.values.get("number")),
        "obtained": day(row.values.get("obtained")),
        "expires": day(row.values.get("expires")),
        "body": said(row.values.get("body")),
        "medical_until": day(row.values.get("medical_until")),
        "renewal_planned": day(row.values.get("renewal_planned")),
        "import_remarks": "\n".join(each for each in (remarks(row), _words(row)) if each),
    }
    matcher.upsert("credential", owner, values, result, main=True, once=True)
    return result


_PLAIN_WORDS = frozenset({"x", "oui", "a prevoir", "nc", "n.c.", "so", "sans objet"})
"""What the state says already."""


def _words(row: ImportedRow) -> str:
    """The words of a cell that hold more than its state and dates."""
    text = said(row.values.get("cell_text"))
    dated = row.values.get("obtained") or row.values.get("expires")
    return "" if dated or fold(text) in _PLAIN_WORDS or not text else f"Écrit : {text}"


def _type(name: str, owner: str, matcher: Matcher, result: RowResult) -> Record | None:
    code = "".join(sign for sign in fold(name).upper() if sign.isalnum() or sign == "-")[:24]
    return matcher.named(
        "credential_type",
        owner,
        {"name": name, "type_code": code},
        result,
        ways=[("name",), ("type_code",)],
        field_key="credential_type",
    )
