from __future__ import annotations

from prevention_app.domain.trees import path_from_top

TREE = {"direction": None, "service": "direction", "team": "service", "lost": "unknown"}


def test_a_path_goes_from_the_top_down():
    assert path_from_top(TREE, "team") == ("direction", "service", "team")
    assert path_from_top(TREE, "direction") == ("direction",)


def test_a_parent_that_is_not_there_counts_as_none():
    assert path_from_top(TREE, "lost") == ("lost",)


def test_all_members_of_a_circle_agree_on_its_top():
    circle = {"b": "c", "c": "a", "a": "b", "below": "c", "alone": "alone"}
    assert {path_from_top(circle, each)[0] for each in ("a", "b", "c", "below")} == {"a"}
    assert path_from_top(circle, "below") == ("a", "c", "below")
    assert path_from_top(circle, "alone") == ("alone",)
