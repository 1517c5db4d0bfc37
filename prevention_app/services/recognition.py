"""Departments that recognise each other, once: one invites by a file, the other answers by one.

Each file is signed by its department's key, so that only who holds that key can offer it, and
names the station that wrote it. The answer brings an exchange file for the station that invited.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from prevention_app.errors import Refused, WrongUsage
from prevention_app.exchange import enrolment_file
from prevention_app.exchange.enrolment_file import Kind, SignedFile
from prevention_app.exchange.safe_file import refuse_locked
from prevention_app.services import packages
from prevention_app.services.progress import Progress
from prevention_app.storage import circle, newcomers, recognitions
from prevention_app.storage.newcomers import Newcomer
from prevention_app.storage.store import Store


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which department is recognised now, and the codes that people compare."""

    department: str
    by: str
    """The station that wrote the file."""
    user: str
    code: str
    answer_code: str
    """Of the answer; empty where the file was one."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a file of another department says, before it is followed."""

    department: str
    by: str
    """The station that wrote the file."""
    user: str
    code: str
    to_answer: bool
    """Whether it is an invitation, which is answered by a file; else it answers ours."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A department whose key is trusted here."""

    department: str
    mark: str
    """Names its key, for people to compare."""


def recognised(store: Store, department: str = "") -> list[Recognised]:
    """The other departments that this station trusts."""
    own = department or store.department
    return [
        Recognised(other, enrolment_file.code_of(bytes.fromhex(public)))
        for other, public in sorted(circle.roots(store).items())
        if other != own
    ]


def read_offer(file: Path) -> Offered:
    """What an invitation, or the answer to one, says; raises PreventionError where it is none."""
    signed = _offer(file)
    other, newcomer = _other(signed)
    return Offered(other, newcomer.name, newcomer.user, signed.code, signed.kind is Kind.INVITATION)


def _offer(file: Path) -> SignedFile:
    return enrolment_file.read(file, Kind.INVITATION, Kind.RECOGNITION)


def invite(store: Store, out: Path, department: str = "") -> str:
    """Write an invitation to other departments; returns the characters to compare."""
    department = department or store.department
    circle.refuse_unless_administrator(store, department)
    told = newcomers.as_told(store) | {"department": department}
    return enrolment_file.write(out, Kind.INVITATION, told, circle.root_key(store, department))


def accept(
    store: Store,
    file: Path,
    out: Path | None,
    department: str = "",
    *,
    code: str = "",
    progress: Progress | None = None,
) -> Accepted:
    """Recognise the department that a file comes from; an invitation is answered in `out`.

    Raises Refused where the file answers another department, or names another key than the one
    known here and no code was compared.
    """
    department = department or store.department
    signed = _offer(file)
    answers = signed.kind is Kind.INVITATION
    if answers and out is None:
        raise WrongUsage("Une invitation se répond par un fichier : --out.")
    circle.refuse_unless_administrator(store, department)
    if code and not enrolment_file.same_code(code, signed.code):
        raise Refused(
            f"Le code lu est « {code} », celui du fichier est {signed.code} : ce n’est pas le même "
            "fichier. Rien n’a été changé."
        )
    other, newcomer = _other(signed)
    _refuse_unfit(store, department, other, signed, compared=bool(code))
    progress = progress or Progress()
    newcomers.take_in(store, newcomer)
    recognitions.recognise(store, department, other, signed.signer)
    answer_code = ""
    with tempfile.TemporaryDirectory(dir=store.folder / "drafts") as folder:
        package = Path(folder) / file.name  # by this name it is listed among what came
        if signed.unpack(package):
            packages.apply(store, package, progress)
        if answers and out is not None:
            answer_code = _answer(store, department, other, signed, newcomer, package, out)
    return Accepted(other, newcomer.name, newcomer.user, signed.code, answer_code)


def _answer(
    store: Store,
    department: str,
    other: str,
    signed: SignedFile,
    newcomer: Newcomer,
    package: Path,
    out: Path,
) -> str:
    refuse_locked(out)
    packages.create(store, [newcomer.station_id], package, Progress())
    told = newcomers.as_told(store) | {
        "department": department,
        "answers": signed.code,
        "recognised": {other: signed.signer},
    }
    return enrolment_file.write(
        out, Kind.RECOGNITION, told, circle.root_key(store, department), package
    )


def _other(signed: SignedFile) -> tuple[str, Newcomer]:
    newcomer = newcomers.newcomer_of(signed.told)
    if not newcomers.speaks_for_itself(newcomer):
        raise Refused(f"« {signed.place.name} » ne nomme pas l’ordinateur qui l’a écrit.")
    return signed.text("department"), newcomer


def _refuse_unfit(
    store: Store, department: str, other: str, signed: SignedFile, *, compared: bool
) -> None:
    known = circle.roots(store)
    if other == department:
        raise Refused(
            f"« {signed.place.name} » vient de votre propre département : un ordinateur s’y "
            "rattache par une demande d’adhésion."
        )
    if signed.kind is Kind.RECOGNITION:
        recognised = signed.mapping("recognised")
        if recognised.get(department) != known.get(department):
            raise Refused(
                f"« {signed.place.name} » répond à l’invitation d’un autre département, ou d’avant "
                "une refondation : rien n’a été changé."
            )
    if known.get(other, signed.signer) != signed.signer and not compared:
        raise Refused(
            f"La clé connue du département {other} est une autre. S’il a été refondé, comparez les "
            "codes de vive voix et donnez-le (--code). Rien n’a été changé."
        )
