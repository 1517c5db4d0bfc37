"""Which leaves count, by definition: explicit sets of acts, and who held a role from the beginning.

Nothing here asks the program who may do what; the tables of roles are written by hand, for the
registers of the tests alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from tests.storage.oracle import Place

SHARED = "3D"
ALL = frozenset(
    (code, kind) for code in ("ACCI", "AGEN", "METI", "FAMI") for kind in ("p", "t", "n")
)
HEALTH = frozenset(("ACCI", kind) for kind in "ptn")
PEOPLE = frozenset(("AGEN", kind) for kind in "ptn")
WRITES = {
    "adviser": ALL,
    "assistant": HEALTH - {("ACCI", "n")},
    "accident_manager": HEALTH | PEOPLE,
}
READS = {
    "adviser": ALL,
    "assistant": ALL - {("ACCI", "n")},
    "accident_manager": ALL,
}


@dataclass(frozen=True, slots=True)
class Given:
    """A role that an administrator gave."""

    department: str
    station: str
    role: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """Entries of a station beyond a number no longer count in a department."""

    department: str
    record: str
    station: str
    after: int


@dataclass(frozen=True, slots=True)
class Lifted:
    """A revocation taken back with the department's key."""

    record: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """What one entry wrote in one record counts, for one department."""

    department: str
    station: str
    number: int
    record: str


Act = Given | Revoked | Lifted | Admitted


@dataclass
class RightsFacts:
    """All acts that were ever written, each with its entry; who founded which departments."""

    founders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Station → departments whose key made it adviser and administrator."""
    acts: dict[Place, Act] = field(default_factory=dict)

    def held(self, entries: Mapping[str, int]) -> dict[Place, Act]:
        """The acts that are here where so much of each chain is."""
        return {
            place: act for place, act in self.acts.items() if place[1] <= entries.get(place[0], 0)
        }

    def limit(self, entries: Mapping[str, int], department: str, station: str) -> int | None:
        """The last entry of a station that counts in a department; None where all do."""
        held = self.held(entries).values()
        lifted = {act.record for act in held if isinstance(act, Lifted)}
        limits = [
            act.after
            for act in held
            if isinstance(act, Revoked)
            and (act.department, act.station) == (department, station)
            and act.record not in lifted
        ]
        return min(limits, default=None)

    def roles(self, entries: Mapping[str, int], department: str, station: str) -> set[str]:
        """The roles of a station in a department, whatever was taken back."""
        founded = {"adviser"} if department in self.founders.get(station, ()) else set[str]()
        return founded | {
            act.role
            for place, act in self.held(entries).items()
            if isinstance(act, Given)
            and (act.department, act.station) == (department, station)
            and self._within(entries, department, place)
        }

    def _within(self, entries: Mapping[str, int], department: str, place: Place) -> bool:
        limit = self.limit(entries, department, place[0])
        return limit is None or place[1] <= limit

    def departments(self, entries: Mapping[str, int], station: str) -> list[str]:
        """Where a station has a role that was not taken back."""
        return [
            department
            for department in ("41", "45", "28")
            if self.roles(entries, department, station)
            and self.limit(entries, department, station) is None
        ]

    def admitted(self, entries: Mapping[str, int]) -> Iterator[Admitted]:
        """The admissions that count: by administrators, within what counts of their entries."""
        for place, act in self.held(entries).items():
            if isinstance(act, Admitted) and self._within(entries, act.department, place):
                yield act

    def counts(
        self, entries: Mapping[str, int], place: Place, owner: str, leaf: tuple[str, str, str]
    ) -> bool:
        """Whether a leaf (record, code of the register, kind) counts where so much is held."""
        record, code, kind = leaf
        departments = ("41", "45", "28") if owner == SHARED else (owner,)
        if any(
            (act.station, act.number, act.record) == (*place, record)
            and act.department in departments
            for act in self.admitted(entries)
        ):
            return True
        return any(
            self._within(entries, department, place)
            and self._allows(WRITES, self.roles(entries, department, place[0]), owner, (code, kind))
            for department in departments
        )

    def sees(
        self, entries: Mapping[str, int], station: str, owner: str, leaf_class: tuple[str, str]
    ) -> bool:
        """Whether a station may be told leaves of a register and kind, by who holds so much."""
        departments = self.departments(entries, station)
        return any(
            leaf_class in READS[role]
            for department in departments
            if owner in (SHARED, department)
            for role in self.roles(entries, department, station)
        )

    @staticmethod
    def _allows(
        table: Mapping[str, Collection[tuple[str, str]]],
        roles: Collection[str],
        owner: str,
        leaf_class: tuple[str, str],
    ) -> bool:
        if owner == SHARED:
            return "adviser" in roles
        return any(leaf_class in table[role] for role in roles)
