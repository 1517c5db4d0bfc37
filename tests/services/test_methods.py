from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from prevention_app import paths
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.risk_document import Rating
from prevention_app.errors import NotFound, Refused, UnreadableFile
from prevention_app.services import methods as rating_methods
from prevention_app.services import risk_document
from prevention_app.services.exports import name_mask
from prevention_app.services.indicators import indicators
from prevention_app.services.methods import method, methods
from prevention_app.services.ratings import rated_risks
from prevention_app.services.workbook_rows import WorkbookRows
from prevention_app.storage.query import Query

TODAY = date(2026, 11, 25)


def test_the_method_of_a_new_rating_comes_with_the_program():
    default = declared_catalogue()["rating"].by_key["method"].default
    assert method(str(default)) is methods()[str(default)]
    assert method().code == default


def test_the_scales_hold_every_figure_that_a_rating_may_have():
    entity = declared_catalogue()["rating"]
    usual = method()
    assert [each.label_fr for each in usual.scales.values()] == ["Gravité", "Fréquence", "Maîtrise"]
    for each in methods().values():
        for key, scale in each.scales.items():
            for step in scale.steps:
                rating = Rating(**{key: step.value})
                assert not [found for found in entity.problems(rating, TODAY) if found[0] == key]


def test_an_unknown_method_is_refused_with_those_that_there_are():
    with pytest.raises(NotFound, match="gfm-1"):
        method("gfm-9")


# -- what a department decides --------------------------------------------------------------------


@pytest.fixture
def risk(store):
    with store.reading() as read:
        families = {each.family_code: each.id for each in read.records(Query("hazard_family"))}
    with store.change("Ajouter") as work:
        unit = work.new("work_unit", owner="45", name="Atelier", unit_code="ATE")
        made = [
            work.new(
                "risk", owner="45", work_unit=unit.id, situation=code, hazard_family=families[code]
            )
            for code in ("CHUH", "RPS")
        ]
    return made[0].id, made[1].id


def detail(store, risk):
    with store.reading() as read:
        return risk_document.detail(read, risk)


def as_written(code):
    """A method that comes with the program, as it is written down."""
    file = paths.resource("rating_methods") / f"{code}.json"
    return json.loads(file.read_text(encoding="utf-8"))


def own_file(folder, **changes):
    """A method of a department's own, made from one that comes with the program."""
    file = folder / "méthode.json"
    document = {**as_written("gf-1"), "code": "maison-1", "name_fr": "Maison", **changes}
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file


def test_psychosocial_risks_are_never_multiplied_unless_a_department_says_so(store, risk):
    fall, strain = risk
    assert detail(store, fall).next_method.code == "gfm-1"
    assert detail(store, strain).next_method.code == "rps-1"
    rating_methods.choose(store, "gf-1", "45")
    assert detail(store, strain).next_method.code == "rps-1"
    rating_methods.choose(store, "kinney-1", "45", detail(store, strain).risk.hazard_family)
    assert detail(store, strain).next_method.code == "kinney-1"
    assert detail(store, fall).next_method.code == "gf-1"


def test_a_choice_for_a_family_that_is_gone_is_a_choice_for_nothing(store, risk):
    fall, strain = risk
    family = detail(store, strain).family
    rating_methods.choose(store, "kinney-1", "45", family.id)
    with store.change("Supprimer") as work:
        work.mark_deleted("hazard_family", family, deleted=True)
    assert detail(store, fall).next_method.code == "gfm-1"


def test_what_is_rated_keeps_its_method(store, risk):
    fall, _ = risk
    figures = {"severity": 3, "frequency": 3, "control": 2}
    risk_document.rate(store, detail(store, fall), figures, "Visite")
    rating_methods.choose(store, "gf-1", "45")
    before = detail(store, fall)
    assert (before.method.code, before.assessment.residual) == ("gfm-1", Decimal("4.5"))
    risk_document.rate(store, before, {"severity": 3, "frequency": 2}, "Nouvelle méthode")
    after = detail(store, fall)
    assert (after.method.code, after.assessment.residual) == ("gf-1", 6)
    assert [each.method for each in after.ratings] == ["gf-1", "gfm-1"], "on one day as well"


def test_a_method_of_its_own_is_taken_in_from_a_file_and_rated_by(store, risk, tmp_path):
    levels = [
        {**each, "below": below}
        for each, below in zip(as_written("gf-1")["levels"], ("2", "3", "4", None), strict=True)
    ]
    made, _ = rating_methods.add(store, own_file(tmp_path, levels=levels), "45")
    assert (made.code, made.name_fr) == ("45-maison-1", "Maison")
    rating_methods.choose(store, made.code, "45")
    risk_document.rate(store, detail(store, risk[0]), {"severity": 2, "frequency": 2}, "Visite")
    with store.reading() as read:
        found = {each.risk.id: each.assessment for each in rated_risks(read)}
    assert found[risk[0]].residual_level.code == "critical"


def test_a_method_that_is_changed_takes_another_code(store, tmp_path):
    rating_methods.add(store, own_file(tmp_path), "45")
    with pytest.raises(Refused, match="45-maison-1"):
        rating_methods.add(store, own_file(tmp_path, name_fr="Autre"), "45")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "JSON"),
        ("[]", "objet"),
        ("{}", "pas une méthode"),
        ('{"code": 1, "net": []}', "méthode"),
    ],
)
def test_a_file_that_is_no_method_is_refused_and_changes_nothing(store, tmp_path, text, told):
    file = tmp_path / "essai.json"
    file.write_text(text, encoding="utf-8")
    before = store.position()
    with pytest.raises(UnreadableFile, match=told):
        rating_methods.add(store, file, "45")
    assert store.position() == before


def test_a_method_is_written_out_as_a_model_for_ones_own(store, tmp_path):
    with store.reading() as read:
        document = rating_methods.document_of(read, "gfm-1")
    rating_methods.write(document, tmp_path / "modèle.json")
    made, _ = rating_methods.add(store, tmp_path / "modèle.json", "45")
    assert made.code == "45-gfm-1"
    assert made.scales == method("gfm-1").scales
    with store.reading() as read:
        assert rating_methods.document_of(read, made.code) == {**document, "code": made.code}


def test_risks_of_all_methods_are_counted_by_the_same_words_in_the_workbook(store, risk):
    fall, strain = risk
    figures = {"severity": 3, "frequency": 3, "control": 4}
    risk_document.rate(store, detail(store, fall), figures, "Visite")
    risk_document.rate(store, detail(store, strain), {"judgement": 3}, "Entretiens")
    with store.reading() as read:
        rows = WorkbookRows(read, TODAY, ("45",), name_mask(read)).risks()
        counted = indicators(read, TODAY, ("45",)).risks
    assert [(row["residual"], row["residual_level"]) for row in rows] == [
        (9, "Élevé"),
        (3, "Élevé"),
    ]
    assert {row["decision"] for row in rows} == {"Action immédiate"}
    assert {each.level.code: each.residual for each in counted.levels}["high"] == 2
    assert counted.immediate == 2
