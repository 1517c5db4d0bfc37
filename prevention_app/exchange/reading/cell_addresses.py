"""Addresses of cells as files write them: « AB3 »."""

from __future__ import annotations

from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.grid import MAX_COLUMN, check_address
from prevention_app.exchange.sheets import Address

DIGITS = "0123456789"


def column_number(letters: str) -> int:
    """The column counted from 1: « AB » is 28.

    Raises:
        UnreadableFile: these are no letters of a column.
    """
    column = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or column > MAX_COLUMN:
            raise refusals.damaged("adresse de cellule impossible")
        column = column * 26 + ord(letter) - 64
    check_address(1, column)
    return column


def cell_address(reference: str) -> Address:
    """Row and column counted from 1: « AB3 » is (3, 28).

    Raises:
        UnreadableFile: this names no cell.
    """
    letters = reference.rstrip(DIGITS)
    return row_number(reference[len(letters) :]), column_number(letters)


def row_number(digits: str) -> int:
    """The row counted from 1.

    Raises:
        UnreadableFile: no sheet has such a row.
    """
    if not digits.isdecimal() or len(digits) > len("1048576"):
        raise refusals.damaged("adresse de ligne impossible")
    check_address(int(digits), 1)
    return int(digits)
