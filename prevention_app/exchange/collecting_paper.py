"""The collecting sheet as a Word document, to print and fill in by hand in a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from prevention_app.exchange import collecting_model as model
from prevention_app.exchange.collecting_model import RiskSheet
from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.exchange.typography import typeset

_BOX: Final = "☐"
_MARGIN_CM: Final = 1.2
_KNOWN: Final = (
    ("N°", 0.9), ("Famille", 4.0), ("Situation dangereuse", 6.6), ("Mesures en place", 4.8),
    ("Niveau", 1.8), ("Toujours vrai", 1.9), ("A changé", 1.9), ("N’existe plus", 1.9),
    ("Remarque", 3.5),
)  # fmt: skip
_BLANK: Final = (
    ("N°", 1.1), ("Famille", 4.2), ("Situation dangereuse, depuis quand, combien d’agents", 12.0),
    ("Mesures déjà en place", 6.0), ("Remarque", 4.0),
)  # fmt: skip
_BLANK_ROW_CM: Final = 1.05
_HEADING_PT: Final = 8.5


def write_paper(asked: RiskSheet, out: Path) -> None:
    """Write the document; raises PreventionError where the file cannot be written."""
    from docx import Document

    refuse_locked(out)
    document: Any = Document()
    _lay_out(document)
    _head(document, asked)
    document.add_heading("Situations enregistrées aujourd’hui", level=2)
    _known(document, asked)
    if asked.lines:
        document.add_page_break()
    document.add_heading("Situations nouvelles", level=2)
    _blank(document)
    _foot(document, asked)
    with replacing(out) as file:
        document.save(file)


def _lay_out(document: Any) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(_MARGIN_CM))
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(9.5)
    normal.paragraph_format.space_after = Pt(2)
    for name, size in (("Title", 18), ("Heading 2", 12)):
        style = document.styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        style.font.color.rgb = RGBColor(0x17, 0x32, 0x4D)
        # The theme's own fonts would win over the name.
        fonts = style.element.rPr.rFonts
        for key in list(fonts.attrib):
            if key.endswith("Theme"):
                del fonts.attrib[key]


def _head(document: Any, asked: RiskSheet) -> None:
    document.add_heading(typeset(f"Fiche de collecte : {asked.unit}"), level=0)
    until = f" · à rendre avant le {asked.answers_until:%d/%m/%Y}" if asked.answers_until else ""
    parts = [each for each in (asked.employer, asked.branch, asked.campaign) if each]
    document.add_paragraph(f"{' · '.join(parts)} · préparée le {asked.sent_on:%d/%m/%Y}{until}")
    document.add_paragraph(
        typeset(
            "Pour chaque situation, cochez une case et écrivez en remarque ce qui a changé. "
            "Décrivez ensuite les situations nouvelles. Indiquez des fonctions, aucun nom."
        )
    )
    document.add_paragraph(
        typeset(
            "Date de la réunion : ____ / ____ / ________     "
            "Qui a participé (fonctions) : ____________________________________________________"
            "______________"
        )
    )


def _known(document: Any, asked: RiskSheet) -> None:
    rows = [
        (str(number), line.family, line.situation, line.measures, line.level, *([_BOX] * 3), "")
        for number, line in enumerate(asked.lines, 1)
    ]
    if not rows:
        document.add_paragraph("Aucune situation n’est enregistrée pour cette unité.")
        return
    _table(document, _KNOWN, rows, centred=(0, 5, 6, 7))


def _blank(document: Any) -> None:
    rows = [(f"N{at}", "", "", "", "") for at in range(1, model.BLANK_ROWS + 1)]
    _table(document, _BLANK, rows, centred=(0,), height_cm=_BLANK_ROW_CM)


def _table(
    document: Any,
    columns: Sequence[tuple[str, float]],
    rows: Sequence[Sequence[str]],
    *,
    centred: Sequence[int],
    height_cm: float = 0,
) -> None:
    """A framed table whose headings come again on every page and whose rows do not break."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    table = document.add_table(rows=len(rows) + 1, cols=len(columns))
    table.style = "Table Grid"
    table.autofit = False
    for column, (_, width) in zip(table.columns, columns, strict=True):
        column.width = Cm(width)
    # Rows are asked for their cells once: asking the table for each would go through it anew.
    for number, row in enumerate(table.rows):
        texts = [heading for heading, _ in columns] if number == 0 else rows[number - 1]
        for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Cm(columns[at][1])
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            if number == 0:
                run.bold, run.font.size = True, Pt(_HEADING_PT)
            if at in centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if number == 0:
                _shade(cell)
        _keep_whole(row, heading=number == 0)
        if height_cm and number:
            row.height = Cm(height_cm)


def _shade(cell: Any) -> None:
    shade = _element("w:shd")
    shade.set(_name("w:val"), "clear")
    shade.set(_name("w:fill"), "E8EEF4")
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  (the library has no shading)


def _keep_whole(row: Any, *, heading: bool) -> None:
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  (nor rows that repeat)
    properties.append(_element("w:cantSplit"))
    if heading:
        properties.append(_element("w:tblHeader"))


def _element(name: str) -> Any:
    from docx import oxml

    library: Any = oxml
    return library.OxmlElement(name)


def _name(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(name)


def _foot(document: Any, asked: RiskSheet) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.text = f"{asked.unit} · {asked.campaign} · fiche {asked.identity.token}"
