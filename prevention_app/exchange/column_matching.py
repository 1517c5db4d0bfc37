"""Which column of a table is which field: by its heading, by the look of its values, by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from prevention_app.catalogue.values import fold
from prevention_app.exchange.headings import STRONG, WEAK, Heading, HeadingBook
from prevention_app.exchange.import_kinds import ColumnFacts, ImportColumn, ImportKind, Preset
from prevention_app.exchange.mapping import is_ours
from prevention_app.exchange.sheet_view import SheetView, is_ditto
from prevention_app.exchange.sheets import Scalar, cell_name
from prevention_app.exchange.table_finder import TableFound
from prevention_app.exchange.totals import total_role
from prevention_app.exchange.understood import ColumnMatch, Question

ACCEPTED = 0.52
"""The score from which a column is taken for a field."""
BY_LOOK = 0.5
"""The confidence of a column that only its values tell."""
_LOOK_BONUS, _LOOK_PENALTY = 0.15, 0.45


@dataclass(frozen=True, slots=True)
class MatchedColumns:
    """What the columns of a table were taken for, and what only a person can tell."""

    columns: list[ColumnMatch]
    questions: list[Question]
    facts: Mapping[int, ColumnFacts]
    preset: Preset | None = None
    """What headings and values told together."""


def column_facts(view: SheetView, table: TableFound) -> dict[int, ColumnFacts]:
    """What the cells of each column have in common, those without heading included.

    Totals and repeated headings do not count.
    """
    rows = [
        row
        for row in range(table.header_last + 1, table.last_row + 1)
        if row not in table.repeated
        and view.filled(row)
        and not total_role(view, row, len(table.headings))
    ]
    columns = set(table.headings)
    for row in rows:
        if len(view.filled(row)) > 2:
            columns.update(view.filled(row))
    fills = _fills_by_column(view, table)
    return {
        column: _facts_of(view, rows, column, table, fills.get(column, {}))
        for column in sorted(columns)
    }


def _fills_by_column(view: SheetView, table: TableFound) -> dict[int, dict[int, str]]:
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), colour in view.sheet.fills.items():
        if table.header_last < row <= table.last_row:
            by_column.setdefault(column, {})[row] = colour
    return by_column


def _facts_of(
    view: SheetView, rows: Sequence[int], column: int, table: TableFound, fills: Mapping[int, str]
) -> ColumnFacts:
    values = [view.value(row, column) for row in rows]
    heading = table.headings.get(column)
    return ColumnFacts(
        values=tuple(value for value in values if value is not None and not is_ditto(value)),
        rows=len(rows),
        fills=tuple(dict.fromkeys(fills.values())),
        heading=heading.shown if heading else "",
        empty_but_filled=sum(view.value(row, column) is None for row in fills),
    )


def match_columns(
    view: SheetView,
    kind: ImportKind,
    book: HeadingBook,
    table: TableFound,
    by_hand: Mapping[int, str | None],
) -> MatchedColumns:
    """Take each column for the field that its heading and values say best, one column a field.

    Two columns of the same heading that could be the same field are never taken in silence: they
    are set aside and asked about, unless they are numbered series of children.
    """
    facts = column_facts(view, table)
    headings = {column: each.own or each.full for column, each in table.headings.items()}
    preset = kind.preset(headings, facts) if kind.preset else None
    told = {**(preset.columns if preset else {}), **by_hand}
    matcher = _Matcher(kind, book, table, facts, told)
    matcher.match()
    columns = [
        ColumnMatch(
            column,
            table.headings[column].shown if column in table.headings else "",
            *matcher.taken.get(column, (None, 0.0)),
            example=_example(facts[column].values) if matcher.shows(column) else "",
            by_hand=column in by_hand,
        )
        for column in facts
    ]
    return MatchedColumns(columns, matcher.questions(view.sheet.name), facts, preset)


def _example(values: Iterable[Scalar]) -> str:
    for value in values:
        shown = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
        return " ".join(shown.split())[:60]
    return ""


class _Matcher:
    def __init__(
        self,
        kind: ImportKind,
        book: HeadingBook,
        table: TableFound,
        facts: Mapping[int, ColumnFacts],
        by_hand: Mapping[int, str | None],
    ) -> None:
        self.kind, self.book, self.table, self.facts = kind, book, table, facts
        self.by_key = {column.key: column for column in book.columns}
        self.taken: dict[int, tuple[str | None, float]] = {
            column: (key, 1.0 if key else 0.0)
            for column, key in by_hand.items()
            if column in facts and (key is None or key in self.by_key)
        }
        for column, heading in table.headings.items():
            if is_ours(heading.full):
                self.taken[column] = (None, 0.0)
        self.doubtful: list[tuple[int, ...]] = []

    def match(self) -> None:
        """Fill `taken` and `doubtful`."""
        scores = {
            column: self._scores(column)
            for column in self.facts
            if column not in self.taken and column in self.table.headings
        }
        for series in self._series_of_children(scores):
            self.taken.update(series)
        self._set_twins_aside(scores)
        self._take_best_first(scores)
        self._take_further_lists(scores)
        self._take_repeated_by_look()
        self._take_by_look()
        self._guess_identity()

    def shows(self, column: int) -> bool:
        """Whether a value may be shown as an example: of private data nothing is."""
        key, _ = self.taken.get(column, (None, 0.0))
        return not self.by_key[key].private if key else self.kind.keeps_unknown

    def _scores(self, column: int) -> dict[str, float]:
        heading, facts = self.table.headings[column], self.facts[column]
        looks = {key: _look(self.by_key[key], facts) for key in self.book.scores(heading)}
        return {
            key: score + looks[key]
            for key, score in self.book.scores(heading).items()
            if looks[key] >= 0 or not self.by_key[key].only_looks
        }

    def _series_of_children(
        self, scores: Mapping[int, Mapping[str, float]]
    ) -> list[dict[int, tuple[str | None, float]]]:
        """Columns like Action 1, Pilote 1, Action 2, Pilote 2: several children in one row."""
        found: list[dict[int, tuple[str | None, float]]] = []
        for child in self.kind.children:
            best = {
                column: max(of.items(), key=lambda item: item[1])
                for column, of in scores.items()
                if of and max(of.values()) >= STRONG
            }
            run = {
                column: (key, min(score, 1.0))
                for column, (key, score) in best.items()
                if self.by_key[key].child == child
            }
            keys = [key for key, _ in run.values()]
            named = self.kind.children_of(child)[0].key
            if keys.count(named) > 1 and keys[0] == named and _repeats_in_order(keys, named):
                found.append(dict(run.items()))
        return found

    def _set_twins_aside(self, scores: dict[int, dict[str, float]]) -> None:
        """Columns of the very same heading are asked about when it could be a field."""
        twins: dict[str, list[int]] = {}
        for column, of in scores.items():
            if column not in self.taken and of and max(of.values()) >= ACCEPTED:
                twins.setdefault(_same_text(self.table.headings[column]), []).append(column)
        for columns in twins.values():
            filled = [column for column in columns if self.facts[column].values]
            if len(filled) > 1:
                self.doubtful.append(tuple(filled))
                for column in columns:
                    self.taken[column] = (None, 0.0)

    def _take_best_first(self, scores: Mapping[int, Mapping[str, float]]) -> None:
        order = {column.key: place for place, column in enumerate(self.book.columns)}
        ranked = sorted(
            ((score, column, key) for column, of in scores.items() for key, score in of.items()),
            key=lambda item: (-round(item[0], 3), item[1], order[item[2]]),
        )
        used = {key for key, _ in self.taken.values()}
        for score, column, key in ranked:
            if score >= ACCEPTED and column not in self.taken and key not in used:
                self.taken[column] = (key, self._confidence(column, key, score))
                if not self.by_key[key].repeated:
                    used.add(key)

    def _confidence(self, column: int, key: str, score: float) -> float:
        """What the heading says; the values' look adds to a weak heading, never to a strong one."""
        said = self.book.scores(self.table.headings[column])[key]
        return min(1.0, score, said if said >= STRONG else score)

    def _take_further_lists(self, scores: Mapping[int, Mapping[str, float]]) -> None:
        """A field that is a list may stand in several columns (collective, personal…)."""
        for column, of in scores.items():
            if column in self.taken:
                continue
            lists = {key: score for key, score in of.items() if self.by_key[key].many}
            key = max(lists, key=lambda each: lists[each], default=None)
            if key and lists[key] >= STRONG:
                self.taken[column] = (key, min(lists[key], 1.0))

    def _take_repeated_by_look(self) -> None:
        """Further columns of a matrix, whose headings are not known: those that look like it."""
        for field in self.book.columns:
            first = min(
                (at for at, (key, _) in self.taken.items() if key == field.key), default=None
            )
            if first is None or not (field.repeated and field.by_look and field.looks):
                continue
            for column, heading in self.table.headings.items():
                if column < first or column in self.taken or self.book.is_not_taken(heading):
                    continue
                if field.looks(self.facts[column]) >= 0.9:
                    self.taken[column] = (field.key, BY_LOOK)

    def _take_by_look(self) -> None:
        used = {key for key, _ in self.taken.values()}
        for field in self.book.columns:
            if not field.by_look or field.key in used or field.looks is None or field.repeated:
                continue
            looks = field.looks
            free = [column for column in self._beside() if column not in self.taken]
            best = max(free, key=lambda column: looks(self.facts[column]), default=None)
            if best is not None and looks(self.facts[best]) >= 0.9:
                self.taken[best] = (field.key, BY_LOOK)
                used.add(field.key)

    def _beside(self) -> list[int]:
        """The columns that no empty column separates from those already understood."""
        understood = [column for column, (key, _) in self.taken.items() if key]
        if not understood:
            return list(self.facts)
        first, last = min(understood), max(understood)
        while first - 1 in self.facts:
            first -= 1
        while last + 1 in self.facts:
            last += 1
        return [column for column in self.facts if first <= column <= last]

    def _guess_identity(self) -> None:
        """Without a heading that says it, the column of long unlike texts is the identity."""
        used = {key for key, _ in self.taken.values()}
        if not self.kind.guess_identity or not used.isdisjoint(self.kind.identity):
            return
        free = [column for column in self.facts if column not in self.taken]
        best = max(free, key=lambda column: _wordiness(self.facts[column]), default=None)
        if best is not None and _wordiness(self.facts[best]) >= 15:
            self.taken[best] = (self.kind.identity[0], BY_LOOK)

    def questions(self, sheet: str) -> list[Question]:
        """What to ask about columns of the same heading."""
        return [self._question(sheet, columns) for columns in self.doubtful]

    def _question(self, sheet: str, columns: tuple[int, ...]) -> Question:
        heading = self.table.headings[columns[0]]
        scores = self.book.scores(heading)
        used = {key for key, _ in self.taken.values() if key}
        ranked = sorted(scores, key=lambda key: -scores[key])
        fields = [key for key in ranked if key not in used and scores[key] >= WEAK * 0.9] or ranked[
            :1
        ]
        letters = [cell_name(1, column)[:-1] for column in columns]
        counted = {2: "Deux", 3: "Trois", 4: "Quatre"}.get(len(columns), str(len(columns)))
        label = self.by_key[fields[0]].label
        return Question(
            sheet,
            f"{counted} colonnes s’appellent « {heading.shown} » "
            f"({', '.join(letters[:-1])} et {letters[-1]}) dans la feuille « {sheet} ». "
            f"Laquelle contient « {label} » ?",
            field=fields[0],
            columns=columns,
            fields=tuple(fields),
        )


def _same_text(heading: Heading) -> str:
    """A heading as twins share it: « Vérifié le » and « Vérifié par » are none."""
    return " ".join(re.findall(r"\w+", fold(heading.full)))


def _look(field: ImportColumn, facts: ColumnFacts) -> float:
    if field.looks is None or not (facts.values or facts.empty_but_filled):
        return 0.0
    look = field.looks(facts)
    return look * (_LOOK_BONUS if look > 0 else _LOOK_PENALTY)


def _repeats_in_order(keys: Sequence[str], named: str) -> bool:
    """Whether a sequence is made of runs that each start with `named` and hold no field twice."""
    run: set[str] = set()
    for key in keys:
        if key == named:
            run = set()
        if key in run:
            return False
        run.add(key)
    return True


def _wordiness(facts: ColumnFacts) -> float:
    """The mean length of the texts of a column that is well filled with unlike texts."""
    texts = facts.texts
    if not texts or len(texts) * 2 < facts.rows or len(set(texts)) * 2 < len(texts):
        return 0.0
    return sum(len(text) for text in texts) / len(texts)
