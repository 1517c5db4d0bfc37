"""« Figer la version… »: what is missing, what will be written, then the verb."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.document_versions import VersionMotive
from prevention_app.domain.sealed_facts import ADOPTED, WHOLE
from prevention_app.ui import file_choice, settings, style, versions_work, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.versions_forms import UnitTicks, foot_of, scrolled
from prevention_app.ui.versions_work import Foreseen

_FOLDER: Final = "versions/folder"
_WRITES: Final = (
    "Le dossier recevra un PDF/A, un classeur, les données en CSV et JSON avec leur dictionnaire, "
    "les empreintes de chaque fichier et la signature de cet ordinateur. Cette signature prouve "
    "que le contenu n’a pas changé\u00a0; ce n’est pas celle de l’autorité territoriale."
)


class SealDialog(QDialog):
    """One page, read in the background when it opens."""

    agreed = Signal(Path, object, tuple)
    """The folder, the motive (or None), the units (references; none for all)."""

    def __init__(self, session: Session, department: str, parent: QWidget) -> None:
        """Begin to look for what is missing at once."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Figer la version")
        self.resize(760, 640)
        self.foreseen: Foreseen | None = None
        self.said = QLabel("Contrôle de ce qui manque…")
        self.said.setWordWrap(True)
        style.mark(self.said, "look", "section")
        self.kept = QLabel()
        self.kept.setWordWrap(True)
        style.mark(self.kept, "look", "secondary")
        self.banner = Banner()
        self.missing = QLabel()
        self.missing.setWordWrap(True)
        self.missing.setTextFormat(Qt.TextFormat.PlainText)
        self.missing.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.motive = QComboBox()
        self.motive.setAccessibleName("Motif")
        self.motive.addItem("Motif non indiqué", None)
        for each in VersionMotive:
            self.motive.addItem(each.label_fr, each.value)
        self.units = UnitTicks(session, department)
        self.folder: Path | None = None
        self.place = ElidingLabel()
        self.choose_button = button("Choisir le dossier…", "folder-open")
        self.choose_button.clicked.connect(
            lambda: file_choice.choose_folder(self, "Où écrire la version", self.take_folder)
        )
        self.seal_button = button("Figer la version", "layers", "primary")
        self.seal_button.clicked.connect(self.agree)
        self.close_button = button("Continuer à modifier")
        self.close_button.clicked.connect(self.reject)
        self._lay_out()
        kept = str(settings.remembered(_FOLDER, ""))
        self.take_folder(Path(kept) if kept and Path(kept).is_dir() else None)
        self.operation = Operation(
            "Contrôle", versions_work.foresee, session.folder, department, parent=self
        )
        self.operation.finished.connect(self.show_foreseen)
        self.operation.failed.connect(lambda text: self.banner.complain(words.sentence(text)))
        self.operation.ended.connect(self._bar.hide)
        self.finished.connect(self.operation.end)

    def _lay_out(self) -> None:
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Avancement du contrôle")
        writes = QLabel(_WRITES)
        writes.setWordWrap(True)
        style.mark(writes, "look", "secondary")
        motive = QLabel("Motif de la mise à jour")
        style.mark(motive, "look", "label")
        motive.setBuddy(self.motive)
        inner = QWidget()
        inner.setObjectName("form_content")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inner)
        column.setContentsMargins(22, 18, 22, 14)
        column.setSpacing(10)
        for each in (self.said, self.kept, self._bar, self.banner, self.missing):
            column.addWidget(each)
        for each in (motive, self.motive, self.units, writes):
            column.addWidget(each)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scrolled(inner), 1)
        outer.addWidget(
            foot_of(self.choose_button, self.place, self.close_button, self.seal_button)
        )

    def show_foreseen(self, foreseen: Foreseen) -> None:
        """Say what would be sealed, and what is missing in it."""
        self.foreseen = foreseen
        adopted = foreseen.status == ADOPTED
        called = "adoptée" if adopted else "non adoptée"
        self.said.setText(words.sentence(f"Version {foreseen.name}, {called}"))
        what = (
            f"L’état du projet, au {foreseen.as_at:%d/%m/%Y}\u00a0: ce qui a changé depuis attend "
            "la version suivante."
            if foreseen.project
            else "L’état présent\u00a0: aucun projet n’a été soumis."
        )
        self.kept.setText(
            words.sentence(
                f"{what} Elle ne pourra plus être modifiée et sera gardée jusqu’au "
                f"{words.day_in_full(foreseen.kept_until)}."
            )
        )
        told = [f"–\u00a0{each}" for each in foreseen.missing] or ["Rien ne manque."]
        self.missing.setText(words.sentence("\n".join(told)))
        if foreseen.missing:
            number = words.count(len(foreseen.missing), "point")
            self.banner.inform(
                f"{number} à compléter",
                words.sentence(
                    "Rien n’empêche de figer\u00a0: chacun sera inscrit dans la version. "
                    + ("" if adopted else "Sans adoption, elle s’appelle «\u00a0version figée non "
                       "adoptée\u00a0», jamais «\u00a0en vigueur\u00a0».")
                ),
            )  # fmt: skip
        if foreseen.motive:
            self.motive.setCurrentIndex(self.motive.findData(foreseen.motive.value))
        if foreseen.project:
            self.units.setEnabled(False)
            self.units.whole.setItemText(0, ", ".join(foreseen.scope) or WHOLE)
            self.units.whole.setToolTip("Le périmètre est celui du projet.")
        self._show_possible()

    def take_folder(self, folder: Path | None) -> None:
        """Write into a folder."""
        self.folder = folder
        told = str(folder) if folder else "Vide, ou celui des versions figées"
        self.place.setText(told)
        self._show_possible()

    def _show_possible(self) -> None:
        self.seal_button.setEnabled(self.foreseen is not None and self.folder is not None)

    def agree(self) -> None:
        """Go."""
        if self.folder is None or self.foreseen is None:
            return
        if self.units.problem:
            self.banner.complain(self.units.problem)
            return
        settings.remember(_FOLDER, str(self.folder))
        chosen = self.motive.currentData()
        motive = VersionMotive(chosen) if chosen else None
        scope = () if self.foreseen.project else self.units.chosen
        self.agreed.emit(self.folder, motive, scope)
        self.accept()
