"""What leaves a department, in the window: decided in a table, shown before it is published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QObject

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import OutflowExtent
from prevention_app.services import figures_publication, outflows
from prevention_app.storage.store import Store
from prevention_app.ui.operations import Operation
from prevention_app.ui.outflows_page import DECISIONS, FIGURES, RECEIVED, OutflowsPage
from prevention_app.ui.session import Session
from tests.storage.acts import add_accident

FEW = "<\u00a05"


@pytest.fixture
def page(qapp, qtbot, tmp_path, new_workspace) -> Iterator[OutflowsPage]:
    """Of an adviser of the Loiret, in whose register are seven accidents, two of them commuting."""
    folder = new_workspace(
        tmp_path / "a.prevention", name="Bureau", user="Claire Marchand", departments=("45",)
    )

    def opened() -> Store:
        return Store(folder, declared_catalogue())

    session, owner = Session(opened(), opened), QObject()
    for kind in ("service",) * 7 + ("commuting",) * 2:
        add_accident(session.store, happened_on=session.store.today(), kind=kind)

    def start(words, work, *arguments, writes=True):
        return Operation(words, work, *arguments, parent=owner)

    made = OutflowsPage(session, start)
    qtbot.addWidget(made)
    made.show()
    yield made
    owner.deleteLater()
    session.store.close()


def rows(table) -> list[list[str]]:
    model = table.model()
    return [
        [model.index(row, column).data() or "" for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def choose(page: OutflowsPage, qtbot, register: str, column: int, extent: OutflowExtent) -> None:
    """Choose what a department is told of a register, as a person does."""
    page.show_part(DECISIONS)
    pane = page.decisions
    pane.table.selectRow([row[0] for row in rows(pane.table)].index(register))
    pane.choices[column].choose(extent.value)
    qtbot.waitUntil(lambda: not pane.working)


def test_a_decision_is_made_in_the_table_and_shows_for_each_department(page, qtbot):
    choose(page, qtbot, "Sites et locaux", 0, OutflowExtent.EVERYTHING)
    choose(page, qtbot, "Accidents et maladies professionnelles", 1, OutflowExtent.FIGURES)
    shown = {row[0]: row[1:] for row in rows(page.decisions.table)}
    assert shown["Sites et locaux"] == ["Tout", "Rien"]
    assert shown["Accidents et maladies professionnelles"] == ["Les chiffres", "Les chiffres"]
    [sites] = [each for each in outflows.decisions(page.session.store) if each.register == "site"]
    assert sites.everything == {"28"}


def test_no_figures_are_offered_where_none_are_counted(page):
    page.show_part(DECISIONS)
    table = page.decisions.table
    table.selectRow([row[0] for row in rows(table)].index("Pièces jointes"))
    choice = page.decisions.choices[0]
    choice.show_value(OutflowExtent.FIGURES.value)
    assert choice.value == OutflowExtent.NOTHING.value


def test_what_would_leave_is_shown_first_then_published_and_read(page, qtbot):
    page.show_part(FIGURES)
    pane = page.figures
    pane.look()
    qtbot.waitUntil(lambda: not pane.working)
    assert rows(pane.table) == []
    assert not pane.publish_button.isEnabled(), "nothing was decided"

    choose(page, qtbot, "Accidents et maladies professionnelles", 0, OutflowExtent.FIGURES)
    page.show_part(FIGURES)
    assert not pane.publish_button.isEnabled(), "nothing was shown yet"
    pane.look()
    qtbot.waitUntil(lambda: not pane.working)
    shown = {row[0]: row[2] for row in rows(pane.table)}
    assert (shown["Accidents de service"], shown["Accidents de trajet"]) == ("7", FEW)
    assert figures_publication.published(page.session.store) == []

    pane.publish()
    qtbot.waitUntil(lambda: not pane.working)
    assert "Chiffres publiés" in pane.banner.text
    assert len(figures_publication.published(page.session.store)) == len(shown)

    page.show_part(RECEIVED)
    told = {row[0]: row[1:] for row in rows(page.received.table)}
    assert told["Accidents de trajet"] == [FEW, "non publié", "non publié"]
    page.received.whose.choose("45")
    assert {row[1] for row in rows(page.received.table)} == {"Tout le département"}


def test_another_day_is_looked_at_anew(page, qtbot):
    choose(page, qtbot, "Accidents et maladies professionnelles", 0, OutflowExtent.FIGURES)
    page.show_part(FIGURES)
    pane = page.figures
    pane.look()
    qtbot.waitUntil(lambda: not pane.working)
    assert pane.publish_button.isEnabled()
    pane.day.show_value(date(2024, 3, 31))
    assert not pane.publish_button.isEnabled()
    pane.day.show_typed("bientôt")
    pane.look()
    assert pane.banner.bad
