"""The document unique and the sheets of its units as PDF: from our own templates, by Typst.

PDF/A-2a for the archives, with its structure tagged for who reads by ear (PDF/UA-1). Nothing is
fetched: fonts and templates are those that come with the program.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

from prevention_app import paths
from prevention_app.domain.document_content import DocumentContent
from prevention_app.errors import PreventionError, UnreadableFile
from prevention_app.exchange.printed_document import UNREADABLE_LOGO, Form, Heading, view_of

_STANDARDS: Final = ("a-2a", "ua-1")
_IMAGES: Final = {b"\x89PNG": "logo.png", b"\xff\xd8\xff": "logo.jpg", b"<svg": "logo.svg"}


def document_pdf(
    content: DocumentContent, heading: Heading, form: Form = Form.DOCUMENT, logo: bytes = b""
) -> bytes:
    """The pages of a content; the same content gives the same bytes.

    Raises UnreadableFile where the logo cannot be read.
    """
    import typst

    view = view_of(content, heading)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for each in paths.resource("documents").glob("*.typ"):
            shutil.copyfile(each, place / each.name)
        view["logo"] = _keep(logo, place)
        text = json.dumps(view, ensure_ascii=False)
        (place / "data.json").write_text(text, encoding="utf-8")
        moment = datetime.combine(content.as_at, time(), UTC)
        try:
            return typst.compile(
                place / f"{form}.typ",
                root=place,
                font_paths=[paths.resource("fonts")],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=list(_STANDARDS),
                timestamp=moment,
            )
        except RuntimeError as error:
            if "decode image" in str(error):
                raise UnreadableFile(UNREADABLE_LOGO) from error
            raise PreventionError(f"Le PDF n’a pas pu être composé : {error}") from error


def _keep(logo: bytes, folder: Path) -> str:
    """The name under which a picture lies beside the template; empty where there is none."""
    name = next((name for start, name in _IMAGES.items() if logo.startswith(start)), "")
    if name:
        (folder / name).write_bytes(logo)
    return name
