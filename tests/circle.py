"""One circle for the workspaces of the tests: the key of a department is the same in all of them.

Each is founded as `init` founds it, so that each gives itself its roles; since they trust the same
keys, every one of them takes what the others write for what it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from unittest.mock import patch

from nacl.signing import SigningKey

from prevention_app.storage import acts, keys
from prevention_app.storage.store import Store

DEPARTMENTS = ("28", "41", "45")


def root_of(department: str) -> SigningKey:
    """The key of a department in the circle of the tests."""
    return SigningKey(hashlib.sha256(f"clé du {department}".encode()).digest())


def keep_roots(departments: Iterable[str] = DEPARTMENTS) -> dict[str, SigningKey]:
    """Keep the keys on this machine, as founding does."""
    made = {each: root_of(each) for each in departments}
    for key in made.values():
        keys.keep_root(key)
    return made


def one_circle() -> AbstractContextManager[object]:
    """Workspaces made meanwhile are founded with the keys of the circle."""
    return patch.object(acts, "new_roots", keep_roots)


def trust_all(store: Store) -> None:
    """Trust the keys of all departments of the circle."""
    store.trust({each: keys.public_half(root_of(each)) for each in DEPARTMENTS})
