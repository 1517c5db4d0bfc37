"""Rows streamed into a workbook: every kind of value, odd characters, limits, many rows."""

from __future__ import annotations

import sys
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from prevention_app.exchange.sheet_stream import fitted, serial_day, serial_moment
from prevention_app.exchange.workbook_model import (
    Column,
    Look,
    RegisterSheet,
    Table,
    Workbook,
)
from prevention_app.exchange.workbook_writer import write_workbook
from prevention_app.services.progress import Progress
from tests.exchange.workbook_parts import Parts, all_problems


def write(file, columns, rows, count=None, totals=None):
    table = Table("T_essai", columns, rows, len(rows) if count is None else count, totals or {})
    return write_workbook(
        Workbook(
            title="Essai",
            subject="Essai",
            company="Essai",
            author="Service prévention",
            keywords="essai",
            properties={"export_id": "x"},
            header=("Essai", "3e trimestre"),
            footer=("Essai", "Essai"),
            sheets=(RegisterSheet(name="Essai", title="Essai", table=table),),
        ),
        file,
        Progress(),
    )


def read(file):
    """The rows below the headings, by calamine."""
    book = python_calamine.CalamineWorkbook.from_path(file)
    return book.get_sheet_by_name("Essai").to_python(skip_empty_area=False)[4:]


MIXED = (
    Column("Texte"),
    Column("Entier", Look.INTEGER),
    Column("Nombre", Look.NUMBER),
    Column("Jour", Look.DATE),
    Column("Moment", Look.DATETIME),
    Column("Vrai", Look.CENTRED),
)


def test_every_kind_of_value_comes_back_as_it_was(tmp_path):
    file = tmp_path / "a.xlsx"
    rows = [
        ("a", 1, Decimal("2.50"), date(2026, 2, 28), datetime(2026, 2, 28, 14, 5), True),
        (None, None, None, None, None, None),
        ("é & <b> \"q\" 'r'", -7, 0.1, date(1900, 2, 28), datetime(1900, 3, 1), False),
        ("", 0, Decimal("1E+3"), date(1900, 3, 1), datetime(2026, 1, 1), None),
    ]
    write(file, MIXED, rows)
    assert read(file) == [
        ["a", 1.0, 2.5, date(2026, 2, 28), datetime(2026, 2, 28, 14, 5), True],
        ["", "", "", "", "", ""],
        ["é & <b> \"q\" 'r'", -7.0, 0.1, date(1900, 2, 28), date(1900, 3, 1), False],
        ["", 0.0, 1000.0, date(1900, 3, 1), date(2026, 1, 1), ""],
    ]
    assert all_problems(Parts(file)) == []


def test_what_a_cell_cannot_hold_as_a_number_is_text_or_nothing(tmp_path):
    file = tmp_path / "a.xlsx"
    rows = [
        ("a", 10**15, float("nan"), date(1899, 12, 31), datetime(1850, 1, 1, 8), None),
        (5, "< 5", float("inf"), "à renseigner", None, "Oui"),
    ]
    write(file, MIXED, rows)
    assert read(file) == [
        ["a", str(10**15), "", "31/12/1899", "01/01/1850 08:00", ""],
        [5.0, "< 5", "", "à renseigner", "", "Oui"],
    ]


@given(st.dates(min_value=date(1900, 1, 1)))
def test_days_are_numbered_as_openpyxl_reads_them(day):
    number = serial_day(day)
    assert openpyxl.utils.datetime.from_excel(number) == datetime(day.year, day.month, day.day)
    assert serial_moment(datetime(day.year, day.month, day.day, 12)) == number + 0.5


_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=40)


@given(texts=st.lists(_TEXTS, min_size=1, max_size=30))
def test_any_text_comes_back_as_it_was(tmp_path_factory, texts):
    file = tmp_path_factory.getbasetemp() / "textes.xlsx"
    write(file, (Column("N°", Look.INTEGER), Column("Texte")), list(enumerate(texts)))
    found = [row[1] for row in read(file)]
    assert found == [each.replace("\r\n", "\n").replace("\r", "\n") for each in texts]


def test_a_block_with_odd_characters_comes_back_whole(tmp_path):
    file = tmp_path / "a.xlsx"
    texts = [
        "ordinaire",
        "\x1f séparateur",
        "\x00\x08\x0c",
        "_x000D_ écrit tel quel",
        "fin\r\nde ligne",
        " espaces ",
        "\ufffe\uffff",
        "demi-paire \ud83d",
        "😀",
    ]
    write(file, (Column("Texte"),), [(each,) for each in texts])
    assert [row[0] for row in read(file)] == [
        *texts[:4],
        "fin\nde ligne",
        " espaces ",
        "_xFFFE__xFFFF_",  # as calamine gives what Excel decodes
        "demi-paire ?",
        "😀",
    ]
    assert all_problems(Parts(file)) == []


def test_a_text_is_cut_where_excel_cuts_it_and_that_is_told(tmp_path):
    file = tmp_path / "a.xlsx"
    rows = [("x" * 32_767,), ("x" * 32_768,), ("😀" * 16_384,), ("court",)]
    written = write(file, (Column("Texte"),), rows)
    texts = [row[0] for row in read(file)]
    assert texts[0] == "x" * 32_767
    assert len(texts[1]) == 32_767
    assert len(texts[2].encode("utf-16-le")) <= 2 * 32_767
    assert texts[2].startswith("😀" * 100)
    assert texts[2].endswith(" … (suite dans l’application)")
    assert [(each.row, each.heading) for each in written.cut_texts] == [(6, "Texte"), (7, "Texte")]
    assert fitted("court") == ("court", False)


@pytest.mark.parametrize("with_isal", [True, False])
def test_many_rows_are_all_there_whatever_packs_them(tmp_path, monkeypatch, with_isal):
    if not with_isal:
        monkeypatch.setitem(sys.modules, "isal", None)
    file = tmp_path / "a.xlsx"
    start = date(2020, 1, 1)
    rows = [
        (f"ligne {at}" if at % 3 else None, at, Decimal(at) / 4, start + timedelta(days=at % 900))
        for at in range(5_203)
    ]
    total = float(sum(row[2] for row in rows))
    columns = MIXED[:4]
    written = write(file, columns, iter(rows), count=len(rows), totals={"Nombre": total})
    assert written.rows == {"Essai": 5_203}
    found = read(file)
    assert found[:-1] == [[row[0] or "", float(row[1]), float(row[2]), row[3]] for row in rows]
    assert found[-1][:3] == ["Total", "", total]
    assert all_problems(Parts(file)) == []
    with zipfile.ZipFile(file) as archive:
        table = archive.read("xl/tables/table1.xml").decode()
    assert 'ref="A4:D5208"' in table
    assert '<autoFilter ref="A4:D5207"' in table


def test_the_total_follows_the_filter(tmp_path):
    file = tmp_path / "a.xlsx"
    write(file, MIXED[:3], [("a", 1, 2), ("b", 3, 4)], totals={"Nombre": 6.0})
    cell = openpyxl.load_workbook(file)["Essai"]["C7"]
    assert cell.value == "=SUBTOTAL(109,T_essai[Nombre])"


def test_a_wrapped_text_makes_its_row_as_tall_as_it_needs(tmp_path):
    file = tmp_path / "a.xlsx"
    rows = [("court",), ("mot " * 60,), ("a\nb\nc\nd",), ("mot " * 5_000,)]
    write(file, (Column("Texte", Look.WRAPPED, 30),), rows)
    heights = openpyxl.load_workbook(file)["Essai"].row_dimensions
    short, long, lines, longest = (heights[row].height for row in range(5, 9))
    assert short < lines < long < longest <= 409


def test_rows_that_do_not_fit_the_table_are_an_error_and_leave_nothing(tmp_path):
    file = tmp_path / "a.xlsx"
    with pytest.raises(ValueError, match="1 rows instead of 2"):
        write(file, (Column("Texte"),), [("a",)], count=2)
    with pytest.raises(ValueError):
        write(file, (Column("Texte"),), [("a", "b")])
    with pytest.raises(ValueError):
        write(file, (Column("Texte"), Column("Autre")), [("a", "b"), ("c",)])
    assert list(tmp_path.iterdir()) == []
