"""Store rooms and what lies in them (P19; code rural L253-7, R253-48)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from prevention_app.catalogue.checks import not_negative
from prevention_app.catalogue.description import Record, Ref, entity, field
from prevention_app.catalogue.organisation import Site
from prevention_app.catalogue.plant_products import PlantProtectionProduct
from prevention_app.catalogue.vocabulary import StockClass, StockState

GROUP = "Certiphyto et produits"


@entity(
    "store_room",
    code="LOCA",
    label=("Locaux de stockage", "Store rooms"),
    item_fr="Local de stockage",
    group=GROUP,
    title=("name", "site"),
    key_fields=("site", "name"),
    order=("site", "name"),
)
class StoreRoom(Record):
    """A room or cupboard that holds products."""

    name: str = field("Nom", "Name", search=True, aliases=("Local", "Lieu"))
    site: Ref[Site] = field("Site", "Site")
    locked: bool | None = field("Fermé à clé", "Locked")
    ventilated: bool | None = field("Ventilé", "Ventilated")
    retention: bool | None = field("Rétention", "Retention")
    confirmed_empty_on: date | None = field("Constaté vide le", "Confirmed empty on")


@entity(
    "stock_line",
    code="STOC",
    label=("Stock de produits", "Stock"),
    item_fr="Ligne de stock",
    group=GROUP,
    title=("name_as_written", "lot"),
    key_fields=("store_room", "name_as_written", "lot", "amm_as_written"),
    order=("store_room", "name_as_written"),
    legal="phyto-stock",
)
class StockLine(Record):
    """A product in a store room: what is written on it, and what the catalogue says it is."""

    store_room: Ref[StoreRoom] = field("Local", "Store room")
    name_as_written: str = field("Nom du produit", "Product name", search=True)
    amm_as_written: str | None = field("N° AMM écrit", "Number as written", search=True)
    product: Ref[PlantProtectionProduct] | None = field("Produit du catalogue", "Catalogue product")
    stock_class: StockClass = field("Classe", "Class", default=StockClass.UNKNOWN)
    lot: str | None = field("Lot", "Lot")
    purchased: date | None = field("Acheté le", "Purchased")
    use_by: date | None = field("Péremption", "Use by", due="responsable du local")
    quantity: Decimal | None = field("Quantité", "Quantity", checks=[not_negative])
    unit: str | None = field("Unité", "Unit")
    quantity_text: str | None = field("Quantité telle qu’écrite", "Quantity as written")
    containers: int | None = field("Nombre de contenants", "Containers", checks=[not_negative])
    container_size: Decimal | None = field("Contenance", "Container size")
    packaging: str | None = field("Emballage", "Packaging")
    opened: bool | None = field("Entamé", "Opened")
    state: StockState = field("Situation", "State", default=StockState.IN_STOCK)
    set_aside_on: date | None = field("Isolé le", "Set aside on")
    waste_note: str | None = field("N° de bordereau", "Waste note")
    remark: str | None = field("Remarque", "Remark", lines=2)
    import_remarks: str | None = field("Remarques de reprise", "Import remarks", lines=3)
