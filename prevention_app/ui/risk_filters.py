"""What the risks of a branch can be filtered by: chips for level, family, measures, exposure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from prevention_app.catalogue.description import Field, Kind, Option
from prevention_app.services import risk_index, risk_matrix
from prevention_app.services.methods import method
from prevention_app.services.risk_index import PlacedRisk, Wanted
from prevention_app.services.risk_matrix import Axes
from prevention_app.ui.filters import FilterChip
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.session import Session

CELL: Final = "cell"
"""The chip that is there only while cells of the matrix are filtered by."""


class RiskFilters(QWidget):
    """The chips above the risks; says when what is wanted changes."""

    changed = Signal()

    def __init__(self, session: Session, families: Mapping[str, str], parent: QWidget) -> None:
        """No filter yet; `families` are the names of the families of hazards by id."""
        super().__init__(parent)
        inner = QWidget(self)
        flow = FlowLayout(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.addWidget(inner)
        self.chips = {
            each.key: FilterChip(each, session, session.store.today) for each in _fields(families)
        }
        self._axes: Sequence[Axes] = ()
        self._cell = self.chips[CELL]
        self._cell.hide()
        self._cell.changed.connect(lambda: self._cell.setVisible(self._cell.active is not None))
        for chip in self.chips.values():
            chip.changed.connect(self.changed)
            flow.addWidget(chip)

    def wanted(self, words: str) -> Wanted:
        """The risks that the chips ask for, and these words."""
        return Wanted(
            families=frozenset(self._codes("family")),
            ranks=frozenset(int(each) for each in self._codes("level")),
            measures=sum(int(each) for each in self._codes("measures")),
            ratings=sum(int(each) for each in self._codes("rating")),
            exposures=sum(int(each) for each in self._codes("exposure")),
            words=words,
        )

    def among(self, words: str, risks: list[PlacedRisk]) -> list[PlacedRisk]:
        """Those of a list that the chips and these words leave, in its order."""
        left = self.wanted(words).among(risks)
        places = [risk_matrix.place_from(each) for each in self._codes(CELL)]
        return risk_matrix.in_cells(left, self._axes, filter(None, places)) if places else left

    # -- cells of the matrix ---------------------------------------------------------------

    def offer_cells(self, axes: Sequence[Axes]) -> None:
        """Let risks be filtered by the cells of these matrices."""
        self._axes = axes
        several = len(axes) > 1
        options = [
            Option(each.place.code, name, name)
            for one in axes
            for each in risk_matrix.matrix((), one, {}).cells()
            for name in [
                f"{one.short_name(each.place)}{f' ({one.method.name_fr})' if several else ''}"
            ]
        ]
        self._cell.field = replace(self._cell.field, options=tuple(options))

    @property
    def cells(self) -> list[str]:
        """The codes of the cells that are filtered by."""
        return self._codes(CELL)

    def filter_cells(self, codes: Sequence[str]) -> None:
        """Keep the risks of these cells, or of all for none."""
        if codes:
            self._cell.restore({"codes": list(codes)})
        elif self._cell.active:
            self._cell.clear()

    def _codes(self, key: str) -> list[str]:
        active = self.chips[key].active
        return [str(each) for each in active.conditions[0].value] if active else []

    @property
    def active(self) -> int:
        """How many chips filter."""
        return sum(chip.active is not None for chip in self.chips.values())

    def clear(self) -> None:
        """Filter no longer."""
        for chip in self.chips.values():
            if chip.active:
                chip.clear()


def _fields(families: Mapping[str, str]) -> list[Field]:
    """The filters as fields with closed lists, which is what a chip is made from."""
    usual = method()
    levels = [(str(each.rank), each.label_fr) for each in reversed(usual.levels)]
    levels.append((str(risk_index.UNRATED), usual.unrated.label_fr))
    measures = (
        (risk_index.LATE, "Action en retard"),
        (risk_index.NO_ACTION, "Aucune action"),
        (risk_index.LAST_RESORT, "EPI ou formation seulement"),
    )
    ratings = ((risk_index.HINTED, "À confirmer"), (risk_index.UNDATED, "Date à renseigner"))
    exposures = ((risk_index.CMR, "CMR"), (risk_index.HARDSHIP, "Facteur L4161-1"))
    lists = (
        ("level", "Niveau", levels),
        ("family", "Famille", list(families.items())),
        ("measures", "Mesures", [(str(mark), text) for mark, text in measures]),
        ("rating", "Cotation", [(str(mark), text) for mark, text in ratings]),
        ("exposure", "Exposition", [(str(mark), text) for mark, text in exposures]),
        (CELL, "Cellule", []),
    )
    return [
        Field(
            key,
            label,
            label,
            Kind.CHOICE,
            required=True,
            options=tuple(Option(code, text, text) for code, text in options),
        )
        for key, label, options in lists
    ]
