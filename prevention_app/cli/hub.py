"""Commands on the hub, the database by which stations exchange their work over a network."""

from __future__ import annotations

import time
from argparse import Namespace
from dataclasses import asdict
from typing import Any

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.cli.arguments import DONE, FAILED
from prevention_app.errors import WrongUsage
from prevention_app.i18n import count, number_text
from prevention_app.services import hub, hub_way
from prevention_app.services.hub import HubState, Synced, Wish
from prevention_app.services.progress import Progress


def hub_command(given: Namespace) -> int:
    """Do what is asked with the hub."""
    acts = {
        "init": _init,
        "enrol": _enrol,
        "withdraw": _withdraw,
        "use": _use,
        "leave": _leave,
        "rebuild": _rebuild,
    }
    acts[given.what](given)
    return DONE


def _init(given: Namespace) -> None:
    made = hub.init(given.url)
    if given.json:
        report.as_json({"made": made})
    elif made:
        report.line("Base commune préparée. Inscrivez-y les ordinateurs (commande hub enrol).")
    else:
        report.line("Cette base de données est déjà la base commune : rien n’y a été changé.")


def _enrol(given: Namespace) -> None:
    enrolled = hub.enrol(bootstrap.open_workspace(given.data), given.hub, given.station)
    if given.out is not None:
        hub.write_access(enrolled.access, given.out)
    if given.json:
        told: dict[str, Any] = {"station": enrolled.name, "replaced": enrolled.replaced}
        report.as_json(
            told | ({"file": str(given.out)} if given.out else {"url": enrolled.access.url})
        )
        return
    report.line(f"« {enrolled.name} » est inscrit à la base commune.")
    if enrolled.replaced:
        report.line("Il a un nouvel accès : l’accès remis auparavant ne vaut plus.")
    if given.out is not None:
        report.line(f"Son accès est dans « {given.out} » : remettez-le en main propre.")
    else:
        report.line(f"Son accès, à garder secret : {enrolled.access.url}")


def _withdraw(given: Namespace) -> None:
    name = hub.withdraw(bootstrap.open_workspace(given.data), given.hub, given.station)
    if given.json:
        report.as_json({"station": name})
    else:
        report.line(f"« {name} » n’a plus d’accès à la base commune.")


def _use(given: Namespace) -> None:
    store = bootstrap.open_workspace(given.data)
    hub_way.remember(store, given.access)
    _tell_done(given, "Accès à la base commune gardé pour cet ordinateur.")


def _leave(given: Namespace) -> None:
    hub_way.forget(bootstrap.open_workspace(given.data))
    _tell_done(given, "Cet ordinateur travaille désormais sans base commune.")


def _rebuild(given: Namespace) -> None:
    store = bootstrap.rebuild_from_hub(given.access, given.data)
    entries = sum(store.position().values())
    if given.json:
        report.as_json({"folder": str(store.folder), "station": store.station, "entries": entries})
    else:
        report.line(f"Espace de travail refait à partir de la base commune : {store.folder}")
        report.line(f"  {count(entries, 'écriture')}")


def _tell_done(given: Namespace, sentence: str) -> None:
    if given.json:
        report.as_json({})
    else:
        report.line(sentence)


def sync_command(given: Namespace) -> int:
    """Exchange with the hub, once or as long as the command runs."""
    if given.follow and given.json:
        raise WrongUsage("--follow ne rend pas de réponse en JSON.")
    store = bootstrap.open_workspace(given.data)
    access = hub_way.access_of(store, given.hub)
    if given.follow:
        hub.follow(store, access, _tell_state, _wait)
        return DONE
    done = hub.sync(store, access, Progress())
    if given.json:
        told = asdict(done)
        report.as_json({key: told[key] for key in told if key not in {"stands", "came_of"}})
    else:
        _tell(done)
    for sentence in done.wrong:
        report.complain(sentence)
    return FAILED if done.wrong else DONE


def _wait(seconds: float) -> Wish:
    """Nobody wishes anything: Ctrl C ends it."""
    time.sleep(seconds)
    return Wish.GO_ON


def _tell_state(state: HubState) -> None:
    if state.done is None:
        report.complain(f"{state.text} Nouvel essai dans {state.retry_s:.0f} s.")
        return
    if state.done.changed_here or state.done.pushed:
        _tell(state.done)
    for sentence in state.done.wrong:
        report.complain(sentence)


def _tell(done: Synced) -> None:
    came, went = number_text(done.pulled), number_text(done.pushed)
    report.line(f"Écritures reçues : {came} ; envoyées : {went}.")
    for number, one, many in (
        (done.leaves_in, "valeur reçue après son écriture", "valeurs reçues après leur écriture"),
        (
            done.leaves_out,
            "valeur envoyée après son écriture",
            "valeurs envoyées après leur écriture",
        ),
        (done.attachments_in, "pièce jointe reçue", "pièces jointes reçues"),
        (done.attachments_out, "pièce jointe envoyée", "pièces jointes envoyées"),
        (
            done.erased,
            "valeur effacée dans la base commune",
            "valeurs effacées dans la base commune",
        ),
        (done.waiting, "écriture en attente d’autres", "écritures en attente d’autres"),
        (
            done.kept_aside,
            "écriture mise de côté, faite sans droit",
            "écritures mises de côté, faites sans droit",
        ),
        (done.conflicts, "valeur à départager", "valeurs à départager"),
    ):
        if number:
            report.line(f"  {count(number, one, many)}")
