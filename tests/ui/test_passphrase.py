"""A workspace whose key is protected by a passphrase: the window asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from prevention_app import paths
from prevention_app.__main__ import main
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage import journal
from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store
from prevention_app.ui import passphrase_dialog
from prevention_app.ui.first_opening import ClosedWorkspace
from prevention_app.ui.home_page import HomePage
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.opening import Opening
from prevention_app.ui.passphrase_dialog import PassphraseDialog

PHRASE = "trois mots simples"


@pytest.fixture
def protected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace that does not open without the phrase."""
    file = tmp_path / "phrase.txt"
    file.write_text(PHRASE, encoding="utf-8")
    monkeypatch.setenv(paths.PASSPHRASE_FILE, str(file))
    folder = tmp_path / "espace.prevention"
    Store.create(folder, declared_catalogue(), department="45", name="Bureau", user="Ana").close()
    monkeypatch.delenv(paths.PASSPHRASE_FILE)
    yield folder
    passphrase_dialog.forget()


@pytest.fixture
def frame(qtbot) -> Iterator[MainWindow]:
    """A window without a workspace."""
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def asked(frame: MainWindow) -> PassphraseDialog:
    """The question that stands before the window."""
    (found,) = (each for each in frame.findChildren(PassphraseDialog) if each.isVisible())
    return found


def test_it_is_typed_and_a_wrong_one_is_told(frame, protected, type_text) -> None:
    Opening(frame, protected).open()
    dialog = asked(frame)
    assert dialog.wrong.text == ""
    assert not dialog.open_button.isEnabled()
    type_text(dialog.phrase, "autre chose")
    QTest.keyClick(dialog.phrase, Qt.Key.Key_Return)

    again = asked(frame)
    assert "n’est pas la bonne" in again.wrong.text
    type_text(again.phrase, PHRASE)
    QTest.keyClick(again.phrase, Qt.Key.Key_Return)
    assert isinstance(frame.page, HomePage)


def test_one_may_leave_it_and_try_again(frame, protected) -> None:
    Opening(frame, protected).open()
    asked(frame).cancel_button.click()
    assert isinstance(frame.page, ClosedWorkspace)
    assert "phrase secrète" in frame.page.why.text()
    frame.page.retry_button.click()
    assert asked(frame).isVisible()


def test_processes_beside_the_window_open_it_too(frame, qtbot, protected) -> None:
    """A workspace that another version wrote last is made anew in a process of its own."""
    passphrase_dialog.keys.use_passphrase(PHRASE)
    store = Store(protected, declared_catalogue())
    with store.connecting() as connection, writing(connection):
        journal.set_meta(connection, "tables", "d’une autre version")
    store.close()
    passphrase_dialog.forget()

    Opening(frame, protected).open()
    dialog = asked(frame)
    dialog.phrase.setText(PHRASE)
    dialog.open_button.click()
    qtbot.waitUntil(lambda: isinstance(frame.page, HomePage))


def test_a_file_that_holds_it_opens_the_window(
    protected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str | None, str]] = []

    def run_window(folder: str | None) -> int:
        Store(protected, declared_catalogue()).close()  # opens
        shown.append((folder, str(folder)))
        return 0

    monkeypatch.setattr("prevention_app.ui.start.run_window", run_window)
    monkeypatch.setenv(paths.PASSPHRASE_FILE, "")  # put back at the end
    given = ["prevention-app", "--passphrase-file", str(tmp_path / "phrase.txt"), "--data=x"]
    monkeypatch.setattr("sys.argv", given)
    assert main() == 0
    assert shown == [("x", "x")]
