"""What the palette lists: records, then actions, then pages, and which letters answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Final

from PySide6.QtGui import QGuiApplication

from prevention_app.catalogue.values import fold
from prevention_app.domain.spelling import sound, words_of
from prevention_app.services.find import Found
from prevention_app.services.spelling import meant_by
from prevention_app.ui import keys, words
from prevention_app.ui.asked import Asked
from prevention_app.ui.commands import Command
from prevention_app.ui.places import Place, icon_of

MOST: Final = 9
_ABOUT: Final = 5
"""How many rows about a record there are beside what it refers to."""
_ACTIONS, _PAGES = 3, 2
"""So many at least are listed beside records that would fill the list by themselves."""


class Kind(StrEnum):
    """What a row stands for."""

    HEADING = "heading"
    RECORD = "Fiche"
    ACTION = "Action"
    PAGE = "Page"
    NOTE = "note"
    """A sentence that nothing can be done with."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What rows lead to."""

    open: Callable[[str, str], object]
    """A record, by its register and id."""
    go: Callable[[str], object]
    """A page, by its key."""
    search: Callable[[str], object]
    """All results for words."""
    open_and_act: Callable[[Found], object]
    """A record, and then the actions of its page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the palette."""

    kind: Kind
    text: str
    act: Callable[[], object] | None = None
    icon: str = ""
    detail: str = ""
    keys: str = ""
    """As on the keyboard: « Ctrl D », « G puis A »."""
    marked: Sequence[str] = ()
    """Folded words that are shown in bold where they occur in the text."""
    record: Found | None = None
    known_as: str = ""
    """What it is also called: it answers to this too, a little later in the list."""

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""
        said = ", ".join(each for each in (self.text, self.detail, self.keys) if each)
        return said if self.kind in (Kind.HEADING, Kind.NOTE) else f"{self.kind}\u00a0: {said}"


# -- rows --------------------------------------------------------------------------------------


def record_row(found: Found, marked: Sequence[str], act: Callable[[], object], first: str) -> Row:
    """The row of a record; `first` is said before the other details."""
    detail = " · ".join(each for each in (first, found.kind, found.place) if each)
    return Row(
        Kind.RECORD, found.title, act, icon_of(found.register), detail, marked=marked, record=found
    )


def action_rows(typed: str, commands: Iterable[Command]) -> list[Row]:
    """The actions whose words answer, the likeliest first."""
    rows = [
        (Row(Kind.ACTION, each.words.replace("&", ""), each.act, "arrow-right", keys=each.keys))
        for each in commands
    ]
    return answering(typed, rows)


def page_rows(typed: str, pages: Iterable[Place], go: Callable[[str], object]) -> list[Row]:
    """The pages whose words answer, the likeliest first."""
    rows = [
        Row(
            Kind.PAGE,
            each.label,
            partial(go, each.key),
            each.icon,
            each.group,
            keys.in_words(each.keys),
            known_as=each.whole,
        )
        for each in pages
        if not each.heading
    ]
    return answering(typed, rows)


def answering(typed: str, rows: Sequence[Row]) -> list[Row]:
    """The rows whose text has all the words typed, or words that are like them."""
    terms = fold(typed).split()
    if not terms:
        return list(rows)
    graded: list[tuple[int, int, Row]] = []
    for at, row in enumerate(rows):
        answer = _answer(terms, fold(row.text))
        late = 0
        if answer is None and row.known_as:
            answer, late = _answer(terms, fold(f"{row.text} {row.known_as}")), 1
        if answer is not None:
            grade, marked = answer
            graded.append((grade + late, at, replace(row, marked=marked)))
    return [row for _, _, row in sorted(graded, key=lambda each: each[:2])]


def _answer(terms: Sequence[str], text: str) -> tuple[int, list[str]] | None:
    """How far a folded text is from the words, and which of its words answer to them."""
    grade = 0
    marked: list[str] = []
    for term in terms:
        if f" {term}" in f" {text.replace('-', ' ')}":
            marked.append(term)
        elif term in text:
            grade += 1
            marked.append(term)
        else:
            near = meant_by(term, {word: sound(word) for word in words_of(text)})
            if not near:
                return None
            grade += 3
            marked.append(near[0])
    return grade, marked


def about_rows(
    about: Found, label: str, links: Sequence[tuple[str, Found]], ways: Ways
) -> list[Row]:
    """What can be done with one record of a register of this name; `links`: what it refers to."""
    icon = icon_of(about.register)
    copy = partial(QGuiApplication.clipboard().setText, about.reference)
    given = [
        ("Ouvrir la fiche", partial(ways.open, about.register, about.id), "pencil"),
        ("Ouvrir la fiche et choisir une action…", partial(ways.open_and_act, about), "zap"),
        *(
            (f"{field}\u00a0: {found.title}", partial(ways.open, found.register, found.id),
             icon_of(found.register))
            for field, found in links[: MOST - _ABOUT]
        ),
        (f"Copier la référence {about.reference}", copy, "copy"),
        (f"Voir tout le registre «\u00a0{label}\u00a0»", partial(ways.go, about.register), icon),
        (
            f"Chercher «\u00a0{about.title}\u00a0» partout",
            partial(ways.search, about.title),
            "search",
        ),
    ]  # fmt: skip
    return [Row(Kind.ACTION, words.sentence(text), act, icon) for text, act, icon in given]


def arrange(parts: Sequence[tuple[str, Sequence[Row]]]) -> list[Row]:
    """The rows under their headings; where there are too many, each part keeps a few."""
    held = [(heading, rows) for heading, rows in parts if rows]
    left = MOST
    shown: list[Row] = []
    reserved = [min(len(rows), _reserved(rows)) for _, rows in held]
    for at, (heading, rows) in enumerate(held):
        taken = rows[: max(left - sum(reserved[at + 1 :]), 0)]
        if taken:
            shown += [Row(Kind.HEADING, heading), *taken]
            left -= len(taken)
    return shown


def _reserved(rows: Sequence[Row]) -> int:
    return {Kind.ACTION: _ACTIONS, Kind.PAGE: _PAGES}.get(rows[0].kind, 1)


def more_row(found: int, most: int, act: Callable[[], object]) -> Row:
    """The way to all results, where more were found than are listed."""
    text = "Voir tous les résultats" if found >= most else f"Voir les {found} résultats"
    return Row(Kind.ACTION, text, act, "list", keys="Ctrl Entrée")


def nothing_row(asked: Asked) -> Row:
    """What is said where nothing answers."""
    return Row(Kind.NOTE, words.sentence(f"Rien ne répond à «\u00a0{asked.words}\u00a0»."))


# -- letters in bold ---------------------------------------------------------------------------


def places_of(marked: Sequence[str], text: str) -> list[tuple[int, int]]:
    """(first letter, length) of what is shown in bold, at beginnings of words where there are."""
    folded, origin = _folded_with_places(text)
    found: list[tuple[int, int]] = []
    for each in marked:
        at = f" {folded}".find(f" {each}")
        at = at if at >= 0 else folded.find(each)
        if at >= 0 and each:
            last = origin[at + len(each) - 1]
            found.append((origin[at], last + 1 - origin[at]))
    return sorted(set(found))


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place that it has in the text."""
    folded: list[str] = []
    origin: list[int] = []
    for at, letter in enumerate(text):
        plain = fold(letter) if not letter.isspace() else " "
        folded += plain
        origin += [at] * len(plain)
    return "".join(folded), origin
