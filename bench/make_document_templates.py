"""Write the Word templates that come with the program: make_document_templates.py [FOLDER].

They are made once and kept in resources/documents; users take a copy of them and change it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table

GREY = RGBColor(0x5B, 0x67, 0x70)
HEAD = "E8EBEE"
RISKS = (
    ("N°", "{{ risk.number }}", 12),
    ("Famille", "{{ risk.hazard_family }}", 32),
    ("Situation dangereuse", "{{ risk.situation }} {{ risk.standing }}", 58),
    ("Dommages", "{{ risk.harm }}", 34),
    ("Brut", "{{ risk.initial }}", 12),
    ("Mesures existantes", "", 55),
    ("Résiduel", "", 24),
    ("Actions de prévention", "", 42),
)
PROGRAMME = (
    ("Mesure et risque visé", "{{ action.title }}\n{{ action.risk }} {{ action.work_unit }}", 50),
    ("Type", "{{ action.measure_type }}", 22),
    ("Conditions d’exécution", "{{ action.conditions }}", 26),
    ("Ressources", "{{ action.resources }}", 22),
    ("Pilote", "{{ action.pilot }}", 24),
    (
        "Indicateur : cible, constatée",
        "{{ action.indicator }} {{ action.target }} {{ action.found }}",
        28,
    ),
    (
        "Coût prévu, engagé, réel",
        "{{ action.cost }} {{ action.committed_cost }} {{ action.real_cost }}",
        24,
    ),
    (
        "Début, échéance, révisée",
        "{{ action.start }} {{ action.due }} {{ action.revised_due }}",
        24,
    ),
    (
        "Suivi",
        "{{ action.state }} {{ action.progress }} {{ action.done_on }} {{ action.proof }}",
        26,
    ),
    (
        "Efficacité",
        "{{ action.verified_on }} {{ action.verification }} {{ action.verified_by }}",
        23,
    ),
)


def main() -> None:
    """Write both templates."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("resources/documents")
    _document().save(str(folder / "document.docx"))
    _sheet().save(str(folder / "sheet.docx"))


def _new(*, wide: bool) -> Docx:
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(14))
    normal: Any = made.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(9.5)
    normal.paragraph_format.space_after = Pt(3)
    for level, size in ((1, 16), (2, 12.5), (3, 10.5)):
        style: Any = made.styles[f"Heading {level}"]
        style.font.name, style.font.size = "Calibri", Pt(size)
        style.font.color.rgb = RGBColor(0x1F, 0x29, 0x33)
        fonts = style.element.rPr.rFonts
        for key in [each for each in fonts.attrib if each.endswith("Theme")]:
            del fonts.attrib[key]
    footer = section.footer.paragraphs[0]
    footer.text = "{{ title }} · {{ date }}"
    footer.runs[0].font.size, footer.runs[0].font.color.rgb = Pt(7.5), GREY
    return made


def _document() -> Docx:
    made = _new(wide=True)
    made.add_paragraph("{{ logo }}")
    made.add_paragraph("{{ employer.employer }}").runs[0].font.color.rgb = GREY
    made.add_heading("{{ title }}", 1)
    made.add_paragraph("{%p for line in lines %}")
    made.add_paragraph("{{ line }}")
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("État au {{ date }}")
    made.add_paragraph("{%p if notices %}")
    made.add_heading("À savoir de cette version", 2)
    made.add_paragraph("{%p for notice in notices %}")
    made.add_paragraph("{{ notice }}", style="List Bullet")
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p endif %}")
    made.add_heading("Vue d’ensemble", 2)
    _summary(made, "summary")
    made.add_paragraph("{%p for branch in branches %}")
    made.add_page_break()
    made.add_heading("{{ branch.name }}", 1)
    made.add_paragraph("{%p for unit in branch.units %}")
    made.add_heading("{{ unit.name }}", 2)
    made.add_paragraph("{{ unit.path }}  {{ unit.site }}  {{ unit.people }}")
    made.add_paragraph("{{ unit.activity }}")
    made.add_paragraph("{%p if unit.risks %}")
    _risk_table(made)
    made.add_paragraph("{%p endif %}")
    _to_evaluate(made)
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p endfor %}")
    made.add_page_break()
    made.add_heading("Programme annuel de prévention", 1)
    _rows(made, PROGRAMME, "action in programme")
    made.add_paragraph("{%p for annex in annexes %}")
    made.add_page_break()
    made.add_heading("{{ annex.title }}", 1)
    made.add_paragraph("{{ annex.explanation }}")
    _annex_rows(made)
    made.add_paragraph("{%p endfor %}")
    made.add_heading("Méthodes de cotation", 1)
    made.add_paragraph("{%p for method in methods %}")
    made.add_heading("{{ method.name }}", 2)
    made.add_paragraph("{{ method.formula }}")
    made.add_paragraph("{%p for scale in method.scales %}")
    made.add_paragraph("{{ scale.name }}").runs[0].bold = True
    made.add_paragraph("{%p for step in scale.steps %}")
    made.add_paragraph(
        "{{ step.value }} : {{ step.label }} ({{ step.meaning }})", style="List Bullet"
    )
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p endfor %}")
    return made


def _sheet() -> Docx:
    made = _new(wide=False)
    made.add_paragraph("{%p for unit in units %}")
    made.add_paragraph("{{ logo }}")
    made.add_paragraph("{{ employer.employer }}  {{ unit.path }}").runs[0].font.color.rgb = GREY
    made.add_heading("{{ unit.name }}", 1)
    made.add_paragraph("{{ unit.site }}  {{ unit.people }}")
    made.add_paragraph("{{ unit.activity }}")
    _summary(made, "unit.summary")
    made.add_paragraph("{%p for risk in unit.risks %}")
    made.add_heading("{{ risk.situation }}", 3)
    made.add_paragraph(
        "{{ risk.residual_level }} ({{ risk.residual }})  {{ risk.hazard_family }}  "
        "{{ risk.harm }}  {{ risk.standing }} {{ risk.particularity }}"
    )
    made.add_paragraph("{%p for measure in risk.measures %}")
    made.add_paragraph("{{ measure.title }}", style="List Bullet")
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p for action in risk.actions %}")
    made.add_paragraph(
        "Prévu : {{ action.title }} {{ action.pilot }} {{ action.due }}", style="List Bullet"
    )
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p endfor %}")
    _to_evaluate(made)
    made.add_page_break()
    made.add_paragraph("{%p endfor %}")
    return made


def _summary(made: Docx, levels: str) -> None:
    one = "{{ level.label }} : {{ level.count }}   "
    made.add_paragraph(f"{{% for level in {levels} %}}{one}{{% endfor %}}")


def _to_evaluate(made: Docx) -> None:
    made.add_paragraph("{%p if unit.to_evaluate %}")
    made.add_heading("À évaluer", 3)
    made.add_paragraph("{%p for risk in unit.to_evaluate %}")
    made.add_paragraph("{{ risk.situation }} {{ risk.source }}", style="List Bullet")
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p endif %}")
    made.add_paragraph("{%p if unit.not_here %}")
    made.add_heading("Sans objet ici", 3)
    made.add_paragraph("{%p for risk in unit.not_here %}")
    made.add_paragraph("{{ risk.situation }} {{ risk.particularity }}", style="List Bullet")
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p endif %}")


def _risk_table(made: Docx) -> None:
    table = _rows(made, RISKS, "risk in unit.risks")
    cells = table.rows[2].cells
    cells[5].text = (
        "{% for measure in risk.measures %}{{ measure.title }}{% if not loop.last %} ; "
        "{% endif %}{% endfor %}"
    )
    cells[6].text = "{% cellbg risk.shade %}{{r risk.level_text }}"
    cells[7].text = (
        "{% for action in risk.actions %}{{ action.title }} ({{ action.due }})"
        "{% if not loop.last %} ; {% endif %}{% endfor %}"
    )
    for cell in cells[5:8]:
        _small(cell)


def _rows(made: Docx, columns: tuple[tuple[str, str, int], ...], each: str) -> Table:
    """A table with one row for each: a head, the two lines of the loop around the row."""
    table = made.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    table.autofit = False
    for at, (label, value, width) in enumerate(columns):
        head, cell = table.rows[0].cells[at], table.rows[2].cells[at]
        head.text = label
        head.paragraphs[0].runs[0].bold = True
        _shade(head, HEAD)
        cell.text = value
        table.columns[at].width = Mm(width)
        for row in table.rows:
            row.cells[at].width = Mm(width)
        _small(head)
        _small(cell)
    table.rows[1].cells[0].text = f"{{%tr for {each} %}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    _repeat(table)
    return table


def _annex_rows(made: Docx) -> None:
    """The columns of an annex are not known before: its rows are listed as lines."""
    made.add_paragraph("{%p for row in annex.rows %}")
    made.add_paragraph(
        "{% for cell in row %}{% if cell %}{{ annex.columns[loop.index0] }} : {{ cell }}. "
        "{% endif %}{% endfor %}",
        style="List Bullet",
    )
    made.add_paragraph("{%p endfor %}")


def _small(cell: Any) -> None:
    for paragraph in cell.paragraphs:
        paragraph.paragraph_format.space_after = Pt(0)
        for run in paragraph.runs:
            run.font.size = Pt(8)


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _repeat(table: Table) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row: Any = table.rows[0]
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001


if __name__ == "__main__":
    main()
