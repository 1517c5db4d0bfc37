"""Making the sheets that leave: one for each work unit, one for each pilot of actions (P1)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final, cast

from prevention_app.catalogue.campaign import Campaign, CollectSheet, SheetKind
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.catalogue.values import fold
from prevention_app.errors import NotFound, Refused
from prevention_app.exchange import file_names
from prevention_app.exchange.collecting_workbook import write_action_sheet, write_risk_sheet
from prevention_app.services import campaign as campaigns
from prevention_app.services import collecting_content as content
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

SEND, SEND_ACTIONS = "Préparer les fiches de collecte", "Préparer les classeurs des pilotes"
"""Names of the changes made here, as undo and history call them."""
_PREFIX: Final = {SheetKind.RISKS: "Fiche de collecte", SheetKind.ACTIONS: "Actions"}


@dataclass(slots=True)
class Sent:
    """The files that were made, and what was recorded of them."""

    files: list[Path] = field(default_factory=list[Path])
    sheets: list[CollectSheet] = field(default_factory=list[CollectSheet])
    without_pilot: int = 0
    """Open actions of which nobody is in charge: they are asked of no one."""
    done: Changes | None = None


def send(
    store: Store,
    owner: str,
    out: Path,
    progress: Progress,
    *,
    units: Sequence[str] = (),
    answers_until: date | None = None,
    paper: bool = True,
) -> Sent:
    """Write the sheet of each work unit of the campaign, or of those named, into a folder.

    Without a campaign, one of this year is started for these units. A sheet that did not come
    back yet is made anew under the same identity: whichever copy comes back answers it.

    Raises Refused where the folder is none, and what writing files raises; nothing is recorded
    then.
    """
    refuse_no_folder(out)
    today, work, made = store.today(), store.draft(), Sent()
    with store.reading() as read:
        campaign, chosen = _of_campaign(read, work, owner, units, today, answers_until)
        found = content.contents(read, owner)
        waiting = unanswered(read, owner, SheetKind.RISKS, campaign.id)
    names = Names(out)
    kept = {str(each.work_unit): each for each in waiting}
    with gone_if_failed() as fresh:
        for at, unit in enumerate(chosen):
            progress.step(at, len(chosen), f"Fiche de « {unit.name} »")
            progress.check_cancelled()
            sheet = sheet_for(
                work,
                kept.get(unit.id),
                owner,
                kind=SheetKind.RISKS,
                name=names.free(SheetKind.RISKS, unit.name, kept.get(unit.id)),
                rows=len(found.risks.get(unit.id, ())),
                today=today,
                answers_until=answers_until or campaign.answers_until,
                campaign=campaign.id,
                work_unit=unit.id,
            )
            asked = found.risk_sheet(sheet, unit, campaign)
            place = out / sheet.file_name
            write_risk_sheet(asked, fresh(place))
            made.files.append(place)
            if paper:
                from prevention_app.exchange.collecting_paper import write_paper

                made.files.append(place.with_suffix(".docx"))
                write_paper(asked, fresh(made.files[-1]))
            made.sheets.append(sheet)
        store.write(work, SEND)
    made.done = work.done
    return made


@contextlib.contextmanager
def gone_if_failed() -> Iterator[Callable[[Path], Path]]:
    """Take away the files that were made here, if what follows is not recorded.

    What is yielded is told of each file before it is written. A sheet that nobody recorded would be
    refused when it comes back.
    """
    fresh: list[Path] = []

    def note(place: Path) -> Path:
        if not place.exists():
            fresh.append(place)
        return place

    try:
        yield note
    except BaseException:
        for each in fresh:
            with contextlib.suppress(OSError):
                each.unlink(missing_ok=True)
        raise


def _of_campaign(
    read: Reader,
    work: Work,
    owner: str,
    named: Sequence[str],
    today: date,
    answers_until: date | None,
) -> tuple[Campaign, Sequence[WorkUnit]]:
    """The campaign and its units that are asked; both are made where they are not there yet."""
    campaign = campaigns.current(read, owner)
    if campaign is None:
        chosen = campaigns.units_named(read, owner, named, today)
        return campaigns.begin(work, owner, chosen, today, answers_until=answers_until), chosen
    held = {each.work_unit for each in campaigns.members(read, campaign.id)}
    if not named:
        return campaign, [
            each for each in campaigns.open_units(read, owner, today) if each.id in held
        ]
    chosen = campaigns.units_named(read, owner, named, today)
    for each in chosen:
        if each.id not in held:
            work.new("campaign_unit", owner=owner, campaign=campaign.id, work_unit=each.id)
    return campaign, chosen


def send_actions(
    store: Store,
    owner: str,
    out: Path,
    progress: Progress,
    *,
    pilots: Sequence[str] = (),
    answers_until: date | None = None,
) -> Sent:
    """Write for each pilot, or for those named, a workbook with their own open actions alone.

    Raises NotFound for a pilot without open actions, Refused where there are none at all.
    """
    refuse_no_folder(out)
    today, made = store.today(), Sent()
    with store.reading() as read, gone_if_failed() as fresh:
        by_pilot = content.actions_by_pilot(read, owner)
        made.without_pilot = len(by_pilot.pop("", ()))
        chosen = _pilots(by_pilot, pilots, owner)
        work = store.draft()
        writer = ActionWriter(read, work, owner, out, today, fresh)
        until = answers_until or today + timedelta(days=campaigns.ANSWER_DAYS)
        for at, pilot in enumerate(chosen):
            progress.step(at, len(chosen), f"Actions de « {pilot} »")
            progress.check_cancelled()
            made.sheets.append(writer.write(pilot, by_pilot[pilot], until))
            made.files.append(out / made.sheets[-1].file_name)
        store.write(work, SEND_ACTIONS)
    made.done = work.done
    return made


def _pilots(
    by_pilot: dict[str, list[PlannedAction]], named: Sequence[str], owner: str
) -> list[str]:
    known = {fold(each): each for each in by_pilot}
    for each in named:
        if fold(each) not in known:
            there = ", ".join(sorted(by_pilot)) or "aucun"
            raise NotFound(f"« {each} » n’a aucune action en cours. Pilotes : {there}.")
    if not by_pilot:
        raise Refused(f"Aucune action en cours n’a de pilote dans le département {owner}.")
    return [known[fold(each)] for each in named] if named else sorted(by_pilot, key=fold)


class ActionWriter:
    """Writes the workbooks of pilots inside an open change."""

    def __init__(
        self,
        read: Reader,
        work: Work,
        owner: str,
        out: Path,
        today: date,
        fresh: Callable[[Path], Path],
    ) -> None:
        """Look up what was sent and did not come back; `fresh` is told of each file."""
        self._fresh = fresh
        self._read, self._work, self._owner = read, work, owner
        self._out, self._today = out, today
        self._names = Names(out)
        self._employer = content.employer(read, owner)
        waiting = unanswered(read, owner, SheetKind.ACTIONS)
        self._kept = {fold(each.pilot or ""): each for each in waiting}

    def write(
        self, pilot: str, actions: Sequence[PlannedAction], until: date | None
    ) -> CollectSheet:
        """Write the workbook of one pilot; returns what is recorded of it."""
        kept = self._kept.get(fold(pilot))
        sheet = sheet_for(
            self._work,
            kept,
            self._owner,
            kind=SheetKind.ACTIONS,
            name=self._names.free(SheetKind.ACTIONS, pilot, kept),
            rows=len(actions),
            today=self._today,
            answers_until=until,
            pilot=pilot,
        )
        asked = content.action_sheet(self._read, sheet, self._employer, actions)
        write_action_sheet(asked, self._fresh(self._out / sheet.file_name))
        return sheet


def refuse_no_folder(out: Path) -> None:
    """Make the folder where its parent is there; raises Refused where it can be none."""
    if out.exists() and not out.is_dir():
        raise Refused(f"« {out} » est un fichier : indiquez un dossier.")
    if not out.exists():
        if not out.parent.is_dir():
            raise Refused(f"Le dossier « {out.parent} » n’existe pas.")
        out.mkdir()


class Names:
    """Names of files in a folder: none is given twice, those of sheets made again stay."""

    def __init__(self, out: Path) -> None:
        """What another program put there is never written over."""
        self._out = out
        self._given: list[str] = []

    def free(self, kind: SheetKind, what: str, kept: CollectSheet | None) -> str:
        """The name of the file for a unit or a pilot."""
        if kept is not None and not file_names.clash(kept.file_name, self._given):
            self._given.append(kept.file_name)
            return kept.file_name
        stem = file_names.accepted(f"{_PREFIX[kind]} - {what}")[:150].rstrip(" .")
        name, number = f"{stem}.xlsx", 2
        while file_names.clash(name, self._given) or (self._out / name).exists():
            name, number = f"{stem} ({number}).xlsx", number + 1
        self._given.append(name)
        return name


def sheet_for(
    work: Work,
    kept: CollectSheet | None,
    owner: str,
    *,
    kind: SheetKind,
    name: str,
    rows: int,
    today: date,
    answers_until: date | None,
    **whose: str,
) -> CollectSheet:
    """What is recorded of a sheet that leaves: a new one, or the one that did not come back."""
    if kept is not None:
        work.amend("collect_sheet", kept, file_name=name, rows=rows, answers_until=answers_until)
        kept.file_name, kept.answers_until = name, answers_until
        return kept
    made = work.new(
        "collect_sheet",
        owner=owner,
        token=content.new_token(),
        kind=kind,
        file_name=name,
        rows=rows,
        sent_on=today,
        answers_until=answers_until,
        **whose,
    )
    return cast("CollectSheet", made)


def unanswered(read: Reader, owner: str, kind: SheetKind, campaign: str = "") -> list[CollectSheet]:
    """The sheets that left and did not come back."""
    where = [Condition("kind", Op.IS, kind), Condition("answered_on", Op.EMPTY)]
    if campaign:
        where.append(Condition("campaign", Op.IS, campaign))
    found = read.records(
        Query("collect_sheet", where=tuple(where), owners=(owner,), order=("reference",))
    )
    return [cast("CollectSheet", each) for each in found]


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in folders named, in a steady order; hidden ones are left out."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in path.rglob("*") if each.is_file())
            found += sorted(each for each in inside if not _is_hidden(each.relative_to(path)))
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts) or path.name == "Thumbs.db"
