"""What the law says today about a plant-protection product held by a public employer.

Sources: code rural L253-7 (loi Labbé), L253-10, R253-48; arrêté du 4 mai 2017 art. 14-3 and 14-4
(arrêté du 15 janvier 2021); règlement (CE) 1107/2009 art. 46 for the periods of grace, whose real
dates are those published with each use. Nothing is deduced from an empty cell: what is not
published stays a question (`TO_CHECK`), and a product that the catalogue lacks is a question too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from prevention_app.catalogue.description import Choice
from prevention_app.catalogue.plant_products import (
    PlantProductUse,
    PlantProtectionProduct,
    PublishedState,
    UseState,
)


class ProductState(Choice):
    """Where a product stands between its authorisation and its end."""

    AUTHORISED = "authorised", "Autorisé", "Authorised"
    WITHDRAWAL_ANNOUNCED = "withdrawal_announced", "Retrait annoncé", "Withdrawal announced"
    NO_PURCHASE = "no_purchase", "Fin de distribution", "No more purchase"
    NO_USE = "no_use", "Fin d’utilisation (PPNU)", "No more use"
    TO_CHECK = "to_check", "À vérifier", "To be checked"
    NOT_FOUND = "not_found", "Non trouvé dans E-Phy", "Not found in E-Phy"


@dataclass(frozen=True, slots=True)
class ProductVerdict:
    """The state of a product today and why."""

    state: ProductState
    sentence: str
    """A finished French sentence with its dates."""
    purchase_until: date | None = None
    use_until: date | None = None
    """The last day of use that is published, whichever the use."""


def product_verdict(
    product: PlantProtectionProduct, uses: Sequence[PlantProductUse], today: date
) -> ProductVerdict:
    """The state of a catalogue product today; `uses` are all its published uses."""
    if product.state is None:
        return ProductVerdict(
            ProductState.TO_CHECK,
            f"L’état d’autorisation de {product.name} n’est pas publié : à vérifier.",
        )
    announced = product.withdrawn_on is not None and product.withdrawn_on > today
    if product.state == PublishedState.AUTHORISED and not announced:
        return ProductVerdict(ProductState.AUTHORISED, _authorised_sentence(product, uses))
    withdrawn = [each for each in uses if each.state == UseState.WITHDRAWN]
    purchase = max(
        (one.distribution_until for one in withdrawn if one.distribution_until), default=None
    )
    use = max((one.use_until for one in withdrawn if one.use_until), default=None)
    if announced and (use is None or use >= today):
        state = ProductState.WITHDRAWAL_ANNOUNCED
    else:
        state = _withdrawn_state(purchase, use, today)
    return ProductVerdict(state, _withdrawn_sentence(product, state, purchase, use), purchase, use)


def _withdrawn_state(purchase: date | None, use: date | None, today: date) -> ProductState:
    if use is None:
        return ProductState.TO_CHECK
    if use < today:
        return ProductState.NO_USE
    if purchase is not None and purchase >= today:
        return ProductState.WITHDRAWAL_ANNOUNCED
    return ProductState.NO_PURCHASE


def _authorised_sentence(product: PlantProtectionProduct, uses: Sequence[PlantProductUse]) -> str:
    gone = sum(each.state == UseState.WITHDRAWN for each in uses)
    if gone == 0:
        return f"{product.name} est autorisé d’après E-Phy."
    some = "un de ses usages est retiré" if gone == 1 else f"{gone} de ses usages sont retirés"
    return f"{product.name} est autorisé d’après E-Phy, mais {some} : vérifiez l’usage prévu."


def _withdrawn_sentence(
    product: PlantProtectionProduct,
    state: ProductState,
    purchase: date | None,
    use: date | None,
) -> str:
    on = f" le {_day(product.withdrawn_on)}" if product.withdrawn_on else ""
    start = f"{product.name} : retrait{on}"
    if use is None:
        return f"{start} ; la fin d’utilisation n’est pas publiée : à vérifier avant tout usage."
    if state is ProductState.NO_USE:
        return (
            f"{start} ; utilisation interdite depuis la fin du délai, le {_day(use)} : "
            "à isoler comme PPNU et à remettre à la collecte."
        )
    bought = f"achat possible jusqu’au {_day(purchase)}" if purchase else ""
    if state is ProductState.NO_PURCHASE:
        bought = (
            f"plus d’achat depuis le {_day(purchase)}"
            if purchase
            else ("la fin de distribution n’est pas publiée, ne plus acheter sans vérifier")
        )
    parts = [bought] if bought else []
    return f"{start} ; {', '.join([*parts, f'utilisation jusqu’au {_day(use)} au plus tard'])}."


@dataclass(frozen=True, slots=True)
class WasteVerdict:
    """Whether a product in the store is a PPNU (produit phytopharmaceutique non utilisable)."""

    waste: bool | None
    """None where it cannot be told."""
    sentence: str
    collect_by: date | None = None
    """The last day to bring it to a collection point (code rural R253-48)."""


def waste_verdict(product: ProductVerdict, use_by: date | None, today: date) -> WasteVerdict:
    """Whether a stock line must be set aside: product out of use, or past its own use-by date."""
    if product.state is ProductState.NO_USE and product.use_until is not None:
        collect_by = _a_year_after(product.use_until)
        return WasteVerdict(
            True, f"{product.sentence} Collecte au plus tard le {_day(collect_by)}.", collect_by
        )
    if use_by is not None and use_by < today:
        return WasteVerdict(True, f"Périmé depuis le {_day(use_by)} : à isoler comme PPNU.")
    if product.state in (ProductState.TO_CHECK, ProductState.NOT_FOUND):
        return WasteVerdict(None, product.sentence)
    return WasteVerdict(False, product.sentence)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _a_year_after(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap_day else day.day)
