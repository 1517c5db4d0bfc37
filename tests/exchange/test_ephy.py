from __future__ import annotations

import os
import shutil
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from prevention_app.domain.editions import compare_editions
from prevention_app.errors import UnreadableFile
from prevention_app.exchange.ephy import open_ephy
from prevention_app.exchange.ephy_files import EPHY_FILES

DATA = Path(__file__).parents[1] / "data" / "ephy"
SEPTEMBER = DATA / "20250923_windows-1252"
FEBRUARY = DATA / "202602_utf8"
SNAPSHOT = Path(__file__).parents[2] / "resources" / "reference" / "ephy" / "ephy.zip"
TODAY = date(2026, 3, 1)

HEADINGS = (
    "type produit;numero AMM;nom produit;Etat d’autorisation;Date de retrait du produit;"
    "Date de première autorisation;"
)


def zipped(path: Path, folder: Path = SEPTEMBER, **more: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.iterdir()):
            archive.write(each, each.name)
        for name, text in more.items():
            archive.writestr(name, text)
    return path


def rows_of(path: Path, key: str):
    return list(open_ephy([path], today=TODAY).files[key])


def one_file(tmp_path: Path, content: bytes | str, name: str = "produits.csv"):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_ephy([path], today=TODAY).files["produits"]


def refusal(*paths: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        open_ephy(paths, today=TODAY)
    return str(refused.value)


# --- The whole of an edition ---------------------------------------------------------------------


def test_the_ten_files_of_a_windows_zip_are_recognised_and_every_row_lands(tmp_path):
    edition = open_ephy([zipped(tmp_path / "a.zip")], today=TODAY)

    assert set(edition.files) == {each.key for each in EPHY_FILES}
    for key, table in edition.files.items():
        published = (SEPTEMBER / f"{key}_Windows-1252.csv").read_bytes().split(b"\n")
        assert len(list(table)) == len(published) - 1 == table.rows_read
        assert (table.rows_refused, table.other_lines) == (0, 1)


def test_a_folder_and_its_single_files_give_the_same_rows_as_the_zip(tmp_path):
    from_zip = open_ephy([zipped(tmp_path / "a.zip")], today=TODAY)
    from_folder = open_ephy([SEPTEMBER], today=TODAY)
    from_files = open_ephy(sorted(SEPTEMBER.iterdir()), today=TODAY)

    for key, table in from_zip.files.items():
        rows = list(table)
        assert rows == list(from_folder.files[key]) == list(from_files.files[key])


def test_utf8_files_give_the_same_words_as_windows_1252_files():
    before = {row["amm"]: row for row in rows_of(SEPTEMBER, "produits")}
    after = {row["amm"]: row for row in rows_of(FEBRUARY, "produits")}

    assert before["9200056"]["mentions"] == after["9200056"]["mentions"] == "Liste biocontrôle"
    assert before["8800006"] == after["8800006"]


@pytest.mark.parametrize("file", EPHY_FILES, ids=lambda each: each.key)
def test_every_published_column_has_a_field_and_every_field_a_column(file):
    table = open_ephy([SEPTEMBER], today=TODAY).files[file.key]

    assert table.layout.unknown == ()
    assert {each.key for _, each in table.layout.fields} == {each.key for each in file.columns}


@pytest.mark.parametrize("folder", [SEPTEMBER, FEBRUARY], ids=["september", "february"])
def test_the_natural_key_tells_every_row_from_the_others(folder):
    for table in open_ephy([folder], today=TODAY).files.values():
        keys = Counter(tuple(row[each] for each in table.file.key_fields) for row in table)
        assert max(keys.values()) == 1


def test_a_table_can_be_read_twice_and_reports_its_problems_once_each_time():
    table = open_ephy([SEPTEMBER], today=TODAY).files["produits"]
    assert list(table) == list(table)
    assert [problem.line for problem in table.problems] == [20]


# --- Values --------------------------------------------------------------------------------------


def test_values_are_typed_and_an_empty_cell_is_none():
    use = next(row for row in rows_of(SEPTEMBER, "produits_usages") if row["amm"] == "8800006")

    assert use["use"] == "Artichaut*Trt Part.Aer.*Pucerons"
    assert use["decided_on"] == date(2012, 9, 26)
    assert use["use_until"] == date(2014, 3, 31)
    assert use["dose"] == Decimal("0.6")
    assert use["max_applications"] == 3
    assert use["state"] == "withdrawn"
    assert use["water_buffer"] is None


def test_the_number_is_without_blanks_and_also_as_published():
    product = next(row for row in rows_of(SEPTEMBER, "produits") if row["amm"] == "2090141")
    assert product["number_as_published"] == " 2090141"
    assert any(row["amm"] == "2090141" for row in rows_of(SEPTEMBER, "produits_usages"))


def test_equal_rows_keep_their_place_by_rank():
    uses = [row for row in rows_of(SEPTEMBER, "produits_usages") if row["amm"] == "2090141"]
    forest = [row["rank"] for row in uses if row["use"] == "Forêt*Désherbage*Avt Plantation"]
    assert forest == [1, 2]


def test_code_and_label_of_a_use_are_told_apart_by_their_shape_whatever_the_headings(tmp_path):
    path = SEPTEMBER / "usages_des_produits_autorises_Windows-1252.csv"
    published = rows_of(path, "usages_des_produits_autorises")
    text = path.read_bytes().decode("cp1252")
    swapped = tmp_path / "usages.csv"
    swapped.write_text(
        text.replace("identifiant usage lib court;identifiant usage;", "A;B;").replace(
            "A;B;", "identifiant usage;identifiant usage lib court;"
        ),
        encoding="utf-8",
    )

    assert rows_of(swapped, "usages_des_produits_autorises") == published
    assert all("*" in row["use"] and row["use_code"].isdigit() for row in published)


def test_the_heading_that_occurs_twice_goes_to_the_product_and_to_the_use():
    table = open_ephy([SEPTEMBER], today=TODAY).files["usages_des_produits_autorises"]
    columns = {each.key: at for at, each in table.layout.fields}
    assert (columns["product_mentions"], columns["mentions"]) == (7, 28)
    assert {row["product_mentions"] for row in table if row["amm"] == "9200056"} == {
        "Liste biocontrôle"
    }


def test_the_misspelt_heading_of_the_uses_is_known():
    uses = open_ephy([SEPTEMBER], today=TODAY).files["produits_usages"]
    assert any(row["stage_max"] for row in uses)
    assert uses.problems == []


def test_another_misspelt_heading_is_taken_for_the_nearest_and_said(tmp_path):
    headings = HEADINGS.replace("Etat d’autorisation", "Etat d’autorisaton")
    table = one_file(tmp_path, f"{headings}\nPPP;1;A;RETIRE;;;\n")
    assert [row["state"] for row in table] == ["withdrawn"]
    assert [each.message for each in table.problems] == [
        "Titre « etat d'autorisaton » lu comme « etat d'autorisation »."
    ]


def test_a_file_without_a_column_that_every_row_needs_is_not_recognised(tmp_path):
    path = tmp_path / "produits.csv"
    path.write_text(
        f"{HEADINGS.replace('nom produit', 'x')}\nPPP;1;A;RETIRE;;;\n", encoding="utf-8"
    )
    assert "n’est aucune des dix tables" in refusal(path)


def test_an_unknown_column_is_said(tmp_path):
    table = one_file(tmp_path, f"{HEADINGS}couleur\nPPP;1;A;RETIRE;;;bleu\n")
    assert [row["name"] for row in table] == ["A"]
    assert "« couleur »" in table.problems[0].message


def test_an_impossible_date_is_reported_and_left_empty():
    table = open_ephy([SEPTEMBER], today=TODAY).files["produits"]
    row = next(row for row in table if row["amm"] == "1150011")
    assert row["first_authorised_on"] is None
    list(table)
    assert "14/01/0016" in table.problems[0].message
    assert not table.problems[0].refused


# --- Rows that cannot be read --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("PPP;2;B;RETIRE", "La ligne compte 4 valeurs pour 6 colonnes : elle est coupée."),
        ("PPP;2;B;RETIRE;;;;x", "La ligne compte 8 valeurs pour 6 colonnes."),
        ("PPP; ;B;RETIRE;;;", "« N° AMM » est vide."),
        ("PPP;2;;RETIRE;;;", "« Nom du produit » est vide."),
        ("PPP;1;B;RETIRE;;;", "« N° AMM » est déjà à la ligne 2."),
        ("PPP;2;B\0;RETIRE;;;", "La ligne contient des octets nuls : le fichier est abîmé."),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_line_and_reason(tmp_path, line, reason):
    table = one_file(tmp_path, f"{HEADINGS}\nPPP;1;A;RETIRE;;;\n\n{line}\nPPP;3;C;AUTORISE;;;\n")

    assert [row["amm"] for row in table] == ["1", "3"]
    assert [(each.line, each.message, each.refused) for each in table.problems] == [
        (4, reason, True)
    ]
    assert (table.rows_read, table.rows_refused, table.other_lines) == (3, 1, 2)


def test_a_state_that_is_not_in_the_list_is_reported_and_unknown(tmp_path):
    table = one_file(tmp_path, f"{HEADINGS}\nPPP;1;A;SUSPENDU;;;\n")
    assert [row["state"] for row in table] == [None]
    assert "« SUSPENDU »" in table.problems[0].message


# --- Text as it comes ----------------------------------------------------------------------------


def test_a_byte_order_mark_crlf_and_quotes_are_read(tmp_path):
    text = f'{HEADINGS}\r\nPPP;1;"A ""6 pouces""; fût";RETIRE;;;\r\nPPP;2;"B\r\nC";RETIRE;;;\r\n'
    table = one_file(tmp_path, b"\xef\xbb\xbf" + text.encode())
    assert [row["name"] for row in table] == ['A "6 pouces"; fût', "B\nC"]


def test_a_stray_quote_swallows_no_other_row(tmp_path):
    text = f'{HEADINGS}\nPPP;1;"A;RETIRE;;;\nPPP;2;B;RETIRE;;;\nPPP;3;C;RETIRE;;;\n'
    assert [row["name"] for row in one_file(tmp_path, text)] == ['"A', "B", "C"]


def test_another_separator_is_found(tmp_path):
    text = HEADINGS.replace(";", ",") + "\nPPP,1,A,RETIRE,01/02/2016,,\n"
    assert [row["withdrawn_on"] for row in one_file(tmp_path, text)] == [date(2016, 2, 1)]


def test_titles_above_the_headings_are_no_rows(tmp_path):
    table = one_file(tmp_path, f"Catalogue E-Phy\n\n{HEADINGS}\nPPP;1;A;RETIRE;;;\n")
    assert [row["amm"] for row in table] == ["1"]
    assert (table.rows_read, table.other_lines) == (1, 3)


def test_a_line_in_another_encoding_is_read_and_said(tmp_path):
    good = f"{HEADINGS}\nPPP;1;Désherbant;RETIRE;;;\nPPP;2;Épandage;RETIRE;;;\n".encode()
    table = one_file(tmp_path, good + "PPP;3;Maïs;RETIRE;;;\n".encode("cp1252"))
    assert [row["name"] for row in table] == ["Désherbant", "Épandage", "Maïs"]
    assert [each.line for each in table.problems] == [4]


def test_control_characters_are_dropped(tmp_path):
    text = f"{HEADINGS}\nPPP;1;AÏ\x8fKA\t100;RETIRE;;;\n"
    assert [row["name"] for row in one_file(tmp_path, text)] == ["AÏKA 100"]
    raw = f"{HEADINGS}\nPPP;1;AÉ#KA;RETIRE;;;\n".encode("cp1252").replace(b"#", b"\x8f")
    assert [row["name"] for row in one_file(tmp_path, raw)] == ["AÉKA"]


# --- Which files, of which day -------------------------------------------------------------------


def test_the_headings_decide_not_the_name_of_the_file(tmp_path):
    shutil.copy(SEPTEMBER / "substance_active_Windows-1252.csv", tmp_path / "produits_utf8.csv")
    assert list(open_ephy([tmp_path], today=TODAY).files) == ["substance_active"]


def test_the_day_comes_from_the_name_of_the_archive_then_from_its_members(tmp_path):
    named = zipped(tmp_path / "decisionamm-intrant-format-csv-20250923-windows-1252.zip")
    assert open_ephy([named], today=TODAY).date == date(2025, 9, 23)

    unnamed = tmp_path / "catalogue.zip"
    with zipfile.ZipFile(unnamed, "w") as archive:
        text = (SEPTEMBER / "produits_Windows-1252.csv").read_bytes()
        archive.writestr(zipfile.ZipInfo("produits.csv", (2025, 9, 24, 1, 0, 0)), text)
    edition = open_ephy([unnamed], today=TODAY)
    assert edition.date == date(2025, 9, 24)
    assert "ne dit pas la date" in edition.remarks[0].message


def test_the_day_of_a_loose_file_is_its_own_and_never_after_today(tmp_path):
    path = shutil.copy(SEPTEMBER / "produits_Windows-1252.csv", tmp_path / "p.csv")
    written = datetime(2026, 2, 3, 12, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    assert open_ephy([path], today=TODAY).date == date(2026, 2, 3)
    assert open_ephy([path], today=date(2025, 12, 1)).date == date(2025, 12, 1)


def test_a_file_that_is_none_of_the_ten_is_left_with_a_word(tmp_path):
    path = zipped(
        tmp_path / "a.zip", **{"notes.csv": "Article;Prix\nStylo;1\n", "lisez-moi.txt": "x"}
    )
    edition = open_ephy([path], today=TODAY)
    assert len(edition.files) == 10
    assert "« notes.csv » n’est aucune des dix tables" in " ".join(
        each.message for each in edition.remarks
    )
    assert "« lisez-moi.txt » n’a pas été lu." in [each.message for each in edition.remarks]


def test_the_digest_is_that_of_the_archive_and_of_the_tables_in_any_order(tmp_path):
    files = sorted(FEBRUARY.iterdir())
    assert (
        open_ephy(files, today=TODAY).digest
        == open_ephy(files[::-1], today=TODAY).digest
        == open_ephy([FEBRUARY], today=TODAY).digest
        != open_ephy(files[1:], today=TODAY).digest
    )
    assert len(open_ephy([zipped(tmp_path / "a.zip")], today=TODAY).digest) == 64


# --- Refusals ------------------------------------------------------------------------------------


def test_two_files_of_one_table_are_refused(tmp_path):
    shutil.copy(SEPTEMBER / "produits_Windows-1252.csv", tmp_path)
    shutil.copy(FEBRUARY / "produits_utf8.csv", tmp_path)
    assert "deux versions de la même table (produits)" in refusal(tmp_path)


def test_what_is_missing_empty_or_about_something_else_is_refused(tmp_path):
    assert "introuvable" in refusal(tmp_path / "absent.zip")
    assert "ni fichier CSV ni archive" in refusal(tmp_path)
    (tmp_path / "vide.csv").touch()
    assert "vide (0 octet)" in refusal(tmp_path / "vide.csv")
    (tmp_path / "autre.csv").write_text("Article;Prix\nStylo;1\n")
    assert "colonnes : Article, Prix" in refusal(tmp_path / "autre.csv")
    (tmp_path / "page.csv").write_bytes(b"<html>" + b"x" * 2_000_000)
    assert "ligne démesurée" in refusal(tmp_path / "page.csv")
    (tmp_path / "u16.csv").write_text(HEADINGS, encoding="utf-16")
    assert "UTF-16" in refusal(tmp_path / "u16.csv")
    (tmp_path / "stock.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "n’est pas un fichier CSV" in refusal(tmp_path / "stock.xls")


def test_several_archives_in_a_folder_are_a_question(tmp_path):
    zipped(tmp_path / "a.zip")
    zipped(tmp_path / "b.zip")
    assert "plusieurs archives (« a.zip », « b.zip »)" in refusal(tmp_path)


def test_an_archive_beside_loose_files_is_left_with_a_word(tmp_path):
    shutil.copytree(FEBRUARY, tmp_path, dirs_exist_ok=True)
    zipped(tmp_path / "a.zip")
    edition = open_ephy([tmp_path], today=TODAY)
    assert "« a.zip » n’a pas été lu." in [each.message for each in edition.remarks]


def test_a_cut_or_damaged_archive_is_refused(tmp_path):
    whole = zipped(tmp_path / "a.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) * 6 // 10])
    assert "incomplète ou abîmée" in refusal(tmp_path / "cut.zip")
    (tmp_path / "bad.zip").write_bytes(whole[:200] + bytes(60) + whole[260:])
    assert "incomplète ou abîmée" in refusal(tmp_path / "bad.zip")


def test_an_archive_under_a_password_is_refused(tmp_path):
    raw = bytearray(zipped(tmp_path / "a.zip").read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(raw)
    assert "mot de passe" in refusal(tmp_path / "locked.zip")


def test_an_archive_that_unfolds_into_too_much_is_refused_unread(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("produits.csv", "w") as member,
    ):
        for _ in range(210):
            member.write(bytes(1_000_000))
    assert bomb.stat().st_size < 1_000_000
    assert "plus de 200 Mo" in refusal(bomb)


def test_an_archive_with_another_compression_is_refused(tmp_path):
    path = tmp_path / "lzma.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("produits.csv", HEADINGS)
    assert "compression inhabituelle" in refusal(path)


def test_a_workbook_is_no_edition(tmp_path):
    path = tmp_path / "stock.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "ne contient aucun fichier CSV" in refusal(path)


def test_names_that_climb_out_of_the_archive_write_nothing(tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    path = inside / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        text = (SEPTEMBER / "produits_Windows-1252.csv").read_bytes()
        archive.writestr("../../produits_20250923.csv", text)
    edition = open_ephy([path], today=TODAY)
    assert edition.files["produits"].source.name == "produits_20250923.csv"
    assert list(edition.files["produits"])
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["a.zip", "in"]


# --- Editions and the shipped snapshot -----------------------------------------------------------


def states(table):
    fields = table.file.edition_key
    return {tuple(row[each] for each in fields): row["state"] for row in table}


@pytest.mark.untraced
def test_from_september_to_february_49_products_are_new_1_is_gone_and_59_are_withdrawn():
    before = open_ephy([DATA / "produits_etats_20250923.zip"], today=TODAY)
    after = open_ephy([SNAPSHOT], today=TODAY)
    change = compare_editions(states(before.files["produits"]), states(after.files["produits"]))

    assert before.files["produits"].rows_read == 15_004
    assert change.counts() == {"rows": 15_052, "new": 49, "gone": 1, "withdrawn": 59}
    assert change.respelled == (((" 2090141",), ("2090141",)),)


@pytest.mark.untraced
def test_the_shipped_snapshot_reads_whole_with_a_day_for_each_file():
    edition = open_ephy([SNAPSHOT], today=TODAY)
    counts = {key: sum(1 for _ in table) for key, table in edition.files.items()}

    assert counts == {
        "produits": 15_052,
        "produits_usages": 44_247,
        "produits_condition_emploi": 7_185,
        "produits_classe_et_mention_danger": 10_558,
        "produits_phrases_de_risque": 9_126,
        "permis_de_commerce_parallele": 2_750,
    }
    assert all(table.rows_refused == 0 for table in edition.files.values())
    assert edition.remarks == []
    assert edition.files["produits"].published == date(2026, 2, 1)
    assert edition.files["produits_usages"].published == date(2025, 9, 23)
    assert SNAPSHOT.stat().st_size < 3_500_000
