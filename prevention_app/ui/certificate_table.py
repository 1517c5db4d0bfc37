"""The table of certificates: who, which, until when, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal

from prevention_app.domain.certificates import CertificateState, family_of
from prevention_app.services.certificates import Certificate
from prevention_app.ui import settings, states, words
from prevention_app.ui.cell_table import Line
from prevention_app.ui.cells import EMPTY, Cell
from prevention_app.ui.fitting_table import Fitted, FittingTable
from prevention_app.ui.paged_cells import PagedCells
from prevention_app.ui.states import State
from prevention_app.ui.validity_bar import Validity, ValidityDelegate

OF_CERTIFICATE: Final = {
    CertificateState.EXPIRED: states.STOP,
    CertificateState.TO_ASK: states.CAUTION,
    CertificateState.TO_OBTAIN: State("warn", "calendar-clock"),
    CertificateState.VALID: states.GO,
    CertificateState.UNKNOWN: State("neutral", "circle-help"),
    CertificateState.NOT_APPLICABLE: states.NONE,
}
_COLUMNS: Final = (
    Fitted("Agent", 250, 160),
    Fitted("Catégorie", 120, 96, leaves=1),
    Fitted(words.sentence("Validité (crochet\u00a0: mois pour demander)"), least=110, leaves=2),
    Fitted("Fin", 112, 104),
    Fitted("État", 132, 122),
    Fitted("À savoir", 236, 150),
)
_ORDERS: Final = {0: "person", 1: "kind", 3: "end"}
"""Columns by which one sorts, and what the list calls it."""
_ORDER: Final = "certificates/order"


class CertificateTable(FittingTable):
    """Certificates page by page; headings sort where the database can."""

    order_asked = Signal(str)

    def __init__(
        self,
        read: Callable[[Sequence[str]], Sequence[Certificate]],
        today: Callable[[], date],
    ) -> None:
        """`read` gives certificates by their ids."""
        kept = str(settings.remembered(_ORDER, "end"))
        self.order = kept if kept.removeprefix("-") in _ORDERS.values() else "end"
        self.certificates = PagedCells(
            [each.heading for each in _COLUMNS],
            read,
            lambda each: certificate_line(each, today()),
        )
        super().__init__("Certificats individuels", _COLUMNS, self.certificates)
        self.setItemDelegate(ValidityDelegate(self))
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._sort)
        self._show_order()

    def _sort(self, column: int) -> None:
        wanted = _ORDERS.get(column)
        if wanted is not None:
            self.order = f"-{wanted}" if self.order == wanted else wanted
            settings.remember(_ORDER, self.order)
            self.order_asked.emit(self.order)
        self._show_order()

    def _show_order(self) -> None:
        column = next(at for at, each in _ORDERS.items() if each == self.order.removeprefix("-"))
        descending = self.order.startswith("-")
        side = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(column, side)


def certificate_line(certificate: Certificate, today: date) -> Line:
    """The cells of a certificate."""
    standing = certificate.standing
    look = OF_CERTIFICATE[standing.state]
    late = standing.state is CertificateState.EXPIRED
    return (
        Cell(certificate.person, second=certificate.place or "Lieu non renseigné"),
        Cell(category_of(certificate)),
        _bar(certificate, today),
        Cell(words.short_day(standing.end, today) if standing.end else "", strong=late),
        Cell(standing.state.label_fr, chip=look),
        Cell(words.sentence(standing.advice)),
    )


def category_of(certificate: Certificate) -> str:
    """« Opérateur » for a Certiphyto opérateur; the whole name of what is no Certiphyto."""
    name = certificate.kind.name
    short = name.removeprefix(family_of(certificate.kind)).strip(" ,-")
    return short[:1].upper() + short[1:] if short else name


def _bar(certificate: Certificate, today: date) -> Cell:
    standing = certificate.standing
    if standing.start is None or standing.end is None:
        return EMPTY
    said = f"Valide du {standing.start:%d/%m/%Y} au {standing.end:%d/%m/%Y}"
    if standing.asked_from:
        last = standing.asked_until or standing.end
        said += f", à demander entre le {standing.asked_from:%d/%m/%Y} et le {last:%d/%m/%Y}"
    return Validity(
        "",
        colours=OF_CERTIFICATE[standing.state].colours,
        said=said,
        start=standing.start,
        end=standing.end,
        today=today,
        asked_from=standing.asked_from,
        asked_until=standing.asked_until,
    )
