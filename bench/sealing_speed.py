"""Seal a large version, against writing its files without hashes, signature and entry.

    python -m bench.sealing_speed [--units 1500] [--risks 15000] [--ratings 60000] [--actions 20000]

The content is made by hand from one line of each table and stands in a workspace as a project, so
that sealing does all it does: reading the frozen content, the check of what is missing, the files,
their digests, the manifest, the signature, the entry in the journal. Both take turns, each in a
process of its own, in processor time; the least of each counts. Goal: at most 1.5 times the
writing.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from prevention_app.catalogue.document_versions import VersionState
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.domain.document_content import (
    ACTIONS,
    MEASURES,
    RATINGS,
    RISKS,
    UNITS,
    DocumentContent,
    Row,
    Table,
)
from prevention_app.exchange import sealed_files
from prevention_app.services import document_versions as held
from prevention_app.services import sealing, sealing_verify
from prevention_app.services.document_content import content_of
from prevention_app.services.document_versions_acts import Frozen, new_version
from prevention_app.services.progress import Progress
from prevention_app.storage.store import Store

_DAY = date(2026, 11, 23)
_WORDS = (
    "circulation atelier levage produits bruit escalier stockage chantier conduite accueil public "
    "manutention hauteur électricité coactivité isolement horaires véhicule épareuse nacelle"
).split()


def one_of_each(store: Store) -> DocumentContent:
    """A content with one line in each table."""
    with store.change("Reprise") as work:
        place = work.new("org_unit", owner="45", name="Direction des routes")
        unit = work.new("work_unit", owner="45", name="CE", org_unit=place.id, headcount=12)
        risk = work.new(
            "risk", owner="45", work_unit=unit.id, situation="Travaux", evaluation="evaluated"
        )
        work.new(
            "rating",
            owner="45",
            risk=risk.id,
            rated_on=_DAY,
            severity=3,
            frequency=3,
            control=3,
        )
        work.new("existing_measure", owner="45", risk=risk.id, title="Formation")
        work.new(
            "planned_action",
            owner="45",
            risk=risk.id,
            title="Acheter",
            pilot="Chef de centre",
            cost=Decimal(1200),
            due=_DAY,
        )
    with store.reading() as read:
        return content_of(read, "45", _DAY)


def grown(content: DocumentContent, wanted: dict[str, int]) -> DocumentContent:
    """As many lines of each table as wanted, risks spread over units, the rest over risks."""
    chance = random.Random(20261123)
    tables = dict(content.tables)
    for key, number in wanted.items():
        table = tables[key]
        rows = tuple(_line(table, at, wanted, chance) for at in range(number))
        tables[key] = Table(key, table.title_fr, table.explanation_fr, table.columns, rows)
    return DocumentContent(content.department, content.as_at, (), tables)


def _line(table: Table, at: int, wanted: dict[str, int], chance: random.Random) -> Row:
    row = dict(table.rows[0]) | {"id": f"{table.key}-{at:06}", "reference": f"45-X-{at}"}
    words = " ".join(chance.choices(_WORDS, k=7))
    for key in ("name", "situation", "title", "reason"):
        if key in row:
            row[key] = f"{words} {at}"
    if "unit_id" in row:
        row["unit_id"] = f"{UNITS}-{at % wanted[UNITS]:06}"
    if "risk_id" in row:
        row["risk_id"] = f"{RISKS}-{at % wanted[RISKS]:06}"
    return row


def write(folder: Path) -> tuple[float, int]:
    """Processor time of writing the files of the project alone, and their size."""
    store = Store(folder / "mesure.prevention", declared_catalogue(), lambda: _DAY)
    prepared = sealing.prepare(store, "45")
    place = folder / "bare"
    place.mkdir()
    began = time.process_time()
    sealed_files.write_files(prepared.content, prepared.facts, place, Progress())
    took = time.process_time() - began
    size = sum(each.stat().st_size for each in place.rglob("*") if each.is_file())
    shutil.rmtree(place)
    store.close()
    return took, size


def seal(folder: Path) -> float:
    """Processor time of sealing the project."""
    store = Store(folder / "mesure.prevention", declared_catalogue(), lambda: _DAY)
    began = time.process_time()
    sealing.seal(store, folder / "out", "45")
    took = time.process_time() - began
    store.close()
    return took


def apart(act: Callable[[Path], Any], folder: Path) -> Any:
    """What an act gives in a process of its own: the composing of a PDF remembers the last one."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(act, folder).result()


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--units", type=int, default=1_500)
    asked.add_argument("--risks", type=int, default=15_000)
    asked.add_argument("--ratings", type=int, default=60_000)
    asked.add_argument("--actions", type=int, default=20_000)
    asked.add_argument("--repetitions", type=int, default=2)
    given = asked.parse_args()
    wanted = {
        UNITS: given.units,
        RISKS: given.risks,
        RATINGS: given.ratings,
        MEASURES: given.risks,
        ACTIONS: given.actions,
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        store = Store.create(
            place / "mesure.prevention",
            declared_catalogue(),
            department="45",
            name="Mesure",
            user="mesure",
            today=lambda: _DAY,
        )
        content = grown(one_of_each(store), wanted)
        writing, seals = list[float](), list[float]()
        for at in range(given.repetitions):
            kept = held.keep_content(store, content)
            with store.change("Projet") as work:
                state, frozen = VersionState.PROJECT, Frozen(content, (), "")
                new_version(work, "45", 2026, at + 1, frozen, state, None, kept)
            took, size = apart(write, place)
            writing.append(took)
            seals.append(apart(seal, place))
            print(f"{writing[-1]:.1f} s written, {seals[-1]:.1f} s sealed, {size / 1e6:.0f} MB")
        began = time.perf_counter()
        found = sealing_verify.verify_folder(place / "out")
        took = time.perf_counter() - began
        store.close()
    assert not found.faults
    print(f"sealing / writing: {min(seals) / min(writing):.2f} (goal 1.5)")
    print(f"verifying {len(found.versions)} versions: {took:.1f} s")


if __name__ == "__main__":
    main()
