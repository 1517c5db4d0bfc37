"""How right the importers are: precision and recall of each field, measured against truth files.

    python bench/import_accuracy.py tests/data/workbooks [KIND…]

Each `NAME.xlsx` of the folder with a `NAME.truth.json` is understood; found and expected values
are compared field by field, and every row that the truth names must be accounted for. A field that
the truth of a file never mentions is not measured there. Exit code 1 when a target is missed.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal
from pathlib import Path
from typing import Any

from prevention_app.errors import PreventionError
from prevention_app.exchange.kinds import KINDS
from prevention_app.exchange.readers import read_source
from prevention_app.exchange.understanding import ImportedRow, Understanding, understand

TARGETS = {"duerp_28_mots": 0.92}
DEFAULT_TARGET = 0.98


@dataclass
class Score:
    """Counts of one field of one file."""

    expected: int = 0
    found: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        """Right values over expected ones."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """Right values over found ones."""
        return self.right / self.found if self.found else 1.0


@dataclass
class FileScore:
    """The measure of one file."""

    name: str
    fields: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    rows: Score = field(default_factory=Score)
    wrong: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    seconds: float = 0.0
    not_measured: Counter[str] = field(default_factory=Counter)

    @property
    def cells(self) -> Score:
        """All fields together."""
        every = self.fields.values()
        return Score(
            sum(s.expected for s in every), sum(s.found for s in every), sum(s.right for s in every)
        )

    @property
    def passes(self) -> bool:
        """Whether the file reaches its target."""
        target = TARGETS.get(self.name, DEFAULT_TARGET)
        cells = self.cells
        return min(cells.recall, cells.precision) >= target and not self.unaccounted


ELSEWHERE = {
    "phyto-stock": {"product_name", "amm", "function", "authorised", "withdrawn_on", "quirk"}
}
"""Fields of a truth that no file holds: the national catalogue tells them once a row is matched."""

Flat = dict[str, list[Any]]
"""Field path to its values, list items and children in order."""


def flat(record: dict[str, Any]) -> Flat:
    """A record as field paths: `planned_actions.due` is the list of the due dates."""
    values: Flat = defaultdict(list)
    for key, value in record.items():
        if key.startswith("_") or value is None:
            continue
        if isinstance(value, list):
            for place, item in enumerate(value):
                if isinstance(item, dict):
                    for leaf, each in item.items():
                        if each is not None:
                            values[f"{key}.{leaf}"].append((place, plain(each)))
                else:
                    values[key].append((place, plain(item)))
        else:
            values[key].append((0, plain(value)))
    return values


def plain(value: Any) -> Any:
    """A value for comparing: numbers as numbers, dates ISO, texts trimmed and joined."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return round(float(value), 6)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, clock):
        return value.strftime("%H:%M")
    text = " ".join(str(value).split())
    return float(text) if text.isdigit() and len(text) < 15 else text


def key_of(record: dict[str, Any]) -> tuple[str, int, int]:
    """Where a record starts; its column too when it is one cell."""
    return record["_sheet"], record["_row"], record.get("_column", 0)


def score_file(workbook: Path, truth: dict[str, Any], kind_key: str) -> FileScore:
    """Understand a workbook and compare it with its truth."""
    score = FileScore(workbook.name.removesuffix(workbook.suffix))
    source = read_source(workbook)
    started = time.perf_counter()
    understood = understand(source, KINDS[kind_key])
    score.seconds = time.perf_counter() - started
    if understood.refusal:
        raise PreventionError(understood.refusal)
    records = {key_of(record): record for record in expected_records(truth)}
    measured = {path for record in records.values() for path in flat(record)}
    measured -= ELSEWHERE.get(kind_key, set())
    found = {(row.sheet, row.row, column_of(row)): row for row in understood.rows}
    for key, record in records.items():
        compare(score, key, record, found.get(key), measured)
    for key, row in found.items():
        if key not in records:
            for path, values in flat(row.values).items():
                if path in measured:
                    score.fields[path].found += len(values)
            score.wrong.append(f"{key}: a record too many")
    account(score, truth, understood)
    return score


def expected_records(truth: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of a truth; of a matrix of credentials the people too, as the importer does.

    A credential says all of its holder; a person with no credential is a record without one. The
    truth splits « Certiphyto » from « opérateur », the shipped types are one for each.
    """
    if truth["kind"] != "credentials":
        return truth["records"]
    people = {(person["_sheet"], person["_row"]): person for person in truth["people"]}
    records = [people[each["_sheet"], each["_row"]] | each for each in truth["records"]]
    for record in records:
        if record["credential_type"] == "Certiphyto":
            record["credential_type"] = f"Certiphyto {record['category']}"
    holders = {(record["_sheet"], record["_row"]) for record in records}
    return records + [person for place, person in people.items() if place not in holders]


def column_of(row: ImportedRow) -> int:
    """The column of a record that is one cell."""
    column = row.values.get("_column", 0)
    return column if isinstance(column, int) else 0


def compare(
    score: FileScore,
    key: tuple[str, int, int],
    record: dict[str, Any],
    row: ImportedRow | None,
    measured: set[str],
) -> None:
    """Count the expected, found and right values of one record."""
    expected = flat(record)
    found = flat(row.values) if row else {}
    for path in expected.keys() | found.keys():
        if path not in measured:
            score.not_measured[path] += 1
            continue
        want, have = expected.get(path, []), found.get(path, [])
        same = sum((Counter(map(repr, want)) & Counter(map(repr, have))).values())
        of = score.fields[path]
        of.expected += len(want)
        of.found += len(have)
        of.right += same
        if want != have:
            score.wrong.append(f"{key} {path}: expected {want}, found {have}")


def account(score: FileScore, truth: dict[str, Any], understood: Understanding) -> None:
    """Check that every row the truth names is a record, or another row, as the truth says."""
    sheets = {other.sheet for other in understood.other_sheets}
    records = {
        (row.sheet, at) for row in understood.rows for at in range(row.row, row.last_row + 1)
    }
    other = {(row.sheet, row.row) for row in understood.other}
    wanted: list[tuple[str, bool]] = []
    for record in truth["records"]:
        for at in range(record["_row"], record.get("_last_row", record["_row"]) + 1):
            place = (record["_sheet"], at)
            wanted.append((f"{place} is a record", place in records))
    for row in truth["other_rows"]:
        place = (row["sheet"], row["row"])
        right = (place in other or place[0] in sheets) and place not in records
        wanted.append((f"{place} is no record ({row['why']})", right))
    wanted += [
        (f"sheet {sheet['sheet']} holds no record", sheet["sheet"] in sheets)
        for sheet in truth["other_sheets"]
    ]
    score.rows = Score(len(wanted), len(wanted), sum(right for _, right in wanted))
    score.unaccounted = [what for what, right in wanted if not right]


def show(score: FileScore) -> None:
    """Print the figures of one file."""
    cells = score.cells
    print(f"\n{score.name}: understood in {score.seconds:.2f} s")
    print(f"  {'field':34}{'expected':>9}{'found':>8}{'right':>8}{'recall':>9}{'precision':>11}")
    for path in sorted(score.fields):
        of = score.fields[path]
        counts = f"{of.expected:9}{of.found:8}{of.right:8}"
        print(f"  {path:34}{counts}{of.recall:9.1%}{of.precision:11.1%}")
    print(
        f"  {'all cells':34}{cells.expected:9}{cells.found:8}{cells.right:8}"
        f"{cells.recall:9.2%}{cells.precision:11.2%}"
    )
    print(f"  rows accounted for: {score.rows.right} of {score.rows.expected}")
    if score.not_measured:
        print("  not in the truth: " + ", ".join(sorted(score.not_measured)))
    for line in (score.unaccounted + score.wrong)[:SHOWN]:
        print("  ! " + line)


SHOWN = 12


def truths(folder: Path, kinds: list[str]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The workbooks of a folder that have a truth file and a kind that is known."""
    for path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        workbook = folder / truth["file"]
        if truth["kind"] in KINDS and (not kinds or truth["kind"] in kinds) and workbook.exists():
            yield workbook, truth


def main(arguments: list[str]) -> int:
    """Measure every file of a folder; 1 when one of them misses its target."""
    folder, *kinds = arguments
    missed = 0
    for workbook, truth in truths(Path(folder), kinds):
        try:
            score = score_file(workbook, truth, truth["kind"])
        except PreventionError as error:
            print(f"\n{workbook.name}: refused: {error}")
            missed += 1
            continue
        show(score)
        missed += not score.passes
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
