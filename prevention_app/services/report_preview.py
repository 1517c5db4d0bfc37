"""What a report will show on its first page, counted by the functions that fill the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from prevention_app.domain.indicators import FollowUp, Indicators
from prevention_app.domain.ratings import Level
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store

# The window reads the previews below: what counts and writes is imported by what needs it.

_ENTRIES = "health_safety_entry"


@dataclass(frozen=True, slots=True)
class Employer:
    """A department of the report, and its figures; None where it gives none."""

    number: str
    name: str
    figures: Indicators | None


@dataclass(frozen=True, slots=True)
class WorkbookPreview:
    """The first page of a consolidated workbook."""

    as_at: date
    departments: tuple[Employer, ...]
    figures: Indicators
    """Of all together, without what would tell of few persons."""
    levels: tuple[Level, ...]
    """Of the rating method, from the least serious to the worst."""
    followed: tuple[FollowUp, ...]
    organised_on: date | None = None
    """The day whose directions are shown; the present ones when None."""


@dataclass(frozen=True, slots=True)
class RegisterPreview:
    """The first rows of a register as a file will hold them."""

    register: str
    count: int
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def preview_workbook(
    store: Store,
    department: str,
    progress: Progress,
    today: date,
    organised_on: date | None = None,
) -> WorkbookPreview:
    """What the first page of the consolidated workbook of a department, or of all, shows.

    Raises PreventionError when the department is not known.
    """
    from prevention_app.domain.counting import follow_up
    from prevention_app.domain.suppression import without_small
    from prevention_app.services import exports
    from prevention_app.services.indicators import indicators
    from prevention_app.services.methods import method

    with store.reading() as read:
        progress.step(0, 0, "Calcul de l’aperçu")
        known = exports.departments_of(read, department)
        numbers = tuple(each.number for each in known)
        several = len(numbers) > 1
        telling = exports.telling(read, numbers, store.station) if several else numbers
        employers: list[Employer] = []
        for each in known:
            progress.check_cancelled()
            tells = several and each.number in telling
            figures = exports.told(read, today, each.number, organised_on) if tells else None
            employers.append(Employer(each.number, each.name, figures))
        owners = telling or numbers
        together = without_small(indicators(read, today, owners, organised_on))
        entries = read.count(Query(_ENTRIES, owners=owners))
        followed = follow_up(together, entries)
        levels = method().levels
        return WorkbookPreview(today, tuple(employers), together, levels, followed, organised_on)


def preview_registers(
    store: Store, registers: Sequence[str], owners: tuple[str, ...], rows: int, *, masked: bool
) -> list[RegisterPreview]:
    """The first rows of registers, with or without the names of persons.

    Raises PreventionError when a register is not known, or has nothing to show without names.
    """
    from prevention_app.exchange.csv_write import csv_text
    from prevention_app.services import exports, records

    with store.reading() as read:
        found: list[RegisterPreview] = []
        for key in registers:
            entity = records.find_entity(read.catalogue, key)
            headings, lines = exports.csv_rows(read, entity, owners, masked=masked)
            shown = tuple(tuple(map(csv_text, line)) for line in islice(lines, rows))
            count = read.count(Query(entity.key, owners=exports.owners_in(entity, owners)))
            found.append(RegisterPreview(entity.key, count, tuple(headings), shown))
        return found
