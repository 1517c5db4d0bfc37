"""Where what was typed and not saved lies in a workspace; gone with the values of its record."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from prevention_app.storage.engine import Connection


def folder_of(workspace: Path) -> Path:
    """The folder of drafts of a workspace."""
    return workspace / "drafts"


def place_of(workspace: Path, register: str, record_id: str) -> Path:
    """The file of the draft of a record."""
    return folder_of(workspace) / f"{register}.{_as_file_name(record_id)}.json"


def forget(workspace: Path, records: Iterable[str]) -> None:
    """Remove the drafts of records, by their ids, whatever their register."""
    names = {_as_file_name(each) for each in records}
    for file in folder_of(workspace).glob("*.json*"):
        if file.name.split(".")[1] in names:
            file.unlink(missing_ok=True)


def erased_among(connection: Connection, records: Iterable[str]) -> list[str]:
    """Those of these records of which values were erased."""
    found = connection.exec_driver_sql(
        "SELECT DISTINCT record FROM erasure WHERE record IN (SELECT value FROM json_each(?))",
        (json.dumps(list(records)),),
    )
    return list(found.scalars())


def _as_file_name(record_id: str) -> str:
    return "".join(mark if mark.isalnum() or mark == "-" else "_" for mark in record_id)
