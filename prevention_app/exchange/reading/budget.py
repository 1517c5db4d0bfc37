"""What one file may use of the memory; whoever reads it spends from here."""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import dataclass

from prevention_app.exchange.reading import refusals

MAX_CELLS = 4_000_000
"""Values."""
MAX_PLACES = 20_000_000
"""Places in the lists that hold them, empty ones between values included."""
MAX_TEXT_BYTES = 400_000_000
"""Memory of texts, each shared one counted once."""
MAX_MARKS = 500_000
"""Formulas without value, errors, impossible dates, comments, merged areas."""
MAX_STYLED = 300_000
"""Coloured or struck cells; beyond, those of a sheet are not kept, and that is said."""


@dataclass(slots=True)
class Budget:
    """What is left to one file, over all its sheets."""

    cells: int = MAX_CELLS
    places: int = MAX_PLACES
    text_bytes: int = MAX_TEXT_BYTES
    marks: int = MAX_MARKS
    styled: int = MAX_STYLED

    def spend_cells(self, count: int) -> None:
        """Count values.

        Raises:
            UnreadableFile: there are too many.
        """
        self.require_cells(count)
        self.cells -= count

    def require_cells(self, count: int) -> None:
        """Refuse at once what is announced and cannot fit.

        Raises:
            UnreadableFile: so many values are not left.
        """
        if count > self.cells:
            raise refusals.too_large("plus de 4 millions de cellules remplies")

    def spend_places(self, count: int) -> None:
        """Count places in lists.

        Raises:
            UnreadableFile: the cells lie too far apart.
        """
        self.places -= count
        if self.places < 0:
            raise refusals.too_large("cellules remplies très loin les unes des autres")

    def kept_text(self, text: str) -> str:
        """The text as it is kept: é as one character, and counted.

        Raises:
            UnreadableFile: the texts are too long together.
        """
        text = composed(text)
        self.text_bytes -= sys.getsizeof(text)
        if self.text_bytes < 0:
            raise refusals.too_large("plus de 400 Mo de textes")
        return text

    def spend_mark(self) -> None:
        """Count one formula without value, error, impossible date, comment or merged area.

        Raises:
            UnreadableFile: there are too many.
        """
        self.marks -= 1
        if self.marks < 0:
            raise refusals.too_large(
                "plus de 500 000 erreurs, formules non calculées, commentaires ou fusions"
            )


def composed(text: str) -> str:
    """The text with composed letters (é as one character), as it is stored and compared."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
