"""What Excel is known to require of the parts of a workbook; each check yields what is wrong."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

SHEET_ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection "
    "protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells "
    "phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins "
    "pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors "
    "smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
).split()


class Parts:
    """A workbook taken apart."""

    def __init__(self, file: Path) -> None:
        self.bytes = {}
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert len(names) == len(set(names))
            for name in names:
                self.bytes[name] = archive.read(name)
        self.xml = {
            name: ET.fromstring(content)
            for name, content in self.bytes.items()
            if name.endswith((".xml", ".rels"))
        }

    def relations(self, part):
        """Id → part that a part refers to."""
        folder, name = posixpath.split(part)
        rels = self.xml.get(f"{folder}/_rels/{name}.rels".lstrip("/"))
        if rels is None:
            return {}
        found = {}
        for each in rels:
            target = each.get("Target")
            if each.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            found[each.get("Id")] = target
        return found

    def sheets(self):
        """Name → part of every sheet, in order."""
        relations = self.relations("xl/workbook.xml")
        book = self.xml["xl/workbook.xml"]
        return {
            each.get("name"): relations[each.get(RELATION)] for each in book.find(f"{MAIN}sheets")
        }

    def tables(self):
        """(part of its sheet, table element) of every table."""
        for part in self.sheets().values():
            relations = self.relations(part)
            for each in self.xml[part].iter(f"{MAIN}tablePart"):
                yield part, self.xml[relations[each.get(RELATION)]]

    def shared_strings(self):
        root = self.xml["xl/sharedStrings.xml"]
        return ["".join(text.text or "" for text in each.iter(f"{MAIN}t")) for each in root]


def all_problems(parts: Parts) -> list[str]:
    return [
        problem
        for check in (
            content_types,
            relationships,
            sheet_names,
            element_order,
            rows_and_cells,
            strings,
            styles,
            tables,
            defined_names,
            merges,
            headers,
            charts,
        )
        for problem in check(parts)
    ]


def content_types(parts):
    root = parts.xml["[Content_Types].xml"]
    defaults = {each.get("Extension") for each in root.iter(f"{TYPES}Default")}
    overrides = {each.get("PartName").lstrip("/") for each in root.iter(f"{TYPES}Override")}
    for name in parts.bytes:
        known = name in overrides or (name.endswith(".rels") and "rels" in defaults)
        if name != "[Content_Types].xml" and not known:
            yield f"{name} has no content type"
    yield from (f"{name} is declared and absent" for name in overrides - set(parts.bytes))


def relationships(parts):
    for name in parts.xml:
        if name.endswith(".rels"):
            continue
        relations = parts.relations(name)
        for target in relations.values():
            if target not in parts.bytes and "://" not in target:
                yield f"{name} refers to {target}, which is absent"
        used = {value for each in parts.xml[name].iter() if (value := each.get(RELATION))}
        yield from (f"{name} uses {each}, which leads nowhere" for each in used - set(relations))


def sheet_names(parts):
    names = list(parts.sheets())
    for name in names:
        if len(name) > 31 or re.search(r"[\[\]:*?/\\]", name) or name.strip("'") != name:
            yield f"sheet name {name!r}"
    if len({name.casefold() for name in names}) < len(names):
        yield "two sheets share a name"


def element_order(parts):
    for name, part in parts.sheets().items():
        places = [SHEET_ORDER.index(each.tag.removeprefix(MAIN)) for each in parts.xml[part]]
        if places != sorted(places):
            yield f"{name}: elements out of order"


def rows_and_cells(parts):
    for name, part in parts.sheets().items():
        last_row, extent = 0, (0, 0)
        for row in parts.xml[part].iter(f"{MAIN}row"):
            number = int(row.get("r"))
            if number <= last_row:
                yield f"{name}: row {number} after {last_row}"
            last_row, last_column = number, 0
            for cell in row:
                column, own = place(cell.get("r"))
                if own != number or column <= last_column:
                    yield f"{name}: cell {cell.get('r')} in row {number}"
                last_column = column
            extent = (max(extent[0], last_column), max(extent[1], number))
        written = parts.xml[part].find(f"{MAIN}dimension").get("ref").rpartition(":")[2]
        if place(written) != extent:
            yield f"{name}: dimension ends at {written}, cells at {extent}"


def strings(parts):
    root = parts.xml["xl/sharedStrings.xml"]
    held = parts.shared_strings()
    used = Counter()
    for name, part in parts.sheets().items():
        for cell in parts.xml[part].iter(f"{MAIN}c"):
            formula = cell.find(f"{MAIN}f")
            if formula is not None:
                text = formula.text or ""
                if text.startswith("=") or len(text) > 8192 or cell.find(f"{MAIN}v") is None:
                    yield f"{name}!{cell.get('r')}: formula {text[:40]!r}"
            if cell.get("t") == "s":
                used[int(cell.find(f"{MAIN}v").text)] += 1
            if cell.get("t") == "inlineStr":
                text = "".join(each.text or "" for each in cell.iter(f"{MAIN}t"))
                if not text or len(text.encode("utf-16-le")) > 2 * 32_767:
                    yield f"{name}!{cell.get('r')}: a text of {len(text)} characters"
    if int(root.get("uniqueCount")) != len(held) or len(set(held)) != len(held):
        yield "shared strings are not counted right"
    if int(root.get("count")) != used.total() or set(used) - set(range(len(held))):
        yield f"shared strings: {root.get('count')} announced, {used.total()} used"


def styles(parts):
    root = parts.xml["xl/styles.xml"]
    formats = len(root.find(f"{MAIN}cellXfs"))
    overlays = len(root.find(f"{MAIN}dxfs"))
    for each in root.iter(f"{MAIN}numFmt"):
        if len(each.get("formatCode")) > 255 or ";" in "".join(
            re.findall(r'"[^"]*"', each.get("formatCode"))
        ):
            yield f"number format {each.get('formatCode')}"
    for name, part in parts.xml.items():
        for each in part.iter():
            if each.tag == f"{MAIN}c" and int(each.get("s", 0)) >= formats:
                yield f"{name}: {each.get('r')} has no format"
            for key in ("dxfId", "dataDxfId"):
                if int(each.get(key, -1)) >= overlays:
                    yield f"{name}: no overlay {each.get(key)}"


def tables(parts):
    seen, ids = Counter(), Counter()
    held = parts.shared_strings()
    for part, table in parts.tables():
        name = table.get("displayName")
        seen[name.casefold()] += 1
        ids[table.get("id")] += 1
        first, last = table.get("ref").split(":")
        (left, top), (right, bottom) = place(first), place(last)
        heads = [each.get("name") for each in table.iter(f"{MAIN}tableColumn")]
        if len({each.casefold() for each in heads}) < len(heads):
            yield f"{name}: headings are not unique"
        if len(heads) != right - left + 1:
            yield f"{name}: {len(heads)} columns in {table.get('ref')}"
        row = next(r for r in parts.xml[part].iter(f"{MAIN}row") if int(r.get("r")) == top)
        cells = {place(c.get("r"))[0]: held[int(c.find(f"{MAIN}v").text)] for c in row}
        if [cells.get(at) for at in range(left, right + 1)] != heads:
            yield f"{name}: headings differ from the cells"
        total = int(table.get("totalsRowCount", 0))
        filtered = table.find(f"{MAIN}autoFilter").get("ref")
        if place(filtered.split(":")[1]) != (right, bottom - total):
            yield f"{name}: filter {filtered} of {table.get('ref')}"
        rows = [int(r.get("r")) for r in parts.xml[part].iter(f"{MAIN}row")]
        if not set(range(top, bottom + 1)) <= set(rows) or bottom - total <= top:
            yield f"{name}: rows are missing"
    yield from (f"table {each} twice" for each, count in (seen + ids).items() if count > 1)


def defined_names(parts):
    book = parts.xml["xl/workbook.xml"]
    sheets = set(parts.sheets())
    seen = Counter()
    found = book.find(f"{MAIN}definedNames")
    for each in found if found is not None else ():
        name, text = each.get("name"), each.text
        seen[name.casefold(), each.get("localSheetId")] += 1
        if not re.fullmatch(r"(_xlnm\.)?[A-Za-z_]\w*", name) or re.fullmatch(
            r"[A-Za-z]{1,3}\d+", name
        ):
            yield f"name {name}"
        quoted = re.findall(r"'((?:[^']|'')+)'!", text) or re.findall(r"(\w+)!", text)
        if "#REF" in text or not {each.replace("''", "'") for each in quoted} <= sheets:
            yield f"name {name} leads to {text}"
    yield from (f"name {each} twice" for each, count in seen.items() if count > 1)


def merges(parts):
    for name, part in parts.sheets().items():
        taken = Counter()
        for each in parts.xml[part].iter(f"{MAIN}mergeCell"):
            (left, top), (right, bottom) = map(place, each.get("ref").split(":"))
            taken.update((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))
        if any(count > 1 for count in taken.values()):
            yield f"{name}: merged cells overlap"


def headers(parts):
    for name, part in parts.sheets().items():
        for each in parts.xml[part].iter():
            if each.tag not in (f"{MAIN}oddHeader", f"{MAIN}oddFooter"):
                continue
            # « &9 3e trimestre » without its space would be a size of 93.
            if len(each.text) > 255 or re.search(r"&\d(?! )", each.text):
                yield f"{name}: {each.text}"


def charts(parts):
    for name, root in parts.xml.items():
        if not name.startswith("xl/charts/chart"):
            continue
        for series in root.iter(f"{CHART}ser"):
            lengths = set()
            for key in ("cat", "val"):
                holder = series.find(f"{CHART}{key}")
                counted = next(holder.iter(f"{CHART}ptCount"), None)
                points = list(holder.iter(f"{CHART}pt"))
                if counted is None or not points:
                    yield f"{name}: a series without {key} data"
                    continue
                lengths.add(int(counted.get("val")))
            if len(lengths) > 1:
                yield f"{name}: points and categories differ"


def place(reference: str) -> tuple[int, int]:
    """Column and row of a reference, from 1."""
    letters, number = re.fullmatch(r"([A-Z]+)(\d+)", reference).groups()
    column = 0
    for each in letters:
        column = column * 26 + ord(each) - 64
    return column, int(number)
