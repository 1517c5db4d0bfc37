"""An open workspace in the window: its pages, its commands, its long work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from prevention_app.errors import PreventionError
from prevention_app.storage.store import Store
from prevention_app.ui import recent, settings, style, theme, words
from prevention_app.ui.commands import Commands, menu_bar_kept
from prevention_app.ui.desktop import open_workspace_apart
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Page
from prevention_app.ui.page_making import make_page
from prevention_app.ui.places import (
    AMONG_OTHERS,
    CAMPAIGN,
    CONFLICTS,
    DUE,
    EXCHANGES,
    HOME,
    IMPORT,
    ORGANISATION,
    PROGRAMME,
    PURPOSES,
    REPORTS,
    RISK_DOCUMENT,
    SEARCH,
    SETTINGS,
    TO_SETTLE,
    VERSIONS,
    Place,
    places,
)
from prevention_app.ui.session import Notice, Session
from prevention_app.ui.window_memory import WindowMemory
from prevention_app.ui.work_bar import WorkBar
from prevention_app.ui.work_process import Work

if TYPE_CHECKING:
    from prevention_app.ui.hub_status import HubFollower
    from prevention_app.ui.palette import Palette
    from prevention_app.ui.record_page import RecordPage

_WATCH_MS = 400
"""After the first page: what is to be settled is counted then."""
_FOLLOW_MS = 1500
"""After that: the hub is followed once the window has become quiet."""
PAGE_MENU = "&Page"
"""The menu of what can be done on the page that is shown."""


class Workspace(QObject):
    """Fills the frame of the window with a workspace."""

    def __init__(self, window: MainWindow, store: Store, reopen: Callable[[], Store]) -> None:
        """Show what waits; every other page is made when it is first opened."""
        super().__init__(window)
        window.fill()
        self.window = window
        self.session = Session(store, reopen, self)
        self.pages: dict[str, Page] = {}
        self.operations: list[Operation] = []
        self.commands = Commands(window)
        self._visited: list[str] = []
        self._palette: Palette | None = None
        self._to_settle = False
        self._among_others = False
        self._hub: HubFollower | None = None
        self._make_commands()
        self._connect()
        self._show_names()
        self._show_undo()
        self._come_back()
        self._later(_WATCH_MS, self._watch_conflicts)
        self._later(_WATCH_MS, self._watch_reratings)
        self._later(_WATCH_MS, self._watch_exchanges)
        self._later(_FOLLOW_MS, self._follow_hub)

    def _later(self, after_ms: int, act: Callable[[], object]) -> None:
        """Do something once the first page is there, unless the window closes before."""
        timer = QTimer(self, singleShot=True, interval=after_ms)
        timer.timeout.connect(act)
        timer.start()

    def _come_back(self) -> None:
        """Where someone stopped yesterday, today begins."""
        self._memory = WindowMemory(self.window, self.session)
        place = self._memory.last
        if place is None:
            self.go(HOME)
            return
        if place.department in {"", *self.session.departments}:
            self.session.look_at(place.department)
        known = {each.key for each in self._all_places()}
        self.go(place.page if place.page in known else HOME)
        self._memory.come_back(self.pages[self._visited[-1]], place)

    def _connect(self) -> None:
        sidebar = self.window.sidebar
        sidebar.navigation.chosen.connect(self.go)
        sidebar.department_chosen.connect(self.session.look_at)
        sidebar.palette_asked.connect(self.ask)
        sidebar.settings_asked.connect(partial(self.go, SETTINGS))
        self.session.noticed.connect(self._notify)
        self.session.changed.connect(self._on_changed)
        self.session.owners_changed.connect(self._show_names)
        self.session.catalogue_changed.connect(self._renew_catalogue)
        self.window.page_shown.connect(
            lambda page: self.commands.show_deeds(PAGE_MENU, page.deeds())
        )
        self.window.dropped.connect(self._take)
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
        add("É&dition", "search", "Rechercher, agir…", self.ask, "Ctrl+K")
        self.commands.menu(PAGE_MENU)
        self._make_view_commands()
        self._make_go_commands()
        add("A&ide", "self_test", "Vérifier cet ordinateur…", self._test_computer)
        add("A&ide", "about", "À propos de Prévention", partial(self.go, SETTINGS))

    def _make_view_commands(self) -> None:
        add = self.commands.add
        add("&Affichage", "refresh", "Actualiser", self.session.refresh, "F5")
        add("&Affichage", "next_pane", "Volet suivant", lambda: self.window.next_pane(1), "F6")
        add(
            "&Affichage",
            "previous_pane",
            "Volet précédent",
            lambda: self.window.next_pane(-1),
            "Shift+F6",
        )
        add(
            "&Affichage",
            "sidebar",
            "Élargir ou réduire les pages",
            self.window.turn_sidebar,
            "Ctrl+B",
        )
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
        kept.setChecked(menu_bar_kept())
        kept.toggled.connect(self.commands.keep)

    def _make_go_commands(self) -> None:
        add = self.commands.add
        for place in PURPOSES:
            add("A&ller", place.key, place.label, partial(self.go, place.key), place.keys)
        for place in (AMONG_OTHERS, TO_SETTLE):
            add("A&ller", place.key, place.label, partial(self.go, place.key), place.keys)
            self._offer(place.key, on=False)
        add("A&ller", "back", "Page précédente", self.back, "Alt+Left")
        self.commands.menu("A&ller").addSeparator()
        names = self._departments()
        for at, (number, name) in enumerate(names.items(), 1):
            act = partial(self.session.look_at, number)
            add("A&ller", f"department_{number}", f"{number}  {name}", act, f"Ctrl+{at}")
        everyone = partial(self.session.look_at, "")
        add("A&ller", "department_all", "Tous les départements", everyone, "Ctrl+0")

    def _filter(self) -> None:
        if self.window.page is not None:
            self.window.page.focus_filter()

    def ask(self) -> None:
        """Open the palette over the page."""
        from prevention_app.ui.palette import Palette

        if self._palette is None:
            self._palette = Palette(
                self.window, self.session, self.commands.everything, self._all_places
            )
            self._palette.open_asked.connect(self.open_record)
            self._palette.page_asked.connect(self.go)
            self._palette.everything_asked.connect(self.find)
        self._palette.summon()

    def _all_places(self) -> list[Place]:
        return [each for each in (*self._known_places(), PURPOSES[-1]) if not each.heading]

    def _known_places(self) -> list[Place]:
        return places(
            self.session.store.catalogue,
            to_settle=self._to_settle,
            among_others=self._among_others,
        )

    def _test_computer(self) -> None:
        from prevention_app.ui.self_test_dialog import SelfTestDialog

        SelfTestDialog(self.session, self.window).open()

    def _choose_theme(self, chosen: str) -> None:
        from prevention_app.ui.application import follow_system

        settings.remember("theme", chosen)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            follow_system(application)

    def _choose_text_size(self, percent: int) -> None:
        """Pages are made anew: their heights follow from the size of texts."""
        theme.use_text_size(percent)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            style.apply(application)
        self.window.sidebar.turn_narrow(self.window.sidebar.narrow)
        here = self._visited[-1]
        for key in list(self.pages):
            QTimer.singleShot(0, partial(self._renew_page, key, self.pages.pop(key)))
        QTimer.singleShot(0, partial(self.go, here))

    # -- pages -----------------------------------------------------------------------------

    def go(self, key: str) -> None:
        """Show a page by its key."""
        page = self.page_of(key)
        if self._visited[-1:] != [key]:
            self._visited.append(key)
        self.window.sidebar.navigation.show_page(key)
        self.window.show_page(page)
        self._memory.follow(key, page)

    def go_to(self, key: str, sought: object = None) -> None:
        """Show a page as another one asks for it: due dates filtered, an import taken up."""
        self.go(key)
        page: Any = self.pages[key]
        if key == DUE and sought is not None:
            page.look_for(sought)
        elif key == IMPORT and sought is not None:
            page.take_up(sought)
        elif key == CONFLICTS and sought is not None:
            page.look_for(sought)
        elif key == PROGRAMME and sought is not None:
            page.show_part(sought)
        elif key == RISK_DOCUMENT and sought is not None:
            from prevention_app.ui.rerating_watch import RateAsked
            from prevention_app.ui.rerating_way import show_risk

            assert isinstance(sought, RateAsked)  # noqa: S101  (nothing else is asked of it)
            show_risk(page, sought)

    def back(self) -> None:
        """Show again the page before this one."""
        if len(self._visited) > 1:
            self._visited.pop()
            self.go(self._visited[-1])

    def page_of(self, key: str) -> Page:
        """A page, made when first wanted; that of a register from its declaration."""
        if key not in self.pages:
            page = self._make_page(key)
            page.open_asked.connect(self.open_record)
            page.new_asked.connect(self.new_record)
            page.import_asked.connect(self.import_files)
            page.export_asked.connect(self.export)
            page.page_asked.connect(self.go_to)
            self.pages[key] = page
        return self.pages[key]

    def _make_page(self, key: str) -> Page:
        page = make_page(key, self.session, self.start)
        wire = {
            HOME: self._wire_home,
            DUE: self._wire_due,
            IMPORT: self._wire_import,
            CONFLICTS: self._wire_conflicts,
            ORGANISATION: self._wire_organisation,
            RISK_DOCUMENT: self._wire_risks,
            PROGRAMME: self._wire_programme,
            VERSIONS: self._wire_versions,
            EXCHANGES: self._wire_exchanges,
            SETTINGS: self._wire_settings,
            CAMPAIGN: self._wire_campaign,
        }.get(key)
        if wire is not None:
            wire(page)
        return page

    # What only these pages say; their modules are loaded when they are first wanted.

    def _wire_home(self, page: Page) -> None:
        from prevention_app.ui.home_page import HomePage

        assert isinstance(page, HomePage)  # noqa: S101  (its key makes no other)
        page.counted.connect(self.window.sidebar.navigation.pages.count)
        page.draft_asked.connect(self.take_up)

    def _wire_due(self, page: Page) -> None:
        from prevention_app.ui.due_page import DuePage

        assert isinstance(page, DuePage)  # noqa: S101  (its key makes no other)
        page.counted.connect(self.window.sidebar.navigation.pages.count)

    def _wire_import(self, page: Page) -> None:
        from prevention_app.ui.import_page import ImportPage

        assert isinstance(page, ImportPage)  # noqa: S101  (its key makes no other)
        page.done.connect(self.back)
        page.undo_asked.connect(self.undo)

    def _wire_risks(self, page: Page) -> None:
        from prevention_app.ui.risk_page import RiskPage

        assert isinstance(page, RiskPage)  # noqa: S101  (its key makes no other)
        page.part_shown.connect(self.window.show_keys)

    def _wire_organisation(self, page: Page) -> None:
        from prevention_app.ui.organisation_page import OrganisationPage

        assert isinstance(page, OrganisationPage)  # noqa: S101  (its key makes no other)
        page.part_shown.connect(self.window.show_keys)

    def _wire_conflicts(self, page: Page) -> None:
        from prevention_app.ui.conflicts_page import ConflictsPage

        assert isinstance(page, ConflictsPage)  # noqa: S101  (its key makes no other)
        page.part_shown.connect(self.window.show_keys)

    def _wire_programme(self, page: Page) -> None:
        from prevention_app.ui.programme_page import ProgrammePage

        assert isinstance(page, ProgrammePage)  # noqa: S101  (its key makes no other)
        page.part_shown.connect(self.window.show_keys)

    def _wire_versions(self, page: Page) -> None:
        from prevention_app.ui.versions_page import VersionsPage

        assert isinstance(page, VersionsPage)  # noqa: S101  (its key makes no other)
        page.part_shown.connect(self.window.show_keys)

    def _wire_exchanges(self, page: Page) -> None:
        from prevention_app.ui.exchange_page import ExchangePage

        assert isinstance(page, ExchangePage)  # noqa: S101  (its key makes no other)
        page.counted.connect(partial(self.window.sidebar.navigation.pages.count_at, EXCHANGES))

    def _wire_campaign(self, page: Page) -> None:
        from prevention_app.ui.campaign_page import CampaignPage

        assert isinstance(page, CampaignPage)  # noqa: S101  (its key makes no other)
        page.unit_asked.connect(self.open_unit)
        page.part_shown.connect(self.window.show_keys)

    def open_unit(self, unit: str) -> None:
        """Show a work unit in the document unique."""
        from prevention_app.ui.risk_page import RiskPage

        self.go(RISK_DOCUMENT)
        page = self.pages[RISK_DOCUMENT]
        assert isinstance(page, RiskPage)  # noqa: S101  (its key makes no other)
        page.units.choose_unit(unit)

    def _wire_settings(self, page: Page) -> None:
        from prevention_app.ui.settings_page import SettingsPage

        assert isinstance(page, SettingsPage)  # noqa: S101  (its key makes no other)
        page.theme_chosen.connect(self._choose_theme)
        page.text_size_chosen.connect(self._choose_text_size)
        page.menu_bar_kept.connect(self.commands.keep)
        page.backups.restored.connect(open_workspace_apart)
        follower = self._follow_hub()
        page.hub.follow(follower)
        page.hub.way_changed.connect(follower.start)

    def register_page(self, register: str) -> RecordPage:
        """The page of a register, shown."""
        from prevention_app.ui.record_page import RecordPage

        self.go(register)
        page = self.pages[register]
        assert isinstance(page, RecordPage)  # noqa: S101  (keys of registers make no other)
        return page

    def open_record(self, register: str, record_id: str) -> None:
        """Show a record on the page of its register."""
        recent.note_opened(self.session, register, record_id)
        self.register_page(register).open_record(record_id)

    def new_record(self, register: str) -> None:
        """Show an empty form of a register."""
        self.register_page(register).new_record()

    def take_up(self, register: str, record_id: str) -> None:
        """Go on with a draft, of a record or of one that is not saved yet."""
        if record_id:
            self.open_record(register, record_id)
        else:
            self.new_record(register)

    def find(self, text: str) -> None:
        """Search all registers."""
        from prevention_app.ui.search_page import SearchPage

        if text.strip():
            self.go(SEARCH)
            page = self.pages[SEARCH]
            assert isinstance(page, SearchPage)  # noqa: S101  (its key makes no other)
            page.search(text.strip())

    def _renew_catalogue(self) -> None:
        """Registers or fields were defined: pages are made anew from what is declared now."""
        self._show_places()
        for key, page in list(self.pages.items()):
            if page.stale:
                # Once what is being told has been heard by all: the page may be telling it.
                QTimer.singleShot(0, partial(self._renew_page, key, self.pages.pop(key)))

    def _renew_page(self, key: str, page: Page) -> None:
        page.keep_drafts()
        if self.window.page is page:
            self.go(key if key in self.session.store.catalogue else HOME)
        page.deleteLater()

    def _departments(self) -> dict[str, str]:
        return {number: self.session.department_name(number) for number in self.session.departments}

    def _show_names(self) -> None:
        self.window.sidebar.show_departments(
            self._departments(), self.session.owner, self.session.station
        )
        self._show_places()

    def _show_places(self) -> None:
        known = self._known_places()
        self.window.sidebar.navigation.pages.show(known)

    # -- the hub ---------------------------------------------------------------------------

    def _follow_hub(self) -> HubFollower:
        """Follow the hub, where there is one, and say so at the foot."""
        if self._hub is None:
            from prevention_app.ui.exchange_watch import exchange_watch_of
            from prevention_app.ui.hub_status import HubFollower, HubStatus

            self._hub = HubFollower(self.session, self)
            status = HubStatus(self._hub)
            status.clicked.connect(partial(self.go, SETTINGS))
            self.window.show_at_foot(status)
            self._hub.came.connect(self.session.refresh)
            self._hub.told.connect(exchange_watch_of(self.session).look)
            self._hub.start()
        return self._hub

    # -- risks to rate again ---------------------------------------------------------------

    def _watch_reratings(self) -> None:
        """Offer to rate a risk again wherever an action on it is finished."""
        from prevention_app.ui.rerating_watch import rerating_watch_of

        watch = rerating_watch_of(self.session)
        watch.rating_asked.connect(partial(self.go_to, RISK_DOCUMENT))
        watch.list_asked.connect(partial(self.go_to, PROGRAMME, "reratings"))

    # -- values to settle ------------------------------------------------------------------

    def _watch_conflicts(self) -> None:
        from prevention_app.ui.conflict_watch import watch_of

        watch = watch_of(self.session)
        watch.counted.connect(lambda: self._count_conflicts(watch.values, on=watch.anything))
        watch.look()

    def _count_conflicts(self, values: int, *, on: bool) -> None:
        """The page is in the list only while there is something to look at on it.

        Its number is that of its name: values to settle. Doubles and checks are counted there.
        """
        appears = on != self._to_settle
        self._to_settle = on
        navigation = self.window.sidebar.navigation
        if appears:
            self._show_places()
            navigation.show_page(self._visited[-1])
            self._offer(CONFLICTS, on=on)
        navigation.pages.count_at(CONFLICTS, values)

    def _offer(self, key: str, *, on: bool) -> None:
        """Let the menu and the palette offer a page that is not always there."""
        action = self.commands.actions[key]
        action.setVisible(on)
        action.setEnabled(on)

    # -- other stations --------------------------------------------------------------------

    def _watch_exchanges(self) -> None:
        from prevention_app.ui.exchange_watch import exchange_watch_of
        from prevention_app.ui.folder_exchange import folder_exchange_of

        watch = exchange_watch_of(self.session)
        watch.counted.connect(lambda: self._count_exchanges(watch.others, watch.unseen))
        folder_exchange_of(self.session).passed.connect(watch.look)
        watch.look()

    def _count_exchanges(self, others: int, unseen: int) -> None:
        if bool(others or unseen) != self._among_others:
            self._among_others = bool(others or unseen)
            self._show_places()
            self.window.sidebar.navigation.show_page(self._visited[-1])
            self._offer(EXCHANGES, on=self._among_others)
        self.window.sidebar.navigation.pages.count_at(EXCHANGES, unseen)

    def _take(self, files: list[Path]) -> None:
        """Files dropped on the window: those of an exchange are received, others brought in."""
        from prevention_app.services.shared_folder import SUFFIX

        exchanged = [each for each in files if each.suffix == SUFFIX]
        if exchanged:
            self.go(EXCHANGES)
            page: Any = self.pages[EXCHANGES]
            page.take_in(exchanged)
        others = [each for each in files if each not in exchanged]
        if others:
            self.import_files(files=others)

    # -- changes ---------------------------------------------------------------------------

    def _notify(self, notice: Notice) -> None:
        self.window.notify(notice.text, notice.look, notice.acts)

    def _on_changed(self, registers: set[str] | None) -> None:
        self._show_undo()
        self.window.show_saved(self.session.saved_at)
        page = self.pages.get(SEARCH)
        if page is not None and self.window.page is page:
            page.refresh(registers)

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
        self.end_with_window(operation)
        self.window.work_place.addWidget(WorkBar(operation))
        if writes:
            operation.ended.connect(self.session.refresh)
        operation.failed.connect(
            lambda text: self.session.say(text, "info" if operation.stopping else "bad")
        )
        return operation

    def end_with_window(self, operation: Operation) -> None:
        """End work that is still under way when the window closes."""
        self.operations.append(operation)
        operation.ended.connect(lambda: self.operations.remove(operation))

    def import_files(self, kind: str = "", files: list[Path] | None = None) -> None:
        """Show the page that reviews files before they are brought in."""
        from prevention_app.ui.import_page import ImportPage

        here = self.window.page
        kind = kind or (here.register if here else "")
        self.go(IMPORT)
        page = self.pages[IMPORT]
        if isinstance(page, ImportPage) and (kind or files):
            page.prepare(kind, files or [])

    def export(self, register: str = "") -> None:
        """Show the page of reports, with a register chosen where one was looked at."""
        from prevention_app.ui.report_page import ReportPage

        here = self.window.page
        register = register or (here.register if here else "")
        self.go(REPORTS)
        page = self.pages[REPORTS]
        if isinstance(page, ReportPage) and register:
            page.offer_register(register)

    def _close(self) -> None:
        if self._hub is not None:
            self._hub.end()
        for each in self.findChildren(Operation):
            each.end()
        for timer in self.findChildren(QTimer):
            timer.stop()  # nobody would see what is read from now on
        for page in self.pages.values():
            page.keep_drafts()
