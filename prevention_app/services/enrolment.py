"""Stations that join: one asks by a file, an administrator answers by another.

A request says who asks (station, key, code, user, department wanted) and carries the first entry of
the asking station, which says the same. The admission holds what the newcomer is to trust, an
exchange file for it and, for an administrator, the department's key, sealed to its own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from nacl.signing import SigningKey

from prevention_app.catalogue.organisation import DEPARTMENT_NUMBERS
from prevention_app.catalogue.vocabulary import Role
from prevention_app.errors import NotFound, PreventionError, Refused, UnreadableFile
from prevention_app.exchange import enrolment_file
from prevention_app.exchange.assistants_list import Listed, read_list, write_model, write_table
from prevention_app.exchange.enrolment_file import Kind, SignedFile
from prevention_app.exchange.file_names import accepted
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.i18n import count
from prevention_app.services import packages
from prevention_app.services.progress import Progress
from prevention_app.storage import circle, keys, newcomers
from prevention_app.storage.circle import Part
from prevention_app.storage.newcomers import Newcomer, Welcomed, Welcoming
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store

ADMIT: Final = "Admettre un ordinateur"
ADMIT_MANY: Final = "Admettre des ordinateurs"
_NOT_LISTED: Final = "Cette demande n’est pas dans la liste."


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks to join."""

    newcomer: Newcomer
    department: str
    code: str
    """What two people compare by voice."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What an admission wrote."""

    name: str
    user: str
    department: str
    roles: tuple[Role, ...]
    station_code: str
    """Another one than asked for where that was taken."""
    request_code: str
    code: str


@dataclass(frozen=True, slots=True)
class Admission:
    """What an admission says to the newcomer, before it is followed."""

    by: str
    """Name of the admitting station."""
    user: str
    """Its user."""
    department: str
    roles: tuple[Role, ...]
    station_code: str
    code: str
    left_behind: int
    """Records that this station would show no more, see `left_behind`."""


# -- asking ------------------------------------------------------------------------------------


def request(store: Store, out: Path, department: str = "") -> str:
    """Write the file by which this station asks to join; returns the characters to compare."""
    told = newcomers.as_told(store) | {"department": department or store.department}
    return enrolment_file.write(out, Kind.REQUEST, told, store.key.key)


def left_behind(store: Store, department: str) -> int:
    """How many records a lone station would show no more once it belongs to a department.

    They are of other departments, in which nobody there gave it a role: they stay in its history,
    but count for nothing.
    """
    if not circle.is_alone(store):
        return 0
    others = tuple(each for each in DEPARTMENT_NUMBERS if each != department)
    with store.reading() as read:
        return sum(
            read.count(Query(entity.key, owners=others))
            for entity in store.catalogue.registers
            if not (entity.system or entity.reference_set)
        )


def left_behind_text(number: int, department: str) -> str:
    """What that means, and what else can be done, as French sentences."""
    return (
        f"Cet ordinateur tient {count(number, 'fiche')} d’un autre département que le "
        f"{department}. En rejoignant le {department}, il ne montrera plus rien de cet autre "
        "département et ne l’enverra à personne. Pour continuer à s’en servir, exportez-le "
        "d’abord, ou demandez à rejoindre cet autre département."
    )


def read_request(file: Path) -> Request:
    """Who asks by this file; raises PreventionError where it is none."""
    return _request_of(enrolment_file.read(file, Kind.REQUEST))


def _request_of(signed: SignedFile) -> Request:
    newcomer = newcomers.newcomer_of(signed.told)
    if signed.signer != newcomer.public_key or not newcomers.speaks_for_itself(newcomer):
        raise Refused(f"« {signed.place.name} » n’est pas signé par l’ordinateur qui demande.")
    return Request(newcomer, signed.text("department"), signed.code)


# -- admitting ---------------------------------------------------------------------------------


def admit(
    store: Store,
    file: Path,
    roles: Sequence[Role],
    out: Path,
    *,
    part: Part | None = None,
    until: date | None = None,
    code: str = "",
    progress: Progress | None = None,
) -> Admitted:
    """Give a station that asks the roles named, and write its admission.

    `code` is what the asking person read aloud, where it is to be compared here. Raises Refused
    where this station is no administrator of the department asked for.
    """
    asked = read_request(file)
    _compare(code, asked.code)
    refuse_locked(out)
    welcoming = Welcoming(store)
    ready = _given(store, welcoming, asked, roles, part or Part(), until)
    welcoming.write(ADMIT)
    with _package(store, [ready], progress or Progress()) as package:
        return _written(store, ready, package, out)


@dataclass(frozen=True, slots=True)
class _Ready:
    """Someone who has the roles now, and waits for the file that says so."""

    asked: Request
    roles: tuple[Role, ...]
    welcomed: Welcomed
    root: SigningKey | None
    """The department's key, for an administrator."""


def _given(
    store: Store,
    welcoming: Welcoming,
    asked: Request,
    roles: Sequence[Role],
    part: Part,
    until: date | None,
) -> _Ready:
    """Prepare the giving of roles."""
    root = _root_for(store, asked, roles, part)
    welcomed = welcoming.add(asked.newcomer, asked.department, roles, part, until)
    return _Ready(asked, tuple(roles), welcomed, root)


def _root_for(store: Store, asked: Request, roles: Sequence[Role], part: Part) -> SigningKey | None:
    """The department's key where an administrator is to receive it; raises where nobody may."""
    circle.refuse_unless_administrator(store, asked.department)
    if circle.is_revoked(store, asked.department, asked.newcomer.station_id):
        raise Refused(
            f"Les droits de « {asked.newcomer.name} » sont retirés : levez d’abord le retrait."
        )
    if Role.ADMINISTRATOR not in roles:
        return None
    if part != Part():
        raise Refused("Un administrateur l’est pour tout le département, sans site ni service.")
    return circle.root_key(store, asked.department)


@contextmanager
def _package(store: Store, ready: Sequence[_Ready], progress: Progress) -> Iterator[Path]:
    """One exchange file that each of these stations can read, written once for all of them."""
    with tempfile.TemporaryDirectory(dir=store.folder / "drafts") as folder:
        package = Path(folder) / "réponse"  # progress is told of it by this name
        stations = [each.asked.newcomer.station_id for each in ready]
        packages.create(store, list(dict.fromkeys(stations)), package, progress)
        yield package


def _written(store: Store, ready: _Ready, package: Path, out: Path) -> Admitted:
    """Write the admission."""
    newcomer = ready.asked.newcomer
    me = circle.this_station(store)
    told: dict[str, Any] = {
        "station": newcomer.station_id,
        "public_key": newcomer.public_key,
        "request": ready.asked.code,
        "department": ready.asked.department,
        "roles": [str(each) for each in ready.roles],
        "station_code": ready.welcomed.code,
        "author": ready.welcomed.author,
        "circle": circle.roots(store),
        "by": {"station": me.station_id, "name": me.name, "user": me.user},
    }
    if ready.root is not None:
        told["root"] = circle.sealed(ready.root, newcomer.public_key)
    code = enrolment_file.write(out, Kind.ADMISSION, told, store.key.key, package)
    return Admitted(
        newcomer.name,
        newcomer.user,
        ready.asked.department,
        ready.roles,
        ready.welcomed.code,
        ready.asked.code,
        code,
    )


# -- a list of many ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one line of a list would do."""

    row: int
    """In the workbook; 0 for a request that the list does not name."""
    name: str
    site: str
    role: Role | None
    until: date | None
    code: str
    """Of the request, which its sender reads aloud; empty where there is none."""
    problem: str
    """Why nobody would be admitted; empty where somebody would."""


def write_model_list(store: Store, out: Path) -> None:
    """Write an empty list to fill in, which offers the roles and the department's sites."""
    with store.reading() as read:
        found = read.records(Query("site", owners=(store.department,)))
    write_model(out, sorted({circle.text_of(each, "name") for each in found} - {""}))


def foresee(store: Store, listing: Path, requests: Path) -> list[Foreseen]:
    """What `admit_many` would do with a list and a folder of requests; writes nothing."""
    lines = read_list(listing)
    asked = _requests_in(requests)
    found: list[Foreseen] = []
    used: set[str] = set()
    for line in lines:
        code, problem = "", ""
        try:
            chosen = _chosen(line, asked)
            used.add(chosen.newcomer.station_id)
            code = chosen.code
            part = circle.part_named(store, chosen.department, site=line.site)
            _root_for(store, chosen, [line.role], part)
        except PreventionError as error:
            problem = str(error)
        found.append(Foreseen(line.row, line.name, line.site, line.role, line.until, code, problem))
    found += [
        Foreseen(0, each.newcomer.user, "", None, None, each.code, _NOT_LISTED)
        for each in _not_in(asked, used)
    ]
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line of a list."""

    row: int
    name: str
    admitted: Admitted | None
    file: Path | None
    problem: str
    """Why nobody was admitted; empty where somebody was."""


def admit_many(
    store: Store, listing: Path, requests: Path, out: Path, progress: Progress
) -> list[Line]:
    """Admit all whom a list names and whose request lies in a folder; one answer file each.

    What cannot be followed is told line by line; the others are admitted all the same, by one
    change.
    """
    lines = read_list(listing)
    asked = _requests_in(requests)
    if not out.is_dir():
        raise Refused(f"Le dossier « {out} » n’existe pas.")
    progress.check_cancelled()
    given: list[tuple[Listed, _Ready | str]] = []
    used: set[str] = set()
    welcoming = Welcoming(store)
    for at, line in enumerate(lines):
        progress.step(at, len(lines), f"Admission de {line.name}")
        given.append((line, _given_to(store, welcoming, line, asked, used)))
    welcoming.write(ADMIT_MANY)
    ready = [each for _, each in given if isinstance(each, _Ready)]
    found: list[Line] = []
    if ready:
        with _package(store, ready, Progress()) as package:
            found = [_line_of(store, line, each, package, out) for line, each in given]
    else:
        found = [_refused(line, each) for line, each in given if isinstance(each, str)]
    found += [Line(0, each.newcomer.user, None, None, _NOT_LISTED) for each in _not_in(asked, used)]
    return found


def write_answers(lines: Sequence[Line], out: Path) -> None:
    """Write the table of answers: whose file is which, and the codes to read aloud."""
    write_table(
        out,
        "Réponses",
        ("Ligne", "Nom", "Rôle", "Code de la demande", "Code de la réponse", "Fichier", "Remarque"),
        [
            (
                str(line.row or ""),
                line.name,
                role_names(line.admitted.roles) if line.admitted else "",
                line.admitted.request_code if line.admitted else "",
                line.admitted.code if line.admitted else "",
                line.file.name if line.file else "",
                line.problem,
            )
            for line in lines
        ],
    )


def _not_in(asked: Sequence[Request], used: set[str]) -> list[Request]:
    return [each for each in asked if each.newcomer.station_id not in used]


def _requests_in(folder: Path) -> list[Request]:
    """The requests of a folder; other files in it are passed over."""
    if not folder.is_dir():
        raise NotFound(f"Le dossier « {folder} » n’existe pas.")
    found: list[Request] = []
    for file in sorted(folder.iterdir()):
        try:
            found.append(read_request(file))
        except PreventionError:
            continue
    return found


def _given_to(
    store: Store, welcoming: Welcoming, line: Listed, asked: Sequence[Request], used: set[str]
) -> _Ready | str:
    """Whom a line names, with the roles to give; or why none are."""
    try:
        chosen = _chosen(line, asked)
        used.add(chosen.newcomer.station_id)
        part = circle.part_named(store, chosen.department, site=line.site)
        return _given(store, welcoming, chosen, [line.role], part, line.until)
    except PreventionError as error:
        return str(error)


def _line_of(store: Store, line: Listed, ready: _Ready | str, package: Path, out: Path) -> Line:
    if isinstance(ready, str):
        return _refused(line, ready)
    file = out / f"{accepted(line.name)} ({ready.welcomed.code}).prevention-reponse"
    try:
        return Line(line.row, line.name, _written(store, ready, package, file), file, "")
    except PreventionError as error:
        return _refused(line, str(error))


def _refused(line: Listed, why: str) -> Line:
    return Line(line.row, line.name, None, None, why)


def _chosen(line: Listed, asked: Sequence[Request]) -> Request:
    """The one request of the person or station that a line names."""
    if line.problem:
        raise Refused(line.problem)
    for names in (
        [(each, each.newcomer.user) for each in asked],
        [(each, each.newcomer.name) for each in asked],
    ):
        found = [each for each, name in names if circle.same_name(name, line.name)]
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(f"Plusieurs demandes portent le nom « {line.name} ».")
    raise NotFound(f"Aucune demande ne porte le nom « {line.name} ».")


# -- joining -----------------------------------------------------------------------------------


def read_admission(store: Store, file: Path) -> Admission:
    """What an admission for this station says, so that a person may confirm it."""
    return _admission_of(store, _answer_for(store, file))


def join(
    store: Store, file: Path, *, code: str = "", progress: Progress | None = None
) -> Admission:
    """Follow an admission: trust what it names, take in what it brings, count under its roles.

    Raises Refused where it answers another station's request, or where this station belongs to a
    circle that it contradicts; nothing is changed then.
    """
    signed = _answer_for(store, file)
    told = _admission_of(store, signed)
    _compare(code, signed.code)
    roots = _texts(signed.mapping("circle"))
    if told.department not in roots:
        raise UnreadableFile(f"« {file.name} » ne nomme pas la clé du département.")
    _refuse_other_circle(store, roots, compared=bool(code))
    root = _root_in(store, signed, roots[told.department])
    with tempfile.TemporaryDirectory(dir=store.folder / "drafts") as folder:
        package = Path(folder) / file.name  # by this name it is listed among what came
        if signed.unpack(package):
            packages.apply(store, package, progress or Progress())
    newcomers.join(store, told.department, roots, signed.text("author"))
    if root is not None:
        keys.keep_root(root)
    return told


def _answer_for(store: Store, file: Path) -> SignedFile:
    signed = enrolment_file.read(file, Kind.ADMISSION)
    me = circle.this_station(store)
    if (signed.text("station"), signed.text("public_key")) != (me.station_id, me.public_key):
        raise Refused(
            f"« {file.name} » répond à la demande d’un autre ordinateur : rien n’a été changé."
        )
    return signed


def _admission_of(store: Store, signed: SignedFile) -> Admission:
    by = _texts(signed.mapping("by"))
    try:
        roles = tuple(Role(each) for each in signed.texts("roles"))
    except ValueError as error:
        raise UnreadableFile(f"« {signed.place.name} » donne un rôle inconnu ici.") from error
    department = signed.text("department")
    return Admission(
        by.get("name", ""),
        by.get("user", ""),
        department,
        roles,
        signed.text("station_code"),
        signed.code,
        left_behind(store, department),
    )


def _refuse_other_circle(store: Store, roots: Mapping[str, str], *, compared: bool) -> None:
    """A station that belongs somewhere follows other keys only once two people compared codes."""
    known = circle.roots(store)
    others = sorted(each for each, key in roots.items() if known.get(each, key) != key)
    if others and not compared and not circle.is_alone(store):
        raise Refused(
            f"Cet ordinateur appartient déjà à un cercle, où la clé du département {others[0]} est "
            "une autre. Si ce département a été refondé, comparez les codes de vive voix et "
            "donnez-le (--code). Rien n’a été changé."
        )


def _root_in(store: Store, signed: SignedFile, public: str) -> SigningKey | None:
    if "root" not in signed.told:
        return None
    root = circle.unsealed(store, signed.text("root"))
    if keys.public_half(root) != public:
        raise Refused(f"« {signed.place.name} » porte une clé qui n’est pas celle du département.")
    return root


def _texts(document: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in document.items()}


def _compare(typed: str, code: str) -> None:
    if typed and not enrolment_file.same_code(typed, code):
        raise Refused(
            f"Le code lu est « {typed} », celui du fichier est {code} : ce n’est pas le même "
            "fichier. Rien n’a été changé."
        )


def role_names(roles: Iterable[Role]) -> str:
    """The French names of roles, the weightiest first: lists cut the end off.

    « Administrateur, Conseiller de prévention »; the others as they are declared.
    """
    declared = list(Role)
    ordered = sorted(roles, key=lambda each: (each is not Role.ADMINISTRATOR, declared.index(each)))
    return ", ".join(role.label_fr for role in ordered)
