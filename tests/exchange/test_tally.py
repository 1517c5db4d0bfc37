"""Counts and sums: what is written in the formula, and the value beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from prevention_app.exchange.tally import Tally, column_of
from prevention_app.exchange.workbook_model import Column

ROWS = [
    ("Parcs", "En retard", Decimal("2.5"), date(2026, 1, 5), 2026),
    ("parcs", "À jour", Decimal(8), date(2026, 4, 1), 2026),
    ("< 5", "En retard", None, None, 2025),
    ('a*b "c" {2}', "En retard", "< 5", date(2026, 3, 31), "Sans date"),
]
TALLY = Tally(
    "T_x",
    (Column("Direction"), Column("État"), Column("Coût [€]"), Column("Date"), Column("Année")),
    ROWS,
)


def test_counting_knows_no_case_and_escapes_what_excel_reads_as_a_sign():
    assert TALLY.count({"Direction": "Parcs"}).value == 2
    assert TALLY.count({"Direction": "< 5"}).text == '=COUNTIFS(T_x[Direction],"=< 5")'
    odd = TALLY.count({"Direction": 'a*b "c" {2}'})
    assert odd.value == 1
    assert odd.text == '=COUNTIFS(T_x[Direction],"a~*b ""c"" "&CHAR(123)&"2}")'
    both = TALLY.count({"Année": 2026, "État": "À jour"}, {"Année": 2025})
    assert both.value == 2
    assert both.text == ('=COUNTIFS(T_x[Année],2026,T_x[État],"À jour")+COUNTIFS(T_x[Année],2025)')


def test_sums_and_bounds_pass_over_what_is_no_number():
    total = TALLY.total("Coût [€]", {"État": "En retard"})
    assert total.value == 2.5
    assert total.text == "=SUMIFS(T_x[Coût '[€']],T_x[État],\"En retard\")"
    assert TALLY.numbers("Coût [€]", {}).value == 2
    assert TALLY.numbers("Coût [€]", {"Direction": "Parcs"}).value == 2


def test_days_between_two_days_include_both():
    found = TALLY.between("Date", date(2026, 1, 5), date(2026, 3, 31))
    assert found.value == 2
    assert found.text == ('=COUNTIFS(T_x[Date],">="&DATE(2026,1,5),T_x[Date],"<="&DATE(2026,3,31))')
    assert TALLY.between("Date", date(2026, 1, 1), date(2026, 12, 31), {"Année": 2026}).value == 2


def test_a_heading_is_escaped_in_formulas():
    assert column_of("T", "d'abord #1") == "T[d''abord '#1]"
