"""Reminders: a draft mail for each late pilot and each unit that did not answer, in one act (P1).

The dates are kept with the action and the sheet. Nothing is sent from here: the files are opened
in the user's own mail program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast

from prevention_app.catalogue.campaign import Campaign, CollectSheet, SheetKind
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.catalogue.risk_document import PlannedAction
from prevention_app.domain.due import DueState
from prevention_app.domain.due_rules import action_due
from prevention_app.errors import Refused
from prevention_app.exchange import file_names
from prevention_app.exchange.collecting_mail import Draft, write_draft
from prevention_app.exchange.collecting_workbook import write_risk_sheet
from prevention_app.i18n import count
from prevention_app.services import campaign as campaigns
from prevention_app.services import collecting_content as content
from prevention_app.services.collecting_send import (
    ActionWriter,
    gone_if_failed,
    refuse_no_folder,
    unanswered,
)
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

REMIND = "Préparer des relances"
"""Name of the change made here, as undo and history call it."""
_GREETING: Final = "Bonjour,"
_HEAD_OF: Final = "Responsable de « {} »"


@dataclass(slots=True)
class Reminded:
    """The drafts that were made, and what was recorded."""

    files: list[Path] = field(default_factory=list[Path])
    pilots: int = 0
    actions: int = 0
    units: int = 0
    without_pilot: int = 0
    """Late actions of which nobody is in charge."""
    done: Changes | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """Who would be reminded now."""

    pilots: dict[str, list[PlannedAction]]
    """Pilot → their late actions."""
    sheets: list[CollectSheet]
    """Sheets of the campaign that did not come back."""
    without_pilot: int

    @property
    def words(self) -> str:
        """« 4 pilotes en retard, 12 unités sans réponse »."""
        return (
            f"{count(len(self.pilots), 'pilote')} en retard, "
            f"{count(len(self.sheets), 'unité')} sans réponse"
        )


def overdue(read: Reader, owner: str, today: date) -> Overdue:
    """Late pilots and units that did not answer in a department."""
    late = {
        pilot: [each for each in actions if _is_late(each, today)]
        for pilot, actions in content.actions_by_pilot(read, owner).items()
    }
    late = {pilot: actions for pilot, actions in late.items() if actions}
    without = len(late.pop("", ()))
    campaign = campaigns.current(read, owner)
    sheets = unanswered(read, owner, SheetKind.RISKS, campaign.id) if campaign else []
    return Overdue(late, sheets, without)


def _is_late(action: PlannedAction, today: date) -> bool:
    due = action_due(action, today)
    return due is not None and due.state is DueState.LATE


def remind(store: Store, owner: str, out: Path, progress: Progress) -> Reminded:
    """Write a draft mail for each of them into a folder, the list attached, and note the day.

    Raises Refused where nobody is late, and what writing files raises; nothing is recorded then.
    """
    refuse_no_folder(out)
    today, made, work = store.today(), Reminded(), store.draft()
    with store.reading() as read, TemporaryDirectory() as folder, gone_if_failed() as fresh:
        waiting = overdue(read, owner, today)
        made.without_pilot = waiting.without_pilot
        if not waiting.pilots and not waiting.sheets:
            raise Refused(
                f"Personne n’est à relancer dans le département {owner} : aucune action en retard "
                "n’a de pilote, toutes les fiches sont revenues."
            )
        letters = _Letters(read, work, owner, out, Path(folder), today, fresh)
        whole = len(waiting.pilots) + len(waiting.sheets)
        for at, (pilot, actions) in enumerate(waiting.pilots.items()):
            progress.step(at, whole, f"Relance de « {pilot} »")
            progress.check_cancelled()
            made.files.append(letters.to_pilot(pilot, actions))
            made.pilots += 1
            made.actions += len(actions)
        for at, sheet in enumerate(waiting.sheets, len(waiting.pilots)):
            progress.step(at, whole, "Relance des unités")
            progress.check_cancelled()
            found = letters.to_unit(sheet)
            if found is not None:
                made.files.append(found)
                made.units += 1
        store.write(work, REMIND)
    made.done = work.done
    return made


class _Letters:
    """Writes the drafts and notes the reminders in one open change."""

    def __init__(
        self,
        read: Reader,
        work: Work,
        owner: str,
        out: Path,
        folder: Path,
        today: date,
        fresh: Callable[[Path], Path],
    ) -> None:
        self._fresh = fresh
        self._read, self._work, self._owner = read, work, owner
        self._out, self._folder, self._today = out, folder, today
        self._actions = ActionWriter(read, work, owner, folder, today, fresh)
        self._contents: content.Contents | None = None
        self._names: list[str] = []

    def to_pilot(self, pilot: str, actions: Sequence[PlannedAction]) -> Path:
        """The late actions of a pilot, with a workbook to answer in."""
        until = self._today + timedelta(days=campaigns.ANSWER_DAYS)
        sheet = self._actions.write(pilot, actions, until)
        late = count(len(actions), "action de prévention", "actions de prévention")
        verb = "a dépassé son échéance" if len(actions) == 1 else "ont dépassé leur échéance"
        listed = "\n".join(
            f"- {each.title}, échéance {_day(each.due or each.revised_due)} ({each.reference})"
            for each in actions
        )
        place = self._write(
            pilot,
            Draft(
                f"Actions de prévention en retard : {pilot}",
                [
                    _GREETING,
                    f"{late} dont vous êtes pilote {verb} au {_day(self._today)} :\n\n{listed}",
                    (
                        "Merci d’indiquer dans le classeur joint où elles en sont (état, "
                        f"avancement, date, coût) et de le renvoyer avant le {_day(until)}. "
                        "Si une échéance ne peut être tenue, dites-le en remarque avec la raison."
                    ),
                    "Le service prévention",
                ],
                self._folder / sheet.file_name,
            ),
        )
        for each in actions:
            self._note(pilot, place, action=each.id)
        return place

    def to_unit(self, sheet: CollectSheet) -> Path | None:
        """The sheet of a unit once more; None where the unit is gone meanwhile."""
        if self._contents is None:
            self._contents = content.contents(self._read, self._owner)
        unit = self._contents.paths.work_units.get(sheet.work_unit)
        if unit is None or sheet.campaign is None:
            return None
        attached = self._sheet_of(sheet, unit)
        to = self._contents.head(unit) or _HEAD_OF.format(unit.name)
        until = sheet.answers_until
        asked = (
            f"Elle était attendue pour le {_day(until)}."
            if until is not None and until < self._today
            else f"Elle est attendue avant le {_day(until)}."
            if until is not None
            else "Elle n’est pas encore revenue."
        )
        place = self._write(
            unit.name,
            Draft(
                f"Document unique, fiche de collecte attendue : {unit.name}",
                [
                    _GREETING,
                    (
                        f"La fiche de collecte de l’unité « {unit.name} » a été préparée le "
                        f"{_day(sheet.sent_on)}. {asked} Elle est jointe à nouveau."
                    ),
                    (
                        "Merci de la remplir avec les agents concernés et de la renvoyer. Si une "
                        "réunion serait plus simple, proposez une date."
                    ),
                    "Le service prévention",
                ],
                attached,
            ),
        )
        self._note(to, place, sheet=sheet.id)
        return place

    def _sheet_of(self, sheet: CollectSheet, unit: WorkUnit) -> Path:
        assert self._contents is not None  # noqa: S101  (read by the caller)
        campaign = cast("Campaign", self._read.get("update_campaign", sheet.campaign or ""))
        place = self._folder / sheet.file_name
        write_risk_sheet(self._contents.risk_sheet(sheet, unit, campaign), place)
        return place

    def _write(self, what: str, draft: Draft) -> Path:
        stem = file_names.accepted(f"Relance - {what}")[:150].rstrip(" .")
        name, number = f"{stem}.eml", 2
        while file_names.clash(name, self._names):
            name, number = f"{stem} ({number}).eml", number + 1
        self._names.append(name)
        write_draft(draft, self._fresh(self._out / name))
        return self._out / name

    def _note(self, to: str, place: Path, **about: str) -> None:
        self._work.new(
            "reminder",
            owner=self._owner,
            reminded_on=self._today,
            addressed_to=to,
            file_name=place.name,
            **about,
        )


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "non fixée"
