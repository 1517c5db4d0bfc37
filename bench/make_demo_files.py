"""Make the fictional demonstration files of the three départements, the same each time.

Usage: python bench/make_demo_files.py [FOLDER]      (default: resources/demo)
"""

from __future__ import annotations

import sys
from pathlib import Path

from demo_files import (
    accidents,
    credentials,
    duerp_by_unit,
    duerp_flat,
    duerp_in_words,
    inspections,
    organisation,
    people,
    phyto_stock,
    readme,
    safety_register,
)
from demo_files.scope import Faults

SHIPPED = Path(__file__).resolve().parent.parent / "resources" / "demo"


def make(folder: Path) -> None:
    """Write all files and their README into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    faults = Faults()
    units = organisation.build_units()
    agents = people.build_people(units)
    organisation.write(folder, units, faults)
    people.write(folder, agents, faults)
    duerp_by_unit.write(folder, units, faults)
    duerp_flat.write(folder, units, faults)
    duerp_in_words.write(folder, units, faults)
    credentials.write(folder, agents, faults)
    inspections.write(folder, units, faults)
    accidents.write(folder, units, agents, faults)
    phyto_stock.write(folder, units, faults)
    safety_register.write(folder, units, faults)
    readme.write(folder, faults)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED
    make(target)
    size = sum(path.stat().st_size for path in target.iterdir())
    print(f"{target}: {size / 1024:.0f} KiB")
