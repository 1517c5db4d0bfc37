"""The consolidated workbook: opened by others, calculated anew, searched for names."""

from __future__ import annotations

import re
import warnings
from datetime import datetime

import openpyxl
import pytest
import python_calamine

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.domain.suppression import without_small
from prevention_app.errors import Cancelled, NotFound, PreventionError, Refused
from prevention_app.exchange.consolidated_columns import plans
from prevention_app.services import exports
from prevention_app.services.indicators import indicators
from prevention_app.services.methods import method
from prevention_app.services.progress import Progress
from prevention_app.services.ratings import rated_risks
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from tests.exchange.department_data import (
    ODD_TEXTS,
    PEOPLE,
    TODAY,
    add_own_register,
    employ,
    fill,
)
from tests.exchange.recalculation import recalculated
from tests.exchange.workbook_parts import CHART, MAIN, Parts, all_problems

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

REGISTER_SHEETS = [each.name for each in plans(method(), TODAY.year)]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = Store.create(
        tmp_path_factory.mktemp("classeurs") / "espace.prevention",
        declared_catalogue(),
        department="45",
        name="Poste A",
        user="Camille Sauvage",
        departments=("41", "28"),
        today=lambda: TODAY,
    )
    employ(made, "45", 2500)
    employ(made, "41", 80)
    fill(made)
    fill(made, "41", seed=8)
    add_own_register(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def files(store, tmp_path_factory):
    """The workbooks of one department and of all together."""
    folder = tmp_path_factory.mktemp("fichiers")
    made = {which: folder / f"{which}.xlsx" for which in ("45", "41", "28", "all")}
    for which, file in made.items():
        exports.export_workbook(store, which, file, Progress(), TODAY)
    return made


@pytest.fixture(scope="module")
def parts(files):
    return {which: Parts(file) for which, file in files.items()}


@pytest.fixture(scope="module")
def stored(files):
    """The workbooks with the values stored beside their formulas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return {
            which: openpyxl.load_workbook(file, data_only=True) for which, file in files.items()
        }


def visible(book):
    return [each.title for each in book.worksheets if each.sheet_state == "visible"]


def table_of(sheet):
    """The headings and the rows of a register sheet."""
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    return list(rows[0]), rows[1:]


def column(sheet, heading):
    headings, rows = table_of(sheet)
    return [row[headings.index(heading)] for row in rows]


def cell_of(book, sheet, label):
    """The first number to the right of a text."""
    for row in book[sheet].iter_rows(values_only=True):
        if label in row:
            return next(x for x in row[row.index(label) + 1 :] if x is not None)
    raise AssertionError(label)


# -- the file as such ---------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["45", "41", "28", "all"])
def test_its_parts_are_what_excel_is_known_to_require(parts, which):
    assert all_problems(parts[which]) == []


@pytest.mark.parametrize("which", ["45", "all"])
def test_two_other_readers_see_the_same_values(files, stored, which):
    other = python_calamine.CalamineWorkbook.from_path(files[which])
    assert other.sheet_names == stored[which].sheetnames
    for sheet in stored[which].worksheets:
        mine = [[plain(decoded(cell)) for cell in row] for row in sheet.iter_rows(values_only=True)]
        theirs = other.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        assert [[plain(cell) for cell in row] for row in theirs] == [
            row[: len(theirs[0])] for row in mine[: len(theirs)]
        ], sheet.title


def decoded(value):
    """A text as Excel shows it: openpyxl leaves the form _xHHHH_ as it stands."""
    if not isinstance(value, str):
        return value
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found.group(1), 16)), value)


def plain(value):
    """A value as both readers would give it."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return "" if value is None else value


@pytest.mark.parametrize("which", ["45", "all"])
@pytest.mark.untraced
def test_every_formula_carries_the_value_that_libreoffice_computes(files, stored, tmp_path, which):
    written = openpyxl.load_workbook(files[which])
    anew = openpyxl.load_workbook(recalculated(files[which], tmp_path), data_only=True)
    formulas, wrong = 0, []
    for sheet in written.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    formulas += 1
                    held = stored[which][sheet.title][cell.coordinate].value
                    found = anew[sheet.title][cell.coordinate].value
                    if isinstance(held, (int, float)):
                        found = pytest.approx(found, rel=1e-9)
                    if held != found:
                        wrong.append((sheet.title, cell.coordinate, cell.value, held, found))
    assert wrong == []
    assert formulas > 250


def test_no_formula_asks_for_the_clock_or_another_file(parts):
    for each in parts.values():
        for part in each.sheets().values():
            for formula in each.xml[part].iter(f"{MAIN}f"):
                assert not re.search(r"TODAY|NOW|RAND|\[\d+\]|#REF", formula.text)


def test_every_chart_is_described_and_shows_something(parts):
    for which in ("45", "all"):
        drawings = [
            root
            for name, root in parts[which].xml.items()
            if name.startswith("xl/drawings/drawing")
        ]
        described = [
            each.get("descr")
            for root in drawings
            for each in root.iter()
            if each.tag.endswith("}cNvPr")
        ]
        charts = [root for name, root in parts[which].xml.items() if "/charts/chart" in name]
        assert len(described) == len(charts) >= 9
        assert all(described)
        for root in charts:
            values = [
                float(each.find(f"{CHART}v").text)
                for holder in root.iter(f"{CHART}val")
                for each in holder.iter(f"{CHART}pt")
            ]
            assert any(values)


# -- what it says -------------------------------------------------------------------------------


def test_every_department_has_the_same_sheets_in_the_same_order(stored):
    always = [
        "Couverture",
        "Sommaire",
        "Indicateurs",
        "Par direction",
        *REGISTER_SHEETS,
    ]
    for which in ("45", "41", "28"):
        names = visible(stored[which])
        assert names[: len(always)] == always
        assert names[-2:] == ["Contrôle des données", "Glossaire et méthode"]
    together = visible(stored["all"])
    assert together[2] == "Comparaison"
    assert [each for each in together if each != "Comparaison"] == visible(stored["45"])


def test_hidden_sheets_hold_the_lists_and_what_recognises_the_file(stored, store):
    book = stored["45"]
    assert book["_listes"].sheet_state == "hidden"
    assert book["_meta"].sheet_state == "veryHidden"
    meta = dict(book["_meta"].iter_rows(max_col=2, max_row=10, values_only=True))
    assert meta["departement"] == "45"
    assert meta["arrete_au"] == "2026-09-30"
    assert store.station in meta["position_journal"]
    properties = {each.name: each.value for each in book.custom_doc_props.props}
    assert properties["export_id"] == meta["export_id"]
    assert book.properties.title == "Classeur consolidé de prévention – Loiret (45) – 30/09/2026"
    fields = {
        (row[0], row[4]): (row[2], row[3], row[6])
        for row in book["_meta"].iter_rows(min_row=12, values_only=True)
    }
    assert fields["Actions", "Coût réel"] == ("planned_action", "real_cost", "oui")
    assert fields["Actions", "Suivi"] == ("planned_action", "progress_state", "non")


def test_every_record_has_its_line_with_reference_and_hidden_id(store, stored):
    with store.reading() as read:
        expected = {
            (each.reference, each.id)
            for register, sheet in (
                ("risk", "DUERP"),
                ("planned_action", "Actions"),
                ("health_safety_entry", "RSST"),
                ("accident", "Accidents"),
                ("equipment", "Vérifications"),
                ("credential", "Habilitations"),
                ("stock_line", "Produits phyto"),
                ("rating", "Cotations"),
                ("barriers", "Balisages de chantier suivi"),
            )
            for each in read.records(Query(register, owners=("45",)))
        }
    found = set()
    for sheet in stored["45"].worksheets:
        headings, rows = table_of(sheet)
        if headings and headings[-1] == "_id" and sheet.title not in ("Échéances", "Certiphyto"):
            found |= {(row[headings.index("N°")], row[-1]) for row in rows}
            letter = openpyxl.utils.get_column_letter(len(headings))
            assert sheet.column_dimensions[letter].hidden
    assert expected <= found


def test_together_each_line_begins_with_its_department(stored):
    book = stored["all"]
    for name in [*REGISTER_SHEETS, "Balisages de chantier suivi"]:
        headings, rows = table_of(book[name])
        assert headings[:2] == ["Département", "N°"]
        rows = [row for row in rows if row[0] != "Total"]
        assert {row[0] for row in rows} <= {"Loiret (45)", "Loir-et-Cher (41)", "Commun"}
    assert set(column(book["DUERP"], "Département")) == {"Loiret (45)", "Loir-et-Cher (41)"}


def test_numbers_are_numbers_and_dates_are_dates(stored):
    book = stored["45"]
    for sheet, heading, kind in (
        ("DUERP", "Résiduel", (int, float)),
        ("DUERP", "Coté le", datetime),
        ("Actions", "Coût prévu", (int, float)),
        ("Actions", "Échéance", datetime),
        ("Produits phyto", "Quantité", (int, float)),
        ("Accidents", "Mois", datetime),
        ("Balisages de chantier suivi", "Posé le", datetime),
    ):
        values = [each for each in column(book[sheet], heading) if each is not None]
        assert values
        assert all(isinstance(each, kind) for each in values), (sheet, heading)
    sheet = book["Actions"]
    place = table_of(sheet)[0].index("Échéance") + 1
    assert {sheet.cell(row, place).number_format for row in range(5, 20)} == {"dd/mm/yyyy"}


def test_text_that_looks_like_a_formula_or_holds_odd_characters_stays_text(files):
    book = openpyxl.load_workbook(files["45"])
    sheet = book["DUERP"]
    place = table_of(sheet)[0].index("Situation dangereuse") + 1
    texts = {}
    for row in range(5, sheet.max_row + 1):
        cell = sheet.cell(row, place)
        assert cell.data_type in ("s", "inlineStr")
        texts[decoded(cell.value)[:12]] = decoded(cell.value)
    assert {"=SOMME(A1:A9", "+33 2 38 00 ", "-5 °C dans l", "@tous : sign"} <= set(texts)
    assert texts["Vanne\x0b n° 3 "] == ODD_TEXTS[4]
    assert texts["Ligne une\nli"] == "Ligne une\nligne deux\nligne trois"
    assert texts["🚧 chaussée d"] == ODD_TEXTS[7]
    assert len(texts["T" * 12]) == 32_767
    assert texts["T" * 12].endswith(" … (suite dans l’application)")
    gaps = dict(
        zip(*[column(book["Contrôle des données"], x) for x in ("Contrôle", "Nombre")], strict=True)
    )
    assert gaps["Textes trop longs, coupés dans ce classeur"] == 1


def test_levels_are_written_and_coloured(files, stored):
    sheet = openpyxl.load_workbook(files["45"])["DUERP"]
    place = table_of(sheet)[0].index("Niveau résiduel") + 1
    letter = openpyxl.utils.get_column_letter(place)
    rules = {
        rule.formula[0].strip('"'): rule.dxf.fill.bgColor.rgb[-6:]
        for span, found in sheet.conditional_formatting._cf_rules.items()
        if str(span.sqref).startswith(f"{letter}5:")
        for rule in found
    }
    for level in method().levels:
        assert rules[level.label_fr] == level.fill.lstrip("#")
    words = {*(each.label_fr for each in method().levels), "Non coté", "À évaluer"}
    assert set(column(stored["45"]["DUERP"], "Niveau résiduel")) <= words


def test_what_is_not_rated_counts_apart(store, stored):
    with store.reading() as read:
        rated = rated_risks(read, ("45",))
    waiting = sum(each.assessment is None for each in rated)
    assert waiting
    assert column(stored["45"]["DUERP"], "Niveau résiduel").count("À évaluer") == waiting


def test_the_figures_are_those_of_the_service(store, stored):
    with store.reading() as read:
        figures = without_small(indicators(read, TODAY, ("45",)))
    book = stored["45"]
    assert cell_of(book, "Indicateurs", "À traiter immédiatement") == figures.risks.immediate
    assert cell_of(book, "Indicateurs", "À évaluer ou à coter") == figures.risks.to_evaluate
    assert cell_of(book, "Indicateurs", "Programme 2026") == figures.programme.finished
    assert cell_of(book, "Indicateurs", "Total 2026") == float(figures.budget_total.planned)
    assert cell_of(book, "Indicateurs", "Sans réponse, délai dépassé") == figures.unanswered
    assert cell_of(book, "Indicateurs", "Produits en stock") == figures.stock.lines
    assert cell_of(book, "Indicateurs", "PPNU à isoler") == figures.stock.not_usable
    rows = list(book["Par direction"].iter_rows(min_row=6, values_only=True))
    lines = {row[0]: row for row in rows if row[0]}
    for each in figures.directions:
        name = each.direction.name
        if name == "Routes et mobilités":
            continue  # two directions bear that name
        assert lines[name][2:4] == (each.rated, each.immediate)
        assert lines[name][5:8] == (each.actions, each.finished, each.late)
        assert lines[name][9] == each.planned
        assert lines[name][11:13] == (each.entries, each.unanswered)
        assert lines[name][17] == each.inspections_late
    assert "Routes et mobilités (2)" in lines


def test_every_figure_of_the_cover_is_a_formula_on_a_sheet_of_the_file(files, stored):
    written = openpyxl.load_workbook(files["45"])
    cover = written["Couverture"]
    names = written.defined_names
    numbers = [
        cell
        for row in cover.iter_rows()
        for cell in row
        if isinstance(stored["45"]["Couverture"][cell.coordinate].value, (int, float))
    ]
    assert len(numbers) > 12
    for cell in numbers:
        assert cell.data_type == "f", cell.coordinate
        sheet, place = names[cell.value.lstrip("=")].attr_text.rsplit("!", 1)
        origin = stored["45"][sheet.strip("'")][place.replace("$", "")].value
        assert origin == stored["45"]["Couverture"][cell.coordinate].value


def test_states_that_are_not_known_are_never_late(stored):
    sheet = stored["45"]["Vérifications"]
    headings, rows = table_of(sheet)
    at = {each: headings.index(each) for each in ("État", "Dernière le", "Échéance", "Jours")}
    unknown = [row for row in rows if row[at["État"]] == "À renseigner"]
    assert unknown
    for row in unknown:
        assert row[at["Échéance"]] is None
        assert row[at["Jours"]] is None
    late = [row for row in rows if row[at["État"]] == "En retard"]
    assert all(row[at["Échéance"]] < datetime(2026, 9, 30) for row in late)


def test_an_empty_department_has_its_sheets_without_lines(stored):
    book = stored["28"]
    assert column(book["DUERP"], "N°") == [None]
    assert cell_of(book, "Indicateurs", "Programme 2026") == 0


# -- persons and departments --------------------------------------------------------------------


@pytest.mark.parametrize("which", ["45", "all"])
def test_nobody_is_named_in_any_part_of_the_file(parts, which):
    forbidden = [
        *(name for person in PEOPLE for name in (person[0], person[2])),
        "Nomfictif",
        "Prénom1",
        "Z9001",
        "DUPUIS",
        "Untel",
        "Camille Sauvage",
        "genou gauche",
        "entorse grave",
        "TITRE-00",
        "devant la remise",
    ]
    for name, content in parts[which].bytes.items():
        text = content.decode("utf-8", "replace")
        for word in forbidden:
            assert word not in text, (word, name)
    assert "[nom]" in parts[which].bytes["xl/worksheets/sheet9.xml"].decode()


def test_few_persons_are_not_told(stored):
    exposed = column(stored["45"]["DUERP"], "Exposés")
    assert "< 5" in exposed
    assert not [each for each in exposed if isinstance(each, int) and 0 < each < 5]
    agents = [
        row[1] for row in stored["45"]["Par direction"].iter_rows(min_row=6, values_only=True)
    ]
    assert agents.count("< 5") >= 2
    assert not [each for each in agents if isinstance(each, int) and 0 < each < 5]
    assert "Direction" not in table_of(stored["45"]["Accidents"])[0]
    directions = set(column(stored["45"]["Habilitations"], "Direction"))
    assert "Directions regroupées (moins de 5)" in directions
    assert "Routes et mobilités (2)" not in directions


@pytest.mark.untraced
def test_departments_stand_side_by_side_without_a_ranking(files, stored):
    sheet = openpyxl.load_workbook(files["all"])["Comparaison"]
    assert not sheet.conditional_formatting
    rows = {row[0]: row for row in stored["all"]["Comparaison"].iter_rows(values_only=True)}
    assert rows["Indicateur"][1:5] == (
        "Loir-et-Cher (41)",
        "Loiret (45)",
        "Eure-et-Loir (28)",
        "Ensemble",
    )
    rated = rows["Risques cotés"]
    assert rated[3] == rated[8] == "non publié"
    assert rated[4] == rated[1] + rated[2]
    assert rated[-1] == "2 départements sur 3"
    both = stored["45"]["Indicateurs"]
    assert (
        cell_of(stored["45"], both.title, "À traiter immédiatement")
        == (rows["Risques à traiter immédiatement"][2])
    )
    words = " ".join(str(cell) for row in rows.values() for cell in row if cell)
    assert not re.search(r"objectif|meilleur|rang\b|retardataire|premier", words, re.IGNORECASE)
    directions = openpyxl.load_workbook(files["all"])["Par direction"]
    assert not directions.conditional_formatting
    assert not directions._charts


# -- some registers alone, refusals, interruptions ----------------------------------------------


def test_some_registers_alone_make_a_workbook(store, tmp_path):
    file = tmp_path / "deux.xlsx"
    exports.export_workbook(
        store, "45", file, Progress(), TODAY, registers=("barriers", "HABI", "inspection_type")
    )
    assert all_problems(Parts(file)) == []
    book = openpyxl.load_workbook(file)
    assert visible(book) == [
        "Sommaire",
        "Balisages de chantier suivi",
        "Habilitations, Certiphyto et",
        "Périodicités",
    ]
    headings, rows = table_of(book["Balisages de chantier suivi"])
    assert headings == ["N°", "Lieu", "Posé le", "N° (2)", "LIEU (2)", "_id"]
    assert rows[0][1:5] == ("RD 2020", datetime(2026, 5, 4), 3, "=A1")
    assert rows[1][1] == "RD 951, vu avec [nom]"
    held = table_of(book["Habilitations, Certiphyto et"])[0]
    assert "Agent" not in held
    assert "N° du titre" not in held


def test_what_is_not_known_is_refused_and_nothing_is_written(store, tmp_path):
    file = tmp_path / "classeur.xlsx"
    for department, registers, refusal in (
        ("99", (), NotFound),
        ("45", ("licornes",), NotFound),
        ("45", ("person",), Refused),
    ):
        with pytest.raises(refusal):
            exports.export_workbook(store, department, file, Progress(), TODAY, registers)
    with pytest.raises(Refused, match="n’existe pas"):
        exports.export_workbook(store, "45", tmp_path / "rien" / "a.xlsx", Progress(), TODAY)
    assert list(tmp_path.iterdir()) == []


class Stopping(Progress):
    """Is cancelled after so many steps."""

    def __init__(self, after):
        self.left = after
        self.said = []

    def step(self, done, total, words):
        self.said.append((done, total, words))
        self.left -= 1
        self.cancelled = self.left <= 0


@pytest.mark.parametrize("after", [1, 3, 6])
def test_a_cancelled_export_leaves_the_earlier_file(store, tmp_path, after):
    file = tmp_path / "classeur.xlsx"
    file.write_bytes(b"avant")
    with pytest.raises(Cancelled):
        exports.export_workbook(store, "45", file, Stopping(after), TODAY)
    assert file.read_bytes() == b"avant"
    assert list(tmp_path.iterdir()) == [file]


def test_progress_tells_of_every_sheet(store, tmp_path):
    progress = Stopping(after=10_000)
    exports.export_workbook(store, "45", tmp_path / "classeur.xlsx", progress, TODAY)
    words = [each[2] for each in progress.said]
    assert words[0] == "Lecture des registres"
    assert "Feuille « DUERP »" in words
    assert progress.said[-1][0] == progress.said[-1][1]


def test_a_file_that_another_program_holds_open_is_said_so(store, tmp_path, monkeypatch):
    file = tmp_path / "classeur.xlsx"
    file.write_bytes(b"avant")

    def locked(self, target):
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(type(file), "replace", locked)
    with pytest.raises(PreventionError, match="classeur.xlsx » est ouvert dans un autre programme"):
        exports.export_workbook(store, "45", file, Progress(), TODAY)
    assert file.read_bytes() == b"avant"
    assert list(tmp_path.iterdir()) == [file]


def test_csv_holds_the_register_whole_and_starts_no_formula(store, tmp_path):
    file = tmp_path / "risques.csv"
    count = exports.export_csv(store, "risk", file, ("45",))
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Département;N°;Unité de travail;Famille;Situation dangereuse")
    assert count == 24
    assert "'=SOMME(A1:A9)" in raw.decode("utf-8-sig")
    assert "'+33 2 38" in raw.decode("utf-8-sig")
    own = tmp_path / "balisages.csv"
    exports.export_csv(store, "BALI", own)
    text = own.read_text(encoding="utf-8-sig")
    assert "RD 951, vu avec Zoé Faugère" in text
    assert ";04/05/2026;3;'=A1" in text


def test_amounts_in_csv_have_a_decimal_comma(store, tmp_path):
    file = tmp_path / "actions.csv"
    exports.export_csv(store, "planned_action", file, ("45",))
    assert ";310,55;" in file.read_text(encoding="utf-8-sig")
