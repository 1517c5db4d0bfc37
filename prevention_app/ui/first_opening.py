"""The first page of a new installation: whose workspace it is, and where to begin."""

from __future__ import annotations

import getpass
import platform
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.errors import (
    Busy,
    Damaged,
    Misplaced,
    NewerFormat,
    PassphraseNeeded,
    PreventionError,
)
from prevention_app.i18n import NO_BREAK
from prevention_app.ui import file_choice, style, theme, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.desktop import open_place
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.page import Keys, Page, button
from prevention_app.ui.rating_chip import RatingMark, paint_rating

if TYPE_CHECKING:
    from prevention_app.storage.automatic_backup import Copy

_NAMES: Final = {"41": "Loir-et-Cher", "45": "Loiret", "28": "Eure-et-Loir"}
_USUAL: Final = "45"
_LONGEST: Final = 40
_WIDEST: Final = 780


class FirstOpening(Page):
    """Three ways, numbered by key; what is asked for stands on the same page, already filled in."""

    title = "Accueil"
    create_asked = Signal(str, str, str)
    """Department, name of the computer, name of the person."""
    files_given = Signal(list)
    """Paths of files to bring in once the workspace is made; told before `create_asked`."""
    demo_asked = Signal()

    def __init__(self) -> None:
        """Nothing exists yet."""
        super().__init__()
        self.department = QComboBox()
        for number in sorted(DEPARTMENT_NUMBERS, key=list(_NAMES).index):
            self.department.addItem(f"{number}  {_NAMES[number]}", number)
        self.department.setCurrentIndex(self.department.findData(_USUAL))
        self.name = QLineEdit(platform.node()[:_LONGEST])
        self.person = QLineEdit(getpass.getuser())
        self.files_button = button("Choisir des fichiers…", look="primary")
        self.create_button = button("Commencer")
        self.demo_button = button("Ouvrir l’exemple")
        self.banner = Banner()
        self._title = QLabel()
        self._ways = (
            _Way("1", "import", "Reprendre vos fichiers existants", self.files_button),
            _Way("2", "notebook-pen", "Commencer avec un espace vide", self.create_button),
            _Way("3", "book-open", "Regarder d’abord un exemple", self.demo_button),
        )
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._greet()

    def _lay_out(self) -> None:
        self._ways[0].tell(
            "Organigramme, document unique, vérifications"
            f"{NO_BREAK}: des classeurs Excel tels quels, que vous pouvez aussi déposer ici. "
            "Vous relisez tout avant d’écrire.",
            "3 à 15 minutes",
        )
        self._ways[1].tell("Vous saisissez à la main, ou reprenez vos fichiers plus tard.")
        self._ways[2].tell("Trois départements fictifs, à ouvrir et à modifier sans crainte.")
        style.mark(self._title, "look", "finding_title")
        where = QLabel(
            "Tout reste sur cet ordinateur tant que vous n’échangez rien. "
            "Vous pouvez travailler sans réseau dès maintenant."
        )
        style.mark(where, "look", "crumb")
        for each in (self._title, where):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            each.setWordWrap(True)
        inner = QWidget()
        inner.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(_Drawing(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(10)
        column.addWidget(self._title)
        column.addWidget(where)
        column.addSpacing(8)
        column.addWidget(self.banner)
        column.addLayout(self._fields())
        column.addSpacing(6)
        for way in self._ways:
            column.addWidget(way)
        column.addStretch(3)
        _centre(self, inner)

    def _fields(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for text, field in (
            ("Département", self.department),
            ("Nom de cet ordinateur", self.name),
            ("Votre nom", self.person),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            field.setAccessibleName(text)
            style.mark(label, "look", "label")
            box = QVBoxLayout()
            box.setSpacing(4)
            box.addWidget(label)
            box.addWidget(field)
            row.addLayout(box, 1)
        return row

    def _connect(self) -> None:
        self.files_button.clicked.connect(self.choose_files)
        self.create_button.clicked.connect(self.create_empty)
        self.demo_button.clicked.connect(self.demo_asked)
        self.department.currentIndexChanged.connect(self._greet)
        for line in (self.name, self.person):
            line.returnPressed.connect(self.choose_files)

    def _greet(self) -> None:
        name = _NAMES[str(self.department.currentData())]
        of = "de l’" if name[0] in "AEIOUÉ" else "du "
        self._title.setText(f"Bienvenue. Le document unique {of}{name} commence ici.")

    # -- the three ways --------------------------------------------------------------------

    def choose_files(self) -> None:
        """Ask for the files to bring in, then make the workspace."""
        if self._is_complete():
            file_choice.choose_files(self, "Choisir les fichiers à reprendre", self.bring)

    def bring(self, files: Iterable[Path]) -> None:
        """Make the workspace, in which these files are then read."""
        if self._is_complete():
            self.files_given.emit(list(files))
            self._create()

    def create_empty(self) -> None:
        """Make the workspace with nothing in it."""
        if self._is_complete():
            self.files_given.emit([])
            self._create()

    def _is_complete(self) -> bool:
        for line, sentence in (
            (self.name, "Donnez un nom à cet ordinateur\u00a0: il paraîtra dans l’historique."),
            (self.person, "Donnez votre nom\u00a0: il paraîtra dans l’historique."),
        ):
            if not line.text().strip():
                self.refuse(sentence)
                line.setFocus()
                return False
        return True

    def _create(self) -> None:
        self.banner.clear()
        department = str(self.department.currentData())
        self.create_asked.emit(department, self.name.text().strip(), self.person.text().strip())

    def refuse(self, sentence: str) -> None:
        """Say why nothing was created."""
        self.banner.complain(sentence)

    # -- files dropped here ----------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._ways[0].welcome(on=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        super().dragLeaveEvent(event)
        self._ways[0].welcome(on=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files that were dropped."""
        self._ways[0].welcome(on=False)
        files = file_choice.files_of(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.bring(files)

    # -- as a page -------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2 and 3 choose a way where no field takes them; shifted on a French keyboard."""
        acts: dict[str, Callable[[], object]] = {
            "1": self.choose_files,
            "2": self.create_empty,
            "3": self.demo_button.click,
        }
        act = acts.get(_UNSHIFTED.get(event.text(), event.text()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def focus_main(self) -> None:
        """The first way is what most take."""
        self.files_button.setFocus()

    def keys(self) -> Keys:
        """The keys of the page."""
        return (("1 2 3", "Choisir"), ("Tab", "Champ suivant"))


_UNSHIFTED: Final = {"&": "1", "é": "2", '"': "3"}
"""What the keys 1, 2 and 3 of a French keyboard type without Maj."""


class _Way(QFrame):
    """One way to begin: its number, what it is, how long it takes, its button."""

    def __init__(self, number: str, icon: str, title: str, act: QPushButton) -> None:
        super().__init__()
        self.setObjectName("drop")
        mark = QLabel(number)
        mark.setFixedSize(26, 26)
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        style.mark(mark, "look", "number_badge")
        head = QLabel(title)
        style.mark(head, "look", "section")
        self._about = QLabel()
        self._about.setWordWrap(True)
        style.mark(self._about, "look", "crumb")
        self._time = QLabel()
        style.mark(self._time, "look", "secondary")
        act.setAccessibleDescription(title)
        act.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(head)
        texts.addWidget(self._about)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(14)
        row.addWidget(mark)
        row.addWidget(IconLabel(icon, size=20))
        row.addLayout(texts, 1)
        row.addWidget(self._time)
        row.addWidget(act)

    def tell(self, about: str, time: str = "") -> None:
        """Say what happens this way."""
        self._about.setText(about)
        self._time.setText(time)
        self._time.setVisible(bool(time))

    def welcome(self, *, on: bool) -> None:
        """Show that what is dragged may be let go."""
        style.mark(self, "over", "true" if on else "false")


class _Drawing(QWidget):
    """Three slips with the levels of risk: what the program is about."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(232, 124)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the slips from above."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = theme.current()
        for at, rank in enumerate((3, 2, 1)):
            slip = QRectF(0.5 + at * 40, 0.5 + at * 41, 150, 40)
            painter.setPen(QPen(QColor(current["line_strong"]), 1))
            painter.setBrush(QColor(current["surface"]))
            painter.drawRoundedRect(slip, 6, 6)
            chip = QRectF(slip.left() + 10, slip.top(), 26, slip.height())
            paint_rating(painter, chip, RatingMark(rank, ""))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(current["surface_pressed"]))
            for line, wide in ((12, 90), (24, 64)):
                text = QRectF(slip.left() + 46, slip.top() + line, wide, 6)
                painter.drawRoundedRect(text, 3, 3)


class ClosedWorkspace(Page):
    """A workspace that is there and does not open: why, and what one can do."""

    title = "Espace de travail"
    retry_asked = Signal()
    demo_asked = Signal()
    copy_given = Signal(Path)
    """A safety copy is to take the place of the workspace, which is kept beside it."""

    def __init__(self, error: PreventionError, folder: Path, newest: Copy | None = None) -> None:
        """Say both, and offer the newest verified backup where there is one."""
        super().__init__()
        self.banner = Banner()
        self.why = QLabel(words.sentence(str(error)))
        style.mark(self.why, "look", "section")
        self.advice = QLabel(_advice(error))
        style.mark(self.advice, "look", "crumb")
        damaged = isinstance(error, Damaged)
        self.retry_button = button("Réessayer", look="" if damaged else "primary")
        self.retry_button.clicked.connect(self.retry_asked)
        self.newest_button = button("Reprendre cette sauvegarde", look="primary")
        self.newest_button.setVisible(newest is not None)
        self.copy_button = button(
            "Une autre copie…" if newest else "Reprendre une copie de sécurité…",
            look="" if newest else "primary",
        )
        self.copy_button.clicked.connect(self.choose_copy)
        self.copy_button.setVisible(damaged)
        self.folder_button = button("Ouvrir le dossier", "folder-open")
        self.folder_button.clicked.connect(lambda: open_place(folder))
        self.demo_button = button("Ouvrir l’exemple")
        self.demo_button.clicked.connect(self.demo_asked)
        self._first = self.copy_button if damaged else self.retry_button
        if newest is not None:
            self._first = self.newest_button
            said = f"{words.day_in_full(newest.made.date())} à {words.hour(newest.made)}"
            self.advice.setText(
                f"{self.advice.text()} Sauvegarde vérifiée la plus récente{NO_BREAK}: {said}."
            )
            self.newest_button.clicked.connect(lambda: self.copy_given.emit(newest.file))
        self._lay_out()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(inner)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(IconLabel("octagon-x", "bad", 32), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.banner)
        for each in (self.why, self.advice):
            each.setWordWrap(True)
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(each)
        row = QHBoxLayout()
        row.addStretch(1)
        for made in (
            self.demo_button,
            self.folder_button,
            self.retry_button,
            self.copy_button,
            self.newest_button,
        ):
            row.addWidget(made)
        row.addStretch(1)
        column.addSpacing(8)
        column.addLayout(row)
        column.addStretch(3)
        _centre(self, inner)

    def choose_copy(self) -> None:
        """Ask for the safety copy that is to take the place of what does not open."""
        file_choice.choose_files(
            self, "Choisir la copie de sécurité", lambda files: self.copy_given.emit(files[0])
        )

    def refuse(self, sentence: str) -> None:
        """Say why that did not go either."""
        self.banner.complain(sentence)

    def focus_main(self) -> None:
        """What most will do has the focus."""
        self._first.setFocus()

    def keys(self) -> Keys:
        """The keys of the page."""
        return (("Tab", "Bouton suivant"), ("Espace", "Faire"))


def _advice(error: PreventionError) -> str:
    match error:
        case Misplaced():
            return (
                "Fermez le programme, copiez le dossier sur cet ordinateur, puis ouvrez la copie. "
                "Sur le partage, rien n’a été modifié."
            )
        case Busy():
            return (
                "Une autre fenêtre ou un travail programmé s’en sert peut-être. "
                "Attendez qu’il ait fini, puis réessayez. Rien n’a été modifié."
            )
        case NewerFormat():
            return (
                "Mettez cette application à jour, puis réessayez. "
                "Vos données sont intactes\u00a0: rien n’a été modifié."
            )
        case PassphraseNeeded():
            return "Réessayez pour la taper. Sans elle, rien ne s’ouvre et rien n’est modifié."
        case Damaged():
            return (
                "Reprenez la dernière copie de sécurité. L’espace abîmé reste à côté, "
                "sous le nom «\u00a0.ancien\u00a0»\u202f; rien n’est effacé."
            )
        case _:
            return "Vérifiez que le dossier est accessible, puis réessayez. Rien n’a été modifié."


def _centre(page: Page, inner: QWidget) -> None:
    """Put a column in the middle of a page; a low window scrolls it."""
    held = QWidget()
    held.setObjectName("form_content")
    held.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(held)
    row.setContentsMargins(24, 0, 24, 0)
    row.addStretch(1)
    row.addWidget(inner, 100)
    row.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(held)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(area)
