"""What the cells of a table of inspections say: dates, periods, conclusions, observations."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from prevention_app.catalogue.values import fold
from prevention_app.exchange import cell_parsers, looks
from prevention_app.exchange.french_numbers import read_months, read_number, whole_or_decimal
from prevention_app.exchange.import_kinds import (
    CellRead,
    ColumnFacts,
    Parsed,
)
from prevention_app.exchange.sheets import Scalar

_NEVER = re.compile(
    r"jamais\b|"
    r"(?:non|pas)\s+(?:encore\s+)?(?:verifie|controle|inspecte)e?s?|"
    r"aucune? (?:verification|controle|visite|date|rapport)|never"
)


def says_never(text: str) -> bool:
    """« Never inspected », said in the place of a date, a conclusion or an observation."""
    return bool(_NEVER.match(" ".join(fold(text).split())))


# The last inspection and the next

_UNKNOWN = re.compile(r"inconnue?|a retrouver|non communiquee?|\?+|nsp|a completer|a renseigner|nr")


def last_inspection(cell: CellRead) -> Parsed:
    """The date of the last inspection; « jamais » says that there was none."""
    if isinstance(cell.value, str):
        if says_never(cell.value):
            return Parsed(extras={"never_inspected": True})
        if not re.search(r"\d", cell.value):
            return Parsed(remark="" if _says_nothing(fold(cell.value)) else cell.text)
    return cell_parsers.dated(cell)


def is_last_inspection(value: Scalar) -> bool:
    """A date however imprecise, or « jamais »."""
    return looks.is_about_a_date(value) or (isinstance(value, str) and says_never(value))


def next_due(cell: CellRead) -> Parsed:
    """When the next inspection is due; words such as « dès que possible » are a remark."""
    if isinstance(cell.value, str) and not re.search(r"\d", cell.text):
        return Parsed(remark="" if _says_nothing(fold(cell.text)) else cell.text)
    return cell_parsers.dated(cell)


def _says_nothing(said: str) -> bool:
    return said.strip(" -–—./?") == "" or bool(_UNKNOWN.fullmatch(said.strip(" .")))


def period(cell: CellRead) -> Parsed:
    """The period in months; a column of small figures headed in years counts in years."""
    if isinstance(cell.value, str) and _says_nothing(fold(cell.text)):
        return Parsed()
    months = read_months(cell.value)
    if months is None:
        if isinstance(cell.value, str) and not re.search(r"\d", cell.text):
            return Parsed(remark=cell.text)
        return Parsed(
            problem=f"« {cell.text} » n’est pas une périodicité ; « 12 mois » ou « annuelle » "
            "est attendu."
        )
    heading = fold(cell.facts.heading)
    in_years = re.search(r"\b(?:annees|ans?)\b", heading) and "mois" not in heading
    if in_years and read_number(cell.value) is not None:
        return Parsed(whole_or_decimal(Decimal(months) * 12))
    return Parsed(months)


def is_period(value: Scalar) -> bool:
    """A period in figures or words."""
    return not isinstance(value, date) and read_months(value) is not None


# How it ended

_CONCLUSIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "stopped",
        re.compile(
            r"arret|hors[\s-]service|\bhs\b|interdi|inapte|consign|ne pas utiliser|reforme|rebut|"
            r"mis(?:e)? hors|danger grave|immobilis|stopped|condamne"
        ),
    ),
    (
        "with_observations",
        re.compile(
            r"^(?:avec\s+)?\d+\s*(?:obs|remarque|reserve|ecart|anomalie|nc\b|non)|"
            r"avec (?:obs|reserve|remarque|prescription|ecart|anomalie)|^nc\b|"
            r"non[\s-]*(?:conforme|satisfai|conformite)|defavorable|insuffisant|mauvais|partiel|"
            r"^(?:n|ao|no|non|r|ko)$|^(?:obs|reserve|ecart|anomalie|remarque)|a lever|a corriger|"
            r"sous reserve|with observations"
        ),
    ),
    (
        "compliant",
        re.compile(
            r"conforme|^ras\b|^r\.a\.s|neant|favorable|satisfai|^ok\b|^bon|apte|valide|correct|"
            r"compliant|en service|maintenu|rien a signaler|^(?:c|f|o|so|oui|x)$"
        ),
    ),
)
"""The worst that is found holds."""
_NONE_FOUND = re.compile(
    r"(?:0|sans|aucune?|pas d[e'])\s*(?:obs|reserve|remarque|anomalie|ecart|nc)"
)
_SAID_IN_FULL = re.compile(
    r"arret|arret immediat|arret d'usage|avec observations?|\d+ observations?|avec obs|obs"
)
"""Words that the code says in full; any other of these conclusions is a remark beside it."""


def conclusion(cell: CellRead) -> Parsed:
    """How an inspection ended; words that say more than the code stay as a remark."""
    if cell.value is None:
        return Parsed()
    said = " ".join(fold(cell.text).split()).strip(" .")
    if says_never(said):
        return Parsed(extras={"never_inspected": True})
    code = _conclusion_of(said)
    if code is None:
        return Parsed(remark="" if _says_nothing(said) else cell.text)
    says_more = code != "compliant" and not _SAID_IN_FULL.fullmatch(said)
    return Parsed(code, remark=cell.text if says_more else "")


def _conclusion_of(said: str) -> str | None:
    if _NONE_FOUND.match(said):
        return "compliant"
    return next((code for code, pattern in _CONCLUSIONS if pattern.search(said)), None)


def is_conclusion(value: Scalar) -> bool:
    """A few words that conclude a report."""
    if not isinstance(value, str) or len(value) > 40:
        return False
    said = " ".join(fold(value).split()).strip(" .")
    return _conclusion_of(said) is not None or says_never(said)


_NO_OBSERVATION = re.compile(
    r"(?:neant|ras|r\.a\.s\.?|rien a signaler|sans (?:objet|observations?|remarques?|reserves?)|"
    r"aucune? (?:observation|remarque|reserve|anomalie)s?|conforme|so|s\.o\.?|0|ok|non|nc)"
)


def observation(cell: CellRead) -> Parsed:
    """One observation of the report; « RAS » is none."""
    said = " ".join(fold(cell.text).split()).strip(" .-")
    nothing = not said or bool(_NO_OBSERVATION.fullmatch(said))
    return Parsed() if nothing else Parsed(cell.text)


_IS_CODE = re.compile(r"[A-Z]{3}-?\d{2}", re.IGNORECASE)


def code(cell: CellRead) -> Parsed:
    """The code of our table of periods (INC-01); other codes are a remark."""
    if _IS_CODE.fullmatch(cell.text):
        letters, digits = cell.text[:3].upper(), cell.text[-2:]
        return Parsed(f"{letters}-{digits}")
    return Parsed(remark=cell.text)


def code_look(facts: ColumnFacts) -> float:
    """Whether most values are codes of our table."""
    if not facts.values:
        return 0.0
    fitting = sum(bool(_IS_CODE.fullmatch(str(value))) for value in facts.values)
    return 1.0 if fitting * 2 > len(facts.values) else -1.0
