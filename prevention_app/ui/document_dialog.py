"""« Écrire en Word ou en PDF »: what of the document unique is written, from which template."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from prevention_app.exchange.file_names import accepted
from prevention_app.exchange.printed_document import Form
from prevention_app.services.unit_tree import NodeKind, TreeNode
from prevention_app.ui import document_work, settings, style, user_file
from prevention_app.ui.desktop import open_place
from prevention_app.ui.file_choice import choose_files, choose_folder
from prevention_app.ui.operations import Operation
from prevention_app.ui.page import button
from prevention_app.ui.segments import Segments
from prevention_app.ui.session import Session

_WIDTH: Final = 520
_TEMPLATE, _FOLDER, _ENDING = "document/template", "folder/export", "document/ending"
_FORMS: Final = {Form.DOCUMENT: "Document unique", Form.SHEET: "Fiches d’unité à afficher"}
_ENDINGS: Final = (".pdf", "PDF"), (".docx", "Word")
_ALL: Final = "Tout le département"
_OWN: Final = "Le modèle du programme"


class DocumentDialog(QDialog):
    """Accepted once something is to be written; `wanted` says what."""

    wanted = Signal(object, object, object, object)
    """Place (register, id) or None, form, file, template or None."""

    def __init__(self, node: TreeNode, parent: QWidget) -> None:
        """Propose the branch of the tree that is chosen."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Écrire en Word ou en PDF")
        self.setMinimumWidth(_WIDTH)
        self._node = node
        self._folder = Path(str(settings.remembered(_FOLDER, "") or Path.home()))
        self._template = str(settings.remembered(_TEMPLATE, ""))
        self.form = Segments("Ce qui est écrit")
        self.form.offer([(each.value, words) for each, words in _FORMS.items()])
        self.ending = Segments("Format")
        self.ending.offer(_ENDINGS)
        self.ending.show_value(str(settings.remembered(_ENDING, ".pdf")))
        self.place = QComboBox()
        self.template = QComboBox()
        self.name = QLineEdit()
        self.where = button("Changer de dossier…", look="quiet")
        self.copy_template = button("Copier le modèle pour le modifier…", look="quiet")
        self.write_button = button("Écrire le fichier", look="primary")
        self.cancel_button = button("Annuler")
        self._about = QLabel()
        self._about.setWordWrap(True)
        style.mark(self._about, "look", "secondary")
        self._fill()
        self._lay_out()
        self._connect()
        self._propose()

    def _fill(self) -> None:
        self.place.setAccessibleName("Pour")
        if self._node.kind in (NodeKind.ORG_UNIT, NodeKind.WORK_UNIT):
            self.place.addItem(self._node.name, (self._node.kind.value, self._node.key))
        self.place.addItem(_ALL, None)
        if self._node.kind is NodeKind.WORK_UNIT:
            self.form.show_value(Form.SHEET.value)
        self.template.setAccessibleName("Modèle Word")
        self.template.addItem(_OWN, "")
        if self._template and Path(self._template).exists():
            self._offer_template(Path(self._template))
        self.template.addItem("Un autre modèle…", None)
        self.name.setAccessibleName("Fichier")

    def _offer_template(self, file: Path) -> None:
        self.template.insertItem(1, file.name, str(file))
        self.template.setCurrentIndex(1)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(6)
        for words, widget in (
            ("Ce qui est écrit", self.form),
            ("Pour", self.place),
            ("Format", self.ending),
            ("Modèle Word", self.template),
        ):
            label = QLabel(words)
            style.mark(label, "look", "label")
            column.addWidget(label)
            column.addWidget(widget)
            column.addSpacing(6)
        column.addWidget(self.copy_template, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._about)
        label = QLabel("Fichier")
        style.mark(label, "look", "label")
        column.addWidget(label)
        column.addWidget(self.name)
        column.addWidget(self.where, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.write_button)
        column.addSpacing(10)
        column.addLayout(row)

    def _connect(self) -> None:
        self.form.chosen.connect(self._propose)
        self.ending.chosen.connect(self._propose)
        self.place.activated.connect(self._propose)
        self.template.activated.connect(self._choose_template)
        self.where.clicked.connect(lambda: choose_folder(self, "Où écrire le fichier", self._go_to))
        self.copy_template.clicked.connect(self._copy)
        self.cancel_button.clicked.connect(self.reject)
        self.write_button.clicked.connect(self._write)
        self.write_button.setDefault(True)

    # -- what is chosen ----------------------------------------------------------------------

    def _propose(self) -> None:
        """A name for the file, and what becomes of the template."""
        what = _FORMS[Form(self.form.value)]
        whose = self.place.currentText() if self.place.currentData() else ""
        stem = " ".join(filter(None, (what, whose, f"{date.today():%Y-%m-%d}")))  # noqa: DTZ011
        self.name.setText(accepted(f"{stem}{self.ending.value}"))
        self.name.setCursorPosition(0)
        own = bool(self.template.currentData())
        word = self.ending.value == ".docx"
        self.template.setEnabled(word or own)
        self._about.setText(
            f"Dans le dossier «\u00a0{self._folder.name or self._folder}\u00a0». "
            + (
                "Le PDF d’un modèle Word demande LibreOffice sur cet ordinateur."
                if own and not word
                else "Le PDF est composé par le programme, sans modèle."
                if not word
                else "Les fonctions y sont nommées, jamais les personnes."
            )
        )

    def _choose_template(self) -> None:
        if self.template.currentData() is None:
            self.template.setCurrentIndex(0)
            choose_files(self, "Un modèle Word", self._take_template, "Modèle Word (*.docx)")
        self._propose()

    def _take_template(self, files: list[Path]) -> None:
        for each in files[:1]:
            settings.remember(_TEMPLATE, str(each))
            self._offer_template(each)
        self._propose()

    def _go_to(self, folder: Path) -> None:
        self._folder = folder
        settings.remember(_FOLDER, str(folder))
        self._propose()

    def _copy(self) -> None:
        """Save the program's template where it can be changed."""
        form = Form(self.form.value)
        dialog = QFileDialog(self, "Copier le modèle", str(self._folder / f"modele_{form}.docx"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Modèle Word (*.docx)")
        dialog.setDefaultSuffix("docx")
        dialog.fileSelected.connect(lambda found: self.save_template(Path(found)))
        dialog.open()

    def save_template(self, file: Path) -> None:
        """Write a copy of the program's template, and use it from now on."""
        from prevention_app.services.documents import write_template

        write_template(Form(self.form.value), file)
        self._take_template([file])

    def _write(self) -> None:
        settings.remember(_ENDING, self.ending.value)
        name = self.name.text().strip()
        if not name.lower().endswith(self.ending.value):
            name += self.ending.value
        template = self.template.currentData()
        self.wanted.emit(
            self.place.currentData(),
            Form(self.form.value),
            self._folder / name,
            Path(template) if template else None,
        )
        self.accept()


def ask_document(
    session: Session, start: Callable[..., Operation], node: TreeNode, parent: QWidget
) -> DocumentDialog:
    """Ask what to write of a branch of the document unique, then write it beside the window."""

    def write(place: tuple[str, str] | None, form: Form, out: Path, template: Path | None) -> None:
        def begin(file: Path) -> None:
            work = start(
                f"Écriture de «\u00a0{file.name}\u00a0»",
                document_work.write_document,
                session.folder,
                session.owner or session.store.department,
                place,
                form,
                file,
                template,
                writes=False,
            )
            work.finished.connect(partial(_tell, session))

        user_file.write(out, begin, session.say)

    dialog = DocumentDialog(node, parent)
    dialog.wanted.connect(write)
    dialog.open()
    return dialog


def _tell(session: Session, file: Path) -> None:
    acts = (
        ("Ouvrir le fichier", partial(open_place, file)),
        ("Ouvrir le dossier", partial(open_place, file.parent)),
    )
    session.say(f"«\u00a0{file.name}\u00a0» est écrit.", "good", acts)
