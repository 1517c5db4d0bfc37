"""The bytes of a package: one file that only the stations it is addressed to can read.

| bytes | hold |
|---|---|
| magic line | `PREVENTION` and a line feed |
| 2 | format |
| 32 | SHA-256 over every byte that follows |
| then | one or more sections, one after the other |

A section is a count of receivers (2 bytes); per receiver its station id (16) and the key of the
section, sealed to that station (80); the header of the encrypted stream (24); then frames. A frame
is its length (4, of which the highest bit marks the last frame) and one message of the stream
(libsodium's secretstream). The first byte of a message says what it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Any, Final

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from nacl.signing import VerifyKey

from prevention_app.domain.package_parts import (
    Envelope,
    FileAnnounced,
    FileData,
    LateLeaves,
    Manifest,
    Part,
    Slice,
)
from prevention_app.errors import NewerFormat, Refused, UnreadableFile
from prevention_app.exchange import handed_files
from prevention_app.exchange import package_columns as columns
from prevention_app.exchange.handed_files import PACKAGE_MAGIC
from prevention_app.exchange.package_columns import unreadable
from prevention_app.exchange.safe_file import replacing

FORMAT: Final = 1
MOST_RECEIVERS: Final = 1000
_HEAD: Final = len(PACKAGE_MAGIC) + 2 + 32
_SEALED: Final = 80
_LAST: Final = 1 << 31
_MOST_FRAME: Final = columns.MOST_BYTES + 1024
_MOST_MANIFEST: Final = 4 << 20
_MOST_NUMBER: Final = 1 << 53
_SIGNATURE: Final = 64
_EXPECTED: Final = b'],"x":{"0":[1,0,{"at":18000000000,"name":"Poste ","s":0,"v":['
"""How a manifest is likely to look; part of the format."""
_SIGNED: Final = b"prevention: manifest of a package\n"
_MALFORMED: Final = (
    *(ValueError, KeyError, IndexError, TypeError, AttributeError),
    *(OverflowError, OSError, RecursionError),
)
"""What a document of another form than ours raises when it is read."""
_MANIFEST, _SLICE, _LATE, _FILE, _DATA = b"M", b"S", b"L", b"A", b"D"

Tell = Callable[[int, int], None]
"""Hears how many bytes of how many are done."""


# -- writing -----------------------------------------------------------------------------------


class PackageWriter:
    """A package being written, section after section."""

    def __init__(self, file: BufferedWriter, sign: Callable[[bytes], bytes]) -> None:
        """Sections go to `file`; `sign` vouches for a manifest with the station's key."""
        self._file = file
        self._sign = sign
        self._digest = hashlib.sha256()
        file.write(PACKAGE_MAGIC + FORMAT.to_bytes(2, "big") + bytes(32))

    @contextmanager
    def section(self, receivers: Mapping[str, str]) -> Iterator[SectionWriter]:
        """A section for these stations (id → public key, hexadecimal)."""
        key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
        head = len(receivers).to_bytes(2, "big") + b"".join(
            bytes.fromhex(station) + seal(public, key) for station, public in receivers.items()
        )
        writer = SectionWriter(self._put, head, key, self._sign)
        yield writer
        writer.finish()

    def finish(self) -> None:
        """Put the digest where it belongs."""
        self._file.seek(_HEAD - 32)
        self._file.write(self._digest.digest())

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._file.write(data)


class SectionWriter:
    """One section: parts in, frames out. The manifest comes first."""

    def __init__(
        self,
        put: Callable[[bytes], None],
        head: bytes,
        key: bytes,
        sign: Callable[[bytes], bytes],
    ) -> None:
        """Frames go to `put`, encrypted with `key` and bound to the head of the section."""
        self._put = put
        self._sign = sign
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self._bound: bytes | None = hashlib.sha256(head).digest()
        self._waiting: bytes | None = None
        self._stations: list[str] = []
        put(head + bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key))

    def write(self, part: Part) -> None:
        """Add a part."""
        match part:
            case Manifest():
                self._stations = sorted(part.vector)
                self.message(_MANIFEST + _manifest_bytes(part, self._sign))
            case Slice():
                self.message(_SLICE + columns.encode_slice(part, self._stations))
            case LateLeaves():
                self.message(_LATE + columns.encode_late(part, self._stations))
            case FileAnnounced():
                size = part.size.to_bytes(8, "big")
                self.message(_FILE + bytes.fromhex(part.digest) + size)
            case FileData():
                self.message(_DATA + part.chunk)

    def message(self, content: bytes) -> None:
        """Add one message as it is."""
        if self._waiting is not None:
            self._push(self._waiting, last=False)
        self._waiting = content

    def finish(self) -> None:
        """Write the last message, marked as such."""
        self._push(self._waiting or b"", last=True)

    def _push(self, content: bytes, *, last: bool) -> None:
        tag = (
            bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if last
            else bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        sealed = bindings.crypto_secretstream_xchacha20poly1305_push(
            self._state, content, self._bound, tag
        )
        self._bound = None
        self._put((len(sealed) | (_LAST if last else 0)).to_bytes(4, "big") + sealed)


@contextmanager
def writing_package(out: Path, sign: Callable[[bytes], bytes]) -> Iterator[PackageWriter]:
    """A package that takes its name when it is whole and on the disk, or is gone."""
    with replacing(out) as file:
        writer = PackageWriter(file, sign)
        yield writer
        writer.finish()


def seal(public: str, secret: bytes) -> bytes:
    """A secret that only the station with this public key (hexadecimal) can read."""
    key = VerifyKey(bytes.fromhex(public)).to_curve25519_public_key()
    return SealedBox(key).encrypt(secret)


def _manifest_bytes(manifest: Manifest, sign: Callable[[bytes], bytes]) -> bytes:
    """The ids of all stations named, then JSON that names them by their places."""
    stations = sorted(manifest.vector)
    places = {station: place for place, station in enumerate(stations)}
    document: dict[str, Any] = {
        "at": round(datetime.fromisoformat(manifest.at).timestamp() * 1000),
        "name": manifest.name,
        "s": places[manifest.sender],
        "v": [manifest.vector[station] for station in stations],
    }
    if manifest.absent:
        document["x"] = {
            places[station]: list(_steps(each)) for station, each in manifest.absent.items()
        }
    told = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    ids = bytes.fromhex("".join(stations))
    signature = sign(_to_sign(ids + told))
    packed = columns.deflate(told, _EXPECTED)
    return signature + len(stations).to_bytes(2, "big") + ids + packed


def _to_sign(told: bytes) -> bytes:
    return _SIGNED + hashlib.sha256(told).digest()


def _steps(places: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Places as steps from one to the next: what is regular compresses to nearly nothing."""
    number = position = 0
    for at, leaf in places:
        yield at - number
        yield leaf if at != number else leaf - position
        number, position = at, leaf


# -- reading -----------------------------------------------------------------------------------


class PackageReader:
    """A package that came: nothing in it is believed before it was checked."""

    def __init__(self, file: BufferedReader, name: str) -> None:
        """Read from `file`; `name` is what messages call it."""
        self._file = file
        self._name = name
        self.size = file.seek(0, 2)

    def check(self, tell: Tell) -> Envelope:
        """Whether every byte is as it was written; raises PreventionError where not.

        Returns what can be read without a key.
        """
        self._file.seek(0)
        head = self._file.read(_HEAD)
        if len(head) < _HEAD or not head.startswith(PACKAGE_MAGIC):
            kind = handed_files.kind_of(Path(self._file.name))
            said = "n’est pas un fichier d’échange"
            if kind is not None:
                said = f"est {kind.label_fr} : elle se donne dans {kind.goes_to}"
            raise UnreadableFile(f"« {self._name} » {said}.")
        number = int.from_bytes(head[len(PACKAGE_MAGIC) : len(PACKAGE_MAGIC) + 2], "big")
        if number > FORMAT:
            raise NewerFormat(
                f"« {self._name} » vient d’une version plus récente du programme (format {number}, "
                f"connu ici : {FORMAT}). Mettez le programme à jour ; rien n’a été changé."
            )
        if number != FORMAT or self._digest(tell) != head[-32:]:
            raise UnreadableFile(
                f"« {self._name} » est abîmé : son contenu n’est plus celui qui a été écrit. "
                "Rien n’a été changé ; copiez-le ou demandez-le à nouveau."
            )
        return Envelope(number, [receivers for receivers, _ in self._sections()])

    def parts(self, station: str, unseal: Callable[[bytes], bytes], tell: Tell) -> Iterator[Part]:
        """What the section for this station holds, the manifest first."""
        for receivers, head in self._sections():
            if station in receivers:
                at = 2 + list(receivers).index(station) * (16 + _SEALED) + 16
                try:
                    key = unseal(head[at : at + _SEALED])
                except CryptoError as error:
                    raise self._not_for_us() from error
                yield from self._parts(head, key, tell)
                return
        raise self._not_for_us()

    def _not_for_us(self) -> Refused:
        return Refused(
            f"« {self._name} » n’est pas adressé à cet ordinateur : il ne peut pas être lu ici. "
            "Demandez qu’il soit écrit aussi pour lui."
        )

    def _digest(self, tell: Tell) -> bytes:
        digest = hashlib.sha256()
        done = _HEAD
        while data := self._file.read(1 << 20):
            digest.update(data)
            done += len(data)
            tell(done, self.size)
        return digest.digest()

    def _sections(self) -> Iterator[tuple[list[str], bytes]]:
        """Receivers and head of each section; the file then stands at its stream.

        Whoever reads the stream does not come back for the next section.
        """
        self._file.seek(_HEAD)
        at = _HEAD
        while at < self.size:
            self._file.seek(at)
            count = int.from_bytes(self._exactly(2), "big")
            if not 0 < count <= MOST_RECEIVERS:
                raise unreadable()
            body = self._exactly(count * (16 + _SEALED))
            receivers = [
                body[place : place + 16].hex() for place in range(0, len(body), 16 + _SEALED)
            ]
            stream = self._file.tell()
            yield receivers, count.to_bytes(2, "big") + body
            at = self._after(stream)
        if at == _HEAD:
            raise unreadable()

    def _after(self, stream: int) -> int:
        """Where the section ends whose stream begins there."""
        self._file.seek(stream + bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        last = False
        while not last:
            size, last = self._frame_size()
            self._file.seek(size, 1)
        at = self._file.tell()
        if at > self.size:
            raise unreadable()
        return at

    def _frame_size(self) -> tuple[int, bool]:
        told = int.from_bytes(self._exactly(4), "big")
        size, last = told & ~_LAST, bool(told & _LAST)
        if not bindings.crypto_secretstream_xchacha20poly1305_ABYTES < size <= _MOST_FRAME:
            raise unreadable()
        return size, last

    def _exactly(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) != size:
            raise unreadable()
        return data

    def _parts(self, head: bytes, key: bytes, tell: Tell) -> Iterator[Part]:
        stations: list[str] = []
        for at, message in enumerate(self._messages(head, key, tell)):
            kind, content = message[:1], message[1:]
            if (kind == _MANIFEST) != (at == 0):
                raise unreadable()
            if kind == _MANIFEST:
                manifest = _read_manifest(content)
                stations = sorted(manifest.vector)
                yield manifest
            else:
                yield _read_part(kind, content, stations)

    def _messages(self, head: bytes, key: bytes, tell: Tell) -> Iterator[bytes]:
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        stream = self._exactly(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        bound: bytes | None = hashlib.sha256(head).digest()
        last = False
        try:
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, stream, key)
            while not last:
                size, last = self._frame_size()
                message, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                    state, self._exactly(size), bound
                )
                bound = None
                final = tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
                if final != last:
                    raise unreadable()
                at = self._file.tell()
                yield message
                self._file.seek(at)
                tell(at, self.size)
        except (CryptoError, TypeError, ValueError) as error:
            raise unreadable() from error


@contextmanager
def reading_package(file: Path) -> Iterator[PackageReader]:
    """A package to be read; raises UnreadableFile where the file cannot be."""
    try:
        with file.open("rb") as opened:
            yield PackageReader(opened, file.name)
    except OSError as error:
        raise handed_files.not_read(file, error) from error


def _read_part(kind: bytes, content: bytes, stations: Sequence[str]) -> Part:
    if kind == _SLICE:
        return columns.decode_slice(content, stations)
    if kind == _LATE:
        return columns.decode_late(content, stations)
    if kind == _FILE and len(content) == 40:
        return FileAnnounced(content[:32].hex(), int.from_bytes(content[32:], "big"))
    if kind == _DATA and content:
        return FileData(content)
    raise unreadable()


def _read_manifest(content: bytes) -> Manifest:
    begin = _SIGNATURE + 2
    end = begin + 16 * int.from_bytes(content[_SIGNATURE:begin], "big")
    ids = content[begin:end]
    told = columns.inflate(content[end:], _MOST_MANIFEST, _EXPECTED)
    stations: list[str] = [ids[at : at + 16].hex() for at in range(0, len(ids), 16)]
    try:
        document: dict[str, Any] = json.loads(told)
        return Manifest(
            stations[_number(document["s"])],
            _text(document["name"]),
            datetime.fromtimestamp(_number(document["at"]) / 1000, UTC).isoformat(
                timespec="milliseconds"
            ),
            {station: _number(last) for station, last in zip(stations, document["v"], strict=True)},
            {
                stations[_number(int(place))]: _from_steps(steps)
                for place, steps in document.get("x", {}).items()
            },
            content[:_SIGNATURE],
            _to_sign(ids + told),
        )
    except _MALFORMED as error:
        raise unreadable() from error


def _number(value: object) -> int:
    """A number as we write them: JSON has many others, and some that cannot be compared."""
    if type(value) is not int or not 0 <= value < _MOST_NUMBER:
        raise ValueError
    return value


def _text(value: object) -> str:
    """A text that can be stored: half of a character cannot."""
    if not isinstance(value, str):
        raise TypeError
    value.encode()
    return value


def _from_steps(steps: Sequence[object]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    number = position = 0
    for step, leaf in zip(map(_number, steps[::2]), map(_number, steps[1::2]), strict=True):
        number, position = number + step, (leaf if step else position + leaf)
        found.append((_number(number), _number(position)))
    return found
