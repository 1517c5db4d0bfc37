"""What the hub allows a login role whose owner has put our program aside."""

from __future__ import annotations

import hashlib
import json

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import Role
from prevention_app.services import hub
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from tests.storage.acts import add, add_accident
from tests.storage.hub_base import Base, admit

PUSH = "SELECT push(%s::text[], %s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[], %s::int[], %s::int[], %s::bytea[], %s::bytea[])"  # fmt: skip  # noqa: E501
TABLES = (
    *("entry", "leaf", "gap", "chain", "attachment", "member", "class_right"),
    *("station_state", "format"),
)
STRANGER = "ab" * 16


@pytest.fixture
def base(cluster) -> Base:
    return Base(cluster)


@pytest.fixture
def adviser(station, base) -> Store:
    """An administrator's and adviser's station that told the hub an accident of its own."""
    made = station("45")
    base.enrol(made, made)
    add_accident(made, circumstances="chute", person_name="Zoé")
    base.sync(made)
    return made


@pytest.fixture
def server(adviser, base, tmp_path):
    """The login role of a training manager, who sees nothing of accidents."""
    store = Store.create(
        tmp_path / "a.prevention", declared_catalogue(), department="45", name="A", user="B"
    )
    admit(adviser, store, tmp_path, Role.TRAINING_MANAGER)
    base.enrol(adviser, store)
    base.sync(adviser)
    with base.connect(store) as connection:
        yield connection
    store.close()


def entry(number: int, before: bytes, station: str = STRANGER, **other) -> tuple:
    head = json.dumps({"a": "x", "f": 1, "n": number, "s": station, "t": str(number)} | other)
    table = b"45\0RSST\0\0\0\0p" + hashlib.sha256(b"s" * 16 + b"{}").digest()
    inner = hashlib.sha256(head.encode()).digest() + hashlib.sha256(table).digest()
    return station, number, head.encode(), table, hashlib.sha256(before + inner).digest(), bytes(64)


def push(server, *entries: tuple, leaves: tuple = ()) -> int:
    columns = [list(column) for column in zip(*entries, strict=True)]
    of, positions, salts, bodies = [list(each) for each in zip(*leaves, strict=True)] or [[]] * 4
    return server.execute(PUSH, (*columns, of, positions, salts, bodies)).fetchone()[0]


def refused(server, *entries: tuple, leaves: tuple = ()) -> str:
    with pytest.raises(psycopg.Error) as error:
        push(server, *entries, leaves=leaves)
    return error.value.sqlstate


def test_all_heads_are_read_and_of_leaves_those_alone_that_the_rights_open(server, base):
    count = "SELECT count(*) FROM entry"
    assert server.execute(count).fetchall() == base.run(count)
    classes = "SELECT DISTINCT register FROM leaf ORDER BY 1"
    everything = {register for (register,) in base.run(classes)}
    seen = {register for (register,) in server.execute(classes).fetchall()}
    assert "ACCI" in everything
    assert "ORDI" in seen
    assert seen < everything
    assert "ACCI" not in seen
    assert server.execute("SELECT count(*) FROM member").fetchone() == (1,)
    assert base.run("SELECT count(*) FROM member") == [(2,)]


def test_no_table_is_written_by_hand(server):
    for table in TABLES:
        column = server.execute(f"SELECT * FROM {table} LIMIT 0").description[0].name
        for statement in (
            f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1",
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"DROP POLICY seen ON {table}",
            f"COPY {table} FROM STDIN",
        ):
            with pytest.raises((InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
                server.execute(statement)


def test_nobody_becomes_more_than_the_role_is(server, base):
    group = f"{base.name}_member"
    for role in (f"{base.name}_hub_owner", "dba"):
        with pytest.raises(InsufficientPrivilege):
            server.execute(f'SET ROLE "{role}"')
    server.execute(f'SET ROLE "{group}"')  # of which it is a member
    assert server.execute("SELECT count(*) FROM leaf WHERE register = 'ACCI'").fetchone() == (0,)
    for statement in (
        "SELECT tell('entries')",
        "SELECT add_leaves('{}', '{}', '{}', '{}', '{}')",
        "SELECT set_classes(session_user::text, '45', '{ACCI}', '{p}')",
        "CREATE TABLE prevention_hub.x ()",
    ):
        with pytest.raises(InsufficientPrivilege):
            server.execute(statement)


def test_only_what_goes_on_from_the_end_of_a_chain_is_taken(server, base):
    first = entry(1, bytes(32))
    second = entry(2, first[4])
    assert refused(server, second) == "PH002"  # the first one is missing
    assert refused(server, (*first[:4], bytes(32), first[5])) == "PH003"  # another hash
    assert refused(server, (*first[:5], None)) == "PH003"  # not signed
    assert refused(server, (*first[:5], bytes(63))) == "PH003"
    assert refused(server, entry(1, bytes(32), t="-5")) == "PH003"
    assert refused(server, ("cd" * 16, *first[1:])) == "PH003"  # the head names another chain
    assert push(server, first, second) == 2
    assert push(server, first, second) == 0  # told twice
    other = entry(2, first[4], a="y")
    assert refused(server, other) == "PH001"
    third, fourth = entry(3, second[4]), entry(4, entry(3, second[4])[4])
    assert push(server, (*third[:5], None), fourth) == 2  # covered by the signature after it
    assert base.run(f"SELECT last FROM chain WHERE station = '{STRANGER}'") == [(4,)]
    brought = base.run(f"SELECT DISTINCT brought_by FROM entry WHERE station = '{STRANGER}'")
    assert brought == [(server.info.user,)]


def test_only_the_leaves_that_a_leaf_table_names_are_taken(server, base):
    first = entry(1, bytes(32))
    leaf = (1, 0, b"s" * 16, b"{}")
    for wrong in ((1, 0, b"s" * 16, b"[]"), (1, 1, *leaf[2:]), (1, -1, *leaf[2:])):
        assert refused(server, first, leaves=(wrong,)) == "PH003"
    assert push(server, first) == 1
    assert base.run("SELECT position FROM gap") == [(0,)]
    late = (STRANGER, 1, 0, b"s" * 16, b"{}")
    pushed = "SELECT push_leaves(%s::text[], %s::bigint[], %s::int[], %s::bytea[], %s::bytea[])"
    assert server.execute(pushed, [[each] for each in late]).fetchone() == (1,)
    assert base.run("SELECT count(*) FROM gap") == [(0,)]
    assert base.run(f"SELECT owner, register, kind FROM leaf WHERE station = '{STRANGER}'") == [
        ("45", "RSST", "p")
    ]


def test_nothing_is_erased_without_an_erasure_that_may_be_seen(server, adviser, base):
    place = base.run("SELECT station, number, position FROM leaf WHERE register = 'ACCI'")[0]
    for eraser in (place, (STRANGER, 1, 0)):
        with pytest.raises(psycopg.Error) as error:
            server.execute("SELECT erase(%s, %s, %s, %s, %s, %s)", (*eraser, *place))
        assert error.value.sqlstate == "PH004"
    assert base.run("SELECT count(*) FROM leaf WHERE body IS NULL") == [(0,)]


def test_the_bytes_of_an_attachment_are_not_had_by_naming_them(server, adviser, base):
    content = b"certificat"
    digest = hashlib.sha256(content).hexdigest()
    pushed = "SELECT push_attachment(%s, %s, %s, %s, %s)"
    with base.connect(adviser) as owner:
        owner.execute(pushed, (digest, "45", "ACCI", "n", content))
    with pytest.raises(psycopg.Error) as error:
        server.execute(pushed, (digest, "45", "FORM", "p", b"x"))
    assert error.value.sqlstate == "PH003"
    assert server.execute("SELECT count(*) FROM attachment").fetchone() == (0,)
    assert owner.closed
    with base.connect(adviser) as owner:
        assert owner.execute("SELECT bytes FROM attachment").fetchall() == [(content,)]


def test_a_way_in_that_was_taken_away_does_nothing_by_an_open_connection_either(
    adviser, base, tmp_path
):
    other = Store.create(
        tmp_path / "b.prevention", declared_catalogue(), department="45", name="B", user="B"
    )
    admit(adviser, other, tmp_path, Role.ADMINISTRATOR)
    base.enrol(adviser, other)
    with base.connect(other) as server:
        server.execute(
            "SELECT prevention_hub.set_classes(session_user::text, '45', '{ACCI}', '{p}')"
        )
        hub.withdraw(adviser, base.url, other.station)
        for statement in (
            "SELECT prevention_hub.set_classes(session_user::text, '45', '{ACCI}', '{p}')",
            "SELECT count(*) FROM prevention_hub.leaf",
            "SELECT prevention_hub.tell_state('{}', '{}')",
        ):
            with pytest.raises(InsufficientPrivilege):
                server.execute(statement)
    with pytest.raises(psycopg.OperationalError):
        base.connect(other)
    other.close()


def test_a_station_tells_of_itself_alone(server, base):
    server.execute("SELECT tell_state('{}', '{}')")
    mine = base.run(f"SELECT station FROM member WHERE db_role = '{server.info.user}'")
    assert set(mine) <= set(base.run("SELECT station FROM station_state"))


def test_a_role_of_another_hub_comes_in_nowhere(adviser, base, cluster):
    other = Base(cluster)
    url = (
        base.accesses[adviser.station]
        .url.replace(base.name, other.name, 2)
        .replace(f"{other.name}_", f"{base.name}_", 1)
    )
    with psycopg.connect(url) as stranger, pytest.raises(InsufficientPrivilege):
        stranger.execute("SELECT * FROM prevention_hub.entry")


def test_the_hub_is_made_once_and_by_somebody_who_is_no_superuser(adviser, cluster):
    cluster.run("CREATE ROLE chef LOGIN CREATEROLE")
    name = cluster.make_database()
    cluster.run(f'ALTER DATABASE "{name}" OWNER TO chef')
    url = cluster.url(name, "chef")
    assert hub.init(url) is True
    assert hub.init(url) is False
    access = hub.enrol(adviser, url, "").access
    again = hub.enrol(adviser, url, "").access
    assert access.url != again.url  # a new password
    add(adviser, "job", name="a")
    assert hub.sync(adviser, again, Progress()).wrong == []
