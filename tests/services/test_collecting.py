"""Sheets go out, come back in every state that people leave them in, and become proposals (P1)."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from prevention_app.catalogue.campaign import Proposal, ProposalKind, ProposalState, UnitState
from prevention_app.errors import NotFound, Refused
from prevention_app.services import (
    campaign,
    campaign_view,
    collecting_read,
    collecting_remind,
    collecting_review,
    collecting_send,
)
from prevention_app.services.collecting_read import FileState
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Condition, Op, Query
from prevention_app.storage.store import Store

TODAY = date(2026, 11, 24)
FIRST_ROW = 9
KEY, SITUATION, MEASURES, ANSWER, REMARK = 1, 4, 5, 7, 8
"""Columns of the sheet as it leaves."""
WORDS = {
    "still_true": "Toujours vrai",
    "changed": "A changé",
    "gone": "N’existe plus",
}


def fill(store: Store, units: int, risks: int = 3) -> list[str]:
    """Work units with rated risks, their measures and an action each."""
    with store.change("Préparer") as work:
        family = work.new("hazard_family", family_code="BRUI", name="Bruit", rank=1).id
        made: list[str] = []
        for at in range(units):
            unit = work.new("work_unit", name=f"Unité {at:03}").id
            made.append(unit)
            for number in range(risks):
                risk = work.new(
                    "risk",
                    work_unit=unit,
                    hazard_family=family,
                    situation=f"Situation {number} de l’unité {at:03}",
                    evaluation="evaluated",
                ).id
                work.new(
                    "rating", risk=risk, severity=4, frequency=3, control=2,
                    rated_on=date(2026, 3, 1),
                )  # fmt: skip
                work.new("existing_measure", risk=risk, title="Casque antibruit")
    return made


def sent(store: Store, folder: Path, *, paper: bool = False) -> list[Path]:
    """The workbooks of all units."""
    folder.mkdir(exist_ok=True)
    return collecting_send.send(store, "45", folder, Progress(), paper=paper).files


def rows_of(sheet: Any) -> dict[str, int]:
    """Key of a line → its row."""
    return {
        str(sheet.cell(row, KEY).value): row
        for row in range(FIRST_ROW, sheet.max_row + 1)
        if sheet.cell(row, KEY).value
    }


def edited(place: Path, edit: Callable[[Any], None], saved: datetime | None = None) -> None:
    """Open a workbook, do something to its sheet as a user would, and save it."""
    book = openpyxl.load_workbook(place)
    edit(book.worksheets[0])
    book.save(place)
    if saved is not None:
        book = openpyxl.load_workbook(place)
        book.properties.modified = saved
        # Saving sets the moment: it is put into the file itself.
        book.save(place)
        _set_modified(place, saved)


def _set_modified(place: Path, moment: datetime) -> None:
    import re
    import zipfile

    with zipfile.ZipFile(place) as archive:
        parts = {each.filename: archive.read(each) for each in archive.infolist()}
    core = parts["docProps/core.xml"].decode()
    told = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    parts["docProps/core.xml"] = re.sub(
        r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{told}", core
    ).encode()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def read(store: Store, *paths: Path) -> collecting_read.Reading:
    return collecting_read.read(store, paths, Progress())


def waiting(store: Store) -> list[Proposal]:
    with store.reading() as reader:
        return collecting_review.proposals(reader)


def count(store: Store, register: str) -> int:
    with store.reading() as reader:
        return reader.count(Query(register))


# -- 150 files ------------------------------------------------------------------------------------


@dataclass
class Filled:
    """What people filled in: what must come back, no more and no less."""

    lines: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(kind, id of the risk or text of the new situation, remark)."""

    def answer(self, sheet: Any, chance: random.Random, unit: int) -> None:
        """Fill in a sheet by chance, and remember what was filled in."""
        for key, row in rows_of(sheet).items():
            if key.startswith("new-"):
                continue
            kind = chance.choice(("still_true", "changed", "gone", ""))
            if kind:
                remark = f"remarque {unit} {row}" if kind == "changed" else ""
                sheet.cell(row, ANSWER, WORDS[kind])
                sheet.cell(row, REMARK, remark or None)
                self.lines[kind, key, remark] += 1
        for number in range(chance.randrange(3)):
            row = rows_of(sheet)[f"new-{number + 1}"]
            text = f"Nouvelle situation {number} de l’unité {unit}"
            sheet.cell(row, SITUATION, text)
            self.lines["new_situation", text, ""] += 1


def as_read(proposals: Sequence[Proposal]) -> Counter[tuple[str, str, str]]:
    return Counter(
        (str(each.kind), str(each.risk or each.text), each.remark or "") for each in proposals
    )


def test_of_150_returned_files_nothing_is_lost_and_nothing_is_counted_twice(store, tmp_path):
    fill(store, 145)
    folder = tmp_path / "envoi"
    files = sent(store, folder)
    chance, filled = random.Random(2026), Filled()
    damaged, twice, odd = files[:10], files[10:15], files[15:18]
    for at, place in enumerate(files[15:], 15):
        edited(place, lambda sheet, at=at: filled.answer(sheet, chance, at))
    for at, place in enumerate(odd):
        edited(place, lambda sheet, at=at: disturb(sheet, at, filled))
    for at, place in enumerate(twice):
        older = folder / f"copie {at}.xlsx"
        shutil.copy(place, older)
        # The first answer holds what the second one takes back.
        edited(older, lambda sheet: Filled().answer(sheet, chance, 0), datetime(2026, 11, 20, 9))
        edited(
            place,
            lambda sheet, at=at: filled.answer(sheet, chance, 500 + at),
            datetime(2026, 11, 23, 9),
        )
    spoil(damaged)
    assert len(list(folder.glob("*.xlsx"))) == 150

    reading = read(store, folder)

    assert reading.counted(FileState.REFUSED) == 10
    assert {each.file for each in reading.files if each.state is FileState.REFUSED} == {
        each.name for each in damaged
    }
    assert all(f"« {each.name} »".replace("« ", "«\u00a0").replace(" »", "\u00a0»")
               in next(one.said for one in reading.files if one.file == each.name)
               for each in damaged)  # fmt: skip
    assert reading.counted(FileState.OLDER) == 5
    assert reading.counted(FileState.READ) == 135
    assert as_read(waiting(store)) == filled.lines
    assert reading.proposals == filled.lines.total()
    again = read(store, folder)
    assert (again.proposals, again.done) == (0, None)
    assert as_read(waiting(store)) == filled.lines
    store.undo()
    assert waiting(store) == []


def disturb(sheet: Any, at: int, filled: Filled) -> None:
    """Add rows, hide and move columns, rename the sheet: what people do to forms."""
    sheet.title = ("Feuil1", "Réponse CER", "Collecte (2)")[at]
    sheet.insert_rows(FIRST_ROW + 1, 2)
    for row, text in enumerate(("Glissade sur le parking", "Bruit de la scie"), FIRST_ROW + 1):
        sheet.cell(row, SITUATION, f"{text} {at}")
        filled.lines["new_situation", f"{text} {at}", ""] += 1
    for letter in "BCF":
        sheet.column_dimensions[letter].hidden = True
    if at == 1:
        sheet.move_range(f"H1:H{sheet.max_row}", cols=3)
    if at == 2:
        sheet.insert_cols(6)


def spoil(files: Sequence[Path]) -> None:
    """Ten ways in which a mailed file does not arrive."""
    for at, place in enumerate(files):
        content = place.read_bytes()
        match at % 5:
            case 0:
                place.write_bytes(content[: len(content) // 2])
            case 1:
                place.write_bytes(b"")
            case 2:
                place.write_bytes(b"<html><body>Session expir\xc3\xa9e</body></html>")
            case 3:
                place.write_bytes(content[:200] + b"\0" * 400 + content[600:])
            case _:
                openpyxl.Workbook().save(place)


# -- single sheets --------------------------------------------------------------------------------


@pytest.fixture
def sheet(store, tmp_path) -> Path:
    """The sheet of one unit with three situations."""
    fill(store, 1)
    return sent(store, tmp_path / "envoi")[0]


def test_words_of_ones_own_notes_and_cells_beside_the_columns_are_kept(store, sheet):
    def edit(page):
        rows = list(rows_of(page).values())
        page.cell(rows[0], ANSWER, "plus souvent qu’avant")
        page.cell(rows[1], REMARK, "voir photo")
        page.cell(rows[1], 12, "et l’escalier ?")
        page.cell(rows[2], SITUATION, "Autre rédaction")
        page.cell(4, 4, "chef d’équipe, deux agents")
        page.cell(5, 4, datetime(2026, 11, 20))
        page.cell(rows[2], ANSWER).comment = openpyxl.comments.Comment("à revoir en mars", "moi")

    edited(sheet, edit)
    read(store, sheet)
    found = sorted(waiting(store), key=lambda each: int(each.cell.rpartition("!G")[2]))
    assert [str(each.kind) for each in found] == ["changed", "remark", "changed"]
    assert found[0].remark == "plus souvent qu’avant"
    assert found[1].remark == "voir photo\nL10\u00a0: et l’escalier\u202f?"
    assert (found[2].text, found[2].remark) == (
        "Autre rédaction", "note en G11\u00a0: à revoir en mars",
    )  # fmt: skip
    with store.reading() as reader:
        kept = reader.records(Query("collect_sheet"))[0]
    assert (kept.participants, kept.met_on) == ("chef d’équipe, deux agents", date(2026, 11, 20))


def test_a_later_answer_replaces_what_still_waits_and_leaves_what_was_settled(store, sheet):
    def first(page):
        rows = list(rows_of(page).values())
        page.cell(rows[0], ANSWER, "Toujours vrai")
        page.cell(rows[1], ANSWER, "N’existe plus")
        page.cell(rows_of(page)["new-1"], SITUATION, "Coupure sur une tôle")

    def second(page):
        rows = list(rows_of(page).values())
        page.cell(rows[1], ANSWER, "A changé")

    edited(sheet, first, datetime(2026, 11, 20, 9))
    read(store, sheet)
    new = next(each for each in waiting(store) if each.kind == ProposalKind.NEW_SITUATION)
    collecting_review.accept(store, [new])
    edited(sheet, second, datetime(2026, 11, 21, 9))
    assert read(store, sheet).proposals == 0
    assert sorted(str(each.kind) for each in waiting(store)) == ["changed", "still_true"]
    assert count(store, "risk") == 4


def test_a_sheet_made_again_is_answered_by_whichever_copy_comes_back(store, sheet, tmp_path):
    copy = tmp_path / "premier envoi.xlsx"
    shutil.copy(sheet, copy)
    again = sent(store, sheet.parent)[0]
    assert again == sheet
    assert count(store, "collect_sheet") == 1
    edited(copy, lambda page: page.cell(FIRST_ROW, ANSWER, "A changé"))
    assert read(store, copy).proposals == 1


def save_other(place: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Budget"
    book.save(place)


def test_sheets_that_could_not_all_be_written_leave_no_file_that_nobody_recorded(store, tmp_path):
    fill(store, 3)
    (tmp_path / "Fiche de collecte - Unité 002.docx").mkdir()
    with pytest.raises(Refused, match="est un dossier"):
        sent(store, tmp_path, paper=True)
    assert [each for each in tmp_path.iterdir() if each.is_file() and "Fiche" in each.name] == []
    assert (count(store, "collect_sheet"), count(store, "update_campaign")) == (0, 0)


@pytest.mark.parametrize(
    ("spoil_it", "expected"),
    [
        (lambda place: openpyxl.Workbook().save(place), "aucune donnée"),
        (save_other, "n’est pas une fiche de collecte"),
        (lambda place: place.write_bytes(b"PK\x03\x04zip"), "n’a pas été lu"),
    ],
)
def test_what_is_no_sheet_is_refused_by_name_with_the_reason(store, tmp_path, spoil_it, expected):
    place = tmp_path / "pièce jointe.xlsx"
    spoil_it(place)
    reading = read(store, place)
    (outcome,) = reading.files
    assert outcome.state is FileState.REFUSED
    assert "pièce jointe.xlsx" in outcome.said
    assert expected in outcome.said.replace("\u00a0", " ") or "n’a pas été lu" in outcome.said
    assert reading.done is None


def test_a_sheet_of_another_workspace_is_refused(store, sheet):
    store.undo()
    (outcome,) = read(store, sheet).files
    assert "n’a pas préparée" in outcome.said


def test_a_sheet_that_comes_back_empty_is_still_waited_for(store, sheet):
    (outcome,) = read(store, sheet).files
    assert outcome.state is FileState.BLANK
    with store.reading() as reader:
        (kept,) = reader.records(Query("collect_sheet"))
    assert kept.answered_on is None


# -- reviewing ------------------------------------------------------------------------------------


@pytest.fixture
def answered(store, sheet) -> dict[str, Proposal]:
    """One proposal of each kind."""

    def edit(page):
        rows = list(rows_of(page).values())
        for row, word in zip(rows, WORDS.values(), strict=False):
            page.cell(row, ANSWER, word)
        page.cell(rows[2], REMARK, "machine vendue")
        new = rows_of(page)["new-1"]
        page.cell(new, 3, "Bruit")
        page.cell(new, SITUATION, "Souffleur utilisé toute la journée")
        page.cell(new, MEASURES, "Casque\nPauses")
        page.cell(4, 4, "chef d’équipe")

    edited(sheet, edit)
    read(store, sheet)
    return {str(each.kind): each for each in waiting(store)}


def test_accepted_proposals_change_texts_and_never_a_rating(store, answered):
    ratings = count(store, "rating")
    collecting_review.accept(
        store,
        list(answered.values()),
        {answered["changed"].id: {"situation": "Pose de glissières de nuit"}},
    )
    with store.reading() as reader:
        risks = reader.records(Query("risk"))
        states = {str(each.kind): each.state for each in reader.records(Query("proposal"))}
        unit = reader.records(Query("campaign_unit"))[0]
    new = next(each for each in risks if each.situation.startswith("Souffleur"))
    changed = next(each for each in risks if each.situation == "Pose de glissières de nuit")
    assert (new.evaluation, changed.evaluation) == ("to_evaluate", "to_evaluate")
    assert new.source.startswith("Fiche de collecte")
    assert new.hazard_family == changed.hazard_family
    assert states["changed"] == ProposalState.CORRECTED
    assert states["still_true"] == ProposalState.ACCEPTED
    assert len(risks) == 3
    assert count(store, "rating") == ratings - 1
    assert unit.participants == "chef d’équipe"
    assert waiting(store) == []
    store.undo()
    assert len(waiting(store)) == 4
    assert count(store, "risk") == 3


def test_the_reason_of_a_deletion_stands_in_the_history_of_the_risk(store, answered):
    gone = answered["gone"]
    collecting_review.accept(store, [gone])
    assert any("machine vendue" in past.reason for _, past in store.history(gone.risk))


def test_a_refusal_needs_a_reason_and_what_was_settled_is_not_settled_again(store, answered):
    with pytest.raises(Refused, match="motif"):
        collecting_review.refuse(store, [answered["gone"]], " ")
    collecting_review.refuse(store, [answered["gone"]], "La machine est seulement en panne")
    with store.reading() as reader:
        again = collecting_review.named(reader, [answered["gone"].reference])
    assert again[0].reason == "La machine est seulement en panne"
    with pytest.raises(Refused, match="déjà été examinée"):
        collecting_review.accept(store, again)
    assert count(store, "risk") == 3


def test_a_change_of_a_risk_deleted_meanwhile_is_refused(store, answered):
    collecting_review.accept(store, [answered["gone"]])
    with store.change("Supprimer") as work, store.reading() as reader:
        work.delete("risk", reader.get("risk", answered["changed"].risk))
    with pytest.raises(Refused, match="supprimé"):
        collecting_review.accept(store, [answered["changed"]])


# -- campaign -------------------------------------------------------------------------------------


def test_a_campaign_tells_who_answered_what_is_left_and_what_changed(store, sheet, answered):
    with store.change("Campagne d’avant") as work:
        work.new("update_campaign", name="Campagne 2025", year=2025, started_on=date(2025, 10, 1),
                 closed_on=date(2025, 12, 1))  # fmt: skip
    with store.reading() as reader:
        under_way = campaign.find(reader, "45")
    (line,) = campaign_view.lines(store, under_way)
    assert (line.rated, line.risks, line.to_evaluate, line.waiting) == (3, 3, 0, 4)
    assert line.answer_words(TODAY) == "répondu le jour même"
    collecting_review.accept(store, list(answered.values()))
    (line,) = campaign_view.lines(store, under_way)
    assert (line.rated, line.risks, line.confirmed) == (1, 3, 1)
    assert (line.moves.added, line.moves.removed) == (3, 0)


def test_units_move_through_their_states_together_and_lose_dates_going_back(store):
    fill(store, 3)
    campaign.start(store, "45")
    with store.reading() as reader:
        held = campaign.members(reader, campaign.find(reader, "45").id)
    ids = [each.id for each in held]
    campaign.set_state(store, ids, UnitState.ON_SITE, on=date(2026, 11, 3), participants="ACP")
    campaign.set_state(store, ids[:2], UnitState.VALIDATED)
    campaign.set_state(store, ids[:1], UnitState.RATED)
    with store.reading() as reader:
        held = {each.id: each for each in campaign.members(reader, held[0].campaign)}
    assert [str(held[each].state) for each in ids] == ["rated", "validated", "on_site"]
    assert held[ids[0]].validated_on is None
    assert held[ids[0]].rated_on == held[ids[1]].validated_on == TODAY
    assert held[ids[2]].visited_on == date(2026, 11, 3)
    with pytest.raises(Refused, match="en cours"):
        campaign.start(store, "45")


# -- planned actions and reminders ----------------------------------------------------------------


@pytest.fixture
def actions(store) -> dict[str, str]:
    """Actions of two pilots, one of them late, and one of nobody."""
    (unit,) = fill(store, 1, 1)
    with store.change("Préparer") as work:
        return {
            title: work.new(
                "planned_action", title=title, work_unit=unit, pilot=pilot, due=due, state="to_do"
            ).id
            for title, pilot, due in (
                ("Capoter la scie", "Chef de parc", date(2026, 6, 1)),
                ("Acheter des gants", "chef de  parc", date(2027, 6, 1)),
                ("Former les agents", "Service formation", date(2026, 10, 1)),
                ("Sans pilote", None, date(2026, 10, 1)),
            )
        }


def test_a_pilot_receives_their_own_actions_alone_and_the_answers_are_proposals(
    store, actions, tmp_path
):
    made = collecting_send.send_actions(store, "45", tmp_path / "pilotes", Progress())
    assert [each.name for each in made.files] == [
        "Actions - Chef de parc.xlsx", "Actions - Service formation.xlsx",
    ]  # fmt: skip
    assert made.without_pilot == 1

    def edit(page):
        rows = rows_of(page)
        assert set(rows) == {actions["Capoter la scie"], actions["Acheter des gants"]}
        row = rows[actions["Capoter la scie"]]
        for column, value in ((6, "Réalisée"), (7, 1), (8, "12/11/2026"), (10, "82 dB"), (11, 950)):
            page.cell(row, column, value)
        page.cell(row, 7, 100)
        page.cell(row, 12, "Posé par le garage")

    edited(made.files[0], edit)
    assert read(store, made.files[0]).proposals == 1
    (proposal,) = waiting(store)
    assert proposal.kind == ProposalKind.ACTION_PROGRESS
    collecting_review.accept(store, [proposal])
    with store.reading() as reader:
        action = reader.get("planned_action", actions["Capoter la scie"])
    assert (action.state, action.progress, action.done_on) == (
        "done", Decimal(100), date(2026, 11, 12),
    )  # fmt: skip
    assert (action.found, action.real_cost) == ("82 dB", Decimal(950))
    assert "Posé par le garage" in action.comment
    with pytest.raises(NotFound, match="aucune action"):
        collecting_send.send_actions(store, "45", tmp_path, Progress(), pilots=["Inconnu"])


def test_late_pilots_and_silent_units_are_reminded_in_one_act(store, actions, tmp_path):
    sent(store, tmp_path / "envoi")
    made = collecting_remind.remind(store, "45", tmp_path / "relances", Progress())
    assert (made.pilots, made.actions, made.units, made.without_pilot) == (2, 2, 1, 1)
    for place in made.files:
        mail = message_from_bytes(place.read_bytes(), policy=default)
        assert mail["X-Unsent"] == "1"
        assert mail["To"] is None
        (attached,) = mail.iter_attachments()
        assert attached.get_filename().endswith(".xlsx")
        assert openpyxl.load_workbook(_saved(attached, tmp_path)).worksheets
    text = message_from_bytes(made.files[0].read_bytes(), policy=default).get_body().get_content()
    assert "Capoter la scie, échéance 01/06/2026" in text
    assert "Acheter des gants" not in text
    with store.reading() as reader:
        about = (Condition("action", Op.IS, actions["Capoter la scie"]),)
        (kept,) = reader.records(Query("reminder", about))
    assert kept.reminded_on == TODAY
    store.undo()
    assert count(store, "reminder") == 0


def _saved(attached: Any, folder: Path) -> Path:
    place = folder / "joint.xlsx"
    place.write_bytes(attached.get_content())
    return place


def test_where_everyone_is_on_time_nobody_is_reminded(store, tmp_path):
    fill(store, 1)
    with pytest.raises(Refused, match="Personne n’est à relancer"):
        collecting_remind.remind(store, "45", tmp_path, Progress())


def test_a_sheet_that_is_late_says_so(store, sheet):
    with store.reading() as reader:
        (kept,) = reader.records(Query("collect_sheet"))
    later = TODAY + timedelta(days=40)
    assert campaign_view.sheet_words(kept, later) == "sans réponse depuis 40\u00a0jours, en retard"
