"""Registers and fields that the tests define as users would."""

from __future__ import annotations

from typing import Any

from prevention_app.catalogue.description import Record
from prevention_app.storage.store import Store
from tests.storage.acts import add

KINDS = ("text", "long_text", "integer", "decimal", "money", "date", "yes_no", "choice")


def define_register(store: Store, key: str = "visite", code: str = "VISI", **more: Any) -> Record:
    """A register of the users' own, without fields as yet."""
    return add(
        store, "register_definition", register_key=key, register_code=code, name="Visites", **more
    )


def define_field(
    store: Store, key: str, kind: str = "text", register: str = "visite", **more: Any
) -> Record:
    """A field of the users' own, in their register or in one of ours."""
    return add(
        store,
        "field_definition",
        **{
            "register_key": register,
            "field_key": key,
            "label": key.capitalize(),
            "kind": kind,
            **more,
        },
    )


def define_visits(store: Store) -> None:
    """A register with one field of each kind."""
    define_register(store)
    for rank, kind in enumerate(KINDS):
        define_field(
            store,
            f"un_{kind}",
            kind,
            rank=rank,
            options="oui=Favorable\nnon=Défavorable" if kind == "choice" else None,
            part_of_key=kind == "text",
            due="chef de service" if kind == "date" else None,
        )
