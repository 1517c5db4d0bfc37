"""Make the shipped snapshot of the E-Phy catalogue out of two published states.

    python bench/make_ephy_snapshot.py FULL.zip NEWER_FOLDER NEWER_DAY OUT.zip

FULL.zip holds all ten tables; NEWER_FOLDER holds newer files of some of them, whose day (ISO) is
given because their names do not say it. The snapshot keeps what the product shows or a rule
needs, under the published headings, so that the importer reads it like any published edition.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from prevention_app.exchange.ephy import open_ephy
from prevention_app.exchange.ephy_tables import EphyTable, Row
from prevention_app.exchange.ephy_text import read_lines, split_rows

Keep = Callable[[Row], bool]

DROPPED_COLUMNS = {
    # Rules of farming (crop stages, delay before harvest) are not ours; mentions are always empty.
    "produits_usages": {"stage_min", "stage_max", "harvest_days", "harvest_stage", "mentions"},
    "produits": {"restrictions_text"},
}
CATEGORIES = {
    "Délai de rentrée",
    "Protection de l'opérateur",
    "Protection du travailleur",
    "Restriction glyphosate",
    "Riverains",
    "Stockage",
    "Autres mesures de protection",
}
"""Conditions of use that concern agents, the public and the store."""


@dataclass(frozen=True)
class Part:
    """One table of the snapshot: from which edition, which of its rows."""

    table: EphyTable
    day: date
    keep: Keep

    @property
    def name(self) -> str:
        """The file's name, which says its day."""
        return f"{self.table.file.key}_{self.day:%Y%m%d}_utf8.csv"

    def lines(self) -> Iterator[str]:
        """The headings and the rows kept, with the columns kept, as published."""
        layout = self.table.layout
        dropped = DROPPED_COLUMNS.get(layout.file.key, set[str]())
        columns = sorted(at for at, each in layout.fields if each.key not in dropped)
        wanted: Iterable[bool] = (self.keep(row) for row in self.table)
        rows = split_rows(read_lines(self.table.source, self.table.survey), layout.separator)
        heading = next(rows)[1]
        yield ";".join(heading[at].strip() for at in columns)
        for (_, cells), keep in zip(rows, wanted, strict=True):
            if keep:
                yield ";".join(cells[at] for at in columns)


def choose(full: Path, newer: Path, newer_day: date) -> list[Part]:
    """The tables of the snapshot: the newer state of each where there is one."""
    whole = open_ephy([full], today=newer_day)
    fresh = open_ephy(sorted(newer.glob("*.csv")), today=newer_day)
    authorised = {row["amm"] for row in fresh.files["produits"] if row["state"] == "authorised"}
    parts = [
        Part(fresh.files[key], newer_day, lambda _: True)
        for key in (
            "produits",
            "produits_classe_et_mention_danger",
            "produits_phrases_de_risque",
            "permis_de_commerce_parallele",
        )
    ]
    uses = whole.files["produits_usages"]
    # All rows of a use or none, so that a row has the same rank as in the whole file.
    kept_uses = {(row["amm"], row["use"]) for row in uses if is_use_worth_keeping(row)}
    parts.append(Part(uses, uses.published, lambda row: (row["amm"], row["use"]) in kept_uses))
    conditions = whole.files["produits_condition_emploi"]
    parts.append(
        Part(
            conditions,
            conditions.published,
            lambda row: row["category"] in CATEGORIES and row["amm"] in authorised,
        )
    )
    return parts


def is_use_worth_keeping(row: Row) -> bool:
    """An authorised use, or one whose published end dates say how long it may still be used."""
    return row["state"] != "withdrawn" or bool(row["distribution_until"] or row["use_until"])


def main() -> None:
    """Write the snapshot, the same bytes each time, and print what is in it."""
    full, newer, newer_day, out = sys.argv[1:5]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for part in choose(Path(full), Path(newer), date.fromisoformat(newer_day)):
            lines = list(part.lines())
            entry = zipfile.ZipInfo(
                part.name, (part.day.year, part.day.month, part.day.day, 0, 0, 0)
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, "\n".join(lines) + "\n", compresslevel=9)
            size = archive.getinfo(part.name).compress_size
            print(f"{part.name}: {len(lines) - 1} rows of {part.table.rows_read}, {size} bytes")
    print(f"{out}: {Path(out).stat().st_size} bytes")


if __name__ == "__main__":
    main()
