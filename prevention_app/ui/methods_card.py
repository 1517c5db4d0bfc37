"""Rating methods in the settings: the one chosen, those of families of risks, their scales."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout

from prevention_app.domain.ratings import RatingMethod
from prevention_app.errors import PreventionError
from prevention_app.services import methods
from prevention_app.storage.query import Query
from prevention_app.ui import file_choice, style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_ABOUT: Final = (
    "La méthode vaut pour les cotations à venir\u00a0; celles qui sont faites gardent la leur. "
    "Une famille de risques peut avoir la sienne."
)
_FILES: Final = "Méthode (*.json);;Tous les fichiers (*)"
_ALL: Final = "Toutes les familles"


class MethodsCard(QFrame):
    """A card of the settings page."""

    def __init__(self, session: Session) -> None:
        """Nothing is read before it is shown."""
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self._known: dict[str, RatingMethod] = {}
        self.family = QComboBox()
        self.family.setAccessibleName("Famille de risques")
        self.method = QComboBox()
        self.method.setAccessibleName("Méthode de cotation")
        self.scales = QLabel()
        self.scales.setWordWrap(True)
        self.scales.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        style.mark(self.scales, "look", "secondary")
        self.add_button = button("Ajouter une méthode…", "plus")
        self.write_button = button("L’enregistrer pour modèle…", "save")
        self.banner = Banner()
        self._lay_out()
        self.family.activated.connect(lambda _: self._show_chosen())
        self.method.activated.connect(lambda _: self.choose())
        self.add_button.clicked.connect(self._ask_for_file)
        self.write_button.clicked.connect(self._ask_where)

    def _lay_out(self) -> None:
        head, about = QLabel("Cotation des risques"), QLabel(_ABOUT)
        style.mark(head, "look", "section")
        style.mark(about, "look", "secondary")
        about.setWordWrap(True)
        choice, acts = QHBoxLayout(), QHBoxLayout()
        for box in (self.family, self.method):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(18)
            choice.addWidget(box, 1)
        for each in (self.add_button, self.write_button):
            acts.addWidget(each)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        column.addWidget(head)
        column.addWidget(about)
        column.addLayout(choice)
        column.addWidget(self.scales)
        column.addLayout(acts)
        column.addWidget(self.banner)

    @property
    def _owner(self) -> str:
        return self._session.owner_of_new or self._session.store.department

    # -- showing ---------------------------------------------------------------------------

    def read(self) -> None:
        """Show the methods that there are, and the one that is chosen."""
        with self._session.store.reading() as read:
            self._known = dict(methods.known(read))
            families = read.records(Query("hazard_family"))
        held = self.family.currentData()
        self.family.clear()
        self.family.addItem(_ALL, None)
        for each in families:
            self.family.addItem(str(getattr(each, "name", "")), each.id)
        self.family.setCurrentIndex(max(0, self.family.findData(held)))
        self.method.clear()
        for code, method in self._known.items():
            self.method.addItem(method.name_fr, code)
        self._show_chosen()

    def _show_chosen(self) -> None:
        with self._session.store.reading() as read:
            chosen = methods.chosen(read, self._owner, self.family.currentData())
        self.method.setCurrentIndex(self.method.findData(chosen.code))
        self.scales.setText(words.sentence(_told(chosen)))

    # -- deciding --------------------------------------------------------------------------

    def choose(self) -> None:
        """Rate by the method that is shown from now on."""
        code, family = str(self.method.currentData()), self.family.currentData()
        with self._session.store.reading() as read:
            if methods.chosen(read, self._owner, family).code == code:
                return
        try:
            self._session.tell(methods.choose(self._session.store, code, self._owner, family))
        except PreventionError as error:
            self.banner.complain(words.sentence(str(error)))
        else:
            self.banner.hide()
        self._show_chosen()

    def _ask_for_file(self) -> None:
        file_choice.choose_files(
            self, "Choisir la méthode", lambda found: self.add(found[0]), _FILES
        )

    def add(self, file: Path) -> None:
        """Take in a method of the department's own."""
        try:
            made, done = methods.add(self._session.store, file, self._owner)
        except PreventionError as error:
            self.banner.complain(words.sentence(str(error)))
            return
        self._session.tell(done)
        self.banner.inform(
            words.sentence(
                f"«\u00a0{made.name_fr}\u00a0» est ajoutée\u00a0: choisissez-la pour l’employer."
            )
        )
        self.read()

    def _ask_where(self) -> None:
        file_choice.choose_folder(self, "Choisir où l’enregistrer", self.write_into)

    def write_into(self, folder: Path) -> None:
        """Write the method that is shown down, as a model for one's own."""
        code = str(self.method.currentData())
        out = folder / f"methode_{code}.json"
        try:
            with self._session.store.reading() as read:
                methods.write(methods.document_of(read, code), out)
        except PreventionError as error:
            self.banner.complain(words.sentence(str(error)))
            return
        self.banner.inform(words.sentence(f"«\u00a0{out.name}\u00a0» est enregistré."))


def _told(method: RatingMethod) -> str:
    """A method in a few lines: how a value is made, what it means."""
    lines = [f"{method.formula_fr}."]
    for scale in method.scales.values():
        steps = ", ".join(f"{each.value} {each.label_fr.lower()}" for each in scale.steps)
        lines.append(f"{scale.label_fr}\u00a0: {steps}.")
    bounds = [str(each).replace(".", ",") for each in method.level_bounds]
    levels = [method.levels[0].label_fr.lower()]
    levels += [
        f"{level.label_fr.lower()} à partir de {bound}"
        for level, bound in zip(method.levels[1:], bounds, strict=True)
    ]
    lines.append(f"Niveaux\u00a0: {', '.join(levels)}.")
    return "\n".join(lines)
