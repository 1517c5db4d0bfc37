"""« Grille »: the six dimensions of psychosocial risks of a unit, judged on one screen."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from prevention_app.catalogue.description import DECLARED, Value
from prevention_app.catalogue.exposure_lists import PsychosocialDimension
from prevention_app.catalogue.exposures import PsychosocialDiagnosis
from prevention_app.catalogue.values import Unreadable
from prevention_app.errors import PreventionError
from prevention_app.services import psychosocial
from prevention_app.services.annex_psychosocial import FAMILIES
from prevention_app.services.psychosocial import Diagnosis, Finding
from prevention_app.services.risk_document import RiskDetail
from prevention_app.storage.work import Changes
from prevention_app.ui import style, words
from prevention_app.ui.banner import Banner
from prevention_app.ui.editor import Editor
from prevention_app.ui.editors import editor_for
from prevention_app.ui.page import button
from prevention_app.ui.session import Session
from prevention_app.ui.shortcuts import on_keys

_ABOUT: Final = (
    "Ce que disent les entretiens, le questionnaire ou les indicateurs, dimension par "
    "dimension. Rien ne se multiplie\u00a0; en dessous de dix réponses, le résultat reste dans le "
    "service."
)
_HEAD: Final = ("made_on", "method", "answers")
_SIZE: Final = (860, 620)


class PsychosocialGrid(QDialog):
    """The diagnosis of one unit; it is written as one change."""

    written = Signal()

    def __init__(self, session: Session, unit: str, parent: QWidget) -> None:
        """Show the latest findings of a unit (its id)."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._unit = unit
        with session.store.reading() as read:
            name = read.titles("work_unit", [unit]).get(unit, "")
            held = psychosocial.diagnosis_of(read, unit)
        self.setWindowTitle(f"Grille RPS, {name}")
        self._fields = DECLARED[PsychosocialDiagnosis].by_key
        self.head: dict[str, Editor] = {key: self._editor(key) for key in _HEAD}
        self.judgements: dict[str, Editor] = {}
        self.findings: dict[str, Editor] = {}
        self.banner = Banner()
        self.save_button = button("Enregistrer la grille", look="primary")
        self.close_button = button("Abandonner")
        self._lay_out(name)
        self._show(held)
        self._shown = self._held()
        self.save_button.clicked.connect(self.save)
        self.close_button.clicked.connect(self.abandon)
        on_keys("Ctrl+S", self, self.save, inside=True)
        room = parent.window().size()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 40))

    def _editor(self, key: str, name: str = "") -> Editor:
        made = editor_for(self._fields[key], self._session)
        made.inner.setAccessibleName(name or self._fields[key].label_fr)
        return made

    def _lay_out(self, name: str) -> None:
        content = QWidget()
        content.setObjectName("form_content")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = QLabel(name)
        title.setWordWrap(True)
        style.mark(title, "look", "page_title")
        about = QLabel(_ABOUT)
        about.setWordWrap(True)
        style.mark(about, "look", "secondary")
        column = QVBoxLayout(content)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        for each in (title, about, self.banner):
            column.addWidget(each)
        column.addLayout(self._head_row())
        column.addLayout(self._dimensions())
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(self._foot())

    def _head_row(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for at, (key, each) in enumerate(self.head.items()):
            grid.addWidget(_label(self._fields[key].label_fr, each), 0, at)
            grid.addWidget(each, 1, at)
            grid.setColumnStretch(at, 1)
        return grid

    def _dimensions(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for at, each in enumerate(PsychosocialDimension):
            judgement = self._editor("judgement", f"{each.label_fr}, appréciation")
            findings = self._editor("findings", f"{each.label_fr}, constats")
            judgement.setFixedWidth(150)
            findings.setMaximumHeight(58)
            self.judgements[each.value], self.findings[each.value] = judgement, findings
            left = QVBoxLayout()
            left.setSpacing(4)
            left.addWidget(_label(each.label_fr, judgement))
            left.addWidget(judgement)
            left.addStretch(1)
            grid.addLayout(left, at, 0)
            grid.addWidget(findings, at, 1)
        return grid

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("footer")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(foot)
        row.setContentsMargins(18, 9, 18, 9)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.save_button)
        return foot

    def _show(self, held: Diagnosis) -> None:
        today = self._session.store.today()
        first: dict[str, Value] = {
            "made_on": held.made_on or today,
            "method": held.method,
            "answers": held.answers,
        }
        for key, value in first.items():
            self.head[key].show_value(value)
        for key, each in held.findings.items():
            self.judgements[key].show_value(each.judgement)
            self.findings[key].show_value(each.findings)

    def _held(self) -> list[Value | None]:
        """What stands in each field, half a date too."""
        every = (*self.head.values(), *self.judgements.values(), *self.findings.values())
        found: list[Value | None] = []
        for each in every:
            try:
                found.append(each.value_at_hand())
            except Unreadable as error:
                found.append(str(error))
        return found

    def reject(self) -> None:
        """Échap never loses what was written: it closes only what is as it was."""
        if self._held() == self._shown:
            super().reject()
        else:
            self.banner.complain(
                "Rien n’est encore enregistré\u00a0: Ctrl S l’enregistre, Abandonner l’oublie."
            )

    def abandon(self) -> None:
        """Close it; what was written is not wanted."""
        super().reject()

    def save(self) -> None:
        """Write what is judged; what is wrong is said and nothing is written."""
        try:
            diagnosis = self._typed()
            self._session.in_turn(
                object(), lambda: self._write(diagnosis), "La grille s’enregistrera d’elle-même."
            )
        except (Unreadable, PreventionError) as error:
            self.banner.complain(words.sentence(str(error)))
            return
        self.written.emit()
        self.accept()

    def _write(self, diagnosis: Diagnosis) -> Changes:
        done = psychosocial.save_diagnosis(self._session.store, self._unit, diagnosis)
        self._session.tell(done)
        return done

    def _typed(self) -> Diagnosis:
        head = {key: each.value() for key, each in self.head.items()}
        findings = {
            key: Finding(_text(each.value()), _text(self.findings[key].value()))
            for key, each in self.judgements.items()
        }
        made_on, answers = head["made_on"], head["answers"]
        return Diagnosis(
            made_on if isinstance(made_on, date) else None,
            _text(head["method"]),
            answers if isinstance(answers, int) else None,
            findings,
        )


def _text(value: Value) -> str | None:
    return str(value) if value else None


def _label(text: str, buddy: QWidget) -> QLabel:
    made = QLabel(text)
    made.setBuddy(buddy)
    made.setWordWrap(True)
    style.mark(made, "look", "label")
    return made


class GridLink(QPushButton):
    """The button of a psychosocial risk that opens the six dimensions of its unit."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        """Hidden until a psychosocial risk is shown."""
        super().__init__("Grille RPS\u00a0: les six dimensions", parent)
        self._session = session
        self._unit = ""
        self.grid: PsychosocialGrid | None = None
        style.mark(self, "look", "link")
        self.setToolTip("Diagnostic de l’unité, sans gravité ni fréquence")
        self.clicked.connect(self.open_grid)
        self.hide()

    def show_risk(self, found: RiskDetail) -> None:
        """Offer the grid where the risk is a psychosocial one."""
        self._unit = found.risk.work_unit
        family = found.family.family_code if found.family else ""
        self.setVisible(family in FAMILIES)

    def open_grid(self) -> None:
        """Open the six dimensions of the unit of the risk."""
        self.grid = PsychosocialGrid(self._session, self._unit, self)
        self.grid.open()
