"""Writing registers into files that others open: the consolidated workbook, CSV."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from prevention_app.catalogue import workspace
from prevention_app.catalogue.description import Entity, Field, Kind, Record, Value
from prevention_app.catalogue.organisation import Department as DepartmentRecord
from prevention_app.catalogue.organisation import Person, WorkUnit
from prevention_app.catalogue.values import shown
from prevention_app.domain.indicators import Indicators
from prevention_app.domain.periods import add_months
from prevention_app.domain.suppression import without_small
from prevention_app.errors import NotFound, Refused
from prevention_app.exchange.consolidated import (
    Gathered,
    Occasion,
    consolidated_workbook,
    registers_workbook,
)
from prevention_app.exchange.consolidated_comparison import Department
from prevention_app.exchange.consolidated_directions import Places
from prevention_app.exchange.consolidated_gaps import Gap
from prevention_app.exchange.csv_write import write_csv
from prevention_app.exchange.names import NameMask
from prevention_app.exchange.plain_register import (
    DEPARTMENT,
    REFERENCE,
    RegisterRows,
    impersonal_fields,
    names_persons,
)
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.exchange.workbook_model import Plain, Written
from prevention_app.exchange.workbook_writer import write_workbook
from prevention_app.services import records
from prevention_app.services.indicators import indicators
from prevention_app.services.lookup import Lookup
from prevention_app.services.methods import method
from prevention_app.services.name_masks import name_mask
from prevention_app.services.organisation import headcount, org_path
from prevention_app.services.progress import Progress
from prevention_app.services.ratings import rated_risks
from prevention_app.services.workbook_places import PlaceNames
from prevention_app.services.workbook_rows import WorkbookRows
from prevention_app.storage import rights
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store

ALL = "all"
_USUAL_ORDER = ("41", "45", "28")
_PAGE = 5_000
_TELL_EVERY = 500
_SHOWN_BY_NAME = frozenset(
    {
        "risk",
        "planned_action",
        "health_safety_entry",
        "accident",
        "equipment",
        "credential",
        "stock_line",
    }
)
"""Registers that have a sheet of their own in the consolidated workbook."""
_STEPS = 4
_PEOPLE = "person"
"""A register of nothing but data about persons: it leaves the service in no form."""
WITHHELD = records.WITHHELD


def export_workbook(
    store: Store,
    department: str,
    out: Path,
    progress: Progress,
    today: date,
    registers: Sequence[str] = (),
    organised_on: date | None = None,
) -> Written:
    """Write the consolidated workbook of a department, or of all together (« all »).

    Args:
        store: the workspace; one consistent state of it is read.
        department: its number, or « all ».
        out: the file; one of that name is replaced when all is written, or stays.
        progress: told of each step, asked whether to stop.
        today: the closing date.
        registers: keys or codes of registers, for a workbook of these alone.
        organised_on: the day whose organisation the directions are of; the present one when None.

    Returns:
        The rows by sheet, and the texts that were too long for a cell.

    Raises:
        PreventionError: a department or register is not known, or the file cannot be written.
    """
    refuse_locked(out)
    with store.reading() as read:
        occasion = Occasion(
            departments=departments_of(read, department),
            today=today,
            method=method(),
            export_id=str(uuid.uuid4()),
            position=_position(read),
            organised_on=organised_on,
        )
        progress.step(0, _STEPS, "Lecture des registres")
        if registers:
            wanted = [records.find_entity(read.catalogue, each) for each in registers]
            workbook = registers_workbook(occasion, _chosen(read, occasion, wanted))
        else:
            workbook = consolidated_workbook(_gathered(read, occasion, store.station, progress))
        progress.check_cancelled()
        return write_workbook(workbook, out, progress)


def export_csv(
    store: Store,
    register: str,
    out: Path,
    owners: tuple[str, ...] = (),
    *,
    masked: bool = False,
    progress: Progress | None = None,
) -> int:
    """Write a register whole, as it is declared; returns how many records.

    It is for the service itself, and holds fields about persons, unless it is `masked` as a
    workbook is.
    """
    refuse_locked(out)
    with store.reading() as read:
        entity = records.find_entity(read.catalogue, register)
        headings, rows = csv_rows(read, entity, owners, masked=masked)
        count = read.count(Query(entity.key, owners=owners_in(entity, owners)))
        return write_csv(out, headings, _told_rows(rows, count, progress or Progress()))


def csv_rows(
    read: Reader, entity: Entity, owners: tuple[str, ...], *, masked: bool
) -> tuple[list[str], Iterator[tuple[Plain, ...]]]:
    """The headings and rows of a register's CSV file; raises Refused where names are all it has."""
    if masked:
        _refuse_people(entity)
        fields = impersonal_fields(entity)
    else:
        fields = tuple(each for each in entity.fields if each.kind is not Kind.ATTACHMENT)
    mask = name_mask(read) if masked else None
    rows = _rows(read, entity, fields, owners_in(entity, owners), mask, hide_persons=masked)
    headings = [DEPARTMENT, REFERENCE, *(each.heading for each in fields)]
    return headings, (row[:-1] for row in rows)


def owners_in(entity: Entity, owners: tuple[str, ...]) -> tuple[str, ...]:
    """Whose records of a register are wanted: all of one that departments share."""
    return () if entity.shared or entity.reference_set else owners


def _told_rows(
    rows: Iterator[tuple[Plain, ...]], count: int, progress: Progress
) -> Iterator[tuple[Plain, ...]]:
    for at, row in enumerate(rows):
        if at % _TELL_EVERY == 0:
            progress.step(at, count, "Écriture des fiches")
            progress.check_cancelled()
        yield row


def departments_of(read: Reader, wanted: str) -> tuple[Department, ...]:
    """The departments of a workbook, in their usual order; raises NotFound with those known."""
    known = {each.number: each for each in Lookup(read, DepartmentRecord).live()}
    order = [each for each in _USUAL_ORDER if each in known]
    order += sorted(set(known) - set(order))
    if wanted != ALL and wanted not in known:
        raise NotFound(f"Aucun département « {wanted} ». Départements : {', '.join(order)}, all.")
    numbers = order if wanted == ALL else [wanted]
    return tuple(
        Department(number, known[number].name, f"{known[number].name} ({number})", figures=None)
        for number in numbers
    )


# -- the consolidated workbook ------------------------------------------------------------------


def _gathered(read: Reader, occasion: Occasion, station: str, progress: Progress) -> Gathered:
    today = occasion.today
    numbers = tuple(each.number for each in occasion.departments)
    mask = name_mask(read)
    source = WorkbookRows(read, today, numbers, mask, occasion.organised_on)
    occasion = replace(occasion, methods=source.methods)
    rows = source.all()
    progress.step(1, _STEPS, "Calcul des indicateurs")
    progress.check_cancelled()
    given = numbers
    if occasion.together:
        given = telling(read, numbers, station)
        departments = tuple(
            replace(each, figures=told(read, today, each.number, occasion.organised_on))
            if each.number in given
            else each
            for each in occasion.departments
        )
        occasion = replace(occasion, departments=departments)
    since = sum(source.paths.changes_since[each] for each in numbers)
    occasion = replace(occasion, changes_since=since)
    figures = indicators(read, today, given or numbers, occasion.organised_on)
    progress.step(2, _STEPS, "Mise en forme")
    progress.check_cancelled()
    return Gathered(
        occasion=occasion,
        figures=figures,
        rows=rows,
        registers=_other_registers(read, occasion, mask, source.places),
        places=Places(source.places.direction, source.places.department, numbers),
        gaps=tuple(_gaps(read, numbers, today, figures)),
    )


def telling(read: Reader, numbers: tuple[str, ...], station: str) -> tuple[str, ...]:
    """Those of the departments that have records to count: the others give no figures.

    Of one that communicates some registers alone, nothing is counted: the others would read zero.
    """
    codes = [read.catalogue[each].code for each in sorted(_SHOWN_BY_NAME)]
    sees = rights.sees(read.connection, read.catalogue, station)
    return tuple(
        number
        for number in numbers
        if all(sees(number, code, "p") for code in codes)
        and any(read.count(Query(each, owners=(number,))) for each in _SHOWN_BY_NAME)
    )


def told(read: Reader, today: date, number: str, organised_on: date | None = None) -> Indicators:
    """The figures of one department as a common workbook tells them."""
    return without_small(indicators(read, today, (number,), organised_on))


def _owners(occasion: Occasion) -> tuple[str, ...]:
    """Whose records are wanted: of a common workbook, what is shared too."""
    return () if occasion.together else tuple(each.number for each in occasion.departments)


def _chosen(read: Reader, occasion: Occasion, wanted: Sequence[Entity]) -> tuple[RegisterRows, ...]:
    """The registers asked for; one that only holds data about persons is refused."""
    for entity in wanted:
        _refuse_people(entity)
    paths = org_path(read, occasion.organised_on)
    places = PlaceNames(paths, Lookup(read, DepartmentRecord).live())
    mask = name_mask(read)
    return tuple(_register(read, each, _owners(occasion), mask, places) for each in wanted)


def _refuse_people(entity: Entity) -> None:
    if entity.key == _PEOPLE:
        raise Refused(
            f"« {entity.label_fr} » ne s’exporte pas sans les noms : ce registre ne contient que "
            "des données de personnes. Pour le service lui-même, exportez-le en CSV, noms compris."
        )


def _other_registers(
    read: Reader, occasion: Occasion, mask: NameMask, places: PlaceNames
) -> tuple[RegisterRows, ...]:
    """Every other register that has records: ours and users' own; not the shared libraries."""
    found = (
        _register(read, each, _owners(occasion), mask, places)
        for each in read.catalogue.registers
        if each.key not in _SHOWN_BY_NAME
        and each.key != _PEOPLE
        and not each.reference_set
        and not each.shared
        and each.group_fr != workspace.GROUP
    )
    return tuple(each for each in found if each.count)


def _register(
    read: Reader,
    entity: Entity,
    owners: tuple[str, ...],
    mask: NameMask,
    places: PlaceNames,
) -> RegisterRows:
    fields = impersonal_fields(entity)
    wanted = () if entity.shared or entity.reference_set else owners
    rows = (
        (places.department(str(owner)), *values)
        for owner, *values in _rows(read, entity, fields, wanted, mask, hide_persons=True)
    )
    count = read.count(Query(entity.key, owners=wanted))
    return RegisterRows(entity, fields, count, rows)


def _rows(
    read: Reader,
    entity: Entity,
    fields: Sequence[Field],
    owners: tuple[str, ...],
    mask: NameMask | None,
    *,
    hide_persons: bool,
) -> Iterator[tuple[Plain, ...]]:
    """Owner, reference, fields and id of every record, a page at a time."""
    query = Query(entity.key, owners=owners)
    at = 0
    while page := read.records(query, at, _PAGE):
        at += len(page)
        linked = _linked(read, entity, fields, page, hide_persons=hide_persons)
        for record in page:
            values = (_cell(each, record, linked.get(each.key, {}), mask) for each in fields)
            yield (record.owner, record.reference, *values, record.id)


def _linked(
    read: Reader,
    entity: Entity,
    fields: Sequence[Field],
    page: Sequence[Record],
    *,
    hide_persons: bool,
) -> dict[str, dict[str, str]]:
    """What stands for the records referred to: their titles, or references where these name."""
    targets = {each.key: each.target for each in fields if each.target}
    named = {
        key
        for key, target in targets.items()
        if hide_persons and names_persons(read.catalogue, target)
    }
    references = read.references(entity, page) if named else {}
    return {
        key: references.get(key, {})
        if key in named
        else read.titles(target, [getattr(record, key) for record in page])
        for key, target in targets.items()
    }


def _cell(each: Field, record: Record, linked: dict[str, str], mask: NameMask | None) -> Plain:
    if each.key in record.withheld:
        return WITHHELD
    value: Value = getattr(record, each.key)
    if each.target:
        title = linked.get(str(value), None if mask else str(value)) if value else None
        return mask(title) if mask else title
    match each.kind:
        case Kind.YES_NO | Kind.CHOICE:
            return shown(each, value) or None
        case Kind.TEXT | Kind.LONG_TEXT if mask:
            return mask(str(value)) if value else None
        case _:
            return value


# -- what is missing -----------------------------------------------------------------------------


def _gaps(read: Reader, owners: tuple[str, ...], today: date, figures: Indicators) -> Iterator[Gap]:
    """What is missing beyond what the rows of the sheets show."""
    units = [
        each
        for each in Lookup(read, WorkUnit).live(owners)
        if each.valid_until is None or each.valid_until >= today
    ]
    yield Gap(
        "Unités de travail sans effectif",
        sum(not headcount(each) for each in units),
        "L’effectif des directions est incomplet.",
    )
    yield Gap(
        "Unités de travail dont aucun risque n’a été coté depuis un an",
        _not_reviewed(read, owners, [each.id for each in units], today),
        "Le document unique se met à jour au moins chaque année (code du travail R4121-2).",
        "DUERP",
    )
    yield Gap(
        "Départements sans effectif en équivalents temps plein",
        int(figures.full_time_equivalents is None),
        "Sans lui, aucun taux d’accidents n’est calculé.",
        "Indicateurs",
    )
    nowhere = [each for each in figures.directions if not each.direction.id]
    yield Gap(
        "Risques cotés sans direction",
        sum(each.rated for each in nowhere),
        "Ils sont comptés « Non rattaché » dans « Par direction ».",
        "Par direction",
    )
    yield Gap(
        "Agents sans direction ni unité de travail",
        sum(
            not (each.org_unit or each.work_unit)
            for each in Lookup(read, Person).live(owners)
            if each.left_on is None
        ),
        "Leurs titres ne sont comptés dans aucune direction.",
    )
    yield Gap(
        "Fiches avec des remarques de reprise à relire",
        _with_remarks(read, owners),
        "Ce qui n’a pas trouvé de champ à la reprise des fichiers se lit dans chaque fiche.",
    )


def _not_reviewed(read: Reader, owners: tuple[str, ...], units: Sequence[str], today: date) -> int:
    a_year_ago = add_months(today, -12)
    recent = {
        each.risk.work_unit
        for each in rated_risks(read, owners)
        if each.assessment and each.rating and (each.rating.rated_on or date.min) >= a_year_ago
    }
    return sum(each not in recent for each in units)


def _with_remarks(read: Reader, owners: tuple[str, ...]) -> int:
    filled = (Condition("import_remarks", Op.FILLED),)
    return sum(
        read.count(Query(each.key, where=filled, owners=owners))
        for each in read.catalogue.registers
        if "import_remarks" in each.by_key
    )


def _position(read: Reader) -> str:
    """Where the journal stood, by which an edited workbook is compared when it comes back."""
    return json.dumps({"vector": read.at.vector, "deliveries": read.at.deliveries}, sort_keys=True)
