"""The three open documents uniques are understood as their truth files say, and fast enough."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from pathlib import Path

import pytest

from prevention_app.exchange.kinds import import_kind
from prevention_app.exchange.sheets import Sheet, SourceFile
from prevention_app.exchange.understanding import understand
from tests.exchange.made_tables import read_once

ROOT = Path(__file__).parents[3]
WORKBOOKS = ROOT / "tests" / "data" / "workbooks"


def measuring_script():
    spec = importlib.util.spec_from_file_location(
        "import_accuracy", ROOT / "bench" / "import_accuracy.py"
    )
    script = importlib.util.module_from_spec(spec)
    sys.modules["import_accuracy"] = script
    spec.loader.exec_module(script)
    return script


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("duerp_45_tableau_unique", 0.999),
        ("duerp_41_une_feuille_par_unite", 0.999),
        ("duerp_28_mots", 0.99),
    ],
)
def test_cells_are_right_and_every_row_is_accounted_for(name, target):
    truth = json.loads((WORKBOOKS / f"{name}.truth.json").read_text(encoding="utf-8"))
    score = measuring_script().score_file(WORKBOOKS / f"{name}.xlsx", truth, "duerp")
    assert score.unaccounted == []
    assert score.cells.recall >= target, score.wrong[:5]
    assert score.cells.precision >= target, score.wrong[:5]


HEADINGS = (
    "number direction org_unit site work_unit hazard_family situation harm exposed severity "
    "frequency control rating rating_level existing_measures planned_actions.title "
    "planned_actions.pilot planned_actions.due planned_actions.cost planned_actions.state rated_on"
).split()


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(8))
def test_any_order_of_columns_under_any_synonyms_gives_the_same_records(seed):
    chance = random.Random(seed)
    source = read_once(WORKBOOKS / "duerp_45_tableau_unique.xlsx")
    kind = import_kind("duerp")
    rows = source.sheets[0].rows[:61]
    expected = understand(file_of(source, rows), kind).rows
    order = list(range(len(HEADINGS)))
    chance.shuffle(order)
    headings = [chance.choice(kind.column(HEADINGS[place]).synonyms) for place in order]
    shuffled: list[list] = [[], ["Document unique"], []][: chance.randrange(4)]
    shuffled.append([chance.choice((str.upper, str.lower, str.title))(each) for each in headings])
    shuffled += [[at(row, place) for place in order] for row in rows[1:]]
    found = understand(file_of(source, shuffled), kind).rows
    assert [row.values for row in found] == [row.values for row in expected]


def at(row, place):
    return row[place] if place < len(row) else None


def file_of(source, rows):
    return SourceFile(source.path, source.name, source.digest, [Sheet("Feuil1", rows)])
