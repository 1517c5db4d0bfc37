"""What must not be told of fewer than five persons, in what leaves the service (P7).

A small count is taken out, and with it as many others of its row and column as it takes so that
nobody recovers it by subtraction from a total. Zero tells of nobody and stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prevention_app.domain.indicators import (
    SERVICE_ACCIDENTS,
    AccidentGroup,
    AccidentPeriod,
    CertiphytoFigures,
    CredentialFigures,
    DirectionFigures,
    Indicators,
)

FEWEST_PERSONS = 5
"""No figure on fewer persons; a department may only raise it."""

Cell = tuple[int, int]
"""Row and column of a table."""


def is_small(count: int | None, fewest: int = FEWEST_PERSONS) -> bool:
    """Whether a count tells of some persons, but of too few."""
    return count is not None and 0 < count < fewest


def hidden_cells(table: Sequence[Sequence[int]], fewest: int = FEWEST_PERSONS) -> set[Cell]:
    """The cells of a table of persons to take out, where the totals of rows and columns are told.

    In each row and column what is taken out is nothing, or two cells or more that are at least
    `fewest` together; where one count is a whole line, a zero goes with it. A line too small for
    that has a total that is small itself (`is_small`), and a line of one cell has none.
    """
    hidden = {
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        if is_small(count, fewest)
    }
    lines = _lines(table)
    while True:
        added = {cell for line in lines if (cell := _one_more(table, line, hidden, fewest))}
        if not added - hidden:
            return hidden
        hidden.add(min(added - hidden))


def _lines(table: Sequence[Sequence[int]]) -> list[list[Cell]]:
    rows = [[(row, column) for column in range(len(counts))] for row, counts in enumerate(table)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return [line for line in rows + columns if len(line) > 1]


def _one_more(
    table: Sequence[Sequence[int]], line: Sequence[Cell], hidden: set[Cell], fewest: int
) -> Cell | None:
    """The smallest further cell to take out of a row or column, where that is needed."""
    out = [table[row][column] for row, column in line if (row, column) in hidden]
    if not out or (len(out) > 1 and sum(out) >= fewest):
        return None
    rest = [cell for cell in line if cell not in hidden]
    untold = is_small(sum(table[row][column] for row, column in line), fewest)
    some = [cell for cell in rest if table[cell[0]][cell[1]] > 0] or ([] if untold else rest)
    return min(some, key=lambda cell: (table[cell[0]][cell[1]], cell), default=None)


def hidden_places(counts: Sequence[int | None], fewest: int = FEWEST_PERSONS) -> set[int]:
    """The same for one row or column alone; what is unknown counts as zero."""
    line = [count or 0 for count in counts]
    hidden = {place for place, count in enumerate(line) if is_small(count, fewest)}
    while hidden and (len(hidden) < 2 or sum(line[place] for place in hidden) < fewest):
        rest = [place for place, count in enumerate(line) if count and place not in hidden]
        if not rest:
            break
        hidden.add(min(rest, key=lambda place: (line[place], place)))
    return hidden


def shown(counts: Sequence[int | None], fewest: int = FEWEST_PERSONS) -> list[int | None]:
    """The counts of one row or column of persons whose total is told, with None for « < 5 »."""
    hidden = hidden_places(counts, fewest)
    return [None if place in hidden else count for place, count in enumerate(counts)]


def _alone(count: int | None, fewest: int) -> int | None:
    return None if is_small(count, fewest) else count


def without_small(figures: Indicators, fewest: int = FEWEST_PERSONS) -> Indicators:
    """The indicators as they may leave the service: every count of few persons taken out."""
    types, total = _credentials(figures.credentials, figures.credentials_total, fewest)
    periods = tuple(_period(each, fewest) for each in figures.accident_periods)
    return replace(
        figures,
        agents=_alone(figures.agents, fewest),
        credentials=types,
        credentials_total=total,
        certiphyto=tuple(_coverage(each, fewest) for each in figures.certiphyto),
        accident_periods=periods,
        accident_causes=_groups(figures.accident_causes, fewest),
        accident_kinds=_kinds(figures.accident_kinds, fewest),
        directions=_directions(figures.directions, fewest),
        directions_total=_direction_total(figures.directions_total, fewest),
    )


_STATES = ("valid", "to_renew", "expired", "unknown", "planned")


def _credentials(
    types: Sequence[CredentialFigures], total: CredentialFigures, fewest: int
) -> tuple[tuple[CredentialFigures, ...], CredentialFigures]:
    table = [[getattr(each, state) or 0 for state in _STATES] for each in types]
    hidden = hidden_cells(table, fewest)
    kept = tuple(
        replace(
            each,
            **{state: None for column, state in enumerate(_STATES) if (row, column) in hidden},
        )
        for row, each in enumerate(types)
    )
    totals = shown([getattr(total, state) for state in _STATES], fewest)
    return kept, replace(total, **dict(zip(_STATES, totals, strict=True)))


def _coverage(line: CertiphytoFigures, fewest: int) -> CertiphytoFigures:
    operators, deciders, others = shown((line.operators, line.deciders, line.others), fewest)
    return replace(
        line,
        operators=operators,
        deciders=deciders,
        others=others,
        holders=_alone(line.holders, fewest),
    )


def _period(line: AccidentPeriod, fewest: int) -> AccidentPeriod:
    """A period without what tells of few; its rates go with the counts that they are made of."""
    stopped = line.with_stoppage or 0
    told = not is_small(stopped, fewest) and not is_small((line.accidents or 0) - stopped, fewest)
    return replace(
        line,
        accidents=_alone(line.accidents, fewest),
        with_stoppage=line.with_stoppage if told else None,
        days_lost=line.days_lost if told else None,
        commuting=_alone(line.commuting, fewest),
        diseases=_alone(line.diseases, fewest),
        near_misses=_alone(line.near_misses, fewest),
        frequency_rate=line.frequency_rate if told else None,
        severity_rate=line.severity_rate if told else None,
    )


def _groups(lines: Sequence[AccidentGroup], fewest: int) -> tuple[AccidentGroup, ...]:
    """Groups whose sum is told elsewhere: the accidents at work of the period."""
    current = shown([each.current for each in lines], fewest)
    previous = shown([each.previous for each in lines], fewest)
    return tuple(
        replace(
            line, current=now, previous=before, days_lost=None if now is None else line.days_lost
        )
        for line, now, before in zip(lines, current, previous, strict=True)
    )


def _kinds(lines: Sequence[AccidentGroup], fewest: int) -> tuple[AccidentGroup, ...]:
    """Accidents at work and on missions add up to a figure that is told; the others stand alone."""
    at_work = {each.label_fr for each in SERVICE_ACCIDENTS}
    summed = iter(_groups([each for each in lines if each.label in at_work], fewest))
    return tuple(
        next(summed) if each.label in at_work else _groups([each], fewest)[0] for each in lines
    )


def _directions(lines: Sequence[DirectionFigures], fewest: int) -> tuple[DirectionFigures, ...]:
    """The lines without what tells of few, as the totals under them are told."""
    agents = shown([each.agents for each in lines], fewest)
    accidents = shown([each.accidents for each in lines], fewest)
    over_5_years = shown([each.accidents_5_years for each in lines], fewest)
    stopped = shown([each.with_stoppage_5_years for each in lines], fewest)
    expired = shown([each.expired for each in lines], fewest)
    return tuple(
        replace(
            line,
            agents=agents[place],
            accidents=accidents[place],
            accidents_5_years=over_5_years[place],
            with_stoppage_5_years=stopped[place],
            days_5_years=None if stopped[place] is None else line.days_5_years,
            frequency_rate_5_years=(
                None if stopped[place] is None else line.frequency_rate_5_years
            ),
            expired=expired[place],
        )
        for place, line in enumerate(lines)
    )


def _direction_total(line: DirectionFigures, fewest: int) -> DirectionFigures:
    return _directions([line], fewest)[0]
