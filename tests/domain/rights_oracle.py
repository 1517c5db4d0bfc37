"""Who may write, by definition and by brute force: sets, grown until nothing more follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from prevention_app.domain.rights import (
    Act,
    Admission,
    Claim,
    Founding,
    Grant,
    Lift,
    Revocation,
    Ruling,
    signed_bytes,
)

Check = Callable[[str, bytes, str], bool]
Roots = Mapping[str, str]

WRITES = {
    "adviser": {"prevention": "everything"},
    "administrator": {},
    "committee": {},
}
"""What the roles of the test write of the categories of the test."""


def by_root(act: Act, roots: Roots, check: Check) -> bool:
    return (
        isinstance(act, Grant | Lift)
        and act.department in roots
        and check(roots[act.department], signed_bytes(act), act.signature)
    )


def administers(act: Act) -> bool:
    return isinstance(act, Grant) and act.role == "administrator" and not act.site


def ever(acts: Sequence[Act], roots: Roots, check: Check) -> set[tuple[str, str]]:
    """1. Ever administrator: from the root along grants, limits ignored."""
    found: set[tuple[str, str]] = set()
    while True:
        more = {
            (act.department, act.holder)
            for act in acts
            if isinstance(act, Grant)
            and administers(act)
            and (
                by_root(act, roots, check)
                or (not act.signature and (act.department, act.writer) in found)
            )
            and act.department in roots
        }
        if more <= found:
            return found
        found |= more


def within(
    acts: Sequence[Act], roots: Roots, check: Check, department: str, station: str, number: int
) -> bool:
    """2. No revocation by anyone ever administrator, but those lifted, lies below the number."""
    lifted = {
        act.revocation
        for act in acts
        if isinstance(act, Lift) and act.department == department and by_root(act, roots, check)
    }
    return all(
        number <= act.after
        for act in acts
        if isinstance(act, Revocation)
        and act.department == department
        and act.revoked == station
        and (department, act.writer) in ever(acts, roots, check)
        and act.record not in lifted
    )


def grants(acts: Sequence[Act], roots: Roots, check: Check) -> list[Grant]:
    """3. Grants that count: of the root, or of an administrator whose own grant counts."""
    found: list[Grant] = []
    while True:
        more = [
            act
            for act in acts
            if isinstance(act, Grant)
            and act not in found
            and act.department in roots
            and (
                by_root(act, roots, check)
                or (not act.signature and administered(acts, roots, check, found, act))
            )
        ]
        if not more:
            return found
        found += more


def administered(
    acts: Sequence[Act], roots: Roots, check: Check, known: Sequence[Grant], act: Act
) -> bool:
    return any(
        administers(each) and (each.department, each.holder) == (act.department, act.writer)
        for each in known
    ) and within(acts, roots, check, act.department, act.writer, act.number)


def counts(acts: Sequence[Act], roots: Roots, check: Check, claim: Claim) -> bool:
    """Whether a leaf counts."""
    standing = grants(acts, roots, check)
    if claim.category == "rights":
        place = (claim.station, claim.number, claim.record)
        plain = Act(writer=claim.station, number=claim.number, record="", department=claim.owner)
        return place in acts_that_count(acts, roots, check) or administered(
            acts, roots, check, standing, plain
        )
    for act in acts:
        if (
            isinstance(act, Admission)
            and claim.owner in (act.department, "3D")
            and (act.admitted, act.at, act.of) == (claim.station, claim.number, claim.record)
            and administered(acts, roots, check, standing, act)
        ):
            return True
    for grant in standing:
        if grant.holder != claim.station or not within(
            acts, roots, check, grant.department, claim.station, claim.number
        ):
            continue
        if claim.owner == "3D":
            if grant.role in ("adviser", "administrator") and not grant.site:
                return True
        elif grant.department == claim.owner:
            scope = claim.scope or {}
            allowed = {WRITES[grant.role].get(claim.category, "nothing")} | {
                act.writes
                for act in acts
                if isinstance(act, Ruling)
                and (act.department, act.role, act.category)
                == (claim.owner, grant.role, claim.category)
                and administered(acts, roots, check, standing, act)
            }
            enough = "everything" in allowed or ("without_names" in allowed and claim.kind != "n")
            if enough and grant.site in ("", scope.get("s")):
                return True
    return False


def acts_that_count(acts: Sequence[Act], roots: Roots, check: Check) -> set[tuple[str, int, str]]:
    standing = grants(acts, roots, check)
    return {
        (act.writer, act.number, act.record)
        for act in acts
        if act.department in roots
        and (
            act in standing
            or (isinstance(act, Lift) and by_root(act, roots, check))
            or (
                isinstance(act, Revocation)
                and (act.department, act.writer) in ever(acts, roots, check)
            )
            or (isinstance(act, Admission) and administered(acts, roots, check, standing, act))
            or (isinstance(act, Founding) and act.public_key == roots[act.department])
        )
    }
