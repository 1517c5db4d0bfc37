"""What lies in the store rooms, judged line by line, and the national catalogue that judges it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from prevention_app.catalogue.organisation import Site
from prevention_app.catalogue.plant_products import REFERENCE_SET, PlantProtectionProduct
from prevention_app.catalogue.stores import StockLine, StoreRoom
from prevention_app.catalogue.vocabulary import StockClass, StockState
from prevention_app.catalogue.workspace import ReferenceEdition
from prevention_app.domain.certificates import FAMILIES, family_of, may_apply
from prevention_app.domain.product_law import ProductVerdict
from prevention_app.domain.stock_decision import (
    Operators,
    StockCase,
    StockDecision,
    stock_decision,
)
from prevention_app.services.certificates import Kinds
from prevention_app.services.lookup import Lookup
from prevention_app.services.products import product_verdicts
from prevention_app.storage.credential_ends import Holders, valid_holders
from prevention_app.storage.query import Condition, Op, Query, Reader

OLD_DAYS: Final = 30
"""After so many days the catalogue held here is to be brought up to date (it comes out weekly)."""
_HELD: Final = (StockState.IN_STOCK, StockState.SET_ASIDE)


@dataclass(frozen=True, slots=True)
class CatalogueHeld:
    """Which edition of the national catalogue is in service here."""

    edition: date | None
    products: int
    old: bool


def catalogue_held(read: Reader, today: date) -> CatalogueHeld:
    """The newest edition brought in; none before the first import."""
    wanted = Query("reference_edition", (Condition("set_key", Op.IS, REFERENCE_SET),))
    editions = cast("list[ReferenceEdition]", read.records(wanted))
    newest = max((each.edition_date for each in editions if each.edition_date), default=None)
    products = read.count(Query("plant_protection_product"))
    return CatalogueHeld(newest, products, newest is None or (today - newest).days > OLD_DAYS)


def stock_ids(read: Reader, owners: tuple[str, ...]) -> list[str]:
    """What has not left its store room, room by room."""
    held = Condition("state", Op.ANY_OF, _HELD)
    return read.ids(Query("stock_line", (held,), owners)).splitlines()


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """One line of a store room, ready to be shown."""

    line: StockLine
    room: str
    site: str
    decision: StockDecision


class StockJudge:
    """Judges lines of the store on one day; what it has read once, it reads no more."""

    def __init__(self, read: Reader, today: date, owners: tuple[str, ...]) -> None:
        """Learn who may apply what, and which catalogue is held."""
        self._today = today
        self.catalogue = catalogue_held(read, today)
        kinds = Kinds(read)
        biocides = [each for each in kinds.all if family_of(each) == FAMILIES[1]]
        self._holders = {
            biocide: valid_holders(read, kinds.rules(chosen, today), owners, today)
            for biocide, chosen in (
                (False, [each for each in kinds.all if may_apply(each)]),
                (True, biocides),
            )
        }
        ones = {each.one for found in self._holders.values() for each in found.values()}
        self._names = read.titles("person", ones)
        self._verdicts: dict[str, ProductVerdict] = {}
        self._products: dict[str, PlantProtectionProduct] = {}
        self._known: set[str] = set()

    def judge(self, read: Reader, ids: Sequence[str]) -> list[JudgedLine]:
        """These lines, in this order; those that are gone are left out."""
        held = Lookup(read, StockLine, ids)
        lines = [line for each in ids if (line := held.get(each))]
        self._learn(read, lines)
        rooms = Lookup(read, StoreRoom, [each.store_room for each in lines])
        there = {each.store_room: rooms.get(each.store_room) for each in lines}
        sites = Lookup(read, Site, [room.site for room in there.values() if room])
        made: list[JudgedLine] = []
        for each in lines:
            room = there[each.store_room]
            site = sites.get(room.site) if room else None
            decision = stock_decision(self._case(each, site.id if site else ""), self._today)
            made.append(
                JudgedLine(each, room.name if room else "", site.name if site else "", decision)
            )
        return made

    def _learn(self, read: Reader, lines: Sequence[StockLine]) -> None:
        """What the catalogue says of products that were not met yet."""
        new = {each.product for each in lines if each.product} - self._known
        if not new:
            return
        self._known |= new
        self._verdicts |= product_verdicts(read, new, self._today)
        named = Condition("amm", Op.ANY_OF, sorted(new))
        found = read.records(Query("plant_protection_product", (named,), with_deleted=True))
        self._products |= {each.id: cast("PlantProtectionProduct", each) for each in found}

    def _case(self, line: StockLine, site: str) -> StockCase:
        product = line.product or ""
        holders = self._holders[line.stock_class == StockClass.BIOCIDE]
        here = holders.get((line.owner, site)) if site else None
        operators = Operators(
            here.people if here else 0,
            self._names.get(here.one, "") if here else "",
            _people_of(holders, line.owner),
        )
        return StockCase(
            line,
            self._products.get(product),
            self._verdicts.get(product),
            self.catalogue.edition,
            operators,
        )


def _people_of(holders: dict[tuple[str, str], Holders], owner: str) -> int:
    return sum(each.people for (of, _), each in holders.items() if of == owner)
