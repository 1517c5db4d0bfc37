"""What people read: sentences, dates, numbers, amounts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from prevention_app import i18n


@pytest.fixture(autouse=True)
def french_again() -> Iterator[None]:
    yield
    i18n.use_language("fr", Path())


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """English with one translated sentence, as a compiled catalogue."""
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "prevention.mo").write_bytes(compiled({"Enregistrer": "Save"}))
    i18n.use_language("en", tmp_path)
    return tmp_path


def compiled(sentences: dict[str, str]) -> bytes:
    """A catalogue of sentences in gettext's binary form."""
    entries = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **sentences}.items())
    tables, texts = [b"", b""], b""
    start = 28 + 16 * len(entries)
    for side in (0, 1):
        for entry in entries:
            text = entry[side].encode()
            tables[side] += len(text).to_bytes(4, "little")
            tables[side] += (start + len(texts)).to_bytes(4, "little")
            texts += text + b"\0"
    numbers = (0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, start)
    return b"".join(number.to_bytes(4, "little") for number in numbers) + b"".join(tables) + texts


def test_sentences_are_french_as_written() -> None:
    assert i18n.language() == "fr"
    assert i18n._("Enregistrer") == "Enregistrer"


def test_nothing_counts_as_singular_in_french() -> None:
    assert i18n.ngettext("ligne", "lignes", 0) == "ligne"
    assert i18n.ngettext("ligne", "lignes", 1) == "ligne"
    assert i18n.ngettext("ligne", "lignes", 2) == "lignes"


def test_a_translated_sentence_is_english_and_any_other_stays_french(english: Path) -> None:
    assert i18n._("Enregistrer") == "Save"
    assert i18n._("Pas encore traduit") == "Pas encore traduit"
    assert i18n.ngettext("ligne", "lignes", 0) == "ligne"


def test_english_without_a_translation_still_speaks(tmp_path: Path) -> None:
    i18n.use_language("en", tmp_path)
    assert i18n._("Enregistrer") == "Enregistrer"


def test_the_language_is_chosen_by_the_environment() -> None:
    code = "from prevention_app import i18n; print(i18n.language(), i18n.number_text(1234.5))"
    for asked, expected in {"en_GB": "en 1,234.5", "": "fr 1\u202f234,5"}.items():
        said = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={"PREVENTION_LANGUAGE": asked, "PYTHONPATH": str(Path(__file__).parents[1])},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert said.stdout.strip() == expected


def test_dates_in_figures() -> None:
    assert i18n.date_text(date(2026, 3, 12)) == "12/03/2026"
    assert i18n.date_text(date(987, 1, 2)) == "02/01/0987"


def test_days_in_words() -> None:
    assert i18n.day_text(date(2026, 3, 12)) == "12\u00a0mars"
    assert i18n.day_text(date(2026, 8, 1)) == "1er\u00a0août"


def test_days_in_english_words(english: Path) -> None:
    assert i18n.day_text(date(2026, 8, 1)) == "1\u00a0August"


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (0, None, "0"),
        (-12, None, "-12"),
        (1234.5, None, "1\u202f234,5"),
        (Decimal("1234567.50"), None, "1\u202f234\u202f567,50"),
        (1234.5, 0, "1\u202f234"),
        (Decimal("0.125"), 2, "0,12"),
    ],
)
def test_numbers(number: float, decimals: int | None, text: str) -> None:
    assert i18n.number_text(number, decimals) == text


def test_amounts_show_cents_only_where_there_are_any() -> None:
    assert i18n.euro_text(Decimal(12000)) == "12\u202f000\u00a0€"
    assert i18n.euro_text(Decimal("1234.5")) == "1\u202f234,50\u00a0€"


def test_amounts_in_english(english: Path) -> None:
    assert i18n.euro_text(Decimal("1234.5")) == "€1,234.50"
