"""« Chiffres »: what would leave is shown first, line by line, then it is published."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from prevention_app.catalogue.description import Field, Kind
from prevention_app.catalogue.values import Unreadable
from prevention_app.services.figures_publication import Line, Preview
from prevention_app.ui import outflow_work, style, theme, words
from prevention_app.ui.cell_table import CellTable
from prevention_app.ui.cells import Cell
from prevention_app.ui.circle_pane import CirclePane, StartWork, explanation
from prevention_app.ui.editors import DateEditor
from prevention_app.ui.page import button
from prevention_app.ui.session import Session

_ABOUT: Final = (
    "Les chiffres publiés sont lus par tous les départements. Aucune fiche ne part, aucun "
    "nom\u00a0; ce qui porterait sur moins de cinq personnes, ou le ferait retrouver, s’écrit "
    "«\u00a0<\u00a05\u00a0»."
)
_AS_OF: Final = Field("as_of", "Arrêté au", "As of", Kind.DATE)
_CHANGES: Final = {
    "new": "nouveau",
    "changed": "modifié",
    "same": "déjà publié",
    "withdrawn": "retiré",
}


class FiguresPane(CirclePane):
    """The closing date, what would leave as at that day, and the button that publishes it."""

    def __init__(self, session: Session, start_work: StartWork) -> None:
        """Nothing is counted before it is asked for."""
        super().__init__(session, start_work)
        self._shown: Preview | None = None
        self.day = DateEditor(_AS_OF)
        self.day.setFixedWidth(theme.scaled(130))
        self.look_button = button("Voir ce qui partirait", "eye")
        self.publish_button = button("Publier les chiffres", "upload", "primary")
        self.table = CellTable(
            "Chiffres qui partiraient",
            ("Indicateur", "Direction", "Chiffre", "Sur", ""),
            (0, 300, 90, 110, 110),
            "row_dense",
        )
        self._kept_back = explanation("")
        self._lay_out()
        self.look_button.clicked.connect(self.look)
        self.publish_button.clicked.connect(self.publish)
        self.day.line.textChanged.connect(lambda _: self._show(None))
        self._show(None)

    def _lay_out(self) -> None:
        label = QLabel("Arrêté au")
        label.setBuddy(self.day)
        style.mark(label, "look", "label")
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in (label, self.day, self.look_button, self.publish_button):
            row.addWidget(each)
        row.addStretch(1)
        self.column.addWidget(explanation(_ABOUT))
        self.column.addLayout(row)
        self.column.addWidget(self.banner)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self._kept_back)

    def forget(self) -> None:
        """Another department: its figures are to be looked at anew, as at today."""
        self.day.show_value(self.session.store.today())
        self._show(None)

    def main(self) -> QWidget:
        """What is done first: looking."""
        return self.look_button

    def let(self, *, enabled: bool) -> None:
        """One thing at a time; nothing is published that was not shown."""
        self.look_button.setEnabled(enabled)
        self.day.setEnabled(enabled)
        told = self._shown is not None and len(self._shown.lines) > self._shown.count("same")
        self.publish_button.setEnabled(enabled and told)

    def look(self) -> None:
        """Count what would leave."""
        try:
            day = self.day.value()
        except Unreadable as error:
            self.complain(str(error))
            return
        self.work(
            "Calcul des chiffres",
            outflow_work.preview,
            self.department,
            day if isinstance(day, date) else self.session.store.today(),
            then=self._on_counted,
            writes=False,
        )

    def _on_counted(self, preview: Preview) -> None:
        self._show(preview)
        if preview.lines:
            self.banner.inform(f"{_count_of(preview)} Rien n’est encore publié.")
        else:
            self.banner.inform(
                "Aucun chiffre à publier.",
                "Choisissez d’abord «\u00a0Les chiffres\u00a0» pour un registre au moins.",
            )

    def publish(self) -> None:
        """Publish what is shown."""
        if self._shown is not None:
            self.work(
                "Publication des chiffres",
                outflow_work.publish,
                self.department,
                self._shown.as_of,
                then=self._on_published,
            )

    def _on_published(self, done: Preview) -> None:
        self._show(None)
        self.banner.inform(
            f"Chiffres publiés, arrêtés au {done.as_of:%d/%m/%Y}.",
            f"{_count_of(done)} Ils partent au prochain échange.",
        )

    def _show(self, preview: Preview | None) -> None:
        self._shown = preview
        lines = preview.lines if preview else ()
        self.table.show_lines([_line(each) for each in lines])
        self._kept_back.setText(words.sentence(_reasons(preview)))
        self._kept_back.setVisible(bool(self._kept_back.text()))
        self.let(enabled=not self.working)


def _line(line: Line) -> list[Cell]:
    figure, gone = line.figure, line.change == "withdrawn"
    return [
        Cell(figure.indicator.label_fr, quiet=gone),
        Cell(figure.direction or "Tout le département", quiet=not figure.direction or gone),
        Cell(figure.count_text, right=True, strong=not gone, quiet=gone),
        Cell(figure.whole_text, right=True, quiet=True),
        Cell(_CHANGES[line.change], quiet=line.change == "same"),
    ]


def _count_of(preview: Preview) -> str:
    kinds = (
        ("new", "nouveau", "nouveaux"),
        ("changed", "modifié", "modifiés"),
        ("withdrawn", "retiré", "retirés"),
    )
    counts = [
        words.count(preview.count(change), one, many)
        for change, one, many in kinds
        if preview.count(change)
    ]
    total = words.count(len(preview.lines), "chiffre")
    return f"{total}\u00a0: {', '.join(counts) or 'tous déjà publiés'}."


def _reasons(preview: Preview | None) -> str:
    if preview is None:
        return ""
    found = [
        f"{words.count(len(each.indicators), 'indicateur')} n’y sont pas. {each.reason}"
        for each in preview.kept_back
    ]
    if not preview.by_direction and preview.lines:
        found.append(
            "Pas de chiffres par direction\u00a0: ceux de «\u00a0Directions et services\u00a0» "
            "ne sont pas communiqués."
        )
    return "\n".join(found)
