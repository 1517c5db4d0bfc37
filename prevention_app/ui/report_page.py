"""Reports: what can be written, with its settings and a preview of its first sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from prevention_app.i18n import NO_BREAK
from prevention_app.ui import file_work, settings, style, words
from prevention_app.ui.desktop import open_place
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button
from prevention_app.ui.places import OUTFLOWS
from prevention_app.ui.report_choice import Report, ReportChoice, ReportList
from prevention_app.ui.report_preview import RegisterSheets, WorkbookSheet
from prevention_app.ui.report_settings import ReportSettings, Wanted
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys

_LAST: Final = "report/last_file"
_PATIENCE_MS: Final = 150
_WORKBOOKS: Final = (Report.DEPARTMENT, Report.TOGETHER)


class ReportPage(Page):
    """What the management will receive: choose, look, create."""

    title = "Rapports"

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """`start_work` starts long work that the window shows: name, function, arguments."""
        super().__init__()
        self.session = session
        self._start_work = start_work
        self._writing: Operation | None = None
        self._counting: Operation | None = None
        self._counted: dict[Wanted, tuple[Any, datetime]] = {}
        self.create_button = button("Créer le classeur", "file-spreadsheet", "primary")
        self.open_button = button("Ouvrir le dernier", "folder-open")
        self.tell_button = button("Chiffres aux départements…", "upload")
        self.buttons = [self.tell_button, self.open_button, self.create_button]
        self.reports = ReportList()
        self.settings = ReportSettings(session)
        self.empty = EmptyState()
        self.empty.show_waiting("L’aperçu se prépare…")
        self._said = QLabel()
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._lay_out()
        self._offer()
        self._connect()
        self._choose_report()

    def _lay_out(self) -> None:
        left = QWidget()
        left.setObjectName("pane")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = QLabel("Classeurs et fichiers")
        style.mark(head, "look", "secondary")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 12, 0, 0)
        head.setContentsMargins(18, 0, 18, 4)
        column.addWidget(head)
        column.addWidget(self.reports, 1)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(left)
        splitter.addWidget(self._scrolled(self.settings, 244))
        splitter.addWidget(self._preview())
        splitter.setSizes([200, 252, 900])
        splitter.setStretchFactor(2, 1)
        left.setMinimumWidth(170)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)

    def _preview(self) -> QWidget:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        style.mark(self._said, "look", "secondary")
        self._said.setAlignment(Qt.AlignmentFlag.AlignRight)
        inner = QWidget()
        inner.setObjectName("ground")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(6)
        column.addWidget(self._said)
        column.addWidget(self._stack, 1)
        self._room = self._scrolled(inner, 420)
        return self._room

    def _scrolled(self, inner: QWidget, least: int) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        area.setMinimumWidth(least)
        return area

    def _offer(self) -> None:
        numbers = f"{', '.join(self.session.departments)} côte à côte"
        choices = [
            ReportChoice(
                Report.DEPARTMENT, "Classeur consolidé", "Un département", "file-spreadsheet"
            ),
            ReportChoice(Report.TOGETHER, "Classeur commun", numbers, "columns-3"),
            ReportChoice(
                Report.REGISTERS, "Registres choisis", "Classeur, sans nom", "list-checks"
            ),
            ReportChoice(Report.CSV, "Un registre en CSV", "Pour le service", "download"),
        ]
        if len(self.session.departments) < 2:
            del choices[1]
        self.reports.offer(choices)

    def _connect(self) -> None:
        self.reports.chosen.connect(self._choose_report)
        self.settings.changed.connect(self._want_preview)
        self.create_button.clicked.connect(self.create_file)
        self.open_button.clicked.connect(self.open_last)
        self.tell_button.clicked.connect(self.tell_departments)
        self._patience.timeout.connect(self._count)
        self.session.changed.connect(self.refresh)
        self.session.owners_changed.connect(self._follow_department)
        on_keys("Esc", self, self.stop, inside=True)

    # -- choosing --------------------------------------------------------------------------

    def offer_register(self, register: str) -> None:
        """Propose to write one register: asked from its page."""
        self.reports.choose(Report.CSV)
        self.settings.choose_register(register)

    def _choose_report(self) -> None:
        report = self.reports.report
        text = "Créer le fichier" if report is Report.CSV else "Créer le classeur"
        self.create_button.setText(f"{NO_BREAK}{text}")
        self.create_button.setAccessibleName(text)
        self.settings.show_report(report)

    def _follow_department(self) -> None:
        self.settings.follow_department()
        self._want_preview()

    # -- the preview -----------------------------------------------------------------------

    def refresh(self, registers: set[str] | None) -> None:  # noqa: ARG002
        """Anything that was written may change the figures: count anew when it is looked at."""
        self._counted.clear()
        self._want_preview()

    def showEvent(self, event: QShowEvent) -> None:
        """Count when it is looked at."""
        super().showEvent(event)
        self._want_preview()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: what was being counted for the preview is not needed."""
        super().hideEvent(event)
        self._patience.stop()
        self._end_counting()

    def _end_counting(self) -> None:
        if self._counting is not None:
            self._counting.end()
            self._counting.deleteLater()
            self._counting = None

    @cached_property
    def sheet(self) -> WorkbookSheet:
        """The first page of a workbook, made when there is something to show on it."""
        made = WorkbookSheet()
        made.page_asked.connect(self.page_asked)
        self._stack.addWidget(made)
        return made

    @cached_property
    def rows(self) -> RegisterSheets:
        """The first rows of registers, made when they are first shown."""
        made = RegisterSheets()
        self._stack.addWidget(made)
        return made

    def _want_preview(self) -> None:
        """Show what was counted for these settings, or count it."""
        wanted = self.settings.wanted
        counted = self._counted.get(wanted)
        if counted is not None:
            self._show(wanted, *counted)
            return
        self._end_counting()
        if self.isVisible():
            self._said.setText("Mise à jour de l’aperçu…")
            self._patience.start()

    def _count(self) -> None:
        wanted = self.settings.wanted
        if wanted.report in _WORKBOOKS:
            work, arguments = file_work.preview_workbook, (wanted.department, wanted.organised_on)
        elif wanted.registers:
            work = file_work.preview_registers
            arguments = (wanted.registers, wanted.owners, wanted.masked)
        else:
            self._show_nothing("Cochez au moins une feuille.")
            return
        counting = Operation("Aperçu", work, self.session.folder, *arguments, parent=self)
        counting.finished.connect(partial(self._on_counted, wanted))
        counting.failed.connect(lambda text: self._show_nothing(words.sentence(text)))
        counting.ended.connect(self._forget_counting)
        self._counting = counting

    def _forget_counting(self) -> None:
        if self._counting is not None:
            self._counting.deleteLater()
        self._counting = None

    def _on_counted(self, wanted: Wanted, preview: Any) -> None:
        moment = datetime.now()  # noqa: DTZ005  (as the wall clock shows it)
        self._counted[wanted] = (preview, moment)
        self._show(wanted, preview, moment)

    def _show(self, wanted: Wanted, preview: Any, moment: datetime) -> None:
        self._said.setText(f"Aperçu compté à {words.hour(moment)}")
        if wanted.report in _WORKBOOKS:
            self.sheet.show_preview(preview)
            self._stack.setCurrentWidget(self.sheet)
        else:
            catalogue = self.session.store.catalogue
            labels = [catalogue[each.register].label_fr for each in preview]
            self.rows.show_registers(labels, preview, self._whose(wanted))
            self._stack.setCurrentWidget(self.rows)

    def _whose(self, wanted: Wanted) -> str:
        if not wanted.owners:
            return "Tous les départements"
        return self.session.department_name(wanted.department)

    def _show_nothing(self, why: str) -> None:
        self._said.clear()
        self.empty.show_text(why)
        self._stack.setCurrentWidget(self.empty)

    # -- the file --------------------------------------------------------------------------

    def create_file(self) -> None:
        """Write the file in the background; one can leave the page."""
        out = self.settings.file() if self._writing is None else None
        if out is None:
            return
        wanted = self.settings.wanted
        folder = self.session.folder
        name = f"{self.reports.currentItem().text()}, {self._whose(wanted)}"
        if wanted.report is Report.CSV:
            work, arguments = (
                file_work.write_csv,
                (folder, wanted.registers[0], wanted.owners, out, wanted.masked),
            )
        else:
            work, arguments = (
                file_work.write_workbook,
                (folder, wanted.department, out, wanted.registers, wanted.organised_on),
            )
        self._writing = self._start_work(name, work, *arguments, writes=False)
        self._writing.finished.connect(self._on_written)
        self._writing.ended.connect(self._on_ended)
        self._show_possible()

    def _on_written(self, file: Path) -> None:
        settings.remember(_LAST, str(file))
        acts = (
            ("Ouvrir le fichier", partial(open_place, file)),
            ("Ouvrir le dossier", partial(open_place, file.parent)),
        )
        self.session.say(f"«{NO_BREAK}{file.name}{NO_BREAK}» est écrit.", "good", acts)

    def _on_ended(self) -> None:
        self._writing = None
        self.settings.propose_name()
        self._show_possible()

    def _show_possible(self) -> None:
        self.create_button.setEnabled(self._writing is None)
        self.open_button.setEnabled(self.last_file is not None)

    @property
    def last_file(self) -> Path | None:
        """The file written last, if it is still there."""
        kept = str(settings.remembered(_LAST, ""))
        return Path(kept) if kept and Path(kept).exists() else None

    def stop(self) -> None:
        """Stop what is being written; nothing half-written stays."""
        if self._writing is not None:
            self._writing.cancel()

    def open_last(self) -> None:
        """Open the file written last."""
        if self.last_file is not None:
            open_place(self.last_file)

    def tell_departments(self) -> None:
        """Go where figures are published, and where it is decided what leaves."""
        self.page_asked.emit(OUTFLOWS)

    def open_last_folder(self) -> None:
        """Open the folder of the file written last."""
        if self.last_file is not None:
            open_place(self.last_file.parent)

    # -- as a page -------------------------------------------------------------------------

    def keys(self) -> Keys:
        """The keys of the page."""
        return (
            ("Ctrl Entrée", "Créer"),
            ("Échap", "Arrêter"),
            ("Ctrl O", "Ouvrir le dernier"),
            ("F6", "Volet suivant"),
        )

    def deeds(self) -> Sequence[Deed]:
        """What one can do here."""
        there = self._has_last
        return (
            Deed(
                "create_report", "Créer le fichier", "Ctrl+Return", self.create_file, self._is_free
            ),
            Deed("stop_report", "Arrêter", "Esc", self.stop, lambda: not self._is_free()),
            Deed("tell_figures", "Publier les chiffres…", "", self.tell_departments),
            Deed("open_report", "Ouvrir le dernier fichier", "Ctrl+O", self.open_last, there),
            Deed(
                "open_report_folder",
                "Ouvrir le dossier du dernier fichier",
                "Ctrl+Shift+O",
                self.open_last_folder,
                there,
            ),
        )

    def _is_free(self) -> bool:
        return self._writing is None

    def _has_last(self) -> bool:
        return self.last_file is not None

    def panes(self) -> Sequence[QWidget]:
        """The list, the settings, the preview."""
        return (self.reports, self.settings.name, self._stack)

    def focus_main(self) -> None:
        """The list has the focus."""
        self._show_possible()
        self.reports.setFocus()
