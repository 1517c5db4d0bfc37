"""The notice to pin up that says where the document unique can be looked into (R4121-4)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Final

from prevention_app.exchange.typography import typeset

_READERS: Final = (
    "les agents, et les anciens agents pour les versions de la période où ils étaient en poste ;",
    "les membres de la formation spécialisée en santé, sécurité et conditions de travail (F3SCT) ;",
    "le service de médecine préventive ;",
    "l’inspection du travail et l’agent chargé d’une fonction d’inspection (ACFI) ;",
    "les services de prévention des organismes de sécurité sociale ;",
    "les organismes professionnels de santé, de sécurité et des conditions de travail ;",
    "les inspecteurs de la radioprotection, pour les établissements qu’ils contrôlent.",
)
"""Who may, by code du travail R4121-4 and the rules of the territorial service."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the notice says."""

    employer: str
    version: str
    place: str
    how: str
    contact: str
    """A function or a service, never a name."""


def notice_docx(notice: Notice) -> bytes:
    """The notice as a Word file of one page."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    made: Any = Document()
    made.core_properties.title = "Avis d’accès au document unique"
    made.core_properties.author = "Service prévention"
    made.core_properties.language = "fr-FR"
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    made.styles["Normal"].font.name = "Arial"
    made.styles["Normal"].font.size = Pt(13)

    def line(text: str, size: int = 13, *, bold: bool = False, centred: bool = False) -> None:
        paragraph = made.add_paragraph()
        run = paragraph.add_run(typeset(text))
        run.bold, run.font.size = bold, Pt(size)
        paragraph.paragraph_format.space_after = Pt(8)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    line(notice.employer, 14, centred=True)
    line("AVIS D’ACCÈS AU DOCUMENT UNIQUE", 24, bold=True, centred=True)
    line("Évaluation des risques professionnels (code du travail R4121-4)", centred=True)
    line(notice.version, bold=True, centred=True)
    line("Où le consulter", 16, bold=True)
    line(notice.place)
    line("Comment", 16, bold=True)
    line(notice.how)
    line("À qui s’adresser", 16, bold=True)
    line(notice.contact)
    line("Qui peut le consulter", 16, bold=True)
    for each in _READERS:
        made.add_paragraph(typeset(each), style="List Bullet")
    line(
        "Chaque version est conservée quarante ans à compter de son élaboration. "
        "Cet avis est affiché à la même place que le règlement intérieur.",
        11,
    )
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()
