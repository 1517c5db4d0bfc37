from __future__ import annotations

from prevention_app.domain.editions import compare_editions


def test_new_gone_and_withdrawn_rows_are_told_apart():
    before = {("1",): "authorised", ("2",): "authorised", ("3",): "withdrawn", ("4",): None}
    after = {("1",): "withdrawn", ("3",): "withdrawn", ("4",): "withdrawn", ("5",): "withdrawn"}

    change = compare_editions(before, after)

    assert change.new == (("5",),)
    assert change.gone == (("2",),)
    assert change.withdrawn == (("1",),)
    assert change.respelled == ()
    assert change.counts() == {"rows": 4, "new": 1, "gone": 1, "withdrawn": 1}


def test_a_number_written_with_other_blanks_is_new_and_gone_and_said_to_be_the_same():
    change = compare_editions({(" 20 90141", 1): None}, {("2090141", 1): None, ("7", 1): None})
    assert (len(change.new), len(change.gone)) == (2, 1)
    assert change.respelled == (((" 20 90141", 1), ("2090141", 1)),)


def test_a_substance_that_loses_its_approval_counts_as_withdrawn():
    change = compare_editions({("Oxamyl",): "approved"}, {("Oxamyl",): "not_approved"})
    assert change.withdrawn == (("Oxamyl",),)
