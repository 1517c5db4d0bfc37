"""Rating, confirming and copying risks from the command line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from datetime import date
from typing import cast

from prevention_app import bootstrap
from prevention_app.catalogue.risk_document import Risk
from prevention_app.catalogue.values import Unreadable, parse
from prevention_app.catalogue.vocabulary import RatingBasis
from prevention_app.cli import report, risk_views
from prevention_app.cli.arguments import DONE
from prevention_app.cli.similar import similar_risks
from prevention_app.domain.ratings import CRITERIA
from prevention_app.errors import Refused, WrongUsage
from prevention_app.i18n import count
from prevention_app.services import risk_copies, risk_document, risk_rating, unit_copies
from prevention_app.services.ratings import undated_ratings
from prevention_app.services.risk_copies import Copied
from prevention_app.services.unit_variants import require_variant
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store

_CALLED = {"risk": "un risque", "work_unit": "une unité de travail"}


def risk_command(given: Namespace) -> int:
    """Do one of the acts of `risk`."""
    return _ACTS[given.act](given, bootstrap.open_workspace(given.data))


def _rate(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        risk = _named(read, [given.reference], "risk")[0]
        variant = _variant(read, given, [risk]).get(risk, "")
        found = risk_document.detail(read, risk, variant=variant)
    asked = found.next_method.scales
    foreign = [each for each in CRITERIA if getattr(given, each) is not None and each not in asked]
    if foreign:
        wanted = ", ".join(f"--{each}" for each in asked)
        raise WrongUsage(
            f"« --{foreign[0]} » n’est pas un critère de « {found.next_method.name_fr} » "
            f"(critères : {wanted})."
        )
    figures = {each: getattr(given, each) for each in asked}
    for key, scale in asked.items():
        if figures[key] is not None and scale.step(figures[key]) is None:
            steps = ", ".join(str(each.value) for each in scale.steps)
            raise Refused(f"« {scale.label_fr} » est à choisir parmi {steps}.")
    done = risk_document.rate(
        store,
        found,
        figures,
        given.reason,
        on=_day(store, given.on),
        basis=RatingBasis(given.basis),
        participants=given.participants,
        rated_by=given.rated_by,
        work_unit=variant or None,
    )
    with store.reading() as read:
        after = risk_document.detail(read, found.risk.id, variant=variant)
    assessed = after.assessment
    value = str(assessed.residual) if assessed and assessed.residual is not None else None
    level = assessed.residual_level.label_fr if assessed else ""
    if given.json:
        report.as_json(
            {
                "reference": after.risk.reference,
                "residual": value,
                "level": level,
                "transaction": done.transaction,
            }
        )
    else:
        report.line(f"Coté : {after.risk.reference}, résiduel {value or '–'} ({level})")
    return DONE


def _confirm(given: Namespace, store: Store) -> int:
    if given.in_bulk and given.note:
        raise WrongUsage("--note ne va pas avec --in-bulk : le motif dit déjà pourquoi.")
    with store.reading() as read:
        risks = _named(read, given.references, "risk")
        variants = _variant(read, given, risks)
    on = _day(store, given.on)
    if given.in_bulk:
        done = risk_rating.confirm_in_bulk(
            store,
            risks,
            given.in_bulk,
            on=on,
            participants=given.participants,
            rated_by=given.rated_by,
            variants=variants,
        )
    else:
        done = risk_rating.confirm(
            store,
            risks,
            on=on,
            participants=given.participants,
            note=given.note,
            rated_by=given.rated_by,
            variants=variants,
        )
    if given.json:
        report.as_json({"confirmed": len(risks), "transaction": done.transaction})
    else:
        report.line(count(len(risks), "cotation confirmée", "cotations confirmées") + ".")
    return DONE


def _copy(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        risks = _named(read, given.references, "risk")
        units = _named(read, given.to, "work_unit")
    return _copied(given, risk_copies.copy_risks(store, risks, units))


def _copy_unit(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        entity, record = read.find(given.reference)
        targets = _named(read, given.to, "work_unit")
    if entity.key not in ("work_unit", "org_unit") or (given.to and entity.key != "work_unit"):
        raise Refused(f"{record.reference} n’est pas une unité de travail.")
    if given.new:
        return _copied(given, unit_copies.copy_as_new(store, entity.key, record.id, given.new))
    return _copied(given, unit_copies.copy_unit(store, record.id, targets))


def _copied(given: Namespace, done: Copied) -> int:
    if given.json:
        report.as_json(
            {"copies": done.copies, "left": done.left, "transaction": done.changes.transaction}
        )
    else:
        told = count(done.copies, "risque recopié, à évaluer", "risques recopiés, à évaluer")
        report.line(f"{told} ({done.left} y étaient déjà)" if done.left else told)
    return DONE


def _undated(given: Namespace, store: Store) -> int:
    with store.reading() as read:
        found = undated_ratings(read, given.department or store.department)
    rows = [
        (each.risk.reference, each.rating.source or "" if each.rating else "", each.risk.situation)
        for each in found
    ]
    if given.json:
        keys = ("risk", "source", "situation")
        report.as_json([dict(zip(keys, each, strict=True)) for each in rows])
    else:
        report.table(("Risque", "Document d’origine", "Situation dangereuse"), rows)
    return DONE


def _named(read: Reader, references: Iterable[str], register: str) -> list[str]:
    """Ids of records by their references; raises Refused for one of another register."""
    found: list[str] = []
    for each in references:
        entity, record = read.find(each)
        if entity.key != register:
            raise Refused(f"« {each} » ne désigne pas {_CALLED[register]}.")
        found.append(record.id)
    return found


def _variant(read: Reader, given: Namespace, risks: Iterable[str]) -> dict[str, str]:
    """Risk → the variant named, for which alone its rating holds; empty where none is named."""
    if not given.variant:
        return {}
    unit = _named(read, [given.variant], "work_unit")[0]
    for each in risks:
        require_variant(read, unit, cast("Risk", read.get("risk", each)))
    return dict.fromkeys(risks, unit)


def _day(store: Store, text: str) -> date | None:
    if not text:
        return None
    try:
        held = parse(store.catalogue["rating"].by_key["rated_on"], text)
    except Unreadable as error:
        raise WrongUsage(str(error)) from None
    return held if isinstance(held, date) else None


_ACTS = {
    "rate": _rate,
    "confirm": _confirm,
    "copy": _copy,
    "copy-unit": _copy_unit,
    "undated": _undated,
    "similar": similar_risks,
    "matrix": risk_views.matrix,
    "trend": risk_views.trend,
}
