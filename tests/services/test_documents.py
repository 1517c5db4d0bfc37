"""The document unique as plain tables, as PDF and as Word: what is in it, and what is not."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import zipfile
import zlib
from datetime import date
from decimal import Decimal

import pytest
from docx import Document

from prevention_app.catalogue.description import DECLARED
from prevention_app.catalogue.risk_document import PlannedAction, Rating, Risk
from prevention_app.catalogue.values import shown
from prevention_app.domain.document_content import (
    ACTIONS,
    COMMON,
    OTHERWISE,
    RATINGS,
    RISKS,
    UNITS,
    differences,
    from_bytes,
    to_bytes,
)
from prevention_app.domain.programme import LEGAL_FIELDS
from prevention_app.errors import Refused, UnreadableFile
from prevention_app.exchange.plain_register import impersonal_fields
from prevention_app.exchange.printed_document import Form
from prevention_app.services import attachments, documents
from prevention_app.services.document_content import content_of
from prevention_app.services.documents import Wanted, export_document
from prevention_app.services.progress import Progress
from prevention_app.storage.query import Query

TODAY = date(2026, 11, 24)


def picture() -> bytes:
    """A PNG of one grey pixel."""

    def part(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes((0, 128)))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", pixel) + part(b"IEND", b"")


@pytest.fixture
def gien(store):
    """A road centre with one risk rated and one to evaluate, and a centre elsewhere."""
    with store.change("Préparer") as work:
        roads = work.new("org_unit", name="Direction des routes")
        east = work.new("org_unit", name="Agence Est", parent=roads.id)
        unit = work.new(
            "work_unit", name="CER de Gien", org_unit=east.id, women=1, men=16, headcount=17
        )
        other = work.new("work_unit", name="Archives", women=12, men=8)
        rated = work.new(
            "risk",
            work_unit=unit.id,
            situation="Pose de cônes <b> & {{ title }} #strong[x]",
            harm="Heurt, vu par M. Durand",
            exposed=14,
            exposed_women=2,
            evaluation="evaluated",
        )
        figures = {"severity": 4, "frequency": 4, "control": 4, "method": "gfm-1"}
        work.new("rating", risk=rated.id, rated_on=date(2026, 3, 23), rated_by="Zoé", **figures)
        work.new("existing_measure", risk=rated.id, title="Fourgon", measure_type="collective")
        work.new(
            "planned_action",
            risk=rated.id,
            work_unit=unit.id,
            title="Flèche lumineuse",
            conditions="Hors saison",
            pilot="Chef de centre",
        )
        work.new("risk", work_unit=unit.id, situation="Bruit de la fraise")
        work.new("risk", work_unit=other.id, situation="Port de cartons")
    with store.reading() as read:
        return {each.name: each for each in read.records(Query("work_unit"))} | {
            each.name: each for each in read.records(Query("org_unit"))
        }


def content(store, scope=()):
    with store.reading() as read:
        return content_of(read, "45", TODAY, scope)


def words_of(pdf) -> str:
    made = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True)
    return " ".join(made.stdout.decode().split())


def text_of(docx) -> str:
    made = Document(str(docx))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in made.paragraphs), *cells])


# -- the content ---------------------------------------------------------------------------------


def test_every_field_that_may_leave_is_in_the_content(store, gien):
    made = content(store)
    for record_class, table in ((Risk, RISKS), (Rating, RATINGS), (PlannedAction, ACTIONS)):
        told = {each.key for each in made[table].columns}
        declared = {each.key for each in impersonal_fields(DECLARED[record_class])}
        assert declared - told <= {"origin_state"}


def test_a_content_is_the_same_after_it_was_written_and_read(store, gien):
    made = content(store)
    assert from_bytes(to_bytes(made)) == made
    assert to_bytes(from_bytes(to_bytes(made))) == to_bytes(made)


def test_what_is_to_be_evaluated_has_no_level(store, gien):
    rows = {each["situation"]: each for each in content(store)[RISKS].rows}
    assert rows["Bruit de la fraise"]["residual"] is None
    assert [each["residual_level"] for each in rows.values() if each["level"]] == ["Critique"]


def test_nobody_is_named_and_few_are_not_counted(store, gien):
    made = content(store)
    assert b"Durand" not in to_bytes(made)
    assert "Zoé".encode() not in to_bytes(made)
    units = {each["name"]: each for each in made[UNITS].rows}
    assert (units["CER de Gien"]["headcount"], units["CER de Gien"]["women"]) == (17, None)
    assert units["CER de Gien"]["men"] is None
    assert (units["Archives"]["women"], units["Archives"]["men"]) == (12, 8)
    risk = next(each for each in made[RISKS].rows if each["exposed"])
    assert (risk["exposed"], risk["exposed_women"]) == (14, None)


def test_a_scope_keeps_what_concerns_its_units(store, gien):
    made = content(store, (gien["Archives"].id,))
    assert [each["situation"] for each in made[RISKS].rows] == ["Port de cartons"]
    assert made[ACTIONS].rows == ()


def test_two_contents_are_compared_row_by_row_and_value_by_value(store, gien):
    before = content(store)
    with store.reading() as read:
        risk = next(each for each in read.records(Query("risk")) if "cartons" in each.situation)
    with store.change("Préciser") as work:
        work.amend("risk", risk, harm="Lombalgie")
        work.new("risk", work_unit=gien["Archives"].id, situation="Poussières")
    found = [each for each in differences(before, content(store)) if each.table == RISKS]
    assert [(each.column, each.before, each.after) for each in found if each.column] == [
        ("harm", None, "Lombalgie")
    ]
    assert [each.title for each in found if each.added] == ["Poussières"]


def own_template(store, folder):
    export_document(store, Wanted("45"), folder / "du.docx", Progress(), folder / "modele.docx")


# -- files ---------------------------------------------------------------------------------------


def test_the_pdf_is_an_archive_and_shows_the_whole_document(store, gien, tmp_path):
    out = tmp_path / "du.pdf"
    assert export_document(store, Wanted("45"), out, Progress()) == 2
    assert b"pdfaid" in out.read_bytes()
    said = words_of(out)
    for words in (
        "CER de Gien",
        "{{ title }}",
        "#strong[x]",
        "Flèche lumineuse",
        "Hors saison",
        "Bruit de la fraise",
        "17 agents",
        "Critique",
    ):
        assert words in said
    assert "Durand" not in said


def test_a_sheet_shows_one_unit_alone(store, gien, tmp_path):
    out = tmp_path / "fiche.pdf"
    export_document(store, Wanted("45", gien["Archives"], Form.SHEET), out, Progress())
    assert "Port de cartons" in words_of(out)
    assert "CER de Gien" not in words_of(out)


def test_a_direction_is_printed_with_all_below_it(store, gien, tmp_path):
    out = tmp_path / "routes.docx"
    wanted = Wanted("45", gien["Direction des routes"])
    assert export_document(store, wanted, out, Progress()) == 1
    assert "Pose de cônes <b> & {{ title }} #strong[x]" in text_of(out)
    assert "Port de cartons" not in text_of(out)


def test_word_and_pdf_show_the_same_risks_measures_and_actions(store, gien, tmp_path):
    for name in ("du.docx", "du.pdf"):
        export_document(store, Wanted("45"), tmp_path / name, Progress())
    for words in ("Fourgon", "Flèche lumineuse", "Chef de centre", "Port de cartons"):
        assert words in text_of(tmp_path / "du.docx")
        assert words in words_of(tmp_path / "du.pdf")


def test_a_template_of_ones_own_is_filled(store, gien, tmp_path):
    own = Document()
    own.add_paragraph("Pour {{ employer.employer }}")
    own.add_paragraph("{%p for unit in units %}")
    own.add_paragraph("{{ unit.name }} : {{ unit.people }}")
    own.add_paragraph("{%p endfor %}")
    own.save(str(tmp_path / "modele.docx"))
    out = tmp_path / "du.docx"
    export_document(store, Wanted("45"), out, Progress(), tmp_path / "modele.docx")
    assert text_of(out).splitlines() == [
        "Pour Département du Loiret",
        "Archives : 20 agents (12 femmes, 8 hommes)",
        "CER de Gien : 17 agents",
    ]


@pytest.mark.parametrize(
    "tag", ["{{ units.__class__.__mro__ }}", "{{ nom_inconnu.x }}", "{% for %}"]
)
def test_a_template_with_a_wrong_tag_is_refused_and_nothing_is_written(store, gien, tmp_path, tag):
    own = Document()
    own.add_paragraph(tag)
    own.save(str(tmp_path / "modele.docx"))
    with pytest.raises(UnreadableFile, match=r"modele\.docx"):
        own_template(store, tmp_path)
    assert not (tmp_path / "du.docx").exists()


def test_a_file_that_is_no_template_is_refused(store, gien, tmp_path):
    (tmp_path / "modele.docx").write_bytes(b"PK\x03\x04rien")
    with pytest.raises(UnreadableFile, match="modèle Word"):
        own_template(store, tmp_path)


def test_a_template_becomes_a_pdf_only_where_libreoffice_is(store, gien, tmp_path, monkeypatch):
    template = tmp_path / "modele.docx"
    documents.write_template(Form.SHEET, template)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Refused, match="LibreOffice"):
        export_document(store, Wanted("45"), tmp_path / "du.pdf", Progress(), template)


def test_the_logo_is_the_picture_joined_to_the_department(store, gien, tmp_path):
    (tmp_path / "logo.png").write_bytes(picture())
    with store.reading() as read:
        loiret = next(each for each in read.records(Query("department")) if each.number == "45")
    kept = attachments.keep(store, tmp_path / "logo.png")
    attachments.attach(store, "department", loiret, [kept])
    with store.reading() as read:
        assert documents.logo_of(store, read, "45") == picture()
        assert documents.logo_of(store, read, "41") == b""
    export_document(store, Wanted("45"), tmp_path / "du.docx", Progress())
    with zipfile.ZipFile(tmp_path / "du.docx") as archive:
        assert any(name.startswith("word/media/") for name in archive.namelist())
    export_document(store, Wanted("45"), tmp_path / "du.pdf", Progress())
    assert b"/Image" in (tmp_path / "du.pdf").read_bytes()


def test_a_logo_that_is_no_picture_is_named(store, gien, tmp_path):
    (tmp_path / "logo.png").write_bytes(picture()[:-30])
    with store.reading() as read:
        loiret = next(each for each in read.records(Query("department")) if each.number == "45")
    kept = attachments.keep(store, tmp_path / "logo.png")
    attachments.attach(store, "department", loiret, [kept])
    with pytest.raises(UnreadableFile, match="Le logo"):
        export_document(store, Wanted("45"), tmp_path / "du.pdf", Progress())


def test_another_ending_is_refused(store, gien, tmp_path):
    with pytest.raises(Refused, match=r"\.docx ou en \.pdf"):
        export_document(store, Wanted("45"), tmp_path / "du.txt", Progress())


def test_a_place_without_units_is_refused(store, gien, tmp_path):
    with store.change("Préparer") as work:
        empty = work.new("org_unit", name="Direction vide")
    with pytest.raises(Refused, match="pas d’unité"):
        export_document(store, Wanted("45", empty), tmp_path / "du.pdf", Progress())


def test_the_same_content_gives_the_same_pdf(store, gien, tmp_path):
    for name in ("a.pdf", "b.pdf"):
        export_document(store, Wanted("45"), tmp_path / name, Progress())
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


# -- unit types, programme -------------------------------------------------------------------------


@pytest.fixture
def centres(store):
    """A unit type with three common risks, and a variant that departs from two of them."""
    with store.change("Préparer") as work:
        common = work.new("work_unit", name="Centre d’exploitation type")
        here = work.new("work_unit", name="CER de Sully", type_of=common.id)
        made = {}
        for situation in ("Pose de cônes", "Nacelle", "Salage de nuit"):
            risk = work.new(
                "risk", work_unit=common.id, situation=situation, evaluation="evaluated"
            )
            figures = {"severity": 4, "frequency": 4, "control": 4, "method": "gfm-1"}
            work.new("rating", risk=risk.id, rated_on=date(2026, 3, 23), **figures)
            made[situation] = risk.id
        work.new(
            "not_applicable", risk=made["Nacelle"], work_unit=here.id, reason="Pas de nacelle ici"
        )
        work.new(
            "rating",
            risk=made["Salage de nuit"],
            work_unit=here.id,
            severity=2,
            frequency=1,
            control=1,
            method="gfm-1",
            rated_on=date(2026, 4, 2),
            reason="Deux nuits par an",
        )
        work.new("risk", work_unit=here.id, situation="Cour en pente")
    return here


def test_the_sheet_of_a_variant_shows_common_core_and_particularities(store, centres, tmp_path):
    for name in ("fiche.pdf", "fiche.docx"):
        wanted = Wanted("45", centres, Form.SHEET)
        export_document(store, wanted, tmp_path / name, Progress())
    for said in (words_of(tmp_path / "fiche.pdf"), text_of(tmp_path / "fiche.docx")):
        for words in ("Pose de cônes", "Tronc commun", "Deux nuits par an", "Cour en pente"):
            assert words in said
        assert "Pas de nacelle ici" in said
        assert "Sans unité de travail" not in said


def test_a_variant_has_its_own_level_and_the_unit_type_keeps_its_own(store, centres):
    made = content(store)
    (night,) = [each for each in made[COMMON].rows if each["standing"] == OTHERWISE]
    assert night["residual_level"] == "Faible"
    general = made[RISKS].by_id()[str(night["risk_id"])]
    assert general["residual_level"] == "Critique"


def test_every_field_of_the_programme_is_printed(store, gien, tmp_path):
    told = {
        "title": "Glissière",
        "conditions": "De nuit, route barrée",
        "indicator": "Chutes relevées",
        "target": "zéro",
        "found": "deux",
        "cost": Decimal(1250),
        "real_cost": Decimal(1310),
        "resources": "Régie",
        "start": date(2026, 2, 3),
        "due": date(2026, 5, 4),
        "revised_due": date(2026, 9, 8),
        "measure_type": "collective",
        "pilot": "Chef du parc",
        "state": "verified",
        "progress": Decimal(95),
        "proof": "Procès-verbal",
        "done_on": date(2026, 9, 1),
        "verified_on": date(2026, 10, 2),
        "verification": "Satisfaisant",
        "verified_by": "Conseiller",
    }
    assert {each.key for each in LEGAL_FIELDS} <= {*told, "risk"}
    with store.change("Planifier") as work:
        work.new("planned_action", work_unit=gien["CER de Gien"].id, **told)
    for name in ("du.pdf", "du.docx"):
        export_document(store, Wanted("45"), tmp_path / name, Progress())
    entity = DECLARED[PlannedAction]
    for said in (words_of(tmp_path / "du.pdf"), text_of(tmp_path / "du.docx")):
        flat = re.sub(r"\W", "", said)  # words are hyphenated in narrow columns
        for key, value in told.items():
            words = shown(entity.by_key[key], value)
            assert re.sub(r"\W", "", words) in flat, key
