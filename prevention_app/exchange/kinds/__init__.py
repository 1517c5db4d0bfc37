"""The kinds of file that can be imported, one module for each."""

from __future__ import annotations

from prevention_app.errors import NotFound
from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.kinds.accidents import ACCIDENTS
from prevention_app.exchange.kinds.credentials import CREDENTIALS
from prevention_app.exchange.kinds.duerp import DUERP
from prevention_app.exchange.kinds.inspections import INSPECTIONS
from prevention_app.exchange.kinds.organisation import ORGANISATION
from prevention_app.exchange.kinds.people import PEOPLE
from prevention_app.exchange.kinds.phyto_stock import PHYTO_STOCK

KINDS: dict[str, ImportKind] = {
    kind.key: kind
    for kind in (ACCIDENTS, CREDENTIALS, DUERP, INSPECTIONS, ORGANISATION, PEOPLE, PHYTO_STOCK)
}
"""The kinds by their key, as the command line names them."""


def import_kind(key: str) -> ImportKind:
    """The kind with this key.

    Raises `NotFound` when there is none.
    """
    if key not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise NotFound(f"« {key} » n’est pas une sorte d’import (attendu : {known}).")
    return KINDS[key]
