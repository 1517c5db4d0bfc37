"""What is asked and told about the file of an import, with the decision behind each answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from prevention_app.catalogue.description import Catalogue
from prevention_app.exchange.mapping import Mapping as ColumnMapping
from prevention_app.exchange.sheets import cell_name
from prevention_app.exchange.understood import Confidence, Question, TableUnderstood
from prevention_app.services.binding.matcher import Outcome
from prevention_app.services.import_review import Review
from prevention_app.ui import words
from prevention_app.ui.import_entries import Entry
from prevention_app.ui.import_questions import Ask

Decide = Callable[[Callable[[ColumnMapping], None]], None]
"""Takes what an answer does to the corrections of columns."""
_DOUBTFUL: Final = (Confidence.TO_CHECK, Confidence.GUESSED)
_MOST_CREATED: Final = 6


def asks_of(
    entry: Entry,
    catalogue: Catalogue,
    fields: Mapping[str, str],
    decide: Decide,
    take_all: Callable[[], object],
) -> list[Ask]:
    """All that the review of a file asks or tells; `take_all` lets lines name their department."""
    review = entry.review
    if review is None:
        return []
    asks = [
        _asked(question, review, fields, decide)
        for file in review.files
        for question in file.questions
    ]
    for _, table in review.tables:
        asks += _doubtful(entry, table, fields, decide)
    if review.of_others:
        lines = words.count(review.of_others, "ligne est", "lignes sont")
        text = f"{lines} d’un autre département, où cet ordinateur a un rôle."
        asks.append(Ask(text, "warn", [("Reprendre selon les lignes", take_all)]))
    return asks + list(_told(review, catalogue))


def _asked(question: Question, review: Review, fields: Mapping[str, str], decide: Decide) -> Ask:
    state = "bad" if question.matters else "warn"
    table = next((each for _, each in review.tables if each.sheet == question.sheet), None)
    if table is None:
        return Ask(question.message, state)
    if question.answers:
        return Ask(question.message, state, _answers(table, question, decide))
    if not question.columns:
        return Ask(
            question.message,
            state,
            [
                (
                    f"«\u00a0{question.sheet}\u00a0»",
                    lambda: decide(_fixed(table, question, question.sheet)),
                )
            ],
            fill=lambda text: decide(_fixed(table, question, text)),
        )
    return Ask(question.message, state, _columns_asked(table, question, fields, decide))


def _answers(
    table: TableUnderstood, question: Question, decide: Decide
) -> list[tuple[str, Callable[[], object]]]:
    """What to choose from, for all rows of the table."""
    return [
        (shown, lambda kept=kept: decide(_fixed(table, question, kept)))
        for shown, kept in question.answers
    ]


def _columns_asked(
    table: TableUnderstood, question: Question, fields: Mapping[str, str], decide: Decide
) -> list[tuple[str, Callable[[], object]]]:
    """One answer for each column of the same heading, and none of them."""
    label = fields.get(question.field, question.field)
    answers: list[tuple[str, Callable[[], object]]] = [
        (
            f"Colonne {cell_name(1, column)[:-1]}\u00a0: {label}",
            lambda column=column: decide(_one_of(table, question, column)),
        )
        for column in question.columns
    ]
    return [*answers, ("Aucune", lambda: decide(_one_of(table, question, 0)))]


def _fixed(
    table: TableUnderstood, question: Question, text: str
) -> Callable[[ColumnMapping], None]:
    def put(mapping: ColumnMapping) -> None:
        mapping.table_said(table.sheet, table.signature).fixed[question.field] = text

    return put


def _one_of(
    table: TableUnderstood, question: Question, chosen: int
) -> Callable[[ColumnMapping], None]:
    def put(mapping: ColumnMapping) -> None:
        said = mapping.table_said(table.sheet, table.signature)
        for column in question.columns:
            said.columns[column] = question.field if column == chosen else None

    return put


def _doubtful(
    entry: Entry, table: TableUnderstood, fields: Mapping[str, str], decide: Decide
) -> Iterator[Ask]:
    """Columns that were taken for a field without being sure of it."""
    said = entry.columns_by_hand(table)
    for column in table.columns:
        if column.by_hand or column.column in said or column.word not in _DOUBTFUL:
            continue
        heading = " ".join(column.heading.split()) or f"Colonne {cell_name(1, column.column)[:-1]}"
        label = fields.get(column.field or "", column.field or "")
        guessed = "est deviné" if column.word is Confidence.GUESSED else "est compris"
        yield Ask(
            f"«\u00a0{heading}\u00a0» {guessed} comme «\u00a0{label}\u00a0».",
            "warn",
            [
                ("C’est bien cela", lambda at=column.column, to=column.field: decide(
                    _column(table, at, to))),
                ("Ne pas importer", lambda at=column.column: decide(_column(table, at, None))),
            ],
        )  # fmt: skip


def _column(
    table: TableUnderstood, column: int, field: str | None
) -> Callable[[ColumnMapping], None]:
    def put(mapping: ColumnMapping) -> None:
        mapping.table_said(table.sheet, table.signature).columns[column] = field

    return put


def _told(review: Review, catalogue: Catalogue) -> Iterator[Ask]:
    if review.created:
        made = [
            f"{catalogue[key].label_fr} {number}"
            for key, number in review.created.items()
            if key in catalogue
        ]
        more = len(made) - _MOST_CREATED
        listed = ", ".join(made[:_MOST_CREATED]) + (f" et {more} autres" if more > 0 else "")
        yield Ask(f"Fiches à créer\u00a0: {listed}.")
    same = review.counts.get(Outcome.UNCHANGED, 0)
    if same:
        are = "ligne identique" if same == 1 else "lignes identiques"
        yield Ask(f"{words.count(same, are, are)} à ce que vous avez déjà.")
    if review.other:
        said = words.count(review.other, "autre ligne", "autres lignes")
        yield Ask(f"{said} (titres, totaux, notes) sans fiche.")
    for name, each in review.editions.items():
        entity = catalogue.by_key.get(name)
        yield Ask(
            f"{entity.label_fr if entity else name}\u00a0: {words.count(each['rows'], 'ligne')}, "
            f"{each['new']} nouvelles, {each['gone']} disparues, {each['withdrawn']} retirées."
        )
    notes = review.notes or [note for file in review.files for note in file.notes]
    for note in notes:
        yield Ask(note)
