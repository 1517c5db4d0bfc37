"""Whether entries that come one by one are what their writers signed, before they are taken in.

A chain is verified from where it ends here. Of entries that arrive, only the last of a chain need
be signed: the others wait for that one, and only what a signature covers is handed on.
"""

from __future__ import annotations

from collections.abc import Iterable

from prevention_app.errors import NewerFormat, PreventionError, Refused
from prevention_app.storage import entries, journal, keys, station_keys, well_formed
from prevention_app.storage.engine import Connection
from prevention_app.storage.entries import Entry, Row
from prevention_app.storage.station_keys import STATION_CODE


class _Chain:
    """One station's chain, as far as it was verified."""

    def __init__(self, connection: Connection, station: str) -> None:
        """Begin where the chain ends in this workspace."""
        self._station = station
        self._number, self._hash = 0, entries.FIRST_HASH
        held = connection.exec_driver_sql(
            "SELECT last, hash FROM chain WHERE station = ?", (station,)
        ).one_or_none()
        if held is not None:
            self._number, self._hash = int(held[0]), bytes(held[1])
        self._public = station_keys.public_keys(connection, station).get(station, "")
        self._unsigned: list[Entry] = []

    def add(self, entry: Entry) -> list[Entry]:
        """The next entry; returns those that a signature covers now, it and those before it.

        Raises Refused, or NewerFormat, for what is not the next entry of this chain.
        """
        told = well_formed.head_in(entry.head)
        if told is not None and told["f"] > entries.FORMAT:
            raise NewerFormat(
                "Elles viennent d’une version plus récente du programme : mettez-le à jour."
            )
        if told is None or (told["s"], told["n"]) != (self._station, self._number + 1):
            raise Refused("Elles sont mal formées ou ne se suivent pas.")
        self._look_at_leaves(entry)
        digest = entries.chain_hash(self._hash, entry.head, entry.table)
        if entry.signature is not None:
            self._verify(digest, entry.signature)
        self._number, self._hash = self._number + 1, digest
        self._unsigned.append(entry)
        if entry.signature is None:
            return []
        covered, self._unsigned = self._unsigned, []
        return covered

    def _look_at_leaves(self, entry: Entry) -> None:
        rows = _rows_of(entry)
        for at, (salt, body) in entry.leaves.items():
            if at >= len(rows) or entries.leaf_digest(salt, body) != rows[at].digest:
                raise Refused("Une valeur ne correspond pas à son empreinte.")
            if well_formed.leaf_in(body, rows[at]) is None:
                raise Refused("Une valeur est mal formée.")
            if rows[at].register == STATION_CODE and not self._public:
                self._public = station_keys.key_in(journal.content_of(body), self._station)

    def _verify(self, digest: bytes, signature: bytes) -> None:
        if not self._public:
            raise Refused("La clé publique de l’ordinateur qui les a écrites n’est pas connue.")
        if not keys.verify(self._public, digest, signature):
            raise Refused("Leur signature est fausse.")


def _rows_of(entry: Entry) -> list[Row]:
    try:
        return entries.read_table(entry.table)
    except ValueError as error:
        raise Refused("La table de leurs valeurs est illisible.") from error


class Verifier:
    """All chains of a delivery; what is wrong in one does not hold up the others."""

    def __init__(self, connection: Connection, stations: Iterable[str]) -> None:
        """Begin where these chains end in this workspace."""
        self._chains = {each: _Chain(connection, each) for each in stations}
        self.wrong: dict[str, PreventionError] = {}
        """Station → why what came of its chain is not taken in."""

    def add(self, station: str, entry: Entry) -> list[Entry]:
        """The next entry of a chain; returns what may be taken in now."""
        if station in self.wrong:
            return []
        try:
            return self._chains[station].add(entry)
        except PreventionError as error:
            self.wrong[station] = error
            return []
