from __future__ import annotations

import openpyxl
import pytest

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.errors import Cancelled, NotFound, Refused
from prevention_app.services import exports, report_preview
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store
from tests.exchange.department_data import TODAY, employ, fill

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Two departments with records, a third without any."""
    made = Store.create(
        tmp_path_factory.mktemp("apercus") / "espace.prevention",
        declared_catalogue(),
        department="45",
        name="Poste A",
        user="Camille Sauvage",
        departments=("41", "28"),
        today=lambda: TODAY,
    )
    employ(made, "45", 2500)
    fill(made)
    fill(made, "41", seed=8)
    yield made
    made.close()


def cover_of(store, which, folder):
    """The first sheet of the file, by the text at the left or above of each value."""
    out = folder / "classeur.xlsx"
    exports.export_workbook(store, which, out, Progress(), TODAY)
    return list(
        openpyxl.load_workbook(out, data_only=True).worksheets[0].iter_rows(values_only=True)
    )


def below(rows, label):
    """The figure under the label of a card."""
    for at, row in enumerate(rows):
        if label in row:
            return rows[at + 1][row.index(label)]
    raise AssertionError(label)


def preview(store, which):
    return report_preview.preview_workbook(store, which, Progress(), TODAY)


@pytest.mark.untraced
def test_the_preview_of_a_department_has_the_figures_of_the_file(filled, tmp_path) -> None:
    rows = cover_of(filled, "45", tmp_path)
    figures = preview(filled, "45").figures
    year = TODAY.year
    assert below(rows, "Effectif") == figures.directions_total.agents
    assert below(rows, "Risques à traiter immédiatement") == figures.risks.immediate > 0
    assert below(rows, f"Programme {year} réalisé") == pytest.approx(figures.programme.rate)
    assert below(rows, "RSST sans réponse, délai dépassé") == figures.unanswered
    assert below(rows, "Vérifications non échues") == pytest.approx(figures.inspections_total.rate)
    held = figures.certiphyto[2].holders
    assert below(rows, "Certiphyto valides dans 12 mois") == ("< 5" if held is None else held)
    late = [each for each in figures.directions if each.late]
    assert sum(each.late for each in late) == figures.programme.late


@pytest.mark.untraced
def test_the_preview_of_all_has_the_figures_of_the_file(filled, tmp_path) -> None:
    rows = cover_of(filled, "all", tmp_path)
    made = preview(filled, "all")
    assert [each.number for each in made.departments] == ["41", "45", "28"]
    assert [each.figures is None for each in made.departments] == [False, False, True]
    immediate = next(row for row in rows if row[0] == "Risques cotés à traiter immédiatement")
    told = [each.figures.risks.immediate for each in made.departments if each.figures]
    assert immediate[2:] == (*told, "non publié", made.figures.risks.immediate)
    in_time = next(row for row in rows if row[0] == "Vérifications non échues")
    assert in_time[-1] == pytest.approx(made.figures.inspections_total.rate)


def test_the_bars_count_every_rated_risk_once(filled) -> None:
    made = preview(filled, "45")
    levels = [each.residual for each in made.figures.risks.levels]
    by_direction = [each.residual for each in made.figures.directions]
    assert [sum(column) for column in zip(*by_direction, strict=True)] == levels
    assert made.figures.directions_total.residual == tuple(levels)
    assert len(made.levels) == len(levels)


def test_what_is_followed_is_up_to_date_or_late(filled) -> None:
    made = {each.register: each for each in preview(filled, "45").followed}
    figures = preview(filled, "45").figures
    assert made["equipment"].followed == figures.inspections_total.followed
    assert made["health_safety_entry"].late == figures.unanswered
    assert made["planned_action"].late == figures.programme.late
    for each in made.values():
        if each.rate is not None:
            assert each.up_to_date == each.followed - each.late
            assert each.rate == pytest.approx(each.up_to_date / each.followed)


def test_a_department_that_is_not_known_is_refused(filled) -> None:
    with pytest.raises(NotFound, match="Aucun département"):
        preview(filled, "99")


def test_counting_stops_when_it_is_told_to(filled) -> None:
    stopped = Progress()
    stopped.cancelled = True
    with pytest.raises(Cancelled):
        report_preview.preview_workbook(filled, "45", stopped, TODAY)


def test_the_first_rows_are_those_of_the_file(filled, tmp_path) -> None:
    (made,) = report_preview.preview_registers(filled, ["site"], ("45",), 2, masked=False)
    out = tmp_path / "sites.csv"
    count = exports.export_csv(filled, "site", out, ("45",))
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert made.count == count > 2
    assert lines[0] == ";".join(made.headings)
    assert [line.split(";")[1] for line in lines[1:3]] == [row[1] for row in made.rows]


def test_a_masked_file_names_nobody(filled, tmp_path) -> None:
    with filled.reading() as read:
        people = exports.csv_rows(read, read.catalogue["person"], (), masked=False)[1]
        names = {str(row[3]) for row in people}
    plain, masked = tmp_path / "avec.csv", tmp_path / "sans.csv"
    exports.export_csv(filled, "credential", plain)
    exports.export_csv(filled, "credential", masked, masked=True)
    with_names = plain.read_text(encoding="utf-8-sig")
    without = masked.read_text(encoding="utf-8-sig")
    assert any(name in with_names for name in names)
    assert not any(name in without for name in names if len(name) > 3)
    assert len(without.splitlines()) == len(with_names.splitlines())
    (made,) = report_preview.preview_registers(filled, ["credential"], (), 5, masked=True)
    assert ";".join(made.headings) == without.splitlines()[0]


def test_the_staff_list_is_never_masked(filled, tmp_path) -> None:
    with pytest.raises(Refused, match="sans les noms"):
        exports.export_csv(filled, "person", tmp_path / "agents.csv", masked=True)
    assert list(tmp_path.iterdir()) == []
