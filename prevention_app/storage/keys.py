"""The station's private key: in the system's key store, else in a file of its owner only.

The key is bound to one workspace on one machine: a copied or restored workspace finds no key of
its own and becomes a new station, so that two never write under one identity.

Where a passphrase is given (typed, or in a file that PREVENTION_PASSPHRASE_FILE names), what is
kept is wrapped by it: the key alone, stolen, signs nothing. Administrators' stations keep their
department's key in the same way.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from nacl import pwhash
from nacl.encoding import HexEncoder
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import SealedBox
from nacl.secret import SecretBox
from nacl.signing import SigningKey, VerifyKey

from prevention_app import paths
from prevention_app.errors import PassphraseNeeded, UnreadableFile, WrongPassphrase
from prevention_app.storage import key_store

_MACHINE_ID: Final = Path("/etc/machine-id")
_typed = b""
"""The passphrase that a person typed in this process; before the file, where there are both."""


@dataclass(frozen=True, slots=True)
class StationKey:
    """The signing key of a station, and where it is kept."""

    key: SigningKey
    in_key_store: bool

    @property
    def station(self) -> str:
        """The id of the station whose key this is."""
        return station_of(self.public)

    @property
    def public(self) -> str:
        """The public half, hexadecimal."""
        return self.key.verify_key.encode(HexEncoder).decode()

    def sign(self, digest: bytes) -> bytes:
        """The signature of a chain hash."""
        return self.key.sign(digest).signature

    def unseal(self, sealed: bytes) -> bytes:
        """What was sealed to the public half; raises CryptoError where it was not."""
        return SealedBox(self.key.to_curve25519_private_key()).decrypt(sealed)


def verify(public: str, digest: bytes, signature: bytes) -> bool:
    """Whether the signature of this hash was made with the private half of that key."""
    try:
        VerifyKey(public.encode(), HexEncoder).verify(digest, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def station_of(public: str) -> str:
    """The id of the station with this public key: nobody else can bear it.

    Raises ValueError for what is no key.
    """
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]


def new_key(workspace: Path) -> StationKey:
    """Make and keep the key of a new station."""
    key = SigningKey.generate()
    station = station_of(public_half(key))
    kept = json.dumps(_wrapped(key) | {"place": _place(workspace)})
    return StationKey(key, in_key_store=_keep(station, kept))


def find_key(station: str, workspace: Path) -> StationKey | None:
    """The key of this station if it was made for this workspace on this machine.

    Raises PassphraseNeeded where a passphrase protects it and the right one was not given.
    """
    for kept, in_key_store in ((_from_key_store(station), True), (_from_file(station), False)):
        if kept:
            known = json.loads(kept)
            if known["place"] == _place(workspace):
                return StationKey(_unwrapped(known), in_key_store)
    return None


def keep_root(key: SigningKey) -> None:
    """Keep a department's key, known by its public half."""
    _keep(_root_name(public_half(key)), json.dumps(_wrapped(key)))


def find_root(public: str) -> SigningKey | None:
    """The department's key with this public half, if it is kept here; raises as `find_key`."""
    name = _root_name(public)
    kept = _from_key_store(name) or _from_file(name)
    return _unwrapped(json.loads(kept)) if kept else None


def keep_note(name: str, note: str) -> None:
    """Keep a word beside the keys: it is there as long as they are."""
    _keep(name, note)


def note_kept(name: str) -> str:
    """A word kept beside the keys; empty where there is none."""
    return _from_key_store(name) or _from_file(name) or ""


def use_passphrase(typed: str) -> None:
    """Open keys with what a person typed; with the file alone where it is empty."""
    global _typed  # noqa: PLW0603  (one process, one person at it)
    _typed = typed.strip().encode()


def public_half(key: SigningKey) -> str:
    """What everybody may know of a key, hexadecimal."""
    return key.verify_key.encode(HexEncoder).decode()


def _root_name(public: str) -> str:
    return f"root-{public[:32]}"


def _wrapped(key: SigningKey) -> dict[str, Any]:
    """A key as it is kept: under the passphrase where there is one."""
    phrase = _passphrase()
    if phrase is None:
        return {"key": key.encode(HexEncoder).decode()}
    salt = secrets.token_bytes(pwhash.argon2id.SALTBYTES)
    work, memory = pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_INTERACTIVE
    box = SecretBox(_derived(phrase, salt, work, memory))
    return {
        "wrapped": box.encrypt(key.encode()).hex(),
        "salt": salt.hex(),
        "work": work,
        "memory": memory,
    }


def _unwrapped(known: dict[str, Any]) -> SigningKey:
    if "wrapped" not in known:
        return SigningKey(known["key"].encode(), HexEncoder)
    phrase = _passphrase()
    if phrase is None:
        raise PassphraseNeeded(
            "La clé de cet ordinateur est protégée par une phrase secrète, qui n’a pas été donnée."
        )
    secret = _derived(phrase, bytes.fromhex(known["salt"]), known["work"], known["memory"])
    try:
        return SigningKey(SecretBox(secret).decrypt(bytes.fromhex(known["wrapped"])))
    except CryptoError as error:
        raise WrongPassphrase(
            "Cette phrase secrète n’est pas celle de cet espace de travail."
        ) from error


@lru_cache(maxsize=4)  # a window opens its workspace again and again, and this is slow on purpose
def _derived(phrase: bytes, salt: bytes, work: int, memory: int) -> bytes:
    return pwhash.argon2id.kdf(SecretBox.KEY_SIZE, phrase, salt, work, memory)


def _passphrase() -> bytes | None:
    """The passphrase: what was typed, else the first line of the file that is named."""
    if _typed:
        return _typed
    named = os.environ.get(paths.PASSPHRASE_FILE)
    if not named:
        return None
    try:
        phrase = (Path(named).read_bytes().splitlines() or [b""])[0].strip()
    except OSError as error:
        raise UnreadableFile(
            f"Le fichier de la phrase secrète « {named} » ne se lit pas."
        ) from error
    if not phrase:
        raise UnreadableFile(f"Le fichier de la phrase secrète « {named} » est vide.")
    return phrase


def _place(workspace: Path) -> str:
    where = f"{workspace.resolve()}|{_machine()}"
    return hashlib.sha256(where.encode()).hexdigest()


def _machine() -> str:
    """What tells this machine from others and outlives its restarts, on a network or not."""
    return _system_machine_id() or _kept_machine_id()


def _system_machine_id() -> str:
    if os.name == "nt":
        import winreg

        place = r"SOFTWARE\Microsoft\Cryptography"
        try:
            access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place, access=access) as opened:
                return str(winreg.QueryValueEx(opened, "MachineGuid")[0])
        except OSError:
            return ""
    try:
        return _MACHINE_ID.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _kept_machine_id() -> str:
    """A random id in the user's settings, for systems that give none."""
    file = paths.config_folder() / "machine-id"
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with file.open("x", encoding="ascii") as handle:
            handle.write(secrets.token_hex(16))
    except FileExistsError:
        pass
    return file.read_text(encoding="ascii").strip()


def _key_file(name: str) -> Path:
    return paths.config_folder() / "keys" / f"{name}.json"


def _keep(name: str, kept: str) -> bool:
    return key_store.keep(name, kept, _key_file(name))


def _from_key_store(name: str) -> str | None:
    return key_store.from_store(name)


def _from_file(name: str) -> str | None:
    return key_store.from_file(_key_file(name))
