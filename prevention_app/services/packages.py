"""Packages: the files by which stations tell each other their work, made, looked at and applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from prevention_app.domain.package_parts import Envelope
from prevention_app.errors import Cancelled, Refused
from prevention_app.exchange import package_file
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.i18n import number_text
from prevention_app.services import backups
from prevention_app.services.progress import Progress
from prevention_app.storage import (
    acts,
    attachments,
    circle,
    handed_out,
    moments,
    packing,
    rights,
    station_keys,
    unpacking,
)
from prevention_app.storage.packing import Packed
from prevention_app.storage.query import Reader
from prevention_app.storage.station_keys import Known
from prevention_app.storage.store import Store
from prevention_app.storage.unpacking import Applied

SENT_AGAIN: Final = (
    "Ce qui a déjà été envoyé est repris tant que l’autre ordinateur n’a pas répondu "
    "par un fichier d’échange à lui."
)
"""What people are to know who wonder why a file brings what they sent before."""
ALL: Final = "all"
"""Names all admitted stations of the departments in which this one works."""
_EDITIONS: Final = "EDIT"


@dataclass(frozen=True, slots=True)
class Made:
    """What a package brings to the receiver who gets most."""

    file: Path
    receivers: tuple[str, ...]
    """Names of the stations that can read it."""
    entries: int
    leaves: int
    attachments: int


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a package holds, and what it would do here."""

    sender: str
    name: str
    at: str
    receivers: tuple[str, ...]
    entries: int
    leaves: int
    attachments: int
    new: int
    known: int
    waiting: int


def create(store: Store, receivers: Sequence[str], out: Path, progress: Progress) -> Made:
    """Write a package for stations named by name, code or id, or for `ALL`.

    It brings all that they lack and may see. What was never acknowledged is sent again: only a
    station's own packages tell what it holds.
    """
    refuse_locked(out)
    me = circle.this_station(store)
    with store.reading() as read:
        chosen = _chosen(store, read, receivers)
        groups = packing.groups(
            read.connection,
            [each.station for each in chosen],
            partial(rights.sees, read.connection, read.catalogue),
        )
        place = partial(attachments.place, store)
        manifest = packing.manifest(read.connection, store.station, me.name, moments.now(), place)
        handed_out.note(read.connection)
        packed: list[Packed] = []
        public = {each.station: each.public for each in chosen}
        with package_file.writing_package(out, store.key.sign) as package:
            for group in groups:
                packed.append(Packed())
                with package.section({each: public[each] for each in group.stations}) as section:
                    section.write(manifest)
                    for part in packing.parts(read.connection, group, place, packed[-1]):
                        progress.step(packed[-1].entries, 0, f"Écriture de « {out.name} »")
                        progress.check_cancelled()
                        section.write(part)
    return Made(
        out,
        tuple(each.name for each in chosen),
        max(each.entries for each in packed),
        max(each.leaves for each in packed),
        max(len(each.files) for each in packed),
    )


def apply(store: Store, file: Path, progress: Progress) -> Applied:
    """Take in a package: verified whole first; raises PreventionError with the reason.

    Harmless to repeat, and to be continued by repeating where it was interrupted.
    """
    with package_file.reading_package(file) as package:
        envelope = package.check(partial(_tell, progress, f"Contrôle de « {file.name} »"))
        _refuse_others(store, file, envelope)
        plan = unpacking.verify(
            store,
            package.parts(
                store.station,
                store.key.unseal,
                partial(_tell, progress, f"Vérification de « {file.name} »"),
            ),
        )
        progress.check_cancelled()
        if plan.new:
            progress.step(0, 0, "Sauvegarde avant la reprise")
            backups.before_apply(store)
        applied = unpacking.apply(
            store,
            plan,
            package.parts(
                store.station,
                store.key.unseal,
                partial(_tell_applying, progress, f"Reprise de « {file.name} »"),
            ),
            file.name,
        )
    if _EDITIONS in applied.registers:
        from prevention_app.services import reference_sets

        reference_sets.reload(store)
    return applied


def inspect(store: Store, file: Path) -> Inspected:
    """What a package holds and would do here; changes nothing but to note an alarm."""
    quiet = partial(_tell, Progress(), "")
    with package_file.reading_package(file) as package:
        envelope = package.check(quiet)
        _refuse_others(store, file, envelope)
        plan = unpacking.verify(store, package.parts(store.station, store.key.unseal, quiet))
    named, strangers = _receivers(store, envelope)
    return Inspected(
        plan.manifest.sender,
        plan.manifest.name,
        plan.manifest.at,
        (*named, *strangers),
        plan.entries,
        plan.leaves,
        plan.files,
        plan.new,
        plan.known,
        plan.waiting,
    )


# -- who ---------------------------------------------------------------------------------------


def _chosen(store: Store, read: Reader, receivers: Sequence[str]) -> list[Known]:
    known = station_keys.known(read.connection)
    others = [each for station, each in sorted(known.items()) if station != store.station]
    chosen: dict[str, Known] = {}
    for named in receivers:
        found = _admitted(store, read, others) if named == ALL else [_one(store, known, named)]
        chosen |= {each.station: each for each in found}
    return list(chosen.values())


def _admitted(store: Store, read: Reader, others: Sequence[Known]) -> list[Known]:
    departments = set(store.departments)
    held = acts.evaluate(read.connection)
    found = [each for each in others if departments.intersection(held.departments(each.station))]
    if not found:
        raise Refused(
            "Aucun autre ordinateur n’est admis dans votre département : il n’y a personne à qui "
            "écrire un fichier d’échange."
        )
    return found


def _one(store: Store, known: Mapping[str, Known], named: str) -> Known:
    found = circle.find_station(list(known.values()), named)
    if found.station == store.station:
        raise Refused(f"« {named} » est cet ordinateur : un fichier d’échange est pour un autre.")
    return found


def _refuse_others(store: Store, file: Path, envelope: Envelope) -> None:
    """Say for whom a package is that is not for this station."""
    if not any(store.station in receivers for receivers in envelope.sections):
        named, strangers = _receivers(store, envelope)
        others = ", ".join([*(f"« {each} »" for each in named), *strangers])
        raise Refused(
            f"« {file.name} » n’est pas adressé à cet ordinateur mais à {others} : il ne peut pas "
            "être lu ici. Demandez qu’il soit écrit aussi pour lui."
        )


def _receivers(store: Store, envelope: Envelope) -> tuple[list[str], list[str]]:
    """Names of those who can read a package; and, if some are not known here, words for these."""
    with store.reading() as read:
        known = station_keys.known(read.connection)
    stations = [each for receivers in envelope.sections for each in receivers]
    named = [known[each].name for each in stations if each in known]
    strangers = len(stations) - len(named)
    if strangers == 0:
        return named, []
    if strangers == 1:
        return named, ["un ordinateur inconnu ici"]
    return named, [f"{number_text(strangers)} ordinateurs inconnus ici"]


# -- progress ----------------------------------------------------------------------------------


def _tell(progress: Progress, words: str, done: int, total: int) -> None:
    progress.step(done, total, words)
    progress.check_cancelled()


def _tell_applying(progress: Progress, words: str, done: int, total: int) -> None:
    try:
        _tell(progress, words, done, total)
    except Cancelled as error:
        raise Cancelled(
            "Arrêté à votre demande. Ce qui a été repris jusque-là est gardé ; le reste viendra "
            "quand vous reprendrez le même fichier."
        ) from error
