"""Whether what lies in a store room may be used there today: every rule asked, the gravest decides.

Sources: code rural L253-7 (loi Labbé) and arrêté du 4 mai 2017 art. 14-3 and 14-4 for places;
L253-10 and R253-48 for what may not be used any more (PPNU); R254-8 to R254-14 for operators. The
national catalogue judges products (`product_law.py`). What it lacks is a question, never a verdict:
the regime follows the class of the line (P19).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from prevention_app.catalogue.plant_products import PlantProtectionProduct
from prevention_app.catalogue.stores import StockLine
from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import StockClass, StockState
from prevention_app.domain.product_law import ProductState, ProductVerdict, waste_verdict
from prevention_app.domain.reasons import Reason, Weight, day_text, gravest

_JUDGED: Final = (StockClass.PLANT_PROTECTION, StockClass.LOW_CONCERN)
"""Classes whose products have an authorisation number in the national catalogue."""
_LOW_CONCERN: Final = {
    "biocontrole": "Biocontrôle",
    "faible risque": "Produit à faible risque",
    "agriculture biologique": "Utilisable en agriculture biologique",
}
"""Published mentions that the law allows everywhere (code rural L253-7), and their words."""
_OUTSIDE: Final = {
    StockClass.MACRO_ORGANISM: "Macro-organisme, permis partout par la loi.",
    StockClass.BASIC_SUBSTANCE: "Substance de base, permise partout par la loi.",
    StockClass.FERTILISER: "Matière fertilisante, hors des règles des phytopharmaceutiques.",
    StockClass.CLEANING: "Produit d’entretien, hors des règles des phytopharmaceutiques.",
}


@dataclass(frozen=True, slots=True)
class Operators:
    """Who holds a valid certificate for a class of products, on the day that is asked about."""

    here: int
    """People at the site of the store room."""
    one: str
    """The name of one of them."""
    department: int


@dataclass(frozen=True, slots=True)
class StockCase:
    """Everything that a decision on one line of a store rests on."""

    line: StockLine
    product: PlantProtectionProduct | None
    """What the catalogue says the line is; None where it is not matched."""
    verdict: ProductVerdict | None
    edition: date | None
    """The date of the catalogue held here; None before one is brought in."""
    operators: Operators
    """For plant protection, or for biocides when the line is one."""


@dataclass(frozen=True, slots=True)
class StockDecision:
    """Stop, caution or go, in words and with all its reasons."""

    weight: Weight
    label: str
    """One or two words for the chip."""
    why: str
    """A sentence with what decides."""
    then: str
    """What follows or what else is known; may be empty."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Finding:
    reason: Reason
    label: str = ""
    why: str = ""
    then: str = ""


def stock_decision(case: StockCase, today: date) -> StockDecision:
    """What may be done today with one line of a store room."""
    authorised, use_by = _authorisation(case, today), _use_by(case, today)
    findings = [_set_aside(case), authorised, use_by]
    allowed = authorised
    if case.line.stock_class in _JUDGED and case.product is not None:
        allowed = _place(case, case.product)
        findings += [_range(case.product), allowed]
    if case.line.stock_class in (*_JUDGED, StockClass.BIOCIDE):
        findings.append(_operator(case, today))
    reasons = tuple(each.reason for each in findings)
    weight = gravest(reasons)
    if weight is Weight.GO:
        then = next((each.then for each in reversed(findings) if each.then), "")
        return StockDecision(weight, allowed.label, allowed.why, then, reasons)
    first = next(each for each in findings if each.reason.weight is weight)
    return StockDecision(weight, first.label, first.why, first.then, reasons)


def _set_aside(case: StockCase) -> _Finding:
    line = case.line
    rule, source = "Mise à part", "Fiche de stock ; code rural L253-10"
    inputs = [("Situation", StockState(line.state).label_fr)]
    if line.state != StockState.SET_ASIDE:
        return _Finding(Reason(rule, source, tuple(inputs), "Le produit n’est pas mis à part."))
    inputs.append(("Isolé le", day_text(line.set_aside_on)))
    since = f" le {day_text(line.set_aside_on)}" if line.set_aside_on else ""
    why = f"Isolé comme PPNU{since}. Ne pas utiliser."
    note = f"Bordereau {line.waste_note}" if line.waste_note else ""
    then = note or "Remettre à la collecte, bordereau à joindre"
    return _Finding(Reason(rule, source, tuple(inputs), why, Weight.STOP), "PPNU", why, then)


def _use_by(case: StockCase, today: date) -> _Finding:
    use_by = case.line.use_by
    rule, source = "Péremption", "Étiquette, sur la fiche de stock ; code rural L253-10"
    inputs = (("Péremption", day_text(use_by)), ("Aujourd’hui", day_text(today)))
    if use_by is None:
        return _Finding(Reason(rule, source, inputs, "Aucune date de péremption n’est écrite."))
    if use_by < today:
        why = f"Périmé depuis le {day_text(use_by)}. Isoler, ne pas utiliser."
        reason = Reason(rule, source, inputs, why, Weight.STOP)
        return _Finding(reason, _waste_label(case), why, "Collecte à prévoir, bordereau à joindre")
    said = f"Le produit se garde jusqu’au {day_text(use_by)}."
    reason = Reason(rule, source, inputs, said, Weight.GO)
    return _Finding(reason, "Utilisable", said, f"Péremption le {day_text(use_by)}")


def _waste_label(case: StockCase) -> str:
    """« PPNU » is a word of the law for plant-protection products alone."""
    judged = case.line.stock_class in _JUDGED or case.product is not None
    return "PPNU" if judged else "Périmé"


def _authorisation(case: StockCase, today: date) -> _Finding:
    line = case.line
    if case.product is not None and case.verdict is not None:
        return _published(case, case.product, case.verdict, today)
    rule, source = "Classe du produit", "Classe de la fiche de stock ; guide de l’inventaire"
    inputs = (
        ("Classe", StockClass(line.stock_class).label_fr),
        ("N° AMM écrit", line.amm_as_written or "aucun"),
    )
    said = _OUTSIDE.get(StockClass(line.stock_class))
    if said:
        return _Finding(Reason(rule, source, inputs, said, Weight.GO), "Utilisable", said)
    if line.stock_class == StockClass.BIOCIDE:
        why = "Biocide. Vérifier son autorisation sur l’étiquette avant tout usage."
        return _Finding(Reason(rule, source, inputs, why, Weight.CAUTION), "À vérifier", why)
    if line.stock_class == StockClass.UNKNOWN:
        why = "Classe inconnue. Mettre à part, lire l’étiquette, puis classer."
        return _Finding(Reason(rule, source, inputs, why, Weight.CAUTION), "À classer", why)
    if case.edition is None:
        why = "Aucun catalogue E-Phy ici. Importez-le avant de juger ce produit."
    else:
        why = f"Absent du catalogue E-Phy du {day_text(case.edition)}. Relire le numéro d’AMM."
    return _Finding(Reason(rule, source, inputs, why, Weight.CAUTION), "À vérifier", why)


def _published(
    case: StockCase, product: PlantProtectionProduct, verdict: ProductVerdict, today: date
) -> _Finding:
    source = (
        f"Catalogue E-Phy (Anses) du {day_text(case.edition)} ; règlement (CE) 1107/2009, art. 46"
    )
    inputs = [("N° AMM", product.amm)]
    if product.withdrawn_on:
        inputs.append(("Retiré le", day_text(product.withdrawn_on)))
    if verdict.use_until:
        inputs.append(("Fin d’utilisation", day_text(verdict.use_until)))
    waste = waste_verdict(verdict, None, today)
    if waste.collect_by is not None:
        inputs.append(("Collecte au plus tard", day_text(waste.collect_by)))
    weight, label, why, then = _said_of(product, verdict)
    reason = Reason("Autorisation du produit", source, tuple(inputs), waste.sentence, weight)
    return _Finding(reason, label, why, then)


def _said_of(
    product: PlantProtectionProduct, verdict: ProductVerdict
) -> tuple[Weight, str, str, str]:
    """Weight, chip, sentence and what follows, for a product that the catalogue knows."""
    on = f" le {day_text(product.withdrawn_on)}" if product.withdrawn_on else ""
    until = day_text(verdict.use_until)
    match verdict.state:
        case ProductState.AUTHORISED:
            return Weight.GO, "Utilisable", "Autorisé d’après E-Phy.", ""
        case ProductState.NO_USE:
            why = f"Autorisation retirée{on}, usage interdit depuis le {until}. Isoler."
            return Weight.STOP, "PPNU", why, "Collecte à prévoir, bordereau à joindre"
        case ProductState.NO_PURCHASE | ProductState.WITHDRAWAL_ANNOUNCED if verdict.use_until:
            why = f"Autorisation retirée{on}. Utiliser au plus tard le {until}."
            return Weight.CAUTION, "Retrait", why, "Ne pas racheter"
        case _:
            what = f"Autorisation retirée{on}" if on else "État d’autorisation non publié"
            why = f"{what}. Vérifier la fin d’utilisation avant tout usage."
            return Weight.CAUTION, "À vérifier", why, "Fin d’utilisation non publiée par E-Phy"


def _range(product: PlantProtectionProduct) -> _Finding:
    rule, source = "Gamme d’usage", "Catalogue E-Phy (Anses), gamme d’usage"
    inputs = (("Gamme publiée", product.user_range or "non publiée"),)
    if not fold(product.user_range or "").startswith("amateur"):
        said = "Le produit n’est pas réservé aux jardiniers amateurs."
        weight = Weight.GO if product.user_range else Weight.SILENT
        return _Finding(Reason(rule, source, inputs, said, weight), "Utilisable", said)
    why = "Emploi autorisé dans les jardins. Préférer la gamme professionnelle."
    return _Finding(Reason(rule, source, inputs, why, Weight.CAUTION), "Amateur", why)


def _place(case: StockCase, product: PlantProtectionProduct) -> _Finding:
    rule = "Lieu d’emploi"
    source = "Code rural L253-7 (loi Labbé) ; arrêté du 4 mai 2017, art. 14-3 et 14-4"
    mentions = product.mentions or ""
    inputs = (
        ("Classe", StockClass(case.line.stock_class).label_fr),
        ("Mentions publiées", mentions.replace(" | ", ", ") or "aucune"),
    )
    published = next((said for key, said in _LOW_CONCERN.items() if key in fold(mentions)), "")
    if published or case.line.stock_class == StockClass.LOW_CONCERN:
        what = published or "Biocontrôle, faible risque ou agriculture biologique"
        why = f"{what}, permis aussi sur les espaces ouverts au public."
        return _Finding(Reason(rule, source, inputs, why, Weight.GO), "Utilisable", why)
    why = "Autorisé, mais interdit sur les espaces ouverts au public. Vérifier le lieu."
    then = "Seule voie : zone étroite ou dangereuse, motif à écrire"
    return _Finding(
        Reason(rule, source, inputs, f"{why} {then}.", Weight.CAUTION),
        "Lieu à vérifier",
        why,
        then,
    )


def _operator(case: StockCase, today: date) -> _Finding:
    biocide = case.line.stock_class == StockClass.BIOCIDE
    title = "certibiocide" if biocide else "Certiphyto"
    source = "Arrêté du 9 octobre 2013" if biocide else "Code rural R254-8 à R254-14"
    who = case.operators
    inputs = (
        ("Titres valides sur ce site", str(who.here)),
        ("Titres valides dans le département", str(who.department)),
        ("Aujourd’hui", day_text(today)),
    )
    rule = "Opérateur"
    if who.department == 0:
        why = f"Personne n’a de {title} valide au {day_text(today)}. Ne pas appliquer."
        return _Finding(Reason(rule, source, inputs, why, Weight.CAUTION), "Opérateur", why)
    if who.here == 0:
        then = f"Aucun {title} valide sur ce site, {who.department} dans le département"
    else:
        more = f" et {who.here - 1} autre" + ("s" if who.here > 2 else "") if who.here > 1 else ""
        then = f"Opérateur valide sur ce site : {who.one}{more}"
    return _Finding(Reason(rule, source, inputs, f"{then}.", Weight.GO), "Utilisable", then, then)
