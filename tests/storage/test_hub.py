"""Several workspaces that tell each other through one hub, or through two."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from psycopg.errors import InsufficientPrivilege

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import Role
from prevention_app.errors import PreventionError
from prevention_app.services import attachments, hub, hub_way, inbox, packages
from prevention_app.services.progress import Progress
from prevention_app.storage import attachments as stored
from prevention_app.storage import entries, hub_sync, journal
from prevention_app.storage.entries import Entry
from prevention_app.storage.hub import Hub, NumberedEntry, PlacedLeaf, Unreachable
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.malformed_leaves import MALFORMED
from tests.storage.acts import add, add_accident, amend, conflicts, get, leaves_of, listed
from tests.storage.hub_base import Base, admit


@pytest.fixture
def base(cluster) -> Base:
    return Base(cluster)


@pytest.fixture
def pair(station, base) -> tuple[Store, Store]:
    """Two administrators' stations of one circle, both enrolled."""
    first, second = station("45"), station("45")
    for each in (first, second):
        base.enrol(each, each)
    return first, second


@pytest.fixture
def newcomer(pair, tmp_path) -> Iterator[Callable[..., Store]]:
    """Makes a station of its own and lets the first one of the pair admit it with some roles."""
    made: list[Store] = []

    def make(*roles: Role) -> Store:
        folder = tmp_path / f"nouveau{len(made)}.prevention"
        store = Store.create(
            folder, declared_catalogue(), department="45", name=folder.stem, user="Luc Petit"
        )
        made.append(store)
        admit(pair[0], store, tmp_path, *roles)
        return store

    yield make
    for each in made:
        each.close()


def held_by(base: Base) -> dict[str, int]:
    return {station: int(last) for station, last in base.run("SELECT station, last FROM chain")}


def test_what_one_station_writes_is_at_the_other_and_settles_there(pair, base):
    first, second = pair
    base.sync_all(first, second)
    job = add(first, "job", name="a")
    assert base.sync(first).pushed == 1
    assert base.sync(second).pulled == 1
    amend(second, "job", get(second, "job", job.id), name="b")
    amend(first, "job", get(first, "job", job.id), name="c")
    base.sync_all(first, second)
    assert conflicts(first) == conflicts(second) == {(job.id, "name")}
    assert first.position() == second.position() == held_by(base)
    assert (check(first), check(second)) == ([], [])


def test_the_work_of_a_third_station_is_relayed(pair, base, newcomer):
    first, second = pair
    third = newcomer(Role.ADVISER)  # comes by packages only
    job = add(third, "job", name="a")
    second.receive(first.entries_after(second.position()))
    second.receive(third.entries_after(second.position()))
    base.sync(second)
    base.sync(first)
    assert get(first, "job", job.id).name == "a"
    assert check(first) == []


@pytest.mark.parametrize("way", ["serveur", "fichier"])
def test_what_is_kept_aside_is_counted_also_where_something_else_is_let_in(
    pair, base, tmp_path, way
):
    first, second = pair
    stranger = Store.create(
        tmp_path / "x.prevention", declared_catalogue(), department="45", name="X", user="X"
    )
    add_accident(stranger, activity="Élagage")
    for each in (first, second):
        each.receive(stranger.entries_after(each.position()))
    base.sync_all(first, second)
    held = first.kept_aside()
    (accident,) = [each for each in held if each.register == "accident"]
    first.admit(accident)
    add_accident(stranger, activity="Tonte")
    add(stranger, "job", name="a")
    first.receive(stranger.entries_after(first.position()))
    stranger.close()
    if way == "serveur":
        base.sync(first)
        base.sync(second)
    else:
        packages.create(first, [second.station], tmp_path / "x.echange", Progress())
        packages.apply(second, tmp_path / "x.echange", Progress())
    assert len(second.kept_aside()) == len(held) + 1
    with second.reading() as read:
        arrived = inbox.deliveries(read)[0]
    assert (arrived.new, arrived.kept_aside) == (3, 2)
    assert second.catalogue["accident"].label_fr in dict(arrived.registers)


def test_leaves_that_may_not_be_seen_stay_away_until_they_may(pair, base, newcomer):
    first, _ = pair
    third = newcomer(Role.TRAINING_MANAGER)
    base.enrol(first, third)
    accident = add_accident(first, circumstances="chute", person_name="Zoé")
    base.sync_all(first, third)
    assert third.position() == first.position()
    assert leaves_of(third, accident) == []
    with first.change("Ouvrir les accidents") as work:
        work.new(
            "role_rule",
            owner="45",
            role="training_manager",
            category="health",
            reads="without_names",
            writes="nothing",
        )
    base.sync(first)  # an administrator's: tells the hub
    assert base.sync(third).leaves_in == 2
    assert {each.kind for each in leaves_of(third, accident)} == {"p", "t"}
    assert get(third, "accident", accident.id).circumstances == "chute"
    assert check(third) == []


def test_an_erased_leaf_is_erased_at_the_hub_even_after_it_was_put_back(pair, base):
    first, second = pair
    accident = add_accident(first, circumstances="à oublier")
    base.sync_all(first, second)
    yesterday = base.copy()
    with first.change("Effacer") as work:
        texts = [each for each in leaves_of(first, accident) if each.kind == "t"]
        work.erase("accident", get(first, "accident", accident.id), texts)
    assert base.sync(first).erased == 1
    kept = "SELECT count(*) FROM leaf WHERE position('oublier' in encode(body, 'escape')) > 0"
    assert base.run(kept) == [(0,)]
    base.sync(second)
    assert get(second, "accident", accident.id).circumstances == "effacé"
    base.put_back(yesterday)
    assert base.run(kept) == [(1,)]
    base.sync_all(second, first)
    assert base.run(kept) == [(0,)]
    assert (check(first), check(second)) == ([], [])


def test_what_an_adviser_erased_is_erased_at_the_hub_by_an_administrators_station(
    pair, base, newcomer
):
    """Whether an erasure counts is known where rights are; who may only read empties no hub."""
    first, _ = pair
    third = newcomer(Role.ADVISER)
    base.enrol(first, third)
    accident = add_accident(first, circumstances="à oublier")
    base.sync_all(first, third)
    with third.change("Effacer") as work:
        texts = [each for each in leaves_of(third, accident) if each.kind == "t"]
        work.erase("accident", get(third, "accident", accident.id), texts)
    assert base.sync(third).erased == 0
    (eraser,) = [each for each in leaves_of(third, accident) if each.leaf.station == third.station]
    places = [
        place
        for each in (eraser, texts[0])
        for place in (each.leaf.station, each.leaf.number, each.position)
    ]
    with base.connect(third) as server, pytest.raises(InsufficientPrivilege):
        server.execute("SELECT erase(%s, %s, %s, %s, %s, %s)", places)
    kept = "SELECT count(*) FROM leaf WHERE position('oublier' in encode(body, 'escape')) > 0"
    assert base.run(kept) == [(1,)]
    assert base.sync(first).erased == 1
    assert base.run(kept) == [(0,)]


def test_attachments_go_both_ways(pair, base, tmp_path):
    first, second = pair
    job = add(first, "accident", happened_on=first.today(), circumstances="chute")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" + bytes(3_000_000))
    kept = attachments.keep(first, photo)
    attachments.attach(first, "accident", job, [kept])
    assert base.sync(first).attachments_out == 1
    done = base.sync(second)
    assert done.attachments_in == 1
    assert stored.place(second, kept.digest).read_bytes() == photo.read_bytes()
    assert base.sync(second).attachments_in == base.sync(first).attachments_out == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("bytes = bytes || bytes", "plus longue qu’annoncé"),
        ("size = 3", "plus longue qu’annoncé"),
        ("bytes = 'x'", "pas entière"),
        ("bytes = decode(repeat('00', size::int), 'hex')", "ne correspond pas à son empreinte"),
    ],
)
def test_bytes_that_the_hub_altered_are_not_kept_and_the_rest_goes_on(
    pair, base, tmp_path, change, said
):
    first, second = pair
    job = add(first, "job", name="a")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" + bytes(2_000_000))
    kept = attachments.keep(first, photo)
    attachments.attach(first, "job", job, [kept])
    base.sync(first)
    base.run(f"UPDATE attachment SET {change}")
    done = base.sync(second)
    assert done.attachments_in == 0
    assert said in done.wrong[0]
    assert not stored.place(second, kept.digest).exists()
    assert not list((second.folder / "files").rglob("*.part"))
    assert base.sync(first).wrong == []
    assert second.position() == first.position()


def test_a_disk_that_takes_no_attachment_is_told_in_words(pair, base, tmp_path):
    first, second = pair
    job = add(first, "job", name="a")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8")
    kept = attachments.keep(first, photo)
    attachments.attach(first, "job", job, [kept])
    base.sync(first)
    stored.place(second, kept.digest).parent.write_bytes(b"")
    with pytest.raises(PreventionError, match="n’a pas pu être écrite"):
        base.sync(second)


@pytest.mark.parametrize("direction", ["Envoi", "Réception"])
def test_a_cut_connection_loses_nothing_and_the_next_exchange_goes_on(
    pair, base, direction, monkeypatch
):
    monkeypatch.setattr(hub_sync, "SLICE", 5)
    first, second = pair
    for number in range(22):
        add(first, "job", name=f"métier {number}")
    if direction == "Réception":
        base.sync(first)
    one = first if direction == "Envoi" else second

    def cut(done: int, total: int, words: str) -> None:
        if words == direction and done >= 10:
            base.cluster.cut(base.name)

    with pytest.raises(Unreachable):
        base.sync_with(one, cut)
    known = held_by(base) if direction == "Envoi" else second.position()
    assert 10 <= known[first.station] < first.position()[first.station]
    assert check(second) == []
    base.sync_all(first, second)
    assert first.position() == second.position() == held_by(base)
    assert len(listed(second, "job")) == len(listed(first, "job"))
    assert (check(first), check(second)) == ([], [])


def test_a_hub_put_back_to_yesterday_gets_what_it_lost(pair, base):
    first, second = pair
    add(first, "job", name="hier")
    base.sync_all(first, second)
    yesterday = base.copy()
    job = add(second, "job", name="aujourd’hui")
    base.sync_all(second, first)
    held = held_by(base)
    base.put_back(yesterday)
    assert held_by(base) != held
    base.sync(first)  # relays the work of the second one
    assert held_by(base) == held
    assert get(first, "job", job.id).name == "aujourd’hui"
    assert base.sync(second).pushed == 0


def test_two_hubs_serve_the_same_stations(pair, base, cluster):
    first, second = pair
    other = Base(cluster)
    for each in pair:
        other.enrol(each, each)
    one = add(first, "job", name="a")
    base.sync(first)
    two = add(second, "job", name="b")
    other.sync(second)
    other.sync(first)
    base.sync(first)
    base.sync(second)
    other.sync(second)
    assert {get(store, "job", job.id).name for store in pair for job in (one, two)} == {"a", "b"}
    assert held_by(base) == held_by(other) == first.position() == second.position()


def test_several_stations_at_once_lose_nothing(pair, base, monkeypatch):
    monkeypatch.setattr(hub_sync, "SLICE", 3)
    for number in range(20):
        for store in pair:
            add(store, "job", name=f"métier {number}")
    pair[0].receive(pair[1].entries_after(pair[0].position()))  # both push the second's chain
    failures: list[PreventionError] = []

    def exchange(store: Store) -> None:
        try:
            for _ in range(3):
                base.sync(store)
        except PreventionError as error:
            failures.append(error)

    threads = [threading.Thread(target=exchange, args=(store,)) for store in pair]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    base.sync_all(*pair)
    assert pair[0].position() == pair[1].position() == held_by(base)
    assert [check(store) for store in pair] == [[], []]


def test_a_clock_that_runs_ahead_holds_nothing_up(pair, base, newcomer, monkeypatch):
    monkeypatch.setattr(hub_sync, "SLICE", 2)
    first, second = pair
    base.sync_all(first, second)
    with first.connecting() as connection:
        connection.exec_driver_sql(
            "UPDATE meta SET value = CAST(value AS INTEGER) + (3 * 86400000 << 16) "
            "WHERE key = 'clock'"
        )
    job = add(first, "job", name="a")
    base.sync_all(first, second)
    for name in "bcdef":
        amend(second, "job", get(second, "job", job.id), name=name)
    base.sync(second)
    base.sync(first)
    late = newcomer(Role.ADVISER)
    base.enrol(first, late)
    base.sync_all(late, first)
    assert late.position() == first.position()
    assert get(late, "job", job.id).name == "f"


def test_a_fork_is_told_and_the_rest_goes_on(pair, base):
    first, second = pair
    base.sync_all(first, second)
    base.run(f"UPDATE chain SET hash = sha256('x') WHERE station = '{second.station}'")
    add(first, "job", name="a")
    done = base.sync(first)
    assert done.pushed == 1
    assert len(done.wrong) == 1
    assert "autre suite" in done.wrong[0]
    with first.reading() as read:
        (alert,) = inbox.alerts(read)
    assert alert.station == second.station
    assert "deux historiques" in alert.what
    base.sync(first)
    inbox.mark_alert_seen(first, alert.id)
    base.sync(first)
    with first.reading() as read:
        assert inbox.alerts(read) == [], "who has seen it is not told again for a while"


def test_what_was_altered_at_the_hub_is_not_taken_in(pair, base):
    first, second = pair
    base.sync_all(first, second)
    job = add(first, "job", name="a")
    add(second, "job", name="b")
    base.sync(first)
    base.run(
        "UPDATE entry SET signature = sha256('x') || sha256('y') "
        f"WHERE station = '{first.station}' AND number = (SELECT max(number) FROM entry "
        f"WHERE station = '{first.station}')"
    )
    done = base.sync(second)
    assert done.pushed == 1  # the rest goes on
    assert len(done.wrong) == 1
    assert "signature est fausse" in done.wrong[0]
    assert all(each.id != job.id for each in listed(second, "job"))
    assert check(second) == []


def test_a_chain_that_the_hub_does_not_take_holds_up_no_other(pair, base):
    first, second = pair
    base.sync_all(first, second)
    job = add(second, "job", name="b")
    first.receive(second.entries_after(first.position()))
    with first.connecting() as connection:  # a disk that turned a byte
        connection.exec_driver_sql(
            "UPDATE head SET head = CAST(head || ' ' AS BLOB) WHERE station = ? AND number = ?",
            (second.station, second.position()[second.station]),
        )
    own = add(first, "job", name="a")
    done = base.sync(first)
    assert done.pushed == 1
    assert len(done.wrong) == 1
    assert "n’ont pas été remises" in done.wrong[0]
    with first.reading() as read:
        (alert,) = inbox.alerts(read)
    assert "n’ont pas été remises" in alert.advice
    base.sync(second)
    assert {each.id for each in listed(second, "job")} == {own.id, job.id}


NONSENSE = (
    ("[1]", "{}"),
    ("5", "{}"),
    ('{"ab": 1}', "{}"),
    ('{"%s": "y"}', "{}"),
    ('{"%s": -1}', "{}"),
    ('{"%s": 1e400}', "{}"),
    ("{}", "[]"),
    ("{}", '{"%s": 3}'),
    ("{}", '{"%s": [[1]]}'),
    ("{}", '{"%s": [[1, "x"]]}'),
    ("{}", '{"%s": {"1": 2}}'),
)


def test_nonsense_that_one_station_tells_of_itself_troubles_nobody(pair, base, tmp_path):
    first, second = pair
    base.sync_all(first, second)
    with base.connect(second) as server:
        for told in NONSENSE:
            server.execute(
                "SELECT tell_state(%s::jsonb, %s::jsonb)",
                [each.replace("%s", first.station) for each in told],
            )
            add(first, "job", name="a")
            done = base.sync(first)
            assert (done.pushed, done.wrong) == (1, []), told
            packages.create(first, [packages.ALL], tmp_path / "tous.echange", Progress())


def forged(store: Store, *bodies: bytes) -> NumberedEntry:
    """The next entry of a station, rightly signed, with leaves that say something else."""
    with store.reading() as read:
        last, before = read.connection.exec_driver_sql(
            "SELECT last, hash FROM chain WHERE station = ?", (store.station,)
        ).one()
        clock = journal.now_clock(read.connection)
    head = entries.make_head(
        station=store.station, number=last + 1, clock=clock, author=store.author, moved={}
    )
    salt = bytes(16)
    table = b"".join(b"45\0METI\0\0\0\0p" + entries.leaf_digest(salt, each) for each in bodies)
    digest = entries.chain_hash(before, head, table)
    leaves = {at: (salt, each) for at, each in enumerate(bodies)}
    made = Entry(head, table, store.key.sign(digest), leaves)
    return NumberedEntry(store.station, last + 1, digest, made)


def test_a_leaf_of_another_form_is_not_taken_in_and_the_rest_goes_on(pair, base):
    first, second = pair
    base.sync_all(first, second)
    number = first.position()[first.station] + 1
    with Hub(base.accesses[first.station].url) as opened:
        for body in MALFORMED:
            opened.push([forged(first, body)])
            add(second, "job", name="b")
            done = base.sync(second)
            assert (done.pushed, len(done.wrong)) == (1, 1), body
            # As the administrator of the server does who is told of it.
            for table in ("entry", "leaf", "gap"):
                base.run(
                    f"DELETE FROM {table} WHERE station = '{first.station}' AND number = {number}"
                )
            ((digest,),) = base.run(
                f"SELECT hash FROM entry WHERE station = '{first.station}' "
                f"AND number = {number - 1}"
            )
            base.run(
                f"UPDATE chain SET last = {number - 1}, hash = '\\x{digest.hex()}' "
                f"WHERE station = '{first.station}'"
            )
    assert check(second) == []
    assert second.position()[first.station] == number - 1


def test_a_leaf_of_another_form_that_comes_after_its_entry_is_not_taken_in_either(pair, base):
    first, second = pair
    base.sync_all(first, second)
    whole = forged(first, *MALFORMED)
    with Hub(base.accesses[first.station].url) as opened:
        opened.push([replace(whole, entry=replace(whole.entry, leaves={}))])
        base.sync(second)
        for at, body in enumerate(MALFORMED):
            opened.push_leaves([PlacedLeaf(first.station, whole.number, at, bytes(16), body)])
            add(second, "job", name="b")
            done = base.sync(second)
            assert (done.pushed, len(done.wrong)) == (1, 1), body
    assert leaves_in(second, whole) == 0
    assert check(second) == []


def leaves_in(store: Store, entry: NumberedEntry) -> int:
    """How many leaves of an entry are here."""
    with store.reading() as read:
        return int(
            read.connection.exec_driver_sql(
                "SELECT count(*) FROM leaf WHERE station = ? AND number = ? AND body IS NOT NULL",
                (entry.station, entry.number),
            ).scalar_one()
        )


def test_an_address_that_is_wrong_is_told_in_a_sentence(pair, base, cluster):
    first, _ = pair
    for told, said in (
        ("postgresql://dba@/nirgends?host=" + str(cluster.folder), "n’existent pas"),
        ("postgresql://dba@localhost:1/base", "ne répond pas"),
        ("postgresql://dba@/postgres?host=" + str(cluster.folder), "hub init"),
        ("un fichier", "ne"),
        (base.url, "inscrire celui-ci .hub enrol."),
    ):
        with pytest.raises(PreventionError, match=said):
            hub.sync(first, hub_way.access_of(first, told), Progress())
