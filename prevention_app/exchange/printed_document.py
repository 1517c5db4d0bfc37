"""The content of a document unique as pages: what the PDF and the Word templates both show.

A view is made of plain dictionaries and lists of finished French texts, so that a template says
only where each of them stands; `docs/manual/modeles_word.md` lists them for who changes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from prevention_app.catalogue.description import Field, Kind, Value
from prevention_app.catalogue.values import shown
from prevention_app.domain.document_content import (
    ACTIONS,
    EMPLOYER,
    IDENTIFIER,
    LEVELS,
    MEASURES,
    METHODS,
    RISKS,
    SCALES,
    UNITS,
    Column,
    DocumentContent,
    Row,
    Table,
)

View = dict[str, Any]
UNREADABLE_LOGO: Final = (
    "Le logo joint à la fiche du département ne se lit pas : joignez-y une image PNG ou JPEG."
)
_REGISTERS: Final = frozenset(
    {EMPLOYER, UNITS, RISKS, "ratings", MEASURES, ACTIONS, METHODS, SCALES, LEVELS}
)
"""Tables that pages are made of; what is beside them are annexes."""
_LEVEL_ORDER: Final = ("critical", "high", "medium", "low")
_NO_LEVEL: Final = {"fill": "#FFFFFF", "text": "#1F2933", "letter": ""}
_NOT_IN_ANNEXES: Final = frozenset({IDENTIFIER, "reference"})


class Form(StrEnum):
    """What is printed."""

    DOCUMENT = "document"
    """The document unique of a department or of a part of it."""
    SHEET = "sheet"
    """The sheet of one work unit, to pin up."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands on the cover beside the content itself."""

    title: str
    lines: tuple[str, ...] = ()
    """Version, opinion, adoption: what is said under the title."""
    notices: tuple[str, ...] = ()
    """What is missing or to be known; printed on the second page."""


def view_of(content: DocumentContent, heading: Heading) -> View:
    """All that a template may show of a content."""
    rows = content[EMPLOYER].rows
    employer = _texts(content[EMPLOYER], rows[0]) if rows else View()
    units = _units(content)
    return {
        "title": heading.title,
        "lines": list(heading.lines),
        "notices": list(heading.notices),
        "employer": employer,
        "date": _day(content.as_at),
        "units": units,
        "branches": _branches(units),
        "summary": _summary(content, content[RISKS].rows),
        "programme": [_action(content, each) for each in content[ACTIONS].rows],
        "methods": _methods(content),
        "annexes": [_annex(each) for each in content.tables.values() if each.key not in _REGISTERS],
    }


def _units(content: DocumentContent) -> list[View]:
    risks = content[RISKS].grouped("unit_id")
    parts = _Parts(content)
    units = [
        _unit(content, each, risks.pop(str(each[IDENTIFIER]), []), parts)
        for each in content[UNITS].rows
    ]
    homeless = [row for rows in risks.values() for row in rows]
    if homeless:
        nowhere = dict.fromkeys(column.key for column in content[UNITS].columns)
        nowhere["name"] = "Sans unité de travail"
        units.append(_unit(content, nowhere, homeless, parts))
    return units


class _Parts:
    """What belongs to risks, by the id of the risk."""

    def __init__(self, content: DocumentContent) -> None:
        self.measures = content[MEASURES].grouped("risk_id")
        self.actions = content[ACTIONS].grouped("risk_id")
        self.looks = {
            str(each[IDENTIFIER]): {key: str(each[key]) for key in _NO_LEVEL}
            for each in content[LEVELS].rows
        }


def _unit(content: DocumentContent, row: Row, risks: Sequence[Row], parts: _Parts) -> View:
    rated = [each for each in risks if each.get("level")]
    waiting = [each for each in risks if not each.get("level")]
    return {
        **_texts(content[UNITS], row),
        "path": row.get("path") or "",
        "people": _people(row, "headcount", "women", "men"),
        "summary": _summary(content, risks),
        "risks": [_risk(content, each, parts) for each in rated],
        "to_evaluate": [_risk(content, each, parts) for each in waiting],
    }


def _risk(content: DocumentContent, row: Row, parts: _Parts) -> View:
    key = str(row[IDENTIFIER])
    look = parts.looks.get(f"{row.get('method')}.{row.get('level')}", _NO_LEVEL)
    return {
        **_texts(content[RISKS], row),
        **look,
        "number": str(row.get("reference") or "").rpartition("-")[2],
        "people": _people(row, "exposed", "exposed_women"),
        "measures": [_texts(content[MEASURES], each) for each in parts.measures.get(key, [])],
        "actions": [_action(content, each) for each in parts.actions.get(key, [])],
    }


def _action(content: DocumentContent, row: Row) -> View:
    return _texts(content[ACTIONS], row)


def _branches(units: Sequence[View]) -> list[View]:
    """The units under the direction that each belongs to."""
    found: dict[str, list[View]] = {}
    for each in units:
        found.setdefault(str(each["path"]).partition(" › ")[0], []).append(each)
    return [{"name": name, "units": held} for name, held in found.items()]


def _summary(content: DocumentContent, risks: Iterable[Row]) -> list[View]:
    """How many risks of each level, the gravest first, then those to be evaluated."""
    counted = Counter(str(each.get("level") or "") for each in risks)
    words = {str(each["code"]): each for each in content[LEVELS].rows}
    levels = [
        {
            "label": str(words[code]["label"]),
            "count": counted[code],
            **{key: str(words[code][key]) for key in _NO_LEVEL},
        }
        for code in _LEVEL_ORDER
        if code in words
    ]
    return [*levels, {"label": "À évaluer", "count": counted[""], **_NO_LEVEL}]


def _methods(content: DocumentContent) -> list[View]:
    scales = content[SCALES].grouped("method")
    levels = content[LEVELS].grouped("method")
    return [
        {
            "name": str(each["name"]),
            "formula": str(each["formula"]),
            "source": str(each["source"]),
            "scales": _scales(scales.get(str(each[IDENTIFIER]), [])),
            "levels": [
                {"label": str(level["label"]), "begins_at": _number(level["begins_at"])}
                | {key: str(level[key]) for key in _NO_LEVEL}
                for level in levels.get(str(each[IDENTIFIER]), [])
            ],
        }
        for each in content[METHODS].rows
    ]


def _scales(steps: Sequence[Row]) -> list[View]:
    found: dict[str, list[View]] = {}
    for each in steps:
        step = {key: str(each[key]) for key in ("value", "label", "meaning")}
        step["coefficient"] = _number(each["coefficient"])
        found.setdefault(str(each["criterion"]), []).append(step)
    return [{"name": name, "steps": held} for name, held in found.items()]


def _annex(table: Table) -> View:
    columns = [each for each in table.columns if not _is_working(each)]
    return {
        "title": table.title_fr,
        "explanation": table.explanation_fr,
        "columns": [each.label_fr for each in columns],
        "rows": [[_text(each, row.get(each.key)) for each in columns] for row in table.rows],
    }


def _is_working(column: Column) -> bool:
    return column.key in _NOT_IN_ANNEXES or column.key.endswith("_id")


# -- values as texts -----------------------------------------------------------------------------


def _texts(table: Table, row: Mapping[str, Value]) -> View:
    """Every value of a row as a person reads it."""
    return {each.key: _text(each, row.get(each.key)) for each in table.columns}


def _text(column: Column, value: Value) -> str:
    return shown(Field(column.key, column.label_fr, column.label_fr, column.kind), value)


def _number(value: Value) -> str:
    return shown(Field("number", "", "", Kind.DECIMAL), value)


def _day(day: date) -> str:
    return shown(Field("day", "", "", Kind.DATE), day)


def _people(row: Row, whole: str, women: str, men: str = "") -> str:
    """« 12 agents (7 femmes, 5 hommes) », « moins de 5 agents »; empty where nothing is known."""
    number = row.get(whole)
    if not isinstance(number, int):
        return "moins de 5 agents" if row.get("few") else ""
    text = _counted(number, "agent")
    of_women, of_men = row.get(women), row.get(men)
    if not isinstance(of_women, int):
        return text
    rest = of_men if isinstance(of_men, int) else number - of_women
    return f"{text} ({_counted(of_women, 'femme')}, {_counted(rest, 'homme')})"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number < 2 else f"{number} {word}s"
