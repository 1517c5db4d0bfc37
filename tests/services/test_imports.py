"""Bringing files in: planned row by row, written as one change, never twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from prevention_app.catalogue.vocabulary import RatingBasis
from prevention_app.errors import Refused, UnreadableFile
from prevention_app.exchange.mapping import Mapping, TableMapping
from prevention_app.services import imports
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.imports import ImportPlan, ImportRequest
from prevention_app.services.ratings import undated_ratings
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store

DATA = Path(__file__).parent.parent / "data"
WORKBOOKS = DATA / "workbooks"


def bring(
    store: Store, kind: str, *files: Path, department: str = "", **options: Any
) -> ImportPlan:
    return imports.run(store, ImportRequest(kind, files, department, **options))


def counts(store: Store) -> dict[str, int]:
    with store.reading() as read:
        return {each.key: read.count(Query(each.key)) for each in store.catalogue}


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


HEADINGS = (
    "Unité de travail",
    "Famille",
    "Situation dangereuse",
    "Dommages",
    "G",
    "F",
    "M",
    "Mesures existantes",
    "Action",
    "Pilote",
    "Échéance",
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return workbook(
        tmp_path / "du.xlsx",
        HEADINGS,
        (
            "Atelier",
            "Bruit",
            "Meulage",
            "Surdité",
            3,
            4,
            2,
            "Casques",
            "Capoter",
            "Chef",
            "31/12/2026",
        ),
        ("Atelier", "Bruit", "Soufflage", "Surdité", 2, 2, 2, "Bouchons", None, None, None),
    )


def test_a_document_unique_comes_in_with_all_that_hangs_on_it(store: Store, small: Path) -> None:
    plan = bring(store, "duerp", small)
    assert plan.count(Outcome.NEW) == 2
    assert plan.created == {
        "existing_measure": 2,
        "planned_action": 1,
        "rating": 2,
        "risk": 2,
        "work_unit": 1,
    }
    with store.reading() as read:
        [action] = read.records(Query("planned_action"))
        risk = read.get("risk", action.risk)
        assert (action.title, action.pilot, risk.situation) == ("Capoter", "Chef", "Meulage")
        assert read.titles("hazard_family", [risk.hazard_family])[risk.hazard_family] == "Bruit"


def test_the_same_file_again_creates_and_changes_nothing(store: Store, small: Path) -> None:
    bring(store, "duerp", small)
    before, position = counts(store), store.position()
    plan = bring(store, "duerp", small)
    assert plan.count(Outcome.UNCHANGED) == 2
    assert plan.created == {}
    assert counts(store) == before
    assert store.position() == position


def test_an_edited_file_changes_only_what_was_edited(
    store: Store, small: Path, tmp_path: Path
) -> None:
    bring(store, "duerp", small)
    edited = workbook(
        tmp_path / "du2.xlsx",
        HEADINGS,
        (
            "ATELIER",
            "Bruit",
            "Meulage",
            "Surdité, fatigue",
            3,
            4,
            2,
            "Casques",
            "Capoter",
            "Chef",
            None,
        ),
        ("Atelier", "Bruit", "Soufflage", None, 2, 2, 2, "Bouchons", None, None, None),
    )
    plan = bring(store, "duerp", edited)
    assert [row.outcome for row in plan.rows] == [Outcome.CHANGED, Outcome.UNCHANGED]
    assert plan.rows[0].differences == [
        ("Dommages possibles", "Surdité", "Surdité, fatigue", "harm")
    ]
    with store.reading() as read:
        [action] = read.records(Query("planned_action"))
        assert action.due is not None, "an empty cell never clears a value"


def test_two_lines_alike_are_two_records_and_stay_two(store: Store, tmp_path: Path) -> None:
    line = ("Atelier", "Bruit", "Meulage", "Surdité", 3, 4, 2, "Casques", None, None, None)
    other = ("Atelier", "Bruit", "Meulage", "Acouphènes", 2, 2, 2, None, None, None, None)
    file = workbook(tmp_path / "du.xlsx", HEADINGS, line, other)
    assert bring(store, "duerp", file).created["risk"] == 2
    assert bring(store, "duerp", file).count(Outcome.UNCHANGED) == 2


def test_an_import_is_one_change_that_can_be_undone_and_redone(store: Store, small: Path) -> None:
    before = counts(store)
    bring(store, "duerp", small)
    after = counts(store)
    assert store.undoable() == "Reprendre un document unique"
    store.undo()
    assert counts(store) == before
    store.redo()
    assert counts(store) == after


def test_an_import_is_a_record_and_its_original_is_kept(store: Store, small: Path) -> None:
    bring(store, "duerp", small)
    with store.reading() as read:
        [run] = read.records(Query("import_run"))
    assert (run.file_name, run.rows_new, run.rows_refused, run.rows_other) == ("du.xlsx", 2, 0, 1)
    assert "Situation dangereuse → situation" in run.mapping
    assert str(run.original_kept_until) == "2027-11-24"
    assert (store.folder / "files" / run.digest[:2] / run.digest).read_bytes() == small.read_bytes()


def test_a_trial_writes_nothing(store: Store, small: Path) -> None:
    before, position = counts(store), store.position()
    plan = imports.run(store, ImportRequest("duerp", (small,)), dry_run=True)
    assert plan.count(Outcome.NEW) == 2
    assert (counts(store), store.position()) == (before, position)


def test_a_strict_import_makes_nothing_that_a_line_only_names(store: Store, small: Path) -> None:
    plan = bring(store, "duerp", small, strict=True)
    assert plan.count(Outcome.REFUSED) == 2
    assert "« Atelier » n’existe pas dans « Unités de travail »." in plan.problems[0].message
    assert plan.done is None
    with store.change("Créer une unité") as work:
        work.new("work_unit", name="Atelier")
    assert bring(store, "duerp", small, strict=True).count(Outcome.NEW) == 2


def test_lines_of_another_department_are_refused_unless_all_are_wanted(
    store: Store, tmp_path: Path
) -> None:
    file = workbook(
        tmp_path / "du.xlsx",
        ("Département", *HEADINGS),
        ("41", "Atelier", "Bruit", "Meulage", "Surdité", 3, 4, 2, None, None, None, None),
        ("45", "Atelier", "Bruit", "Meulage", "Surdité", 3, 4, 2, None, None, None, None),
    )
    plan = bring(store, "duerp", file)
    assert [row.outcome for row in plan.rows] == [Outcome.REFUSED, Outcome.NEW]
    assert "département 41" in plan.problems[0].message
    plan = bring(store, "duerp", file, department="all")
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.UNCHANGED]
    with store.reading() as read:
        assert sorted(each.owner for each in read.records(Query("risk"))) == ["41", "45"]


def test_a_mapping_corrected_by_hand_is_known_again(store: Store, tmp_path: Path) -> None:
    rows = (
        ("Unité de travail", "Situation dangereuse", "Zzz", "G", "F"),
        ("Atelier", "Meulage", "Surdité", 3, 4),
    )
    file = workbook(tmp_path / "du.xlsx", *rows)
    [understanding] = imports.prepare(store, ImportRequest("duerp", (file,)))[0].understandings
    [table] = understanding.tables
    mapping = Mapping(
        "duerp",
        "Modèle du Loiret",
        [TableMapping({3: "harm"}, sheet=table.sheet, signature=table.signature)],
    )
    imports.save_mapping(store, mapping)
    again = workbook(tmp_path / "autre.xlsx", *rows)
    plan = bring(store, "duerp", again)
    with store.reading() as read:
        [risk] = read.records(Query("risk"))
    assert risk.harm == "Surdité"
    assert any("Modèle du Loiret" in note for note in plan.notes)


@pytest.mark.parametrize(
    "name", sorted(each.name for each in (DATA / "bad").iterdir() if each.suffix != ".md")
)
def test_a_bad_file_is_read_or_refused_and_then_changes_nothing(store: Store, name: str) -> None:
    before = store.position()
    refusal = ""
    try:
        plan = bring(store, "duerp", DATA / "bad" / name)
    except UnreadableFile as error:
        refusal = str(error)
    if refusal:
        assert name in refusal
        assert store.position() == before
    else:
        assert plan.rows
        assert len(plan.rows) + plan.other >= 2


def test_formulas_hidden_in_texts_stay_texts(store: Store) -> None:
    bring(store, "duerp", DATA / "bad" / "injection_formules.xlsx")
    with store.reading() as read:
        texts = {each.situation for each in read.records(Query("risk"))}
    assert any(text.startswith("=") for text in texts)


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("kind", "name", "department", "rows"),
    [
        ("duerp", "duerp_45_tableau_unique.xlsx", "45", 599),
        ("duerp", "duerp_41_une_feuille_par_unite.xlsx", "41", 137),
        ("duerp", "duerp_28_mots.xlsx", "28", 212),
        ("organisation", "organigramme.xlsx", "all", 409),
        ("credentials", "agents_habilitations.xlsx", "all", 2000),
        ("inspections", "verifications_periodiques.xlsx", "all", 348),
        ("accidents", "registre_accidents.xlsx", "all", 426),
        ("phyto-stock", "stock_phyto.xlsx", "all", 187),
    ],
)
def test_a_real_workbook_lands_whole_and_only_once(
    store: Store, kind: str, name: str, department: str, rows: int
) -> None:
    plan = bring(store, kind, WORKBOOKS / name, department=department)
    assert plan.count(Outcome.NEW) == rows
    assert plan.count(Outcome.REFUSED) == 0
    before = counts(store)
    again = bring(store, kind, WORKBOOKS / name, department=department)
    assert again.count(Outcome.UNCHANGED) == rows
    assert again.created == {}
    assert counts(store) == before


def test_a_namesake_in_another_directorate_is_another_service(store: Store, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "organigramme.xlsx",
        ("Direction", "Service", "Site", "Unité de travail"),
        ("Direction A", "Secrétariat", "Siège", "Accueil A"),
        ("Direction B", "Secrétariat", "Annexe", "Accueil B"),
    )
    bring(store, "organisation", file)
    with store.reading() as read:
        services = [each for each in read.records(Query("org_unit")) if each.name == "Secrétariat"]
        parents = read.titles("org_unit", [each.parent for each in services])
    assert sorted(parents.values()) == ["Direction A", "Direction B"]


def test_a_refused_row_leaves_no_trace_in_what_was_here(store: Store, tmp_path: Path) -> None:
    with store.change("Créer") as work:
        work.new("org_unit", name="Voirie")
    file = workbook(
        tmp_path / "accidents.xlsx",
        ("N°", "Date", "Direction", "Service", "Circonstances", "Type"),
        ("1", "31/12/2026", "Direction des routes", "Voirie", "Chute", "service"),
        ("2", "03/11/2026", "", "Atelier", "Coupure", "service"),
    )
    plan = bring(store, "accidents", file)
    assert [row.outcome for row in plan.rows] == [Outcome.REFUSED, Outcome.NEW]
    with store.reading() as read:
        [unit] = [each for each in read.records(Query("org_unit")) if each.name == "Voirie"]
    assert unit.parent is None


def test_the_same_content_in_two_files_is_brought_in_once(
    store: Store, small: Path, tmp_path: Path
) -> None:
    twin = tmp_path / "copie.xlsx"
    twin.write_bytes(small.read_bytes())
    plan = bring(store, "duerp", small, twin)
    assert plan.created["risk"] == 2
    with store.reading() as read:
        runs = read.records(Query("import_run"))
    assert sorted((run.rows_new, run.rows_unchanged) for run in runs) == [(0, 2), (2, 0)]


def test_records_without_the_first_key_field_are_not_taken_for_each_other(
    store: Store, tmp_path: Path
) -> None:
    for name, what in (("a", "Chute"), ("b", "Coupure au doigt")):
        file = workbook(
            tmp_path / f"{name}.xlsx",
            ("Date", "Type", "Circonstances"),
            ("05/01/2026", "service", what),
        )
        assert bring(store, "accident", file).count(Outcome.NEW) == 1


def test_an_agent_without_number_does_not_take_that_of_the_line_above(
    store: Store, tmp_path: Path
) -> None:
    file = workbook(
        tmp_path / "agents.xlsx",
        ("Matricule", "Nom", "Prénom", "Service"),
        (7, "ALPHA", "Anne", "Voirie"),
        (None, "BETA", "Bruno", "Voirie"),
        (None, "GAMMA", "Chloé", "Voirie"),
        (8, "DELTA", "David", "Voirie"),
    )
    assert bring(store, "people", file).count(Outcome.NEW) == 4


def test_an_import_names_its_transaction(store: Store, small: Path) -> None:
    plan = bring(store, "duerp", small)
    assert plan.done is not None
    assert store.undo(plan.done.transaction)[1] == "Reprendre un document unique"


def test_a_correction_is_read_in_place_of_what_a_cell_holds(store: Store, small: Path) -> None:
    content = small.read_bytes()
    plan = bring(store, "duerp", small, corrections={("du.xlsx", "Sheet", "C3"): "Sablage"})
    with store.reading() as read:
        assert {each.situation for each in read.records(Query("risk"))} == {"Meulage", "Sablage"}
        [run] = read.records(Query("import_run"))
    assert "Sheet C3 : « Soufflage » corrigé à la reprise en « Sablage »." in run.report
    assert [each.old for each in plan.corrected] == ["Soufflage"]
    assert small.read_bytes() == content


def test_a_correction_of_a_sheet_that_is_not_there_changes_nothing(
    store: Store, small: Path
) -> None:
    with pytest.raises(Refused, match="n’a pas de feuille « Autre »"):
        bring(store, "duerp", small, corrections={("du.xlsx", "Autre", "C3"): "x"})
    with pytest.raises(Refused, match="n’est pas une cellule"):
        bring(store, "duerp", small, corrections={("du.xlsx", "Sheet", "3C"): "x"})


def test_a_line_that_is_left_out_is_not_written_and_is_told(store: Store, small: Path) -> None:
    plan = bring(store, "duerp", small, left_out=frozenset({("du.xlsx", "Sheet", 3)}))
    assert (plan.count(Outcome.NEW), plan.other) == (1, 2)
    assert "1 ligne laissée de côté à votre demande." in plan.notes
    with store.reading() as read:
        assert [each.situation for each in read.records(Query("risk"))] == ["Meulage"]


def test_a_file_that_is_not_the_one_reviewed_is_refused(store: Store, small: Path) -> None:
    with pytest.raises(Refused, match="a changé depuis sa relecture"):
        bring(store, "duerp", small, digests={"du.xlsx": "0" * 64})


def test_a_sheet_that_a_mapping_leaves_is_counted_and_not_read(
    store: Store, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for name in ("2026", "2025"):
        sheet = book.create_sheet(name)
        sheet.append(HEADINGS)
        sheet.append(("Atelier", "Bruit", f"Meulage {name}", "Surdité", 3, 4, 2, *([None] * 4)))
    book.save(tmp_path / "du.xlsx")
    mapping = Mapping.from_json(Mapping("duerp", without=["2025"]).to_json())
    plan = bring(store, "duerp", tmp_path / "du.xlsx", mapping=mapping)
    assert [row.sheet for row in plan.rows] == ["2026"]
    assert plan.other == 3


# -- ratings of a document unique -------------------------------------------------------------

RATED = ("Unité de travail", "Situation dangereuse", "G", "F", "M", "Mesures existantes", "Coté le")


def ratings(store: Store) -> list[Any]:
    with store.reading() as read:
        return read.records(Query("rating", order=("reference",)))


def test_its_ratings_are_evaluations_with_their_document_and_date(
    store: Store, tmp_path: Path
) -> None:
    file = workbook(
        tmp_path / "duerp_2024.xlsx",
        RATED,
        ("Atelier", "Meulage", 3, 4, 2, "Casques", "12/03/2024"),
        ("Atelier", "Soufflage", 2, 2, 2, None, None),
    )
    bring(store, "duerp", file)
    dated, undated = ratings(store)
    assert (dated.rated_on, undated.rated_on) == (date(2024, 3, 12), None)
    assert {each.basis for each in (dated, undated)} == {RatingBasis.IMPORTED}
    assert {each.source for each in (dated, undated)} == {"duerp_2024.xlsx"}
    assert dated.measures == "Casques"
    with store.reading() as read:
        risks = read.records(Query("risk"))
        (listed,) = undated_ratings(read, "45")
    assert {each.evaluation for each in risks} == {"evaluated"}
    assert listed.rating.id == undated.id


def test_a_second_import_never_goes_over_a_rating(store: Store, tmp_path: Path) -> None:
    def brought(name: str, figure: int, day: str | None) -> int:
        line = ("Atelier", "Meulage", figure, 4, 2, "Casques", day)
        bring(store, "duerp", workbook(tmp_path / f"{name}.xlsx", RATED, line))
        return len(ratings(store))

    assert brought("sans date", 3, None) == 1
    assert brought("la même", 3, None) == 1
    assert brought("datée", 3, "12/03/2024") == 1  # the date that was missing
    assert ratings(store)[0].rated_on == date(2024, 3, 12)
    assert brought("encore", 3, "12/03/2024") == 1
    assert brought("corrigée", 4, "12/03/2024") == 2
    assert brought("un an après", 4, "12/03/2025") == 3
    assert [each.severity for each in ratings(store)] == [3, 4, 4]
