"""Lists of cells in the sentences that tell what was seen and not understood."""

from __future__ import annotations

from prevention_app.exchange.sheets import cell_name

_SHOWN = 5


class CellNames:
    """Counts cells and names the first few."""

    __slots__ = ("_count", "_first")

    def __init__(self) -> None:
        """No cell yet."""
        self._count = 0
        self._first: list[str] = []

    def add(self, row: int, column: int) -> None:
        """Count one more cell."""
        self._count += 1
        if self._count <= _SHOWN:
            self._first.append(cell_name(row, column))

    def __bool__(self) -> bool:
        """Whether there is any."""
        return self._count > 0

    def __str__(self) -> str:
        """« B2, B3 et C4 », « B2, B3, B4, B5, B6 et 12 autres »."""
        more = self._count - len(self._first)
        if more:
            return f"{', '.join(self._first)} et {more} autre{'s' if more > 1 else ''}"
        head, last = self._first[:-1], self._first[-1]
        return f"{', '.join(head)} et {last}" if head else last
