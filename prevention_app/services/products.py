"""What the national catalogue says today of the products that lie in the store rooms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar, cast

from prevention_app.catalogue.description import DECLARED, Record
from prevention_app.catalogue.plant_products import PlantProductUse, PlantProtectionProduct
from prevention_app.domain.product_law import ProductVerdict, product_verdict
from prevention_app.storage.query import Condition, Op, Query, Reader

R = TypeVar("R", bound=Record)

_CHUNK = 500


def product_verdicts(
    read: Reader, products: Iterable[str | None], today: date
) -> dict[str, ProductVerdict]:
    """The state of these products by their id; those that the catalogue lacks are left out.

    A product that is gone from the newest edition is judged by what was last published of it.
    """
    wanted = sorted({each for each in products if each})
    held = {each.amm: each for each in _rows(read, PlantProtectionProduct, wanted)}
    uses: dict[str, list[PlantProductUse]] = {}
    for use in _rows(read, PlantProductUse, sorted(held)):
        if held[use.amm].deleted or not use.deleted:
            uses.setdefault(use.amm, []).append(use)
    return {
        product.id: product_verdict(product, uses.get(number, []), today)
        for number, product in held.items()
    }


def _rows(read: Reader, row_class: type[R], numbers: Sequence[str]) -> Iterator[R]:
    register = DECLARED[row_class].key
    for start in range(0, len(numbers), _CHUNK):
        named = Condition("amm", Op.ANY_OF, numbers[start : start + _CHUNK])
        found = read.records(
            Query(register, where=(named,), with_deleted=True, order=("reference",))
        )
        yield from cast("list[R]", found)
