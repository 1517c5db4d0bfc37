"""Faults planted in the merge, one at a time: the random schedules notice each of them.

A test that no fault can fail says nothing. Each fault is a small change that somebody might make.
What these schedules reach too seldom has tests of its own: a form read before a late leaf came
(`test_receiving.py`), an erasure that no longer counts (`test_rights.py`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from prevention_app.domain import merging
from prevention_app.domain import rights as judging
from prevention_app.domain.merging import ERASED, FieldState, Leaf
from prevention_app.domain.rights import Claim, Rights
from prevention_app.storage import acts, apply, history, packing, receive, rights, work
from prevention_app.storage.store import Store
from tests.storage.test_format_property import whole_life

STEPS = 60
LIVES = 24
"""Schedules that a fault may live through before it counts as unnoticed."""

Plant = Callable[[pytest.MonkeyPatch], None]

_saw = Leaf.saw


def exceptions_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    def saw(self: Leaf, station: str, number: int, field: str) -> bool:
        known = self.number - 1 if station == self.station else self.vector.get(station, 0)
        return number <= known

    patch.setattr(Leaf, "saw", saw)


def exceptions_forget_their_fields(patch: pytest.MonkeyPatch) -> None:
    def saw(self: Leaf, station: str, number: int, field: str) -> bool:
        known = self.number - 1 if station == self.station else self.vector.get(station, 0)
        return number <= known and not any(
            station == other and first <= number <= last
            for other, first, last, _ in self.exceptions
        )

    patch.setattr(Leaf, "saw", saw)


def the_last_entry_known_is_not_seen(patch: pytest.MonkeyPatch) -> None:
    def saw(self: Leaf, station: str, number: int, field: str) -> bool:
        at_the_end = station != self.station and number == self.vector.get(station, 0)
        return not at_the_end and _saw(self, station, number, field)

    patch.setattr(Leaf, "saw", saw)


def nothing_is_ever_seen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Leaf, "saw", lambda *_: False)


def own_entries_are_not_seen(patch: pytest.MonkeyPatch) -> None:
    def saw(self: Leaf, station: str, number: int, field: str) -> bool:
        return station != self.station and _saw(self, station, number, field)

    patch.setattr(Leaf, "saw", saw)


def the_oldest_is_shown(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Leaf, "rank", property(lambda self: (-self.clock, self.station, self.number)))


def a_later_clock_wins_without_a_word(patch: pytest.MonkeyPatch) -> None:
    whole = merging.heads_of
    patch.setattr(merging, "heads_of", lambda leaves, field: whole(leaves, field)[:1])


def disagreement_is_not_told(patch: pytest.MonkeyPatch) -> None:
    whole = merging.field_state

    def calm(leaves: Any, field: str) -> FieldState:
        found = whole(leaves, field)
        return FieldState(found.heads, found.shown, conflict=False)

    patch.setattr(merging, "field_state", calm)


def agreement_counts_as_disagreement(patch: pytest.MonkeyPatch) -> None:
    whole = merging.field_state

    def strict(leaves: Any, field: str) -> FieldState:
        found = whole(leaves, field)
        return FieldState(found.heads, found.shown, conflict=len(found.heads) > 1)

    patch.setattr(merging, "field_state", strict)


def deletion_wins_over_edits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(apply, "deletion_conflict", lambda *_: False)


def nothing_counts_as_unseen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(work, "unseen_entries", lambda *_: {})


def who_writes_is_thought_to_have_seen_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Store, "_nothing_hidden", lambda *_: True)


def leaves_that_come_late_are_dropped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(receive._Intake, "_deliver_late", lambda *_: None)


def an_erasure_leaves_the_bytes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(receive, "erase_named", lambda *_, **__: True)


def an_erasure_does_not_reach_what_comes_later(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(receive._Intake, "_named_by_erasure", lambda *_: None)


def an_erasure_says_nothing_in_the_fields(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(work, "erasure_writes", lambda *_: None)


def undo_brings_back_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(history, "value_before", lambda *_: FieldState((), None, conflict=False))


def what_was_erased_is_shown_as_a_value(patch: pytest.MonkeyPatch) -> None:
    whole = merging.field_state

    def plain(leaves: Any, field: str) -> FieldState:
        found = whole(leaves, field)
        return FieldState(
            found.heads, None if found.shown == ERASED else found.shown, found.conflict
        )

    patch.setattr(merging, "field_state", plain)


def acts_bear_on_nothing_that_came_before(patch: pytest.MonkeyPatch) -> None:
    def only_noted(connection: Any, _: Any) -> rights.Judged:
        acts.set_edition(connection, secrets.token_hex(8))
        return rights.Judged()

    patch.setattr(rights, "follow_acts", only_noted)


def a_lift_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    whole = judging._limits
    patch.setattr(judging, "_limits", lambda revocations, _: whole(revocations, set()))


def a_revocation_takes_one_entry_too_many(patch: pytest.MonkeyPatch) -> None:
    whole = judging._limits

    def strict(*given: Any) -> dict[tuple[str, str], int]:
        return {place: after - 1 for place, after in whole(*given).items()}

    patch.setattr(judging, "_limits", strict)


def an_admission_admits_the_whole_entry(patch: pytest.MonkeyPatch) -> None:
    whole = Rights.refusal

    def generous(self: Rights, claim: Claim, *shown: Any) -> str | None:
        admitted = {each[1:3] for each in self.admitted}
        whole_entry = (claim.station, claim.number) in admitted
        return None if whole_entry else whole(self, claim, *shown)

    patch.setattr(Rights, "refusal", generous)


def an_erasure_without_right_acts(patch: pytest.MonkeyPatch) -> None:
    whole = receive.erase
    patch.setattr(receive, "erase", lambda connection, done, _: whole(connection, done, ()))


def what_comes_back_changes_nothing_shown(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rights, "_follow", lambda *_: rights.Judged())


def files_bring_what_nobody_may_see(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(packing, "_goes", lambda *_: True)


FAULTS: tuple[Plant, ...] = (
    exceptions_are_forgotten,
    exceptions_forget_their_fields,
    the_last_entry_known_is_not_seen,
    nothing_is_ever_seen,
    own_entries_are_not_seen,
    the_oldest_is_shown,
    a_later_clock_wins_without_a_word,
    disagreement_is_not_told,
    agreement_counts_as_disagreement,
    deletion_wins_over_edits,
    nothing_counts_as_unseen,
    who_writes_is_thought_to_have_seen_all,
    leaves_that_come_late_are_dropped,
    an_erasure_leaves_the_bytes,
    an_erasure_does_not_reach_what_comes_later,
    an_erasure_says_nothing_in_the_fields,
    undo_brings_back_nothing,
    what_was_erased_is_shown_as_a_value,
    acts_bear_on_nothing_that_came_before,
    a_lift_is_forgotten,
    a_revocation_takes_one_entry_too_many,
    an_admission_admits_the_whole_entry,
    an_erasure_without_right_acts,
    what_comes_back_changes_nothing_shown,
    files_bring_what_nobody_may_see,
)


def notice(plant: Plant) -> bool:
    """Whether one of a few schedules fails with this fault."""
    for seed in range(LIVES):
        with pytest.MonkeyPatch.context() as patch:
            plant(patch)
            try:
                whole_life(Random(seed), STEPS)
            except Exception:  # noqa: BLE001  (whatever it breaks, it was noticed)
                return True
    return False


@pytest.mark.untraced
@pytest.mark.parametrize("plant", FAULTS[:1], ids=lambda plant: plant.__name__)
def test_a_fault_in_the_merge_is_noticed(plant: Plant) -> None:
    assert notice(plant)


@pytest.mark.long
@pytest.mark.parametrize("plant", FAULTS[1:], ids=lambda plant: plant.__name__)
def test_every_fault_in_the_merge_is_noticed(plant: Plant) -> None:
    assert notice(plant)
