"""The document unique and the sheets of its units as Word, from templates that users can change.

A template may have come by mail: it is filled in a sandbox, and its archive is looked at before.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from prevention_app import paths
from prevention_app.domain.document_content import DocumentContent
from prevention_app.errors import PreventionError, Refused, UnreadableFile
from prevention_app.exchange.printed_document import UNREADABLE_LOGO, Form, Heading, View, view_of

_LOGO_MM: Final = 18
_CONVERTERS: Final = ("soffice", "libreoffice")
_CONVERTER_SECONDS: Final = 180


def template_of(form: Form) -> Path:
    """The template that comes with the program, a model for one's own."""
    return paths.resource("documents") / f"{form}.docx"


def document_docx(
    content: DocumentContent,
    heading: Heading,
    form: Form = Form.DOCUMENT,
    logo: bytes = b"",
    template: Path | None = None,
) -> bytes:
    """A template filled with a content.

    Raises UnreadableFile for a template that is none, or that names what there is not.
    """
    from docx.image.exceptions import UnrecognizedImageError
    from docx.opc.exceptions import PackageNotFoundError
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage
    from jinja2 import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    place = template or template_of(form)
    view = _coloured(view_of(content, heading))
    try:
        made: Any = DocxTemplate(str(place))
        picture = logo and not logo.startswith(b"<svg")
        view["logo"] = InlineImage(made, io.BytesIO(logo), height=Mm(_LOGO_MM)) if picture else ""
        made.render(view, jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
        written = io.BytesIO()
        made.save(written)
    except TemplateError as error:
        raise UnreadableFile(
            f"{place.name} : ce modèle contient une balise que le programme ne comprend pas "
            f"({error})."
        ) from error
    except UnrecognizedImageError as error:
        raise UnreadableFile(UNREADABLE_LOGO) from error
    except (OSError, ValueError, KeyError, BadZipFile, PackageNotFoundError) as error:
        raise UnreadableFile(f"{place.name} : ce fichier n’est pas un modèle Word.") from error
    return written.getvalue()


def _coloured(view: View) -> View:
    """The same with what Word wants for colours: the shade of a cell, the text on it."""
    from docxtpl import RichText

    units: list[dict[str, Any]] = view["units"]
    for unit in units:
        for risk in (*unit["risks"], *unit["to_evaluate"]):
            risk["shade"] = str(risk["fill"]).removeprefix("#")
            said = f"{risk['residual']} {risk['residual_level']}".strip()
            risk["level_text"] = RichText(said, color=risk["text"], bold=True, size=16)
    return view


def converter() -> str:
    """The program on this computer that makes a PDF of a Word file.

    Raises Refused where there is none: the program's own pages need no other program.
    """
    found = next((found for each in _CONVERTERS if (found := shutil.which(each))), None)
    if found is None:
        raise Refused(
            "Un modèle Word devient un PDF par LibreOffice, qui n’a pas été trouvé sur cet "
            "ordinateur : écrivez un fichier .docx, ou le PDF du programme, sans modèle."
        )
    return found


def as_pdf(docx: bytes) -> bytes:
    """A Word file as PDF, by LibreOffice; raises Refused where it is not installed."""
    program = converter()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "document.docx"
        place.write_bytes(docx)
        profile = (Path(folder) / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
        try:
            subprocess.run(  # noqa: S603  (a program found on the path, our own file)
                [*command, "pdf", "--outdir", folder, str(place)],
                check=True,
                capture_output=True,
                timeout=_CONVERTER_SECONDS,
            )
            return place.with_suffix(".pdf").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise PreventionError("LibreOffice n’a pas pu écrire ce PDF.") from error
