"""The way into the hub that is kept for a station; quick to ask, since it connects to nothing."""

from __future__ import annotations

from prevention_app.errors import NotFound
from prevention_app.storage import hub_access
from prevention_app.storage.hub_access import Access
from prevention_app.storage.store import Store


def remember(store: Store, told: str) -> Access:
    """Keep the address, or the file of an administrator, by which this station gets in.

    It is tried before; raises PreventionError where it does not open.
    """
    from prevention_app.storage.hub import Hub

    access = hub_access.read(told)
    with Hub(access.url) as hub:
        hub.refuse_stranger()
    hub_access.remember(store.station, access)
    return access


def remembered(store: Store) -> Access | None:
    """The way in that is kept for this station."""
    return hub_access.remembered(store.station)


def forget(store: Store) -> None:
    """Work without a hub from now on."""
    hub_access.forget(store.station)


def access_of(store: Store, told: str) -> Access:
    """The way in that is named, else the one kept; raises NotFound where there is none."""
    access = hub_access.read(told) if told else remembered(store)
    if access is None:
        raise NotFound(
            "Aucune base commune n’est indiquée : gardez votre accès une fois pour toutes "
            "(hub use), ou donnez-le pour cette fois (--hub)."
        )
    return access
