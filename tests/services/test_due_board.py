"""What is due kept at hand: read again where something was written, and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from prevention_app.services import due_board
from prevention_app.services.due_board import DueBoard
from prevention_app.services.due_list import DueQuestion
from prevention_app.services.overview import PARTS, items_of
from prevention_app.storage.query import Query, Reader

TODAY = date(2026, 11, 24)
QUESTION = DueQuestion(TODAY, ("45", "3D"))


@pytest.fixture
def filled(store):
    """One thing of each kind that falls due, with a date defined by users among them."""
    with store.change("Préparer") as work:
        work.new(
            "register_definition",
            register_key="extinguisher_loan",
            register_code="PRET",
            name="Prêts",
        )
        work.new(
            "field_definition",
            register_key="extinguisher_loan",
            field_key="back_on",
            label="Retour",
            kind="date",
            due="chef de service",
        )
    with store.change("Préparer") as work:
        site = work.new("site", name="Atelier")
        unit = work.new("work_unit", name="Atelier", site=site.id)
        pump = work.new("equipment", name="Pont", site=site.id, months=12)
        seen = work.new("inspection", equipment=pump.id, done_on=date(2025, 10, 1))
        work.new("reservation", inspection=seen.id, text="Câble", action_due=date(2026, 11, 1))
        agent = work.new("person", last_name="Marchand", site=site.id)
        work.new("credential", person=agent.id, credential_type=_a_type(store), expires=TODAY)
        work.new("planned_action", title="Rampe", work_unit=unit.id, due=date(2026, 11, 3))
        work.new(
            "health_safety_entry", site=site.id, reported_on=date(2026, 11, 2), observation="Câble"
        )
        room = work.new("store_room", name="Local", site=site.id)
        work.new("stock_line", store_room=room.id, name_as_written="X", use_by=date(2026, 12, 1))
    return store


def _a_type(store) -> str:
    with store.reading() as read:
        return read.records(Query("credential_type"))[0].id


def test_all_that_is_due_is_counted_by_register(filled) -> None:
    waiting = DueBoard().answer(filled, QUESTION).waiting
    assert waiting == {
        "": 4,
        "due": 6,
        "equipment": 1,
        "reservation": 1,
        "credential": 1,
        "planned_action": 1,
        "health_safety_entry": 1,
        "stock_line": 1,
    }


def test_what_was_written_is_seen_once_the_board_is_told(filled) -> None:
    board = DueBoard()
    before = board.answer(filled, QUESTION).figures.late
    with filled.change("Ajouter") as work:
        work.new("planned_action", title="Grille", due=date(2026, 11, 1))
    board.forget(filled, {"person": frozenset()})
    assert board.answer(filled, QUESTION).figures.late == before
    board.forget(filled, {"planned_action": frozenset()})
    assert board.answer(filled, QUESTION).figures.late == before + 1


def test_few_records_are_read_again_by_themselves(filled) -> None:
    board = DueBoard()
    before = board.answer(filled, QUESTION)
    with filled.reading() as read:
        (old,) = read.records(Query("planned_action"))
    with filled.change("Modifier") as work:
        work.amend("planned_action", old, due=date(2026, 12, 3))
        made = work.new("planned_action", title="Grille", due=date(2026, 11, 1))
    board.forget(filled, {"planned_action": frozenset({old.id, made.id})})
    after = board.answer(filled, QUESTION)
    assert after.waiting["planned_action"] == 2
    assert (after.figures.late, after.figures.soon) == (
        before.figures.late,
        before.figures.soon + 1,
    )
    with filled.change("Modifier") as work:
        work.amend("planned_action", made, state="done", done_on=TODAY)
    board.forget(filled, {"planned_action": frozenset({made.id})})
    assert board.answer(filled, QUESTION).waiting["planned_action"] == 1


def test_another_day_is_another_answer(filled) -> None:
    board = DueBoard()
    assert board.answer(filled, QUESTION).figures.soon == 2
    later = DueQuestion(date(2026, 12, 15), ("45", "3D"))
    assert board.answer(filled, later).figures.soon == 0


def test_every_part_says_all_registers_that_it_reads(filled, monkeypatch) -> None:
    seen: set[str] = set()
    records, columns = Reader.records, Reader.columns
    monkeypatch.setattr(
        Reader,
        "records",
        lambda self, query, *a: seen.add(query.register) or records(self, query, *a),
    )
    monkeypatch.setattr(
        Reader,
        "columns",
        lambda self, query, *a: seen.add(query.register) or columns(self, query, *a),
    )
    for part in PARTS:
        seen.clear()
        with filled.reading() as read:
            items_of(read, TODAY, [part])
        for register in seen:
            assert part.reads(filled.catalogue, {register}), (part, register)


def test_a_date_that_users_declared_as_due_is_read_again(filled) -> None:
    with filled.change("Ajouter") as work:
        work.new("extinguisher_loan", back_on=date(2026, 11, 1))
    board = DueBoard()
    assert board.answer(filled, QUESTION).waiting["extinguisher_loan"] == 1
    with filled.change("Ajouter") as work:
        work.new("extinguisher_loan", back_on=date(2026, 11, 2))
    board.forget(filled, {"extinguisher_loan": frozenset()})
    assert board.answer(filled, QUESTION).waiting["extinguisher_loan"] == 2


def test_the_person_of_a_station_answers_by_name_and_by_the_functions_of_its_roles(store) -> None:
    with store.reading() as read:
        mine = due_board.mine(read, store.station, store.author)
    assert mine == ("durand", "Conseiller de prévention", "Administrateur")


def test_the_size_is_counted_no_further_than_asked(filled) -> None:
    with filled.reading() as read:
        assert due_board.size(read, 5) == 5
        assert 8 < due_board.size(read, 1000) < 1000
