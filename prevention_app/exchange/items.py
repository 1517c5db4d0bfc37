"""Several items typed in one cell, and lists lined up by line across cells."""

from __future__ import annotations

import re

_BULLET = re.compile(
    r"^\s*(?:[-–—*•·▪►➢➤✓✔❖o‣●◦]|\(?\d{1,2}[.)°]|[a-z]\))(?:\s+|(?=[^\W\d_]{2}))"
    r"|^\s*\d{1,2}\s?[-–/]\s+(?=[^\W\d_])"
)
_DASH_WORD = re.compile(r"^\s*o(?=[^\s])")
_INLINE_BULLET = re.compile(r"\s*[•▪►➢●❖]\s*")
_NUMBERED = re.compile(r"(?:^|\s)\(?(\d{1,2})(?:[.)°]\s*|\s?[-–/]\s+)(?=[^\W\d_])")
_SEMICOLON = re.compile(r"\s*;\s*(?![^()]*\))")
_BESIDE = re.compile(r"\s+/\s+|\s*;\s*")
EMPTY_ITEMS = frozenset(
    {"", "-", "–", "—", "neant", "ras", "r.a.s.", "aucun", "aucune", "sans objet"}
)


def split_items(text: str) -> list[str]:
    """The items of a cell: bullets, else line breaks, else semicolons outside brackets.

    A line without a bullet under one that has a bullet goes on with it.
    """
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = [part for line in lines if line for part in _inline(line)]
    if any(_is_bullet(line) for line in lines):
        lines = _joined(lines)
    items = [_without_bullet(part) for line in lines for part in _SEMICOLON.split(line)]
    return [item.rstrip(" ;") for item in items if item.strip(" ;")]


def split_lines(text: str) -> list[str]:
    """The lines of a cell, bullets taken off, empty ones kept so that they can be lined up."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    return [_without_bullet(line.strip()) for line in lines]


def lined_up(text: str, count: int) -> list[str] | None:
    """The texts that go with `count` items of another cell, one each; None when they do not match.

    One text for several items goes with them all.
    """
    if count <= 1:
        return [text.strip()]
    beside = _BESIDE.split(text.strip())
    if len(beside) == count and "\n" not in text:
        return beside
    for parts in (
        split_lines(text),
        [line for line in split_lines(text) if line],
        split_items(text),
    ):
        if len(parts) == count:
            return parts
        if len(parts) == 1:
            return parts * count
    return None


def _inline(line: str) -> list[str]:
    parts = [part for part in _INLINE_BULLET.split(line) if part]
    if len(parts) < 2:
        parts = _numbered(line)
    return [f"• {part}" for part in parts] if len(parts) > 1 else [line]


def _numbered(line: str) -> list[str]:
    """The items of « 1) … 2) … 3) … » on one line: it starts with 1 and counts on."""
    marks = list(_NUMBERED.finditer(line))
    if [mark[1] for mark in marks] != [str(place) for place in range(1, len(marks) + 1)]:
        return [line]
    if not marks or marks[0].start() > 0:
        return [line]
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    return [line[mark.end() : end].rstrip(" ,;") for mark, end in zip(marks, ends, strict=True)]


def _is_bullet(line: str) -> bool:
    return bool(_BULLET.match(line)) and not _DASH_WORD.match(line)


def _without_bullet(line: str) -> str:
    return _BULLET.sub("", line, count=1).strip() if _is_bullet(line) else line.strip()


def _joined(lines: list[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        if joined and not _is_bullet(line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined
