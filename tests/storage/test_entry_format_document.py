"""The published way of verifying a journal does verify, and fails where it must."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store
from tests.storage.acts import add, add_accident, amend, get, leaves_of, tell

DOCUMENT = Path(__file__).parents[2] / "docs" / "entry_format.md"


@pytest.fixture
def journal(station) -> Store:
    """Two stations' entries, an erasure and an absent leaf among them."""
    here, there = station("45"), station("45")
    accident = add_accident(here, circumstances="Chute", person_name="Durand")
    tell(here, there)
    amend(there, "accident", get(there, "accident", accident.id), number="1")
    add_accident(there, person_name="Martin")
    entries = there.entries_after(here.position())
    entries[-1].leaves.pop(1)
    here.receive(entries)
    with here.change("Effacer") as work:
        going = [each for each in leaves_of(here, accident) if each.kind == "t"]
        work.erase("accident", get(here, "accident", accident.id), going)
    add(here, "job", name="a")
    return here


def verified(store: Store, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the script printed in the document says of a copy of the journal."""
    script = folder / "verify.py"
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    script.write_text(code, encoding="utf-8")
    copy = folder / "copie.db"
    with store.connecting() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
    return subprocess.run(
        [sys.executable, script, copy], capture_output=True, text=True, check=False
    )


def test_the_script_in_the_document_verifies_a_journal(journal: Store, tmp_path: Path):
    done = verified(journal, tmp_path)
    assert done.stderr == ""
    assert done.stdout.startswith("2 chains, 7 entries, ")
    assert journal.station in done.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE leaf SET body = replace(body, 'Durand', 'Dupond') WHERE kind = 'n'",
        "UPDATE head SET leaf_table = zeroblob(44) WHERE number = 2",
        "UPDATE head SET signature = zeroblob(64) WHERE number = 2",
        "DELETE FROM head WHERE number = 2",
    ],
)
def test_the_script_in_the_document_finds_what_was_altered(
    journal: Store, tmp_path: Path, statement: str
):
    with journal.connecting() as connection, writing(connection):
        connection.exec_driver_sql(
            statement.replace("replace(body,", "cast(replace(cast(body AS TEXT),").replace(
                "'Dupond')", "'Dupond') AS BLOB)"
            )
        )
    done = verified(journal, tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
