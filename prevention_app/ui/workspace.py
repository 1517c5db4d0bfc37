"""An open workspace in the window: its pages, its commands, its long work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox

from prevention_app import __version__
from prevention_app.errors import PreventionError
from prevention_app.storage.store import Store
from prevention_app.ui import settings, theme, words
from prevention_app.ui.commands import Commands
from prevention_app.ui.due_page import DuePage
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.navigation import DUE, entries
from prevention_app.ui.operations import Operation, Work
from prevention_app.ui.page import Page
from prevention_app.ui.record_page import RecordPage
from prevention_app.ui.search_page import SearchPage
from prevention_app.ui.session import Notice, Session
from prevention_app.ui.work_bar import WorkBar


class Workspace(QObject):
    """Fills the frame of the window with a workspace."""

    def __init__(self, window: MainWindow, store: Store, reopen: Callable[[], Store]) -> None:
        """Show what is due; pages of registers are made when they are first opened."""
        super().__init__(window)
        self.window = window
        self.session = Session(store, reopen, self)
        self.pages: dict[str, RecordPage] = {}
        self.operations: list[Operation] = []
        self.due = DuePage(self.session)
        self.search = SearchPage(self.session)
        self.commands = Commands(window)
        self._make_commands()
        self._connect()
        self._show_names()
        self._show_undo()
        self.go(DUE)

    def _connect(self) -> None:
        sidebar = self.window.sidebar
        sidebar.navigation.chosen.connect(self.go)
        sidebar.department_chosen.connect(self.session.look_at)
        sidebar.searched.connect(self.find)
        self.session.noticed.connect(self._notify)
        self.session.changed.connect(self._on_changed)
        self.session.owners_changed.connect(self._show_names)
        self.session.catalogue_changed.connect(self._renew_catalogue)
        self.due.open_asked.connect(self.open_record)
        self.due.counted.connect(sidebar.navigation.pages.count)
        self.search.open_asked.connect(self.open_record)
        self.window.dropped.connect(
            lambda files: self.import_files(files=[Path(each) for each in files])
        )
        self.window.closing.connect(self._close)

    # -- commands --------------------------------------------------------------------------

    def _make_commands(self) -> None:
        add = self.commands.add
        add("&Fichier", "import", "Importer…", self.import_files, "Ctrl+I")
        add("&Fichier", "export", "Exporter…", self.export, "Ctrl+E")
        self.commands.menu("&Fichier").addSeparator()
        add("&Fichier", "quit", "Quitter", self.window.close, "Ctrl+Q")
        add("É&dition", "undo", "Annuler", self.undo, "Ctrl+Z")
        add("É&dition", "redo", "Rétablir", self.redo, "Ctrl+Y")
        self.commands.menu("É&dition").addSeparator()
        add("É&dition", "filter", "Filtrer cette liste", self._filter, "Ctrl+F")
        add("É&dition", "search", "Rechercher dans tous les registres", self._search, "Ctrl+K")
        add("Fi&che", "new", "Nouvelle fiche", self._on_page(RecordPage.new_record), "Ctrl+N")
        add("Fi&che", "save", "Enregistrer", self._on_page(RecordPage.save), "Ctrl+S")
        add("Fi&che", "delete", "Supprimer", self._on_page(RecordPage.delete_selected))
        self.commands.say_keys("delete", "Suppr")
        add("Fi&che", "detail", "Montrer ou cacher la fiche", self._on_page(RecordPage.toggle_form))
        self.commands.say_keys("detail", "Espace")
        self._make_view_commands()
        self._make_go_commands()
        add("A&ide", "about", "À propos de Prévention", self._about)

    def _make_view_commands(self) -> None:
        add = self.commands.add
        add("&Affichage", "refresh", "Actualiser", self.session.refresh, "F5")
        add("&Affichage", "sidebar", "Montrer ou cacher les pages", self._turn_sidebar, "Ctrl+B")
        self.commands.menu("&Affichage").addSeparator()
        for key, text in (
            ("system", "Couleurs du système"),
            (theme.LIGHT, "Couleurs claires"),
            (theme.DARK, "Couleurs sombres"),
        ):
            add("&Affichage", f"theme_{key}", text, partial(self._choose_theme, key))
        self.commands.menu("&Affichage").addSeparator()
        kept = add("&Affichage", "menu_bar", "Garder la barre de menus", lambda: None)
        kept.setCheckable(True)
        kept.setChecked(self.commands.kept)
        kept.toggled.connect(self.commands.keep)

    def _make_go_commands(self) -> None:
        add = self.commands.add
        add("A&ller", "due", "Ce qui est dû", partial(self.go, DUE), "Alt+Home")
        self.commands.menu("A&ller").addSeparator()
        names = self._departments()
        for at, (number, name) in enumerate(names.items(), 1):
            act = partial(self.session.look_at, number)
            add("A&ller", f"department_{number}", f"{number}  {name}", act, f"Ctrl+{at}")
        everyone = partial(self.session.look_at, "")
        add("A&ller", "department_all", "Tous les départements", everyone, "Ctrl+0")

    def _on_page(self, act: Callable[[RecordPage], Any]) -> Callable[[], None]:
        def run() -> None:
            page = self.window.page
            if isinstance(page, RecordPage):
                act(page)

        return run

    def _filter(self) -> None:
        page = self.window.page
        if isinstance(page, RecordPage | DuePage):
            page.focus_filter()

    def _search(self) -> None:
        line = self.window.sidebar.line
        self.window.sidebar.show()
        line.setFocus()
        line.selectAll()

    def _turn_sidebar(self) -> None:
        self.window.sidebar.setVisible(not self.window.sidebar.isVisible())

    def _choose_theme(self, chosen: str) -> None:
        from prevention_app.ui.application import follow_system

        settings.remember("theme", chosen)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            follow_system(application)

    def _about(self) -> None:
        about = QMessageBox(self.window)
        about.setWindowTitle("À propos")
        about.setText(f"Prévention {__version__}")
        about.setInformativeText(
            "Document unique, registres, échéances. Logiciel libre, licence EUPL-1.2. "
            "Typographie Inter (SIL OFL 1.1), icônes Lucide (ISC)."
        )
        about.addButton("Fermer", QMessageBox.ButtonRole.AcceptRole)
        about.open()

    # -- pages -----------------------------------------------------------------------------

    def go(self, key: str) -> None:
        """Show a page by its key."""
        page: Page = self.due if key == DUE else self.page_of(key)
        self.window.sidebar.navigation.show_page(key)
        self.window.show_page(page)

    def page_of(self, register: str) -> RecordPage:
        """The page of a register, made from its declaration when first wanted."""
        if register not in self.pages:
            page = RecordPage(self.session, self.session.store.catalogue[register])
            page.import_asked.connect(self.import_files)
            page.export_asked.connect(self.export)
            self.pages[register] = page
        return self.pages[register]

    def open_record(self, register: str, record_id: str) -> None:
        """Show a record on the page of its register."""
        self.go(register)
        self.pages[register].open_record(record_id)

    def find(self, text: str) -> None:
        """Search all registers."""
        if text.strip():
            self.search.search(text.strip())
            self.window.sidebar.navigation.show_page("")
            self.window.show_page(self.search)

    def _renew_catalogue(self) -> None:
        """Registers or fields were defined: pages are made anew from what is declared now."""
        catalogue = self.session.store.catalogue
        self.window.sidebar.navigation.pages.show(entries(catalogue))
        for key in [key for key, page in self.pages.items() if page.stale]:
            # Once what is being told has been heard by all: the page may be telling it.
            QTimer.singleShot(0, partial(self._renew_page, key, self.pages.pop(key)))

    def _renew_page(self, key: str, page: RecordPage) -> None:
        page.keep_drafts()
        if self.window.page is page:
            self.go(key if key in self.session.store.catalogue else DUE)
        page.deleteLater()

    def _departments(self) -> dict[str, str]:
        return {number: self.session.department_name(number) for number in self.session.departments}

    def _show_names(self) -> None:
        self.window.sidebar.show_departments(
            self._departments(), self.session.owner, self.session.station
        )
        catalogue = self.session.store.catalogue
        self.window.sidebar.navigation.pages.show(entries(catalogue))

    # -- changes ---------------------------------------------------------------------------

    def _notify(self, notice: Notice) -> None:
        self.window.notify(notice.text, notice.look, notice.acts)

    def _on_changed(self, registers: set[str] | None) -> None:
        self._show_undo()
        self.window.show_saved(self.session.saved_at)
        if self.window.page is self.search:
            self.search.refresh(registers)

    def _show_undo(self) -> None:
        for key, word, name in (
            ("undo", "Annuler", self.session.undoable()),
            ("redo", "Rétablir", self.session.redoable()),
        ):
            action = self.commands.actions[key]
            action.setText(words.sentence(f"{word} : {name}") if name else word)
            action.setEnabled(bool(name))

    def undo(self) -> None:
        """Take back the last change; a large one in a process of its own."""
        name = self.session.undoable()
        if self.session.is_small(name):
            self._at_once(self.session.undo)
            return
        from prevention_app.ui import long_work

        operation = self.start(f"Annuler : {name}", long_work.take_back, self.session.folder)
        operation.finished.connect(
            lambda done: self.session.say(f"Annulé : {done}. Rétablir (Ctrl Y)")
        )

    def redo(self) -> None:
        """Bring back what was undone last."""
        name = self.session.redoable()
        if self.session.is_small(name):
            self._at_once(self.session.redo)
            return
        from prevention_app.ui import long_work

        operation = self.start(f"Rétablir : {name}", long_work.bring_back, self.session.folder)
        operation.finished.connect(
            lambda done: self.session.say(f"Rétabli : {done}. Annuler (Ctrl Z)")
        )

    def _at_once(self, act: Callable[[], None]) -> None:
        try:
            act()
        except PreventionError as error:
            self.session.say(str(error), "bad")

    # -- long work -------------------------------------------------------------------------

    def start(self, name: str, work: Work, *arguments: Any, writes: bool = True) -> Operation:
        """Start long work and show it above the status bar; what it wrote is then read again."""
        operation = Operation(name, work, *arguments, parent=self)
        self.operations.append(operation)
        self.window.work_place.addWidget(WorkBar(operation))
        if writes:
            operation.ended.connect(self.session.refresh)
        operation.failed.connect(
            lambda text: self.session.say(text, "info" if operation.stopping else "bad")
        )
        operation.ended.connect(lambda: self.operations.remove(operation))
        return operation

    def import_files(self, kind: str = "", files: list[Path] | None = None) -> None:
        """Open the import dialog."""
        from prevention_app.ui.import_dialog import ImportDialog

        page = self.window.page
        if not kind and isinstance(page, RecordPage):
            kind = page.entity.key
        dialog = ImportDialog(self.session, self.window)
        dialog.applied.connect(self.session.refresh)
        dialog.undo_asked.connect(self.undo)
        dialog.prepare(kind, files or [])
        dialog.open()

    def export(self, register: str = "") -> None:
        """Open the export dialog."""
        from prevention_app.ui.export_dialog import ExportDialog

        page = self.window.page
        if not register and isinstance(page, RecordPage):
            register = page.entity.key
        dialog = ExportDialog(self.session, self.window, register)
        dialog.wanted.connect(self._write_file)
        dialog.open()

    def _write_file(self, name: str, work: Work, arguments: tuple[Any, ...]) -> None:
        operation = self.start(name, work, *arguments, writes=False)
        operation.finished.connect(self._on_written)

    def _on_written(self, file: Path) -> None:
        acts = (
            ("Ouvrir le fichier", partial(_open_place, file)),
            ("Ouvrir le dossier", partial(_open_place, file.parent)),
        )
        self.session.say(f"« {file.name} » est écrit.", "good", acts)

    def _close(self) -> None:
        for each in list(self.operations):
            each.end()
        for page in self.pages.values():
            page.keep_drafts()


def _open_place(place: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))
