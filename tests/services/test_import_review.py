"""What a person sees before an import is applied, and the refused lines taken out of it."""

from __future__ import annotations

import pickle
from pathlib import Path

import openpyxl
import pytest

from prevention_app.errors import Refused
from prevention_app.exchange.mapping import Mapping
from prevention_app.services import imports
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_kind_guess import kind_by_columns
from prevention_app.services.import_lines import ReviewLine, ReviewLines
from prevention_app.services.import_plan import ImportRequest
from prevention_app.services.import_refusals import write_refusals
from prevention_app.services.import_review import Review, apply_reviewed, review
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store

DEMO = Path(__file__).parents[2] / "resources" / "demo"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "VGP"
    for row in (
        ("Site : CER de Gien",),
        ("Équipement", "Dernière vérification", "Périodicité", "Couleur"),
        ("Nacelle", "31/02/2026", "6 mois", "vert"),
        ("Chariot", "04/06/2026", "180 j", None),
        ("Presse", "31/02/2026", "3 mois", None),
    ):
        book.active.append(row)
    book.save(tmp_path / "vgp.xlsx")
    return tmp_path / "vgp.xlsx"


def look(store: Store, path: Path, kind: str = "inspections", **options) -> Review:
    return review(store, ImportRequest(kind, (path,), **options), Progress())


def lines(found: Review) -> list[ReviewLine]:
    return [found.lines[at] for at in range(len(found.lines))]


def test_refused_lines_come_first_each_with_its_cell_its_value_and_the_reason(store, file) -> None:
    found = look(store, file)
    first, second, third = lines(found)
    assert [each.outcome for each in (first, second, third)] == [
        Outcome.REFUSED,
        Outcome.REFUSED,
        Outcome.NEW,
    ]
    [mark] = first.refused
    assert (mark.cell, mark.before) == ("B3", "31/02/2026")
    assert mark.text.startswith("Date impossible")
    assert found.columns[mark.column].field == "last_inspection"
    [doubt] = third.doubts
    assert (doubt.cell, doubt.before) == ("C4", "180 j")


def test_cells_that_are_refused_alike_are_known(store, file) -> None:
    found = look(store, file)
    assert found.alike == {
        ("last_inspection", 0, "31/02/2026"): [("vgp.xlsx", "VGP", "B3"), ("vgp.xlsx", "VGP", "B5")]
    }


def test_what_changes_is_shown_with_the_old_and_the_new_value(store, file) -> None:
    corrections = {("vgp.xlsx", "VGP", cell): "28/02/2026" for cell in ("B3", "B5")}
    imports.run(store, ImportRequest("inspections", (file,), corrections=corrections))
    later = corrections | {("vgp.xlsx", "VGP", "C3"): "12 mois"}
    found = look(store, file, corrections=later)
    changed = lines(found)[0]
    assert changed.outcome is Outcome.CHANGED
    [change] = changed.changes
    assert (change.before, change.text) == ("6", "12")
    assert found.columns[change.column].field == "period_months"
    assert found.counts[Outcome.UNCHANGED] == 2


def test_columns_stay_where_an_earlier_review_had_them(store, file) -> None:
    order = [("period_months", 0), ("last_inspection", 0), ("equipment", 0)]
    found = review(store, ImportRequest("inspections", (file,)), Progress(), order)
    assert [(each.field, each.nth) for each in found.columns] == order


def test_a_question_stands_before_the_lines(store, tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.append(("Unité de travail", "Situation dangereuse", "G", "F", "Pilote", "Pilote"))
    book.active.append(("Atelier", "Meulage", 3, 4, "Chef", "Adjoint"))
    book.save(tmp_path / "du.xlsx")
    found = look(store, tmp_path / "du.xlsx", "duerp")
    assert not found.compared
    assert len(found.lines) == 0
    assert found.files[0].questions


def test_lines_of_another_department_are_counted(store, tmp_path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("Nom;Département\nAtelier;41\nMusée;45\nGare;37\n", encoding="utf-8")
    assert look(store, file, "site").of_others == 1
    assert look(store, file, "site", department="all").of_others == 0


def test_a_review_of_many_lines_is_small_and_opened_page_by_page() -> None:
    made = (
        ReviewLine(
            Outcome.REFUSED if at < 3 else Outcome.NEW, 0, "Feuille", at, f"Titre {at}",
            cells=[f"valeur {at}", "oui", "🛠"],
        )
        for at in range(20_000)
    )  # fmt: skip
    packed = pickle.dumps(ReviewLines(made))
    assert len(packed) < 1_500_000
    found = pickle.loads(packed)
    assert found.span([Outcome.NEW]) == (3, 20_000)
    assert (found[19_999].row, found[19_999].cells[2]) == (19_999, "🛠")
    with pytest.raises(IndexError):
        found[20_000]


def test_refused_lines_come_back_with_their_context_once_corrected(store, file, tmp_path) -> None:
    out = tmp_path / "refus.xlsx"
    assert write_refusals(store, ImportRequest("inspections", (file,)), out, Progress()) == 2
    sheet = openpyxl.load_workbook(out)["VGP"]
    headings = [cell.value for cell in sheet[1]]
    assert headings[:3] == ["Motif du refus", "Ligne d’origine", "Équipement"]
    assert sheet["A2"].value.startswith("B3 : Date impossible")
    at = headings.index("Dernière vérification") + 1
    for row in (2, 3):
        sheet.cell(row, at).value = "28/02/2026"
    sheet.parent.save(out)
    assert look(store, out).counts[Outcome.NEW] == 2
    done = apply_reviewed(store, ImportRequest("inspections", (out,)), Progress())
    assert done.created["equipment"] == 2
    assert done.created["site"] == 1
    with store.reading() as read:
        remarks = [each.import_remarks or "" for each in read.records(Query("equipment"))]
    assert sorted(remarks) == ["", "Couleur : vert"]


def test_where_nothing_is_refused_there_is_nothing_to_write(store, file, tmp_path) -> None:
    request = ImportRequest(
        "inspections",
        (file,),
        corrections={("vgp.xlsx", "VGP", cell): "28/02/2026" for cell in ("B3", "B5")},
    )
    with pytest.raises(Refused, match="Aucune ligne n’est refusée"):
        write_refusals(store, request, tmp_path / "refus.xlsx", Progress())


def test_a_model_knows_the_refused_lines_of_its_file_again(store, tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.append(("Équipement", "Zzz", "Site", "Marque"))
    book.active.append(("Nacelle", "31/02/2026", "Gien", "Haulotte"))
    book.save(tmp_path / "vgp.xlsx")
    mapping = Mapping("inspections", "Modèle")
    table = look(store, tmp_path / "vgp.xlsx").files[0].tables[0]
    mapping.table_said(table.sheet, table.signature).columns = {2: "last_inspection"}
    imports.save_mapping(store, mapping)
    out = tmp_path / "refus.xlsx"
    write_refusals(store, ImportRequest("inspections", (tmp_path / "vgp.xlsx",)), out, Progress())
    found = look(store, out)
    assert found.counts[Outcome.REFUSED] == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("organigramme.xlsx", "organisation"),
        ("agents_28.csv", "people"),
        ("duerp_45.xlsx", "duerp"),
        ("stock_phyto.xlsx", "phyto-stock"),
        ("rsst.csv", "health_safety_entry"),
    ],
)
@pytest.mark.untraced
def test_a_kind_is_known_by_the_columns_of_a_file(store, name, kind) -> None:
    assert kind_by_columns(store, DEMO / name, Progress()) == kind


def test_a_file_of_another_thing_is_not_guessed(store, tmp_path) -> None:
    file = tmp_path / "divers.csv"
    file.write_text("a;b;c\n1;2;3\n", encoding="utf-8")
    assert kind_by_columns(store, file, Progress()) == ""
