"""Figures that leave a department without a row: counted as the workbook counts, then published.

What is published for a closing date is what is counted for it: a second publication writes only
what changed, and withdraws what is not told any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from prevention_app.catalogue.description import DECLARED
from prevention_app.catalogue.figures import FigureLevel, FigureState, Indicator, IndicatorFigure
from prevention_app.catalogue.organisation import Department
from prevention_app.catalogue.vocabulary import Role
from prevention_app.domain.published_figures import (
    DIRECTIONS,
    SOURCES,
    Figure,
    published_figures,
)
from prevention_app.errors import NotFound, Refused
from prevention_app.services import outflows
from prevention_app.services.indicators import indicators
from prevention_app.services.lookup import Lookup
from prevention_app.services.progress import Progress
from prevention_app.storage import circle, rights
from prevention_app.storage.query import Condition, Reader
from prevention_app.storage.store import Store

PUBLISH: Final = "Publier les chiffres"
_REGISTER: Final = DECLARED[IndicatorFigure].key
_PUBLISHERS: Final = (Role.ADVISER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class KeptBack:
    """Indicators that are not published, and why."""

    indicators: tuple[Indicator, ...]
    registers: tuple[str, ...]
    """Names of the registers that stand against it."""
    unread: bool
    """They are not read whole at this station; else their figures are not communicated."""

    @property
    def reason(self) -> str:
        """A sentence for people."""
        names = ", ".join(f"« {each} »" for each in self.registers)
        if self.unread:
            return f"Cet ordinateur ne lit pas tout : {names}."
        return f"Les chiffres ne sont pas communiqués : {names}."


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as it will leave, or as it is withdrawn."""

    figure: Figure
    change: str
    """« new », « changed », « same » or « withdrawn »."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what a publication would tell."""

    department: str
    as_of: date
    lines: tuple[Line, ...]
    kept_back: tuple[KeptBack, ...]
    by_direction: bool
    """Whether the names of directions are told: else there are figures of the whole alone."""

    def count(self, change: str) -> int:
        """How many figures are new, changed, the same or withdrawn."""
        return sum(each.change == change for each in self.lines)


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that some department published."""

    department: str
    figure: Figure
    as_of: date
    published_on: date


def preview(
    store: Store, progress: Progress, department: str = "", at: date | None = None
) -> Preview:
    """What publishing would tell of a department as at a day, this one where none is given.

    Raises PreventionError where this station may not publish for it, or the day is to come.
    """
    department = department or store.department
    _refuse_unless_publisher(store, department)
    as_of = at or store.today()
    if as_of > store.today():
        raise Refused(f"Le {as_of:%d/%m/%Y} est à venir : on ne compte que ce qui est connu.")
    with store.reading() as read:
        return _prepared(read, store.station, department, as_of, progress).shown


def publish(
    store: Store, progress: Progress, department: str = "", at: date | None = None
) -> Preview:
    """Publish the figures of a department as at a day; returns what was told.

    Nothing is written where all of it was told already. Raises as `preview`.
    """
    department = department or store.department
    _refuse_unless_publisher(store, department)
    as_of = at or store.today()
    if as_of > store.today():
        raise Refused(f"Le {as_of:%d/%m/%Y} est à venir : on ne compte que ce qui est connu.")
    with store.reading() as read:
        prepared = _prepared(read, store.station, department, as_of, progress)
    progress.check_cancelled()
    work = circle.draft(store, department)
    for values, existing in prepared.written:
        if existing is None:
            work.new(_REGISTER, **values, published_on=store.today())
        else:
            work.amend(_REGISTER, existing, **values, published_on=store.today())
    for each in prepared.withdrawn:
        work.delete(_REGISTER, each)
    if work.touched:
        store.write(work, PUBLISH)
    return prepared.shown


def published(store: Store, department: str = "") -> list[Published]:
    """What departments published, the latest closing date first."""
    with store.reading() as read:
        departments = Lookup(read, Department)
        found = [
            Published(home.number, _figure_of(each), each.as_of, each.published_on)
            for each in Lookup(read, IndicatorFigure).live()
            if (home := departments.get(each.department)) is not None
        ]
    order = list(Indicator)
    return sorted(
        (each for each in found if department in ("", each.department)),
        key=lambda each: (
            -each.as_of.toordinal(),
            each.department,
            order.index(each.figure.indicator),
            each.figure.direction,
        ),
    )


# -- what is to be written ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Prepared:
    shown: Preview
    written: Sequence[tuple[Mapping[str, Any], IndicatorFigure | None]]
    """Values, and the record that they are written over."""
    withdrawn: Sequence[IndicatorFigure]


def _prepared(
    read: Reader, station: str, department: str, as_of: date, progress: Progress
) -> _Prepared:
    progress.step(0, 0, "Calcul des chiffres")
    departments = Lookup(read, Department)
    home = next((each for each in departments.live() if each.number == department), None)
    if home is None:
        raise NotFound(f"Aucun département « {department} ».")
    unread, untold = _standing_against(read, station, department)
    progress.check_cancelled()
    figures = [
        each
        for each in published_figures(indicators(read, as_of, (department,)))
        if not (unread | untold).intersection(_sources(each))
    ]
    present = _present(read, departments, department, as_of)
    lines: list[Line] = []
    written: list[tuple[Mapping[str, Any], IndicatorFigure | None]] = []
    withdrawn: list[IndicatorFigure] = []
    for figure in figures:
        same = present.pop((figure.indicator, figure.direction), [])
        change = "new"
        if same:
            change = "same" if _figure_of(same[0]) == figure else "changed"
        lines.append(Line(figure, change))
        withdrawn += same[1:]
        if change != "same":
            written.append((_values(figure, home.id, as_of), same[0] if same else None))
    for left in present.values():
        # What this station does not read whole was published by another one: it stands.
        gone = [each for each in left if not unread.intersection(_sources(_figure_of(each)))]
        withdrawn += gone
        lines += [Line(_figure_of(each), "withdrawn") for each in gone]
    kept = tuple(
        each
        for each in (_kept_back(read, unread, unread=True), _kept_back(read, untold, unread=False))
        if each.indicators
    )
    by_direction = DIRECTIONS not in unread | untold
    shown = Preview(department, as_of, tuple(lines), kept, by_direction)
    return _Prepared(shown, written, withdrawn)


def _standing_against(read: Reader, station: str, department: str) -> tuple[set[str], set[str]]:
    """Registers that this station does not read whole, and those whose figures are not told."""
    sees = rights.sees(read.connection, read.catalogue, station)
    telling = outflows.telling_figures(read, department)
    sources = {DIRECTIONS, *(key for keys in SOURCES.values() for key in keys)}
    unread: set[str] = set()
    for key in sources:
        entity = read.catalogue[key]
        kinds = {"p", *(each.leaf for each in entity.fields)}
        if not all(sees(department, entity.code, kind) for kind in kinds):
            unread.add(key)
    return unread, sources - telling - unread


def _sources(figure: Figure) -> set[str]:
    return {*SOURCES[figure.indicator], *((DIRECTIONS,) if figure.direction else ())}


def _kept_back(read: Reader, registers: Iterable[str], *, unread: bool) -> KeptBack:
    against = set(registers)
    of = [each for each, keys in SOURCES.items() if against.intersection(keys)]
    named = sorted(against.intersection(key for each in of for key in SOURCES[each]))
    return KeptBack(tuple(of), tuple(read.catalogue[each].label_fr for each in named), unread)


def _present(
    read: Reader, departments: Lookup[Department], department: str, as_of: date
) -> dict[tuple[Indicator, str], list[IndicatorFigure]]:
    """What is published for that day already: two of one thing where two stations published."""
    of_day = Lookup(read, IndicatorFigure, where=(Condition("as_of", value=as_of),)).live()
    found: dict[tuple[Indicator, str], list[IndicatorFigure]] = {}
    for each in sorted(of_day, key=lambda each: each.id):
        home = departments.get(each.department)
        if home is not None and home.number == department:
            figure = _figure_of(each)
            found.setdefault((figure.indicator, figure.direction), []).append(each)
    return found


def _values(figure: Figure, home: str, as_of: date) -> dict[str, Any]:
    return {
        "department": home,
        "indicator": figure.indicator,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "state": FigureState.FEW if figure.numerator is None else FigureState.TOLD,
        "level": figure.level,
        "level_label": figure.direction or None,
        "period_start": figure.first,
        "period_end": figure.last,
        "as_of": as_of,
    }


def _figure_of(record: IndicatorFigure) -> Figure:
    told = record.level == FigureLevel.DIRECTION
    return Figure(
        Indicator(record.indicator),
        (record.level_label or "") if told else "",
        record.period_start,
        record.period_end,
        _number(record.numerator) if record.state == FigureState.TOLD else None,
        _number(record.denominator),
    )


def _number(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _refuse_unless_publisher(store: Store, department: str) -> None:
    given = circle.given(store, department, store.station)
    whole = {role for role, part in given if not (part.org_unit or part.site)}
    if not whole.intersection(_PUBLISHERS) or circle.is_revoked(store, department, store.station):
        raise Refused(
            f"Seul un conseiller de prévention ou un administrateur du département {department} "
            "publie ses chiffres : rien n’a été publié."
        )
