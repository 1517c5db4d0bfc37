"""The long work of versions in processes of their own; nothing here knows a widget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.catalogue.document_versions import VersionMotive
from prevention_app.services.progress import Progress


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What sealing would write, as the window says it before it is done."""

    name: str
    status: str
    kept_until: date
    as_at: date
    motive: VersionMotive | None
    project: bool
    """Whether a project is sealed, whose scope is settled."""
    scope: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in a folder of versions."""

    versions: tuple[str, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def foresee(folder: Path, department: str, progress: Progress) -> Foreseen:
    """What sealing would write now."""
    from prevention_app.services import sealing

    progress.step(0, 0, "Contrôle de ce qui manque")
    prepared = sealing.prepare(bootstrap.open_workspace(folder), department)
    facts = prepared.facts
    return Foreseen(
        facts.name,
        facts.status,
        facts.kept_until,
        facts.as_at,
        prepared.motive,
        facts.project,
        facts.scope,
        facts.missing,
    )


def start_project(
    folder: Path,
    department: str,
    motive: VersionMotive | None,
    scope: tuple[str, ...],
    progress: Progress,
) -> str:
    """Freeze and number the present state; returns its name."""
    from prevention_app.services import document_versions_acts

    progress.step(0, 0, "Lecture du document unique")
    store = bootstrap.open_workspace(folder)
    name, _ = document_versions_acts.start_project(store, department, motive=motive, scope=scope)
    return name


def seal(
    folder: Path,
    department: str,
    out: Path,
    motive: VersionMotive | None,
    scope: tuple[str, ...],
    progress: Progress,
) -> tuple[str, str, Path]:
    """Seal a version into a folder; returns its name, what it is called, and where it lies."""
    from prevention_app.services import sealing

    store = bootstrap.open_workspace(folder)
    done = sealing.seal(store, out, department, motive=motive, scope=scope, progress=progress)
    return done.name, done.status, done.folder


def compare(folder: Path, before: str, after: str, progress: Progress) -> object:
    """Two versions, or one and the present state, line by line: a `Comparison`."""
    from prevention_app.services import document_versions_diff

    progress.step(0, 0, "Comparaison")
    return document_versions_diff.compare(bootstrap.open_workspace(folder), before, after)


def write_comparison(folder: Path, before: str, after: str, out: Path, progress: Progress) -> Path:
    """The same as a workbook; returns its place."""
    from prevention_app.services import document_versions_diff

    progress.step(0, 0, "Comparaison")
    found = document_versions_diff.compare(bootstrap.open_workspace(folder), before, after)
    document_versions_diff.write_comparison(found, out, progress)
    return out


def verify(folder: Path, sealed: Path, progress: Progress) -> Verified:
    """Verify the versions of a folder, also by what this workspace wrote down."""
    from prevention_app.services import sealing_verify

    progress.step(0, 0, "Vérification des empreintes")
    found = sealing_verify.verify_folder(sealed)
    with bootstrap.open_workspace(folder).reading() as read:
        found = sealing_verify.compared_with_record(read, found)
    names = tuple(each.manifest.name for each in found.versions if each.manifest)
    return Verified(names, tuple(map(str, found.faults)), tuple(found.notes))
