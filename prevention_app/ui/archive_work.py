"""Erasing and eliminating in processes of their own; nothing here knows a widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from prevention_app import bootstrap
from prevention_app.catalogue.vocabulary import EliminationState
from prevention_app.i18n import NARROW, number_text
from prevention_app.services import archives
from prevention_app.services.archives import Preview
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from prevention_app.ui import words

DUE, LIST, HOLD = "due", "list", "hold"


@dataclass(frozen=True, slots=True)
class Row:
    """What is due, a list or a hold, as the card shows it."""

    kind: str
    key: str
    """Key of a register, or a reference."""
    department: str
    what: str
    count: str
    state: str
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be lost for good, in words."""

    text: str
    detail: str


def read(folder: Path, progress: Progress) -> Sequence[Row]:
    """What is due, the lists and the holds."""
    progress.step(0, 0, "Lecture des durées de conservation")
    return _rows(bootstrap.open_workspace(folder))


def _rows(store: Store) -> Sequence[Row]:
    found = [
        Row(
            DUE,
            each.entity.key,
            each.department,
            each.entity.label_fr,
            number_text(each.count),
            f"Échu, avant le {each.before:%d/%m/%Y}",
            each.before,
        )
        for each in archives.due(store)
    ]
    with store.reading() as reader:
        for each in archives.eliminations(reader):
            state = EliminationState(each.state).label_fr
            visa = f", visa {each.visa_number}" if each.visa_number else ""
            what = f"{each.reference}, {each.series}"
            found.append(
                Row(
                    LIST,
                    each.reference,
                    each.owner,
                    what,
                    number_text(each.count),
                    f"Bordereau {state.lower()}{visa}",
                )
            )
        for each in archives.holds(reader, store.today()):
            held = reader.get(each.register_key, each.record).reference if each.record else "tout"
            what = f"{each.reference}, {reader.catalogue[each.register_key].label_fr}"
            state = f"Gel ({held}){NARROW}: {each.reason}"
            found.append(Row(HOLD, each.reference, each.owner, what, "", state))
    return found


def foresee_names(
    folder: Path, references: tuple[str, ...], attachments: bool, progress: Progress
) -> Foreseen:
    """What erasing the names of records takes away."""
    progress.step(0, 0, "Recherche de ce qui serait effacé")
    store = bootstrap.open_workspace(folder)
    preview = archives.foresee_names(store, references, with_attachments=attachments)
    return _foreseen(store, preview, "Noms et textes libres seront effacés pour toujours")


def foresee_execution(folder: Path, reference: str, progress: Progress) -> Foreseen:
    """What executing a list takes away."""
    progress.step(0, 0, "Recherche de ce qui serait éliminé")
    store = bootstrap.open_workspace(folder)
    preview = archives.foresee_execution(store, reference)
    return _foreseen(store, preview, f"{reference}{NARROW}: seront éliminés pour toujours")


def _foreseen(store: Store, preview: Preview, said: str) -> Foreseen:
    named = ", ".join(record.reference for _, record in preview.chosen[:5])
    more = f" et {len(preview.chosen) - 5} autres" if len(preview.chosen) > 5 else ""
    text = (
        f"{said}{NARROW}: {words.count(len(preview.chosen), 'fiche')} ({named}{more}), "
        f"{number_text(len(preview.hanging))} qui s’y rattachent, dont "
        f"{words.count(preview.files, 'pièce jointe', 'pièces jointes')}. Aucune "
        "annulation n’est possible, sur cet ordinateur ni sur les autres."
    )
    return Foreseen(text, "\n".join(archives.remarks(store)))


def erase_names(
    folder: Path, references: tuple[str, ...], reason: str, attachments: bool, progress: Progress
) -> Sequence[Row]:
    """Erase the names of records."""
    progress.step(0, 0, "Effacement")
    store = bootstrap.open_workspace(folder)
    archives.erase_names(store, references, reason, with_attachments=attachments)
    return _rows(store)


def prepare(folder: Path, row: Row, out: Path, progress: Progress) -> tuple[str, Sequence[Row]]:
    """Prepare the list of what is due and write it into a folder; returns the file's name."""
    progress.step(0, 0, "Préparation du bordereau")
    store = bootstrap.open_workspace(folder)
    assert row.before is not None  # noqa: S101  (what is due is so before a day)
    made = archives.prepare(store, row.key, row.before, department=row.department)
    file = out / f"Bordereau {made.reference}.xlsx"
    archives.write_list(store, made.reference, file)
    return file.name, _rows(store)


def give_visa(
    folder: Path, reference: str, number: str, on: date, progress: Progress
) -> Sequence[Row]:
    """Note the visa of a list."""
    progress.step(0, 0, "Visa")
    store = bootstrap.open_workspace(folder)
    archives.give_visa(store, reference, number, on)
    return _rows(store)


def execute(folder: Path, reference: str, progress: Progress) -> Sequence[Row]:
    """Eliminate the records of a list."""
    progress.step(0, 0, "Élimination")
    store = bootstrap.open_workspace(folder)
    archives.execute(store, reference)
    return _rows(store)


def hold(folder: Path, named: tuple[str, ...], reason: str, progress: Progress) -> Sequence[Row]:
    """Hold records or registers."""
    progress.step(0, 0, "Gel")
    store = bootstrap.open_workspace(folder)
    for each in named:
        archives.hold(store, each, reason)
    return _rows(store)


def release(folder: Path, reference: str, progress: Progress) -> Sequence[Row]:
    """End a hold."""
    progress.step(0, 0, "Levée du gel")
    store = bootstrap.open_workspace(folder)
    archives.release(store, reference)
    return _rows(store)
