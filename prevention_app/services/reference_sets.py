"""Published catalogues: an edition brought in, and its rows made again from the kept file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from prevention_app.catalogue.description import Record, Value
from prevention_app.domain.editions import EditionKey, compare_editions, edition_key
from prevention_app.exchange.ephy import LICENCE, SOURCE, EphyEdition, open_ephy
from prevention_app.exchange.ephy_tables import EphyTable
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.imports import ImportPlan, ImportProblem, ImportRequest
from prevention_app.services.progress import Progress
from prevention_app.storage import attachments
from prevention_app.storage.journal import get_meta
from prevention_app.storage.query import Query
from prevention_app.storage.store import SHARED, Store

EPHY = "ephy"


def import_ephy(
    store: Store,
    files: tuple[Path, ...],
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportPlan:
    """Bring in an edition of the national catalogue of plant-protection products.

    It replaces only the tables that it holds. Raises UnreadableFile when nothing can be read.
    """
    watch = progress or Progress()
    watch.step(0, 0, "Lecture du catalogue national")
    edition = open_ephy(files, today=store.today())
    plan = ImportPlan(ImportRequest(EPHY, files))
    if _is_current(store, edition):
        return _nothing_new(store, plan, edition)
    states = {key: _States(table, watch) for key, table in edition.files.items()}
    before = {key: _held_states(store, table) for key, table in edition.files.items()}
    if dry_run:
        for each in states.values():
            for _ in each:
                pass
    else:
        digest_rows = {table.file.entity_key: states[key] for key, table in edition.files.items()}
        store.replace_reference_rows(edition.digest, EPHY, digest_rows)
    for key, table in edition.files.items():
        change = compare_editions(before[key], states[key].seen)
        plan.editions[key] = change.counts()
        _count(plan, len(change.new), len(change.withdrawn), change.rows, table)
        if change.respelled:
            plan.notes.append(
                f"{key} : {len(change.respelled)} ligne(s) disparue(s) et nouvelle(s) ne "
                "diffèrent que par des espaces dans leur numéro."
            )
    plan.problems = [
        ImportProblem(each.file, "", each.line, f"ligne {each.line}", each.message, each.refused)
        for each in edition.problems
    ]
    if not dry_run:
        _record_edition(store, plan, edition, files)
    return plan


def _is_current(store: Store, edition: EphyEdition) -> bool:
    """Whether the rows held here are those of this very edition."""
    with store.reading() as read:
        return get_meta(read.connection, f"reference:{EPHY}") == edition.digest


def _nothing_new(store: Store, plan: ImportPlan, edition: EphyEdition) -> ImportPlan:
    """The account of an edition that is in service already: every row as it was."""
    for key, table in edition.files.items():
        held = _held_states(store, table)
        plan.editions[key] = compare_editions(held, held).counts()
    plan.counts[Outcome.UNCHANGED] = sum(each["rows"] for each in plan.editions.values())
    plan.notes.append("Cette édition est déjà en service : rien n’a été changé.")
    return plan


class _States:
    """The rows of a table on their way into storage; remembers each row's published state."""

    def __init__(self, table: EphyTable, watch: Progress) -> None:
        self._table = table
        self._watch = watch
        self.seen: dict[EditionKey, str | None] = {}

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        key_fields = self._table.file.edition_key
        for at, row in enumerate(self._table):
            if at % 2000 == 0:
                self._watch.step(
                    at, self._table.survey.lines, f"Catalogue national : {self._table.file.key}"
                )
                self._watch.check_cancelled()
            state = row.get("state")
            self.seen[edition_key(row, key_fields)] = None if state is None else str(state)
            yield row


def _held_states(store: Store, table: EphyTable) -> dict[EditionKey, str | None]:
    fields = table.file.edition_key
    entity = store.catalogue[table.file.entity_key]
    wanted = [*fields, "state"] if "state" in entity.by_key else [*fields]
    with store.reading() as read:
        rows = read.columns(Query(entity.key), wanted)
    return {
        edition_key(row, fields): (None if row.get("state") is None else str(row["state"]))
        for row in rows
    }


def _count(plan: ImportPlan, new: int, changed: int, rows: int, table: EphyTable) -> None:
    plan.counts[Outcome.NEW] = plan.counts.get(Outcome.NEW, 0) + new
    plan.counts[Outcome.CHANGED] = plan.counts.get(Outcome.CHANGED, 0) + changed
    plan.counts[Outcome.UNCHANGED] = plan.counts.get(Outcome.UNCHANGED, 0) + rows - new - changed
    plan.counts[Outcome.REFUSED] = plan.counts.get(Outcome.REFUSED, 0) + table.rows_refused
    plan.other += table.other_lines


def _record_edition(
    store: Store, plan: ImportPlan, edition: EphyEdition, files: tuple[Path, ...]
) -> None:
    sources = [each for path in files for each in _published_files(path)]
    tables = "\n".join(
        f"{key} : {counts['rows']} lignes, état du {edition.files[key].published:%d/%m/%Y}"
        for key, counts in plan.editions.items()
    )
    with store.change("Mettre en service un catalogue national") as work:
        record = work.new(
            "reference_edition",
            owner=SHARED,
            set_key=EPHY,
            source=SOURCE,
            edition_date=edition.date,
            digest=edition.digest,
            files=tables,
            licence=LICENCE,
        )
        for path in sources:
            work.new(
                "attachment",
                owner=SHARED,
                of_register="reference_edition",
                of_record=record.id,
                name=path.name,
                size=path.stat().st_size,
                digest=attachments.put(store, path),
            )
    plan.done = work.done


def _published_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(each for each in path.iterdir() if each.suffix.lower() in (".csv", ".zip"))
    return [path]


def reload(store: Store) -> int:
    """Make the rows of published catalogues again from the kept files; returns the editions."""
    with store.reading() as read:
        editions = read.records(Query("reference_edition", order=("reference",)))
        files = read.records(Query("attachment"))
    for edition in editions:
        of_it = [each for each in files if getattr(each, "of_record", "") == edition.id]
        with tempfile.TemporaryDirectory() as folder:
            paths = _unpacked(store, of_it, Path(folder))
            if paths:
                read_again = open_ephy(paths, today=getattr(edition, "edition_date", store.today()))
                store.replace_reference_rows(
                    str(getattr(edition, "digest", read_again.digest)),
                    EPHY,
                    {table.file.entity_key: table for table in read_again.files.values()},
                )
    return len(editions)


def _unpacked(store: Store, files: list[Record], folder: Path) -> list[Path]:
    """The kept files under their published names, by which their tables and days are known."""
    made: list[Path] = []
    for each in files:
        kept = attachments.place(store, str(getattr(each, "digest", "")))
        if kept.exists():
            target = folder / Path(str(getattr(each, "name", "catalogue"))).name
            shutil.copyfile(kept, target)
            made.append(target)
    return made
