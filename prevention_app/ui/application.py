"""Qt as this program wants it: language, fonts, style."""

from __future__ import annotations

import sys

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from prevention_app import paths
from prevention_app.ui import fonts, settings, style, theme


def make_application() -> QApplication:
    """The application of this process, dressed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)  # noqa: S101  (Qt's own type is wider)
    dress(application)
    return application


def dress(application: QApplication) -> None:
    """Qt in French, in our fonts and colours."""
    application.setApplicationName(paths.APPLICATION)
    application.setApplicationDisplayName("Prévention")
    _speak_french(application)
    fonts.load()
    theme.use_text_size(settings.remembered_number(settings.TEXT_SIZE, 100))
    follow_system(application)
    QGuiApplication.styleHints().colorSchemeChanged.connect(lambda: follow_system(application))


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
    use_theme(application, chosen)


def use_theme(application: QApplication, name: str) -> None:
    """Dress the whole application in a theme, at once."""
    theme.use(name)
    style.apply(application)
