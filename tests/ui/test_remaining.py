from __future__ import annotations

from prevention_app.ui.remaining import Remaining


def told(*steps):
    remaining = Remaining()
    return [remaining.after(done, total, now) for done, total, now in steps]


def test_nothing_is_told_before_the_pace_is_known():
    assert told((0, 100, 0.0), (1, 100, 0.5), (2, 100, 1.0)) == ["", "", ""]


def test_the_rest_at_the_pace_of_now():
    assert told((0, 100, 0.0), (10, 100, 5.0))[-1] == "environ 45\u00a0secondes"


def test_a_slow_start_is_forgotten():
    steps = [(0, 1000, 0.0), (1, 1000, 30.0), (101, 1000, 40.0), (301, 1000, 60.0)]
    assert told(*steps)[-1] == "environ 2\u00a0minutes"


def test_another_part_of_the_work_has_a_pace_of_its_own():
    assert told((0, 10, 0.0), (9, 10, 9.0), (0, 500, 10.0))[-1] == ""


def test_work_of_unknown_length_says_nothing():
    assert told((0, 0, 0.0), (0, 0, 60.0)) == ["", ""]


def test_the_end_is_near():
    assert told((0, 100, 0.0), (98, 100, 10.0))[-1] == "encore quelques secondes"
