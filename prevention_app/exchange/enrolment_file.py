"""The files by which stations and departments come to trust each other.

One line of JSON, signed by who wrote it, then, where there is one, an exchange file whose digest
the signed line holds. Two people compare eight characters by voice: they follow from the signed
bytes, so a file that was altered or exchanged on its way has others.

What each kind says (`told`) and which service writes it stand in services/circle.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from nacl.encoding import HexEncoder
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from prevention_app.errors import NewerFormat, Refused, UnreadableFile
from prevention_app.exchange import crockford, handed_files
from prevention_app.exchange.handed_files import LONGEST_LINE, PACKAGES_GO_TO, Kind
from prevention_app.exchange.safe_file import refuse_locked, replacing

FORMAT: Final = 1
_CONTEXT: Final = b"prevention enrolment 1\n"
_BLOCK: Final = 1 << 20
_CODE_BYTES: Final = 5


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file that is what its signer wrote; that the signer may be trusted is for the reader."""

    kind: Kind
    signer: str
    """Public key, hexadecimal."""
    told: Mapping[str, Any]
    code: str
    """What two people compare by voice: ABCD-1234."""
    place: Path
    attached_at: int
    """Where the exchange file begins."""
    attached_size: int

    def text(self, key: str) -> str:
        """A text that the file must hold; raises UnreadableFile."""
        value = self.told.get(key)
        if not isinstance(value, str):
            raise UnreadableFile(_damaged(self.place))
        return value

    def mapping(self, key: str) -> dict[str, Any]:
        """An object that the file must hold; raises UnreadableFile."""
        value = self.told.get(key)
        if not isinstance(value, dict):
            raise UnreadableFile(_damaged(self.place))
        return cast("dict[str, Any]", value)

    def texts(self, key: str) -> list[str]:
        """A list of texts that the file must hold; raises UnreadableFile."""
        value = self.told.get(key)
        if not isinstance(value, list):
            raise UnreadableFile(_damaged(self.place))
        return [str(each) for each in cast("list[object]", value)]

    def unpack(self, out: Path) -> bool:
        """Write the exchange file that is attached; False where there is none."""
        if not self.attached_size:
            return False
        with out.open("wb") as file:
            for block in _blocks(self.place, self.attached_at):
                file.write(block)
        return True


def write(
    out: Path,
    kind: Kind,
    told: Mapping[str, Any],
    key: SigningKey,
    attached: Path | None = None,
) -> str:
    """Write and sign a file; returns the characters that people compare."""
    refuse_locked(out)
    document: dict[str, Any] = {
        "format": FORMAT,
        "kind": str(kind),
        "signer": key.verify_key.encode(HexEncoder).decode(),
        "told": dict(told),
    }
    if attached is not None:
        document["attached"] = {"size": attached.stat().st_size, "sha256": _digest(attached, 0)}
    signed = _canonical(document)
    signature = key.sign(_CONTEXT + signed).signature.hex()
    with replacing(out) as file:
        file.write(_canonical(document | {"signature": signature}) + b"\n")
        if attached is not None:
            for block in _blocks(attached, 0):
                file.write(block)
    return _code(signed)


def read(place: Path, *kinds: Kind) -> SignedFile:
    """A file of one of these kinds, its signature and digest verified.

    Raises:
        UnreadableFile: it cannot be read, or is none of ours.
        NewerFormat: a newer program wrote it.
        Refused: it is of another kind, or was altered.
    """
    document, attached_at = _document(place)
    if not isinstance(document.get("format"), int):
        raise UnreadableFile(_foreign(place))
    if document["format"] > FORMAT:
        raise NewerFormat(
            f"« {place.name} » vient d’une version plus récente du programme : "
            "mettez le programme à jour."
        )
    signature = str(document.pop("signature", ""))
    signer, told = document.get("signer"), document.get("told")
    if not isinstance(signer, str) or not isinstance(told, dict):
        raise UnreadableFile(_foreign(place))
    signed = _canonical(document)
    if not _is_signed(signer, signed, signature):
        raise Refused(
            f"« {place.name} » a été modifié depuis qu’il a été écrit : demandez-le à nouveau."
        )
    size = _attached_size(place, document, attached_at)
    try:
        kind = Kind(str(document.get("kind")))
    except ValueError as error:
        raise UnreadableFile(_foreign(place)) from error
    if kind not in kinds:
        expected = " ou ".join(each.label_fr for each in kinds)
        raise Refused(
            f"« {place.name} » est {kind.label_fr}, et non {expected}. Elle se donne dans "
            f"{kind.goes_to}."
        )
    return SignedFile(
        kind, signer, cast("dict[str, Any]", told), _code(signed), place, attached_at, size
    )


def same_code(typed: str, code: str) -> bool:
    """Whether what a person typed or heard is this code."""
    plain = "".join(each for each in crockford.as_typed(typed) if each.isalnum())
    return plain == code.replace("-", "")


def code_of(content: bytes) -> str:
    """Eight characters that stand for these bytes."""
    digest = hashlib.sha256(content).digest()[:_CODE_BYTES]
    return crockford.in_groups(crockford.encode(digest))


def _code(signed: bytes) -> str:
    return code_of(_CONTEXT + signed)


def _document(place: Path) -> tuple[dict[str, Any], int]:
    try:
        with place.open("rb") as file:
            line = file.readline(LONGEST_LINE)
    except OSError as error:
        raise handed_files.not_read(place, error) from error
    try:
        document: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_foreign(place)) from error
    if not line.endswith(b"\n") or not isinstance(document, dict):
        raise UnreadableFile(_foreign(place))
    return cast("dict[str, Any]", document), len(line)


def _attached_size(place: Path, document: Mapping[str, Any], attached_at: int) -> int:
    """The size of what is attached, once it is what the signed line says."""
    rest = place.stat().st_size - attached_at
    attached: Any = document.get("attached")
    if attached is None:
        attached = {"size": 0, "sha256": hashlib.sha256().hexdigest()}
    if not isinstance(attached, dict):
        raise UnreadableFile(_foreign(place))
    named = cast("dict[str, Any]", attached)
    if named.get("size") != rest or named.get("sha256") != _digest(place, attached_at):
        raise Refused(_damaged(place))
    return rest


def _is_signed(signer: str, signed: bytes, signature: str) -> bool:
    try:
        VerifyKey(signer.encode(), HexEncoder).verify(_CONTEXT + signed, bytes.fromhex(signature))
    except (BadSignatureError, ValueError):
        return False
    return True


def _canonical(document: Mapping[str, Any]) -> bytes:
    return json.dumps(
        document, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode("ascii")


def _blocks(place: Path, start: int) -> Iterator[bytes]:
    with place.open("rb") as file:
        file.seek(start)
        while block := file.read(_BLOCK):
            yield block


def _digest(place: Path, start: int) -> str:
    digest = hashlib.sha256()
    for block in _blocks(place, start):
        digest.update(block)
    return digest.hexdigest()


def _foreign(place: Path) -> str:
    said = "n’est pas un fichier d’adhésion du programme Prévention"
    if handed_files.is_package(place):
        said = f"est un fichier d’échange : il se donne dans {PACKAGES_GO_TO}"
    return f"« {place.name} » {said}."


def _damaged(place: Path) -> str:
    return f"« {place.name} » est abîmé ou incomplet : demandez-le à nouveau."
