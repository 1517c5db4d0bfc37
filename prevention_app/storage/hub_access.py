"""How this computer gets into the hub: an address with its password, kept like a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from prevention_app import paths
from prevention_app.errors import PreventionError, UnreadableFile, reason_not_written, reason_of
from prevention_app.storage import key_store

_SCHEMES: Final = ("postgresql://", "postgres://")


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
    try:
        key_store.write_for_owner(_content_of(access), file)
    except OSError as error:
        raise _not_written(file, error) from error


def _not_written(file: Path, error: OSError) -> PreventionError:
    return PreventionError(
        f"L’accès n’a pas pu être écrit dans « {file} » : {reason_not_written(error)}."
    )


def _content_of(access: Access) -> str:
    return json.dumps({"url": access.url, "roots": dict(access.roots)}, indent=1)


def remember(station: str, access: Access) -> None:
    """Keep the access of a station as its key is kept; raises PreventionError."""
    try:
        key_store.keep(_name(station), _content_of(access), _file(station))
    except OSError as error:
        raise _not_written(_file(station), error) from error


def remembered(station: str) -> Access | None:
    """The access kept for a station."""
    kept = key_store.from_store(_name(station)) or key_store.from_file(_file(station))
    return _from_content(json.loads(kept)) if kept else None


def forget(station: str) -> None:
    """Keep no access any more: this station works without a hub."""
    key_store.forget(_name(station), _file(station))


def _name(station: str) -> str:
    return f"hub-{station}"


def _file(station: str) -> Path:
    return paths.config_folder() / "hubs" / f"{station}.json"
