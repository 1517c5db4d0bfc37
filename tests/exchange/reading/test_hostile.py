"""Files made to hurt, or that are something else: a sentence, and no harm."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.readers import read_source
from tests.exchange.reading.made_files import (
    MAIN,
    worksheet,
    write_lying_xlsx,
    write_xlsx,
    write_zip,
)

DATA = Path(__file__).parents[2] / "data"
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]>'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "classeur.xlsx"


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_source(path)
    message = str(caught.value).replace("\u00a0", " ").replace("\u202f", " ")
    assert message.startswith(f"« {path.name} » n’a pas été lu. ")
    return message


# Dangerous XML.


def test_a_document_type_in_a_sheet_is_refused(file: Path) -> None:
    write_xlsx(file, DOCTYPE + worksheet(ONE))
    assert "contenu XML dangereux" in refusal(file)


@pytest.mark.parametrize("part", ["sharedStrings", "styles"])
def test_a_document_type_in_another_part_is_refused(file: Path, part: str) -> None:
    root = {"sharedStrings": "sst", "styles": "styleSheet"}[part]
    content = f'{DOCTYPE}<{root} xmlns="{MAIN}"/>'
    write_xlsx(file, worksheet(ONE), parts={f"{part}.xml": content})
    assert "contenu XML dangereux" in refusal(file)


def test_a_document_type_in_utf_16_is_refused(file: Path) -> None:
    sheet = f'<?xml version="1.0" encoding="UTF-16"?>{DOCTYPE}{worksheet(ONE)}'
    write_xlsx(file, sheet.encode("utf-16"))
    assert "contenu XML dangereux" in refusal(file)


def test_endless_nesting_is_refused(file: Path) -> None:
    write_xlsx(file, worksheet("<a>" * 100_000))
    assert "contenu XML dangereux" in refusal(file)


@pytest.mark.parametrize("tag", ["c", "v", "row"])
def test_cells_within_cells_are_refused(file: Path, tag: str) -> None:
    write_xlsx(file, worksheet(f'<row r="1"><c r="A1"><v>{f"<{tag}>" * 100_000}'))
    assert "contenu XML dangereux" in refusal(file)


def test_a_tag_of_megabytes_is_refused_without_reading_it_again_and_again(file: Path) -> None:
    write_xlsx(file, worksheet(f'<row r="1"><c r="{"A" * 15_000_000}"/></row>'))
    assert "contenu XML dangereux" in refusal(file)


# Bombs.


def test_a_cell_of_millions_of_characters_is_refused(file: Path) -> None:
    cell = f'<c r="A1" t="str"><v>{"A" * 2_000_000}</v></c>'
    write_xlsx(file, worksheet(f'<row r="1">{cell}</row>'))
    assert "plus d’un million de caractères" in refusal(file)


def test_a_part_that_shrinks_like_no_table_is_refused(file: Path) -> None:
    write_xlsx(file, worksheet(f"{ONE}{' ' * 25_000_000}"))
    assert "refusé par sécurité" in refusal(file)


def test_a_part_that_lies_about_its_size_gives_no_more_than_it_says(file: Path) -> None:
    sheet = worksheet(ONE).encode()
    write_lying_xlsx(file, sheet + b" " * 30_000_000, declared=len(sheet))
    assert read_source(file).sheets[0].rows == [[1]]


def test_reading_one_part_for_many_sheets_has_an_end(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prevention_app.exchange.reading.archive.MAX_TOTAL", 100_000)
    write_xlsx(file, *[worksheet(ONE + " " * 20_000)] * 8)
    assert "se déploie en plus de 400 Mo" in refusal(file)


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("MAX_CELLS", 3, "4 millions de cellules"),
        ("MAX_PLACES", 10, "très loin"),
        ("MAX_TEXT_BYTES", 200, "400 Mo de textes"),
        ("MAX_MARKS", 2, "500 000 erreurs"),
    ],
)
def test_what_would_fill_the_memory_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, reason: str
) -> None:
    from prevention_app.exchange.reading.budget import Budget

    field = limit.removeprefix("MAX_").lower()
    monkeypatch.setattr(
        "prevention_app.exchange.reading.xlsx.Budget", lambda: Budget(**{field: value})
    )
    cells = (
        "<c><v>1</v></c>" * 2 + '<c t="str"><v>texte</v></c>' * 2 + '<c t="e"><v>#N/A</v></c>' * 2
    )
    write_xlsx(file, worksheet(f"<row>{cells}</row>" * 2))
    assert reason in refusal(file)


def test_more_sheets_than_any_workbook_has_are_refused(file: Path) -> None:
    write_xlsx(file, *[worksheet("")] * 1001)
    assert "plus de 1000 feuilles" in refusal(file)


def test_a_large_coloured_sheet_fits_into_little_memory_of_ranges(file: Path) -> None:
    after = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    write_xlsx(
        file,
        worksheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>', after=after),
    )
    assert read_source(file).sheets[0].merged == [(1, 1, 1, 2)]


# Archives.


def test_unusual_compression_is_refused(file: Path) -> None:
    write_xlsx(file, worksheet(ONE))
    other = file.with_name("lzma.xlsx")
    with ZipFile(file) as source, ZipFile(other, "w", zipfile.ZIP_LZMA) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert "compression inconnue" in refusal(other)


def test_an_encrypted_archive_is_protected_by_a_password(file: Path) -> None:
    write_xlsx(file, worksheet(ONE))
    content = bytearray(file.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + flags] |= 1
            start += 4
    file.write_bytes(content)
    assert "protégé par un mot de passe" in refusal(file)


def test_one_wrong_byte_of_a_sheet_is_noticed(file: Path) -> None:
    write_xlsx(
        file,
        worksheet("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 500))),
    )
    content = bytearray(file.read_bytes())
    middle = content.find(b"xl/worksheets/sheet0.xml") + 600
    content[middle] ^= 0x55
    file.write_bytes(content)
    assert "incomplet ou abîmé" in refusal(file)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"[Content_Types].xml": "", "word/document.xml": ""}, "un document Word"),
        ({"[Content_Types].xml": "", "ppt/presentation.xml": ""}, "une présentation PowerPoint"),
        ({"[Content_Types].xml": "", "xl/workbook.bin": ""}, "Le format .xlsb n’est pas lu"),
        ({"Index/Document.iwa": ""}, "Numbers"),
        ({"photo.jpg": ""}, "archive (.zip) sans classeur"),
        ({"[Content_Types].xml": ""}, "classeur absent de l’archive"),
        ({"mimetype": "application/vnd.sun.xml.calc"}, ".sxc"),
    ],
)
def test_other_archives_are_named(file: Path, parts: dict[str, str], reason: str) -> None:
    assert reason in refusal(write_zip(file, parts))


def test_an_empty_archive_is_named(file: Path) -> None:
    assert "archive (.zip) sans classeur" in refusal(write_zip(file, {}))


# Other files.

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def compound(stream: str) -> bytes:
    """The beginning of a compound file whose directory names one stream."""
    entry = stream.encode("utf-16-le").ljust(128, b"\0")
    return OLE.ljust(512, b"\0") + bytes(128) + entry + bytes(2048)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7\n", "un document PDF"),
        (b"\x89PNG\r\n\x1a\n", "une image"),
        (b"\xff\xd8\xff\xe0", "une photo"),
        (b"{\\rtf1 a}", ".rtf"),
        (b"MZ\x90\x00", "un programme"),
        (b"SQLite format 3\0", "une base de données"),
        (b"7z\xbc\xaf\x27\x1c", "une archive (.7z)"),
        (b"ID;PWXL;N;E\n", "ancien format de tableau (.slk)"),
        (b"<html><body><table></table></body></html>", "une page web"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><p>", "une page web"),
        ("<html><table>".encode("utf-16"), "une page web"),
        (b"MIME-Version: 1.0\nContent-Type: text/html\n\n<x>", "une page web"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML 2003",
        ),
        (b'<?xml version="1.0"?><a/>', "un fichier XML"),
        (b'{"a": [1, 2]}', "JSON"),
        (b"PK\x03\x04 puis rien", "archive xlsx tronquée"),
        (compound("EncryptedPackage"), "protégé par un mot de passe"),
        (compound("WordDocument"), "un document Word"),
        (compound("PowerPoint Document"), "une présentation PowerPoint"),
        (compound("__properties_version1.0"), "un courriel"),
        (compound("Workbook"), "classeur .xls illisible"),
        (compound("Autre"), "classeur .xls illisible"),
        (bytes.fromhex("0908080000051000") + bytes(100), "classeur .xls illisible"),
    ],
)
def test_other_files_under_the_name_of_a_workbook_are_named(
    file: Path, content: bytes, reason: str
) -> None:
    file.write_bytes(content)
    assert reason in refusal(file)


def test_a_folder_a_missing_file_and_excels_lock_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "dossier.xlsx"
    folder.mkdir()
    assert "C’est un dossier" in refusal(folder)
    assert "introuvable" in refusal(tmp_path / "absent.xlsx")
    lock = tmp_path / "~$classeur.xlsx"
    lock.write_bytes(b"\x07Camille" + bytes(158))
    assert "fichier de verrouillage d’Excel" in refusal(lock)


def test_a_file_that_another_program_holds_is_said_to_be(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_xlsx(file, worksheet(ONE))

    def held(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", held)
    assert "un autre programme le tient ouvert" in refusal(file)


def test_a_file_of_more_than_a_hundred_megabytes_is_refused_unread(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(100_000_001)
    assert "plus de 100 Mo" in refusal(file)


def test_names_in_any_writing_are_read_and_shown(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "Évaluation 🚧 עברית e\u0301.xlsx", worksheet(ONE))
    assert read_source(file).name == "Évaluation 🚧 עברית é.xlsx"


def test_an_xlsx_named_xls_is_read_and_said(tmp_path: Path) -> None:
    source = read_source(write_xlsx(tmp_path / "classeur.xls", worksheet(ONE)))
    assert source.sheets[0].rows == [[1]]
    assert source.remarks == [
        "Le nom du fichier finit par «\u00a0.xls\u00a0», mais c’est un .xlsx\u00a0: lu comme tel."
    ]


# Damage by chance, and size.


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """The bytes with something changed, cut out, doubled or put in."""
    spoilt_bytes = bytearray(content)
    for _ in range(chance.choice([1, 2, 8])):
        place = chance.randrange(len(spoilt_bytes))
        change = chance.randrange(4)
        if change == 0:
            spoilt_bytes[place] = chance.randrange(256)
        elif change == 1:
            del spoilt_bytes[place : place + chance.choice([1, 4, 50])]
        elif change == 2:
            spoilt_bytes[place:place] = spoilt_bytes[place : place + chance.choice([1, 8, 100])]
        else:
            spoilt_bytes[place:place] = chance.choice(
                [b"<", b">", b'"', b"0", b"9999999999", b"-1", b"<v>", b"</c>", b"&#0;", b"<!--"]
            )
    return bytes(spoilt_bytes)


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(3))
def test_damage_anywhere_in_a_workbook_is_understood(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    names = sorted([*DATA.glob("*/*.xlsx"), *DATA.glob("xls/*.xls"), *DATA.glob("*/*.ods")])
    small = [name for name in names if 0 < name.stat().st_size < 20_000]
    for _ in range(60):
        spoil_one_part(chance.choice(small).read_bytes(), file, chance)
        assert "incompréhensible" not in refusal_if_any(file)


def refusal_if_any(file: Path) -> str:
    try:
        read_source(file)
    except UnreadableFile as error:
        return str(error)
    return ""


def spoil_one_part(content: bytes, target: Path, chance: random.Random) -> None:
    """Write a copy with one part of the archive spoilt, or any byte of what is no archive."""
    try:
        with ZipFile(io.BytesIO(content)) as source:
            parts = {name: source.read(name) for name in source.namelist()}
    except (zipfile.BadZipFile, RuntimeError):
        target.write_bytes(spoilt(content, chance))
        return
    chosen = chance.choice([name for name, part in parts.items() if part])
    parts[chosen] = spoilt(parts[chosen], chance)
    with ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


@pytest.mark.long
def test_a_hundred_thousand_rows_fit_into_one_gibibyte(file: Path) -> None:
    def row(number: int) -> str:
        cells = "".join(
            f'<c r="{chr(65 + column)}{number}"><v>{number * column}.5</v></c>'
            for column in range(20)
        )
        return f'<row r="{number}">{cells}</row>'

    write_xlsx(file, worksheet("".join(row(number) for number in range(1, 100_001))))
    run = subprocess.run(
        [sys.executable, Path(__file__).parents[1] / "read_all.py", file],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(DATA.parents[1])},
        check=True,
    )
    [outcome] = json.loads(run.stdout).values()
    assert outcome["rows"] == [100_000]
