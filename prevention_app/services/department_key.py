"""The department's key: on paper, brought back from it, and made anew when all of it is lost.

The department owns the key, not a person. It lies at administrators' stations and on paper; whoever
has it can make any workspace that holds the department's data administrator again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from prevention_app.errors import Refused
from prevention_app.exchange import enrolment_file, rescue_paper
from prevention_app.storage import circle, keys, root_acts
from prevention_app.storage.store import Store

LIFT: Final = "Lever le retrait des droits d’un ordinateur"


def is_held(store: Store, department: str = "") -> bool:
    """Whether the department's key lies at this station."""
    public = circle.roots(store).get(department or store.department)
    return public is not None and keys.find_root(public) is not None


def print_rescue_key(store: Store, out: Path, department: str = "") -> str:
    """Write the department's key as a page to be printed; returns the mark that names it."""
    department = department or store.department
    circle.refuse_unless_administrator(store, department)
    key = circle.root_key(store, department)
    mark = _mark(key)
    rescue_paper.write_page(out, department, key.encode(), mark, store.today())
    return mark


def read_rescue_key(file: Path) -> SigningKey:
    """The key on a page that was kept as a file."""
    return SigningKey(rescue_paper.read_page(file))


def typed_rescue_key(text: str) -> SigningKey:
    """The key that a person typed; raises Refused with the groups to be read again."""
    return SigningKey(rescue_paper.secret_of(text))


def rescue(store: Store, key: SigningKey, department: str = "") -> str:
    """Make this station administrator by the department's key; returns the department.

    Raises Refused where it is the key of none of the departments trusted here.
    """
    public = keys.public_half(key)
    found = [each for each, trusted in circle.roots(store).items() if trusted == public]
    if not found or (department and department not in found):
        named = f"du département {department}" if department else "d’un département connu ici"
        raise Refused(f"Cette clé ({_mark(key)}) n’est pas celle {named} : rien n’a été changé.")
    root_acts.appoint(store, found[0], key)
    keys.keep_root(key)
    return found[0]


def refound(store: Store, department: str = "") -> str:
    """Give the department a new key, all its stations keeping their roles; returns it.

    Its other stations follow once they are admitted again, other departments once they accepted it
    again.
    """
    department = department or store.department
    if keys.find_root(circle.roots(store).get(department, "")) is not None and (
        circle.administers(store, department)
    ):
        raise Refused(
            f"La clé du département {department} est sur cet ordinateur : il n’y a rien à refonder."
        )
    key = SigningKey.generate()
    keys.keep_root(key)
    root_acts.found_again(store, department, key)
    return department


def lift(store: Store, named: str, department: str = "") -> int:
    """Take back the revocation of a station, by the department's key; returns how many."""
    department = department or store.department
    circle.refuse_unless_administrator(store, department)
    member = circle.find_member(store, named, department)
    if member.revoked_after is None:
        raise Refused(f"Les droits de « {member.name} » ne sont pas retirés.")
    key = circle.root_key(store, department)
    work = circle.draft(store, department)
    count = circle.lift_all(store, work, department, member.station_id, key)
    store.write(work, LIFT)
    return count


def _mark(key: SigningKey) -> str:
    return enrolment_file.code_of(key.verify_key.encode())
