"""A new organisation chart becomes operations, not duplicates (P4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from prevention_app import paths
from prevention_app.domain.reorganisation import Act
from prevention_app.errors import Refused
from prevention_app.services import imports
from prevention_app.services.chart_comparison import compare_chart
from prevention_app.services.import_plan import ALL, ImportRequest
from prevention_app.services.organisation import org_path
from prevention_app.services.reorganisation import Plan, apply, situation
from prevention_app.storage.query import Query
from tests.services.conftest import TODAY

ON = date(2026, 11, 1)
HEADINGS = ("Direction", "Service", "Site", "Unité de travail", "Femmes", "Hommes")


def chart(folder: Path, rows, name="organigramme.xlsx") -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "45 - Loiret"
    for row in (HEADINGS, *((*each, 3, 4) for each in rows)):
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def rows_of():
    """Three directions, two services each, three units each on a site of the direction."""
    return [
        (f"Direction {what}", f"Service {what} {number}", f"Site {what}", f"{what} {number} {team}")
        for what in ("Routes", "Culture", "Autonomie")
        for number in ("Nord", "Sud")
        for team in ("accueil", "équipe", "atelier")
    ]


@pytest.fixture
def rows(store, tmp_path):
    bring(store, chart(tmp_path, rows_of()))
    return rows_of()


def bring(store, file):
    imports.run(store, ImportRequest("organisation", (file,), department=ALL))


def compared(store, file, department="45"):
    with store.reading() as read:
        held = situation(read, department, TODAY)
    return held, compare_chart(store, held, file, ON)


def told(store, file):
    """The operations as (act, what, to or name)."""
    held, found = compared(store, file)
    new = {each.operation.unit: each.operation.name for each in found}

    def name(key):
        return held.units[key].name if key in held.units else new.get(key, "")

    return {
        (str(each.operation.act), name(each.operation.unit), name(each.operation.to))
        if each.operation.act is not Act.RENAME
        else ("rename", name(each.operation.unit), each.operation.name)
        for each in found
    }


def follow(store, file):
    """Apply what a chart says; returns how many of each register there are then."""
    _, found = compared(store, file)
    apply(store, Plan("45", ON, tuple(each.operation for each in found)))
    assert compared(store, file)[1] == [], "then the chart says nothing new"
    with store.reading() as read:
        before = {each: read.count(Query(each)) for each in ("org_unit", "work_unit", "site")}
    bring(store, file)
    with store.reading() as read:
        assert {each: read.count(Query(each)) for each in before} == before, "nothing is doubled"


def replaced(rows, at, old, new):
    return [tuple(new if (i == at and v == old) else v for i, v in enumerate(row)) for row in rows]


def test_the_same_chart_says_nothing(store, rows, tmp_path):
    assert told(store, chart(tmp_path, rows)) == set()


def test_an_import_that_would_add_to_what_is_here_points_to_the_comparison(store, tmp_path):
    first = ImportRequest("organisation", (chart(tmp_path, rows_of()),), department=ALL)
    assert not any("Réorganiser" in each for each in imports.run(store, first).notes)
    assert not any("Réorganiser" in each for each in imports.run(store, first).notes)
    file = chart(tmp_path, replaced(rows_of(), 0, "Direction Culture", "Pôle du patrimoine"))
    again = ImportRequest("organisation", (file,), department=ALL)
    tried = imports.run(store, again, dry_run=True)
    assert any("reorganise --from-chart" in each for each in tried.notes)


def test_a_file_of_before_finds_the_direction_that_was_merged_since(store, rows, tmp_path):
    new = "Direction de l’attractivité"
    merged = replaced(replaced(rows, 0, "Direction Culture", new), 0, "Direction Routes", new)
    follow(store, chart(tmp_path, merged))
    file = tmp_path / "accidents.csv"
    file.write_text(
        "N°;Date;Direction;Type\n1;03/02/2026;Direction Culture;Accident de service\n",
        encoding="utf-8",
    )
    with store.reading() as read:
        before = read.count(Query("org_unit"))
    imports.run(store, ImportRequest("accidents", (file,), department="45"))
    with store.reading() as read:
        (accident,) = read.records(Query("accident"))
        assert read.count(Query("org_unit")) == before
        assert org_path(read).of(accident).direction == new
        assert org_path(read, date(2026, 9, 30)).of(accident).direction == "Direction Culture"


def test_a_new_name_is_a_renaming(store, rows, tmp_path):
    file = chart(tmp_path, replaced(rows, 0, "Direction Culture", "Pôle du patrimoine"))
    assert told(store, file) == {("rename", "Direction Culture", "Pôle du patrimoine")}
    follow(store, file)


def test_a_service_elsewhere_has_moved_with_its_units(store, rows, tmp_path):
    moved = [
        ("Direction Culture", *row[1:]) if row[1] == "Service Routes Nord" else row for row in rows
    ]
    file = chart(tmp_path, moved)
    assert told(store, file) == {("move", "Service Routes Nord", "Direction Culture")}
    follow(store, file)


def test_a_unit_elsewhere_has_moved(store, rows, tmp_path):
    moved = [
        ("Direction Culture", "Service Culture Sud", "Site Culture", row[3])
        if row[3] == "Routes Nord équipe"
        else row
        for row in rows
    ]
    file = chart(tmp_path, moved)
    assert told(store, file) == {
        ("move", "Routes Nord équipe", "Service Culture Sud"),
        ("move", "Routes Nord équipe", "Site Culture"),
    }
    follow(store, file)


def test_two_directions_whose_units_are_in_a_new_one_are_merged(store, rows, tmp_path):
    new = "Direction de l’attractivité"
    merged = replaced(replaced(rows, 0, "Direction Culture", new), 0, "Direction Routes", new)
    file = chart(tmp_path, merged)
    assert told(store, file) == {
        ("create", new, ""),
        ("merge", "Direction Culture", new),
        ("merge", "Direction Routes", new),
    }
    follow(store, file)


def test_a_direction_that_goes_into_another_is_merged_with_it(store, rows, tmp_path):
    file = chart(tmp_path, replaced(rows, 0, "Direction Culture", "Direction Routes"))
    assert told(store, file) == {("merge", "Direction Culture", "Direction Routes")}
    follow(store, file)


def test_a_direction_whose_units_are_in_two_new_ones_is_split(store, rows, tmp_path):
    split = [
        ("Pôle littoral" if row[1].endswith("Nord") else "Pôle montagne", *row[1:])
        if row[0] == "Direction Routes"
        else row
        for row in rows
    ]
    file = chart(tmp_path, split)
    assert told(store, file) >= {
        ("split", "Direction Routes", "Pôle littoral"),
        ("split", "Direction Routes", "Pôle montagne"),
    }
    assert not any(act in ("close", "merge") for act, _, _ in told(store, file))
    follow(store, file)


def test_what_is_new_is_created_and_what_is_gone_is_closed_last(store, rows, tmp_path):
    file = chart(
        tmp_path,
        [
            *(row for row in rows if row[3] != "Routes Nord atelier"),
            ("Direction Ports", "Service Quais", "Site Quais", "Quais équipe"),
        ],
    )
    _held, found = compared(store, file)
    assert told(store, file) == {
        ("create", "Site Quais", ""),
        ("create", "Direction Ports", ""),
        ("create", "Service Quais", "Direction Ports"),
        ("create", "Quais équipe", "Service Quais"),
        ("close", "Routes Nord atelier", ""),
    }
    assert found[-1].operation.act is Act.CLOSE
    assert found[-1].confidence == min(each.confidence for each in found)
    follow(store, file)


def test_a_misspelt_unit_is_the_same_one(store, rows, tmp_path):
    file = chart(tmp_path, replaced(rows, 3, "Culture Sud accueil", "Culture Sud - acceuil"))
    assert told(store, file) == {("rename", "Culture Sud accueil", "Culture Sud - acceuil")}
    follow(store, file)


def test_a_chart_of_another_department_is_refused(store, rows, tmp_path):
    with pytest.raises(Refused, match="département 41"):
        compared(store, chart(tmp_path, rows), "41")


def test_a_real_chart_compared_with_itself_and_with_last_years(store):
    file = paths.resource("demo") / "organigramme.xlsx"
    bring(store, file)
    for department in ("28", "41"):
        assert compared(store, file, department)[1] == []
    assert told(store, file) == {
        ("create", "Renfort saisonnier - entretien", "Foyers de l'enfance")
    }, "whose line the import refused, its headcount being none"
    _, found = compared(store, Path("tests/data/workbooks/organigramme.xlsx"))
    acts = {each.operation.act for each in found}
    assert acts >= {Act.CREATE, Act.RENAME, Act.CLOSE}
    assert len({each.operation for each in found}) == len(found)
    apply(store, Plan("45", ON, tuple(each.operation for each in found)))
