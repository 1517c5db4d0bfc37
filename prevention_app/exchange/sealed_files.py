"""Writes the files of a version into a folder: for people, for spreadsheets, for any program."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from prevention_app import __version__
from prevention_app.catalogue.values import fold
from prevention_app.domain import sealed_manifest
from prevention_app.domain.document_content import DocumentContent, Table, to_bytes
from prevention_app.domain.sealed_facts import VersionFacts
from prevention_app.domain.sealed_manifest import MANIFEST, SIGNATURE, SUMS, Link, SealedFile
from prevention_app.exchange.csv_write import write_csv
from prevention_app.exchange.pdf_document import document_pdf
from prevention_app.exchange.printed_document import Heading
from prevention_app.exchange.safe_file import write_whole
from prevention_app.exchange.sealed_readme import PROVES, README, readme_text
from prevention_app.exchange.sealed_workbook import sealed_workbook
from prevention_app.exchange.typography import typeset
from prevention_app.exchange.workbook_model import Watcher
from prevention_app.exchange.workbook_writer import write_workbook

DATA: Final = "donnees"
CONTENT: Final = f"{DATA}/document_unique.json"
DICTIONARY: Final = f"{DATA}/dictionnaire.csv"
_DICTIONARY_HEADS: Final = ("Fichier", "Tableau", "Colonne", "Clé", "Genre", "Explication")
_STEPS: Final = 4
_ON_THE_COVER: Final = frozenset({"Version", "Employeur", "État du document au"})
"""What the cover of the PDF says of itself."""


def write_files(
    content: DocumentContent, facts: VersionFacts, folder: Path, watcher: Watcher, logo: bytes = b""
) -> list[str]:
    """Write all files but the manifest and its list; returns their names in the folder.

    Raises PreventionError where one cannot be written, Cancelled where the watcher said so.
    """
    files = _explained(content, facts)
    pdf, workbook = (name for name in files if "/" not in name)
    (folder / DATA).mkdir()
    watcher.step(0, _STEPS, "Écriture des données")
    write_whole(folder / CONTENT, to_bytes(content))
    _write_tables(content, folder, watcher)
    watcher.step(1, _STEPS, "Écriture du classeur")
    write_workbook(sealed_workbook(content, facts), folder / workbook, watcher)
    watcher.step(2, _STEPS, "Composition du PDF")
    watcher.check_cancelled()
    write_whole(folder / pdf, document_pdf(content, heading_of(facts), logo=logo))
    watcher.step(3, _STEPS, "Empreintes et signature")
    watcher.check_cancelled()
    write_whole(folder / README, readme_text(facts, files).encode())
    return [README, *files]


def heading_of(facts: VersionFacts) -> Heading:
    """What stands on the cover of the PDF, and the page of what was missing."""
    said = [f"{what} : {each}" for what, each in facts.lines() if what not in _ON_THE_COVER]
    lines = tuple(typeset(each) for each in (facts.status.capitalize(), *said))
    missing = tuple(typeset(each) for each in facts.missing)
    # Said with the title it stands at the foot of every page, also of one that is torn out.
    status = "" if facts.adoption else f", {facts.status}"
    return Heading(f"Document unique {facts.name}{status}", lines, missing)


def sign_files(
    facts: VersionFacts,
    folder: Path,
    names: list[str],
    *,
    previous: Link | None,
    void: Mapping[Link, str],
    public_key: str,
    sign: Callable[[bytes], bytes],
) -> tuple[str, str]:
    """Write the manifest and the list for `sha256sum`; returns the digests of content, manifest.

    `void`: versions that were declared void → why.
    """
    files = [_sealed(folder, name) for name in names]
    content = next(each.digest for each in files if each.name == CONTENT)
    document: dict[str, Any] = {
        "format": sealed_manifest.FORMAT,
        "program": f"Prévention {__version__}",
        "version": facts.document(),
        "content": CONTENT,
        "content_sha256": content,
        "previous": _link(previous) if previous else None,
        "void": [{**_link(each), "reason": why} for each, why in void.items()],
        "files": [{"name": each.name, "sha256": each.digest, "size": each.size} for each in files],
        "station": {"public_key": public_key, "algorithm": "Ed25519"},
        "proves": PROVES,
    }
    document[SIGNATURE] = sign(sealed_manifest.to_be_signed(document)).hex()
    manifest = sealed_manifest.as_bytes(document)
    digest = sealed_manifest.digest_of(manifest)
    write_whole(folder / MANIFEST, manifest)
    write_whole(folder / SUMS, sealed_manifest.sums_text(files, digest))
    return content, digest


def _link(link: Link) -> dict[str, str]:
    return {"name": link.name, "manifest_sha256": link.digest}


def _sealed(folder: Path, name: str) -> SealedFile:
    place = folder / name
    with place.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return SealedFile(name, digest, place.stat().st_size)


# -- plain data --------------------------------------------------------------------------------


def _explained(content: DocumentContent, facts: VersionFacts) -> dict[str, str]:
    """The files of a version, and what each of them is."""
    stem = f"document-unique-{facts.name}" + ("" if facts.adoption else "-non-adoptee")
    return {
        f"{stem}.pdf": "pour lire et imprimer (PDF/A)",
        f"{stem}.xlsx": "le même contenu, en classeur",
        CONTENT: "tout le contenu, pour tout programme (JSON, chaque colonne expliquée)",
        DICTIONARY: "ce que veut dire chaque colonne des tableaux ci-dessous",
        **{name: f"« {table.title_fr} » (CSV)" for name, table in _table_files(content).items()},
    }


def _table_files(content: DocumentContent) -> dict[str, Table]:
    """Name of its file → table: named after its title, told apart where two are alike."""
    found: dict[str, Table] = {DICTIONARY: next(iter(content.tables.values()))}
    for table in content.tables.values():
        slug = re.sub(r"[^a-z0-9]+", "_", fold(table.title_fr)).strip("_") or table.key
        name = f"{DATA}/{slug}.csv"
        if name in found:
            name = f"{DATA}/{slug}_{table.key}.csv"
        found[name] = table
    del found[DICTIONARY]
    return found


def _write_tables(content: DocumentContent, folder: Path, watcher: Watcher) -> None:
    files = _table_files(content)
    for name, table in files.items():
        watcher.check_cancelled()
        keys = [each.key for each in table.columns]
        rows = ([row.get(key) for key in keys] for row in table.rows)
        write_csv(folder / name, [each.label_fr for each in table.columns], rows)
    explained = [
        (
            name.partition("/")[2],
            table.title_fr,
            each.label_fr,
            each.key,
            each.kind.value,
            each.explanation_fr,
        )
        for name, table in files.items()
        for each in table.columns
    ]
    write_csv(folder / DICTIONARY, _DICTIONARY_HEADS, explained)
