"""Taking in collecting sheets that came back: what they say becomes proposals, never ratings (P1).

A sheet that came back twice counts once: the answer that was saved last replaces what still waits
of the one before. Damaged files are told by name and reason while the others are taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, cast

from prevention_app.catalogue.campaign import (
    CollectSheet,
    Proposal,
    ProposalKind,
    ProposalState,
    SheetKind,
)
from prevention_app.catalogue.description import DECLARED, Value
from prevention_app.catalogue.risk_document import PlannedAction, Risk
from prevention_app.catalogue.values import Stored, Unreadable, parse, to_stored
from prevention_app.errors import PreventionError
from prevention_app.exchange import collecting_model as model
from prevention_app.exchange.collecting_model import Answer, AnsweredLine
from prevention_app.exchange.collecting_reading import moment_text, read_answer
from prevention_app.exchange.typography import typeset
from prevention_app.i18n import count
from prevention_app.services.collecting_send import files_in
from prevention_app.services.lookup import Lookup
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

READ = "Relever les fiches de collecte"
"""Name of the change made here, as undo and history call it."""
_KINDS: Final[Mapping[str, ProposalKind]] = {
    model.STILL_TRUE: ProposalKind.STILL_TRUE,
    model.CHANGED: ProposalKind.CHANGED,
    model.GONE: ProposalKind.GONE,
    model.NEW: ProposalKind.NEW_SITUATION,
}
_STAYS: Final = (
    *("kind", "text", "family", "measures", "remark"),
    *("action_state", "progress", "done_on", "found", "real_cost"),
)
"""Fields of a proposal that say what is proposed: where they are the same, it is the same."""


class FileState(StrEnum):
    """What became of a file."""

    READ = "read"
    SAME = "same"
    OLDER = "older"
    BLANK = "blank"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file, and why."""

    file: str
    state: FileState
    said: str
    """A finished French sentence."""
    proposals: int = 0


@dataclass(slots=True)
class Reading:
    """What came of reading files: an account of each, and what was written."""

    files: list[FileOutcome] = field(default_factory=list[FileOutcome])
    done: Changes | None = None

    @property
    def proposals(self) -> int:
        """How many proposals wait that did not before."""
        return sum(each.proposals for each in self.files)

    def counted(self, state: FileState) -> int:
        """How many files ended so."""
        return sum(each.state is state for each in self.files)


@dataclass(slots=True)
class _Returned:
    """A file that was understood."""

    file: str
    answer: Answer
    sheet: CollectSheet


def read(store: Store, paths: Iterable[Path], progress: Progress) -> Reading:
    """Take in returned sheets, files or folders of them, as one change that can be undone."""
    made = Reading()
    files = files_in(paths)
    returned: list[_Returned] = []
    for at, path in enumerate(files):
        progress.step(at, len(files), f"Lecture de « {path.name} »")
        progress.check_cancelled()
        found = _understood(store, path, made)
        if found is not None:
            returned.append(found)
    work = store.draft()
    with store.reading() as reader:
        for group in _by_subject(returned).values():
            _take(reader, work, group, made, store)
    store.write(work, READ)
    made.done = work.done
    made.files.sort(key=lambda each: (each.state is not FileState.REFUSED, each.file))
    return made


def _understood(store: Store, path: Path, made: Reading) -> _Returned | None:
    try:
        answer = read_answer(path)
    except PreventionError as error:
        made.files.append(FileOutcome(path.name, FileState.REFUSED, str(error)))
        return None
    with store.reading() as reader:
        where = (Condition("token", Op.IS, answer.identity.token),)
        known = reader.records(Query("collect_sheet", where=where, order=("reference",)))
    if not known:
        said = (
            f"« {path.name} » est une fiche de collecte que cet espace de travail n’a pas "
            "préparée, ou dont la préparation a été annulée."
        )
        made.files.append(FileOutcome(path.name, FileState.REFUSED, typeset(said)))
        return None
    if known[0].owner not in store.departments:
        said = f"« {path.name} » : {store.why_no_role(known[0].owner)}"
        made.files.append(FileOutcome(path.name, FileState.REFUSED, typeset(said)))
        return None
    if not (answer.lines or answer.participants or answer.answered_by or answer.met_on):
        said = "Rien n’y est rempli : la fiche reste attendue."
        made.files.append(FileOutcome(path.name, FileState.BLANK, typeset(said)))
        return None
    return _Returned(path.name, answer, cast("CollectSheet", known[0]))


def _by_subject(returned: Sequence[_Returned]) -> dict[tuple[str, ...], list[_Returned]]:
    """Those that answer the same question together, the one saved last at the end."""
    found: dict[tuple[str, ...], list[_Returned]] = {}
    for each in sorted(returned, key=lambda one: (one.answer.saved_at, one.file)):
        found.setdefault(_subject(each.sheet), []).append(each)
    return found


def _subject(sheet: CollectSheet) -> tuple[str, ...]:
    """Sheets of one unit in one campaign ask the same, and those of one pilot on one day."""
    if sheet.kind == SheetKind.RISKS:
        return sheet.owner, sheet.campaign or "", sheet.work_unit or ""
    return sheet.owner, sheet.token


def _siblings(reader: Reader, sheet: CollectSheet) -> list[CollectSheet]:
    """The sheets that ask the same, itself among them."""
    if sheet.kind != SheetKind.RISKS:
        return [sheet]
    where = (
        Condition("campaign", Op.IS, sheet.campaign),
        Condition("work_unit", Op.IS, sheet.work_unit),
    )
    found = reader.records(Query("collect_sheet", where=where, order=("reference",)))
    return [cast("CollectSheet", each) for each in found] or [sheet]


def _take(
    reader: Reader, work: Work, group: Sequence[_Returned], made: Reading, store: Store
) -> None:
    """Take in the last of several answers to one question; tell of the others."""
    *earlier, last = group
    siblings = _siblings(reader, last.sheet)
    held = max(siblings, key=_saved)
    for each in earlier:
        same = each.answer.digest == last.answer.digest
        said = (
            f"Même réponse que « {last.file} » : comptée une fois."
            if same
            else f"Remplacée par « {last.file} », enregistrée après elle "
            f"({moment_text(last.answer.saved_at)})."
        )
        state = FileState.SAME if same else FileState.OLDER
        made.files.append(FileOutcome(each.file, state, typeset(said)))
    if held.answer_digest == last.answer.digest:
        said = "Cette réponse a déjà été relevée : rien n’est compté deux fois."
        made.files.append(FileOutcome(last.file, FileState.SAME, typeset(said)))
        return
    if held.answer_saved_at is not None and held.answer_saved_at > last.answer.saved_at:
        said = (
            "Une réponse plus récente a déjà été relevée "
            f"({moment_text(held.answer_saved_at)}) : celle-ci est laissée de côté."
        )
        made.files.append(FileOutcome(last.file, FileState.OLDER, typeset(said)))
        return
    new = _write(reader, work, last, siblings, store)
    unit = f" de « {_name_of(reader, last.sheet)} »"
    said = f"Réponse{unit} : {count(new, 'proposition')}."
    made.files.append(FileOutcome(last.file, FileState.READ, typeset(said), new))


def _name_of(reader: Reader, sheet: CollectSheet) -> str:
    if sheet.work_unit:
        return reader.titles("work_unit", [sheet.work_unit]).get(sheet.work_unit, "")
    return sheet.pilot or ""


# -- what is written ------------------------------------------------------------------------------


def _write(
    reader: Reader,
    work: Work,
    returned: _Returned,
    siblings: Sequence[CollectSheet],
    store: Store,
) -> int:
    """Write an answer; returns how many proposals wait that did not before."""
    answer, sheet = returned.answer, returned.sheet
    before = _proposals(reader, [each.id for each in siblings])
    waiting = {each.row_key: each for each in before if each.state == ProposalState.WAITING}
    settled = {_said(each) for each in before if each.state != ProposalState.WAITING}
    values = _Values(reader, returned, store)
    new, kept = 0, set[str]()
    for line in answer.lines:
        proposed = values.of(line)
        old = waiting.get(line.key)
        if _plain(line.key, proposed) in settled:
            continue  # the adviser settled this very thing
        kept.add(line.key)
        if old is not None:
            work.write_over("proposal", old, proposed)
        else:
            work.new("proposal", owner=sheet.owner, **proposed)
            new += 1
    for key, each in waiting.items():
        if key not in kept:
            work.delete("proposal", each)
    work.amend(
        "collect_sheet",
        sheet,
        answered_on=sheet.answered_on or store.today(),
        answer_saved_at=answer.saved_at,
        answer_digest=answer.digest,
        participants=answer.participants or answer.answered_by or None,
        met_on=answer.met_on,
    )
    return new


def _proposals(reader: Reader, sheets: Sequence[str]) -> list[Proposal]:
    where = (Condition("sheet", Op.ANY_OF, sheets),)
    found = reader.records(Query("proposal", where=where, order=("reference",)))
    return [cast("Proposal", each) for each in found]


def _said(proposal: Proposal) -> tuple[Stored, ...]:
    """What a proposal says: one that was settled is not asked again."""
    return _plain(proposal.row_key, {key: getattr(proposal, key) for key in _STAYS})


def _plain(row_key: str, values: Mapping[str, Value]) -> tuple[Stored, ...]:
    fields = DECLARED[Proposal].by_key
    told = (to_stored(fields[key], values.get(key)) for key in _STAYS)
    return row_key, *told


def _saved(sheet: CollectSheet) -> str:
    return sheet.answer_saved_at.isoformat() if sheet.answer_saved_at else ""


class _Values:
    """Makes the values of proposals out of the lines of one answer."""

    def __init__(self, reader: Reader, returned: _Returned, store: Store) -> None:
        self._sheet, self._answer = returned.sheet, returned.answer
        self._file, self._today = returned.file, store.today()
        keys = [each.key for each in returned.answer.lines]
        self._risks = Lookup(reader, Risk, keys)
        self._actions = Lookup(reader, PlannedAction, keys)
        self._state = DECLARED[PlannedAction].by_key["state"]

    def of(self, line: AnsweredLine) -> dict[str, Value]:
        """What a line proposes; of a record that is not one of the department's, a remark."""
        risk, action = self._own_risk(line.key), self._own_action(line.key)
        values: dict[str, Value] = {
            "kind": ProposalKind.REMARK,
            "sheet": self._sheet.id,
            "row_key": line.key,
            "work_unit": self._sheet.work_unit or (action.work_unit if action else None),
            "risk": risk.id if risk else None,
            "action": action.id if action else None,
            "text": line.text or None,
            "family": line.family or None,
            "measures": line.measures or None,
            "remark": line.remark or None,
            "answered_by": self._answer.answered_by or None,
            "file_name": self._file,
            "cell": line.cell,
            "received_on": self._today,
        }
        if self._sheet.kind == SheetKind.ACTIONS:
            return values | (self._progress(line) if action else {})
        kind = _KINDS.get(line.answer)
        if kind is ProposalKind.NEW_SITUATION or (kind is not None and risk is not None):
            values["kind"] = kind
        elif kind is not None:
            told = [line.answer, line.remark, "(ce risque n’est plus au document unique)"]
            values["remark"] = typeset(" ; ".join(each for each in told if each))
        return values

    def _own_risk(self, key: str) -> Risk | None:
        risk = self._risks.get(key)
        return risk if risk is not None and risk.owner == self._sheet.owner else None

    def _own_action(self, key: str) -> PlannedAction | None:
        action = self._actions.get(key)
        return action if action is not None and action.owner == self._sheet.owner else None

    def _progress(self, line: AnsweredLine) -> dict[str, Value]:
        told: dict[str, Value] = {
            "kind": ProposalKind.ACTION_PROGRESS,
            "progress": line.progress,
            "done_on": line.done_on,
            "found": line.found or None,
            "real_cost": line.cost,
        }
        if line.state:
            try:
                told["action_state"] = parse(self._state, line.state)
            except Unreadable:
                told["remark"] = typeset(
                    "\n".join(each for each in (f"État : {line.state}", line.remark) if each)
                )
        return told
