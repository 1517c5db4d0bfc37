"""What has changed between two editions of a published catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prevention_app.catalogue.description import Value

EditionKey = tuple[str | int | None, ...]
"""What tells one row from another, as it is published."""

_WITHDRAWN = frozenset({"withdrawn", "not_approved"})


def edition_key(row: Mapping[str, Value], fields: Sequence[str]) -> EditionKey:
    """The key of a row as it is published: these of its fields."""
    return tuple(_part(row.get(each)) for each in fields)


def _part(value: Value) -> str | int | None:
    return value if isinstance(value, int) or value is None else str(value)


@dataclass(frozen=True, slots=True)
class EditionChange:
    """The rows of an edition against those of the one before."""

    rows: int
    new: tuple[EditionKey, ...]
    gone: tuple[EditionKey, ...]
    withdrawn: tuple[EditionKey, ...]
    """In both, and withdrawn only in the later one."""
    respelled: tuple[tuple[EditionKey, EditionKey], ...]
    """Of `gone` and `new`, those that differ by blanks alone: the same row, written otherwise."""

    def counts(self) -> dict[str, int]:
        """The figures as the import reports them."""
        return {
            "rows": self.rows,
            "new": len(self.new),
            "gone": len(self.gone),
            "withdrawn": len(self.withdrawn),
        }


def compare_editions(
    before: Mapping[EditionKey, str | None], after: Mapping[EditionKey, str | None]
) -> EditionChange:
    """Compare the published state of each row, by key, in two editions of one table.

    A state that was not published before is no withdrawal: we do not know that it was authorised.
    """
    new = tuple(key for key in after if key not in before)
    gone = tuple(key for key in before if key not in after)
    withdrawn = tuple(
        key
        for key, state in after.items()
        if state in _WITHDRAWN and before.get(key) is not None and before[key] not in _WITHDRAWN
    )
    bare = {_bare(key): key for key in new}
    respelled = tuple((key, bare[_bare(key)]) for key in gone if _bare(key) in bare)
    return EditionChange(len(after), new, gone, withdrawn, respelled)


def _bare(key: EditionKey) -> EditionKey:
    return tuple("".join(part.split()) if isinstance(part, str) else part for part in key)
