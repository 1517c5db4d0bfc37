"""Bringing files in: understood, planned row by row, then written as one undoable change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from dateutil.relativedelta import relativedelta

from prevention_app.catalogue.description import Entity, Value
from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.errors import PreventionError, Refused, UnreadableFile
from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.kinds import KINDS, import_kind
from prevention_app.exchange.kinds.register import register_kind
from prevention_app.exchange.mapping import Mapping
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.understanding import understand
from prevention_app.exchange.understood import ImportedRow, Understanding
from prevention_app.services.binding import (
    accidents,
    credentials,
    inspections,
    organisation,
    people,
    phyto_stock,
    register,
    risk_document,
)
from prevention_app.services.binding.matcher import Matcher, Outcome, RowResult
from prevention_app.services.progress import Progress
from prevention_app.storage import attachments
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import SHARED, Store
from prevention_app.storage.work import Changes, Work

ALL = "all"
KEPT_MONTHS = 12
"""How long the original of an import stays at this station."""

_NAMES = {
    "organisation": "Reprendre une organisation",
    "people": "Reprendre un fichier d’agents",
    "duerp": "Reprendre un document unique",
    "credentials": "Reprendre des habilitations",
    "inspections": "Reprendre des vérifications",
    "accidents": "Reprendre un registre d’accidents",
    "phyto-stock": "Reprendre un stock de produits",
}
"""What undo and history call an import of each kind."""

Bind = Callable[[ImportedRow, str, Matcher], RowResult]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is to be brought in, and how."""

    kind: str
    files: tuple[Path, ...]
    department: str = ""
    """Owner of rows that name none; « all » lets rows name any department of this station."""
    strict: bool = False
    mapping: Mapping | None = None


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Something in a file that was refused or read with a doubt, at its place."""

    file: str
    sheet: str
    row: int
    cell: str
    message: str
    refused: bool


@dataclass(slots=True)
class PlannedRow:
    """One data row of a file and what becomes of it."""

    file: str
    sheet: str
    row: int
    outcome: Outcome
    title: str
    register: str = ""
    record_id: str = ""
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ImportPlan:
    """All that an import would do or did."""

    request: ImportRequest
    personal: bool = False
    """The file holds data of persons: only its digest and the counts are kept (P7, P21)."""
    understandings: list[Understanding] = field(default_factory=list)
    rows: list[PlannedRow] = field(default_factory=list)
    by_file: list[list[PlannedRow]] = field(default_factory=list)
    """The same rows, one list for each understanding."""
    other: int = 0
    problems: list[ImportProblem] = field(default_factory=list)
    created: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    editions: dict[str, dict[str, int]] = field(default_factory=dict)
    counts: dict[Outcome, int] = field(default_factory=dict)
    """Rows by outcome where they are too many to be listed one by one."""
    done: Changes | None = None

    def count(self, outcome: Outcome) -> int:
        """How many data rows have this outcome."""
        return self.counts.get(outcome, 0) + sum(row.outcome is outcome for row in self.rows)


def kinds_of(store: Store) -> dict[str, str]:
    """Kinds that can be imported, with what people call them; every register is one."""
    names = {
        "organisation": "Organisation (directions, services, sites, unités)",
        "people": "Agents",
        "duerp": "Document unique",
        "credentials": "Habilitations et Certiphyto",
        "inspections": "Vérifications périodiques",
        "accidents": "Accidents et maladies professionnelles",
        "phyto-stock": "Stock de produits phytopharmaceutiques",
        "ephy": "Catalogue national E-Phy",
    }
    registers = {
        each.key: each.label_fr
        for each in store.catalogue.registers
        if not each.reference_set and each.key not in names
    }
    return names | registers


def kind_of(store: Store, key: str) -> ImportKind:
    """The kind of import with this key; raises Refused with the kinds there are."""
    if key in KINDS:
        return import_kind(key)
    entity = store.catalogue.by_key.get(key)
    if entity is None or entity.reference_set or entity.system:
        known = ", ".join(kinds_of(store))
        raise Refused(f"« {key} » n’est pas une nature de fichier connue. Natures : {known}.")
    return register_kind(entity)


def prepare(
    store: Store, request: ImportRequest, progress: Progress | None = None
) -> tuple[ImportPlan, Work]:
    """Understand the files and plan the change; nothing is written.

    Raises UnreadableFile or Refused when a file cannot be imported as it stands.
    """
    watch = progress or Progress()
    kind = kind_of(store, request.kind)
    plan = ImportPlan(request, personal=not kind.keeps_unknown)
    work = store.draft()
    owners = _Owners(request.department, store.department, frozenset(store.departments))
    with store.reading() as read:
        matcher = Matcher(read, work, store.today(), strict=request.strict)
        bind = _binder(store, request.kind, matcher)
        for path in request.files:
            watch.step(0, 0, f"Lecture de « {path.name} »")
            understanding = _understand(read, path, kind, request)
            plan.understandings.append(understanding)
            _plan_file(plan, owners, understanding, matcher, bind, watch)
        plan.created = {key: count for key, count in sorted(matcher.created.items()) if count}
    return plan, work


def _understand(
    read: Reader, path: Path, kind: ImportKind, request: ImportRequest
) -> Understanding:
    source = read_source(path)
    understanding = understand(source, kind, request.mapping)
    if request.mapping is None:
        known = recognised_mapping(read, kind.key, understanding)
        if known is not None:
            understanding = understand(source, kind, known)
            understanding.notes.append(f"Modèle de reprise « {known.name} » reconnu et appliqué.")
    if understanding.refusal:
        raise UnreadableFile(f"« {path.name} » : {understanding.refusal}")
    return understanding


def recognised_mapping(read: Reader, kind: str, understanding: Understanding) -> Mapping | None:
    """The mapping saved for a file with the same headings, the newest first."""
    signatures = [table.signature for table in understanding.tables]
    for saved in reversed(read.records(Query("import_mapping", order=("name",)))):
        if getattr(saved, "kind", "") == kind:
            mapping = Mapping.from_json(str(getattr(saved, "mapping", "")))
            if mapping.knows(signatures):
                return mapping
    return None


def _binder(store: Store, kind: str, matcher: Matcher) -> Bind:
    simple: dict[str, Bind] = {
        "organisation": organisation.bind,
        "people": people.bind,
        "duerp": risk_document.bind,
        "credentials": credentials.bind,
        "inspections": inspections.bind,
        "accidents": accidents.bind,
    }
    if kind in simple:
        return simple[kind]
    if kind == "phyto-stock":
        products = phyto_stock.Products(matcher)
        return partial(phyto_stock.bind, products=products)
    entity: Entity = store.catalogue[kind]
    return partial(register.bind, entity=entity)


def _plan_file(
    plan: ImportPlan,
    owners: _Owners,
    understanding: Understanding,
    matcher: Matcher,
    bind: Bind,
    watch: Progress,
) -> None:
    file = understanding.source.name
    matcher.next_file()
    plan.other += len(understanding.other) + sum(each.rows for each in understanding.other_sheets)
    plan.notes += understanding.notes
    planned: dict[tuple[str, int], PlannedRow] = {}
    total = len(understanding.rows)
    for at, row in enumerate(understanding.rows):
        if at % 100 == 0:
            watch.step(at, total, f"Comparaison de « {file} »")
        result = _bind_row(owners, row, matcher, bind)
        _note_problems(plan, file, row, result)
        _merge(planned, file, row, result)
    plan.rows += planned.values()
    plan.by_file.append(list(planned.values()))


def _bind_row(owners: _Owners, row: ImportedRow, matcher: Matcher, bind: Bind) -> RowResult:
    if row.refused:
        return RowResult(Outcome.REFUSED, title=_title_of(row))
    owner, refusal = owners.of(row)
    if refusal:
        return RowResult(
            Outcome.REFUSED, title=_title_of(row), problems=[("department", refusal)], fatal=True
        )
    mark = matcher.mark()
    result = bind(row, owner, matcher)
    if result.fatal:
        matcher.back_to(mark)
        result.outcome = Outcome.REFUSED
    return result


@dataclass(frozen=True, slots=True)
class _Owners:
    """Whose the records of a file are."""

    wanted: str
    """The department named for rows that name none, or « all »."""
    own: str
    roles: frozenset[str]

    def of(self, row: ImportedRow) -> tuple[str, str]:
        """The owner of a row's record, or why it cannot be taken."""
        default = self.own if self.wanted in ("", ALL) else self.wanted
        named = str(row.values.get("department") or "").strip()
        if not named:
            return default, ""
        if named == SHARED:
            return SHARED, ""
        if named not in DEPARTMENT_NUMBERS:
            return "", f"« {named} » n’est pas un département de la coopération (28, 41 ou 45)."
        if self.wanted != ALL and named != default:
            return (
                "",
                f"La ligne est du département {named}, la reprise est faite pour le {default}.",
            )
        if named not in self.roles:
            return "", f"Cet ordinateur n’a pas de rôle dans le département {named}."
        return named, ""


def _title_of(row: ImportedRow) -> str:
    texts = {key: value for key, value in row.values.items() if isinstance(value, str)}
    texts.pop("department", None)
    return next(iter(texts.values()), "")


def _note_problems(plan: ImportPlan, file: str, row: ImportedRow, result: RowResult) -> None:
    refused = result.outcome is Outcome.REFUSED
    plan.problems += [
        ImportProblem(file, each.sheet, each.row, each.cell, each.message, each.fatal)
        for each in row.problems
    ]
    for key, message in result.problems:
        plan.problems.append(
            ImportProblem(file, row.sheet, row.row, _cell_of(row, key), message, refused)
        )


_COLUMNS = {
    "done_on": "last_inspection",
    "happened_on": "date",
    "happened_at": "time",
    "person_name": "person",
    "use_by": "expires",
    "lifted_on": "observations_lifted_on",
    "months": "period_months",
    "staff_number": "matricule",
}
"""Fields whose column goes by another key in the files."""


def _cell_of(row: ImportedRow, key: str) -> str:
    """Where a field was read, also as a field of a child (« planned_actions.cost »)."""
    column = _COLUMNS.get(key, key)
    if column in row.cells:
        return row.cells[column]
    return next((at for name, at in row.cells.items() if name.endswith(f".{key}")), "")


def _merge(
    planned: dict[tuple[str, int], PlannedRow], file: str, row: ImportedRow, result: RowResult
) -> None:
    """Several records of one row count as one row: new before changed before unchanged."""
    reasons = [each.message for each in row.problems] + [text for _, text in result.problems]
    held = planned.get((row.sheet, row.row))
    if held is None:
        planned[row.sheet, row.row] = PlannedRow(
            file,
            row.sheet,
            row.row,
            result.outcome,
            result.title,
            result.register,
            result.record_id,
            result.differences,
            reasons,
        )
        return
    weight = list(_WEIGHT)
    held.outcome = min(held.outcome, result.outcome, key=weight.index)
    held.differences += result.differences
    held.reasons += reasons
    if result.title and result.title not in held.title:
        held.title = f"{held.title}, {result.title}" if held.title else result.title


_WEIGHT = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.REFUSED)


def apply(store: Store, plan: ImportPlan, work: Work) -> ImportPlan:
    """Write a prepared import as one change, with its record; nothing when nothing differs."""
    if work.touched:
        _record_runs(store, plan, work)
        name = _NAMES.get(plan.request.kind) or _register_name(store, plan.request.kind)
        store.write(work, name)
        plan.done = work.done
        _keep_originals(store, plan)
    return plan


def run(
    store: Store, request: ImportRequest, *, dry_run: bool = False, progress: Progress | None = None
) -> ImportPlan:
    """Prepare and, unless it is only tried, apply."""
    plan, work = prepare(store, request, progress)
    if dry_run:
        return plan
    watch = progress or Progress()
    watch.step(len(plan.rows), len(plan.rows), "Enregistrement")
    watch.check_cancelled()
    return apply(store, plan, work)


def _register_name(store: Store, kind: str) -> str:
    return f"Reprendre « {store.catalogue[kind].label_fr} »"


def _record_runs(store: Store, plan: ImportPlan, work: Work) -> None:
    personal = plan.personal
    until = store.today() + relativedelta(months=KEPT_MONTHS)
    owner = plan.request.department if plan.request.department in DEPARTMENT_NUMBERS else ""
    for understanding, rows in zip(plan.understandings, plan.by_file, strict=True):
        counts = {
            f"rows_{outcome.value}": sum(row.outcome is outcome for row in rows)
            for outcome in Outcome
        }
        work.new(
            "import_run",
            owner=owner,
            imported_at=datetime.now().replace(second=0, microsecond=0),  # noqa: DTZ005
            kind=plan.request.kind,
            file_name=understanding.source.name,
            digest=understanding.source.digest,
            mapping=None if personal else _mapping_text(understanding),
            rows_other=len(understanding.other)
            + sum(each.rows for each in understanding.other_sheets),
            original_kept_until=None if personal else until,
            report=None if personal else _report(plan, understanding.source.name),
            **counts,
        )


def _mapping_text(understanding: Understanding) -> str:
    lines: list[str] = []
    for table in understanding.tables:
        lines.append(f"{table.sheet}, lignes de titres {table.header_first}-{table.header_last}")
        lines += [
            f"  {column.heading} → {column.field or 'écartée'} ({column.word})"
            for column in table.columns
        ]
    return "\n".join(lines)


def _report(plan: ImportPlan, file: str) -> str:
    lines = [
        f"{each.sheet} {each.cell or f'ligne {each.row}'} : {each.message}"
        for each in plan.problems
        if each.file == file
    ]
    return "\n".join(lines)


def _keep_originals(store: Store, plan: ImportPlan) -> None:
    today = store.today()
    attachments.drop_expired_originals(store, today)
    if plan.personal:
        return
    for path in plan.request.files:
        attachments.keep_original(store, path, today + relativedelta(months=KEPT_MONTHS))


def save_mapping(store: Store, mapping: Mapping, understanding: Understanding) -> None:
    """Keep a mapping under its name, for files with the same headings."""
    if not mapping.name.strip():
        raise Refused("Donnez un nom à ce modèle de reprise.")
    signatures = " ".join(table.signature for table in understanding.tables)
    with store.reading() as read:
        held = [
            each
            for each in read.records(Query("import_mapping"))
            if (getattr(each, "kind", ""), getattr(each, "name", ""))
            == (mapping.kind, mapping.name)
        ]
    with store.change("Enregistrer un modèle de reprise") as work:
        if held:
            values: dict[str, Value] = {"signature": signatures, "mapping": mapping.to_json()}
            work.write_over("import_mapping", held[0], values)
        else:
            work.new(
                "import_mapping",
                kind=mapping.kind,
                name=mapping.name,
                signature=signatures,
                mapping=mapping.to_json(),
            )


def saved_mapping(store: Store, kind: str, name: str) -> Mapping:
    """The mapping that was kept under this name; raises Refused with the names there are."""
    with store.reading() as read:
        saved = [
            each
            for each in read.records(Query("import_mapping"))
            if getattr(each, "kind", "") == kind
        ]
    for each in saved:
        if getattr(each, "name", "") == name:
            return Mapping.from_json(str(getattr(each, "mapping", "")))
    known = ", ".join(str(getattr(each, "name", "")) for each in saved) or "aucun"
    raise Refused(f"Aucun modèle de reprise « {name} » (connus : {known}).")


def check_files(files: Sequence[Path]) -> None:
    """Raise a plain message for files that are not there."""
    for file in files:
        if not file.exists():
            raise PreventionError(f"Le fichier « {file} » n’existe pas.")
