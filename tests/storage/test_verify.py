"""What is altered, lost or added in a workspace's files is found, and where."""

from __future__ import annotations

import re

import pytest

from prevention_app.storage import attachments
from prevention_app.storage.engine import writing
from prevention_app.storage.entries import chain_hash
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check, verify_replay
from tests.storage.acts import add, add_accident, amend, conflicts, get, leaves_of, tell


@pytest.fixture
def busy(station) -> Store:
    """A workspace with changes of two stations, a conflict, an erasure and a deletion."""
    here, there = station("45"), station("45")
    job = add(here, "job", name="a")
    accident = add_accident(here, circumstances="Chute", person_name="Durand")
    tell(here, there)
    amend(here, "job", job, name="ici")
    amend(there, "job", get(there, "job", job.id), name="là")
    tell(there, here)
    with here.change("Effacer") as work:
        work.erase(
            "accident", accident, [each for each in leaves_of(here, accident) if each.kind == "n"]
        )
    assert conflicts(here) == {(job.id, "name")}
    return here


def alter(store: Store, *statements: str) -> None:
    """Change the database as somebody would who knows SQL and not the program."""
    with store.connecting() as connection, writing(connection):
        for each in statements:
            assert connection.exec_driver_sql(each).rowcount, each


def test_a_workspace_as_the_program_left_it_is_in_order(busy: Store):
    assert check(busy) == []


ALTERATIONS = {
    # A value of an earlier change, in the journal.
    """UPDATE leaf SET body = cast(replace(cast(body AS TEXT), '"a"', '"z"') AS BLOB)
    WHERE number = 2 AND position = 0 AND station = :here""": (
        r"Écriture {code}\.2, valeur 1 : .*empreinte"
    ),
    # Who wrote it, in the signed bytes and in what is read from them.
    """UPDATE head SET head = cast(replace(cast(head AS TEXT), author,
    '01234567-89ab-7def-8123-456789abcdef') AS BLOB) WHERE number = 3 AND station = :here""": (
        r"Écriture {code}\.3 : .*empreinte de la suite"
    ),
    "UPDATE head SET author = 'x' WHERE number = 3 AND station = :here": (
        r"Écriture {code}\.3 : sa lecture diffère"
    ),
    "UPDATE head SET vector = '{}' WHERE number = 5 AND station = :here": (
        r"Écriture {code}\.5 : sa lecture diffère"
    ),
    "UPDATE head SET message = 'Autre' WHERE number = 2 AND station = :here": (
        r"Écriture {code}\.2 : son nom"
    ),
    # The signature: another one, none.
    "UPDATE head SET signature = zeroblob(64) WHERE number = 4 AND station = :here": (
        r"Écriture {code}\.4 : sa signature est fausse"
    ),
    "UPDATE head SET signature = NULL WHERE number = 5 AND station = :here": (
        r"Écriture {code}\.5 : elle n’est pas signée"
    ),
    # Entries taken out.
    "DELETE FROM head WHERE number = 3 AND station = :here": r"Écriture {code}\.3 : elle manque",
    "DELETE FROM head WHERE number = 5 AND station = :here": (
        r"Suite de l’ordinateur {code} : sa fin"
    ),
    "DELETE FROM head WHERE station = :here": r"toutes ses écritures manquent",
    # Leaves taken out, added, moved to another record or owner.
    "DELETE FROM leaf WHERE number = 3 AND position = 1 AND station = :here": (
        r"Écriture {code}\.3 : il y manque des valeurs"
    ),
    """INSERT INTO leaf SELECT station, number, 9, owner, register, kind, record, salt, body,
    erased, arrived FROM leaf WHERE number = 2 AND station = :here""": (
        r"Écriture {code}\.2 : il y manque des valeurs, ou il y en a de trop"
    ),
    "UPDATE leaf SET record = 'x' WHERE number = 2 AND station = :here": (
        r"Écriture {code}\.2, valeur 1"
    ),
    "UPDATE leaf SET owner = '28' WHERE number = 3 AND position = 0 AND station = :here": (
        r"Écriture {code}\.3, valeur 1"
    ),
    # Bytes taken away without an erasure that asks for it; an erasure forgotten.
    """UPDATE leaf SET salt = NULL, body = NULL, erased = '{"w": []}'
    WHERE number = 3 AND kind = 't' AND station = :here""": (
        r"Des effacements ne correspondent pas"
    ),
    "DELETE FROM erasure": r"Des effacements ne correspondent pas",
    # Rows of the tables.
    "UPDATE r_accident SET circumstances = 'Malaise'": (
        r"Accidents.* diffère de l’historique \(Circonstances\)"
    ),
    "DELETE FROM r_job": r"Métiers.* manque dans sa table",
    """INSERT INTO r_job (_id, _owner, _origin, _counter, _register, name)
    VALUES ('x', '3D', '', '9', 'job', 'Faux')""": (
        r"Métiers.* 1\u00a0fiche de la table n’est pas dans l’historique"
    ),
    "UPDATE r_hazard_family SET rank = 99 WHERE rank = 1": r"Familles.*\(Rang\)",
    "DELETE FROM conflict": r"valeurs à départager",
    "UPDATE search_text SET text = 'x' WHERE register = 'accident'": r"index à refaire",
}


@pytest.mark.parametrize(("statement", "found"), ALTERATIONS.items())
def test_what_was_altered_is_found_with_its_place(busy: Store, statement: str, found: str):
    with busy.connecting() as connection:
        code = connection.exec_driver_sql(
            "SELECT code FROM station_code WHERE station = ?", (busy.station,)
        ).scalar_one()
    alter(busy, statement.replace(":here", f"'{busy.station}'"))
    said = check(busy)
    assert any(re.search(found.format(code=code), each) for each in said), said
    assert len(said) <= 10, said


def test_a_rebuild_puts_altered_tables_right_again(busy: Store):
    alter(
        busy,
        "UPDATE r_job SET name = 'Faux'",
        "DELETE FROM conflict",
        "INSERT INTO conflict VALUES ('x', 'job', 'p', 'name')",
        "DELETE FROM search_text",
    )
    assert verify_replay(busy) != []
    busy.rebuild()
    assert check(busy) == []


def test_a_chain_written_anew_from_some_entry_on_fails_at_its_first_signature(busy: Store):
    with busy.connecting() as connection, writing(connection):
        rows = connection.exec_driver_sql(
            "SELECT number, head, leaf_table, hash FROM head WHERE station = ? ORDER BY number",
            (busy.station,),
        ).all()
        previous = rows[1][3]
        for number, head, table, _ in rows[2:]:
            other = head.replace(b'"f":1', b'"f": 1') if number == 3 else head
            previous = chain_hash(previous, other, table)
            connection.exec_driver_sql(
                "UPDATE head SET head = ?, hash = ? WHERE station = ? AND number = ?",
                (other, previous, busy.station, number),
            )
        connection.exec_driver_sql(
            "UPDATE chain SET hash = ? WHERE station = ?", (previous, busy.station)
        )
    (said,) = check(busy)
    assert re.search(r"\.3 : sa signature est fausse", said)


def test_a_station_whose_key_is_not_known_here_is_named(station):
    here, there = station("45"), station("45")
    add(there, "job", name="a")
    entries = there.entries_after({})
    entries[0].leaves.clear()
    here.receive(entries)
    said = check(here)
    assert len(said) == 1
    assert "clé publique" in said[0]


def test_a_damaged_database_is_said_so(busy: Store):
    busy.close()
    file = busy.folder / "data.db"
    content = bytearray(file.read_bytes())
    for at in range(40_000, len(content), 4096 * 9):
        content[at : at + 600] = b"\xff" * 600
    file.write_bytes(content)
    said = check(busy)
    assert said
    assert all(each.endswith(".") for each in said)


def test_attachments_are_what_their_name_promises(store: Store, tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"une photo")
    digest = attachments.put(store, photo)
    job = add(store, "job", name="a")
    add(
        store,
        "attachment",
        of_register="job",
        of_record=job.id,
        name="photo.jpg",
        size=9,
        digest=digest,
    )
    assert check(store) == []
    attachments.place(store, digest).write_bytes(b"une autre")
    (said,) = check(store)
    assert digest in said
    attachments.place(store, digest).unlink()
    (said,) = check(store)
    assert "photo.jpg" in said
