"""The list of the versions of the document unique: state, dates, why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prevention_app.catalogue.document_versions import VersionMotive, VersionState
from prevention_app.services.document_versions import Version
from prevention_app.ui.cell_table import CellModel, Line
from prevention_app.ui.cells import Cell
from prevention_app.ui.fitting_table import Fitted, FittingTable
from prevention_app.ui.states import CAUTION, GO, IN_PROGRESS, NONE, STOP, WAITING, State

_COLUMNS: Final = (
    Fitted("Version", least=120),
    Fitted("État", 238, 216),
    Fitted("Élaborée le", 112, 104, leaves=2),
    Fitted("À conserver jusqu’au", 156, 120, leaves=1),
)


class VersionTable(FittingTable):
    """One line a version, the newest first."""

    def __init__(self) -> None:
        """No versions yet."""
        cells = CellModel([each.heading for each in _COLUMNS])
        super().__init__("Versions du document unique", _COLUMNS, cells)

    def show_versions(self, versions: Sequence[Version], *, several: bool) -> None:
        """Show these; `several` departments are told apart."""
        self.show_lines([_line(each, several=several) for each in versions])


_STATES: Final = {
    VersionState.PROJECT: IN_PROGRESS,
    VersionState.NOT_ADOPTED: CAUTION,
    VersionState.DEPOSITED: WAITING,
    VersionState.VOID: NONE,
}


def _state(version: Version) -> State:
    if version.state is VersionState.SEALED:
        return GO if version.in_force else NONE
    return _STATES[version.state]


def _line(version: Version, *, several: bool) -> Line:
    record = version.record
    motive = VersionMotive(record.motive).label_fr if record.motive else ""
    second = ", ".join(each for each in (motive, record.scope or "") if each)
    gone = version.state is VersionState.VOID
    chip = Cell("Bifurcation", chip=STOP) if version.fork else None
    name = f"{version.name} ({record.owner})" if several else version.name
    return [
        Cell(name, second=second, strong=not gone, quiet=gone),
        chip or Cell(version.state_words, chip=_state(version)),
        Cell(f"{record.elaborated_on:%d/%m/%Y}", quiet=gone),
        Cell(f"{record.kept_until:%d/%m/%Y}", quiet=True),
    ]
