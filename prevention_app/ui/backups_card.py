"""The backups of a workspace in the settings: which there are, one more, one brought back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from prevention_app.errors import PreventionError
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services import backups
from prevention_app.services.backups import Overview
from prevention_app.storage.automatic_backup import Copy
from prevention_app.ui import backup_work, file_choice, style, theme, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.desktop import open_place
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_LOOK_MS: Final = 40
_ROWS: Final = 5
"""Rows that show without scrolling."""
_HEADING: Final = 32


class BackupsCard(QFrame):
    """A card of the settings page."""

    restored = Signal(Path)
    """A backup was brought back in a folder of its own, which is to be opened."""

    def __init__(self, session: Session, start_work: Callable[..., Operation]) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self._start_work = start_work
        self.copies: tuple[Copy, ...] = ()
        self._answers: SimpleQueue[Overview] = SimpleQueue()
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._listen)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.trouble = Banner()
        self.table = CellTable(
            "Sauvegardes",
            ("Date", "Pourquoi", "Taille", "Contrôle"),
            (150, 0, 90, 100),
            "row_dense",
        )
        self.make_button = button("Sauvegarder maintenant", "save")
        self.restore_button = button("Restaurer…", "undo-2")
        self.place_button = button("Changer de dossier…")
        self.open_button = button("Ouvrir le dossier", "folder-open")
        self._folder = ElidingLabel()
        self._place = backups.place(session.folder)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QLabel("Sauvegardes")
        style.mark(head, "look", "section")
        about = QLabel(
            "Une fois par jour et avant de recevoir le travail des autres. Chacune est ouverte et "
            f"contrôlée avant d’être gardée{NO_BREAK}: une par jour pendant 30 jours, une par mois "
            "pendant un an."
        )
        about.setWordWrap(True)
        style.mark(about, "look", "secondary")
        style.mark(self._folder, "look", "secondary")
        self.table.setFixedHeight(_ROWS * theme.height("row_dense") + theme.scaled(_HEADING))
        places, acts = QHBoxLayout(), QHBoxLayout()
        places.setSpacing(12)
        places.addWidget(self._folder, 1)
        places.addWidget(self.open_button)
        places.addWidget(self.place_button)
        for each in (self.make_button, self.restore_button):
            acts.addWidget(each)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        for each in (head, about, self.said, self.trouble, self.table):
            column.addWidget(each)
        column.addLayout(acts)
        column.addLayout(places)

    def _connect(self) -> None:
        self.make_button.clicked.connect(self.make)
        self.restore_button.clicked.connect(self.choose_where)
        self.place_button.clicked.connect(self.choose_folder)
        self.open_button.clicked.connect(lambda: open_place(self._place))
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.opened.connect(lambda _: self.choose_where())

    # -- showing ---------------------------------------------------------------------------

    def read(self) -> None:
        """Read anew what there is; a drive that takes its time does not hold the window."""
        folder, answers = self._session.folder, self._answers
        threading.Thread(target=lambda: answers.put(backups.overview(folder)), daemon=True).start()
        self._look.start()

    def _listen(self) -> None:
        if not self._answers.empty():
            self._look.stop()
            self.show_overview(self._answers.get_nowait())

    def show_overview(self, seen: Overview) -> None:
        """Show these backups."""
        today = self._session.store.today()
        self.copies = seen.copies
        self._place = seen.folder
        self._folder.setText(f"Dans {seen.folder}")
        self.table.show_lines([_line(each, today) for each in seen.copies])
        self.table.setVisible(bool(seen.copies))
        self.said.setText(
            f"Dernière sauvegarde vérifiée{NO_BREAK}: "
            f"{words.moment_text(seen.copies[0].made, today)}."
            if seen.copies
            else "Aucune encore\u202f; la première se fait dans les minutes qui suivent."
        )
        if seen.trouble:
            self.trouble.complain(
                "La dernière ne s’est pas bien passée", words.sentence(seen.trouble)
            )
        else:
            self.trouble.clear()
        if seen.copies:
            self.table.selectRow(0)
        self._on_current()

    def _on_current(self) -> None:
        self.restore_button.setEnabled(self._current() is not None and self.is_free)

    def _current(self) -> Copy | None:
        at = self.table.currentIndex().row()
        return self.copies[at] if 0 <= at < len(self.copies) else None

    # -- doing -----------------------------------------------------------------------------

    @property
    def is_free(self) -> bool:
        """Whether nothing is being done here."""
        return self.make_button.isEnabled()

    def make(self) -> None:
        """Make a backup now."""
        making = self._start_work(
            "Sauvegarde", backup_work.make_now, self._session.folder, writes=False
        )
        making.finished.connect(self._on_made)
        making.failed.connect(lambda _: self.read())
        self._follow(making)

    def _on_made(self, seen: Overview) -> None:
        self.show_overview(seen)
        self._session.say("La sauvegarde est faite et vérifiée.")

    def choose_folder(self) -> None:
        """Ask where backups go from now on."""
        file_choice.choose_folder(self, "Où garder les sauvegardes", self.keep_in)

    def keep_in(self, chosen: Path) -> None:
        """Let backups go to a folder from now on; those of before stay where they are."""
        beside = chosen == self._session.folder.parent
        try:
            backups.choose_folder(self._session.store, None if beside else chosen)
        except PreventionError as error:
            self._session.say(str(error), "bad")
            return
        self.read()

    def choose_where(self) -> None:
        """Ask where the backup that is selected is brought back."""
        copy = self._current()
        if copy is not None and self.is_free:
            file_choice.choose_folder(
                self, "Où restaurer cette sauvegarde", partial(self.restore_into, copy)
            )

    def restore_into(self, copy: Copy, chosen: Path) -> None:
        """Bring a backup back in a new folder inside the chosen one; this workspace stays."""
        stem = f"{self._session.folder.stem}_{copy.made:%Y-%m-%d_%Hh%M}"
        folder, times = chosen / f"{stem}.prevention", 1
        while folder.exists():
            times += 1
            folder = chosen / f"{stem}_{times}.prevention"
        restoring = self._start_work(
            "Restauration", backup_work.restore, copy.file, folder, writes=False
        )
        restoring.finished.connect(self._on_restored)
        self._follow(restoring)

    def _on_restored(self, folder: Path) -> None:
        self._session.say(f"Restauré dans «{NO_BREAK}{folder}{NO_BREAK}», qui s’ouvre à part.")
        self.restored.emit(folder)

    def _follow(self, operation: Operation) -> None:
        """One at a time."""
        for each in (self.make_button, self.restore_button):
            each.setEnabled(False)
        operation.ended.connect(self._set_free)

    def _set_free(self) -> None:
        self.make_button.setEnabled(True)
        self._on_current()


def _line(copy: Copy, today: date) -> list[Cell]:
    return [
        Cell(words.moment_text(copy.made, today)),
        Cell(backups.why_text(copy)),
        Cell(size_text(copy.size), right=True),
        Cell("vérifiée", quiet=True),
    ]


def size_text(size: int) -> str:
    """A size as people read it: « 1,2 Mo »."""
    if size < 1_000_000:
        return f"{number_text(max(1, round(size / 1000)))}{NO_BREAK}Ko"
    return f"{number_text(size / 1_000_000, 1)}{NO_BREAK}Mo"
