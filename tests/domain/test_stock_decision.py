from __future__ import annotations

from datetime import date

import pytest

from prevention_app.catalogue.plant_products import (
    PlantProductUse,
    PlantProtectionProduct,
    PublishedState,
    UseState,
)
from prevention_app.catalogue.stores import StockLine
from prevention_app.catalogue.vocabulary import StockClass, StockState
from prevention_app.domain.product_law import product_verdict
from prevention_app.domain.reasons import Weight
from prevention_app.domain.stock_decision import Operators, StockCase, stock_decision

TODAY = date(2026, 11, 23)
EDITION = date(2026, 11, 17)
SOMEONE = Operators(here=2, one="Haddad Karim", department=9)


def line(**given) -> StockLine:
    values = {"store_room": "r", "name_as_written": "PRODUIT", "stock_class": "plant_protection"}
    return StockLine(**{**values, **given})


def product(**given) -> PlantProtectionProduct:
    values = {
        "amm": "2110056",
        "number_as_published": "2110056",
        "name": "PRODUIT",
        "state": PublishedState.AUTHORISED,
        "user_range": "Professionnel",
    }
    return PlantProtectionProduct(**{**values, **given})


def withdrawn(use_until: date | None) -> tuple[PlantProtectionProduct, list[PlantProductUse]]:
    gone = product(state=PublishedState.WITHDRAWN, withdrawn_on=date(2021, 12, 17))
    use = PlantProductUse(amm="2110056", use="a*b*c", state=UseState.WITHDRAWN, use_until=use_until)
    return gone, [use]


def decide(held, published=None, uses=(), operators=SOMEONE):
    verdict = product_verdict(published, uses, TODAY) if published else None
    return stock_decision(StockCase(held, published, verdict, EDITION, operators), TODAY)


def test_a_product_out_of_use_is_set_apart() -> None:
    found = decide(line(), *withdrawn(date(2023, 6, 30)))
    assert (found.weight, found.label) == (Weight.STOP, "PPNU")
    assert found.why == (
        "Autorisation retirée le 17/12/2021, usage interdit depuis le 30/06/2023. Isoler."
    )


def test_what_is_past_its_use_by_date_is_stopped_whatever_the_catalogue_says() -> None:
    biocontrol = product(mentions="Liste biocontrôle")
    found = decide(line(use_by=date(2026, 11, 22)), biocontrol)
    assert found.weight is Weight.STOP
    assert found.why == "Périmé depuis le 22/11/2026. Isoler, ne pas utiliser."
    assert decide(line(use_by=TODAY), biocontrol).weight is Weight.GO


def test_what_was_set_aside_stays_stopped() -> None:
    aside = line(state=StockState.SET_ASIDE, set_aside_on=date(2026, 9, 2))
    found = decide(aside, product())
    assert found.why == "Isolé comme PPNU le 02/09/2026. Ne pas utiliser."


def test_a_withdrawal_with_time_left_says_until_when() -> None:
    found = decide(line(), *withdrawn(date(2027, 1, 9)))
    assert (found.weight, found.label) == (Weight.CAUTION, "Retrait")
    assert "au plus tard le 09/01/2027" in found.why


def test_an_end_of_use_that_is_not_published_is_a_question() -> None:
    found = decide(line(), *withdrawn(None))
    assert (found.weight, found.label) == (Weight.CAUTION, "À vérifier")
    unknown = decide(line(), product(state=None))
    assert "État d’autorisation non publié" in unknown.why


def test_the_law_on_public_places_asks_where() -> None:
    found = decide(line(), product())
    assert (found.weight, found.label) == (Weight.CAUTION, "Lieu à vérifier")
    place = next(each for each in found.reasons if each.rule == "Lieu d’emploi")
    assert "L253-7" in place.source


def test_an_amateur_product_is_a_caution() -> None:
    garden = product(
        user_range="Amateur / emploi autorisé dans les jardins", mentions="Liste biocontrôle"
    )
    assert decide(line(), garden).label == "Amateur"


@pytest.mark.parametrize("mention", ["Liste biocontrôle", "Produit à faible risque article 47"])
def test_what_the_law_allows_everywhere_may_be_used_and_names_an_operator(mention) -> None:
    found = decide(line(), product(mentions=mention))
    assert (found.weight, found.label) == (Weight.GO, "Utilisable")
    assert found.then == "Opérateur valide sur ce site : Haddad Karim et 1 autre"


def test_without_anyone_who_holds_a_certificate_nothing_is_applied() -> None:
    nobody = Operators(here=0, one="", department=0)
    found = decide(line(), product(mentions="Liste biocontrôle"), operators=nobody)
    assert (found.weight, found.label) == (Weight.CAUTION, "Opérateur")
    elsewhere = decide(line(), product(mentions="Liste biocontrôle"), operators=Operators(0, "", 3))
    assert elsewhere.weight is Weight.GO
    assert elsewhere.then == "Aucun Certiphyto valide sur ce site, 3 dans le département"


def test_what_the_catalogue_lacks_is_a_question_never_a_verdict() -> None:
    found = decide(line(amm_as_written="123"))
    assert (found.weight, found.label) == (Weight.CAUTION, "À vérifier")
    assert "17/11/2026" in found.why
    assert decide(line(stock_class=StockClass.UNKNOWN)).label == "À classer"


def test_the_regime_follows_the_class() -> None:
    assert decide(line(stock_class=StockClass.CLEANING)).weight is Weight.GO
    assert decide(line(stock_class=StockClass.MACRO_ORGANISM)).weight is Weight.GO
    biocide = decide(line(stock_class=StockClass.BIOCIDE))
    assert biocide.weight is Weight.CAUTION
    assert any("9 octobre 2013" in each.source for each in biocide.reasons)
    stale = decide(line(stock_class=StockClass.CLEANING, use_by=date(2020, 1, 1)))
    assert stale.label == "Périmé"
