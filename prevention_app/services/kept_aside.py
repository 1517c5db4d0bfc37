"""What came from stations that had no right to write it: kept, shown, admitted one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prevention_app.catalogue.values import from_stored, shown
from prevention_app.errors import NotFound
from prevention_app.storage import acts, aside, station_keys
from prevention_app.storage.aside import KeptAside
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

_FOUNDING: Final = "department_root"
_WHY: Final = {
    "no_root": "son département n’est pas reconnu ici",
    "no_role": "aucun rôle dans ce département",
    "class": "la fiche est d’un autre département ou d’un autre registre",
    "revoked": "ses droits étaient retirés",
    "role": "son rôle ne le permet pas",
    "scope": "la fiche n’est pas de l’unité, du site ou de la visite qui lui sont confiés",
    "names": "son rôle ne permet pas d’écrire des noms",
    "shared": "aucun rôle qui écrit ce qui est partagé",
    "act": "un droit que son auteur ne pouvait pas donner",
}


@dataclass(frozen=True, slots=True)
class Held:
    """One entry's part in one record, as people read it."""

    id: str
    """Code of the station, number of its entry, place among what it touches: « K7Q.12.1 »."""
    station: str
    """Name of the station."""
    user: str
    when: datetime
    """As the wall clock here shows it."""
    register: str
    """Label of the register; its code where this version does not know it."""
    why: str
    values: Sequence[tuple[str, str]]
    """Label of a field and what it would say."""
    creates: bool
    admissible: bool
    """Whether it can be let in; a right that nobody could give cannot."""


def listed(read: Reader) -> list[Held]:
    """All that is kept aside, the newest first, but for how the writers' own circles began."""
    return [held for _, held in _with_ids(read)]


def entries(read: Reader) -> frozenset[tuple[str, int]]:
    """Station and number of the entries of which something is listed."""
    return frozenset((kept.station, kept.number) for kept, _ in _with_ids(read))


def admit(store: Store, named: str) -> Changes:
    """Let one of them count all the same; raises Refused where this station may not say so."""
    with store.reading() as read:
        found = _with_ids(read)
    for kept, held in found:
        if held.id == named.strip().upper():
            return store.admit(kept)
    raise NotFound(f"Rien n’est mis de côté sous « {named} ».")


def _with_ids(read: Reader) -> list[tuple[KeptAside, Held]]:
    kept = aside.kept_aside(read.connection, read.catalogue)
    stations = station_keys.known(read.connection)
    names = {each: (known.name, known.code) for each, known in stations.items()}
    users = read.titles("user", {each.author for each in kept})
    places: dict[tuple[str, int], int] = {}
    foundings = {(each.station, each.number) for each in kept if each.register == _FOUNDING}
    found: list[tuple[KeptAside, Held]] = []
    for each in kept:
        entry = (each.station, each.number)
        places[entry] = places.get(entry, 0) + 1
        if entry in foundings and each.code in acts.CODES:
            continue
        found.append((each, _held(read, each, names, users, places[entry])))
    return found


def _held(
    read: Reader,
    kept: KeptAside,
    names: Mapping[str, tuple[str, str]],
    users: Mapping[str, str],
    place: int,
) -> Held:
    name, code = names.get(kept.station, (kept.station[:8], kept.station[:8].upper()))
    entity = read.catalogue[kept.register] if kept.register else None
    values: list[tuple[str, str]] = []
    for key, stored in kept.writes.items():
        each = entity.by_key.get(key) if entity else None
        if each is None:
            continue
        value = from_stored(each, stored)
        told = shown(each, value)
        if each.target and value:
            told = read.titles(each.target, [value]).get(str(value), told)
        values.append((each.label_fr, told))
    return Held(
        f"{code}.{kept.number}.{place}",
        name,
        users.get(kept.author, ""),
        kept.when.astimezone().replace(tzinfo=None),
        entity.label_fr if entity else kept.code,
        _WHY.get(kept.reason, kept.reason),
        values,
        kept.creates,
        kept.code not in acts.CODES,
    )
