"""Mappings kept under a name: which column of a workbook is which field, found again later."""

from __future__ import annotations

from prevention_app.catalogue.description import Record, Value
from prevention_app.errors import Refused
from prevention_app.exchange.mapping import Mapping
from prevention_app.exchange.understood import Understanding
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import Store


def recognised_mapping(read: Reader, kind: str, understanding: Understanding) -> Mapping | None:
    """The mapping saved for a file with the same headings, the newest first."""
    signatures = [table.signature for table in understanding.tables]
    for saved in reversed(_saved(read, kind)):
        mapping = Mapping.from_json(str(getattr(saved, "mapping", "")))
        if mapping.knows(signatures):
            return mapping
    return None


def save_mapping(store: Store, mapping: Mapping) -> None:
    """Keep a mapping under its name, for files with the headings that it was made for."""
    if not mapping.name.strip():
        raise Refused("Donnez un nom à ce modèle de reprise.")
    with store.reading() as read:
        held = [each for each in _saved(read, mapping.kind) if _name(each) == mapping.name]
    signature, text = " ".join(sorted(mapping.signatures)), mapping.to_json()
    with store.change("Enregistrer un modèle de reprise") as work:
        if held:
            values: dict[str, Value] = {"signature": signature, "mapping": text}
            work.write_over("import_mapping", held[0], values)
        else:
            work.new(
                "import_mapping",
                kind=mapping.kind,
                name=mapping.name,
                signature=signature,
                mapping=text,
            )


def saved_mapping(store: Store, kind: str, name: str) -> Mapping:
    """The mapping that was kept under this name; raises Refused with the names there are."""
    with store.reading() as read:
        saved = _saved(read, kind)
    for each in saved:
        if _name(each) == name:
            return Mapping.from_json(str(getattr(each, "mapping", "")))
    known = ", ".join(_name(each) for each in saved) or "aucun"
    raise Refused(f"Aucun modèle de reprise « {name} » (connus : {known}).")


def _saved(read: Reader, kind: str) -> list[Record]:
    """All that is kept for a kind, by name."""
    held = read.records(Query("import_mapping", order=("name",)))
    return [each for each in held if getattr(each, "kind", "") == kind]


def _name(saved: Record) -> str:
    return str(getattr(saved, "name", ""))
