"""Lines of a plant-protection store, matched with the national catalogue (P19)."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process

from prevention_app.catalogue.description import Record, Value
from prevention_app.catalogue.values import fold
from prevention_app.catalogue.vocabulary import StockClass, StockState
from prevention_app.exchange.understood import ImportedRow
from prevention_app.services.binding import places
from prevention_app.services.binding.matcher import Matcher, Outcome, RowResult
from prevention_app.services.binding.values import day, number, remarks, said, whole
from prevention_app.storage.query import Condition, Op, Query

_SURE = 90
"""From this likeness on (0–100) a misspelt name counts as recognised; it is still reported."""

_CLASSES = {
    "PPP": StockClass.PLANT_PROTECTION,
    "PRODUIT-MIXTE": StockClass.PLANT_PROTECTION,
    "ADJUVANT": StockClass.PLANT_PROTECTION,
    "MFSC": StockClass.FERTILISER,
    "MELANGE": StockClass.FERTILISER,
}


class Products:
    """The national catalogue as an import looks products up: by number, then by name."""

    def __init__(self, matcher: Matcher) -> None:
        """Nothing is read before the first question."""
        self._matcher = matcher
        self._names: dict[str, list[Record]] | None = None

    def by_number(self, written: str) -> Record | None:
        """The product whose number is written, with or without spaces and words around."""
        digits = re.sub(r"\D", "", written)
        if not digits:
            return None
        found = self._matcher.read.records(
            Query(
                "plant_protection_product",
                where=(Condition("amm", Op.IS, digits),),
                with_deleted=True,
            )
        )
        return found[0] if found else None

    def by_name(self, written: str) -> tuple[Record | None, bool]:
        """The one product of that name, and whether the name is exact."""
        wanted = _bare(written)
        names = self._all()
        exact = names.get(wanted, [])
        if len(exact) == 1:
            return exact[0], True
        if exact or not wanted:
            return None, False
        best = process.extract(wanted, list(names), scorer=fuzz.ratio, limit=2)
        if not best or best[0][1] < _SURE:
            return None, False
        if len(best) > 1 and best[1][1] == best[0][1]:
            return None, False
        found = names[best[0][0]]
        return (found[0], False) if len(found) == 1 else (None, False)

    def _all(self) -> dict[str, list[Record]]:
        if self._names is None:
            self._names = {}
            for product in self._matcher.read.records(
                Query("plant_protection_product", order=("reference",))
            ):
                self._names.setdefault(_bare(str(getattr(product, "name", ""))), []).append(product)
        return self._names


def _bare(name: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9%]+", " ", fold(name)).split())


def bind(row: ImportedRow, owner: str, matcher: Matcher, products: Products) -> RowResult:
    """Write a line of stock, its store room, and the catalogue's product it seems to be."""
    result = RowResult(title=said(row.values.get("name_as_written")))
    place = places.site(row, owner, matcher, result)
    if place is None:
        result.problems.append(("site", "Le dépôt ou le site de ce produit n’est pas dit."))
        result.fatal = True
        return result
    room = matcher.upsert(
        "store_room",
        owner,
        {"site": place.id, "name": places.text(row, "store_room") or "Local non précisé"},
        result,
    )
    if room is None:
        result.fatal = True
        return result
    result.outcome = Outcome.UNCHANGED
    product, note = _product(row, products)
    remark = "\n".join(each for each in (remarks(row), note) if each)
    values: dict[str, Value] = {
        "store_room": room.id,
        "name_as_written": said(row.values.get("name_as_written")),
        "amm_as_written": said(row.values.get("amm_as_written")),
        "product": product.id if product else None,
        "stock_class": _class_of(product),
        "lot": said(row.values.get("lot")),
        "purchased": day(row.values.get("purchased")),
        "use_by": day(row.values.get("expires")),
        "quantity": number(row.values.get("quantity")),
        "unit": said(row.values.get("unit")),
        "quantity_text": said(row.values.get("quantity_text")),
        "containers": whole(row, "containers"),
        "container_size": number(row.values.get("container_size")),
        "packaging": said(row.values.get("packaging")),
        "remark": said(row.values.get("remark")),
        "import_remarks": remark,
    }
    if isinstance(row.values.get("opened"), bool):
        values["opened"] = bool(row.values["opened"])
    if "ppnu" in fold(str(values["remark"])):
        values["state"] = StockState.SET_ASIDE
    key = ("store_room", "name_as_written", "amm_as_written", "lot", "quantity_text", "use_by")
    matcher.upsert("stock_line", owner, values, result, key=key, main=True, once=True)
    return result


def _product(row: ImportedRow, products: Products) -> tuple[Record | None, str]:
    written = said(row.values.get("amm_as_written"))
    name = said(row.values.get("name_as_written"))
    product = products.by_number(written)
    if product is not None:
        return product, ""
    product, exact = products.by_name(name)
    if product is None:
        return None, ""
    how = "par son nom" if exact else "par un nom proche"
    number_found = getattr(product, "amm", "")
    return product, f"Produit reconnu {how} : {getattr(product, 'name', '')} (AMM {number_found})."


def _class_of(product: Record | None) -> str | None:
    if product is None:
        return None
    mentions = fold(str(getattr(product, "mentions", "") or ""))
    if any(word in mentions for word in ("biocontrole", "biologique", "faible risque")):
        return StockClass.LOW_CONCERN
    return _CLASSES.get(str(getattr(product, "product_type", "")), StockClass.UNKNOWN)
