"""The annex of what risks do to women and to men: numbers and statement (L4121-3)."""

from __future__ import annotations

from typing import Final

from prevention_app.catalogue.description import Kind, Value
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import Risk
from prevention_app.domain.document_content import IDENTIFIER, Column
from prevention_app.domain.exposures import WHOLE, BySex, proportion, untold_by_sex
from prevention_app.services.annex_source import (
    FEW,
    ID,
    NOTE,
    REFERENCE,
    UNIT,
    UNIT_ID,
    Annex,
    Gap,
    Source,
    columns_of,
    note,
    table,
)
from prevention_app.services.organisation import headcount

KEY: Final = "annex_sexes"
_ABOUT: Final = (
    "Impact différencié de l’exposition selon le sexe (L4121-3) : par risque, femmes et hommes "
    "exposés, part de chaque sexe dans l’unité, et ce qui en est dit."
)
_COLUMNS: Final = (
    ID,
    UNIT_ID,
    Column("risk_id", "Identifiant (Risque)", Kind.TEXT),
    REFERENCE,
    UNIT,
    Column("situation", "Situation dangereuse", Kind.TEXT),
    Column("women", "Femmes exposées", Kind.INTEGER),
    Column("men", "Hommes exposés", Kind.INTEGER),
    Column("women_share", "Femmes exposées (%)", Kind.DECIMAL, "Des femmes de l’unité."),
    Column("men_share", "Hommes exposés (%)", Kind.DECIMAL, "Des hommes de l’unité."),
    *columns_of(Risk, ("sex_impact",)),
    NOTE,
)
_NO_STATEMENT: Final = "Impact selon le sexe à dire."
_NO_SEXES: Final = "Femmes et hommes de l’unité à compter."


def sexes_annex(source: Source) -> Annex:
    """The risks of which figures by sex or an impact are known; the others are its gaps."""
    rows: list[dict[str, Value]] = []
    gaps: list[Gap] = []
    for unit in source.units:
        risks = source.risks_by_unit[unit.id]
        if not risks:
            continue
        whole = BySex(unit.women, unit.men, headcount(unit) or None)
        counts = {each.id: _by_sex(each) for each in risks}
        hidden = untold_by_sex(whole, counts)
        rows += [
            _row(source, unit, each, counts[each.id], hidden)
            for each in risks
            if each.sex_impact or counts[each.id].women is not None
        ]
        if unit.women is None or unit.men is None:
            reference = unit.reference
            gaps.append(Gap(KEY, _NO_SEXES, unit.id, unit.name, "work_unit", None, reference))
        gaps += [
            Gap(
                KEY,
                f"« {each.situation} » : impact selon le sexe à dire.",
                unit.id,
                unit.name,
                "risk",
                None,
                each.reference,
            )
            for each in risks
            if not each.sex_impact
        ]
    title = "Exposition différenciée des femmes et des hommes"
    return Annex(table(KEY, title, _ABOUT, _COLUMNS, rows), tuple(gaps))


def _by_sex(risk: Risk) -> BySex:
    women, both = risk.exposed_women, risk.exposed
    men = both - women if both is not None and women is not None and women <= both else None
    return BySex(women, men, both)


def _row(
    source: Source, unit: WorkUnit, risk: Risk, counts: BySex, hidden: set[tuple[str, str]]
) -> dict[str, Value]:
    silent = {key for name, key in hidden if name == risk.id}
    women = None if "women" in silent else counts.women
    men = None if "men" in silent else counts.men
    few = {key for name, key in hidden if name == WHOLE}
    return {
        IDENTIFIER: risk.id,
        "unit_id": unit.id,
        "risk_id": risk.id,
        "reference": risk.reference,
        "unit": source.mask(unit.name),
        "situation": source.mask(risk.situation),
        "women": women,
        "men": men,
        "women_share": None if "women" in few else proportion(women, unit.women),
        "men_share": None if "men" in few else proportion(men, unit.men),
        "sex_impact": source.mask(risk.sex_impact) if risk.sex_impact else None,
        "note": note(
            FEW if silent & {"women", "men"} else "", "" if risk.sex_impact else _NO_STATEMENT
        ),
    }
