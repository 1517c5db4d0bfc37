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
from prevention_app.catalogue.vocabulary import RatingBasis
from prevention_app.domain.document_content import (
    ACTIONS,
    COMMON,
    EMPLOYER,
    IDENTIFIER,
    LEVELS,
    MEASURES,
    METHODS,
    NOT_HERE,
    RATINGS,
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
    {EMPLOYER, UNITS, RISKS, COMMON, RATINGS, MEASURES, ACTIONS, METHODS, SCALES, LEVELS}
)
"""Tables that pages are made of; what is beside them are annexes."""
_LEVEL_ORDER: Final = ("critical", "high", "medium", "low")
_NO_LEVEL: Final = {"fill": "#FFFFFF", "text": "#1F2933", "letter": ""}
_WIDEST: Final = 60
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
    parts = _Parts(content)
    risks = content[RISKS].grouped("unit_id")
    units = [
        _unit(content, each, risks.pop(str(each[IDENTIFIER]), []), parts)
        for each in content[UNITS].rows
    ]
    homeless = [
        row for rows in risks.values() for row in rows if row[IDENTIFIER] not in parts.in_common
    ]
    if homeless:
        nowhere = dict.fromkeys(column.key for column in content[UNITS].columns)
        nowhere["name"] = "Sans unité de travail"
        units.append(_unit(content, nowhere, homeless, parts))
    return units


class _Parts:
    """What belongs to risks, by the id of the risk; what units have in common, by the unit's."""

    def __init__(self, content: DocumentContent) -> None:
        self.measures = content[MEASURES].grouped("risk_id")
        self.actions = content[ACTIONS].grouped("risk_id")
        self.common = content[COMMON].grouped("unit_id")
        self.in_common = {row["risk_id"] for row in content[COMMON].rows}
        self.risks = content[RISKS].by_id()
        self.looks = {
            str(each[IDENTIFIER]): {key: str(each[key]) for key in _NO_LEVEL}
            for each in content[LEVELS].rows
        }


def _unit(content: DocumentContent, row: Row, own: Sequence[Row], parts: _Parts) -> View:
    common = [
        {**parts.risks[str(each["risk_id"])], **each, IDENTIFIER: each["risk_id"]}
        for each in parts.common.get(str(row[IDENTIFIER]), ())
        if str(each["risk_id"]) in parts.risks
    ]
    here = [each for each in common if each["standing"] != NOT_HERE]
    risks = [*here, *own]
    rated = [each for each in risks if each.get("level")]
    waiting = [each for each in risks if not each.get("level")]
    return {
        **_texts(content[UNITS], row),
        "path": row.get("path") or "",
        "people": _people(row, "headcount", "women", "men"),
        "summary": _summary(content, risks),
        "risks": [_risk(content, each, parts) for each in rated],
        "to_evaluate": [_risk(content, each, parts) for each in waiting],
        "not_here": [_risk(content, each, parts) for each in common if each not in here],
    }


def _risk(content: DocumentContent, row: Row, parts: _Parts) -> View:
    key = str(row[IDENTIFIER])
    look = parts.looks.get(f"{row.get('method')}.{row.get('level')}", _NO_LEVEL)
    unseen = row.get("basis") == RatingBasis.IN_BULK.label_fr and not row.get("standing")
    return {
        **_texts(content[RISKS], row),
        **look,
        # What nobody looked at there is printed with its reason (P6).
        "standing": str(row.get("basis" if unseen else "standing") or ""),
        "particularity": str(row.get("rating_reason" if unseen else "reason") or ""),
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
    """A table with the columns in which something stands, each as wide as its texts ask for."""
    told = [each for each in table.columns if not _is_working(each)]
    texts = [[_text(each, row.get(each.key)) for each in told] for row in table.rows]
    filled = [at for at in range(len(told)) if any(row[at] for row in texts)]
    return {
        "title": table.title_fr,
        "explanation": table.explanation_fr,
        "columns": [told[at].label_fr for at in filled],
        "widths": [_width(told[at].label_fr, [row[at] for row in texts]) for at in filled],
        "rows": [[row[at] for at in filled] for row in texts],
    }


def _width(label: str, texts: Sequence[str]) -> int:
    """A share of the page: by the longest word, and by how much is usually written."""
    words = [word for text in (label, *texts) for word in text.split()]
    usual = sum(map(len, texts)) // max(len(texts), 1)
    return max(max(map(len, words), default=1), min(usual, _WIDEST))


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
