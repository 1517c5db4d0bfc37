"""How people read numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prevention_app.i18n import number_text


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (0, None, "0"),
        (1234, None, "1\u202f234"),
        (1234567.5, None, "1\u202f234\u202f567,5"),
        (Decimal("1250.40"), 2, "1\u202f250,40"),
        (-3.14159, 1, "-3,1"),
    ],
)
def test_numbers_have_narrow_spaces_and_a_comma(
    number: float | Decimal, decimals: int | None, text: str
) -> None:
    assert number_text(number, decimals) == text
