"""Read two editions of the E-Phy catalogue and print rows, times and what has changed.

    python bench/ephy_editions.py BEFORE AFTER

BEFORE and AFTER are what the import takes: the published zip, a folder, or a CSV file.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from prevention_app.domain.editions import EditionKey, compare_editions, edition_key
from prevention_app.exchange.ephy import EphyEdition, open_ephy

States = dict[EditionKey, str | None]


def read_states(edition: EphyEdition) -> dict[str, States]:
    """The published state of every row of every table, and a line of figures for each table."""
    states: dict[str, States] = {}
    for key, table in edition.files.items():
        start = time.perf_counter()
        fields = table.file.edition_key
        found: States = {}
        for row in table:
            state = row.get("state")
            found[edition_key(row, fields)] = None if state is None else str(state)
        states[key] = found
        took = time.perf_counter() - start
        print(
            f"  {key:34} {table.published} {table.rows_read:7} rows, {table.rows_refused} refused, "
            f"{len(table.problems)} problems, {took:.2f} s"
        )
        if len(found) != table.rows_read - table.rows_refused:
            raise SystemExit(f"{key}: the natural key is not unique")
    return states


def main() -> None:
    """Print the account of both editions and of the difference."""
    both: list[dict[str, States]] = []
    for given in sys.argv[1:3]:
        start = time.perf_counter()
        edition = open_ephy([Path(given)], today=date.today())  # noqa: DTZ011
        print(f"{given}: opened in {time.perf_counter() - start:.2f} s, edition of {edition.date}")
        both.append(read_states(edition))
        print(f"  all: {time.perf_counter() - start:.2f} s")
        for problem in edition.problems:
            print(f"  {problem.file}, line {problem.line}: {problem.message}")
    before, after = both
    print("\nchanges, for the tables that both hold:")
    for key in after:
        if key in before:
            change = compare_editions(before[key], after[key])
            print(f"  {key:34} {change.counts()} respelled: {list(change.respelled)}")


if __name__ == "__main__":
    main()
