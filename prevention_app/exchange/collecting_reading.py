"""Reads collecting sheets that came back, whatever was done to them meanwhile.

Columns are found by the codes in their hidden row, else by their headings; lines by the key in
their hidden column, else by their number, else by what they say. What stands elsewhere is kept as
a remark: nothing that somebody typed is lost.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from prevention_app.catalogue.values import fold
from prevention_app.errors import NewerFormat, UnreadableFile
from prevention_app.exchange import collecting_cells as cells
from prevention_app.exchange import collecting_model as model
from prevention_app.exchange.collecting_model import Answer, AnsweredLine, Identity
from prevention_app.exchange.collecting_saved import saved_at
from prevention_app.exchange.collecting_workbook import IDENTITY_SHEET, LISTS_SHEET
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.sheets import Sheet, SourceFile, cell_name
from prevention_app.exchange.typography import typeset

RISKS, ACTIONS = "risks", "actions"
_SOUGHT_ROWS: Final = 60
"""The codes and headings stand above this row, whatever was inserted."""
_NEEDED: Final = {
    RISKS: (model.SITUATION, model.ANSWER),
    ACTIONS: (model.TITLE, model.STATE),
}
_HEADINGS: Final = {RISKS: model.RISK_HEADINGS, ACTIONS: model.ACTION_HEADINGS}
_LONGEST_NAME: Final = 20
"""Signs of the names in the hidden sheet; the ids of records are longer."""
_EMPTY: Final = ("",) * 5
_LONGEST: Final = 4_000
"""Signs of a text that are kept; who pastes a whole report is told."""


@dataclass(slots=True)
class _Form:
    """The sheet to be read, with what is known of it."""

    sheet: Sheet
    kind: str
    columns: Mapping[str, int]
    """Code of a column → where it stands now."""
    first: int
    """The row below the headings."""
    originals: Mapping[str, tuple[str, ...]]
    """Key of a line → what it said when it left."""
    head: dict[str, str] = field(default_factory=dict[str, str])
    by_number: Mapping[str, str] = field(default_factory=dict[str, str])
    """Number of a line → its key, for sheets whose column of keys is gone."""
    by_text: Mapping[str, str] = field(default_factory=dict[str, str])


def read_answer(path: Path) -> Answer:
    """Read one returned sheet.

    Raises:
        UnreadableFile: it cannot be read, or is no collecting sheet; the message says which.
        NewerFormat: a newer version of the program made it.
    """
    source = read_source(path)
    identity, originals = _identity(source)
    form = _form(source, identity, originals)
    lines = list(_once([*_lines(form), *_elsewhere(source, form)]))
    participants, answered_by = (
        form.head.get(model.PARTICIPANTS, ""),
        form.head.get(model.ANSWERED_BY, ""),
    )
    met_on = cells.day_of(form.head.get(model.MET_ON, ""))
    if met_on is None and form.head.get(model.MET_ON):
        lines.append(_remark_line("met", f"Date de la réunion : {form.head[model.MET_ON]}", ""))
    return Answer(
        identity,
        saved_at(path),
        participants,
        met_on,
        answered_by,
        lines,
        _digest(participants, met_on, answered_by, lines),
    )


# -- what it is -----------------------------------------------------------------------------------


def _identity(source: SourceFile) -> tuple[Identity, dict[str, tuple[str, ...]]]:
    """What the hidden sheet says; where it is gone, the token in the first cell."""
    told: dict[str, str] = {}
    originals: dict[str, tuple[str, ...]] = {}
    hidden = next((each for each in source.sheets if _is_identity(each)), None)
    for row in hidden.rows if hidden else ():
        texts = [cells.text_of(each) for each in row]
        if texts and len(texts[0]) > _LONGEST_NAME:
            # Empty cells at the end of a row are not in the file.
            originals[texts[0]] = (*texts[1:], *_EMPTY)[: len(_EMPTY)]
        elif len(texts) > 1:
            told.setdefault(texts[0], texts[1])
    if not told.get("token"):
        told |= _marked(source)
    if not told.get("token"):
        raise _foreign(source)
    number = int(told["format"]) if told.get("format", "").isdigit() else model.FORMAT
    if number > model.FORMAT:
        raise NewerFormat(
            typeset(
                f"« {source.name} » vient d’une version plus récente du programme : "
                "mettez le programme à jour."
            )
        )
    return (
        Identity(
            told["token"], told.get("kind", ""), told.get("campaign", ""), told.get("unit", "")
        ),
        originals,
    )


def _is_identity(sheet: Sheet) -> bool:
    first = [cells.text_of(sheet.value(1, at)) for at in (1, 2)]
    return first == ["mark", model.MARK] or sheet.name == IDENTITY_SHEET


def _marked(source: SourceFile) -> dict[str, str]:
    for sheet in source.sheets:
        for row in sheet.rows[:3]:
            for value in row:
                mark, _, rest = cells.text_of(value).partition(":")
                if mark == model.MARK and ":" in rest:
                    number, _, token = rest.partition(":")
                    return {"format": number, "token": token}
    return {}


def _foreign(source: SourceFile) -> UnreadableFile:
    return UnreadableFile(
        typeset(
            f"« {source.name} » n’est pas une fiche de collecte : il n’en porte pas la marque. "
            "S’il s’agit d’un document unique ou d’un registre, reprenez-le par « Importer »."
        )
    )


def _form(
    source: SourceFile, identity: Identity, originals: Mapping[str, tuple[str, ...]]
) -> _Form:
    kinds = [identity.kind] if identity.kind in _NEEDED else [RISKS, ACTIONS]
    for by_code in (True, False):
        for kind in kinds:
            for sheet in source.sheets:
                found = _columns(sheet, kind, by_code=by_code)
                if found is not None:
                    form = _Form(sheet, kind, *found, originals)
                    form.by_number = {str(at): key for at, key in enumerate(originals, 1)}
                    form.by_text = {fold(each[0]): key for key, each in originals.items() if each}
                    _read_head(form)
                    return form
    wanted = " et ".join(f"« {_HEADINGS[kinds[0]][each]} »" for each in _NEEDED[kinds[0]])
    raise UnreadableFile(
        typeset(
            f"« {source.name} » est une fiche de collecte, mais les colonnes {wanted} n’y sont "
            "plus : reprenez la fiche d’origine."
        )
    )


def _columns(sheet: Sheet, kind: str, *, by_code: bool) -> tuple[dict[str, int], int] | None:
    """Where each column stands and the row below the headings; None where this is no such sheet."""
    named = {fold(code if by_code else heading): code for code, heading in _HEADINGS[kind].items()}
    for at, row in enumerate(sheet.rows[:_SOUGHT_ROWS], 1):
        found: dict[str, int] = {}
        for place, value in enumerate(row, 1):
            code = named.get(fold(cells.text_of(value)))
            if code is not None:
                found.setdefault(code, place)
        if all(each in found for each in _NEEDED[kind]):
            return found, at + 2 if by_code else at + 1
    return None


def _read_head(form: _Form) -> None:
    """What was written beside the labels above the lines."""
    labels = {fold(label): code for code, label in model.HEAD_LABELS.items()}
    for row in form.sheet.rows[: form.first - 1]:
        texts = [cells.text_of(each) for each in row]
        code = next((labels.get(fold(each)) for each in texts if fold(each) in labels), None)
        if code is None:
            code = next((each for each in texts if each in model.HEAD_LABELS), None)
        if code is not None:
            told = [each for each in texts if each and each != code and fold(each) not in labels]
            form.head[code] = " ".join(told)


# -- the lines ------------------------------------------------------------------------------------


def _lines(form: _Form) -> Iterator[AnsweredLine]:
    rows = [_Row(form, at) for at in range(form.first, len(form.sheet.rows) + 1)]
    keyed: dict[str, list[_Row]] = {}
    for row in rows:
        if row.holds_something:
            keyed.setdefault(_key(row, form), []).append(row)
    for key, same in keyed.items():
        if not key:
            told = [line for row in same if (line := _line(row, "", form)) is not None]
            yield from _once(told)
            continue
        # Of lines that were copied with their key, the one that still says what left is it.
        own = next((row for row in same if not row.is_edited(key)), same[0])
        line = _line(own, key, form)
        if line is not None:
            yield line
        for row in same:
            copied = _line(row, key, form) if row is not own else None
            if copied is not None and dataclasses.replace(copied, cell="") != (
                dataclasses.replace(line, cell="") if line else None
            ):
                yield _as_added(row, copied)


def _key(row: _Row, form: _Form) -> str:
    key = row.text(model.KEY)
    if key or form.kind != RISKS:
        return key
    if model.KEY not in form.columns and row.text(model.NUMBER) in form.by_number:
        return form.by_number[row.text(model.NUMBER)]
    return form.by_text.get(fold(row.text(model.SITUATION)), "")


def _once(lines: Sequence[AnsweredLine]) -> Iterator[AnsweredLine]:
    """Added lines that say the same are one."""
    seen: set[str] = set()
    for each in lines:
        if each.key not in seen:
            seen.add(each.key)
            yield each


class _Row:
    """One row of the form."""

    def __init__(self, form: _Form, at: int) -> None:
        self.form = form
        self.at = at
        self.values = form.sheet.rows[at - 1]

    @property
    def holds_something(self) -> bool:
        return any(cells.text_of(each) for each in self.values)

    def text(self, code: str) -> str:
        """The text of a column in this row."""
        place = self.form.columns.get(code, 0)
        return cells.text_of(self.form.sheet.value(self.at, place))[:_LONGEST] if place else ""

    def cell(self, code: str) -> str:
        """The address of a column in this row."""
        place = self.form.columns.get(code, 1)
        return f"{self.form.sheet.name}!{cell_name(self.at, place)}"

    def is_edited(self, key: str) -> bool:
        """Whether the situation is not the one that left under this key."""
        original = self.form.originals.get(key)
        return bool(_edited(self.text(model.SITUATION), original, 0))

    def struck(self, code: str) -> bool:
        """Whether the text is struck through."""
        return (self.at, self.form.columns.get(code, 0)) in self.form.sheet.strikes

    def beside(self) -> str:
        """What stands in other columns, and what was noted on cells of this row."""
        known = set(self.form.columns.values())
        told = [
            f"{cell_name(self.at, place)} : {cells.text_of(value)}"
            for place, value in enumerate(self.values, 1)
            if place not in known and cells.text_of(value)
        ]
        told += [
            f"note en {cell_name(*place)} : {' '.join(text.split())}"
            for place, text in self.form.sheet.comments.items()
            if place[0] == self.at
        ]
        return typeset(" ; ".join(told))

    def remark(self) -> str:
        """The remark, and what stands beside the columns."""
        return "\n".join(each for each in (self.text(model.REMARK), self.beside()) if each)


def _line(row: _Row, key: str, form: _Form) -> AnsweredLine | None:
    if form.kind == ACTIONS:
        return _action_line(row, key, form.originals.get(key))
    if key and not key.startswith(model.NEW):
        return _known_line(row, key, form.originals.get(key))
    return _new_line(row, key)


def _known_line(row: _Row, key: str, original: tuple[str, ...] | None) -> AnsweredLine | None:
    """What is said of a situation that is recorded."""
    chosen, remark = row.text(model.ANSWER), row.remark()
    answer = cells.answer_of(chosen)
    if chosen and not answer:
        # Words of one's own say that something is to be looked at, and are kept.
        answer, remark = model.CHANGED, "\n".join(each for each in (chosen, remark) if each)
    situation = _edited(row.text(model.SITUATION), original, 0)
    measures = _edited(row.text(model.MEASURES), original, 1)
    if not answer and row.struck(model.SITUATION):
        answer = model.GONE
        remark = "\n".join(each for each in (remark, "Ligne barrée dans la fiche.") if each)
    if not answer and (situation or measures):
        answer = model.CHANGED
    if not answer and not remark:
        return None
    return AnsweredLine(
        key, row.cell(model.ANSWER), answer, text=situation, measures=measures, remark=remark
    )


def _edited(text: str, original: tuple[str, ...] | None, at: int) -> str:
    """The text where it is another one than the one that left."""
    before = original[at] if original is not None and len(original) > at else None
    same = before is None or " ".join(before.split()) == " ".join(text.split())
    return "" if same else text


def _new_line(row: _Row, key: str) -> AnsweredLine | None:
    situation, remark = row.text(model.SITUATION), row.remark()
    family, measures = row.text(model.FAMILY), row.text(model.MEASURES)
    said = cells.answer_of(row.text(model.ANSWER)) or row.text(model.ANSWER)
    if said:
        remark = "\n".join(each for each in (remark, said) if each)
    told = [each for each in (family, measures, remark) if each]
    if not situation and not told:
        return None  # the band above them, or a line left blank
    if not situation:
        text = " ; ".join(told)
        return _remark_line(key or f"text:{_short(text)}", text, row.cell(model.SITUATION))
    return AnsweredLine(
        key or f"text:{_short(fold(situation))}",
        row.cell(model.SITUATION),
        model.NEW,
        situation,
        family,
        measures,
        remark,
    )


def _action_line(row: _Row, key: str, original: tuple[str, ...] | None) -> AnsweredLine | None:
    if not key:
        told = [row.text(each) for each in row.form.columns if row.text(each)]
        text = " ; ".join([*told, *([row.beside()] if row.beside() else [])])
        return _remark_line(f"text:{_short(text)}", text, row.cell(model.TITLE)) if text else None
    before = original or _EMPTY
    state, progress, done_on, found, cost = (
        row.text(each)
        for each in (model.STATE, model.PROGRESS, model.DONE_ON, model.FOUND, model.COST)
    )
    unread: list[str] = []
    number = cells.progress_of(progress)
    day, amount = cells.day_of(done_on), cells.amount_of(cost)
    for label, text, value in (
        ("Avancement", progress, number),
        ("Réalisée le", done_on, day),
        ("Coût réel", cost, amount),
    ):
        if text and value is None:
            unread.append(f"{label} : {text}")
    remark = "\n".join(each for each in (row.remark(), *map(typeset, unread)) if each)
    line = AnsweredLine(
        key,
        row.cell(model.STATE),
        state=state if fold(state) != fold(before[0]) else "",
        progress=number if number != cells.progress_of(before[1]) else None,
        done_on=day if day != cells.day_of(before[2]) else None,
        found=found if found != before[3] else "",
        cost=amount if amount != cells.amount_of(before[4]) else None,
        remark=remark,
    )
    blank = AnsweredLine(key, line.cell)
    return None if line == blank else line


def _as_added(row: _Row, told: AnsweredLine) -> AnsweredLine:
    text = told.text or row.text(model.SITUATION) or row.text(model.TITLE) or told.remark
    key = f"text:{_short(fold(text + told.remark + told.answer))}"
    if row.form.kind == RISKS and row.text(model.SITUATION):
        return dataclasses.replace(told, key=key, answer=model.NEW, text=row.text(model.SITUATION))
    return _remark_line(key, f"{text} ; {told.remark}".strip(" ;"), told.cell)


def _remark_line(key: str, text: str, cell: str) -> AnsweredLine:
    return AnsweredLine(key, cell, remark=typeset(text)[:_LONGEST])


def _elsewhere(source: SourceFile, form: _Form) -> Iterator[AnsweredLine]:
    """What was written on sheets of one's own."""
    for sheet in source.sheets:
        if sheet is form.sheet or sheet.name == LISTS_SHEET or _is_identity(sheet):
            continue
        if sheet.hidden:
            continue
        for at, row in enumerate(sheet.rows, 1):
            told = [cells.text_of(each) for each in row if cells.text_of(each)]
            if told:
                text = f"Feuille « {sheet.name} » : {' ; '.join(told)}"
                yield _remark_line(f"text:{_short(text)}", text, f"{sheet.name}!{cell_name(at, 1)}")


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _digest(
    participants: str, met_on: date | None, answered_by: str, lines: Sequence[AnsweredLine]
) -> str:
    """What the answer says, whatever cells it stands in."""
    plain = [
        {key: str(value) for key, value in dataclasses.asdict(each).items() if key != "cell"}
        for each in lines
    ]
    plain.sort(key=lambda each: each["key"])
    told = [participants, str(met_on), answered_by, plain]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


def moment_text(moment: datetime) -> str:
    """When a sheet was saved, as an account says it."""
    return f"{moment:%d/%m/%Y à %H:%M}"
