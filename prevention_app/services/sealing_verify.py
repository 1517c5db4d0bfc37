"""Whether sealed versions are what they were: by their files alone, or by the workspace too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from prevention_app.catalogue.document_versions import DocumentSeal, DocumentVersion
from prevention_app.exchange import sealed_folder
from prevention_app.exchange.sealed_folder import Fault, Verdict
from prevention_app.services.lookup import Lookup
from prevention_app.storage import keys
from prevention_app.storage.query import Reader


def verify_folder(folder: Path) -> Verdict:
    """Examine the versions of a folder without any workspace; raises NotFound for no folder."""
    return sealed_folder.verify(folder, keys.verify)


def compared_with_record(read: Reader, verdict: Verdict) -> Verdict:
    """The same, and whether they are those that the workspace wrote down as sealed."""
    versions = Lookup(read, DocumentVersion)
    known: dict[str, set[str]] = {}
    void: set[str] = set()
    for seal in Lookup(read, DocumentSeal).live():
        version = versions.get(seal.version)
        if version is not None:
            known.setdefault(version.name, set()).add(seal.manifest_digest)
        if seal.voided_on is not None:
            void.add(seal.manifest_digest)
    departments = {name.partition("-")[0] for name in known}
    faults, notes = list(verdict.faults), list(verdict.notes)
    for each in verdict.versions:
        manifest = each.manifest
        if manifest is None:
            continue
        if each.digest in void:
            notes.append(f"La version {manifest.name} est annulée dans l’espace de travail.")
        held = known.get(manifest.name)
        if held is None and manifest.department not in departments:
            notes.append(f"L’espace de travail ne connaît aucune version du {manifest.department}.")
        elif held is None:
            faults.append(Fault(each.named(), "l’espace de travail ne connaît pas cette version."))
        elif each.digest not in held:
            swapped = f"ce n’est pas la version {manifest.name} que l’espace de travail a figée."
            faults.append(Fault(each.named(), swapped))
    return replace(verdict, faults=faults, notes=notes)
