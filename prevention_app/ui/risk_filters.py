"""What the risks of a branch can be filtered by: chips for level, family, measures, exposure."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from prevention_app.catalogue.description import Field, Kind, Option
from prevention_app.services import risk_index
from prevention_app.services.methods import method
from prevention_app.services.risk_index import Wanted
from prevention_app.ui.filters import FilterChip
from prevention_app.ui.layouts import FlowLayout
from prevention_app.ui.session import Session


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
        for chip in self.chips.values():
            chip.changed.connect(self.changed)
            flow.addWidget(chip)

    def wanted(self, words: str) -> Wanted:
        """The risks that the chips ask for, and these words."""
        return Wanted(
            families=frozenset(self._codes("family")),
            ranks=frozenset(int(each) for each in self._codes("level")),
            measures=sum(int(each) for each in self._codes("measures")),
            exposures=sum(int(each) for each in self._codes("exposure")),
            words=words,
        )

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
    exposures = ((risk_index.CMR, "CMR"), (risk_index.HARDSHIP, "Facteur L4161-1"))
    lists = (
        ("level", "Niveau", levels),
        ("family", "Famille", list(families.items())),
        ("measures", "Mesures", [(str(mark), text) for mark, text in measures]),
        ("exposure", "Exposition", [(str(mark), text) for mark, text in exposures]),
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
