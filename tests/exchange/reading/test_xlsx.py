"""Workbooks of Excel: where values stand, and what cells show besides."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.reading.budget import Budget
from prevention_app.exchange.sheets import Sheet
from tests.exchange.reading.made_files import MAIN, relationships, worksheet, write_xlsx


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "classeur.xlsx"


def first_sheet(path: Path) -> Sheet:
    return read_source(path).sheets[0]


def styles(*formats: str) -> dict[str, str]:
    """Styles 1, 2… with those number formats."""
    listed = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(formats)
    )
    used = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
    return {
        "styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{listed}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
    }


# Where values stand.


def test_empty_rows_and_columns_before_the_table_keep_their_places(file: Path) -> None:
    write_xlsx(file, worksheet('<row r="7"><c r="C7"><v>1</v></c></row>'))
    sheet = first_sheet(file)
    assert sheet.value(7, 3) == 1
    assert sheet.rows == [*[[]] * 6, [None, None, 1]]


def test_cells_without_references_follow_each_other(file: Path) -> None:
    write_xlsx(
        file, worksheet("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")
    )
    assert first_sheet(file).rows == [[1, 2], [3]]


def test_cells_in_any_order_stand_where_their_reference_says(file: Path) -> None:
    write_xlsx(
        file,
        worksheet(
            '<row r="3"><c r="B3"><v>1</v></c><c r="A3"><v>2</v></c><c r="A11"><v>4</v></c></row>'
            '<row r="1"><c r="A1"><v>3</v></c></row>'
        ),
    )
    sheet = first_sheet(file)
    assert sheet.rows[0] == [3]
    assert sheet.rows[2] == [2, 1]
    assert sheet.value(11, 1) == 4


def test_a_value_in_the_last_cell_of_a_sheet_costs_little(file: Path) -> None:
    write_xlsx(
        file,
        worksheet(
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
        ),
    )
    sheet = first_sheet(file)
    assert sheet.value(1_048_576, 16_384) == 2
    assert len(sheet.rows[-1]) == 16_384
    assert sheet.rows[-2] == []


def test_formatted_cells_without_value_make_no_rows(file: Path) -> None:
    cells = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(2, 3000))
    write_xlsx(
        file, worksheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{cells}'), parts=styles("0")
    )
    assert first_sheet(file).rows == [[1]]


def test_prefixes_and_strict_namespaces_change_nothing(file: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    write_xlsx(
        file,
        f'<x:worksheet xmlns:x="{strict}"><x:sheetData><x:row r="1">'
        '<x:c r="A1" t="inlineStr"><x:is><x:r><x:t>a</x:t></x:r><x:r><x:t>b</x:t></x:r></x:is>'
        "</x:c>"
        '<x:c r="B1" t="d"><x:v>2026-12-31</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>",
    )
    assert first_sheet(file).rows == [["ab", date(2026, 12, 31)]]


def test_hidden_sheets_are_read_and_marked(file: Path) -> None:
    workbook = openpyxl.Workbook()
    for state in ("visible", "hidden", "veryHidden"):
        sheet = workbook.create_sheet(state)
        sheet.sheet_state = state
        sheet["A1"] = state
    del workbook["Sheet"]
    workbook.save(file)
    assert [(sheet.name, sheet.hidden) for sheet in read_source(file).sheets] == [
        ("visible", False),
        ("hidden", True),
        ("veryHidden", True),
    ]


def test_a_chart_sheet_among_sheets_is_left_out_and_said(file: Path) -> None:
    workbook = xlsxwriter.Workbook(file)
    workbook.add_worksheet("Données <&> l’été").write(0, 0, 1)
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series({"values": ["Données <&> l’été", 0, 0, 0, 0]})
    workbook.add_chartsheet("Dessin").set_chart(chart)
    workbook.close()
    source = read_source(file)
    assert [sheet.name for sheet in source.sheets] == ["Données <&> l’été"]
    assert source.remarks == [
        "Feuille «\u00a0Dessin\u00a0»\u00a0: graphique, sans données à importer."
    ]


# Values.


def test_whole_numbers_are_whole_and_others_are_not(file: Path) -> None:
    numbers = ["4", "4.0", "-45", "1E3", "0.25", "3e-104", "1.5e300", "12345678901234"]
    cells = "".join(f"<c><v>{number}</v></c>" for number in numbers)
    write_xlsx(file, worksheet(f"<row>{cells}</row>"))
    values = first_sheet(file).rows[0]
    assert values == [4, 4, -45, 1000, 0.25, 3e-104, 1.5e300, 12345678901234]
    assert [type(value) for value in values] == [int, int, int, int, float, float, float, int]


def test_a_number_beyond_all_numbers_is_an_error(file: Path) -> None:
    write_xlsx(file, worksheet("<row><c><v>1e999</v></c><c><v>NaN</v></c><c><v>1</v></c></row>"))
    sheet = first_sheet(file)
    assert sheet.rows == [[None, None, 1]]
    assert sheet.errors == {(1, 1): "#NUM!", (1, 2): "#NUM!"}


def test_text_in_a_number_cell_is_kept(file: Path) -> None:
    write_xlsx(file, worksheet("<row><c><v>douze</v></c></row>"))
    assert first_sheet(file).rows == [["douze"]]


def test_booleans_errors_and_formula_texts_are_what_they_are(file: Path) -> None:
    write_xlsx(
        file,
        worksheet(
            '<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c>'
            '<c t="str"><f>A1</f><v>oui</v></c><c t="str"><f>""</f><v></v></c></row>'
        ),
    )
    sheet = first_sheet(file)
    assert sheet.rows == [[True, False, None, "oui"]]
    assert sheet.errors == {(1, 3): "#N/A"}
    assert sheet.uncalculated == set()


def test_shared_texts_lose_phonetics_and_escapes_but_no_character(file: Path) -> None:
    shared = (
        f'<sst xmlns="{MAIN}"><si><t xml:space="preserve"> a </t></si>'
        "<si><t>é</t><rPh><t>é</t></rPh></si>"
        "<si><t>a_x000D_\nb _x005F_x000D_ _xD83D__xDE00_ _xD83D_ _x0000_</t></si>"
        "<si><t>e\u0301</t></si><si><t/></si></sst>"
    )
    cells = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(5))
    write_xlsx(file, worksheet(f"<row>{cells}</row>"), parts={"sharedStrings.xml": shared})
    assert first_sheet(file).rows == [[" a ", "é", "a\r\nb _x000D_ 😀 _xD83D_ _x0000_", "é"]]


@pytest.mark.parametrize(
    ("code", "stored", "expected"),
    [
        ("dd/mm/yyyy", "46387", date(2026, 12, 31)),
        ("jj/mm/aaaa", "46387", date(2026, 12, 31)),
        ("[$-40C]d mmmm yyyy;@", "46387", date(2026, 12, 31)),
        ("dd/mm/yyyy", "46000.75", datetime.fromisoformat("2025-12-09 18:00")),
        ("dd/mm/yyyy hh:mm", "46000.75", datetime.fromisoformat("2025-12-09 18:00")),
        ("d/m/yy h:mm", "0.75", time(18)),
        ("hh:mm", "0.5", time(12)),
        ("hh:mm", "0", time(0)),
        ("h:mm AM/PM", "0.75", time(18)),
        ("[h]:mm", "1.5", timedelta(hours=36)),
        ("[hh]:mm:ss", "-0.5", timedelta(hours=-12)),
        ("mmm-yy", "46387", date(2026, 12, 31)),
        ("dd/mm/yyyy", "1", date(1900, 1, 1)),
        ("dd/mm/yyyy", "59", date(1900, 2, 28)),
        ("dd/mm/yyyy", "61", date(1900, 3, 1)),
        ("dd/mm/yyyy", "2958465", date(9999, 12, 31)),
        ("0.00", "46387", 46387),
        ("0.0%", "0.25", 0.25),
        ("0 &quot;jours&quot;", "12", 12),
        (r"0\ \d", "12", 12),
        ("#,##0.00_-[$€-40C]", "12", 12),
        ("[Red]0;[Blue]-0", "12", 12),
        ("0.00E+00", "12", 12),
        ("General", "46387", 46387),
        ("@", "46387", 46387),
    ],
)
def test_a_number_format_says_what_a_number_is(
    file: Path, code: str, stored: str, expected: object
) -> None:
    row = f'<row><c s="1"><v>{stored}</v></c><c><v>1</v></c></row>'
    write_xlsx(file, worksheet(row), parts=styles(code))
    value = first_sheet(file).value(1, 1)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize("stored", ["-1", "0", "60", "0.5", "2958466", "1e12", "hier"])
def test_what_is_no_date_is_flagged(file: Path, stored: str) -> None:
    write_xlsx(file, worksheet(f'<row><c s="1"><v>{stored}</v></c></row>'), parts=styles("d/m/yy"))
    sheet = first_sheet(file)
    assert sheet.impossible_dates == {(1, 1): stored}
    assert sheet.rows == []


@pytest.mark.parametrize("flag", ["1", "true"])
def test_dates_from_1904_start_there(file: Path, flag: str) -> None:
    rows = '<row><c s="1"><v>0</v></c><c s="1"><v>44925</v></c><c s="1"><v>-1</v></c></row>'
    write_xlsx(
        file,
        worksheet(rows),
        before_sheets=f'<workbookPr date1904="{flag}"/>',
        parts=styles("dd/mm/yyyy"),
    )
    sheet = first_sheet(file)
    assert sheet.rows == [[date(1904, 1, 1), date(2026, 12, 31)]]
    assert sheet.impossible_dates == {(1, 3): "-1"}


# Formulas.


def test_zeros_for_all_formulas_of_a_workbook_to_be_calculated_are_no_values(file: Path) -> None:
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, [4, 3, 2])
    sheet.write_formula(0, 3, "=A1*B1*C1")
    workbook.close()
    read = first_sheet(file)
    assert read.uncalculated == {(1, 4)}
    assert read.value(1, 4) is None


def test_a_zero_beside_calculated_formulas_is_a_value(file: Path) -> None:
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet()
    sheet.write_formula(0, 0, "=1-1", value=0)
    sheet.write_formula(0, 1, "=1+1", value=2)
    workbook.close()
    read = first_sheet(file)
    assert read.rows == [[0, 2]]
    assert read.uncalculated == set()


# What cells show besides.


def test_solid_colours_are_read_whichever_way_they_are_given(file: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    colours = [
        Color(rgb="FFFF0000"),
        Color(indexed=43),
        Color(theme=4),
        Color(theme=4, tint=0.5),
        Color(theme=0, tint=-0.25),
        Color(rgb="FFFFFFFF"),
        Color(theme=0),
    ]
    for column, colour in enumerate(colours, 1):
        sheet.cell(1, column).fill = PatternFill("solid", fgColor=colour)
    sheet.cell(1, 8).fill = PatternFill("lightUp", fgColor="FF00FF00")
    sheet.cell(1, 9, "fin")
    workbook.save(file)
    assert first_sheet(file).fills == {
        (1, 1): "FF0000",
        (1, 2): "FFFF99",
        (1, 3): "4F81BD",
        (1, 4): "A7C0DE",
        (1, 5): "BFBFBF",
    }


def test_colours_below_the_last_value_are_left_out(file: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in range(1, 6):
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor="FF00FF00")
    sheet.cell(3, 2, "fin")
    workbook.save(file)
    assert set(first_sheet(file).fills) == {(1, 1), (2, 1), (3, 1)}


def test_struck_text_is_marked_and_partly_struck_text_said(file: Path) -> None:
    workbook = xlsxwriter.Workbook(file)
    struck = workbook.add_format({"font_strikeout": True})
    plain = workbook.add_format({})
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "tout", struck)
    sheet.write_rich_string(0, 1, "reste ", struck, "barré")
    sheet.write_rich_string(0, 2, struck, "barré ", struck, "aussi")
    sheet.write(0, 3, "rien", plain)
    sheet.write_blank(0, 4, None, struck)
    workbook.close()
    source = read_source(file)
    assert source.sheets[0].strikes == {(1, 1), (1, 3)}
    assert source.remarks == [
        "Feuille «\u00a0Sheet1\u00a0»\u00a0: texte barré en partie en B1, lu en entier."
    ]


def test_comments_merged_areas_and_hidden_rows_and_columns_are_read(file: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in range(1, 5):
        sheet.append([row, "b", "c", "d"])
    sheet["B2"].comment = Comment("À revoir\navec le médecin", "Camille")
    sheet.merge_cells("C3:D4")
    sheet.merge_cells("A4:A40")
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[900].hidden = True
    sheet.column_dimensions["B"].hidden = True
    workbook.save(file)
    read = first_sheet(file)
    assert read.comments == {(2, 2): "À revoir\navec le médecin"}
    assert read.merged == [(3, 3, 4, 4)]
    assert read.hidden_rows == {3}
    assert read.hidden_columns == {2}


def test_conversations_replace_the_note_that_announces_them(file: Path) -> None:
    note = "[Threaded comment]\n\nVotre version d’Excel…"
    write_xlsx(file, worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with ZipFile(file, "a") as archive:
        archive.writestr(
            "xl/worksheets/_rels/sheet0.xml.rels",
            relationships(
                ("comments", "../comments1.xml"), ("threadedComment", "../threadedComments/t1.xml")
            ),
        )
        archive.writestr(
            "xl/comments1.xml",
            f'<comments xmlns="{MAIN}"><commentList><comment ref="A1"><text><t>{note}</t></text>'
            '</comment><comment ref="B1"><text><r><t>note</t></r></text></comment></commentList>'
            "</comments>",
        )
        archive.writestr(
            "xl/threadedComments/t1.xml",
            '<ThreadedComments xmlns="urn:x"><threadedComment ref="A1"><text>Fait ?</text>'
            '</threadedComment><threadedComment ref="A1"><text>Oui.</text></threadedComment>'
            "</ThreadedComments>",
        )
    assert first_sheet(file).comments == {(1, 1): "Fait ?\nOui.", (1, 2): "note"}


def test_text_boxes_and_macros_are_said_not_to_be_read(file: Path) -> None:
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet("Page")
    sheet.write(0, 0, 1)
    sheet.insert_textbox(2, 2, "À lire")
    workbook.close()
    with ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"")
    assert read_source(file).remarks == [
        "Les macros du classeur sont ignorées.",
        "Feuille «\u00a0Page\u00a0»\u00a0: le texte des zones de texte n’est pas lu.",
    ]


def test_too_many_coloured_cells_leave_values_and_say_so(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prevention_app.exchange.reading.xlsx.Budget", lambda: Budget(styled=5))
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in range(1, 10):
        sheet.cell(row, 1, row).fill = PatternFill("solid", fgColor="FF00FF00")
        sheet.cell(row, 1).font = Font(strike=True)
    workbook.save(file)
    source = read_source(file)
    assert [row[0] for row in source.sheets[0].rows] == list(range(1, 10))
    assert source.sheets[0].fills == {}
    assert source.sheets[0].strikes == set()
    assert "couleurs et texte barré ne sont pas lus" in source.remarks[0]


# Damage.


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "texte n° 7 absent"),
        ('<row r="0"><c r="A0"><v>7</v></c></row>', "adresse de cellule"),
        ('<row r="99999999"><c><v>7</v></c></row>', "adresse de ligne"),
        ('<row r="1"><c r="ZZZZ1"><v>7</v></c></row>', "adresse de cellule"),
        ('<row r="1"><c r="é1"><v>7</v></c></row>', "adresse de cellule"),
        ('<row r="1"><c r="A1"><v>7</c></row>', "XML mal formé"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(file: Path, row: str, reason: str) -> None:
    write_xlsx(file, worksheet(row))
    with pytest.raises(UnreadableFile, match=reason):
        read_source(file)


def test_a_sheet_that_is_missing_is_refused(file: Path) -> None:
    write_xlsx(file, worksheet(""))
    broken = file.with_name("sans_feuille.xlsx")
    with ZipFile(file) as source, ZipFile(broken, "w") as target:
        for name in source.namelist():
            if "sheet0" not in name:
                target.writestr(name, source.read(name))
    with pytest.raises(UnreadableFile, match="partie absente"):
        read_source(broken)
