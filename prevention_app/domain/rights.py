"""Who may write what, and see what: decided from the acts by which rights were given and taken.

All follows from the set of acts and the roots that this station trusts, in whatever order they
came; no date, no clock and no present state takes part. In this order: who was ever administrator;
how far each station's entries count; which grants count; what was admitted one by one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

SHARED: Final = "3D"
"""The owner of what belongs to all departments."""

Verify = Callable[[str, bytes, str], bool]
"""Whether (public key, bytes, signature as hexadecimal digits) belong together."""

Scope = Mapping[str, str | list[str]]
"""Where a leaf's record lay, as its writer saw it: `u` org unit, `s` site, `a` audit; `b` those
units and sites above, of which a grant of the writer speaks."""


# -- acts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What all acts have: by whom they were written, where, and in the name of which department."""

    writer: str
    """The station in whose chain it stands."""
    number: int
    """Of its entry there."""
    record: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding(Act):
    """The key from which all rights in a department come is named."""

    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Act):
    """A role is given to a station, for the whole department or for a part of it."""

    holder: str
    role: str
    org_unit: str = ""
    site: str = ""
    audit: str = ""
    signature: str = ""
    """Of the department's root; without one, its writer must be administrator."""

    @property
    def whole(self) -> bool:
        """Whether it is for the whole department."""
        return not (self.org_unit or self.site or self.audit)

    def covers(self, scope: Scope) -> bool:
        """Whether a record with this scope lies in the part that it is for."""
        above = scope.get("b", ())
        return (
            (not self.org_unit or scope.get("u") == self.org_unit or self.org_unit in above)
            and (not self.site or scope.get("s") == self.site or self.site in above)
            and (not self.audit or scope.get("a") == self.audit)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation(Act):
    """Entries of a station beyond a number no longer count."""

    revoked: str
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift(Act):
    """A revocation is taken back, by the root alone."""

    revocation: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission(Act):
    """What a station wrote in one record by one entry counts, though it had no right to."""

    admitted: str
    at: int
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling(Act):
    """A department lets a role write (part of) a category."""

    role: str
    category: str
    writes: str


def signed_bytes(act: Grant | Lift) -> bytes:
    """What the department's root signs of an act: all that it is judged by, and no more.

    Neither the record nor the chain in which it stands is part of it: to repeat such an act
    elsewhere says nothing new.
    """
    if isinstance(act, Grant):
        said = {
            "act": "grant",
            "department": act.department,
            "station": act.holder,
            "role": act.role,
            "org_unit": act.org_unit,
            "site": act.site,
            "audit": act.audit,
        }
    else:
        said = {"act": "lift", "department": act.department, "revocation": act.revocation}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# -- rules -------------------------------------------------------------------------------------

NOTHING, WITHOUT_NAMES, EVERYTHING = "nothing", "without_names", "everything"
_RANK: Final = {NOTHING: 0, WITHOUT_NAMES: 1, EVERYTHING: 2}
_NEEDED: Final = {"p": 1, "t": 1, "n": 2}
"""The extent that a kind of leaf asks for."""

_CATEGORIES: Final = (
    *("prevention", "health", "people", "training", "organisation"),
    *("documents", "imports", "shared", "identity", "rights"),
)
_SHIPPED: Final[dict[str, tuple[str, str]]] = {
    # One letter a category, in the order above: N nothing, W without names, E everything.
    # Role: what it reads, what it writes.
    "adviser": ("EEEEEEEEEE", "EEEEEEEEEN"),
    "assistant": ("EWEEEEEEEE", "EWNNNEENNN"),
    "head_of_service": ("WWWWENNEWW", "ENNNNENNNN"),
    "accident_manager": ("WEENEEEEEW", "NEENNEENNN"),
    "training_manager": ("WNEEEEEEEW", "NNEENEENNN"),
    "committee": ("WWWWENNEWW", "NNNNNNNNNN"),
    "management": ("NNNNNNNEWW", "NNNNNNNNNN"),
    "administrator": ("WNWWENWEEE", "NNNNNNNEEE"),
}
_LETTERS: Final = {"N": NOTHING, "W": WITHOUT_NAMES, "E": EVERYTHING}

SHIPPED_RULES: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    (role, category): (_LETTERS[reads[at]], _LETTERS[writes[at]])
    for role, (reads, writes) in _SHIPPED.items()
    for at, category in enumerate(_CATEGORIES)
}
"""(role, category) → what is read and written where a department did not decide otherwise."""

_OPEN: Final = ("rights", "identity")
"""Categories whose ordinary leaves go to every station: without them it could judge nothing."""
_FIXED: Final = "rights"
"""No rule changes who gives rights: the judging would turn in a circle."""
_PLACELESS: Final = ("imports",)
"""What lies nowhere: a grant for a part of the department suffices."""
_WRITE_SHARED: Final = ("adviser", "administrator")


@dataclass(frozen=True, slots=True)
class Shown:
    """What departments decided, as their records show it now."""

    rules: Mapping[tuple[str, str, str], tuple[str, str]] = field(
        default_factory=dict[tuple[str, str, str], tuple[str, str]]
    )
    """(department, role, category) → what is read and what is written."""
    outflows: frozenset[tuple[str, str, str]] = frozenset()
    """(department, register key, receiving department) where all of a register may be seen."""

    def reads(self, department: str, role: str, category: str) -> str:
        """How much of a category a role reads."""
        return self._of(department, role, category)[0]

    def writes(self, department: str, role: str, category: str) -> str:
        """How much of a category a role writes."""
        return self._of(department, role, category)[1]

    def _of(self, department: str, role: str, category: str) -> tuple[str, str]:
        shipped = SHIPPED_RULES.get((role, category), (NOTHING, NOTHING))
        if category == _FIXED:
            return shipped
        return self.rules.get((department, role, category), shipped)


# -- evaluation --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A leaf that wants to count."""

    station: str
    number: int
    owner: str
    category: str
    kind: str
    record: str = ""
    scope: Scope = field(default_factory=dict[str, str | list[str]])
    own: bool = False
    """The record stands for this station, or for its first user."""
    act: bool = False
    """It creates the record of an act."""


class Rights:
    """What a set of acts adds up to."""

    def __init__(self, acts: Iterable[Act], roots: Mapping[str, str], verify: Verify) -> None:
        """Judge these acts by the roots trusted: department → public key."""
        self.roots = dict(roots)
        self._verify = verify
        known = sorted(
            (act for act in acts if act.department in roots),
            key=lambda act: (act.writer, act.number, act.record),
        )
        # Signed by a key that is not trusted, a grant counts for nothing, whoever wrote it: what a
        # station gave itself when it was alone does not come back once it is made administrator.
        grants = [
            act
            for act in known
            if isinstance(act, Grant) and (not act.signature or self._is_signed(act))
        ]
        signed = {each for each in grants if each.signature}
        self.ever = _ever_administrators(grants, signed)
        lifts = [act for act in known if isinstance(act, Lift) and self._is_signed(act)]
        revocations = [
            act
            for act in known
            if isinstance(act, Revocation) and (act.department, act.writer) in self.ever
        ]
        self.limits = _limits(revocations, {(each.department, each.revocation) for each in lifts})
        self._limits_of: dict[str, list[int]] = {}
        for (_, station), limit in self.limits.items():
            self._limits_of.setdefault(station, []).append(limit)
        self.grants = self._standing_grants(grants, signed)
        admissions = [
            act for act in known if isinstance(act, Admission) and self._is_administered(act)
        ]
        self.admitted = {(act.department, act.admitted, act.at, act.of) for act in admissions}
        self.admitted_places = {each[1:] for each in self.admitted}
        """(station, number, record) of what some department admitted."""
        self._ever_written = self._all_rulings(known)
        foundings = [
            act
            for act in known
            if isinstance(act, Founding) and roots[act.department] == act.public_key
        ]
        self.acts: set[tuple[str, int, str]] = {
            (act.writer, act.number, act.record)
            for act in (*self._flat_grants(), *lifts, *revocations, *admissions, *foundings)
        }
        """(writer, number, record) of the acts that count."""

    def _is_signed(self, act: Grant | Lift) -> bool:
        return bool(act.signature) and self._verify(
            self.roots[act.department], signed_bytes(act), act.signature
        )

    def _is_administered(self, act: Act) -> bool:
        """Written by an administrator, within what counts of its entries."""
        return self._within(act.department, act.writer, act.number) and self.is_administrator(
            act.department, act.writer
        )

    def _within(self, department: str, station: str, number: int) -> bool:
        limit = self.limits.get((department, station))
        return limit is None or number <= limit

    def _standing_grants(
        self, grants: list[Grant], signed: set[Grant]
    ) -> dict[tuple[str, str], list[Grant]]:
        """(department, station) → its grants that count, followed downwards from the root."""
        by_giver: dict[tuple[str, str], list[Grant]] = {}
        for each in grants:
            if each not in signed and self._within(each.department, each.writer, each.number):
                by_giver.setdefault((each.department, each.writer), []).append(each)
        standing: dict[tuple[str, str], list[Grant]] = {}
        givers: set[tuple[str, str]] = set()
        waiting = [each for each in grants if each in signed]
        while waiting:
            grant = waiting.pop()
            place = (grant.department, grant.holder)
            standing.setdefault(place, []).append(grant)
            if _administers(grant) and place not in givers:
                givers.add(place)
                waiting += by_giver.get(place, ())
        return standing

    def _all_rulings(self, known: Iterable[Act]) -> dict[tuple[str, str, str], int]:
        """The most that each department ever let each role write of each category."""
        most: dict[tuple[str, str, str], int] = {}
        for act in known:
            if isinstance(act, Ruling) and act.category != _FIXED and self._is_administered(act):
                key = (act.department, act.role, act.category)
                most[key] = max(most.get(key, 0), _RANK.get(act.writes, 0))
        return most

    def _flat_grants(self) -> Iterable[Grant]:
        return (grant for each in self.grants.values() for grant in each)

    # -- who is what -----------------------------------------------------------------------

    def is_administrator(self, department: str, station: str) -> bool:
        """Whether a grant that counts makes the station administrator of a whole department."""
        return any(_administers(each) for each in self.grants.get((department, station), ()))

    def departments(self, station: str) -> list[str]:
        """The departments in which a station has a role and was not revoked."""
        return sorted(
            department
            for department, holder in self.grants
            if holder == station and (department, station) not in self.limits
        )

    def parts(self, station: str) -> dict[str, frozenset[str]]:
        """Department → the units and sites to which the station's grants there are limited."""
        return {
            department: frozenset(
                part for each in grants for part in (each.org_unit, each.site) if part
            )
            for (department, holder), grants in self.grants.items()
            if holder == station
        }

    def limited(self, station: str) -> frozenset[str]:
        """The departments in which a grant of the station is for a part only."""
        return frozenset(
            department
            for (department, holder), grants in self.grants.items()
            if holder == station and not all(each.whole for each in grants)
        )

    def band(self, station: str, number: int) -> int:
        """How many of the station's limits lie before a number: the same answers for the same."""
        return sum(limit < number for limit in self._limits_of.get(station, ()))

    def standing(self, station: str) -> str:
        """All that the judging of a station's leaves depends on, but for acts themselves."""
        grants = sorted(
            (each.department, each.role, each.org_unit, each.site, each.audit)
            for (_, holder), found in self.grants.items()
            if holder == station
            for each in found
        )
        limits = sorted(item for item in self.limits.items() if item[0][1] == station)
        admitted = sorted(each for each in self.admitted if each[1] == station)
        mine = {each[0] for each in grants}
        rules = sorted(item for item in self._ever_written.items() if item[0][0] in mine)
        return repr((sorted(self.roots), dict.fromkeys(grants), limits, admitted, rules))

    # -- writing ---------------------------------------------------------------------------

    def refusal(self, claim: Claim, shown: Shown | None = None) -> str | None:
        """Why a leaf does not count, as a short code; None where it does.

        Judged by all that the department ever allowed, so that a narrower rule takes nothing back
        of what was written before; by what is `shown` now, where it is about to be written.
        """
        if claim.category == "rights":
            return self._refusal_of_rights(claim)
        if claim.category == "identity" and claim.own:
            return None
        if claim.owner == SHARED:
            return self._refusal_of_shared(claim)
        if claim.owner not in self.roots:
            return "no_root"
        if (claim.owner, claim.station, claim.number, claim.record) in self.admitted:
            return None
        if not self._within(claim.owner, claim.station, claim.number):
            return "revoked"
        return self._refusal_by_roles(claim, shown)

    def _refusal_of_rights(self, claim: Claim) -> str | None:
        """Acts count by themselves; all else that is written there is for administrators."""
        if (claim.station, claim.number, claim.record) in self.acts:
            return None
        if claim.owner not in self.roots:
            return "no_root"
        if not self._within(claim.owner, claim.station, claim.number):
            return "revoked"
        if not self.is_administrator(claim.owner, claim.station):
            return "role"
        return "act" if claim.act else None

    def _refusal_of_shared(self, claim: Claim) -> str | None:
        for department in self.roots:
            if (department, claim.station, claim.number, claim.record) in self.admitted:
                return None
            if self._within(department, claim.station, claim.number) and any(
                each.whole and each.role in _WRITE_SHARED
                for each in self.grants.get((department, claim.station), ())
            ):
                return None
        return "shared"

    def _refusal_by_roles(self, claim: Claim, shown: Shown | None) -> str | None:
        grants = self.grants.get((claim.owner, claim.station), ())
        if not grants:
            return "no_role"
        extents = [self._writes(each, claim.category, shown) for each in grants]
        enough = [
            grant
            for grant, extent in zip(grants, extents, strict=True)
            if extent >= _NEEDED[claim.kind]
        ]
        if enough:
            free = claim.category in _PLACELESS
            inside = free or any(each.covers(claim.scope) for each in enough)
            return None if inside else "scope"
        return "names" if claim.kind == "n" and any(extents) else "role"

    def _writes(self, grant: Grant, category: str, shown: Shown | None) -> int:
        if shown is not None:
            return _RANK[shown.writes(grant.department, grant.role, category)]
        shipped = SHIPPED_RULES.get((grant.role, category), (NOTHING, NOTHING))[1]
        ruled = self._ever_written.get((grant.department, grant.role, category), 0)
        return max(_RANK[shipped], ruled)

    # -- seeing ----------------------------------------------------------------------------

    def reads(self, station: str, shown: Shown) -> Sight:
        """What a station may be told."""
        return Sight(
            {
                department: frozenset(each.role for each in self.grants[department, station])
                for department in self.departments(station)
            },
            shown,
        )


@dataclass(frozen=True, slots=True)
class Sight:
    """What a station may be told, for the whole history: by owner, register and kind alone."""

    roles: Mapping[str, frozenset[str]]
    """Department → the station's roles there."""
    shown: Shown

    def sees(self, owner: str, register: str, category: str, kind: str) -> bool:
        """Whether it may be told leaves of this kind of a register of an owner."""
        if category in _OPEN and kind != "n":
            return True
        if owner == SHARED or category in _OPEN:
            return any(self._reads(each, category, kind) for each in self.roles)
        if owner in self.roles:
            return self._reads(owner, category, kind)
        return any(
            (owner, register, each) in self.shown.outflows and self._reads(each, category, kind)
            for each in self.roles
        )

    def _reads(self, department: str, category: str, kind: str) -> bool:
        return any(
            _RANK[self.shown.reads(department, role, category)] >= _NEEDED[kind]
            for role in self.roles[department]
        )


def _administers(grant: Grant) -> bool:
    return grant.role == "administrator" and grant.whole


def _ever_administrators(grants: list[Grant], signed: set[Grant]) -> set[tuple[str, str]]:
    """(department, station) of all whom the root or an administrator made one, limits ignored."""
    by_giver: dict[tuple[str, str], list[Grant]] = {}
    for each in filter(_administers, grants):
        by_giver.setdefault((each.department, each.writer), []).append(each)
    ever: set[tuple[str, str]] = set()
    waiting = [(each.department, each.holder) for each in signed if _administers(each)]
    while waiting:
        place = waiting.pop()
        if place not in ever:
            ever.add(place)
            waiting += [(each.department, each.holder) for each in by_giver.get(place, ())]
    return ever


def _limits(
    revocations: Iterable[Revocation], lifted: set[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """(department, station) → the last number that counts; limits only add up."""
    limits: dict[tuple[str, str], int] = {}
    for act in revocations:
        if (act.department, act.record) not in lifted:
            place = (act.department, act.revoked)
            limits[place] = min(limits.get(place, act.after), act.after)
    return limits
