"""Text files of unknown encoding: decoded line by line, never wrongly in silence."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reading import refusals

_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ°«»’€–…²³µ§\u00a0")
_SINGLE_BYTE = {"cp1252": "Windows-1252", "cp850": "DOS (850)", "mac_roman": "Macintosh"}
"""Tried in this order; the one that gives most French letters is right."""
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SPOILT = tuple(
    text.encode() for text in ("Ã©", "Ã¨", "Ã\u00a0", "Ãª", "Ã§", "â€™", "Å“", "\ufffd")
)
"""What letters become that were once decoded wrongly."""
MAX_LINES = 2_000_000
_SHOWN = 5


class DecodedText:
    """The lines of a text file with their ends, decoded anew each time they are asked for."""

    def __init__(self, content: bytes) -> None:
        """Find the encoding.

        Raises:
            UnreadableFile: the file holds NUL bytes, is no text, or has too many lines.
        """
        self.remarks: list[str] = []
        """Finished sentences on how the lines were decoded."""
        content = _as_utf8(content)
        if content.count(b"\n") + content.count(b"\r") > 2 * MAX_LINES:
            raise refusals.too_large("plus de 2 millions de lignes")
        self._lines = content.splitlines(keepends=True)
        _refuse_binary(self._lines)
        foreign = [number for number, line in enumerate(self._lines, 1) if not _is_utf8(line)]
        mixed = any(not line.isascii() and _is_utf8(line) for line in self._lines)
        self._fallback = "cp1252"
        if foreign and not mixed:
            self._fallback = _single_byte_encoding([self._lines[line - 1] for line in foreign])
        self._remark_on_encoding(foreign, mixed=mixed)
        self._remark_on_spoilt_text()

    def __iter__(self) -> Iterator[str]:
        """The lines.

        Raises:
            UnreadableFile: a line fits none of the encodings.
        """
        for number, line in enumerate(self._lines, 1):
            yield self._decode(line, number)

    def _decode(self, line: bytes, number: int) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            pass
        try:
            return line.decode(self._fallback)
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                f"Ligne {number} : caractères illisibles. "
                "Enregistrez le fichier au format CSV UTF-8, puis recommencez."
            ) from error

    def _remark_on_encoding(self, foreign: list[int], *, mixed: bool) -> None:
        name = _SINGLE_BYTE[self._fallback]
        if foreign and mixed:
            self.remarks.append(
                f"{line_names(foreign)} : caractères dans un autre encodage ({name}) "
                "que le reste du fichier (UTF-8) ; décodés ligne par ligne."
            )
        elif self._fallback != "cp1252":
            self.remarks.append(
                f"Fichier lu dans l’encodage {name}, déduit des lettres accentuées."
            )

    def _remark_on_spoilt_text(self) -> None:
        spoilt = [
            number
            for number, line in enumerate(self._lines, 1)
            if not line.isascii() and any(each in line for each in _SPOILT)
        ]
        if spoilt:
            self.remarks.append(
                f"{line_names(spoilt)} : caractères déjà abîmés dans le fichier (comme « Ã© ») ; "
                "corrigez-les à la source."
            )


def line_names(numbers: list[int]) -> str:
    """« Ligne 2 », « Lignes 2 et 3 », « Lignes 2, 3, 4, 5, 6 et 10 autres »."""
    if len(numbers) == 1:
        return f"Ligne {numbers[0]}"
    shown, more = numbers[:_SHOWN], len(numbers) - _SHOWN
    if more > 0:
        return f"Lignes {', '.join(map(str, shown))} et {more} autre{'s' if more > 1 else ''}"
    return f"Lignes {', '.join(map(str, shown[:-1]))} et {shown[-1]}"


def _as_utf8(content: bytes) -> bytes:
    """The same text in UTF-8 if it was in another Unicode form; the mark at its start is gone."""
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    encoding = encoding or _utf16_without_mark(content)
    if encoding is None:
        return content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode(encoding).encode("utf-8")
    except UnicodeError as error:
        raise refusals.damaged("texte Unicode coupé") from error


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 shows by its zeros: nearly every second byte of Western text is one."""
    sample = content[:4096]
    half = len(sample) // 2
    if half < 8:
        return None
    if sample[1::2].count(0) > 0.7 * half and not sample[::2].count(0):
        return "utf-16-le"
    if sample[::2].count(0) > 0.7 * half and not sample[1::2].count(0):
        return "utf-16-be"
    return None


def _refuse_binary(lines: list[bytes]) -> None:
    with_nul = [number for number, line in enumerate(lines, 1) if b"\0" in line]
    if with_nul:
        raise UnreadableFile(
            f"{line_names(with_nul)} : le fichier contient des octets nuls, il est abîmé."
        )
    sample = b"".join(lines[:200])[:65536]
    control = sum(sample.count(byte) for byte in range(1, 32) if byte not in b"\t\n\r\f\x1a")
    if control > len(sample) / 100:
        raise UnreadableFile(
            "Ce n’est ni un classeur ni un texte. Choisissez un fichier .xlsx, .xls, .ods ou .csv."
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _single_byte_encoding(lines: list[bytes]) -> str:
    sample = bytes(byte for byte in b"".join(lines[:1000])[:65536] if byte > 127)

    def french_letters(encoding: str) -> int:
        return sum(each in _FRENCH for each in sample.decode(encoding, "replace"))

    return max(_SINGLE_BYTE, key=french_letters)
