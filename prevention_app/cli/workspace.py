"""Commands on the workspace as a whole."""

from __future__ import annotations

from argparse import Namespace

from prevention_app import bootstrap
from prevention_app.cli import report
from prevention_app.errors import WrongUsage
from prevention_app.i18n import count
from prevention_app.services import backups, inbox, records, safety


def init_command(given: Namespace) -> int:
    """Make a workspace."""
    if not given.station.strip():
        raise WrongUsage("--station attend le nom de cet ordinateur.")
    store = bootstrap.create_workspace(given.data, department=given.department, name=given.station)
    if given.json:
        report.as_json({"folder": str(store.folder), "department": store.department})
    else:
        report.line(f"Espace de travail créé : {store.folder}")
        if not store.key_in_key_store:
            report.line("La clé de cet ordinateur est dans un fichier lisible par vous seul.")
    return 0


def rebuild_command(given: Namespace) -> int:
    """Make the tables again."""
    made = safety.rebuild(bootstrap.open_workspace(given.data))
    if given.json:
        report.as_json({"records": made})
    else:
        report.line(f"Tables refaites à partir de l’historique : {count(made, 'fiche')}.")
    return 0


def check_command(given: Namespace) -> int:
    """Say what is wrong with the workspace."""
    store = bootstrap.open_workspace(given.data)
    found = safety.check(store)
    with store.reading() as read:
        alerts = [f"{each.what} {each.advice}" for each in inbox.alerts(read)]
    remarks = [each for each in (safety.warning(store), backups.advice(store.folder)) if each]
    if given.json:
        report.as_json(
            {
                "problems": found,
                "remarks": remarks,
                "alerts": alerts,
                "key_in_key_store": store.key_in_key_store,
            }
        )
    else:
        for sentence in found:
            report.complain(sentence)
        if not found:
            report.line("Tout est en ordre : base, historique, signatures et tables concordent.")
        if not store.key_in_key_store:
            report.line(
                "La clé de cet ordinateur est dans un fichier lisible par vous seul, "
                "faute de trousseau du système."
            )
        for sentence in (*alerts, *remarks):
            report.line(sentence)
    return 1 if found else 0


def restore_command(given: Namespace) -> int:
    """Make a workspace from a backup."""
    folder = bootstrap.restore_workspace(given.file, given.data)
    if given.json:
        report.as_json({"folder": str(folder)})
    else:
        report.line(f"Espace de travail restauré : {folder}")
    return 0


def registers_command(given: Namespace) -> int:
    """List the registers."""
    catalogue = bootstrap.catalogue_of(given.data)
    if given.json:
        report.as_json(
            [
                {
                    "key": each.key,
                    "code": each.code,
                    "label_fr": each.label_fr,
                    "label_en": each.label_en,
                    "group_fr": each.group_fr,
                }
                for each in catalogue.registers
            ]
        )
    else:
        report.table(
            ("Clé", "Code", "Registre", "Groupe"),
            [(each.key, each.code, each.label_fr, each.group_fr) for each in catalogue.registers],
        )
    return 0


def fields_command(given: Namespace) -> int:
    """List the fields of a register."""
    entity = records.find_entity(bootstrap.catalogue_of(given.data), given.register)
    if given.json:
        report.as_json(
            [
                {
                    "key": each.key,
                    "label_fr": each.label_fr,
                    "kind": str(each.kind),
                    "required": each.required,
                    "options": [option.code for option in each.options],
                    "target": each.target,
                }
                for each in entity.fields
            ]
        )
    else:
        report.table(
            ("Clé", "Libellé", "Genre", "Obligatoire"),
            [
                (each.key, each.label_fr, str(each.kind), "oui" if each.required else "")
                for each in entity.fields
            ],
        )
    return 0
