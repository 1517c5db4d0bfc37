"""The window as a program: language, fonts, style, failures, and the first workspace."""

from __future__ import annotations

import sys
from multiprocessing import freeze_support
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from prevention_app import paths
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import PreventionError
from prevention_app.ui import failures, fonts, settings, style, theme, words
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.navigation import entries

# Nothing above may import SQLAlchemy, openpyxl, pandas or numpy: the window is painted first.


def run_window(folder: str | None) -> int:
    """Open the window on a workspace, or the default one; returns the exit code."""
    freeze_support()
    application = make_application()
    window = MainWindow()
    opening = Opening(window, Path(folder) if folder else paths.default_workspace())
    window.show()
    opening.begin()
    return application.exec()


def make_application() -> QApplication:
    """Qt in French, in our fonts and colours."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)  # noqa: S101  (Qt's own type is wider)
    application.setApplicationName(paths.APPLICATION)
    application.setApplicationDisplayName("Prévention")
    _speak_french(application)
    fonts.load()
    follow_system(application)
    QGuiApplication.styleHints().colorSchemeChanged.connect(lambda: follow_system(application))
    return application


def _speak_french(application: QApplication) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    translator = QTranslator(application)
    place = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_fr", place):
        application.installTranslator(translator)


def follow_system(application: QApplication) -> None:
    """Light or dark as the system is, unless the user chose one."""
    chosen = str(settings.remembered("theme", "system"))
    if chosen not in (theme.LIGHT, theme.DARK):
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        chosen = theme.DARK if dark else theme.LIGHT
    theme.use(chosen)
    style.apply(application)


class Opening(QObject):
    """From the first paint to the open workspace."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        """Prepare the frame; nothing is read yet."""
        super().__init__(window)
        self._window = window
        self._folder = folder
        window.sidebar.navigation.pages.show(entries(declared_catalogue()))

    def begin(self) -> None:
        """Open the workspace once the window has been painted."""
        failures.start_log()
        failures.catch(lambda text: self._window.notify(words.sentence(text), "bad"))
        self._window.painted.connect(lambda: QTimer.singleShot(0, self.open))

    def open(self) -> None:
        """Open the workspace, or offer to make one."""
        if not self._folder.exists():
            self._offer()
            return
        from prevention_app import bootstrap
        from prevention_app.ui.workspace import Workspace

        folder = self._folder
        try:
            store = bootstrap.open_workspace(folder)
        except PreventionError as error:
            self._offer(str(error))
            return
        Workspace(self._window, store, lambda: bootstrap.open_workspace(folder))

    def _offer(self, reason: str = "") -> None:
        from prevention_app.ui.first_opening import FirstOpening

        self._page = FirstOpening()
        self._page.create_asked.connect(self._create)
        self._page.demo_asked.connect(self._make_demo)
        self._window.show_page(self._page)
        if reason:
            self._page.refuse(words.sentence(reason))

    def _create(self, department: str, name: str) -> None:
        from prevention_app import bootstrap

        try:
            bootstrap.create_workspace(self._folder, department=department, name=name).close()
        except PreventionError as error:
            self._page.refuse(words.sentence(str(error)))
            return
        self.open()

    def _make_demo(self) -> None:
        from prevention_app.ui import long_work
        from prevention_app.ui.operations import Operation
        from prevention_app.ui.work_bar import WorkBar

        place = paths.data_folder() / "demonstration"
        self._page.setEnabled(False)
        operation = Operation(
            "Espace de démonstration", long_work.make_demo, place, parent=self._window
        )
        operation.finished.connect(self._open_demo)
        operation.failed.connect(lambda text: self._page.refuse(words.sentence(text)))
        operation.ended.connect(lambda: self._page.setEnabled(True))
        self._window.closing.connect(operation.end)
        self._window.work_place.addWidget(WorkBar(operation))

    def _open_demo(self, workspace: Path) -> None:
        self._folder = workspace
        self.open()
