"""Text tables: separators, quotes and encodings are found, and what is doubtful is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.sheets import SourceFile

HEADINGS = "Unité;Agents;Coût"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def read(file: Path, content: str | bytes) -> SourceFile:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_source(file)


def rows(file: Path, content: str | bytes) -> list[list[object]]:
    [sheet] = read(file, content).sheets
    return [list(row) for row in sheet.rows]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found(file: Path, separator: str) -> None:
    content = "Unité;Agents\nÉquipe A;12\nÉquipe B;3\n".replace(";", separator)
    source = read(file, content)
    assert source.sheets[0].rows == [["Unité", "Agents"], ["Équipe A", "12"], ["Équipe B", "3"]]
    assert source.remarks == []
    assert source.sheets[0].name == "table"


def test_decimal_commas_are_no_separators(file: Path) -> None:
    content = "Site;Coût;Reste\nA;1,5;2,5\nB;3,5;4,5\n"
    assert rows(file, content)[1] == ["A", "1,5", "2,5"]


def test_semicolons_in_the_text_of_a_comma_table_are_no_separators(file: Path) -> None:
    content = "Unité,Mesures,G\nA,gants ; casque,4\nB,gilet ; casque,3\n"
    assert rows(file, content)[1] == ["A", "gants ; casque", "4"]


def test_a_title_above_the_table_does_not_hide_the_separator(file: Path) -> None:
    content = "Inventaire, au 1er mai\n\nSite;Produit\nA;B\n"
    assert rows(file, content) == [["Inventaire, au 1er mai"], [], ["Site", "Produit"], ["A", "B"]]


def test_a_quote_that_never_closes_is_found_behind_others(file: Path) -> None:
    source = read(file, 'a;b\n"x"y;c\n"z\n";1\nd;"e\nf;g\n')
    assert source.sheets[0].rows[-2:] == [["d", '"e'], ["f", "g"]]
    assert source.remarks[0].startswith("Ligne 5")


def test_a_tab_can_be_announced(file: Path) -> None:
    assert rows(file, "sep=\t\na;1\tb\n") == [[], ["a;1", "b"]]


def test_excels_line_that_announces_a_separator_is_obeyed_and_keeps_its_place(file: Path) -> None:
    assert rows(file, "sep=|\na;b|c\n") == [[], ["a;b", "c"]]


def test_quoted_cells_keep_separators_line_breaks_and_quotes(file: Path) -> None:
    content = 'a;"b;c\r\nd ""e""";f\r\ng;h;i\r\n'
    assert rows(file, content) == [["a", 'b;c\r\nd "e"', "f"], ["g", "h", "i"]]


def test_lines_of_an_old_mac_are_lines(file: Path) -> None:
    assert rows(file, "a;b\rc;d\r") == [["a", "b"], ["c", "d"]]


def test_a_quote_that_never_closes_swallows_nothing(file: Path) -> None:
    source = read(file, 'a;b\n"tube 12;c\nd;e\n')
    assert source.sheets[0].rows == [["a", "b"], ['"tube 12', "c"], ["d", "e"]]
    assert source.remarks[0].startswith("Ligne 2")
    assert "guillemet ouvert" in source.remarks[0]


def test_a_single_column_is_read_and_said(file: Path) -> None:
    source = read(file, "Agents\nAnne\nMarc\n")
    assert source.sheets[0].rows == [["Agents"], ["Anne"], ["Marc"]]
    assert source.remarks[0].startswith("Une seule colonne trouvée")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_in_any_form_is_read_without_remark(file: Path, encoding: str) -> None:
    content = f"{HEADINGS}\nÉquipe d’été;12;3 €\n".encode(encoding)
    source = read(file, content)
    assert source.sheets[0].rows == [["Unité", "Agents", "Coût"], ["Équipe d’été", "12", "3 €"]]
    assert source.remarks == []


def test_windows_1252_is_read_without_remark(file: Path) -> None:
    source = read(file, f"{HEADINGS}\nÉquipe d’été œuvre;12;3 €\n".encode("cp1252"))
    assert source.sheets[0].rows[1] == ["Équipe d’été œuvre", "12", "3 €"]
    assert source.remarks == []


@pytest.mark.parametrize(("encoding", "name"), [("cp850", "DOS"), ("mac_roman", "Macintosh")])
def test_older_encodings_are_guessed_by_their_letters_and_said(
    file: Path, encoding: str, name: str
) -> None:
    source = read(file, f"{HEADINGS}\nÉquipe créée à l'été, gênée;12;3\n".encode(encoding))
    assert source.sheets[0].rows[1][0] == "Équipe créée à l'été, gênée"
    assert name in source.remarks[0]


def test_text_spoilt_before_is_said_with_its_lines(file: Path) -> None:
    source = read(file, "Unité;G\nÃ©quipe;4\nok;3\n")
    assert source.remarks[0].startswith("Ligne 2")
    assert "déjà abîmés" in source.remarks[0]


def test_bytes_of_no_encoding_are_refused_with_their_line(file: Path) -> None:
    with pytest.raises(UnreadableFile, match="Ligne 2"):
        read(file, b"a;b\n\x81\x8d;c\n\xc3\xa9;d\n")


def test_decomposed_letters_are_composed(file: Path) -> None:
    assert rows(file, "Unite\u0301;b\nc;d\n")[0] == ["Unité", "b"]


def test_a_binary_file_is_no_table(file: Path) -> None:
    with pytest.raises(UnreadableFile, match="ni un classeur ni un texte"):
        read(file, bytes(range(1, 32)) * 50)


def test_a_name_that_says_workbook_is_said_to_be_wrong(tmp_path: Path) -> None:
    source = read(tmp_path / "table.xlsx", "a;b\nc;d\n")
    assert source.sheets[0].rows == [["a", "b"], ["c", "d"]]
    assert "finit par «\u00a0.xlsx\u00a0», mais c’est un texte à séparateurs" in source.remarks[0]
