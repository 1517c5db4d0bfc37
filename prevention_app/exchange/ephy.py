"""Reading a published edition of the national catalogue of plant-protection products (E-Phy)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from prevention_app.errors import UnreadableFile
from prevention_app.exchange.ephy_files import recognise
from prevention_app.exchange.ephy_sources import EphySource, find_sources
from prevention_app.exchange.ephy_tables import EphyProblem, EphyTable
from prevention_app.exchange.ephy_text import survey

SOURCE = "Anses, catalogue E-Phy, données ouvertes publiées sur data.gouv.fr"
LICENCE = "Licence Ouverte (Etalab)"


@dataclass
class EphyEdition:
    """What was given to read: any subset of the ten tables, each with its own day."""

    sources: tuple[str, ...]
    """The names of the files or archives given."""
    digest: str
    """SHA-256, hexadecimal: of the one file given, or of the names and digests of all tables."""
    date: date
    """The newest day among the tables."""
    files: dict[str, EphyTable]
    """By the published name of the table (« produits », « produits_usages »…)."""
    remarks: list[EphyProblem]
    """What lay there and was not read, with the reason; and a doubt about the date."""

    @property
    def problems(self) -> list[EphyProblem]:
        """All that was not read or read with a doubt, in the tables iterated so far."""
        return self.remarks + [each for table in self.files.values() for each in table.problems]


def open_ephy(paths: Sequence[Path], *, today: date) -> EphyEdition:
    """The edition in a zip, a folder, or one or several CSV files.

    Every file is read once for its digest and encoding; rows come when a table is iterated.
    `today` is the day of files that do not say theirs. Raises `UnreadableFile`, in French, when
    nothing is readable, when an archive is damaged, locked or dangerous, or when two files hold
    the same table.
    """
    found, left = find_sources(paths, today)
    remarks = [EphyProblem(name, 0, f"« {name} » n’a pas été lu.") for name in left]
    tables: dict[str, EphyTable] = {}
    for source in found:
        table = _open_table(source)
        if isinstance(table, EphyProblem):
            remarks.append(table)
            continue
        twin = tables.get(table.file.key)
        if twin is not None:
            raise UnreadableFile(
                f"« {twin.source.name} » et « {source.name} » sont deux versions de la même "
                f"table ({table.file.key}) : n’en donnez qu’une."
            )
        tables[table.file.key] = table
    if not tables:
        raise _nothing_recognised(paths, remarks)
    names = tuple(path.resolve().name for path in paths)
    newest = max(each.published for each in tables.values())
    if not all(each.source.dated_by_name for each in tables.values()):
        sentence = (
            "Le nom des fichiers ne dit pas la date de l’édition : "
            f"celle des fichiers est retenue ({newest:%d/%m/%Y})."
        )
        remarks.append(EphyProblem(names[0], 0, sentence))
    return EphyEdition(names, _digest(paths, tables), newest, tables, remarks)


def _open_table(source: EphySource) -> EphyTable | EphyProblem:
    known = survey(source)
    layout = recognise(source, known)
    if isinstance(layout, list):
        columns = ", ".join(each[:40] for each in layout[:6]) or "aucune"
        sentence = f"« {source.name} » n’est aucune des dix tables d’E-Phy (colonnes : {columns})."
        return EphyProblem(source.name, 0, sentence)
    return EphyTable(source, known, layout)


def _nothing_recognised(paths: Sequence[Path], remarks: list[EphyProblem]) -> UnreadableFile:
    names = ", ".join(f"« {path.name} »" for path in paths)
    details = " ".join(each.message for each in remarks[:3])
    return UnreadableFile(
        f"Aucune table du catalogue E-Phy n’a été reconnue dans {names}. {details}"
    )


def _digest(paths: Sequence[Path], tables: dict[str, EphyTable]) -> str:
    whole = hashlib.sha256()
    if len(paths) == 1 and paths[0].is_file():
        with paths[0].open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    for key in sorted(tables):
        whole.update(f"{key} {tables[key].survey.digest}\n".encode())
    return whole.hexdigest()
