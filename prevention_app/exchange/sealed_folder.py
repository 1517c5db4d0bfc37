"""Whether the folders of sealed versions are what they were: read from the files alone.

Every byte is accounted for: each file by the manifest, the manifest by its signature, and the list
for `sha256sum` because it follows from both.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from prevention_app.domain import sealed_manifest
from prevention_app.domain.sealed_manifest import MANIFEST, SUMS, Manifest
from prevention_app.errors import NotFound, reason_of
from prevention_app.paths import long_path

IsSigned = Callable[[str, bytes, bytes], bool]
"""Whether a public key (hexadecimal) made a signature of a digest."""
_TOLD_APART: Final = (MANIFEST, SUMS)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was sealed."""

    file: str
    """Its name as seen from the folder that was asked about."""
    sentence: str

    def __str__(self) -> str:
        """The finished sentence."""
        return f"{self.file} : {self.sentence}"


@dataclass(slots=True)
class Examined:
    """One version: what its manifest says, if it has one that holds, and what is wrong with it."""

    folder: str
    """Its name as seen from the folder that was asked about; empty for that one itself."""
    manifest: Manifest | None = None
    digest: str = ""
    """SHA-256 of its manifest, as it lies there."""
    faults: list[Fault] = field(default_factory=list[Fault])

    def named(self, file: str = "") -> str:
        """A file of it, or the folder itself, as people find it."""
        return "/".join(each for each in (self.folder, file) if each) or "."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a folder of versions."""

    versions: Sequence[Examined]
    faults: Sequence[Fault]
    notes: Sequence[str]
    """What is worth knowing and wrong with nothing."""


def verify(folder: Path, is_signed: IsSigned) -> Verdict:
    """Examine all versions in a folder, or the one that it is; raises NotFound for no folder."""
    place = long_path(folder)
    if not place.is_dir():
        raise NotFound(f"Le dossier « {folder} » n’existe pas.")
    if (place / MANIFEST).exists() or (place / SUMS).exists():
        versions, strangers = [_examined(place, "", is_signed)], list[Fault]()
    else:
        inside = sorted(place.iterdir(), key=lambda each: each.name)
        versions = [_examined(each, each.name, is_signed) for each in inside if _is_folder(each)]
        strangers = [
            Fault(each.name, "ce fichier ne fait partie d’aucune version figée.")
            for each in inside
            if not _is_folder(each)
        ]
        if not versions:
            strangers.append(Fault(".", "aucune version figée dans ce dossier."))
    chain, notes = _chain(versions)
    faults = [*strangers, *(fault for each in versions for fault in each.faults), *chain]
    return Verdict(versions, faults, notes)


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


# -- one version -------------------------------------------------------------------------------


def _examined(place: Path, folder: str, is_signed: IsSigned) -> Examined:
    found = Examined(folder)
    files, strange = _files(place)
    for name in strange:
        found.faults.append(Fault(found.named(name), "n’est pas un fichier de cette version."))
    data = _bytes_of(place, MANIFEST, files, found)
    if data is not None:
        found.digest = sealed_manifest.digest_of(data)
        found.manifest = _manifest(data, found, is_signed)
    sums = _bytes_of(place, SUMS, files, found)
    if found.manifest is not None:
        _compare_files(place, found, files, found.manifest, sums)
    elif sums is not None:
        _compare_by_sums(place, found, files, sealed_manifest.sums_in(sums))
    return found


def _files(place: Path) -> tuple[set[str], list[str]]:
    """The files of a folder, and what else is in it: links, empty folders, what is no file."""
    files, strange = set[str](), list[str]()
    for root, folders, names in os.walk(place):
        here = Path(root)
        for name in (*names, *folders):
            each = here / name
            inside = each.relative_to(place).as_posix()
            if each.is_symlink():
                strange.append(inside)
            elif each.is_file():
                files.add(inside)
            elif not each.is_dir() or not any(each.iterdir()):
                strange.append(inside)
    return files, sorted(strange)


def _bytes_of(place: Path, name: str, files: set[str], found: Examined) -> bytes | None:
    if name not in files:
        found.faults.append(Fault(found.named(name), "ce fichier manque."))
        return None
    try:
        return (place / name).read_bytes()
    except OSError as error:
        found.faults.append(Fault(found.named(name), f"ne se lit pas ({reason_of(error)})."))
        return None


def _manifest(data: bytes, found: Examined, is_signed: IsSigned) -> Manifest | None:
    try:
        manifest = sealed_manifest.read(data)
    except ValueError:
        changed = "modifié : ce n’est plus le manifeste d’une version figée."
        found.faults.append(Fault(found.named(MANIFEST), changed))
        return None
    if not is_signed(manifest.public_key, manifest.signed, manifest.signature):
        changed = "modifié : sa signature ne correspond pas à ce qu’il dit."
        found.faults.append(Fault(found.named(MANIFEST), changed))
        return None
    if found.folder and found.folder != manifest.name:
        wrong = f"ce dossier contient la version {manifest.name} : il n’est pas à sa place."
        found.faults.append(Fault(found.named(), wrong))
    return manifest


def _compare_files(
    place: Path, found: Examined, files: set[str], manifest: Manifest, sums: bytes | None
) -> None:
    expected = {each.name: each.digest for each in manifest.files}
    sizes = {each.name: each.size for each in manifest.files}
    _compare(place, found, files, expected, sizes)
    if sums is not None and sums != sealed_manifest.sums_text(manifest.files, found.digest):
        wrong = "modifié : cette liste d’empreintes n’est plus celle du manifeste."
        found.faults.append(Fault(found.named(SUMS), wrong))


def _compare_by_sums(
    place: Path, found: Examined, files: set[str], sums: Mapping[str, str]
) -> None:
    """Where the manifest does not hold, the list for `sha256sum` still tells of the files."""
    expected = {name: digest for name, digest in sums.items() if name not in _TOLD_APART}
    _compare(place, found, files, expected, {})


def _compare(
    place: Path,
    found: Examined,
    files: set[str],
    expected: Mapping[str, str],
    sizes: Mapping[str, int],
) -> None:
    for name, digest in expected.items():
        if name not in files:
            found.faults.append(Fault(found.named(name), "ce fichier manque."))
        elif wrong := _wrong(place / name, digest, sizes.get(name)):
            found.faults.append(Fault(found.named(name), wrong))
    for name in sorted(files - expected.keys() - {*_TOLD_APART}):
        added = "ce fichier a été ajouté : il ne fait pas partie de la version."
        found.faults.append(Fault(found.named(name), added))


def _wrong(file: Path, digest: str, size: int | None) -> str:
    try:
        if size is not None and file.stat().st_size != size:
            return "modifié : sa taille n’est plus la même."
        with file.open("rb") as handle:
            held = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        return f"ne se lit pas ({reason_of(error)})."
    return "" if held == digest else "modifié depuis que la version a été figée."


# -- versions among each other -----------------------------------------------------------------


def _chain(versions: Sequence[Examined]) -> tuple[list[Fault], list[str]]:
    """What is wrong between versions, and which links lead out of the folder."""
    faults: list[Fault] = []
    notes: list[str] = []
    sound = [(each, each.manifest) for each in versions if each.manifest is not None]
    by_digest = {each.digest: manifest for each, manifest in sound}
    by_name = {manifest.name: each for each, manifest in sound}
    void = {link.digest for _, manifest in sound for link in manifest.void}
    followed: dict[tuple[str, str], str] = {}
    for each, manifest in sound:
        faults += _broken_link(manifest, by_digest, by_name, sound, notes)
        if each.digest in void:
            notes.append(f"La version {manifest.name} a été déclarée annulée depuis.")
            continue
        place = (manifest.department, manifest.previous.digest if manifest.previous else "")
        other = followed.setdefault(place, manifest.name)
        if other != manifest.name:
            forked = f"bifurcation : cette version et {other} suivent toutes deux la même."
            faults.append(Fault(each.named(), forked))
    return faults, notes


def _broken_link(
    manifest: Manifest,
    by_digest: Mapping[str, Manifest],
    by_name: Mapping[str, Examined],
    sound: Sequence[tuple[Examined, Manifest]],
    notes: list[str],
) -> Iterator[Fault]:
    links = [*([manifest.previous] if manifest.previous else []), *manifest.void]
    for link in links:
        held = by_name.get(link.name)
        if held is not None and held.digest != link.digest:
            swapped = f"ce n’est pas la version {link.name} que {manifest.name} a connue."
            yield Fault(held.named(), swapped)
    previous = manifest.previous
    if previous is None or previous.digest in by_digest or previous.name in by_name:
        return
    older = [
        one.name
        for _, one in sound
        if one.department == manifest.department
        and one.name != manifest.name
        and one.sealed_on <= manifest.sealed_on
        and not _follows(one, manifest, by_digest)
    ]
    if older:
        yield Fault(previous.name, "cette version manque parmi celles du dossier.")
    else:
        notes.append(f"La version {previous.name}, qui précède {manifest.name}, n’est pas ici.")


def _follows(one: Manifest, other: Manifest, by_digest: Mapping[str, Manifest]) -> bool:
    """Whether a version comes after another one, as far as the links in the folder tell."""
    seen: set[str] = set()
    while one.previous is not None and one.previous.digest not in seen:
        seen.add(one.previous.digest)
        before = by_digest.get(one.previous.digest)
        if before is None:
            return False
        if before.name == other.name:
            return True
        one = before
    return False
