"""Excel workbooks (.xlsx, .xlsm; strict or transitional): their sheets and what belongs to them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reading import refusals
from prevention_app.exchange.reading.archive import Archive, resolve
from prevention_app.exchange.reading.budget import Budget, composed
from prevention_app.exchange.reading.grid import SheetBuilder, drop_empty_end
from prevention_app.exchange.reading.xlsx_comments import add_conversations, add_notes
from prevention_app.exchange.reading.xlsx_sheet import SheetEvents
from prevention_app.exchange.reading.xlsx_styles import read_styles
from prevention_app.exchange.reading.xlsx_text import SharedTexts, is_on
from prevention_app.exchange.reading.xlsx_values import BookContext
from prevention_app.exchange.reading.xml_events import feed, tree
from prevention_app.exchange.sheets import Sheet

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_SHEETS = 1000
_KINDS_WITHOUT_CELLS = {
    "chartsheet": "graphique",
    "dialogsheet": "boîte de dialogue",
    "xlMacrosheet": "feuille de macros",
}


def read_xlsx(archive: Archive) -> tuple[list[Sheet], list[str]]:
    """The worksheets in order, and remarks as finished sentences.

    Raises:
        UnreadableFile: the workbook is damaged, dangerous, too large or has no worksheet.
    """
    return _Workbook(archive).read()


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    """The last word of its type: worksheet, styles, comments…"""
    path: str


@dataclass(frozen=True, slots=True)
class _SheetEntry:
    name: str
    hidden: bool
    relation: _Relation


class _Workbook:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._remarks: list[str] = []
        self._with_text_boxes: list[str] = []
        self._path = _main_path(archive)
        self._root = tree(archive.whole(self._path))
        self._relations = _relations(archive, self._path)

    def read(self) -> tuple[list[Sheet], list[str]]:
        entries = list(self._entries())
        worksheets = [each for each in entries if each.relation.kind == "worksheet"]
        self._remark_on_other_sheets(entries)
        if not worksheets:
            charts = any(each.relation.kind == "chartsheet" for each in entries)
            raise UnreadableFile(refusals.ONLY_CHARTS if charts else refusals.NO_SHEET)
        if any(path.endswith("vbaproject.bin") for path in self._archive.paths):
            self._remarks.append("Les macros du classeur sont ignorées.")
        budget = Budget()
        context = self._context(budget)
        read = [self._read_sheet(each, context, budget) for each in worksheets]
        if self._with_text_boxes:
            sheets = "Feuille" if len(self._with_text_boxes) == 1 else "Feuilles"
            names = ", ".join(self._with_text_boxes)
            self._remarks.append(f"{sheets} {names} : le texte des zones de texte n’est pas lu.")
        if self._is_never_calculated([events for _, events in read]):
            for sheet, events in read:
                _take_zeros_back(sheet, events, budget)
        return [sheet for sheet, _ in read], self._remarks

    def _entries(self) -> Iterator[_SheetEntry]:
        elements = self._root.findall("{*}sheets/{*}sheet")
        if len(elements) > MAX_SHEETS:
            raise refusals.too_large(f"plus de {MAX_SHEETS} feuilles")
        for element in elements:
            relation = self._relations.get(_relation_id(element))
            name = element.get("name", "")
            if relation is None:
                raise refusals.damaged(f"feuille « {name} » absente de l’archive")
            yield _SheetEntry(name, element.get("state", "visible") != "visible", relation)

    def _remark_on_other_sheets(self, entries: list[_SheetEntry]) -> None:
        for each in entries:
            if each.relation.kind != "worksheet":
                what = _KINDS_WITHOUT_CELLS.get(each.relation.kind, "feuille d’un autre type")
                name = composed(each.name)
                self._remarks.append(f"Feuille « {name} » : {what}, sans données à importer.")

    def _context(self, budget: Budget) -> BookContext:
        texts = SharedTexts(budget)
        shared, styles, theme = map(self._part, ("sharedStrings", "styles", "theme"))
        if shared is not None:
            texts.read(self._archive.chunks(shared))
        context = BookContext(texts)
        if styles is not None:
            context.styles = read_styles(
                self._archive.whole(styles), None if theme is None else self._archive.whole(theme)
            )
        context.from_1904 = _flag(self._root, "{*}workbookPr", "date1904")
        context.has_external_links = self._root.find("{*}externalReferences") is not None
        return context

    def _part(self, kind: str) -> str | None:
        """The path of the workbook's part of that kind, if the archive has it."""
        for each in self._relations.values():
            if each.kind == kind and each.path in self._archive:
                return each.path
        return None

    def _read_sheet(
        self, entry: _SheetEntry, context: BookContext, budget: Budget
    ) -> tuple[Sheet, SheetEvents]:
        builder = SheetBuilder(entry.name, budget, hidden=entry.hidden)
        events = SheetEvents(builder, context)
        path = entry.relation.path
        feed(self._archive.chunks(path), events, namespaces=False)
        relations = list(_relations(self._archive, path).values())
        self._add_comments(relations, builder)
        self._remark_on_sheet(builder, events)
        if self._has_text_boxes(relations):
            self._with_text_boxes.append(f"« {builder.sheet.name} »")
        return builder.finish(), events

    def _add_comments(self, relations: list[_Relation], builder: SheetBuilder) -> None:
        present = [each for each in relations if each.path in self._archive]
        conversations = [each for each in present if each.kind == "threadedComment"]
        for each in present:
            if each.kind == "comments":
                content = self._archive.whole(each.path)
                add_notes(content, builder, conversations=bool(conversations))
        for each in conversations:
            add_conversations(self._archive.whole(each.path), builder)

    def _has_text_boxes(self, relations: list[_Relation]) -> bool:
        """Whether a drawing on the sheet holds written words (its runs are `<a:t>` elements)."""
        return any(
            each.kind == "drawing"
            and each.path in self._archive
            and b":t>" in self._archive.whole(each.path)
            for each in relations
        )

    def _remark_on_sheet(self, builder: SheetBuilder, events: SheetEvents) -> None:
        if events.linked:
            self._remark(
                builder,
                f"valeur liée à un autre classeur en {events.linked} ; la dernière valeur "
                "enregistrée est lue, l’autre classeur n’est pas ouvert.",
            )
        if events.partly_struck:
            self._remark(builder, f"texte barré en partie en {events.partly_struck}, lu en entier.")
        if builder.styles_dropped:
            self._remark(
                builder,
                "trop de cellules colorées ou barrées : couleurs et texte barré ne sont pas lus.",
            )

    def _remark(self, builder: SheetBuilder, sentence: str) -> None:
        self._remarks.append(f"Feuille « {builder.sheet.name} » : {sentence}")

    def _is_never_calculated(self, sheets: list[SheetEvents]) -> bool:
        """Whether a program wrote 0 for every formula and left the calculation to Excel."""
        return _flag(self._root, "{*}calcPr", "fullCalcOnLoad") and not any(
            each.has_other_formulas for each in sheets
        )


def _take_zeros_back(sheet: Sheet, events: SheetEvents, budget: Budget) -> None:
    for row, column in events.zero_formulas:
        budget.spend_mark()
        sheet.rows[row - 1][column - 1] = None
        sheet.uncalculated.add((row, column))
    drop_empty_end(sheet)


def _main_path(archive: Archive) -> str:
    for each in _relations(archive, "").values():
        if each.kind == "officeDocument" and each.path in archive:
            return each.path
    if "xl/workbook.xml" in archive:
        return "xl/workbook.xml"
    raise refusals.damaged("classeur absent de l’archive")


def _relations(archive: Archive, source: str) -> dict[str, _Relation]:
    """What a part refers to in the archive, by identifier; what lies outside is left alone."""
    folder, name = posixpath.split(source)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive:
        return {}
    return {
        each.get("Id", ""): _Relation(
            each.get("Type", "").rpartition("/")[2], resolve(source, each.get("Target", ""))
        )
        for each in tree(archive.whole(path)).iterfind("{*}Relationship")
        if each.get("TargetMode") != "External"
    }


def _relation_id(element: Element) -> str:
    """The value of `r:id`, in whichever namespace the workbook's flavour keeps it."""
    for name, value in element.attrib.items():
        if name.endswith("}id"):
            return value
    return ""


def _flag(root: Element, path: str, name: str) -> bool:
    element = root.find(path)
    return element is not None and is_on(element.get(name, "0"))
