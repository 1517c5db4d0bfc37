"""Settings: how the window looks and is used, where the data lie, safety copies, licences."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from prevention_app import __version__
from prevention_app.i18n import NARROW, NO_BREAK
from prevention_app.services import safety
from prevention_app.ui import file_choice, file_work, settings, style, theme, words
from prevention_app.ui.archives_card import ArchivesCard
from prevention_app.ui.backups_card import BackupsCard
from prevention_app.ui.banner import Banner
from prevention_app.ui.circle_card import CircleCard
from prevention_app.ui.desktop import open_place
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.hub_card import HubCard
from prevention_app.ui.methods_card import MethodsCard
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import LETTERS, Deed, Keys, Page, button
from prevention_app.ui.places import MEMBERS
from prevention_app.ui.record_table import DENSITIES
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

_LAST_COPY: Final = "safety/last_copy"
_THEMES: Final = (("system", "Système"), (theme.LIGHT, "Clair"), (theme.DARK, "Sombre"))
_USUAL_DENSITY: Final = "row_two_lines"
_MOST_FINDINGS: Final = 8
_BESIDE_BOX: Final = 26
"""Where the words of a box begin: what is said of it stands under them."""
_LICENCES: Final = (
    ("Prévention", "EUPL-1.2"),
    ("Qt, PySide6", "LGPL-3.0"),
    ("Typographie Inter", "SIL OFL 1.1"),
    ("Icônes Lucide", "ISC"),
    ("SQLCipher, XlsxWriter", "BSD"),
    ("SQLAlchemy, openpyxl, python-calamine", "MIT"),
    ("Catalogue E-Phy (ANSES)", "Licence Ouverte 2.0"),
)


class SettingsPage(Page):
    """One column of cards; what is chosen holds at once."""

    title = "Réglages"
    theme_chosen = Signal(str)
    """One of system, light, dark."""
    text_size_chosen = Signal(int)
    """Hundredths of the written size, one of theme.TEXT_SIZES."""
    menu_bar_kept = Signal(bool)

    def __init__(
        self,
        session: Session,
        start_work: Callable[..., Operation],
        keeps_menu_bar: Callable[[], bool],
    ) -> None:
        """`start_work` starts long work that the window shows: name, function, arguments."""
        super().__init__()
        self.session = session
        self._start_work = start_work
        self._keeps_menu_bar = keeps_menu_bar
        self.theme = Segments("Couleurs")
        self.text_size = Segments("Taille des textes")
        self.density = Segments("Hauteur des lignes")
        self.letters = QCheckBox("Une lettre seule agit dans les listes")
        self.menu_bar = QCheckBox("Garder la barre de menus")
        self.copy_button = button("Faire une copie maintenant…", "save")
        self.check_button = button("Contrôler les données", "shield-check")
        self.found = Banner()
        self.backups = BackupsCard(session, start_work)
        self.hub = HubCard(session, start_work)
        self.circle = CircleCard(session, start_work)
        self.methods = MethodsCard(session)
        self.archives = ArchivesCard(session, start_work)
        self.place_warning = Banner()
        self._last_copy = _text("secondary")
        self._folder = ElidingLabel()
        self._station = _text("")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("form_content")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        cards = QVBoxLayout()
        cards.setSpacing(14)
        for card in (self._appearance(), self._keyboard(), self._computer()):
            cards.addWidget(card)
        for card in (self.methods, self.circle, self.hub, self.backups, self.archives):
            cards.addWidget(card)
        cards.addWidget(self._safety())
        cards.addWidget(self._about())
        cards.addStretch(1)
        row = QHBoxLayout(inner)
        row.setContentsMargins(20, 18, 20, 18)
        row.addLayout(cards, 4)
        row.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)

    def _appearance(self) -> QFrame:
        card, column = _card("Apparence")
        self.theme.offer(_THEMES)
        self.text_size.offer([(str(each), f"{each}{NARROW}%") for each in theme.TEXT_SIZES])
        self.density.offer(list(DENSITIES.items()))
        _row(column, "Couleurs", "Claires ou sombres, ou comme le système.", self.theme)
        _row(column, "Taille des textes", "Les lignes et les boutons suivent.", self.text_size)
        _row(
            column,
            "Hauteur des lignes",
            "Pour les listes où vous n’avez rien choisi.",
            self.density,
        )
        moving = _text("secondary")
        moving.setText(
            "Rien ne bouge dans les listes\u00a0; les menus suivent le réglage du système."
        )
        column.addWidget(moving)
        return card

    def _keyboard(self) -> QFrame:
        card, column = _card("Clavier et menus")
        help_text = _text("secondary")
        help_text.setText(
            "Les lettres n’agissent que dans une liste, jamais dans un champ. "
            "Sans elles, chaque commande reste dans les menus et sous Ctrl\u00a0K."
        )
        under = _text("secondary")
        under.setText("Sinon, la touche Alt la montre.")
        for box, about in ((self.letters, help_text), (self.menu_bar, under)):
            about.setContentsMargins(_BESIDE_BOX, 0, 0, 0)
            texts = QVBoxLayout()
            texts.setSpacing(0)
            texts.addWidget(box)
            texts.addWidget(about)
            column.addLayout(texts)
        return card

    def _computer(self) -> QFrame:
        card, column = _card("Cet ordinateur")
        column.addWidget(self._station)
        self._folder.setText(str(self.session.folder))
        show = button("Ouvrir le dossier", "folder-open")
        show.clicked.connect(lambda: open_place(self.session.folder))
        line = QHBoxLayout()
        line.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        head = _text("label")
        head.setText("Dossier des données")
        texts.addWidget(head)
        texts.addWidget(self._folder)
        line.addLayout(texts, 1)
        line.addWidget(show)
        column.addLayout(line)
        column.addWidget(self.place_warning)
        return card

    def _safety(self) -> QFrame:
        card, column = _card("Copie de sécurité et contrôle")
        why = _text("secondary")
        why.setText(
            "La copie tient en un fichier, vérifié avant d’être gardé. Rangez-la ailleurs que "
            "sur cet ordinateur\u00a0: disque externe, dossier partagé."
        )
        column.addWidget(why)
        column.addWidget(self._last_copy)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.check_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.found)
        return card

    def _about(self) -> QFrame:
        card, column = _card("À propos")
        about = _text("")
        about.setText(
            f"Prévention {__version__}, Python {platform.python_version()}, Qt {qVersion()}."
            " Logiciel libre."
        )
        column.addWidget(about)
        licences = _text("secondary")
        licences.setText("\n".join(f"{name}{NO_BREAK}: {licence}" for name, licence in _LICENCES))
        column.addWidget(licences)
        return card

    def _connect(self) -> None:
        self.theme.chosen.connect(self._choose_theme)
        self.text_size.chosen.connect(self._choose_text_size)
        self.density.chosen.connect(lambda name: settings.remember(settings.DENSITY, name))
        self.letters.toggled.connect(lambda on: settings.remember_flag(LETTERS, on))
        self.menu_bar.toggled.connect(self.menu_bar_kept)
        self.copy_button.clicked.connect(self.choose_copy)
        self.check_button.clicked.connect(self.check)
        self.circle.members_asked.connect(partial(self.page_asked.emit, MEMBERS))

    # -- showing ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What holds may have been changed from the menus."""
        super().showEvent(event)
        self._show_values()

    def _show_values(self) -> None:
        self.theme.show_value(str(settings.remembered("theme", "system")))
        self.text_size.show_value(str(theme.percent()))
        self.density.show_value(str(settings.remembered(settings.DENSITY, _USUAL_DENSITY)))
        for box, on in (
            (self.letters, settings.remembered_flag(LETTERS, True)),
            (self.menu_bar, self._keeps_menu_bar()),
        ):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
        department = self.session.department_name(self.session.store.department)
        self._station.setText(f"{self.session.station}, {department}")
        self._folder.setText(str(self.session.folder))
        against = safety.warning(self.session.store)
        if against:
            self.place_warning.complain(words.sentence(against))
        self._show_last_copy()
        self.backups.read()
        self.methods.read()
        self.archives.show_for_who_decides()

    def _show_last_copy(self) -> None:
        kept = str(settings.remembered(_LAST_COPY, ""))
        moment, _, place = kept.partition("|")
        if not place:
            self._last_copy.setText("Aucune copie faite depuis cette fenêtre.")
            return
        when = datetime.fromisoformat(moment)
        said = words.moment_text(when, self.session.store.today())
        self._last_copy.setText(f"Dernière copie\u00a0: {said}, {place}")

    # -- choosing --------------------------------------------------------------------------

    def _choose_theme(self, name: str) -> None:
        settings.remember("theme", name)
        self.theme_chosen.emit(name)

    def _choose_text_size(self, percent: str) -> None:
        settings.remember(settings.TEXT_SIZE, percent)
        self.text_size_chosen.emit(int(percent))

    # -- safety ----------------------------------------------------------------------------

    def choose_copy(self) -> None:
        """Ask where the safety copy goes, then make it."""
        file_choice.choose_folder(self, "Choisir où ranger la copie", self.copy_into)

    def copy_into(self, folder: Path) -> None:
        """Make a safety copy in a folder, under a name of the day that nothing there has."""
        today = self.session.store.today().isoformat()
        stem = f"copie_prevention_{self.session.store.department}_{today}"
        out, times = folder / f"{stem}.zip", 1
        while out.exists():
            times += 1
            out = folder / f"{stem}_{times}.zip"
        copying = self._start_work(
            "Copie de sécurité", file_work.copy_workspace, self.session.folder, out, writes=False
        )
        copying.finished.connect(self._on_copied)
        self._follow(copying)

    def _on_copied(self, out: Path) -> None:
        moment = datetime.now().isoformat(timespec="minutes")  # noqa: DTZ005  (wall clock)
        settings.remember(_LAST_COPY, f"{moment}|{out}")
        self._show_last_copy()
        act = ("Ouvrir le dossier", lambda: open_place(out.parent))
        self.session.say(f"La copie «{NO_BREAK}{out.name}{NO_BREAK}» est faite.", "good", (act,))

    def check(self) -> None:
        """Check the whole workspace."""
        checking = self._start_work(
            "Contrôle des données", file_work.check_workspace, self.session.folder, writes=False
        )
        checking.finished.connect(self._on_checked)
        self._follow(checking)

    def _on_checked(self, found: Sequence[str]) -> None:
        if not found:
            self.found.inform("Tout est en ordre\u00a0: journal, registres et pièces jointes.")
            return
        shown = [words.sentence(each) for each in found[:_MOST_FINDINGS]]
        if len(found) > _MOST_FINDINGS:
            shown.append(f"Et {len(found) - _MOST_FINDINGS} autres.")
        count = words.count(len(found), "anomalie")
        self.found.complain(f"{count} dans cet espace de travail", "\n".join(shown))

    def _follow(self, operation: Operation) -> None:
        """One at a time."""
        both = (self.copy_button, self.check_button)
        for each in both:
            each.setEnabled(False)
        operation.ended.connect(lambda: [each.setEnabled(True) for each in both])

    # -- as a page -------------------------------------------------------------------------

    def keys(self) -> Keys:
        """The keys of the page."""
        return (("Tab", "Réglage suivant"), ("← →", "Changer"))

    def deeds(self) -> Sequence[Deed]:
        """What one can do here."""
        return (
            Deed("copy", "Faire une copie de sécurité…", "", self.choose_copy, self._is_free),
            Deed("check", "Contrôler les données", "", self.check, self._is_free),
        )

    def _is_free(self) -> bool:
        return self.copy_button.isEnabled()

    def focus_main(self) -> None:
        """The colours are chosen first."""
        self.theme.take_focus()


def _card(title: str) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setObjectName("card")
    head = QLabel(title)
    style.mark(head, "look", "section")
    column = QVBoxLayout(card)
    column.setContentsMargins(18, 14, 18, 16)
    column.setSpacing(8)
    column.addWidget(head)
    return card, column


def _row(column: QVBoxLayout, name: str, about: str, field: Segments) -> None:
    label, under = _text("label"), _text("secondary")
    label.setText(name)
    label.setBuddy(field)
    under.setText(about)
    texts = QVBoxLayout()
    texts.setSpacing(1)
    texts.addWidget(label)
    texts.addWidget(under)
    line = QHBoxLayout()
    line.setSpacing(16)
    line.addLayout(texts, 1)
    line.addWidget(field)
    column.addLayout(line)


def _text(look: str) -> QLabel:
    made = QLabel()
    made.setWordWrap(True)
    if look:
        style.mark(made, "look", look)
    return made
