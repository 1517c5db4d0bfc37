"""OpenDocument spreadsheets (.ods) of LibreOffice and Excel: values, comments, hidden rows, merges.

Colours and strike-through are not read, and that is said. The content is read here and not by
python-calamine, which drops line breaks within a paragraph, shows errors and formulas without
value as empty cells, and fails on white space between elements.
"""

from __future__ import annotations

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.archive import Archive
from prevention_app.exchange.reading.budget import Budget
from prevention_app.exchange.reading.grid import SheetBuilder
from prevention_app.exchange.reading.ods_names import STYLE, TABLE
from prevention_app.exchange.reading.ods_table import TableEvents
from prevention_app.exchange.reading.xml_events import Depth, feed, tree
from prevention_app.exchange.sheets import Sheet

_MANIFEST = "META-INF/manifest.xml"


def read_ods(archive: Archive) -> tuple[list[Sheet], list[str]]:
    """The sheets in order, and remarks as finished sentences.

    Raises:
        UnreadableFile: the file is damaged, dangerous, encrypted, too large or has no sheet.
    """
    if _MANIFEST in archive and _is_encrypted(archive.whole(_MANIFEST)):
        raise UnreadableFile(refusals.PROTECTED)
    events = _ContentEvents()
    feed(archive.chunks("content.xml"), events)
    if not events.sheets:
        raise UnreadableFile(refusals.NO_SHEET)
    return events.sheets, [
        "Format .ods : les couleurs de fond et le texte barré ne sont pas lus.",
        *events.remarks,
    ]


def _is_encrypted(manifest: bytes) -> bool:
    return tree(manifest).find(".//{*}encryption-data") is not None


class _ContentEvents:
    """Reads the events of `content.xml`: styles that hide sheets, then the sheets."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.remarks: list[str] = []
        self._budget = Budget()
        self._depth = Depth()
        self._style = ""
        self._hidden_styles: set[str | None] = set()
        self._builder = SheetBuilder("", self._budget)
        self._table: TableEvents | None = None
        self._table_depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth.enter()
        if self._table is not None:
            self._table.start(name, attributes, self._depth.open)
        elif name == f"{TABLE}table":
            self._start_table(attributes)
        elif name == f"{STYLE}style":
            self._style = attributes.get(f"{STYLE}name", "")
        elif attributes.get(f"{TABLE}display") == "false":
            self._hidden_styles.add(self._style)

    def end(self, name: str) -> None:
        depth = self._depth.open
        self._depth.leave()
        if self._table is None:
            return
        if depth == self._table_depth:
            self._end_table(self._table)
        else:
            self._table.end(name, depth)

    def text(self, data: str) -> None:
        if self._table is not None:
            self._table.text(data)

    def _start_table(self, attributes: dict[str, str]) -> None:
        hidden = attributes.get(f"{TABLE}style-name") in self._hidden_styles
        self._builder = SheetBuilder(
            attributes.get(f"{TABLE}name", ""), self._budget, hidden=hidden
        )
        self._table = TableEvents(self._builder)
        self._table_depth = self._depth.open

    def _end_table(self, table: TableEvents) -> None:
        sheet = self._builder.finish()
        self.sheets.append(sheet)
        self._table = None
        if table.linked:
            self.remarks.append(
                f"Feuille « {sheet.name} » : valeur liée à un autre classeur en {table.linked} ; "
                "la dernière valeur enregistrée est lue, l’autre classeur n’est pas ouvert."
            )
