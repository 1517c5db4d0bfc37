"""Files named by the digest of their bytes: what such a name is, and where one lies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

FILES: Final = "files"
"""The folder of a workspace in which they lie."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Whether this names such a file; a record that came from elsewhere may name anything."""
    return _DIGEST.fullmatch(text) is not None


def place_in(files: Path, digest: str) -> Path:
    """Where the bytes with a digest lie in a folder of such files."""
    return files / digest[:2] / digest
