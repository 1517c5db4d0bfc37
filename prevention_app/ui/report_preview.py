"""The first page of a report as the file will show it: figures, charts, registers followed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from prevention_app.domain.indicators import FollowUp
from prevention_app.i18n import NO_BREAK, number_text
from prevention_app.services.report_preview import RegisterPreview, WorkbookPreview
from prevention_app.ui import fonts, report_figures, style, theme, words
from prevention_app.ui.cell_table import CellTable, Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.charts import LevelBars, Lines, Series
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.report_figures import Shown

_ACROSS = 4
_LINES = 3
"""How many lines the sentence under a chart takes in a narrow window."""


class Figure(QPushButton):
    """A figure with its words; a press shows the register whose records it counts."""

    def __init__(self) -> None:
        """No figure yet."""
        super().__init__()
        self.setObjectName("figure")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.register = ""
        self._label = ElidingLabel()
        style.mark(self._label, "look", "secondary")
        self._number = QLabel()
        self._detail = ElidingLabel()
        style.mark(self._detail, "look", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 6, 7)
        column.setSpacing(0)
        column.addWidget(self._label)
        column.addWidget(self._number)
        column.addWidget(self._detail)
        for each in (self._label, self._number, self._detail):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_figure(self, shown: Shown) -> None:
        """Show a figure."""
        self.register = shown.register
        self._label.setText(shown.label)
        self._number.setText(shown.text)
        style.mark(self._number, "look", "bad_figure" if shown.bad else "figure")
        self._detail.setText(shown.detail)
        self.setAccessibleName(f"{shown.label}{NO_BREAK}: {shown.text} {shown.detail}")
        self.setToolTip(f"{shown.label}, {shown.text} {shown.detail}")


class _Titled(QFrame):
    """A card with a title, a chart, and what it says in a sentence."""

    def __init__(self, title: str, chart: QWidget) -> None:
        super().__init__()
        self.setObjectName("card")
        self._title = QLabel(title)
        style.mark(self._title, "look", "strong")
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        style.mark(self.sentence, "look", "secondary")
        # A page that scrolls does not ask how high wrapped words are; and so charts stay level.
        self.sentence.setMinimumHeight(_LINES * fonts.metrics("secondary").height())
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 10, 10)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(chart, 1)
        column.addWidget(self.sentence)

    def set_title(self, title: str) -> None:
        """Call it something else."""
        self._title.setText(title)


class WorkbookSheet(QFrame):
    """The first page of a consolidated workbook."""

    page_asked = Signal(str)
    """A figure was pressed: the register whose records it counts."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        super().__init__()
        self.setObjectName("paper")
        self._title = QLabel("Classeur consolidé de prévention")
        style.mark(self._title, "look", "pane_title")
        self._under = ElidingLabel()
        style.mark(self._under, "look", "crumb")
        self._which = QLabel(f"Aperçu de la feuille «{NO_BREAK}Couverture{NO_BREAK}»")
        style.mark(self._which, "look", "secondary")
        self.figures = [Figure() for _ in range(2 * _ACROSS)]
        self.bars = LevelBars("Risques résiduels par direction")
        self.lines = Lines("Observations du registre par trimestre")
        self._bars_card = _Titled("Risques résiduels par direction", self.bars)
        self._lines_card = _Titled("Observations (RSST) par trimestre", self.lines)
        self.followed = CellTable(
            "Registres suivis",
            ("Registre", "Suivis", "À jour", "En retard", "Taux"),
            (0, 80, 80, 84, 170),
            "row_dense",
        )
        self.compared: CellTable | None = None
        self._registers: list[str] = []
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._under)
        head.addLayout(texts, 1)
        head.addWidget(self._which, 0, Qt.AlignmentFlag.AlignTop)
        self._cards = QWidget()
        grid = QGridLayout(self._cards)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for at, figure in enumerate(self.figures):
            grid.addWidget(figure, at // _ACROSS, at % _ACROSS)
            grid.setColumnStretch(at % _ACROSS, 1)
        charts = QHBoxLayout()
        charts.setSpacing(12)
        charts.addWidget(self._bars_card, 3)
        charts.addWidget(self._lines_card, 2)
        self._place = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._cards)
        column.addLayout(self._place)
        column.addLayout(charts)
        column.addWidget(self.followed)
        column.addStretch(1)

    def _connect(self) -> None:
        for figure in self.figures:
            figure.clicked.connect(lambda _=False, one=figure: self.page_asked.emit(one.register))
        self.bars.opened.connect(lambda: self.page_asked.emit("risk"))
        self.lines.opened.connect(lambda: self.page_asked.emit("health_safety_entry"))
        self.followed.opened.connect(lambda at: self.page_asked.emit(self._registers[at]))

    def show_preview(self, preview: WorkbookPreview) -> None:
        """Show what was counted."""
        together = len(preview.departments) > 1
        names = ", ".join(f"{each.name} ({each.number})" for each in preview.departments)
        organised = (
            f", dans l’organisation du {words.day_in_full(preview.organised_on)}"
            if preview.organised_on
            else ""
        )
        self._under.setText(f"{names}, arrêté au {words.day_in_full(preview.as_at)}{organised}")
        self._cards.setVisible(not together)
        for figure, shown in zip(
            self.figures, report_figures.figures_shown(preview.figures), strict=True
        ):
            figure.show_figure(shown)
        self._compare(preview if together else None)
        self._show_charts(preview, together=together)
        self._show_followed(preview.followed)

    def _show_charts(self, preview: WorkbookPreview, *, together: bool) -> None:
        figures = preview.figures
        whose = "département" if together else "direction"
        self._bars_card.set_title(f"Risques résiduels par {whose}")
        bars = (
            report_figures.bars_by_department(preview)
            if together
            else report_figures.bars_by_direction(figures)
        )
        self.bars.setAccessibleName(f"Risques résiduels par {whose}")
        self.bars.show_bars(bars, [each.label_fr for each in preview.levels])
        self._bars_card.sentence.setText(report_figures.bars_sentence(bars, figures))
        quarters = figures.quarters
        self.lines.show_series(
            [_short_quarter(each.label) for each in quarters],
            (
                Series("reçues", [each.received for each in quarters]),
                Series("closes", [each.closed for each in quarters], main=False),
            ),
        )
        self._lines_card.sentence.setText(report_figures.entries_sentence(figures))

    def _show_followed(self, followed: Sequence[FollowUp]) -> None:
        found = report_figures.follow_up_lines(followed)
        self._registers = [each.register for each, _ in found]
        self.followed.show_lines([_follow_up_line(each, label) for each, label in found])
        _fit(self.followed, len(found))

    def _compare(self, preview: WorkbookPreview | None) -> None:
        if self.compared is not None:
            self._place.removeWidget(self.compared)
            self.compared.deleteLater()
            self.compared = None
        if preview is None:
            return
        names = [each.name for each in preview.departments]
        made = CellTable(
            "Départements côte à côte",
            ("Chiffres clés", *names, "Ensemble"),
            (0, *(110 for _ in names), 110),
            "row_dense",
        )
        lines = report_figures.comparison_lines(preview)
        made.show_lines(
            [
                [Cell(label), *(Cell(text, right=True) for text in texts)]
                for label, texts, _ in lines
            ]
        )
        registers = [register for *_, register in lines]
        made.opened.connect(lambda at: self.page_asked.emit(registers[at]))
        _fit(made, len(lines))
        self._place.addWidget(made)
        self.compared = made


def _follow_up_line(each: FollowUp, label: str) -> Line:
    return [
        Cell(label),
        Cell(report_figures.count_text(each.followed), right=True),
        Cell(report_figures.count_text(each.up_to_date), right=True),
        Cell(
            report_figures.count_text(each.late),
            right=True,
            colours="bad" if each.late else "",
            strong=bool(each.late),
        ),
        Cell(report_figures.percent_text(each.rate), bar=each.rate or 0.0)
        if each.rate is not None
        else Cell(report_figures.UNKNOWN),
    ]


def _short_quarter(label: str) -> str:
    """« T3 26 » for « T3 2026 », as the axis has room for."""
    return f"{label[:2]}{NO_BREAK}{label[-2:]}"


def _fit(table: CellTable, rows: int) -> None:
    """As high as its rows: the page scrolls, not the table in it."""
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setFixedHeight(theme.height("header_of_table") + rows * theme.height("row_dense") + 4)


class RegisterSheets(QFrame):
    """The registers of a file: how many rows each, and the first ones of a single one."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        super().__init__()
        self.setObjectName("paper")
        self._title = QLabel()
        style.mark(self._title, "look", "pane_title")
        self._under = ElidingLabel()
        style.mark(self._under, "look", "crumb")
        self.table: CellTable | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 16, 20, 16)
        self._column.setSpacing(12)
        self._column.addWidget(self._title)
        self._column.addWidget(self._under)

    def show_registers(
        self, labels: Sequence[str], previews: Sequence[RegisterPreview], under: str
    ) -> None:
        """Show one register's first rows, or what several will hold."""
        rows = sum(each.count for each in previews)
        title = labels[0] if len(labels) == 1 else words.count(len(labels), "feuille")
        self._title.setText(f"{title}, {words.count(rows, 'fiche')}")
        self._under.setText(under)
        if len(previews) == 1:
            made = self._rows_of(labels[0], previews[0])
        else:
            made = CellTable("Feuilles du classeur", ("Feuille", "Fiches"), (0, 110), "row_dense")
            made.show_lines(
                [
                    [Cell(label), Cell(number_text(each.count), right=True)]
                    for label, each in zip(labels, previews, strict=True)
                ]
            )
        if self.table is not None:
            self._column.removeWidget(self.table)
            self.table.deleteLater()
        self.table = made
        self._column.addWidget(made, 1)

    def _rows_of(self, label: str, preview: RegisterPreview) -> CellTable:
        widths = [100] + [150] * (len(preview.headings) - 1)
        made = CellTable(
            f"Premières lignes{NO_BREAK}: {label}", preview.headings, widths, "row_dense"
        )
        made.show_lines([[Cell(" ".join(text.split())) for text in row] for row in preview.rows])
        return made
