"""The annex of the ten occupational factors: numbers and proportion exposed (R4121-1-1)."""

from __future__ import annotations

from typing import Final

from prevention_app.catalogue.description import Kind, Value
from prevention_app.catalogue.exposure_lists import OccupationalFactor
from prevention_app.catalogue.exposures import FactorExposure
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import Risk
from prevention_app.domain.document_content import IDENTIFIER, Column
from prevention_app.domain.exposures import (
    RULES,
    WHOLE,
    Exposed,
    factors_in,
    proportion,
    total,
    untold,
)
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

KEY: Final = "annex_factors"
EVERYWHERE: Final = "Ensemble du département"
_ABOUT: Final = (
    "Facteurs de risques professionnels de l’article L4161-1 : personnes exposées, et proportion "
    "de l’effectif exposée au-delà des seuils (R4121-1-1). Les seuils en vigueur sont ceux de "
    "D4163-2, après effet des protections ; les autres sont des repères internes. Sans saisie, le "
    "nombre vient du risque de l’unité qui nomme le facteur (ou est de la famille du bruit ou des "
    "vibrations) et expose le plus d’agents."
)
_FAMILIES: Final = {"BRUI": OccupationalFactor.NOISE, "VIBR": OccupationalFactor.VIBRATION}
_COLUMNS: Final = (
    ID,
    UNIT_ID,
    REFERENCE,
    Column("factor", "Facteur", Kind.TEXT),
    UNIT,
    Column("headcount", "Effectif", Kind.INTEGER, "Femmes et hommes de l’unité."),
    *columns_of(FactorExposure, ("women", "men")),
    Column("exposed", "Personnes exposées", Kind.INTEGER),
    *columns_of(FactorExposure, ("beyond",)),
    Column("share", "Proportion (%)", Kind.DECIMAL, "Au-delà du seuil, sur l’effectif."),
    *columns_of(FactorExposure, ("basis", "assessed_on")),
    Column("threshold", "Seuil", Kind.TEXT, "En vigueur (D4163-2) ou repère interne."),
    Column("threshold_source", "Source du seuil", Kind.TEXT),
    Column("written", "Tel qu’écrit au risque", Kind.TEXT),
    NOTE,
)


class _Line:
    """A unit and a factor: the figures, where they come from, what is missing."""

    def __init__(self, unit: WorkUnit, factor: OccupationalFactor) -> None:
        self.unit = unit
        self.factor = factor
        self.record: FactorExposure | None = None
        self.risks: list[Risk] = []

    @property
    def exposed(self) -> Exposed:
        if self.record is not None:
            held = self.record
            both = None if held.women is None or held.men is None else held.women + held.men
            women, men, beyond = held.women, held.men, held.beyond
        else:
            counted = [each for each in self.risks if each.exposed is not None]
            most = max(counted, key=lambda each: each.exposed or 0, default=None)
            both = most.exposed if most else None
            women = most.exposed_women if most else None
            men = None if both is None or women is None else max(both - women, 0)
            beyond = None
        known = headcount(self.unit) or None
        return Exposed(self.unit.id, self.factor, women, men, both, beyond, known)

    def missing(self) -> list[str]:
        held, wanted = self.exposed, list[str]()
        if held.exposed is None:
            wanted.append("nombre de femmes et d’hommes exposés")
        if held.beyond is None:
            wanted.append("personnes au-delà du seuil")
        if self.record is not None and self.record.basis is None:
            wanted.append("base du chiffre (mesure ou estimation)")
        if held.headcount is None:
            wanted.append("effectif de l’unité")
        return wanted


def factors_annex(source: Source) -> Annex:
    """The lines by factor, the department first, then its units; what they miss."""
    lines, gaps = _lines(source)
    whole = sum(headcount(each) for each in source.units) or None
    rows: list[dict[str, Value]] = []
    for factor in OccupationalFactor:
        mine = [each for each in lines if each.factor is factor]
        if not mine:
            continue
        figures = [each.exposed for each in mine]
        everywhere = total(figures, factor, whole)
        hidden = untold(figures, everywhere)
        rows.append(_row(everywhere, hidden) | {"unit": EVERYWHERE})
        for line, figure in zip(mine, figures, strict=True):
            rows.append(_row(figure, hidden) | _beside(source, line, figure, hidden))
            gaps += _gaps(line)
    title = "Facteurs de risques professionnels"
    return Annex(table(KEY, title, _ABOUT, _COLUMNS, rows), tuple(gaps))


def _lines(source: Source) -> tuple[list[_Line], list[Gap]]:
    entered, gaps = source.of_units(FactorExposure), list[Gap]()
    lines: dict[tuple[str, OccupationalFactor], _Line] = {}
    for unit in source.units:
        for record in entered[unit.id]:
            factor = OccupationalFactor(record.factor)
            lines.setdefault((unit.id, factor), _Line(unit, factor)).record = record
        for risk in source.risks_by_unit[unit.id]:
            named = factors_in(risk.factor) or _of_family(source.family_of(risk), risk)
            for factor in named:
                lines.setdefault((unit.id, factor), _Line(unit, factor)).risks.append(risk)
            if risk.factor and not named:
                said = f"Facteur « {risk.factor} » : ce n’est aucun des dix de L4161-1."
                gaps.append(Gap(KEY, said, unit.id, unit.name, "risk", reference=risk.reference))
    return list(lines.values()), gaps


def _of_family(code: str, risk: Risk) -> tuple[OccupationalFactor, ...]:
    """The factor that a family of hazards is by itself, where the risk names none."""
    found = None if risk.factor else _FAMILIES.get(code)
    return (found,) if found else ()


def _row(figure: Exposed, hidden: set[tuple[str, str]]) -> dict[str, Value]:
    def told(key: str) -> int | None:
        return None if (figure.unit, key) in hidden else getattr(figure, key)

    rule = RULES[figure.factor]
    silent = any(unit == figure.unit for unit, _ in hidden)
    return {
        IDENTIFIER: f"{figure.unit}.{figure.factor.value}",
        "factor": figure.factor.label_fr,
        **{key: told(key) for key in ("headcount", "women", "men", "exposed", "beyond")},
        "share": proportion(told("beyond"), told("headcount")),
        "threshold": rule.text,
        "threshold_source": " ".join(each for each in (rule.source + ".", rule.remark) if each),
        "note": FEW if silent else None,
        "unit_id": figure.unit if figure.unit != WHOLE else None,
    }


def _beside(
    source: Source, line: _Line, figure: Exposed, hidden: set[tuple[str, str]]
) -> dict[str, Value]:
    held = line.record
    written = sorted({each.factor for each in line.risks if each.factor})
    missing = line.missing()
    return {
        "unit": source.mask(line.unit.name),
        "reference": held.reference if held else None,
        "written": source.mask(" ; ".join(written)) if written else None,
        **(source.told(held, ("basis", "assessed_on")) if held else {}),
        "note": note(
            FEW if any(unit == figure.unit for unit, _ in hidden) else "",
            f"À renseigner : {', '.join(missing)}." if missing else "",
        ),
    }


def _gaps(line: _Line) -> list[Gap]:
    missing = line.missing()
    if not missing:
        return []
    held, figure = line.record, line.exposed
    said = f"{line.factor.label_fr}, à renseigner : {', '.join(missing)}."
    unit = line.unit
    if held is not None:
        return [Gap(KEY, said, unit.id, unit.name, "factor_exposure", None, held.reference)]
    values: dict[str, Value] = {"work_unit": unit.id, "factor": line.factor.value}
    values |= {"women": figure.women, "men": figure.men}
    return [Gap(KEY, said, unit.id, unit.name, "factor_exposure", values)]
