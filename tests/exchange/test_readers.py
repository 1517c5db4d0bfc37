"""Every awkward file is read right or refused with a French sentence, in little memory and time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import unicodedata
import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from prevention_app.exchange.readers import read_source
from prevention_app.exchange.sheets import Sheet, SourceFile

DATA = Path(__file__).parents[1] / "data"
BAD = DATA / "bad"
ODD = DATA / "odd"

REFUSED = {
    "bad/bombe_zip.xlsx": "plus de 200 Mo pour une seule feuille : refusé par sécurité",
    "bad/en_fait_html.xlsx": "pas un classeur Excel mais une page web",
    "bad/entite_xml.xlsx": "contenu XML dangereux",
    "bad/octets_nuls.csv": "Lignes 2 et 3 : le fichier contient des octets nuls",
    "bad/protege_mot_de_passe.xlsx": "protégé par un mot de passe",
    "bad/que_des_graphiques.xlsx": "que des graphiques : aucune feuille de données",
    "bad/tronque.xlsx": "incomplet ou abîmé (archive xlsx tronquée)",
    "bad/vide.xlsx": "Le classeur ne contient aucune donnée.",
    "bad/zero_octet.xlsx": "Le fichier est vide (0 octet).",
    "odd/calamine__empty_sheet.xlsx": "aucune donnée",
    "odd/calamine__issue252.xlsx": "incomplet ou abîmé",
    "odd/calamine__issue_594_dos.ods": "trop grand",
    "odd/calamine__pass_protected.ods": "protégé par un mot de passe",
    "odd/calamine__vba.xlsm": "aucune donnée",
    "odd/closedxml__EscapedApostrophe.xlsx": "aucune donnée",
    "odd/closedxml__LoadSheetsWithCommas.xlsx": "aucune donnée",
    "odd/closedxml__hidden_sheets.xlsx": "aucune donnée",
    "odd/closedxml__sheet-names.xlsx": "aucune donnée",
    "odd/poi__51585.xlsx": "aucune donnée",
    "odd/poi__clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx": "incomplet",
    "odd/poi__crash-274d6342e4842d61be0fb48eaadad6208ae767ae.xlsx": "incomplet ou abîmé",
    "odd/poi__protected_passtika.xlsx": "protégé par un mot de passe",
    "odd/poi__sheetProtection_allLocked.xlsx": "aucune donnée",
    "odd/poi__xlsx-corrupted.xlsx": "incomplet ou abîmé",
}
ROWS = {
    "bad/ancien_format.xls": [4],
    "bad/autre_sujet.xlsx": [3],
    "bad/cellule_tres_longue.xlsx": [3],
    "bad/dates_1904.xlsx": [4],
    "bad/dates_negatives.xlsx": [7],
    "bad/emoji_droite_a_gauche.xlsx": [3],
    "bad/encodages_melanges.csv": [7],
    "bad/entetes_en_double.xlsx": [4],
    "bad/entetes_multilignes.xlsx": [4],
    "bad/formules_sans_valeur.xlsx": [4],
    "bad/injection_formules.xlsx": [5],
    "bad/liens_externes.xlsx": [4],
    "bad/mauvais_separateur.csv": [4],
    "bad/nombres_en_texte.xlsx": [4],
    "bad/traversee_de_chemin.xlsx": [4],
    "bad/un_million_de_lignes.xlsx": [4],
    "odd/calamine__OOM_alloc.xls": [28, 77, 33, 58, 58, 58, 58, 80, 77, 55],
    "odd/calamine__any_sheets.ods": [5, 0, 0, 0],
    "odd/calamine__any_sheets.xlsx": [5, 0, 0],
    "odd/calamine__column_row_ranges.xlsx": [5, 3],
    "odd/calamine__date.xlsx": [3],
    "odd/calamine__date_1904.xlsx": [3],
    "odd/calamine__errors.xlsx": [0, 0, 0],
    "odd/calamine__header-row.xlsx": [10],
    "odd/calamine__inventory-table.xlsx": [5],
    "odd/calamine__issue438.xlsx": [5],
    "odd/calamine__issue_174.xlsx": [2],
    "odd/calamine__issue_530.xlsx": [5],
    "odd/calamine__issue_553.xlsx": [20],
    "odd/calamine__nonstandard-xml-ns-prefix.xlsx": [3],
    "odd/calamine__pivots.xlsx": [5, 11, 7, 9, 11, 11],
    "odd/calamine__richtext-after-plain.xlsx": [2, 0, 0],
    "odd/calamine__richtext-namespaced.xlsx": [1, 0, 0],
    "odd/calamine__strict_iso_paths.xlsx": [76],
    "odd/calamine__table-multiple.xlsx": [5, 5, 11],
    "odd/calamine__xls_wrong_decimals.xls": [1],
    "odd/closedxml__CellWithStringDataType.xlsx": [3],
    "odd/closedxml__CellsWithTimeSpanDataTypeOrFormatting.xlsx": [12],
    "odd/closedxml__DialogSheet.xlsx": [5, 2],
    "odd/closedxml__EmptyCellValue.xlsx": [1],
    "odd/closedxml__EmptyNumberFormatId.xlsx": [2],
    "odd/closedxml__FileWithDefaultStyleNameNotInEnglish.xlsx": [11],
    "odd/closedxml__InvalidPrintTitles.xlsx": [2],
    "odd/closedxml__ProtecteSheet1234Pass.xlsx": [12],
    "odd/closedxml__SHA512PasswordProtection.xlsx": [2, 2],
    "odd/closedxml__TableWithNameNull.xlsx": [2],
    "odd/closedxml__WorksheetWithExclamationMark.xlsx": [311],
    "odd/closedxml__enhanced-protection.xlsx": [6],
    "odd/closedxml__preserve_space.xlsx": [1, 0, 0],
    "odd/poi__49609.xlsx": [39, 39],
    "odd/poi__57236.xlsx": [3, 0, 0],
    "odd/poi__MissingBits.xls": [23, 0, 0],
    "odd/poi__SimpleStrict.xlsx": [6, 7],
    "odd/poi__noSharedStringTable.xlsx": [1],
    "odd/poi__workbookProtection-sheet_password-2013.xlsx": [1],
    "odd/poi__xxe_in_schema.xlsx": [10],
}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict[str, Any]]:
    """What came of each file, read in two processes of 1 GiB each."""
    names = sorted([*REFUSED, *ROWS])
    found: dict[str, dict[str, Any]] = {}
    for batch in (names[::2], names[1::2]):
        run = subprocess.run(
            [sys.executable, Path(__file__).with_name("read_all.py"), *(DATA / n for n in batch)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=100,
            env={**os.environ, "PYTHONPATH": str(DATA.parents[1]), "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        assert run.returncode == 0, run.stderr
        found |= {
            Path(name).relative_to(DATA).as_posix(): each
            for name, each in json.loads(run.stdout).items()
        }
    return found


def plain_spaces(sentence: str) -> str:
    return sentence.replace("\u00a0", " ").replace("\u202f", " ")


def only_sheet(name: str) -> Sheet:
    [sheet] = read_source(BAD / name).sheets
    return sheet


def test_no_file_of_the_two_folders_is_forgotten() -> None:
    present = {f"{folder.name}/{path.name}" for folder in (BAD, ODD) for path in folder.iterdir()}
    assert present - {"bad/README.md", "odd/README.md"} == {*REFUSED, *ROWS}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_an_unreadable_file_is_refused_with_its_name_and_the_reason(
    outcomes: dict[str, dict[str, Any]], name: str
) -> None:
    message = plain_spaces(outcomes[name]["refused"])
    assert message.startswith(f"« {Path(name).name} » n’a pas été lu. ")
    assert REFUSED[name] in message
    assert message.endswith(".")
    assert outcomes[name]["seconds"] < 60


@pytest.mark.parametrize("name", sorted(ROWS))
def test_an_awkward_file_is_read_to_its_last_row(
    outcomes: dict[str, dict[str, Any]], name: str
) -> None:
    assert outcomes[name].get("rows") == ROWS[name], outcomes[name].get("refused")
    assert outcomes[name]["seconds"] < 60


# The values of our own files.


def test_dates_counted_from_1904_are_not_four_years_off() -> None:
    sheet = only_sheet("dates_1904.xlsx")
    assert [sheet.value(row, 11) for row in (2, 3, 4)] == [
        date(2026, 12, 31),
        date(2026, 10, 15),
        date(2027, 3, 31),
    ]


def test_numbers_that_are_no_date_are_flagged_and_empty() -> None:
    sheet = only_sheet("dates_negatives.xlsx")
    assert sheet.impossible_dates == {
        (2, 11): "-45",
        (3, 11): "0",
        (4, 11): "60",
        (5, 11): "2958466",
        (7, 11): "1000000000",
    }
    assert {sheet.value(*address) for address in sheet.impossible_dates} == {None}
    assert sheet.value(6, 11) == datetime.fromisoformat("2025-12-09 18:00")


def test_formulas_never_calculated_are_flagged_and_empty() -> None:
    sheet = only_sheet("formules_sans_valeur.xlsx")
    assert sheet.uncalculated == {(row, column) for row in (2, 3, 4) for column in (4, 12)}
    assert {sheet.value(*address) for address in sheet.uncalculated} == {None}


def test_numbers_written_as_text_stay_text_and_numbers_are_whole() -> None:
    sheet = only_sheet("nombres_en_texte.xlsx")
    assert sheet.rows[1][4:] == ["4", "4\u00a0", "'2", "1\u00a0250,50", "1\u00a0024"]
    assert sheet.rows[2][7:] == ["12\u202f000 €", "12 agents"]
    whole = only_sheet("injection_formules.xlsx").value(2, 5)
    assert whole == 4
    assert isinstance(whole, int)


def test_text_that_looks_like_a_formula_stays_as_written() -> None:
    sheet = only_sheet("injection_formules.xlsx")
    texts = [value for row in sheet.rows for value in row if isinstance(value, str)]
    starts = {text[0] for text in texts if text[0] in "=+-@\t"}
    assert starts == set("=+-@\t")
    assert sheet.value(2, 1) == '=HYPERLINK("http://exemple.invalid";"clic")'


def test_a_value_from_another_workbook_is_the_stored_one_and_said() -> None:
    source = read_source(BAD / "liens_externes.xlsx")
    assert source.sheets[0].value(2, 5) == 3
    assert any("liée à un autre classeur en E2" in remark for remark in source.remarks)


def test_paths_that_leave_the_archive_are_said_and_write_nothing(tmp_path: Path) -> None:
    copy = tmp_path / "traversee.xlsx"
    copy.write_bytes((BAD / "traversee_de_chemin.xlsx").read_bytes())
    source = read_source(copy)
    assert any("chemins suspects" in remark for remark in source.remarks)
    assert list(tmp_path.iterdir()) == [copy]


def test_line_breaks_in_headings_are_kept() -> None:
    sheet = only_sheet("entetes_multilignes.xlsx")
    assert sheet.rows[0][:4] == [
        "Unité\nde travail",
        "Famille de\nrisque ",
        "Situation\r\ndangereuse",
        "  Dommages\n(potentiels)",
    ]


def test_a_cell_as_long_as_excel_allows_is_whole() -> None:
    sheet = only_sheet("cellule_tres_longue.xlsx")
    assert max(len(value) for row in sheet.rows for value in row if isinstance(value, str)) == 32767


def test_emoji_and_writing_from_right_to_left_are_unchanged() -> None:
    sheet = only_sheet("emoji_droite_a_gauche.xlsx")
    assert sheet.rows[1][:4] == [
        "Équipe 🚧 routes 👷\u200d♀️",
        "Risque routier",
        "عمل على الطريق",
        "נזק",
    ]


def test_lines_in_another_encoding_are_read_and_named() -> None:
    source = read_source(BAD / "encodages_melanges.csv")
    remark = plain_spaces(source.remarks[0])
    assert remark.startswith("Lignes 2, 4 et 6 : caractères dans un autre encodage (Windows-1252)")
    text = "".join(str(value) for row in source.sheets[0].rows for value in row)
    assert "Ã" not in text
    assert "\ufffd" not in text
    assert "É" in text


def test_an_old_workbook_gives_text_numbers_and_dates() -> None:
    sheet = only_sheet("ancien_format.xls")
    assert sheet.rows[1][4:7] == [4, 4, 2]
    assert sheet.rows[1][10] == date(2026, 12, 31)


def test_a_source_file_carries_the_digest_of_its_bytes() -> None:
    path = BAD / "mauvais_separateur.csv"
    assert read_source(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()


# The values of others' files, against two other readers.

TRIMMED_BY_CALAMINE = {("calamine__issue_174.xlsx", 1, 5)}
SHIFTED_BY_BOTH = "dates_negatives.xlsx"
NOT_FOR_OPENPYXL = {
    "closedxml__InvalidPrintTitles.xlsx",  # ten seconds
    "calamine__issue_530.xlsx",
    "calamine__pivots.xlsx",
    "calamine__strict_iso_paths.xlsx",
    "poi__49609.xlsx",
    "poi__SimpleStrict.xlsx",
}


def workbooks() -> list[str]:
    names = [name for name in ROWS if name.endswith((".xlsx", ".xls")) and ROWS[name] != [0, 0, 0]]
    return [name for name in sorted(names) if not name.endswith(SHIFTED_BY_BOTH)]


def comparable(value: object) -> object:
    """A value without what the readers' habits make of it."""
    if value == "":
        return None
    if isinstance(value, bool | timedelta):
        return value
    if isinstance(value, int | float):
        return round(float(value), 9)
    if isinstance(value, datetime):
        value = value.replace(microsecond=value.microsecond // 1000 * 1000)
        return value.date() if value.time() == time.min else value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("_x000D_", "\r"))
    return value


def differences(sheet: Sheet, other: list[list[Any]], source: SourceFile) -> list[object]:
    rows = max(len(sheet.rows), len(other))
    width = max((len(row) for row in [*sheet.rows, *other]), default=0)
    found: list[object] = []
    for row in range(1, rows + 1):
        theirs_row = other[row - 1] if row <= len(other) else []
        for column in range(1, width + 1):
            theirs = theirs_row[column - 1] if column <= len(theirs_row) else None
            ours = sheet.value(row, column)
            skipped = (row, column) in sheet.errors or (
                (source.name, row, column) in TRIMMED_BY_CALAMINE
            )
            if not skipped and comparable(theirs) != comparable(ours):
                found.append((sheet.name, row, column, theirs, ours))
    return found


@pytest.mark.parametrize("name", workbooks())
def test_values_and_addresses_are_those_that_calamine_finds(name: str) -> None:
    import python_calamine

    source = read_source(DATA / name)
    workbook = python_calamine.load_workbook(DATA / name)
    for sheet in source.sheets:
        theirs = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        assert differences(sheet, theirs, source) == []


@pytest.mark.parametrize(
    "name",
    [n for n in workbooks() if n.endswith(".xlsx") and Path(n).name not in NOT_FOR_OPENPYXL],
)
@pytest.mark.untraced
def test_values_fills_and_strikes_are_those_that_openpyxl_finds(name: str) -> None:
    import openpyxl

    source = read_source(DATA / name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(DATA / name, data_only=True)
    for sheet in source.sheets:
        theirs = workbook[sheet.name]
        if theirs.max_row > 5000:
            continue  # openpyxl believes what the sheet declares
        assert (
            differences(sheet, [list(r) for r in theirs.iter_rows(values_only=True)], source) == []
        )
        for row in theirs.iter_rows(max_row=len(sheet.rows) or 1):
            for cell in row:
                if cell.fill.patternType == "solid" and cell.fill.fgColor.type == "rgb":
                    colour = cell.fill.fgColor.rgb[-6:]
                    expected = None if colour == "FFFFFF" else colour
                    assert sheet.fills.get((cell.row, cell.column)) == expected, cell
                if cell.font.strike and cell.value is not None:
                    assert (cell.row, cell.column) in sheet.strikes
