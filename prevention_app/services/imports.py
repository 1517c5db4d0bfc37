"""Bringing files in: understood, planned row by row, then written as one undoable change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from prevention_app.catalogue.description import Entity
from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.errors import NotFound, PreventionError, Refused, UnreadableFile
from prevention_app.exchange.import_kinds import ImportKind
from prevention_app.exchange.kinds import KINDS, import_kind
from prevention_app.exchange.kinds.register import register_kind
from prevention_app.exchange.mapping import Mapping as ColumnMapping
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
from prevention_app.services.import_apply import apply
from prevention_app.services.import_corrections import check_unchanged, correct
from prevention_app.services.import_mappings import (
    recognised_mapping,
    save_mapping,
    saved_mapping,
)
from prevention_app.services.import_plan import (
    ALL,
    CellMark,
    Correction,
    ImportPlan,
    ImportProblem,
    ImportRequest,
    PlannedRow,
)
from prevention_app.services.import_problems import Places, marks_of, problems_of
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Query, Reader
from prevention_app.storage.store import SHARED, Store
from prevention_app.storage.work import Work

__all__ = [
    "ALL",
    "ImportPlan",
    "ImportProblem",
    "ImportRequest",
    "PlannedRow",
    "apply",
    "check_files",
    "kind_of",
    "kinds_of",
    "plan_changes",
    "prepare",
    "run",
    "said_for_all",
    "save_mapping",
    "saved_mapping",
    "understand_file",
]

Bind = Callable[[ImportedRow, str, Matcher], RowResult]


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


def said_for_all(
    store: Store, key: str, said: Sequence[str], mapping: ColumnMapping | None = None
) -> ColumnMapping:
    """A mapping that also says what holds for every row: texts « champ=valeur ».

    Raises NotFound for what no file of this kind may say of all its rows.
    """
    fields = {each.key: each for each in kind_of(store, key).columns if each.context}
    made = mapping or ColumnMapping(key)
    for text in said:
        name, equals, value = text.partition("=")
        if name not in fields or not equals:
            raise NotFound(
                f"« {text} » ne vaut pas pour toutes les lignes (attendu : champ=valeur). "
                f"Champs : {', '.join(fields)}."
            )
        made.everywhere[name] = value
    return made


def prepare(
    store: Store, request: ImportRequest, progress: Progress | None = None
) -> tuple[ImportPlan, Work]:
    """Understand the files and plan the change; nothing is written.

    Raises UnreadableFile or Refused when a file cannot be imported as it stands.
    """
    watch = progress or Progress()
    read: list[FileUnderstood] = []
    for path in request.files:
        each = understand_file(store, path, request, watch)
        if each.understanding.refusal:
            raise UnreadableFile(f"« {path.name} » : {each.understanding.refusal}")
        read.append(each)
    return plan_changes(store, request, read, watch)


@dataclass(frozen=True, slots=True)
class FileUnderstood:
    """A file as it was read, and what was corrected by hand before it was understood."""

    understanding: Understanding
    corrected: list[Correction]
    model: str = ""
    """Name of the saved mapping that was recognised by the headings."""


def understand_file(
    store: Store, path: Path, request: ImportRequest, watch: Progress
) -> FileUnderstood:
    """Read a file as a request wants it read; raises UnreadableFile or Refused."""
    watch.step(0, 0, f"Lecture de « {path.name} »")
    kind = kind_of(store, request.kind)
    source = read_source(path)
    check_unchanged(source, request)
    corrected = correct(source, request.corrections)
    understanding = understand(source, kind, request.mapping)
    watch.check_cancelled()
    if request.mapping is not None:
        return FileUnderstood(understanding, corrected)
    with store.reading() as read:
        known = recognised_mapping(read, kind.key, understanding)
    if known is None:
        return FileUnderstood(understanding, corrected)
    understanding = understand(source, kind, known)
    understanding.notes.append(f"Modèle de reprise « {known.name} » reconnu et appliqué.")
    return FileUnderstood(understanding, corrected, known.name)


def plan_changes(
    store: Store, request: ImportRequest, files: Sequence[FileUnderstood], watch: Progress
) -> tuple[ImportPlan, Work]:
    """Compare what was understood with what is here; nothing is written."""
    plan = ImportPlan(request, personal=not kind_of(store, request.kind).keeps_unknown)
    work = store.draft()
    owners = _Owners(request.department, store.department, frozenset(store.departments))
    with store.reading() as read:
        matcher = Matcher(read, work, store.today(), strict=request.strict)
        planner = _Planner(plan, owners, matcher, _binder(store, request.kind, matcher), watch)
        for each in files:
            plan.understandings.append(each.understanding)
            plan.corrected += each.corrected
            planner.plan_file(each.understanding)
        if request.kind == "organisation" and matcher.created.get("org_unit"):
            plan.notes += _better_compared(read)
        plan.created = {key: count for key, count in sorted(matcher.created.items()) if count}
    return plan, work


def _better_compared(read: Reader) -> list[str]:
    """A new chart of an organisation that is here already would double what changed."""
    if not read.count(Query("org_unit")):
        return []
    note = (
        "L’organisation est déjà décrite : ce fichier y ajouterait des directions ou des services. "
        "S’ils ont changé de nom ou de place, « Réorganiser… » (page Organisation) ou la commande "
        "reorganise --from-chart compare le fichier et propose les changements."
    )
    return [note]


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


@dataclass(frozen=True, slots=True)
class _Planner:
    plan: ImportPlan
    owners: _Owners
    matcher: Matcher
    bind: Bind
    watch: Progress

    def plan_file(self, understanding: Understanding) -> None:
        """Say what becomes of each row of one file."""
        plan, file = self.plan, understanding.source.name
        self.matcher.next_file(file)
        others = sum(each.rows for each in understanding.other_sheets)
        plan.other += len(understanding.other) + others
        plan.notes += understanding.notes
        planned: dict[tuple[str, int], PlannedRow] = {}
        places = Places(understanding)
        total, left_out = len(understanding.rows), set[tuple[str, int]]()
        for at, row in enumerate(understanding.rows):
            if at % 100 == 0:
                self.watch.step(at, total, f"Comparaison de « {file} »")
            if (file, row.sheet, row.row) in plan.request.left_out:
                left_out.add((row.sheet, row.row))
                continue
            result = self._bind_row(row)
            marks = marks_of(places, row, result)
            plan.problems += problems_of(file, row, marks)
            _merge(planned, file, row, result, marks)
        self._tell_left_out(len(left_out))
        plan.rows += planned.values()
        plan.by_file.append(list(planned.values()))

    def _tell_left_out(self, count: int) -> None:
        self.plan.other += count
        if count:
            lines = "lignes laissées" if count > 1 else "ligne laissée"
            self.plan.notes.append(f"{count} {lines} de côté à votre demande.")

    def _bind_row(self, row: ImportedRow) -> RowResult:
        if row.refused:
            return RowResult(Outcome.REFUSED, title=_title_of(row))
        owner, refusal = self.owners.of(row)
        if refusal:
            return RowResult(
                Outcome.REFUSED,
                title=_title_of(row),
                problems=[("department", refusal)],
                fatal=True,
            )
        mark = self.matcher.mark()
        result = self.bind(row, owner, self.matcher)
        if result.fatal:
            self.matcher.back_to(mark)
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


def _merge(
    planned: dict[tuple[str, int], PlannedRow],
    file: str,
    row: ImportedRow,
    result: RowResult,
    marks: list[CellMark],
) -> None:
    """Several records of one row count as one row: new before changed before unchanged."""
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
            marks,
            [row],
        )
        return
    weight = list(_WEIGHT)
    held.outcome = min(held.outcome, result.outcome, key=weight.index)
    held.differences += result.differences
    held.marks += [each for each in marks if each not in held.marks]
    held.read.append(row)
    if result.title and result.title not in held.title:
        held.title = f"{held.title}, {result.title}" if held.title else result.title


_WEIGHT = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.REFUSED)


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


def check_files(files: Sequence[Path]) -> None:
    """Raise a plain message for files that are not there."""
    for file in files:
        if not file.exists():
            raise PreventionError(f"Le fichier « {file} » n’existe pas.")
