"""A returned sheet says the same, whatever became of its columns and rows meanwhile."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.errors import NewerFormat, UnreadableFile
from prevention_app.exchange import collecting_cells as cells
from prevention_app.exchange import collecting_model as model
from prevention_app.exchange.collecting_model import Identity, RiskLine, RiskSheet
from prevention_app.exchange.collecting_paper import write_paper
from prevention_app.exchange.collecting_reading import read_answer
from prevention_app.exchange.collecting_workbook import IDENTITY_SHEET, write_risk_sheet

IDS = [f"0000000{at}-0000-8000-8000-000000000000" for at in range(4)]
COLUMNS = 8
FIRST_ROW = 9


def asked() -> RiskSheet:
    """A unit with four situations."""
    lines = [
        RiskLine(key, "Bruit", f"Situation {at}", "Casque\nPauses", "Moyen")
        for at, key in enumerate(IDS)
    ]
    return RiskSheet(
        Identity("jeton", "risks", "campagne", "unité"), "Loiret", "Atelier", "Routes",
        "Campagne 2026", date(2026, 11, 2), date(2026, 12, 2), lines, ["Bruit", "Chute"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def returned(tmp_path_factory) -> Path:
    """A sheet as somebody filled it in."""
    place = tmp_path_factory.mktemp("fiches") / "fiche.xlsx"
    write_risk_sheet(asked(), place)
    book = openpyxl.load_workbook(place)
    sheet = book.worksheets[0]
    sheet["G9"], sheet["G10"], sheet["G11"] = model.ANSWERS
    sheet["H10"], sheet["D14"], sheet["E14"] = "Nouveau moteur", "Vapeurs", "Hotte"
    book.save(place)
    return place


def test_what_was_filled_in_is_read_at_its_cell(returned):
    answer = read_answer(returned)
    assert [(each.key, each.answer, each.cell) for each in answer.lines] == [
        (IDS[0], model.STILL_TRUE, "Fiche!G9"),
        (IDS[1], model.CHANGED, "Fiche!G10"),
        (IDS[2], model.GONE, "Fiche!G11"),
        ("new-1", model.NEW, "Fiche!D14"),
    ]
    assert (answer.lines[1].remark, answer.lines[3].measures) == ("Nouveau moteur", "Hotte")


@given(
    columns=st.permutations(range(1, COLUMNS + 1)),
    lines=st.permutations(range(FIRST_ROW, FIRST_ROW + 4)),
    name=st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20).filter(
        lambda text: text != IDENTITY_SHEET
    ),
    headings=st.booleans(),
)
def test_columns_moved_lines_sorted_and_names_changed_say_the_same(
    returned, tmp_path_factory, columns, lines, name, headings
):
    book = openpyxl.load_workbook(returned)
    sheet = book.worksheets[0]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    before = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=COLUMNS)]
    order = [*range(1, FIRST_ROW), *lines, *range(FIRST_ROW + 4, len(before) + 1)]
    for row, source in enumerate(order, 1):
        for column, taken in enumerate(columns, 1):
            sheet.cell(row, column).value = before[source - 1][taken - 1]
    if headings:
        for row in range(FIRST_ROW - 2, FIRST_ROW - 1):
            for column in range(1, COLUMNS + 1):
                sheet.cell(row, column).value = None  # the hidden row of codes is gone
    sheet.title = name
    place = tmp_path_factory.mktemp("moved") / "fiche.xlsx"
    book.save(place)
    assert read_answer(place).digest == read_answer(returned).digest


def test_a_sheet_without_its_hidden_sheet_is_known_by_its_first_cell(returned, tmp_path):
    book = openpyxl.load_workbook(returned)
    del book[IDENTITY_SHEET]
    place = tmp_path / "fiche.xlsx"
    book.save(place)
    answer = read_answer(place)
    assert answer.identity.token == "jeton"
    assert [each.answer for each in answer.lines] == [*model.ANSWERS, model.NEW]


def test_a_line_copied_with_its_key_is_a_line_of_its_own(returned, tmp_path):
    book = openpyxl.load_workbook(returned)
    sheet = book.worksheets[0]
    for column in range(1, COLUMNS + 1):
        sheet.cell(40, column).value = sheet.cell(10, column).value
    sheet.cell(40, 4).value = "Situation copiée, autre lieu"
    place = tmp_path / "fiche.xlsx"
    book.save(place)
    lines = read_answer(place).lines
    assert [each.text for each in lines if each.answer == model.NEW] == [
        "Situation copiée, autre lieu",
        "Vapeurs",
    ]
    assert [each.key for each in lines].count(IDS[1]) == 1


def test_a_sheet_of_a_newer_version_or_without_its_columns_is_refused(returned, tmp_path):
    place = tmp_path / "fiche.xlsx"
    book = openpyxl.load_workbook(returned)
    book[IDENTITY_SHEET]["B2"] = "99"
    book.save(place)
    with pytest.raises(NewerFormat, match="plus récente"):
        read_answer(place)
    book = openpyxl.load_workbook(returned)
    book.worksheets[0].delete_cols(7)
    book.save(place)
    with pytest.raises(UnreadableFile, match="Aujourd’hui"):
        read_answer(place)


def test_the_paper_repeats_its_headings_and_has_room_for_new_situations(tmp_path):
    place = tmp_path / "fiche.docx"
    write_paper(asked(), place)
    document = Document(str(place))
    known, blank = document.tables
    assert len(known.rows) == 5
    assert [row.cells[2].text for row in known.rows][1:] == [f"Situation {at}" for at in range(4)]
    assert len(blank.rows) == model.BLANK_ROWS + 1
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    section = document.sections[0]
    assert section.page_width > section.page_height


@pytest.mark.parametrize(
    ("text", "share"),
    [("70", 70), ("70 %", 70), ("0.7", 70), ("100", 100), ("0", 0), ("120", None), ("bien", None)],
)
def test_a_share_is_read_however_excel_or_people_write_it(text, share):
    assert cells.progress_of(text) == (None if share is None else Decimal(share))
