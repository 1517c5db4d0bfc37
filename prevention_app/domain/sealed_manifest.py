"""The manifest of a sealed version: what its files are, after which version it comes, whose key.

Its bytes follow from what it says, so that every other byte is a change; what is signed is all of
it but the signature.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
SIGNATURE: Final = "signature"
_SIGNED: Final = b"prevention, sealed version of a document unique, format 1\n"
"""Says what the signature is for: the key signs other things too."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})+")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One file of a version: its name within the folder, with « / » between folders."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Link:
    """Another version as a manifest names it."""

    name: str
    digest: str
    """SHA-256 of its manifest."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says, once it was found to be one."""

    name: str
    department: str
    sealed_on: str
    status: str
    kept_until: str
    content: str
    """SHA-256 of the content, whose file is among the others."""
    files: tuple[SealedFile, ...]
    previous: Link | None
    void: tuple[Link, ...]
    """Versions that were void by then."""
    public_key: str
    signature: bytes
    signed: bytes
    """The digest that the signature is of."""


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def as_bytes(document: Mapping[str, Any]) -> bytes:
    """A manifest as its file holds it."""
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()


def to_be_signed(document: Mapping[str, Any]) -> bytes:
    """The digest of all that a manifest says but its signature."""
    said = {key: each for key, each in document.items() if key != SIGNATURE}
    return hashlib.sha256(_SIGNED + as_bytes(said)).digest()


def sums_text(files: Iterable[SealedFile], manifest: str) -> bytes:
    """What `sha256sum -c` reads: every file but itself; `manifest` is the digest of that one."""
    lines = [f"{each.digest}  {each.name}\n" for each in files]
    return "".join([*lines, f"{manifest}  {MANIFEST}\n"]).encode()


def sums_in(data: bytes) -> dict[str, str]:
    """Name → digest as such a file tells them; lines that are none are passed over."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        digest, gap, name = line.partition("  ")
        if gap and _DIGEST.fullmatch(digest):
            found[name] = digest
    return found


def read(data: bytes) -> Manifest:
    """What the bytes of a manifest say; raises ValueError where they are not exactly one."""
    try:
        document = json.loads(data)
        if not isinstance(document, dict) or document["format"] != FORMAT:
            raise ValueError("not a manifest of this format")
        found = _read(cast("Document", document))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a manifest: {error}") from error
    if as_bytes(cast("Document", document)) != data:
        raise ValueError("not as the program writes it")
    return found


def _read(document: Document) -> Manifest:
    version: Document = document["version"]
    previous = document["previous"]
    return Manifest(
        name=_text(version["name"]),
        department=_text(version["department"]),
        sealed_on=_text(version["sealed_on"]),
        status=_text(version["status"]),
        kept_until=_text(version["kept_until"]),
        content=_digest(document["content_sha256"]),
        files=tuple(
            SealedFile(_inside(each["name"]), _digest(each["sha256"]), int(each["size"]))
            for each in cast("Sequence[Document]", document["files"])
        ),
        previous=_link(previous) if previous is not None else None,
        void=tuple(_link(each) for each in document["void"]),
        public_key=_text(document["station"]["public_key"]),
        signature=_bytes(document[SIGNATURE]),
        signed=to_be_signed(document),
    )


def _link(document: Document) -> Link:
    return Link(_text(document["name"]), _digest(document["manifest_sha256"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    return value


def _digest(value: object) -> str:
    if not _DIGEST.fullmatch(_text(value)):
        raise ValueError("a digest was expected")
    return cast("str", value)


def _bytes(value: object) -> bytes:
    if not _HEX.fullmatch(_text(value)):
        raise ValueError("a signature was expected")
    return bytes.fromhex(cast("str", value))


def _inside(value: object) -> str:
    """A name within the folder: nothing that leads out of it."""
    name = _text(value)
    parts = name.split("/")
    if "\\" in name or ":" in name or any(each in ("", ".", "..") for each in parts):
        raise ValueError("a name within the folder was expected")
    return name
