"""Secrets of this computer: in the system's key store, else each in a file of its owner only."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

SERVICE: Final = "prevention-app"
_NEW: Final = os.O_CREAT | os.O_EXCL | os.O_WRONLY


def keep(name: str, secret: str, file: Path) -> bool:
    """Keep a secret under a name, in `file` where no key store takes it; says whether one did."""
    if answers():
        import keyring
        import keyring.errors

        with contextlib.suppress(keyring.errors.KeyringError):
            keyring.set_password(SERVICE, name, secret)
            return True
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_for_owner(secret, file)
    return False


def from_store(name: str) -> str | None:
    """What the key store holds under a name; None also where it does not answer."""
    if not answers():
        return None
    import keyring
    import keyring.errors

    try:
        return keyring.get_password(SERVICE, name)
    except keyring.errors.KeyringError:
        return None


def from_file(file: Path) -> str | None:
    """What was kept in a file, for want of a key store."""
    return file.read_text(encoding="utf-8") if file.exists() else None


def forget(name: str, file: Path) -> None:
    """Keep a secret no more, in either place."""
    if answers():
        import keyring
        import keyring.errors

        with contextlib.suppress(keyring.errors.KeyringError):  # there was none
            keyring.delete_password(SERVICE, name)
    file.unlink(missing_ok=True)


def write_for_owner(secret: str, file: Path) -> None:
    """Write a secret into a file that only its owner may read; raises OSError, nothing left."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        # A new file: one that is there already may be open to others.
        with os.fdopen(os.open(part, _NEW, 0o600), "w", encoding="utf-8") as handle:
            handle.write(secret)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def can_be_asked() -> bool:
    """Whether the system's key store answers a question, whatever it holds."""
    if not answers():
        return False
    import keyring
    import keyring.errors

    try:
        keyring.get_password(SERVICE, "self-test")
    except keyring.errors.KeyringError:
        return False
    return True


def answers() -> bool:
    """On Windows there always is one; elsewhere only a session with a desktop bus has one."""
    return os.name == "nt" or bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
