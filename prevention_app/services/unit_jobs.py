"""Jobs and where they are done: one list for the three departments, one headcount table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from prevention_app.catalogue.organisation import Job, WorkUnit
from prevention_app.catalogue.risk_library import UnitJob
from prevention_app.catalogue.values import fold
from prevention_app.errors import NotFound, Refused
from prevention_app.services import records
from prevention_app.services.organisation import org_path
from prevention_app.services.risk_library import shelves
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes

COUNT: Final = "Effectif d’un métier dans une unité"
FORGET: Final = "Retirer un métier d’une unité"
"""Names of the changes made here, as undo and history call them."""


@dataclass(frozen=True, slots=True)
class Headcount:
    """A line of the table: a job in a work unit, with the same columns in every department."""

    id: str
    department: str
    direction: str
    unit_id: str
    unit: str
    job_id: str
    job: str
    women: int | None
    men: int | None
    reference: str

    @property
    def total(self) -> int | None:
        """Women and men together; None where neither is known."""
        if self.women is None and self.men is None:
            return None
        return (self.women or 0) + (self.men or 0)


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job, how many typical risks it has, and the units that have it."""

    job: Job
    risks: int
    units: Sequence[Headcount]

    @property
    def women(self) -> int:
        """How many women are known to do it."""
        return sum(each.women or 0 for each in self.units)

    @property
    def men(self) -> int:
        """How many men are known to do it."""
        return sum(each.men or 0 for each in self.units)


def headcounts(read: Reader, owners: Sequence[str] = ()) -> list[Headcount]:
    """The table of these departments (of all): by department, direction, unit and job.

    What another department does not tell here is not in it.
    """
    found = [
        cast("UnitJob", each) for each in read.records(Query("unit_job", owners=tuple(owners)))
    ]
    units = read.titles("work_unit", [each.work_unit for each in found])
    names = read.titles("job", [each.job for each in found])
    paths = org_path(read)
    lines = [
        Headcount(
            each.id,
            each.owner,
            paths.work_unit(each.work_unit, each.owner).direction,
            each.work_unit,
            units.get(each.work_unit, ""),
            each.job,
            names.get(each.job, ""),
            each.women,
            each.men,
            each.reference,
        )
        for each in found
    ]
    return sorted(lines, key=_place)


def _place(line: Headcount) -> tuple[str, ...]:
    return line.department, fold(line.direction), fold(line.unit), fold(line.job)


def job_lines(read: Reader, owners: Sequence[str] = ()) -> list[JobLine]:
    """All jobs by their names, with the units of these departments that have them."""
    held: dict[str, list[Headcount]] = {}
    for each in headcounts(read, owners):
        held.setdefault(each.job_id, []).append(each)
    risks = {each.unit.id: each.risks for each in shelves(read)}
    return [
        JobLine(each, risks.get(each.library_unit or "", 0), held.get(each.id, []))
        for each in jobs(read)
    ]


def jobs(read: Reader) -> list[Job]:
    """All jobs, by their names."""
    return [cast("Job", each) for each in read.records(Query("job", order=("name",)))]


def find_job(read: Reader, wanted: str) -> Job:
    """The job with this name or reference; raises NotFound with what there is."""
    known = jobs(read)
    for each in known:
        if fold(wanted) in (fold(each.name), fold(each.reference), each.id):
            return each
    names = ", ".join(each.name for each in known) or "aucun pour l’instant"
    raise NotFound(f"Aucun métier « {wanted} ». Métiers connus : {names}.")


def count(
    store: Store, unit: str, job: str, *, women: int | None = None, men: int | None = None
) -> Changes:
    """Say how many women and men do a job in a work unit; None leaves a figure as it is.

    Raises Refused where nothing would change.
    """
    given = {key: each for key, each in (("women", women), ("men", men)) if each is not None}
    with store.reading() as read:
        place = cast("WorkUnit", read.get("work_unit", unit))
        read.get("job", job)
        held = _held(read, unit, [job])
    with store.change(COUNT) as work:
        if held:
            work.write_over("unit_job", held[0], given)
        else:
            work.new("unit_job", owner=place.owner, work_unit=unit, job=job, **given)
    return records.written(work)


def give(store: Store, unit: str, wanted: Iterable[str]) -> Changes:
    """Say that a work unit has these jobs; raises Refused where it has them all."""
    asked = list(dict.fromkeys(wanted))
    with store.reading() as read:
        place = cast("WorkUnit", read.get("work_unit", unit))
        known = {each.job for each in _held(read, unit, asked)}
    missing = [each for each in asked if each not in known]
    if not missing:
        raise Refused(f"«\u00a0{place.name}\u00a0» a déjà ces métiers.")
    with store.change(COUNT) as work:
        for each in missing:
            work.new("unit_job", owner=place.owner, work_unit=unit, job=each)
    return records.written(work)


def forget(store: Store, unit: str, job: str) -> Changes:
    """Say that a work unit does not have a job; raises Refused where it had not."""
    with store.reading() as read:
        held = _held(read, unit, [job])
    if not held:
        raise Refused("Cette unité n’a pas ce métier.")
    with store.change(FORGET) as work:
        for each in held:
            work.delete("unit_job", each)
    return records.written(work)


def _held(read: Reader, unit: str, wanted: Sequence[str]) -> list[UnitJob]:
    about = (Condition("work_unit", Op.IS, unit), Condition("job", Op.ANY_OF, list(wanted)))
    return [cast("UnitJob", each) for each in read.records(Query("unit_job", about))]
