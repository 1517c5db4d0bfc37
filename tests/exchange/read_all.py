"""Reads each file named on the command line within 1 GiB, and prints what came of it as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.readers import read_source

try:
    import resource
except ImportError:  # Windows: the time limit alone must do
    resource = None


def outcome(path: Path) -> dict[str, object]:
    """What was read, or the refusal, and how long it took."""
    start = time.monotonic()
    try:
        source = read_source(path)
    except UnreadableFile as error:
        return {"refused": str(error), "seconds": time.monotonic() - start}
    return {
        "rows": [len(sheet.rows) for sheet in source.sheets],
        "remarks": source.remarks,
        "seconds": time.monotonic() - start,
    }


if __name__ == "__main__":
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    json.dump({name: outcome(Path(name)) for name in sys.argv[1:]}, sys.stdout)
