"""Zip archives from strangers: read part by part, within limits, never unpacked to disk."""

from __future__ import annotations

import posixpath
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.reading import refusals

MAX_PART = 200_000_000
"""Bytes that one part (a sheet) may inflate to."""
MAX_TOTAL = 400_000_000
"""Bytes that all that is read of one file may inflate to, a part read twice counting twice."""
MAX_SMALL_PART = 16_000_000
"""Bytes of a part that is held whole in memory (styles, relations, comments)."""
MAX_PARTS = 20_000
SUSPICIOUS_SIZE = 20_000_000
SUSPICIOUS_RATIO = 200
"""A larger part that shrinks to less than a 200th is no table: real sheets shrink 5 to 30 times."""

_CHUNK = 1 << 16
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_DAMAGE = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    ValueError,
)


class Archive:
    """The parts of a zip file by their path, whatever case and slashes the writer used."""

    def __init__(self, content: bytes) -> None:
        """Read the directory of the archive only.

        Raises:
            UnreadableFile: the archive is cut off, damaged or cut into too many parts.
        """
        if content.count(_DIRECTORY_ENTRY) > MAX_PARTS:
            raise refusals.too_large(f"archive de plus de {MAX_PARTS} parties")
        try:
            self._zip = ZipFile(BytesIO(content))
            infos = self._zip.infolist()
        except _DAMAGE as error:
            raise refusals.damaged("archive xlsx tronquée") from error
        self._left = MAX_TOTAL
        self._parts: dict[str, ZipInfo] = {}
        self.suspicious_paths = False
        """Whether entries pointed outside the archive; they are left out."""
        for info in infos:
            self._keep(info)

    def _keep(self, info: ZipInfo) -> None:
        path = info.filename.replace("\\", "/")
        if path.startswith("/") or ":" in path or ".." in path.split("/"):
            self.suspicious_paths = True
        else:
            self._parts[path.lower()] = info

    @property
    def paths(self) -> list[str]:
        """Every part's path, in lower case with forward slashes."""
        return list(self._parts)

    def __contains__(self, path: str) -> bool:
        """Whether the archive has that part."""
        return path.lower() in self._parts

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece.

        Raises:
            UnreadableFile: the part is absent, damaged, encrypted or inflates beyond the limits.
        """
        info = self._parts.get(path.lower())
        if info is None:
            raise refusals.damaged(f"partie absente : {path}")
        _check(info)
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    self._spend(len(chunk))
                    yield chunk
        except _DAMAGE as error:
            raise refusals.damaged(f"partie illisible : {path}") from error

    def whole(self, path: str) -> bytes:
        """A small part at once.

        Raises:
            UnreadableFile: as for `chunks`, or the part is no small one.
        """
        info = self._parts.get(path.lower())
        if info is not None and info.file_size > MAX_SMALL_PART:
            raise refusals.too_large(f"partie de plus de 16 Mo : {path}")
        return b"".join(self.chunks(path))

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise UnreadableFile(refusals.TOO_DEEP)


def _check(info: ZipInfo) -> None:
    """Refuse by what the directory declares; the zip reader never gives more than declared."""
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableFile(refusals.PROTECTED)
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise refusals.damaged("compression inconnue")
    inflated = info.file_size
    if inflated > MAX_PART:
        raise UnreadableFile(refusals.BOMB)
    if inflated > SUSPICIOUS_SIZE and inflated > SUSPICIOUS_RATIO * info.compress_size:
        raise UnreadableFile(refusals.BOMB)


def resolve(base: str, target: str) -> str:
    """The path of a part that another part names, relative to it or from the archive's root."""
    target = target.replace("\\", "/")
    joined = target if target.startswith("/") else f"{posixpath.dirname(base)}/{target}"
    return posixpath.normpath(joined).lstrip("/")
