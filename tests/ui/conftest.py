"""Real widgets over a real workspace, without a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.store import Store
from prevention_app.ui import application, readings, settings
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.session import Session
from prevention_app.ui.workspace import Workspace
from tests.desks import desk, models, use  # noqa: F401  (fixtures)
from tests.workspaces import NewWorkspaces

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program makes it: French, our fonts, our style."""
    return application.make_application()


class PatientBot(QtBot):
    """Waits longer than a machine that does many other things meanwhile needs."""

    def waitUntil(self, callback, *, timeout=60_000):  # noqa: N802  (Qt's spelling)
        """Wait until the callback says true or stops raising assertion errors."""
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=60_000, **how):  # noqa: N802  (Qt's spelling)
        """Wait for a signal, as a context."""
        return super().waitSignal(signal, timeout=timeout, **how)


@pytest.fixture
def qtbot(qapp, request) -> PatientBot:
    """Real widgets under test."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    """No test sees what another one remembered."""
    yield
    settings.settings().clear()


@pytest.fixture(autouse=True)
def gone_at_once() -> Iterator[None]:
    """The windows of a test end with it: they would take their part of every event after it."""
    yield
    if QApplication.instance() is not None:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(autouse=True)
def same_on_a_busy_machine(monkeypatch) -> None:
    """What is read at once in an idle window is read at once here; threads are tried apart."""
    monkeypatch.setattr(readings, "QUICK_S", 10.0)


@pytest.fixture
def folder(tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[Path]:
    """A workspace of the Loiret with roles in all three departments."""
    yield new_workspace(tmp_path / "essai.prevention", name="Essai", user="C. Marchand")
    # Its files go now: what is left of its windows must not look for them any more.
    for widget in QApplication.topLevelWidgets():
        for timer in widget.findChildren(QTimer):
            timer.stop()


@pytest.fixture
def open_store(folder: Path) -> Callable[[], Store]:
    """Opens the workspace, on one fixed day."""
    return lambda: Store(folder, declared_catalogue(), lambda: TODAY)


@pytest.fixture
def session(qapp, open_store) -> Iterator[Session]:
    """The workspace as the window holds it."""
    made = Session(open_store(), open_store)
    yield made
    made.store.close()


@pytest.fixture
def window(qapp, qtbot, open_store) -> Iterator[Workspace]:
    """The whole window on the workspace, shown."""
    frame = MainWindow()
    qtbot.addWidget(frame)
    frame.resize(1440, 900)
    workspace = Workspace(frame, open_store(), open_store)
    frame.show()
    frame.activateWindow()
    yield workspace
    frame.close()
    workspace.session.store.close()


@pytest.fixture
def type_text() -> Callable[[QWidget, str], None]:
    """Types as a person does; QTest itself aborts on a letter with an accent."""

    def type_into(widget: QWidget, text: str) -> None:
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(widget, event)

    return type_into
