"""Packages that are damaged or made to harm are refused with the reason, and change nothing."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import random
import tracemalloc
import zlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.domain.package_parts import (
    FileAnnounced,
    FileData,
    LateLeaf,
    LateLeaves,
    PackedEntry,
    Part,
    Run,
    Slice,
)
from prevention_app.errors import NewerFormat, PreventionError, Refused, UnreadableFile
from prevention_app.exchange import package_columns, package_file
from prevention_app.services import inbox, packages
from prevention_app.storage import entries, keys, peers, unpacking
from prevention_app.storage.engine import writing
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from tests.malformed_leaves import MALFORMED, case
from tests.packages.package_world import (
    beginning,
    forged,
    forging,
    introduce,
    manifest_of,
    pack,
    parts_of,
    public_key,
    send,
    take,
)
from tests.storage.acts import add, listed
from tests.storage.world import dump
from tests.workspaces import transplant

MB = 1 << 20


@pytest.fixture
def pair(station) -> tuple[Store, Store]:
    """A sender with something to tell, and a receiver who knows it."""
    here, there = station("45"), station("45")
    introduce(here, there)
    add(here, "job", name="a")
    return here, there


def refused(
    receiver: Store, file: Path, error: type[PreventionError] = Refused, words: str = "."
) -> None:
    """The package is refused for this reason and nothing is changed."""
    before = dump(receiver)
    with pytest.raises(error, match=words):
        take(receiver, file)
    after = dump(receiver)
    before.pop("alarm")
    after.pop("alarm")
    assert after == before
    assert not list((receiver.folder / "files").rglob("*.part"))


# -- damage ------------------------------------------------------------------------------------


def test_any_changed_byte_is_found_also_in_a_package_already_known(pair, tmp_path: Path):
    here, there = pair
    whole = pack(here, there, tmp_path / "x").read_bytes()
    take(there, tmp_path / "x")
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1 << at % 8
        (tmp_path / "y").write_bytes(changed)
        with pytest.raises((UnreadableFile, NewerFormat)), _opened(tmp_path / "y") as package:
            package.check(lambda *_: None)


_opened = package_file.reading_package


def damages(whole: bytes, chance: random.Random) -> bytes:
    """The same file with one damage of those that keys, networks and disks do."""
    kind = chance.choice(("bit", "cut", "swap", "zeros", "longer", "twice"))
    changed = bytearray(whole)
    at, size = chance.randrange(len(whole)), chance.randint(1, 64)
    if kind == "bit":
        changed[at] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        del changed[at:]
    elif kind == "swap":
        other = chance.randrange(len(whole))
        one, two = whole[at : at + size], whole[other : other + size]
        changed[at : at + size], changed[other : other + size] = two, one
    elif kind == "zeros":
        changed[at : at + size] = bytes(len(changed[at : at + size]))
    elif kind == "longer":
        changed[at:at] = chance.randbytes(size)
    else:
        changed += whole[at:]
    return bytes(changed)


@pytest.mark.parametrize("count", [100, pytest.param(5_000, marks=pytest.mark.long)])
def test_a_damaged_package_is_refused(pair, tmp_path: Path, count: int):
    here, there = pair
    whole = pack(here, there, tmp_path / "x").read_bytes()
    before = dump(there)
    chance = random.Random(count)
    for _ in range(count):
        changed = damages(whole, chance)
        if changed == whole:
            continue
        (tmp_path / "y").write_bytes(changed)
        with pytest.raises(PreventionError):
            take(there, tmp_path / "y")
    assert dump(there) == before


@pytest.mark.parametrize("count", [100, pytest.param(5_000, marks=pytest.mark.long)])
def test_damage_under_a_right_digest_is_refused(pair, tmp_path: Path, count: int):
    """Whoever alters a package can compute its digest anew; the encryption still finds it."""
    here, there = pair
    whole = pack(here, there, tmp_path / "x").read_bytes()
    chance = random.Random(count)
    before = dump(there)
    for _ in range(count):
        changed = damages(whole, chance)
        if changed[45:] == whole[45:]:
            continue
        (tmp_path / "y").write_bytes(with_digest(changed))
        with pytest.raises(PreventionError):
            take(there, tmp_path / "y")
    assert dump(there) == before


def with_digest(changed: bytes) -> bytes:
    return changed[:13] + hashlib.sha256(changed[45:]).digest() + changed[45:]


def test_damage_of_columns_is_refused_or_harmless(pair, tmp_path: Path):
    """A sender who seals nonsense: whatever comes out of it, it is no entry that was signed."""
    here, there = pair
    _, part = parts_of(pack(here, there, tmp_path / "x"), there)
    stations = sorted(here.position())
    whole = package_columns.encode_slice(part, stations)
    chance = random.Random(1)
    for _ in range(200):
        changed = damages(whole, chance)
        try:
            again = package_columns.decode_slice(changed, stations)
        except UnreadableFile:
            continue
        if again == part:
            continue
        with forging(here, there, tmp_path / "y") as section:
            section.message(b"S" + changed)
        refused(there, tmp_path / "y", PreventionError)


# -- what is no package, or none for us --------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"PREVENTION\n", b"PK\3\4" + bytes(100), bytes(200)])
def test_another_file_is_no_package(station, tmp_path: Path, content: bytes):
    (tmp_path / "x").write_bytes(content)
    refused(station("45"), tmp_path / "x", UnreadableFile, "fichier d’échange")


def test_a_newer_format_asks_for_an_update(pair, tmp_path: Path):
    here, there = pair
    file = pack(here, there, tmp_path / "x")
    content = bytearray(file.read_bytes())
    content[12] = 2
    file.write_bytes(content)
    refused(there, file, NewerFormat, "Mettez le programme à jour")


def test_entries_of_a_newer_format_ask_for_an_update(pair, tmp_path: Path):
    here, there = pair

    def newer(parts: list[Part]) -> list[Part]:
        return [_with_head(here, parts[0], lambda head: head | {"f": 2})]

    refused(there, forged(here, there, tmp_path / "x", newer), NewerFormat, "plus récente")


def test_a_key_sealed_to_another_opens_nothing(pair, station, tmp_path: Path):
    here, there = pair
    third = station("45")
    with (
        package_file.writing_package(tmp_path / "x", here.key.sign) as package,
        package.section({there.station: public_key(third)}) as section,
    ):
        section.write(manifest_of(here))
    refused(there, tmp_path / "x", Refused, "pas adressé à cet ordinateur")


# -- who signed what ---------------------------------------------------------------------------


def test_a_station_that_nobody_knows_is_refused(station, tmp_path: Path):
    here, there = station("45"), station("45")
    introduce(here, there)
    stranger = station("45")
    introduce(here, stranger)
    stranger.receive([beginning(there)])
    send(stranger, here, tmp_path / "1")

    def without_its_beginning(parts: list[Part]) -> list[Part]:
        return []

    file = forged(stranger, there, tmp_path / "x", without_its_beginning)
    refused(there, file, Refused, "ordinateur inconnu ici")


def test_a_chain_whose_key_is_not_told_is_refused(station, tmp_path: Path):
    here, there, third = station("45"), station("45"), station("45")
    introduce(here, there)
    send(third_told(third, here), here, tmp_path / "1")

    def keyless(parts: list[Part]) -> list[Part]:
        (part,) = parts
        runs = [
            dataclasses.replace(
                run,
                entries=[PackedEntry(each.head, each.table, {}) for each in run.entries],
            )
            if run.station == third.station
            else run
            for run in part.runs
        ]
        return [Slice(runs)]

    refused(there, forged(here, there, tmp_path / "x", keyless), Refused, "clé n’est pas connue")


def third_told(third: Store, other: Store) -> Store:
    third.receive([beginning(other)])
    return third


def test_who_pretends_to_be_another_is_refused(pair, station, tmp_path: Path):
    here, there = pair
    third = station("45")
    introduce(here, there, third)
    with (
        package_file.writing_package(tmp_path / "x", third.key.sign) as package,
        package.section({there.station: public_key(there)}) as section,
    ):
        section.write(manifest_of(here))
    refused(there, tmp_path / "x", Refused, "pas été écrit par l’ordinateur qu’il nomme")


def _altered_relay(parts: list[Part], change: Callable[[PackedEntry], PackedEntry], of: str):
    (part,) = parts
    return [
        Slice(
            [
                dataclasses.replace(run, entries=[*run.entries[:-1], change(run.entries[-1])])
                if run.station == of
                else run
                for run in part.runs
            ]
        )
    ]


def _other_value(entry: PackedEntry) -> PackedEntry:
    salt, body = entry.leaves[0]
    changed = body.replace(b'"a"', b'"z"')
    assert changed != body
    digest = entries.leaf_digest(salt, changed)
    table = entry.table[:12] + digest + entry.table[44:]
    return PackedEntry(entry.head, table, {0: (salt, changed)})


def _other_author(entry: PackedEntry) -> PackedEntry:
    head = json.loads(entry.head) | {"a": "00000000-0000-7000-8000-000000000000"}
    return dataclasses.replace(entry, head=entries.to_bytes(head))


@pytest.mark.parametrize("change", [_other_value, _other_author])
def test_a_relay_that_alters_the_history_of_another_is_refused(
    pair, station, tmp_path: Path, change
):
    first, relay = pair
    last = station("45")
    introduce(first, relay, last)
    send(first, relay, tmp_path / "1")
    file = forged(
        relay, last, tmp_path / "x", lambda parts: _altered_relay(parts, change, first.station)
    )
    refused(last, file, Refused, "altérées en chemin")


def test_a_relay_that_leaves_out_an_entry_makes_the_rest_wait_or_be_refused(
    pair, station, tmp_path: Path
):
    first, relay = pair
    last = station("45")
    introduce(first, relay, last)
    add(first, "job", name="b")
    send(first, relay, tmp_path / "1")

    def shorter(parts: list[Part]) -> list[Part]:
        (part,) = parts
        runs = [
            dataclasses.replace(run, entries=[*run.entries[:1], *run.entries[2:]])
            if run.station == first.station
            else run
            for run in part.runs
        ]
        return [Slice(runs)]

    refused(last, forged(relay, last, tmp_path / "x", shorter))


def test_what_lacks_its_causes_waits(pair, station, tmp_path: Path):
    first, relay = pair
    last = station("45")
    introduce(first, relay, last)
    add(first, "job", name="b")
    send(first, relay, tmp_path / "1")
    add(relay, "job", name="après")

    def late(parts: list[Part]) -> list[Part]:
        (part,) = parts
        return [Slice([run for run in part.runs if run.station != first.station])]

    file = forged(relay, last, tmp_path / "x", late)
    applied = take(last, file)
    assert (applied.new, applied.waiting) == (0, 1)
    assert listed(last, "job") == []
    send(relay, last, tmp_path / "y")
    assert len(listed(last, "job")) == 3
    assert check(last) == []


def twin_of(store: Store, place: Path) -> Store:
    """The same workspace used twice, with the same key: as a copied disk image is."""
    store.close()
    transplant(store.station, store.folder, place)
    return Store(place, declared_catalogue())


@pytest.mark.parametrize("acknowledged", [False, True], ids=["overlapping", "going on"])
def test_two_histories_under_one_identity_raise_an_alarm(
    pair, tmp_path: Path, monkeypatch, acknowledged: bool
):
    here, there = pair
    monkeypatch.setattr(keys, "_place", lambda workspace: "ici")
    keys._keep(here.station, json.dumps({"key": here.key.key.encode().hex(), "place": "ici"}))
    twin = twin_of(here, tmp_path / "jumeau.prevention")
    add(twin, "job", name="jumeau")
    add(twin, "job", name="jumeau encore")
    add(here, "job", name="original")
    send(here, there, tmp_path / "1")
    if acknowledged:
        with twin.connecting() as connection, writing(connection):
            peers.told(connection, there.station, there.position(), {})
    pack(twin, there, tmp_path / "2")
    refused(there, tmp_path / "2", unpacking.Fork, "a sans doute servi deux fois")
    refused(there, tmp_path / "2", unpacking.Fork)
    with there.reading() as read:
        (alert,) = inbox.alerts(read)
    assert alert.station == here.station
    assert "deux historiques" in alert.what
    assert "n’y travaillez plus" in alert.advice
    inbox.mark_alert_seen(there, alert.id)
    refused(there, tmp_path / "2", unpacking.Fork)
    with there.reading() as read:
        assert inbox.alerts(read) == []
    assert {each.name for each in listed(there, "job")} == {"a", "original"}
    twin.close()


# -- bombs -------------------------------------------------------------------------------------


@lru_cache
def deflated(size: int) -> bytes:
    """Many zeros in few bytes."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return b"".join(packer.compress(bytes(MB)) for _ in range(size // MB)) + packer.flush()


def put(value: int) -> bytes:
    out = bytearray()
    package_columns._put(out, value)
    return bytes(out)


def columns(**given: bytes) -> bytes:
    """A frame of columns, those given compressed."""
    return b"".join(
        put(len(given.get(name, b"")) << 1 | (name in given)) + given.get(name, b"")
        for name in package_columns._COLUMNS
    )


BOMBS: dict[str, Callable[[], bytes]] = {
    "bodies": lambda: b"S" + columns(bodies_p=deflated(300 * MB)),
    "numbers": lambda: b"S" + columns(heads=deflated(300 * MB)),
    "ids": lambda: b"S" + columns(ids=deflated(300 * MB)),
    "several": lambda: (
        b"S"
        + columns(**{name: deflated(12 * MB) for name in ("classes", "raw", "bodies_t", "ids")})
    ),
    "chance": lambda: b"S" + columns(chance=deflated(300 * MB)),
    "runs": lambda: b"S" + put(10 << 1) + put(1 << 60) + bytes(40),
    "entries": lambda: (
        b"S"
        + b"".join(
            put(len(each) << 1) + each
            for each in (put(1), b"\0\1" + put(1 << 40), *[b""] * 10, bytes(64 + 100))
        )
    ),
    "late": lambda: b"L" + put(9 << 1) + put(1 << 60) + bytes(40),
    "nothing": lambda: b"S",
    "unknown": lambda: b"Z" + bytes(10),
    "second manifest": lambda: b"M" + bytes(100),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_without_much_memory(pair, tmp_path: Path, kind: str):
    here, there = pair
    bomb = BOMBS[kind]()
    with forging(here, there, tmp_path / "x") as section:
        section.message(bomb)
    before = dump(there)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFile):
            take(there, tmp_path / "x")
        assert tracemalloc.get_traced_memory()[1] < 100 * MB
    finally:
        tracemalloc.stop()
    assert dump(there) == before


def test_a_manifest_that_is_a_bomb_is_refused(pair, tmp_path: Path):
    here, there = pair
    with (
        package_file.writing_package(tmp_path / "x", here.key.sign) as package,
        package.section({there.station: public_key(there)}) as section,
    ):
        section.message(b"M" + bytes(64) + b"\0\0" + deflated(300 * MB))
    refused(there, tmp_path / "x", UnreadableFile, "gonfle démesurément")


@pytest.mark.parametrize(
    "change",
    [
        *({key: value} for key in ("at", "s") for value in (-1, 0.5, True, "1", None, [])),
        *({key: 1 << 70} for key in ("at", "s")),
        *({"v": value} for value in ({}, "ab", None, [1], [1, 2, 3])),
        *({"v": [1, value]} for value in (-1, 1.0, math.nan, math.inf, 1 << 70, "1", None, [])),
        *({"x": value} for value in ([], 5, {"9": []}, {"-1": []}, {"a": []}, {"0": [1]})),
        *({"x": {"0": [value, 0]}} for value in (math.nan, math.inf, -1, 1.5, True, "1", None)),
        *({"x": {"0": [1, value]}} for value in (math.nan, -1, 1.5, "1", None, [], {})),
        {"x": {"0": [(1 << 53) - 1, 0, 1, 0]}},
        *({"name": value} for value in (5, None, [], "\ud800")),
        {},
    ],
    ids=str,
)
def test_a_signed_manifest_with_another_kind_of_value_is_refused(
    pair, tmp_path: Path, change: dict
):
    here, there = pair
    stations = sorted([here.station, there.station])
    place = stations.index(here.station)
    document = {"at": 1_795_500_000_000, "name": "X", "s": place, "v": [1, 1]}
    told = json.dumps(document | change, separators=(",", ":")).encode()
    ids = bytes.fromhex("".join(stations))
    message = (
        here.key.sign(package_file._to_sign(ids + told))
        + len(stations).to_bytes(2, "big")
        + ids
        + package_columns.deflate(told, package_file._EXPECTED)
    )
    with (
        package_file.writing_package(tmp_path / "x", here.key.sign) as package,
        package.section({there.station: public_key(there)}) as section,
    ):
        section.message(b"M" + message)
    if change:
        refused(there, tmp_path / "x", UnreadableFile)
    else:
        assert take(there, tmp_path / "x").name == "X"


def test_a_frame_that_claims_to_be_huge_is_refused(pair, tmp_path: Path):
    here, there = pair
    whole = bytearray(pack(here, there, tmp_path / "x").read_bytes())
    at = 45 + 2 + 96 + 24
    whole[at : at + 4] = (0x7FFFFFFF).to_bytes(4, "big")
    (tmp_path / "x").write_bytes(with_digest(bytes(whole)))
    refused(there, tmp_path / "x", UnreadableFile)


# -- attachments -------------------------------------------------------------------------------


@pytest.mark.parametrize("digest", ["../../../../tmp/loin", "/etc/passwd", "C:\\loin", "a" * 63])
def test_a_record_cannot_make_a_file_appear_elsewhere(pair, tmp_path: Path, digest: str):
    here, there = pair
    with here.change("Joindre") as work:
        work.new("attachment", of_register="job", of_record="x", name="../x", size=1, digest=digest)
    outside = {each for each in tmp_path.rglob("*") if there.folder not in each.parents}
    file = pack(here, there, tmp_path / "x")
    take(there, file)
    found = {each for each in tmp_path.rglob("*") if there.folder not in each.parents}
    backups = there.folder.with_suffix(".sauvegardes")
    assert {each for each in found - outside if each not in (backups, *backups.rglob("*"))} == {
        file
    }
    assert not list((there.folder / "files").iterdir())


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ([FileAnnounced("ab" * 32, 3), FileData(b"abc")], "empreinte"),
        ([FileAnnounced("ab" * 32, 3), FileData(b"abcd")], "empreinte"),
        ([FileAnnounced("ab" * 32, 1 << 60)], "empreinte"),
        ([FileData(b"abc")], "empreinte"),
        (
            [
                FileAnnounced(
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3
                ),
                FileData(b"abc"),
            ],
            "qu’aucune fiche ne nomme",
        ),
    ],
    ids=["other", "longer", "shorter", "unannounced", "unnamed"],
)
def test_bytes_that_nobody_named_are_refused(pair, tmp_path: Path, parts: list[Part], error: str):
    here, there = pair
    with forging(here, there, tmp_path / "x") as section:
        for part in parts:
            section.write(part)
    refused(there, tmp_path / "x", Refused, error)
    assert not list((there.folder / "files").iterdir())


# -- what is signed and still nonsense ---------------------------------------------------------


def _with_head(sender: Store, part: Part, change: Callable[[dict], dict]) -> Slice:
    """The last entry of the sender written otherwise, and signed by it."""
    assert isinstance(part, Slice)
    runs: list[Run] = []
    for run in part.runs:
        *rest, last = run.entries
        head = entries.to_bytes(change(json.loads(last.head)))
        changed = _signed(sender, run, [*rest, dataclasses.replace(last, head=head)])
        runs.append(changed if run.station == sender.station else run)
    return Slice(runs)


def _with_body(sender: Store, part: Part, body: bytes) -> Slice:
    assert isinstance(part, Slice)
    runs: list[Run] = []
    for run in part.runs:
        *rest, last = run.entries
        salt = bytes(16)
        table = last.table[:12] + entries.leaf_digest(salt, body) + last.table[44:]
        altered = [*rest, PackedEntry(last.head, table, {0: (salt, body)})]
        own = run.station == sender.station
        runs.append(_signed(sender, run, altered) if own else run)
    return Slice(runs)


def _signed(sender: Store, run: Run, packed: list[PackedEntry]) -> Run:
    last = run.before
    for each in packed:
        last = entries.chain_hash(last, each.head, each.table)
    return dataclasses.replace(run, entries=packed, signature=sender.key.sign(last))


@pytest.mark.parametrize(
    "change",
    [
        {"t": "-1"},
        {"t": "9" * 30},
        {"t": 5},
        {"n": 99},
        {"s": "0" * 32},
        {"v": {"x": 1}},
        {"v": []},
        {"v": {"0" * 32: "1"}},
        {"a": None},
        {"f": "1"},
    ],
    ids=str,
)
def test_a_signed_head_of_another_form_is_refused(pair, tmp_path: Path, change: dict):
    here, there = pair
    file = forged(
        here,
        there,
        tmp_path / "x",
        lambda parts: [_with_head(here, parts[0], lambda head: head | change)],
    )
    refused(there, file, Refused, "mal formées")


@pytest.mark.parametrize("body", MALFORMED, ids=case)
def test_a_signed_leaf_of_another_form_is_refused(pair, tmp_path: Path, body: bytes):
    here, there = pair
    file = forged(here, there, tmp_path / "x", lambda parts: [_with_body(here, parts[0], body)])
    refused(there, file, Refused, "mal formées")


@pytest.mark.parametrize("body", MALFORMED, ids=case)
def test_a_leaf_of_another_form_that_comes_after_its_entry_is_refused(
    pair, tmp_path: Path, body: bytes
):
    here, there = pair

    def without_its_leaf(parts: list[Part]) -> list[Part]:
        altered = _with_body(here, parts[0], body)
        return _altered_relay(
            [altered], lambda entry: dataclasses.replace(entry, leaves={}), here.station
        )

    assert take(there, forged(here, there, tmp_path / "1", without_its_leaf)).new == 1
    number = there.position()[here.station]
    with forging(here, there, tmp_path / "2") as section:
        section.write(LateLeaves([LateLeaf(here.station, number, 0, bytes(16), body)]))
    refused(there, tmp_path / "2", PreventionError)


def test_a_late_leaf_that_its_head_does_not_name_is_refused(pair, tmp_path: Path):
    here, there = pair
    send(here, there, tmp_path / "1")
    body = b'{"r":"x","w":{"name":"z"}}'
    for position in (0, 7):
        with forging(here, there, tmp_path / "x") as section:
            section.write(LateLeaves([LateLeaf(here.station, 2, position, bytes(16), body)]))
        refused(there, tmp_path / "x", Refused, "altérées en chemin")


def test_a_run_twice_in_a_package_is_refused(pair, tmp_path: Path):
    here, there = pair
    file = forged(
        here, there, tmp_path / "x", lambda parts: [Slice([*parts[0].runs, *parts[0].runs])]
    )
    refused(there, file, Refused)


def test_the_key_of_a_known_station_is_not_replaced(pair, station, tmp_path: Path):
    """A chain rewritten from its beginning, with a key of the forger's own."""
    first, relay = pair
    last = station("45")
    introduce(first, relay, last)
    send(first, relay, tmp_path / "1")
    own = SigningKey.generate()

    def with_key(run: Run) -> Run:
        begin, *rest = run.entries
        salt, body = begin.leaves[0]
        content = json.loads(body)
        content["w"]["public_key"] = own.verify_key.encode().hex()
        body = entries.to_bytes(content)
        table = begin.table[:12] + entries.leaf_digest(salt, body) + begin.table[44:]
        altered = [PackedEntry(begin.head, table, {**begin.leaves, 0: (salt, body)}), *rest]
        digest = run.before
        for each in altered:
            digest = entries.chain_hash(digest, each.head, each.table)
        return dataclasses.replace(run, entries=altered, signature=own.sign(digest).signature)

    def rewritten(parts: list[Part]) -> list[Part]:
        (part,) = parts
        return [
            Slice([with_key(run) if run.station == first.station else run for run in part.runs])
        ]

    refused(last, forged(relay, last, tmp_path / "x", rewritten), Refused, "altérées en chemin")


def test_inspecting_a_forged_package_refuses_it_too(pair, tmp_path: Path):
    here, there = pair
    (tmp_path / "x").write_bytes(b"PREVENTION\n\0\1" + bytes(60))
    with pytest.raises(UnreadableFile):
        packages.inspect(there, tmp_path / "x")
    assert packages.inspect(there, pack(here, there, tmp_path / "y")).new == 1
