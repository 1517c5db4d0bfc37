"""A hub in a database of its own, and the stations that come into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from prevention_app.catalogue.vocabulary import Role
from prevention_app.services import enrolment, hub
from prevention_app.services.progress import Progress
from prevention_app.storage.hub import Hub
from prevention_app.storage.hub_access import Access
from prevention_app.storage.hub_sync import HubSync, Synced
from prevention_app.storage.store import Store
from tests.storage.hub_cluster import Cluster


class Base:
    """A hub, and the way in of each station."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.name = cluster.make_database()
        self.accesses: dict[str, Access] = {}
        hub.init(self.url)

    @property
    def url(self) -> str:
        return self.cluster.url(self.name)

    def enrol(self, by: Store, station: Store) -> Access:
        self.accesses[station.station] = hub.enrol(by, self.url, station.station).access
        return self.accesses[station.station]

    def sync(self, store: Store) -> Synced:
        return hub.sync(store, self.accesses[store.station], Progress())

    def sync_all(self, *stores: Store) -> None:
        """Until all know all."""
        for store in (*stores, *stores):
            self.sync(store)

    def sync_with(self, store: Store, step: Callable[[int, int, str], None]) -> Synced:
        """An exchange that is looked at, or broken, at each step."""
        with Hub(self.accesses[store.station].url) as opened:
            return HubSync(store, opened, step).exchange()

    def connect(self, station: Store) -> psycopg.Connection:
        """The station's own login role, without our program."""
        found = psycopg.connect(self.accesses[station.station].url, autocommit=True)
        found.execute("SET search_path = prevention_hub")
        return found

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """As the superuser."""
        return self.cluster.run("SET search_path = prevention_hub", statement, database=self.name)

    def copy(self) -> str:
        """The hub as it is now, as another database."""
        self.cluster.cut(self.name)
        return self.cluster.make_database(self.name)

    def put_back(self, copy: str) -> None:
        """A copy takes the place of the hub."""
        self.cluster.cut(self.name)
        self.cluster.run(
            f'ALTER DATABASE "{self.name}" RENAME TO "lost_{self.name}"',
            f'ALTER DATABASE "{copy}" RENAME TO "{self.name}"',
        )


def admit(administrator: Store, newcomer: Store, folder: Path, *roles: Role) -> None:
    """Take a station into the circle of another one, with these roles in its department."""
    request = folder / f"{newcomer.station}.demande"
    answer = folder / f"{newcomer.station}.admission"
    enrolment.request(newcomer, request, administrator.department)
    enrolment.admit(administrator, request, roles or (Role.ADVISER,), answer)
    enrolment.join(newcomer, answer)
