"""How this computer gets into the hub: an address with its password, kept like a key."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from prevention_app import paths
from prevention_app.errors import PreventionError, UnreadableFile, reason_not_written, reason_of
from prevention_app.storage import keys

_SCHEMES: Final = ("postgresql://", "postgres://")
_NEW: Final = os.O_CREAT | os.O_EXCL | os.O_WRONLY


@dataclass(frozen=True, slots=True)
class Access:
    """The address of the hub for one station."""

    url: str
    roots: Mapping[str, str] = field(default_factory=dict[str, str])
    """Department → its public key, as the station that wrote this knew them."""

    @property
    def shown(self) -> str:
        """The server and the base, as they may be shown to anybody."""
        import psycopg
        from psycopg.conninfo import conninfo_to_dict

        try:
            given = conninfo_to_dict(self.url)
        except psycopg.ProgrammingError:
            return ""
        return f"{given.get('host') or given.get('hostaddr') or ''}/{given.get('dbname') or ''}"


def read(told: str) -> Access:
    """An address as it was typed, or the file that an administrator handed over."""
    if told.startswith(_SCHEMES) or "=" in told:
        return Access(told)
    file = Path(told)
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        access = _from_content(content)
    except OSError as error:
        raise UnreadableFile(
            f"« {told} » n’est ni une adresse (postgresql://…) ni un fichier qui se lit : "
            f"{reason_of(error)}."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile(f"« {file} » n’est pas un accès à une base commune.") from error
    return access


def _from_content(content: Any) -> Access:
    roots = cast("dict[str, Any]", content.get("roots", {}))
    return Access(str(content["url"]), {str(key): str(value) for key, value in roots.items()})


def write(access: Access, file: Path) -> None:
    """Write an access into a file that only its owner may read; it holds a password."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        # A new file: one that is there already may be open to others.
        with os.fdopen(os.open(part, _NEW, 0o600), "w", encoding="utf-8") as handle:
            handle.write(_content_of(access))
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise PreventionError(
            f"L’accès n’a pas pu être écrit dans « {file} » : {reason_not_written(error)}."
        ) from error


def _content_of(access: Access) -> str:
    return json.dumps({"url": access.url, "roots": dict(access.roots)}, indent=1)


def remember(station: str, access: Access) -> None:
    """Keep the access of a station: in the system's key store, else in a file of its owner only."""
    if keys.key_store_can_be_asked():
        import keyring
        import keyring.errors

        try:
            keyring.set_password(keys.SERVICE, _name(station), _content_of(access))
        except keyring.errors.KeyringError:
            pass
        else:
            return
    file = _file(station)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write(access, file)


def remembered(station: str) -> Access | None:
    """The access kept for a station."""
    kept: str | None = None
    if keys.key_store_can_be_asked():
        import keyring
        import keyring.errors

        with contextlib.suppress(keyring.errors.KeyringError):  # it was locked meanwhile
            kept = keyring.get_password(keys.SERVICE, _name(station))
    file = _file(station)
    if kept is None and file.exists():
        kept = file.read_text(encoding="utf-8")
    return _from_content(json.loads(kept)) if kept else None


def forget(station: str) -> None:
    """Keep no access any more: this station works without a hub."""
    if keys.key_store_can_be_asked():
        import keyring
        import keyring.errors

        with contextlib.suppress(keyring.errors.KeyringError):  # there was none
            keyring.delete_password(keys.SERVICE, _name(station))
    _file(station).unlink(missing_ok=True)


def _name(station: str) -> str:
    return f"hub-{station}"


def _file(station: str) -> Path:
    return paths.config_folder() / "hubs" / f"{station}.json"
