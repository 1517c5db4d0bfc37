"""Attachments that were erased: their bytes go wherever the erasure is heard of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prevention_app.catalogue.description import Catalogue
from prevention_app.storage import tables
from prevention_app.storage.engine import Connection
from prevention_app.storage.file_digests import FILES, is_digest, place_in


def digests(connection: Connection, catalogue: Catalogue) -> set[str]:
    """Digests of the files that only erased attachments name."""
    attachment = tables.table_name(catalogue["attachment"])
    edition = tables.table_name(catalogue["reference_edition"])
    erased = "(SELECT record FROM erasure WHERE kind = 't')"
    found = connection.exec_driver_sql(
        f'SELECT digest FROM "{attachment}" WHERE _id IN {erased} '
        f'EXCEPT SELECT digest FROM "{attachment}" WHERE _id NOT IN {erased} '
        f'EXCEPT SELECT digest FROM "{edition}"'
    )
    return {str(each) for each in found.scalars() if is_digest(str(each))}


def remove(folder: Path, gone: Sequence[str]) -> bool:
    """Remove files by their digests; says whether none of them is left."""
    left = False
    for digest in gone:
        try:
            place_in(folder / FILES, digest).unlink(missing_ok=True)
        except OSError:  # another program reads it: at the next opening
            left = True
    return not left
