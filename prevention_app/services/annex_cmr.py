"""The annex of CMR: agents and processes by unit, their measures, whether they can be replaced."""

from __future__ import annotations

from typing import Final

from prevention_app.catalogue.description import Kind, Value
from prevention_app.catalogue.exposures import CmrUse
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.plant_products import (
    PlantProductHazardStatement,
    PlantProtectionProduct,
)
from prevention_app.catalogue.risk_document import Risk
from prevention_app.catalogue.stores import StockLine, StoreRoom
from prevention_app.catalogue.vocabulary import StockState
from prevention_app.domain.document_content import IDENTIFIER, Column
from prevention_app.domain.exposures import BySex, untold_by_sex
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
from prevention_app.services.lookup import Lookup
from prevention_app.storage.query import Condition, Op, Query

KEY: Final = "annex_cmr"
_ABOUT: Final = (
    "Agents cancérogènes, mutagènes ou toxiques pour la reproduction et procédés listés : par "
    "unité, les mesures en place et l’étude de leur substitution (R4412-59 à -93). Les produits "
    "en stock le sont d’après les mentions de danger du catalogue national. La liste nominative "
    "(R4412-93-1) n’est pas ici."
)
_STATEMENTS: Final = {"H340": "1A ou 1B", "H350": "1A ou 1B", "H360": "1A ou 1B"} | dict.fromkeys(
    ("H341", "H351", "H361"), "2"
)
_DECLARED: Final = ("substitution_examined", "substitution", "examined_on")
_COLUMNS: Final = (
    ID,
    UNIT_ID,
    Column("risk_id", "Identifiant (Risque)", Kind.TEXT),
    REFERENCE,
    UNIT,
    *columns_of(CmrUse, ("name", "category")),
    Column("risk", "Situation dangereuse", Kind.TEXT),
    *columns_of(CmrUse, ("women", "men")),
    Column("measures", "Mesures en place", Kind.TEXT, "Celles du risque."),
    *columns_of(CmrUse, _DECLARED),
    NOTE,
)


def cmr_annex(source: Source) -> Annex:
    """What is used by unit, risks marked CMR that name no agent, and what lies in store."""
    rows: list[dict[str, Value]] = []
    gaps: list[Gap] = []
    uses = source.of_units(CmrUse)
    for unit in source.units:
        named = set[str]()
        for use in sorted(uses[unit.id], key=lambda each: each.name):
            risk = source.risks.get(use.risk)
            named.add(risk.id if risk else "")
            rows.append(_use_row(source, unit, use, risk))
            gaps += _gaps_of(unit, use)
        for risk in source.risks_by_unit[unit.id]:
            if risk.cmr and risk.id not in named:
                rows.append(_risk_row(source, unit, risk))
                values = {"work_unit": unit.id, "risk": risk.id, "women": risk.exposed_women}
                gaps.append(Gap(KEY, _UNNAMED, unit.id, unit.name, "cmr_use", values))
    rows += _stored(source)
    return Annex(table(KEY, "Agents et procédés CMR", _ABOUT, _COLUMNS, rows), tuple(gaps))


_UNNAMED: Final = "Risque marqué CMR : agent ou procédé et étude de substitution à renseigner."


def _use_row(source: Source, unit: WorkUnit, use: CmrUse, risk: Risk | None) -> dict[str, Value]:
    both = None if use.women is None or use.men is None else use.women + use.men
    hidden = untold_by_sex(
        BySex(unit.women, unit.men, unit.headcount), {use.id: BySex(use.women, use.men, both)}
    )
    values = source.told(use, ("name", "category", "women", "men", *_DECLARED))
    silent = {key for name, key in hidden if name == use.id}
    values |= dict.fromkeys(silent & {"women", "men"})
    missing = _missing(use)
    return {
        IDENTIFIER: use.id,
        "reference": use.reference,
        **_places(source, unit, risk),
        **values,
        "note": note(
            FEW if silent else "", f"À renseigner : {', '.join(missing)}." if missing else ""
        ),
    }


def _risk_row(source: Source, unit: WorkUnit, risk: Risk) -> dict[str, Value]:
    return {IDENTIFIER: risk.id, **_places(source, unit, risk), "note": _UNNAMED}


def _places(source: Source, unit: WorkUnit, risk: Risk | None) -> dict[str, Value]:
    return {
        "unit_id": unit.id,
        "unit": source.mask(unit.name),
        "risk_id": risk.id if risk else None,
        "risk": source.mask(risk.situation) if risk else None,
        "measures": source.mask("\n".join(source.measures.get(risk.id, ()))) if risk else None,
    }


def _missing(use: CmrUse) -> list[str]:
    wanted = list[str]()
    if use.category is None:
        wanted.append("catégorie")
    if not use.substitution_examined:
        wanted.append("étude de substitution")
    elif not use.substitution:
        wanted.append("résultat de l’étude de substitution")
    return wanted


def _gaps_of(unit: WorkUnit, use: CmrUse) -> list[Gap]:
    missing = _missing(use)
    said = f"{use.name}, à renseigner : {', '.join(missing)}."
    return [Gap(KEY, said, unit.id, unit.name, "cmr_use", None, use.reference)] if missing else []


def _stored(source: Source) -> list[dict[str, Value]]:
    """Products in store whose statements say CMR; a store belongs to a site, not to a unit."""
    gone = (StockState.COLLECTED, StockState.DESTROYED)
    held = [
        each
        for each in Lookup(source.read, StockLine).live(source.owners)
        if each.product and each.state not in gone
    ]
    products = Lookup(source.read, PlantProtectionProduct, (each.product for each in held))
    stated = _statements(source, {each.amm for each in products.live()})
    rooms = Lookup(source.read, StoreRoom)
    rows: list[dict[str, Value]] = []
    for line in held:
        product = products.get(line.product)
        codes = stated.get(product.amm, []) if product else []
        if not codes:
            continue
        room = rooms.get(line.store_room)
        worst = min(_STATEMENTS[each] for each in codes)
        place = f"{room.name}, {source.paths.site_name(room.site)}" if room else ""
        rows.append(
            {
                IDENTIFIER: line.id,
                "reference": line.reference,
                "unit": source.mask(f"En stock : {place}"),
                "name": source.mask(line.name_as_written),
                "category": f"Catégorie {worst} ({', '.join(codes)})",
                "note": "Produit en stock : dire quelles unités l’emploient, ou l’évacuer.",
            }
        )
    return rows


def _statements(source: Source, numbers: set[str]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    if numbers:
        about = (Condition("amm", Op.ANY_OF, sorted(numbers)),)
        query = Query("plant_product_hazard_statement", about)
        for each in source.read.records(query):
            if isinstance(each, PlantProductHazardStatement):
                code = each.statement_code.replace(" ", "")[:4]
                if code in _STATEMENTS:
                    found.setdefault(each.amm, set()).add(code)
    return {amm: sorted(codes) for amm, codes in found.items()}
