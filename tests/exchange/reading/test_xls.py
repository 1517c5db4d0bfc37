"""Workbooks of Excel 97-2003: values, formats, and containers that bite their own tail."""

from __future__ import annotations

import struct
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.readers import read_source

DATA = Path(__file__).parents[2] / "data"


def test_values_stand_at_their_addresses_with_their_types() -> None:
    sheet = read_source(DATA / "xls" / "formats.xls").sheets[0]
    assert sheet.rows == [
        [],
        [],
        [None, "Équipe d’été", 4, 0.25, True],
        [
            None,
            date(2026, 12, 31),
            datetime.fromisoformat("2025-12-09 18:00"),
            time(18),
            timedelta(hours=36),
        ],
        [None, "rouge", None, "blanc", "barré", "reste barré"],
        [None, "fusion"],
        [None, None, None, "fin"],
    ]
    assert isinstance(sheet.value(3, 3), int)
    assert sheet.errors == {(3, 6): "#N/A"}
    assert sheet.impossible_dates == {(4, 6): "-45"}


def test_what_cells_show_besides_is_read() -> None:
    source = read_source(DATA / "xls" / "formats.xls")
    sheet, second = source.sheets
    assert sheet.fills == {(5, 2): "FF0000", (5, 3): "FFFF00"}
    assert sheet.strikes == {(5, 5)}
    assert sheet.merged == [(6, 2, 7, 3)]
    assert sheet.hidden_rows == {6}
    assert sheet.hidden_columns == {4}
    assert (sheet.hidden, second.hidden) == (False, True)
    assert source.remarks == [
        "Feuille «\u00a0Formats\u00a0»\u00a0: texte barré en partie en F5, lu en entier."
    ]


def test_dates_counted_from_1904_are_not_four_years_off() -> None:
    [sheet] = read_source(DATA / "xls" / "dates_1904.xls").sheets
    assert sheet.rows == [[date(2026, 12, 31)]]


def test_a_circle_of_sectors_has_an_end(tmp_path: Path) -> None:
    content = bytearray((DATA / "odd" / "poi__MissingBits.xls").read_bytes())
    entry = content.find("Workbook\0".encode("utf-16-le"))
    [first] = struct.unpack_from("<i", content, entry + 116)
    [table] = struct.unpack_from("<i", content, 60)
    struct.pack_into("<i", content, 512 + 512 * table + 4 * first, first)
    file = tmp_path / "cercle.xls"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"classeur \.xls illisible"):
        read_source(file)


def test_an_old_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    beginning = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0, 0x07CC, 0, 0)
    password = struct.pack("<HHHH", 0x002F, 4, 0, 0)
    end = struct.pack("<HH", 0x000A, 0)
    file = tmp_path / "protege.xls"
    file.write_bytes(beginning + password + end)
    with pytest.raises(UnreadableFile, match="protégé par un mot de passe"):
        read_source(file)
