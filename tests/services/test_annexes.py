"""The annexes of the document unique: filled from the registers, nothing told of few (P7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from prevention_app.catalogue.description import Record
from prevention_app.catalogue.exposure_lists import Judgement
from prevention_app.domain.document_content import DocumentContent, from_bytes, to_bytes
from prevention_app.errors import NotFound, Refused
from prevention_app.services import annexes, psychosocial, records
from prevention_app.services.annex_source import Annex
from prevention_app.services.methods import family_named, method
from prevention_app.services.psychosocial import Diagnosis, Finding
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from prevention_app.storage.work import CheckFailed

TODAY = date(2026, 11, 24)
Add = Callable[..., Record]


@pytest.fixture
def add(store: Store) -> Add:
    """Writes a record of the Loiret."""

    def written(register: str, **values: Any) -> Record:
        return records.create(store, register, values)[0]

    return written


def annex(store: Store, key: str) -> Annex:
    with store.reading() as read:
        return annexes.annex_of(read, key, "45", TODAY)


def rows(store: Store, key: str) -> list[dict[str, Any]]:
    return [dict(each) for each in annex(store, key).table.rows]


def family(store: Store, code: str) -> str | None:
    with store.reading() as read:
        return family_named(read, code)


def test_a_factor_fills_itself_from_the_risk_that_names_it_and_the_words_are_kept(store, add):
    unit = add("work_unit", name="Atelier", women=20, men=30)
    add("risk", work_unit=unit.id, situation="Meuleuse", factor="Bruit des machines", exposed=12)
    add("risk", work_unit=unit.id, situation="Tonte", factor="bruit", exposed=20, exposed_women=8)
    whole, line = rows(store, "annex_factors")
    assert line["factor"] == whole["factor"] == "Bruit"
    assert (line["exposed"], line["women"], line["men"]) == (20, 8, 12), "of the widest one"
    assert line["written"] == "Bruit des machines ; bruit"
    assert "81 dB(A)" in line["threshold"]
    assert "en vigueur" in line["threshold"]
    assert line["reference"] is None
    (gap,) = annex(store, "annex_factors").gaps
    assert gap.text == "Bruit, à renseigner : personnes au-delà du seuil."
    assert gap.values == {"work_unit": unit.id, "factor": "noise", "women": 8, "men": 12}


def test_what_is_entered_stands_before_what_is_deduced_and_the_proportion_is_computed(store, add):
    unit = add("work_unit", name="Atelier", women=20, men=30)
    other = add("work_unit", name="Bureaux", women=25, men=25)
    add("risk", work_unit=unit.id, situation="Meuleuse", factor="Bruit", exposed=40)
    held = add(
        "factor_exposure",
        work_unit=unit.id,
        factor="noise",
        women=10,
        men=15,
        beyond=10,
        basis="measured",
        assessed_on=date(2026, 3, 1),
    )
    assert not annex(store, "annex_factors").gaps
    whole, line = rows(store, "annex_factors")
    assert line["reference"] == held.reference
    assert (line["exposed"], line["beyond"], line["share"]) == (25, 10, 20)
    assert (line["basis"], line["assessed_on"]) == ("Mesure", date(2026, 3, 1))
    assert (whole["unit"], whole["headcount"], whole["share"]) == (
        "Ensemble du département",
        100,
        10,
    )
    assert other.id not in {each["unit_id"] for each in rows(store, "annex_factors")}


def test_a_factor_that_is_none_of_the_ten_is_said_and_more_beyond_than_exposed_is_refused(
    store, add
):
    unit = add("work_unit", name="Atelier", women=20, men=30)
    risk = add("risk", work_unit=unit.id, situation="Écran", factor="Travail sur écran")
    (gap,) = annex(store, "annex_factors").gaps
    assert "aucun des dix" in gap.text
    assert gap.reference == risk.reference
    with pytest.raises(CheckFailed, match="au-delà du seuil"):
        add("factor_exposure", work_unit=unit.id, factor="noise", women=1, men=1, beyond=3)


def test_few_persons_are_not_told_in_any_annex(store, add):
    unit = add("work_unit", name="Plongée", women=3, men=9)
    risk = add(
        "risk", work_unit=unit.id, situation="Plongée", factor="hyperbare", exposed=12, cmr=True,
        exposed_women=3,
    )  # fmt: skip
    add("factor_exposure", work_unit=unit.id, factor="hyperbaric", women=3, men=9, beyond=2)
    add("cmr_use", work_unit=unit.id, risk=risk.id, name="Benzène", women=3, men=9)
    line = rows(store, "annex_factors")[-1]
    assert (line["women"], line["beyond"], line["share"]) == (None, None, None)
    assert "moins de cinq" in line["note"]
    (use,) = rows(store, "annex_cmr")
    assert use["women"] is None
    (sexes,) = rows(store, "annex_sexes")
    assert (sexes["women"], sexes["women_share"]) == (None, None)


def test_cmr_are_listed_with_measures_and_the_study_of_their_substitution(store, add):
    unit = add("work_unit", name="Laboratoire", women=20, men=10)
    named = add("risk", work_unit=unit.id, situation="Fixation au formol", cmr=True)
    unnamed = add("risk", work_unit=unit.id, situation="Poussières de bois", cmr=True)
    add("risk", work_unit=unit.id, situation="Sols glissants")
    add("existing_measure", risk=named.id, title="Sorbonne")
    add(
        "cmr_use", work_unit=unit.id, risk=named.id, name="Formaldéhyde", category="1B",
        substitution_examined=True, substitution="Aucun autre fixateur validé",
    )  # fmt: skip
    first, second = rows(store, "annex_cmr")
    assert (first["name"], first["category"]) == ("Formaldéhyde", "Catégorie 1B")
    assert first["measures"] == "Sorbonne"
    assert first["substitution_examined"] is True
    assert first["note"] is None
    assert second["risk"] == "Poussières de bois"
    (gap,) = annex(store, "annex_cmr").gaps
    assert gap.values is not None
    assert (gap.register, gap.values["risk"]) == ("cmr_use", unnamed.id)
    with store.change("Étude à refaire") as work:
        (held,) = store_records(store, "cmr_use")
        work.amend("cmr_use", held, substitution_examined=False)
    assert "étude de substitution" in annex(store, "annex_cmr").gaps[0].text


def store_records(store: Store, register: str) -> list[Record]:
    with store.reading() as read:
        return read.records(Query(register))


def test_every_unit_with_a_thermal_risk_has_a_heat_plan_or_is_listed(store, add):
    thermal = family(store, "THER")
    units = [add("work_unit", name=each) for each in ("Bureaux", "Chantier", "Espaces verts")]
    for unit in units[1:]:
        add("risk", work_unit=unit.id, situation="Canicule", hazard_family=thermal)
    plan = add("heat_plan", work_unit=units[2].id, running_water=False, water=Decimal(2))
    lines = {each["unit"]: each for each in rows(store, "annex_heat")}
    assert set(lines) == {"Chantier", "Espaces verts"}
    assert lines["Chantier"]["note"] == "Risque thermique sans plan chaleur."
    assert "trois litres" in lines["Espaces verts"]["note"]
    assert "pilote" in lines["Espaces verts"]["note"]
    with store.change("Compléter") as work:
        work.amend(
            "heat_plan", plan, water=Decimal(3), pilot="Chef d’équipe", hours="6 h – 13 h",
            information="Causerie de juin", vulnerable="Postes à l’ombre",
            lone_workers="Appel toutes les deux heures",
        )  # fmt: skip
    assert [each.unit for each in annex(store, "annex_heat").gaps] == ["Chantier"]


def test_the_six_dimensions_are_written_as_one_change_and_taken_back_as_one(store, add):
    unit = add("work_unit", name="MDD")
    add("risk", work_unit=unit.id, situation="Public agressif", hazard_family=family(store, "RPS"))
    assert annex(store, "annex_rps").gaps[0].text.startswith("Risque psychosocial sans diagnostic")
    codes = ("intensity", "emotion", "autonomy", "relations", "values", "insecurity")
    found = Diagnosis(
        TODAY, "interviews", 14, {each: Finding("3", f"Constat {each}") for each in codes}
    )
    psychosocial.save_diagnosis(store, unit.id, found)
    assert len(rows(store, "annex_rps")) == 6
    assert not annex(store, "annex_rps").gaps
    assert {each["judgement"] for each in rows(store, "annex_rps")} == {"Dégradée"}
    with store.reading() as read:
        assert psychosocial.diagnosis_of(read, unit.id) == found
    with pytest.raises(Refused):
        psychosocial.save_diagnosis(store, unit.id, found)
    psychosocial.save_diagnosis(
        store, unit.id, Diagnosis(TODAY, "interviews", 14, {"emotion": Finding("2")})
    )
    assert len(store_records(store, "psychosocial_diagnosis")) == 6, "corrected the same day"
    store.undo()
    store.undo()
    assert not store_records(store, "psychosocial_diagnosis")


def test_no_result_of_under_ten_answers_is_shown_and_nothing_is_gravity_by_frequency(store, add):
    unit = add("work_unit", name="MDD", women=30, men=30)
    few = Diagnosis(TODAY, "questionnaire", 9, {"emotion": Finding("4", "À huit sur neuf")})
    psychosocial.save_diagnosis(store, unit.id, few)
    (line,) = rows(store, "annex_rps")
    assert (line["judgement"], line["findings"], line["answers"]) == (None, None, None)
    assert "moins de 10 réponses" in line["note"]
    psychosocial.save_diagnosis(store, unit.id, Diagnosis(TODAY, "questionnaire", 10, few.findings))
    assert rows(store, "annex_rps")[0]["judgement"] == "Critique"
    keys = {each.key for each in annex(store, "annex_rps").table.columns}
    assert not keys & {"severity", "frequency", "residual"}


def test_the_grid_counts_what_registers_tell_and_asks_for_the_rest(store, add):
    direction = add("org_unit", name="Solidarités")
    site = add("site", name="MDD")
    for at in range(7):
        add(
            "accident", happened_on=date(2026, 1 + at, 3), circumstances="Agression d’un usager",
            org_unit=direction.id,
        )  # fmt: skip
    add("accident", happened_on=date(2026, 2, 3), circumstances="Chute dans l’escalier")
    add("accident", happened_on=date(2025, 2, 3), circumstances="Insultes et menaces")
    add(
        "health_safety_entry", site=site.id, reported_on=date(2026, 5, 2),
        observation="Épuisement de l’équipe",
    )  # fmt: skip
    add("psychosocial_indicator", year=2026, indicator="absence", value=Decimal("8.4"))
    cells = {
        (each["indicator"], each["level"], each["year"]): each
        for each in rows(store, "annex_rps_grid")
    }
    violence, whole = "Accidents liés à des violences", "Ensemble du département"
    assert cells[(violence, whole, 2026)]["value"] == 7
    assert cells[(violence, "Solidarités", 2026)]["value"] == 7
    assert cells[(violence, whole, 2025)]["value"] is None, "one accident tells of one person"
    assert cells[(violence, whole, 2024)]["value"] == 0
    assert str(cells[("Taux d’absentéisme (%)", whole, 2026)]["value"]) == "8.4"
    asked = [each.text for each in annex(store, "annex_rps_grid").gaps]
    assert len(asked) == 2
    assert not any("absentéisme" in each for each in asked)


def test_risks_that_say_nothing_of_women_and_men_are_listed(store, add):
    unit = add("work_unit", name="Crèche", women=40, men=20)
    add(
        "risk", work_unit=unit.id, situation="Port d’enfants", exposed=30, exposed_women=20,
        sex_impact="Postes tenus surtout par des femmes",
    )  # fmt: skip
    silent = add("risk", work_unit=unit.id, situation="Bruit")
    (said,) = rows(store, "annex_sexes")
    assert (said["women"], said["men"]) == (20, 10)
    assert (said["women_share"], said["men_share"]) == (50, 50)
    assert [each.reference for each in annex(store, "annex_sexes").gaps] == [silent.reference]


def test_groups_are_measures_and_few_are_neither_entered_nor_told(store, add):
    direction = add("org_unit", name="Routes")
    unit = add("work_unit", name="Centre", org_unit=direction.id)
    add("group_measure", risk_group="lone", measure="DATI", org_unit=direction.id, persons=9)
    add("group_measure", risk_group="lone", measure="Binôme", work_unit=unit.id, persons=7)
    with pytest.raises(CheckFailed, match="moins de 5 personnes"):
        add("group_measure", risk_group="young", measure="Tuteur", persons=3)
    lines = {each["measure"]: each for each in rows(store, "annex_groups")}
    assert None in {lines["DATI"]["persons"], lines["Binôme"]["persons"]}, "9 − 7 tells of two"
    missing = [each.text for each in annex(store, "annex_groups").gaps]
    assert len(missing) == 3
    assert not any("isolés" in each for each in missing)


def test_names_are_taken_out_and_closed_units_left_out(store, add):
    add("person", last_name="Boulanger", first_name="Claire")
    unit = add("work_unit", name="Atelier", women=10, men=10)
    closed = add("work_unit", name="Ancien", valid_until=date(2020, 1, 1))
    add("risk", work_unit=closed.id, situation="Ancien risque", factor="Bruit", exposed=9)
    add("heat_plan", work_unit=unit.id, pilot="Claire Boulanger")
    assert not rows(store, "annex_factors")
    (line,) = rows(store, "annex_heat")
    assert "Boulanger" not in str(line["pilot"])


def test_all_annexes_are_tables_of_the_content_and_come_back_from_its_bytes(store, add, tmp_path):
    unit = add("work_unit", name="Atelier", women=20, men=30)
    add("risk", work_unit=unit.id, situation="Meuleuse", factor="Bruit", exposed=40, cmr=True)
    with store.reading() as read:
        tables = annexes.annexes_of(read, "45", TODAY)
        assert any(each.gaps for each in annexes.all_annexes(read, "45", TODAY))
        with pytest.raises(NotFound, match="annex_heat"):
            annexes.annex_of(read, "annex_cold", "45", TODAY)
    assert tuple(each.key for each in tables) == annexes.KEYS
    content = DocumentContent("45", TODAY, (), {each.key: each for each in tables})
    assert from_bytes(to_bytes(content)) == content
    for each in tables:
        ids = [row["id"] for row in each.rows]
        assert len(ids) == len(set(ids)), each.key


def test_the_workbook_holds_a_sheet_for_each_annex(store: Store, add: Add, tmp_path: Path) -> None:
    unit = add("work_unit", name="Atelier", women=20, men=30)
    add("risk", work_unit=unit.id, situation="Meuleuse", factor="Bruit", exposed=40)
    out = tmp_path / "annexes.xlsx"
    lines = annexes.export_annexes(store, "45", out)
    book = openpyxl.load_workbook(out)
    assert len(book.sheetnames) == 1 + len(annexes.KEYS)
    sheet = book[book.sheetnames[1]]
    heads = [each.value for each in sheet[4]]
    assert "Proportion (%)" in heads
    assert [sheet.cell(row, heads.index("Facteur") + 1).value for row in (5, 6)] == ["Bruit"] * 2
    assert lines == sum(len(rows(store, each)) for each in annexes.KEYS)


def test_the_judgements_are_those_of_the_shipped_method():
    steps = method("rps-1").scales["judgement"].steps
    assert [(str(each.value), each.label_fr) for each in steps] == [
        (each.value, each.label_fr) for each in Judgement
    ]
