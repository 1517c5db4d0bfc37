from __future__ import annotations

from datetime import date, timedelta

import pytest

from prevention_app.catalogue.plant_products import PlantProductUse, PlantProtectionProduct
from prevention_app.domain.product_law import (
    ProductState,
    product_verdict,
    waste_verdict,
)

DAY = timedelta(days=1)
SALE_ENDS = date(2026, 1, 15)
USE_ENDS = date(2027, 1, 15)


def product(state="withdrawn", **values):
    return PlantProtectionProduct(
        amm="2180657", number_as_published="2180657", name="SOLOFOL", state=state, **values
    )


def use(state="withdrawn", sale=None, until=None):
    return PlantProductUse(
        amm="2180657", use="Vigne*Mildiou", state=state, distribution_until=sale, use_until=until
    )


WITHDRAWN = product(withdrawn_on=date(2025, 7, 15))
USES = [use(sale=SALE_ENDS, until=USE_ENDS), use(sale=date(2025, 12, 1), until=date(2026, 12, 1))]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2025, 8, 1), ProductState.WITHDRAWAL_ANNOUNCED),
        (SALE_ENDS, ProductState.WITHDRAWAL_ANNOUNCED),
        (SALE_ENDS + DAY, ProductState.NO_PURCHASE),
        (USE_ENDS, ProductState.NO_PURCHASE),
        (USE_ENDS + DAY, ProductState.NO_USE),
    ],
)
def test_a_withdrawn_product_goes_through_its_published_dates(today, state):
    verdict = product_verdict(WITHDRAWN, USES, today)
    assert verdict.state is state
    assert (verdict.purchase_until, verdict.use_until) == (SALE_ENDS, USE_ENDS)
    assert "15/07/2025" in verdict.sentence
    assert "15/01/2027" in verdict.sentence


def test_each_state_says_what_may_still_be_done():
    assert product_verdict(WITHDRAWN, USES, date(2025, 8, 1)).sentence == (
        "SOLOFOL : retrait le 15/07/2025 ; achat possible jusqu’au 15/01/2026, "
        "utilisation jusqu’au 15/01/2027 au plus tard."
    )
    assert product_verdict(WITHDRAWN, USES, date(2026, 3, 1)).sentence == (
        "SOLOFOL : retrait le 15/07/2025 ; plus d’achat depuis le 15/01/2026, "
        "utilisation jusqu’au 15/01/2027 au plus tard."
    )
    assert product_verdict(WITHDRAWN, USES, date(2027, 3, 1)).sentence == (
        "SOLOFOL : retrait le 15/07/2025 ; utilisation interdite depuis la fin du délai, "
        "le 15/01/2027 : à isoler comme PPNU et à remettre à la collecte."
    )


def test_an_authorised_product_with_a_withdrawn_use_says_so():
    today = date(2026, 3, 1)
    authorised = product("authorised")
    assert product_verdict(authorised, [use("authorised")], today).sentence == (
        "SOLOFOL est autorisé d’après E-Phy."
    )
    mixed = product_verdict(authorised, [use("authorised"), use(until=USE_ENDS)], today)
    assert mixed.state is ProductState.AUTHORISED
    assert "un de ses usages est retiré" in mixed.sentence
    assert mixed.use_until is None


def test_a_withdrawal_dated_after_today_is_announced_even_without_dates_of_use():
    coming = product("authorised", withdrawn_on=date(2026, 9, 1))
    verdict = product_verdict(coming, [use("authorised")], date(2026, 3, 1))
    assert verdict.state is ProductState.WITHDRAWAL_ANNOUNCED
    assert product_verdict(coming, [], date(2026, 9, 1)).state is ProductState.AUTHORISED


@pytest.mark.parametrize("uses", [[], [use()], [use(sale=date(2020, 1, 1))], [use("authorised")]])
def test_nothing_is_deduced_from_dates_that_are_not_published(uses):
    verdict = product_verdict(product(withdrawn_on=date(2004, 2, 6)), uses, date(2026, 3, 1))
    assert verdict.state is ProductState.TO_CHECK
    assert "n’est pas publiée" in verdict.sentence
    assert "06/02/2004" in verdict.sentence


def test_an_unpublished_end_of_sale_is_said_and_not_guessed():
    verdict = product_verdict(WITHDRAWN, [use(until=USE_ENDS)], date(2026, 3, 1))
    assert verdict.state is ProductState.NO_PURCHASE
    assert "la fin de distribution n’est pas publiée" in verdict.sentence


def test_a_product_without_a_published_state_is_a_question():
    assert product_verdict(product(None), USES, date(2026, 3, 1)).state is ProductState.TO_CHECK


def test_a_product_out_of_use_is_waste_and_has_a_year_to_be_collected():
    today = date(2027, 3, 1)
    verdict = waste_verdict(product_verdict(WITHDRAWN, USES, today), None, today)
    assert verdict.waste is True
    assert verdict.collect_by == date(2028, 1, 15)
    assert verdict.sentence.endswith("Collecte au plus tard le 15/01/2028.")


def test_a_year_after_a_leap_day_ends_on_the_28th():
    today = date(2024, 3, 1)
    out = product_verdict(product(), [use(until=date(2024, 2, 29))], today)
    assert waste_verdict(out, None, today).collect_by == date(2025, 2, 28)


def test_an_authorised_product_past_its_own_date_is_waste():
    today = date(2026, 3, 1)
    authorised = product_verdict(product("authorised"), [], today)
    assert waste_verdict(authorised, date(2026, 2, 28), today).waste is True
    assert waste_verdict(authorised, today, today).waste is False
    unknown = product_verdict(product(), [], today)
    assert waste_verdict(unknown, None, today).waste is None
