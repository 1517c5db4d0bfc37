"""How quick the document unique is on 1,500 work units, as ratios of one run.

    python -m bench.risk_document_speed [--repetitions 7]

Two workspaces are made by bench/make_risk_document.py, of 150 and of 1,500 units. Measured, the
least of the repetitions counting, taken in turns:

- opening a unit (its risks, and the first of them in detail): at 1,500 units against 150
  (goal 1.2);
- the tree, with the worst residual level and the number of risks of each branch, and the matrix,
  both read from nothing: against the bare SQL that fetches the same columns of the same rows
  through the same driver (goal 3);
- both again where the risks are read already, as when one looks from one branch to the next.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bench.make_risk_document import TODAY, UNITS, make
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.services import risk_document, risk_matrix
from prevention_app.services.branch_counts import branch_counts
from prevention_app.services.risk_children import READ_FIRST
from prevention_app.services.risk_index import RISK_FIELDS, RiskIndex
from prevention_app.services.unit_tree import TreeNode, unit_tree
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store

_FEW: Final = 150
_OPENED: Final = 40
_PLACES: Final = {
    "org_unit": ("owner", "deleted", "same_as", "name", "parent", "valid_until"),
    "work_unit": ("owner", "deleted", "same_as", "name", "org_unit", "valid_until"),
}
_OWN_COLUMNS: Final = {"owner": "_owner", "deleted": "_deleted"}
_SLICE: Final = 100_000


def main() -> None:
    """Make the workspaces, measure and print."""
    asked = argparse.ArgumentParser(description="The document unique, as ratios.")
    asked.add_argument("--repetitions", type=int, default=7)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "150", Path(folder) / "1500"
        make(small, _FEW)
        make(large, UNITS)
        few = Store(small, declared_catalogue(), lambda: TODAY)
        many = Store(large, declared_catalogue(), lambda: TODAY)
        _opening(few, many, chosen.repetitions)
        _whole(many, chosen.repetitions)
        few.close()
        many.close()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _opening(small: Store, large: Store, repetitions: int) -> None:
    """Units drawn by chance, the same number of each workspace."""
    chance = random.Random(7)
    drawn: dict[Store, list[str]] = {}
    for store in (small, large):
        with store.reading() as read:
            units = [unit for (unit,) in read.walk(Query("work_unit"), ())]
        drawn[store] = chance.sample(units, _OPENED)
    least = dict.fromkeys(drawn, float("inf"))
    for _ in range(repetitions):
        for store, units in drawn.items():
            least[store] = min(
                least[store],
                _timed(lambda store=store, units=units: [_open(store, each) for each in units]),
            )
    told = [least[each] / _OPENED * 1000 for each in (small, large)]
    print(
        f"opening a unit: {told[0]:.2f} ms of {_FEW}, {told[1]:.2f} ms of {UNITS}, "
        f"ratio {told[1] / told[0]:.2f} (goal 1.2)"
    )


def _open(store: Store, unit: str) -> None:
    with store.reading() as read:
        risks = read.records(Query("risk", (Condition("work_unit", Op.IS, unit),)))
        risk_document.detail(read, risks[0].id)


def _whole(store: Store, repetitions: int) -> None:
    """The tree and the matrix of the whole department."""
    cases: dict[str, Callable[[], object]] = {
        "bare": lambda: _bare(store),
        "tree": lambda: _read(store, _tree),
        "matrix": lambda: _read(store, _matrix),
    }
    least = dict.fromkeys(cases, float("inf"))
    for _ in range(repetitions):
        for name, work in cases.items():
            least[name] = min(least[name], _timed(work))
    bare = least["bare"]
    print(f"bare SQL: {bare * 1000:.0f} ms for {_bare(store):,} rows")
    for name in ("tree", "matrix"):
        print(f"{name}: {least[name] * 1000:.0f} ms, ratio {least[name] / bare:.2f} (goal 3)")
    _read_already(store, repetitions)


def _read_already(store: Store, repetitions: int) -> None:
    with store.reading() as read:
        index, root = _index(read), unit_tree(read, {"45": "Loiret"}, TODAY, ("45",))
        axes, known = _axes(read, index)
    branch = root.children[0]
    for name, work in (
        ("figures of all branches", lambda: branch_counts(root, index)),
        ("risks of a direction", lambda: index.select(branch.units)),
        ("matrix of all", lambda: risk_matrix.matrix(index.select(None), axes, known)),
    ):
        least = min(_timed(work) for _ in range(repetitions))
        print(f"read already, {name}: {least * 1000:.1f} ms")


def _read(store: Store, work: Callable[[Reader, RiskIndex], object]) -> None:
    with store.reading() as read:
        work(read, _index(read))


def _index(read: Reader) -> RiskIndex:
    index = RiskIndex(("45",), TODAY)
    while not index.complete:
        index.read_on(read, _SLICE)
    return index


def _tree(read: Reader, index: RiskIndex) -> TreeNode:
    root = unit_tree(read, {"45": "Loiret"}, TODAY, ("45",))
    branch_counts(root, index)
    return root


def _axes(read: Reader, index: RiskIndex) -> tuple[risk_matrix.Axes, Any]:
    offered, known = risk_matrix.offered(read, index, ("45",))
    return offered[0], known


def _matrix(read: Reader, index: RiskIndex) -> risk_matrix.Matrix:
    axes, known = _axes(read, index)
    return risk_matrix.matrix(index.select(None), axes, known)


def _bare(store: Store) -> int:
    """Fetch the same columns of the same rows, and do nothing with them."""
    wanted: dict[str, tuple[str, ...]] = {**_PLACES, **READ_FIRST, "risk": RISK_FIELDS}
    with store.reading() as read:
        driver: Any = read.connection.connection.driver_connection
        cursor = driver.cursor()
        number = 0
        for register, fields in wanted.items():
            columns = ", ".join(f'"{_OWN_COLUMNS.get(each, each)}"' for each in fields)
            rows = cursor.execute(f'SELECT _id, {columns} FROM "r_{register}"').fetchall()  # noqa: S608
            number += len(rows)
    return number


if __name__ == "__main__":
    main()
