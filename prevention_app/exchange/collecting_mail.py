"""Mails that the user's own program opens as drafts (.eml): this program sends none itself.

`X-Unsent: 1` lets Outlook and others open the file for sending instead of reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final

from prevention_app.exchange.safe_file import refuse_locked, replacing
from prevention_app.exchange.typography import typeset

_XLSX: Final = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to be looked over, addressed and sent by a person."""

    subject: str
    paragraphs: Sequence[str]
    attached: Path


def write_draft(draft: Draft, out: Path) -> None:
    """Write the mail with its workbook; raises PreventionError where it cannot be written."""
    refuse_locked(out)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = typeset(draft.subject)
    message["X-Unsent"] = "1"
    message.set_content("\n\n".join(typeset(each) for each in draft.paragraphs) + "\n")
    maintype, subtype = _XLSX
    message.add_attachment(
        draft.attached.read_bytes(),
        maintype=maintype,
        subtype=subtype,
        filename=draft.attached.name,
    )
    with replacing(out) as file:
        file.write(message.as_bytes())
