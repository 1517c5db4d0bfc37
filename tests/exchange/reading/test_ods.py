"""Spreadsheets of LibreOffice: repeated rows, paragraphs, and what is said not to be read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.sheets import Sheet
from tests.exchange.reading.made_files import write_ods, write_zip

UNREAD = "Format .ods\u00a0: les couleurs de fond et le texte barré ne sont pas lus."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "classeur.ods"


def table(rows: str, name: str = "F1", attributes: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>\n{rows}\n</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>\n{''.join(cells)}\n</table:table-row>"


def text(content: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}>{content}</table:table-cell>'


def typed(kind: str, stored: str, attribute: str) -> str:
    opening = f'<table:table-cell office:value-type="{kind}" office:{attribute}="{stored}">'
    return f"{opening}<text:p>?</text:p></table:table-cell>"


def only_sheet(path: Path) -> Sheet:
    [sheet] = read_source(path).sheets
    return sheet


def test_values_have_their_types(file: Path) -> None:
    cells = [
        typed("float", "3", "value"),
        typed("percentage", "0.25", "value"),
        typed("currency", "12.5", "value"),
        typed("date", "2026-12-31", "date-value"),
        typed("date", "2026-12-31T18:30:00", "date-value"),
        typed("time", "PT18H30M15S", "time-value"),
        typed("time", "PT30H30M00S", "time-value"),
        typed("boolean", "true", "boolean-value"),
    ]
    write_ods(file, table(row(*cells)))
    assert only_sheet(file).rows == [
        [
            3,
            0.25,
            12.5,
            date(2026, 12, 31),
            datetime.fromisoformat("2026-12-31 18:30"),
            time(18, 30, 15),
            timedelta(hours=30, minutes=30),
            True,
        ]
    ]


def test_text_keeps_its_lines_tabs_and_spaces(file: Path) -> None:
    content = (
        '<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d</text:p>'
        "<text:p>ligne\n   <text:span>deux</text:span></text:p>"
        "<draw:frame><draw:text-box><text:p>dessin</text:p></draw:text-box></draw:frame>"
    )
    write_ods(file, table(row(text(content))))
    assert only_sheet(file).rows == [["a   b\tc\nd\nligne deux"]]


def test_repeated_rows_and_cells_count_as_often_as_they_say(file: Path) -> None:
    empty = '<table:table-cell table:number-columns-repeated="1024"/>'
    rows = (
        row(empty, attributes='table:number-rows-repeated="2"')
        + row(
            "<table:table-cell/>",
            text("<text:p>x</text:p>", 'table:number-columns-repeated="2"'),
            attributes='table:number-rows-repeated="2"',
        )
        + row(empty, attributes='table:number-rows-repeated="1048572"')
    )
    write_ods(file, table(rows))
    assert only_sheet(file).rows == [[], [], [None, "x", "x"], [None, "x", "x"]]


def test_comments_merges_hidden_rows_columns_and_sheets_are_read(file: Path) -> None:
    note = (
        "<office:annotation><text:p>À revoir</text:p><text:p>vite</text:p></office:annotation>"
        "<text:p>x</text:p>"
    )
    spans = 'table:number-columns-spanned="2" table:number-rows-spanned="2"'
    rows = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
        + row(text(note), text("<text:p>y</text:p>", spans), "<table:covered-table-cell/>")
        + row(text("<text:p>z</text:p>"), attributes='table:visibility="filter"')
        + row(text("<text:p>z</text:p>"), text("<text:p>z</text:p>"), text("<text:p>z</text:p>"))
    )
    properties = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="ta2">{properties}</style:style>'
    hidden = table(row(text("<text:p>h</text:p>")), "F2", 'table:style-name="ta2"')
    write_ods(file, table(rows) + hidden, styles=style)
    shown, second = read_source(file).sheets
    assert shown.comments == {(1, 1): "À revoir\nvite"}
    assert shown.merged == [(1, 2, 2, 3)]
    assert shown.hidden_rows == {2}
    assert shown.hidden_columns == {3}
    assert (shown.hidden, second.hidden, second.name) == (False, True, "F2")


def test_errors_formulas_without_value_and_impossible_dates_are_flagged(file: Path) -> None:
    cells = [
        text("<text:p>#N/A</text:p>", 'table:formula="of:=NA()" calcext:value-type="error"'),
        text("<text:p>Err:508</text:p>", 'table:formula="of:=("'),
        '<table:table-cell table:formula="of:=1+1"/>',
        typed("date", "-0045-12-31", "date-value"),
        text("<text:p>#1 du classement</text:p>"),
    ]
    write_ods(file, table(row(*cells)))
    sheet = only_sheet(file)
    assert sheet.errors == {(1, 1): "#N/A", (1, 2): "Err:508"}
    assert sheet.uncalculated == {(1, 3)}
    assert sheet.impossible_dates == {(1, 4): "-0045-12-31"}
    assert sheet.rows == [[None, None, None, None, "#1 du classement"]]


def test_what_is_not_read_and_what_is_linked_is_said(file: Path) -> None:
    formula = "table:formula=\"of:=['file:///C:/autre.ods'#$F1.A1]\""
    linked = f'<table:table-cell {formula} office:value-type="float" office:value="3"/>'
    write_ods(file, table(row(linked)))
    source = read_source(file)
    assert source.sheets[0].rows == [[3]]
    assert source.remarks[0] == UNREAD
    assert "liée à un autre classeur en A1" in source.remarks[1]


def test_deleted_cells_of_tracked_changes_are_not_read(file: Path) -> None:
    tracked = "<table:tracked-changes><table:deletion><table:cell-content-deletion>" + (
        text("<text:p>effacé</text:p>")
        + "</table:cell-content-deletion></table:deletion></table:tracked-changes>"
    )
    write_ods(file, tracked + table(row(text("<text:p>gardé</text:p>"))))
    assert only_sheet(file).rows == [["gardé"]]


@pytest.mark.parametrize("columns", ["16384", "999999999"])
def test_values_repeated_beyond_any_sheet_are_refused_at_once(file: Path, columns: str) -> None:
    cell = text("<text:p>X</text:p>", f'table:number-columns-repeated="{columns}"')
    write_ods(file, table(row(cell, attributes='table:number-rows-repeated="1048576"')))
    with pytest.raises(UnreadableFile, match="trop grand"):
        read_source(file)


def test_other_open_documents_are_named(tmp_path: Path) -> None:
    kind = "application/vnd.oasis.opendocument.text"
    file = write_zip(tmp_path / "texte.ods", {"mimetype": kind, "content.xml": "<a/>"})
    with pytest.raises(UnreadableFile, match="un document, pas un classeur"):
        read_source(file)
