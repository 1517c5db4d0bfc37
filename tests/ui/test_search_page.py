from __future__ import annotations

from typing import Any

from prevention_app.ui.cells import CELL, Cell, GroupCell
from prevention_app.ui.search_page import SearchPage
from prevention_app.ui.session import Session


def searched(session: Session, qtbot: Any, text: str) -> tuple[SearchPage, list[Cell | GroupCell]]:
    page = SearchPage(session)
    qtbot.addWidget(page)
    page.show()
    page.search(text)
    qtbot.waitUntil(lambda: bool(page.status))
    cells = page.table.cells
    return page, [cells.index(row, 0).data(CELL) for row in range(cells.rowCount())]


def test_similar_results_stand_apart_under_what_they_resemble(session: Session, qtbot: Any) -> None:
    catalogue = session.store.catalogue
    exact = session.add(catalogue["site"], {"name": "Brouete"})
    near = session.add(catalogue["site"], {"name": "Brouette"})
    page, cells = searched(session, qtbot, "brouete")
    assert [each.text for each in cells] == [
        "Brouete",
        "Résultats proches de «\u00a0brouete\u00a0»",
        "Brouette",
    ]
    assert isinstance(cells[1], GroupCell)
    assert page.status == "1\u00a0fiche trouvée, 1\u00a0résultat proche"
    with qtbot.waitSignal(page.open_asked) as opened:
        page.table.opened.emit(2)
    assert opened.args == ["site", near.id]
    with qtbot.waitSignal(page.open_asked) as opened:
        page.table.opened.emit(0)
    assert opened.args == ["site", exact.id]


def test_only_records_of_the_department_that_is_looked_at_are_found(
    session: Session, qtbot: Any
) -> None:
    with session.store.change("Ajouter") as work:
        work.new("site", owner="41", name="Brouetterie")
    page, cells = searched(session, qtbot, "brouetterie")
    assert cells == []
    assert page.empty.isVisible()
    session.look_at("41")
    qtbot.waitUntil(lambda: page.table.cells.rowCount() == 1)


def test_a_number_is_searched_as_in_the_palette(session: Session, qtbot: Any) -> None:
    made = session.add(session.store.catalogue["site"], {"name": "Brouetterie"})
    _, cells = searched(session, qtbot, f"#{made.reference}")
    assert [each.text for each in cells] == ["Brouetterie"]
