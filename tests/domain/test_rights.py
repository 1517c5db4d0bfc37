"""Who may write and see what: each rule by an example, and all of them beside a slow definition."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import Category, Role
from prevention_app.domain.rights import (
    SHIPPED_RULES,
    Act,
    Admission,
    Claim,
    Founding,
    Grant,
    Lift,
    Revocation,
    Rights,
    Ruling,
    Shown,
    signed_bytes,
)
from tests.domain import rights_oracle as oracle

ROOTS = {"45": "clé-45", "41": "clé-41"}


def is_signed(public: str, signed: bytes, signature: str) -> bool:
    """A signature of the tests names the key and what was signed."""
    return signature == f"{public}:{signed.decode()}"


def signed(act: Grant | Lift, key: str = "clé-45") -> Grant | Lift:
    return dataclasses.replace(act, signature=f"{key}:{signed_bytes(act).decode()}")


class Acts:
    """A list of acts, each in a record of its own."""

    def __init__(self) -> None:
        self.all: list[Act] = []

    def _next(self, by: str, number: int, department: str) -> dict[str, object]:
        return {
            "writer": by,
            "number": number,
            "record": f"r{len(self.all)}",
            "department": department,
        }

    def give(
        self, by: str, number: int, to: str, role: str, department: str = "45", **part: str
    ) -> Grant:
        act = Grant(**self._next(by, number, department), holder=to, role=role, **part)  # type: ignore[arg-type]
        if by == "root":
            act = signed(act, f"clé-{department}")  # type: ignore[assignment]
        self.all.append(act)
        return act

    def revoke(self, by: str, number: int, whom: str, after: int, department: str = "45") -> Act:
        act = Revocation(**self._next(by, number, department), revoked=whom, after=after)  # type: ignore[arg-type]
        self.all.append(act)
        return act

    def lift(self, of: Act, *, by_root: bool = True) -> None:
        act = Lift(
            **self._next("A", 99, of.department),  # type: ignore[arg-type]
            revocation=of.record,
            signature="",
        )
        self.all.append(signed(act) if by_root else act)

    def admit(self, by: str, number: int, whom: str, at: int, of: str) -> None:
        self.all.append(
            Admission(**self._next(by, number, "45"), admitted=whom, at=at, of=of)  # type: ignore[arg-type]
        )

    def rule(self, by: str, number: int, role: str, category: str, writes: str) -> None:
        self.all.append(
            Ruling(**self._next(by, number, "45"), role=role, category=category, writes=writes)  # type: ignore[arg-type]
        )

    @property
    def rights(self) -> Rights:
        return Rights(self.all, ROOTS, is_signed)


@pytest.fixture
def acts() -> Acts:
    """A is administrator and adviser of 45 by the root."""
    made = Acts()
    made.give("root", 1, "A", "administrator")
    made.give("root", 1, "A", "adviser")
    return made


def claim(
    station: str = "B",
    number: int = 5,
    owner: str = "45",
    category: str = "prevention",
    kind: str = "p",
    **more: object,
) -> Claim:
    return Claim(
        station=station,
        number=number,
        owner=owner,
        category=category,
        kind=kind,
        **more,  # type: ignore[arg-type]
    )


class TestGrants:
    def test_a_role_given_by_an_administrator_counts(self, acts):
        assert acts.rights.refusal(claim()) == "no_role"
        acts.give("A", 2, "B", "adviser")
        assert acts.rights.refusal(claim()) is None

    def test_of_nobody_else(self, acts):
        acts.give("C", 2, "B", "adviser")
        acts.give("A", 2, "D", "adviser")
        acts.give("D", 2, "E", "adviser")
        assert acts.rights.refusal(claim()) == "no_role"
        assert acts.rights.refusal(claim("E")) == "no_role"

    def test_of_another_department_only_there(self, acts):
        acts.give("A", 2, "B", "adviser", department="41")
        assert acts.rights.refusal(claim(owner="41")) == "no_role"
        acts.give("root", 1, "A", "administrator", department="41")
        assert acts.rights.refusal(claim(owner="41")) is None
        assert acts.rights.refusal(claim(owner="45")) == "no_role"

    def test_a_department_whose_key_is_not_trusted_gives_nothing(self, acts):
        acts.give("root", 1, "B", "adviser", department="28")
        assert acts.rights.refusal(claim(owner="28")) == "no_root"

    def test_a_signature_is_for_what_it_says_only(self, acts):
        true = acts.give("root", 1, "B", "assistant", site="s1")
        for forged in (
            dataclasses.replace(true, holder="C"),
            dataclasses.replace(true, holder="C", role="adviser"),
            dataclasses.replace(true, site=""),
        ):
            acts.all.append(forged)
        assert acts.rights.refusal(claim("C")) == "no_role"
        assert acts.rights.refusal(claim("B", scope={"s": "s2"})) == "scope"

    def test_an_administrator_of_a_part_administers_nothing(self, acts):
        acts.give("A", 2, "B", "administrator", site="s1")
        acts.give("B", 1, "C", "adviser")
        assert acts.rights.refusal(claim("C")) == "no_role"

    def test_from_hand_to_hand(self, acts):
        for giver, to in (("A", "B"), ("B", "C"), ("C", "D")):
            acts.give(giver, 2, to, "administrator")
        acts.give("D", 2, "E", "adviser")
        assert acts.rights.refusal(claim("E")) is None
        acts.revoke("A", 9, "B", 1)
        assert acts.rights.refusal(claim("E")) == "no_role"

    def test_a_circle_of_givers_without_the_root_is_nothing(self, acts):
        acts.give("B", 1, "C", "administrator")
        acts.give("C", 1, "B", "administrator")
        assert acts.rights.ever == {("45", "A")}
        assert ("45", "B") not in acts.rights.grants


class TestRevocations:
    def test_what_was_written_before_stays(self, acts):
        acts.give("A", 2, "B", "adviser")
        acts.revoke("A", 3, "B", 4)
        assert acts.rights.refusal(claim(number=4)) is None
        assert acts.rights.refusal(claim(number=5)) == "revoked"

    def test_limits_only_add_up(self, acts):
        acts.give("A", 2, "B", "adviser")
        acts.revoke("A", 3, "B", 4)
        acts.revoke("A", 4, "B", 9)
        acts.give("A", 5, "B", "adviser")
        assert acts.rights.refusal(claim(number=5)) == "revoked"

    def test_only_the_root_lifts_one(self, acts):
        acts.give("A", 2, "B", "adviser")
        revocation = acts.revoke("A", 3, "B", 4)
        acts.lift(revocation, by_root=False)
        assert acts.rights.refusal(claim()) == "revoked"
        acts.lift(revocation)
        assert acts.rights.refusal(claim()) is None

    def test_two_administrators_who_revoke_each_other_are_both_revoked(self, acts):
        acts.give("A", 2, "B", "administrator")
        acts.give("A", 2, "B", "adviser")
        acts.revoke("A", 5, "B", 3)
        acts.revoke("B", 9, "A", 4)
        rights = acts.rights
        assert rights.limits == {("45", "A"): 4, ("45", "B"): 3}
        assert rights.refusal(claim("A", 5)) == rights.refusal(claim("B", 4)) == "revoked"
        assert rights.refusal(claim("A", 4)) is rights.refusal(claim("B", 3)) is None

    def test_what_a_revoked_giver_gave_before_still_counts(self, acts):
        acts.give("A", 2, "B", "administrator")
        acts.give("B", 3, "C", "adviser")
        acts.give("B", 7, "D", "adviser")
        acts.revoke("A", 5, "B", 5)
        assert acts.rights.refusal(claim("C")) is None
        assert acts.rights.refusal(claim("D")) == "no_role"

    def test_of_who_was_never_administrator_is_nothing(self, acts):
        acts.give("A", 2, "B", "adviser")
        acts.revoke("B", 3, "A", 0)
        assert acts.rights.refusal(claim("A", 50)) is None

    def test_of_an_administrator_of_another_department_is_nothing_here(self, acts):
        acts.give("root", 1, "M", "administrator", department="41")
        acts.revoke("M", 2, "A", 0)
        assert acts.rights.refusal(claim("A", 50)) is None


class TestAdmissions:
    def test_one_entry_in_one_record(self, acts):
        acts.admit("A", 3, "B", 5, "fiche")
        rights = acts.rights
        assert rights.refusal(claim(record="fiche")) is None
        assert rights.refusal(claim(record="autre")) == "no_role"
        assert rights.refusal(claim(number=6, record="fiche")) == "no_role"

    def test_only_by_an_administrator_within_what_counts(self, acts):
        acts.give("A", 2, "B", "adviser")
        acts.give("A", 2, "C", "administrator")
        acts.revoke("A", 3, "C", 3)
        acts.admit("B", 3, "X", 1, "a")
        acts.admit("C", 4, "X", 1, "b")
        acts.admit("C", 3, "X", 1, "c")
        rights = acts.rights
        refused = {of: rights.refusal(claim("X", 1, record=of)) for of in "abc"}
        assert refused == {"a": "no_role", "b": "no_role", "c": None}

    def test_never_of_acts(self, acts):
        given = acts.give("X", 1, "Y", "adviser")
        acts.admit("A", 3, "X", 1, given.record)
        rights = acts.rights
        assert rights.refusal(claim("X", 1, category="rights", record=given.record)) == "role"
        assert rights.refusal(claim("Y")) == "no_role"


WRITES = {  # P7, written here by hand: what each role writes of each category
    "adviser": dict.fromkeys(Category, "everything") | {"rights": "nothing"},
    "assistant": {
        "prevention": "everything",
        "health": "without_names",
        "documents": "everything",
        "imports": "everything",
    },
    "head_of_service": {"prevention": "everything", "documents": "everything"},
    "accident_manager": {
        "health": "everything",
        "people": "everything",
        "documents": "everything",
        "imports": "everything",
    },
    "training_manager": {
        "people": "everything",
        "training": "everything",
        "documents": "everything",
        "imports": "everything",
    },
    "committee": {},
    "management": {},
    "administrator": dict.fromkeys(("shared", "identity", "rights"), "everything"),
}


class TestRolesAndCategories:
    @pytest.mark.parametrize("role", Role)
    def test_what_is_shipped(self, acts, role):
        acts.give("root", 1, "B", role)
        rights = acts.rights
        for category in Category:
            allowed = WRITES[role].get(category, "nothing")
            for kind in "ptn":
                wanted = allowed == "everything" or (allowed == "without_names" and kind != "n")
                found = rights.refusal(claim(category=category, kind=kind))
                assert (found is None) == wanted, (category, kind)

    def test_every_register_is_of_a_category_and_every_role_has_all(self):
        assert {each.category for each in declared_catalogue()} <= set(Category)
        assert set(SHIPPED_RULES) == {(role, category) for role in Role for category in Category}

    def test_of_several_roles_the_best_counts(self, acts):
        acts.give("A", 2, "B", "assistant")
        assert acts.rights.refusal(claim(category="health", kind="n")) == "names"
        acts.give("A", 3, "B", "accident_manager")
        assert acts.rights.refusal(claim(category="health", kind="n")) is None

    def test_a_department_decides_otherwise(self, acts):
        acts.give("A", 2, "B", "committee")
        acts.rule("B", 1, "committee", "prevention", "everything")
        assert acts.rights.refusal(claim()) == "role"
        acts.rule("A", 3, "committee", "prevention", "without_names")
        assert acts.rights.refusal(claim()) is None
        assert acts.rights.refusal(claim(kind="n")) == "names"
        assert acts.rights.refusal(claim(owner="41")) == "no_role"

    def test_a_narrower_rule_takes_nothing_back_and_forbids_what_comes(self, acts):
        acts.give("A", 2, "B", "adviser")
        acts.rule("A", 3, "adviser", "prevention", "nothing")
        now = Shown({("45", "adviser", "prevention"): ("everything", "nothing")})
        assert acts.rights.refusal(claim()) is None
        assert acts.rights.refusal(claim(), now) == "role"

    def test_no_rule_changes_who_gives_rights(self, acts):
        acts.give("A", 2, "B", "adviser")
        acts.rule("A", 3, "adviser", "rights", "everything")
        shown = Shown({("45", "adviser", "rights"): ("everything", "everything")})
        assert acts.rights.refusal(claim(category="rights"), shown) == "role"

    def test_an_act_counts_as_one_or_not_at_all(self, acts):
        unsigned = acts.revoke("A", 3, "B", 4)
        acts.lift(unsigned, by_root=False)
        lift = acts.all[-1]
        asked = claim("A", lift.number, category="rights", record=lift.record, act=True)
        assert acts.rights.refusal(asked) == "act"


class TestParts:
    @pytest.mark.parametrize(
        ("part", "scope", "inside"),
        [
            ({"site": "s1"}, {"s": "s1"}, True),
            ({"site": "s1"}, {"s": "s2"}, False),
            ({"site": "s1"}, {}, False),
            ({"site": "s1"}, {"s": "s2", "b": ["s1"]}, True),
            ({"org_unit": "u1"}, {"u": "u2", "s": "s1", "b": ["u1"]}, True),
            ({"org_unit": "u1", "site": "s1"}, {"u": "u1", "s": "s1"}, True),
            ({"org_unit": "u1", "site": "s1"}, {"u": "u1", "s": "s2"}, False),
            ({"audit": "a1"}, {"a": "a1"}, True),
            ({"audit": "a1"}, {"a": "a2", "b": ["a1"]}, False),
        ],
    )
    def test_equal_or_below_as_its_writer_saw_it(self, acts, part, scope, inside: bool):
        acts.give("A", 2, "B", "assistant", **part)
        assert (acts.rights.refusal(claim(scope=scope)) is None) == inside

    def test_imports_lie_nowhere(self, acts):
        acts.give("A", 2, "B", "assistant", site="s1")
        assert acts.rights.refusal(claim(category="imports")) is None


class TestShared:
    def test_any_adviser_or_administrator_of_a_trusted_department_writes(self, acts):
        acts.give("root", 1, "M", "administrator", department="41")
        acts.give("M", 2, "B", "adviser", department="41")
        acts.give("M", 2, "C", "assistant", department="41")
        acts.give("M", 2, "D", "adviser", department="41", site="s1")
        rights = acts.rights
        for station, wanted in (("M", None), ("B", None), ("C", "shared"), ("D", "shared")):
            assert rights.refusal(claim(station, owner="3D", category="shared")) == wanted

    def test_a_limit_in_one_department_leaves_the_right_of_another(self, acts):
        acts.give("A", 2, "B", "adviser")
        acts.revoke("A", 3, "B", 2)
        assert acts.rights.refusal(claim(owner="3D")) == "shared"
        acts.give("root", 1, "B", "adviser", department="41")
        assert acts.rights.refusal(claim(owner="3D")) is None


class TestSeeing:
    def test_owner_register_and_kind_decide(self, acts):
        acts.give("A", 2, "B", "assistant", site="s1")
        sight = acts.rights.reads("B", Shown())
        assert sight.sees("45", "risk", "prevention", "n")
        assert sight.sees("45", "accident", "health", "t")
        assert not sight.sees("45", "accident", "health", "n")
        assert not sight.sees("41", "risk", "prevention", "p")
        assert sight.sees("3D", "job", "shared", "p")

    def test_acts_go_to_everybody_and_nothing_else_to_a_stranger(self, acts):
        sight = acts.rights.reads("X", Shown())
        assert sight.sees("41", "grant", "rights", "p")
        assert sight.sees("45", "station", "identity", "p")
        assert not sight.sees("45", "user", "identity", "n")
        assert not sight.sees("3D", "job", "shared", "p")

    def test_management_sees_no_row(self, acts):
        acts.give("A", 2, "B", "management")
        sight = acts.rights.reads("B", Shown())
        seen = {each for each in Category if sight.sees("45", "x", each, "p")}
        assert seen == {"shared", "identity", "rights"}

    def test_a_revoked_station_is_told_nothing_more(self, acts):
        acts.give("A", 2, "B", "adviser")
        acts.revoke("A", 3, "B", 50)
        assert not acts.rights.reads("B", Shown()).sees("45", "risk", "prevention", "p")

    def test_what_a_department_lets_another_see_goes_by_the_roles_there(self, acts):
        acts.give("root", 1, "M", "adviser", department="41")
        acts.give("root", 1, "F", "committee", department="41")
        shown = Shown(outflows=frozenset({("45", "risk", "41")}))
        adviser, committee = (acts.rights.reads(each, shown) for each in "MF")
        assert adviser.sees("45", "risk", "prevention", "n")
        assert committee.sees("45", "risk", "prevention", "p")
        assert not committee.sees("45", "risk", "prevention", "n")
        assert not adviser.sees("45", "accident", "health", "p")


# -- beside the definition ---------------------------------------------------------------------

STATIONS = ("A", "B", "C", "D")
NUMBERS = st.integers(1, 6)


@st.composite
def some_acts(draw: st.DrawFn) -> list[Act]:
    made: list[Act] = []
    for at in range(draw(st.integers(1, 14))):
        base = {
            "writer": draw(st.sampled_from(STATIONS)),
            "number": draw(NUMBERS),
            "record": f"r{at}",
            "department": draw(st.sampled_from(("45", "45", "41", "28"))),
        }
        station = draw(st.sampled_from(STATIONS))
        key = f"clé-{draw(st.sampled_from(('45', '41', '45')))}"
        kind = draw(st.sampled_from(("root", "grant", "grant", "revoke", "lift", "admit", "rule")))
        if kind in ("root", "grant"):
            role = draw(st.sampled_from(("administrator", "administrator", "adviser", "committee")))
            site = draw(st.sampled_from(("", "", "", "s1")))
            grant = Grant(**base, holder=station, role=role, site=site)
            made.append(signed(grant, key) if kind == "root" else grant)
        elif kind == "revoke":
            made.append(Revocation(**base, revoked=station, after=draw(st.integers(0, 5))))
        elif kind == "lift":
            lift = Lift(**base, revocation=f"r{draw(st.integers(0, 13))}", signature="")
            made.append(signed(lift, key))
        elif kind == "admit":
            of = draw(st.sampled_from(("x", "y")))
            made.append(Admission(**base, admitted=station, at=draw(NUMBERS), of=of))
        else:
            writes = draw(st.sampled_from(("nothing", "without_names", "everything")))
            made.append(Ruling(**base, role="committee", category="prevention", writes=writes))
    return made


@given(some_acts(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_all_of_it_is_what_the_definition_says_in_whatever_order_acts_came(
    acts: list[Act], chance: random.Random
):
    shuffled = list(acts)
    chance.shuffle(shuffled)
    rights = Rights(shuffled, ROOTS, is_signed)
    for station in STATIONS:
        for number in (1, 3, 6):
            for owner in ("45", "41", "28", "3D"):
                for category, kind, scope in (
                    ("prevention", "p", {}),
                    ("prevention", "n", {"s": "s1"}),
                    ("rights", "p", {}),
                ):
                    asked = claim(station, number, owner, category, kind, record="x", scope=scope)
                    allowed = oracle.counts(acts, ROOTS, is_signed, asked)
                    assert (rights.refusal(asked) is None) == allowed
    assert rights.acts == oracle.acts_that_count(acts, ROOTS, is_signed)


def test_a_founding_counts_where_its_key_is_trusted(acts):
    base = {"number": 1, "department": "45"}
    acts.all.append(Founding(writer="A", record="a", public_key="clé-45", **base))  # type: ignore[arg-type]
    acts.all.append(Founding(writer="Z", record="z", public_key="autre", **base))  # type: ignore[arg-type]
    assert {each for each in acts.rights.acts if each[2] in "az"} == {("A", 1, "a")}
