"""What is done with many cells or records of a table: copy, paste, fill down, empty, delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from prevention_app.catalogue.description import Record, Value
from prevention_app.errors import PreventionError
from prevention_app.i18n import number_text
from prevention_app.services import bulk_edit, records
from prevention_app.services.bulk_edit import Block, Plan
from prevention_app.ui import bulk_work, clipboard, words
from prevention_app.ui.operations import Operation
from prevention_app.ui.record_table import CellBlock, RecordTable
from prevention_app.ui.review_strip import ReviewStrip
from prevention_app.ui.session import Session
from prevention_app.ui.work_process import Work

_CELLS_AT_ONCE: Final = 300
"""More cells than this are judged and written in a process."""
_MOST_CELLS: Final = 200_000
_RECORDS_AT_ONCE: Final = 100
_MANY: Final = 20
"""More records than this are asked about before they are deleted."""
_MOST_DELETED: Final = 5_000
_COPIED_TOGETHER: Final = 50


class BulkDeeds(QObject):
    """Does them for one table; what is to be looked over stands in a strip of the page."""

    def __init__(self, session: Session, table: RecordTable, strip: ReviewStrip) -> None:
        """Nothing is under way."""
        super().__init__(table)
        self._session = session
        self._table = table
        self._strip = strip
        self._entity = table.records.entity

    # -- copy ------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the cells selected on the clipboard, with headings where whole rows are."""
        block = self._table.block()
        if block is None:
            return
        number = self._table.selected_count()
        if number > clipboard.MOST_ROWS:
            self._session.say(
                f"{words.count(number, 'fiche')}\u00a0: c’est trop pour le presse-papiers. "
                "Exportez-les dans un fichier (Ctrl E).",
                "info",
            )
            return
        lines: list[list[str]] = []
        if block.whole and block.several:
            lines.append([each.heading for each in block.columns])
        self._copy_more(self._table.selected_ids(), block, lines)

    def _copy_more(self, ids: list[str], block: CellBlock, lines: list[list[str]]) -> None:
        """Read some of the rows; the others when the window had its turn."""
        rows = self._table.records.rows.read(ids[:_COPIED_TOGETHER])
        lines += [clipboard.line_of(row, block.columns) for row in rows]
        rest = ids[_COPIED_TOGETHER:]
        if rest:
            QTimer.singleShot(0, self, partial(self._copy_more, rest, block, lines))
            return
        QApplication.clipboard().setText(clipboard.to_text(lines))
        if len(lines) > 1:
            self._session.say(f"{words.count(len(lines), 'ligne copiée', 'lignes copiées')}.")

    # -- paste -----------------------------------------------------------------------------

    def paste(self) -> None:
        """Look over what the clipboard would write from the cursor on."""
        lines = clipboard.from_text(QApplication.clipboard().text())
        if not any(any(line) for line in lines):
            self._session.say("Le presse-papiers ne contient pas de texte à coller.", "info")
            return
        if sum(map(len, lines)) > _MOST_CELLS:
            self._session.say(
                f"Plus de {number_text(_MOST_CELLS)} cellules\u00a0: importez plutôt le fichier "
                "(Ctrl I).",
                "info",
            )
            return
        block, cut = self._target(lines)
        note = [f"{words.count(cut, 'colonne')} au-delà du tableau\u00a0: rien n’y est collé."]
        self._plan(block, note if cut else [])

    def _target(self, lines: list[list[str]]) -> tuple[Block, int]:
        """The cells that a text is pasted into, and how many columns lie beyond the table."""
        model, table = self._table.records, self._table
        visible = [model.columns[at] for at in table.arrangement.visible]
        marked = table.block()
        headed = clipboard.without_headings(lines, model.available)
        if headed is not None:
            keys, rows = headed
            cut = 0
        else:
            first = visible.index(marked.columns[0]) if marked and marked.columns else 0
            rows = _repeated(lines, marked)
            wide = len(rows[0])
            keys = [each.key for each in visible[first : first + wide]]
            cut = wide - len(keys)
            rows = [line[: len(keys)] for line in rows]
        return Block(
            self._entity.key,
            tuple(keys),
            tuple(self._ids_from(marked.first if marked else 0, len(rows))),
            tuple(map(tuple, rows)),
            self._session.owner_of_new,
        ), cut

    def _ids_from(self, row: int, number: int) -> list[str]:
        """The records from a row down, group headings left out; empty beyond the last one."""
        rows = self._table.records.rows
        found: list[str] = []
        while row < rows.count and len(found) < number:
            last = min(row + number - len(found), rows.count) - 1
            found += rows.ids(row, last)
            row = last + 1
        return found + [""] * (number - len(found))

    def _plan(self, block: Block, notes: Sequence[str]) -> None:
        if len(block.ids) * len(block.fields) > _CELLS_AT_ONCE:
            number = len(block.ids) * len(block.fields)
            self._run(
                f"Vérification de {words.count(number, 'cellule')}…",
                bulk_work.plan_block,
                (block,),
                partial(self._review, notes=notes),
            )
            return
        try:
            plan = bulk_edit.plan_block(self._session.store, block)
        except PreventionError as error:
            self._session.say(str(error), "bad")
            return
        self._review(plan, notes=notes)

    def _review(self, plan: Plan, notes: Sequence[str] = ()) -> None:
        """Say what would be written and what is refused; Appliquer writes it."""
        lines = [*notes, *(_refusal(each) for each in plan.refused)]
        writes = bool(plan.edits or plan.new)
        if not writes and not plan.refused:
            self._session.say("Ces cellules contiennent déjà ces valeurs.", "info")
            self._table.setFocus()
            return
        self._strip.ask(
            _summary(plan),
            lines,
            f"Appliquer {_what(plan)}" if writes else "",
            partial(self._apply, plan),
            leave="Annuler" if writes else "Fermer",
            left=self._table.setFocus,
        )

    def _apply(self, plan: Plan) -> None:
        self._table.setFocus()
        if plan.cells + len(plan.new) > _CELLS_AT_ONCE:
            self._run(f"{plan.name}…", bulk_work.apply_plan, (plan,), self._written)
            return
        self._session.write_or_tell(partial(self._apply_now, plan))

    def _apply_now(self, plan: Plan) -> None:
        done = bulk_edit.apply(self._session.store, plan)
        self._session.tell(done)
        self._said(done.name)

    def _written(self, name: str) -> None:
        self._session.refresh()
        self._table.setFocus()
        self._said(name)

    def _said(self, name: str) -> None:
        self._session.say(f"Fait\u00a0: {name}. Annuler (Ctrl Z)")

    # -- fill down, empty ------------------------------------------------------------------

    def fill(self) -> None:
        """Write the first row of the block into the others; one row alone is duplicated."""
        block = self._table.block()
        if block is None:
            return
        if block.last == block.first:
            self.duplicate()
            return
        if block.whole:
            self._session.say(
                "Choisissez les cellules à recopier, non des lignes entières.", "info"
            )
            return
        if self._too_many(block):
            return
        ids = self._table.selected_ids()
        source = next(iter(self._table.records.rows.read(ids[:1])), None)
        if source is None:
            return
        held = {
            each.key: getattr(source.record, each.key)
            for each in block.columns
            if each.field and each.key not in source.record.withheld
        }
        self._write_values(bulk_edit.FILL, ids[1:], held)

    def duplicate(self) -> None:
        """Write a new record that holds what the one under the cursor holds."""
        row = self._table.current()
        if row is None:
            return
        self._session.write_or_tell(partial(self._duplicate_now, row.record))

    def _duplicate_now(self, record: Record) -> None:
        made = self._session.duplicate(self._entity, record)
        if isValid(self._table):
            self._table.select(made.id)
        self._session.say("Fiche dupliquée. Annuler (Ctrl Z)")

    def clear(self) -> None:
        """Empty the cells of the block."""
        block = self._table.block()
        if block is not None and not self._too_many(block):
            keys = [each.key for each in block.columns if each.field]
            self._write_values(bulk_edit.CLEAR, self._table.selected_ids(), dict.fromkeys(keys))

    def change(self, values: dict[str, Value]) -> None:
        """Write the same values over all records that the selection touches."""
        ids = self._table.selected_ids()
        if ids:
            self._write_values(bulk_edit.CHANGE, ids, values)

    def _too_many(self, block: CellBlock) -> bool:
        many = self._table.selected_count() * len(block.columns) > _MOST_CELLS
        if many:
            self._session.say(
                f"Au plus {number_text(_MOST_CELLS)} cellules se modifient à la fois.", "info"
            )
        return many

    def _write_values(self, verb: str, ids: Sequence[str], values: dict[str, Value]) -> None:
        if not values:
            self._session.say(bulk_edit.unwritable(self._entity, bulk_edit.REFERENCE), "info")
            return
        if len(ids) * len(values) > _CELLS_AT_ONCE:
            number = len(ids) * len(values)
            self._run(
                f"Vérification de {words.count(number, 'cellule')}…",
                bulk_work.plan_values,
                (self._entity.key, verb, ids, values),
                self._review,
            )
            return
        try:
            plan = bulk_edit.plan_values(self._session.store, self._entity.key, verb, ids, values)
        except PreventionError as error:
            self._session.say(str(error), "bad")
            return
        if plan.refused or not plan.edits:
            self._review(plan)
        else:
            self._apply(plan)

    # -- delete ----------------------------------------------------------------------------

    def delete(self) -> None:
        """Delete the records selected; asks where others refer to them or where they are many."""
        number = self._table.selected_count()
        if number > _MOST_DELETED:
            self._session.say(
                f"Au plus {number_text(_MOST_DELETED)} fiches se suppriment à la fois.", "info"
            )
            return
        ids = self._table.selected_ids()
        if not ids:
            return
        if self._entity.statutory:
            self._delete(ids)
            return
        self._table.records.rows.readings.ask(
            lambda read: records.referring(read, self._entity.key, ids),
            partial(self._ask_to_delete, ids),
        )

    def _ask_to_delete(self, ids: list[str], referring: dict[str, int]) -> None:
        if not referring and len(ids) <= _MANY:
            self._delete(ids)
            return
        what = words.count(len(ids), "fiche")
        lines = ["Ctrl Z fait revenir ce qui est supprimé."]
        if referring:
            parts = ", ".join(f"{label} {number_text(n)}" for label, n in referring.items())
            total = words.count(sum(referring.values()), "fiche y renvoie", "fiches y renvoient")
            lines.insert(0, f"{total} et garderont ce renvoi\u00a0: {parts}.")
        self._strip.ask(
            f"Supprimer {what}\u202f?",
            lines,
            f"Supprimer {what}",
            partial(self._delete, ids),
            leave="Garder",
            left=self._table.setFocus,
        )

    def _delete(self, ids: list[str]) -> None:
        self._table.setFocus()
        if len(ids) > _RECORDS_AT_ONCE:
            self._run(
                f"Suppression de {words.count(len(ids), 'fiche')}…",
                bulk_work.delete_records,
                (self._entity.key, ids),
                self._deleted_beside,
            )
            return
        found = [row.record for row in self._table.records.rows.read(ids)]
        self._session.write_or_tell(partial(self._delete_now, found))

    def _delete_now(self, found: Sequence[Record]) -> None:
        self._session.delete(self._entity, found)
        self._said_deleted(len(found))

    def _deleted_beside(self, number: int) -> None:
        self._session.refresh()
        self._said_deleted(number)

    def _said_deleted(self, number: int) -> None:
        what = words.count(number, "fiche supprimée", "fiches supprimées")
        self._session.say(f"{what}. Annuler (Ctrl Z)")

    # -- beside the window -----------------------------------------------------------------

    def _run(
        self,
        name: str,
        work: Work,
        given: tuple[Any, ...],
        hear: Callable[[Any], object],
    ) -> None:
        """Let a process do it; the strip says so and can stop it."""
        operation = Operation(name, work, self._session.folder, *given, parent=self)
        self._strip.ask(name, [], "", lambda: None, leave="Arrêter", left=operation.cancel)
        operation.finished.connect(partial(self._heard, hear))
        operation.failed.connect(self._failed)

    def _heard(self, hear: Callable[[Any], object], found: object) -> None:
        self._strip.close_quietly()
        hear(found)

    def _failed(self, text: str) -> None:
        self._strip.close_quietly()
        self._session.say(text, "info")


def _repeated(lines: list[list[str]], marked: CellBlock | None) -> list[list[str]]:
    """What is pasted into a larger block fills it where it goes into it a whole number of times."""
    if marked is None:
        return lines
    high, wide = marked.last - marked.first + 1, len(marked.columns)
    if high * wide > _MOST_CELLS:
        return lines
    if high % len(lines) == 0 and wide % len(lines[0]) == 0:
        return [list(line * (wide // len(lines[0]))) for line in lines * (high // len(lines))]
    return lines


def _what(plan: Plan) -> str:
    return plan.name.partition(" ")[2]


def _summary(plan: Plan) -> str:
    """« 20 cellules changent, dont 2 se vident ; 3 cellules sont refusées »."""
    parts: list[str] = []
    if plan.cells:
        emptied = f", dont {number_text(plan.emptied)} à vider" if plan.emptied else ""
        parts.append(words.count(plan.cells, "cellule change", "cellules changent") + emptied)
    if plan.new:
        parts.append(words.count(len(plan.new), "nouvelle fiche", "nouvelles fiches"))
    if plan.refused:
        number = len(plan.refused)
        parts.append(words.count(number, "cellule est refusée", "cellules sont refusées"))
    return "\u202f; ".join(parts)


def _refusal(each: bulk_edit.RefusedCell) -> str:
    named = not each.text or f"«\u00a0{each.text}\u00a0»" in each.reason
    text = "" if named else f"«\u00a0{each.text[:60]}\u00a0» – "
    return f"{each.where or 'Ligne'}\u00a0: {text}{each.reason}"
