from __future__ import annotations

import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import NotFound
from prevention_app.services.methods import method, methods


def test_the_method_of_a_new_rating_comes_with_the_program():
    default = declared_catalogue()["rating"].by_key["method"].default
    assert method(str(default)) is methods()[str(default)]
    assert method().code == default


def test_the_scales_hold_every_figure_that_a_rating_may_have():
    fields = declared_catalogue()["rating"].by_key
    for each in methods().values():
        for key in ("severity", "frequency", "control"):
            steps = getattr(each, key).steps
            assert [step.value for step in steps] == [1, 2, 3, 4]
            assert getattr(each, key).label_fr == fields[key].label_fr


def test_an_unknown_method_is_refused_with_those_that_there_are():
    with pytest.raises(NotFound, match="gfm-1"):
        method("gfm-9")
