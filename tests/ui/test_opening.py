from __future__ import annotations

from prevention_app.storage import journal
from prevention_app.storage.engine import writing
from prevention_app.ui.home_page import HomePage
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.opening import Opening
from prevention_app.ui.waiting_page import WaitingPage


def test_a_workspace_of_another_version_is_brought_up_to_date_beside_the_window(
    qtbot, folder, open_store
) -> None:
    store = open_store()
    with store.change("Ajouter") as work:
        work.new("site", name="Musée")
    with store.connecting() as connection, writing(connection):
        journal.set_meta(connection, "tables", "d’une autre version")
    store.close()
    frame = MainWindow()
    qtbot.addWidget(frame)
    frame.show()
    Opening(frame, folder).open()
    assert isinstance(frame.page, WaitingPage)
    qtbot.waitUntil(lambda: isinstance(frame.page, HomePage), timeout=60_000)
    frame.close()
