"""The station's private key: in the system's key store, else in a file of its owner only.

The key is bound to one workspace on one machine: a copied or restored workspace finds no key of
its own and becomes a new station, so that two never write under one identity.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nacl.encoding import HexEncoder
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from prevention_app import paths

SERVICE = "prevention-app"
_MACHINE_ID: Final = Path("/etc/machine-id")


@dataclass(frozen=True, slots=True)
class StationKey:
    """The signing key of a station, and where it is kept."""

    key: SigningKey
    in_key_store: bool

    @property
    def public(self) -> str:
        """The public half, hexadecimal."""
        return self.key.verify_key.encode(HexEncoder).decode()

    def sign(self, digest: bytes) -> bytes:
        """The signature of a chain hash."""
        return self.key.sign(digest).signature


def verify(public: str, digest: bytes, signature: bytes) -> bool:
    """Whether the signature of this hash was made with the private half of that key."""
    try:
        VerifyKey(public.encode(), HexEncoder).verify(digest, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def new_key(station: str, workspace: Path) -> StationKey:
    """Make and keep the key of a new station."""
    key = SigningKey.generate()
    secret = key.encode(HexEncoder).decode()
    kept = json.dumps({"key": secret, "place": _place(workspace)})
    return StationKey(key, in_key_store=_keep(station, kept))


def find_key(station: str, workspace: Path) -> StationKey | None:
    """The key of this station if it was made for this workspace on this machine."""
    for kept, in_key_store in ((_from_key_store(station), True), (_from_file(station), False)):
        if kept:
            known = json.loads(kept)
            if known["place"] == _place(workspace):
                return StationKey(SigningKey(known["key"].encode(), HexEncoder), in_key_store)
    return None


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


def _key_file(station: str) -> Path:
    return paths.config_folder() / "keys" / f"{station}.json"


def _keep(station: str, kept: str) -> bool:
    if _key_store_answers():
        import keyring
        import keyring.errors

        try:
            keyring.set_password(SERVICE, station, kept)
        except keyring.errors.KeyringError:
            pass
        else:
            return True
    file = _key_file(station)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    opened = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w", encoding="ascii") as handle:
        handle.write(kept)
    return False


def _from_key_store(station: str) -> str | None:
    if not _key_store_answers():
        return None
    import keyring
    import keyring.errors

    try:
        return keyring.get_password(SERVICE, station)
    except keyring.errors.KeyringError:
        return None


def _from_file(station: str) -> str | None:
    file = _key_file(station)
    return file.read_text(encoding="ascii") if file.exists() else None


def key_store_can_be_asked() -> bool:
    """Whether the system's key store answers a question, whatever it holds."""
    if not _key_store_answers():
        return False
    import keyring
    import keyring.errors

    try:
        keyring.get_password(SERVICE, "self-test")
    except keyring.errors.KeyringError:
        return False
    return True


def _key_store_answers() -> bool:
    """On Windows there always is one; elsewhere only a session with a desktop bus has one."""
    return os.name == "nt" or bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
